//! Two builds are compared, each a part of the input; a build is cached beside itself.
#![no_main]

use layerwise::{Build, CompareOptions, Outcome, compare};

fn build(text: &str) -> Build {
    let (dockerfile, rest) = text.split_once("\u{1}").unwrap_or((text, ""));
    let files = rest.lines().map(|line| {
        let (path, content) = line.split_once('=').unwrap_or((line, ""));
        (path.to_owned(), Some(content.to_owned()))
    });
    Build { dockerfile: dockerfile.to_owned(), files: Some(files.collect()), ..Build::default() }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (before, after) = text.split_once("\u{2}").unwrap_or((text, text));
    let (before, after) = (build(before), build(after));
    compare(&before, &after, &CompareOptions::default());
    for step in compare(&after, &after, &CompareOptions::default()) {
        assert_eq!(step.outcome, Outcome::Cached, "{}", step.text);
    }
});
