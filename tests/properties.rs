//! What holds for every file: for those of the fixtures, for two of them spliced, and for those
//! that the simulator makes. `LAYERWISE_PROPERTIES` says how many of each kind are tried.
//!
//! That the tree tiles the text is held by `syntax_limits.rs`; that edits are sorted and disjoint,
//! that a second analysis changes nothing and that no error is new, by `bad_input.rs` as well.

use layerwise::syntax::{Instruction, Keyword, parse};
use layerwise::text::{LineIndex, apply};
use layerwise::{Build, CompareOptions, FixLevel, Options, Outcome, Report, analyze, compare};
use std::collections::BTreeMap;

#[path = "support/case.rs"]
mod case;
#[allow(dead_code, reason = "only its generator is used")]
#[path = "support/simulated.rs"]
mod simulated;

use simulated::random::Random;

fn count() -> usize {
    std::env::var("LAYERWISE_PROPERTIES").map_or(400, |text| text.parse().expect("a number"))
}

/// Every kind of file, with a name for messages.
fn files() -> Vec<(String, String, Options)> {
    let cases = case::cases();
    let mut found: Vec<(String, String, Options)> = Vec::new();
    let mut random = Random::new(1);
    for number in 0..count() {
        let one = &cases[random.below(cases.len())];
        let other = &cases[random.below(cases.len())];
        let text = spliced(&one.before, &other.before, &mut random);
        let options = if random.one_in(2) { &one.options } else { &other.options };
        found.push((format!("splice {number}"), text, options.clone()));
    }
    found.extend((0..count()).map(|seed| {
        let (text, options) = simulated::file(seed as u64);
        (format!("seed {seed}"), text, options)
    }));
    found.extend(cases.into_iter().map(|case| (case.name, case.before, case.options)));
    found
}

/// The first lines of one text and the last of another, with characters of several bytes between.
fn spliced(one: &str, other: &str, random: &mut Random) -> String {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.lines().collect(), other.lines().collect());
    let first = &one[..random.below(one.len() + 1)];
    let rest = &other[random.below(other.len() + 1)..];
    let between =
        random.pick(&["# é 🐋", "", "LABEL a=\"ü🐋\"", "RUN echo \u{10ffff}", "\u{feff}"]);
    first.iter().chain([&between]).chain(rest).map(|line| format!("{line}\n")).collect()
}

#[test]
fn properties_hold() {
    let (mut all, mut rewritten) = (0, 0);
    for (name, text, mut options) in files() {
        options.fix = options.fix.min(FixLevel::Assumed);
        let report = analyze(&text, &options);
        all += 1;
        spans_are_the_same_in_javascript(&name, &text);
        nothing_changes_in_the_same_build(&name, &text, &options);
        if report.edits.is_empty() {
            assert_eq!(report.rewritten, text, "{name}");
            continue;
        }
        rewritten += 1;
        edits_hold(&name, &text, &options, &report);
        no_scenario_is_worse(&name, &text, &report);
        configuration_stays(&name, &text, &report.rewritten);
        commands_stay(&name, &text, &report.rewritten);
        nothing_changes_in_the_same_build(&name, &report.rewritten, &options);
    }
    println!("{all} files, {rewritten} rewritten");
    assert!(rewritten * 10 > all, "too few are rewritten: {rewritten} of {all}");
}

fn edits_hold(name: &str, text: &str, options: &Options, report: &Report) {
    let mut at = 0;
    for edit in &report.edits {
        assert!(at <= edit.span.start, "{name}: edits overlap");
        at = edit.span.end;
    }
    assert_eq!(apply(text, &report.edits), report.rewritten, "{name}");
    let second = analyze(&report.rewritten, options);
    assert_eq!(second.rewritten, report.rewritten, "{name}");
    assert!(second.errors.len() <= report.errors.len(), "{name}: {:?}", second.errors);
}

/// A span cuts the same out of JavaScript's string as out of the text.
fn spans_are_the_same_in_javascript(name: &str, text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let lines = LineIndex::new(text);
    for instruction in &parse(text).0.instructions {
        for span in [instruction.span, instruction.name.span, instruction.rest.span] {
            let [start, end] = [span.start, span.end].map(|at| lines.position(at).offset as usize);
            let cut = String::from_utf16(&units[start..end]);
            assert_eq!(cut.expect(name), span.of(text), "{name}");
        }
    }
}

/// No change costs more than it did, but for what the steps that were added cost by themselves.
fn no_scenario_is_worse(name: &str, text: &str, report: &Report) {
    let steps = |text: &str| parse(text).0.instructions.len();
    let added = steps(&report.rewritten).saturating_sub(steps(text));
    let tolerance = 2.0 + added as f64;
    // Triggers are held against their costs as the steps that they are to a build on the image.
    if text.contains("ONBUILD") {
        return;
    }
    for scenario in &report.scenarios {
        let [before, after] = [&scenario.before, &scenario.after].map(|side| side.cost.seconds);
        assert!(
            after <= before + tolerance,
            "{name}: {} costs {after}, before {before}",
            scenario.title
        );
    }
}

/// A build is cached where nothing is another, also where a file is that nobody copies.
fn nothing_changes_in_the_same_build(name: &str, text: &str, options: &Options) {
    let ignored = options
        .dockerignore
        .clone()
        .or_else(|| options.files.as_ref()?.get(".dockerignore")?.clone());
    let with = |content: &str| {
        let mut files = options.files.clone().unwrap_or_default();
        files.insert("left-out/file".into(), Some(content.into()));
        files.remove(".dockerignore");
        Build {
            dockerfile: text.into(),
            files: Some(files),
            dockerignore: Some(format!("{}\nleft-out\n", ignored.as_deref().unwrap_or(""))),
            build_args: options.build_args.clone(),
            ..Build::default()
        }
    };
    let how = CompareOptions { builder: options.builder, target: None };
    for after in ["one text", "another text"] {
        for step in compare(&with("one text"), &with(after), &how) {
            let cached = step.outcome == Outcome::Cached;
            assert!(cached, "{name}: `{}`: {:?} in\n{text}", step.text, step.outcome);
        }
    }
}

/// The instructions of each stage that set its configuration, by what opens the stage.
fn configuration(text: &str) -> Vec<(String, Vec<String>)> {
    let mut stages: Vec<(String, Vec<String>)> = Vec::new();
    for instruction in &parse(text).0.instructions {
        let line = instruction.span.of(text).to_owned();
        match (instruction.keyword, stages.last_mut()) {
            (Some(Keyword::From), _) => stages.push((line, Vec::new())),
            (Some(Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Onbuild), _) => {}
            (_, Some((_, own))) => own.push(line),
            (_, None) => {}
        }
    }
    stages.iter_mut().for_each(|(_, own)| own.sort());
    stages
}

/// Each stage is there with the same configuration; one that is added stands between.
fn configuration_stays(name: &str, before: &str, after: &str) {
    let mut after = configuration(after).into_iter();
    for stage in configuration(before) {
        assert!(after.any(|other| other == stage), "{name}: {stage:?} is gone");
    }
}

/// The simple commands of every RUN, without their flags and joiners.
fn commands(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let (file, _) = parse(text);
    let runs = file.instructions.iter().filter(|i| i.keyword == Some(Keyword::Run));
    for run in runs.filter(|run| !run.is_json()) {
        for command in simple(run) {
            *found.entry(command).or_default() += 1;
        }
    }
    found
}

fn simple(run: &Instruction<'_>) -> Vec<String> {
    let bodies = run.heredocs.iter().map(|heredoc| heredoc.content.to_string());
    let texts = bodies.chain(run.heredocs.is_empty().then(|| run.rest.text.to_string()));
    let mut found = Vec::new();
    for text in texts {
        let parts = text.replace("&&", "\n").replace(';', "\n");
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(
            parts.lines().map(words).filter(|line| !line.is_empty() && !line.starts_with('#')),
        );
    }
    found
}

/// What a step may begin with that a fix adds beside a download: what prepares it, what the first
/// part of a step that is cut leaves behind for the second to clean, and a stage that keeps
/// manifests by their names.
const ADDED: &[&str] = &["mkdir -p ", "touch ", "rm -r", "find ."];

/// Words of what fetches the dependencies of a project.
const FETCHES: &[&str] = &[
    "--only-dependencies",
    "-P",
    "dependencies",
    "deps.get",
    "download",
    "fetch",
    "get",
    "install",
    "resolve",
    "restore",
    "sync",
    "update",
];

/// No command is lost, and what is new is a download or repeats shell state.
fn commands_stay(name: &str, before: &str, after: &str) {
    let text = after;
    let (before, mut after) = (commands(before), commands(text));
    for (command, times) in &before {
        let now = after.remove(command).unwrap_or_default();
        // What a copy does instead: `COPY --chmod=755`.
        let program = command.split(' ').next().unwrap_or_default();
        let is_flag =
            ["chmod", "chown"].contains(&program) && text.contains(&format!("--{program}="));
        assert!(now >= *times || is_flag, "{name}: `{command}` is lost");
    }
    for command in after.keys() {
        let fetches =
            command.split(' ').any(|word| FETCHES.contains(&word) || word.ends_with("go-offline"));
        let prepares = ADDED.iter().any(|start| command.starts_with(start));
        assert!(fetches || prepares, "{name}: `{command}` is new");
    }
}
