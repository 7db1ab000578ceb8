//! How long it takes to replay a history: 1,000 commits of a context of 50,000 paths.
//!
//! The aim is 2 ms a commit for a typical file, and next to nothing for a commit of which no step
//! selects anything.

use layerwise::{Build, Commit, ContextFile, FixLevel, ReplayOptions, replay};

fn main() {
    divan::main();
}

const COMMITS: usize = 1_000;

const TYPICAL: &str = "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n\
                       FROM nginx\nCOPY --from=build /app/dist /usr/share/nginx/html\n";

const ORDERED: &str = "FROM node:22 AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n\
                       COPY src src\nRUN npm run build\nFROM nginx\n\
                       COPY --from=build /app/dist /usr/share/nginx/html\n";

fn file(version: usize) -> ContextFile {
    ContextFile {
        mode: Some(0o644),
        sha256: Some(format!("{version:040x}")),
        ..ContextFile::default()
    }
}

fn path(at: usize) -> String {
    format!("src/team-{}/package-{}/lib/file_{at}.ts", at / 2_500, at / 50)
}

fn start(dockerfile: &str, paths: usize) -> Build {
    let text = ContextFile::text("{ \"name\": \"app\" }");
    let own =
        ["package.json", "package-lock.json", "README.md"].map(|p| (p.to_owned(), text.clone()));
    Build {
        dockerfile: dockerfile.into(),
        context: Some((0..paths).map(|at| (path(at), file(0))).chain(own).collect()),
        dockerignore: Some("**/node_modules\n**/*.log\n.git\n!keep\n".into()),
        ..Build::default()
    }
}

/// Commits of five files each; every third adds one and takes one away, every tenth changes the
/// dependencies, every twentieth the Dockerfile.
fn commits(dockerfile: &str, paths: usize) -> Vec<Commit> {
    let commit = |at: usize| {
        let mut commit = Commit { id: at.to_string(), ..Commit::default() };
        for file_at in 0..5 {
            let path = path((at * 7_919 + file_at * 31) % paths);
            commit.changes.insert(path, Some(file(at + 1)));
        }
        if at.is_multiple_of(3) {
            commit.changes.insert(path((at * 104_729) % paths), None);
            commit.changes.insert(format!("src/new-{at}/file.ts"), Some(file(at)));
        }
        if at.is_multiple_of(10) {
            let text = format!("{{ \"version\": \"{at}\" }}");
            commit.changes.insert("package.json".into(), Some(ContextFile::text(&text)));
        }
        if at.is_multiple_of(20) {
            commit.dockerfile = Some(format!("{dockerfile}LABEL version={at}\n"));
        }
        commit
    };
    (0..COMMITS).map(commit).collect()
}

/// Commits of which no step selects anything.
fn unread() -> Vec<Commit> {
    let commit = |at: usize| Commit {
        id: at.to_string(),
        changes: [("README.md".to_owned(), Some(file(at + 1)))].into(),
        ..Commit::default()
    };
    (0..COMMITS).map(commit).collect()
}

#[divan::bench(sample_count = 5, args = [500, 50_000])]
fn everything_copied_first(bencher: divan::Bencher, paths: usize) {
    let (start, commits) = (start(TYPICAL, paths), commits(TYPICAL, paths));
    bencher.bench(|| replay(&start, &commits, &ReplayOptions::default()));
}

#[divan::bench(sample_count = 5, args = [500, 50_000])]
fn manifests_copied_first(bencher: divan::Bencher, paths: usize) {
    let (start, commits) = (start(ORDERED, paths), commits(ORDERED, paths));
    bencher.bench(|| replay(&start, &commits, &ReplayOptions::default()));
}

#[divan::bench(sample_count = 5, args = [500, 50_000])]
fn with_the_rewritten_history(bencher: divan::Bencher, paths: usize) {
    let (start, commits) = (start(TYPICAL, paths), commits(TYPICAL, paths));
    let options = ReplayOptions { rewrite: FixLevel::Assumed, ..ReplayOptions::default() };
    bencher.bench(|| replay(&start, &commits, &options));
}

#[divan::bench(sample_count = 5, args = [500, 50_000])]
fn nothing_read(bencher: divan::Bencher, paths: usize) {
    let (start, commits) = (start(ORDERED, paths), unread());
    bencher.bench(|| replay(&start, &commits, &ReplayOptions::default()));
}
