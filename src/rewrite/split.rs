//! Cutting a RUN in two: whether the shell state allows it, and what the second part has to
//! repeat.

use super::cleaning::cleaning;
use crate::commutes::{home, shown_command};
use crate::ecosystem::parts::{leaves_out_packages, thins_out};
use crate::ecosystem::{ActionKind, Arguments, ToolSet, Use, is_named_cache};
use crate::graph::path_set::under;
use crate::graph::run::failing::stops_at_errors;
use crate::graph::{CommandEffects, Graph, Overlap, Run, Step};
use crate::sentences::{Assumption, Reason};
use crate::shell::{self, Joiner};
use crate::syntax::Instruction;
use crate::syntax::ast::Heredoc;
use crate::text::Span;
use std::ops::Range;

/// What a cut adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The commands that the first part ends with.
    pub cleaning: Vec<String>,
    /// What has to hold.
    pub assumptions: Vec<Assumption>,
}

/// Whether `run` may be cut before its command number `at`. The layers of a stage that is not
/// `shipped` may grow.
pub fn may_split(
    graph: &Graph<'_>,
    shipped: bool,
    step: &Step<'_>,
    run: &Run<'_>,
    at: usize,
) -> Result<Cut, Reason> {
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let is_line = instruction.heredocs.is_empty() || script(instruction, run).is_some();
    if !is_line || instruction.is_json() {
        return Err(Reason::NotAShellLine);
    }
    if let Some(target) = holding_mount(step, run) {
        return Err(Reason::MountHolds { target });
    }
    let shown = |at: usize| shown_command(graph, &run.commands[at]);
    let mut assumptions = Vec::new();
    match tie(run, at) {
        Tie::Free => {}
        Tie::Loose(first) => {
            let may_fail = first.filter(|&index| !stops_at_errors(&run.script.commands[index]));
            let each = may_fail.map(|index| Assumption::DoesNotFail { command: shown(index) });
            assumptions.extend(each);
        }
        Tie::Tied(other) if other == at => {
            return Err(Reason::NotJoined { command: shown(at) });
        }
        Tie::Tied(other) => return Err(Reason::RunsAfterFailure { command: shown(other) }),
    }
    if let Err(setting) = repeated(run, at) {
        return Err(Reason::SetsShellState { command: shown(setting) });
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
        let upkeep = later.used.as_ref().is_some_and(|used| used.kind == ActionKind::Upkeep);
        if !upkeep && tool(later).is_some_and(|tool| refreshed.contains(tool)) {
            return Err(Reason::UsesIndex { command: shown_command(graph, later) });
        }
    }
    // What the second part takes away of the first would stay in the first part's layer.
    if !shipped {
        return Ok(Cut { cleaning: Vec::new(), assumptions });
    }
    let cleaning = cleaning(graph, step, run, at)?;
    if let Some(later) =
        (at..run.commands.len()).find(|&later| changes_installed(graph, run, at, later))
    {
        assumptions.push(Assumption::MayGrow { command: shown(later) });
    }
    Ok(Cut { cleaning, assumptions })
}

/// The mount of a RUN that may hold what its commands make for each other: a tmpfs, a bind that
/// is written to, and a cache that is no tool's cache of downloads. Each step finds a tmpfs empty,
/// and a build has to work with an empty cache.
/// <https://docs.docker.com/reference/dockerfile/#run---mounttypecache>
fn holding_mount(step: &Step<'_>, run: &Run<'_>) -> Option<String> {
    let home = home(step.user.as_deref()).unwrap_or_default();
    let caches = |path: &str| {
        run.commands.iter().filter_map(|command| command.used.as_ref()).any(|used| {
            used.tool.caches.iter().any(|cache| {
                let cache = match cache.path.strip_prefix("~/") {
                    Some(rest) => format!("{home}/{rest}"),
                    None => cache.path.to_owned(),
                };
                under(&cache, path).or(under(path, &cache)).is_some()
            })
        })
    };
    let holds = |target: &str| !caches(target) && !is_named_cache(target);
    let mut mounts = run.mounts.iter();
    let mount = mounts
        .find(|mount| mount.forgets || mount.cache && mount.target.as_deref().is_none_or(holds))?;
    Some(mount.target.clone().unwrap_or_default())
}

/// Whether the command `later` changes files that those before `at` install, their owner, say, or takes
/// some of them away: `npm ci && npm run build && npm prune --omit=dev`.
fn changes_installed(graph: &Graph<'_>, run: &Run<'_>, at: usize, later: usize) -> bool {
    let text = |command: &CommandEffects| command.span.of(graph.dockerfile.source);
    let later = &run.commands[later];
    let touches = |used: &Use| {
        used.kind == ActionKind::Upkeep
            && matches!(
                used.action.arguments,
                Arguments::Paths | Arguments::Made | Arguments::Metadata
            )
    };
    let touches = later.used.as_ref().is_some_and(touches);
    let thins = thins_out(text(later));
    let leaves_out = leaves_out_packages(text(later));
    run.commands[..at].iter().any(|first| {
        let Some(used) = first.used.as_ref().filter(|used| used.kind != ActionKind::Upkeep) else {
            return false;
        };
        // `npm ci && npm run build && npm ci --omit=dev`
        let installs_less = || {
            later.used.as_ref().is_some_and(|other| other.tool.name == used.tool.name)
                && leaves_out
                && !leaves_out_packages(text(first))
        };
        touches && first.writes.overlap(&later.writes) != Overlap::Apart
            || used.kind == ActionKind::Install && (thins || installs_less())
    })
}

/// The here-document that is all that a RUN runs, in its shell.
pub fn script<'i, 'a>(instruction: &'i Instruction<'a>, run: &Run<'_>) -> Option<&'i Heredoc<'a>> {
    let [heredoc] = &instruction.heredocs[..] else { return None };
    let within = |command: &CommandEffects| heredoc.body.contains(command.span);
    // Another interpreter could read its body.
    let plain = !heredoc.content.starts_with("#!") && run.commands.iter().all(within);
    plain.then_some(heredoc)
}

/// Whether some of the first `at` commands of `run` may go before the others: `&&` joins them all.
pub fn may_pull(
    graph: &Graph<'_>,
    shipped: bool,
    step: &Step<'_>,
    run: &Run<'_>,
    at: usize,
) -> Result<(), Reason> {
    let instruction = &graph.dockerfile.instructions[step.instruction];
    if !instruction.heredocs.is_empty() || instruction.is_json() || !run.is_chain() {
        return Err(Reason::CommandsMixed);
    }
    if at == run.commands.len() {
        return Ok(());
    }
    match may_split(graph, shipped, step, run, at)?.cleaning.first() {
        None => Ok(()),
        Some(_) => Err(Reason::StepTakesAway),
    }
}

fn tool(command: &CommandEffects) -> Option<&'static str> {
    Some(command.used.as_ref()?.tool.name)
}

/// How the commands from one on hang on those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tie {
    /// They run where all before them went well.
    Free,
    /// They run although one of these fails.
    Loose(Range<usize>),
    /// This one would not run as before if those ran in a step of their own.
    Tied(usize),
}

/// How the commands of `run` from `at` on hang on those before.
pub fn tie(run: &Run<'_>, at: usize) -> Tie {
    let commands = &run.script.commands;
    // With `set -e`, `;` ends the step where a command fails, as `&&` does.
    let stops = commands[..carried(&run.commands)].iter().any(stops_at_errors);
    let ends = |command: &shell::Command<'_>| stops && command.joiner == Joiner::Semicolon;
    if commands[..at].iter().any(|command| command.joiner == Joiner::Background) {
        return Tie::Tied(at);
    }
    // `set -e` passes over what fails in front of a `&&`: in `a && b; c`, c runs although a failed.
    let chained = |index: &usize| matches!(commands[*index].joiner, Joiner::And | Joiner::Pipe);
    let list = (0..at).rev().find(|index| !chained(index)).unwrap_or(0);
    match commands[at].joiner {
        Joiner::And => {}
        Joiner::Semicolon if stops && list + 1 == at => return Tie::Free,
        Joiner::Semicolon if stops => return Tie::Loose(list..at - 1),
        Joiner::Semicolon => return Tie::Loose(at - 1..at),
        _ => return Tie::Tied(at),
    }
    // `a && b || c`: c runs where a fails, too.
    let mut others = commands.iter().enumerate().skip(at + 1).take_while(|(_, c)| !ends(c));
    let other = others.find(|(_, c)| !matches!(c.joiner, Joiner::And | Joiner::Pipe));
    match other {
        Some((other, _)) => Tie::Tied(other),
        None if commands[at + 1..].iter().any(ends) => Tie::Loose(list..at),
        None => Tie::Free,
    }
}

/// The commands before `at` that only set shell state, which a second part has to repeat; or one
/// that it cannot.
pub fn repeated(run: &Run<'_>, at: usize) -> Result<Vec<usize>, usize> {
    let first = carried(&run.commands);
    let joined = |at: usize| {
        let joiner = run.script.commands.get(at).map(|command| command.joiner);
        matches!(joiner, Some(Joiner::Start | Joiner::And | Joiner::Semicolon))
    };
    let repeats = |index: usize, command: &CommandEffects| {
        // What is set on the way has to mean the same again: a file may be another one by then.
        let plain = command.only_sets() && !command.reads.everything && !command.sources;
        index < first || plain && joined(index) && joined(index + 1)
    };
    let settings = run.commands[..at].iter().enumerate().filter(|(_, c)| c.changes_shell);
    settings.map(|(index, c)| if repeats(index, c) { Ok(index) } else { Err(index) }).collect()
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

/// How many commands at the start only set shell state, so that the second part can repeat
/// them.
pub fn carried(commands: &[CommandEffects]) -> usize {
    commands.iter().take_while(|command| command.only_sets()).count()
}
