//! What a RUN does, as far as it is understood: for each of its commands what it needs,
//! reads and writes.
//!
//! A command that no table knows reads and writes everything. The shell's own state
//! (`cd`, variables) is followed from command to command.

use super::region::{Region, under};
use super::state::{Expanded, State};
use crate::ecosystem::{
    Argument, Arguments, Invocation, Kind, Use, is_in_environment, name_matches, recognise,
};
use crate::shell::{self, Operator, Part, Script, Value};
use crate::text::Span;
use std::collections::HashMap;

/// A RUN.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The commands as the shell reads them.
    pub script: Script<'a>,
    /// The same commands as the tables know them.
    pub commands: Vec<Command>,
    /// Where its mounts stand; nothing below them belongs to the image.
    pub mounts: Vec<Mount>,
}

/// A mount of a RUN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where it stands; `None` where that is not known.
    pub target: Option<String>,
    /// Whether it is a cache.
    pub cache: bool,
    /// The stage it shows, where it shows one.
    pub from: Option<usize>,
}

/// A command of a RUN.
#[derive(Clone, Debug)]
pub struct Command {
    /// Where it stands in the file.
    pub span: Span,
    /// What the tables know of it.
    pub used: Option<Use>,
    /// The directory it runs in; see [`State::cwd`].
    pub cwd: Option<String>,
    /// Where its program lies, when it is named by its path.
    pub program: Option<String>,
    /// What it needs of files that were copied before.
    pub needs: Needs,
    /// Which paths it reads, beside the system's programs and settings.
    pub reads: Region,
    /// Which paths it writes.
    pub writes: Region,
    /// Directories it writes into, under names that are not known.
    pub fills: Region,
    /// Whether it uses more of the system than the basic programs.
    pub uses_system: bool,
    /// Whether it changes what later commands of the same RUN mean (`cd`, `export`, `set`).
    pub changes_shell: bool,
    /// Whether it runs a file of its own in the shell (`. file`): that this only sets variables
    /// is an assumption.
    pub sources: bool,
}

/// What a command needs of files that were copied before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// These paths.
    Paths(Vec<String>),
    /// The manifests of the project in this directory, or the files it was told to read.
    Project {
        /// The directory of the project.
        directory: String,
        /// Files that were named, in place of the tool's manifests.
        files: Vec<String>,
    },
    /// Possibly everything, for this reason.
    Everything(&'static str),
}

impl Run<'_> {
    /// What all commands together read.
    pub fn reads(&self) -> Region {
        self.union(|command| &command.reads)
    }

    /// What all commands together write.
    pub fn writes(&self) -> Region {
        self.union(|command| &command.writes)
    }

    fn union(&self, part: impl Fn(&Command) -> &Region) -> Region {
        let mut region = Region::none();
        for command in &self.commands {
            region.extend(part(command));
        }
        region
    }
}

impl Command {
    /// Whether it only refreshes what later commands of the same tool use, such as the index
    /// of a package manager: it downloads, and nothing that it names.
    pub fn refreshes(&self) -> bool {
        let used = self.used.as_ref();
        used.is_some_and(|u| u.kind == Kind::Named && u.action.arguments == Arguments::Ignored)
    }
}

/// Reads the commands of `script`, which runs in `state`.
pub fn read<'a>(script: Script<'a>, state: &State, mounts: Vec<Mount>) -> Run<'a> {
    let mut reader = Reader { cwd: state.cwd.clone(), set: HashMap::new(), sourced: false, state };
    let mut commands: Vec<Command> =
        script.commands.iter().map(|command| reader.command(&script, command, DEPTH)).collect();
    let targets: Vec<String> = mounts.iter().filter_map(|mount| mount.target.clone()).collect();
    if !targets.is_empty() {
        commands.iter_mut().for_each(|command| hide(command, &targets));
    }
    Run { script, commands, mounts }
}

struct Reader<'s> {
    cwd: Option<String>,
    /// Variables the script itself has set.
    set: HashMap<String, Option<String>>,
    /// Whether a file may have set any.
    sourced: bool,
    state: &'s State,
}

/// How deep scripts within scripts are followed.
const DEPTH: u32 = 4;

/// Programs that change the shell itself.
const SHELL_STATE: &[&str] =
    &["cd", "export", "set", "shopt", "trap", "umask", "unset", "ulimit", "alias", "pushd"];

impl Reader<'_> {
    fn command(
        &mut self,
        script: &Script<'_>,
        command: &shell::Command<'_>,
        depth: u32,
    ) -> Command {
        let mut facts = Command {
            span: command.span,
            used: None,
            cwd: self.cwd.clone(),
            program: None,
            needs: Needs::Nothing,
            reads: Region::none(),
            writes: Region::none(),
            fills: Region::none(),
            uses_system: false,
            changes_shell: false,
            sources: false,
        };
        let within = match depth {
            0 => None,
            _ if command.is_opaque() => script.inside(command),
            _ => script.nested(command),
        };
        if let Some(within) = &within {
            // A branch may change the directory or not; a subshell's commands run in turn.
            let in_turn = matches!(
                command.kind,
                shell::Kind::Simple | shell::Kind::Opaque(shell::Reason::Subshell)
            );
            facts = self.merged(within, facts, depth, in_turn);
        } else if command.is_opaque() {
            return everything(facts, "it is not a simple command");
        } else if command.words.is_empty() {
            for assignment in &command.assignments {
                let value = assignment.value.expand(|name| self.lookup(name));
                self.set.insert(assignment.name.to_string(), value);
            }
            facts.changes_shell = true;
        } else {
            let words: Vec<Argument<'_>> =
                command.invocation().words.iter().map(|word| self.argument(word)).collect();
            // They hold for this command alone.
            let mut outside = Vec::with_capacity(command.assignments.len());
            for assignment in &command.assignments {
                let value = assignment.value.expand(|name| self.lookup(name));
                let name = assignment.name.to_string();
                outside.push((name.clone(), self.set.insert(name, value)));
            }
            facts = self.simple(&words, facts);
            for (name, value) in outside.into_iter().rev() {
                match value {
                    Some(value) => self.set.insert(name, value),
                    None => self.set.remove(&name),
                };
            }
        }
        let runs_commands = within.is_none() && command.words.iter().any(|w| w.runs_commands())
            || command.assignments.iter().any(|a| a.value.runs_commands());
        if runs_commands {
            return everything(facts, "it runs a command inside its words");
        }
        for redirection in &command.redirections {
            self.redirection(redirection, &mut facts);
        }
        facts
    }

    /// A script within the script as one command: what any of its commands needs and does.
    fn merged(
        &mut self,
        script: &Script<'_>,
        mut facts: Command,
        depth: u32,
        in_turn: bool,
    ) -> Command {
        let outside = (self.cwd.clone(), self.set.clone());
        let commands: Vec<Command> = script
            .commands
            .iter()
            .map(|command| self.command(script, command, depth - 1))
            .collect();
        let goes_elsewhere = !in_turn && self.cwd != outside.0;
        (self.cwd, self.set) = outside;
        for command in commands {
            facts.reads.extend(&command.reads);
            facts.writes.extend(&command.writes);
            facts.fills.extend(&command.fills);
            facts.uses_system |= command.uses_system;
            facts.sources |= command.sources;
            match (&facts.needs, command.needs) {
                (_, Needs::Nothing) => {}
                (Needs::Nothing, needs) if !goes_elsewhere => facts.needs = needs,
                (one, other) if *one == other => {}
                _ => return everything(facts, "it runs several commands that need files"),
            }
            let rank = |used: &Option<Use>| used.as_ref().map_or(0, |used| rank(used.kind));
            if rank(&command.used) > rank(&facts.used) {
                // What could go first would have to go into the same place.
                facts.used = command.used.map(|used| Use { first: None, ..used });
            }
        }
        facts
    }

    fn argument<'w>(&self, word: &'w shell::Word<'_>) -> Argument<'w> {
        let written = word.raw.as_ref();
        match word.expand(|name| self.lookup(name)) {
            Some(text) => Argument { text, resolved: true, written },
            None => {
                let text = written.trim_matches(['"', '\'']).to_owned();
                // A pattern of file names is as good as known; see `placed`.
                Argument { text, resolved: word.parts.iter().all(is_name_pattern), written }
            }
        }
    }

    fn lookup(&self, name: &str) -> Value<'_> {
        self.known(name).map_or(Value::Unknown, Value::Set)
    }

    /// The value of a variable, where it is set and known.
    fn known(&self, name: &str) -> Option<&str> {
        match self.set.get(name) {
            Some(value) => value.as_deref(),
            None if self.sourced => None,
            None => self.state.variable(name).flatten(),
        }
    }

    fn simple(&mut self, words: &[Argument<'_>], mut facts: Command) -> Command {
        let Some((program, arguments)) = words.split_first().filter(|(first, _)| first.resolved)
        else {
            return everything(facts, "its program is not known");
        };
        let (directory, name) = match program.text.rsplit_once(['/', '\\']) {
            Some((directory, name)) => (Some(directory), name),
            None => (None, program.text.as_str()),
        };
        if matches!(name, "." | "source") && directory.is_none() {
            let file = arguments.first().filter(|file| file.text.contains('/'));
            let Some(place) = file.and_then(|file| self.place(&file.text, file.resolved)) else {
                return everything(facts, "which file it runs is not known");
            };
            facts.changes_shell = true;
            facts.sources = !is_in_environment(&place);
            facts.reads.add(place);
            self.set.clear();
            self.sourced = true;
            return facts;
        }
        if SHELL_STATE.contains(&name) && directory.is_none() {
            facts.changes_shell = true;
            if name == "cd" {
                self.cwd = match arguments {
                    [] => self.state.home(),
                    [to] => self.place(&to.text, to.resolved),
                    _ => None,
                };
            }
            if name == "export" {
                for word in arguments {
                    if let Some((name, value)) = word.text.split_once('=') {
                        let value = word.resolved.then(|| value.to_owned());
                        self.set.insert(name.to_owned(), value);
                    }
                }
            }
            return facts;
        }
        let invocation = Invocation { program: name, written: program.written, arguments };
        let Some(used) = recognise(&invocation) else {
            return everything(facts, "what it reads is not known");
        };
        if let Some(directory) = directory.filter(|directory| !is_system(directory)) {
            // A program of the project, or of an environment beside it.
            let place = self.place(directory, true);
            match place {
                Some(place) => {
                    let place = join(&place, name);
                    facts.reads.add(place.as_str());
                    facts.program = Some(place);
                }
                None => return everything(facts, "its program is not known"),
            }
        }
        self.apply(used, facts)
    }

    /// Fills in what the tables say.
    fn apply(&mut self, mut used: Use, mut facts: Command) -> Command {
        let tool = used.tool;
        let holds = |&(name, value): &(&str, &str)| {
            self.known(name).is_some_and(|known| name_matches(value, known))
        };
        if used.kind == Kind::Compile && tool.offline.iter().any(holds) {
            used.kind = Kind::Everything;
        }
        let project = match &used.directory {
            None => self.cwd.clone(),
            Some(directory) => self.place(directory, true),
        };
        let placed = |paths: &[String]| -> Option<Vec<String>> {
            paths
                .iter()
                .map(|text| {
                    // A pattern stands for what its directory holds.
                    let plain = text.split(['*', '?', '[']).next().unwrap_or(text);
                    let plain = if plain.len() < text.len() {
                        plain.rsplit_once('/').map_or("", |(directory, _)| directory)
                    } else {
                        plain
                    };
                    self.place(plain, true)
                })
                .collect()
        };
        let mut read = used.paths.clone();
        for name in tool.variables {
            // An address is nothing that is copied.
            read.extend(self.known(name).filter(|value| !value.contains("://")).map(str::to_owned));
        }
        let (files, paths) = (placed(&used.files), placed(&read));
        let (Some(files), Some(paths), Some(outputs)) = (files, paths, placed(&used.outputs))
        else {
            return everything(facts, "its working directory is not known");
        };
        outputs.into_iter().for_each(|path| facts.writes.add(path));
        facts.uses_system = used.kind != Kind::Upkeep;
        for path in &paths {
            facts.reads.add(path.as_str());
            if used.kind == Kind::Upkeep {
                facts.writes.add(path.as_str());
            }
        }
        for path in tool.writes.iter().chain(used.action.writes) {
            match (path.split_at_checked(2), &project) {
                (Some(("./", name)), Some(project)) if !name.is_empty() => {
                    facts.writes.add(join(project, name));
                    // The project may lie where its named manifest does.
                    for file in &files {
                        facts.writes.add(join(file, &format!("../{name}")));
                    }
                }
                (Some(("./", _)), Some(project)) => facts.fills.add(project.as_str()),
                (Some(("./", _)), None) => {
                    return everything(facts, "its working directory is not known");
                }
                (Some(("~/", name)), _) => {
                    if let Some(home) = self.state.home() {
                        facts.writes.add(join(&home, name));
                    }
                }
                _ => facts.writes.add(*path),
            }
        }
        facts.needs = match used.kind {
            Kind::Upkeep => Needs::Nothing,
            Kind::Named if paths.is_empty() => Needs::Nothing,
            Kind::Named => Needs::Paths(paths),
            Kind::Install => {
                let Some(directory) = project else {
                    return everything(facts, "its working directory is not known");
                };
                Needs::Project { directory, files: files.clone() }
            }
            Kind::Compile => Needs::Everything("it compiles the source"),
            Kind::Everything => Needs::Everything("its arguments are not known"),
        };
        for file in files {
            match used.kind {
                // What a download is told to write to.
                Kind::Named => facts.writes.add(file),
                _ => facts.reads.add(file),
            }
        }
        if matches!(facts.needs, Needs::Everything(_)) {
            facts.reads = Region::all();
            facts.writes = Region::all();
        }
        facts.used = Some(used);
        facts
    }

    fn redirection(&self, redirection: &shell::Redirection<'_>, facts: &mut Command) {
        use Operator::*;
        let (reads, writes) = match redirection.operator {
            Read => (true, false),
            Write | Append | WriteBoth | AppendBoth => (false, true),
            ReadWrite => (true, true),
            Heredoc | Herestring | DuplicateOutput | DuplicateInput => return,
        };
        let target = self.argument(&redirection.target);
        if target.resolved && target.text.starts_with("/dev/") {
            return;
        }
        match self.place(&target.text, target.resolved) {
            Some(path) if writes => facts.writes.add(path),
            Some(path) if reads => facts.reads.add(path),
            Some(_) => {}
            None => {
                facts.reads = Region::all();
                facts.writes = Region::all();
                facts.needs = Needs::Everything("a redirection's target is not known");
            }
        }
    }

    fn place(&self, to: &str, resolved: bool) -> Option<String> {
        let to = Expanded { text: to.to_owned(), resolved };
        let to = match to.text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                Expanded { text: format!("{}{rest}", self.state.home()?), ..to }
            }
            _ => to,
        };
        self.state.place_from(self.cwd.as_deref(), &to)
    }
}

/// Of several commands, the one that says what they do together.
fn rank(kind: Kind) -> u32 {
    match kind {
        Kind::Upkeep => 1,
        Kind::Named => 2,
        Kind::Install => 3,
        Kind::Compile => 4,
        Kind::Everything => 5,
    }
}

/// Takes away what lies below a mount: it is not the image's.
fn hide(command: &mut Command, targets: &[String]) {
    let hidden = |path: &String| targets.iter().any(|target| under(target, path).is_some());
    for region in [&mut command.reads, &mut command.writes, &mut command.fills] {
        region.paths.retain(|path| !hidden(path));
    }
    match &mut command.needs {
        Needs::Paths(paths) => paths.retain(|path| !hidden(path)),
        Needs::Project { directory, files } => {
            let named = !files.is_empty();
            files.retain(|file| !hidden(file));
            if (named && files.is_empty()) || (!named && hidden(directory)) {
                command.needs = Needs::Nothing;
            }
        }
        _ => {}
    }
}

fn everything(mut facts: Command, why: &'static str) -> Command {
    facts.used = None;
    facts.needs = Needs::Everything(why);
    facts.reads = Region::all();
    facts.writes = Region::all();
    facts.uses_system = true;
    facts
}

/// Whether a part of a word is plain text or a file-name pattern.
fn is_name_pattern(part: &Part<'_>) -> bool {
    matches!(part, Part::Literal(_) | Part::Quoted(_) | Part::Glob(_))
}

fn join(directory: &str, name: &str) -> String {
    crate::context::clean(&crate::context::join(directory, name))
}

fn is_system(directory: &str) -> bool {
    ["/usr/bin", "/bin", "/usr/local/bin", "/sbin", "/usr/sbin", ""].contains(&directory)
}
