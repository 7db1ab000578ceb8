//! Which paths a pattern matches, in both dialects, each beside a near miss.

use super::*;

fn path(pattern: &str, text: &str) -> bool {
    Glob::path(pattern).is_ok_and(|glob| glob.matches(text))
}

fn ignore(pattern: &str, text: &str) -> bool {
    Glob::ignore(pattern).is_ok_and(|glob| glob.matches(text))
}

#[test]
fn star_and_question_stay_in_a_component() {
    assert!(path("*.txt", "a.txt"));
    assert!(!path("*.txt", "d/a.txt"));
    assert!(path("*", ".hidden"));
    assert!(path("a?c", "abc"));
    assert!(!path("a?c", "a/c"));
    assert!(path("a?b", "a☺b"));
    assert!(!path("a???b", "a☺b"));
    assert!(path("a*/b", "abc/b"));
    assert!(!path("a*/b", "a/c/b"));
    assert!(path("a*b*c*d*e*/f", "axbxcxdxexxx/f"));
    assert!(!path("a*b*c*d*e*/f", "axbxcxdxe/xxx/f"));
}

#[test]
fn two_stars_are_one_in_a_source() {
    assert!(path("**/a", "b/a"));
    assert!(!path("**/a", "a"));
    assert!(!path("**/a", "c/b/a"));
}

#[test]
fn classes() {
    assert!(path("package-lock.jso[n]", "package-lock.json"));
    assert!(!path("package-lock.jso[n]", "package-lock.jso"));
    assert!(path("a[b-d]e", "ace"));
    assert!(!path("a[b-d]e", "aae"));
    assert!(path("a[^b-d]e", "aze"));
    assert!(path("[\\]a]", "]"));
    assert!(path("[x\\-]", "-"));
    assert!(!path("[x\\-]", "z"));
    assert!(path("[a-ζ]*", "α"));
    assert!(path("arr[[]0].txt", "arr[0].txt"));
}

#[test]
fn escapes() {
    assert!(path("a\\*b", "a*b"));
    assert!(!path("a\\*b", "axb"));
    assert!(path("a\\b", "ab"));
    assert!(!ignore("a\\b", "ab") && !ignore("bin\\obj", "binobj"));
    assert!(ignore("a\\[b", "a[b"));
}

#[test]
fn malformed_patterns_are_refused() {
    for pattern in ["[", "[^", "[^bc", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "a[", "\\"] {
        assert_eq!(Glob::path(pattern), Err(BadPattern), "{pattern}");
        assert_eq!(Glob::ignore(pattern), Err(BadPattern), "{pattern}");
    }
    assert!(Glob::path("a]").is_ok());
}

#[test]
fn double_star_spans_components() {
    for (pattern, text) in [
        ("**", "dir/file"),
        ("**/**", "dir/file"),
        ("dir/**", "dir/dir2/file"),
        ("**/dir", "dir"),
        ("**/dir2/*", "dir/dir2/file"),
        ("**/dir2/**", "dir/dir2/dir3/file"),
        ("**file", "file"),
        ("**file", "dir/myfile"),
        ("**/file*.txt", "dir/dir/file.txt"),
        ("**/**/*.txt", "file.txt"),
        ("a**/*.txt", "a/dir/dir/file.txt"),
        ("a/*.txt**", "a/file.txt"),
        ("**/foo/bar", "foo/bar"),
        ("a(b)c/def", "a(b)c/def"),
        ("a.|)$(}+{bc", "a.|)$(}+{bc"),
    ] {
        assert!(ignore(pattern, text), "{pattern} {text}");
    }
}

#[test]
fn double_star_near_misses() {
    for (pattern, text) in [
        ("**/dir2/*", "dir/dir2/x/file"),
        ("dir/**", "dir"),
        ("**/**/*.txt2", "dir/dir/file.txt"),
        ("**/.foo", "bar.foo"),
        ("**file*", "dir/myfile"),
        ("****file", "dir/myfile"),
        ("abc.def", "abcZdef"),
        ("a/*.txt", "a/dir/file.txt"),
    ] {
        assert!(!ignore(pattern, text), "{pattern} {text}");
    }
}

#[test]
fn unknown_text_matches_anything() {
    assert!(path("target/\0.jar", "target/a.jar"));
    assert!(!path("target/\0.jar", "target/a.war"));
    assert!(path("\0/a", "a") && path("\0/a", "b/a") && path("x/\0/a", "x/a"));
    assert!(!path("\0/a", "ba") && !path("b\0/a", "a"));
}

#[test]
fn depth_is_known_without_classes() {
    assert_eq!(Glob::path("a/*/b?").map(|glob| glob.depth()), Ok(Some(3)));
    assert_eq!(Glob::path("a[^b]").map(|glob| glob.depth()), Ok(None));
    assert_eq!(Glob::ignore("**/a").map(|glob| glob.depth()), Ok(None));
}

#[test]
fn wildcards_behind_a_backslash_do_not_count() {
    assert!(has_wildcard("a*") && has_wildcard("[a]") && has_wildcard("?"));
    assert!(!has_wildcard("a\\*") && !has_wildcard("a]"));
}

#[test]
fn many_stars_take_no_exponential_time() {
    let text = "a/".repeat(400);
    assert!(!ignore(&"**/*a".repeat(40), &text));
    assert!(ignore(&"**/".repeat(100_000), &text));
    assert!(!ignore(&"a*".repeat(100_000), &text));
}

/// The same by trying every way, one piece of the pattern after the other.
fn tried(pattern: &str, text: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let starts = text.match_indices('/').map(|(at, _)| at + 1);
        return rest.is_empty() || [0].into_iter().chain(starts).any(|at| tried(rest, &text[at..]));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let end = text.find('/').unwrap_or(text.len());
        return (0..=end).any(|at| tried(rest, &text[at..]));
    }
    match (pattern.chars().next(), text.chars().next()) {
        (None, next) => next.is_none(),
        (Some('?'), Some(next)) => next != '/' && tried(&pattern[1..], &text[1..]),
        (Some(one), Some(next)) => one == next && tried(&pattern[1..], &text[1..]),
        (Some(_), None) => false,
    }
}

/// All texts of up to `most` of these pieces.
fn all(pieces: &[&str], most: usize) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut last = found.clone();
    for _ in 0..most {
        let longer = |text: &String| pieces.iter().map(|piece| format!("{text}{piece}")).collect();
        let grown: Vec<Vec<String>> = last.iter().map(longer).collect();
        last = grown.concat();
        found.extend(last.iter().cloned());
    }
    found
}

#[test]
fn every_short_pattern_matches_what_trying_every_way_does() {
    let texts = all(&["a", "b", "/"], 4);
    for pattern in all(&["a", "b", "/", "?", "*", "**/"], 4) {
        let glob = Glob::of(tokens(&pattern, true).unwrap(), Shape::Tokens);
        for text in &texts {
            assert_eq!(glob.matches(text), tried(&pattern, text), "{pattern} of {text}");
        }
    }
}
