//! Added stages: none of the original may become another one for them, and what is taken from
//! one has to be some of the files that the copies behind it bring to the same places.

use super::{Maker, flags_of};
use crate::commutes::EffectPart;
use crate::graph::path_set::under;
use crate::graph::{Base, Copy, Effect, Graph, Origin, Stage};
use crate::rewrite::printer::manifest_stage::DIRECTORY;
use crate::sentences::Mismatch;
use crate::sort::sort;

/// Which stages of the original are which of the rewritten file.
pub struct Stages {
    /// For each of the original its number in the rewritten file.
    pub after: Vec<usize>,
    /// For each of the rewritten file its number in the original; none where it was added.
    before: Vec<Option<usize>>,
}

impl Stages {
    /// Finds them; the error is a sentence.
    pub fn new(graph: &Graph<'_>, rewritten: &Graph<'_>) -> Result<Stages, Mismatch> {
        let before = rewritten.stages_of(graph);
        let kept = before.iter().enumerate().filter(|(_, stage)| stage.is_some());
        let stages = Stages { after: kept.map(|(at, _)| at).collect(), before };
        let number = |stage: usize| stages.before.get(stage).copied().flatten();
        let same_base = |(stage, after): (&Stage<'_>, &usize)| match (
            stage.base,
            rewritten.stages[*after].base,
        ) {
            (Base::Stage(one), Base::Stage(other)) => number(other) == Some(one),
            (one, other) => one == other,
        };
        let last = stages.before.last().is_none_or(Option::is_some);
        let complete = stages.after.len() == graph.stages.len();
        if !complete || !last || !graph.stages.iter().zip(&stages.after).all(same_base) {
            return Err(Mismatch::Stages);
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
                return Err(Mismatch::Mounts);
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
        let root = graph.root(maker.at.stage);
        let image = stage.base == Base::Image
            && stage.image == root.image
            && flags_of(graph, stage.from, |_| true) == flags_of(graph, root.from, |_| true);
        let (Effect::Workdir(Some(directory)), Effect::Run(_), Some(selection)) =
            (&first.effect, &last.effect, &stage.selection)
        else {
            return false;
        };
        let (Some(to), [(_, source)]) = (&taken.destination, taken.sources.as_slice()) else {
            return false;
        };
        // In another directory there may be files of the image.
        let whole = directory == DIRECTORY
            && selection.directories == [DIRECTORY]
            && source.literal() == Some(DIRECTORY.trim_start_matches('/'))
            && to.is_directory().is_yes();
        let copies = || middle.iter().map(|step| (step.copy(), step.instruction));
        image
            && whole
            && copies().next().is_some()
            && copies().all(|(copy, own)| {
                behind.iter().zip(places).any(|(later, place)| match (copy, &later.kind) {
                    (Some(copy), EffectPart::Copy(broad)) => {
                        let (added, theirs) = (maker.instruction, later.instruction);
                        place.is_some()
                            && is_plain(copy)
                            && is_plain(broad)
                            && lands_as(copy, DIRECTORY, broad, to.path())
                            && copy.sources == broad.sources
                            // What is left out is left out of the stage, the rest behind it.
                            && flags_of(graph, own, |_| true) == flags_of(graph, theirs, is_exclude)
                            && flags_of(graph, added, |name| name != "from")
                                == flags_of(graph, theirs, |name| !is_exclude(name))
                    }
                    _ => false,
                })
            })
    }
}

fn is_plain(copy: &Copy) -> bool {
    let plain = !copy.unresolved && !copy.unpacks && !copy.other_sources;
    copy.origin == Origin::Context && plain
}

fn is_exclude(name: &str) -> bool {
    name == "exclude"
}

/// Whether `copy` lands below `root` as `broad` does below `to`.
fn lands_as(copy: &Copy, root: &str, broad: &Copy, to: &str) -> bool {
    let (Some(one), Some(other)) = (&copy.destination, &broad.destination) else { return false };
    let below = under(root, one.path());
    below.is_some()
        && below == under(to, other.path())
        && (below == Some("") || one.is_directory() == other.is_directory())
}
