//! Which copy a step finds a path of the image in.

use super::needs::CopyAt;
use super::{Copy, Graph, Origin};
use crate::context::Answer;

/// Most copies that are looked through for one path: the nearest ones.
pub const LOOKED_AT: usize = 300;

impl Graph<'_> {
    /// The copies that a step sees, latest first: of its stage and of those it is built on.
    pub fn copies_before(&self, at: CopyAt) -> impl Iterator<Item = (CopyAt, &Copy)> {
        let mut stage = at.stage;
        let own = &self.stages[stage].copies;
        let mut left = own.partition_point(|&step| step < at.step);
        std::iter::from_fn(move || {
            while left == 0 {
                stage = self.stages[stage].copies_from?;
                left = self.stages[stage].copies.len();
            }
            left -= 1;
            let at = CopyAt { stage, step: self.stages[stage].copies[left] };
            Some((at, self.copy_at(at)))
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
