//! Changes that happen to every project, and what each rebuilds.
//!
//! Derived from the file itself: an edit of a source file, a new dependency, a lock file
//! brought up to date, a new value of a build argument, a new base image.

use super::cost;
use super::model::{Fate, Model};
use super::outcome::Outcome;
use super::sample::samples;
use crate::build::is_set_by_builder;
use crate::ecosystem::Presence;
use crate::graph::demands::install_of;
use crate::graph::{Base, Graph, Origin, StepAt};
use crate::issue::{Cost, Fix, Saving};
use crate::limits;
use crate::report::{Change, Rebuild, Scenario, ScenarioKind};
use crate::sort::sort;
use crate::syntax::{Arguments, parse_part};
use crate::text::{Edit, apply};

/// A change that may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind it is.
    pub kind: ScenarioKind,
    /// What happens, as a sentence without its full stop; names are in backticks.
    pub title: String,
    /// The files of the context that change: patterns where their names are not known.
    pub paths: Vec<String>,
    /// What changes.
    pub change: Change,
}

/// What may happen to a build, and what becomes of it then.
pub struct Changes<'g, 'a> {
    /// The build.
    pub graph: &'g Graph<'a>,
    costs: &'g [Vec<Cost>],
    /// The changes that are shown, most frequent first, and behind them edits that are only compared.
    events: Vec<Event>,
    shown: usize,
    /// What each makes of the steps.
    fates: Vec<Vec<Fate>>,
}

impl<'g, 'a> Changes<'g, 'a> {
    /// The changes that matter to a build whose steps cost `costs`.
    pub fn new(model: &mut Model<'g, 'a>, costs: &'g [Vec<Cost>]) -> Changes<'g, 'a> {
        let (mut events, mut fates) = (Vec::new(), Vec::new());
        if let Some((event, own)) = source(model) {
            events.push(event);
            fates.push(own);
        }
        events.extend(others(model));
        let shown = events.len();
        compared(model.graph, &mut events);
        for event in &events[fates.len()..] {
            fates.push(model.fates(&event.change));
        }
        Changes { graph: model.graph, costs, events, shown, fates }
    }

    /// What each rebuilds of the rewritten file `after`, and the first that costs more than
    /// before, as a sentence.
    pub fn after(&self, after: &Graph<'_>) -> (Vec<Rebuild>, Option<String>) {
        let steps =
            |graph: &Graph<'_>| -> usize { graph.stages.iter().map(|s| s.steps.len()).sum() };
        // An added copy or step of its own costs next to nothing.
        let added = steps(after).saturating_sub(steps(self.graph));
        let tolerance = 2.0 + cost::COPY * added as f64;
        let (before, estimates) = (cost::costs(self.graph, None), cost::costs(after, None));
        let costs = cost::costs_after(&estimates, after, self.graph, self.costs);
        let mut model = Model::new(after);
        let mut worse = None;
        let rebuilds = self.events.iter().zip(&self.fates).map(|(event, fates)| {
            let new = model.fates(&event.change);
            let seconds = rebuild(after, &estimates, &new).cost.seconds;
            if worse.is_none()
                && seconds > rebuild(self.graph, &before, fates).cost.seconds + tolerance
            {
                worse = Some(event.title.clone());
            }
            rebuild(after, &costs, &new)
        });
        let mut rebuilds: Vec<Rebuild> = rebuilds.collect();
        rebuilds.truncate(self.shown);
        (rebuilds, worse)
    }

    /// Says of each fix what it saves by itself; `known` are edits of which it is known what each
    /// change rebuilds.
    pub fn price(&self, fixes: &mut [Fix], known: Option<(&[Edit], &[Rebuild])>) {
        let Graph { dockerfile, context, options, .. } = self.graph;
        let before = self.fates.iter().map(|fates| rebuild(self.graph, self.costs, fates));
        let before: Vec<Rebuild> = before.collect();
        for fix in fixes.iter_mut().take(limits::FIXES_PRICED) {
            fix.saves = match known {
                Some((edits, after)) if *edits == fix.edits => saving(&self.events, &before, after),
                _ => {
                    let text = apply(dockerfile.source, &fix.edits);
                    let (tree, _) = parse_part(&text, options.fragment);
                    let (after, _) = self.after(&Graph::new(&tree, context, options));
                    saving(&self.events, &before, &after)
                }
            };
        }
    }
}

/// What is saved where each of the `events` rebuilds `after` instead of `before`: at the first, and
/// so the most frequent, that takes a second less.
fn saving(events: &[Event], before: &[Rebuild], after: &[Rebuild]) -> Option<Saving> {
    let mut pairs = events.iter().zip(before.iter().zip(after));
    pairs.find_map(|(event, (before, after))| {
        let seconds = before.cost.seconds - after.cost.seconds;
        let measured = before.cost.measured && after.cost.measured;
        (seconds >= 1.0).then_some(Saving { at: event.kind, cost: Cost { seconds, measured } })
    })
}

/// The changes that matter to a build beside an edit of its source, most frequent first.
fn others(model: &Model<'_, '_>) -> Vec<Event> {
    let graph = model.graph;
    let mut events = dependencies(graph);
    let mut names: Vec<&str> = Vec::new();
    for instruction in &graph.dockerfile.instructions {
        let Arguments::Args(declarations) = &instruction.arguments else { continue };
        for declaration in declarations {
            let name = declaration.name.text.as_ref();
            if names.len() < limits::SCENARIOS_OF_A_KIND
                && !names.contains(&name)
                && !is_set_by_builder(name)
            {
                names.push(name);
            }
        }
    }
    let mut images: Vec<&String> = Vec::new();
    for stage in graph.stages.iter().filter(|stage| stage.needed && stage.base == Base::Image) {
        let image = &model.definition.bases[stage.index];
        if images.len() < limits::SCENARIOS_OF_A_KIND
            && !image.is_empty()
            && !images.contains(&image)
        {
            images.push(image);
        }
    }
    events.extend(names.into_iter().map(|name| Event {
        kind: ScenarioKind::BuildArg,
        title: format!("The build argument `{name}` gets another value"),
        paths: Vec::new(),
        change: Change::BuildArg(name.into()),
    }));
    events.extend(images.into_iter().map(|image| Event {
        kind: ScenarioKind::BaseImage,
        title: format!("The base image `{image}` is updated"),
        paths: Vec::new(),
        change: Change::BaseImage(image.clone()),
    }));
    events
}

/// What is rebuilt where this becomes of the steps.
fn rebuild(graph: &Graph<'_>, costs: &[Vec<Cost>], fates: &[Fate]) -> Rebuild {
    let measured = costs.iter().flatten().any(|cost| cost.measured && cost.seconds > 0.0);
    let nothing = Cost { seconds: 0.0, measured };
    let mut rebuild = Rebuild { cost: nothing, cost_at_least: nothing, ..Rebuild::default() };
    for fate in fates {
        let cost = cost::of(graph, costs, fate.stage, fate.span);
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

/// The scenarios of a build; `after` is what each change rebuilds of what it became, where it
/// was rewritten.
///
/// A build argument that makes no step rerun is left out.
pub fn scenarios(changes: Changes<'_, '_>, after: Option<Vec<Rebuild>>) -> Vec<Scenario> {
    let Changes { graph, costs, mut events, shown, fates } = changes;
    events.truncate(shown);
    let mut after = after.map(Vec::into_iter);
    let scenarios = events.into_iter().zip(fates).filter_map(|(event, fates)| {
        let old = rebuild(graph, costs, &fates);
        let new = after.as_mut().and_then(Iterator::next).unwrap_or_else(|| old.clone());
        let Event { kind, title, paths, change } = event;
        let matters = kind != ScenarioKind::BuildArg || !old.is_empty() || !new.is_empty();
        matters.then_some(Scenario { kind, title, paths, change, before: old, after: new })
    });
    scenarios.collect()
}

/// Adds edits of one file for each source of a copy: where a copy goes below the install of another
/// tool with all that is built of it, the edits of what that install reads must not build it again.
fn compared(graph: &Graph<'_>, events: &mut Vec<Event>) {
    let stages = graph.stages.iter().filter(|stage| stage.needed);
    let copies = stages.flat_map(|stage| &stage.steps).filter_map(|step| step.copy());
    let of_context = copies.filter(|copy| copy.origin == Origin::Context);
    let samples = of_context.flat_map(|copy| samples(copy, graph.context));
    for sample in samples.take(limits::EDITS_COMPARED) {
        let change = Change::Files(vec![sample.path]);
        if events.iter().all(|event| event.change != change) {
            let (kind, title) = (ScenarioKind::Source, sample.title);
            events.push(Event { kind, title, paths: Vec::new(), change });
        }
    }
}

/// The edit of a source file that the most steps depend on, each time or in all commits of a history.
fn source(model: &mut Model<'_, '_>) -> Option<(Event, Vec<Fate>)> {
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
        let paths = vec![sample.pattern];
        (
            count * sample.weight,
            (Event { kind: ScenarioKind::Source, title: sample.title, paths, change }, fates),
        )
    });
    counted.rev().max_by_key(|(weight, _)| *weight).map(|(_, found)| found)
}

/// A change of what the installs read.
fn dependencies(graph: &Graph<'_>) -> Vec<Event> {
    let (mut manifests, mut locks) = (Vec::new(), Vec::new());
    for stage in graph.stages.iter().filter(|stage| stage.needed) {
        for (step, run) in stage.steps.iter().enumerate().filter_map(|(at, s)| Some((at, s.run()?)))
        {
            let at = StepAt { stage: stage.index, step };
            for (index, command) in run.commands.iter().enumerate().take(20) {
                use crate::ecosystem::ActionKind::{Compile, Install};
                let install;
                let wanted = match command.used.as_ref().map(|used| used.kind) {
                    Some(Install) => graph.wanted(run, index, at),
                    Some(Compile) => {
                        let Some(command) = install_of(command) else { continue };
                        install = graph.demands(&command, at);
                        &install
                    }
                    _ => continue,
                };
                for file in &wanted.files {
                    let Some(path) = graph.context_path(at, &file.place) else { continue };
                    if graph.context.exists(&path).is_no() {
                        continue;
                    }
                    match file.presence {
                        Presence::Lock | Presence::Substitute => locks.push(path),
                        Presence::Required => manifests.push(path),
                        Presence::Optional | Presence::Instead => {}
                    }
                }
            }
        }
        if manifests.len() > limits::SCENARIOS_OF_A_KIND {
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
        events.push(Event { kind: ScenarioKind::Dependencies, title, paths, change });
    }
    if let Some(path) = locks.into_iter().next() {
        let title = format!("Only the lock file `{path}` changes");
        let paths = vec![path];
        let change = Change::Files(paths.clone());
        events.push(Event { kind: ScenarioKind::LockFile, title, paths, change });
    }
    events
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
