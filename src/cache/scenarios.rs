//! Changes that happen to every project, and what each rebuilds.
//!
//! Derived from the file itself: an edit of a source file, a new dependency, a lock file
//! brought up to date, a new value of a build argument, a new base image.

use super::cost;
use super::model::{Change, Model};
use super::outcome::Outcome;
use super::platform::is_set_by_builder;
use super::sample::samples;
use crate::ecosystem::Presence;
use crate::graph::demands::install_of;
use crate::graph::needs::CopyAt;
use crate::graph::{Base, Graph, Origin};
use crate::issue::Cost;
use crate::report::{Rebuild, Scenario};
use crate::sort::sort;
use crate::syntax::Arguments;

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
pub fn events(model: &mut Model<'_, '_>) -> Vec<Event> {
    let graph = model.graph;
    let mut events: Vec<Event> = source(model).into_iter().collect();
    events.extend(dependencies(graph));
    let mut names: Vec<&str> = Vec::new();
    for instruction in &graph.dockerfile.instructions {
        let Arguments::Args(declarations) = &instruction.arguments else { continue };
        for declaration in declarations {
            let name = declaration.name.text.as_ref();
            if names.len() < LISTED && !names.contains(&name) && !is_set_by_builder(name) {
                names.push(name);
            }
        }
    }
    let mut images: Vec<&String> = Vec::new();
    for stage in graph.stages.iter().filter(|stage| stage.needed && stage.base == Base::Image) {
        let image = &model.definition.bases[stage.index];
        if images.len() < LISTED && !image.is_empty() && !images.contains(&image) {
            images.push(image);
        }
    }
    events.extend(names.into_iter().map(|name| Event {
        kind: Kind::BuildArg,
        title: format!("The build argument `{name}` gets another value"),
        paths: Vec::new(),
        change: Change::BuildArg(name.into()),
    }));
    events.extend(images.into_iter().map(|image| Event {
        kind: Kind::BaseImage,
        title: format!("The base image `{image}` is updated"),
        paths: Vec::new(),
        change: Change::BaseImage(image.clone()),
    }));
    events
}

/// What `change` rebuilds of what the target needs.
pub fn rebuild(model: &mut Model<'_, '_>, costs: &[Vec<Cost>], change: &Change) -> Rebuild {
    let fates = model.fates(change);
    let measured = costs.iter().flatten().any(|cost| cost.measured && cost.seconds > 0.0);
    let nothing = Cost { seconds: 0.0, measured };
    let mut rebuild = Rebuild { cost: nothing, cost_at_least: nothing, ..Rebuild::default() };
    for fate in fates {
        let cost = cost::of(model.graph, costs, fate.stage, fate.span);
        match fate.outcome {
            Outcome::Cached => continue,
            Outcome::Relinked => {
                rebuild.relinked.push(fate.span);
                continue;
            }
            Outcome::Depends => rebuild.depends.push(fate.span),
            Outcome::Rerun => {
                rebuild.reruns.push(fate.span);
                rebuild.cost_at_least.add(cost);
            }
        }
        rebuild.cost.add(cost);
    }
    rebuild
}

/// The scenarios of a build and, where it was rewritten, of what it became.
///
/// `costs` are those of `before`. A build argument that makes no step rerun is left out.
pub fn scenarios(
    before: &mut Model<'_, '_>,
    costs: &[Vec<Cost>],
    after: Option<&Graph<'_>>,
) -> Vec<Scenario> {
    let graph = before.graph;
    let mut rewritten =
        after.map(|after| (Model::new(after), cost::costs_after(after, graph, costs)));
    let scenarios = events(before).into_iter().filter_map(|event| {
        let old = rebuild(before, costs, &event.change);
        let new = match &mut rewritten {
            Some((after, costs)) => rebuild(after, costs, &event.change),
            None => old.clone(),
        };
        let Event { kind, title, paths, .. } = event;
        let matters = kind != Kind::BuildArg || !old.is_empty() || !new.is_empty();
        matters.then(|| Scenario { kind: kind.id(), title, paths, before: old, after: new })
    });
    scenarios.collect()
}

/// The first change that costs more in `after` than in `before`, as a sentence.
pub fn first_worse(before: &Graph<'_>, after: &Graph<'_>) -> Option<String> {
    let (costs_before, costs_after) = (cost::costs(before, None), cost::costs(after, None));
    let steps = |graph: &Graph<'_>| -> usize { graph.stages.iter().map(|s| s.steps.len()).sum() };
    // An added copy or step of its own costs next to nothing.
    let tolerance = 2.0 + cost::COPY * steps(after).saturating_sub(steps(before)) as f64;
    let (mut before, mut after) = (Model::new(before), Model::new(after));
    events(&mut before).into_iter().find_map(|event| {
        let old = rebuild(&mut before, &costs_before, &event.change).cost.seconds;
        let new = rebuild(&mut after, &costs_after, &event.change).cost.seconds;
        (new > old + tolerance).then_some(event.title)
    })
}

/// The edit of a source file that the most steps depend on.
fn source(model: &mut Model<'_, '_>) -> Option<Event> {
    let graph = model.graph;
    let mut candidates = Vec::new();
    for stage in graph.stages.iter().filter(|stage| stage.needed) {
        for copy in stage.steps.iter().filter_map(|step| step.copy()) {
            if copy.origin == Origin::Context && copy.content.is_volatile() {
                candidates.extend(samples(copy, graph.context));
            }
        }
    }
    sort(&mut candidates);
    candidates.dedup();
    candidates.truncate(20);
    let counted = candidates.into_iter().map(|sample| {
        let change = Change::Files(vec![sample.path]);
        let fates = model.fates(&change);
        let count = fates.iter().filter(|fate| fate.outcome != Outcome::Cached).count();
        (
            count,
            Event { kind: Kind::Source, title: sample.title, paths: vec![sample.pattern], change },
        )
    });
    counted.rev().max_by_key(|(count, _)| *count).map(|(_, event)| event)
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
                let wanted = graph.demands(&command, at);
                for file in wanted.files {
                    let Some(path) = graph.context_path(at, &file.place) else { continue };
                    if graph.context.exists(&path).is_no() {
                        continue;
                    }
                    match file.presence {
                        Presence::Lock => locks.push(path),
                        Presence::Required => manifests.push(path),
                        Presence::Optional | Presence::Instead => {}
                    }
                }
            }
        }
        if manifests.len() > LISTED {
            break;
        }
    }
    let mut events = Vec::new();
    if let Some(path) = manifests.first() {
        // A new dependency is locked as well.
        let beside = |lock: &&String| directory(lock) == directory(path);
        let paths: Vec<String> =
            [path].into_iter().chain(locks.iter().find(beside)).cloned().collect();
        let title = format!("A dependency is added to `{path}`");
        let change = Change::Files(paths.clone());
        events.push(Event { kind: Kind::Dependencies, title, paths, change });
    }
    if let Some(path) = locks.into_iter().next() {
        let title = format!("Only the lock file `{path}` changes");
        let paths = vec![path];
        let change = Change::Files(paths.clone());
        events.push(Event { kind: Kind::LockFile, title, paths, change });
    }
    events
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
