//! Any text is parsed, and the tree tiles it.
#![no_main]

use layerwise::syntax::parse;
use layerwise::text::LineIndex;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (file, errors) = parse(text);
    let lines = LineIndex::new(text);
    let mut at = 0;
    for item in &file.items {
        assert_eq!(item.span.start, at);
        at = item.span.end;
    }
    assert_eq!(at as usize, text.len());
    for instruction in &file.instructions {
        let _ = (instruction.span.of(text), instruction.argument_texts());
    }
    for error in &errors {
        let _ = (error.span.of(text), lines.position(error.span.end));
    }
});
