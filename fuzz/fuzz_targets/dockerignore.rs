//! Any `.dockerignore` is read, and answers for any path; the path is the first line.
#![no_main]

use layerwise::context::{Context, ContextInput};

libfuzzer_sys::fuzz_target!(|text: &str| {
    // No path holds one.
    if text.contains('\0') {
        return;
    }
    let (path, lines) = text.split_once('\n').unwrap_or((text, ""));
    let paths = [path, "src/main.rs", "a/b/c.txt", ".git/HEAD"];
    let context = Context::new(ContextInput {
        complete: true,
        dockerignore: Some(lines.to_owned()),
        ..ContextInput::listed(paths.map(|path| (path, None)))
    });
    for path in paths {
        let there = context.exists(path);
        assert!(!(there.is_yes() && context.is_ignored(path).is_yes()), "{path}");
    }
});
