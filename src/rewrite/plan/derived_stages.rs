//! Copies that leave a stage for those that are built on it, where only these are used.

use super::fetch_ahead::{Ahead, fetch_ahead};
use super::free::without_repeats;
use super::walk::Walk;
use super::{Sinking, Stopped, complete, walk};
use crate::commutes::{Before, Commutes, EffectPart, Passed, Sunk, commutes, links};
use crate::ecosystem::names_services;
use crate::graph::{Graph, Invalidated, Stage, Step, StepAt};
use crate::limits;
use crate::repair::{ManifestCopy, Operation, Place, Repair, inserted_copies};
use crate::report::FixLevel;
use crate::sentences::{Assumption, Reason};
use crate::syntax::Keyword;

/// What is done in a stage, and in those built on it that it hands its copies to.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    /// What is done.
    pub repair: Repair,
    /// Steps that cannot be freed, with the reason.
    pub refused: Vec<(StepAt, Reason)>,
    /// The stages that were looked at.
    pub stages: Vec<usize>,
    /// Where steps sink to that downloads could go ahead of.
    ahead: Option<Ahead>,
    /// The step that all that sinks cannot pass.
    stopped: Option<Stopped>,
}

/// Plans `stage`, and those built on it where copies have to leave it for them: the candidates, of
/// which the first that is verified counts. `invalidated` holds the steps that are invalidated
/// needlessly by stage, `trusted` says where something may move at all.
pub fn plan<'a>(
    graph: &Graph<'a>,
    stage: &Stage<'a>,
    invalidated: &[Vec<&Invalidated>],
    trusted: &dyn Fn(&Stage<'a>) -> bool,
) -> Vec<Planned> {
    let planner = Planner { graph, invalidated, trusted };
    let mut planned = planner.plan(stage, &[], Vec::new());
    let ahead = planner.downloads_ahead(stage, &planned);
    complete(&mut planned.repair);
    ahead.into_iter().chain([planned]).collect()
}

struct Planner<'p, 'a> {
    graph: &'p Graph<'a>,
    invalidated: &'p [Vec<&'p Invalidated>],
    trusted: &'p dyn Fn(&Stage<'a>) -> bool,
}

impl<'a> Planner<'_, 'a> {
    fn plan(
        &self,
        stage: &Stage<'a>,
        inherited: &[Sinking],
        brought: Vec<ManifestCopy>,
    ) -> Planned {
        let walked = walk(self.graph, stage, &self.invalidated[stage.index], inherited, brought);
        let (mut operations, frees) = (walked.operations, walked.frees);
        let mut stages = vec![stage.index];
        let mut refused = walked.refused;
        if let Some((sinking, assumptions)) = &walked.end
            && self.may_leave(stage, sinking)
        {
            let derived = stage.derived.iter().map(|&derived| {
                self.plan(&self.graph.stages[derived], sinking, walked.brought.clone())
            });
            let derived: Vec<Planned> = derived.collect();
            if derived.iter().any(|planned| !planned.repair.frees.is_empty()) {
                let stage = stage.name.clone().unwrap_or_default();
                let mut assumptions = assumptions.clone();
                // Targets that are known are not all there are.
                assumptions.push(Assumption::NoTarget { stage });
                let mut repair = Repair { operations, frees, assumptions, ..Repair::default() };
                for planned in derived {
                    repair.add(planned.repair);
                    refused.extend(planned.refused);
                    stages.extend(planned.stages);
                }
                return Planned { repair, refused, stages, ..Planned::default() };
            }
        }
        let (sunk, to) = &walked.sunk;
        let ahead = (!frees.is_empty()).then(|| Ahead::behind(*to, sunk, &operations)).flatten();
        if !frees.is_empty() || !inherited.is_empty() {
            operations.extend(self.sinks(stage, sunk, *to));
        }
        let assumptions = walked.assumptions;
        let repair = Repair { operations, frees, assumptions, ..Repair::default() };
        Planned { repair, refused, stages, ahead, stopped: walked.stopped }
    }

    /// What is done where the steps in `sinking` go to `to`.
    fn sinks(&self, stage: &Stage<'a>, sinking: &[Sinking], to: Place) -> Vec<Operation> {
        let step = |at: StepAt| &self.graph.stages[at.stage].steps[at.step];
        let next = match to {
            Place::Before(at) => at.step,
            Place::Behind(at) | Place::Between(at) | Place::With(at) => at.step + 1,
            Place::Start(_) => 0,
        };
        let own = (next..stage.steps.len()).map(|step| StepAt { stage: stage.index, step });
        let stays = |at: &StepAt| sinking.iter().all(|sunk| sunk.at != *at);
        let behind: Vec<StepAt> =
            sinking.iter().map(|sunk| sunk.at).chain(own.filter(stays)).collect();
        let links = links::of(self.graph, stage.index);
        let place = |index: usize, sunk: &Sinking| {
            let mut rest = behind[index + 1..].iter().take(limits::COPIES_LOOKED_AT);
            let passes = |at: StepAt| {
                let effect = EffectPart::of(&step(at).effect);
                let passed = Passed { at, step: step(at), effect };
                let (at, step) = (sunk.at, step(sunk.at));
                let sunk = Sunk { at, step, effect: EffectPart::of(&step.effect) };
                let before = Before::nothing(&links);
                commutes(self.graph, sunk, passed, before) == Commutes::Yes
            };
            let equal = |at: StepAt| self.copies_the_same(step(sunk.at), step(at));
            let found = rest.find(|&&at| equal(at) || !passes(at)).filter(|&&at| equal(at));
            found.map_or(to, |&equal| Place::With(equal))
        };
        let sinks = sinking.iter().enumerate().map(|(index, sunk)| Operation::Sink {
            step: sunk.at,
            from: sunk.from,
            to: place(index, sunk),
            destination: sunk.destination.clone(),
        });
        sinks.collect()
    }

    /// Whether two copies bring the same to the same place.
    fn copies_the_same(&self, one: &Step<'a>, other: &Step<'a>) -> bool {
        let (Some(copy), Some(same)) = (one.copy(), other.copy()) else { return false };
        let text = |step: &Step<'a>| {
            let instruction = &self.graph.dockerfile.instructions[step.instruction];
            instruction.span.of(self.graph.dockerfile.source)
        };
        text(one) == text(other)
            && copy.destination == same.destination
            && copy.origin == same.origin
            && copy.variables.is_empty()
    }

    /// What is done beside where steps cannot be freed: downloads for them, where others sink to
    /// or, where what changes the directory or a variable stands between, above what stops them.
    fn downloads_ahead(&self, stage: &Stage<'a>, planned: &Planned) -> Option<Planned> {
        let mut repair = planned.repair.clone();
        let is_proved = !repair.operations.is_empty() && repair.assumptions.is_empty();
        if planned.stages != [stage.index]
            || is_proved && self.graph.options.fix <= FixLevel::Safe
            || has_run(&repair.operations)
            || !repair.frees.is_empty() && planned.ahead.is_none()
        {
            return None;
        }
        let at = |rerun: &Invalidated| StepAt { stage: stage.index, step: rerun.step };
        let own = self.invalidated[stage.index].iter();
        // What is cut below its first commands may download in the others.
        let is_cut = |at: StepAt| {
            let cut = |operation: &Operation| matches!(operation, Operation::Split { step, .. } if *step == at);
            repair.operations.iter().any(cut)
        };
        let is_open = |rerun: &&&Invalidated| {
            let at = at(rerun);
            !repair.frees.contains(&at) || rerun.downloads_later && is_cut(at)
        };
        let open: Vec<&&Invalidated> = own.filter(is_open).collect();
        let fetched = |ahead: Option<&Ahead>| -> Vec<Repair> {
            let found = open.iter().filter_map(|rerun| {
                let own = ahead.cloned().or_else(|| Ahead::of(rerun))?;
                fetch_ahead(self.graph, stage, rerun, &own)
            });
            found.collect()
        };
        let mut found = fetched(planned.ahead.as_ref());
        if let Some(ahead) = planned.ahead.as_ref().filter(|_| !found.is_empty()) {
            ahead.gather(&mut repair.operations);
        }
        let stopped = planned.stopped.as_ref().filter(|_| found.is_empty());
        if let Some(Stopped { ahead, assumptions }) = stopped {
            found = fetched(Some(ahead));
            repair.operations.retain(|operation| !matches!(operation, Operation::Sink { .. }));
            repair.assumptions.clone_from(assumptions);
        }
        if found.is_empty() {
            return None;
        }
        let mut brought: Vec<ManifestCopy> = inserted_copies(&repair.operations).cloned().collect();
        for mut found in found {
            without_repeats(&mut brought, &mut found.operations);
            repair.add(found);
        }
        if let Some(Stopped { ahead, .. }) = stopped {
            let mut walk = Walk::new(self.graph, stage, ahead.sinking.clone());
            walk.make_directories(&mut repair.operations).ok()?;
            repair.operations.extend(self.sinks(stage, &walk.sinking, ahead.at));
        }
        complete(&mut repair);
        let refused = planned.refused.iter().filter(|(at, _)| !repair.frees.contains(at));
        let (refused, stages) = (refused.cloned().collect(), planned.stages.clone());
        Some(Planned { repair, refused, stages, ..Planned::default() })
    }

    /// Whether all that sinks may leave the stage: copies that mean the same in the stages built
    /// on it, and nobody else sees it.
    fn may_leave(&self, stage: &Stage<'a>, moving: &[Sinking]) -> bool {
        let sinking = |moved: &Sinking| &self.graph.stages[moved.at.stage].steps[moved.at.step];
        let derived = &stage.derived;
        !stage.used
            && (self.graph.options.targets.is_some() || !self.may_be_target(stage))
            && (1..=limits::DERIVED_STAGES).contains(&derived.len())
            && self.is_low(stage, limits::DERIVED_LEVELS)
            && (1..=limits::CAUSES).contains(&moving.len())
            && moving.iter().all(|moved| {
                let copy = sinking(moved).copy().filter(|_| moved.made.is_none());
                copy.is_some_and(|copy| copy.variables.is_empty())
            })
            && derived
                .iter()
                .all(|&derived_stage| (self.trusted)(&self.graph.stages[derived_stage]))
            && stage.triggers.is_empty()
    }

    /// Whether a compose file that is not given may name a stage as a target; where there is none,
    /// whether it says itself how it is run.
    fn may_be_target(&self, stage: &Stage<'a>) -> bool {
        let runs = |step: &Step<'a>| {
            let keyword = self.graph.dockerfile.instructions[step.instruction].keyword;
            matches!(keyword, Some(Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck))
        };
        let context = self.graph.context;
        let services = context.is_known().then(|| context.entries()).into_iter().flatten();
        let mut services = services.filter(|entry| names_services(&entry.path)).peekable();
        match services.peek() {
            Some(_) => services.any(|entry| entry.text.is_none()),
            None => stage.steps.iter().any(runs),
        }
    }

    /// Whether at most so many stages stand on each other below this one.
    fn is_low(&self, stage: &Stage<'a>, levels: u32) -> bool {
        stage.derived.iter().all(|&derived_stage| {
            levels
                .checked_sub(1)
                .is_some_and(|rest| self.is_low(&self.graph.stages[derived_stage], rest))
        })
    }
}

/// Whether a step that downloads is added.
fn has_run(operations: &[Operation]) -> bool {
    operations.iter().any(|operation| matches!(operation, Operation::InsertRun { .. }))
}
