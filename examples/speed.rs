//! How long an analysis takes beside the bare parse of `parse-dockerfile`, in one run.
//!
//! `cargo run --profile bench --example speed -- CORPUS [ROUNDS]` takes 300 files of
//! `dev.jsonl.gz` in the folder CORPUS (those of `tests/fixtures` where it is not there) in four
//! ways: with and without a file list, with and without fixes. Each way is measured as the
//! fastest of all rounds, and the rounds of all ways alternate, so that a busy machine slows
//! all of them. `--only WAY` runs one way once, for a profiler.

use flate2::read::GzDecoder;
use layerwise::{FixLevel, Options, analyze};
use serde_json::Value;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Read;
use std::time::{Duration, Instant};

/// How many files are analysed.
const FILES: usize = 300;

/// A Dockerfile with its context.
struct Case {
    dockerfile: String,
    listed: Options,
}

/// A way to analyse all files.
struct Way {
    name: &'static str,
    is_listed: bool,
    fix: FixLevel,
}

const WAYS: [Way; 4] = [
    Way { name: "check", is_listed: false, fix: FixLevel::None },
    Way { name: "fix", is_listed: false, fix: FixLevel::Assumed },
    Way { name: "listed-check", is_listed: true, fix: FixLevel::None },
    Way { name: "listed-fix", is_listed: true, fix: FixLevel::Assumed },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let corpus = arguments.first().map_or("../shared/corpus", String::as_str);
    let mut cases = from_corpus(corpus).unwrap_or_else(from_fixtures);
    cases.retain(|case| parse_dockerfile::parse(&case.dockerfile).is_ok());
    cases.truncate(FILES);
    if let Some(at) = arguments.iter().position(|argument| argument == "--only") {
        return only(&cases, arguments.get(at + 1).map_or("", String::as_str));
    }
    let rounds = arguments.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(40);
    let mut peer = Duration::MAX;
    let mut best = [Duration::MAX; WAYS.len()];
    for _ in 0..rounds {
        peer = peer.min(timed(|| parse_all(&cases)));
        for (way, best) in WAYS.iter().zip(&mut best) {
            let options = options(&cases, way);
            *best = (*best).min(timed(|| analyze_all(&cases, &options)));
        }
    }
    let bytes: usize = cases.iter().map(|case| case.dockerfile.len()).sum();
    let each = |time: Duration| time.as_secs_f64() * 1e6 / cases.len() as f64;
    println!("{} files, {} bytes in the mean", cases.len(), bytes / cases.len());
    println!("{:14}{:8.2} us", "parse alone", each(peer));
    for (way, best) in WAYS.iter().zip(best) {
        let times = best.as_secs_f64() / peer.as_secs_f64();
        println!("{:14}{:8.2} us {times:8.1} times", way.name, each(best));
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Runs one way once; `parse` is the peer.
fn only(cases: &[Case], name: &str) {
    match WAYS.iter().find(|way| way.name == name) {
        Some(way) => analyze_all(cases, &options(cases, way)),
        None => parse_all(cases),
    }
}

#[inline(never)]
fn parse_all(cases: &[Case]) {
    for case in cases {
        black_box(parse_dockerfile::parse(black_box(&case.dockerfile)).is_ok());
    }
}

#[inline(never)]
fn analyze_all(cases: &[Case], options: &[Options]) {
    for (case, options) in cases.iter().zip(options) {
        black_box(analyze(black_box(&case.dockerfile), options));
    }
}

fn options(cases: &[Case], way: &Way) -> Vec<Options> {
    let options = cases.iter().map(|case| match way.is_listed {
        true => Options { fix: way.fix, ..case.listed.clone() },
        false => Options { fix: way.fix, ..Options::default() },
    });
    options.collect()
}

fn from_corpus(corpus: &str) -> Option<Vec<Case>> {
    let file = std::fs::File::open(format!("{corpus}/dev.jsonl.gz")).ok()?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).expect("gzip text");
    let cases = text.lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let mut files: BTreeMap<String, Option<String>> = BTreeMap::new();
        for path in value["files"].as_array().into_iter().flatten() {
            files.insert(path.as_str().unwrap_or("").to_owned(), None);
        }
        for (path, text) in value["manifests"].as_object().into_iter().flatten() {
            files.insert(path.clone(), text.as_str().map(str::to_owned));
        }
        let listed = Options {
            files: (!files.is_empty()).then_some(files),
            files_complete: value["files_truncated"] != true,
            dockerignore: value["dockerignore"].as_str().map(str::to_owned),
            ..Options::default()
        };
        Case { dockerfile: value["dockerfile"].as_str().unwrap_or("").to_owned(), listed }
    });
    Some(cases.collect())
}

/// The fixtures: their Dockerfiles, without a list of files.
fn from_fixtures() -> Vec<Case> {
    let folders = std::fs::read_dir("tests/fixtures").expect("the fixtures");
    let texts = folders.filter_map(|folder| {
        std::fs::read_to_string(folder.ok()?.path().join("before.Dockerfile")).ok()
    });
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    let case = |dockerfile| Case {
        dockerfile,
        listed: Options { files: Some(BTreeMap::new()), ..Options::default() },
    };
    texts.into_iter().map(case).collect()
}
