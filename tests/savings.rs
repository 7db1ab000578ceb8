//! What a fix says that it saves is the difference that the scenarios of the report show.

use layerwise::limits::FIXES_PRICED;
use layerwise::{
    Applicability, Fix, FixLevel, Level, Options, Report, Saving, ScenarioKind, Timings, analyze,
};

#[path = "support/case.rs"]
mod case;

/// Options under which files have no fix beside the order.
fn quiet(fix: FixLevel) -> Options {
    let rules = [("install-without-cache-mount".to_owned(), Level::Off)].into();
    Options { fix, rules, ..Options::default() }
}

fn saved(text: &str, options: &Options) -> Vec<Option<Saving>> {
    analyze(text, options).fixes.iter().map(|fix| fix.saves).collect()
}

/// What the first change that gets a second cheaper saves, going by the scenarios.
fn of_scenarios(report: &Report) -> Option<(ScenarioKind, f64)> {
    report.scenarios.iter().find_map(|scenario| {
        let seconds = scenario.before.cost.seconds - scenario.after.cost.seconds;
        (seconds >= 1.0).then_some((scenario.kind, seconds))
    })
}

#[test]
fn a_single_fix_saves_what_the_rewritten_file_does() {
    let mut count = 0;
    for case::Case { name, before, options, .. } in case::cases() {
        let report = analyze(&before, &Options { fix: FixLevel::Suggested, ..options });
        let [Fix { saves, .. }] = report.fixes.as_slice() else { continue };
        if before.to_lowercase().contains("onbuild") {
            continue;
        }
        let said = saves.map(|saving| (saving.at, saving.cost.seconds));
        assert_eq!(said, of_scenarios(&report), "{name}");
        count += usize::from(saves.is_some());
    }
    assert!(count > 100, "{count} fixes save something");
}

const TWO: &str = "FROM node:22 AS web\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n\
                   FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n\
                   COPY --from=web /app/dist ./dist\n";

#[test]
fn each_of_several_fixes_says_what_it_saves_by_itself() {
    let options = Options {
        files: Some(
            ["package.json", "package-lock.json", "requirements.txt", "index.js"]
                .map(|file| (file.to_owned(), None))
                .into(),
        ),
        ..Options::default()
    };
    let report = analyze(TWO, &options);
    let saves: Vec<Saving> = report.fixes.iter().filter_map(|fix| fix.saves).collect();
    assert_eq!(saves.len(), 2, "{:?}", report.fixes);
    assert!(saves.iter().all(|saving| saving.at == ScenarioKind::Source && !saving.cost.measured));
    let sum: f64 = saves.iter().map(|saving| saving.cost.seconds).sum();
    let (_, whole) = of_scenarios(&report).unwrap();
    assert!((sum - whole).abs() < 0.5, "{sum} of {whole}");
}

#[test]
fn what_saves_at_other_changes_says_at_which() {
    let text = "FROM debian:12\nARG COMMIT\nENV COMMIT=$COMMIT\nRUN apt-get update && apt-get install -y curl\n";
    let report = analyze(text, &Options::default());
    assert_eq!(report.issues[0].rule, "volatile-value-before-expensive-step");
    assert_eq!(report.fixes[0].saves.unwrap().at, ScenarioKind::BuildArg);
    // Near miss: nothing comes behind the value.
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nARG COMMIT\nENV COMMIT=$COMMIT\n";
    assert_eq!(saved(text, &Options::default()), []);
}

#[test]
fn a_fix_that_saves_nothing_does_not_say_so() {
    let text = "FROM a\nRUN --mount=type=cache,target=/var/cache/apt \\\n    \
                apt-get update && apt-get install -y curl\n";
    let report = analyze(text, &quiet(FixLevel::Suggested));
    assert_eq!(report.issues[0].rule, "cache-mount-unlocked");
    let [fix] = report.fixes.as_slice() else { panic!("{:?}", report.fixes) };
    assert_eq!((fix.applicability, fix.saves), (Applicability::Suggested, None));
}

#[test]
fn measured_costs_give_measured_savings() {
    let log = "#5 [2/4] WORKDIR /app\n#5 DONE 0.1s\n\n#6 [3/4] COPY . .\n#6 DONE 0.2s\n\n\
               #7 [4/4] RUN npm ci\n#7 DONE 41.5s\n";
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    let options =
        Options { timings: Some(Timings::parse(log).unwrap()), ..quiet(FixLevel::Assumed) };
    let [Some(saving)] = saved(text, &options)[..] else { panic!("one fix") };
    assert!(saving.cost.measured && (saving.cost.seconds - 41.5).abs() < 1.0, "{saving:?}");
}

#[test]
fn of_very_many_fixes_the_first_are_priced() {
    let stage = |at: usize| format!("FROM node:22 AS s{at}\nWORKDIR /app\nCOPY . .\nRUN npm ci\n");
    let stages = |count: usize| (0..count).map(stage).collect::<String>();
    let of = |count: usize| {
        let copies = (0..count).map(|at| format!("COPY --from=s{at} /app /{at}\n"));
        let text = format!("{}FROM scratch\n{}", stages(count), copies.collect::<String>());
        saved(&text, &quiet(FixLevel::Assumed))
            .into_iter()
            .map(|saves| saves.is_some())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(FIXES_PRICED), vec![true; FIXES_PRICED]);
    let of_more = of(FIXES_PRICED + 1);
    assert_eq!(of_more.iter().filter(|priced| **priced).count(), FIXES_PRICED);
    assert!(!of_more[FIXES_PRICED]);
}

#[test]
fn a_fix_of_triggers_says_what_it_saves_of_builds_on_the_image() {
    let text = "FROM node:22\nWORKDIR /app\nONBUILD COPY . .\nONBUILD RUN npm ci\n";
    let saves = saved(text, &Options::default());
    assert_eq!(saves.len(), 1);
    assert_eq!(saves[0].unwrap().at, ScenarioKind::Source);
}
