//! How long an analysis takes, beside the bare parse of `parse-dockerfile` in the same run.

use divan::Bencher;
use layerwise::{FixLevel, Options, analyze};

const TYPICAL: &str = include_str!("../tests/fixtures/pip-2014/before.Dockerfile");

fn main() {
    divan::main();
}

/// The example many times over, as stages of one file.
fn large() -> String {
    TYPICAL.repeat(100)
}

/// A RUN of 20,000 lines behind a copy of everything.
fn long_run() -> String {
    format!("FROM a\nCOPY . /app\nRUN pip install a{}\n", " \\\n    b".repeat(20_000))
}

fn texts() -> [(&'static str, String); 3] {
    [("typical", TYPICAL.into()), ("large", large()), ("long-run", long_run())]
}

#[divan::bench(args = texts().map(|(name, _)| name))]
fn peer_parse(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher.bench(|| parse_dockerfile::parse(divan::black_box(&text)).is_ok());
}

#[divan::bench(args = texts().map(|(name, _)| name))]
fn analyze_without_fixes(bencher: Bencher, name: &str) {
    let (text, options) = (text(name), Options { fix: FixLevel::None, ..Options::default() });
    bencher.bench(|| analyze(divan::black_box(&text), &options));
}

#[divan::bench(args = texts().map(|(name, _)| name))]
fn analyze_and_rewrite(bencher: Bencher, name: &str) {
    let (text, options) = (text(name), Options::default());
    bencher.bench(|| analyze(divan::black_box(&text), &options));
}

fn text(name: &str) -> String {
    let found = texts().into_iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| text).unwrap_or_default()
}
