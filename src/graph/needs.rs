//! Which steps are invalidated needlessly: by a copy of which they need nothing, or only a part.
//!
//! Read by the rules (what is wrong) and by the planner (what may move).

use super::demands::{Demand, install_of};
use super::first_commands::{Does, FirstCommands};
use super::path_set::under;
use super::{
    Base, CommandEffects, Copy, Effect, Graph, Needs, Origin, PathSet, Run, Stage, Step, StepAt,
};
use crate::context::Answer;
use crate::ecosystem::{
    ActionKind, Arguments, Presence, ToolSet, Use, brought_by, is_in_environment, is_manifest,
};
use crate::issue::RefusalReason;
use crate::limits;

/// A RUN that reruns for changes it does not need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidated {
    /// The stage.
    pub stage: usize,
    /// The step within it.
    pub step: usize,
    /// How many commands, from the first on, could run without the source.
    pub commands: usize,
    /// Those among them that work on copied files, and come before any that could do without.
    pub stays: Vec<usize>,
    /// Whether the next one would download the dependencies on the way.
    pub downloads: bool,
    /// Whether one behind those that need the source would: `./generate && go build`.
    pub downloads_later: bool,
    /// What it mainly does: install, compile, or what needs nothing at all.
    pub kind: ActionKind,
    /// The tool whose step it is, `npm` say.
    pub tool: &'static str,
    /// The copies that make it rerun, in order; at most [`limits::CAUSES`].
    pub causes: Vec<StepAt>,
}

impl Invalidated {
    /// All of a RUN, none of which needs more than its project's manifests.
    pub fn whole(
        at: StepAt,
        run: &Run<'_>,
        (kind, tool): (ActionKind, &'static str),
    ) -> Invalidated {
        Invalidated {
            stage: at.stage,
            step: at.step,
            commands: run.commands.len(),
            stays: Vec::new(),
            downloads: false,
            downloads_later: false,
            kind,
            tool,
            causes: Vec::new(),
        }
    }
}

impl Graph<'_> {
    /// The steps that are invalidated needlessly, in the order of the file.
    pub fn invalidated(&self) -> Vec<Invalidated> {
        let mut found = Vec::new();
        self.follow(|here, run, walk| found.extend(self.run_invalidated(here, run, walk)));
        found
    }

    /// The steps that mount the whole context and download the dependencies of a project, so that
    /// each edit downloads them again: with the tool. What a cache holds is there the next time.
    pub fn mounting_all(&self) -> Vec<(StepAt, &'static str)> {
        let mut found = Vec::new();
        let shows = |run: &Run<'_>| run.mounts.iter().any(|mount| mount.shows_context);
        let mut steps = self.stages.iter().flat_map(|stage| &stage.steps);
        // Hardly a build does; the way through all stages is not gone for nothing.
        if !steps.any(|step| step.run().is_some_and(shows)) {
            return found;
        }
        self.follow(|here, run, walk| {
            if !shows(run) || self.holds_caches(run) {
                return;
            }
            let installed = ToolSet::default();
            let download =
                run.commands.iter().find(|command| match self.does(command, walk).kind {
                    ActionKind::Install => !self.is_held(command, run, walk),
                    ActionKind::Compile => {
                        self.downloads_here(here, command, run, walk, &installed)
                    }
                    _ => false,
                });
            let used = download.and_then(|command| command.used.as_ref());
            found.extend(used.map(|used| (here, used.tool.name)));
        });
        found
    }

    /// Calls `visit` at each RUN, with what is known of the steps before it.
    fn follow<'g>(&'g self, mut visit: impl FnMut(StepAt, &'g Run<'_>, &Walk)) {
        let mut ends: Vec<Walk> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let mut walk = match stage.base {
                Base::Stage(base) => ends[base].clone(),
                _ => Walk::default(),
            };
            (walk.whole, walk.rebuilt) = compiled_last(stage);
            for (at, step) in stage.steps.iter().enumerate() {
                match &step.effect {
                    Effect::Copy(copy) => {
                        walk.copied = true;
                        if let Origin::Stage(from) = copy.origin
                            && let Some(end) = ends.get(from)
                        {
                            walk.downloaded.add(&end.downloaded);
                            walk.fetched.add(&end.fetched);
                        }
                        if copy.content.is_volatile() && walk.causes.len() < limits::CAUSES {
                            walk.causes.push(StepAt { stage: stage.index, step: at });
                        }
                    }
                    Effect::Run(run) => {
                        let here = StepAt { stage: stage.index, step: at };
                        visit(here, run, &walk);
                        for command in &run.commands {
                            if walk.holds_project(run, command)
                                && let Some(tool) = downloads(command)
                            {
                                walk.downloaded.insert(tool);
                            }
                            walk.made(command);
                        }
                        for tool in run.commands.iter().filter_map(fetches) {
                            walk.fetched.insert(tool);
                        }
                    }
                    _ => {}
                }
            }
            ends.push(walk);
        }
    }

    /// How many commands of `run` could go first, and what they do.
    fn run_invalidated(&self, here: StepAt, run: &Run<'_>, walk: &Walk) -> Option<Invalidated> {
        if walk.causes.is_empty() {
            return None;
        }
        let mut first = FirstCommands::default();
        let mut installed = ToolSet::default();
        let mut downloads_later = false;
        for (at, command) in run.commands.iter().enumerate() {
            if command.only_sets()
                && (!command.sources || self.touches_cause(command, walk).is_no())
            {
                continue;
            }
            // Behind those that go first, only an install or a compile step matters.
            if first.ended && !matches!(kind_of(command), ActionKind::Install | ActionKind::Compile)
            {
                continue;
            }
            let mut does = self.does(command, walk);
            does.counts = match does.kind {
                ActionKind::Install => !self.is_held(command, run, walk),
                // What it prints, an unknown command may need beside the source.
                ActionKind::Named => does.passes && !first.behind_unknown && !run.feeds_unknown(at),
                ActionKind::Compile => self.downloads_here(here, command, run, walk, &installed),
                ActionKind::Upkeep | ActionKind::Everything => false,
            };
            if !first.ended {
                first.ended = !first.add(at, does, run);
            } else if does.counts {
                downloads_later = does.kind == ActionKind::Compile;
                break;
            }
            if does.kind == ActionKind::Install {
                installed.insert(does.tool);
            }
        }
        let FirstCommands { found, stays, downloads, .. } = first;
        let (mut commands, kind, tool) = found?;
        if !downloads && run.commands[commands..].iter().all(CommandEffects::only_sets) {
            // Nothing uses what they set.
            commands = run.commands.len();
        }
        // An index refreshed in a step of its own would be stale for what uses it.
        let first = &run.commands[..commands];
        let only_refreshes = first.iter().any(CommandEffects::refreshes)
            && first.iter().all(|command| command.refreshes() || command.only_sets());
        if kind == ActionKind::Named && only_refreshes && commands < run.commands.len() {
            return None;
        }
        let StepAt { stage, step } = here;
        let mut causes = walk.causes.clone();
        causes.retain(|&at| !run.commands.iter().any(|c| c.keeps_what(self.copy_at(at))));
        if causes.is_empty() {
            return None;
        }
        let downloads_later = downloads_later && commands < run.commands.len();
        Some(Invalidated {
            stage,
            step,
            commands,
            stays,
            downloads,
            downloads_later,
            kind,
            tool,
            causes,
        })
    }

    /// What a command does, and whether it could go in front of the copies.
    fn does(&self, command: &CommandEffects, walk: &Walk) -> Does {
        let kind = kind_of(command);
        let passes = match kind {
            ActionKind::Upkeep => {
                // Its manifests go with it.
                let of_project = matches!(command.needs, Needs::Project { .. });
                of_project || !self.touches_cause(command, walk).is_yes()
            }
            ActionKind::Named => self.touches_cause(command, walk).is_no(),
            ActionKind::Install => !matches!(command.needs, Needs::Everything(_)),
            ActionKind::Compile | ActionKind::Everything => false,
        };
        let tool = command.used.as_ref().map_or("", |used| used.tool.name);
        Does { kind, tool, passes, counts: false }
    }

    /// Whether a compile step is the one that downloads the dependencies.
    fn downloads_here(
        &self,
        here: StepAt,
        command: &CommandEffects,
        run: &Run<'_>,
        walk: &Walk,
        installed: &ToolSet,
    ) -> bool {
        let Some(used) = &command.used else { return false };
        let name = used.tool.name;
        // What adds packages to a project downloads them, whatever is there. Which ones, a
        // branch decides elsewhere.
        let adds = used.action.arguments == Arguments::ProjectPackages
            && used.first.is_none()
            && !command.is_conditional;
        let names = [name, brought_by(name)];
        let there =
            names.iter().any(|name| walk.downloaded.contains(name) || installed.contains(name));
        let first = here.step < walk.whole && walk.rebuilt.contains(name);
        !self.holds_caches(run)
            && (adds || !(there || self.has_nothing_to_download(here, command)))
            && !first
    }

    /// Whether the copied files prove that a compile step has no dependencies to download: a
    /// manifest is missing beside them, or the dependencies are in the context.
    fn has_nothing_to_download(&self, here: StepAt, command: &CommandEffects) -> bool {
        let Some(install) = install_of(command) else { return false };
        let demands = self.demands(&install, here);
        if demands.nothing {
            return self.context.is_known();
        }
        let Needs::Project { directory, .. } = &install.needs else { return false };
        let brought = |place: &str| self.copies_bringing(here, place).next().is_some();
        // What is made or fetched in the image brings manifests of its own.
        let beside = brought(directory);
        let missing = RefusalReason::UnknownManifests;
        match self.context.is_complete() {
            true => beside && demands.refusal.as_ref().is_some_and(|why| why.kind() == missing),
            false => {
                let absent = |place: &str| !place.contains('*') && !brought(place);
                let required = |file: &&Demand| file.presence == Presence::Required;
                let mut required = demands.files.iter().filter(required).peekable();
                beside && required.peek().is_some() && required.all(|file| absent(&file.place))
            }
        }
    }

    /// Whether a command that needs nothing of the context by itself reads a path that a
    /// volatile copy brings.
    fn touches_cause(&self, command: &CommandEffects, walk: &Walk) -> Answer {
        if command.reads.everything {
            return Answer::Yes;
        }
        walk.causes.iter().fold(Answer::No, |answer, cause| {
            let copy = self.copy_at(*cause);
            // Nobody copies a virtual environment into an image.
            let paths = command.reads.paths.iter().filter(|path| !is_in_environment(path));
            paths.fold(answer, |answer, path| answer.or(copy.may_bring(path)))
        })
    }

    /// Whether a RUN has a cache mount that is there in the next build.
    pub fn holds_caches(&self, run: &Run<'_>) -> bool {
        run.has_cache() && !self.options.ephemeral
    }

    /// Whether what an install downloads is held: in a cache mount, or in a store that was filled.
    fn is_held(&self, command: &CommandEffects, run: &Run<'_>, walk: &Walk) -> bool {
        command.used.as_ref().is_some_and(|used| {
            (self.holds_caches(run) && used.tool.only_downloads())
                || (used.action.first.is_some() && walk.fetched.contains(used.tool.name))
        })
    }

    /// The copy at a place.
    pub fn copy_at(&self, at: StepAt) -> &Copy {
        match &self.stages[at.stage].steps[at.step].effect {
            Effect::Copy(copy) => copy,
            _ => unreachable!("a cause is a copy"),
        }
    }
}

/// What kind of work a command is, where downloads are what counts.
fn kind_of(command: &CommandEffects) -> ActionKind {
    command.used.as_ref().map_or(ActionKind::Everything, Use::downloads)
}

/// What is known on the way through a stage.
#[derive(Clone, Debug, Default)]
struct Walk {
    causes: Vec<StepAt>,
    /// Tools whose dependencies were downloaded.
    downloaded: ToolSet,
    /// Tools that filled their store from the lock file alone: their installs link from it.
    fetched: ToolSet,
    /// Whether files were copied; and what commands wrote before any was.
    copied: bool,
    written: PathSet,
    /// The last step of the stage that copies the whole context, and the tools that compile
    /// behind it: what they compile before is there for its downloads.
    whole: usize,
    rebuilt: ToolSet,
}

impl Walk {
    /// Whether the project that `command` works on may be there: what runs before anything was
    /// brought (`sbt sbtVersion` behind sbt's own installation) downloads for no project.
    fn holds_project(&self, run: &Run<'_>, command: &CommandEffects) -> bool {
        if self.copied || !run.mounts.is_empty() {
            return true;
        }
        let Some(install) = install_of(command) else { return true };
        let Needs::Project { directory, .. } = &install.needs else { return true };
        let brings = |path: &str| match under(directory, path) {
            Some("") => true,
            // A file that is no manifest, by its ending, makes no project.
            Some(below) => is_manifest(below) || !below.contains('.'),
            None => under(path, directory).is_some(),
        };
        self.written.everything || self.written.paths.iter().any(|path| brings(path))
    }

    /// Keeps what `command` writes, as long as it matters.
    fn made(&mut self, command: &CommandEffects) {
        if !self.copied && !self.written.everything {
            self.written.extend(&command.writes);
            self.written.extend(&command.fills);
            self.written.everything |= self.written.paths.len() > limits::PATHS_WRITTEN;
        }
    }
}

/// See [`Walk::whole`].
fn compiled_last(stage: &Stage<'_>) -> (usize, ToolSet) {
    let whole = |step: &Step<'_>| {
        let sources = step.copy().map_or(&[][..], |copy| &copy.sources);
        sources.iter().any(|(_, source)| source.is_everything())
    };
    let Some(at) = stage.steps.iter().rposition(whole) else { return Default::default() };
    let runs = stage.steps[at..].iter().filter_map(Step::run);
    let used = runs.flat_map(|run| &run.commands).filter_map(|command| command.used.as_ref());
    let compiles = used.filter(|used| used.downloads() == ActionKind::Compile);
    let mut tools = ToolSet::default();
    compiles.for_each(|used| {
        tools.insert(used.tool.name);
    });
    (at, tools)
}

/// The tool of a command that other installs of it would run first.
fn fetches(command: &CommandEffects) -> Option<&'static str> {
    let used = command.used.as_ref()?;
    (used.kind == ActionKind::Install && used.action.first.is_none()).then_some(used.tool.name)
}

fn downloads(command: &CommandEffects) -> Option<&'static str> {
    let used = command.used.as_ref()?;
    matches!(used.kind, ActionKind::Install | ActionKind::Compile).then_some(used.tool.name)
}
