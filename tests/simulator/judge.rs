//! Holds a rewritten file against the original: both are built, and what comes out is compared.

use super::assumed::{Facts, is_broken, lacks_a_named_file};
use super::build::{Image, build, context};
use super::files::{Files, Kind};
use super::generate::{Case, Given};
use layerwise::{Applicability, Fix, FixLevel, Options, analyze};

/// What came of a case.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing was rewritten.
    Unchanged,
    /// Both builds come to the same, with these fixes.
    Same {
        safe: bool,
        fails: bool,
    },
    /// They differ, in a way that an assumption says.
    Covered,
    Wrong(Difference),
}

/// A rewritten file that comes to something else.
#[derive(Debug)]
pub struct Difference {
    pub rewritten: String,
    pub fixes: Vec<Fix>,
    /// What differs, a line each.
    pub what: Vec<String>,
}

pub fn options(case: &Case, fix: FixLevel) -> Options {
    let listed = case.files.iter().filter(|(_, node)| !node.is_directory());
    let files = listed.map(|(path, node)| {
        let text = match &node.kind {
            Kind::File(text) if case.given == Given::Texts => Some(text.to_string()),
            _ => None,
        };
        (path.clone(), text)
    });
    let is_told = case.given != Given::Nothing;
    Options {
        files: is_told.then(|| files.collect()),
        dockerignore: (is_told && !case.ignored.is_empty()).then(|| case.ignored.join("\n")),
        fix,
        ..Options::default()
    }
}

pub fn judge(case: &Case) -> Verdict {
    let text = case.dockerfile();
    let report = analyze(&text, &options(case, FixLevel::Assumed));
    if report.rewritten == text {
        return Verdict::Unchanged;
    }
    let sent = context(&case.files, &case.ignored);
    let before = build(&text, &sent);
    let applied = |fix: &&Fix| fix.edits.iter().all(|edit| report.edits.contains(edit));
    let fixes: Vec<Fix> = report.fixes.iter().filter(applied).cloned().collect();
    let is_safe = |fix: &Fix| fix.applicability == Applicability::Safe;
    let safe = fixes.iter().all(is_safe);
    // What is proved is held by itself: no assumption may excuse it.
    if !safe && fixes.iter().any(is_safe) {
        let alone = analyze(&text, &options(case, FixLevel::Safe));
        let what = differences(&before, &build(&alone.rewritten, &sent));
        if !what.is_empty() {
            let fixes = alone.fixes.into_iter().filter(is_safe).collect();
            return Verdict::Wrong(Difference { rewritten: alone.rewritten, fixes, what });
        }
    }
    // A safe fix is right without what it adds to `.dockerignore`, an assumed one rests on it.
    let mut ignored = case.ignored.clone();
    if !safe {
        ignored.extend(fixes.iter().flat_map(|fix| fix.dockerignore.iter().cloned()));
    }
    let left = context(&case.files, &ignored);
    let what = differences(&before, &build(&report.rewritten, &left));
    if what.is_empty() {
        return Verdict::Same { safe, fails: before.is_err() };
    }
    let facts = Facts { sent: &sent, what: &what };
    let covers = |sentence: &String| is_broken(sentence, &facts);
    let mut assumptions = fixes.iter().flat_map(|fix| &fix.assumptions);
    match lacks_a_named_file(case, &what) || assumptions.any(covers) {
        true => Verdict::Covered,
        false => Verdict::Wrong(Difference { rewritten: report.rewritten.clone(), fixes, what }),
    }
}

type Built = Result<Image, super::build::Failed>;

/// What two builds differ in.
pub fn differences(before: &Built, after: &Built) -> Vec<String> {
    match (before, after) {
        (Err(_), Err(_)) => Vec::new(),
        (Ok(_), Err(failed)) => {
            vec![format!("line {} of the rewritten file fails: {}", failed.line, failed.why)]
        }
        (Err(failed), Ok(_)) => {
            vec![format!("line {} of the original fails: {}", failed.line, failed.why)]
        }
        (Ok(one), Ok(other)) => {
            let mut found = images(one, other);
            match (&one.derived, &other.derived) {
                (Some(one), Some(other)) => {
                    let lines = images(one, other).into_iter();
                    found.extend(lines.map(|line| format!("in a build on it {line}")));
                }
                (None, None) => {}
                _ => found.push("only one of them has triggers".into()),
            }
            found
        }
    }
}

fn images(one: &Image, other: &Image) -> Vec<String> {
    let mut found = files(&one.files, &other.files);
    if one.configuration != other.configuration {
        found.push(format!("{:?} is {:?}", one.configuration, other.configuration));
    }
    found
}

fn files(one: &Files, other: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, node) in &one.0 {
        match other.0.get(path) {
            None => found.push(format!("{path} is gone: {node:?}")),
            Some(now) if now != node => found.push(format!("{path} was {node:?}, is {now:?}")),
            Some(_) => {}
        }
    }
    let new = other.0.iter().filter(|(path, _)| !one.0.contains_key(*path));
    found.extend(new.map(|(path, node)| format!("{path} is new: {node:?}")));
    found
}
