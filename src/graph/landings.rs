//! Which copies may bring a path, found by where they land: a build with a thousand copies is
//! asked about one path without a look at each of them.
//!
//! Whether a copy does bring it, [`Copy::may_bring`] says.

use super::copy::StepAt;
use super::path_set::under;
use super::{Copy, Graph, Stage};
use crate::bytes::Bytes;
use crate::context::walk_order;
use crate::limits;
use crate::sort::{sort, sort_by};
use crate::text::Cut;

/// Where the copies of one stage land.
#[derive(Clone, Debug, Default)]
pub(super) struct Landings {
    /// Paths in walk order, absolute ones first, each with the copy: an index of
    /// [`Stage::copies`].
    places: Vec<(String, u32)>,
    /// Where the paths begin that are not absolute.
    relative: usize,
    /// Copies that may land anywhere.
    anywhere: Vec<u32>,
}

impl Landings {
    fn of(stage: &Stage<'_>) -> Landings {
        let mut landings = Landings::default();
        for (number, &step) in (0..).zip(&stage.copies) {
            let Some(copy) = stage.steps[step].copy() else { continue };
            if copy.landing.everything {
                landings.anywhere.push(number);
            }
            let paths = copy.landing.paths.iter().map(|path| (path.to_string(), number));
            landings.places.extend(paths);
        }
        sort_by(&mut landings.places, |one, other| walk_order(&one.0, &other.0));
        landings.relative = landings.places.partition_point(|(path, _)| path.starts_with('/'));
        landings
    }

    /// The copies that may bring `place`, in order; `None` where there are many.
    fn bringing(&self, place: &str) -> Option<Vec<usize>> {
        let (same, other) = match place.starts_with('/') {
            true => self.places.split_at(self.relative),
            false => {
                let (absolute, relative) = self.places.split_at(self.relative);
                (relative, absolute)
            }
        };
        if other.len() + self.anywhere.len() > limits::COPIES_OF_INDEX {
            return None;
        }
        let unknown = other.iter().map(|(_, copy)| copy).chain(&self.anywhere);
        let mut found: Vec<usize> = unknown.map(|&copy| copy as usize).collect();
        // Those that land below it, or at it, and those that land at a directory above it.
        let from = |root: &str| same.partition_point(|(path, _)| walk_order(path, root).is_lt());
        let below = same[from(place)..].iter().take_while(|(path, _)| under(place, path).is_some());
        found.extend(below.take(limits::COPIES_OF_INDEX + 1).map(|(_, copy)| *copy as usize));
        let mut above = place;
        while let Some(end) = above.last_place_of(b'/') {
            let rooted = end == 0 && above.len() > 1;
            above = above.cut(..end + usize::from(rooted));
            if above.is_empty() {
                break;
            }
            let at = same[from(above)..].iter().take_while(|(path, _)| path == above);
            found.extend(at.take(limits::COPIES_OF_INDEX + 1).map(|(_, copy)| *copy as usize));
        }
        let at = same[from("")..].iter().take_while(|(path, _)| path.is_empty());
        found.extend(at.take(limits::COPIES_OF_INDEX + 1).map(|(_, copy)| *copy as usize));
        if found.len() > limits::COPIES_OF_INDEX {
            return None;
        }
        sort(&mut found);
        found.dedup();
        Some(found)
    }
}

impl Graph<'_> {
    /// The copies before `at` that may bring `place`, latest first, out of the nearest.
    pub fn copies_bringing<'g>(
        &'g self,
        at: StepAt,
        place: &'g str,
    ) -> impl Iterator<Item = (StepAt, &'g Copy)> {
        let own = &self.stages[at.stage].copies;
        let left = own.partition_point(|&step| step < at.step);
        let mut stage = at.stage;
        let mut open = self.near(stage, left, place);
        let mut looked = 0;
        let near = std::iter::from_fn(move || {
            while open.is_empty() {
                stage = self.stages[stage].copies_from?;
                open = self.near(stage, self.stages[stage].copies.len(), place);
                // A row of stages that bring nothing ends as well.
                looked += usize::from(open.is_empty());
                if looked >= limits::COPIES_LOOKED_AT {
                    return None;
                }
            }
            looked += 1;
            let step = self.stages[stage].copies
                [open.pop().filter(|_| looked <= limits::COPIES_LOOKED_AT)?];
            let at = StepAt { stage, step };
            Some((at, self.copy_at(at)))
        });
        near.filter(|(_, copy)| !copy.may_bring(place).is_no())
    }

    /// The copies to look at for `place` out of the first `left` of a stage, in order.
    fn near(&self, stage: usize, left: usize, place: &str) -> Vec<usize> {
        let first = left.saturating_sub(limits::COPIES_LOOKED_AT);
        if left > limits::COPIES_WITHOUT_INDEX {
            let landings =
                self.landings.get_or_init(|| self.stages.iter().map(Landings::of).collect());
            if let Some(mut found) = landings[stage].bringing(place) {
                found.truncate(found.partition_point(|&copy| copy < left));
                return found;
            }
        }
        (first..left).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::context::Context;
    use crate::syntax::parse;

    /// What the steps of `lines`, behind a FROM, may bring of every place, asked one by one and
    /// of the index.
    fn agrees(lines: &str) {
        let text = format!("FROM a\n{lines}");
        let (tree, options) = (parse(&text).0, Options::default());
        let context = Context::unknown();
        let graph = Graph::new(&tree, &context, &options);
        let stage = &graph.stages[0];
        let landings = Landings::of(stage);
        let places = [
            "",
            "/",
            "/app",
            "/app/",
            "/app/a",
            "/app/a/b.c",
            "/app/a-b",
            "/app/../x",
            "/b",
            "a",
            "a/b",
            "a-b",
            "./a",
            "../a",
            "b",
            "c/d/e",
        ];
        for place in places {
            let of = |(number, &step): (usize, &usize)| {
                let copy = stage.steps[step].copy().expect("a copy");
                (!copy.may_bring(place).is_no()).then_some(number)
            };
            let wanted: Vec<usize> = stage.copies.iter().enumerate().filter_map(of).collect();
            let found = landings.bringing(place).expect("few copies");
            let missing: Vec<_> = wanted.iter().filter(|copy| !found.contains(copy)).collect();
            assert!(missing.is_empty() && found.is_sorted(), "{place}: {missing:?} of {lines}");
        }
    }

    #[test]
    fn the_index_finds_every_copy_that_may_bring_a_path() {
        let targets = ["/", "/app", "/app/", "/app/a", "/app/a/", "/app/a-b", "/b/c", "$UNKNOWN/a"];
        let absolute = targets.map(|to| format!("COPY x {to}\nCOPY y/ z.js {to}/\n")).concat();
        agrees(&absolute);
        let relative = ["a", ".", "./a/", "a/b", "a-b/", "../a", "b", "/a"];
        agrees(&relative.map(|to| format!("COPY x {to}\nADD y.tar {to}\n")).concat());
        agrees(&(absolute + "WORKDIR /app\nCOPY . .\nCOPY --from=b /a /app/a/\nCOPY *.c ./\n"));
    }
}
