//! Which steps a build reruns: a cache key per step, and the comparison of two builds.
//!
//! BuildKit first; the classic builder and buildah where they differ. Facts about builders
//! live here and nowhere else. [`compare`] sets two builds side by side, [`scenarios`] says what
//! typical changes rebuild and [`cost`] what that costs.

mod build;
mod buildkit;
mod contents;
pub mod cost;
mod dispatcher;
mod explain;
pub mod frontend;
mod images;
mod layered;
mod measured;
pub mod model;
pub mod needless;
pub mod often;
mod outcome;
pub mod rebuild;
pub mod replay;
mod sample;
pub mod scenarios;
mod solve;
mod step;
mod text;

pub use build::{Build, CompareOptions, ContextFile};
pub use outcome::{Cause, Outcome, StepOutcome};
pub use text::{Shown, shown};

use crate::build::{Absent, Given, Platform, Stages, configures_in_steps};
use crate::context::Context;
use crate::graph::Graph;
use crate::report::{Builder, Options};
use crate::syntax;
use contents::Contents;
use dispatcher::Dispatcher;
use explain::{Builds, Explained, Side};
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
    let definitions =
        [defined(before, &contents[0], options), defined(after, &contents[1], options)];
    let explained = explained(&Builds {
        before: Side { definition: &definitions[0], contents: &contents[0] },
        after: Side { definition: &definitions[1], contents: &contents[1] },
        dockerfile: &after.dockerfile,
        changed: None,
    });
    explained.into_iter().map(|step| step.outcome).collect()
}

/// The steps of `build`, of whose context `contents` is what is known.
fn defined(build: &Build, contents: &Contents, options: &CompareOptions) -> Definition {
    let (file, _) = syntax::parse(&build.dockerfile);
    let known = Options {
        build_args: build.build_args.clone(),
        builder: options.builder,
        ..Options::default()
    };
    // Only for what a stage keeps by name.
    let selects = build.dockerfile.contains("find");
    let graph = selects.then(|| Graph::new(&file, contents.context(), &known));
    let stages = Stages::read(&file, given(build, options.builder, build.target(options)));
    define(Dispatcher::new(&stages, build, contents, true), graph.as_ref())
}

/// What becomes of the steps of the second of two builds, and why.
fn explained(builds: &Builds<'_>) -> Vec<Explained> {
    let cache = solve::fill(builds.before.definition);
    let solution = solve::solve(builds.after.definition, &cache);
    explain::explain(builds, &cache, &solution)
}

/// What is known of a build: what one of two lacks, the other lacks, too.
fn given<'b>(build: &'b Build, builder: Builder, target: Option<&'b str>) -> Given<'b> {
    Given {
        builder,
        build_args: &build.build_args,
        base_images: None,
        platform: build.platform.as_deref().map(Platform::parse).unwrap_or_default(),
        target,
        lists_files: false,
        absent: Absent::Unset,
    }
}

fn define(dispatcher: Dispatcher<'_, '_>, graph: Option<&Graph<'_>>) -> Definition {
    if configures_in_steps(dispatcher.stages.given.builder) {
        return layered::define(dispatcher);
    }
    let contents = dispatcher.contents;
    let mut definition = buildkit::define(dispatcher);
    if let Some(graph) = graph {
        buildkit::selected::settle(graph, contents, &mut definition);
    }
    definition
}
