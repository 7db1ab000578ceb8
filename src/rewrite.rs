//! From findings to a repaired file: plan, apply, re-parse, verify.
//!
//! A fix is a set of edits of the original text; what no edit touches stays byte for byte.
//! What fails the verification is not offered.

pub mod layout;
pub mod manifest_copies;
pub mod manifest_stage;
pub mod manifests_by_name;
pub mod passing;
pub mod plan;
pub mod sharing;

mod building;
mod cleaning;
mod printer;
mod programs;
mod split;
mod stub_sources;
pub mod verify;

use crate::cache::frontend::raise;
use crate::cache::scenarios::Changes;
use crate::digest::{Digest, Numbers};
use crate::graph::{Base, Graph, Invalidated, LOOKED_AT, Stage, StepAt};
use crate::issue::{Applicability, Fix, Refusal, RefusalReason};
use crate::report::{FixLevel, Rebuild};
use crate::sort::sort_by;
use crate::text::{Edit, apply};
use layout::Layout;
use manifest_copies::Way;
use plan::Plan;

/// What came of one step that is invalidated needlessly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Fixed by the fix of this index.
    Fix(usize),
    /// Not fixed, for this reason.
    Refused(Refusal),
}

/// A text that passed the verification.
pub struct Verified {
    /// What makes it of the original.
    pub edits: Vec<Edit>,
    /// What each change rebuilds of it.
    pub rebuilds: Vec<Rebuild>,
}

/// The fixes, for each of `invalidated` what came of it, and the last text that was verified.
pub fn repair(
    changes: &Changes<'_, '_>,
    invalidated: &[Invalidated],
) -> (Vec<Fix>, Vec<Repair>, Option<Verified>) {
    let graph = changes.graph;
    let layout = Layout::new(graph.dockerfile);
    let mut fixes = Vec::new();
    let unplanned = Repair::Refused(Refusal {
        reason: RefusalReason::OrderDecidesImage,
        message: "no order of the steps was found that keeps the image".into(),
    });
    let mut repairs = vec![unplanned; invalidated.len()];
    let mut by_stage: Vec<Vec<&Invalidated>> = vec![Vec::new(); graph.stages.len()];
    // Of those of one step the last, and for each the one before.
    let mut lasts = Numbers::default();
    let number = |stage, step| Digest::of("step").numbers(&[stage as u64, step as u64]).end();
    let mut earlier: Vec<Option<usize>> = Vec::with_capacity(invalidated.len());
    for (index, rerun) in invalidated.iter().enumerate() {
        by_stage[rerun.stage].push(rerun);
        let last = lasts.set(number(rerun.stage, rerun.step), index as u64);
        earlier.push(last.map(|last| last as usize));
    }
    for own in &mut by_stage {
        sort_by(own, |a, b| a.step.cmp(&b.step));
    }
    // Whether the stage or one that is built on it has a step that is invalidated needlessly.
    let mut open: Vec<bool> = by_stage.iter().map(|own| !own.is_empty()).collect();
    for stage in graph.stages.iter().rev() {
        if let (Base::Stage(base), true) = (stage.base, open[stage.index]) {
            open[base] = true;
        }
    }
    let mut settle = |at: StepAt, repair: Repair| {
        let mut last = lasts.index(number(at.stage, at.step));
        while let Some(index) = last {
            repairs[index] = repair.clone();
            last = earlier[index];
        }
    };
    let mut planned: Vec<(Vec<Plan>, Vec<Edit>)> = Vec::new();
    for stage in &graph.stages {
        if !std::mem::take(&mut open[stage.index]) {
            continue;
        }
        if let Some(refusal) = untrusted(graph, stage) {
            for rerun in &by_stage[stage.index] {
                let at = StepAt { stage: stage.index, step: rerun.step };
                settle(at, Repair::Refused(refusal.clone()));
            }
            continue;
        }
        let trusted = |stage: &Stage<'_>| untrusted(graph, stage).is_none();
        let family = plan::plan(graph, stage, &by_stage, &trusted);
        family.stages.iter().for_each(|&stage| open[stage] = false);
        for (at, refusal) in family.refused {
            settle(at, Repair::Refused(refusal));
        }
        if !family.plans.is_empty() {
            let edits = printer::edits(graph, &layout, &family.plans);
            planned.push((family.plans, edits));
        }
    }
    let mut last = None;
    let verdicts = verified(changes, &planned, &mut { CHECKS }, &mut last);
    for ((plans, edits), verdict) in planned.into_iter().zip(verdicts) {
        let repair = match verdict {
            Ok(()) => Repair::Fix(fixes.len()),
            Err(message) => {
                Repair::Refused(Refusal { reason: RefusalReason::NotVerified, message })
            }
        };
        for plan in &plans {
            for freed in &plan.freed {
                settle(StepAt { stage: plan.stage, step: freed.step }, repair.clone());
            }
        }
        if let Repair::Fix(_) = repair {
            fixes.push(fix(graph, plans, edits));
        }
    }
    (fixes, repairs, last)
}

/// How many rewritten files are read again at most, so that the time stays linear.
const CHECKS: u32 = 64;

/// Verifies plans: all at once, and where that fails in halves, so that one that fails does
/// not take the others with it.
fn verified(
    changes: &Changes<'_, '_>,
    planned: &[(Vec<Plan>, Vec<Edit>)],
    checks: &mut u32,
    last: &mut Option<Verified>,
) -> Vec<Result<(), String>> {
    if planned.is_empty() {
        return Vec::new();
    }
    let Some(left) = checks.checked_sub(1) else {
        return vec![Err("too many fixes of this file fail".into()); planned.len()];
    };
    *checks = left;
    let mut edits: Vec<Edit> =
        planned.iter().flat_map(|(_, edits)| edits.iter().cloned()).collect();
    sort_by(&mut edits, |a, b| a.span.cmp(&b.span));
    match verify::verify(changes, &apply(changes.graph.dockerfile.source, &edits)) {
        Ok(rebuilds) => {
            *last = Some(Verified { edits, rebuilds });
            vec![Ok(()); planned.len()]
        }
        Err(message) if planned.len() == 1 => vec![Err(message)],
        Err(_) => {
            let (head, tail) = planned.split_at(planned.len() / 2);
            let mut verdicts = verified(changes, head, checks, last);
            verdicts.extend(verified(changes, tail, checks, last));
            verdicts
        }
    }
}

/// The edits of the fixes that `level` allows, and the text they make.
pub fn rewrite(source: &str, fixes: &[Fix], level: FixLevel) -> (Vec<Edit>, String) {
    let allowed = |fix: &&Fix| match level {
        FixLevel::None => false,
        FixLevel::Safe => fix.applicability == Applicability::Safe,
        FixLevel::Assumed => fix.applicability <= Applicability::Assumed,
        FixLevel::Suggested => true,
    };
    let mut edits: Vec<Edit> =
        fixes.iter().filter(allowed).flat_map(|fix| fix.edits.iter().cloned()).collect();
    sort_by(&mut edits, |a, b| a.span.cmp(&b.span));
    // Two fixes may name the same frontend.
    edits.dedup();
    let text = apply(source, &edits);
    (edits, text)
}

fn fix(graph: &Graph<'_>, plans: Vec<Plan>, mut edits: Vec<Edit>) -> Fix {
    let freed = || plans.iter().flat_map(|plan| &plan.freed);
    let copies = freed().any(|freed| !freed.copies.is_empty());
    let download = freed().any(|freed| freed.download.is_some());
    let split = freed().any(|freed| freed.split.is_some());
    let downloads = freed().filter_map(|freed| freed.download.as_ref());
    let mut all = freed().flat_map(|freed| &freed.copies).chain(downloads.flat_map(|d| &d.copies));
    let raises = all.any(|copy| matches!(copy.way, Way::Named { raises: true, .. }));
    let title = match (copies, download, split) {
        _ if plans.len() > 1 => "Copy the source in each stage that is built on this one",
        (_, true, _) => "Download the dependencies before the source is copied",
        (true, _, true) => "Copy the manifests first, install, then copy the source and build",
        (true, ..) => "Copy the manifests first, the rest after the install",
        (_, _, true) => "Split the step, and copy the source between its parts",
        _ => "Copy the source after the steps that do not need it",
    };
    let mut assumptions: Vec<String> = Vec::new();
    for sentence in plans.into_iter().flat_map(|plan| plan.assumptions) {
        if !assumptions.contains(&sentence) {
            assumptions.push(sentence);
        }
    }
    let applicability = match (raises, assumptions.is_empty()) {
        (true, _) => Applicability::Suggested,
        (false, true) => Applicability::Safe,
        (false, false) => Applicability::Assumed,
    };
    if raises {
        edits.splice(..0, raise(graph.dockerfile));
    }
    Fix { title: title.into(), applicability, assumptions, edits }
}

/// Why nothing in a stage is moved at all.
fn untrusted(graph: &Graph<'_>, stage: &Stage<'_>) -> Option<Refusal> {
    if graph.has_errors {
        return Some(Refusal {
            reason: RefusalReason::NotVerified,
            message: "the file has a syntax error".into(),
        });
    }
    let copies = stage.steps.iter().filter(|step| step.copy().is_some()).count();
    if copies > LOOKED_AT {
        return Some(Refusal {
            reason: RefusalReason::NotVerified,
            message: format!("the stage has more than {LOOKED_AT} copies"),
        });
    }
    None
}
