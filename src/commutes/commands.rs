//! Two commands: neither may write what the other reads or writes, nor change what the other
//! runs with.

use super::{builds, shown_command};
use crate::ecosystem::SYSTEM;
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::{Command, Graph, Overlap};
use crate::sentences::{Assumption, Reason};

/// Whether `sunk` may go behind `command`, which finds its files at `inputs`.
pub fn passes(
    graph: &Graph<'_>,
    sunk: &Command,
    command: &Command,
    inputs: &[String],
) -> Result<Vec<Assumption>, Reason> {
    let changes = changes_inputs(sunk, command, inputs);
    let apart = are_apart(graph, sunk, command);
    if apart.is_ok() && !changes {
        return Ok(Vec::new());
    }
    if let Some(assumed) = builds::before_build(graph, sunk, command, inputs) {
        return Ok(assumed);
    }
    apart.and(Err(Reason::ReadsChanged))
}

/// Whether neither of two commands touches what the other does.
pub fn are_apart(graph: &Graph<'_>, a: &Command, b: &Command) -> Result<(), Reason> {
    let pairs = [(&a.writes, &b.reads), (&a.writes, &b.writes), (&a.reads, &b.writes)];
    let fills = [(&a.fills, &b.reads), (&a.reads, &b.fills)];
    let fills = fills.into_iter().chain([(&a.fills, &b.writes), (&a.writes, &b.fills)]);
    let pairs = pairs.into_iter().chain(fills);
    for (one, other) in pairs {
        if one.overlap(other) != Overlap::Apart {
            let (one, other) = (shown_command(graph, a), shown_command(graph, b));
            return Err(Reason::SameFiles { one, other });
        }
    }
    let touches_system = |command: &Command| {
        command.writes.everything
            || command
                .writes
                .paths
                .iter()
                .any(|path| SYSTEM.iter().any(|s| under(s, path).is_some()))
    };
    if (a.uses_system && touches_system(b)) || (b.uses_system && touches_system(a)) {
        let (command, install) = (shown_command(graph, b), shown_command(graph, a));
        return Err(Reason::UsesInstalled { command, install });
    }
    Ok(())
}
