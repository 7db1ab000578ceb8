//! The image configuration, stage by stage, and what stands before the first stage.

use crate::graph::{Action, Graph, Stage};
use crate::syntax::{Directive, Flag, Instruction};

/// Whether the parser directives and the arguments before the first FROM are the same.
pub fn same_preamble(graph: &Graph<'_>, rewritten: &Graph<'_>) -> Result<(), String> {
    let directives = |graph: &Graph<'_>| -> Vec<(String, String)> {
        let said = |d: &Directive<'_>| (d.name.to_string(), d.value.text.to_string());
        graph.dockerfile.directives.iter().map(said).collect()
    };
    let arguments = |graph: &Graph<'_>| -> Vec<String> {
        let first = graph.stages.first().map_or(graph.dockerfile.instructions.len(), |s| s.from);
        graph.dockerfile.instructions[..first].iter().map(content).collect()
    };
    if directives(graph) != directives(rewritten) || arguments(graph) != arguments(rewritten) {
        return Err("what stands before the first stage is not the same".into());
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
) -> Result<(), String> {
    let end = |stage: &Stage<'_>| {
        let end = &stage.end;
        (end.env_digest(), end.cwd.clone(), end.user.clone(), end.shell.clone())
    };
    let config = |graph: &Graph<'_>, stage: &Stage<'_>| -> Vec<String> {
        let steps = stage.steps.iter().filter(|step| {
            matches!(step.action, Action::Config | Action::Onbuild | Action::Volume(_))
        });
        steps.map(|step| content(&graph.dockerfile.instructions[step.instruction])).collect()
    };
    let from =
        |graph: &Graph<'_>, stage: &Stage<'_>| content(&graph.dockerfile.instructions[stage.from]);
    if from(graph, before) != from(rewritten, after)
        || before.name != after.name
        || before.image != after.image
        || end(before) != end(after)
        || config(graph, before) != config(rewritten, after)
    {
        return Err("the image configuration is not the same".into());
    }
    Ok(())
}

/// What an instruction says, its layout aside.
pub fn content(instruction: &Instruction<'_>) -> String {
    let bodies: Vec<&str> = instruction.heredocs.iter().map(|h| h.content.as_ref()).collect();
    let flag =
        |flag: &Flag<'_>| (flag.name.to_string(), flag.value.as_ref().map(|v| v.text.to_string()));
    let flags: Vec<_> = instruction.flags.iter().map(flag).collect();
    format!("{:?} {flags:?} {} {bodies:?}", instruction.keyword, instruction.rest.text)
}
