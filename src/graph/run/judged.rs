//! What is said of a command by what it reads and writes.

use super::CommandEffects;
use crate::ecosystem::{ActionKind, Arguments, Index, Use};
use crate::graph::Copy;
use crate::graph::path_set::{PathSet, under};

impl CommandEffects {
    /// The paths that it removes, as written, where it does nothing else to what it names.
    pub fn takes_away(&self) -> Option<&[String]> {
        let used = self.used.as_ref()?;
        (used.action.arguments == Arguments::Removed).then_some(&used.paths[..])
    }

    /// Whether it writes one of `places`, or what lies above or below it.
    pub fn changes<'p>(&self, mut places: impl Iterator<Item = &'p str>) -> bool {
        let roots = &self.writes.paths;
        let changed =
            |place: &str| roots.iter().any(|r| under(r, place).or(under(place, r)).is_some());
        self.writes.everything || places.any(changed)
    }

    /// Whether `copy` brings nothing but what the tool keeps in HOME for itself: profiles,
    /// credentials, what it downloaded elsewhere.
    pub fn keeps_what(&self, copy: &Copy) -> bool {
        let installs =
            |used: &&Use| matches!(used.downloads(), ActionKind::Install | ActionKind::Compile);
        let Some(used) = self.used.as_ref().filter(installs) else { return false };
        let own = used.tool.writes.iter().filter_map(|path| path.strip_prefix('~'));
        let kept = |path: &str| {
            let ends = |root: &str| own.clone().any(|own| root.ends_with(own));
            self.writes.paths.iter().any(|root| ends(root) && under(root, path).is_some())
        };
        let landing = &copy.landing;
        !landing.everything && !landing.paths.is_empty() && landing.paths.iter().all(|p| kept(p))
    }

    /// Whether it writes the file at `place`, whatever is there.
    pub fn makes(&self, place: &str) -> bool {
        let names = |set: &PathSet| set.paths.iter().any(|path| path == place);
        names(&self.writes) && !names(&self.reads)
    }

    /// Whether something may be at `place`, or below, because of it.
    pub fn may_leave(&self, place: &str) -> bool {
        let sets = [&self.writes, &self.fills].into_iter().chain(&self.builds);
        let mut paths = sets.flat_map(|set| &set.paths);
        self.writes.everything
            || self.makes.iter().any(|path| under(place, path).is_some())
            || paths.any(|path| under(place, path).or(under(path, place)).is_some())
    }

    /// Whether it is cheap and touches nothing but files among `places`.
    pub fn works_on<'p>(&self, places: impl Iterator<Item = &'p str> + Clone) -> bool {
        let paths = self.reads.paths.iter().chain(&self.writes.paths);
        self.used.as_ref().is_some_and(|used| used.kind == ActionKind::Upkeep)
            && !self.reads.everything
            && self.fills.paths.is_empty()
            && paths.into_iter().all(|path| places.clone().any(|place| place == path))
    }

    /// Whether it leaves all that `other` reads of what it changes: an install that runs as root
    /// reads files whoever owns them.
    pub fn is_unseen_by(&self, other: &CommandEffects) -> bool {
        let installs = |used: &Use| matches!(used.kind, ActionKind::Install | ActionKind::Named);
        let only_metadata = |used: &Use| {
            used.action.arguments == Arguments::Metadata
                && used.paths.len() == self.writes.paths.len()
        };
        other.as_root
            && other.program.is_none()
            && other.used.as_ref().is_some_and(installs)
            && self.used.as_ref().is_some_and(only_metadata)
    }

    /// Whether it only refreshes what later commands of the same tool use, such as the index
    /// of a package manager: it downloads, and nothing that it names.
    pub fn refreshes(&self) -> bool {
        self.used.as_ref().is_some_and(|used| used.action.index == Index::Refreshes)
    }
}
