//! Any text is analysed: edits make what is rewritten, a second analysis changes nothing, and no
//! error is new.
#![no_main]

use layerwise::text::apply;
use layerwise::{Options, analyze};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let options = Options::default();
    let report = analyze(text, &options);
    assert_eq!(apply(text, &report.edits), report.rewritten);
    if !report.edits.is_empty() {
        let second = analyze(&report.rewritten, &options);
        assert!(second.errors.len() <= report.errors.len(), "{:?}", second.errors);
        assert_eq!(second.rewritten, report.rewritten);
    }
});
