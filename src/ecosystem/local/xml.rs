//! The pieces of XML that manifests need: the text of elements and the attributes of tags.
//! Comments are left out; nothing is checked.

/// The text without comments.
pub fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find("-->").map_or("", |end| &rest[at + end + 3..]);
    }
    out.push_str(rest);
    out
}

/// The text of every element `name`, in order; one within another of its name ends it.
pub fn elements<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(&open) {
        rest = &rest[at + open.len()..];
        let Some(end) = rest.strip_prefix('>').map(|_| 0).or_else(|| {
            let spaced = rest.starts_with([' ', '\t', '\r', '\n']);
            rest.find('>').filter(|&end| spaced && !rest[..end].ends_with('/'))
        }) else {
            continue;
        };
        rest = &rest[end + 1..];
        let Some(end) = rest.find(&close) else { break };
        found.push(rest[..end].trim());
        rest = &rest[end..];
    }
    found
}

/// The value of `attribute` in every tag `name`.
pub fn attributes<'t>(text: &'t str, name: &str, attribute: &str) -> Vec<&'t str> {
    let open = format!("<{name}");
    let tags = text.match_indices(&open).filter_map(|(at, _)| {
        let tag = &text[at + open.len()..];
        let tag = &tag[..tag.find('>')?];
        if !tag.starts_with([' ', '\t', '\r', '\n']) {
            return None;
        }
        let start = tag.match_indices(attribute).find_map(|(at, _)| {
            let value = tag[at + attribute.len()..].trim_start().strip_prefix('=')?.trim_start();
            let spaced = tag[..at].ends_with([' ', '\t', '\r', '\n']);
            spaced.then_some(value)
        })?;
        let quote = start.chars().next().filter(|c| ['"', '\''].contains(c))?;
        start[1..].split(quote).next()
    });
    tags.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_elements_and_attributes() {
        let text =
            without_comments("<a><b> x </b><!-- <b>y</b> --><bc>z</bc><b/><b k='1'>w</b></a>");
        assert_eq!(elements(&text, "b"), ["x", "w"]);
        assert_eq!(
            attributes("<P Include=\"a\\b\" /><P\n Include='c'><Px Include='d'/>", "P", "Include"),
            ["a\\b", "c"]
        );
        assert!(
            elements("<b", "b").is_empty()
                && attributes("<P Xnclude='1'>", "P", "Include").is_empty()
        );
    }
}
