//! A simulator of builds that shares nothing with the library: random projects are built as they
//! are and as they are rewritten, on symbolic files, and have to come to the same.
//!
//! It is written against BuildKit's documentation and its copier, and reads the texts with a small
//! reader of its own. `LAYERWISE_SIMULATED` says how many cases are tried, `LAYERWISE_SEED` which
//! is the first.

#[path = "simulator/assumed.rs"]
mod assumed;
#[path = "simulator/build.rs"]
mod build;
#[path = "simulator/bundler.rs"]
mod bundler;
#[path = "simulator/commands.rs"]
mod commands;
#[path = "simulator/composer.rs"]
mod composer;
#[path = "simulator/controls.rs"]
mod controls;
#[path = "simulator/copy.rs"]
mod copy;
#[path = "simulator/dockerfile.rs"]
mod dockerfile;
#[path = "simulator/dotnet.rs"]
mod dotnet;
#[path = "simulator/files.rs"]
mod files;
#[path = "simulator/generate.rs"]
mod generate;
#[path = "simulator/ignore.rs"]
mod ignore;
#[path = "simulator/images.rs"]
mod images;
#[path = "simulator/installs.rs"]
mod installs;
#[path = "simulator/javascript.rs"]
mod javascript;
#[path = "simulator/judge.rs"]
mod judge;
#[path = "simulator/maven.rs"]
mod maven;
#[path = "simulator/packages.rs"]
mod packages;
#[path = "simulator/poetry.rs"]
mod poetry;
#[path = "simulator/programs.rs"]
mod programs;
#[path = "simulator/projects.rs"]
mod projects;
#[path = "simulator/pyproject.rs"]
mod pyproject;
#[path = "simulator/random.rs"]
mod random;
#[path = "simulator/shell.rs"]
mod shell;
#[path = "simulator/shrink.rs"]
mod shrink;
#[path = "simulator/uv.rs"]
mod uv;

use generate::{Case, case};
use judge::{Verdict, judge};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// A case and what is wrong with it, as a reader needs it.
fn shown(seed: u64, case: &Case) -> String {
    let Verdict::Wrong(found) = judge(case) else { return "it does not fail any more".into() };
    let files: Vec<String> =
        case.files.iter().map(|(path, node)| format!("  {path}: {node:?}")).collect();
    let fixes: Vec<String> = found
        .fixes
        .iter()
        .map(|fix| {
            format!(
                "  {:?}: {}\n    {}",
                fix.applicability,
                fix.title,
                fix.assumptions.join("\n    ")
            )
        })
        .collect();
    format!(
        "== seed {seed}, {:?}\n{}-- becomes\n{}-- with\n{}\n-- ignored {:?}, files\n{}\n-- differs\n  {}\n",
        case.given,
        case.dockerfile(),
        found.rewritten,
        fixes.join("\n"),
        case.ignored,
        files.join("\n"),
        found.what.join("\n  "),
    )
}

#[test]
fn what_is_rewritten_makes_the_same_image() {
    let (first, count) = (number("LAYERWISE_SEED", 0), number("LAYERWISE_SIMULATED", 5_000));
    let mut counts = [0usize; 6];
    let mut wrong = Vec::new();
    for seed in first..first + count {
        let case = case(seed);
        let verdict = judge(&case);
        let at = match verdict {
            Verdict::Unchanged => 0,
            Verdict::Same { safe: true, fails: false } => 1,
            Verdict::Same { safe: false, fails: false } => 2,
            Verdict::Same { fails: true, .. } => 3,
            Verdict::Covered => 4,
            Verdict::Wrong(_) => {
                wrong.push(seed);
                5
            }
        };
        counts[at] += 1;
    }
    let [unchanged, safe, assumed, failing, covered, bad] = counts;
    println!(
        "{count} cases: {unchanged} unchanged, {safe} the same by safe fixes, {assumed} by assumed \
         ones, {failing} fail both ways, {covered} differ as assumed, {bad} wrong"
    );
    if count >= 1_000 {
        assert!(
            safe * 10 > count as usize && assumed * 20 > count as usize,
            "too few are rewritten"
        );
    }
    let fails = |case: &Case| matches!(judge(case), Verdict::Wrong(_));
    let some = wrong.iter().take(number("LAYERWISE_SHOWN", 5) as usize);
    let shown: Vec<String> =
        some.map(|seed| shown(*seed, &shrink::shrink(&case(*seed), &fails))).collect();
    assert!(wrong.is_empty(), "{}", shown.join("\n"));
}
