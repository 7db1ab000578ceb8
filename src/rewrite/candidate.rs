//! Repairs that may become fixes, and what becomes of two that change the same lines.

use crate::graph::{Graph, StepAt};
use crate::repair::{Operation, Place, Repair};
use crate::report::FixLevel;
use crate::sentences::Reason;
use crate::text::Edit;

/// A repair with its edits, and the wishes that it fulfils.
pub(super) struct Candidate {
    pub repair: Repair,
    pub edits: Vec<Edit>,
    pub fulfils: Vec<usize>,
    /// The wishes that it does not fulfil.
    pub refused: Vec<(usize, Reason)>,
    /// What is tried where this is not verified.
    pub instead: Option<Box<Candidate>>,
}

impl Candidate {
    /// Whether it does what the other one does and more, and may: what compiles the dependencies
    /// ahead downloads them on the way.
    pub fn does_more_than(&self, other: &Candidate, graph: &Graph<'_>) -> bool {
        graph.options.fix == FixLevel::Suggested
            && inserts_run(&self.repair)
            && other.repair.frees.iter().all(|at| self.repair.frees.contains(at))
    }

    /// Stands in the place of the other one, which is tried where this is not verified.
    pub fn replace(mut self, other: &mut Candidate) {
        let wish = self.fulfils[0];
        self.fulfils.extend(&other.fulfils);
        self.refused.clone_from(&other.refused);
        let mut instead = std::mem::replace(other, self);
        instead.refuse(wish);
        other.instead = Some(Box::new(instead));
    }

    /// What it does and the other one as well, where both move steps of one stage: `COPY . .` and
    /// `ARG GIT_SHA` below one install. Each would leave the other for a second analysis. A fix
    /// that is proved does not take over the assumptions of another where only proved ones count.
    pub fn with(&self, other: &Candidate, graph: &Graph<'_>) -> Option<Repair> {
        let moves = |operation: &Operation| matches!(operation, Operation::Sink { from: 0, .. });
        let is_free = self.repair.assumptions.is_empty() || graph.options.fix > FixLevel::Safe;
        if !is_free || !self.repair.operations.iter().all(moves) {
            return None;
        }
        let mut both = other.repair.clone();
        for operation in &self.repair.operations {
            let Operation::Sink { step, to, .. } = operation else { return None };
            let moved = both.operations.iter().position(|operation| match operation {
                Operation::Sink { step: other, .. } => other == step,
                _ => false,
            });
            if let Some(moved) = moved {
                let Operation::Sink { to: other, .. } = &both.operations[moved] else { continue };
                if order(*other) >= order(*to) {
                    continue;
                }
                both.operations.remove(moved);
            }
            let (at, to) = place_among(&both.operations, *step, *to);
            let Operation::Sink { step, from, destination, .. } = operation.clone() else {
                return None;
            };
            both.operations.insert(at, Operation::Sink { step, from, to, destination });
        }
        let new = |at: &&StepAt| !other.repair.frees.contains(at);
        both.frees.extend(self.repair.frees.iter().filter(new));
        both.assumptions.extend(self.repair.assumptions.iter().cloned());
        Some(both)
    }

    /// Does what both did, and the other one alone where that is not verified.
    pub fn join(self, other: &mut Candidate, both: Repair, edits: Vec<Edit>) {
        let joined = Candidate { repair: both, edits, ..self };
        joined.replace(other);
    }

    /// Leaves a wish to another fix, also where something else is tried in its place.
    fn refuse(&mut self, wish: usize) {
        self.refused.push((wish, Reason::OtherFixFirst));
        if let Some(instead) = &mut self.instead {
            instead.refuse(wish);
        }
    }
}

/// Where a place stands among the others of its file.
fn order(place: Place) -> (StepAt, bool) {
    match place {
        Place::Before(at) => (at, false),
        Place::Behind(at) | Place::Between(at) | Place::With(at) => (at, true),
        Place::Start(stage) => (StepAt { stage, step: 0 }, false),
    }
}

/// Where `step` goes among operations that move others, as a number of an operation and a place:
/// directly above the step that it was to stand above where that sinks, and in the order of the
/// file with those that go to the same place.
fn place_among(operations: &[Operation], step: StepAt, to: Place) -> (usize, Place) {
    for (index, operation) in operations.iter().enumerate() {
        match operation {
            Operation::Sink { step: other, from: 0, to: place, .. }
                if to == Place::Before(*other) =>
            {
                return (index, *place);
            }
            Operation::Sink { step: other, to: place, .. } if *place == to && *other > step => {
                return (index, to);
            }
            _ => {}
        }
    }
    (operations.len(), to)
}

/// Whether a repair adds a step of its own.
pub(super) fn inserts_run(repair: &Repair) -> bool {
    let is_run = |operation: &Operation| matches!(operation, Operation::InsertRun { .. });
    repair.operations.iter().any(is_run)
}
