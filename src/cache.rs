//! Which steps a build reruns: a cache key per step, and the comparison of two builds.
//!
//! BuildKit first; the classic builder and buildah where they differ. Facts about builders
//! live here and nowhere else. [`compare`] sets two builds side by side, [`scenarios`] says what
//! typical changes rebuild and [`cost`] what that costs.

mod build;
mod buildkit;
mod contents;
pub mod cost;
mod environment;
mod explain;
pub mod frontend;
mod layered;
mod measured;
pub mod model;
pub mod needless;
mod outcome;
mod plan;
mod platform;
pub mod rebuild;
mod sample;
pub mod scenarios;
mod solve;
mod step;
mod text;

pub use build::{Build, CompareOptions, ContextFile};
pub use outcome::{Cause, Outcome, StepOutcome};
pub use text::{Shown, shown};

use crate::context::Context;
use crate::graph::Graph;
use crate::report::{Builder, Options};
use crate::syntax;
use contents::Contents;
use plan::Plan;
use step::Definition;

/// Says for each step of `after` whether it comes from the cache that `before` left, and why
/// not: for the steps that the target needs, in build order.
///
/// Where only one of the builds says what its context holds, the context counts as unchanged.
/// A step that takes files from a stage that runs again is [`Outcome::Depends`]: whether they
/// are the same bytes is not known.
pub fn compare(before: &Build, after: &Build, options: &CompareOptions) -> Vec<StepOutcome> {
    let known = before.has_context() && after.has_context();
    let context = |build: &Build| match known {
        true => build.read_context(options.builder),
        false => Context::unknown(),
    };
    let contents = [before, after].map(|build| Contents::new(context(build), options.builder));
    let defined = |build: &Build, contents: &Contents| {
        let (file, _) = syntax::parse(&build.dockerfile);
        let known = Options {
            build_args: build.build_args.clone(),
            builder: options.builder,
            ..Options::default()
        };
        // Only for what a stage keeps by name.
        let selects = build.dockerfile.contains("find");
        let graph = selects.then(|| Graph::new(&file, contents.context(), &known));
        define(&Plan::new(&file, build, build.target(options)), build, contents, graph.as_ref())
    };
    let first = defined(before, &contents[0]);
    let second = defined(after, &contents[1]);
    let cache = solve::fill(&first);
    let solution = solve::solve(&second, &cache);
    explain::explain(
        &explain::Side { build: before, definition: &first, contents: &contents[0] },
        &explain::Side { build: after, definition: &second, contents: &contents[1] },
        &cache,
        &solution,
    )
}

fn define(
    plan: &Plan<'_>,
    build: &Build,
    contents: &Contents,
    graph: Option<&Graph<'_>>,
) -> Definition {
    match contents.builder() {
        Builder::Buildkit => {
            let mut definition = buildkit::define(plan, build, contents);
            if let Some(graph) = graph {
                buildkit::selected::settle(graph, contents, &mut definition);
            }
            definition
        }
        builder => layered::define(plan, build, contents, builder),
    }
}
