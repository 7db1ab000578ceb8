//! What is known beside a Dockerfile is any text: files with theirs, patterns, targets, arguments.
//! Parts of the input are divided by a byte that stands in none of the seeds. How an object of
//! JavaScript is read is tried by `tests/package`.
#![no_main]

use layerwise::report::BaseImage;
use layerwise::text::apply;
use layerwise::{FixLevel, Options, analyze};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut parts = text.split('\u{1}');
    let dockerfile = parts.next().unwrap_or_default();
    let (mut options, mut files) = (Options::default(), std::collections::BTreeMap::new());
    options.fix = FixLevel::Suggested;
    for part in parts {
        let (name, value) = part.split_once('\u{2}').unwrap_or((part, ""));
        let value = value.to_owned();
        match name.as_bytes().first() {
            Some(b'!') => options.dockerignore = Some(value),
            Some(b'>') => options.target = Some(value),
            Some(b'$') => drop(options.build_args.insert(name[1..].to_owned(), value)),
            Some(b'@') => {
                let image = BaseImage { workdir: Some(value), ..BaseImage::default() };
                options.base_images.insert(name[1..].to_owned(), image);
            }
            _ => drop(files.insert(name.to_owned(), Some(value))),
        }
    }
    options.files = (!files.is_empty()).then_some(files);
    let report = analyze(dockerfile, &options);
    assert_eq!(apply(dockerfile, &report.edits), report.rewritten);
});
