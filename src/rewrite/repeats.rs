//! Commands that prepare files of a fetch and are repeated in front of it: `chmod +x gradlew`.
//! Where they stand they work on the same files again, which a later copy brings anew.

use crate::ecosystem::Kind;
use crate::graph::Command;
use crate::graph::demands::Demands;

/// Whether all that `command` touches are files that are `wanted`.
pub fn prepares(command: &Command, wanted: &Demands) -> bool {
    let touched = || command.reads.paths.iter().chain(&command.writes.paths);
    command.used.as_ref().is_some_and(|used| used.kind == Kind::Upkeep)
        && !(command.reads.everything || command.writes.everything)
        && command.fills.paths.is_empty()
        && touched().next().is_some()
        && touched().all(|path| wanted.files.iter().any(|file| *file.place == **path))
}
