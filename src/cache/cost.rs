//! What a step costs when it reruns: an estimate by what its commands do.
//!
//! The estimates are round numbers of seconds for a small project on a good line. They are
//! there to compare the rebuilds of one file with each other, not to predict one.

use crate::ecosystem::Kind;
use crate::graph::{Action, Graph, Needs, Step};
use std::collections::HashSet;

/// Seconds for each class of work.
const INSTALL: f64 = 30.0;
const COMPILE: f64 = 30.0;
const NAMED: f64 = 15.0;
const UNKNOWN: f64 = 10.0;
const CHEAP: f64 = 0.2;
const COPY: f64 = 0.2;
const WORKDIR: f64 = 0.1;

/// The estimated seconds of every step, by stage.
pub fn estimates(graph: &Graph<'_>) -> Vec<Vec<f64>> {
    let mut ends: Vec<HashSet<&'static str>> = Vec::with_capacity(graph.stages.len());
    let mut costs = Vec::with_capacity(graph.stages.len());
    for stage in &graph.stages {
        let mut downloaded = match stage.base {
            crate::graph::Base::Stage(base) => ends[base].clone(),
            _ => HashSet::new(),
        };
        costs.push(stage.steps.iter().map(|step| estimate(step, &mut downloaded)).collect());
        ends.push(downloaded);
    }
    costs
}

/// The seconds of one step; `downloaded` are the tools whose dependencies are there.
fn estimate(step: &Step<'_>, downloaded: &mut HashSet<&'static str>) -> f64 {
    match &step.action {
        Action::Copy(_) => COPY,
        Action::Workdir(_) => WORKDIR,
        Action::Run(run) => {
            let mut seconds = CHEAP;
            for command in &run.commands {
                let Some(used) = &command.used else {
                    let unknown = matches!(command.needs, Needs::Everything(_));
                    seconds += if unknown { UNKNOWN } else { 0.0 };
                    continue;
                };
                let held = run.mounts.iter().any(|mount| mount.cache);
                seconds += match used.kind {
                    Kind::Install if downloaded.insert(used.tool.name) => INSTALL,
                    Kind::Install => CHEAP,
                    Kind::Compile if downloaded.insert(used.tool.name) && !held => {
                        INSTALL + COMPILE
                    }
                    Kind::Compile => COMPILE,
                    Kind::Named => NAMED,
                    Kind::Everything => UNKNOWN,
                    Kind::Upkeep => 0.0,
                };
            }
            seconds
        }
        _ => 0.0,
    }
}
