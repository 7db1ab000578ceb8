//! Runs the shell lines of cases: simple commands joined by `|`, `&&`, `||`, `;` and line breaks,
//! with quotes, variables, patterns and redirections. What else a shell can do fails the test.

use super::commands;
use super::dockerfile::expand;
use super::files::{CIRCLE, Failure, Files, Kind, Node, Owner, base, join, parent};
use super::ignore::wildcard;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a command runs with.
pub struct Process<'f> {
    pub files: &'f mut Files,
    pub directory: String,
    pub variables: BTreeMap<String, String>,
    pub user: Owner,
    /// The here-documents of the instruction, by name.
    pub documents: Vec<(String, String)>,
}

/// How a shell treats what fails.
#[derive(Clone, Copy, Default)]
pub struct Flags {
    /// `-e`: the first failure ends the script.
    errexit: bool,
    /// `-o pipefail`: a pipeline fails with any of its commands.
    pipefail: bool,
}

impl Flags {
    /// The flags among words, as `set` and a shell's command line take them.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Flags {
        let mut flags = Flags::default();
        for word in words {
            let is_flag = word.starts_with('-') && !word.starts_with("--");
            flags.errexit |= is_flag && word.contains('e');
            flags.pipefail |= word == "pipefail";
        }
        flags
    }
}

/// An operator, or a word as it is written.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Operator(&'static str),
}

const OPERATORS: [&str; 10] = ["&&", "||", "|", ";", "\n", ">>", ">", "<<", "<", "2>"];

fn tokens(line: &str) -> Vec<Token> {
    let (mut found, mut rest) = (Vec::new(), line);
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return found;
        }
        if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            found.push(Token::Operator(operator));
            rest = &rest[operator.len()..];
            continue;
        }
        let mut quote = None;
        let end = rest.find(|c: char| match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
                false
            }
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                false
            }
            None => " \t\n;&|<>".contains(c),
        });
        let end = end.unwrap_or(rest.len());
        assert!(end > 0 && !rest[..end].contains(['(', '`']), "the shell line `{line}`");
        found.push(Token::Word(rest[..end].to_owned()));
        rest = &rest[end..];
    }
}

/// A simple command, with where its output goes.
struct Simple {
    words: Vec<String>,
    output: Option<(String, bool)>,
    input: Option<Input>,
}

/// Where a command reads from.
enum Input {
    File(String),
    Text(Rc<str>),
}

impl Process<'_> {
    /// Runs a script as `sh -c` does, or with what a shell's flags say.
    pub fn script(&mut self, script: &str, flags: Flags) -> Result<(), Failure> {
        let all = tokens(script);
        let (mut status, mut flags) = (Ok(()), flags);
        let mut joined = ";";
        let mut at = 0;
        while at <= all.len() {
            let end = all[at..]
                .iter()
                .position(|token| matches!(token, Token::Operator("&&" | "||" | ";" | "\n")));
            let end = end.map_or(all.len(), |end| at + end);
            let runs = match joined {
                "&&" => status.is_ok(),
                "||" => status.is_err(),
                _ => true,
            };
            let operator = match all.get(end) {
                Some(Token::Operator(operator)) => *operator,
                _ => ";",
            };
            if runs && end > at {
                status = self.pipeline(&all[at..end], &mut flags);
            }
            if flags.errexit && status.is_err() && !matches!(operator, "&&" | "||") && runs {
                return status;
            }
            joined = operator;
            at = end + 1;
        }
        status
    }

    /// Commands joined by `|`, of which each reads what the one before says.
    fn pipeline(&mut self, tokens: &[Token], flags: &mut Flags) -> Result<(), Failure> {
        let parts: Vec<&[Token]> = tokens.split(|token| *token == Token::Operator("|")).collect();
        let (mut said, mut failed, mut last) = (None, None, Ok(()));
        for part in &parts {
            let mut simple = self.simple(part);
            if simple.words.first().is_some_and(|word| word == "set") {
                let set = Flags::of(simple.words.iter().map(String::as_str));
                flags.errexit |= set.errexit;
                flags.pipefail |= set.pipefail;
                return Ok(());
            }
            if let Some(text) = said.take() {
                simple.input = simple.input.or(Some(Input::Text(text)));
            }
            // Each part of several runs in a shell of its own, which may go elsewhere.
            let directory = self.directory.clone();
            last = self.run(simple).map(|output| said = Some(output.into()));
            if parts.len() > 1 {
                self.directory = directory;
                said = said.or(Some("".into()));
            }
            failed = failed.or(last.clone().err());
        }
        match failed {
            Some(why) if flags.pipefail => Err(why),
            _ => last,
        }
    }

    fn simple(&self, tokens: &[Token]) -> Simple {
        let mut simple = Simple { words: Vec::new(), output: None, input: None };
        let mut tokens = tokens.iter();
        while let Some(token) = tokens.next() {
            let mut target = || match tokens.next() {
                Some(Token::Word(word)) => self.expanded(word).pop().unwrap_or_default(),
                other => panic!("a redirection to {other:?}"),
            };
            match token {
                Token::Word(word) => simple.words.extend(self.expanded(word)),
                Token::Operator("<") => simple.input = Some(Input::File(target())),
                Token::Operator("<<") => {
                    let name = target();
                    let document = self.documents.iter().find(|document| document.0 == name);
                    simple.input = document.map(|document| Input::Text(document.1.as_str().into()));
                }
                Token::Operator("2>") => drop(target()),
                Token::Operator(operator) => simple.output = Some((target(), *operator == ">>")),
            }
        }
        simple
    }

    /// A word with its variables, its quotes and its pattern replaced.
    fn expanded(&self, word: &str) -> Vec<String> {
        let (mut out, mut quote, mut text) = (String::new(), None, String::new());
        let mut is_pattern = false;
        let value = |name: &str| self.variables.get(name).cloned();
        let mut flush = |text: &mut String, literal: bool, is_pattern: &mut bool, open: bool| {
            *is_pattern |= open && text.contains(['*', '?']);
            out += &if literal { text.clone() } else { expand(text, &value) };
            text.clear();
        };
        for c in word.chars() {
            match quote {
                None if c == '"' || c == '\'' => {
                    flush(&mut text, false, &mut is_pattern, true);
                    quote = Some(c);
                }
                Some(open) if c == open => {
                    flush(&mut text, open == '\'', &mut is_pattern, false);
                    quote = None;
                }
                _ => text.push(c),
            }
        }
        flush(&mut text, false, &mut is_pattern, true);
        let matches = if is_pattern { self.matches(&out) } else { Vec::new() };
        if matches.is_empty() { vec![out] } else { matches }
    }

    /// What a pattern in the last part of a path fits, as it is written there.
    fn matches(&self, pattern: &str) -> Vec<String> {
        let (directory, name) = match pattern.rfind('/') {
            Some(at) => pattern.split_at(at + 1),
            None => ("", pattern),
        };
        let place = self.files.real(&join(&self.directory, directory), true);
        let names = self.files.names(&place).into_iter();
        let fits = |found: &String| {
            wildcard(name, found) && (!found.starts_with('.') || name.starts_with('.'))
        };
        names.filter(fits).map(|found| format!("{directory}{found}")).collect()
    }

    fn run(&mut self, simple: Simple) -> Result<String, Failure> {
        let is_assignment = |word: &String| {
            let name = word.split_once('=').map_or("", |(name, _)| name);
            !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
        };
        let count = simple.words.iter().take_while(|word| is_assignment(word)).count();
        let (assigned, words) = simple.words.split_at(count);
        let pairs = assigned.iter().filter_map(|word| word.split_once('='));
        let before = self.variables.clone();
        self.variables.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let Some((program, arguments)) = words.split_first() else { return Ok(String::new()) };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let input = match simple.input {
            Some(Input::File(path)) => Some(self.read(&path)?),
            Some(Input::Text(text)) => Some(text),
            None => None,
        };
        // The shell opens the file before it starts the command.
        if let Some((path, append)) = &simple.output
            && path != "/dev/null"
        {
            self.write(path, "", *append)?;
        }
        let output = commands::run(self, program, &arguments, input);
        if program != "export" {
            self.variables = before;
        }
        let output = output.map_err(|why| format!("{program}: {why}"))?;
        match &simple.output {
            Some((path, _)) if path == "/dev/null" => Ok(String::new()),
            Some((path, append)) => self.write(path, &output, *append).map(|()| String::new()),
            None => Ok(output),
        }
    }

    /// A path of a command, absolute.
    pub fn place(&self, path: &str) -> String {
        match path.starts_with('/') {
            true => path.to_owned(),
            false => format!("{}/{path}", self.directory),
        }
    }

    pub fn read(&self, path: &str) -> Result<Rc<str>, Failure> {
        let place = self.place(path);
        let node = self.files.get(&place).ok_or_else(|| format!("{path}: no such file"))?;
        if !node.allows(self.user, 4) {
            return Err(format!("{path}: permission denied"));
        }
        self.files.text(&place).ok_or_else(|| format!("{path} is a directory"))
    }

    /// Whether names may be made and taken away in the directory that holds a path.
    pub fn may_change(&self, path: &str) -> Result<(), Failure> {
        let real = self.files.real(&self.place(path), false);
        match self.files.0.get(parent(&real)) {
            Some(node) if !node.is_directory() => Err(format!("{path}: not a directory")),
            _ if real == CIRCLE => Err(format!("{path}: too many links")),
            Some(node) if node.allows(self.user, 3) => Ok(()),
            Some(_) => Err(format!("{path}: permission denied")),
            None => Err(format!("{path}: no such directory")),
        }
    }

    /// Writes a file: a new one with the user's usual mode, or into the one that is there.
    pub fn write(&mut self, path: &str, text: &str, append: bool) -> Result<(), Failure> {
        let place = self.files.real(&self.place(path), true);
        match self.files.0.get_mut(&place) {
            Some(node) => {
                if !node.allows(self.user, 2) {
                    return Err(format!("{path}: permission denied"));
                }
                match &mut node.kind {
                    Kind::File(old) if append => *old = format!("{old}{text}").into(),
                    Kind::File(old) => *old = text.into(),
                    _ => return Err(format!("{path} is a directory")),
                }
                Ok(())
            }
            None => {
                self.may_change(&place)?;
                self.files.0.insert(place, Node::file(text, 0o644, self.user));
                Ok(())
            }
        }
    }

    /// `mkdir -p`.
    pub fn make_all(&mut self, path: &str) -> Result<(), Failure> {
        let real = self.files.real(&self.place(path), true);
        let mut place = String::new();
        for part in real.split('/').filter(|part| !part.is_empty()) {
            place = format!("{place}/{part}");
            match self.files.0.get(&place) {
                Some(node) if node.is_directory() => {}
                Some(_) => return Err(format!("{path}: file exists")),
                None => {
                    self.may_change(&place)?;
                    self.files.0.insert(place.clone(), Node::directory(0o755, self.user));
                }
            }
        }
        Ok(())
    }

    /// A file with its directory, as tools leave what they made.
    pub fn leave(&mut self, path: &str, text: &str) -> Result<(), Failure> {
        let place = self.place(path);
        self.make_all(parent(&place))?;
        self.write(&place, text, false)
    }

    /// The path in a directory, or `path/base` where a directory is meant.
    pub fn within_directory(&self, target: &str, source: &str) -> String {
        match self.files.is_directory(&self.place(target)) {
            true => format!("{}/{}", target.trim_end_matches('/'), base(source)),
            false => target.to_owned(),
        }
    }

    /// Whether PATH leads to a program.
    pub fn has_program(&self, name: &str) -> bool {
        let mut places = self.variable("PATH").split(':').filter(|place| !place.is_empty());
        places.any(|place| self.files.get(&join(place, name)).is_some())
    }

    pub fn variable(&self, name: &str) -> &str {
        self.variables.get(name).map_or("", String::as_str)
    }
}
