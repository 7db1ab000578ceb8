//! Directories: who makes them, and whether they are there for a command, with the same owner.

use super::copy_and_command::absent;
use super::shown_command;
use crate::graph::origin::LOOKED_AT;
use crate::graph::path_set::under;
use crate::graph::{Action, Command, Copy, Graph, Stage, StepAt};
use crate::sentences::Reason;

/// Whether the directories that `commands` of the step `at` need are there without `copies`,
/// which go below it. `sinks` says which steps do, and `provided` are places that are filled
/// before.
pub fn stay<'g, 'a>(
    graph: &'g Graph<'a>,
    at: StepAt,
    commands: &[Command],
    copies: &[&Copy],
    sinks: &dyn Fn(StepAt) -> bool,
    provided: &[String],
) -> Result<(), Reason> {
    let stage = &graph.stages[at.stage];
    for (index, command) in commands.iter().enumerate() {
        for place in &command.places {
            let Some(place) = place else {
                let command = shown_command(graph, command);
                return Err(Reason::NeededDirectoryUnknown { command });
            };
            let within = |path: &str| under(place, path).is_some();
            let earlier = |stage: &'g Stage<'a>, end: usize| {
                let places = (0..end).rev().map(move |step| StepAt { stage: stage.index, step });
                places.filter(|at| !sinks(*at)).map(move |at| &stage.steps[at.step])
            };
            let bases = graph.ancestors(at.stage).flat_map(|base| earlier(base, base.steps.len()));
            let mut steps = earlier(stage, at.step).chain(bases).take(LOOKED_AT);
            let mut before = commands[..index].iter().rev().take(LOOKED_AT);
            let there = stage.steps[at.step].cwd.iter().chain(provided).any(|path| within(path))
                || before.any(|other| writes_where(other, &within))
                || steps.any(|step| step_makes(&step.action, &within));
            let makes =
                |copy: &&Copy| !copy.may_bring(place).is_no() && !absent(graph, copy, place);
            if !there && copies.iter().any(makes) {
                let (command, path) = (shown_command(graph, command), place.clone());
                return Err(Reason::NeedsDirectory { command, path });
            }
        }
    }
    Ok(())
}

/// Whether a step makes a path for which `within` holds.
fn step_makes(action: &Action<'_>, within: &dyn Fn(&str) -> bool) -> bool {
    match action {
        Action::Workdir(place) => place.iter().any(|path| within(path)),
        Action::Copy(copy) => copy.landing.paths.iter().any(|path| within(path)),
        Action::Run(run) => run.commands.iter().any(|command| writes_where(command, within)),
        _ => false,
    }
}

fn writes_where(command: &Command, within: &dyn Fn(&str) -> bool) -> bool {
    command.writes.paths.iter().any(|path| within(path))
}

/// Whether `copy` may go below a WORKDIR that makes `place` as `user`; `made` is a directory
/// that is there before either. `Some(true)` where that rests on the base image's user, `None`
/// where it may not.
pub fn workdir(
    copy: &Copy,
    place: Option<&str>,
    user: Option<&str>,
    made: Option<&str>,
) -> Option<bool> {
    let place = place?;
    let to = copy.destination.as_ref()?.path();
    let related = under(place, to).is_some() || under(to, place).is_some();
    let made = made.is_some_and(|made| {
        under(place, made).is_some() && (made.starts_with('/') || made == place)
    });
    let root = matches!(user, Some("root" | "0" | "0:0" | "root:root"));
    match (related && !made, copy.owner[0].is_some(), user) {
        (false, ..) => Some(false),
        (true, true, _) => None,
        (true, false, None) => Some(true),
        (true, false, Some(_)) if root => Some(false),
        (true, false, Some(_)) => None,
    }
}
