//! How long it takes to compare two builds.
//!
//! The bound is 100 ms for a file of 5,000 steps and a context of 50,000 paths.

use layerwise::{Build, CompareOptions, ContextFile, compare};
use std::collections::BTreeMap;
use std::fmt::Write;

fn main() {
    divan::main();
}

/// `steps` steps in stages of fifty that build on each other or copy from each other, with
/// variables, mounts, wildcards and copies of single directories.
fn dockerfile(steps: usize) -> String {
    let mut text = String::from("ARG VERSION=1\nFROM debian AS s0\n");
    let (mut made, mut stage) = (0, 0);
    while made < steps {
        if made % 50 == 49 {
            stage += 1;
            let base = if stage % 2 == 0 { "debian".into() } else { format!("s{}", stage - 1) };
            writeln!(text, "FROM {base} AS s{stage}\nARG VERSION").unwrap();
            writeln!(text, "COPY --from=s{} /out /in{stage}", stage - 1).unwrap();
        } else if made % 5 == 0 {
            writeln!(text, "ENV V{made}=${{VERSION}}\nCOPY d{made} /app/d{made}/").unwrap();
        } else if made % 50 == 7 {
            writeln!(text, "COPY d{made}/*.txt ./").unwrap();
        } else if made % 5 == 1 {
            writeln!(text, "RUN --mount=type=bind,source=d{made},target=/m make -C /m").unwrap();
        } else {
            writeln!(text, "RUN echo {made} \\\n  && build --version=$VERSION").unwrap();
        }
        made += 1;
    }
    text + "COPY . .\n"
}

fn context(paths: usize, changed: usize) -> BTreeMap<String, ContextFile> {
    let file = |at: usize| {
        let text = if at == changed { "another text" } else { "some text of a small file" };
        (format!("d{}/sub/file{at}.txt", at % 5_000), ContextFile::text(text))
    };
    (0..paths).map(file).collect()
}

#[divan::bench(args = [(50, 500), (500, 5_000), (5_000, 50_000)])]
fn one_file_changed(bencher: divan::Bencher, (steps, paths): (usize, usize)) {
    let build = |changed: usize| Build {
        dockerfile: dockerfile(steps),
        context: Some(context(paths, changed)),
        dockerignore: Some("**/*.log\n.git\n!keep".into()),
        ..Build::default()
    };
    let (before, after) = (build(usize::MAX), build(25));
    bencher.bench(|| compare(&before, &after, &CompareOptions::default()));
}

#[divan::bench]
fn typical(bencher: divan::Bencher) {
    let text = "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt ./\n\
                RUN pip install -r requirements.txt\nCOPY . .\nCMD [\"python\", \"app.py\"]\n";
    let build = |changed| Build {
        dockerfile: text.into(),
        context: Some(context(30, changed)),
        ..Build::default()
    };
    let (before, after) = (build(usize::MAX), build(3));
    bencher.bench(|| compare(&before, &after, &CompareOptions::default()));
}
