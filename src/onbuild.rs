//! ONBUILD: what the triggers of a stage do to whoever builds on it.
//!
//! A trigger runs where a build on the image starts, behind all that the image holds. So the
//! triggers of a stage are read as its last steps, `ONBUILD` blanked out of the text, and the
//! repair of that text gets its `ONBUILD`s back. Nothing here knows what a repair is.

use crate::graph::{Effect, Graph, Stage};
use crate::issue::{Applicability, Fix, Issue, Refusal};
use crate::limits;
use crate::report::{Level, Options, Report};
use crate::rewrite::layout::Layout;
use crate::rules::volatile_value_before_expensive_step;
use crate::sentences::{Assumption, Reason};
use crate::syntax::{Arguments, Instruction, Keyword, parse_part};
use crate::text::{Cut, Edit, Span, apply};

/// As long as `ONBUILD`, blank to the builder, and in no file.
const BLANKED: &str = "\u{b}\u{b}\u{b}\u{b}\u{b}\u{b}\u{b}";

/// What the triggers of one stage do wrong.
pub struct Found {
    /// The issues; those that the fix repairs have its number, 0.
    pub issues: Vec<Issue>,
    /// What repairs them, where it can be done: one stage has one.
    pub fix: Option<Fix>,
}

/// What the triggers of each stage do wrong; `read` analyses a text.
pub fn found(
    graph: &Graph<'_>,
    options: &Options,
    read: &dyn Fn(&str, &Options) -> Report,
) -> Vec<Found> {
    if graph.has_errors || graph.dockerfile.source.contains(BLANKED) {
        return Vec::new();
    }
    let stages = graph.stages.iter().filter(|stage| installs(graph, stage));
    let found = stages.take(limits::STAGES_WITH_TRIGGERS).map(|stage| {
        let mut options = Options { target: None, timings: None, ..options.clone() };
        if stage.derived.is_empty() {
            // Who builds on an image elsewhere has another context.
            options = Options { files: None, files_complete: false, dockerignore: None, ..options };
        }
        let (text, start) = unwrapped(graph, stage);
        let mut report = read(&text, &options);
        // `COPY --from=tool:latest` of the image itself stays where it is, above its triggers.
        if report.fixes.iter().any(|fix| starts_above(fix, start)) {
            let of_image = volatile_value_before_expensive_step::RULE.id.to_owned();
            options.rules.insert(of_image, Level::Off);
            report = read(&text, &options);
        }
        let mut issues = report.issues;
        issues.retain(|issue| issue.span.start as usize >= start);
        let mut fix = None;
        for issue in &mut issues {
            let related = issue.related.iter_mut().map(|related| &mut related.span);
            for span in related.chain(&mut issue.reruns).chain([&mut issue.span]) {
                *span = whole(graph, stage, *span);
            }
            let Some(index) = issue.fix.take() else { continue };
            fix = fix.or_else(|| wrapped(graph, &text, start, report.fixes[index].clone()));
            match fix {
                Some(_) => issue.fix = Some(0),
                None => issue.refusal = Some(unread()),
            }
        }
        Found { issues, fix }
    });
    found.collect()
}

/// Whether a fix changes what the image itself holds: its first trigger is at `start`.
fn starts_above(fix: &Fix, start: usize) -> bool {
    fix.edits.iter().any(|edit| (edit.span.start as usize) < start)
}

/// The ONBUILD whose trigger stands at `span`, or the same.
fn whole(graph: &Graph<'_>, stage: &Stage<'_>, span: Span) -> Span {
    let instructions = &graph.dockerfile.instructions;
    let onbuilds = stage.triggers.iter().map(|&at| instructions[stage.steps[at].instruction].span);
    onbuilds.rev().find(|whole| whole.start < span.start && span.end == whole.end).unwrap_or(span)
}

fn unread() -> Refusal {
    Refusal::from(Reason::TriggersUnread).into_sentence()
}

/// Whether triggers of `stage` copy and run something, and nothing but settings comes after
/// them. Behind copies of the stage's own, each build on it starts anew in any case.
fn installs(graph: &Graph<'_>, stage: &Stage<'_>) -> bool {
    let Some(&first) = stage.triggers.first() else { return false };
    let (mut copies, mut runs, mut names) = (false, false, Vec::new());
    for step in &stage.steps[first..] {
        let instruction = &graph.dockerfile.instructions[step.instruction];
        match (&step.effect, &instruction.arguments) {
            (Effect::Onbuild, Arguments::Onbuild(inner)) => {
                copies |= matches!(inner.keyword, Some(Keyword::Copy | Keyword::Add));
                runs |= inner.keyword == Some(Keyword::Run);
                names.push(&instruction.name.text);
            }
            (Effect::Config, _) => {}
            _ => return false,
        }
    }
    // All get back one spelling of `ONBUILD`.
    copies && runs && !stage.follows_source && names.windows(2).all(|two| two[0] == two[1])
}

/// The file up to the end of `stage`, its triggers steps of it, and where the first starts.
fn unwrapped(graph: &Graph<'_>, stage: &Stage<'_>) -> (String, usize) {
    let dockerfile = graph.dockerfile;
    let end = match graph.stages.get(stage.index + 1) {
        Some(next) => Layout::new(dockerfile).block(next.from).start,
        None => dockerfile.source.len(),
    };
    let mut text = dockerfile.source.cut(..end).to_owned();
    let spans = stage.triggers.iter().map(|&at| {
        let instruction = &dockerfile.instructions[stage.steps[at].instruction];
        instruction.name.span.range()
    });
    let mut start = end;
    for span in spans.rev() {
        start = span.start;
        text.replace_range(span, BLANKED);
    }
    (text, start)
}

/// The fix of an unwrapped text as one of the file; `None` where it does not read back.
fn wrapped(graph: &Graph<'_>, unwrapped: &str, start: usize, mut fix: Fix) -> Option<Fix> {
    let source = graph.dockerfile.source;
    let fixed = apply(unwrapped, &fix.edits);
    let name = graph.dockerfile.source.cut(start..start + BLANKED.len());
    let mut text = fixed.replace(BLANKED, name);
    // What is new has no mark yet. Both are of one length, so the places are the same.
    let (tree, _) = parse_part(&fixed, graph.options.fragment);
    // What goes first stands above the comments of the first trigger.
    let first =
        graph.dockerfile.instructions.iter().position(|step| step.span.start as usize == start);
    let start = first.map_or(start, |first| Layout::new(graph.dockerfile).block(first).start);
    // Who builds on the image has none of its stages, and its own frontend.
    let stages = tree.instructions.iter().filter(|step| step.keyword == Some(Keyword::From));
    let own = graph.stages.iter().take_while(|stage| {
        let from = &graph.dockerfile.instructions[stage.from];
        (from.span.start as usize) < start
    });
    // What the image itself holds is no trigger: `COPY --from=tool:latest` stays where it is.
    let moves_own = starts_above(&fix, start);
    let is_suggestion = fix.applicability == Applicability::Suggested;
    if is_suggestion || moves_own || stages.count() > own.count() {
        return None;
    }
    for step in tree.instructions.iter().rev() {
        let at = step.span.start as usize;
        let new = matches!(step.keyword, Some(Keyword::Copy | Keyword::Add | Keyword::Run));
        if at >= start && new && !fixed.cut(..at).trim_end_matches([' ', '\t']).ends_with(BLANKED) {
            text.insert_str(at, &format!("{name} "));
        }
    }
    text.push_str(source.cut(unwrapped.len()..));
    // It has to say the same, read again.
    let said = |step: &Instruction<'_>| match &step.arguments {
        Arguments::Onbuild(inner) => (inner.keyword, inner.rest.text.to_string()),
        _ => (step.keyword, step.rest.text.to_string()),
    };
    let (again, errors) = parse_part(&text, graph.options.fragment);
    let mut read = again.instructions.iter();
    let same = |step| read.next().is_some_and(|other| said(other) == said(step));
    if !errors.is_empty() || !tree.instructions.iter().all(same) {
        return None;
    }
    fix.applicability = Applicability::Assumed;
    fix.assumptions.insert(0, Assumption::TriggersMayRunSo.to_string());
    fix.edits = vec![Edit { span: Span::new(0, source.len()), text }.trimmed(source)];
    Some(fix)
}
