//! What the first part of a RUN that is cut takes away itself: caches that the rest of the step
//! empties would stay in its layer.

use crate::commutes::{home, shown_command};
use crate::ecosystem::{ActionKind, Arguments, Tool, takes_something_away};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Graph, Overlap, PathSet, Run, Step};
use crate::sentences::Reason;

/// The commands that empty the caches of the first `at` commands of `run`, as those behind them
/// do. Fails where these take away more of what the first ones made.
pub fn cleaning(
    graph: &Graph<'_>,
    step: &Step<'_>,
    run: &Run<'_>,
    at: usize,
) -> Result<Vec<String>, Reason> {
    let (first, rest) = run.commands.split_at(at);
    let mut found: Vec<String> = Vec::new();
    for command in rest {
        if !takes_away(graph, step, first, command) {
            continue;
        }
        match emptied(graph, step, first, command) {
            Some(text) if found.contains(&text) => {}
            Some(text) => found.push(text),
            None => {
                return Err(Reason::TakesAway { command: shown_command(graph, command) });
            }
        }
    }
    Ok(found)
}

/// Whether `command` takes away something of what those in `first` made.
fn takes_away(
    graph: &Graph<'_>,
    step: &Step<'_>,
    first: &[CommandEffects],
    command: &CommandEffects,
) -> bool {
    let Some(used) = command.used.as_ref().filter(|used| used.kind == ActionKind::Upkeep) else {
        return false;
    };
    match used.action.arguments {
        Arguments::Removed => {
            let overlaps = |set: &PathSet| overlap(set, &command.writes);
            first.iter().any(|earlier| {
                let caches = tool(earlier).map(|tool| caches(tool, step)).unwrap_or_default();
                overlaps(&earlier.writes) || overlaps(&caches)
            })
        }
        Arguments::Paths | Arguments::Made | Arguments::Metadata | Arguments::Inputs => false,
        _ => {
            let text = command.span.of(graph.dockerfile.source);
            takes_something_away(text) && first.iter().any(|earlier| same_tool(earlier, used.tool))
        }
    }
}

/// The command that takes away of the caches of `first` what `command` does; `None` where that
/// is not all it takes away of theirs, or where what is installed is used from there.
fn emptied(
    graph: &Graph<'_>,
    step: &Step<'_>,
    first: &[CommandEffects],
    command: &CommandEffects,
) -> Option<String> {
    let used = command.used.as_ref()?;
    let text = command.span.of(graph.dockerfile.source);
    if used.action.arguments == Arguments::Caches {
        let mut same = first.iter().filter(|earlier| same_tool(earlier, used.tool));
        return same.all(|earlier| tool(earlier).is_some_and(is_apart)).then(|| text.to_owned());
    }
    // What is not there yet must not make it fail.
    let flags = text.strip_prefix("rm -")?.split(' ').next()?;
    if !flags.contains('f') {
        return None;
    }
    let tools: Vec<&Tool> = first.iter().filter_map(tool).filter(|tool| is_apart(tool)).collect();
    let mut removed = String::new();
    for written in &used.paths {
        let (plain, is_pattern) = match written.strip_suffix("/*") {
            Some(plain) => (plain, true),
            None => (written.as_str(), false),
        };
        let place = match plain.strip_prefix("~/") {
            Some(rest) => format!("{}/{rest}", home(step.user.as_deref())?),
            None if plain.starts_with('/') => plain.trim_end_matches('/').to_owned(),
            None => crate::context::clean(&crate::context::join(command.cwd.as_deref()?, plain)),
        };
        let mut within = false;
        for cache in tools.iter().flat_map(|tool| caches(tool, step).paths) {
            let below = under(&place, &cache);
            let word = match (under(&cache, &place), below) {
                (Some(_), _) => {
                    within = true;
                    written.as_str()
                }
                // A pattern leaves hidden files where they are.
                (None, Some(below)) if !(is_pattern && below.starts_with('.')) => &cache,
                _ => continue,
            };
            if !removed.split(' ').any(|other| other == word) {
                removed.push(' ');
                removed.push_str(word);
            }
        }
        let set = PathSet { everything: false, paths: vec![place.into()] };
        if !within && first.iter().any(|other| overlap(&other.writes, &set)) {
            return None;
        }
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "~._-/* ".contains(c);
    (!removed.is_empty() && removed.chars().all(plain)).then(|| format!("rm -{flags}{removed}"))
}

/// Whether two sets overlap for certain.
fn overlap(a: &PathSet, b: &PathSet) -> bool {
    matches!(a.overlap(b), Overlap::Inside(_) | Overlap::Shared(_))
}

/// Whether what the tool installs lies elsewhere than in its caches.
fn is_apart(tool: &Tool) -> bool {
    let holds = |path: &str| tool.writes.iter().any(|written| under(path, written).is_some());
    !tool.caches.iter().any(|cache| holds(cache.path))
}

/// Where a tool keeps what it downloads.
fn caches(tool: &Tool, step: &Step<'_>) -> PathSet {
    let home = home(step.user.as_deref()).unwrap_or_else(|| "/root".into());
    let mut set = PathSet::none();
    for cache in tool.caches {
        match cache.path.strip_prefix("~/") {
            Some(path) => set.add(format!("{home}/{path}")),
            None => set.add(cache.path),
        }
    }
    set
}

fn tool(command: &CommandEffects) -> Option<&'static Tool> {
    Some(command.used.as_ref()?.tool)
}

fn same_tool(command: &CommandEffects, other: &Tool) -> bool {
    tool(command).is_some_and(|tool| tool.name == other.name)
}
