//! Slash-separated paths as text: cleaning, joining, ancestors, and the order in which
//! BuildKit walks a directory.
//!
//! Nothing here touches a disk or follows a link; `..` is resolved by name alone.

use crate::bytes::{Bytes, alike};
use crate::text::Cut;
use std::borrow::Cow;
use std::cmp::Ordering;

/// The shortest equivalent of `path`: no empty or `.` components, `..` resolved where it can be.
///
/// A rooted path stays rooted and cannot climb above `/`; the empty path is `.`. As Go's
/// `path.Clean`, which BuildKit applies to every source, destination and pattern.
pub fn clean(path: &str) -> String {
    if is_clean(path) {
        return path.to_owned();
    }
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for component in path.parts(b'/') {
        match component {
            "" | "." => {}
            ".." => match kept.last() {
                Some(&last) if last != ".." => {
                    kept.pop();
                }
                _ if rooted => {}
                _ => kept.push(".."),
            },
            _ => kept.push(component),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_string(),
        (false, false) => joined,
    }
}

/// Whether nothing has to be cleaned: most paths are clean.
fn is_clean(path: &str) -> bool {
    !path.is_empty() && is_plain(path.strip_prefix('/').unwrap_or(path))
}

/// Whether every component of `path` is a name: none is empty, `.` or `..`.
pub(super) fn is_plain(path: &str) -> bool {
    let mut start = 0;
    let bytes = path.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'/' {
            if !is_name(&bytes[start..at]) {
                return false;
            }
            start = at + 1;
        }
    }
    is_name(&bytes[start..])
}

#[inline]
fn is_name(component: &[u8]) -> bool {
    !matches!(component, b"" | b"." | b"..")
}

/// `path` as a place inside a tree: cleaned, with no leading slash, `..` clamped at the root.
/// The root itself is the empty string.
///
/// `./a`, `/a`, `../a` and `a/` are all `a`, as for a COPY source.
pub fn within(path: &str) -> Cow<'_, str> {
    let rest = path.trim_start_matches('/').trim_end_matches('/');
    if rest.is_empty() || is_plain(rest) {
        return Cow::Borrowed(rest);
    }
    let mut cleaned = clean(&format!("/{rest}"));
    cleaned.remove(0);
    Cow::Owned(cleaned)
}

/// A source or destination as a Windows stage reads it: `\\` separates, and `C:` goes.
///
/// `ToSlash` and `CheckSystemDriveAndRemoveDriveLetter` in
/// <https://github.com/moby/buildkit/blob/master/util/system/path.go>
pub fn from_windows(text: &str) -> String {
    let slashed = text.replace('\\', "/");
    match slashed.strip_prefix(['c', 'C']).and_then(|rest| rest.strip_prefix(':')) {
        Some(rest) => rest.to_string(),
        None => slashed,
    }
}

/// `directory` and `name` joined by a slash; an empty part adds nothing.
pub fn join(directory: &str, name: &str) -> String {
    match (directory, name) {
        (_, "") => directory.to_string(),
        ("", _) => name.to_string(),
        _ => {
            let mut path = String::with_capacity(directory.len() + 1 + name.len());
            path.push_str(directory);
            if !directory.ends_with('/') {
                path.push('/');
            }
            path.push_str(name);
            path
        }
    }
}

/// The last component of a cleaned path.
pub fn base_name(path: &str) -> &str {
    path.behind_last(b'/')
}

/// The directory that a cleaned path is in; "" where it names none.
pub fn parent(path: &str) -> String {
    match path.last_halves(b'/') {
        Some(("", _)) => "/".into(),
        Some((directory, _)) => directory.into(),
        None => String::new(),
    }
}

/// What of `path` lies below `directory` (both cleaned, the root is empty): `Some("")` for the
/// directory itself, `None` for a path outside it.
pub fn below<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    if directory.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(directory)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('/')
}

/// The prefixes of a cleaned path, shortest first, the path itself last: `a`, `a/b`, `a/b/c`.
/// The root has none.
pub fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.bytes().enumerate().filter(|(_, byte)| *byte == b'/').map(|(at, _)| at).chain(
        // The root is no component of anything.
        (!path.is_empty()).then_some(path.len()),
    );
    ends.map(move |end| path.cut(..end))
}

/// The order in which a depth-first walk with sorted directories meets two paths. All that is
/// below a directory follows it without a gap.
pub fn walk_order(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let at = alike(left, right);
    match (left.get(at), right.get(at)) {
        (Some(&left), Some(&right)) => {
            // A separator sorts before every other byte: `a/z` comes before `a-b`.
            let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
            rank(left).cmp(&rank(right))
        }
        _ => left.len().cmp(&right.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_follows_go() {
        for (path, expected) in [
            ("", "."),
            (".", "."),
            ("a//b/./c/", "a/b/c"),
            ("a/../../b", "../b"),
            ("/../a", "/a"),
            ("/", "/"),
            ("..", ".."),
            ("...", "..."),
            ("/.a/..b", "/.a/..b"),
            ("a/.", "a"),
            ("a/..", "."),
            ("//a", "/a"),
        ] {
            assert_eq!(clean(path), expected, "{path:?}");
        }
    }

    #[test]
    fn within_drops_what_leads_out() {
        for (path, expected) in
            [("./a", "a"), ("/a", "a"), ("../a", "a"), ("a/", "a"), (".", ""), ("", ""), ("/", "")]
        {
            assert_eq!(within(path), expected, "{path:?}");
        }
        assert_eq!(within("..a/b"), "..a/b");
    }

    #[test]
    fn windows_paths_lose_drive_and_backslash() {
        assert_eq!(from_windows("C:\\app\\"), "/app/");
        assert_eq!(from_windows(".\\src\\*.cs"), "./src/*.cs");
        assert_eq!(from_windows("docs/c:"), "docs/c:");
    }

    #[test]
    fn below_needs_a_whole_component() {
        assert_eq!(below("src", "src/a"), Some("a"));
        assert_eq!(below("src", "src"), Some(""));
        assert_eq!(below("", "a/b"), Some("a/b"));
        assert_eq!(below("src", "srcs/a"), None);
    }

    #[test]
    fn prefixes_end_with_the_path() {
        assert_eq!(prefixes("a/b/c").collect::<Vec<_>>(), ["a", "a/b", "a/b/c"]);
        assert_eq!(prefixes("").count(), 0);
    }

    #[test]
    fn a_directory_precedes_its_content_without_a_gap() {
        let mut paths = vec!["a.b", "a/b", "a-b", "a", "a/b/c", "b"];
        paths.sort_by(|a, b| walk_order(a, b));
        assert_eq!(paths, ["a", "a/b", "a/b/c", "a-b", "a.b", "b"]);
    }
}
