//! Whether a file works on the packages of a workspace, going by the words of its commands.

use super::{Base, Graph, Stage};
use crate::ecosystem::{WORKSPACE_WORDS, listed};
use crate::limits;

impl Graph<'_> {
    /// Whether an instruction of `stage`, of one that is built on it, or of one that takes files
    /// from it, speaks of packages of a workspace. Found out once for all stages.
    pub fn speaks_of_members(&self, stage: usize) -> bool {
        let spoken = self.members.get_or_init(|| {
            let own: Vec<bool> = self.stages.iter().map(|stage| self.speaks(stage)).collect();
            let mut spoken = own.clone();
            // Those that are built on a stage come behind it.
            for stage in self.stages.iter().rev() {
                if let (Base::Stage(base), true) = (stage.base, spoken[stage.index]) {
                    spoken[base] = true;
                }
            }
            for stage in self.stages.iter().filter(|stage| own[stage.index]) {
                let taken = stage.steps.iter().flat_map(|step| step.effect.stages());
                taken.for_each(|from| spoken[from] = true);
            }
            spoken
        });
        spoken.get(stage) == Some(&true)
    }

    fn speaks(&self, stage: &Stage<'_>) -> bool {
        let apart = |c: char| c.is_whitespace() || "=,;\"'[]".contains(c);
        stage.steps.iter().take(limits::INSTRUCTIONS_READ).any(|step| {
            let text = &self.dockerfile.instructions[step.instruction].rest.text;
            text.split(apart)
                .any(|word| !word.is_empty() && listed(WORKSPACE_WORDS, |entry| entry == word))
        })
    }
}
