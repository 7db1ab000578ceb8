//! Measures the rules and the rewriting on a corpus of real Dockerfiles.
//!
//! `cargo run --profile corpus --example corpus -- CORPUS [--show ID] [--list RULE]` reads
//! `dev.jsonl.gz` of the folder CORPUS: one object a line with `id`, `dockerfile`, `files`,
//! `files_truncated`, `manifests` and `dockerignore`.

use flate2::read::GzDecoder;
use layerwise::{Applicability, Issue, Options, analyze};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::time::{Duration, Instant};

/// One Dockerfile of the corpus.
struct Case {
    id: String,
    dockerfile: String,
    options: Options,
    whole: bool,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let corpus = arguments.next().unwrap_or_else(|| "../shared/corpus".into());
    let mut bare = false;
    let mut show = Vec::new();
    let mut changed = false;
    let mut listed = None;
    let mut whole_only = false;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bare" => bare = true,
            "--changed" => changed = true,
            "--whole" => whole_only = true,
            "--show" => show.extend(arguments.next()),
            "--list" => listed = arguments.next(),
            other => panic!("unknown argument {other}"),
        }
    }
    let mut cases = read(&corpus, bare);
    if whole_only {
        cases.retain(|case| case.whole);
    }
    let mut rows: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut time = Duration::ZERO;
    let (mut files, mut again, mut kept, mut worse) = (0, 0, 0, 0);
    for case in &cases {
        if !show.is_empty() && !show.contains(&case.id) {
            continue;
        }
        let start = Instant::now();
        let report = analyze(&case.dockerfile, &case.options);
        time += start.elapsed();
        files += 1;
        for issue in &report.issues {
            if listed.as_deref() == Some(issue.rule) {
                let before = case.dockerfile.get(..issue.span.start as usize).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                let fix = issue.fix.map(|fix| report.fixes[fix].applicability.id());
                let refused = issue.refusal.as_ref().map(|refusal| refusal.message.as_str());
                let outcome = fix.or(refused).unwrap_or("no fix");
                println!("{}:{line}: {} [{outcome}]", case.id, issue.message);
            }
            let tool = issue.message.split(' ').next().unwrap_or("").to_owned();
            let outcome = match (issue.fix, &issue.refusal) {
                (Some(fix), _) => report.fixes[fix].applicability.id().to_owned(),
                (None, Some(refusal)) => format!("refused {}", refusal.reason.id()),
                (None, None) => "advice".to_owned(),
            };
            *rows.entry(tool).or_default().entry(outcome).or_default() += 1;
        }
        if report.rewritten != case.dockerfile {
            let second = analyze(&report.rewritten, &case.options);
            if !second.edits.is_empty() {
                again += 1;
                println!("{}: a second rewrite differs", case.id);
            }
            // A step that is cut may show what it hid; what was fixed has to be gone.
            let count = |issues: &[Issue], issue: &Issue, any: bool| {
                let named =
                    |issue: &Issue| issue.message.split(" after `").next().map(str::to_owned);
                let same = |other: &&Issue| {
                    (any || other.fix.is_none())
                        && other.rule == issue.rule
                        && named(other) == named(issue)
                };
                issues.iter().filter(same).count()
            };
            // A suggestion was not taken.
            let taken = |fix: usize| report.fixes[fix].applicability != Applicability::Suggested;
            let stays = |issue: &&Issue| {
                issue.fix.is_some_and(taken)
                    && count(&second.issues, issue, true) > count(&report.issues, issue, false)
            };
            if report.issues.iter().any(|issue| stays(&issue)) {
                kept += 1;
                println!("{}: an issue that is fixed is reported again", case.id);
            }
            if second.errors.len() > report.errors.len() {
                worse += 1;
                println!("{}: a new syntax error", case.id);
            }
        }
        let wanted = changed && !report.issues.is_empty();
        if wanted || !show.is_empty() {
            print(case, &report);
        }
    }
    println!(
        "{files} files, {again} rewritten twice, {kept} reported again, {worse} with a new syntax \
         error, {time:?}"
    );
    for (tool, outcomes) in rows {
        let total: usize = outcomes.values().sum();
        println!("{tool:12} {total:4}  {outcomes:?}");
    }
}

fn print(case: &Case, report: &layerwise::Report) {
    println!("=== {} ({} files)", case.id, case.options.files.as_ref().map_or(0, BTreeMap::len));
    for issue in &report.issues {
        println!("- {}: {}", issue.rule, issue.message);
        if let Some(refusal) = &issue.refusal {
            println!("  refused: {} {}", refusal.reason.id(), refusal.message);
        }
    }
    for fix in &report.fixes {
        println!("+ {:?} {}", fix.applicability, fix.title);
        for sentence in &fix.assumptions {
            println!("  assumes: {sentence}");
        }
    }
    diff(&case.dockerfile, &report.rewritten);
}

/// A plain line diff: longest common subsequence.
fn diff(before: &str, after: &str) {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut table = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] = match a[i] == b[j] {
                true => table[i + 1][j + 1] + 1,
                false => table[i + 1][j].max(table[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            println!("  {}", a[i]);
            (i, j) = (i + 1, j + 1);
        } else if j < b.len() && (i == a.len() || table[i][j + 1] >= table[i + 1][j]) {
            println!("+ {}", b[j]);
            j += 1;
        } else {
            println!("- {}", a[i]);
            i += 1;
        }
    }
}

fn read(corpus: &str, bare: bool) -> Vec<Case> {
    let file = std::fs::File::open(format!("{corpus}/dev.jsonl.gz"))
        .unwrap_or_else(|error| panic!("{corpus}/dev.jsonl.gz: {error}"));
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).expect("gzip text");
    let cases = text.lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let string = |key: &str| value[key].as_str().map(str::to_owned);
        let mut files: BTreeMap<String, Option<String>> = BTreeMap::new();
        for path in value["files"].as_array().into_iter().flatten() {
            files.insert(path.as_str().unwrap_or("").to_owned(), None);
        }
        for (path, text) in value["manifests"].as_object().into_iter().flatten() {
            files.insert(path.clone(), text.as_str().map(str::to_owned));
        }
        let options = Options {
            files: (!bare && !files.is_empty()).then_some(files),
            files_complete: value["files_truncated"] != true,
            dockerignore: if bare { None } else { string("dockerignore") },
            ..Options::default()
        };
        Case {
            id: string("id").unwrap_or_default(),
            dockerfile: string("dockerfile").unwrap_or_default(),
            options,
            whole: value["whole_context_copy"] == true,
        }
    });
    cases.collect()
}
