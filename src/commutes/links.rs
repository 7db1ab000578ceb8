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
        || !links.is_empty() && makes_directory_of(links, &[&copy.landing], &touched(command))
}

/// Whether two commands touch the same files, through a link alone.
pub fn join_commands(links: &[&Link], one: &CommandEffects, other: &CommandEffects) -> bool {
    meet(links, &[&one.writes, &one.fills], &touched(other))
        || meet(links, &touched(one), &[&other.writes, &other.fills])
}

/// Whether a path of `other` lies in a directory above one of `brought`, followed through a link: a copy
/// to a link that leads to `/opt/app/src` makes `/opt/app`.
fn makes_directory_of(links: &[&Link], brought: &[&PathSet], other: &[&PathSet]) -> bool {
    let paths = |sets: &[&PathSet]| -> Vec<String> {
        sets.iter().flat_map(|set| &set.paths).map(|path| path.to_string()).collect()
    };
    let followed = paths(brought).into_iter().flat_map(|path| {
        let through = links
            .iter()
            .filter_map(move |link| under(&link.name, &path).map(|rest| join(&link.target, rest)));
        through.collect::<Vec<_>>()
    });
    let directories: Vec<String> = paths(other).iter().map(|path| parent(path)).collect();
    followed.into_iter().any(|path| {
        let is_above = |directory: &String| under(directory, &path).is_some();
        directories.iter().any(|directory| directory.len() > 1 && is_above(directory))
    })
}

fn touched(command: &CommandEffects) -> [&PathSet; 3] {
    [&command.reads, &command.writes, &command.fills]
}

/// Whether a path of one side, followed through a link, overlaps the other side.
fn meet(links: &[&Link], one: &[&PathSet], other: &[&PathSet]) -> bool {
    links.iter().any(|link| {
        let reaches = |from: &[&PathSet], to: &[&PathSet]| {
            let followed = from.iter().flat_map(|set| &set.paths).filter_map(|path| {
                let rest = under(&link.name, path)?;
                Some(PathSet::of(join(&link.target, rest)))
            });
            let overlaps =
                |path: PathSet| to.iter().any(|set| set.overlap(&path) != Overlap::Apart);
            followed.into_iter().any(overlaps)
        };
        reaches(one, other) || reaches(other, one)
    })
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
            makes_directory_of(&[&link], &[&brought], &[&other])
        };
        assert!(makes("/src/a.js", "/opt/app/src/.yarnrc"));
        assert!(!makes("/lib/a.js", "/opt/app/src/.yarnrc"));
        assert!(!makes("/src/a.js", "/opt/lib/x"));
        assert!(!makes("/src/a.js", "/x"));
    }
}
