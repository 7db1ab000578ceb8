//! What real builders kept and rebuilt, and what the model says of it.
//!
//! Reads the observations where they are (`LAYERWISE_FACTS`, or beside the crate) and passes
//! without them. Every step of every row must come out as it was observed; a row that no
//! model can get right from what is recorded is named below with its reason.

use layerwise::context::EntryKind;
use layerwise::{Build, Builder, CompareOptions, ContextFile, Outcome, StepOutcome, compare};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The builders, by what the observations call them.
const BUILDERS: [(&str, Builder); 3] =
    [("buildkit", Builder::Buildkit), ("legacy", Builder::Classic), ("buildah", Builder::Buildah)];

/// Why a row says more than is recorded of it.
fn beyond_the_record(row: &Value, builder: Builder) -> Option<&'static str> {
    let note = row["note"].as_str().unwrap_or_default();
    let id = row["id"].as_str().unwrap_or_default();
    match builder {
        Builder::Buildkit if note.contains("prune_local") => {
            Some("the daemon forgot the context in between, and with it a directory's old mode")
        }
        Builder::Buildkit if note.contains("touch -r") => {
            Some("same size and time: the daemon took the changed file for the old one")
        }
        Builder::Buildah if id.contains("tar-repacked") => {
            Some("buildah looks into the archive, whose content is not recorded")
        }
        _ => None,
    }
}

fn rows() -> Option<Vec<Value>> {
    let given = std::env::var_os("LAYERWISE_FACTS").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let path = given.unwrap_or(beside.join("../shared/cache-facts/facts.jsonl"));
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

fn strings(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect()
}

fn build(value: &Value) -> Build {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let file = |value: &Value| ContextFile {
        kind: match value["type"].as_str() {
            Some("dir") => EntryKind::Directory,
            Some("symlink") => EntryKind::Symlink,
            _ => EntryKind::File,
        },
        mode: value["mode"].as_str().and_then(ContextFile::parse_mode),
        owner: text(&value["owner"]),
        text: text(&value["text"]),
        sha256: text(&value["sha256"]),
        target: text(&value["target"]),
    };
    let context = value["context"].as_object().expect("a context");
    Build {
        dockerfile: text(&value["dockerfile"]).expect("a Dockerfile"),
        context: Some(context.iter().map(|(path, f)| (path.clone(), file(f))).collect()),
        build_args: strings(&value["build_args"]),
        secrets: strings(&value["secrets"]),
        platform: text(&value["platform"]),
        base_digests: strings(&value["base_digests"]),
        target: text(&value["target"]),
        ..Build::default()
    }
}

/// The observed steps as text and outcome; none where the build failed.
fn observed<'r>(row: &'r Value, name: &str) -> Option<Vec<(&'r str, &'r str)>> {
    let observed = row["observed"].get(name)?;
    if observed.get("before_error").is_some() || observed.get("after_error").is_some() {
        return None;
    }
    let text = |step: &'r Value, name: &str| step[name].as_str().expect("text");
    let steps = observed["steps"].as_array().expect("steps").iter();
    Some(steps.map(|step| (text(step, "instruction"), text(step, "outcome"))).collect())
}

/// What is wrong with `outcomes`, step by step. The order in which steps of several stages
/// were observed is that of the log.
fn wrong(observed: &[(&str, &str)], mut outcomes: Vec<StepOutcome>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (text, outcome) in observed {
        let Some(at) = outcomes.iter().position(|step| step.text == *text) else {
            wrong.push(format!("no step `{text}`"));
            continue;
        };
        let step = outcomes.remove(at);
        let depends = step.outcome == Outcome::Depends && ["cached", "rerun"].contains(outcome);
        if step.outcome.id() != *outcome && !depends {
            wrong.push(format!("`{text}` was {outcome}, not {}", step.outcome.id()));
        }
    }
    wrong.extend(outcomes.iter().map(|step| format!("one step more: `{}`", step.text)));
    wrong
}

#[test]
fn the_model_says_what_the_builders_did() {
    let Some(rows) = rows() else {
        println!("no observations here: nothing compared");
        return;
    };
    assert!(rows.len() >= 188, "only {} rows", rows.len());
    let mut failures = Vec::new();
    for (name, builder) in BUILDERS {
        let options = CompareOptions { builder, ..CompareOptions::default() };
        let (mut compared, mut failed, mut steps, mut depends) = (0, 0, 0, 0);
        for row in &rows {
            let id = row["id"].as_str().unwrap_or_default();
            if row["observed"].get(name).is_none() {
                continue;
            }
            let Some(observed) = observed(row, name) else {
                failed += 1;
                continue;
            };
            if let Some(reason) = beyond_the_record(row, builder) {
                println!("{name}: left out {id}: {reason}");
                continue;
            }
            let outcomes = compare(&build(&row["before"]), &build(&row["after"]), &options);
            compared += 1;
            steps += outcomes.len();
            depends += outcomes.iter().filter(|s| s.outcome == Outcome::Depends).count();
            for outcome in &outcomes {
                let cached = outcome.outcome == Outcome::Cached;
                assert_eq!(outcome.cause.is_none(), cached, "{id}");
                assert_eq!(outcome.because.is_none(), cached, "{id}");
            }
            if std::env::var_os("LAYERWISE_VERBOSE").is_some() {
                for step in outcomes.iter().filter(|step| step.because.is_some()) {
                    let cause = step.cause.map_or("", |cause| cause.id());
                    let because = step.because.as_deref().unwrap_or_default();
                    println!("{name} {id}: {} {cause}: {because}", step.outcome.id());
                }
            }
            for what in wrong(&observed, outcomes) {
                failures.push(format!("{name} {id}: {what}"));
            }
        }
        println!(
            "{name}: {compared} rows, {steps} steps, {depends} of them depend on what a stage \
             gives; {failed} more rows where the build failed"
        );
        assert!(compared > if builder == Builder::Buildkit { 170 } else { 25 }, "{name}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
