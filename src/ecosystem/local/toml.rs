//! The lines of TOML that manifests need: settings with the table they stand in. Values stay
//! as written; dates, numbers and escapes are not read.

use crate::text::Cut;

/// One `key = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<'t> {
    /// The table it stands in, without brackets and quotes; "" at the top.
    pub table: String,
    /// The key, without quotes.
    pub key: &'t str,
    /// The value as written, comments and line breaks within it left out.
    pub value: String,
}

/// Every setting, in order. A value that never ends takes the rest of the text.
pub fn settings(text: &str) -> Vec<Setting<'_>> {
    let mut settings: Vec<Setting<'_>> = Vec::new();
    let mut table = String::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            let name = bare(line).trim_matches(['[', ']', ' ']).to_owned();
            table = name.replace(['"', '\''], "");
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let mut value = bare(value).trim().to_owned();
        if let Some(quotes) = ["\"\"\"", "'''"].into_iter().find(|q| value.starts_with(q)) {
            let mut closed = value.len() >= 6 && value.ends_with(quotes);
            while !closed && let Some(more) = lines.next() {
                value.push_str(more);
                closed = more.contains(quotes);
            }
        } else {
            let mut open = brackets(&value);
            while open > 0
                && let Some(more) = lines.next()
            {
                let more = bare(more).trim();
                open += brackets(more);
                value.push_str(more);
            }
        }
        let key = key.trim().trim_matches(['"', '\'']);
        settings.push(Setting { table: table.clone(), key, value });
    }
    settings
}

/// The texts in quotes of a value, in order.
pub fn texts(value: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = rest.cut(at..at + 1);
        let body = rest.cut(at + 1..);
        let Some(end) = body.find(quote) else { break };
        texts.push(body.cut(..end));
        rest = body.cut(end + 1..);
    }
    texts
}

/// The text of `key` in an inline table.
pub fn field<'v>(value: &'v str, key: &str) -> Option<&'v str> {
    value.match_indices(key).find_map(|(at, _)| {
        let starts = value.cut(..at).trim_end().ends_with(['{', ',']);
        let rest = value.cut(at + key.len()..).trim_start().strip_prefix('=').filter(|_| starts)?;
        texts(rest.trim_start()).first().copied()
    })
}

/// How many brackets a line opens and does not close, quotes left out.
fn brackets(line: &str) -> i32 {
    let mut quote = None;
    let mut depth = 0;
    for c in line.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// A line without the comment behind it.
fn bare(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return line.cut(..at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_settings_with_their_tables() {
        let text = "a = 1 # x\n[b.\"c\"]\n\"d\" = [ # y\n  \"e#\", 'f',\n]\n# g = 1\n[[h]]\ni = { path = \"j\", k = \"l\" }\nm = \"\"\"\nn = 1\n\"\"\"\no = 2";
        let read: Vec<(String, &str, String)> =
            settings(text).into_iter().map(|s| (s.table, s.key, s.value)).collect();
        let expected = [
            ("", "a", "1"),
            ("b.c", "d", "[\"e#\", 'f',]"),
            ("h", "i", "{ path = \"j\", k = \"l\" }"),
            ("h", "m", "\"\"\"n = 1\"\"\""),
            ("h", "o", "2"),
        ];
        let expected = expected.map(|(table, key, value)| (table.into(), key, value.into()));
        assert_eq!(read, expected);
        assert_eq!(texts("[\"e#\", 'f',]"), ["e#", "f"]);
        assert_eq!(field("{ path = \"j\", k = \"l\" }", "k"), Some("l"));
        assert_eq!(field("{ xpath = \"j\" }", "path"), None);
        assert_eq!(settings("a = ["), [Setting { table: "".into(), key: "a", value: "[".into() }]);
    }
}
