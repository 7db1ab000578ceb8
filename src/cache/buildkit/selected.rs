//! Files of a stage that keeps only those of some names: they are the same bytes while the
//! context has these the same, though the stage itself runs again.

use super::super::contents::{Contents, Query};
use super::super::model::place;
use super::super::step::{Definition, FileSystem, Input, Step};
use crate::digest::Digest;
use crate::graph::{Graph, Selection};
use crate::limits;

/// Says of what `definition` takes from such stages which files of the context it is.
pub(in crate::cache) fn settle(
    graph: &Graph<'_>,
    contents: &Contents,
    definition: &mut Definition,
) {
    // For each stage what it keeps.
    let mut stages: Vec<Option<Vec<Query>>> = vec![None; graph.stages.len()];
    let mut left = limits::KEPT_FILES;
    for at in 0..definition.steps.len() {
        for input in 0..definition.steps[at].inputs.len() {
            let Input::Files { of: FileSystem::After(last), selected, stage: Some(stage) } =
                definition.steps[at].inputs[input]
            else {
                continue;
            };
            let selection = graph.stages[stage].selection.as_ref();
            let Some(selection) = selection.filter(|selection| selection.prunes) else { continue };
            let known = stages[stage].get_or_insert_with(|| {
                let own = definition.steps[..=last].iter().filter(|step| step.stage == stage);
                own.flat_map(|step| kept(graph, selection, step)).collect()
            });
            let Some(rest) = left.checked_sub(known.len()) else { return };
            left = rest;
            let mut digest = Digest::of("kept").number(selected);
            for query in known.iter() {
                digest = digest.number(contents.number(query));
            }
            definition.steps[at].inputs[input] = Input::Content(digest.end());
            definition.steps[at].queries.extend(known.iter().cloned());
        }
    }
}

/// What is kept of what `step` reads of the context.
fn kept(graph: &Graph<'_>, selection: &Selection, step: &Step) -> Vec<Query> {
    let own = place(graph, step.stage, step.span);
    let copy = own.and_then(|own| graph.stages[step.stage].steps[own].copy());
    let searched = copy.is_some_and(|copy| selection.searches_all_of(copy));
    let mut kept = Vec::new();
    for query in &step.queries {
        match searched && !query.parents {
            true => kept.extend(selection.names.iter().map(|name| query.below(name))),
            false => kept.push(query.clone()),
        }
    }
    kept
}
