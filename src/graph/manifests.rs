//! Copies that turn out to be manifests, whatever their names: an install needs everything
//! that they bring.

use super::content::Content;
use super::copy::{Copy, Origin, StepAt};
use super::demands::Demand;
use super::path_set::under;
use super::{Effect, Graph};
use crate::context::{Source, base_name, join};
use crate::ecosystem::ActionKind;
use crate::limits;

/// Finds them and notes what they are.
pub(super) fn settle(graph: &mut Graph<'_>) {
    let mut found = Vec::new();
    for stage in &graph.stages {
        for (step, run) in stage.steps.iter().enumerate().filter_map(|(at, s)| Some((at, s.run()?)))
        {
            let here = StepAt { stage: stage.index, step };
            let installs = run.commands.iter().enumerate().filter(|(_, command)| {
                command.used.as_ref().is_some_and(|used| used.kind == ActionKind::Install)
            });
            let mut installs = installs.peekable();
            if installs.peek().is_none() {
                continue;
            }
            let copies = graph.copies_before(here).take(limits::COPIES_BEFORE_INSTALL);
            let volatile: Vec<_> = copies.filter(|(_, copy)| copy.content.is_volatile()).collect();
            if volatile.is_empty() {
                continue;
            }
            let wanted: Vec<&Demand> =
                installs.flat_map(|(at, _)| &graph.wanted(run, at, here).files).collect();
            let wants = |place: &str| {
                // Where it may be missing, it is written as a pattern.
                let name = place.strip_suffix('*').unwrap_or(place);
                wanted.iter().any(|file| match file.is_directory {
                    true => under(&file.place, place).is_some(),
                    false => file.place == name,
                })
            };
            // `COPY deps* ./` for `pip install -r deps`: a file, though its name does not say so.
            let names = |copy: &Copy| {
                let is_wanted = |(text, _): &(String, Source)| {
                    let name = base_name(text.strip_suffix('*').unwrap_or(text));
                    let to = copy.destination.as_ref().map(|to| join(to.path(), name));
                    to.is_some_and(|place| wanted.iter().any(|file| file.place == place))
                };
                let is_plain = !copy.unresolved && copy.origin == Origin::Context;
                is_plain && !copy.sources.is_empty() && copy.sources.iter().all(is_wanted)
            };
            let needed = volatile.into_iter().filter(|(_, copy)| {
                let landing = &copy.landing;
                let empty = landing.everything || landing.paths.is_empty();
                names(copy) || !empty && landing.paths.iter().all(|place| wants(place))
            });
            found.extend(needed.map(|(at, _)| at));
        }
    }
    for at in found {
        if let Effect::Copy(copy) = &mut graph.stages[at.stage].steps[at.step].effect {
            copy.content = Content::Manifests;
        }
    }
}
