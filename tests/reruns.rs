//! The steps that an issue makes rerun without need, and what they cost.

use layerwise::{Issue, Options, Report, ScenarioKind, Span, analyze};

#[path = "support/case.rs"]
mod case;

fn report(dockerfile: &str) -> Report {
    analyze(dockerfile, &Options::default())
}

/// The lines of the steps that each issue of the order makes rerun, the costliest issue first.
fn reruns(dockerfile: &str) -> Vec<Vec<usize>> {
    let line = |span: &Span| dockerfile[..span.start as usize].matches('\n').count() + 1;
    let lines = |issue: &Issue| issue.reruns.iter().map(line).collect();
    let issues = report(dockerfile).issues.into_iter();
    issues.filter(|issue| issue.rerun_count > 0).map(|issue| lines(&issue)).collect()
}

#[test]
fn what_follows_up_to_the_first_step_that_may_read_the_file() {
    let text = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nWORKDIR /srv\n\
                COPY nginx.conf /etc/nginx.conf\nRUN node build.js\nRUN mkdir /cache\n";
    assert_eq!(reruns(text), [[4, 5, 6]]);
    let reads = text.replace("RUN npm ci\n", "RUN npm ci\nRUN chmod +x /app/start.js\n");
    assert_eq!(reruns(&reads), [[4]]);
}

#[test]
fn a_step_with_an_issue_of_its_own_counts_for_both() {
    let text = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y git\n\
                RUN pip install -r requirements.txt\nCMD [\"python\", \"app.py\"]\n";
    assert_eq!(reruns(text), [vec![4, 5], vec![5]]);
    let report = report(text);
    let [first, second, ..] = &report.issues[..] else { panic!("two issues") };
    assert_eq!(first.fix, second.fix);
    let own: Vec<f64> = report.stages[0].steps.iter().map(|step| step.cost.seconds).collect();
    assert_eq!(second.cost.seconds, own[3]);
    assert_eq!(first.cost.seconds, own[2] + own[3]);
}

#[test]
fn a_step_that_also_builds_would_rerun_anyway() {
    let text = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN mkdir /x\n";
    assert_eq!(reruns(text), [[4]]);
    let text = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN make && npm ci\nRUN mkdir /x\n";
    assert_eq!(reruns(text), [[4]]);
    let text = "FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nRUN mkdir /x\n";
    assert_eq!(reruns(text), [[4]]);
}

#[test]
fn stages_built_on_it_that_the_target_needs() {
    let text = "FROM node:24 AS base\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\
                FROM base AS test\nRUN mkdir /test\n\
                FROM base AS build\nRUN mkdir /build\nRUN npm run build\n\
                FROM base\nRUN mkdir /cache\nCOPY --from=build /app/dist /dist\nRUN mkdir /late\n";
    assert_eq!(reruns(text), [[4, 8, 11]]);
}

#[test]
fn copies_of_other_files_but_not_of_the_same() {
    let text = "FROM debian\nCOPY client /client\nRUN apt-get update && apt-get install -y git\n\
                COPY server /server\nRUN mkdir /x\n";
    assert_eq!(reruns(text), [[3, 4, 5]]);
    let same = text.replace("COPY server", "COPY client/app");
    assert_eq!(reruns(&same), [vec![3, 4, 5]], "the file that is edited may be another");
    let all = text.replace("COPY server", "COPY .");
    assert_eq!(reruns(&all), [[3]]);
}

#[test]
fn a_linked_copy_is_only_put_elsewhere() {
    let text = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\
                COPY --link nginx.conf /etc/nginx.conf\nRUN mkdir /x\n";
    assert_eq!(reruns(text), [[4, 6]]);
}

#[test]
fn what_is_made_of_the_source_changes_with_it() {
    let text = "FROM node:24 AS build\nCOPY . /app\nRUN make -C /app\n\
                FROM debian\nCOPY --from=build /app/dist /dist\n\
                RUN apt-get update && apt-get install -y git\nRUN mkdir /x\n\
                COPY --from=build /app/build /build\nRUN mkdir /y\n";
    assert_eq!(reruns(text), [[6, 7]]);
}

#[test]
fn twenty_are_listed_and_all_are_counted() {
    let more: String = (0..30).map(|at| format!("RUN mkdir /d{at}\n")).collect();
    let text = format!("FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n{more}");
    let report = report(&text);
    let issue = &report.issues[0];
    assert_eq!((issue.reruns.len(), issue.rerun_count), (20, 31));
    let all: f64 = report.stages[0].steps[2..].iter().map(|step| step.cost.seconds).sum();
    assert!((issue.cost.seconds - all).abs() < 1e-9, "{} {all}", issue.cost.seconds);
}

/// In every fixture: they begin with the step that is invalidated needlessly and cost what they
/// say, and with the fix an edit of a source file reruns none that costs more than an `rm`.
#[test]
fn the_fix_frees_them() {
    let (mut issues, mut freed) = (0, 0);
    for case in case::cases() {
        let report = analyze(&case.before, &case.options);
        let steps = || report.stages.iter().flat_map(|stage| &stage.steps);
        let source = report.scenarios.iter().find(|scenario| scenario.kind == ScenarioKind::Source);
        for issue in &report.issues {
            // What makes nothing run again costs nothing.
            if issue.reruns.is_empty() && issue.cost.seconds == 0.0 {
                continue;
            }
            assert_eq!(issue.reruns.first(), Some(&issue.span), "{}", case.name);
            // What a trigger costs falls on the builds on its image.
            if issue.span.of(&case.before).starts_with("ONBUILD") {
                continue;
            }
            let cost = |span: &Span| steps().find(|step| step.span == *span).unwrap().cost.seconds;
            let sum: f64 = issue.reruns.iter().map(cost).sum();
            assert!((issue.cost.seconds - sum).abs() < 1e-9, "{}: {sum}", case.name);
            issues += 1;
            let (Some(source), Some(_)) = (source, issue.fix) else { continue };
            if report.rewritten == case.before {
                continue;
            }
            let again: Vec<&str> =
                source.after.reruns.iter().map(|span| span.of(&report.rewritten)).collect();
            let others = &issue.reruns[1..];
            for span in others.iter().filter(|span| cost(span) > 1.0) {
                assert!(!again.contains(&span.of(&case.before)), "{}: {span:?}", case.name);
                freed += 1;
            }
        }
    }
    println!("{issues} issues, {freed} steps");
    assert!(issues > 100 && freed > 0, "{issues} issues, {freed} steps");
}
