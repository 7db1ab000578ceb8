//! An instruction as one line, the form in which builders show it.
//!
//! Follows `Parse` of BuildKit's `frontend/dockerfile/parser/parser.go`: continuations are
//! joined, comments and blank lines inside are dropped. Variables are not expanded here.

use super::ast::{Arguments, Dockerfile, Instruction};
use super::line::{Lines, cut_continuation, without_break};
use crate::text::Cut;
use std::borrow::Cow;

impl<'a> Dockerfile<'a> {
    /// `instruction`, one of this file's, from its keyword to the end of its line, trimmed;
    /// here-documents are not included.
    pub fn original(&self, instruction: &Instruction<'_>) -> Cow<'a, str> {
        let mut lines = Lines { text: self.source, at: instruction.span.start as usize };
        let Some(first) = lines.next() else { return Cow::Borrowed("") };
        let (first, mut continues) =
            cut_continuation(without_break(self.source.cut(first)), self.escape);
        let mut joined = Cow::Borrowed(first);
        while continues {
            let Some(line) = lines.next() else { break };
            let line = without_break(self.source.cut(line));
            let trimmed = line.trim_start();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let (content, goes_on) = cut_continuation(line, self.escape);
            joined.to_mut().push_str(content);
            continues = goes_on;
        }
        trimmed(joined)
    }

    /// What ONBUILD holds, as [`Dockerfile::original`]; none of any other instruction.
    pub fn original_trigger(&self, onbuild: &Instruction<'_>) -> Option<Cow<'a, str>> {
        if !matches!(onbuild.arguments, Arguments::Onbuild(_)) {
            return None;
        }
        let original = self.original(onbuild);
        let length = onbuild.name.text.len().min(original.len());
        Some(match original {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(length..)?.trim_start()),
            Cow::Owned(text) => Cow::Owned(text.get(length..)?.trim_start().to_owned()),
        })
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::parse;

    fn originals(text: &str) -> Vec<String> {
        let (file, _) = parse(text);
        file.instructions.iter().map(|i| file.original(i).into_owned()).collect()
    }

    #[test]
    fn continuations_are_joined_and_comments_dropped() {
        let text = "FROM a\n  RUN   echo a && \\  \n# no\n\n    echo b  \r\nCOPY a \\\n b\n";
        assert_eq!(originals(text), ["FROM a", "RUN   echo a &&     echo b", "COPY a  b"]);
        assert_eq!(originals("RUN a \\"), ["RUN a"]);
        assert_eq!(originals("# escape=`\nRUN a `\n b\\\nRUN c"), ["RUN a  b\\", "RUN c"]);
    }

    #[test]
    fn heredocs_are_left_out() {
        assert_eq!(originals("RUN <<EOF\na\nEOF\nRUN b"), ["RUN <<EOF", "RUN b"]);
    }

    #[test]
    fn a_trigger_stands_behind_the_keyword() {
        let (file, _) = parse("FROM a\nonbuild \\\n  run  b\nRUN c");
        let trigger = |at: usize| file.original_trigger(&file.instructions[at]);
        assert_eq!(trigger(1).as_deref(), Some("run  b"));
        assert_eq!(trigger(2), None);
    }
}
