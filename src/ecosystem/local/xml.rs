//! The elements of an XML document, as far as manifests need them: names, attributes, text.
//! Namespaces and document types are passed over; only the five common entities are read.

use crate::text::Cut;

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'t> {
    /// Its name, without a prefix.
    pub name: &'t str,
    /// The index of the element it stands in.
    pub parent: Option<usize>,
    /// Its attributes, in order.
    pub attributes: Vec<(&'t str, String)>,
    /// The text directly behind its start, up to the next tag.
    pub text: String,
}

impl Element<'_> {
    /// The value of an attribute; names count in any case, as some tools have it.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The elements of `text` in order; `None` where a tag has no end.
pub fn elements(text: &str) -> Option<Vec<Element<'_>>> {
    let mut elements: Vec<Element<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = text;
    // Whether the text that follows is that of the last element.
    let mut inside = false;
    while let Some(at) = rest.find('<') {
        if inside && let Some(last) = elements.last_mut() {
            last.text.push_str(&plain(rest.cut(..at).trim()));
        }
        rest = rest.cut(at..);
        if let Some(end) = skipped(rest) {
            rest = rest.get(end?..)?;
            continue;
        }
        if let Some(body) = rest.strip_prefix("<![CDATA[") {
            let end = body.find("]]>")?;
            if inside && let Some(last) = elements.last_mut() {
                last.text.push_str(body.cut(..end));
            }
            rest = body.cut(end + 3..);
            continue;
        }
        inside = false;
        let end = tag_end(rest)?;
        let tag = rest.cut(1..end);
        rest = rest.cut(end + 1..);
        if tag.starts_with('/') {
            open.pop();
            continue;
        }
        let body = tag.trim_end_matches('/');
        let stop = body.find(char::is_whitespace).unwrap_or(body.len());
        let name = body.cut(..stop).rsplit(':').next().unwrap_or("");
        elements.push(Element {
            name,
            parent: open.last().copied(),
            attributes: attributes(body.cut(stop..)),
            text: String::new(),
        });
        if body.len() == tag.len() {
            open.push(elements.len() - 1);
            inside = true;
        }
    }
    Some(elements)
}

/// The name of an element and of those it stands in, nearest first; "" above the root.
pub fn names<'t>(elements: &[Element<'t>], element: &Element<'t>) -> [&'t str; 4] {
    let mut names = [element.name, "", "", ""];
    let mut at = element.parent;
    for name in &mut names[1..] {
        let Some(parent) = at else { break };
        *name = elements[parent].name;
        at = elements[parent].parent;
    }
    names
}

/// Where a comment, an instruction or a document type ends: `Some(None)` for one without end.
fn skipped(rest: &str) -> Option<Option<usize>> {
    let marks = [("<!--", "-->"), ("<?", "?>"), ("<!DOCTYPE", ">")];
    let (_, end) = marks.into_iter().find(|(start, _)| rest.starts_with(start))?;
    Some(rest.find(end).map(|at| at + end.len()))
}

/// The `>` that ends a tag, outside of quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.bytes().position(|byte| match quote {
        Some(open) => {
            if byte == open {
                quote = None;
            }
            false
        }
        None if byte == b'"' || byte == b'\'' => {
            quote = Some(byte);
            false
        }
        None => byte == b'>',
    })
}

fn attributes(mut body: &str) -> Vec<(&str, String)> {
    let mut attributes = Vec::new();
    while let Some((name, rest)) = body.split_once('=') {
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, rest)) = rest.cut(1..).split_once(quote) else { break };
        attributes.push((name.trim(), plain(value)));
        body = rest;
    }
    attributes
}

/// `text` with its entities read.
fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_where_they_stand() {
        let text = "<?xml version='1.0'?><!-- <no/> --><a x='1 > 0' y=\"&amp;\"><m:b/><c>t\n</c>\
                    <d><![CDATA[<]]></d></a>";
        let found = elements(text).unwrap();
        let names: Vec<_> = found.iter().map(|e| (e.name, e.parent, e.text.as_str())).collect();
        assert_eq!(
            names,
            [("a", None, ""), ("b", Some(0), ""), ("c", Some(0), "t"), ("d", Some(0), "<")]
        );
        assert_eq!(found[0].attribute("X"), Some("1 > 0"));
        assert_eq!(found[0].attribute("y"), Some("&"));
    }

    #[test]
    fn what_never_ends_is_refused() {
        for text in ["<a", "<!-- a", "<a b='>", "<![CDATA[x", "<?x"] {
            assert_eq!(elements(text), None, "{text}");
        }
        assert_eq!(elements("plain").map(|found| found.len()), Some(0));
        assert!(elements("<a =''></b></c>&").is_some());
    }
}
