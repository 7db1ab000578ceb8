//! RUN text, read as a list of simple commands.
//!
//! What is not fully understood (`if`, loops, functions, subshells, `eval`) is one opaque
//! command with a [`Reason`]; whatever needs to know must take it to do anything. What the
//! programs themselves mean is not known here: see `ecosystem`.

mod dialect;
mod invocation;
mod nested;
mod owned;
mod parts;
mod reader;
mod redirection;
mod run;
mod scan;
mod skip;
mod windows;
mod word;

pub use dialect::{Dialect, program_name};
pub use invocation::Invocation;
pub use run::{heredoc_text, read_as, read_exec, read_run, read_script};
pub use word::{Part, Value, Word};

use crate::text::{Joined, Span};
use std::borrow::Cow;
use std::ops::Range;

/// The commands of one text, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script<'a> {
    /// The text they were read from.
    pub text: Cow<'a, Joined<'a>>,
    /// The commands.
    pub commands: Vec<Command<'a>>,
    /// What stands behind the last command, if anything does: `;`, a line break or `&`,
    /// which runs what it ends in the background.
    pub trailing: Option<(Joiner, Span)>,
    /// Names of the functions that are defined in it, at any depth.
    pub functions: Vec<Cow<'a, str>>,
}

/// A simple command, or one that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// From its first byte to its last in the original: assignments and redirections
    /// included, joiners and here-document bodies not.
    pub span: Span,
    /// The same in the joined text, in bytes.
    pub range: Range<usize>,
    /// What joins it to the command before it.
    pub joiner: Joiner,
    /// Where that stands; empty for the first command.
    pub joiner_span: Span,
    /// Whether the rest of this is filled in.
    pub kind: Kind,
    /// Whether `!` turns its status round (of the pipeline it starts).
    pub negated: bool,
    /// `NAME=value` in front of the program; with no program they stay set.
    pub assignments: Vec<Assignment<'a>>,
    /// The program and its arguments. Empty for an opaque command and for assignments only.
    pub words: Vec<Word<'a>>,
    /// Redirections, in order; those behind a compound command too.
    pub redirections: Vec<Redirection<'a>>,
}

/// What stands between two commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Joiner {
    /// Nothing: it is the first.
    #[default]
    Start,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;` or a line break.
    Semicolon,
    /// `|` or `|&`
    Pipe,
    /// `&`
    Background,
}

/// Whether a command is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A program with arguments, or assignments.
    Simple,
    /// Something else: it may do anything.
    Opaque(Reason),
}

/// Why a command is opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// `if`
    If,
    /// `for`, `select`
    For,
    /// `while`, `until`
    While,
    /// `case`
    Case,
    /// A function is defined.
    Function,
    /// The program is a function that was defined before.
    FunctionCall,
    /// `( ... )`
    Subshell,
    /// `{ ...; }`
    Group,
    /// `(( ... ))`
    Arithmetic,
    /// `coproc`
    Coprocess,
    /// `eval`
    Eval,
    /// The output of other commands names the program.
    Program,
    /// `name=(...)`
    Array,
    /// A quote, a parenthesis or a compound command is not closed.
    Unterminated,
    /// Something stands where it cannot stand.
    Unexpected,
    /// An expression, a block or a keyword of `cmd` or PowerShell.
    Statement,
    /// The shell that runs it is not one that is read.
    Shell,
}

/// `NAME=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// The variable.
    pub name: Cow<'a, str>,
    /// `+=`
    pub append: bool,
    /// What is assigned; an empty word if nothing is.
    pub value: Word<'a>,
    /// All of it.
    pub span: Span,
}

/// `2>file` and its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection<'a> {
    /// The number in front of the operator.
    pub descriptor: Option<u32>,
    /// The operator.
    pub operator: Operator,
    /// A path, a descriptor for `>&` and `<&`, the delimiter for `<<`, the text for `<<<`.
    pub target: Word<'a>,
    /// From the number to the target.
    pub span: Span,
    /// The same in the joined text, in bytes.
    pub range: Range<usize>,
    /// The body of a here-document, where it was found; empty parts if it is not expanded.
    pub body: Option<Word<'a>>,
}

/// A redirection's operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `<`
    Read,
    /// `>` and `>|`
    Write,
    /// `>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `<<` and `<<-`
    Heredoc,
    /// `<<<`
    Herestring,
    /// `>&`
    DuplicateOutput,
    /// `<&`
    DuplicateInput,
    /// `&>`
    WriteBoth,
    /// `&>>`
    AppendBoth,
}

/// Reads POSIX shell (and what bash adds to it).
pub fn read<'a>(text: &'a Joined<'_>) -> Script<'a> {
    reader::read(Cow::Borrowed(text))
}

impl Default for Script<'_> {
    fn default() -> Self {
        Script {
            text: Cow::Owned(Joined::default()),
            commands: Vec::new(),
            trailing: None,
            functions: Vec::new(),
        }
    }
}

impl Command<'_> {
    /// Whether it is opaque.
    pub fn is_opaque(&self) -> bool {
        matches!(self.kind, Kind::Opaque(_))
    }

    /// The program's name, if it is literal.
    pub fn program(&self) -> Option<Cow<'_, str>> {
        self.words.first()?.literal()
    }
}

#[cfg(test)]
mod tests;
