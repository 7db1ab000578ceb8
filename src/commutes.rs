//! Whether two steps may change places, decided from what each does: the one answer that the
//! planner asks for before it moves a step, and the verification for every pair that has moved.
//!
//! Two steps commute where neither writes what the other reads or writes, where neither makes a
//! directory that the other would make with another owner, and where the answer holds for all
//! that is not known, or under assumptions that are listed. One file a kind of pair; which steps
//! should move is the planner's business.

pub mod builds;
pub mod commands;
pub mod copies;
pub mod copy_and_command;
pub mod directories;
pub mod links;
pub mod used_checkouts;

mod asked;
mod programs;
mod reads;
mod unlisted;
mod writes;

use crate::ecosystem::known_image;
use crate::graph::path_set::under;
use crate::graph::run::Link;
use crate::graph::{
    Asked, Base, CommandEffects, Copy, Effect, Graph, Needs, Overlap, Step, StepAt,
};
use crate::report::Builder;
use crate::sentences::{Assumption, BaseName, Reason};
use crate::text::Cut;
use directories::Ahead;
use std::fmt;

/// Whether two steps may change places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commutes {
    /// In any build.
    Yes,
    /// Where these hold.
    If(Vec<Assumption>),
    /// Not, for this reason.
    No(Reason),
}

impl From<Result<Vec<Assumption>, Reason>> for Commutes {
    fn from(found: Result<Vec<Assumption>, Reason>) -> Commutes {
        match found {
            Ok(assumptions) if assumptions.is_empty() => Commutes::Yes,
            Ok(assumptions) => Commutes::If(assumptions),
            Err(reason) => Commutes::No(reason),
        }
    }
}

impl fmt::Display for Commutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Commutes::Yes => f.write_str("yes"),
            Commutes::No(reason) => write!(f, "no: {reason}"),
            Commutes::If(assumptions) => {
                f.write_str("if:")?;
                assumptions.iter().try_for_each(|assumption| write!(f, " {assumption}"))
            }
        }
    }
}

impl Commutes {
    /// What has to hold, or why they may not.
    pub fn assumptions(self) -> Result<Vec<Assumption>, Reason> {
        match self {
            Commutes::Yes => Ok(Vec::new()),
            Commutes::If(assumptions) => Ok(assumptions),
            Commutes::No(reason) => Err(reason),
        }
    }
}

/// What a step does, as far as its place matters.
#[derive(Clone, Copy, Debug)]
pub enum EffectPart<'g> {
    /// COPY and ADD bring files.
    Copy(&'g Copy),
    /// The commands of a RUN, or some of them.
    Commands(&'g [CommandEffects]),
    /// WORKDIR makes this directory, where it is known and missing.
    Directory(Option<&'g str>),
    /// VOLUME makes volumes of these directories.
    Volume(&'g [String]),
    /// ENV and ARG set these variables.
    Variables(&'g [String]),
    /// USER and SHELL change what a RUN runs as.
    State,
    /// CMD, LABEL and their kind touch no file.
    Nothing,
    /// It is not understood.
    Unknown,
}

impl<'g> EffectPart<'g> {
    /// What a step does.
    pub fn of(effect: &'g Effect<'_>) -> EffectPart<'g> {
        match effect {
            Effect::Copy(copy) => EffectPart::Copy(copy),
            Effect::Run(run) => EffectPart::Commands(&run.commands),
            Effect::Workdir(place) => EffectPart::Directory(place.as_deref()),
            Effect::Volume(places) => EffectPart::Volume(places),
            Effect::Variables(names) => EffectPart::Variables(names),
            Effect::User | Effect::Shell => EffectPart::State,
            Effect::Config | Effect::Onbuild => EffectPart::Nothing,
            Effect::Invalid => EffectPart::Unknown,
        }
    }
}

/// A step that stands first, and shall stand behind another.
#[derive(Clone, Copy)]
pub struct Sunk<'p, 'a> {
    /// Where it stands.
    pub at: StepAt,
    /// The step.
    pub step: &'p Step<'a>,
    /// What of it sinks.
    pub effect: EffectPart<'p>,
}

/// The step that it goes past.
#[derive(Clone, Copy)]
pub struct Passed<'p, 'a> {
    /// Where it stands.
    pub at: StepAt,
    /// The step.
    pub step: &'p Step<'a>,
    /// What of it is passed.
    pub effect: EffectPart<'p>,
}

/// What stands in front of both, whichever comes first.
#[derive(Clone, Copy)]
pub struct Before<'p> {
    /// Whether a step of the file sinks as well, and so is not in front.
    pub sinks: &'p dyn Fn(StepAt) -> bool,
    /// Where a command finds files that the context brings, brought by another copy of them.
    pub inputs: &'p dyn Fn(&CommandEffects) -> Vec<String>,
    /// Paths that are there; so are the directories they lie in.
    pub there: &'p [String],
    /// A directory that was made with the owner that the copy would give it.
    pub made: Option<&'p str>,
    /// The symbolic links that steps make.
    pub links: &'p [&'p Link],
}

impl<'p> Before<'p> {
    /// Nothing but what these links say.
    pub fn nothing(links: &'p [&'p Link]) -> Before<'p> {
        Before { sinks: &|_| false, inputs: &|_| Vec::new(), there: &[], made: None, links }
    }
}

/// Whether `sunk` may stand behind `passed`.
pub fn commutes(
    graph: &Graph<'_>,
    sunk: Sunk<'_, '_>,
    passed: Passed<'_, '_>,
    before: Before<'_>,
) -> Commutes {
    let answer = answered(graph, sunk, passed, before);
    graph.note(|| Asked {
        sunk: sunk.step.instruction,
        passed: passed.step.instruction,
        command: None,
        answer: answer.to_string(),
    });
    answer
}

fn answered(
    graph: &Graph<'_>,
    sunk: Sunk<'_, '_>,
    passed: Passed<'_, '_>,
    before: Before<'_>,
) -> Commutes {
    let line = |step: &Step<'_>| graph.line(step.instruction);
    let allowed = |allowed: bool, reason: Reason| match allowed {
        true => Commutes::Yes,
        false => Commutes::No(reason),
    };
    let each = |commands: &[CommandEffects]| {
        commands.iter().try_fold(Vec::new(), |mut found, command| {
            let inputs = (before.inputs)(command);
            let assumed = command_passed(graph, sunk, passed, (command, &inputs), before.links);
            found.extend(assumed.assumptions()?);
            Ok(found)
        })
    };
    match (sunk.effect, passed.effect) {
        (_, EffectPart::Nothing) => Commutes::Yes,
        (_, EffectPart::Unknown) | (EffectPart::Unknown, _) => {
            Commutes::No(Reason::NotUnderstood { line: line(passed.step) })
        }
        (EffectPart::Copy(copy), EffectPart::Commands(commands)) => {
            let found = each(commands).and_then(|mut found| {
                let ahead = Ahead::of(graph, passed, before);
                found.extend(directories::stay(
                    ahead,
                    &commands.iter().collect::<Vec<_>>(),
                    &[copy],
                )?);
                Ok(found)
            });
            found.into()
        }
        (EffectPart::Commands(others), EffectPart::Commands(commands)) => {
            let sunk = (others, sunk.step.cwd.as_deref());
            match commands::removed(graph, sunk, (commands, passed.step.cwd.as_deref())) {
                Some(reason) => Commutes::No(reason),
                None => each(commands).into(),
            }
        }
        (EffectPart::Commands(commands), EffectPart::Copy(copy)) => {
            let may = commands_pass_copy(graph, (sunk.at, commands), copy, before.links);
            allowed(may, Reason::TouchesCopied)
        }
        (EffectPart::Copy(one), EffectPart::Copy(other)) => {
            let apart = copies::may_change_places(graph, one, other)
                && !links::join_copies(before.links, one, other);
            let ahead = Ahead::of(graph, passed, before);
            match directories::shared(ahead, one, other) {
                Some(reason) if apart => Commutes::No(reason),
                _ => allowed(apart, Reason::CopiesShare),
            }
        }
        (EffectPart::Copy(copy), EffectPart::Directory(place)) => {
            let ahead = Ahead::of(graph, passed, before);
            let may_be_file = |place: &&str| copy.is_linked || !ahead.has_made(place);
            let place_of_file = place.filter(may_be_file);
            if let Some(path) =
                place_of_file.and_then(|place| directories::file_above(graph, copy, place))
            {
                return Commutes::No(Reason::WorkdirOnFile { line: line(passed.step), path });
            }
            let user = passed.step.user.as_deref();
            // The directory is there already where an earlier WORKDIR made it.
            let cwd = passed.step.cwd.as_deref().filter(|cwd| Some(*cwd) == place);
            let made = before.made.or(cwd).or(sunk.step.cwd.as_deref());
            match directories::workdir(copy, place, user, made) {
                Some(false) => Commutes::Yes,
                Some(true) if user_of_base_is_known(graph, passed.at.stage) => Commutes::Yes,
                Some(true) => {
                    let image = BaseName::from(&graph.root(passed.at.stage).image);
                    Commutes::If(vec![Assumption::RunsAsRoot { image }])
                }
                None => Commutes::No(Reason::WouldMakeDirectory { line: line(passed.step) }),
            }
        }
        (EffectPart::Copy(copy), EffectPart::Volume(places)) => {
            let reason = Reason::CopiedIsVolume { line: line(passed.step) };
            allowed(copy_past_volume(graph, copy, places), reason)
        }
        (EffectPart::Copy(copy), EffectPart::Variables(names)) => {
            let reason = Reason::SetsVariable { line: line(passed.step) };
            allowed(!copy.variables.iter().any(|name| names.contains(name)), reason)
        }
        (EffectPart::Copy(_), EffectPart::State) => Commutes::Yes,
        (EffectPart::Commands(_), EffectPart::Volume(_)) => Commutes::No(Reason::BelowVolume),
        (EffectPart::Commands(_), _) => {
            let (line, run) = (line(passed.step), line(sunk.step));
            Commutes::No(Reason::SetsState { line, run })
        }
        (EffectPart::Volume(_), _) => Commutes::No(Reason::VolumeMoved),
        _ => Commutes::No(Reason::WorkdirMoved),
    }
}

/// Whether commands of the step `at` may go behind a copy: it brings nothing that they touch, and no
/// manifest of theirs, which none may have brought so far.
fn commands_pass_copy(
    graph: &Graph<'_>,
    (at, commands): (StepAt, &[CommandEffects]),
    copy: &Copy,
    links: &[&Link],
) -> bool {
    commands.iter().all(|command| {
        let sets = [&command.reads, &command.writes, &command.fills].into_iter();
        let mut sets = sets.chain(&command.builds);
        let wanted = graph.demands(command, at).places();
        !links::join_command(links, copy, command)
            && sets.all(|set| copy.landing.overlap(set) == Overlap::Apart)
            && wanted.iter().all(|place| copy.may_bring(place).is_no())
    })
}

/// Whether `sunk` may stand behind one command of `passed`, which finds its files at `inputs`.
pub fn command_passed(
    graph: &Graph<'_>,
    sunk: Sunk<'_, '_>,
    passed: Passed<'_, '_>,
    (command, inputs): (&CommandEffects, &[String]),
    links: &[&Link],
) -> Commutes {
    let answer = command_answered(graph, sunk, passed, (command, inputs), links);
    graph.note(|| Asked {
        sunk: sunk.step.instruction,
        passed: passed.step.instruction,
        command: Some(command.span),
        answer: answer.to_string(),
    });
    answer
}

fn command_answered(
    graph: &Graph<'_>,
    sunk: Sunk<'_, '_>,
    passed: Passed<'_, '_>,
    (command, inputs): (&CommandEffects, &[String]),
    links: &[&Link],
) -> Commutes {
    if let Needs::Everything(why) = command.needs {
        let (command, line) = (shown_command(graph, command), graph.line(passed.step.instruction));
        return Commutes::No(Reason::NeedsEverything { command, line, why });
    }
    match sunk.effect {
        EffectPart::Copy(copy) if links::join_command(links, copy, command) => {
            let destination = copy.written_destination.clone();
            let command = shown_command(graph, command);
            Commutes::No(Reason::ReachesThroughLink { command, destination })
        }
        EffectPart::Copy(copy) => {
            copy_and_command::passes(graph, copy, passed, command, inputs).into()
        }
        EffectPart::Commands(others) => {
            let passed = (passed.at, command);
            let found = others.iter().try_fold(Vec::new(), |mut found, other| {
                if let Some(reason) = commands::sets_up(graph, (sunk.at, other), command) {
                    return Err(reason);
                }
                let mut assumed = commands::passes(graph, other, passed, inputs, links)?;
                if assumed.is_empty() && builds::runs_scripts(graph, sunk.at, other) {
                    let (one, two) = (shown_command(graph, other), shown_command(graph, command));
                    let reason = Reason::UsesInstalled { command: one, install: two };
                    assumed = builds::before_build(graph, other, passed, inputs).ok_or(reason)?;
                }
                found.extend(assumed);
                Ok(found)
            });
            found.into()
        }
        _ => Commutes::Yes,
    }
}

/// Whether `copy` may go below a VOLUME of `places`: the classic builder throws away what a
/// later step writes there.
fn copy_past_volume(graph: &Graph<'_>, copy: &Copy, places: &[String]) -> bool {
    let covers = |place: &String| {
        !copy.may_bring(place).is_no()
            || copy.destination.as_ref().is_some_and(|to| under(place, to.path()).is_some())
    };
    graph.options.builder != Builder::Classic || !places.iter().any(covers)
}

/// Whether the user that the base image of a stage starts with is known, or makes no difference:
/// who makes a directory does not own it on Windows.
fn user_of_base_is_known(graph: &Graph<'_>, stage: usize) -> bool {
    let root = graph.root(stage);
    root.is_windows
        || graph.options.base_images.contains_key(&root.image)
        || known_image(&root.image).is_some()
        || !matches!(root.base, Base::Image)
}

/// HOME of `user`, as far as names tell.
pub fn home(user: Option<&str>) -> Option<String> {
    match user.map(|user| user.split(':').next().unwrap_or(user)) {
        None | Some("root" | "0") => Some("/root".into()),
        Some(user) => Some(format!("/home/{user}")),
    }
}

/// A command as it is quoted in sentences: the first words of its first line.
pub fn shown_command(graph: &Graph<'_>, command: &CommandEffects) -> String {
    let text = command.span.of(graph.dockerfile.source);
    let line = text.lines().next().unwrap_or("").trim_end_matches(['\\', '`', ' ']);
    match line.char_indices().nth(48) {
        Some((at, _)) => format!("{}…", line.cut(..at).trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
