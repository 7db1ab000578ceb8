//! The arguments of each instruction, typed, and what BuildKit refuses in them.
//!
//! Follows the parsers of BuildKit's `frontend/dockerfile/parser/line_parsers.go` and
//! `frontend/dockerfile/instructions/parse.go`. Flags are checked in `flags`.

use super::ast::{ArgDeclaration, Arguments, Command, Keyword, Word};
use super::command::{ceil, is_byte_space};
use super::heredoc::opener;
use super::json::{self, Json};
use super::line::{Line, find_byte};
use super::quote::quoted;
use super::words::{fields, pairs, words};
use crate::text::Cut;
use std::ops::Range;

/// Something BuildKit refuses, and when it does: what its parser refuses comes before
/// everything else, and of an instruction's own errors some come before those of its flags.
pub(super) struct Refusal {
    pub message: String,
    pub when: When,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Parsing,
    BeforeFlags,
    AfterFlags,
}

impl Refusal {
    fn parsing(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), when: When::Parsing }
    }

    fn before_flags(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), when: When::BeforeFlags }
    }

    fn after_flags(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), when: When::AfterFlags }
    }
}

/// Typed arguments, and what is wrong with them.
type Read<'a> = (Arguments<'a>, Option<Refusal>);

/// Reads `range` of `line` as the arguments of `keyword` (ONBUILD's excepted).
pub(super) fn read<'a>(
    keyword: Keyword,
    line: &Line<'a, '_>,
    range: Range<usize>,
    escape: char,
) -> Read<'a> {
    match arguments(keyword, line, range, escape) {
        Ok(read) => read,
        Err(refusal) => (Arguments::Invalid, Some(refusal)),
    }
}

fn arguments<'a>(
    keyword: Keyword,
    line: &Line<'a, '_>,
    range: Range<usize>,
    escape: char,
) -> Result<Read<'a>, Refusal> {
    let name = keyword.name();
    let read = match keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => {
            Arguments::Command(command(line, range)?)
        }
        Keyword::Shell => match command(line, range.clone())? {
            Command::Exec(words) if !words.is_empty() => Arguments::Shell(words),
            Command::Shell(_) if !range.is_empty() => {
                let message = format!("{name} requires the arguments to be in JSON form");
                return Err(Refusal::after_flags(message));
            }
            _ => return Err(Refusal::after_flags(at_least_one(name))),
        },
        Keyword::Healthcheck => healthcheck(line, range)?,
        Keyword::Add | Keyword::Copy => return copy(name, line, range),
        Keyword::From => return from(line, range),
        Keyword::Volume | Keyword::Expose => {
            let (words, json) = match keyword {
                Keyword::Volume => list(line, range)?,
                _ => (fields(line.text, range).map(|r| line.word(r)).collect(), false),
            };
            if words.is_empty() {
                return Err(Refusal::before_flags(at_least_one(name)));
            }
            if keyword == Keyword::Volume && words.iter().any(|w| w.text.trim().is_empty()) {
                let message = "VOLUME specified can not be an empty string";
                return Err(Refusal::after_flags(message));
            }
            Arguments::Words { words, json }
        }
        Keyword::Env | Keyword::Label => {
            let pairs = pairs(line, range, escape, name).map_err(Refusal::parsing)?;
            if pairs.is_empty() {
                return Err(Refusal::after_flags(at_least_one(name)));
            }
            if pairs.iter().any(|pair| pair.key.text.is_empty()) {
                return Err(Refusal::after_flags(format!("{name} names can not be blank")));
            }
            Arguments::Pairs(pairs)
        }
        Keyword::Arg => {
            let declarations: Vec<_> = words(line.text, range, escape)
                .map(|word| match find_byte(line.text.cut(word.clone()).as_bytes(), b'=') {
                    Some(at) => ArgDeclaration {
                        name: line.word(word.start..word.start + at),
                        default: Some(line.word(word.start + at + 1..word.end)),
                    },
                    None => ArgDeclaration { name: line.word(word), default: None },
                })
                .collect();
            if declarations.is_empty() {
                return Err(Refusal::before_flags(at_least_one(name)));
            }
            if declarations.iter().any(|d| d.name.text.is_empty()) {
                return Err(Refusal::before_flags("ARG names can not be blank"));
            }
            Arguments::Args(declarations)
        }
        Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Maintainer => {
            if range.is_empty() {
                let message = format!("{name} requires exactly one argument");
                return Err(Refusal::before_flags(message));
            }
            Arguments::Text(line.word(range))
        }
        Keyword::Onbuild => Arguments::Invalid,
    };
    Ok((read, None))
}

fn at_least_one(name: &str) -> String {
    format!("{name} requires at least one argument")
}

fn strings_only() -> Refusal {
    Refusal::parsing("when using JSON array syntax, arrays must be comprised of strings only")
}

/// A command in JSON or shell form.
pub(super) fn command<'a>(
    line: &Line<'a, '_>,
    range: Range<usize>,
) -> Result<Command<'a>, Refusal> {
    match json::array(line, range.clone()) {
        Json::Strings(words) => Ok(Command::Exec(words)),
        Json::Mixed => Err(strings_only()),
        Json::None => Ok(Command::Shell(line.joined(range))),
    }
}

/// Words in JSON form, or separated by white space; and whether it is the former.
pub(super) fn list<'a>(
    line: &Line<'a, '_>,
    range: Range<usize>,
) -> Result<(Vec<Word<'a>>, bool), Refusal> {
    match json::array(line, range.clone()) {
        Json::Strings(words) => Ok((words, true)),
        Json::Mixed => Err(strings_only()),
        Json::None => Ok((fields(line.text, range).map(|r| line.word(r)).collect(), false)),
    }
}

fn copy<'a>(name: &str, line: &Line<'a, '_>, range: Range<usize>) -> Result<Read<'a>, Refusal> {
    let (mut sources, json) = list(line, range)?;
    let destination = sources.pop().filter(|_| !sources.is_empty()).ok_or_else(|| {
        Refusal::before_flags(format!(
            "{name} requires at least two arguments, but only one was provided. \
             Destination could not be determined"
        ))
    })?;
    if matches!(opener(&destination.text), Ok(Some(_))) {
        let message = format!("{name} cannot accept a heredoc as a destination");
        return Err(Refusal::after_flags(message));
    }
    Ok((Arguments::Copy { sources, destination, json }, None))
}

fn from<'a>(line: &Line<'a, '_>, range: Range<usize>) -> Result<Read<'a>, Refusal> {
    let mut words = fields(line.text, range).map(|r| line.word(r));
    let (image, name) = match (words.next(), words.next(), words.next(), words.next()) {
        (Some(image), None, ..) => (image, None),
        (Some(image), Some(as_), Some(name), None) if as_.text.eq_ignore_ascii_case("as") => {
            (image, Some(name))
        }
        _ => return Err(Refusal::before_flags("FROM requires either one or three arguments")),
    };
    let refusal = name.as_ref().filter(|name| !is_stage_name(&name.text)).map(|name| {
        Refusal::before_flags(format!(
            "invalid name for build stage: {}, name can't start with a number or contain symbols",
            quoted(&name.text)
        ))
    });
    Ok((Arguments::From { image, name }, refusal))
}

fn is_stage_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn healthcheck<'a>(line: &Line<'a, '_>, range: Range<usize>) -> Result<Arguments<'a>, Refusal> {
    let bytes = &line.text.as_bytes()[range.clone()];
    let Some(end) =
        bytes.iter().position(|&b| is_byte_space(b)).or(Some(bytes.len())).filter(|&n| n > 0)
    else {
        return Err(Refusal::before_flags(at_least_one("HEALTHCHECK")));
    };
    let gap = bytes[end..].iter().position(|&b| !is_byte_space(b));
    let rest = ceil(line.text, gap.map_or(range.end, |gap| range.start + end + gap))..range.end;
    let command = command(line, rest)?;
    let empty = match &command {
        Command::Shell(line) => line.text.is_empty(),
        Command::Exec(words) => words.is_empty(),
    };
    let kind = String::from_utf8_lossy(&bytes[..end]).to_ascii_uppercase();
    match kind.as_str() {
        "NONE" if empty => Ok(Arguments::Healthcheck(None)),
        "NONE" => Err(Refusal::before_flags("HEALTHCHECK NONE takes no arguments")),
        "CMD" if empty => Err(Refusal::after_flags("Missing command after HEALTHCHECK CMD")),
        "CMD" => Ok(Arguments::Healthcheck(Some(command))),
        _ => {
            let kind = quoted(&kind);
            Err(Refusal::after_flags(format!("Unknown type {kind} in HEALTHCHECK (try CMD)")))
        }
    }
}
