//! The work of an analysis grows no faster than its input, and that of a history no faster than its
//! commits: allocations, and the most memory that is held at once, counted at one size, at twice
//! and at four times that size. No clock is read.

use layerwise::{Commit, ContextFile, ReplayOptions, analyze, replay};

#[path = "support/families.rs"]
mod families;

use families::{Build, FAMILIES, Family};

/// The exponent that is allowed: 1 is linear, 2 quadratic.
const MOST: f64 = 1.2;

/// Families that grow faster today, and by what exponent. Each step is asked about each other one
/// there, up to `COPIES_LOOKED_AT` copies and for `REPAIRS_OF_A_RULE` repairs, so that larger files do not go on so.
const FASTER: &[(&str, f64)] = &[
    ("npm-directories", 1.25),
    ("pip-directories", 1.75),
    ("go-directories", 1.75),
    ("dotnet-directories", 1.6),
    ("copies-then-apt", 1.8),
    ("alternating", 1.25),
    ("stages-in-a-row", 1.8),
];

/// Allocations, and the bytes that were held at most.
fn counted(build: &Build) -> [f64; 2] {
    let counted = allocation_counter::measure(|| {
        analyze(&build.dockerfile, &build.options);
    });
    [counted.count_total as f64, counted.bytes_max as f64]
}

/// For each of what is counted the larger of the two exponents from one size to twice that size.
fn exponents(family: &Family) -> [f64; 2] {
    let smallest = family.size / 4;
    let [one, two, four] =
        [smallest, 2 * smallest, 4 * smallest].map(|size| counted(&(family.make)(size)));
    [0, 1].map(|at| (two[at] / one[at]).log2().max((four[at] / two[at]).log2()))
}

#[test]
fn work_grows_with_the_input() {
    let mut wrong = Vec::new();
    for family in FAMILIES {
        let [exponent, memory] = exponents(family);
        if memory > MOST {
            wrong.push(format!("the memory of {} grows by {memory:.2}", family.name));
        }
        let listed = FASTER.iter().find(|(name, _)| *name == family.name);
        let most = listed.map_or(MOST, |(_, most)| *most);
        if exponent > most || (listed.is_some() && exponent <= MOST) {
            wrong.push(format!("{} grows by {exponent:.2}, {most} is allowed", family.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_family_that_grows_faster_is_noticed() {
    let squared = |size: usize| (0..size * size).map(|n| format!("ARG A{n}\n")).collect();
    let bare = |dockerfile| Build { dockerfile, options: Default::default() };
    let [one, two] = [20, 40].map(|size| counted(&bare(squared(size)))[0]);
    assert!((two / one).log2() > 1.8);
}

/// What it takes to replay `count` commits that each change the file that `changed` names, of a
/// context of `paths` files; what the start takes is left out.
fn replayed(count: usize, paths: usize, changed: &dyn Fn(usize) -> String) -> f64 {
    let dockerfile = "FROM node AS build\nCOPY package*.json ./\nRUN npm ci\nCOPY src src\n\
                      RUN npm run build\nFROM a\nCOPY --from=build /dist /\n";
    let file = |at: usize| (format!("src/{}/{at}.js", at % 50), ContextFile::text("1"));
    let start = layerwise::Build {
        dockerfile: dockerfile.into(),
        context: Some((0..paths).map(file).collect()),
        dockerignore: Some("docs\n!docs/keep".into()),
        ..Default::default()
    };
    let commit = |at: usize| Commit {
        id: at.to_string(),
        changes: [(changed(at), Some(ContextFile::text(&at.to_string())))].into(),
        ..Commit::default()
    };
    let commits: Vec<Commit> = (0..count).map(commit).collect();
    let options = ReplayOptions::default();
    let counted = |commits: &[Commit]| {
        let counted = allocation_counter::measure(|| {
            replay(&start, commits, &options);
        });
        counted.count_total as f64
    };
    counted(&commits) - counted(&[])
}

#[test]
fn histories_take_work_by_their_commits() {
    for changed in [|_| "src/7/7.js".to_owned(), |at| format!("src/new/{at}.js")] {
        let [one, two, four] = [50, 100, 200].map(|count| replayed(count, 1_000, &changed));
        assert!((two / one).log2().max((four / two).log2()) < 1.1, "{one} {two} {four}");
        let more = replayed(50, 4_000, &changed);
        assert!(more < one * 1.2, "{one} with 1,000 paths, {more} with 4,000");
    }
}

#[test]
fn a_commit_that_no_step_selects_takes_next_to_nothing() {
    let unread = |paths| replayed(100, paths, &|_| "docs/a.md".to_owned());
    let read = replayed(100, 1_000, &|_| "src/7/7.js".to_owned());
    let (one, four) = (unread(1_000), unread(4_000));
    assert!(four < one * 1.1, "{one} with 1,000 paths, {four} with 4,000");
    assert!(one * 5.0 < read, "{one} where nothing is read, {read} where something is");
}
