//! Two commands: neither may write what the other reads or writes, nor change what the other
//! runs with.

use super::{builds, links, shown_command};
use crate::context::parent;
use crate::ecosystem::{ActionKind, Arguments, SYSTEM, Use};
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::run::Link;
use crate::graph::{CommandEffects, Graph, Needs, Overlap, PathSet, StepAt};
use crate::sentences::{Assumption, Reason};

/// Whether `sunk` may go behind `command` of the step `at`, which finds its files at `inputs`.
pub fn passes(
    graph: &Graph<'_>,
    sunk: &CommandEffects,
    (at, command): (StepAt, &CommandEffects),
    inputs: &[String],
    links: &[&Link],
) -> Result<Vec<Assumption>, Reason> {
    if links::join_commands(links, sunk, command) || covers_members(sunk, command, inputs) {
        let (one, other) = (shown_command(graph, sunk), shown_command(graph, command));
        return Err(Reason::SameFiles { one, other });
    }
    let changes = changes_inputs(sunk, command, inputs);
    let apart = are_apart(graph, sunk, command);
    if apart.is_ok() && !changes {
        return Ok(Vec::new());
    }
    if let Some(assumed) = builds::before_build(graph, sunk, (at, command), inputs) {
        return Ok(assumed);
    }
    apart.and(Err(Reason::ReadsChanged))
}

/// Why an install that sinks has to stay in front of a command that writes one of its manifests,
/// whether or not there is one yet: `echo "require a v1" >> go.mod` behind `go mod download`.
pub fn sets_up(
    graph: &Graph<'_>,
    (at, sunk): (StepAt, &CommandEffects),
    command: &CommandEffects,
) -> Option<Reason> {
    let is_told = command.used.as_ref().is_none_or(|used| used.kind == ActionKind::Upkeep);
    if !is_told || command.writes.paths.is_empty() {
        return None;
    }
    let wanted = graph.demands(sunk, at).places();
    changes_inputs(command, sunk, &wanted).then(|| Reason::ChangesReads {
        command: shown_command(graph, command),
        other: shown_command(graph, sunk),
    })
}

/// Whether a command gives an owner or a mode to directories in which the other finds manifests: what
/// an install leaves beside these, such as `packages/a/node_modules`, no table names.
fn covers_members(sets: &CommandEffects, command: &CommandEffects, inputs: &[String]) -> bool {
    let (Some(sets), Needs::Project { directory, .. }) = (&sets.sets, &command.needs) else {
        return false;
    };
    let covers = |place: &str| sets.paths.iter().any(|path| under(path, place).is_some());
    let writes = |used: &Use| {
        let mut written = used.tool.writes.iter();
        used.kind == ActionKind::Install && written.any(|path| path.starts_with("./"))
    };
    let mut places = inputs.iter().map(|input| parent(input));
    command.used.as_ref().is_some_and(writes)
        && places.any(|place| place != *directory && covers(&place))
}

/// Why one of the commands that sink may not go behind one of those passed: one would remove what
/// the other finds or leaves beside its files. Each comes with the directory that its RUN starts
/// in.
pub fn removed(
    graph: &Graph<'_>,
    (sunk, sunk_in): (&[CommandEffects], Option<&str>),
    (passed, passed_in): (&[CommandEffects], Option<&str>),
) -> Option<Reason> {
    let mut pairs = sunk.iter().flat_map(|one| passed.iter().map(move |other| (one, other)));
    let (one, other) = pairs.find(|(one, other)| {
        removes_for(one, other, passed_in) || sunk_in.is_some_and(|cwd| removes(other, cwd))
    })?;
    let (one, other) = (shown_command(graph, one), shown_command(graph, other));
    Some(Reason::SameFiles { one, other })
}

/// Whether a command removes what the passed one finds or leaves beside its files: the working
/// directory `cwd`, which the runtime makes anew for each RUN, or the cache of its tool.
fn removes_for(sunk: &CommandEffects, command: &CommandEffects, cwd: Option<&str>) -> bool {
    let (Some(used), removed) = (&sunk.used, &sunk.writes.paths) else { return false };
    let tool = command.used.as_ref().map(|used| used.tool);
    match used.action.arguments {
        Arguments::Removed | Arguments::Moved => {
            let home = command.home.as_deref().unwrap_or("/root");
            let caches = tool.into_iter().flat_map(|tool| tool.caches);
            let caches = caches.map(|cache| match cache.path.strip_prefix('~') {
                Some(rest) => format!("{home}{rest}"),
                None => cache.path.to_owned(),
            });
            cwd.is_some_and(|cwd| removes(sunk, cwd))
                || caches.into_iter().any(|cache| {
                    let meets = |path: &str| under(path, &cache).or(under(&cache, path)).is_some();
                    removed.iter().any(|path| meets(path))
                })
        }
        Arguments::Caches => tool.is_some_and(|tool| tool.name == used.tool.name),
        _ => false,
    }
}

/// Whether a command takes `directory` away, or one above it.
fn removes(command: &CommandEffects, directory: &str) -> bool {
    let takes = |used: &Use| matches!(used.action.arguments, Arguments::Removed | Arguments::Moved);
    command.used.as_ref().is_some_and(takes)
        && command.writes.paths.iter().any(|path| under(path, directory).is_some())
}

/// Whether neither of two commands touches what the other does.
pub fn are_apart(graph: &Graph<'_>, a: &CommandEffects, b: &CommandEffects) -> Result<(), Reason> {
    let none = PathSet::none();
    let seen = |one: &CommandEffects, other: &'_ CommandEffects| !one.is_unseen_by(other);
    let read_by_a = if seen(b, a) { &a.reads } else { &none };
    let read_by_b = if seen(a, b) { &b.reads } else { &none };
    let pairs = [(&a.writes, read_by_b), (&a.writes, &b.writes), (read_by_a, &b.writes)];
    let fills = [(&a.fills, &b.reads), (&a.reads, &b.fills)];
    let fills = fills.into_iter().chain([(&a.fills, &b.writes), (&a.writes, &b.fills)]);
    let made = [(&a.writes, &b.reads_made), (&a.reads_made, &b.writes)];
    let pairs = pairs.into_iter().chain(fills).chain(made);
    for (one, other) in pairs {
        if one.overlap(other) != Overlap::Apart {
            let (one, other) = (shown_command(graph, a), shown_command(graph, b));
            return Err(Reason::SameFiles { one, other });
        }
    }
    for (writes, reads) in [(a, b), (b, a)] {
        if let Some(path) = settings_written(writes).filter(|_| reads.uses_system) {
            let (other, command) = (shown_command(graph, writes), shown_command(graph, reads));
            return Err(Reason::FindsSettings { command, other, path: path.to_owned() });
        }
    }
    let touches_system = |command: &CommandEffects| {
        let mut written = command.writes.paths.iter().chain(&command.fills.paths);
        command.writes.everything
            || written.any(|path| SYSTEM.iter().any(|s| under(s, path).is_some()))
    };
    if (a.uses_system && touches_system(b)) || (b.uses_system && touches_system(a)) {
        let (command, install) = (shown_command(graph, b), shown_command(graph, a));
        return Err(Reason::UsesInstalled { command, install });
    }
    Ok(())
}

/// A file of settings below a home directory that a command writes by its name: `~/.npmrc`,
/// `~/.config/pip/pip.conf`. Installs and downloads look there.
fn settings_written(command: &CommandEffects) -> Option<&str> {
    let cheap = command.used.as_ref().is_none_or(|used| used.kind == ActionKind::Upkeep);
    let mut paths = command.writes.paths.iter().filter(|_| cheap);
    let found = paths.find(|path| {
        let below =
            under("/root", path).or_else(|| under("/home", path)?.split_once('/').map(|p| p.1));
        let name = below.and_then(|below| below.split('/').next()).unwrap_or_default();
        name.starts_with('.') && !HOLDS_DOWNLOADS.contains(&name)
    });
    found.map(|path| &**path)
}

/// Directories of a home that hold downloads, and no settings.
const HOLDS_DOWNLOADS: &[&str] = &[".cache", ".npm"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, context::Context, syntax::parse};

    /// Whether the first RUN may go behind the second.
    fn passes(one: &str, other: &str) -> bool {
        let text = format!("FROM a\nWORKDIR /app\nRUN {one}\nRUN {other}\n");
        let (tree, _) = parse(&text);
        let (context, options) = (Context::unknown(), Options::default());
        let graph = Graph::new(&tree, &context, &options);
        let runs: Vec<_> = graph.stages[0].steps.iter().filter_map(|step| step.run()).collect();
        let [one, other] = runs[..] else { panic!("{text}") };
        let at = StepAt { stage: 0, step: 2 };
        super::passes(&graph, &one.commands[0], (at, &other.commands[0]), &[], &[]).is_ok()
    }

    #[test]
    fn commands_that_touch_other_files_change_places() {
        for (one, other, expected) in [
            ("touch /a", "touch /b", true),
            ("touch /a", "rm /a", false),
            ("cp x /root/.npmrc", "npm install -g a", false),
            ("cp x /opt/npmrc", "npm install -g a", true),
            ("cp x /home/a/.config/pip/pip.conf", "pip install a", false),
            ("rm -rf /root/.cache", "pip install a", true),
            ("cp x /etc/pip.conf", "pip install a", false),
        ] {
            assert_eq!(passes(one, other), expected, "{one} | {other}");
        }
    }
}
