//! Which tools have compiled what they need before a step, in its stage or in one that it copies from.

use crate::context::base_name;
use crate::ecosystem::{ActionKind, Use, kept};
use crate::graph::{CommandEffects, Copy, Origin, Run, Stage};

/// For each step of a stage whether a tool compiles in it that does so again behind another copy of
/// source: `COPY crates/core`, `cargo build`, `COPY . .`, `cargo build`.
pub(super) fn prepare_later_ones(stage: &Stage<'_>) -> Vec<bool> {
    let (mut later, mut behind_copy): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut found = vec![false; stage.steps.len()];
    for (step, of) in stage.steps.iter().enumerate().rev() {
        let copy = of.copy().filter(|copy| copy.origin == Origin::Context);
        if copy.is_some_and(|copy| copy.content.is_volatile()) {
            later.drain(..).for_each(|tool| note(&mut behind_copy, tool));
        }
        let Some(run) = of.run() else { continue };
        found[step] = compiling(run).any(|tool| behind_copy.contains(&tool));
        compiling(run).for_each(|tool| note(&mut later, tool));
    }
    found
}

/// Whether a copy brings the directory in which a tool keeps what it compiled.
pub(super) fn brings_cache(copy: &Copy, tool: &str) -> bool {
    kept(tool).filter(|kept| kept.compiled).any(|kept| {
        let place = kept.place(&|_| None);
        !place.is_empty()
            && copy.sources.iter().any(|(text, _)| base_name(text) == base_name(&place))
    })
}

/// Adds a tool to those that are known, once.
pub(super) fn note(tools: &mut Vec<&'static str>, tool: &'static str) {
    if !tools.contains(&tool) {
        tools.push(tool);
    }
}

/// The tools that compile something in a RUN.
pub(super) fn compiling<'r>(run: &'r Run<'_>) -> impl Iterator<Item = &'static str> + 'r {
    run.commands.iter().filter_map(compiler)
}

/// Whether a command compiles the project.
pub(super) fn compiles(used: &Use) -> bool {
    used.action.kind == ActionKind::Compile
        && !used.action.only_fetches()
        && used.kind != ActionKind::Named
}

/// The tool of a command that compiles the project, or its dependencies.
fn compiler(command: &CommandEffects) -> Option<&'static str> {
    let used = command.used.as_ref()?;
    let cooks = used.kind == ActionKind::Install
        && command.keeps.iter().any(|keeps| keeps.kept.compiled && !keeps.kept.mount_does);
    (compiles(used) || cooks).then_some(used.tool.name)
}
