//! From findings to a repaired file: plan, apply, re-parse, verify.
//!
//! A fix is a set of edits of the original text; what no edit touches stays byte for byte.
//! What fails the verification is not offered.

pub mod layout;
pub mod narrow;
pub mod passing;
pub mod plan;

mod edits;
mod split;
pub mod verify;

use crate::graph::needs::Suffering;
use crate::graph::{Graph, Stage};
use crate::issue::{Applicability, Fix, Refusal, RefusalReason};
use crate::report::FixLevel;
use crate::text::{Edit, apply};
use layout::Layout;
use plan::Plan;

/// What came of one step that suffers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Fixed by the fix of this index.
    Fix(usize),
    /// Not fixed, for this reason.
    Refused(Refusal),
}

/// The fixes, and for each of `suffering` what came of it.
pub fn repair(graph: &Graph<'_>, suffering: &[Suffering]) -> (Vec<Fix>, Vec<Repair>) {
    let layout = Layout::new(graph.dockerfile);
    let mut fixes = Vec::new();
    let unplanned = Repair::Refused(Refusal {
        reason: RefusalReason::OrderDecidesImage,
        message: "no order of the steps was found that keeps the image".into(),
    });
    let mut repairs = vec![unplanned; suffering.len()];
    for stage in &graph.stages {
        let own: Vec<&Suffering> = suffering.iter().filter(|s| s.stage == stage.index).collect();
        if own.is_empty() {
            continue;
        }
        let mut set = |step: usize, repair: Repair| {
            for (at, suffers) in suffering.iter().enumerate() {
                if suffers.stage == stage.index && suffers.step == step {
                    repairs[at] = repair.clone();
                }
            }
        };
        if let Some(refusal) = untrusted(graph, stage) {
            own.iter().for_each(|s| set(s.step, Repair::Refused(refusal.clone())));
            continue;
        }
        let outcome = plan::plan(graph, stage, &own);
        for (step, refusal) in outcome.refused {
            set(step, Repair::Refused(refusal));
        }
        let Some(plan) = outcome.plan else { continue };
        let edits = edits::edits(graph, &layout, &plan);
        match verify::verify(graph, &edits) {
            Ok(()) => {
                plan.freed.iter().for_each(|freed| set(freed.step, Repair::Fix(fixes.len())));
                fixes.push(fix(&plan, edits));
            }
            Err(message) => {
                let refusal = Refusal { reason: RefusalReason::NotVerified, message };
                plan.freed.iter().for_each(|f| set(f.step, Repair::Refused(refusal.clone())));
            }
        }
    }
    (fixes, repairs)
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
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let text = apply(source, &edits);
    (edits, text)
}

fn fix(plan: &Plan, edits: Vec<Edit>) -> Fix {
    let copies = plan.freed.iter().any(|freed| !freed.copies.is_empty());
    let download = plan.freed.iter().any(|freed| freed.download.is_some());
    let split = plan.freed.iter().any(|freed| freed.split.is_some());
    let title = match (copies, download, split) {
        (_, true, _) => "Download the dependencies before the source is copied",
        (true, _, true) => "Copy the manifests first, install, then copy the source and build",
        (true, ..) => "Copy the manifests first, the rest after the install",
        (_, _, true) => "Split the step, and copy the source between its parts",
        _ => "Copy the source after the steps that do not need it",
    };
    let applicability = match plan.assumptions.is_empty() {
        true => Applicability::Safe,
        false => Applicability::Assumed,
    };
    Fix { title: title.into(), applicability, assumptions: plan.assumptions.clone(), edits }
}

/// Why nothing in a stage is moved at all.
fn untrusted(graph: &Graph<'_>, stage: &Stage<'_>) -> Option<Refusal> {
    if stage.is_windows {
        return Some(Refusal {
            reason: RefusalReason::Windows,
            message: "the stage builds a Windows image".into(),
        });
    }
    if stage.has_errors || graph.stages.iter().any(|other| other.has_errors) {
        return Some(Refusal {
            reason: RefusalReason::NotVerified,
            message: "the file has a syntax error".into(),
        });
    }
    None
}
