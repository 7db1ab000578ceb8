//! # compile-cache-lost
//!
//! ## What it finds
//!
//! A RUN that compiles the project behind a copy of its source, with a tool that keeps what it
//! compiled, where what it keeps lies in the layer: at the next edit the layer is thrown away, and
//! everything is compiled again, the dependencies too.
//!
//! ## Why it costs
//!
//! An edit of one file compiles all of the project and all that it depends on: seconds become
//! minutes. Builders that keep nothing between builds, as those of hosted CI, lose mounts as well:
//! there only a layer helps, in which the dependencies are compiled before the source is copied.
//!
//! In real builds of small projects, which `docs/evidence.md` lists, an edit took 50.3 s with cargo
//! and 2.3 s with the mount, 3.2 s with go and 2.3 s with the mount; the images were identical.
//!
//! ## What to do
//!
//! For go, mount [its cache](https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching), and that of
//! [modules](https://go.dev/ref/mod#module-cache) where no step before has downloaded them into a
//! layer.
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! COPY go.mod go.sum ./
//! RUN go mod download
//! COPY . .
//! RUN go build -o /usr/local/bin/app ./cmd/app
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! COPY go.mod go.sum ./
//! RUN go mod download
//! COPY . .
//! RUN --mount=type=cache,target=/root/.cache/go-build go build -o /usr/local/bin/app ./cmd/app
//! ```
//!
//! For [cargo](https://doc.rust-lang.org/cargo/guide/build-cache.html), compile the dependencies
//! in a step of their own, of the manifests and of empty sources. Then take out with
//! [`cargo clean -p`](https://doc.rust-lang.org/cargo/commands/cargo-clean.html) what came of these,
//! of every package of the project: a source that COPY brings keeps its time, so that cargo takes it
//! for older than what was compiled of the empty one, and the image gets an empty program. Of such a
//! project:
//!
//! ```toml
//! [package]
//! name = "app"
//! edition = "2024"
//!
//! [dependencies]
//! axum = "0.8"
//! ```
//!
//! With this `Cargo.toml`, with `Cargo.lock` and `src/main.rs` in the context,
//!
//! ```dockerfile
//! FROM rust:1.90 AS build
//! WORKDIR /src
//! COPY . .
//! RUN cargo build --release --locked
//!
//! FROM debian:13-slim
//! COPY --from=build /src/target/release/app /usr/local/bin/
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM rust:1.90 AS build
//! WORKDIR /src
//! COPY Cargo.toml Cargo.lock ./
//! RUN mkdir -p src && echo 'fn main() {}' > src/main.rs && cargo build --release --locked && cargo clean --release -p app && rm -r src
//! COPY . .
//! RUN cargo build --release --locked
//!
//! FROM debian:13-slim
//! COPY --from=build /src/target/release/app /usr/local/bin/
//! ```
//!
//! Where that is not known to be right, [cargo-chef](https://github.com/LukeMathWalker/cargo-chef)
//! does the same from a recipe. Or mount a cache at `target`, and copy the program out of it in the
//! same RUN, since no later step sees it.
//!
//! ```dockerfile
//! FROM rust:1.90
//! WORKDIR /src
//! COPY . .
//! RUN cargo build --release
//! ```
//!
//! is reported. It has no fix, since its image holds all that was compiled.
//!
//! Not reported: what is mounted already, dependencies that are compiled in a layer before, also
//! from a part of the source, a compiler behind ccache or
//! [sccache](https://github.com/mozilla/sccache), and what compiles nothing of the project.
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! RUN go install golang.org/x/tools/cmd/stringer@v0.38.0
//! COPY go.mod go.sum ./
//! RUN go mod download
//! COPY . .
//! RUN --mount=type=cache,target=/root/.cache go build ./...
//! ```
//!
//! ## How safe the fix is
//!
//! It is suggested: a mount changes what the builder keeps, and what is mounted is no part of the
//! image. The tool checks what it finds there. There is a fix only where HOME and the variables say
//! where the cache lies, and where no other step, stage or copy takes anything from there.
//!
//! The step for cargo is suggested where all files of the context and the text of each `Cargo.toml`
//! are known, and from each stage that has it only programs are copied, by their names. That a
//! dependency compiles without the source of the project is assumed: its build script may read
//! anything. There is no fix where a target may be named by settings or `CARGO_BUILD_TARGET`, with
//! which the clean leaves what it should take away: on an image that nothing is known of, behind a
//! step that writes settings of cargo. Nor is there one with options that may need the source,
//! another command than `cargo build`, `[patch]` by a path, lints that empty sources break, no
//! `Cargo.lock`, or an edition before 2021, unless the image is one of Rust from 1.45 on.
//!
//! ## How often it is right
//!
//! Of 113 findings read on public Dockerfiles, 109 were right. There were no more to read. Not
//! worth it were programs of one file and without dependencies, for which a cache saves little.

mod prepared;

use super::mounting::{mounts, repair};
use crate::ecosystem::{ActionKind, is_older, layer, moves_cache, wraps_compiler};
use crate::graph::{Graph, Origin, Run, StepAt};
use crate::issue::{Issue, Severity};
use crate::limits;
use crate::report::{Builder, Options};
use crate::rule::{Analysis, Finding, Remedy, Rule};
use prepared::{brings_cache, compiles, compiling, note, prepare_later_ones};

/// The rule.
pub const RULE: Rule = Rule {
    id: "compile-cache-lost",
    title: "everything is compiled again at each edit",
    severity: Severity::Warning,
    check,
};

/// What stands before the step that is looked at, in its stage and those that it is built on.
#[derive(Clone, Default)]
struct Before {
    /// Whether source was copied.
    follows: bool,
    /// The tools that have compiled something since.
    since: Vec<&'static str>,
    /// The tools that have compiled something in layers before that copy.
    compiled: Vec<&'static str>,
    /// Whether a compiler is told to keep what it makes elsewhere.
    keeps_elsewhere: bool,
}

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let mut found = Vec::new();
    let mut ends: Vec<Before> = Vec::with_capacity(graph.stages.len());
    for stage in &graph.stages {
        let mut before = stage.base.stage().map(|base| ends[base].clone()).unwrap_or_default();
        before.follows |= stage.triggered;
        let prepares = prepare_later_ones(stage);
        for (step, of) in stage.steps.iter().enumerate() {
            let text = graph.dockerfile.instructions[of.instruction].span;
            before.keeps_elsewhere |= wraps_compiler(text.of(graph.dockerfile.source));
            let copies = of.copy().is_some_and(|copy| copy.content.is_volatile());
            let binds =
                of.run().is_some_and(|run| run.mounts.iter().any(|mount| mount.shows_context));
            if copies || binds {
                before.follows |= copies;
                let tools = std::mem::take(&mut before.since);
                tools.into_iter().for_each(|tool| note(&mut before.compiled, tool));
            }
            // `COPY --from=deps /app/target target`
            if let Some(copy) = of.copy()
                && let Origin::Stage(from) = copy.origin
            {
                let compiled = ends.get(from).map_or(&[][..], |end| &end.since);
                let brought = compiled.iter().filter(|tool| brings_cache(copy, tool));
                brought.for_each(|tool| note(&mut before.compiled, tool));
            }
            let Some(run) = of.run() else { continue };
            let is_source_there = before.follows || binds;
            if is_source_there && !stage.is_windows && !before.keeps_elsewhere && !prepares[step] {
                let tries = found.len() < limits::REPAIRS_OF_A_RULE;
                let at = StepAt { stage: stage.index, step };
                found.extend(lost(graph, at, run, &before.compiled, tries));
            }
            compiling(run).for_each(|tool| note(&mut before.since, tool));
        }
        ends.push(before);
    }
    found
}

fn lost(
    graph: &Graph<'_>,
    at: StepAt,
    run: &Run<'_>,
    compiled: &[&str],
    tries: bool,
) -> Option<Finding> {
    let (command, used, keeps) = run.commands.iter().find_map(|command| {
        let used = command.used.as_ref().filter(|used| compiles(used))?;
        let mut keeps = command.keeps.iter();
        Some((command, used, keeps.find(|keeps| keeps.kept.compiled)?))
    })?;
    let kept = keeps.kept;
    let text = command.span.of(graph.dockerfile.source);
    let is_kept = compiled.contains(&used.tool.name)
        || match kept.mount_does {
            true => keeps.place.as_deref().is_some_and(|place| run.mount_of(place).is_some()),
            // Whatever is mounted there, somebody has thought of it.
            false => graph.holds_caches(run),
        };
    let Options { builder, ephemeral, .. } = *graph.options;
    let image = &graph.root(at.stage).image;
    if is_kept
        || is_older(image, kept.since, true)
        || moves_cache(text)
        || kept.mount_does && builder == Builder::Classic
        || ephemeral && kept.in_layers.is_empty()
    {
        return None;
    }
    let tool = used.tool.name;
    let off = keeps.off.or_else(|| kept.switched_off(text, &|_| None));
    let issue = Issue {
        message: format!("{tool} compiles everything again at each edit of the source"),
        why: "What it compiled lies in the layer of this step, which an edit throws away.".into(),
        help: match (kept.mount_does, off) {
            (false, _) if ephemeral => kept.in_layers.to_owned(),
            (false, _) => kept.help.to_owned(),
            (true, None) => "Mount a cache where it keeps what it compiled.".into(),
            (true, Some(off)) => {
                format!("Mount a cache where it keeps what it compiled, and leave out `{off}`.")
            }
        },
        ..RULE.issue(graph.span(at))
    };
    if !kept.mount_does && tries && layer(tool).is_some() {
        return Some(Finding { issue, remedy: Remedy::CompileAhead(at) });
    }
    // Modules that a layer holds stay there.
    let wanted = (tries && off.is_none()).then(|| {
        let downloaded = is_downloaded(graph, at, tool);
        let may_mount = &mut |place: &str| graph.may_mount(at, place, &[]);
        mounts(graph, at, command, may_mount, |keeps| keeps.kept.compiled || !downloaded)
    });
    let remedy =
        wanted.flatten().map_or(Remedy::Advice, |wanted| Remedy::Repair(repair(at, wanted)));
    Some(Finding { issue, remedy })
}

/// Whether a step before has downloaded for the tool.
fn is_downloaded(graph: &Graph<'_>, at: StepAt, tool: &str) -> bool {
    let own = &graph.stages[at.stage].steps[..at.step];
    let above = graph.ancestors(at.stage).map(|stage| &stage.steps[..]);
    let mut runs = std::iter::once(own).chain(above).flatten().filter_map(|step| step.run());
    runs.any(|run| {
        run.commands.iter().any(|command| {
            let used = command.used.as_ref().filter(|used| used.tool.name == tool);
            used.is_some_and(|used| used.action.only_fetches() || used.kind == ActionKind::Install)
                && command.keeps.iter().all(|keeps| {
                    keeps.place.as_deref().is_none_or(|place| run.mount_of(place).is_none())
                })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::alone;
    use crate::{Builder, Options, Report, analyze};

    fn report(text: &str, builder: Builder) -> Report {
        analyze(text, &Options { builder, ..alone(&[RULE.id]) })
    }

    fn own(text: &str, builder: Builder) -> usize {
        report(text, builder).issues.iter().filter(|issue| issue.rule == RULE.id).count()
    }

    const GO: &str =
        "FROM golang:1.25\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\n";

    /// What stands in front of `go build` behind the steps of [`GO`].
    #[track_caller]
    fn mounts(before: &str, run: &str, mounts: &str) {
        let text = format!("{GO}{before}RUN {run}\n");
        let report = report(&text, Builder::Buildkit);
        let mine = report.issues.iter().filter(|issue| issue.rule == RULE.id).count();
        assert_eq!(mine, 1, "{text}");
        assert_eq!(report.rewritten, format!("{GO}{before}RUN {mounts}{run}\n"));
    }

    const CHEF: &str = "FROM rust:1 AS deps\nWORKDIR /s\nCOPY recipe.json .\nRUN cargo chef cook\nFROM rust:1\nWORKDIR /s\n";

    const BUILD_CACHE: &str = "--mount=type=cache,target=/root/.cache/go-build ";

    #[test]
    fn the_cache_is_mounted_where_it_lies() {
        for run in ["go build ./...", "go test ./...", "CGO_ENABLED=0 go build -o /app ."] {
            mounts("", run, BUILD_CACHE);
        }
        mounts("ENV GOCACHE=/cache\n", "go build .", "--mount=type=cache,target=/cache ");
        mounts("ENV HOME=/h\n", "go build .", "--mount=type=cache,target=/h/.cache/go-build ");
        mounts(
            "USER 1000\nENV HOME=/h\n",
            "go build .",
            "--mount=type=cache,target=/h/.cache/go-build,uid=1000 ",
        );
    }

    #[test]
    fn modules_are_mounted_where_no_layer_has_them() {
        let text =
            "FROM golang:1.25\nWORKDIR /src\nRUN --mount=type=bind,target=. go build -o /a .\n";
        assert_eq!(
            report(text, Builder::Buildkit).rewritten,
            "FROM golang:1.25\nWORKDIR /src\nRUN --mount=type=bind,target=. \
             --mount=type=cache,target=/root/.cache/go-build \\\n    \
             --mount=type=cache,target=/go/pkg/mod \\\n    go build -o /a .\n"
        );
    }

    #[test]
    fn no_mount_where_it_is_not_known_to_be_right() {
        for (before, run, behind) in [
            ("USER app\n", "go build .", ""),
            ("", "go build -a .", ""),
            ("", "go build . && cp -r /root/.cache/go-build /keep", ""),
            ("", "go build .", "RUN ls /root/.cache/go-build\n"),
            ("", "go build .", "FROM scratch\nCOPY --from=0 /root/.cache /c\n"),
            ("COPY cache /root/.cache/go-build/\n", "go build .", ""),
        ] {
            let text = format!("{GO}{before}RUN {run}\n{behind}");
            let report = report(&text, Builder::Buildkit);
            assert_eq!(own(&text, Builder::Buildkit), 1, "{text}");
            assert_eq!(report.rewritten, text);
        }
    }

    #[test]
    fn what_is_kept_or_does_not_compile_the_project() {
        for text in [
            format!("{GO}RUN {BUILD_CACHE}go build .\n"),
            format!("{GO}RUN --mount=type=cache,target=/root go build .\n"),
            "FROM golang:1.25\nRUN go install a.b/c@v1.0.0\nCOPY . .\n".into(),
            "FROM golang:1.25\nCOPY . .\nRUN go mod download\n".into(),
            "FROM golang:1.25\nRUN git clone https://a.b/c && cd c && go build .\n".into(),
            "FROM rust:1\nCOPY . .\nRUN --mount=type=cache,target=/t cargo build\n".into(),
            "FROM rust:1\nWORKDIR /s\nCOPY Cargo.toml Cargo.lock ./\nRUN mkdir src && touch src/lib.rs \
             && cargo build --release\nCOPY . .\nRUN cargo build --release\n".into(),
            "FROM rust:1\nWORKDIR /s\nCOPY recipe.json .\nRUN cargo chef cook\nCOPY . .\nRUN cargo build\n".into(),
            format!("{CHEF}COPY --from=deps /s/target target\nCOPY . .\nRUN cargo build\n"),
            "FROM rust:1\nCOPY . .\nRUN cargo fetch\n".into(),
            "FROM golang:1.7\nCOPY . .\nRUN go build .\n".into(),
            "FROM golang:1.25\nCOPY . .\nRUN go mod tidy\n".into(),
            "FROM golang:1.25\nCOPY . .\nRUN go get -d ./...\n".into(),
            "FROM rust:1\nENV RUSTC_WRAPPER=sccache\nCOPY . .\nRUN cargo build\n".into(),
            "FROM rust:1\nWORKDIR /s\nCOPY Cargo.toml Cargo.lock ./\nCOPY macros macros\nRUN mkdir src && touch src/lib.rs \
             && cargo build --release\nCOPY . .\nRUN cargo build --release\n".into(),
        ] {
            assert_eq!(own(&text, Builder::Buildkit), 0, "{text}");
        }
    }

    #[test]
    fn programs_of_another_stage_are_no_cache() {
        let text = format!("{CHEF}COPY --from=deps /s/target/a /a\nCOPY . .\nRUN cargo build\n");
        assert_eq!(own(&text, Builder::Buildkit), 1);
    }

    #[test]
    fn tools_that_a_mount_alone_does_not_help() {
        for run in ["cargo build --release", "gradle build", "sbt compile"] {
            let text = format!("FROM debian:13\nWORKDIR /src\nCOPY . .\nRUN {run}\n");
            assert_eq!(own(&text, Builder::Buildkit), 1, "{text}");
        }
    }

    #[test]
    fn a_second_compile_without_another_copy_prepares_nothing() {
        let text = "FROM rust:1\nWORKDIR /s\nCOPY . .\nRUN cargo build\nRUN cargo test\n";
        assert_eq!(own(text, Builder::Buildkit), 2);
    }

    #[test]
    fn builders() {
        let text = format!("{GO}RUN go build .\n");
        assert_eq!(own(&text, Builder::Classic), 0);
        assert_eq!(own(&text, Builder::Buildah), 1);
        assert!(report(&text, Builder::Buildah).fixes.is_empty());
        let text = "FROM rust:1\nCOPY . .\nRUN cargo build\n";
        assert_eq!(own(text, Builder::Classic), 1);
    }

    #[test]
    fn where_no_build_keeps_a_mount() {
        let found =
            |text: &str| analyze(text, &Options { ephemeral: true, ..alone(&[RULE.id]) }).issues;
        assert!(found(&format!("{GO}RUN go build .\n")).is_empty());
        let mount = "--mount=type=cache,target=/src/target";
        let cargo = format!("FROM rust:1\nWORKDIR /src\nCOPY . .\nRUN {mount} cargo build\n");
        assert_eq!(own(&cargo, Builder::Buildkit), 0);
        let issues = found(&cargo);
        assert_eq!(
            issues[0].help,
            "Compile the dependencies before the source is copied, with a recipe of cargo-chef, or \
             from the manifests and empty sources, with `cargo clean -p` of these behind it."
        );
    }
}
