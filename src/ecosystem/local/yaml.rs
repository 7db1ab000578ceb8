//! The lines of YAML that manifests need: lists and maps of plain values under a key at the
//! start of a line. Anchors, block texts and what is nested deeper are not read.

use crate::text::Cut;

/// The items of the list under `key`, in its block or its one-line form; `None` where there
/// is no such key.
pub fn list<'t>(text: &'t str, key: &str) -> Option<Vec<&'t str>> {
    let (inline, lines) = under(text, key)?;
    if let Some(items) = inline.strip_prefix('[') {
        let items = items.trim_end().trim_end_matches(']').split(',');
        return Some(items.map(plain).filter(|item| !item.is_empty()).collect());
    }
    let items = lines.filter_map(|line| line.trim_start().strip_prefix("- "));
    Some(items.map(plain).collect())
}

/// The values of the map under `key`.
pub fn values<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let Some((_, lines)) = under(text, key) else { return Vec::new() };
    let values = lines.filter_map(|line| {
        let line = without_comment(line).trim_end();
        let at = line.rfind(": ")?;
        Some(plain(line.cut(at + 2..)))
    });
    values.filter(|value| !value.is_empty()).collect()
}

/// The value of `key` on its own line.
pub fn value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    under(text, key).map(|(inline, _)| inline).filter(|value| !value.is_empty())
}

/// What stands behind a key at the start of a line, and the indented lines below it.
fn under<'t>(text: &'t str, key: &str) -> Option<(&'t str, impl Iterator<Item = &'t str>)> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let inline = lines.by_ref().find_map(|line| {
        let bare = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let rest = bare.strip_prefix(key)?;
        rest.strip_prefix(['"', '\'']).unwrap_or(rest).strip_prefix(':').map(plain)
    })?;
    // A list may stand under its key without being indented.
    let below = lines.take_while(|line| {
        line.is_empty() || line.starts_with([' ', '\t', '#', '\r']) || line.starts_with("- ")
    });
    Some((inline, below.filter(|line| !line.trim_start().starts_with('#'))))
}

/// A value without its quotes and without a comment behind it.
fn plain(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    without_comment(value).trim()
}

fn without_comment(value: &str) -> &str {
    match value.find(" #") {
        Some(at) => value.cut(..at),
        None => value.strip_prefix('#').map_or(value, |_| ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists_and_maps() {
        let text = "# why\npackages:\n  # apps\n  - 'apps/*' # x\n  - \"lib\"\n\n  - a\nb: [c, 'd']\n\
                    patched:\n  x@1: patches/x.patch\n  'y': z\nyarnPath: .yarn/y.cjs\n";
        assert_eq!(list(text, "packages"), Some(vec!["apps/*", "lib", "a"]));
        assert_eq!(list(text, "b"), Some(vec!["c", "d"]));
        assert_eq!(list(text, "c"), None);
        assert_eq!(list("a:\n- b\nc: d\n", "a"), Some(vec!["b"]));
        assert_eq!(values(text, "patched"), ["patches/x.patch", "z"]);
        assert_eq!(value(text, "yarnPath"), Some(".yarn/y.cjs"));
        assert_eq!(value(text, "yarn"), None);
    }
}
