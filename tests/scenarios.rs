//! A scenario is what `compare` says of the build before and after the change it names.
//!
//! Over every fixture, and over the corpus where there is one (`LAYERWISE_CORPUS`, or beside
//! the crate).

use layerwise::report::{Rebuild, Scenario, ScenarioKind};
use layerwise::{Build, CompareOptions, Options, Outcome, Span, analyze, compare};

#[path = "support/case.rs"]
mod case;
#[path = "support/corpus.rs"]
mod corpus;

use case::cases;
use corpus::corpus;

/// The build of `dockerfile`, once as it is and once after the change.
fn builds(dockerfile: &str, options: &Options, scenario: &Scenario) -> [Build; 2] {
    let before = Build {
        dockerfile: dockerfile.into(),
        files: Some(options.files.clone().unwrap_or_default()),
        dockerignore: options.dockerignore.clone(),
        build_args: options.build_args.clone(),
        target: options.target.clone(),
        ..Build::default()
    };
    let mut after = before.clone();
    let mut before = before;
    let name = || scenario.title.split('`').nth(1).expect("a name").to_owned();
    match scenario.kind {
        ScenarioKind::BuildArg => drop(after.build_args.insert(name(), "another value".into())),
        ScenarioKind::BaseImage => drop(after.base_digests.insert(name(), "another image".into())),
        _ => {
            for path in &scenario.paths {
                let path = concrete(path);
                for (build, text) in [(&mut before, "some text"), (&mut after, "another text")] {
                    build.files.get_or_insert_default().insert(path.clone(), Some(text.into()));
                }
            }
        }
    }
    [before, after]
}

/// A path that a pattern stands for.
fn concrete(pattern: &str) -> String {
    match pattern.strip_suffix("**") {
        Some(directory) => format!("{directory}source"),
        None => pattern.replace('*', "any"),
    }
}

/// What a scenario says, step by step.
fn said(rebuild: &Rebuild) -> Vec<(Span, &'static str)> {
    let groups = [
        (&rebuild.reruns, Outcome::Rerun),
        (&rebuild.relinked, Outcome::Relinked),
        (&rebuild.depends, Outcome::Depends),
    ];
    let steps = groups
        .into_iter()
        .flat_map(|(spans, outcome)| spans.iter().map(move |span| (*span, outcome.id())));
    let mut steps: Vec<_> = steps.collect();
    steps.sort();
    steps
}

/// What `compare` says.
fn compared(dockerfile: &str, options: &Options, scenario: &Scenario) -> Vec<(Span, &'static str)> {
    let [before, after] = builds(dockerfile, options, scenario);
    let how = CompareOptions { builder: options.builder, target: None };
    let steps = compare(&before, &after, &how).into_iter();
    let steps = steps.filter(|step| step.outcome != Outcome::Cached);
    let mut steps: Vec<_> = steps.map(|step| (step.span, step.outcome.id())).collect();
    steps.sort();
    steps
}

/// The scenarios of one file, and those of them that `compare` says something else of.
fn check(name: &str, dockerfile: &str, options: &Options, wrong: &mut Vec<String>) -> usize {
    let report = analyze(dockerfile, options);
    for scenario in &report.scenarios {
        let sides = [(dockerfile, &scenario.before), (&report.rewritten, &scenario.after)];
        let sides = sides.into_iter().take(if report.edits.is_empty() { 1 } else { 2 });
        for (text, rebuild) in sides {
            let (said, compared) = (said(rebuild), compared(text, options, scenario));
            if said != compared {
                let title = &scenario.title;
                wrong.push(format!("{name}: {title}: {said:?}, but compare: {compared:?}"));
            }
        }
    }
    report.scenarios.len()
}

#[test]
fn scenarios_say_what_compare_says() {
    let mut wrong = Vec::new();
    let cases = cases();
    let mut count = 0;
    for case in &cases {
        count += check(&case.name, &case.before, &case.options, &mut wrong);
    }
    println!("{} fixtures, {count} scenarios", cases.len());
    assert!(cases.len() >= 100 && count >= 300, "{} fixtures, {count}", cases.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn scenarios_of_real_files_say_what_compare_says() {
    let Some(corpus) = corpus() else {
        println!("no corpus: nothing compared");
        return;
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, dockerfile, options) in &corpus {
        count += check(name, dockerfile, options, &mut wrong);
    }
    println!("{} files, {count} scenarios", corpus.len());
    assert!(corpus.len() >= 1_700, "only {} files", corpus.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
