//! The arguments of an instruction as plain texts, in the form BuildKit's parser gives them.
//!
//! For those who list or show instructions; analysis reads the typed arguments. Those of an
//! instruction that BuildKit refuses are read here once more.

use super::arguments::{command, list};
use super::ast::{Arguments, Command, Instruction, Keyword, Pair, Word};
use super::line::Line;
use super::words::{fields, pairs, words};
use crate::text::Cut;

impl Instruction<'_> {
    /// Whether the arguments are in JSON form.
    pub fn is_json(&self) -> bool {
        match &self.arguments {
            Arguments::Command(command) | Arguments::Healthcheck(Some(command)) => {
                matches!(command, Command::Exec(_))
            }
            Arguments::Copy { json, .. } | Arguments::Words { json, .. } => *json,
            Arguments::Shell(_) => true,
            Arguments::Invalid => refused(self).1,
            _ => false,
        }
    }

    /// The arguments as BuildKit's parser lists them: key, value and separator (`=`, or
    /// nothing in the legacy form) for each pair of ENV and LABEL, one text for a command
    /// in shell form, keyword and arguments of what ONBUILD holds.
    pub fn argument_texts(&self) -> Vec<String> {
        match &self.arguments {
            Arguments::From { .. } => {
                let rest = self.rest.text.as_ref();
                fields(rest, 0..rest.len()).map(|range| rest.cut(range).to_owned()).collect()
            }
            Arguments::Copy { sources, destination, .. } => {
                sources.iter().chain([destination]).map(text).collect()
            }
            Arguments::Command(command) => command_texts(command),
            Arguments::Shell(words) | Arguments::Words { words, .. } => {
                words.iter().map(text).collect()
            }
            Arguments::Pairs(pairs) => pair_texts(pairs),
            Arguments::Args(declarations) => declarations
                .iter()
                .map(|d| match &d.default {
                    Some(default) => format!("{}={}", d.name.text, default.text),
                    None => d.name.text.to_string(),
                })
                .collect(),
            Arguments::Text(word) => vec![text(word)],
            Arguments::Healthcheck(command) => {
                let kind = self.rest.text.split(char::is_whitespace).next().unwrap_or_default();
                let mut texts = vec![kind.to_owned()];
                texts.extend(command.as_ref().map(command_texts).unwrap_or_default());
                texts
            }
            Arguments::Onbuild(inner) => {
                let mut texts = vec![text(&inner.name)];
                texts.extend(inner.argument_texts());
                texts
            }
            Arguments::Invalid => refused(self).0,
        }
    }
}

fn text(word: &Word<'_>) -> String {
    word.text.to_string()
}

fn command_texts(command: &Command<'_>) -> Vec<String> {
    match command {
        Command::Shell(line) if line.text.is_empty() => Vec::new(),
        Command::Shell(line) => vec![line.text.to_string()],
        Command::Exec(words) => words.iter().map(text).collect(),
    }
}

fn pair_texts(pairs: &[Pair<'_>]) -> Vec<String> {
    let texts = pairs.iter().flat_map(|pair| {
        let separator = if pair.equals { "=" } else { "" };
        [text(&pair.key), text(&pair.value), separator.to_owned()]
    });
    texts.collect()
}

/// The arguments of an instruction that BuildKit's parser takes and that are refused
/// afterwards; and whether they are in JSON form. The escape character is not known here
/// any more: `\`, which matters for pairs and words alone.
fn refused(instruction: &Instruction<'_>) -> (Vec<String>, bool) {
    let rest = instruction.rest.text.as_ref();
    let line = Line { source: rest, text: rest, pieces: &[(0, 0)] };
    let all = 0..rest.len();
    let Some(keyword) = instruction.keyword else { return (vec![String::new()], false) };
    let of_command = |range| {
        let command = command(&line, range).unwrap_or(Command::Exec(Vec::new()));
        (command_texts(&command), matches!(command, Command::Exec(_)))
    };
    match keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => of_command(all),
        Keyword::Add | Keyword::Copy | Keyword::Volume => {
            let (words, json) = list(&line, all).unwrap_or_default();
            (words.iter().map(text).collect(), json)
        }
        Keyword::Healthcheck => {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            if end == 0 {
                return (Vec::new(), false);
            }
            let (mut texts, json) = of_command(line.trim(end..rest.len()));
            texts.insert(0, rest.cut(..end).to_owned());
            (texts, json)
        }
        Keyword::Env | Keyword::Label => {
            let pairs = pairs(&line, all, '\\', keyword.name()).unwrap_or_default();
            (pair_texts(&pairs), false)
        }
        Keyword::Arg => (words(rest, all, '\\').map(|r| rest.cut(r).to_owned()).collect(), false),
        Keyword::From | Keyword::Expose => {
            (fields(rest, all).map(|r| rest.cut(r).to_owned()).collect(), false)
        }
        _ => (Vec::new(), false),
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::parse;

    fn texts(text: &str) -> (Vec<String>, bool) {
        let (file, _) = parse(text);
        (file.instructions[0].argument_texts(), file.instructions[0].is_json())
    }

    fn shell(words: &[&str]) -> (Vec<String>, bool) {
        (words.iter().map(ToString::to_string).collect(), false)
    }

    fn json(words: &[&str]) -> (Vec<String>, bool) {
        (shell(words).0, true)
    }

    #[test]
    fn as_buildkit_lists_them() {
        assert_eq!(texts("FROM a as b"), shell(&["a", "as", "b"]));
        assert_eq!(texts("COPY --link a b c"), shell(&["a", "b", "c"]));
        assert_eq!(texts("COPY [\"a b\", \"c\"]"), json(&["a b", "c"]));
        assert_eq!(texts("RUN a  b \\\n c"), shell(&["a  b  c"]));
        assert_eq!(texts("RUN"), shell(&[]));
        assert_eq!(texts("CMD []"), json(&[]));
        assert_eq!(texts("ENV a=b c=\"d\""), shell(&["a", "b", "=", "c", "\"d\"", "="]));
        assert_eq!(texts("ENV a b c"), shell(&["a", "b c", ""]));
        assert_eq!(texts("ARG a b=c"), shell(&["a", "b=c"]));
        assert_eq!(texts("EXPOSE 80 443/tcp"), shell(&["80", "443/tcp"]));
        assert_eq!(texts("healthcheck cmd a b"), shell(&["cmd", "a b"]));
        assert_eq!(texts("HEALTHCHECK CMD [\"a\"]"), json(&["CMD", "a"]));
        assert_eq!(texts("HEALTHCHECK NONE"), shell(&["NONE"]));
        assert_eq!(texts("ONBUILD RUN a"), shell(&["RUN", "a"]));
        assert_eq!(texts("WORKDIR a b"), shell(&["a b"]));
        assert_eq!(texts("SHELL [\"a\"]"), json(&["a"]));
    }

    #[test]
    fn refused_ones_too() {
        assert_eq!(texts("FROM a b"), shell(&["a", "b"]));
        assert_eq!(texts("SHELL a b"), shell(&["a b"]));
        assert_eq!(texts("SHELL []"), json(&[]));
        assert_eq!(texts("COPY a"), shell(&["a"]));
        assert_eq!(texts("COPY [\"a\"]"), json(&["a"]));
        assert_eq!(texts("VOLUME [\"\"]"), json(&[""]));
        assert_eq!(texts("HEALTHCHECK what a b"), shell(&["what", "a b"]));
        assert_eq!(texts("HEALTHCHECK"), shell(&[]));
        assert_eq!(texts("ENV =a"), shell(&["", "a", "="]));
        assert_eq!(texts("ARG =a b"), shell(&["=a", "b"]));
        assert_eq!(texts("WHAT a b"), shell(&[""]));
        assert_eq!(texts("USER"), shell(&[]));
    }
}
