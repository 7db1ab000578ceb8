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
    let names = |path: &'_ str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.map(str::to_owned).collect()
    };
    for path in paths {
        // A directory that is left out is there for what is taken back below it.
        let holds =
            |other: &&str| names(other).starts_with(&names(path)) && names(other) != names(path);
        if paths.iter().any(holds) {
            continue;
        }
        let there = context.exists(path);
        assert!(!(there.is_yes() && context.is_ignored(path).is_yes()), "{path}");
    }
});
