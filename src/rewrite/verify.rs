//! Whether a rewritten file makes the same image: read again from its text, step by step
//! against the original, knowing nothing of the plan.
//!
//! The same steps must run in the same state, and two steps may have changed places only
//! where neither writes what the other reads or writes. An added copy must bring what a
//! later one brings to the same place; an added download or compile of the dependencies must be one
//! that the tables know.

mod configuration;
mod cut;
mod download;
mod flags;
mod kept;
mod layer;
mod merged;
mod mounts;
mod order;
mod owners;
mod permissions;

use super::manifest_copies;
use crate::cache::scenarios::Changes;
use crate::commutes::{EffectPart, copies, directories};
use crate::context::{Answer, Destination};
use crate::digest::{Digest, Numbers};
use crate::ecosystem::Unlisted;
use crate::graph::demands::Demands;
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Effect, Graph, Origin, PathSet, Step, StepAt};
use crate::report::Rebuild;
use crate::sentences::Mismatch;
use crate::syntax::{Keyword, parse_part};
use configuration::{Content, content, same_configuration, same_preamble};

/// Checks `text` against the graph of the original: what each of `changes` rebuilds of it, or
/// what is wrong with it.
pub fn verify(changes: &Changes<'_, '_>, text: &str) -> Result<Vec<Rebuild>, Mismatch> {
    let graph = changes.graph;
    let parse = |text| parse_part(text, graph.options.fragment);
    let (dockerfile, errors) = parse(text);
    if !errors.is_empty() && errors.len() > parse(graph.dockerfile.source).1.len() {
        return Err(Mismatch::Syntax { message: errors[0].message.to_string() });
    }
    let rewritten = Graph::new(&dockerfile, graph.context, graph.options);
    same_image(graph, &rewritten)?;
    match changes.after(&rewritten) {
        (_, Some(change)) => Err(Mismatch::Dearer { change: change.to_string() }),
        (rebuilds, None) => Ok(rebuilds),
    }
}

/// Whether the rewritten file makes the same image.
fn same_image(graph: &Graph<'_>, rewritten: &Graph<'_>) -> Result<(), Mismatch> {
    let stages = kept::Stages::new(graph, rewritten)?;
    same_preamble(graph, rewritten)?;
    let mut differs = vec![false; graph.stages.len()];
    for before in &graph.stages {
        let after = &rewritten.stages[stages.after[before.index]];
        same_configuration(graph, before, rewritten, after)?;
        // What a stage that differs holds, those built on it must hold.
        let mut chain = vec![before.index];
        chain.extend(graph.ancestors(before.index).map(|s| s.index).take_while(|&s| differs[s]));
        chain.reverse();
        if let Err(mismatch) = same_files(graph, rewritten, &chain, &stages) {
            let bare = before.derived.is_empty() || !before.triggers.is_empty();
            if before.used || after.used || bare {
                return Err(mismatch);
            }
            differs[before.index] = true;
        }
    }
    Ok(())
}

/// A step that makes files, or a part of one.
#[derive(Clone)]
struct Maker<'g, 'a> {
    at: StepAt,
    instruction: usize,
    kind: EffectPart<'g>,
    does: Does<'g>,
    of: &'g Step<'a>,
}

/// What a step does; two that do the same are equal.
#[derive(Clone, PartialEq, Eq)]
enum Does<'g> {
    Copy {
        add: bool,
        flags: Vec<&'g str>,
        sources: Vec<&'g str>,
        other: Vec<String>,
        /// Where WORKDIR goes sooner or later is a directory, or the build fails.
        destination: Option<Destination>,
        /// Stages by their numbers in the original.
        origin: Origin,
        /// Its stage, where its variables may have another value in another one.
        stage: Option<usize>,
    },
    Run {
        flags: Vec<&'g str>,
        content: Content<'g>,
        state: u64,
    },
    Workdir {
        place: Option<&'g str>,
        user: Option<&'g str>,
    },
    Volume(&'g str),
}

impl Does<'_> {
    /// A number that is the same for the same; seldom for others.
    fn number(&self) -> u64 {
        match self {
            Does::Copy { flags, sources, other, .. } => {
                Digest::of("copy").texts(flags).texts(sources).texts(other).end()
            }
            Does::Run { content, state, .. } => {
                Digest::of("run").text(content.rest).texts(&content.bodies).number(*state).end()
            }
            Does::Workdir { place, user } => {
                Digest::of("workdir").option(*place).option(*user).end()
            }
            Does::Volume(text) => Digest::of(text).end(),
        }
    }
}

/// Which step of the rewritten file does what which one of the original did.
struct Matching<'m, 'g, 'a, 'h, 'b> {
    graph: &'m Graph<'a>,
    /// The steps of the original, and whether one of the others does what each does.
    old: Vec<Maker<'g, 'a>>,
    used: Vec<bool>,
    rewritten: &'m Graph<'b>,
    /// The steps of the rewritten file, and for each its place among the old ones.
    new: Vec<Maker<'h, 'b>>,
    places: Vec<Option<usize>>,
}

/// Whether the stages of `chain`, each built on the one before it, make the same files.
fn same_files(
    graph: &Graph<'_>,
    rewritten: &Graph<'_>,
    chain: &[usize],
    stages: &kept::Stages,
) -> Result<(), Mismatch> {
    let old = makers(graph, chain, &|stage| stage);
    let after: Vec<usize> = chain.iter().map(|&stage| stages.after[stage]).collect();
    let new = makers(rewritten, &after, &|stage| stages.before(stage));
    // For each new step its place among the old ones.
    let mut places: Vec<Option<usize>> = vec![None; new.len()];
    let mut used = vec![false; old.len()];
    // Of the old ones of one number the last, and for each the one before. What is added stands
    // before what it is added for, and may say the same.
    let mut lasts = Numbers::default();
    let mut earlier: Vec<Option<usize>> = Vec::with_capacity(old.len());
    for (i, maker) in old.iter().enumerate() {
        earlier.push(lasts.set(maker.does.number(), i as u64).map(|last| last as usize));
    }
    for (at, maker) in new.iter().enumerate().rev() {
        let number = maker.does.number();
        let mut last = lasts.index(number);
        // What is used goes for good, so that each is passed once.
        while let Some(i) = last.filter(|&i| used[i]) {
            last = earlier[i];
        }
        if let Some(i) = last {
            lasts.set(number, i as u64);
        }
        while let Some(i) = last {
            if !used[i] && old[i].does == maker.does {
                used[i] = true;
                places[at] = Some(i);
                break;
            }
            last = earlier[i];
        }
    }
    let mut matching = Matching { graph, old, used, rewritten, new, places };
    cut::match_cuts(&mut matching);
    flags::match_flags(&mut matching);
    merged::match_merges(&mut matching);
    mounts::match_mounts(&mut matching);
    permissions::match_permissions(&mut matching);
    match_repeats(&mut matching);
    let Matching { old, used, new, places, .. } = matching;
    if let Some(lost) = used.iter().position(|used| !used) {
        let line = graph.line(old[lost].instruction);
        return Err(Mismatch::Lost { line });
    }
    let owners_differ = owners::differ(&old) || owners::differ(&new);
    for (at, place) in places.iter().enumerate() {
        if place.is_none() {
            added(rewritten, &new, at, &places, stages)?;
            if owners_differ {
                owners::of_added(&old, &new, at, &places)?;
            }
        }
    }
    order::ordered(rewritten, &old, &new, &places)?;
    if owners_differ {
        owners::kept(&old, &new, &places)?;
    }
    // What has moved down: it stands behind a step that stood behind it.
    let mut last = None;
    let mut sunk: Vec<usize> = Vec::new();
    for (at, place) in places.iter().enumerate().filter(|(_, place)| place.is_some()) {
        if *place < last {
            sunk.push(at);
        }
        last = last.max(*place);
    }
    for (at, place) in places.iter().enumerate() {
        if let (Some(place), EffectPart::Commands(commands)) = (place, &new[at].kind) {
            for command in *commands {
                let wanted = graph.demands(command, old[*place].at);
                same_inputs(graph, old[*place].at, rewritten, new[at].at, &wanted)?;
                if owners_differ {
                    let (was, is) = ((graph, &old[*place]), (rewritten, &new[at]));
                    owners::of_inputs(was, is, command, &wanted)?;
                    owners::of_outputs(was, is, command)?;
                    let added = || new[..at].iter().zip(&places).filter(|(_, was)| was.is_none());
                    let is_made = |path: &str| added().any(|(maker, _)| owners::makes(maker, path));
                    owners::of_directory(&old[..=*place], command, &is_made)?;
                }
                let behind = |later: &&usize| **later > at && places[**later] < Some(*place);
                let sunk = sunk.iter().filter(|_| wanted.scattered.is_some());
                for &later in sunk.filter(behind) {
                    if let EffectPart::Commands(others) = &new[later].kind
                        && others.iter().any(|other| wanted.scattered_changed_by(other))
                    {
                        return Err(Mismatch::ManifestsChanged);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Matches a copy that is not there any more, where an equal one is: it counts as standing
/// directly before that one.
fn match_repeats(matching: &mut Matching<'_, '_, '_, '_, '_>) {
    let Matching { old, used, new, places, .. } = matching;
    for lost in (0..old.len()).rev().filter(|&at| matches!(old[at].does, Does::Copy { .. })) {
        let equal = |at: &usize| places[*at] > Some(lost) && new[*at].does == old[lost].does;
        if !used[lost]
            && let Some(at) = (0..new.len()).find(equal)
        {
            used[lost] = true;
            new.insert(at, new[at].clone());
            places.insert(at, Some(lost));
        }
    }
}

/// The makers of `stages`; `number` is that of a stage in the original.
fn makers<'g, 'a>(
    graph: &'g Graph<'a>,
    stages: &[usize],
    number: &dyn Fn(usize) -> usize,
) -> Vec<Maker<'g, 'a>> {
    let steps = stages.iter().flat_map(|&stage| {
        let steps = graph.stages[stage].steps.iter().enumerate();
        steps.map(move |(step, of)| (StepAt { stage, step }, of))
    });
    let entered: Vec<&str> = steps
        .clone()
        .filter_map(|(_, step)| match &step.effect {
            Effect::Workdir(place) => place.as_deref(),
            _ => None,
        })
        .collect();
    let as_entered = |to: Destination| {
        let is_entered = entered.iter().any(|place| under(to.path(), place).is_some());
        if is_entered { to.known_directory(true) } else { to }
    };
    let makers = steps.filter_map(|(at, step)| {
        let instruction = &graph.dockerfile.instructions[step.instruction];
        let source = graph.dockerfile.source;
        let flags = instruction.flags.iter().map(|flag| flag.span.of(source)).collect();
        let (kind, does) = match &step.effect {
            Effect::Copy(copy) => {
                let other = match copy.other_sources || copy.unresolved {
                    true => instruction.argument_texts(),
                    false => Vec::new(),
                };
                let does = Does::Copy {
                    add: instruction.keyword == Some(Keyword::Add),
                    flags,
                    sources: copy.sources.iter().map(|(text, _)| text.as_str()).collect(),
                    other,
                    destination: copy.destination.clone().map(as_entered),
                    origin: match copy.origin {
                        Origin::Stage(stage) => Origin::Stage(number(stage)),
                        _ => copy.origin.clone(),
                    },
                    stage: (!copy.variables.is_empty()).then_some(number(at.stage)),
                };
                (EffectPart::Copy(copy), does)
            }
            Effect::Run(run) => {
                let does =
                    Does::Run { flags, content: content(instruction), state: step.state_it_reads };
                (EffectPart::Commands(&run.commands), does)
            }
            Effect::Workdir(place) => {
                let place = place.as_deref();
                (EffectPart::Directory(place), Does::Workdir { place, user: step.user.as_deref() })
            }
            Effect::Volume(places) => {
                (EffectPart::Volume(places), Does::Volume(&instruction.rest.text))
            }
            _ => return None,
        };
        Some(Maker { at, instruction: step.instruction, kind, does, of: step })
    });
    makers.collect()
}

fn same_flags(a: &Graph<'_>, of: &Maker<'_, '_>, b: &Graph<'_>, and: &Maker<'_, '_>) -> bool {
    flags_of(a, of.instruction, |_| true) == flags_of(b, and.instruction, |_| true)
}

/// The flags of an instruction, as written, whose names fit.
fn flags_of<'g>(
    graph: &'g Graph<'_>,
    instruction: usize,
    fits: impl Fn(&str) -> bool,
) -> Vec<&'g str> {
    let flags = graph.dockerfile.instructions[instruction].flags.iter();
    let flags = flags.filter(|flag| fits(&flag.name));
    flags.map(|flag| flag.span.of(graph.dockerfile.source)).collect()
}

/// A step that the original does not have.
fn added<'a>(
    graph: &Graph<'a>,
    new: &[Maker<'_, 'a>],
    at: usize,
    places: &[Option<usize>],
    stages: &kept::Stages,
) -> Result<(), Mismatch> {
    let line = graph.line(new[at].instruction);
    let explained = match &new[at].kind {
        EffectPart::Copy(manifests) if stages.are_new(&manifests.origin) => {
            stages.brings_kept(graph, &new[at], manifests, &new[at + 1..], &places[at + 1..])
        }
        EffectPart::Copy(manifests) => (at + 1..new.len()).any(|later| {
            places[later].is_some()
                && new[at..later].iter().any(|step| matches!(step.kind, EffectPart::Commands(_)))
                && makes_the_same(graph, &new[at], &new[later])
                && !new[at + 1..later].iter().any(|step| match step.kind {
                    EffectPart::Copy(copy) => {
                        directories::is_in_the_way(graph, copy, &manifests.landing)
                    }
                    _ => false,
                })
                // What a step behind the copy made stays.
                && !new[..at].iter().zip(places).any(|(step, place)| {
                    *place > places[later] && writes(step, &manifests.landing)
                })
        }),
        EffectPart::Commands(commands) => {
            let (behind, of) = (&new[at + 1..], &places[at + 1..]);
            download::fetches(graph, &new[at], commands, behind, of)
                || layer::compiles(graph, &new[at], commands, behind, of)
        }
        _ => false,
    };
    match explained {
        true => Ok(()),
        false => Err(Mismatch::Unexplained { line }),
    }
}

/// Whether a step writes one of the files that land in `landing`.
fn writes(step: &Maker<'_, '_>, landing: &PathSet) -> bool {
    let EffectPart::Commands(commands) = step.kind else { return false };
    landing.paths.iter().any(|path| commands.iter().any(|command| command.makes(path)))
}

fn same_keyword(graph: &Graph<'_>, a: &Maker<'_, '_>, b: &Maker<'_, '_>) -> bool {
    let keyword = |maker: &Maker<'_, '_>| graph.dockerfile.instructions[maker.instruction].keyword;
    keyword(a) == keyword(b)
}

/// Whether a step that was added makes directories as the copy `sunk` makes them.
fn makes_the_same(graph: &Graph<'_>, added: &Maker<'_, '_>, sunk: &Maker<'_, '_>) -> bool {
    match (&added.kind, &sunk.kind) {
        (EffectPart::Copy(manifests), EffectPart::Copy(broad)) => {
            flags_of(graph, added.instruction, |name| name != "parents")
                == flags_of(graph, sunk.instruction, |_| true)
                && same_keyword(graph, added, sunk)
                && copies::brings_the_same(graph, broad, manifests)
        }
        _ => false,
    }
}

/// The places that a command finds its files at.
fn wanted(graph: &Graph<'_>, at: StepAt, command: &CommandEffects) -> Vec<String> {
    graph.demands(command, at).places()
}

/// Whether a command finds the same files where it found them before.
fn same_inputs(
    graph: &Graph<'_>,
    was: StepAt,
    rewritten: &Graph<'_>,
    is: StepAt,
    wanted: &Demands,
) -> Result<(), Mismatch> {
    let origin = |place: &str| graph.context_path(was, place);
    for file in &wanted.files {
        let Some(before) = origin(&file.place) else { continue };
        let changed = |graph: &Graph<'_>, at: StepAt| {
            let mut copies = graph.copies_bringing(at, &file.place);
            copies
                .next()
                .is_some_and(|(from, _)| manifest_copies::is_changed(graph, from, at, &file.place))
        };
        // A layer of its own replaces a directory of that name, and another copy fails.
        let is_linked = |graph: &Graph<'_>, at: StepAt| {
            graph.copies_bringing(at, &file.place).any(|(_, copy)| copy.is_linked)
        };
        if rewritten.context_path(is, &file.place).as_ref() == Some(&before)
            && (is_linked(graph, was) == is_linked(rewritten, is)
                || !manifest_copies::is_made_a_directory(rewritten, is, &file.place))
            && (changed(graph, was) || !changed(rewritten, is))
            || (manifest_copies::is_made(graph, was, &file.place)
                && manifest_copies::is_made(rewritten, is, &file.place))
        {
            continue;
        }
        let absent = match graph.context.exists(&before) {
            Answer::Yes => false,
            Answer::No => true,
            Answer::Maybe => {
                matches!(file.unlisted, Unlisted::Assumed | Unlisted::Said | Unlisted::Beside)
            }
        };
        if !absent {
            return Err(Mismatch::Late { path: before, place: file.place.clone() });
        }
    }
    Ok(())
}
