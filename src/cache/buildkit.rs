//! The steps that BuildKit makes of a file: RUN, COPY, ADD and WORKDIR.
//!
//! Follows `dispatch` and its kin in BuildKit's
//! `frontend/dockerfile/dockerfile2llb/convert.go`. ENV, ARG, USER and SHELL are no steps:
//! they change what later steps are made of; the other instructions change the image only.
//! What COPY and RUN are made of is in `copy` and `run`.

mod copy;
mod mounted;
mod run;
pub(super) mod selected;

use super::dispatcher::{Dispatcher, StageState};
use super::step::{Definition, Facet, FileSystem, Input, Step};
use super::text::{self, Shown};
use crate::build::Dispatch;
use crate::context::clean;
use crate::digest::Digest;
use crate::syntax::{Arguments, Instruction, Keyword};
use std::borrow::Cow;

/// An instruction that a step is made of.
struct Source<'s, 'a> {
    dispatcher: &'s Dispatcher<'s, 'a>,
    instruction: &'s Instruction<'a>,
    /// The ONBUILD that holds it, or the same: here-documents hang on what is written.
    written: &'s Instruction<'a>,
    stage: usize,
}

/// What makes a step of an instruction, the stage and the text excepted.
struct Made {
    pub definition: u64,
    pub inputs: Vec<Input>,
    pub link: bool,
    pub facets: Vec<(Facet, u64)>,
    pub queries: Vec<super::contents::Query>,
}

/// The steps of the stages that the target needs.
pub(super) fn define(mut dispatcher: Dispatcher<'_, '_>) -> Definition {
    let mut definition = dispatcher.definition();
    for (index, stage) in dispatcher.stages.stages.iter().enumerate() {
        if !stage.needed {
            dispatcher.ends.push(None);
            continue;
        }
        let mut state = dispatcher.start(index);
        for step in &stage.steps {
            dispatch(&dispatcher, index, *step, &mut state, &mut definition);
        }
        state.dispatch.end();
        dispatcher.ends.push(Some(state));
    }
    definition
}

fn dispatch(
    dispatcher: &Dispatcher<'_, '_>,
    stage: usize,
    step: Dispatch<'_>,
    state: &mut StageState,
    definition: &mut Definition,
) {
    let instruction = step.instruction;
    let Some(keyword) = instruction.keyword else { return };
    let written = &dispatcher.stages.file.instructions[step.at];
    let assigned = state.dispatch.dispatch(instruction, dispatcher.stages);
    state.note(assigned, definition);
    let source = Source { dispatcher, instruction, written, stage };
    let made = match (keyword, &instruction.arguments) {
        (Keyword::Workdir, Arguments::Text(_)) if state.directory() != "/" => {
            workdir(dispatcher, state)
        }
        (Keyword::Run, Arguments::Command(command)) => run::make(&source, command, state),
        (Keyword::Copy | Keyword::Add, Arguments::Copy { sources, destination, .. }) => {
            copy::make(&source, (sources, destination), state)
        }
        _ => return,
    };
    let lookup = |name: &str| state.dispatch.known(name).map(Cow::Borrowed);
    let text = match dispatcher.names_steps {
        true => text::shown(dispatcher.stages.file, written, Shown::Buildkit, lookup),
        false => String::new(),
    };
    definition.steps.push(Step {
        stage,
        keyword,
        text,
        span: written.span,
        definition: made.definition,
        inputs: made.inputs,
        base: state.files,
        link: made.link,
        facets: made.facets,
        assigned: state.assigned,
        queries: made.queries,
    });
    state.files = FileSystem::After(definition.steps.len() - 1);
}

/// WORKDIR makes the directory, for the user in force.
fn workdir(dispatcher: &Dispatcher<'_, '_>, state: &StageState) -> Made {
    let path = clean(state.directory());
    let owner = (!state.user().is_empty()).then(|| copy::owner(state.user()));
    let owner = copy::owned(Digest::of("owner"), owner.as_ref()).end();
    let epoch = dispatcher.epoch.map_or(u64::MAX, |epoch| epoch as u64);
    let path = Digest::of(&path).end();
    Made {
        definition: Digest::of("mkdir").numbers(&[path, owner, epoch]).end(),
        inputs: vec![Input::Base],
        link: false,
        facets: vec![(Facet::Workdir, path), (Facet::User, owner), (Facet::Epoch, epoch)],
        queries: Vec::new(),
    }
}
