//! What the steps of the builds of a history cost: by their own Dockerfile, and as the log of one
//! build measured them.

use super::super::build::Build;
use super::super::cost;
use super::super::step::Definition;
use super::history::ReplayOptions;
use crate::context::Context;
use crate::graph::Graph;
use crate::issue::Cost;
use crate::report::{Builder, Options};
use crate::syntax;
use crate::timings::Timings;

/// How steps are given their costs.
pub(super) struct Costs {
    builder: Builder,
    target: Option<String>,
    timings: Option<Timings>,
    /// The Dockerfile that the log is of.
    measured: String,
}

impl Costs {
    /// The costs that `options` ask for; `measured` is the Dockerfile that their log is of.
    pub fn new(options: &ReplayOptions, measured: String) -> Costs {
        let (builder, target) = (options.builder, options.target.clone());
        Costs { builder, target, timings: options.timings.clone(), measured }
    }

    /// What each step of `definition`, which is that of `build`, costs.
    pub fn of(&self, build: &Build, context: &Context, definition: &Definition) -> Vec<Cost> {
        let options = Options {
            builder: self.builder,
            target: self.target.clone().or_else(|| build.target.clone()),
            build_args: build.build_args.clone(),
            ..Options::default()
        };
        let (file, _) = syntax::parse(&build.dockerfile);
        let graph = Graph::new(&file, context, &options);
        let mut costs = cost::costs(&graph, None);
        if self.timings.is_some() {
            let (file, _) = syntax::parse(&self.measured);
            let logged = Graph::new(&file, context, &options);
            let measured = cost::costs(&logged, self.timings.as_ref());
            costs = cost::costs_after(&costs, &graph, &logged, &measured);
        }
        let steps = definition.steps.iter();
        steps.map(|step| cost::of(&graph, &costs, step.stage, step.span)).collect()
    }
}
