//! Values that a stage hands on to those built on it.

use super::{RULE, Values};
use crate::graph::{Effect, Graph, Stage, StepAt};
use crate::issue::{Issue, Related};
use crate::limits;
use crate::rule::{Finding, Remedy};
use crate::sentences::{Quoted, Reason};
use crate::syntax::Keyword;

/// What a value that a stage hands on to those built on it makes run again there, and is not used
/// before: `ENV COMMIT=$COMMIT` in the base of an install.
pub(super) fn finding(graph: &Graph<'_>, stage: &Stage<'_>, values: &Values) -> Option<Finding> {
    let keyword = |at: usize| graph.dockerfile.instructions[stage.steps[at].instruction].keyword;
    let sets = values.steps.iter().rev().find(|&&at| keyword(at) == Some(Keyword::Env))?;
    let names = match &stage.steps[*sets].effect {
        Effect::Variables(names) if values.used.is_none() => names,
        _ => return None,
    };
    let names: Vec<String> =
        names.iter().filter(|name| values.changing.contains(name)).cloned().collect();
    let reruns = graph.downloads_below(stage, &names);
    let first = *reruns.first().filter(|_| !names.is_empty())?;
    let run = graph.stages[first.stage].steps[first.step].run()?;
    let tool = run.downloading().next()?.1.tool.name;
    let changing = Quoted::all(names);
    let related = reruns
        .iter()
        .map(|&at| Related { span: graph.span(at), message: "This step does not use it.".into() });
    let at = StepAt { stage: stage.index, step: *sets };
    let issue = Issue {
        message: format!("{tool} runs again with each value of {changing}, and does not use it"),
        why: "A stage begins with the variables of the one that it is built on, which belong to \
              the cache key of each of its steps; and the value changes in nearly every build."
            .into(),
        help: "Set the value in the stages that use it, where it is first used.".into(),
        related: related.take(limits::CAUSES).collect(),
        ..RULE.issue(graph.span(at))
    };
    let base = stage.name.clone().unwrap_or_else(|| stage.image.clone());
    Some(Finding { issue, remedy: Remedy::Refused(Reason::ValueOfStage { stage: base }) })
}
