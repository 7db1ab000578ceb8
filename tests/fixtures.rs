//! Every case of `tests/fixtures`: a Dockerfile, what is known beside it, and what comes out.
//!
//! A case is a directory: `before.Dockerfile`; `context/` with the files of the build context
//! (`.dockerignore` is read from it); `options.json` in the form of the JavaScript options;
//! `issues.txt`, every sentence that a user gets to read; `after.Dockerfile`, absent where nothing
//! may change. `UPDATE_FIXTURES=1` writes the last two, to be read and judged before they are kept.

use layerwise::cache::cost::costs;
use layerwise::cache::model::Model;
use layerwise::cache::scenarios::Changes;
use layerwise::graph::Graph;
use layerwise::rewrite::verify::verify;
use layerwise::text::apply;
use layerwise::{Applicability, FixLevel, Issue, Level, Options, Report, Span, analyze};
use std::fs;

#[path = "support/case.rs"]
mod case;

use case::{BESIDE, cases};

/// A lost directory must not pass for a passing test.
const AT_LEAST: usize = 100;

/// What `issues.txt` holds: issues in the order of the report, then fixes, then errors.
fn shown(before: &str, report: &Report) -> String {
    let line = |span: Span| before[..span.start as usize].matches('\n').count() + 1;
    let mut blocks: Vec<String> = Vec::new();
    for issue in &report.issues {
        let (at, severity) = (line(issue.span), issue.severity.id());
        let mut block = format!("line {at}: {} ({severity})\n", issue.rule);
        let mut say = |what: &str, text: &str| block += &format!("  {what}: {text}\n");
        say("message", &issue.message);
        say("why", &issue.why);
        say("help", &issue.help);
        for related in &issue.related {
            say(&format!("line {}", line(related.span)), &related.message);
        }
        if let Some(fix) = issue.fix {
            say("fix", &(fix + 1).to_string());
        }
        if let Some(refusal) = &issue.refusal {
            say(&format!("refused, {}", refusal.reason.id()), &refusal.message);
        }
        blocks.push(block);
    }
    for (at, fix) in report.fixes.iter().enumerate() {
        let mut block = format!("fix {} ({}): {}\n", at + 1, fix.applicability.id(), fix.title);
        for assumption in &fix.assumptions {
            block += &format!("  assumes: {assumption}\n");
        }
        for line in &fix.dockerignore {
            block += &format!("  ignores: {line}\n");
        }
        blocks.push(block);
    }
    if let Some(text) = &report.dockerignore {
        let lines: Vec<String> = text.lines().map(|line| format!("  {line}\n")).collect();
        blocks.push(format!(".dockerignore:\n{}", lines.concat()));
    }
    for error in &report.errors {
        blocks.push(format!("line {}: error: {}\n", line(error.span), error.message));
    }
    if blocks.is_empty() {
        blocks.push("nothing found\n".to_owned());
    }
    blocks.join("\n")
}

#[test]
fn cases_come_out_as_written() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut failures = String::new();
    for case in &cases {
        let report = analyze(&case.before, &case.options);
        let issues = shown(&case.before, &report);
        let after_path = case.directory.join("after.Dockerfile");
        let issues_path = case.directory.join("issues.txt");
        if update {
            match report.rewritten == case.before {
                true => drop(fs::remove_file(&after_path)),
                false => fs::write(&after_path, &report.rewritten).unwrap(),
            }
            fs::write(&issues_path, issues).unwrap();
            continue;
        }
        let after = fs::read_to_string(&after_path).unwrap_or_else(|_| case.before.clone());
        if report.rewritten != after {
            let (want, got) = (after, &report.rewritten);
            failures += &format!("== {}: wanted\n{want}\n-- got\n{got}\n", case.name);
        }
        let wanted = fs::read_to_string(&issues_path).unwrap_or_default();
        if wanted != issues {
            failures += &format!("== {}: wanted\n{wanted}\n-- got\n{issues}\n", case.name);
        }
    }
    assert!(failures.is_empty(), "{failures}");
    println!("{} cases", cases.len());
}

/// A context of `node_modules` that git leaves out would be another case in the next clone.
#[test]
fn git_ignores_no_file_of_a_case() {
    let listing = ["ls-files", "--others", "--ignored", "--exclude-standard", "tests/fixtures"];
    let root = env!("CARGO_MANIFEST_DIR");
    let git = std::process::Command::new("git").args(listing).current_dir(root).output();
    // The sources of a release come without git.
    let Ok(git) = git else { return };
    assert_eq!(String::from_utf8_lossy(&git.stdout), "");
}

#[test]
fn a_second_analysis_changes_nothing() {
    for case in cases() {
        let first = analyze(&case.before, &case.options);
        let second = analyze(&first.rewritten, &case.options);
        assert_eq!(second.rewritten, first.rewritten, "{}", case.name);
        assert!(second.edits.is_empty(), "{}", case.name);
        assert!(second.errors.len() <= first.errors.len(), "{}: {:?}", case.name, second.errors);
        let applied = |fix: usize| first.fixes[fix].edits.iter().all(|e| first.edits.contains(e));
        let fixed = first.issues.iter().filter(|issue| issue.fix.is_some_and(applied)).count();
        let left = second.issues.len();
        assert!(left + fixed <= first.issues.len(), "{}: {:#?}", case.name, second.issues);
    }
}

/// What is proposed leaves nothing to propose, and hides nothing that any step is refused for.
#[test]
fn a_proposed_dockerignore_is_enough() {
    let (mut proposed, mut by_rules) = (0, 0);
    for case in cases() {
        let first = analyze(&case.before, &case.options);
        let Some(dockerignore) = first.dockerignore else { continue };
        let options = Options { dockerignore: Some(dockerignore), ..case.options };
        let second = analyze(&case.before, &options);
        assert_eq!(second.dockerignore, None, "{}", case.name);
        let of_rules = |issue: &&Issue| issue.rule.ends_with("-in-context");
        assert_eq!(second.issues.iter().find(of_rules), None, "{}", case.name);
        assert_eq!(second.errors, first.errors, "{}", case.name);
        // What it is a part of, stands without it.
        assert_eq!(second.rewritten, first.rewritten, "{}", case.name);
        assert!(second.fixes.iter().all(|fix| fix.dockerignore.is_empty()), "{}", case.name);
        by_rules += usize::from(first.issues.iter().any(|issue| of_rules(&issue)));
        proposed += 1;
    }
    assert!(proposed > 50 && by_rules > 2, "{proposed} proposed, {by_rules} of them by rules");
}

/// With all rules, and all that they suggest.
#[test]
fn all_rules_get_on() {
    for mut case in cases() {
        case.options.rules.retain(|rule, _| !BESIDE.contains(&rule.as_str()));
        // One suggestion may leave room for another.
        for (level, rounds) in [(FixLevel::Assumed, 1), (FixLevel::Suggested, 3)] {
            let options = Options { fix: level, ..case.options.clone() };
            let mut text = case.before.clone();
            let errors = analyze(&text, &options).errors.len();
            (0..rounds).for_each(|_| text = analyze(&text, &options).rewritten);
            let last = analyze(&text, &options);
            assert_eq!(last.rewritten, text, "{}", case.name);
            assert!(last.errors.len() <= errors, "{}", case.name);
        }
        // What the order becomes, no rule beside it decides.
        let order = |report: &Report| -> Vec<String> {
            let own = report.issues.iter().filter(|issue| !BESIDE.contains(&issue.rule));
            own.map(|issue| {
                format!("{} {:?} {:?}", issue.message, issue.refusal, issue.fix.is_some())
            })
            .collect()
        };
        let all = analyze(&case.before, &case.options);
        let off = BESIDE.iter().map(|rule| (rule.to_string(), Level::Off));
        let alone =
            analyze(&case.before, &Options { rules: off.collect(), ..case.options.clone() });
        if case.options.rules.is_empty() {
            assert_eq!(order(&all), order(&alone), "{}", case.name);
        }
    }
}

#[test]
fn edits_make_what_is_rewritten() {
    for case in cases() {
        let report = analyze(&case.before, &case.options);
        let mut at = 0;
        for edit in &report.edits {
            assert!(at <= edit.span.start as usize, "{}: edits overlap", case.name);
            at = edit.span.end as usize;
            let changes = !edit.span.is_empty() || !edit.text.is_empty();
            assert!(changes && edit.span.of(&case.before) != edit.text, "{}", case.name);
        }
        assert_eq!(apply(&case.before, &report.edits), report.rewritten, "{}", case.name);
        let level = case.options.fix;
        for fix in &report.fixes {
            let applied = match fix.applicability {
                Applicability::Safe => level >= FixLevel::Safe,
                Applicability::Assumed => level >= FixLevel::Assumed,
                Applicability::Suggested => level >= FixLevel::Suggested,
            };
            let all = fix.edits.iter().all(|edit| report.edits.contains(edit));
            assert_eq!(applied, all, "{}: {}", case.name, fix.title);
            let assumed = fix.applicability != Applicability::Safe;
            assert_eq!(assumed, !fix.assumptions.is_empty(), "{}", case.name);
        }
        for issue in report.issues.iter().filter(|issue| !BESIDE.contains(&issue.rule)) {
            let excludes = report.dockerignore.is_some() && issue.rule.ends_with("-in-context");
            let answered = excludes || issue.fix.is_some() != issue.refusal.is_some();
            assert!(level == FixLevel::None || answered, "{}: {}", case.name, issue.message);
            assert!(issue.fix.is_none_or(|fix| fix < report.fixes.len()), "{}", case.name);
        }
    }
}

#[test]
fn line_breaks_stay_as_they_are() {
    // A here-document hands its carriage returns to the shell: it is another script then.
    for case in cases().into_iter().filter(|case| !case.before.contains("<<")) {
        let report = analyze(&case.before, &case.options);
        let windows = analyze(&case.before.replace('\n', "\r\n"), &case.options);
        assert_eq!(windows.rewritten, report.rewritten.replace('\n', "\r\n"), "{}", case.name);
        assert_eq!(windows.issues.len(), report.issues.len(), "{}", case.name);
    }
}

#[test]
fn without_fixes_the_issues_are_the_same() {
    for case in cases() {
        let report = analyze(&case.before, &case.options);
        let options = Options { fix: FixLevel::None, ..case.options };
        let bare = analyze(&case.before, &options);
        assert_eq!(bare.rewritten, case.before, "{}", case.name);
        assert!(bare.fixes.is_empty() && bare.edits.is_empty(), "{}", case.name);
        let found = |report: &Report| -> Vec<_> {
            report.issues.iter().map(|issue| (issue.rule, issue.span, issue.severity)).collect()
        };
        assert_eq!(found(&bare), found(&report), "{}", case.name);
    }
}

#[test]
fn every_case_passes_the_verification() {
    // Triggers were verified as the steps that they are to a build on the image.
    for case in cases().into_iter().filter(|case| !case.name.starts_with("onbuild-")) {
        let report = analyze(&case.before, &case.options);
        let (tree, _) = layerwise::syntax::parse(&case.before);
        let context = case.context();
        let context = match &report.dockerignore {
            Some(text) => context.ignoring_instead(text.clone(), Vec::new()),
            None => context,
        };
        let graph = Graph::new(&tree, &context, &case.options);
        let costs = costs(&graph, None);
        let changes = Changes::new(&mut Model::new(&graph), &costs);
        let verified = verify(&changes, &report.rewritten).map(drop);
        assert_eq!(verified, Ok(()), "{}", case.name);
    }
}
