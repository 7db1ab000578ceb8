//! Cutting a RUN in two: whether the shell state allows it, and what the second part has to
//! repeat.

use super::cleaning::cleaning;
use super::passing::shown_command;
use crate::ecosystem::{Kind, ToolSet};
use crate::graph::{Command, Graph, Run, Step};
use crate::issue::{Refusal, RefusalReason};
use crate::shell::{self, Joiner};
use crate::text::Span;

/// Whether `run` may be cut before its command number `at`, and the commands that the first part
/// ends with then. The layers of a stage that is not `shipped` may grow.
pub fn may_split(
    graph: &Graph<'_>,
    shipped: bool,
    step: &Step<'_>,
    run: &Run<'_>,
    at: usize,
) -> Result<Vec<String>, Refusal> {
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let refuse = |reason, message: String| Err(Refusal { reason, message });
    if !instruction.heredocs.is_empty() || instruction.is_json() {
        return refuse(
            RefusalReason::SharedShellState,
            "the step is not a plain shell line, and cannot be cut in two".into(),
        );
    }
    let commands = &run.script.commands;
    let shown = |at: usize| shown_command(graph, &run.commands[at]);
    let carried = carried(&run.commands);
    if let Some(other) = tied(commands, carried, at) {
        let message = match other == at {
            true => format!("`{}` is not joined by && to what comes before it", shown(at)),
            false => format!("`{}` runs also where what comes first fails", shown(other)),
        };
        return refuse(RefusalReason::SharedShellState, message);
    }
    if let Some(command) = run.commands[carried..at].iter().find(|command| command.changes_shell) {
        return refuse(
            RefusalReason::SharedShellState,
            format!(
                "`{}` sets shell state that the rest of the step may use",
                shown_command(graph, command)
            ),
        );
    }
    // The index that the first part refreshes would be stale for the second.
    let mut refreshed = ToolSet::default();
    for command in &run.commands[..at] {
        let Some(tool) = tool(command) else { continue };
        if command.refreshes() {
            refreshed.insert(tool);
        }
    }
    for later in run.commands[at..].iter().filter(|command| !command.refreshes()) {
        let upkeep = later.used.as_ref().is_some_and(|used| used.kind == Kind::Upkeep);
        if !upkeep && tool(later).is_some_and(|tool| refreshed.contains(tool)) {
            return refuse(
                RefusalReason::SharedShellState,
                format!(
                    "`{}` uses the index that the step refreshes; cut in two, it may be out of date",
                    shown_command(graph, later)
                ),
            );
        }
    }
    // What the second part takes away of the first would stay in the first part's layer.
    if shipped { cleaning(graph, step, run, at) } else { Ok(Vec::new()) }
}

/// Whether some of the first `at` commands of `run` may go before the others: `&&` joins them all.
pub fn may_pull(
    graph: &Graph<'_>,
    shipped: bool,
    step: &Step<'_>,
    run: &Run<'_>,
    at: usize,
) -> Result<(), Refusal> {
    let instruction = &graph.dockerfile.instructions[step.instruction];
    if !instruction.heredocs.is_empty() || instruction.is_json() || !is_chain(run) {
        return Err(Refusal {
            reason: RefusalReason::SharedShellState,
            message: "the commands of the step cannot be told apart".into(),
        });
    }
    if at == run.commands.len() {
        return Ok(());
    }
    match may_split(graph, shipped, step, run, at)?.first() {
        None => Ok(()),
        Some(_) => Err(Refusal {
            reason: RefusalReason::SharedShellState,
            message: "the step takes away what it made; cut in two, the image would grow".into(),
        }),
    }
}

/// Whether `&&` joins all commands, and none sets anything for the next.
pub fn is_chain(run: &Run<'_>) -> bool {
    let joined = |command: &shell::Command<'_>| {
        matches!(command.joiner, Joiner::Start | Joiner::And) && !command.negated
    };
    run.script.commands.iter().all(joined)
        && run.script.trailing.is_none()
        && !run.commands.iter().any(|command| command.changes_shell)
}

fn tool(command: &Command) -> Option<&'static str> {
    Some(command.used.as_ref()?.tool.name)
}

/// The command that ties the commands from `at` on to those before it: that would not run as
/// before if these ran in a step of their own.
pub fn tied(commands: &[shell::Command<'_>], carried: usize, at: usize) -> Option<usize> {
    // With `set -e`, `;` ends the step where a command fails, as `&&` does.
    let stops = commands[..carried].iter().any(stops_at_errors);
    let ends = |command: &shell::Command<'_>| stops && command.joiner == Joiner::Semicolon;
    if commands[..at].iter().any(|command| command.joiner == Joiner::Background) {
        return Some(at);
    }
    match commands[at].joiner {
        Joiner::And => {}
        Joiner::Semicolon if stops => return None,
        _ => return Some(at),
    }
    // `a && b || c`: c runs where a fails, too.
    let mut others = commands.iter().enumerate().skip(at + 1).take_while(|(_, c)| !ends(c));
    others.find(|(_, c)| !matches!(c.joiner, Joiner::And | Joiner::Pipe)).map(|(other, _)| other)
}

/// Whether the command at `span` runs by itself: no pipe, no `||`, nothing in the background, no
/// here-document.
pub fn stands_alone(script: &shell::Script<'_>, span: Span) -> bool {
    let plain = |joiner| matches!(joiner, Joiner::Start | Joiner::And | Joiner::Semicolon);
    let Some(at) = script.commands.iter().position(|command| command.span == span) else {
        return false;
    };
    let behind = match script.commands.get(at + 1) {
        Some(next) => plain(next.joiner),
        None => script.trailing.is_none(),
    };
    let own = &script.commands[at];
    let heredoc = own.redirections.iter().any(|r| r.operator == shell::Operator::Heredoc);
    !own.negated && !heredoc && plain(own.joiner) && behind
}

/// Whether a command is `set -e`, in any of its spellings.
fn stops_at_errors(command: &shell::Command<'_>) -> bool {
    let mut words = command.words.iter().filter_map(|word| word.literal());
    words.next().is_some_and(|program| program == "set")
        && words.any(|word| {
            let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            letters.is_some_and(|letters| letters.contains('e')) || word == "errexit"
        })
}

/// How many commands at the start only set shell state, so that the second part can repeat
/// them.
pub fn carried(commands: &[Command]) -> usize {
    commands.iter().take_while(|command| command.only_sets()).count()
}
