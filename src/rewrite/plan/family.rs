//! Copies that leave a stage for those that are built on it, where only these are used.

use super::{Moved, Plan, walk};
use crate::graph::needs::CAUSES;
use crate::graph::{Graph, Invalidated, Stage, StepAt};
use crate::issue::Refusal;
use crate::rewrite::manifest_copies::ManifestCopy;

/// What is done in a stage and in those built on it that it hands its copies to.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// What is done, stage by stage.
    pub plans: Vec<Plan>,
    /// Steps that cannot be freed, with the reason.
    pub refused: Vec<(StepAt, Refusal)>,
    /// The stages that were looked at.
    pub stages: Vec<usize>,
}

/// How many stages at most may stand on each other below one that copies leave.
const LEVELS: u32 = 4;

/// Most stages that a copy is handed to.
const HEIRS: usize = 20;

/// Plans `stage`, and those built on it where copies have to leave it for them. `invalidated`
/// holds the steps that are invalidated needlessly by stage, `trusted` says where something may
/// move at all.
pub fn plan<'a>(
    graph: &Graph<'a>,
    stage: &Stage<'a>,
    invalidated: &[Vec<&Invalidated>],
    trusted: &dyn Fn(&Stage<'a>) -> bool,
) -> Family {
    let planner = Planner { graph, invalidated, trusted };
    planner.family(stage, &[], Vec::new())
}

struct Planner<'p, 'a> {
    graph: &'p Graph<'a>,
    invalidated: &'p [Vec<&'p Invalidated>],
    trusted: &'p dyn Fn(&Stage<'a>) -> bool,
}

impl<'a> Planner<'_, 'a> {
    fn family(&self, stage: &Stage<'a>, inherited: &[Moved], brought: Vec<ManifestCopy>) -> Family {
        let walked = walk(self.graph, stage, &self.invalidated[stage.index], inherited, brought);
        let mut family =
            Family { plans: Vec::new(), refused: walked.refused, stages: vec![stage.index] };
        let mut plan = walked.plan;
        if let Some((moving, assumptions)) = walked.end
            && self.may_leave(stage, &moving)
        {
            let heirs: Vec<Family> = stage
                .heirs
                .iter()
                .map(|&heir| {
                    let heir = &self.graph.stages[heir];
                    self.family(heir, &moving, walked.brought.clone())
                })
                .collect();
            if heirs.iter().flat_map(|heir| &heir.plans).any(|plan| !plan.freed.is_empty()) {
                plan = Plan { moved: moving, assumptions, leaves: true, ..plan };
                let name = stage.name.as_deref().unwrap_or_default();
                plan.assumptions
                    .push(format!("Nobody builds the stage `{name}` as a target of its own."));
                for heir in heirs {
                    family.plans.extend(heir.plans);
                    family.refused.extend(heir.refused);
                    family.stages.extend(heir.stages);
                }
            }
        }
        if plan.leaves || !plan.freed.is_empty() || !inherited.is_empty() {
            family.plans.insert(0, plan);
        }
        family
    }

    /// Whether all that sinks may leave the stage: copies that mean the same in the stages built
    /// on it, and nobody else sees it.
    fn may_leave(&self, stage: &Stage<'a>, moving: &[Moved]) -> bool {
        let sinking = |moved: &Moved| &self.graph.stages[moved.at.stage].steps[moved.at.step];
        let heirs = &stage.heirs;
        !stage.used
            && (1..=HEIRS).contains(&heirs.len())
            && self.is_low(stage, LEVELS)
            && (1..=CAUSES).contains(&moving.len())
            && moving.iter().all(|moved| {
                let copy = sinking(moved).copy().filter(|_| moved.made.is_none());
                copy.is_some_and(|copy| copy.variables.is_empty())
            })
            && heirs.iter().all(|&heir| (self.trusted)(&self.graph.stages[heir]))
            && stage.triggers.is_empty()
    }

    /// Whether at most so many stages stand on each other below this one.
    fn is_low(&self, stage: &Stage<'a>, levels: u32) -> bool {
        stage.heirs.iter().all(|&heir| {
            levels.checked_sub(1).is_some_and(|rest| self.is_low(&self.graph.stages[heir], rest))
        })
    }
}
