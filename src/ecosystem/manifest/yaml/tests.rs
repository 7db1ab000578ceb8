//! What is read of YAML, and what is not.

use super::*;

/// The same with all scalars that are no strings alike: JSON writes null in another way.
fn alike(value: Value) -> Value {
    match value {
        Value::Plain(_) => Value::Plain(String::new()),
        Value::List(elements) => Value::List(elements.into_iter().map(alike).collect()),
        Value::Table(members) => {
            Value::Table(members.into_iter().map(|(key, value)| (key, alike(value))).collect())
        }
        text => text,
    }
}

/// `text` is what `wanted` is in JSON.
#[track_caller]
fn reads(text: &str, wanted: &str) {
    let wanted = super::super::json::parse(wanted).unwrap();
    assert_eq!(parse(text).map(alike), Some(alike(wanted)), "{text}");
}

#[test]
fn collections_in_blocks() {
    reads(
        "# a\na:\n  - b # c\n  -  d: e\n     f:\n  - - g\n",
        r#"{"a": ["b", {"d": "e", "f": null}, ["g"]]}"#,
    );
    reads("---\na:\n- b\n-\n  c: d\ne: # f\n    g\n...\n", r#"{"a": ["b", {"c": "d"}], "e": "g"}"#);
    reads("\u{feff}\"a: b\": 'c'\r\nd : 1\r\n", r#"{"a: b": "c", "d": 1}"#);
    reads("# only\n", "null");
}

#[test]
fn collections_in_a_flow() {
    reads(
        "a: [b, 'c', # d\n  {e: [], \"f\":g, h},\n]\n",
        r#"{"a": ["b", "c", {"e": [], "f": "g", "h": null}]}"#,
    );
    reads("a: [\n]\nb: {\n}", r#"{"a": [], "b": {}}"#);
    reads("- [a:b, c#d, -e]", r#"[["a:b", "c#d", "-e"]]"#);
}

#[test]
fn scalars() {
    reads("a: b:c#d # e\n", r#"{"a": "b:c#d"}"#);
    reads("a: b\n  c\n\n  - d\ne: f\n", r#"{"a": "b c\n- d", "e": "f"}"#);
    reads("a: \"b\\\"\\x41\n  c\"\nd: 'e''\\\n\n\n  f'\n", r#"{"a": "b\"A c", "d": "e'\\\n\nf"}"#);
    reads(
        "a: |\n  b\n   c\n\nd: >-\n  e\n  f\n\n  g\n   h\n  i\n",
        r#"{"a": "b\n c\n", "d": "e f\ng\n h\ni"}"#,
    );
    reads("- |+\n b\n\n- |2-\n   c\n- >\n\n- d", r#"["b\n\n", " c", "", "d"]"#);
    reads("[true, ~, 1.5, -0x1f, 1e3, .inf]", r#"[true, null, 1, "-0x1f", 1, 1]"#);
    reads("[yes, 1.2.3, v1, '1', 1_0, .]", r#"["yes", "1.2.3", "v1", "1", "1_0", "."]"#);
}

#[test]
fn what_is_not_understood() {
    let deep = format!("{}a", "- ".repeat(1000));
    let wide = "[".repeat(1000);
    for text in [
        "a: &b c",
        "a: *b",
        "a: !!str b",
        "<<: a",
        "? a\n: b",
        "a: b: c",
        "a: - b",
        "a:\n\t- b",
        "a: [b",
        "a: [b c: d]",
        "a: [b\n  c]",
        "a: \"b",
        "a: 'b' c",
        "a: b\n c: d",
        "a:\n  b: c\n d: e",
        "a: b\n- c",
        "a\nb: c",
        "a: %b",
        "a: @b",
        "%YAML 1.2\n---\na",
        "a\n---\nb",
        "[a]]",
        "a: |x\n  b",
        "a: b\rc: d",
        "a: \"\\q\"",
        "{a: b, <<: c}",
        &deep,
        &wide,
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}
