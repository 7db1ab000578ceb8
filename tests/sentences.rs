//! Every sentence about a fix is reached by a test: a fixture shows it, or another test holds it
//! or names its variant.

use layerwise::sentences::{Assumption, Mismatch, Opaque, Reason};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// All files below `folder` whose names end so.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut open = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        for path in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// Whether `line` holds the sentence `template`, where each `{field}` stands for any text.
fn holds(line: &str, template: &str) -> bool {
    let mut rest = line;
    template.split('{').all(|part| {
        let text = part.split_once('}').map_or(part, |(_, text)| text);
        match rest.find(text) {
            Some(at) => {
                rest = &rest[at + text.len()..];
                true
            }
            None => false,
        }
    })
}

/// Sentences of guards: no input is known that comes to them, for what is asked before. An entry
/// goes when a test reaches it.
const GUARDS: &[&str] = &[
    // Only a RUN whose commands can be told apart is pulled from or cut.
    "Reason::CommandsMixed",
    "Reason::NotJoined",
    "Reason::StepTakesAway",
    // Every wish gets a verdict of its own.
    "Reason::NoOrder",
    // A command whose directory is not known has no manifests.
    "Reason::ProjectUnknown",
    "Reason::OriginUnknown",
    // What is not copied is said first.
    "Reason::NotPlain",
    // What has nothing to download is not reported.
    "Reason::NothingToDownload",
    "Reason::TwoScattered",
    // Bounds that keep the time linear.
    "Reason::TooManyCopies",
    "Mismatch::TooManyFail",
    "Mismatch::ManifestsChanged",
    // The reader of the shell knows more than it has to.
    "Opaque::NotSimple",
    "Opaque::UnknownRedirection",
];

/// A text whose strings do not go on over several lines.
fn joined(text: &str) -> String {
    text.split("\\\n").map(str::trim_start).collect()
}

#[test]
fn a_sentence_is_found_with_any_text_in_its_places() {
    let template = "no {names} of the context changes what `{command}` does.";
    assert!(holds("assumes: no `.npmrc` of the context changes what `npm ci` does.", template));
    assert!(!holds("assumes: no `.npmrc` of the context", template));
    assert!(!holds("what `npm ci` does. no `.npmrc` of the context changes", template));
}

#[test]
fn every_sentence_is_reached() {
    let tests = files("src", ".rs")
        .iter()
        .filter_map(|text| Some(text.split_once("#[cfg(test)]")?.1.to_owned()))
        .chain(files("src", "tests.rs"))
        .chain(files("tests", ".rs").into_iter().filter(|text| !text.contains("const GUARDS")))
        .collect::<Vec<String>>()
        .join("\n");
    let shown = files("tests/fixtures", "issues.txt").join("\n");
    let lines = [joined(&tests), shown].join("\n").to_lowercase();
    let lines: Vec<&str> = lines.lines().collect();
    let tables = [
        ("Assumption", Assumption::SENTENCES),
        ("Reason", Reason::SENTENCES),
        ("Mismatch", Mismatch::SENTENCES),
        ("Opaque", Opaque::SENTENCES),
    ];
    let mut missing = Vec::new();
    for (table, sentences) in tables {
        for (name, template) in sentences {
            let variant = format!("{table}::{name}");
            // All of it is another sentence.
            let is_another = template.starts_with('{') && template.ends_with('}');
            let template = template.to_lowercase();
            let named = || {
                let after =
                    tests.match_indices(&variant).map(|(at, _)| &tests[at + variant.len()..]);
                after.into_iter().any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
            };
            let reached = is_another || lines.iter().any(|line| holds(line, &template)) || named();
            if reached == GUARDS.contains(&variant.as_str()) {
                missing.push(format!("{variant}: {template}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "reached by no test, or a guard that is reached:\n{}",
        missing.join("\n")
    );
}
