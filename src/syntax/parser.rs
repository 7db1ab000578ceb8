//! The parser's main loop: physical lines to directives, comments and instructions.
//!
//! Follows `Parse` of BuildKit's `frontend/dockerfile/parser/parser.go`, and `Parse` of
//! `frontend/dockerfile/instructions/parse.go` for the order of errors. Where BuildKit
//! stops at the first error, this goes on.

use super::arguments::{self, Refusal, When};
use super::ast::{
    Arguments, Command, Dockerfile, Instruction, Item, ItemKind, Keyword, SyntaxError, Word,
};
use super::command;
use super::directive::Directives;
use super::flags;
use super::heredoc;
use super::line::{Line, Lines, cut_continuation, too_long, trim_start, without_break};
use super::suggest::suggestion;
use crate::limits;
use crate::text::{Cut, Span};
use std::borrow::Cow;
use std::ops::Range;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a Dockerfile. The errors are what BuildKit refuses, the one that it reports first;
/// what it only warns of is not among them.
pub fn parse(text: &str) -> (Dockerfile<'_>, Vec<SyntaxError>) {
    parse_part(text, false)
}

/// Reads a Dockerfile that is a fragment of one where `is_fragment` says so: what stands before
/// its first FROM, more than ARG, is read as a stage whose FROM was left out. See
/// [`Dockerfile::is_fragment`].
pub fn parse_part(text: &str, is_fragment: bool) -> (Dockerfile<'_>, Vec<SyntaxError>) {
    let mut parser = Parser {
        lines: Lines { text, at: 0 },
        escape: '\\',
        items: Vec::new(),
        instructions: Vec::new(),
        in_stage: is_fragment,
        gave_up: false,
        refused: Vec::new(),
        invalid: Vec::new(),
    };
    let directives = parser.run(text);
    if is_fragment {
        parser.add_from();
    }
    if parser.instructions.is_empty() {
        let message = "file with no instructions".to_owned();
        let end = without_break(text).len();
        let start = text.cut(..end).rfind('\n').map_or(0, |at| at + 1);
        parser.refused.push(SyntaxError { message, span: Span::new(start, end) });
    }
    let Parser { escape, items, instructions, mut refused, invalid, .. } = parser;
    refused.extend(invalid);
    (
        Dockerfile {
            source: text,
            directives: directives.into_found(),
            escape,
            items,
            instructions,
        },
        refused,
    )
}

struct Parser<'a> {
    lines: Lines<'a>,
    escape: char,
    items: Vec<Item>,
    instructions: Vec<Instruction<'a>>,
    /// A FROM came already.
    in_stage: bool,
    /// A line came that BuildKit does not read.
    gave_up: bool,
    /// What BuildKit's parser refuses.
    refused: Vec<SyntaxError>,
    /// What it refuses afterwards, instruction by instruction.
    invalid: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    fn run(&mut self, text: &'a str) -> Directives<'a> {
        let mut directives = Directives::new(text);
        let mut pieces = Vec::new();
        let mut joined = String::new();
        // A guess at what files of ordinary size hold.
        let instructions = text.len().min(1 << 14) / 32;
        self.instructions.reserve(instructions);
        self.items.reserve(instructions * 2);
        if text.starts_with(BYTE_ORDER_MARK) {
            self.lines.at = BYTE_ORDER_MARK.len();
            self.item(ItemKind::Blank, 0..BYTE_ORDER_MARK.len());
        }
        while let Some(line) = self.next_line() {
            let whole = without_break(text.cut(line.clone()));
            let content = trim_start(whole);
            let start = line.start + (whole.len() - content.len());
            if !directives.done() && self.directive(&mut directives, start, content) {
                self.item(ItemKind::Directive, line);
                continue;
            }
            if content.starts_with('#') {
                self.item(ItemKind::Comment, line);
                continue;
            }
            let (content, continues) = cut_continuation(content, self.escape);
            if content.is_empty() && !continues {
                self.item(ItemKind::Blank, line);
                continue;
            }
            pieces.clear();
            if !content.is_empty() {
                pieces.push((0, start as u32));
            }
            let mut length = content.len();
            if continues {
                joined.clear();
                joined.push_str(content);
                self.join(text, &mut pieces, &mut joined);
                length = joined.len();
            }
            let logical = Line {
                source: text,
                // One piece stands in the source as it is.
                text: match pieces.as_slice() {
                    &[(0, at)] => text.cut(at as usize..at as usize + length),
                    _ => &joined,
                },
                pieces: &pieces,
            };
            self.instruction(&logical, start);
            let index = ItemKind::Instruction(self.instructions.len() as u32 - 1);
            self.item(index, line.start..self.lines.at);
        }
        directives
    }

    /// Adds the FROM that a fragment leaves out, in front of its first instruction. It is no item:
    /// the text has none of it.
    fn add_from(&mut self) {
        let named = |step: &Instruction<'_>| step.keyword != Some(Keyword::Arg);
        let Some(first) = self.instructions.first() else { return };
        let begins = self.instructions.iter().find(|step| named(step));
        if begins.is_some_and(|step| step.keyword == Some(Keyword::From)) {
            return;
        }
        let span = Span::at(first.span.start as usize);
        let word = Word { text: Cow::Borrowed(""), span };
        self.instructions.insert(
            0,
            Instruction {
                name: Word { text: Cow::Borrowed(Keyword::From.name()), span },
                keyword: Some(Keyword::From),
                span,
                flags: Vec::new(),
                rest: word.clone(),
                arguments: Arguments::From { image: word, name: None },
                heredocs: Vec::new(),
            },
        );
        for item in &mut self.items {
            if let ItemKind::Instruction(index) = &mut item.kind {
                *index += 1;
            }
        }
    }

    fn item(&mut self, kind: ItemKind, range: Range<usize>) {
        self.items.push(Item { kind, span: Span::new(range.start, range.end) });
    }

    /// The next physical line. Complains of the first that is too long.
    fn next_line(&mut self) -> Option<Range<usize>> {
        let line = self.lines.next()?;
        if line.len() > 0xffff && !self.gave_up && too_long(self.lines.text.cut(line.clone())) {
            self.gave_up = true;
            let message = "dockerfile line greater than max allowed size of 65535".to_owned();
            self.refused.push(SyntaxError { message, span: Span::new(line.start, line.end) });
        }
        Some(line)
    }

    fn directive(&mut self, directives: &mut Directives<'a>, start: usize, content: &str) -> bool {
        let line = Span::new(start, start + content.len());
        let result = directives.read(line, &mut self.escape);
        result.unwrap_or_else(|error| {
            self.refused.push(error);
            true
        })
    }

    /// Adds continuation lines to `joined`, up to the first that does not go on.
    fn join(&mut self, text: &str, pieces: &mut Vec<(u32, u32)>, joined: &mut String) {
        while let Some(line) = self.next_line() {
            let content = without_break(text.cut(line.clone()));
            let trimmed = trim_start(content);
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let (content, continues) = cut_continuation(content, self.escape);
            if !content.is_empty() {
                pieces.push((joined.len() as u32, line.start as u32));
                joined.push_str(content);
            }
            if !continues {
                break;
            }
        }
    }

    /// Reads the instruction on `line`, which starts at `start`, and its here-documents.
    fn instruction(&mut self, line: &Line<'a, '_>, start: usize) {
        let (mut instruction, refusal) = read(line, 0..line.text.len(), self.escape, 0);
        let mut refusal = refusal;
        let mut unterminated = false;
        let parsed = refusal.as_ref().is_none_or(|r| r.when != When::Parsing);
        if parsed && takes_heredocs(&instruction) && line.text.contains("<<") {
            match heredoc::openers(line.text) {
                Ok(openers) => {
                    for opener in openers {
                        let (heredoc, terminated) = heredoc::body(opener, line, &mut self.lines);
                        instruction.heredocs.push(heredoc);
                        unterminated |= !terminated;
                    }
                }
                Err(message) => refusal = Some(Refusal { message, when: When::Parsing }),
            }
        }
        let end = self.lines.at;
        let text = line.source.cut(..end);
        let end = text.strip_suffix('\n').map_or(end, |t| t.strip_suffix('\r').unwrap_or(t).len());
        instruction.span = Span::new(start, end.max(start));
        if unterminated {
            let message = "unterminated heredoc".to_owned();
            self.refused.push(SyntaxError { message, span: instruction.span });
        }
        self.check(&instruction, refusal, line.source);
        self.in_stage |= instruction.keyword == Some(Keyword::From);
        self.instructions.push(instruction);
    }

    /// Takes note of what BuildKit refuses in `instruction`.
    fn check(&mut self, instruction: &Instruction<'a>, refusal: Option<Refusal>, text: &str) {
        let (when, message) = match refusal {
            Some(refusal) => (Some(refusal.when), refusal.message),
            None => (None, String::new()),
        };
        if when == Some(When::Parsing) {
            self.refused.push(SyntaxError { message, span: instruction.span });
            return;
        }
        let found = match instruction.keyword {
            None => {
                let name = &instruction.name.text;
                let near = suggestion(name, Keyword::ALL.iter().map(|k| k.name()), true);
                let whole = name.is_empty();
                let span = if whole { instruction.span } else { instruction.name.span };
                Some((format!("unknown instruction: {name}{near}"), span))
            }
            Some(_) if when == Some(When::BeforeFlags) => Some((message, instruction.span)),
            Some(_) if matches!(instruction.arguments, Arguments::Healthcheck(None)) => None,
            Some(keyword) => flags::refuse(keyword, &instruction.flags).or_else(|| match keyword {
                _ if when.is_some() => Some((message, instruction.span)),
                Keyword::Run => flags::refuse_run(instruction),
                Keyword::Healthcheck => flags::refuse_healthcheck(instruction),
                _ => None,
            }),
        };
        let missing_stage = !matches!(instruction.keyword, Some(Keyword::From | Keyword::Arg));
        if let Some((message, span)) = found {
            // BuildKit names the line where the instruction starts.
            let before = instruction.span.start as usize..span.start as usize;
            let on_first_line = !text.get(before).is_some_and(|before| before.contains('\n'));
            let span = if on_first_line { span } else { instruction.span };
            self.invalid.push(SyntaxError { message, span });
        } else if missing_stage && !self.in_stage {
            let message = "no build stage in current context".to_owned();
            self.invalid.push(SyntaxError { message, span: instruction.span });
        } else {
            return;
        }
        // Said once is enough.
        self.in_stage |= missing_stage;
    }
}

/// Whether BuildKit looks for here-documents: RUN, COPY and ADD, also below ONBUILD, and not
/// in JSON form.
fn takes_heredocs(instruction: &Instruction<'_>) -> bool {
    let instruction = match &instruction.arguments {
        Arguments::Onbuild(inner) => inner,
        _ => instruction,
    };
    let json = match &instruction.arguments {
        Arguments::Command(command) => matches!(command, Command::Exec(_)),
        Arguments::Copy { json, .. } => *json,
        _ => false,
    };
    !json && matches!(instruction.keyword, Some(Keyword::Run | Keyword::Copy | Keyword::Add))
}

/// Reads `range` of `line` as an instruction, here-documents not included.
fn read<'a>(
    line: &Line<'a, '_>,
    range: Range<usize>,
    escape: char,
    depth: u32,
) -> (Instruction<'a>, Option<Refusal>) {
    let head = command::split(line, range.clone(), escape);
    let rest = head.rest.clone();
    let (arguments, refusal) = match head.keyword {
        Some(Keyword::Onbuild) => onbuild(line, rest.clone(), escape, depth),
        Some(keyword) => arguments::read(keyword, line, rest.clone(), escape),
        None => (Arguments::Invalid, None),
    };
    let instruction = Instruction {
        name: head.name,
        keyword: head.keyword,
        span: line.span(line.trim(range)),
        flags: head.flags,
        rest: line.word(rest),
        arguments,
        heredocs: Vec::new(),
    };
    (instruction, refusal)
}

fn onbuild<'a>(
    line: &Line<'a, '_>,
    rest: Range<usize>,
    escape: char,
    depth: u32,
) -> (Arguments<'a>, Option<Refusal>) {
    if rest.is_empty() || depth == limits::ONBUILD_DEPTH {
        let message = "ONBUILD requires at least one argument".to_owned();
        return (Arguments::Invalid, Some(Refusal { message, when: When::BeforeFlags }));
    }
    let (inner, refusal) = read(line, rest, escape, depth + 1);
    if let Some(refusal) = refusal
        && refusal.when == When::Parsing
    {
        return (Arguments::Invalid, Some(refusal));
    }
    let message = match inner.keyword {
        Some(Keyword::Onbuild) => {
            Some("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed".to_owned())
        }
        Some(keyword @ (Keyword::Maintainer | Keyword::From)) => {
            Some(format!("{} isn't allowed as an ONBUILD trigger", keyword.name()))
        }
        _ => None,
    };
    let refusal = message.map(|message| Refusal { message, when: When::AfterFlags });
    (Arguments::Onbuild(Box::new(inner)), refusal)
}

#[cfg(test)]
mod refusals;
#[cfg(test)]
mod tests;
