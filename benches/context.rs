//! The build context at the size of a large monorepo: 50,000 paths.

use divan::{Bencher, black_box};
use layerwise::context::{Context, ContextInput, Destination, Source, SourceFlags};

fn main() {
    divan::main();
}

const DOCKERIGNORE: &str = "\
# what a real project ignores
**/.git
**/.gitignore
**/.vs
**/.vscode
**/*.*proj.user
**/bin
**/obj
**/node_modules
**/npm-debug.log
**/__pycache__
**/*.pyc
.env*
Dockerfile*
docker-compose*
docs/**
*.md
!README.md
coverage
dist
target
";

/// Sorted paths of `count` files: packages with sources, tests, and some that are ignored.
fn paths(count: usize) -> Vec<String> {
    let kinds = ["src/main", "src/lib/deep/er", "tests", "node_modules/left-pad", "bin/Debug"];
    let mut paths: Vec<String> = (0..count)
        .map(|at| {
            let (package, kind) = (at / 50, kinds[at % kinds.len()]);
            format!("packages/team-{}/package-{package}/{kind}/file_{at}.rs", package % 20)
        })
        .collect();
    paths.sort();
    paths
}

fn input(count: usize) -> ContextInput {
    let files = paths(count).into_iter().map(|path| (path, None));
    ContextInput { dockerignore: Some(DOCKERIGNORE.to_string()), ..ContextInput::listed(files) }
}

const COUNTS: [usize; 3] = [500, 5_000, 50_000];

#[divan::bench(args = COUNTS)]
fn build(bencher: Bencher, count: usize) {
    bencher.with_inputs(|| input(count)).bench_values(Context::new);
}

#[divan::bench(args = COUNTS)]
fn ignore_all(bencher: Bencher, count: usize) {
    bencher.with_inputs(|| Context::new(input(count))).bench_values(|context| {
        context.select(&Source::new("*.json", &SourceFlags::default())).found
    });
}

#[divan::bench(args = COUNTS)]
fn select_sources(bencher: Bencher, count: usize) {
    let context = Context::new(input(count));
    let flags = SourceFlags::default();
    let sources =
        [".", "packages/team-1", "packages/*/package-21/src", "*.json", "packages/team-2/*"]
            .map(|text| Source::new(text, &flags));
    context.select(&sources[0]);
    bencher.bench_local(|| {
        sources.iter().map(|source| context.select(black_box(source)).items.len()).sum::<usize>()
    });
}

#[divan::bench(args = COUNTS)]
fn build_ignore_select(bencher: Bencher, count: usize) {
    let flags = SourceFlags { excludes: vec!["**/tests".to_string()], ..SourceFlags::default() };
    let sources = [".", "packages/team-1", "packages/*/*/src"].map(|it| Source::new(it, &flags));
    bencher.with_inputs(|| input(count)).bench_values(|input| {
        let context = Context::new(input);
        sources.iter().map(|source| context.select(source).items.len()).sum::<usize>()
    });
}

#[divan::bench]
fn reason_by_name(bencher: Bencher) {
    let to = Destination::resolve("./", Some("/app"));
    bencher.bench(|| {
        let source = Source::new(black_box("./services/web"), &SourceFlags::default());
        (source.landing("services/web/package.json", &to), source.origins("/app/go.sum", &to))
    });
}
