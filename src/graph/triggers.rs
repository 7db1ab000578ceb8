//! ONBUILD: what the triggers of a base do where a stage built on it starts. They change the
//! state of its steps and bring files, but are no steps of it: nothing moves past them.

use super::stages::act;
use super::state::State;
use super::{Action, Base, Graph, Stage};
use crate::syntax::{Arguments, Dockerfile, Instruction, parse};

/// Runs the triggers of what `stage` is built on.
pub(super) fn run<'a>(
    graph: &Graph<'a>,
    stage: &mut Stage<'a>,
    state: &mut State,
    globals: &State,
    find: &dyn Fn(&str) -> Option<usize>,
    left: &mut usize,
) {
    let exhausted = *left == 0;
    let mut trigger = |file: &Dockerfile<'_>, instruction: &Instruction<'_>, stage: &mut Stage| {
        let rest = left.checked_sub(1);
        *left = rest.unwrap_or(0);
        if rest.is_none() {
            stage.triggered = true;
            return;
        }
        let action = act(file, instruction, state, graph.context, graph.options, globals, find);
        let taken = stage.takes.len();
        stage.takes.extend(action.stages());
        stage.triggered |= stage.takes.len() > taken
            || match &action {
                Action::Copy(copy) => copy.content.is_volatile(),
                Action::Invalid => true,
                _ => false,
            };
    };
    match stage.base {
        _ if exhausted => stage.triggered = true,
        Base::Stage(base) => {
            let base = &graph.stages[base];
            stage.triggered = base.triggered;
            for &at in &base.triggers {
                let onbuild = &graph.dockerfile.instructions[base.steps[at].instruction];
                if let Arguments::Onbuild(inner) = &onbuild.arguments {
                    trigger(graph.dockerfile, inner, stage);
                }
            }
        }
        Base::Image => {
            let image = graph.options.base_images.get(&stage.image);
            for text in image.iter().filter_map(|image| image.onbuild.as_ref()).flatten() {
                let (file, _) = parse(text);
                file.instructions.iter().for_each(|inner| trigger(&file, inner, stage));
            }
        }
        Base::Scratch => {}
    }
    stage.follows_source |= stage.triggered;
}
