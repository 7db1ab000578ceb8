//! Instructions that get a flag more, or run a command less.

use super::Printer;
use crate::graph::StepAt;
use crate::text::{Edit, Span};

impl Printer<'_, '_> {
    /// Writes a flag behind those of an instruction.
    pub(super) fn add_flag(&mut self, at: StepAt, text: &str) {
        let instruction = &self.graph.dockerfile.instructions[self.step(at).instruction];
        let last = instruction.flags.last().map_or(instruction.name.span, |flag| flag.span);
        self.insert(last.end as usize, format!(" {text}"));
    }

    /// Takes commands out of a RUN with what joins them to the others.
    pub(super) fn take_out(&mut self, at: StepAt, commands: &[usize]) {
        let run = self.step(at).run().expect("only a RUN has commands");
        let place = |command: usize| run.commands[command].span;
        let spans: Vec<Span> = match (0..run.commands.len()).find(|at| !commands.contains(at)) {
            None => vec![self.removal(at)],
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
}
