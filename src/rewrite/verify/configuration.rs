//! The image configuration, stage by stage, and what stands before the first stage.

use crate::cache::frontend::{FRONTEND, raise};
use crate::graph::{Effect, Graph, Stage};
use crate::sentences::Mismatch;
use crate::syntax::{Directive, Flag, Instruction, Keyword};

/// Whether the parser directives and the arguments before the first FROM are the same. Another
/// frontend may read the file where it knows what the first one does not.
pub fn same_preamble(graph: &Graph<'_>, rewritten: &Graph<'_>) -> Result<(), Mismatch> {
    fn directives<'g>(graph: &'g Graph<'_>) -> Vec<(&'g str, &'g str)> {
        let said = |d: &'g Directive<'_>| (d.name.as_ref(), d.value.text.as_ref());
        graph.dockerfile.directives.iter().map(said).collect()
    }
    fn arguments<'g>(graph: &'g Graph<'_>) -> Vec<Content<'g>> {
        let first = graph.stages.first().map_or(graph.dockerfile.instructions.len(), |s| s.from);
        graph.dockerfile.instructions[..first].iter().map(content).collect()
    }
    let (mut old, mut new) = (directives(graph), directives(rewritten));
    if new.contains(&("syntax", FRONTEND)) && raise(graph.dockerfile).is_some() {
        old.retain(|(name, _)| *name != "syntax");
        new.retain(|(name, _)| *name != "syntax");
    }
    if old != new || arguments(graph) != arguments(rewritten) {
        return Err(Mismatch::Preamble);
    }
    Ok(())
}

/// Whether a stage ends in the same configuration: environment, working directory, user,
/// shell, and what only the configuration keeps.
pub fn same_configuration(
    graph: &Graph<'_>,
    before: &Stage<'_>,
    rewritten: &Graph<'_>,
    after: &Stage<'_>,
) -> Result<(), Mismatch> {
    fn config<'g>(graph: &'g Graph<'_>, stage: &Stage<'_>) -> Vec<Content<'g>> {
        let steps = stage.steps.iter().filter(|step| {
            matches!(step.effect, Effect::Config | Effect::Onbuild | Effect::Volume(_))
        });
        steps.map(|step| content(&graph.dockerfile.instructions[step.instruction])).collect()
    }
    let end = |stage: &Stage<'_>| {
        let end = &stage.end;
        (end.environment(), end.directory(), end.user.clone(), end.shell.clone())
    };
    let from = content(&graph.dockerfile.instructions[before.from]);
    if from != content(&rewritten.dockerfile.instructions[after.from])
        || before.name != after.name
        || before.image != after.image
        || end(before) != end(after)
        || config(graph, before) != config(rewritten, after)
    {
        return Err(Mismatch::Configuration);
    }
    Ok(())
}

/// What an instruction says, its layout aside.
#[derive(Clone, PartialEq, Eq)]
pub struct Content<'g> {
    pub keyword: Option<Keyword>,
    flags: Vec<(&'g str, Option<&'g str>)>,
    pub rest: &'g str,
    pub bodies: Vec<&'g str>,
}

/// What `instruction` says.
pub fn content<'g>(instruction: &'g Instruction<'_>) -> Content<'g> {
    let flag = |flag: &'g Flag<'_>| {
        (flag.name.as_ref(), flag.value.as_ref().map(|value| value.text.as_ref()))
    };
    Content {
        keyword: instruction.keyword,
        flags: instruction.flags.iter().map(flag).collect(),
        rest: &instruction.rest.text,
        bodies: instruction.heredocs.iter().map(|body| body.content.as_ref()).collect(),
    }
}
