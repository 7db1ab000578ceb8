//! A history is replayed as `compare` of the whole builds says, commit by commit: over random
//! changes of the builds of the fixtures, of those that the simulator makes, and of files with
//! everything that selects. `LAYERWISE_HISTORIES` says how many of each are tried.

use layerwise::context::EntryKind;
use layerwise::{
    Build, Builder, Commit, CompareOptions, ContextFile, FixLevel, Outcome, Replay, ReplayOptions,
    StepOutcome, compare, replay,
};
use std::collections::BTreeMap;

#[path = "support/case.rs"]
mod case;
#[allow(dead_code, reason = "only its generator is used")]
#[path = "support/simulated.rs"]
mod simulated;

use simulated::random::Random;

fn count() -> usize {
    std::env::var("LAYERWISE_HISTORIES").map_or(60, |text| text.parse().expect("a number"))
}

/// Files in which something is selected in every way there is.
const SELECTING: &[&str] = &[
    "FROM node\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n",
    "FROM a\nCOPY --exclude=*.md --exclude=docs/** . /x/\nRUN b\nCOPY src /s\nRUN c\n",
    "FROM a AS one\nCOPY --parents **/package.json packages/./*/src /x/\nRUN b\n\
     FROM c\nCOPY --from=one /x /y\nRUN d\nCOPY --link src/*.js /z/\nRUN e\n",
    "FROM a AS files\nCOPY . /x\nRUN find /x ! -name package.json ! -type d -delete; \
     find /x -type d -empty -delete; true\n\
     FROM c\nCOPY --from=files /x /y\nRUN npm ci\nCOPY . /y\nRUN d\n",
    "FROM a\nRUN --mount=type=bind,source=src,target=/s --mount=type=bind,target=/t b\n\
     ADD docs README* /x/\nCOPY src/*/deep /d/\nCOPY to-src to-file l* /l/\nRUN c\n",
    "ARG V=1\nFROM a:$V AS base\nONBUILD COPY src /o\nFROM base\nARG W\nCOPY $W/a.js /x\nRUN b $W\n\
     COPY missing nothing* /m/\nRUN c\n",
];

/// What ignore files say.
const IGNORING: &[&str] =
    &["", "*.md\n", "docs\n!docs/keep\n", "*\n!src\n!package.json\n", "**/deep\n!**/a.js\n"];

/// Paths that commits change beside those that there are.
const PATHS: &[&str] = &[
    "package.json",
    "package-lock.json",
    "README.md",
    "src/a.js",
    "src/b.js",
    "src/new/c.js",
    "src/new/deep/d.js",
    "src/one/deep/a.js",
    "packages/p/package.json",
    "packages/p/src/a.js",
    "docs/keep",
    "docs/a.md",
    "docs/more/keep",
    "a",
    "a/b",
    "l1",
    "Dockerfile",
    "./src//a.js",
    "to-src",
    "to-file",
    "nothing.txt",
    "missing",
    "../outside",
    "src/new",
];

fn file(random: &mut Random) -> ContextFile {
    let text = random.pick(&["one", "two", "three", "{}"]);
    let mut file = ContextFile::text(text);
    match random.below(16) {
        0 => file.mode = Some(0o755),
        1 => file = ContextFile { sha256: Some(text.into()), ..ContextFile::default() },
        2 => {
            let target = random.pick(&["src", "src/a.js", "../docs", "nowhere", "/"]);
            file = ContextFile {
                kind: EntryKind::Symlink,
                target: Some(target.into()),
                ..ContextFile::default()
            };
        }
        3 => file = ContextFile { kind: EntryKind::Directory, ..ContextFile::default() },
        _ => {}
    }
    file
}

/// A random history from `start` on.
fn commits(start: &Build, random: &mut Random) -> Vec<Commit> {
    let own: Vec<&str> = start.context.iter().flatten().map(|(path, _)| path.as_str()).collect();
    let odd = random.one_in(3);
    let commit = |at: usize| {
        let mut commit = Commit { id: at.to_string(), ..Commit::default() };
        for _ in 0..random.below(4) {
            let paths = if own.is_empty() || random.one_in(2) { PATHS } else { &own };
            let path = random.pick(paths);
            let mut file = (!random.one_in(4)).then(|| file(random));
            if !odd && file.as_ref().is_some_and(|file| file.kind != EntryKind::File) {
                file = Some(ContextFile::text("four"));
            }
            commit.changes.insert(path.into(), file);
        }
        if random.one_in(8) {
            let more = random.pick(&["RUN more\n", "COPY src /more\n", "ENV A=b\n", "# nothing\n"]);
            commit.dockerfile = Some(match random.one_in(2) {
                true => format!("{}{more}", start.dockerfile),
                false => start.dockerfile.replacen('\n', &format!("\n{more}"), 2),
            });
        }
        if random.one_in(10) {
            let text = random.pick(IGNORING);
            commit.changes.insert(".dockerignore".into(), Some(ContextFile::text(text)));
        }
        if random.one_in(20) {
            commit.dockerignore = Some(random.pick(IGNORING).into());
        }
        if random.one_in(12) {
            let value = random.pick(&["src", "2"]);
            commit.build_args = Some([("W".to_owned(), value.to_owned())].into());
        }
        commit
    };
    (0..12).map(commit).collect()
}

/// The path as the context has it.
fn plain(path: &str) -> Option<String> {
    let path = layerwise::context::clean(path);
    (!path.starts_with("..")).then_some(path)
}

/// The whole builds of a history, that of the start first.
fn builds(start: &Build, commits: &[Commit]) -> Vec<Build> {
    let mut build = start.clone();
    let mut builds = vec![build.clone()];
    for commit in commits {
        for (path, file) in &commit.changes {
            let (Some(path), Some(context)) = (plain(path), &mut build.context) else { continue };
            match file {
                Some(file) => context.insert(path, file.clone()),
                None => context.remove(&path),
            };
        }
        if let Some(text) = &commit.dockerfile {
            build.dockerfile = text.clone();
        }
        build.dockerignore = commit.dockerignore.clone().or(build.dockerignore);
        if let Some(values) = &commit.build_args {
            build.build_args = values.clone();
        }
        builds.push(build.clone());
    }
    builds
}

fn not_cached(steps: Vec<StepOutcome>) -> Vec<StepOutcome> {
    steps.into_iter().filter(|step| step.outcome != Outcome::Cached).collect()
}

/// Each commit reruns what `compare` says of the whole builds, with the Dockerfiles of `replayed`.
fn agrees(name: &str, builds: &[Build], replayed: &Replay, builder: Builder) {
    let how = CompareOptions { builder, target: None };
    assert_eq!(replayed.commits.len() + 1, builds.len(), "{name}");
    let mut before = Build { dockerfile: replayed.dockerfiles[0].clone(), ..builds[0].clone() };
    for (commit, build) in replayed.commits.iter().zip(&builds[1..]) {
        let dockerfile = replayed.dockerfiles[commit.dockerfile].clone();
        let after = Build { dockerfile, ..build.clone() };
        let whole = not_cached(compare(&before, &after, &how));
        let paths = |build: &Build| format!("{:#?}", build.context);
        assert_eq!(
            commit.reruns,
            whole,
            "{name}, {builder:?}, commit {} from\n{}\nto\n{}\nbefore {}\nafter {}",
            commit.id,
            before.dockerfile,
            after.dockerfile,
            paths(&before),
            paths(&after)
        );
        before = after;
    }
}

/// Starts by a name for messages.
fn starts() -> Vec<(String, Build)> {
    let mut found = Vec::new();
    let with = |dockerfile: &str, files: Option<BTreeMap<String, Option<String>>>| {
        let files = files.unwrap_or_default().into_iter();
        let files = files.map(|(path, text)| (path, ContextFile { text, ..ContextFile::text("") }));
        Build { dockerfile: dockerfile.into(), context: Some(files.collect()), ..Build::default() }
    };
    let cases = case::cases();
    let mut random = Random::new(7);
    for number in 0..count() {
        let case = &cases[random.below(cases.len())];
        let start = with(&case.before, case.options.files.clone());
        found.push((format!("{} {number}", case.name), start));
        let (text, options) = simulated::file(number as u64);
        found.push((format!("seed {number}"), with(&text, options.files)));
        let paths = PATHS.iter().filter(|path| plain(path).as_deref() == Some(path));
        let paths = paths.filter(|path| !["a", "src/new", "Dockerfile"].contains(path));
        let files = paths.filter(|_| !random.one_in(3)).map(|path| (path.to_string(), None));
        let start = with(SELECTING[number % SELECTING.len()], Some(files.collect()));
        found.push((format!("selecting {number}"), start));
    }
    found
}

#[test]
fn every_commit_is_what_compare_says_of_the_whole_builds() {
    let (mut all, mut cached) = (0, 0);
    for (at, (name, start)) in starts().into_iter().enumerate() {
        let mut random = Random::new(at as u64);
        let commits = commits(&start, &mut random);
        let builds = builds(&start, &commits);
        let builder = if random.one_in(3) { Builder::Classic } else { Builder::Buildkit };
        let builder = if random.one_in(5) { Builder::Buildah } else { builder };
        let rewrite = if at % 4 == 0 { FixLevel::Assumed } else { FixLevel::None };
        let options = ReplayOptions { builder, rewrite, ..ReplayOptions::default() };
        let replayed = replay(&start, &commits, &options);
        for (commit, build) in replayed.commits.iter().zip(&builds[1..]) {
            assert_eq!(replayed.dockerfiles[commit.dockerfile], build.dockerfile, "{name}");
        }
        agrees(&name, &builds, &replayed, builder);
        assert_eq!(replayed.rewritten.is_some(), at % 4 == 0, "{name}");
        if let Some(rewritten) = &replayed.rewritten {
            agrees(&format!("{name}, rewritten"), &builds, rewritten, builder);
        }
        all += commits.len();
        cached += replayed.commits.iter().filter(|commit| commit.reruns.is_empty()).count();
    }
    println!("{all} commits, {cached} cached");
    assert!(cached * 20 > all && cached * 2 < all, "{cached} of {all} are cached");
}

#[test]
fn what_is_not_sent_is_missing_for_each_builder() {
    let build = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(path, text)| (path.to_string(), ContextFile::text(text)));
        let dockerfile = "FROM a\nRUN x\nCOPY pip.conf /etc/pip.conf\nRUN y\n".into();
        Build { dockerfile, context: Some(files.collect()), ..Build::default() }
    };
    let without = build(&[("a", "")]);
    let ignored = build(&[("a", ""), (".dockerignore", "pip.conf\n"), ("pip.conf", "x")]);
    let sent = build(&[("a", ""), ("pip.conf", "x")]);
    for builder in [Builder::Buildkit, Builder::Classic, Builder::Buildah] {
        let how = CompareOptions { builder, target: None };
        assert_eq!(not_cached(compare(&without, &ignored, &how)), [], "{builder:?}");
        assert_eq!(not_cached(compare(&without, &sent, &how)).len(), 2, "{builder:?}");
    }
}
