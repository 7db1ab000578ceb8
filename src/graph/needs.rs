//! Which steps suffer from a copy that they do not need, or need only a part of.
//!
//! Read by the rules (what is wrong) and by the planner (what may move).

use super::demands::install_of;
use super::{Action, Base, Command, Copy, Graph, Needs, Origin, Run};
use crate::context::Answer;
use crate::ecosystem::{Kind, ToolSet, Use};
use crate::issue::RefusalReason;

/// A COPY or ADD of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CopyAt {
    /// The stage.
    pub stage: usize,
    /// The step within it.
    pub step: usize,
}

/// A RUN that reruns for changes it does not need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suffering {
    /// The stage.
    pub stage: usize,
    /// The step within it.
    pub step: usize,
    /// How many commands, from the first on, could run without the source.
    pub commands: usize,
    /// Whether the next one would download the dependencies on the way.
    pub downloads: bool,
    /// What it mainly does: install, compile, or what needs nothing at all.
    pub kind: Kind,
    /// The tool it suffers with.
    pub tool: &'static str,
    /// The copies that make it rerun, in order; at most [`CAUSES`].
    pub causes: Vec<CopyAt>,
}

/// Most causes that are kept of one step.
pub const CAUSES: usize = 20;

impl Graph<'_> {
    /// The steps that suffer, in the order of the file.
    pub fn suffering(&self) -> Vec<Suffering> {
        let mut found = Vec::new();
        let mut ends: Vec<Walk> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let mut walk = match stage.base {
                Base::Stage(base) => ends[base].clone(),
                _ => Walk::default(),
            };
            for (at, step) in stage.steps.iter().enumerate() {
                match &step.action {
                    Action::Copy(copy) => {
                        if let Origin::Stage(from) = copy.origin
                            && let Some(end) = ends.get(from)
                        {
                            walk.downloaded.add(&end.downloaded);
                        }
                        if copy.content.is_volatile() && walk.causes.len() < CAUSES {
                            walk.causes.push(CopyAt { stage: stage.index, step: at });
                        }
                    }
                    Action::Run(run) => {
                        let here = CopyAt { stage: stage.index, step: at };
                        found.extend(self.run_suffers(here, run, &walk));
                        for tool in run.commands.iter().filter_map(downloads) {
                            walk.downloaded.insert(tool);
                        }
                    }
                    _ => {}
                }
            }
            ends.push(walk);
        }
        found
    }

    /// How many commands of `run` could go first, and what they do.
    fn run_suffers(&self, here: CopyAt, run: &Run<'_>, walk: &Walk) -> Option<Suffering> {
        if walk.causes.is_empty() {
            return None;
        }
        let mut found: Option<(usize, Kind, &'static str)> = None;
        let mut installed = ToolSet::default();
        let mut downloads = false;
        // Whether a command before it needs the source, and whether one may need all of it.
        let (mut behind, mut behind_unknown) = (false, false);
        for (at, command) in run.commands.iter().enumerate() {
            if command.changes_shell
                && (!command.sources || self.touches_cause(command, walk).is_no())
            {
                continue;
            }
            let kind = command.used.as_ref().map_or(Kind::Everything, Use::downloads);
            let name = command.used.as_ref().map_or("", |used| used.tool.name);
            let passes = match kind {
                Kind::Upkeep => !self.touches_cause(command, walk).is_yes(),
                Kind::Named => self.touches_cause(command, walk).is_no(),
                Kind::Install => !matches!(command.needs, Needs::Everything(_)),
                Kind::Compile | Kind::Everything => false,
            };
            let counts = match kind {
                Kind::Install => true,
                Kind::Named => passes && !behind_unknown,
                Kind::Compile => {
                    let held = run.mounts.iter().any(|mount| mount.cache);
                    !held
                        && !walk.downloaded.contains(name)
                        && !installed.contains(name)
                        && !self.has_nothing_to_download(here, command)
                }
                Kind::Upkeep | Kind::Everything => false,
            };
            match &mut found {
                None if counts && (behind || !passes && kind == Kind::Install) => {
                    // All that comes before it would have to go first as well.
                    found = Some((run.commands.len(), kind, name));
                    break;
                }
                None if counts && kind == Kind::Compile => {
                    // It stays where it is; only a download of its own could go first.
                    found = Some((at, kind, name));
                    downloads = true;
                    break;
                }
                None if counts => found = Some((at + 1, kind, name)),
                None if passes => {}
                None => {
                    behind = true;
                    behind_unknown |= kind != Kind::Upkeep;
                }
                Some((commands, does, tool)) => {
                    downloads = counts && kind == Kind::Compile;
                    if (downloads || passes && counts) && *does == Kind::Named {
                        (*does, *tool) = (kind, name);
                    }
                    if !passes {
                        break;
                    }
                    *commands = at + 1;
                }
            }
            if kind == Kind::Install {
                installed.insert(name);
            }
        }
        let (mut commands, kind, tool) = found?;
        if !downloads && run.commands[commands..].iter().all(|command| command.changes_shell) {
            // Nothing uses what they set.
            commands = run.commands.len();
        }
        // An index refreshed in a step of its own would be stale for what uses it.
        let first = &run.commands[..commands];
        let only_refreshes = first.iter().any(Command::refreshes)
            && first.iter().all(|command| command.refreshes() || command.changes_shell);
        if only_refreshes && commands < run.commands.len() {
            return None;
        }
        let CopyAt { stage, step } = here;
        let causes = walk.causes.clone();
        Some(Suffering { stage, step, commands, downloads, kind, tool, causes })
    }

    /// Whether the copied files prove that a compile step has no dependencies to download: a
    /// manifest is missing, or they are in the context.
    fn has_nothing_to_download(&self, here: CopyAt, command: &Command) -> bool {
        if !self.context.is_complete() {
            return false;
        }
        let Some(install) = install_of(command) else { return false };
        let demands = self.demands(&install, &|place| self.context_path(here, place));
        let missing = RefusalReason::UnknownManifests;
        demands.nothing || demands.refusal.is_some_and(|(why, _)| why == missing)
    }

    /// Whether a command that needs nothing of the context by itself reads a path that a
    /// volatile copy brings.
    fn touches_cause(&self, command: &Command, walk: &Walk) -> Answer {
        if command.reads.everything {
            return Answer::Yes;
        }
        walk.causes.iter().fold(Answer::No, |answer, cause| {
            let copy = self.copy_at(*cause);
            let paths = command.reads.paths.iter();
            paths.fold(answer, |answer, path| answer.or(copy.may_bring(path)))
        })
    }

    /// The copy at a place.
    pub fn copy_at(&self, at: CopyAt) -> &Copy {
        match &self.stages[at.stage].steps[at.step].action {
            Action::Copy(copy) => copy,
            _ => unreachable!("a cause is a copy"),
        }
    }
}

/// What is known on the way through a stage.
#[derive(Clone, Debug, Default)]
struct Walk {
    causes: Vec<CopyAt>,
    /// Tools whose dependencies were downloaded.
    downloaded: ToolSet,
}

fn downloads(command: &Command) -> Option<&'static str> {
    let used = command.used.as_ref()?;
    matches!(used.kind, Kind::Install | Kind::Compile).then_some(used.tool.name)
}
