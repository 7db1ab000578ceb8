//! The Dockerfiles of `docs/guides`: nothing is found in them, as their builders are.

use layerwise::{Options, analyze};
use std::fs;
use std::path::Path;

/// The heading of Dockerfiles that have no mounts.
const NEW_BUILDER: &str = "On a builder that is new for each build";

/// The Dockerfiles of a page, each with the heading it stands under.
fn dockerfiles(page: &str) -> Vec<(&str, &str)> {
    let mut heading = "";
    let mut found = Vec::new();
    for (at, part) in page.split("```").enumerate() {
        if at % 2 == 0 {
            let mut headings = part.lines().filter_map(|line| line.strip_prefix("## "));
            heading = headings.next_back().unwrap_or(heading);
        } else {
            found.push((heading, part.strip_prefix("dockerfile\n").expect("another language")));
        }
    }
    found
}

#[test]
fn guides_have_no_issues() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    let mut count = 0;
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        for (heading, text) in dockerfiles(&page) {
            let ephemeral = heading == NEW_BUILDER;
            let report = analyze(text, &Options { ephemeral, ..Options::default() });
            assert_eq!(report.errors, [], "{}", path.display());
            assert_eq!(report.rewritten, text, "{}", path.display());
            let issues = report.issues;
            assert!(issues.is_empty(), "{}: {heading}: {issues:#?}", path.display());
            count += 1;
        }
    }
    assert!(count >= 20, "only {count} Dockerfiles");
}

#[test]
fn a_worse_file_has_issues() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/node.md"));
    let page = page.unwrap();
    let (heading, text) = dockerfiles(&page)[0];
    assert_eq!(heading, "On a laptop");
    let worse = text.replacen("COPY package.json package-lock.json ./", "COPY . .", 1);
    assert!(!analyze(&worse, &Options::default()).issues.is_empty());
}
