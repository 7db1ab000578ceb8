//! What a change makes of every step, and the sentence that says why.

use layerwise::report::Change;
use layerwise::{Options, Outcome, RebuiltStep, analyze, rebuild};

/// Each step that is not cached: its line, what becomes of it, and why.
fn told(dockerfile: &str, change: &Change) -> Vec<String> {
    let line = |step: &RebuiltStep| dockerfile[..step.span.start as usize].lines().count() + 1;
    let steps = rebuild(dockerfile, change, &Options::default()).into_iter();
    let steps = steps.filter(|step| step.outcome != Outcome::Cached).map(|step| {
        let needless = step.needless.map_or(String::new(), |it| format!(" ({})", it.id()));
        let because = step.because.clone().expect("a reason");
        format!("{} {}{needless}: {because}", line(&step), step.outcome.id())
    });
    steps.collect()
}

fn file(path: &str) -> Change {
    Change::Files(vec![path.into()])
}

const INSTALL: &str = "\
FROM python:3.13
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN make
";

#[test]
fn a_step_that_does_not_need_the_file_runs_for_nothing() {
    assert_eq!(
        told(INSTALL, &file("app.py")),
        [
            "3 rerun: Brings the file that changed.",
            "4 rerun (wholly): Comes after line 3, but needs only `requirements.txt` of it.",
            "5 rerun: Comes after line 3, and `make` may read any of it: what it reads \
             is not known.",
        ]
    );
}

#[test]
fn a_step_that_needs_the_file_does_not() {
    let [_, install, _] = &told(INSTALL, &file("requirements.txt"))[..] else { panic!() };
    assert_eq!(install, "4 rerun: Comes after line 3 and needs `requirements.txt` of it.");
}

#[test]
fn an_ignored_file_changes_nothing() {
    let options = Options { dockerignore: Some("*.md\n".into()), ..Options::default() };
    let steps = rebuild(INSTALL, &file("README.md"), &options);
    assert!(steps.iter().all(|step| step.outcome == Outcome::Cached && step.because.is_none()));
}

#[test]
fn stages_are_named() {
    let stages = "FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /bin/app .\n\
                  FROM build\nRUN touch /x\nFROM alpine\nRUN apk add curl\n\
                  COPY --from=1 /bin/app /app\nCOPY --from=build /a /a\n";
    let told = told(stages, &file("main.go"));
    let because = |line: &str| told.iter().find(|told| told.starts_with(line)).unwrap();
    assert!(because("4 ").contains("(partly): Comes after line 3, and `go build"));
    assert_eq!(because("6 "), "6 rerun: Built on the stage `build`, where steps run again.");
    assert_eq!(
        because("9 "),
        "9 depends: Takes files from the stage of line 5, where steps run again: it stays cached \
         if they make the same files as before."
    );
    assert_eq!(because("10 "), "10 depends: Comes after line 9, which may run again.");
}

#[test]
fn arguments_and_images_are_named() {
    let text = "FROM alpine\nRUN a\nARG V\nRUN b\nCOPY a$V /\nFROM scratch\nCOPY --from=0 /a /\n";
    assert_eq!(
        told(text, &Change::BuildArg("V".into()))[0],
        "4 rerun: A RUN sees every build argument declared above it; `V` is one."
    );
    let copy = "FROM alpine\nARG V\nCOPY a$V /\n";
    assert_eq!(
        told(copy, &Change::BuildArg("V".into())),
        ["3 rerun: Its text uses the build argument `V`."]
    );
    assert_eq!(
        told(text, &Change::BaseImage("alpine".into()))[..2],
        ["2 rerun: Built on `alpine`, which is another image now.", "4 rerun: Comes after line 2."]
    );
}

/// What the scenarios of a report change can be asked of the file before and after.
#[test]
fn scenarios_are_rebuilds() {
    let report = analyze(INSTALL, &Options::default());
    assert!(report.scenarios.len() > 2);
    for scenario in &report.scenarios {
        for (text, rebuilt) in
            [(INSTALL, &scenario.before), (&report.rewritten[..], &scenario.after)]
        {
            let steps = rebuild(text, &scenario.change, &Options::default());
            let spans = |outcome: Outcome| {
                let steps = steps.iter().filter(move |step| step.outcome == outcome);
                steps.map(|step| step.span).collect::<Vec<_>>()
            };
            assert_eq!(spans(Outcome::Rerun), rebuilt.reruns, "{}", scenario.title);
            assert_eq!(spans(Outcome::Depends), rebuilt.depends, "{}", scenario.title);
        }
    }
}
