//! From a repair to edits of the text: each operation as the author of the file would write it.
//!
//! Comments directly above an instruction move with it, and so do the blank lines behind it.
//! Whether the result makes the same image is the business of `verify`.

mod copies;
pub mod manifest_stage;
mod parts;
mod taken_out;
mod words;

use super::layout::Layout;
use crate::cache::frontend::raise;
use crate::graph::{Graph, Step, StepAt};
use crate::repair::{ManifestCopy, Operation, Place, Repair};
use crate::sort::sort_by;
use crate::text::{Cut, Edit, Span};

use words::LONG;

/// The edits of a repair: sorted, disjoint, each as small as it can be.
pub fn edits<'a>(graph: &Graph<'a>, layout: &Layout<'a>, repair: &Repair) -> Vec<Edit> {
    let mut printer = Printer { graph, layout, repair, edits: Vec::new() };
    printer.remove();
    for operation in &repair.operations {
        match operation {
            Operation::AddStage { stage, keeps, directory, before } => {
                let end = layout.line_break();
                let text =
                    manifest_stage::stage_text(graph, (stage, keeps), directory, *before, end);
                printer.insert(printer.above_stage(*before), text);
            }
            Operation::Merge { step, into } => printer.merge(*step, *into),
            Operation::EditFlag { step, flag, text } => {
                let instruction = &graph.dockerfile.instructions[printer.step(*step).instruction];
                let span = instruction.flags[*flag].span;
                printer.edits.push(Edit { span, text: text.clone() });
            }
            Operation::AddFlag { step, text } => printer.add_flag(*step, text),
            Operation::TakeOut { step, commands } => printer.take_out(*step, commands),
            Operation::TakeOutWords { words, .. } => {
                let edits = words.iter().map(|&span| Edit { span, text: String::new() });
                printer.edits.extend(edits);
            }
            Operation::RaiseFrontend => printer.edits.extend(raise(graph.dockerfile)),
            Operation::Split { step, first, cleaning } => printer.split(*step, first, cleaning),
            Operation::Sink { .. } | Operation::InsertCopy { .. } | Operation::InsertRun { .. } => {
            }
        }
    }
    for place in printer.places() {
        match place {
            Place::Before(at) => printer.before(at),
            Place::Behind(at) => printer.behind(at),
            Place::Start(stage) => printer.start(stage),
            Place::With(at) if !printer.sinks(at) => {
                let comments = printer.comments_of_equals(at);
                printer.insert(layout.block(printer.step(at).instruction).start, comments);
            }
            // It is part of another text: of the RUN that is cut, of the copy that sinks.
            Place::Between(_) | Place::With(_) => {}
        }
    }
    normalise(graph.dockerfile.source, printer.edits)
}

struct Printer<'p, 'a> {
    graph: &'p Graph<'a>,
    layout: &'p Layout<'a>,
    repair: &'p Repair,
    edits: Vec<Edit>,
}

/// The steps that sink to one place, as they stand together afterwards.
#[derive(Default)]
struct Group<'a> {
    /// Their texts with their comments, and what stood behind each between them.
    text: String,
    /// What stands before the first.
    lead: &'a str,
    /// What stood behind the last.
    rhythm: &'a str,
}

impl<'p, 'a> Printer<'p, 'a> {
    fn step(&self, at: StepAt) -> &'p Step<'a> {
        &self.graph.stages[at.stage].steps[at.step]
    }

    fn insert(&mut self, at: usize, text: String) {
        self.edits.push(Edit { span: Span::at(at), text });
    }

    /// The places where something is put, in the order of the operations.
    fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for operation in &self.repair.operations {
            if let Operation::Sink { to: at, .. }
            | Operation::InsertCopy { at, .. }
            | Operation::InsertRun { at, .. } = operation
                && !places.contains(at)
            {
                places.push(*at);
            }
        }
        places
    }

    /// Takes away the instructions that sink as a whole.
    fn remove(&mut self) {
        let mut removed: Vec<StepAt> = Vec::new();
        for operation in &self.repair.operations {
            if let Operation::Sink { step, from: 0, .. } = operation
                && !removed.contains(step)
            {
                removed.push(*step);
                let span = self.removal(*step);
                self.edits.push(Edit { span, text: String::new() });
            }
        }
    }

    /// What goes with a step that sinks: the blank lines behind it. Below the last instruction
    /// of a stage that stays, they belong to what follows the stage.
    fn removal(&self, at: StepAt) -> Span {
        let stage = &self.graph.stages[at.stage];
        let block = self.layout.block(stage.steps[at.step].instruction);
        let leaves = |step: usize| {
            let here = StepAt { stage: at.stage, step };
            self.repair.operations.iter().any(|operation| match operation {
                Operation::Sink { step, to, .. } => *step == here && to.stage() != here.stage,
                Operation::TakeOut { step, commands } => {
                    let run = self.step(here).run();
                    *step == here && run.is_some_and(|run| run.commands.len() == commands.len())
                }
                _ => false,
            })
        };
        let kept = (0..stage.steps.len()).rev().find(|&step| !leaves(step));
        match kept.is_none_or(|kept| kept < at.step) {
            true => {
                let above = self.graph.dockerfile.source.cut(..block.start).trim_ascii_end().len();
                let kept = kept.map_or(stage.from, |kept| stage.steps[kept].instruction);
                Span::new(above.max(self.layout.block(kept).end), block.end)
            }
            false => Span::new(block.start, block.next),
        }
    }

    /// Where a stage is added: what heads the file stays there.
    fn above_stage(&self, stage: usize) -> usize {
        let from = self.graph.stages[stage].from;
        let start = self.layout.block(from).start;
        match self.graph.dockerfile.source.cut(..start).trim_ascii().is_empty() {
            true => self.graph.dockerfile.instructions[from].span.start as usize,
            false => start,
        }
    }

    /// What sinks to `place`.
    fn group(&self, place: Place) -> Group<'a> {
        let line_break = self.layout.line_break();
        let mut group = Group::default();
        let mut first = None;
        for operation in &self.repair.operations {
            let Operation::Sink { step: at, from, to, destination } = operation else { continue };
            if *to != place {
                continue;
            }
            let step = self.step(*at);
            let index = step.instruction;
            first.get_or_insert(index);
            group.text.push_str(group.rhythm);
            if *from > 0 {
                let tail = match self.pulled(*at) {
                    Some(pulled) => pulled.tail,
                    None => parts::tail(self.graph, step, *from, line_break),
                };
                group.text.push_str(&tail);
                group.rhythm = self.layout.rhythm(index);
                continue;
            }
            group.text.push_str(&self.comments_of_equals(*at));
            match destination {
                Some(destination) => group.text.push_str(&copies::with_destination(
                    self.graph,
                    &self.graph.dockerfile.instructions[index],
                    self.layout.text(index),
                    self.layout.block(index).start,
                    destination,
                )),
                None => group.text.push_str(self.layout.text(index)),
            }
            let inherited = at.stage != place.stage();
            group.rhythm = if inherited { line_break } else { self.layout.rhythm(index) };
        }
        group.lead = group.rhythm;
        let beside = match place {
            Place::Before(at) | Place::Behind(at) | Place::Between(at) => self.freed(at),
            Place::Start(_) | Place::With(_) => None,
        };
        if let (Some(first), Some(beside)) = (first, beside) {
            let apart = self.layout.stands_apart(first)
                || is_blank_line(self.layout.rhythm(beside.instruction));
            // A comment keeps its distance from what stands above it.
            if group.text.starts_with('#') && apart && !is_blank_line(group.lead) {
                group.lead = self.layout.blank_line();
            }
        }
        group
    }

    /// The comments of the copies that the one at `at` does for, where it has not the same.
    fn comments_of_equals(&self, at: StepAt) -> String {
        let own = self.layout.text(self.step(at).instruction);
        let equals = self.repair.operations.iter().filter_map(|operation| match operation {
            Operation::Sink { step, to, .. } if *to == Place::With(at) => Some(self.step(*step)),
            _ => None,
        });
        let comments = equals.map(|step| {
            let start = self.graph.dockerfile.instructions[step.instruction].span.start as usize;
            let above = self.layout.block(step.instruction).start;
            self.graph.dockerfile.source.cut(above..start)
        });
        comments.filter(|comments| !own.starts_with(comments)).collect()
    }

    /// The step at `at`, where the repair frees it.
    fn freed(&self, at: StepAt) -> Option<&'p Step<'a>> {
        self.repair.frees.contains(&at).then(|| self.step(at))
    }

    /// The copies that are added at `place`.
    fn copies_at(&self, place: Place) -> impl Iterator<Item = &'p ManifestCopy> {
        self.repair.operations.iter().filter_map(move |operation| match operation {
            Operation::InsertCopy { copy, at } if *at == place => Some(copy),
            _ => None,
        })
    }

    /// The added RUNs at `place`, as instructions.
    fn run_at(&self, place: Place) -> Option<String> {
        let runs = self.repair.operations.iter().filter_map(|operation| match operation {
            Operation::InsertRun { command, of, at } if *at == place => {
                Some(parts::prefix(self.graph, self.step(*of)) + command)
            }
            _ => None,
        });
        let runs: Vec<String> = runs.collect();
        (!runs.is_empty()).then(|| runs.join(self.layout.line_break()))
    }

    /// The copies that are added at `place`, and what stands behind them.
    fn copies(&self, place: Place) -> String {
        let (Place::Before(at) | Place::Between(at)) = place else { return String::new() };
        let Some(first) = self.copies_at(place).next() else { return String::new() };
        let step = self.step(at);
        let end = self.layout.line_break();
        let cwd = step.cwd.as_deref();
        let lines = self.copies_at(place).map(|copy| copies::write(self.graph, copy, cwd, end));
        let lines: Vec<String> = lines.collect();
        format!("{}{}", lines.join(end), self.behind_copies(at, first))
    }

    /// What stands behind the copies that are added in front of the step at `at`.
    fn behind_copies(&self, at: StepAt, first: &ManifestCopy) -> &'a str {
        let step = self.step(at);
        let fetched = self.repair.operations.iter().filter_map(|operation| match operation {
            Operation::InsertRun { of, at: place, .. } if place.stage() == at.stage => Some(*of),
            _ => None,
        });
        let fetched: Vec<StepAt> = fetched.collect();
        let line_break = self.layout.line_break();
        let own = self.layout.rhythm(self.step(first.from).instruction);
        if first.from == at {
            // A download is followed by its install at once.
            let steps = (at.step + 1..).map(|step| StepAt { step, ..at });
            let next = steps.into_iter().find(|step| fetched.contains(step) || !self.sinks(*step));
            return if next.is_some_and(|next| fetched.contains(&next)) { line_break } else { own };
        }
        if self.freed(at).is_none() {
            return line_break;
        }
        let close = !fetched.is_empty() || first.from.stage != at.stage;
        let rhythm = if close { line_break } else { own };
        let comment = self.layout.text(step.instruction).starts_with('#');
        // Behind a download the comment stays with the step itself.
        let apart = comment
            && !fetched.contains(&at)
            && self.layout.stands_apart(step.instruction)
            && !is_blank_line(rhythm);
        if apart { self.layout.blank_line() } else { rhythm }
    }

    /// Whether all of a step sinks.
    fn sinks(&self, at: StepAt) -> bool {
        self.repair.operations.iter().any(
            |operation| matches!(operation, Operation::Sink { step, from: 0, .. } if *step == at),
        )
    }

    /// What is put above a step.
    fn before(&mut self, at: StepAt) {
        let place = Place::Before(at);
        let index = self.step(at).instruction;
        let group = self.group(place);
        let mut text = self.copies(place);
        if let Some(pulled) = self.pulled(at) {
            text.push_str(&pulled.above);
        }
        if let Some(run) = self.run_at(place) {
            text.push_str(&run);
            text.push_str(if group.text.is_empty() {
                self.layout.rhythm(index)
            } else {
                group.lead
            });
        }
        if !group.text.is_empty() {
            text.push_str(&group.text);
            text.push_str(group.rhythm);
        }
        self.insert(self.layout.block(index).start, text);
    }

    fn behind(&mut self, at: StepAt) {
        let group = self.group(Place::Behind(at));
        let end = self.layout.block(self.step(at).instruction).end;
        self.insert(end, format!("{}{}", group.lead, group.text));
    }

    fn start(&mut self, stage: usize) {
        let group = self.group(Place::Start(stage));
        let end = self.layout.block(self.graph.stages[stage].from).end;
        self.insert(end, format!("{}{}", group.lead, group.text));
    }

    /// Cuts a RUN, with what stands between its parts.
    fn split(&mut self, at: StepAt, first: &[usize], cleaning: &[String]) {
        let place = Place::Between(at);
        let step = self.step(at);
        let run = step.run().expect("only a RUN is cut");
        let instruction = &self.graph.dockerfile.instructions[step.instruction];
        let line_break = self.layout.line_break();
        let group = self.group(place);
        let sinks = self.repair.operations.iter().any(|operation| {
            matches!(operation, Operation::Sink { step, from, .. } if *step == at && *from > 0)
        });
        if let Some(pulled) = self.pulled(at) {
            let from = run.commands[0].span.start as usize;
            let sunk = format!("{}{}{}", group.lead, group.text, group.rhythm);
            let (text, end) = match sinks {
                true => (pulled.head, self.layout.block(step.instruction).end),
                false => {
                    let text = format!("{}{sunk}{}", pulled.head, pulled.tail);
                    (text, instruction.span.end as usize)
                }
            };
            self.edits.push(Edit { span: Span::new(from, end), text });
            if !self.places().contains(&Place::Before(at)) {
                self.insert(self.layout.block(step.instruction).start, pulled.above);
            }
            return;
        }
        let cut = first.len();
        let from = run.commands[cut - 1].span.end as usize;
        let mut text: String = cleaning.iter().map(|command| format!(" && {command}")).collect();
        let copies = self.copies(place);
        let run = self.run_at(place).unwrap_or_default();
        if sinks {
            if !run.is_empty() {
                text.push_str(&format!("{line_break}{copies}{run}"));
            }
            let end = self.layout.block(step.instruction).end;
            self.edits.push(Edit { span: Span::new(from, end), text });
            return;
        }
        text.push_str(&parts::close(self.graph, step, line_break));
        text.push_str(group.lead);
        if !run.is_empty() {
            text.push_str(&format!("{copies}{run}{}", group.lead));
        }
        text.push_str(&format!("{}{}", group.text, group.rhythm));
        text.push_str(&parts::tail(self.graph, step, cut, line_break));
        self.edits.push(Edit { span: Span::new(from, instruction.span.end as usize), text });
    }

    /// The parts of the RUN at `at`, where commands are pulled out from behind others.
    fn pulled(&self, at: StepAt) -> Option<parts::Pulled> {
        let first = self.repair.operations.iter().find_map(|operation| match operation {
            Operation::Split { step, first, .. } if *step == at => Some(first),
            _ => None,
        })?;
        let behind_others = first.iter().enumerate().any(|(count, &command)| count != command);
        behind_others
            .then(|| parts::pull(self.graph, self.step(at), first, self.layout.line_break()))
    }

    /// Writes the commands of a RUN in front of those of the RUN `into`, and its comments above.
    fn merge(&mut self, at: StepAt, into: StepAt) {
        let (first, second) = (self.step(at), self.step(into));
        let (Some(run), Some(rest)) = (first.run(), second.run()) else { return };
        let source = self.graph.dockerfile.source;
        let (Some(start), Some(end)) = (run.commands.first(), run.commands.last()) else { return };
        let Some(rest) = rest.commands.first() else { return };
        let commands = start.span.to(end.span).of(source);
        let instruction = &self.graph.dockerfile.instructions[second.instruction];
        let line = rest.span.of(source).lines().next().unwrap_or_default();
        let joined = match commands.len() + line.len() > LONG - "RUN  && ".len() {
            true => format!(
                "{commands} {}{}    && ",
                self.graph.dockerfile.escape,
                self.layout.line_break()
            ),
            false => format!("{commands} && "),
        };
        let block = self.layout.block(first.instruction);
        let own = self.graph.dockerfile.instructions[first.instruction].span.start as usize;
        let comments = source.cut(block.start..own).to_owned();
        self.edits.push(Edit { span: Span::new(block.start, block.next), text: String::new() });
        let above = instruction.span.start as usize;
        self.insert(above, comments);
        self.insert(rest.span.start as usize, joined);
    }
}

/// Whether a blank line is part of what stands between two instructions.
fn is_blank_line(rhythm: &str) -> bool {
    rhythm.matches('\n').count() > 1
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
