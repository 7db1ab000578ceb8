//! From instructions to stages and steps, in one pass.

use super::additions;
use super::content::{self, Content};
use super::copy::Origin;
use super::effect::EffectReader;
use super::manifests;
use super::path_set::under;
use super::run::{failing, own_scripts, unpackaged};
use super::selection::Selection;
use super::varying::{self, follow};
use super::{CommandEffects, Effect, Graph, Stage, Step};
use crate::build::{Base, DispatchState, Stages};
use crate::context::Context;
use crate::limits;
use crate::report::Options;
use crate::syntax::{Dockerfile, Keyword};
use crate::text::Cut;

pub(super) fn read<'a>(
    mut build: Stages<'a>,
    context: &'a Context,
    options: &'a Options,
) -> Graph<'a> {
    let dockerfile = build.file;
    let mut graph = Graph {
        dockerfile,
        context,
        options,
        stages: Vec::new(),
        has_errors: false,
        lines: lines(dockerfile),
        members: Default::default(),
        arguments: Default::default(),
        asked: None,
        references: Default::default(),
        names: Default::default(),
        landings: Default::default(),
        told: varying::told(dockerfile, context),
    };
    build.add_targets(context, options.targets.as_deref().unwrap_or_default());
    for index in 0..build.stages.len() {
        let stage = read_stage(&graph, &build, index);
        if let Base::Stage(base) = stage.base {
            graph.stages[base].derived.push(index);
        }
        graph.has_errors |= stage.steps.iter().any(|step| matches!(step.effect, Effect::Invalid));
        graph.stages.push(stage);
    }
    for index in 0..graph.stages.len() {
        graph.stages[index].selection = Selection::of(&graph.stages[index]);
    }
    follow_artifacts(&mut graph);
    manifests::settle(&mut graph);
    additions::settle(&mut graph);
    graph
}

/// For each instruction the line it starts on, from 1.
fn lines(dockerfile: &Dockerfile<'_>) -> Vec<u32> {
    let mut line = 1;
    let mut at = 0;
    let lines = dockerfile.instructions.iter().map(|instruction| {
        let start = instruction.span.start as usize;
        line +=
            dockerfile.source.cut(at..start).bytes().filter(|&byte| byte == b'\n').count() as u32;
        at = start;
        line
    });
    lines.collect()
}

/// What the stage at `index` does; those before it are read.
fn read_stage<'a>(graph: &Graph<'a>, build: &Stages<'a>, index: usize) -> Stage<'a> {
    let of = &build.stages[index];
    let base = of.base.stage().map(|base| &graph.stages[base]);
    let mut stage = begin(build, index, base);
    let state = &mut stage.end;
    let reader = EffectReader { build, stage: index, context: graph.context };
    stage.triggered |= runs_unmovable_triggers(&reader, state);
    stage.follows_source |= stage.triggered;
    for dispatch in of.steps.iter().filter(|dispatch| !dispatch.is_trigger) {
        let (cwd, user, before) = (state.directory(), state.user.clone(), state.digest());
        let mut effect = reader.effect(graph.dockerfile, dispatch.instruction, state);
        if let Effect::Run(run) = &mut effect {
            let text_at = |place: &str| text_at(graph, &stage.steps, place);
            own_scripts::open(run, state, &text_at);
            unpackaged::read_alone(run, state, &text_at);
            failing::lose_directory(run, &|place| {
                let at_or_above = |cwd: &str| under(place, cwd).is_some();
                cwd.as_deref().is_some_and(at_or_above)
                    || may_be_there(&stage.steps, place)
                    || base.is_some_and(|base| {
                        let stages = graph.with_ancestors(base.index);
                        stages.into_iter().any(|stage| may_be_there(&stage.steps, place))
                    })
            });
        }
        match &effect {
            Effect::Copy(copy) => {
                stage.follows_source |= copy.content.is_volatile();
                stage.copies.push(stage.steps.len());
            }
            Effect::Onbuild => stage.triggers.push(stage.steps.len()),
            _ => {}
        }
        let state_it_reads = match &effect {
            Effect::Run(run) if !stage.varying.is_empty() => {
                let text = dispatch.instruction.span.of(graph.dockerfile.source);
                match run.ignores(text, &stage.varying) {
                    true => state.digest_without(&stage.varying),
                    false => before,
                }
            }
            _ => before,
        };
        let is_run = matches!(effect, Effect::Run(_)) && !stage.varying.is_empty();
        let sets = follow(&mut stage.varying, dispatch.instruction, &graph.told);
        let is_env = dispatch.instruction.keyword == Some(Keyword::Env);
        stage.changes_in_every_build |= is_run || sets && is_env;
        let instruction = dispatch.at;
        stage.steps.push(Step { instruction, cwd, user, state: before, state_it_reads, effect });
    }
    state.end();
    stage
}

/// Whether these steps may have left something at a place: with more of them than are looked at,
/// they may.
fn may_be_there(steps: &[Step<'_>], place: &str) -> bool {
    let leaves = |step: &Step<'_>| match &step.effect {
        Effect::Copy(copy) => !copy.may_bring(place).is_no(),
        Effect::Run(run) => run.commands.iter().any(|command| command.may_leave(place)),
        Effect::Workdir(made) => made.as_ref().is_none_or(|made| under(place, made).is_some()),
        Effect::Volume(places) => places.iter().any(|made| under(place, made).is_some()),
        Effect::Invalid => true,
        _ => false,
    };
    steps.len() > limits::COPIES_LOOKED_AT || steps.iter().any(leaves)
}

/// The text of the file that copies of these steps brought to a place, where none changed it
/// since.
fn text_at(graph: &Graph<'_>, steps: &[Step<'_>], place: &str) -> Option<String> {
    if !graph.context.is_known() {
        return None;
    }
    for step in steps.iter().rev().take(limits::COPIES_LOOKED_AT) {
        match &step.effect {
            Effect::Copy(copy) if copy.origin == Origin::Context => {
                let source = copy.source_of(place, graph.context);
                if let Some(text) = source.and_then(|source| graph.context.text(&source)) {
                    return Some(text.to_owned());
                }
            }
            Effect::Copy(copy) if !copy.may_bring(place).is_no() => return None,
            Effect::Run(run) => {
                let changes = |command: &CommandEffects| {
                    command.sets.is_none() && command.changes(std::iter::once(place))
                };
                if run.commands.iter().any(changes) {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// Runs the triggers that the stage starts with, and says whether they bring files that change
/// often, or do what is not known. They change the state of its steps and bring files, but are no
/// steps of it: nothing moves past them.
fn runs_unmovable_triggers(reader: &EffectReader<'_, '_>, state: &mut DispatchState) -> bool {
    let of = &reader.build.stages[reader.stage];
    let brought = of.brought.iter();
    let brought = brought.flat_map(|file| file.instructions.iter().map(move |i| (file, i)));
    let triggers = of.steps.iter().filter(|step| step.is_trigger);
    let triggers = triggers.map(|step| (reader.build.file, step.instruction));
    let mut found = false;
    for (file, instruction) in brought.chain(triggers) {
        let effect = reader.effect(file, instruction, state);
        found |= effect.stages().next().is_some()
            || match &effect {
                Effect::Copy(copy) => copy.content.is_volatile(),
                Effect::Invalid => true,
                _ => false,
            };
    }
    found
}

/// A stage with no steps yet, in the state that it starts in.
fn begin<'a>(build: &Stages<'a>, index: usize, base: Option<&Stage<'a>>) -> Stage<'a> {
    let of = &build.stages[index];
    Stage {
        index,
        from: of.from,
        name: of.name.clone(),
        base: of.base,
        image: of.image.clone(),
        is_windows: of.is_windows,
        steps: Vec::new(),
        copies: Vec::new(),
        triggers: Vec::new(),
        triggered: of.leaves_triggers_out || base.is_some_and(|base| base.triggered),
        copies_from: base.and_then(|base| match base.copies.is_empty() {
            true => base.copies_from,
            false => Some(base.index),
        }),
        needed: of.needed,
        shipped: of.shipped,
        derived: Vec::new(),
        used: of.used,
        varying: base.map(|base| base.varying.clone()).unwrap_or_default(),
        changes_in_every_build: base.is_some_and(|base| base.changes_in_every_build),
        end: DispatchState::start(build, index, base.map(|base| &base.end)),
        follows_source: base.is_some_and(|base| base.follows_source),
        selection: None,
    }
}

/// A copy from a stage that follows the source brings artefacts.
fn follow_artifacts(graph: &mut Graph<'_>) {
    for index in 0..graph.stages.len() {
        let mut follows = graph.stages[index].follows_source
            || matches!(graph.stages[index].base, Base::Stage(b) if graph.stages[b].follows_source);
        let (before, rest) = graph.stages.split_at_mut(index);
        for step in &mut rest[0].steps {
            if let Effect::Copy(copy) = &mut step.effect
                && let Origin::Stage(from) = copy.origin
                && before.get(from).is_some_and(|stage| stage.follows_source)
            {
                let kinds = copy.sources.iter().map(|(text, _)| content::of_made(text));
                let kind = kinds.max().unwrap_or(Content::Nothing);
                copy.content = match &before[from].selection {
                    Some(selection) => kind.min(selection.content()),
                    None if kind.is_volatile() => Content::Artifacts,
                    None => kind,
                };
                follows |= copy.content.is_volatile();
            }
        }
        graph.stages[index].follows_source = follows;
    }
}
