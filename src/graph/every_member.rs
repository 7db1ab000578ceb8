//! Whether an install needs every member of its workspace, although nothing that it has depends on
//! them: where it fails without one, and where a later command works on each.

use super::{Graph, StepAt};
use crate::context::{below, join};
use crate::ecosystem::{
    Use, fails_without_a_member, is_lock_file, locked_members, works_on_every_member,
};
use crate::limits;

/// What is known of an install and the members of its workspace.
pub struct EveryMember<'a> {
    /// The directory of the workspace in the context.
    whole: &'a str,
    /// What its lock file has, sorted; `None` where there is none, or it names no members.
    locked: Option<Vec<&'a str>>,
    /// Whether the install fails where a member is missing.
    fails: bool,
    /// Whether a later command works on every member that is there by then.
    is_worked_on: bool,
}

impl EveryMember<'_> {
    /// Whether the install needs the member in this directory of the context; `is_later` says
    /// whether a later copy brings it.
    pub fn needs(&self, member: &str, is_later: impl FnOnce() -> bool) -> bool {
        let Some(directory) = below(self.whole, member) else { return false };
        self.locked.as_ref().is_none_or(|all| all.binary_search(&directory).is_ok())
            && (self.fails || self.is_worked_on && is_later())
    }
}

impl Graph<'_> {
    /// What command `index` of a RUN, which installs the workspace in `whole`, needs of its
    /// members; `None` where the text of its lock file is not known.
    pub fn every_member<'a>(
        &'a self,
        at: StepAt,
        index: usize,
        used: &Use,
        whole: &'a str,
    ) -> Option<EveryMember<'a>> {
        let locks = used.tool.manifests.iter().map(|manifest| manifest.path);
        let there = |name: &&str| self.context.exists(&join(whole, name)).is_yes();
        let lock = match locks.filter(|name| is_lock_file(name)).find(there) {
            Some(name) => Some((name, self.context.text(&join(whole, name))?)),
            None => None,
        };
        let source = self.dockerfile.source;
        let steps = &self.stages[at.stage].steps;
        let install = steps[at.step].run()?.commands[index].span.of(source);
        let package = self.context.text(&join(whole, "package.json"));
        let behind = steps[at.step + 1..].iter().take(limits::INSTRUCTIONS_READ);
        let behind = behind.filter_map(|step| step.run());
        let mut behind =
            behind.flat_map(|run| &run.commands).map(|command| command.span.of(source));
        Some(EveryMember {
            whole,
            locked: lock.and_then(|(name, text)| locked_members(name, text)),
            fails: lock.is_some_and(|(_, text)| fails_without_a_member(install, text)),
            is_worked_on: behind.any(|command| works_on_every_member(command, package)),
        })
    }
}
