//! What a history makes of the issues of a file: what changes often is measured, not guessed by
//! names.

use layerwise::{Issue, Options, Report, ScenarioKind, Severity, analyze};

/// The report of a file whose context has these files, which the commits changed so often.
fn report(dockerfile: &str, history: &[(&str, f64)]) -> Report {
    let files = history.iter().filter(|(path, _)| !path.ends_with('/'));
    let files = files.map(|(path, _)| ((*path).to_owned(), Some("{}".to_owned()))).collect();
    let shares = history.iter().map(|(path, share)| ((*path).to_owned(), *share)).collect();
    let known = Options { files: Some(files), history: Some(shares), ..Options::default() };
    analyze(dockerfile, &known)
}

/// The issues that are about the order of steps.
fn order(report: &Report) -> Vec<&Issue> {
    report.issues.iter().filter(|issue| issue.rule.starts_with("source-copied")).collect()
}

const MANIFESTS: [(&str, f64); 2] = [("package.json", 0.05), ("package-lock.json", 0.1)];

fn with<'a>(more: &[(&'a str, f64)]) -> Vec<(&'a str, f64)> {
    MANIFESTS.iter().chain(more).copied().collect()
}

const CODE_FIRST: &str = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\n\
                          COPY presets.ts ./\nRUN npm ci --ignore-scripts\nCOPY src ./src\n";

#[test]
fn what_never_changes_is_no_issue() {
    let cold = report(CODE_FIRST, &with(&[("presets.ts", 0.0), ("src/a.ts", 0.5)]));
    assert_eq!(order(&cold), [] as [&Issue; 0]);
    // Near miss: the same name, changed by every second commit.
    let hot = report(CODE_FIRST, &with(&[("presets.ts", 0.5), ("src/a.ts", 0.5)]));
    let [issue] = order(&hot)[..] else { panic!("{:?}", hot.issues) };
    assert_eq!((issue.severity, issue.frequency), (Severity::Warning, Some(0.5)));
    assert!(issue.why.ends_with(" Such a change is in 50 of 100 commits."), "{}", issue.why);
    assert!(hot.rewritten.find("npm ci") < hot.rewritten.find("COPY presets.ts"));
    // Without a history names decide.
    let files =
        with(&[("presets.ts", 0.0)]).iter().map(|(path, _)| ((*path).into(), None)).collect();
    let guessed = analyze(CODE_FIRST, &Options { files: Some(files), ..Options::default() });
    assert_eq!(order(&guessed).len(), 1);
    assert_eq!(order(&guessed)[0].frequency, None);
}

#[test]
fn a_hot_generated_file_is_an_issue_whatever_it_is_called() {
    let text = CODE_FIRST.replace("presets.ts", "version.txt");
    let hot = report(&text, &with(&[("version.txt", 0.9), ("src/a.ts", 0.5)]));
    assert_eq!(order(&hot).len(), 1);
    let cold = report(&text, &with(&[("version.txt", 0.01), ("src/a.ts", 0.5)]));
    assert_eq!(order(&cold).len(), 0);
}

#[test]
fn what_is_seldom_is_worth_knowing_and_no_more() {
    let seldom = with(&[("presets.ts", 0.05), ("src/a.ts", 0.5)]);
    assert_eq!(order(&report(CODE_FIRST, &seldom))[0].severity, Severity::Info);
    // Unless somebody says how severe it is.
    let files = seldom.iter().map(|(path, _)| ((*path).into(), None)).collect();
    let history = seldom.iter().map(|(path, share)| ((*path).into(), *share)).collect();
    let level = layerwise::Level::At(Severity::Error);
    let rules = [("source-copied-before-install".to_owned(), level)].into();
    let known = Options { files: Some(files), history: Some(history), rules, ..Options::default() };
    assert_eq!(order(&analyze(CODE_FIRST, &known))[0].severity, Severity::Error);
}

#[test]
fn manifests_and_what_no_history_knows_are_what_their_names_say() {
    let text = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\n\
                RUN npm ci --ignore-scripts\n";
    assert_eq!(order(&report(text, &[("package.json", 1.0), ("package-lock.json", 1.0)])).len(), 0);
    let files = ["package.json", "package-lock.json", "presets.ts"].map(|path| (path.into(), None));
    let history = vec![("package.json".to_owned(), 0.0)];
    let known = Options { files: Some(files.into()), history: Some(history), ..Options::default() };
    assert_eq!(order(&analyze(CODE_FIRST, &known)).len(), 1);
}

#[test]
fn what_costs_most_in_all_commits_comes_first() {
    let text = "FROM node:22-slim AS one\nWORKDIR /app\nCOPY a ./a\nCOPY package.json package-lock.json ./\n\
                RUN npm ci --ignore-scripts\n\
                FROM debian\nCOPY b ./b\nRUN apt-get update && apt-get install -y git\nCOPY --from=one /app /app\n";
    let first = |a: f64, b: f64| {
        let found = report(text, &with(&[("a/a.ts", a), ("b/b.ts", b)]));
        let [first, second] = order(&found)[..] else { panic!("{:?}", found.issues) };
        assert!(first.severity >= second.severity);
        first.related[0].span.of(text).to_owned()
    };
    assert_eq!(first(0.9, 0.11), "COPY a ./a");
    assert_eq!(first(0.11, 0.9), "COPY b ./b");
}

#[test]
fn the_file_that_most_commits_edit_stands_for_the_source() {
    let files = with(&[("presets.ts", 0.0), ("src/a.ts", 0.04), ("src/b.ts", 0.23)]);
    let report = report(CODE_FIRST, &files);
    let source = report.scenarios.iter().find(|one| one.kind == ScenarioKind::Source).unwrap();
    assert_eq!(source.title, "`src/b.ts` is edited, as in 23 of 100 commits");
    assert_eq!(source.paths, ["src/b.ts"]);
}
