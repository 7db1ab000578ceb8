//! The invariants of ARCHITECTURE.md that the source itself can be asked about.
//!
//! Reads the files of `src`; what the code does is tested elsewhere.

use layerwise::ecosystem::{ActionKind, tools};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the bottom up. A room may use those above it in this list; rooms of one
/// line know nothing of each other.
const ROOMS: &[&[&str]] = &[
    &["digest", "limits", "words"],
    &["sort", "text", "timings"],
    &["bytes", "issue"],
    &["sentences"],
    &["syntax"],
    &["report"],
    &["shell", "context", "ecosystem"],
    &["build"],
    &["graph"],
    &["cache", "commutes"],
    &["repair"],
    &["rule"],
    &["rules"],
    &["rewrite"],
    &["ignoring", "inspect", "onbuild", "outline", "suppression", "target"],
    &["lib"],
    &["wasm"],
];

/// A longer file is a missing room.
const LONGEST: usize = 450;

/// Files that are too long today. An entry goes when its file is cut.
const TOO_LONG: &[&str] = &[];

/// Words that say nothing of what a file holds.
const EMPTY_WORDS: &[&str] =
    &["common", "data", "helper", "helpers", "info", "manager", "misc", "mod", "util", "utils"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Every Rust file below `folder` with its text, by its path from the root.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root().join(folder)];
    while let Some(directory) = open.pop() {
        for path in fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no Rust file");
    found
}

/// The room a file belongs to.
fn room(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap();
    below.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The code of a file: no comments, and nothing behind the first `#[cfg(test)]`.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn arrows_point_down() {
    let level = |name: &str| ROOMS.iter().position(|line| line.contains(&name));
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let here = room(&path);
        let own = level(here).unwrap_or_else(|| panic!("{path}: {here} is no room"));
        for line in code(&text).lines() {
            for used in line.split("crate::").skip(1) {
                let end = used.find(|c: char| c != '_' && !c.is_alphanumeric());
                let mut name = &used[..end.unwrap_or(used.len())];
                if name.is_empty() || name.starts_with(char::is_uppercase) || level(name).is_none()
                {
                    // What lib.rs itself holds or hands on.
                    name = "lib";
                }
                if name != here && level(name).unwrap() >= own {
                    wrong.push(format!("{path} looks up at {name}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_known_and_used() {
    let files = sources("src");
    for room in ROOMS.iter().copied().flatten().filter(|room| **room != "cache") {
        assert!(files.contains_key(&format!("src/{room}.rs")), "{room} is gone");
    }
}

#[test]
fn files_open_with_what_they_hold() {
    for folder in ["src", "tests", "benches", "xtask/src"] {
        // The projects that are built are what their builds are about.
        let own = |path: &String| !path.starts_with("tests/projects/");
        for (path, text) in sources(folder).into_iter().filter(|(path, _)| own(path)) {
            assert!(text.starts_with("//! "), "{path} does not say what it holds");
        }
    }
}

#[test]
fn files_are_short() {
    for (path, text) in sources("src") {
        let lines = text.lines().count();
        let excused = TOO_LONG.contains(&path.as_str());
        assert!(excused || lines <= LONGEST, "{path} has {lines} lines");
        assert!(!excused || lines > LONGEST, "{path} is short now: strike it from TOO_LONG");
    }
}

#[test]
fn names_say_what_files_hold() {
    for folder in ["src", "tests", "benches", "xtask/src"] {
        for path in sources(folder).into_keys() {
            let empty = path.split(['/', '_', '.']).find(|word| EMPTY_WORDS.contains(word));
            assert_eq!(empty, None, "{path}");
        }
    }
}

/// The core gets everything it knows as arguments.
#[test]
fn the_core_touches_nothing_outside() {
    let outside =
        ["std::fs", "std::io", "std::net", "std::env", "std::process", "std::time", "std::thread"];
    for (path, text) in sources("src") {
        let code = code(&text);
        for name in outside {
            assert!(!code.contains(name), "{path} uses {name}");
        }
    }
}

/// Facts about tools live in `ecosystem`; the rooms above it speak of what a step does.
#[test]
fn no_tool_is_named_outside_its_table() {
    let downloads =
        |kind| matches!(kind, ActionKind::Install | ActionKind::Named | ActionKind::Compile);
    let tools = tools().filter(|tool| tool.actions.iter().any(|action| downloads(action.kind)));
    let names: Vec<&str> = tools.map(|tool| tool.name).collect();
    assert!(names.len() >= 5, "{names:?}");
    for folder in ["src/rules", "src/rewrite", "src/graph"] {
        for (path, text) in sources(folder) {
            for literal in literals(&code(&text)) {
                let named = names.iter().find(|name| match **name {
                    // An English word as well; alone it is the tool.
                    "go" => literal == "go",
                    // The endings of files, and a system.
                    "dart" | "elm" | "gleam" | "nix" | "rpm" | "swift" | "windows" => false,
                    // The builder itself reads addresses of repositories.
                    "git" if literal == "git@" => false,
                    name => literal.split(|c: char| !is_name(c)).any(|word| word == name),
                });
                assert_eq!(named, None, "{path}: {literal:?}");
            }
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The string literals of code.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find('"') {
        let char_literal = rest[..at].ends_with('\'') || rest[..at].ends_with("'\\");
        rest = &rest[at + 1..];
        if char_literal {
            continue;
        }
        let mut literal = String::new();
        let mut chars = rest.char_indices();
        let end = loop {
            match chars.next() {
                Some((at, '"')) => break at + 1,
                Some((_, '\\')) => literal.extend(chars.next().map(|(_, c)| c)),
                Some((_, c)) => literal.push(c),
                None => break rest.len(),
            }
        };
        found.push(literal);
        rest = &rest[end..];
    }
    found
}

#[test]
fn rules_files_and_ids_are_the_same_list() {
    let mut files: Vec<String> = Vec::new();
    for (path, text) in sources("src/rules") {
        let name = path.strip_prefix("src/rules/").unwrap().trim_end_matches(".rs");
        if !text.contains("pub const RULE: Rule") {
            let shared = ["left_out", "mounting", "order", "shown"];
            // A part of a rule that would make its file too long.
            let part = name.split_once('/').map(|(rule, _)| rule.replace('_', "-"));
            let is_part = part.is_some_and(|rule| layerwise::rules().iter().any(|r| r.id == rule));
            assert!(
                is_part || shared.contains(&name),
                "{path} is neither a rule nor what rules share"
            );
            continue;
        }
        let id = name.replace('_', "-");
        assert!(text.starts_with(&format!("//! # {id}\n")), "{path}: another title");
        files.push(id);
    }
    let ids: Vec<&str> = layerwise::rules().iter().map(|rule| rule.id).collect();
    assert_eq!(ids, files);
    assert!(ids.is_sorted());
}

#[test]
fn literals_are_found() {
    assert_eq!(literals(r#"f("a", '"', "b\"c")"#), ["a", "b\"c"]);
}

/// What weighs much in the wasm by the number of its uses, and what stands in its place.
const HEAVY: &[(&str, &str)] = &[
    (".sort(", "sort::sort"),
    (".sort_by(", "sort::sort_by"),
    (".sort_by_key(", "sort::sort_by"),
    (".sort_by_cached_key(", "sort::sort_by"),
    (".sort_unstable", "sort::sort"),
];

#[test]
fn the_module_stays_light() {
    let tested = |path: &str| path.ends_with("tests.rs");
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !tested(path)) {
        for line in code(&text).lines() {
            for (heavy, light) in HEAVY {
                assert!(!line.contains(heavy), "{path}: {light} for {}", line.trim());
            }
        }
    }
}

#[test]
fn limits_stand_in_one_place() {
    let words = ["MOST", "LOOKED_AT", "DEPTH", "LONGEST", "LISTED", "DEEPEST", "LEVELS"];
    let mut elsewhere = Vec::new();
    for (path, text) in sources("src").iter().filter(|(path, _)| *path != "src/limits.rs") {
        for line in code(text).lines() {
            let Some((_, rest)) = line.split_once("const ") else { continue };
            let Some((name, kind)) = rest.split_once(": ") else { continue };
            let is_number = kind.starts_with("usize") || kind.starts_with('u');
            // What a specification gives is a fact, not a limit of ours.
            let is_fact = path == "src/syntax/json.rs";
            if is_number && !is_fact && words.iter().any(|word| name.contains(word)) {
                elsewhere.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(elsewhere.is_empty(), "to be moved to src/limits.rs: {elsewhere:?}");
}
