//! What leaves for JavaScript by way of serde: the shapes of `parse` and `rules`, with their
//! TypeScript declarations.
//!
//! The doc comments become those of the declarations, so they speak of strings and UTF-16
//! units. How the shapes are filled is in `fill`; what comes in is in `options`.

use serde::Serialize;
use tsify::Tsify;

/// A place in a text.
#[derive(Clone, Copy, Serialize, Tsify)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in UTF-16 code units.
    pub column: u32,
    /// Offset into the string, from 0, in UTF-16 code units.
    pub offset: u32,
}

/// A part of a text.
#[derive(Clone, Copy, Serialize, Tsify)]
pub struct Range {
    /// Where it begins.
    pub start: Position,
    /// Where it ends, exclusive; for an instruction, before the line break.
    pub end: Position,
}

/// Something BuildKit refuses.
#[derive(Serialize, Tsify)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub range: Range,
}

/// A here-document of an instruction.
#[derive(Serialize, Tsify)]
pub struct Heredoc {
    /// The delimiter, unquoted.
    pub name: String,
    /// Whether variables in the content are expanded (the delimiter was not quoted).
    pub expand: bool,
    /// Whether leading tabs are dropped when it is used (`<<-`).
    pub chomp: bool,
    /// The text between the lines of the opener and of the delimiter, as it stands.
    pub content: String,
}

/// One instruction of a Dockerfile.
#[derive(Serialize, Tsify)]
pub struct Instruction {
    /// The keyword, always upper case.
    pub keyword: String,
    /// The flags as written, e.g. `--from=build`.
    pub flags: Vec<String>,
    /// The arguments as BuildKit's parser splits them, continuation lines joined. ENV and
    /// LABEL give key, value and separator of each pair; RUN in shell form is one argument.
    pub args: Vec<String>,
    /// Whether the arguments were a JSON array.
    pub json: bool,
    /// The here-documents, in order.
    pub heredocs: Vec<Heredoc>,
    /// The whole instruction, here-documents included.
    pub range: Range,
}

/// What `parse` returns.
#[derive(Serialize, Tsify)]
pub struct ParseResult {
    /// The instructions, in order, unknown ones too.
    pub instructions: Vec<Instruction>,
    /// What BuildKit refuses.
    pub errors: Vec<SyntaxError>,
}

/// How much an issue matters.
#[derive(Clone, Copy, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; often fine as it is.
    Info,
    /// Costs rebuild time at common changes.
    Warning,
    /// Breaks the build or its result.
    Error,
}

/// A rule and where it is explained.
#[derive(Serialize, Tsify)]
pub struct RuleInfo {
    /// Its id, as in `Issue.rule` and `Options.rules`.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What its findings are reported as unless `Options.rules` says otherwise.
    pub level: Severity,
    /// The address of its page, below the documentation's root.
    pub address: String,
}
