//! Copies that turn out to be manifests, whatever their names: an install needs everything
//! that they bring.

use super::content::Content;
use super::copy::StepAt;
use super::demands::Demand;
use super::path_set::under;
use super::{Effect, Graph};
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
            let needed = volatile.into_iter().filter(|(_, copy)| {
                let landing = &copy.landing;
                let empty = landing.everything || landing.paths.is_empty();
                !empty && landing.paths.iter().all(|place| wants(place))
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
