//! Which steps rerun after a change, in the order the builder decides it: a step reruns when
//! its own inputs change or the step before it reran, and never gives its stage back.
//!
//! A copy from another stage counts as rerun when that stage reran: whether it brings the
//! same bytes is not known here.

use crate::graph::{Action, Base, Graph, Origin, Run};

/// Something that changes between two builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The content of these files of the context.
    Files(Vec<String>),
    /// The value of a build argument.
    BuildArg(String),
    /// A base image, by the name FROM uses.
    BaseImage(String),
}

/// For each stage, for each of its steps, whether it reruns.
pub fn affected(graph: &Graph<'_>, change: &Change) -> Vec<Vec<bool>> {
    let mut dirty_ends: Vec<bool> = Vec::with_capacity(graph.stages.len());
    let mut reruns = Vec::with_capacity(graph.stages.len());
    for stage in &graph.stages {
        let mut dirty = match (stage.base, change) {
            (Base::Stage(base), _) => dirty_ends[base],
            (Base::Image, Change::BaseImage(image)) => stage.image == *image,
            _ => false,
        };
        // RUN sees every argument in scope, COPY only the ones it names.
        let mut argument = false;
        let mut steps = Vec::with_capacity(stage.steps.len());
        for step in &stage.steps {
            let (own, is_step) = match &step.action {
                Action::Copy(copy) => {
                    let own = match (&copy.origin, change) {
                        (Origin::Stage(from), _) => dirty_ends.get(*from) == Some(&true),
                        (Origin::Context, Change::Files(files)) => {
                            files.iter().any(|file| selects(graph, copy, file))
                        }
                        (_, Change::BuildArg(name)) => argument && copy.variables.contains(name),
                        _ => false,
                    };
                    (own, true)
                }
                Action::Run(run) => (argument || mounts_rerun(run, &dirty_ends), true),
                Action::Workdir(_) => (false, true),
                Action::Variables(names) => {
                    if let Change::BuildArg(name) = change {
                        argument |= names.contains(name);
                    }
                    (false, false)
                }
                _ => (false, false),
            };
            dirty |= own;
            steps.push(dirty && is_step);
        }
        dirty_ends.push(dirty);
        reruns.push(steps);
    }
    reruns
}

/// Whether the copy brings `file`.
fn selects(graph: &Graph<'_>, copy: &crate::graph::Copy, file: &str) -> bool {
    copy.unresolved
        || copy.sources.iter().any(|(_, source)| {
            !source.covers(file).is_no() && !graph.context.is_ignored(file).is_yes()
        })
}

fn mounts_rerun(run: &Run<'_>, dirty_ends: &[bool]) -> bool {
    let mut stages = run.mounts.iter().filter_map(|mount| mount.from);
    stages.any(|from| dirty_ends.get(from) == Some(&true))
}
