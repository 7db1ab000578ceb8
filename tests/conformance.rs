//! The scenarios of `tests/conformance`: what the model says of them, and what engines did when
//! `cargo xtask conformance --record` asked them. Needs no engine.

#[path = "support/scenario.rs"]
mod scenario;

use layerwise::{CompareOptions, Outcome, compare};
use scenario::{Case, agrees, outcome};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

fn predicted(case: &Case) -> Vec<(String, Outcome)> {
    let outcomes = compare(&case.before, &case.after, &CompareOptions::default());
    outcomes.into_iter().map(|step| (step.text, step.outcome)).collect()
}

#[test]
fn the_model_says_what_is_expected() {
    let mut wrong = Vec::new();
    for case in scenario::read(&folder()) {
        let expected: Vec<_> =
            case.steps.iter().map(|step| (step.text.clone(), step.predicted)).collect();
        let said = predicted(&case);
        if said != expected {
            wrong.push(format!("{} {}\n  {expected:?}\n  {said:?}", case.area, case.id));
        }
    }
    assert!(wrong.is_empty(), "{} scenarios\n{}", wrong.len(), wrong.join("\n"));
}

/// What one engine did: by area and scenario, the outcomes in the order of the steps.
type Recorded = BTreeMap<String, BTreeMap<String, String>>;

fn recordings() -> Vec<(String, Recorded)> {
    let entries = folder().join("recorded").read_dir().expect("recordings");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let read = paths.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a recording");
        (name, toml::from_str(&text).expect("a recording"))
    });
    read.collect()
}

#[test]
fn engines_did_what_the_model_says() {
    let cases = scenario::read(&folder());
    let recordings = recordings();
    assert!(!recordings.is_empty());
    for (engine, recorded) in &recordings {
        let known: usize = recorded.values().map(BTreeMap::len).sum();
        assert_eq!(known, cases.len(), "{engine} was asked other scenarios: record it again");
    }
    let mut wrong = Vec::new();
    for case in &cases {
        let name = format!("{} {}", case.area, case.id);
        let said = predicted(case);
        let mut differed = false;
        for (engine, recorded) in &recordings {
            let did = recorded.get(&case.area).and_then(|area| area.get(&case.id));
            let did = did.unwrap_or_else(|| panic!("{engine} was not asked {name}"));
            let did: Option<Vec<Outcome>> = did.split(' ').map(outcome).collect();
            let same = did.as_ref().is_some_and(|did| {
                let mut pairs = said.iter().zip(did);
                did.len() == said.len() && pairs.all(|((_, said), did)| agrees(*said, *did))
            });
            differed |= !same;
            if !same && case.differs.is_none() {
                wrong.push(format!("{engine}: {name}: {did:?}, not {said:?}"));
            }
        }
        if case.differs.is_some() && !differed {
            wrong.push(format!("{name} is marked, and no engine differs"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A model that says `cached`, or `rerun`, of everything must fail in every area.
#[test]
fn every_area_asks_for_both_outcomes() {
    let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for case in scenario::read(&folder()) {
        let kept = case.steps.last().is_some_and(|step| step.observed == Outcome::Cached);
        counts.entry(case.area).or_default()[usize::from(kept)] += 1;
    }
    for area in ["copy", "ignore", "mounts", "run", "stages", "variables"] {
        let [rerun, cached] = counts[area];
        assert!(rerun >= 10 && cached >= 10, "{area}: {cached} cached, {rerun} rerun");
    }
}
