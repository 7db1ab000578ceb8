//! Instructions that get a flag more, or run a command less.

use super::Printer;
use super::words::LONG;
use crate::graph::StepAt;
use crate::repair::Operation;
use crate::syntax::Keyword;
use crate::text::{Cut, Edit, Span};

impl Printer<'_, '_> {
    /// Writes a flag behind those of an instruction.
    pub(super) fn add_flag(&mut self, at: StepAt, text: &str) {
        let instruction = &self.graph.dockerfile.instructions[self.step(at).instruction];
        let last = instruction.flags.last().map_or(instruction.name.span, |flag| flag.span);
        let source = self.graph.dockerfile.source;
        let added = self.repair.operations.iter().map(|operation| match operation {
            Operation::AddFlag { step, text } if *step == at => text.len() + 1,
            _ => 0,
        });
        let line = instruction.span.of(source).lines().next().unwrap_or_default();
        let is_long = instruction.keyword == Some(Keyword::Run)
            && line.len() + added.sum::<usize>() > LONG
            && !source
                .cut(last.end as usize..)
                .trim_start()
                .starts_with(self.graph.dockerfile.escape);
        let behind = match is_long {
            true => format!(" {}{}   ", self.graph.dockerfile.escape, self.layout.line_break()),
            false => String::new(),
        };
        self.insert(last.end as usize, format!(" {text}{behind}"));
    }

    /// Takes commands out of a RUN with what joins them to the others.
    pub(super) fn take_out(&mut self, at: StepAt, commands: &[usize]) {
        let run = self.step(at).run().expect("only a RUN has commands");
        let place = |command: usize| run.commands[command].span;
        let spans: Vec<Span> = match (0..run.commands.len()).find(|at| !commands.contains(at)) {
            None => vec![self.without_blank_lines(at)],
            Some(kept) => {
                let span = |&command: &usize| match command < kept {
                    true => Span { end: place(command + 1).start, ..place(command) },
                    false => Span { start: place(command - 1).end, ..place(command) },
                };
                commands.iter().map(span).collect()
            }
        };
        self.edits.extend(spans.into_iter().map(|span| Edit { span, text: String::new() }));
    }

    /// What goes with an instruction that is taken away: the blank lines behind it, where such stand
    /// above as well.
    fn without_blank_lines(&self, at: StepAt) -> Span {
        let span = self.removal(at);
        let instruction = self.step(at).instruction;
        let end = self.layout.block(instruction).end;
        let behind = self.graph.dockerfile.source.cut(end..);
        match behind.find('\n') {
            Some(line) if !self.layout.stands_apart(instruction) && span.end as usize > end => {
                Span::new(span.start as usize, end + line + 1)
            }
            _ => span,
        }
    }
}
