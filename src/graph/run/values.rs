//! What the words of a command stand for, by what its environment and the script have set.

use super::reader::Reader;
use crate::ecosystem::Argument;
use crate::limits;
use crate::shell::{self, Part, Value};

impl Reader<'_> {
    /// HOME, where a variable or a step before says where it is.
    pub(super) fn home(&self) -> Option<String> {
        self.known("HOME").or_else(|| self.state.home_given()).map(str::to_owned)
    }

    /// The value that a variable is set to, where it is known; of PATH what is known of it.
    pub(super) fn value_of(&self, name: &str, value: &shell::Word<'_>) -> Option<String> {
        let known = value.expand(|name| self.lookup(name)).or_else(|| self.in_place(&value.raw));
        known.or_else(|| (name == "PATH").then(|| self.known_parts(&value.raw)))
    }

    /// Keeps what is known of a value that a variable is set to, for the files that it may name.
    pub(super) fn keep_known_parts(&mut self, name: &str, written: &str) {
        let text = self.known_parts(written);
        if text.contains('/') && self.known_in_part.len() < limits::VARIABLES_NAMING {
            self.known_in_part.push((name.to_owned(), text));
        }
    }

    /// A word with the variables in it that are known, and the others as written: of
    /// `"$PYTHONPATH:$APP/lib"` that is `$PYTHONPATH:/app/lib`.
    fn known_parts(&self, written: &str) -> String {
        let cwd = self.cwd.as_deref().unwrap_or("$PWD");
        let written = written.trim_matches(['"', '\'']);
        let written = written.replace("$(pwd)", cwd).replace("`pwd`", cwd);
        let mut pieces = written.split('$');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let bare = piece.strip_prefix('{').unwrap_or(piece);
            let end = bare.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (name, rest) = bare.split_at(end.unwrap_or(bare.len()));
            let rest = if bare.len() < piece.len() { rest.strip_prefix('}') } else { Some(rest) };
            match self.known(name).zip(rest) {
                Some((value, rest)) => text.extend([value, rest]),
                None => text.extend(["$", piece]),
            }
        }
        text
    }

    pub(super) fn argument<'w>(&self, word: &'w shell::Word<'_>) -> Argument<'w> {
        let written = word.raw.as_ref();
        match word.expand(|name| self.lookup(name)) {
            Some(text) => Argument { text, resolved: true, written },
            None => {
                if let Some(text) = self.in_place(written) {
                    return Argument { text, resolved: true, written };
                }
                let text = written.trim_matches(['"', '\'']).to_owned();
                // HOME is set in every RUN, whether a file names it or not.
                let rest = text.strip_prefix("$HOME").or_else(|| text.strip_prefix("${HOME}"));
                if let Some(rest) = rest.filter(|rest| rest.starts_with('/') && !rest.contains('$'))
                    && !self.set.contains_key("HOME")
                {
                    return Argument { text: format!("~{rest}"), resolved: true, written };
                }
                // A pattern of file names is as good as known; see `placed`.
                Argument { text, resolved: word.parts.iter().all(is_name_pattern), written }
            }
        }
    }

    fn lookup(&self, name: &str) -> Value<'_> {
        self.known(name).map_or(Value::Unknown, Value::Set)
    }

    /// The value of a variable, where it is set and known.
    pub(super) fn known(&self, name: &str) -> Option<&str> {
        match self.set.get(name) {
            Some(value) => value.as_deref(),
            None if self.sourced => None,
            None if name == "PWD" => self.cwd.as_deref(),
            None => self.state.known(name),
        }
    }
}

/// Whether a part of a word is plain text, a file-name pattern or the home directory.
fn is_name_pattern(part: &Part<'_>) -> bool {
    match part {
        Part::Literal(_) | Part::Quoted(_) | Part::Glob(_) => true,
        Part::Tilde(user) => user == "~",
        _ => false,
    }
}
