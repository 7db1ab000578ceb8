//! What a change makes of every step of one file, and why: what started it in its stage, and
//! whether the steps behind need what changed.
//!
//! The judgement is `model`'s. The sentences are made of what the report says of the steps and
//! issues, so that both tell the same.

use super::model::{Fate, Model};
use super::outcome::Outcome;
use super::step::Input;
use crate::context::Glob;
use crate::digest::Numbers;
use crate::graph::content::{self, Content};
use crate::limits;
use crate::report::{Change, CopyNeed, Need, Report, Stage, Step};
use crate::syntax::Keyword;
use crate::text::{LineIndex, Span};
use crate::words::words;

words! {
    /// How much of a step runs again although nothing that it needs has changed.
    pub enum Needless {
        /// All of it.
        Wholly = "wholly",
        /// The part that could stand in front of the change: an install in one RUN with a build.
        Partly = "partly",
    }
}

/// What a change makes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct RebuiltStep {
    /// Index of its stage in the file.
    pub stage: usize,
    /// The instruction; the ONBUILD for a trigger.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why, as a sentence, where it is not cached; names are in backticks.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub because: Option<String>,
    /// Where it runs again for nothing: how much of it.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub needless: Option<Needless>,
}

/// What `change` makes of the steps that the target needs, in build order; `report` is that of
/// the file of `model`.
pub fn rebuild(model: &mut Model<'_, '_>, report: &Report, change: &Change) -> Vec<RebuiltStep> {
    let fates = model.fates(change);
    // By where they begin. Not in trees: the code of two more kinds of them weighs 5 KB.
    let (mut changed, mut issues) = (Numbers::default(), Numbers::default());
    for fate in fates.iter().filter(|fate| fate.outcome != Outcome::Cached) {
        changed.set(fate.span.start.into(), 1);
    }
    for (at, issue) in report.issues.iter().enumerate() {
        issues.keep(issue.span.start.into(), at as u64);
    }
    let runs_again = |stage: &Stage| {
        stage.steps.iter().any(|step| changed.get(step.span.start.into()).is_some())
    };
    let story = Story {
        model,
        report,
        change,
        lines: LineIndex::new(model.graph.dockerfile.source),
        again: report.stages.iter().map(runs_again).collect(),
        issues,
        changed,
    };
    // The step that started it in each stage.
    let mut origins: Vec<Option<Fate>> = vec![None; report.stages.len()];
    let steps = fates.into_iter().map(|fate| {
        let (because, needless) = match fate.outcome {
            Outcome::Cached => (None, None),
            Outcome::Relinked => {
                let because = "Its files come from the cache; only what they are put on is new.";
                (Some(because.into()), None)
            }
            outcome => {
                let origin = &mut origins[fate.stage];
                let (because, needless) = match origin {
                    Some(origin) => story.follows(fate, story.after(*origin)),
                    None => story.starts(fate),
                };
                // The first that is certain counts more than one that is not.
                if origin.is_none_or(|first| {
                    first.outcome == Outcome::Depends && outcome == Outcome::Rerun
                }) {
                    *origin = Some(fate);
                }
                (Some(because), needless)
            }
        };
        let Fate { stage, span, outcome } = fate;
        RebuiltStep { stage, span, outcome, because, needless }
    });
    steps.collect()
}

/// What is known of one rebuild.
struct Story<'s, 'g, 'a> {
    model: &'s Model<'g, 'a>,
    report: &'s Report,
    change: &'s Change,
    lines: LineIndex<'s>,
    /// What is not cached, by where it begins.
    changed: Numbers,
    /// Of each stage whether a step of it is not cached.
    again: Vec<bool>,
    /// Of each instruction its issue, an index of the report's.
    issues: Numbers,
}

/// A sentence, and whether the step runs for nothing.
type Reason = (String, Option<Needless>);

impl Story<'_, '_, '_> {
    fn after(&self, origin: Fate) -> String {
        let perhaps = match origin.outcome {
            Outcome::Depends => ", which may run again",
            _ => "",
        };
        format!("Comes after {}{perhaps}.", self.line(origin.span))
    }

    /// The first step of its stage that runs again.
    fn starts(&self, fate: Fate) -> Reason {
        let base = self.report.stages[fate.stage].base_stage.filter(|&base| self.again[base]);
        if let Some(base) = base {
            let built = format!("Built on {}, where steps run again.", self.stage(base));
            return self.follows(fate, built);
        }
        (self.cause(fate), None)
    }

    fn cause(&self, fate: Fate) -> String {
        let (keyword, source) = self.definition(fate);
        if let Some(source) = source {
            let unless = match fate.outcome {
                Outcome::Depends => ": it stays cached if they make the same files as before",
                _ => "",
            };
            let source = self.stage(source);
            return format!("Takes files from {source}, where steps run again{unless}.");
        }
        match self.change {
            Change::BaseImage(image) => match self.report.stages[fate.stage].base == *image {
                true => format!("Built on `{image}`, which is another image now."),
                false => format!("Takes files of `{image}`, which is another image now."),
            },
            Change::BuildArg(name) if keyword == Some(Keyword::Run) => {
                format!("A RUN sees every build argument declared above it; `{name}` is one.")
            }
            Change::BuildArg(name) => format!("Its text uses the build argument `{name}`."),
            Change::Files(paths) => match paths.as_slice() {
                // The sample of an edit may be a name that no file has.
                [path, ..] if self.model.graph.context.exists(path).is_yes() => {
                    format!("Brings `{path}`, which changed.")
                }
                _ => "Brings the file that changed.".into(),
            },
        }
    }

    /// A step behind one that runs again: does it need what changed?
    fn follows(&self, fate: Fate, otherwise: String) -> Reason {
        let Change::Files(files) = self.change else { return (otherwise, None) };
        let needs = self.step(fate).map_or(&[][..], |step| &step.needs);
        let changed =
            || needs.iter().filter(|need| self.changed.get(need.copy.start.into()).is_some());
        let issue = self.issues.index(fate.span.start.into()).map(|at| &self.report.issues[at]);
        if let Some(all) = changed().find(|need| need.need == Need::Everything) {
            let because = format!("Comes after {}, and {}", self.line(all.copy), all.because);
            // A step that installs and builds needs the source for one half only.
            let installs = files.iter().any(|path| content::of_file(path) == Content::Manifests);
            let parted = !installs && issue.is_some_and(|issue| issue.fix.is_some());
            return (because, parted.then_some(Needless::Partly));
        }
        if let Some(wanted) = changed().find(|need| reads(need, files)) {
            let (line, paths) = (self.line(wanted.copy), list(&wanted.paths));
            return (format!("Comes after {line} and needs {paths} of it."), None);
        }
        // Only the issues know whether something else makes the order right.
        let Some(issue) = issue else { return (otherwise, None) };
        if let Some(refusal) = &issue.refusal {
            return (format!("{otherwise} {}", refusal.message), None);
        }
        let part = changed().find(|need| need.need == Need::Paths);
        match part.or_else(|| changed().next()) {
            Some(need) => {
                let what = match need.need {
                    Need::Paths => format!("needs only {}", list(&need.paths)),
                    _ => "needs nothing".into(),
                };
                let line = self.line(need.copy);
                (format!("Comes after {line}, but {what} of it."), Some(Needless::Wholly))
            }
            None => (otherwise, None),
        }
    }

    /// The keyword of a step, and the stage that it takes files of where steps run again.
    fn definition(&self, fate: Fate) -> (Option<Keyword>, Option<usize>) {
        let steps = &self.model.definition.steps;
        let place = (fate.stage, fate.span.start);
        let at = steps.partition_point(|step| (step.stage, step.span.start) < place);
        let Some(step) = steps.get(at) else { return (None, None) };
        let sources = step.inputs.iter().filter_map(|input| match *input {
            Input::Files { stage, .. } => stage,
            _ => None,
        });
        (Some(step.keyword), sources.into_iter().find(|&stage| self.again[stage]))
    }

    /// What the report says of a step; nothing of a trigger.
    fn step(&self, fate: Fate) -> Option<&Step> {
        let steps = &self.report.stages[fate.stage].steps;
        let at = steps.partition_point(|step| step.span.start < fate.span.start);
        steps.get(at).filter(|step| step.span == fate.span)
    }

    fn line(&self, span: Span) -> String {
        format!("line {}", self.lines.line(span.start))
    }

    fn stage(&self, index: usize) -> String {
        let stage = &self.report.stages[index];
        match &stage.name {
            Some(name) => format!("the stage `{name}`"),
            None => format!("the stage of {}", self.line(stage.span)),
        }
    }
}

/// Whether a need of some paths may be one of `files`.
fn reads(need: &CopyNeed, files: &[String]) -> bool {
    let meets = |path: &String, file: &String| {
        let below = file.strip_prefix(path.trim_end_matches('/'));
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || Glob::path(path).is_ok_and(|glob| glob.matches(file))
    };
    need.need == Need::Paths && need.paths.iter().any(|p| files.iter().any(|file| meets(p, file)))
}

/// The first paths, and how many more there are.
fn list(paths: &[String]) -> String {
    let mut named: Vec<String> =
        paths.iter().take(limits::PATHS_NAMED).map(|path| format!("`{path}`")).collect();
    if paths.len() > limits::PATHS_NAMED {
        named.push(format!("{} more", paths.len() - limits::PATHS_NAMED));
    }
    match named.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
