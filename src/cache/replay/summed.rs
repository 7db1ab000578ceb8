//! Sums up what the commits of a history rebuilt.
//!
//! A step that runs again because of another counts for the cause and the files of the first.

use super::super::explain::Explained;
use super::super::outcome::{Cause, Outcome};
use super::super::step::Definition;
use super::Step;
use super::history::Commit;
use super::totals::{CauseTotal, PathTotal, Replay, ReplayedCommit, StepTotal, WeekTotal};
use crate::digest::{Digest, Numbers};
use crate::issue::Cost;
use crate::sort::{sort, sort_by};

/// The seconds of a day.
const DAY: f64 = 86_400.0;

/// What was replayed so far.
pub(super) struct Sums {
    replay: Replay,
    cost: Cost,
    /// For the number of each step, of each path and of each week where its total stands.
    places: Numbers,
    /// How often each step ran again for each path, and its cost: by path, then step.
    pairs: Vec<Pair>,
}

/// A path and a step that ran again for it.
struct Pair {
    path: usize,
    step: usize,
    reruns: usize,
    seconds: f64,
}

/// What is not cached, by the step that it goes back to.
struct Origin<'e> {
    cause: Cause,
    files: &'e [String],
    seconds: f64,
    /// The steps, by their totals, with what each costs.
    steps: Vec<(usize, f64)>,
}

impl Sums {
    pub fn new(dockerfile: &str) -> Sums {
        let replay = Replay { dockerfiles: vec![dockerfile.to_owned()], ..Replay::default() };
        let cost = Cost { seconds: 0.0, measured: true };
        Sums { replay, cost, places: Numbers::default(), pairs: Vec::new() }
    }

    /// Adds a commit: `step` is what it made of `definition`, the build with it.
    pub fn add(&mut self, commit: &Commit, dockerfile: &str, definition: &Definition, step: Step) {
        if self.replay.dockerfiles.last().is_none_or(|last| last != dockerfile) {
            self.replay.dockerfiles.push(dockerfile.to_owned());
        }
        let mut cost = Cost { seconds: 0.0, measured: true };
        let mut seconds_at_least = 0.0;
        for (explained, own) in step.steps.iter().zip(&step.costs) {
            match explained.outcome.outcome {
                Outcome::Rerun => seconds_at_least += own.seconds,
                Outcome::Depends => {}
                Outcome::Cached | Outcome::Relinked => continue,
            }
            cost.add(*own);
        }
        let origins = self.origins(definition, &step);
        let paths = self.blame(&origins);
        let is_left = |step: &Explained| step.outcome.outcome != Outcome::Cached;
        let reruns = step.steps.into_iter().filter(is_left).map(|step| step.outcome);
        let commit = ReplayedCommit {
            dockerfile: self.replay.dockerfiles.len() - 1,
            id: commit.id.clone(),
            time: commit.time,
            title: commit.title.clone(),
            kind: step.kind,
            reruns: reruns.collect(),
            paths,
            seconds: cost.seconds,
            seconds_at_least,
            measured: cost.measured,
        };
        self.cost.add(cost);
        self.replay.seconds_at_least += seconds_at_least;
        self.week(&commit);
        self.replay.commits.push(commit);
    }

    /// Everything, the costliest first.
    pub fn end(self) -> Replay {
        let mut worst: Vec<Option<Pair>> = Vec::new();
        worst.resize_with(self.replay.paths.len(), || None);
        for pair in self.pairs {
            let known = &mut worst[pair.path];
            if known.as_ref().is_none_or(|known| known.seconds < pair.seconds) {
                *known = Some(pair);
            }
        }
        let mut replay = self.replay;
        let mut order: Vec<usize> = (0..replay.steps.len()).collect();
        let steps = &replay.steps;
        sort_by(&mut order, |&one, &other| steps[other].seconds.total_cmp(&steps[one].seconds));
        let mut ranks = vec![0; order.len()];
        for (rank, &at) in order.iter().enumerate() {
            ranks[at] = rank;
        }
        for (path, worst) in replay.paths.iter_mut().zip(worst) {
            let Some(worst) = worst else { continue };
            (path.step, path.reruns) = (ranks[worst.step], worst.reruns);
        }
        sort_by(&mut replay.steps, |one, other| other.seconds.total_cmp(&one.seconds));
        sort_by(&mut replay.causes, |one, other| other.seconds.total_cmp(&one.seconds));
        sort_by(&mut replay.paths, |one, other| other.seconds.total_cmp(&one.seconds));
        sort_by(&mut replay.weeks, |one, other| one.time.total_cmp(&other.time));
        Replay { seconds: self.cost.seconds, measured: self.cost.measured, ..replay }
    }

    /// The first causes of a commit, with what runs again for each.
    fn origins<'s>(&mut self, definition: &Definition, step: &'s Step) -> Vec<Origin<'s>> {
        let mut origins: Vec<Origin<'s>> = Vec::new();
        // For each step which of the origins it goes back to.
        let mut of: Vec<Option<usize>> = Vec::with_capacity(step.steps.len());
        for (at, explained) in step.steps.iter().enumerate() {
            let Some(cause) = explained.outcome.cause else {
                of.push(None);
                continue;
            };
            let origin = explained.follows.and_then(|before| of[before]).unwrap_or_else(|| {
                origins.push(Origin {
                    cause,
                    files: &explained.files,
                    seconds: 0.0,
                    steps: Vec::new(),
                });
                origins.len() - 1
            });
            of.push(Some(origin));
            if !runs(explained) {
                continue;
            }
            let total = self.step(definition, at, explained, step.costs[at]);
            origins[origin].seconds += step.costs[at].seconds;
            origins[origin].steps.push((total, step.costs[at].seconds));
        }
        // Where files are only put on another parent, nothing ran.
        origins.retain(|origin| !origin.steps.is_empty());
        origins
    }

    /// Counts a step that is not cached; gives the place of its total.
    fn step(
        &mut self,
        definition: &Definition,
        at: usize,
        explained: &Explained,
        cost: Cost,
    ) -> usize {
        let outcome = &explained.outcome;
        let stage = definition.stages.get(definition.steps[at].stage).cloned().flatten();
        // Stages without a name are told apart by their place.
        let place = if stage.is_none() { outcome.stage as u64 } else { u64::MAX };
        let key = Digest::of("step").option(stage.as_deref()).number(place);
        let key = key.text(outcome.keyword).text(&outcome.text).end();
        let next = self.replay.steps.len();
        let known = self.places.keep(key, next as u64) as usize;
        if known == next {
            self.replay.steps.push(StepTotal {
                stage,
                keyword: outcome.keyword,
                text: outcome.text.clone(),
                reruns: 0,
                depends: 0,
                seconds: 0.0,
                measured: true,
            });
        }
        let total = &mut self.replay.steps[known];
        match outcome.outcome {
            Outcome::Depends => total.depends += 1,
            _ => total.reruns += 1,
        }
        let mut sum = Cost { seconds: total.seconds, measured: total.measured };
        sum.add(cost);
        (total.seconds, total.measured) = (sum.seconds, sum.measured);
        known
    }

    /// Counts the causes of a commit and their files; gives these files.
    fn blame(&mut self, origins: &[Origin<'_>]) -> Vec<String> {
        let mut causes: Vec<Cause> = Vec::new();
        for origin in origins {
            let known = self.replay.causes.iter().position(|total| total.cause == origin.cause);
            let at = known.unwrap_or_else(|| {
                let total = CauseTotal { cause: origin.cause, commits: 0, seconds: 0.0 };
                self.replay.causes.push(total);
                self.replay.causes.len() - 1
            });
            let total = &mut self.replay.causes[at];
            total.seconds += origin.seconds;
            if !causes.contains(&origin.cause) {
                causes.push(origin.cause);
                total.commits += 1;
            }
        }
        let mut paths: Vec<String> =
            origins.iter().flat_map(|origin| origin.files.iter().cloned()).collect();
        sort(&mut paths);
        paths.dedup();
        let alone = paths.len() == 1 && origins.iter().all(|origin| !origin.files.is_empty());
        for path in &paths {
            let at = self.path(path);
            self.replay.paths[at].commits += 1;
            self.replay.paths[at].alone += usize::from(alone);
        }
        for origin in origins {
            for path in origin.files {
                let at = self.path(path);
                self.replay.paths[at].seconds += origin.seconds / origin.files.len() as f64;
                for &(step, seconds) in &origin.steps {
                    self.pair(at, step, seconds);
                }
            }
        }
        paths
    }

    /// The place of the total of a path.
    fn path(&mut self, path: &str) -> usize {
        let next = self.replay.paths.len();
        let key = Digest::of("path").text(path).end();
        let at = self.places.keep(key, next as u64) as usize;
        if at == next {
            self.replay.paths.push(PathTotal {
                path: path.to_owned(),
                commits: 0,
                alone: 0,
                seconds: 0.0,
                step: 0,
                reruns: 0,
            });
        }
        at
    }

    /// Counts a step that ran again for a path.
    fn pair(&mut self, path: usize, step: usize, seconds: f64) {
        let next = self.pairs.len();
        let key = Digest::of("pair").number(path as u64).number(step as u64).end();
        let at = self.places.keep(key, next as u64) as usize;
        if at == next {
            self.pairs.push(Pair { path, step, reruns: 0, seconds: 0.0 });
        }
        self.pairs[at].reruns += 1;
        self.pairs[at].seconds += seconds;
    }

    /// Counts a commit for its week.
    fn week(&mut self, commit: &ReplayedCommit) {
        // The first day of 1970 was a Thursday.
        let Some(time) = commit.time.filter(|time| time.is_finite()) else { return };
        let monday = (((time / DAY).floor() + 3.0) / 7.0).floor() * 7.0 - 3.0;
        let next = self.replay.weeks.len();
        let key = Digest::of("week").number(monday.to_bits()).end();
        let at = self.places.keep(key, next as u64) as usize;
        if at == next {
            let week = WeekTotal { time: monday * DAY, commits: 0, reruns: 0, seconds: 0.0 };
            self.replay.weeks.push(week);
        }
        let week = &mut self.replay.weeks[at];
        week.commits += 1;
        let runs = |outcome: Outcome| matches!(outcome, Outcome::Rerun | Outcome::Depends);
        week.reruns += commit.reruns.iter().filter(|step| runs(step.outcome)).count();
        week.seconds += commit.seconds;
    }
}

/// Whether a step runs again, or may.
fn runs(step: &Explained) -> bool {
    matches!(step.outcome.outcome, Outcome::Rerun | Outcome::Depends)
}
