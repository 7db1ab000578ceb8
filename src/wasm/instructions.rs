//! What `parse` and `rules` return: views of the core's tree and table that have no type there.

use crate::syntax::{self, Arguments, Dockerfile, SyntaxError};
use crate::text::Span;
use crate::{Rule, Severity};
use serde::Serialize;
use tsify::Tsify;

/// What `parse` returns.
#[derive(Serialize, Tsify)]
pub struct ParseResult {
    /// The instructions, in order, unknown ones too.
    pub instructions: Vec<Instruction>,
    /// What BuildKit refuses.
    pub errors: Vec<SyntaxError>,
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
    #[tsify(type = "Range")]
    pub range: Span,
    /// What an ONBUILD holds: `args` has its words, this its flags as well.
    #[tsify(optional, type = "Instruction")]
    pub trigger: Option<Box<Instruction>>,
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

/// A path of the build context that a COPY or ADD names.
#[derive(Serialize, Tsify)]
pub struct CopiedPath {
    /// The path as written.
    pub path: String,
    /// Where it is written.
    #[tsify(type = "Range")]
    pub range: Span,
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
    /// Where its page is, below the documentation's root.
    pub address: String,
    /// The address of its page.
    pub url: String,
}

impl ParseResult {
    /// The view of a parsed text.
    pub fn new(file: &Dockerfile<'_>, errors: Vec<SyntaxError>) -> ParseResult {
        let instructions = file.instructions.iter().map(|it| Instruction::new(it, file.source));
        ParseResult { instructions: instructions.collect(), errors }
    }
}

impl Instruction {
    fn new(instruction: &syntax::Instruction<'_>, text: &str) -> Instruction {
        let heredoc = |heredoc: &syntax::Heredoc<'_>| Heredoc {
            name: heredoc.name.to_string(),
            expand: heredoc.expand,
            chomp: heredoc.chomp,
            // As BuildKit's parser has it: tabs are dropped only when the content is used.
            content: heredoc.body.of(text).to_string(),
        };
        let trigger = match &instruction.arguments {
            Arguments::Onbuild(inner) => Some(Box::new(Instruction::new(inner, text))),
            _ => None,
        };
        Instruction {
            // ASCII only for a name that BuildKit does not know: the table of all of Unicode
            // weighs 20 KB.
            keyword: match instruction.keyword {
                Some(keyword) => keyword.name().to_string(),
                None => instruction.name.text.to_ascii_uppercase(),
            },
            flags: instruction.flags.iter().map(|flag| flag.text()).collect(),
            args: instruction.argument_texts(),
            json: instruction.is_json(),
            heredocs: instruction.heredocs.iter().map(heredoc).collect(),
            range: instruction.span,
            trigger,
        }
    }
}

impl From<&Rule> for RuleInfo {
    fn from(rule: &Rule) -> RuleInfo {
        let Rule { id, title, severity, .. } = *rule;
        RuleInfo { id, title, level: severity, address: rule.page(), url: rule.url() }
    }
}
