//! What an install makes in the project, and who works on it has of an install of their own: a
//! copy that sinks below the install brings that over what was installed, as the one of a host
//! with another system, while the install itself would have replaced it.

use crate::context::{EntryKind, base_name, join, parent};
use crate::ecosystem::artifacts::{installed_beside, is_installed};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, Origin};

/// What `command` makes beside those manifests at `provided` that lie where `copy` goes: an install
/// of a workspace makes a `node_modules` in its members too.
pub fn made_beside(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    provided: &[String],
) -> impl Iterator<Item = String> {
    let to = copy.destination.as_ref().map(|to| to.path());
    let tool = command.used.as_ref().map_or("", |used| used.tool.name);
    let text = command.span.of(graph.dockerfile.source);
    let meets = move |manifest: &&String| to.is_some_and(|to| under(to, manifest).is_some());
    provided.iter().filter(meets).flat_map(move |manifest| {
        let own = installed_beside(base_name(manifest), tool, text);
        own.map(|name| join(&parent(manifest), name))
    })
}

/// The path of the context at which a used checkout has what `command` makes at `place`, where
/// `copy` would bring it and `.dockerignore` leaves it in. None is there today.
pub fn left_in_used_checkouts(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    place: &str,
) -> Option<String> {
    let tool = command.used.as_ref()?.tool.name;
    let text = command.span.of(graph.dockerfile.source);
    if !is_installed(base_name(place), tool, text) || copy.origin != Origin::Context {
        return None;
    }
    let name = under(copy.destination.as_ref()?.path(), place)?;
    copy.sources.iter().find_map(|(_, source)| {
        let base = source.literal()?;
        let is_directory = base.is_empty()
            || graph.context.entry(base).is_some_and(|entry| entry.kind == EntryKind::Directory);
        let path = join(base, name);
        let comes = is_directory && !source.covers(&path).is_no();
        (comes && !graph.context.is_ignored(&path).is_yes()).then_some(path)
    })
}
