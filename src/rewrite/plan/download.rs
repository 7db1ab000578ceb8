//! A step that fetches the dependencies of a project in front of the copy of its source: its
//! command line, as the table of the tool has it, with what prepares it.

use super::free::Freeing;
use super::walk::Walk;
use crate::commutes::builds::{before_build, provides};
use crate::commutes::shown_command;
use crate::context::{Source, base_name};
use crate::ecosystem::artifacts::is_installed;
use crate::ecosystem::{Arguments, Use, drops_variable, is_for_what_is_built, known_image};
use crate::graph::demands::{Demands, changes_inputs, install_of};
use crate::graph::effect::is_root;
use crate::graph::path_set::under;
use crate::graph::run::Mount;
use crate::graph::{CommandEffects, Effect, Needs, Origin, Run, StepAt};
use crate::repair::{ManifestCopy, inserted_copies};
use crate::rewrite::split;
use crate::rewrite::stub_sources::StubSources;
use crate::sentences::{Assumption, BaseName, Reason};
use crate::shell;
use crate::shell::Dialect;
use crate::syntax::Flag;
use crate::syntax::mount::{MountKind, mounts};
use crate::text::Cut;
use std::borrow::Cow;
use std::ops::Range;

impl<'g, 'a> Walk<'g, 'a> {
    /// A step of its own that fetches the dependencies for `command`, which needs the source: the
    /// copies it needs, and its command line.
    pub(super) fn download(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        command: &'g CommandEffects,
    ) -> Result<(Vec<ManifestCopy>, String), Reason> {
        let used = command.used.as_ref().expect("a compile step is recognised");
        let shown = shown_command(self.graph, command);
        if used.first.is_none() && used.action.first.is_some() {
            return Err(Reason::FilesUnknown { command: shown });
        }
        let run = freeing.run;
        let index = run.commands.iter().position(|other| other.span == command.span);
        let shell = index.map(|index| &run.script.commands[index]);
        let (Some(first), Some(before)) =
            (&used.first, shell.and_then(|shell| self.wrapper(used, shell)))
        else {
            let command = shown;
            return Err(match used.action.arguments {
                Arguments::ProjectPackages => Reason::ChangesManifest { command },
                Arguments::Packages | Arguments::Distributions => Reason::NeedsProject { command },
                _ => Reason::MayNeedSource { command },
            });
        };
        self.may_download(freeing, command, first)?;
        freeing.assumptions.extend(self.told_of_download(used, first));
        let Some(install) = install_of(command) else {
            return Err(Reason::ProjectUnknown { command: shown });
        };
        let wanted = self.demands(freeing.here, &install, &mut freeing.assumptions)?;
        if wanted.nothing {
            return Err(Reason::NothingToDownload);
        }
        if let Some(path) = self.lacks_lock(freeing.here, used, &wanted) {
            return Err(Reason::NotInContext { path });
        }
        let first = wanted.with_arguments(first);
        // `. ./ci/env.sh && go build`: the file is not there yet.
        let mut settings = run.commands[..split::carried(&run.commands)].iter();
        if let Some(other) = settings.find(|other| !other.reads.paths.is_empty()) {
            return Err(self.changes(other, command));
        }
        let mut line = before + &first;
        if !wanted.sources.is_empty() {
            let stubs = StubSources::new(&wanted.sources);
            self.may_stub(freeing, command, &stubs)?;
            line = format!("{}{line}{}", stubs.before, stubs.after);
        }
        let install = self.graph.with_writes(install);
        let provided = wanted.places();
        let own = if freeing.above.is_some() { 0 } else { index.unwrap_or(0) };
        let sinking = self.sinking_commands().map(|(_, command)| command);
        let mut before = sinking.chain(&run.commands[..own]);
        if let Some(other) = before.find(|other| wanted.scattered_changed_by(other)) {
            return Err(self.changes(other, &install));
        }
        let from = freeing.freed.cut.unwrap_or(0);
        let prepares = self.prepares(freeing, from..own, &install, &provided)?;
        let passed = self.command_passed(freeing.here.step, &install, &provided)?;
        // The command itself stays behind the copy, and finds and rewrites the same lock file, and
        // the same `node_modules` of a used checkout.
        let is_made_again = |assumed: &Assumption| match assumed {
            Assumption::LeavesFile { .. } => true,
            // A virtual environment that the copy brings is used in place of the one that was filled.
            Assumption::NotInContextOrIgnored { path } => {
                let name = base_name(path);
                is_installed(name, used.tool.name, "") && !name.ends_with("env")
            }
            _ => false,
        };
        freeing.assumptions.extend(passed.into_iter().filter(|assumed| !is_made_again(assumed)));
        let copies = self.copies_for(freeing, &install, &wanted)?;
        let is_part = used.action.first.is_some_and(|first| first.is_part);
        if !is_part && (self.stage.shipped || self.fetches_for_others(command)) {
            freeing.assumptions.push(Assumption::HoldsAllFetched { command: first.clone() });
        }
        // `cd` fails as well where its directory is not there.
        let settings = 0..split::carried(&run.commands);
        let mut may_fail = settings.filter(|at| !run.commands[*at].places.is_empty()).chain(index);
        if command.is_conditional || may_fail.any(|index| run.goes_on_without(index)) {
            freeing.assumptions.push(Assumption::DoesNotFail { command: first.clone() });
        }
        let line = format!("{prepares}{line}");
        let project = (&install, &wanted);
        let line = match self.finds_project_without_moving(freeing, command, project, &copies)? {
            true => line,
            false => self.settings_in_front(freeing) + &line,
        };
        Ok((copies, line))
    }

    /// Whether a step like the one that is freed can download at all, by the command line `first`.
    fn may_download(
        &self,
        freeing: &Freeing<'g, 'a>,
        command: &CommandEffects,
        first: &str,
    ) -> Result<(), Reason> {
        let instruction = self.step(freeing.here.step).instruction;
        let instruction = &self.graph.dockerfile.instructions[instruction];
        let none = |flag: &Flag<'_>| flag.value.as_ref().is_some_and(|value| value.text == "none");
        if instruction.flags.iter().any(|flag| flag.name == "network" && none(flag)) {
            return Err(Reason::NoNetwork);
        }
        let fetch = first.to_owned();
        if mounts(instruction).any(|mount| mount.kind == MountKind::Bind && mount.from.is_none()) {
            return Err(Reason::MountsSource { command: fetch });
        }
        if self.loses_caches(freeing, command) {
            return Err(Reason::FillsLostMount { command: fetch });
        }
        match command.used.as_ref().is_some_and(|used| self.is_too_old_for(used)) {
            true => Err(Reason::ImageTooOld { command: fetch }),
            false => Ok(()),
        }
    }

    /// The commands that set shell state in front of a step's work, as they go in front of its
    /// download: `cd api && `.
    fn settings_in_front(&self, freeing: &Freeing<'g, 'a>) -> String {
        let Freeing { here, run, .. } = *freeing;
        let source = self.graph.dockerfile.source;
        let from = freeing.freed.cut.unwrap_or(0);
        let again = if from > 0 { carried(source, &run.commands[from..]) } else { "" };
        let instruction = &self.graph.dockerfile.instructions[self.step(here.step).instruction];
        // What tells the build its version stays with it.
        let is_for_build = |setting: &CommandEffects| {
            let text = setting.span.of(source);
            text.contains(['$', '`']) && is_for_what_is_built(text)
        };
        let own = &run.commands[..split::carried(&run.commands)];
        if own.iter().any(is_for_build) {
            let kept = own.iter().filter(|setting| !is_for_build(setting));
            let kept = kept.map(|setting| format!("{} && ", setting.span.of(source)));
            return kept.collect::<String>() + again;
        }
        let settings = match instruction.heredocs.is_empty() {
            true => carried(source, &run.commands).to_owned(),
            // What stands on lines of its own there, stands on one here.
            false => carried(source, &run.commands).trim_end().replace('\n', " && ") + " && ",
        };
        settings.trim_start_matches(" && ").to_owned() + again
    }

    /// Whether the download does the same in the directory of its step, as the one that the commands in
    /// front of it go to is not there without the copy: of `cd cmd/a && go build`, the `go.mod` above is
    /// the module's. Fails where it is needed.
    fn finds_project_without_moving(
        &self,
        freeing: &Freeing<'g, 'a>,
        command: &CommandEffects,
        (install, wanted): (&CommandEffects, &Demands),
        copies: &[ManifestCopy],
    ) -> Result<bool, Reason> {
        let mut needed = vec![command.cwd.clone()];
        if let Needs::Project { directory, .. } = &install.needs {
            needed.push(Some(directory.clone()));
        }
        let download = CommandEffects {
            places: needed.into_iter().filter(Option::is_some).collect(),
            ..CommandEffects::nothing(command.span, command.cwd.clone())
        };
        let own = inserted_copies(&freeing.freed.operations).chain(copies);
        let provided: Vec<String> = own.flat_map(ManifestCopy::places).cloned().collect();
        let at = freeing.above.unwrap_or(freeing.here.step);
        let Err(reason) = self.directories_stay(at, &[&download], &provided) else {
            return Ok(false);
        };
        let source = self.graph.dockerfile.source;
        let cwd = self.step(freeing.here.step).cwd.as_deref();
        let commands = &freeing.run.commands;
        let rest = &commands[freeing.freed.cut.unwrap_or(0)..];
        let settings = [commands, rest].map(|commands| &commands[..split::carried(commands)]);
        let moves = |setting: &CommandEffects| setting.span.of(source).starts_with("cd ");
        let is_found = |used: &Use| wanted.is_found_from(used, cwd);
        match command.used.as_ref().is_some_and(is_found) {
            true if settings.concat().iter().all(moves) => Ok(true),
            _ => Err(reason),
        }
    }

    /// Whether what is fetched for `command` only fills a cache, which lies in a mount of its step that
    /// the builder does not keep.
    fn loses_caches(&self, freeing: &Freeing<'g, 'a>, command: &CommandEffects) -> bool {
        let is_mounted = |mount: &Mount| match &mount.target {
            Some(target) => command
                .caches
                .iter()
                .any(|cache| under(target, cache).or(under(cache, target)).is_some()),
            None => true,
        };
        let mut mounts = freeing.run.mounts.iter().filter(|mount| mount.cache);
        let first = command.used.as_ref().and_then(|used| used.action.first);
        let fills = first.is_some_and(|first| first.fills_caches);
        fills && self.graph.options.ephemeral && mounts.any(is_mounted)
    }

    /// Whether another stage takes what `command` fetches into, or may do so, out of this stage or
    /// one that is built on it: `COPY --from=build /usr/local/cargo /usr/local/cargo`.
    fn fetches_for_others(&self, command: &CommandEffects) -> bool {
        let fetched = &command.caches;
        let has_it = |from: usize| {
            self.graph.with_ancestors(from).any(|stage| stage.index == self.stage.index)
        };
        let is_taken = |source: &Source| {
            let base = format!("/{}", source.base());
            fetched.iter().any(|place| under(&base, place).or(under(place, &base)).is_some())
        };
        let mut steps = self.graph.stages.iter().flat_map(|stage| &stage.steps);
        steps.any(|step| match &step.effect {
            Effect::Copy(copy) => match copy.origin {
                Origin::Stage(from) => {
                    copy.sources.iter().any(|(_, source)| is_taken(source)) && has_it(from)
                }
                _ => false,
            },
            Effect::Run(run) => run.mounts.iter().filter_map(|mount| mount.from).any(has_it),
            _ => false,
        })
    }

    /// The settings and wrappers that stand in front of the program of a command, as they go in
    /// front of its download: `CI=1 sudo `. Nothing does where it is a compound one. None where it has no
    /// program.
    fn wrapper(&self, used: &Use, shell: &shell::Command<'_>) -> Option<String> {
        let source = self.graph.dockerfile.source;
        if shell.is_opaque() {
            return Some(String::new());
        }
        let invocation = shell.invocation();
        let program = invocation.words.first()?;
        let is_for_build = |setting: &shell::Assignment<'_>| {
            setting.value.runs_commands() && is_for_what_is_built(setting.span.of(source))
        };
        let kept = shell.assignments.iter().filter(|setting| !is_for_build(setting));
        let kept = kept.filter(|setting| !drops_variable(used, &setting.name));
        let mut line: String =
            kept.map(|setting| format!("{} ", setting.span.of(source))).collect();
        if let Some(wrapper) = shell.words.first() {
            line.push_str(source.cut(wrapper.span.start as usize..program.span.start as usize));
        }
        Some(line)
    }

    /// The commands before a compile step that work on the files it wants first, as they stand
    /// in front of its download: `chmod +x` of its own script, and the like. What they change, a
    /// copy that sinks brings again.
    fn prepares(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        before: Range<usize>,
        command: &CommandEffects,
        places: &[String],
    ) -> Result<String, Reason> {
        let (here, run) = (freeing.here, freeing.run);
        let mut text = String::new();
        let names = places.iter().map(String::as_str);
        let own = run.commands[before].iter().map(|command| (None, command));
        let sinking = self.sinking_commands().map(|(step, command)| (Some(step), command));
        for (elsewhere, other) in sinking.chain(own) {
            if provides(other, command) {
                return Err(self.changes(other, command));
            }
            if !changes_inputs(other, command, places) {
                continue;
            }
            if let Some(assumed) = before_build(self.graph, other, (here, command), places) {
                freeing.assumptions.extend(assumed);
                continue;
            }
            let step = elsewhere.unwrap_or_else(|| self.step(here.step));
            let script = step.run().map(|run| &run.script);
            let again = |path: &Cow<'_, str>| {
                self.copies().any(|copy| copy.source_of(path, self.graph.context).is_some())
            };
            let repeats = other.works_on(names.clone())
                && other.writes.paths.iter().all(again)
                && other.cwd == command.cwd
                && step.state == self.step(here.step).state
                && (elsewhere.is_none() || split::carried(&run.commands) == 0)
                && script.is_some_and(|script| split::stands_alone(script, other.span));
            if !repeats {
                return Err(self.changes(other, command));
            }
            let at = |run: &Run<'_>| run.commands.iter().position(|one| one.span == other.span);
            if step.run().is_some_and(|run| at(run).is_some_and(|at| run.goes_on_without(at))) {
                let command = shown_command(self.graph, other);
                freeing.assumptions.push(Assumption::DoesNotFail { command });
            }
            text.push_str(other.span.of(self.graph.dockerfile.source));
            text.push_str(" && ");
        }
        Ok(text)
    }

    /// Whether the directory that a step works in was made by the user who runs it.
    fn made_by_user(&self, at: StepAt) -> bool {
        let step = self.step(at.step);
        let steps = self.stage.steps[..at.step].iter();
        let mut makers = steps.filter(|maker| match &maker.effect {
            Effect::Workdir(place) => *place == step.cwd,
            _ => false,
        });
        makers.next().is_some_and(|maker| maker.user == step.user)
    }

    /// Whether empty sources may be made and taken away: nothing else is there.
    pub(super) fn may_stub(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        command: &CommandEffects,
        stubs: &StubSources,
    ) -> Result<(), Reason> {
        if freeing.run.dialect != Dialect::Posix {
            return Err(Reason::StubOfShell { command: shown_command(self.graph, command) });
        }
        // The copy leaves a directory that is there to whom it belongs.
        let step = self.step(freeing.here.step);
        if !is_root(step.user.as_deref()) && step.user.is_some() && !self.made_by_user(freeing.here)
        {
            let (user, path) = (step.user.clone(), command.cwd.clone());
            return Err(Reason::StubNotWritable {
                command: shown_command(self.graph, command),
                user: user.unwrap_or_default(),
                path: path.unwrap_or_default(),
            });
        }
        // Where it will stand, at the earliest.
        let first = freeing.moving.iter().filter(|at| at.stage == self.stage.index);
        let first = first.min_by_key(|at| at.step).copied().unwrap_or(freeing.here);
        let may_be_there = |place: &String| {
            let mut before = self.graph.copies_before(freeing.here);
            let mounted = |mount: &Mount| {
                mount.target.as_ref().is_none_or(|target| under(place, target).is_some())
            };
            self.graph.may_be_made_before(first, place)
                || freeing.run.mounts.iter().any(mounted)
                || before.any(|(at, copy)| {
                    !freeing.moving.contains(&at) && !copy.may_bring(place).is_no()
                })
        };
        let made: Vec<_> = stubs.places(command.cwd.as_deref()).collect();
        let taken = made.iter().find(|(_, place)| place.as_ref().is_none_or(may_be_there));
        if taken.is_none() && stubs.is_plain {
            let image = &self.graph.root(self.stage.index).image;
            if known_image(image).is_none() {
                let places = made.iter().filter_map(|(_, place)| place.clone());
                let nothing =
                    |path| Assumption::NothingThere { image: BaseName::from(image), path };
                freeing.assumptions.extend(places.map(nothing));
            }
            return Ok(());
        }
        Err(Reason::StubMayExist {
            command: shown_command(self.graph, command),
            path: taken.map_or("others", |(path, _)| path).to_owned(),
        })
    }
}

/// The commands at the start of `commands` that only set shell state, as they are written.
fn carried<'s>(source: &'s str, commands: &[CommandEffects]) -> &'s str {
    let count = split::carried(commands);
    match (commands.first(), commands.get(count)) {
        (Some(first), Some(next)) if count > 0 => {
            source.cut(first.span.start as usize..next.span.start as usize)
        }
        _ => "",
    }
}
