//! XML: elements with their attributes and text, names without their prefixes. Entities of a
//! document type are not understood.

use super::{Members, Value};
use crate::limits;
use crate::text::Cut;

/// An element that is not closed yet.
struct Open<'t> {
    /// Its name, as written.
    tag: &'t str,
    members: Members,
    text: String,
}

/// Reads `text`; `None` where it is not well-formed, or too deep.
pub fn parse(text: &str) -> Option<Value> {
    let mut open = vec![Open { tag: "", members: Vec::new(), text: String::new() }];
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some(at) = rest.find('<') {
        plain(rest.cut(..at), &mut open.last_mut()?.text)?;
        rest = rest.cut(at..);
        if let Some(body) = rest.strip_prefix("<![CDATA[") {
            let (body, behind) = body.split_once("]]>")?;
            open.last_mut()?.text.push_str(&body.replace("\r\n", "\n"));
            rest = behind;
        } else if let Some(behind) = skipped(rest) {
            rest = behind?;
        } else {
            let end = tag_end(rest)?;
            let tag = rest.cut(1..end);
            rest = rest.cut(end + 1..);
            if let Some(name) = tag.strip_prefix('/') {
                let last = open.pop()?;
                if last.tag != name.trim_end() {
                    return None;
                }
                close(last, &mut open)?;
                continue;
            }
            let body = tag.strip_suffix('/').unwrap_or(tag);
            let stop = body.find(char::is_whitespace).unwrap_or(body.len());
            let mut members = Vec::new();
            attributes(body.cut(stop..), &mut members)?;
            let element = Open { tag: body.cut(..stop), members, text: String::new() };
            if body.len() != tag.len() {
                close(element, &mut open)?;
            } else if open.len() <= limits::MANIFEST_DEPTH as usize {
                open.push(element);
            } else {
                return None;
            }
        }
    }
    let root = open.pop().filter(|_| open.is_empty())?;
    let is_one = root.members.len() == 1 && root.text.trim().is_empty();
    (is_one && rest.trim().is_empty()).then_some(Value::Table(root.members))
}

/// Puts an element into the one it stands in.
fn close(element: Open<'_>, open: &mut [Open<'_>]) -> Option<()> {
    let name = element.tag.rsplit(':').next().filter(|name| !name.is_empty())?;
    let text = Value::Text(element.text.trim().to_owned());
    let value = match element.members {
        members if members.is_empty() => text,
        mut members => {
            members.push((String::new(), text));
            Value::Table(members)
        }
    };
    open.last_mut()?.members.push((name.to_owned(), value));
    Some(())
}

/// What follows a comment, an instruction or a document type: `Some(None)` for one without end.
fn skipped(rest: &str) -> Option<Option<&str>> {
    let marks = [("<!--", "-->"), ("<?", "?>"), ("<!DOCTYPE", ">")];
    let (start, end) = marks.into_iter().find(|(start, _)| rest.starts_with(start))?;
    let (body, behind) = match rest.cut(start.len()..).split_once(end) {
        Some(found) => found,
        None => return Some(None),
    };
    // Declarations of entities.
    Some((start != "<!DOCTYPE" || !body.contains('[')).then_some(behind))
}

/// The `>` that ends a tag, outside of quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.bytes().position(|byte| match (quote, byte) {
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, byte) => byte == b'>',
        (Some(open), byte) => {
            if byte == open {
                quote = None;
            }
            false
        }
    })
}

/// The attributes of a tag, as members `@name`; those that only name a namespace are left out.
fn attributes(mut body: &str, members: &mut Members) -> Option<()> {
    while let Some((name, rest)) = body.split_once('=') {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, rest) = rest.cut(1..).split_once(quote)?;
        let name = name.trim();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        if name != "xmlns" && !name.starts_with("xmlns:") {
            let mut text = String::new();
            let value = value.replace("\r\n", " ").replace(['\n', '\t', '\r'], " ");
            plain(&value, &mut text)?;
            let name = name.rsplit(':').next().unwrap_or(name);
            members.push((format!("@{name}"), Value::Text(text)));
        }
        body = rest;
    }
    body.trim().is_empty().then_some(())
}

/// Adds `text` to `out` with its entities read.
fn plain(text: &str, out: &mut String) -> Option<()> {
    const ENTITIES: [(&str, char); 5] =
        [("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("amp", '&')];
    let text = text.replace("\r\n", "\n");
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        let character = match name.strip_prefix('#') {
            Some(number) => {
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
            None => ENTITIES.iter().find(|(entity, _)| *entity == name)?.1,
        };
        out.push(character);
        out.push_str(rest);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_hold_attributes_text_and_elements() {
        let document = "<?xml version='1.0'?><!DOCTYPE a><!-- <no/> --><a x='1 > 0' y=\"&amp;\" \
                    xmlns:m='n'><m:b/><c>t<!-- u -->&#x76;\n</c><d><![CDATA[<]]></d></a>\n";
        let text = |text: &str| Value::Text(text.into());
        let value = parse(document).unwrap();
        let member = |name: &str, value: &str| (name.to_owned(), text(value));
        let members = [
            member("@x", "1 > 0"),
            member("@y", "&"),
            member("b", ""),
            member("c", "tv"),
            member("d", "<"),
            member("", ""),
        ];
        assert_eq!(value, Value::Table(vec![("a".into(), Value::Table(members.to_vec()))]));
    }

    #[test]
    fn what_is_not_well_formed_is_not_understood() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        for text in [
            "",
            "plain",
            "<a",
            "<a>",
            "<!-- a",
            "<a b='>",
            "<![CDATA[x",
            "<?x",
            "<a></b>",
            "<a/>x",
            "<a/><b/>",
            "</a>",
            "<a b/>",
            "<a =''/>",
            "<a>&b;</a>",
            "<a>&</a>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
            &deep,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
