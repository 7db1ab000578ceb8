//! Symbolic links that steps make: a path below the name of one is a path below its target.
//!
//! Links that an image or the context brings are not known here.

use crate::context::{join, parent};
use crate::graph::path_set::under;
use crate::graph::run::Link;
use crate::graph::{CommandEffects, Copy, Graph, Overlap, PathSet, Step};
use crate::limits;

/// The links that steps of a stage make, or of those it is built on.
pub fn of<'g>(graph: &'g Graph<'_>, stage: usize) -> Vec<&'g Link> {
    let stages = graph.with_ancestors(stage);
    let runs = stages.flat_map(|stage| stage.steps.iter().rev()).filter_map(Step::run);
    runs.take(limits::COPIES_LOOKED_AT)
        .flat_map(|run| &run.commands)
        .flat_map(|command| &command.links)
        .collect()
}

/// Whether two copies land in one place, through a link alone.
pub fn join_copies(links: &[&Link], one: &Copy, other: &Copy) -> bool {
    meet(links, &[&one.landing], &[&other.landing])
}

/// Whether a command touches what a copy brings, through a link alone, or something in a directory that
/// the copy makes on its way there.
pub fn join_command(links: &[&Link], copy: &Copy, command: &CommandEffects) -> bool {
    meet(links, &[&copy.landing], &touched(command))
        || makes_directory_of(links, &copy.landing, &touched(command))
}

/// Whether two commands touch the same files, through a link alone.
pub fn join_commands(links: &[&Link], one: &CommandEffects, other: &CommandEffects) -> bool {
    meet(links, &[&one.writes, &one.fills], &touched(other))
        || meet(links, &touched(one), &[&other.writes, &other.fills])
}

/// Whether a path of `other` lies in a directory above one of `brought`, followed through a link: a copy
/// to a link that leads to `/opt/app/src` makes `/opt/app`.
fn makes_directory_of(links: &[&Link], brought: &PathSet, other: &[&PathSet]) -> bool {
    followed(links, brought).any(|path| {
        let lies_above = |other: &str| {
            let directory = parent(other);
            directory.len() > 1 && under(&directory, &path).is_some()
        };
        other.iter().flat_map(|set| &set.paths).any(|other| lies_above(other))
    })
}

/// Where the paths of a set lead through links.
fn followed<'s>(links: &'s [&Link], set: &'s PathSet) -> impl Iterator<Item = String> + 's {
    links.iter().flat_map(|link| {
        set.paths.iter().filter_map(|path| Some(join(&link.target, under(&link.name, path)?)))
    })
}

fn touched(command: &CommandEffects) -> [&PathSet; 3] {
    [&command.reads, &command.writes, &command.fills]
}

/// Whether a path of one side, followed through a link, overlaps the other side.
fn meet(links: &[&Link], one: &[&PathSet], other: &[&PathSet]) -> bool {
    let reaches = |from: &[&PathSet], to: &[&PathSet]| {
        from.iter().flat_map(|set| followed(links, set)).any(|path| {
            let path = PathSet::of(path);
            to.iter().any(|set| set.overlap(&path) != Overlap::Apart)
        })
    };
    reaches(one, other) || reaches(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed_through_links() {
        let link = Link { target: "/srv/app".into(), name: "/app".into() };
        let (app, srv) = (PathSet::of("/app/run.sh"), PathSet::of("/srv/app"));
        assert!(meet(&[&link], &[&srv], &[&app]));
        assert!(meet(&[&link], &[&app], &[&srv]));
        assert!(!meet(&[], &[&srv], &[&app]));
        assert!(!meet(&[&link], &[&PathSet::of("/opt")], &[&app]));
        assert!(!meet(&[&link], &[&srv], &[&PathSet::of("/application")]));
    }

    #[test]
    fn a_copy_makes_the_directories_that_its_link_leads_through() {
        let link = Link { target: "/opt/app/src/one".into(), name: "/src".into() };
        let makes = |brought: &'static str, other: &'static str| {
            let (brought, other) = (PathSet::of(brought), PathSet::of(other));
            makes_directory_of(&[&link], &brought, &[&other])
        };
        assert!(makes("/src/a.js", "/opt/app/src/.yarnrc"));
        assert!(!makes("/lib/a.js", "/opt/app/src/.yarnrc"));
        assert!(!makes("/src/a.js", "/opt/lib/x"));
        assert!(!makes("/src/a.js", "/x"));
    }
}
