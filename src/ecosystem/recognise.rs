//! From the words of a command to what the tables say of it.
//!
//! Options may stand anywhere; a word that could not be resolved is kept as written and
//! marked, and decides only where its value cannot matter.

mod options;

use super::invocation::{Argument, Invocation, is_program};
use super::launchers::{is_script_file, launched};
use super::names::{cloned_to, project_named};
use super::{Action, ActionKind, Arguments, First, Tool, name_matches, tools};
use options::Words;
pub use options::{OptionValue, ValueKind, listed};
use std::mem::take;
use std::sync::OnceLock;

/// What a command turned out to be.
#[derive(Clone, Debug)]
pub struct Use {
    /// The tool.
    pub tool: &'static Tool,
    /// What it is asked to do.
    pub action: &'static Action,
    /// What that means with the arguments at hand.
    pub kind: ActionKind,
    /// The directory it was told to work in.
    pub directory: Option<String>,
    /// Files it was told to read in place of the tool's manifests, as written.
    pub files: Vec<String>,
    /// Paths it reads beside them, as written.
    pub paths: Vec<String>,
    /// Paths it was told to write, as written.
    pub outputs: Vec<String>,
    /// Values of options that no table takes for a path.
    pub values: Vec<OptionValue>,
    /// Options that [`OptionTable::noted`](super::OptionTable::noted) names, as written.
    pub flags: Vec<String>,
    /// The file of a program that an interpreter was told to run, as written.
    pub script: Option<String>,
    /// Whether it leaves the dependencies out: it downloads nothing.
    pub alone: bool,
    /// Whether it was told to leave the lock file as it is.
    pub frozen: bool,
    /// The command that can run before the source is there, in the words of the file: for
    /// [`ActionKind::Compile`] in any case, for [`ActionKind::Install`] where there is one that needs fewer
    /// manifests (read it again with [`recognise`] to know which). What stands in front of the
    /// program is not part of it. Its variables have to mean the same where it is put.
    pub first: Option<String>,
}

impl Use {
    /// A tool that is asked to do `action`, without arguments.
    pub(super) fn of(tool: &'static Tool, action: &'static Action) -> Use {
        Use {
            tool,
            action,
            kind: action.kind,
            directory: None,
            files: Vec::new(),
            paths: Vec::new(),
            outputs: Vec::new(),
            values: Vec::new(),
            flags: Vec::new(),
            script: None,
            alone: false,
            frozen: false,
            first: None,
        }
    }

    /// Files that it writes into the project beside [`Tool::writes`].
    pub fn writes(&self) -> &'static [&'static str] {
        match self.frozen {
            true => &[],
            false => self.action.writes,
        }
    }

    /// Whether unknown steps may stand between it and what fetches for it: that only fills caches,
    /// or it brings up to date what that left.
    pub fn fetch_may_go_early(&self) -> bool {
        self.action.first.is_some_and(|first| first.fills_caches || first.is_checked)
    }

    /// Whether it may rewrite the lock file at `place`, in whatever directory that is.
    pub fn rewrites(&self, place: &str) -> bool {
        let names = |name: &str| place.rsplit('/').next() == Some(name);
        !self.frozen && self.kind == ActionKind::Install && listed(self.tool.rewrites, names)
    }

    /// What it does where its files are not known: it is an install all the same.
    pub fn downloads(&self) -> ActionKind {
        match self.kind {
            ActionKind::Everything if !self.alone => self.action.kind,
            kind => kind,
        }
    }
}

/// The command that the arguments of a program which no table knows may hold:
/// `retry.sh 3 npm ci`, `find . -exec npm ci`.
pub fn run_by_unknown(arguments: &[Argument<'_>]) -> Option<Use> {
    let exec = arguments.iter().position(|word| word.text.starts_with("-exec"));
    (0..arguments.len().min(3)).chain(exec.map(|at| at + 1)).find_map(|at| {
        let (program, arguments) = arguments.get(at..)?.split_first()?;
        let name = program.text.rsplit('/').next().unwrap_or("");
        recognise(&Invocation { program: name, written: program.written, arguments })
    })
}

/// What the tables know of a command; `None` for one they do not know.
pub fn recognise(invocation: &Invocation<'_>) -> Option<Use> {
    let mut prefix = Vec::new();
    let mut program = program_name(invocation.program);
    let mut arguments = invocation.arguments;
    let mut written = invocation.written;
    let mut script = None;
    // A program may run the one its arguments name, as often as there are words.
    while let Some(at) = launched(program, arguments) {
        prefix.push(written);
        prefix.extend(arguments[..at].iter().map(|word| word.written));
        let inner = &arguments[at];
        written = inner.written;
        script = is_script_file(&inner.text).then(|| inner.text.clone());
        program = program_name(inner.text.rsplit(['/', '\\']).next().unwrap_or(&inner.text));
        arguments = &arguments[at + 1..];
    }
    prefix.push(written);
    for (name, tool) in programs_like(program) {
        if is_program(name, program)
            && let Some(found) = read(tool, &prefix, arguments)
        {
            return Some(Use { script, ..found });
        }
    }
    None
}

/// Windows spells programs with an extension and in any case; versions of tools stand behind
/// an `@`.
fn program_name(program: &str) -> &str {
    let program = match program.split_once('@') {
        Some((name, _)) if !name.is_empty() => name,
        _ => program,
    };
    [".exe", ".cmd", ".bat"].iter().find_map(|end| program.strip_suffix(end)).unwrap_or(program)
}

fn read(tool: &'static Tool, prefix: &[&str], arguments: &[Argument<'_>]) -> Option<Use> {
    let mut read = options::read(&tool.options, arguments);
    let action = tool.actions.iter().find(|action| fits(action, &read))?;
    let mut found = Use {
        directory: read.directory.take(),
        files: take(&mut read.files),
        paths: take(&mut read.paths),
        outputs: take(&mut read.outputs),
        values: take(&mut read.values),
        flags: take(&mut read.noted),
        frozen: listed(tool.frozen, |flag| read.has(flag)),
        ..Use::of(tool, action)
    };
    let rest = &read.words[action.words.len()..];
    apply_arguments(&mut found, rest);
    // What an option takes as a distribution is the directory of one (`-e lib`), or an address.
    let local = |(name, words): &(&str, std::ops::Range<usize>)| {
        listed(tool.options.arguments, |option| option == *name)
            && arguments[..words.end].last().is_some_and(|word| !word.text.contains(':'))
    };
    if action.arguments == Arguments::Distributions
        && found.kind != ActionKind::Everything
        && read.options.iter().any(local)
    {
        found.kind = ActionKind::Compile;
    }
    if found.kind == ActionKind::Compile && read.alone {
        found.kind = ActionKind::Everything;
        found.alone = true;
    }
    if read.uncertain {
        found.kind = ActionKind::Everything;
    }
    if matches!(found.kind, ActionKind::Compile | ActionKind::Install) {
        found.first = action.first.and_then(|first| compose(first, prefix, arguments, &read, rest));
    }
    Some(found)
}

fn fits(action: &Action, read: &Words<'_, '_>) -> bool {
    let words = &read.words;
    if !action.flags.is_empty() && !listed(action.flags, |flag| read.has(flag)) {
        return false;
    }
    if listed(action.all_flags, |flag| !read.has(flag)) {
        return false;
    }
    if action.words.len() > words.len() {
        return false;
    }
    let start = action.words.iter().zip(words).all(|(spellings, (_, word))| {
        spellings.split('|').any(|spelling| name_matches(spelling, &word.text))
    });
    let rest = &words[action.words.len()..];
    let held = |word: &Argument<'_>| listed(action.unless, |text| word.text.contains(text));
    start
        && !words.iter().any(|(_, word)| held(word))
        && match action.arguments {
            Arguments::None => rest.is_empty(),
            Arguments::Ignored if action.goals.is_empty() => {
                !action.words.is_empty() || rest.is_empty()
            }
            _ => true,
        }
        && (action.goals.is_empty() || {
            let is_goal = |(_, word): &(usize, &Argument<'_>)| {
                listed(action.goals, |goal| name_matches(goal, &word.text))
            };
            let every = action.arguments == Arguments::Goals;
            rest.iter().any(is_goal) && (!every || rest.iter().all(is_goal))
        })
}

fn apply_arguments(found: &mut Use, rest: &[(usize, &Argument<'_>)]) {
    let words = rest.iter().map(|(_, word)| *word);
    match found.action.arguments {
        Arguments::Ignored
        | Arguments::None
        | Arguments::Free
        | Arguments::Goals
        | Arguments::Caches => {}
        Arguments::Unknown if rest.is_empty() => {}
        Arguments::Unknown => found.kind = ActionKind::Everything,
        Arguments::Paths
        | Arguments::Made
        | Arguments::Metadata
        | Arguments::Inputs
        | Arguments::Removed
        | Arguments::Moved
        | Arguments::Outputs
        | Arguments::Destination => {
            let is_address =
                |word: &&Argument<'_>| word.text.contains("://") || word.text.starts_with("git@");
            // A mode is no path.
            let is_place = |word: &&Argument<'_>| !is_address(word) && !is_mode(&word.text);
            let places: Vec<&Argument<'_>> = words.filter(is_place).collect();
            if places.iter().any(|word| !word.resolved) {
                found.kind = ActionKind::Everything;
            }
            let mut paths: Vec<String> = places.iter().map(|word| word.text.clone()).collect();
            match found.action.arguments {
                Arguments::Outputs => found.outputs.append(&mut paths),
                Arguments::Destination => {
                    match rest {
                        [(_, word)] if word.resolved => found.outputs.extend(cloned_to(&word.text)),
                        [_] => {}
                        _ => found.outputs.extend(paths.pop()),
                    }
                    found.paths.append(&mut paths);
                }
                _ => found.paths.append(&mut paths),
            }
        }
        Arguments::Manifests => {
            for word in words {
                if !word.resolved {
                    found.kind = ActionKind::Everything;
                }
                match names_a_file(&word.text) {
                    true => found.files.push(word.text.clone()),
                    false => found.directory = Some(project_named(found.tool, &word.text)),
                }
            }
        }
        Arguments::Packages | Arguments::ProjectPackages | Arguments::Distributions => {
            packages(found, words);
        }
        Arguments::Versioned => {
            if !rest.is_empty()
                && words.clone().all(|word| word.text.contains('@') && !is_path(&word.text))
            {
                found.kind = ActionKind::Named;
            }
        }
    }
}

/// Words that are packages, or the project itself, or files.
fn packages<'w>(found: &mut Use, words: impl Iterator<Item = &'w Argument<'w>>) {
    let arguments = found.action.arguments;
    let mut any = false;
    for word in words {
        any = true;
        let text = word.text.as_str();
        let slashes = arguments == Arguments::Distributions;
        if slashes && !word.resolved && text.trim_start_matches('"').starts_with('$') {
            // It may be the project.
            found.kind = ActionKind::Everything;
            return;
        }
        let is_path = is_path(text)
            || (slashes
                && text.contains('/')
                && !text.contains("://")
                && !text.starts_with('@')
                && !text.contains(" @ "));
        if is_path && is_project(text) {
            // The project itself: its source is needed, its dependencies come along.
            found.kind = ActionKind::Compile;
            return;
        }
        if is_path {
            found.paths.push(text.to_owned());
        }
    }
    if !any {
        return;
    }
    if arguments == Arguments::ProjectPackages {
        // It reads the project's manifest and rewrites it.
        found.kind = ActionKind::Compile;
    } else if found.kind == ActionKind::Install && found.files.is_empty() {
        found.kind = ActionKind::Named;
    }
}

/// The command that can go first, in the words of the file.
fn compose(
    first: &First,
    prefix: &[&str],
    arguments: &[Argument<'_>],
    read: &Words<'_, '_>,
    rest: &[(usize, &Argument<'_>)],
) -> Option<String> {
    let mut parts: Vec<&str> = prefix.to_vec();
    if first.words.is_empty() {
        if arguments.iter().any(|word| word.text == "--") {
            return None;
        }
        parts.extend(arguments.iter().map(|word| word.written));
        let missing = first.flags.split(' ').filter(|flag| !read.has(flag));
        parts.extend(missing.filter(|flag| !flag.is_empty()));
        return Some(parts.join(" "));
    }
    let mut options: Vec<&str> = Vec::new();
    for (name, range) in &read.options {
        let dropped =
            listed(first.drops, |drop| name_matches(drop, arguments[range.start].written));
        if name.starts_with('+') {
            // A toolchain stands right behind the program; elsewhere it divides tasks.
            parts.extend((range.start == 0).then_some(*name));
        } else if listed(first.carries, |carried| name_matches(carried, name)) && !dropped {
            // A comma divides them as well.
            let words = arguments[range.clone()].iter().map(|word| word.written);
            options.extend(words.map(|word| word.trim_end_matches(',')));
        } else if read.places.contains(name) {
            // It would work on another project.
            return None;
        }
    }
    if first.options_first {
        parts.extend(flags_of(first, &options));
        parts.append(&mut options);
    }
    parts.push(first.words);
    if first.arguments {
        parts.extend(rest.iter().map(|(_, word)| word.written));
    }
    if !first.options_first {
        let flags: Vec<&str> = flags_of(first, &options).collect();
        parts.append(&mut options);
        parts.extend(flags);
    }
    Some(parts.join(" "))
}

/// The flags that are added and not there yet.
fn flags_of<'f>(first: &First, options: &[&str]) -> impl Iterator<Item = &'f str> {
    let flags: Vec<&'static str> = first.flags.split(' ').collect();
    let missing = flags.into_iter().filter(|flag| !flag.is_empty() && !options.contains(flag));
    missing.collect::<Vec<_>>().into_iter()
}

/// Whether a word is a mode of files: `755`, `a+x`.
fn is_mode(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        || (text.contains(['+', '=']) && text.bytes().all(|byte| b"ugoarwxXst,+-=".contains(&byte)))
}

/// Whether a path is a manifest's rather than a directory's.
fn names_a_file(path: &str) -> bool {
    let endings = "proj .sln .slnx .slnf .xml .toml .txt .in .yml .yaml .json .lock .cabal .opam";
    listed(endings, |end| path.ends_with(end))
}

/// Whether an argument names a local project directory: `.`, `./lib`, `.[dev]`.
fn is_project(text: &str) -> bool {
    let path = text.split('[').next().unwrap_or(text);
    !is_archive(path) && !path.contains('*')
}

/// Whether an argument is a path and not a package's name.
fn is_path(text: &str) -> bool {
    text == "."
        || text == ".."
        || ["./", "../", "/", "~/", "file:", "link:", "portal:", ".[", ".\\"]
            .iter()
            .any(|s| text.starts_with(s))
        // A list of packages (Chocolatey's).
        || text.ends_with(".config")
        || (is_archive(text) && !text.contains("://"))
}

/// Whether installing the package at a path runs programs that it brings, which may read and
/// write anything. A wheel brings none:
/// <https://packaging.python.org/en/latest/specifications/binary-distribution-format/>.
pub fn runs_scripts(path: &str) -> bool {
    is_archive(path) && !path.ends_with(".whl")
}

fn is_archive(text: &str) -> bool {
    let archives =
        ".whl .tar.gz .tgz .tar.bz2 .zip .deb .rpm .apk .gem .nupkg .pkg.tar.zst .phar .tar.xz";
    text.contains('.') && listed(archives, |end| text.ends_with(end))
}

/// Whether the tables know a program of this name.
pub fn is_known_program(name: &str) -> bool {
    programs_like(name).iter().any(|(known, _)| is_program(known, name))
}

/// The names of programs that start as `program` does, with their tools, in the order of
/// [`tools`].
fn programs_like(program: &str) -> &'static [(&'static str, &'static Tool)] {
    // Every command of every file is looked up, so the tables are not walked each time.
    static BY_FIRST_LETTER: OnceLock<[Vec<(&str, &Tool)>; 32]> = OnceLock::new();
    // Both cases of a letter have these bits in common.
    let start = |name: &str| usize::from(name.as_bytes().first().copied().unwrap_or(0) & 31);
    let index = BY_FIRST_LETTER.get_or_init(|| {
        let mut index = [const { Vec::new() }; 32];
        for tool in tools() {
            for name in tool.programs {
                index[start(name)].push((*name, tool));
            }
        }
        index
    });
    &index[start(program)]
}

#[cfg(test)]
pub(super) mod tests;
