//! Changes that happen to every project, and what each rebuilds.
//!
//! Derived from the file itself: an edit of a source file, a new dependency, a lock file
//! brought up to date, a new value of a build argument, a new base image.

use super::affected::{Change, affected};
use super::cost;
use crate::ecosystem::Presence;
use crate::graph::content::{self, Content};
use crate::graph::demands::install_of;
use crate::graph::needs::CopyAt;
use crate::graph::{Action, Base, Graph, Origin};
use crate::issue::Cost;
use crate::report::{Rebuild, Scenario};
use crate::sort::sort;

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An edit of a source file.
    Source,
    /// A change of a dependency manifest.
    Dependencies,
    /// A change of a lock file alone.
    LockFile,
    /// A new value of a build argument.
    BuildArg,
    /// A new version of a base image.
    BaseImage,
}

impl Kind {
    /// The kind as it is named in reports, in kebab case.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Source => "source",
            Kind::Dependencies => "dependencies",
            Kind::LockFile => "lock-file",
            Kind::BuildArg => "build-arg",
            Kind::BaseImage => "base-image",
        }
    }
}

/// A change that may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind it is.
    pub kind: Kind,
    /// What happens, as a sentence without its full stop; names are in backticks.
    pub title: String,
    /// The files of the context that change: patterns where their names are not known.
    pub paths: Vec<String>,
    /// What changes.
    pub change: Change,
}

/// Most build arguments and base images that get a scenario each.
const LISTED: usize = 5;

/// The changes that matter to a build, most frequent first.
pub fn events(graph: &Graph<'_>) -> Vec<Event> {
    let mut events: Vec<Event> = source(graph).into_iter().collect();
    events.extend(dependencies(graph));
    let mut names: Vec<&String> = Vec::new();
    let mut images: Vec<&String> = Vec::new();
    for stage in graph.stages.iter().filter(|stage| stage.needed) {
        if stage.base == Base::Image && !images.contains(&&stage.image) {
            images.push(&stage.image);
        }
        for step in &stage.steps {
            let instruction = &graph.dockerfile.instructions[step.instruction];
            if let (Action::Variables(declared), Some(crate::syntax::Keyword::Arg)) =
                (&step.action, instruction.keyword)
            {
                for name in declared {
                    if names.len() < LISTED && !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
    }
    events.extend(names.into_iter().map(|name| Event {
        kind: Kind::BuildArg,
        title: format!("The build argument `{name}` gets another value"),
        paths: Vec::new(),
        change: Change::BuildArg(name.clone()),
    }));
    events.extend(images.into_iter().take(LISTED).map(|image| Event {
        kind: Kind::BaseImage,
        title: format!("The base image `{image}` is updated"),
        paths: Vec::new(),
        change: Change::BaseImage(image.clone()),
    }));
    events
}

/// What `change` rebuilds of what the target needs.
pub fn rebuild(graph: &Graph<'_>, costs: &[Vec<Cost>], change: &Change) -> Rebuild {
    let mut rebuild = Rebuild::default();
    rebuild.cost.measured = costs.iter().flatten().any(|cost| cost.measured);
    let reruns = affected(graph, change);
    for stage in graph.stages.iter().filter(|stage| stage.needed) {
        for (at, step) in stage.steps.iter().enumerate() {
            if reruns[stage.index][at] {
                let cost = costs[stage.index][at];
                rebuild.reruns.push(graph.dockerfile.instructions[step.instruction].span);
                rebuild.cost.seconds += cost.seconds;
                rebuild.cost.measured &= cost.measured;
            }
        }
    }
    rebuild
}

/// The scenarios of a build and, where it was rewritten, of what it became.
///
/// `costs` are those of `before`.
pub fn scenarios(
    before: &Graph<'_>,
    costs: &[Vec<Cost>],
    after: Option<&Graph<'_>>,
) -> Vec<Scenario> {
    let costs_after = after.map(|after| cost::costs_after(after, before, costs));
    let scenarios = events(before).into_iter().map(|event| {
        let old = rebuild(before, costs, &event.change);
        let new = match (after, &costs_after) {
            (Some(after), Some(costs)) => rebuild(after, costs, &event.change),
            _ => old.clone(),
        };
        let Event { kind, title, paths, .. } = event;
        Scenario { kind: kind.id(), title, paths, before: old, after: new }
    });
    scenarios.collect()
}

/// The first change that costs more in `after` than in `before`, as a sentence.
pub fn first_worse(before: &Graph<'_>, after: &Graph<'_>) -> Option<String> {
    let (costs_before, costs_after) = (cost::costs(before, None), cost::costs(after, None));
    let steps = |graph: &Graph<'_>| -> usize { graph.stages.iter().map(|s| s.steps.len()).sum() };
    // An added copy or step of its own costs next to nothing.
    let tolerance = 2.0 + cost::COPY * steps(after).saturating_sub(steps(before)) as f64;
    events(before).into_iter().find_map(|event| {
        let old = rebuild(before, &costs_before, &event.change).cost.seconds;
        let new = rebuild(after, &costs_after, &event.change).cost.seconds;
        (new > old + tolerance).then_some(event.title)
    })
}

/// The edit of a source file that the most steps depend on.
fn source(graph: &Graph<'_>) -> Option<Event> {
    let mut candidates: Vec<Sample> = Vec::new();
    for stage in graph.stages.iter().filter(|stage| stage.needed) {
        for copy in stage.steps.iter().filter_map(|step| step.copy()) {
            if copy.origin != Origin::Context || !copy.content.is_volatile() {
                continue;
            }
            for (text, source) in &copy.sources {
                let listed = graph.context.select(source);
                let file = listed
                    .files()
                    .take(2000)
                    .find(|entry| content::of_file(&entry.path) == Content::Source)
                    .map(|entry| Sample::file(&entry.path));
                candidates.extend(file.or_else(|| example(text, source)));
            }
        }
    }
    sort(&mut candidates);
    candidates.dedup();
    candidates.truncate(20);
    let counted = candidates.into_iter().map(|sample| {
        let change = Change::Files(vec![sample.path.clone()]);
        let count: usize =
            affected(graph, &change).iter().flatten().filter(|&&reruns| reruns).count();
        (count, change, sample)
    });
    let (_, change, sample) = counted.rev().max_by_key(|(count, ..)| *count)?;
    let Sample { title, pattern, .. } = sample;
    Some(Event { kind: Kind::Source, title, paths: vec![pattern], change })
}

/// A file that stands for those a copy brings.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Sample {
    path: String,
    pattern: String,
    title: String,
}

impl Sample {
    fn file(path: &str) -> Sample {
        let title = format!("`{path}` is edited");
        Sample { path: path.into(), pattern: path.into(), title }
    }
}

/// A file that a source may bring, where the files are not known.
fn example(text: &str, source: &crate::context::Source) -> Option<Sample> {
    if source.is_unknown() {
        return None;
    }
    let (path, pattern, title) = match source.literal() {
        Some("") => ("source".into(), "**".into(), "A source file is edited".into()),
        Some(path) if crate::graph::copy::looks_like_file(path) => return Some(Sample::file(path)),
        Some(path) => {
            let title = format!("A file in `{path}` is edited");
            (format!("{path}/source"), format!("{path}/**"), title)
        }
        None => {
            let pattern = text.trim_start_matches("./");
            let title = format!("A file of `{pattern}` is edited");
            (pattern.replace('*', "any"), pattern.into(), title)
        }
    };
    Some(Sample { path, pattern, title })
}

/// A change of what the installs read.
fn dependencies(graph: &Graph<'_>) -> Vec<Event> {
    let (mut manifests, mut locks) = (Vec::new(), Vec::new());
    for stage in graph.stages.iter().filter(|stage| stage.needed) {
        for (step, run) in stage.steps.iter().enumerate().filter_map(|(at, s)| Some((at, s.run()?)))
        {
            let at = CopyAt { stage: stage.index, step };
            for command in run.commands.iter().take(20) {
                use crate::ecosystem::Kind::{Compile, Install};
                let kind = command.used.as_ref().map(|used| used.kind);
                let Some(command) = (match kind {
                    Some(Install) => Some(command.clone()),
                    Some(Compile) => install_of(command),
                    _ => None,
                }) else {
                    continue;
                };
                let wanted = graph.demands(&command, &|place| graph.context_path(at, place));
                for file in wanted.files {
                    let Some(path) = graph.context_path(at, &file.place) else { continue };
                    if graph.context.exists(&path).is_no() {
                        continue;
                    }
                    match file.presence {
                        Presence::Lock => locks.push(path),
                        Presence::Required => manifests.push(path),
                        Presence::Optional => {}
                    }
                }
            }
        }
        if manifests.len() > LISTED {
            break;
        }
    }
    let one = |paths: Vec<String>, kind| {
        let path = paths.into_iter().next()?;
        let title = format!("`{path}` changes");
        Some(Event { kind, title, paths: vec![path.clone()], change: Change::Files(vec![path]) })
    };
    let manifest = one(manifests, Kind::Dependencies);
    manifest.into_iter().chain(one(locks, Kind::LockFile)).collect()
}
