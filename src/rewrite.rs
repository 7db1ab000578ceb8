//! From findings to a repaired file: plan, print, read again, verify.
//!
//! A fix is a set of edits of the original text; what no edit touches stays byte for byte.
//! What fails the verification is not offered. Begin at `plan.rs` for what is done, at
//! `printer.rs` for how it is written, at `verify.rs` for what holds it.

mod layer;
pub mod layout;
pub mod manifest_copies;
pub mod manifests_by_name;
pub mod plan;
pub mod printer;

mod candidate;
mod cleaning;
mod split;
mod stub_sources;
pub mod verify;

use crate::cache::scenarios::Changes;
use crate::commutes::used_checkouts::is_made_wherever_it_comes;
use crate::graph::{Base, Graph, Invalidated, Stage, StepAt};
use crate::issue::{Applicability, Fix};
use crate::limits;
use crate::repair::Repair;
use crate::report::{FixLevel, Rebuild};
use crate::sentences::{Assumption, Mismatch, Quoted, Reason};
use crate::sort::sort_by;
use crate::text::{Edit, apply};
use candidate::{Candidate, inserts_run};
use layout::Layout;

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Wanted<'w> {
    /// That a step is not invalidated needlessly any more.
    Freed(&'w Invalidated),
    /// That this is done.
    Done(&'w Repair),
    /// That a step of its own compiles the dependencies ahead of this RUN.
    CompiledAhead(StepAt),
}

/// What came of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The fix of this index does it.
    Fixed(usize),
    /// It is not done, for this reason.
    Refused(Reason),
}

/// A text that passed the verification.
pub struct Verified {
    /// What makes it of the original.
    pub edits: Vec<Edit>,
    /// What each change rebuilds of it.
    pub rebuilds: Vec<Rebuild>,
}

/// What was repaired.
pub struct Repaired {
    /// The fixes.
    pub fixes: Vec<Fix>,
    /// What came of each wish.
    pub verdicts: Vec<Verdict>,
    /// The last text that was verified.
    pub verified: Option<Verified>,
}

/// The fixes for what is wanted.
pub fn repair(changes: &Changes<'_, '_>, wanted: &[Wanted<'_>]) -> Repaired {
    let graph = changes.graph;
    let mut verdicts = vec![Verdict::Refused(Reason::NoOrder); wanted.len()];
    let mut candidates = reordered(graph, wanted, &mut verdicts);
    let planned = candidates.len();
    let added = own(graph, wanted, &mut candidates, &mut verdicts);
    candidates.extend(added);
    let (mut fixes, mut verified) = (Vec::new(), None);
    let size = graph.dockerfile.source.len().max(1);
    let mut checks = limits::VERIFICATIONS.min(1 + (limits::VERIFIED_BYTES / size) as u32);
    let checked = verify_all(changes, &mut candidates, &mut checks, &mut verified);
    for (number, (candidate, checked)) in candidates.into_iter().zip(checked).enumerate() {
        for (wish, reason) in candidate.refused {
            verdicts[wish] = Verdict::Refused(reason);
        }
        if candidate.edits.is_empty() {
            continue;
        }
        let settled = match checked {
            Ok(()) => Verdict::Fixed(fixes.len()),
            // The planner has asked whether steps may change places, a rule has not.
            Err(Mismatch::Order { why, .. }) if number >= planned => Verdict::Refused(*why),
            Err(mismatch) => Verdict::Refused(Reason::NotVerified { mismatch }),
        };
        candidate.fulfils.iter().for_each(|&wish| verdicts[wish] = settled.clone());
        if let Verdict::Fixed(_) = settled {
            fixes.push(fix(graph, candidate.repair, candidate.edits));
        }
    }
    Repaired { fixes, verdicts, verified }
}

/// Another order of the steps, stage by stage, for those that are to be freed.
fn reordered(graph: &Graph<'_>, wanted: &[Wanted<'_>], verdicts: &mut [Verdict]) -> Vec<Candidate> {
    let layout = Layout::new(graph.dockerfile);
    let mut wishes: Vec<(StepAt, usize)> = Vec::new();
    let mut by_stage: Vec<Vec<&Invalidated>> = vec![Vec::new(); graph.stages.len()];
    for (wish, wanted) in wanted.iter().enumerate() {
        let Wanted::Freed(rerun) = wanted else { continue };
        by_stage[rerun.stage].push(rerun);
        wishes.push((StepAt { stage: rerun.stage, step: rerun.step }, wish));
    }
    for own in &mut by_stage {
        sort_by(own, |a, b| a.step.cmp(&b.step));
    }
    sort_by(&mut wishes, |a, b| a.0.cmp(&b.0));
    let wish = |at: StepAt| {
        let found = wishes.binary_search_by(|(other, _)| other.cmp(&at));
        wishes[found.expect("only what is wanted is planned")].1
    };
    // Whether the stage, or one that is built on it, has a step to be freed.
    let mut open: Vec<bool> = by_stage.iter().map(|own| !own.is_empty()).collect();
    for stage in graph.stages.iter().rev() {
        if let (Base::Stage(base), true) = (stage.base, open[stage.index]) {
            open[base] = true;
        }
    }
    let mut candidates = Vec::new();
    for stage in &graph.stages {
        if !std::mem::take(&mut open[stage.index]) {
            continue;
        }
        if let Some(reason) = untrusted(graph, stage) {
            for rerun in &by_stage[stage.index] {
                let at = StepAt { stage: stage.index, step: rerun.step };
                verdicts[wish(at)] = Verdict::Refused(reason.clone());
            }
            continue;
        }
        let trusted = |stage: &Stage<'_>| untrusted(graph, stage).is_none();
        let mut best: Option<Box<Candidate>> = None;
        for planned in plan::plan(graph, stage, &by_stage, &trusted).into_iter().rev() {
            planned.stages.iter().for_each(|&stage| open[stage] = false);
            let repair = planned.repair;
            let refused = planned.refused.into_iter().map(|(at, reason)| (wish(at), reason));
            best = Some(Box::new(Candidate {
                fulfils: repair.frees.iter().map(|&at| wish(at)).collect(),
                edits: printer::edits(graph, &layout, &repair),
                refused: refused.collect(),
                repair,
                instead: best,
            }));
        }
        candidates.extend(best.map(|best| *best));
    }
    candidates
}

/// Repairs that rules bring themselves, where no other fix changes the same text.
fn own(
    graph: &Graph<'_>,
    wanted: &[Wanted<'_>],
    others: &mut [Candidate],
    verdicts: &mut [Verdict],
) -> Vec<Candidate> {
    let layout = Layout::new(graph.dockerfile);
    let mut candidates: Vec<Candidate> = Vec::new();
    for (wish, wanted) in wanted.iter().enumerate() {
        let repair = match wanted {
            Wanted::Freed(_) => continue,
            Wanted::Done(repair) => Ok((*repair).clone()),
            Wanted::CompiledAhead(at) => plan::compile_ahead(graph, *at),
        };
        let repair = match repair {
            Ok(repair) => repair,
            Err(reason) => {
                verdicts[wish] = Verdict::Refused(reason);
                continue;
            }
        };
        let mut stages = repair.stages().into_iter().map(|stage| &graph.stages[stage]);
        if let Some(reason) = stages.find_map(|stage| untrusted(graph, stage)) {
            verdicts[wish] = Verdict::Refused(reason);
            continue;
        }
        // Two rules may ask for the same.
        if let Some(same) = candidates.iter_mut().find(|other| other.repair == repair) {
            same.fulfils.push(wish);
            continue;
        }
        let edits = printer::edits(graph, &layout, &repair);
        let runs = graph.options.fix == FixLevel::Suggested && inserts_run(&repair);
        let meets = |other: &Candidate| {
            // Each alone is right; both would bring the same ahead twice.
            let frees = |at: &StepAt| repair.frees.contains(at);
            let frees_too = inserts_run(&other.repair) && other.repair.frees.iter().any(frees);
            let touches = |edit: &Edit| edits.iter().any(|own| own.span.touches(edit.span));
            runs && frees_too || other.edits.iter().any(touches)
        };
        let is_taken = candidates.iter().any(meets);
        let mut rivals = others.iter_mut().chain(&mut candidates).filter(|other| meets(other));
        let (rival, more) = (rivals.next(), rivals.next());
        let is_only = more.is_none();
        let own =
            Candidate { repair, edits, fulfils: vec![wish], refused: Vec::new(), instead: None };
        match rival {
            None => candidates.push(own),
            Some(rival) if is_only && !is_taken && own.does_more_than(rival, graph) => {
                own.replace(rival);
            }
            Some(rival) => match own.with(rival, graph).filter(|_| is_only) {
                Some(both) => {
                    let edits = printer::edits(graph, &layout, &both);
                    own.join(rival, both, edits);
                }
                None => verdicts[wish] = Verdict::Refused(Reason::OtherFixFirst),
            },
        }
    }
    candidates
}

/// Verifies candidates: all at once, and where that fails in halves, so that one that fails does
/// not take the others with it. In the place of one that fails its next best is tried.
fn verify_all(
    changes: &Changes<'_, '_>,
    candidates: &mut [Candidate],
    checks: &mut u32,
    last: &mut Option<Verified>,
) -> Vec<Result<(), Mismatch>> {
    if candidates.iter().all(|candidate| candidate.edits.is_empty()) {
        return vec![Ok(()); candidates.len()];
    }
    let Some(left) = checks.checked_sub(1) else {
        return vec![Err(Mismatch::TooManyFail); candidates.len()];
    };
    *checks = left;
    let edits = joined(candidates.iter().map(|candidate| &candidate.edits));
    match verify::verify(changes, &apply(changes.graph.dockerfile.source, &edits)) {
        Ok(rebuilds) => {
            *last = Some(Verified { edits, rebuilds });
            vec![Ok(()); candidates.len()]
        }
        Err(mismatch) => {
            if let [candidate] = candidates {
                let Some(next) = candidate.instead.take() else { return vec![Err(mismatch)] };
                *candidate = *next;
                return verify_all(changes, candidates, checks, last);
            }
            let (head, tail) = candidates.split_at_mut(candidates.len() / 2);
            let mut verdicts = verify_all(changes, head, checks, last);
            verdicts.extend(verify_all(changes, tail, checks, last));
            verdicts
        }
    }
}

/// The edits of several fixes, sorted.
fn joined<'e>(fixes: impl Iterator<Item = &'e Vec<Edit>>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = fixes.flatten().cloned().collect();
    sort_by(&mut edits, |a, b| a.span.cmp(&b.span));
    // Two fixes may name the same frontend.
    edits.dedup();
    edits
}

/// The edits of the fixes that `level` allows, and the text they make.
pub fn rewrite(source: &str, fixes: &[Fix], level: FixLevel) -> (Vec<Edit>, String) {
    let allowed = fixes.iter().filter(|fix| is_allowed(fix, level));
    let edits = joined(allowed.map(|fix| &fix.edits));
    let text = apply(source, &edits);
    (edits, text)
}

/// Whether `level` allows a fix.
pub fn is_allowed(fix: &Fix, level: FixLevel) -> bool {
    match level {
        FixLevel::None => false,
        FixLevel::Safe => fix.applicability == Applicability::Safe,
        FixLevel::Assumed => fix.applicability <= Applicability::Assumed,
        FixLevel::Suggested => true,
    }
}

fn fix(graph: &Graph<'_>, mut repair: Repair, edits: Vec<Edit>) -> Fix {
    if let Some(directory) = graph.options.guessed_context.clone() {
        repair.assumptions.insert(0, Assumption::ContextIs { directory });
    }
    let to_ignore = graph.context.to_ignore();
    if !to_ignore.is_empty() {
        repair.assumptions.push(Assumption::Ignored { paths: Quoted::all(to_ignore) });
    }
    let mut dockerignore = to_ignore.to_vec();
    let mut assumptions: Vec<Assumption> = Vec::new();
    for sentence in &repair.assumptions {
        // What is not there is not changed either.
        let is_moot = repair.assumptions.iter().any(|other| other.covers(sentence));
        match ignoring_line(graph, sentence) {
            _ if is_moot => {}
            // It is not there, and a line sees to it that it stays so.
            Some(line) if !dockerignore.contains(&line) => dockerignore.push(line),
            None if !assumptions.contains(sentence) => assumptions.push(sentence.clone()),
            _ => {}
        }
    }
    let applicability = match (repair.is_suggestion, assumptions.is_empty()) {
        (true, _) => Applicability::Suggested,
        (false, true) => Applicability::Safe,
        (false, false) => Applicability::Assumed,
    };
    let assumptions = assumptions.iter().map(Assumption::to_string).collect();
    Fix { title: repair.title.into(), applicability, assumptions, edits, dockerignore, saves: None }
}

/// The line of `.dockerignore` that makes an assumption true in every checkout, where it is true of
/// the files that were given.
fn ignoring_line(graph: &Graph<'_>, assumption: &Assumption) -> Option<String> {
    let context = graph.context;
    match assumption {
        Assumption::NotInContextOrIgnored { path } => {
            let may_ignore = context.may_ignore(path) && is_made_wherever_it_comes(graph, path);
            may_ignore.then(|| path.clone())
        }
        Assumption::NoSuchDirectoryBelow { name } => {
            let may_ignore = context.may_ignore_all(name) && is_made_wherever_it_comes(graph, name);
            may_ignore.then(|| format!("**/{name}"))
        }
        _ => None,
    }
}

/// Why nothing in a stage is moved at all.
fn untrusted(graph: &Graph<'_>, stage: &Stage<'_>) -> Option<Reason> {
    if graph.has_errors {
        return Some(Reason::SyntaxError);
    }
    let copies = stage.steps.iter().filter(|step| step.copy().is_some()).count();
    if copies > limits::COPIES_LOOKED_AT {
        return Some(Reason::TooManyCopies { most: limits::COPIES_LOOKED_AT });
    }
    None
}
