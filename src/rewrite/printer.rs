//! From a plan to edits of the text.

use super::layout::Layout;
use super::manifest_copies::{self, ManifestCopy, Way};
use super::manifest_stage;
use super::plan::{Freed, Plan};
use super::split;
use crate::graph::{Graph, Step, StepAt};
use crate::sort::sort_by;
use crate::text::{Cut, Edit, Span};

/// The edits of plans: sorted, disjoint, each as small as it can be.
pub fn edits<'a>(graph: &Graph<'a>, layout: &Layout<'a>, plans: &[Plan]) -> Vec<Edit> {
    let mut edits = Vec::new();
    plans.iter().for_each(|plan| stage_edits(graph, layout, plan, &mut edits));
    normalise(graph.dockerfile.source, edits)
}

fn stage_edits<'a>(graph: &Graph<'a>, layout: &Layout<'a>, plan: &Plan, edits: &mut Vec<Edit>) {
    let stage = &graph.stages[plan.stage];
    let moved = Group::new(graph, layout, plan);
    // Below the last instruction that stays, the blank lines belong to what follows the stage.
    let gone = |step: usize| {
        plan.leaves && plan.moved.iter().any(|m| m.at == StepAt { stage: plan.stage, step })
    };
    let kept = (0..stage.steps.len()).rev().find(|&step| !gone(step));
    for moved in plan.moved.iter().filter(|m| m.from == 0 && m.at.stage == plan.stage) {
        let block = layout.block(stage.steps[moved.at.step].instruction);
        let span = match kept.is_none_or(|kept| kept < moved.at.step) {
            true => {
                let above = graph.dockerfile.source.cut(..block.start).trim_ascii_end().len();
                let step = kept.map_or(stage.from, |kept| stage.steps[kept].instruction);
                Span::new(above.max(layout.block(step).end), block.end)
            }
            false => Span::new(block.start, block.next),
        };
        edits.push(Edit { span, text: String::new() });
    }
    add_stage(graph, layout, plan, edits);
    for freed in &plan.freed {
        let step = &stage.steps[freed.step];
        let block = layout.block(step.instruction);
        edits.extend(above(graph, layout, freed));
        let here = StepAt { stage: plan.stage, step: freed.step };
        let sinks = plan.moved.iter().any(|moved| moved.at == here);
        let mut before = copies_text(graph, layout, plan, step, &freed.copies);
        let mut download = String::new();
        if let Some(added) = &freed.download {
            download = copies_text(graph, layout, plan, step, &added.copies);
            download.push_str(&run_prefix(graph, step));
            download.push_str(&added.command);
            match (sinks, freed.split) {
                (true, Some(_)) => download.insert_str(0, moved.line_break),
                (true, None) => download.push_str(layout.rhythm(step.instruction)),
                _ => download.push_str(moved.lead),
            }
        }
        let cleaning: String =
            freed.cleaning.iter().map(|command| format!(" && {command}")).collect();
        match freed.split {
            Some(at) if sinks => {
                let from =
                    step.run().map_or(block.end, |run| run.commands[at - 1].span.end as usize);
                edits.push(Edit { span: Span::new(from, block.end), text: cleaning + &download });
            }
            Some(at) if !freed.stays.is_empty() => {
                edits.push(pull(graph, step, at, freed, &moved, &mut before));
            }
            Some(at) => {
                let mut edit = cut(graph, step, at, &download, &moved);
                edit.text.insert_str(0, &cleaning);
                edits.push(edit);
            }
            None if freed.download.is_some() => {
                // The copies come between the download and the step itself, or sink with it.
                let text = match sinks {
                    true => format!("{before}{download}"),
                    false => format!("{before}{download}{}{}", moved.text, moved.rhythm),
                };
                edits.push(Edit { span: Span::at(block.start), text });
                continue;
            }
            None => {}
        }
        if !before.is_empty() {
            edits.push(Edit { span: Span::at(block.start), text: before });
        }
    }
    if plan.leaves {
        return;
    }
    let (at, text) = match plan.freed.last() {
        Some(last) if last.split.is_some() || last.download.is_some() => return,
        Some(last) => {
            let block = layout.block(stage.steps[last.step].instruction);
            (block.end, format!("{}{}", moved.lead, moved.text))
        }
        None => match stage.steps.first() {
            Some(first) => {
                let block = layout.block(first.instruction);
                (block.start, format!("{}{}", moved.text, moved.rhythm))
            }
            None => (layout.block(stage.from).end, format!("{}{}", moved.lead, moved.text)),
        },
    };
    edits.push(Edit { span: Span::at(at), text });
}

/// Adds the stage that keeps manifests, in front of the one that takes these from it.
fn add_stage<'a>(graph: &Graph<'a>, layout: &Layout<'a>, plan: &Plan, edits: &mut Vec<Edit>) {
    let from = graph.stages[plan.stage].from;
    let block = layout.block(from);
    let above = graph.dockerfile.source.cut(..block.start).trim_ascii().is_empty();
    // What heads the file stays there.
    let at = match above {
        true => graph.dockerfile.instructions[from].span.start as usize,
        false => block.start,
    };
    let mut added: Option<ManifestCopy> = None;
    for freed in &plan.freed {
        let downloads = freed.download.iter().flat_map(|download| &download.copies);
        for manifests in freed.copies.iter().chain(downloads) {
            if matches!(manifests.way, Way::Named { stage: Some(_), .. }) {
                let all = added.get_or_insert_with(|| manifests.clone());
                for name in &manifests.sources {
                    if !all.sources.contains(name) {
                        all.sources.push(name.clone());
                    }
                }
            }
        }
    }
    if let Some(manifests) = added
        && let Way::Named { stage: Some(stage), .. } = &manifests.way
    {
        let text =
            manifest_stage::stage_text(graph, &manifests, stage, plan.stage, layout.line_break());
        edits.push(Edit { span: Span::at(at), text });
    }
}

/// The steps that sink, as they stand together afterwards.
struct Group<'a> {
    /// Their texts with their comments, and what stood behind each between them.
    text: String,
    /// What stands before the first.
    lead: &'a str,
    /// What stood behind the last.
    rhythm: &'a str,
    /// The line break that the file uses.
    line_break: &'static str,
}

impl<'a> Group<'a> {
    fn new(graph: &Graph<'a>, layout: &Layout<'a>, plan: &Plan) -> Group<'a> {
        let line_break = layout.line_break();
        let mut group = Group { text: String::new(), lead: "", rhythm: "", line_break };
        for moved in &plan.moved {
            let step = &graph.stages[moved.at.stage].steps[moved.at.step];
            let index = step.instruction;
            let text = layout.text(index);
            let inherited = moved.at.stage != plan.stage;
            group.text.push_str(group.rhythm);
            if moved.from > 0 {
                group.text.push_str(&tail(graph, step, moved.from, line_break));
                group.rhythm = layout.rhythm(index);
                continue;
            }
            match &moved.destination {
                Some(destination) => group.text.push_str(&manifest_copies::with_destination(
                    graph,
                    &graph.dockerfile.instructions[index],
                    text,
                    layout.block(index).start,
                    destination,
                )),
                None => group.text.push_str(text),
            }
            group.rhythm = if inherited { line_break } else { layout.rhythm(index) };
        }
        group.lead = group.rhythm;
        if let (Some(first), Some(last)) = (plan.moved.first(), plan.freed.last()) {
            let steps = &graph.stages[plan.stage].steps;
            let first = &graph.stages[first.at.stage].steps[first.at.step];
            let apart = layout.stands_apart(first.instruction)
                || is_blank_line(layout.rhythm(steps[last.step].instruction));
            // A comment keeps its distance from what stands above it.
            if group.text.starts_with('#') && apart && !is_blank_line(group.lead) {
                group.lead = layout.blank_line();
            }
        }
        group
    }
}

/// The copies that stand above a WORKDIR.
fn above(graph: &Graph<'_>, layout: &Layout<'_>, freed: &Freed) -> Vec<Edit> {
    let added = freed.download.iter().flat_map(|download| &download.copies);
    let mut edits = Vec::new();
    for copy in freed.copies.iter().chain(added) {
        let Some(above) = copy.above else { continue };
        let steps = &graph.stages[copy.from.stage].steps;
        let cwd = steps[copy.from.step].cwd.as_deref();
        let text = manifest_copies::write(graph, copy, cwd, layout.line_break());
        let at = layout.block(steps[above].instruction).start;
        edits.push(Edit { span: Span::at(at), text: text + layout.line_break() });
    }
    edits
}

/// Copies of manifests, and what stands behind them.
fn copies_text(
    graph: &Graph<'_>,
    layout: &Layout<'_>,
    plan: &Plan,
    step: &Step<'_>,
    copies: &[ManifestCopy],
) -> String {
    let copies = || copies.iter().filter(|copy| copy.above.is_none());
    let Some(first) = copies().next() else { return String::new() };
    let stage = &graph.stages[plan.stage];
    let lines: Vec<String> = copies()
        .map(|copy| manifest_copies::write(graph, copy, step.cwd.as_deref(), layout.line_break()))
        .collect();
    // A download is followed by its install at once.
    let close = plan.freed.iter().any(|freed| freed.download.is_some());
    let rhythm = match close || first.from.stage != plan.stage {
        true => layout.line_break(),
        false => layout.rhythm(stage.steps[first.from.step].instruction),
    };
    let comment = layout.text(step.instruction).starts_with('#');
    // The comment stays with the step itself.
    let downloads = plan.freed.iter().any(|freed| {
        freed.download.is_some() && stage.steps[freed.step].instruction == step.instruction
    });
    let apart = comment && !downloads && layout.stands_apart(step.instruction);
    let rhythm = match apart && !is_blank_line(rhythm) {
        true => layout.blank_line(),
        false => rhythm,
    };
    format!("{}{rhythm}", lines.join(layout.line_break()))
}

/// Whether a blank line is part of what stands between two instructions.
fn is_blank_line(rhythm: &str) -> bool {
    rhythm.matches('\n').count() > 1
}

/// `RUN ` with the flags of the step, up to its first command.
fn run_prefix(graph: &Graph<'_>, step: &Step<'_>) -> String {
    let source = graph.dockerfile.source;
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let mut text = format!("{} ", instruction.name.text);
    if let (Some(first), Some(last)) = (instruction.flags.first(), instruction.flags.last()) {
        text.push_str(first.span.to(last.span).of(source));
        let command = step.run().and_then(|run| run.commands.first());
        let end = last.span.end as usize;
        let between = command.map_or(" ", |command| source.cut(end..command.span.start as usize));
        text.push_str(if between.contains(['#', '<']) { " " } else { between });
    }
    text
}

/// Cuts a RUN before its command number `at`, with `download` and the copies between its
/// parts.
fn cut(graph: &Graph<'_>, step: &Step<'_>, at: usize, download: &str, moved: &Group<'_>) -> Edit {
    let run = step.run().expect("only a RUN is cut");
    let from = run.commands[at - 1].span.end as usize;
    let end = graph.dockerfile.instructions[step.instruction].span.end as usize;
    let tail = tail(graph, step, at, moved.line_break);
    // A here-document ends before what is added.
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let close = split::script(instruction, run)
        .map_or(String::new(), |heredoc| format!("{}{}", moved.line_break, heredoc.name));
    let text = format!("{close}{}{download}{}{}{tail}", moved.lead, moved.text, moved.rhythm);
    Edit { span: Span::new(from, end), text }
}

/// Pulls the first `at` commands of a RUN, but for those that stay, before what sinks. Comments
/// of the first of them are added to `above`.
fn pull(
    graph: &Graph<'_>,
    step: &Step<'_>,
    at: usize,
    freed: &Freed,
    moved: &Group<'_>,
    above: &mut String,
) -> Edit {
    let run = step.run().expect("only a RUN is cut");
    let source = graph.dockerfile.source;
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let (mut head, mut tail, mut between) = (String::new(), String::new(), String::new());
    let mut end = run.commands[0].span.start as usize;
    for (index, command) in run.commands.iter().enumerate() {
        let goes = index < at && !freed.stays.contains(&index);
        let (part, comments) =
            if goes { (&mut head, &mut *above) } else { (&mut tail, &mut between) };
        // What stands before a command goes with it.
        let joined = source.cut(end..command.span.start as usize);
        match part.is_empty() {
            true => add_comments(joined, moved.line_break, comments),
            false => part.push_str(joined),
        }
        part.push_str(command.span.of(source));
        end = command.span.end as usize;
    }
    let prefix = run_prefix(graph, step);
    let text = format!("{head}{}{}{}{between}{prefix}{tail}", moved.lead, moved.text, moved.rhythm);
    let from = run.commands[0].span.start as usize;
    Edit { span: Span::new(from, instruction.span.end as usize), text }
}

/// Adds the comments that stand between two commands, each as a line.
fn add_comments(between: &str, line_break: &str, text: &mut String) {
    for comment in between.lines().skip(1).map(str::trim) {
        if comment.starts_with('#') {
            text.push_str(comment);
            text.push_str(line_break);
        }
    }
}

/// The second part of a RUN that is cut before its command number `at`, as an instruction.
fn tail(graph: &Graph<'_>, step: &Step<'_>, at: usize, line_break: &str) -> String {
    let run = step.run().expect("only a RUN is cut");
    let source = graph.dockerfile.source;
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let from = run.commands[at - 1].span.end as usize;
    let to = run.commands[at].span.start as usize;
    let mut text = String::new();
    // Comments between the two commands go with the second.
    add_comments(source.cut(from..to), line_break, &mut text);
    text.push_str(&run_prefix(graph, step));
    if let Some(heredoc) = split::script(instruction, run) {
        text.push_str(heredoc.opener.of(source));
        text.push_str(line_break);
        text.push_str(indentation(source.cut(..to)).unwrap_or_default());
    }
    let start = |index: usize| run.commands[index].span.start as usize;
    let settings = split::repeated(run, at).unwrap_or_default();
    let repeated: String =
        settings.into_iter().map(|index| source.cut(start(index)..start(index + 1))).collect();
    if !repeated.is_empty() {
        // The command behind the cut keeps its own indentation.
        match (repeated.rfind('\n'), indentation(source.cut(..to))) {
            (Some(line), Some(own)) if indentation(&repeated).is_some() => {
                text.push_str(repeated.cut(..line + 1));
                text.push_str(own);
            }
            _ => text.push_str(&repeated),
        }
    }
    text.push_str(source.cut(to..instruction.span.end as usize));
    text
}

/// What stands in front of the end of `text` on its line, where that is blank.
fn indentation(text: &str) -> Option<&str> {
    let (_, line) = text.rsplit_once('\n')?;
    line.trim().is_empty().then_some(line)
}

/// Sorts and joins edits that touch, and trims what they leave as it was.
fn normalise(source: &str, mut edits: Vec<Edit>) -> Vec<Edit> {
    sort_by(&mut edits, |a, b| a.span.cmp(&b.span));
    let mut joined: Vec<Edit> = Vec::new();
    for edit in edits {
        match joined.last_mut() {
            Some(last) if last.span.end >= edit.span.start => {
                last.span.end = last.span.end.max(edit.span.end);
                last.text.push_str(&edit.text);
            }
            _ => joined.push(edit),
        }
    }
    joined.into_iter().map(|edit| edit.trimmed(source)).filter(Edit::changes).collect()
}
