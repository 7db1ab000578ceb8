//! The shape of the source: no function, list of parameters or file grows without end, and no
//! two files need each other. Rooms and names are the business of `architecture.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Most lines of a function.
const LINES: usize = 100;

/// Most parameters of a function, `self` not counted.
const PARAMETERS: usize = 5;

/// The code of every file of `src` by its path without `.rs`: no comments, no tests.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut open) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(directory) = open.pop() {
        for path in fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs")
            {
                let name = path.with_extension("");
                let name = name.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().lines();
                let code = code.map(|line| match line.trim_start().starts_with("//") {
                    true => "\n".to_owned(),
                    false => format!("{line}\n"),
                });
                found.insert(name, code.collect());
            }
        }
    }
    assert!(found.len() > 100, "only {} files", found.len());
    found
}

/// A function as rustfmt leaves it: its name, its lines, and its parameters.
#[derive(Debug, PartialEq)]
struct Function {
    name: String,
    lines: usize,
    parameters: usize,
}

fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let (indent, words) = line.split_at(line.len() - line.trim_start().len());
        let Some((before, rest)) = words.split_once("fn ") else { continue };
        let introduces = |word: &str| word.starts_with("pub") || word == "const";
        if !before.split_whitespace().all(introduces) {
            continue;
        }
        let name = rest.split(['(', '<']).next().unwrap();
        let end = format!("{indent}}}");
        let body = lines[at..].iter().position(|line| *line == end);
        let one = words.ends_with('}') || words.ends_with(';');
        let signature: String = lines[at..].join("\n").split(['{', ';']).next().unwrap().into();
        found.push(Function {
            name: name.to_owned(),
            lines: if one { 1 } else { body.map_or(1, |lines| lines + 1) },
            parameters: parameters(&signature[signature.find(name).unwrap() + name.len()..]),
        });
    }
    found
}

/// How many parameters with a type stand in `(a: A, b: B<C, D>) -> E`, behind generics.
fn parameters(signature: &str) -> usize {
    let (mut depth, mut count, mut open) = (0i32, 0, false);
    let mut last = ' ';
    // What is left of a path's `::` is no colon.
    for c in signature.replace("::", "").chars() {
        match c {
            '(' if !open && depth == 0 => (open, depth) = (true, 1),
            '(' | '<' | '[' => depth += 1,
            // The `>` of an arrow closes nothing.
            '>' if last == '-' => {}
            ')' | '>' | ']' => depth -= 1,
            ':' if open && depth == 1 => count += 1,
            _ => {}
        }
        if open && depth == 0 {
            break;
        }
        last = c;
    }
    count
}

#[test]
fn functions_are_read() {
    let code = "pub fn a<T>(x: A<B, C>, y: &dyn Fn(d::D) -> E) -> F {\n    x\n}\n\
                impl A {\n    fn b(\n        &self,\n    ) {\n    }\n    fn c(&self) {}\n}\n";
    let function =
        |name: &str, lines, parameters| Function { name: name.into(), lines, parameters };
    assert_eq!(functions(code), [function("a", 3, 2), function("b", 4, 0), function("c", 1, 0)]);
}

/// That no function `is_over`.
#[track_caller]
fn none(is_over: impl Fn(&Function) -> bool) {
    let mut over = Vec::new();
    for (path, code) in sources() {
        let own = functions(&code).into_iter().filter(|function| is_over(function));
        over.extend(own.map(|function| format!("{path} {}", function.name)));
    }
    assert!(over.is_empty(), "cut them: {over:#?}");
}

#[test]
fn functions_are_short() {
    none(|function| function.lines > LINES);
}

#[test]
fn parameters_are_few() {
    none(|function| function.parameters > PARAMETERS);
}

/// The paths that code names: `crate::a::b`, `super::c`, one for each leaf of a `use`.
fn named(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            if code[..at].ends_with("::") || code[..at].ends_with(|c: char| c.is_alphanumeric()) {
                continue;
            }
            let is_use = code[..at].trim_end_matches('\n').ends_with("use ");
            leaves("", &code[at..], is_use, &mut found);
        }
    }
    found
}

/// The leaves of a path or a tree of paths at the start of `text`; what of it was read.
fn leaves(prefix: &str, text: &str, is_use: bool, found: &mut Vec<String>) -> usize {
    let is_path = |c: char| c == ':' || c == '_' || c.is_alphanumeric();
    let end = text.find(|c| !is_path(c)).unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    if !is_use || !text[end..].starts_with('{') {
        found.push(path);
        return end;
    }
    let mut at = end + 1;
    while at < text.len() && !text[at..].starts_with('}') {
        let skipped = text[at..].find(|c: char| is_path(c) || c == '{' || c == '}').unwrap_or(0);
        at += skipped;
        if !text[at..].starts_with('}') {
            at += leaves(&path, &text[at..], true, found).max(1);
        }
    }
    at + 1
}

/// The file that a path named in `file` means: the longest part of it that is one.
fn meant(file: &str, path: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let mut place: Vec<&str> = file.split('/').filter(|part| *part != "lib").collect();
    for part in path.split("::") {
        match part {
            "crate" => place.clear(),
            "super" => drop(place.pop()),
            "self" => {}
            part => place.push(part),
        }
    }
    let ends = (1..=place.len()).rev().map(|end| place[..end].join("/"));
    ends.into_iter().find(|path| files.contains_key(path))
}

#[test]
fn paths_are_read() {
    let code =
        "use crate::a::{B, c::{D, e}};\nuse super::f;\nlet g = crate::h::i(super::super::j);";
    let mut paths = named(code);
    paths.sort();
    let wanted = [
        "crate::a::B",
        "crate::a::c::D",
        "crate::a::c::e",
        "crate::h::i",
        "super::f",
        "super::super::j",
    ];
    assert_eq!(paths, wanted);
}

#[test]
fn no_two_files_need_each_other() {
    let files = sources();
    let within = |one: &str, other: &str| other.starts_with(&format!("{one}/"));
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, code) in &files {
        let used = named(code).into_iter().filter_map(|path| meant(file, &path, &files));
        let used = used.filter(|used| used != file && !within(used, file) && !within(file, used));
        uses.insert(file, used.collect());
    }
    // What each file needs, by way of others as well.
    loop {
        let before: usize = uses.values().map(BTreeSet::len).sum();
        let of = uses.clone();
        for used in uses.values_mut() {
            let more: Vec<String> =
                used.iter().flat_map(|file| of[file.as_str()].iter().cloned()).collect();
            used.extend(more);
        }
        if before == uses.values().map(BTreeSet::len).sum() {
            break;
        }
    }
    let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
    for (file, used) in &uses {
        if used.contains(*file) {
            let round =
                uses.iter().filter(|(other, back)| used.contains(**other) && back.contains(*file));
            circles.insert(round.map(|(other, _)| *other).collect());
        }
    }
    assert!(circles.is_empty(), "these need each other: {circles:#?}");
}
