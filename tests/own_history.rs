//! The commits of this repository, replayed and built whole: each reruns what `compare` says of it
//! and the one before. A clone that has few commits, or is none, has nothing to try, and says so.

use layerwise::context::EntryKind;
use layerwise::{
    Build, Commit, CompareOptions, ContextFile, FixLevel, Outcome, Replay, ReplayOptions, compare,
    replay,
};
use std::collections::BTreeMap;
use std::process::Command;

/// Commits that are replayed, the last ones.
const COMMITS: usize = 40;

/// What they are built with.
const DOCKERFILES: &[&str] = &[
    "FROM rust:1\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n",
    "FROM rust:1 AS build\nWORKDIR /src\nCOPY Cargo.toml Cargo.lock ./\nCOPY src ./src\n\
     RUN cargo build --release --lib\nFROM node:24\nWORKDIR /app\n\
     COPY --exclude=*.md pkg-template ./\nCOPY www/package*.json ./www/\nRUN cd www && npm ci\n\
     COPY --link www/src/*.ts ./www/src/\nCOPY --from=build /src/target /target\n",
];

/// What git answers; nothing where it does not.
fn git(arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    let output = git.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// An entry of git; the object is as good as the content.
fn file(mode: &str, object: &str) -> ContextFile {
    let mut file = ContextFile { sha256: Some(object.to_owned()), ..ContextFile::default() };
    match mode {
        "120000" => (file.kind, file.target) = (EntryKind::Symlink, file.sha256.take()),
        _ => file.mode = ContextFile::parse_mode(&mode[2..]),
    }
    file
}

/// Whether a path counts: the fixtures are most of the files, and nothing new.
fn counts(path: &str) -> bool {
    !path.starts_with("tests/")
}

/// The files before the last commits, and these.
fn history() -> Option<(BTreeMap<String, ContextFile>, Vec<Commit>)> {
    let start = git(&["rev-parse", "--verify", "--quiet", &format!("HEAD~{COMMITS}")])?;
    let start = start.trim();
    let mut files = BTreeMap::new();
    for record in git(&["ls-tree", "-r", "-z", "--full-tree", start])?.split_terminator('\0') {
        let (head, path) = record.split_once('\t')?;
        let mut words = head.split(' ');
        let (mode, object) = (words.next()?, words.nth(1)?);
        if counts(path) {
            files.insert(path.to_owned(), file(mode, object));
        }
    }
    let range = format!("{start}..HEAD");
    let log = ["log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--no-renames"];
    let log = [&log[..], &["--reverse", "--format=commit %H", &range]].concat();
    let log = git(&log)?;
    let mut commits: Vec<Commit> = Vec::new();
    let mut parts = log.split('\0').map(str::trim).filter(|part| !part.is_empty());
    while let Some(part) = parts.next() {
        if let Some(id) = part.strip_prefix("commit ") {
            commits.push(Commit { id: id.to_owned(), ..Commit::default() });
            continue;
        }
        let words: Vec<&str> = part.trim_start_matches(':').split(' ').collect();
        let (mode, object, path) = (words[1], words[3], parts.next()?);
        if counts(path) {
            let now = (mode != "000000").then(|| file(mode, object));
            commits.last_mut()?.changes.insert(path.to_owned(), now);
        }
    }
    Some((files, commits))
}

/// Each commit reruns what `compare` says of the whole builds.
fn agrees(start: &Build, commits: &[Commit], replayed: &Replay) {
    let mut before = Build { dockerfile: replayed.dockerfiles[0].clone(), ..start.clone() };
    for (commit, told) in commits.iter().zip(&replayed.commits) {
        let dockerfile = replayed.dockerfiles[told.dockerfile].clone();
        let mut after = Build { dockerfile, ..before.clone() };
        for (path, file) in &commit.changes {
            let context = after.context.as_mut().expect("a context");
            match file {
                Some(file) => context.insert(path.clone(), file.clone()),
                None => context.remove(path),
            };
        }
        let mut steps = compare(&before, &after, &CompareOptions::default());
        steps.retain(|step| step.outcome != Outcome::Cached);
        assert_eq!(told.reruns, steps, "{}", commit.id);
        before = after;
    }
}

#[test]
fn commits_of_this_repository_rerun_what_compare_says() {
    let Some((files, commits)) = history() else {
        println!("skipped: git knows no {COMMITS} commits here");
        return;
    };
    assert!(commits.len() <= COMMITS && !files.is_empty());
    for text in DOCKERFILES {
        let dockerfile = (*text).to_owned();
        let start = Build { dockerfile, context: Some(files.clone()), ..Build::default() };
        let options = ReplayOptions { rewrite: FixLevel::Assumed, ..ReplayOptions::default() };
        let replayed = replay(&start, &commits, &options);
        assert_eq!(replayed.commits.len(), commits.len());
        agrees(&start, &commits, &replayed);
        agrees(&start, &commits, replayed.rewritten.as_ref().expect("a rewritten history"));
        let rebuilt = replayed.commits.iter().filter(|commit| !commit.reruns.is_empty()).count();
        println!("{rebuilt} of {} commits rebuilt something", commits.len());
    }
}
