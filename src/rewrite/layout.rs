//! How the text is laid out around instructions: comments that belong to one, and the
//! rhythm of blank lines behind it.

use crate::syntax::{Dockerfile, ItemKind};
use crate::text::Cut;

/// The text around each instruction.
pub struct Layout<'a> {
    dockerfile: &'a Dockerfile<'a>,
    /// For each instruction its index among the items.
    items: Vec<usize>,
}

/// An instruction with what belongs to it; byte offsets of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where the comments directly above it start, or its own line.
    pub start: usize,
    /// Where its text ends, before the line break.
    pub end: usize,
    /// Behind the line break and the blank lines that follow.
    pub next: usize,
}

impl<'a> Layout<'a> {
    /// Finds the instructions among the items.
    pub fn new(dockerfile: &'a Dockerfile<'a>) -> Layout<'a> {
        let mut items = vec![0; dockerfile.instructions.len()];
        for (at, item) in dockerfile.items.iter().enumerate() {
            if let ItemKind::Instruction(index) = item.kind {
                items[index as usize] = at;
            }
        }
        Layout { dockerfile, items }
    }

    /// The block of an instruction.
    pub fn block(&self, instruction: usize) -> Block {
        let items = &self.dockerfile.items;
        let at = self.items[instruction];
        let mut first = at;
        while first > 0 && items[first - 1].kind == ItemKind::Comment {
            first -= 1;
        }
        let mut next = at + 1;
        while items.get(next).is_some_and(|item| item.kind == ItemKind::Blank) {
            next += 1;
        }
        Block {
            start: items[first].span.start as usize,
            end: self.dockerfile.instructions[instruction].span.end as usize,
            next: items[next - 1].span.end as usize,
        }
    }

    /// The instruction with its comments, without what follows its last line.
    pub fn text(&self, instruction: usize) -> &'a str {
        let block = self.block(instruction);
        self.dockerfile.source.cut(block.start..block.end)
    }

    /// What stands between an instruction and what follows: a line break and blank lines.
    /// At the end of the file, where no line break may stand, the file's usual one.
    pub fn rhythm(&self, instruction: usize) -> &'a str {
        let block = self.block(instruction);
        let rhythm = self.dockerfile.source.cut(block.end..block.next);
        let blanks = rhythm.trim_start_matches([' ', '\t']);
        if blanks.contains('\n') { rhythm } else { self.line_break() }
    }

    /// Whether a blank line, or nothing at all, stands above the block of an instruction.
    pub fn stands_apart(&self, instruction: usize) -> bool {
        let above = self.dockerfile.source.cut(..self.block(instruction).start);
        let line = above.strip_suffix('\n').map(|above| above.rsplit('\n').next().unwrap_or(""));
        line.is_none_or(|line| line.trim().is_empty())
    }

    /// A blank line, with the line break before it.
    pub fn blank_line(&self) -> &'static str {
        match self.line_break() {
            "\r\n" => "\r\n\r\n",
            _ => "\n\n",
        }
    }

    /// The line break that the file uses.
    pub fn line_break(&self) -> &'static str {
        match self.dockerfile.source.find('\n') {
            Some(at) if self.dockerfile.source.cut(..at).ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}
