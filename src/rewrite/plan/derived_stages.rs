//! Copies that leave a stage for those that are built on it, where only these are used.

use super::fetch_ahead::fetch_ahead;
use super::{Sinking, Walked, complete, walk};
use crate::graph::{Graph, Invalidated, Stage, StepAt};
use crate::limits;
use crate::repair::{ManifestCopy, Repair};
use crate::sentences::{Assumption, Reason};

/// What is done in a stage, and in those built on it that it hands its copies to.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    /// What is done.
    pub repair: Repair,
    /// Steps that cannot be freed, with the reason.
    pub refused: Vec<(StepAt, Reason)>,
    /// The stages that were looked at.
    pub stages: Vec<usize>,
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
    complete(&mut planned.repair);
    let ahead = planner.downloads_ahead(stage, &planned);
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
                if self.graph.options.targets.is_none() {
                    assumptions.push(Assumption::NoTarget { stage });
                }
                let mut repair = Repair { operations, frees, assumptions, ..Repair::default() };
                for planned in derived {
                    repair.add(planned.repair);
                    refused.extend(planned.refused);
                    stages.extend(planned.stages);
                }
                return Planned { repair, refused, stages };
            }
        }
        let (sunk, to) = &walked.sunk;
        if !frees.is_empty() || !inherited.is_empty() {
            operations.extend(Walked::sinks(sunk, *to));
        }
        let assumptions = walked.assumptions;
        let repair = Repair { operations, frees, assumptions, ..Repair::default() };
        Planned { repair, refused, stages }
    }

    /// What is done where nothing may move: a download for the first step that has one.
    fn downloads_ahead(&self, stage: &Stage<'a>, planned: &Planned) -> Option<Planned> {
        if !planned.repair.operations.is_empty() || planned.stages != [stage.index] {
            return None;
        }
        let mut invalidated = self.invalidated[stage.index].iter();
        let mut repair = invalidated.find_map(|rerun| fetch_ahead(self.graph, stage, rerun))?;
        complete(&mut repair);
        let refused = planned.refused.iter().filter(|(at, _)| !repair.frees.contains(at));
        let refused = refused.cloned().collect();
        Some(Planned { repair, refused, stages: planned.stages.clone() })
    }

    /// Whether all that sinks may leave the stage: copies that mean the same in the stages built
    /// on it, and nobody else sees it.
    fn may_leave(&self, stage: &Stage<'a>, moving: &[Sinking]) -> bool {
        let sinking = |moved: &Sinking| &self.graph.stages[moved.at.stage].steps[moved.at.step];
        let derived = &stage.derived;
        !stage.used
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

    /// Whether at most so many stages stand on each other below this one.
    fn is_low(&self, stage: &Stage<'a>, levels: u32) -> bool {
        stage.derived.iter().all(|&derived_stage| {
            levels
                .checked_sub(1)
                .is_some_and(|rest| self.is_low(&self.graph.stages[derived_stage], rest))
        })
    }
}
