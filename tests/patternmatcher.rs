//! Pattern lists against what moby/patternmatcher 0.5.0 and Go's `path.Match` said of them.
//!
//! The fixture holds random patterns, each with paths that matched and paths that did not;
//! `ignore` lines were asked from the top directory down with `MatchesUsingParentResults`.

use layerwise::context::{Glob, IgnoreList};
use serde_json::Value;

#[test]
fn patterns_match_what_go_matches() {
    let fixture = include_str!("fixtures/patternmatcher.jsonl");
    let mut checked = 0;
    for line in fixture.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let strings = |key: &str| -> Vec<String> {
            let values = case[key].as_array().into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_string).collect()
        };
        let patterns = strings("patterns");
        let matches: Box<dyn Fn(&str) -> bool> = if case["kind"] == "path" {
            let glob = Glob::path(&patterns[0]).expect("a pattern that Go accepts");
            Box::new(move |path| glob.matches(path))
        } else {
            let list = IgnoreList::new(&patterns);
            assert_eq!(list.refused(), None, "{patterns:?}");
            Box::new(move |path| list.matches(path))
        };
        for (paths, expected) in [(strings("matched"), true), (strings("missed"), false)] {
            for path in paths {
                assert_eq!(matches(&path), expected, "{patterns:?} {path}");
                checked += 1;
            }
        }
    }
    assert!(checked > 2_000, "only {checked} checks");
}
