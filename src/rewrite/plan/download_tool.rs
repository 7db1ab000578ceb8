//! What a download in front of the source asks of its tool: how old that is, and the lock file that it
//! may not write.

use super::walk::Walk;
use crate::context::base_name;
use crate::ecosystem::{
    Presence, Use, chooses_toolchain, is_as_late, is_lock_file, is_older, names_older,
};
use crate::graph::StepAt;
use crate::graph::demands::{Demand, Demands};
use crate::sentences::Assumption;

impl Walk<'_, '_> {
    /// What the table of a tool says has to hold of the download `fetch`.
    pub(super) fn told_of_download(&self, used: &Use, fetch: &str) -> Vec<Assumption> {
        let Some(first) = used.action.first else { return Vec::new() };
        let mut told: Vec<Assumption> =
            first.assumes.iter().copied().map(Assumption::told).collect();
        if !first.reads_all_since.is_empty() && !self.is_as_late_as(first.reads_all_since) {
            told.push(Assumption::FetchesForAll { fetch: fetch.to_owned() });
        }
        told
    }

    /// Whether the tool that the image brings is as late as `since` says, in each build, and no step or
    /// variable chooses another one.
    fn is_as_late_as(&self, since: &str) -> bool {
        let (dockerfile, root) = (&self.graph.dockerfile, self.graph.root(self.stage.index));
        let from = dockerfile.instructions[root.from].span.of(dockerfile.source);
        is_as_late(self.image(), since)
            && !from.contains('$')
            && !chooses_toolchain(dockerfile.source)
    }

    /// The image that the stage is built on in the end.
    fn image(&self) -> &str {
        &self.graph.root(self.stage.index).image
    }

    /// Whether the image, or a version of the tool that the file names, is older than what fetches the
    /// dependencies for `used`.
    pub(super) fn is_too_old_for(&self, used: &Use) -> bool {
        let since = used.action.first.map_or("", |first| first.since);
        is_older(self.image(), since, self.graph.context.is_known())
            || names_older(self.graph.dockerfile.source, since)
    }

    /// The lock file that a download may not write, where the context has none: of
    /// `cargo generate-lockfile && cargo build --locked`, the first makes it.
    pub(super) fn lacks_lock(&self, here: StepAt, used: &Use, wanted: &Demands) -> Option<String> {
        let context = self.graph.context;
        let source = |lock: &Demand| self.graph.context_path(here, &lock.place);
        let is_there =
            |lock: &Demand| source(lock).is_some_and(|path| !context.exists(&path).is_no());
        let is_lock = |file: &&Demand| is_lock_file(base_name(&file.place));
        let mut own = wanted.files.iter().filter(|file| file.presence == Presence::Lock);
        let lock = own.find(is_lock)?;
        // That of a workspace lies above.
        let mut locks = wanted.files.iter().filter(is_lock);
        let lacks = used.frozen && context.is_complete() && !locks.any(is_there);
        lacks.then(|| base_name(&lock.place).to_owned())
    }
}
