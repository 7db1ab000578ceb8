//! Which copy a step finds a path of the image in.

use super::needs::CopyAt;
use super::{Action, Copy, Graph, Origin, Step};
use crate::context::Answer;

/// Most copies that are looked through for one path: the nearest ones.
pub const LOOKED_AT: usize = 300;

impl Graph<'_> {
    /// The copies that a step sees, latest first: of its stage and of those it is built on.
    pub fn copies_before(&self, at: CopyAt) -> impl Iterator<Item = (CopyAt, &Copy)> {
        let own = self.stages[at.stage].steps[..at.step].iter().enumerate().rev();
        let own = own.map(move |(step, s)| (CopyAt { stage: at.stage, step }, s));
        let inherited = self.ancestors(at.stage).flat_map(|stage| {
            let index = stage.index;
            let steps = stage.steps.iter().enumerate().rev();
            steps.map(move |(step, s)| (CopyAt { stage: index, step }, s))
        });
        own.chain(inherited).filter_map(|(at, step): (CopyAt, &Step<'_>)| match &step.action {
            Action::Copy(copy) => Some((at, copy.as_ref())),
            _ => None,
        })
    }

    /// The path of the context that lies at `place` of the image when the step at `at` runs,
    /// as far as copies decide it.
    pub fn context_path(&self, at: CopyAt, place: &str) -> Option<String> {
        for (_, copy) in self.copies_before(at).take(LOOKED_AT) {
            if copy.may_bring(place) == Answer::No {
                continue;
            }
            if copy.origin != Origin::Context {
                return None;
            }
            if let Some(source) = copy.source_of(place, self.context) {
                return Some(source);
            }
            if !self.context.is_complete() {
                return None;
            }
        }
        None
    }
}
