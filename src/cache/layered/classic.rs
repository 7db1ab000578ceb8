//! What the classic builder notes of an instruction in the image that it makes.

use super::super::dispatcher::StageState;
use crate::digest::Digest;
use crate::syntax::{Arguments, Command, Instruction, Keyword, Word};

/// Adds what RUN runs.
pub(super) fn command(kind: Digest, command: &Command<'_>, state: &StageState) -> Digest {
    match command {
        Command::Exec(words) => words.iter().fold(kind, |kind, word| kind.text(&word.text)),
        Command::Shell(line) => {
            let kind = match &state.dispatch.shell {
                Some(shell) => shell.iter().fold(kind, |kind, word| kind.text(word)),
                None => kind.text("/bin/sh").text("-c"),
            };
            kind.text(&line.text)
        }
    }
}

/// Adds what metadata says.
pub(super) fn metadata(kind: Digest, instruction: &Instruction<'_>, state: &StageState) -> Digest {
    let expand = |word: &Word<'_>| state.expand(&word.text);
    match &instruction.arguments {
        Arguments::Pairs(pairs) => pairs
            .iter()
            .fold(kind, |kind, pair| kind.text(&expand(&pair.key)).text(&expand(&pair.value))),
        Arguments::Args(declarations) => declarations.iter().fold(kind, |kind, declaration| {
            let default = declaration.default.as_ref().map(expand);
            kind.text(&declaration.name.text).option(default.as_deref())
        }),
        Arguments::Text(word) if instruction.keyword == Some(Keyword::Workdir) => {
            kind.option(state.dispatch.directory_behind(word).as_deref())
        }
        Arguments::Text(word) => kind.text(&expand(word)),
        // Ports are sorted before they are noted: what they sum up to does not know their order.
        Arguments::Words { words, .. } if instruction.keyword == Some(Keyword::Expose) => {
            let sum = words.iter().fold(0, |sum: u64, word| {
                sum.wrapping_add(Digest::of("port").text(&expand(word)).end())
            });
            kind.number(sum)
        }
        Arguments::Words { words, .. } => {
            words.iter().fold(kind, |kind, word| kind.text(&expand(word)))
        }
        Arguments::Command(Command::Shell(line)) => {
            kind.texts(state.dispatch.shell.as_deref().unwrap_or_default()).text(&line.text)
        }
        _ => {
            let flags: Vec<String> = instruction.flags.iter().map(|flag| flag.text()).collect();
            kind.texts(&flags).texts(&instruction.argument_texts())
        }
    }
}
