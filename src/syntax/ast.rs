//! The syntax tree: what [`parse`](super::parse) makes of a text.
//!
//! Every part carries its span in the original text. `Cow`s are borrowed from the text
//! where the builder reads it as it stands, and owned where it joins or unquotes it.

use crate::text::{Joined, Span};
use std::borrow::Cow;

/// A whole Dockerfile.
#[derive(Clone, Debug)]
pub struct Dockerfile<'a> {
    /// The text that was parsed.
    pub source: &'a str,
    /// Parser directives (`# syntax=`, `# escape=`, `# check=`), in order.
    pub directives: Vec<Directive<'a>>,
    /// The escape character in force: `\` or `` ` ``.
    pub escape: char,
    /// What the text consists of, in order; the spans tile it byte for byte.
    pub items: Vec<Item>,
    /// The instructions, in order.
    pub instructions: Vec<Instruction<'a>>,
}

impl<'a> Dockerfile<'a> {
    /// The directive that names the frontend, `# syntax=`.
    pub fn frontend(&self) -> Option<&Directive<'a>> {
        self.directives.iter().find(|directive| directive.name == "syntax")
    }

    /// Whether it is a fragment whose first stage has no FROM of its own: the one that stands for
    /// it has no text, and is built on an image of which nothing is known.
    pub fn is_fragment(&self) -> bool {
        self.instructions.first().is_some_and(|first| first.span.start == first.span.end)
    }
}

/// One tile of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// All its bytes, the line break included.
    pub span: Span,
}

/// What a tile of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A parser directive's line.
    Directive,
    /// A comment line outside any instruction.
    Comment,
    /// A blank line outside any instruction (or a byte order mark).
    Blank,
    /// `Dockerfile::instructions[.0]`, with its here-documents.
    Instruction(u32),
}

/// `# name=value` at the top of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive<'a> {
    /// Lower-case name.
    pub name: Cow<'a, str>,
    /// The value, trimmed.
    pub value: Word<'a>,
    /// The line without its line break.
    pub span: Span,
}

/// A piece of text with its place: `text` is what the builder reads (continuations joined),
/// quotes and variables still in it unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word<'a> {
    /// What the builder reads.
    pub text: Cow<'a, str>,
    /// Where it stands.
    pub span: Span,
}

/// The instructions BuildKit knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// The keyword as written, any case.
    pub name: Word<'a>,
    /// The instruction, where BuildKit knows it.
    pub keyword: Option<Keyword>,
    /// From the keyword's first byte to the last byte, here-documents included, before the
    /// line break.
    pub span: Span,
    /// `--name=value` words before the arguments, in order.
    pub flags: Vec<Flag<'a>>,
    /// Everything behind the flags, continuations joined, trimmed: what the builder splits
    /// into arguments.
    pub rest: Word<'a>,
    /// The arguments, typed.
    pub arguments: Arguments<'a>,
    /// Here-documents, in the order of their bodies.
    pub heredocs: Vec<Heredoc<'a>>,
}

/// `--name` or `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag<'a> {
    /// Without the dashes.
    pub name: Cow<'a, str>,
    /// Behind the `=`; `None` without one.
    pub value: Option<Word<'a>>,
    /// The whole word.
    pub span: Span,
}

/// A here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc<'a> {
    /// The delimiter, unquoted.
    pub name: Cow<'a, str>,
    /// Whether variables in the body are expanded (the delimiter was not quoted).
    pub expand: bool,
    /// `<<-`: leading tabs are dropped when used.
    pub chomp: bool,
    /// Number of the file descriptor before `<<`, where one was written.
    pub descriptor: Option<u32>,
    /// The `<<EOF` word.
    pub opener: Span,
    /// The body, the delimiter's line excluded; leading tabs still in it.
    pub body: Span,
    /// The body as BuildKit hands it on (tabs dropped with `<<-`).
    pub content: Cow<'a, str>,
}

/// The arguments of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments<'a> {
    /// `FROM image [AS name]`; the platform is the flag.
    From {
        /// The image or stage, variables in it.
        image: Word<'a>,
        /// The stage's name as written.
        name: Option<Word<'a>>,
    },
    /// COPY and ADD, both forms. Here-document sources appear as `<<EOF` words.
    Copy {
        /// At least one.
        sources: Vec<Word<'a>>,
        /// The last argument.
        destination: Word<'a>,
        /// Whether the JSON form was used.
        json: bool,
    },
    /// RUN, CMD, ENTRYPOINT.
    Command(Command<'a>),
    /// SHELL's JSON words.
    Shell(Vec<Word<'a>>),
    /// ENV and LABEL. Values keep their quotes.
    Pairs(Vec<Pair<'a>>),
    /// ARG.
    Args(Vec<ArgDeclaration<'a>>),
    /// EXPOSE and VOLUME.
    Words {
        /// The words.
        words: Vec<Word<'a>>,
        /// Whether the JSON form was used.
        json: bool,
    },
    /// USER, WORKDIR, STOPSIGNAL, MAINTAINER.
    Text(Word<'a>),
    /// HEALTHCHECK: `None` for `HEALTHCHECK NONE`.
    Healthcheck(Option<Command<'a>>),
    /// ONBUILD.
    Onbuild(Box<Instruction<'a>>),
    /// An unknown instruction, or one whose arguments BuildKit refuses.
    Invalid,
}

/// What RUN, CMD, ENTRYPOINT and HEALTHCHECK run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// A line for the shell, here-documents not included.
    Shell(Joined<'a>),
    /// A JSON array of words, unquoted.
    Exec(Vec<Word<'a>>),
}

/// `key=value`, or the legacy `key value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The key as written.
    pub key: Word<'a>,
    /// The value as written, quotes in it.
    pub value: Word<'a>,
    /// Whether an `=` stands between them.
    pub equals: bool,
}

/// `ARG name` or `ARG name=default`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgDeclaration<'a> {
    /// The name.
    pub name: Word<'a>,
    /// The default as written, quotes in it.
    pub default: Option<Word<'a>>,
}

/// Something BuildKit refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct SyntaxError {
    /// What is wrong, in BuildKit's meaning.
    pub message: String,
    /// Where: an instruction or a part of it.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
}

impl Keyword {
    /// All of them, sorted by name.
    pub const ALL: [Keyword; 18] = [
        Keyword::Add,
        Keyword::Arg,
        Keyword::Cmd,
        Keyword::Copy,
        Keyword::Entrypoint,
        Keyword::Env,
        Keyword::Expose,
        Keyword::From,
        Keyword::Healthcheck,
        Keyword::Label,
        Keyword::Maintainer,
        Keyword::Onbuild,
        Keyword::Run,
        Keyword::Shell,
        Keyword::Stopsignal,
        Keyword::User,
        Keyword::Volume,
        Keyword::Workdir,
    ];

    /// The keyword in upper case.
    pub const fn name(self) -> &'static str {
        match self {
            Keyword::Add => "ADD",
            Keyword::Arg => "ARG",
            Keyword::Cmd => "CMD",
            Keyword::Copy => "COPY",
            Keyword::Entrypoint => "ENTRYPOINT",
            Keyword::Env => "ENV",
            Keyword::Expose => "EXPOSE",
            Keyword::From => "FROM",
            Keyword::Healthcheck => "HEALTHCHECK",
            Keyword::Label => "LABEL",
            Keyword::Maintainer => "MAINTAINER",
            Keyword::Onbuild => "ONBUILD",
            Keyword::Run => "RUN",
            Keyword::Shell => "SHELL",
            Keyword::Stopsignal => "STOPSIGNAL",
            Keyword::User => "USER",
            Keyword::Volume => "VOLUME",
            Keyword::Workdir => "WORKDIR",
        }
    }

    /// The keyword that `name` is, in any case. Go's lower case makes a `k` of the Kelvin
    /// sign and an `i` of the dotted capital I.
    pub fn parse(name: &str) -> Option<Keyword> {
        let first = name.as_bytes().first()?;
        if !name.is_ascii() && name.contains(['\u{212a}', '\u{130}']) {
            let name = name.replace('\u{212a}', "K").replace('\u{130}', "I");
            return Keyword::parse(&name);
        }
        let keyword = match (first.to_ascii_uppercase(), name.len()) {
            (b'A', _) if name.as_bytes().get(1).is_some_and(|b| b | 0x20 == b'd') => Keyword::Add,
            (b'A', _) => Keyword::Arg,
            (b'C', 3) => Keyword::Cmd,
            (b'C', _) => Keyword::Copy,
            (b'E', 3) => Keyword::Env,
            (b'E', 6) => Keyword::Expose,
            (b'E', _) => Keyword::Entrypoint,
            (b'F', _) => Keyword::From,
            (b'H', _) => Keyword::Healthcheck,
            (b'L', _) => Keyword::Label,
            (b'M', _) => Keyword::Maintainer,
            (b'O', _) => Keyword::Onbuild,
            (b'R', _) => Keyword::Run,
            (b'S', 5) => Keyword::Shell,
            (b'S', _) => Keyword::Stopsignal,
            (b'U', _) => Keyword::User,
            (b'V', _) => Keyword::Volume,
            (b'W', _) => Keyword::Workdir,
            _ => return None,
        };
        keyword.name().eq_ignore_ascii_case(name).then_some(keyword)
    }
}

impl Flag<'_> {
    /// `--name` or `--name=value`, quotes and escapes dropped.
    pub fn text(&self) -> String {
        match &self.value {
            Some(value) => format!("--{}={}", self.name, value.text),
            None => format!("--{}", self.name),
        }
    }
}

impl<'a> Instruction<'a> {
    /// The flag called `name`, the last one where it is given twice.
    pub fn flag(&self, name: &str) -> Option<&Flag<'a>> {
        self.flags.iter().rev().find(|f| f.name == name)
    }

    /// The value of the flag called `name`.
    pub fn flag_value(&self, name: &str) -> Option<&str> {
        self.flag(name)?.value.as_ref().map(|v| v.text.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::Keyword;

    #[test]
    fn keywords_in_any_case() {
        for keyword in Keyword::ALL {
            assert_eq!(Keyword::parse(keyword.name()), Some(keyword));
            assert_eq!(Keyword::parse(&keyword.name().to_lowercase()), Some(keyword));
            assert_eq!(Keyword::parse(&format!("{}X", keyword.name())), None);
            assert_eq!(Keyword::parse(&keyword.name()[1..]), None);
        }
        assert!(Keyword::ALL.is_sorted_by_key(|k| k.name()));
        assert_eq!(Keyword::parse("Wor\u{212a}d\u{130}r"), Some(Keyword::Workdir));
        assert_eq!(Keyword::parse(""), None);
    }
}
