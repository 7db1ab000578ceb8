//! Added stages: none of the original may become another one for them, and what is taken from
//! one has to be some of the files that the copies behind it bring to the same places.

use super::configuration::content;
use super::{Made, Maker};
use crate::graph::region::under;
use crate::graph::{Action, Base, Copy, Graph, Origin};
use crate::rewrite::scatter::DIRECTORY;
use crate::sort::sort;
use crate::syntax::Instruction;

/// Which stages of the original are which of the rewritten file.
pub struct Stages {
    /// For each of the original its number in the rewritten file.
    pub after: Vec<usize>,
    /// For each of the rewritten file its number in the original; none where it was added.
    before: Vec<Option<usize>>,
}

impl Stages {
    /// Finds them; the error is a sentence.
    pub fn new(graph: &Graph<'_>, rewritten: &Graph<'_>) -> Result<Stages, String> {
        let before = rewritten.stages_of(graph);
        let kept = before.iter().enumerate().filter(|(_, stage)| stage.is_some());
        let stages = Stages { after: kept.map(|(at, _)| at).collect(), before };
        let number = |stage: usize| stages.before.get(stage).copied().flatten();
        let same_base = |(stage, after): (&crate::graph::Stage<'_>, &usize)| match (
            stage.base,
            rewritten.stages[*after].base,
        ) {
            (Base::Stage(one), Base::Stage(other)) => number(other) == Some(one),
            (one, other) => one == other,
        };
        let last = stages.before.last().is_none_or(Option::is_some);
        let complete = stages.after.len() == graph.stages.len();
        if !complete || !last || !graph.stages.iter().zip(&stages.after).all(same_base) {
            return Err("the stages are not the same".into());
        }
        let mounts = |graph: &Graph<'_>, stage: usize, number: &dyn Fn(usize) -> Option<usize>| {
            let runs = graph.stages[stage].steps.iter().filter_map(|step| step.run());
            let from = runs.flat_map(|run| &run.mounts).filter_map(|mount| mount.from);
            let mut numbers: Vec<Option<usize>> = from.map(number).collect();
            sort(&mut numbers);
            numbers.dedup();
            numbers
        };
        for (stage, &after) in stages.after.iter().enumerate() {
            if mounts(graph, stage, &Some) != mounts(rewritten, after, &number) {
                return Err("a mount shows another stage".into());
            }
        }
        Ok(stages)
    }

    /// The number of a stage in the original; one that it has not where the stage was added.
    pub fn before(&self, stage: usize) -> usize {
        self.before.get(stage).copied().flatten().unwrap_or(usize::MAX)
    }

    /// Whether `origin` is a stage that was added.
    pub fn are_new(&self, origin: &Origin) -> bool {
        matches!(origin, Origin::Stage(stage) if self.before[*stage].is_none())
    }

    /// Whether `taken` takes from an added stage some of the files that copies of the original
    /// `behind` it bring to the same places.
    pub fn brings_kept(
        &self,
        graph: &Graph<'_>,
        maker: &Maker<'_, '_>,
        taken: &Copy,
        behind: &[Maker<'_, '_>],
        places: &[Option<usize>],
    ) -> bool {
        let Origin::Stage(number) = taken.origin else { return false };
        let stage = &graph.stages[number];
        let [first, middle @ .., last] = stage.steps.as_slice() else { return false };
        let from = |stage: &crate::graph::Stage<'_>| {
            let from = &graph.dockerfile.instructions[stage.from];
            (content(from).flags, stage.image.clone())
        };
        let image = from(stage) == from(graph.root(maker.at.stage)) && stage.base == Base::Image;
        let (Action::Workdir(Some(directory)), Action::Run(_), Some(selection)) =
            (&first.action, &last.action, &stage.selection)
        else {
            return false;
        };
        let (Some(to), [(_, source)]) = (&taken.destination, taken.sources.as_slice()) else {
            return false;
        };
        // In another directory there may be files of the image.
        let whole = directory == DIRECTORY
            && selection.directories == [DIRECTORY]
            && source.literal() == Some(directory.trim_start_matches('/'))
            && to.is_directory().is_yes();
        let flags = |instruction: &Instruction<'_>, from: &str, but: [&str; 2]| -> Vec<String> {
            let flags = instruction.flags.iter().filter(|flag| !but.contains(&flag.name.as_ref()));
            let flags = flags.map(|flag| flag.span.of(from).to_owned());
            flags.collect()
        };
        let source = graph.dockerfile.source;
        let instruction = |at: usize| &graph.dockerfile.instructions[at];
        let mut middle = middle.iter();
        image
            && whole
            && middle.len() > 0
            && middle.all(|step| {
                let Some(copy) = step.copy() else { return false };
                let own = instruction(step.instruction);
                behind.iter().zip(places).any(|(later, place)| {
                    let Made::Copy(broad) = &later.kind else { return false };
                    let theirs = instruction(later.instruction);
                    let same_place = match (&copy.destination, &broad.destination) {
                        (Some(one), Some(other)) => {
                            let below = under(directory, one.path());
                            below.is_some()
                                && below == under(to.path(), other.path())
                                && (below == Some("") || one.is_directory() == other.is_directory())
                        }
                        _ => false,
                    };
                    let plain = |copy: &Copy| {
                        copy.origin == Origin::Context
                            && !copy.unresolved
                            && !copy.unpacks
                            && !copy.other_sources
                    };
                    let excludes = |instruction: &Instruction<'_>| {
                        let all = instruction.flags.iter().filter(|flag| flag.name == "exclude");
                        let texts = all.map(|flag| flag.span.of(source).to_owned());
                        texts.collect::<Vec<_>>()
                    };
                    place.is_some()
                        && plain(copy)
                        && plain(broad)
                        && same_place
                        && copy.sources == broad.sources
                        && excludes(own) == flags(own, source, ["", ""])
                        && excludes(own) == excludes(theirs)
                        && flags(instruction(maker.instruction), source, ["from", "from"])
                            == flags(theirs, source, ["exclude", "exclude"])
                })
            })
    }
}
