//! The commands of a script, one by one, with the shell's own state (`cd`, variables) in
//! between.

use super::branches::first_of_all;
use super::made::Made;
use super::substitutions::{assigned_by_commands, runs_unknown};
use super::{CommandEffects, Needs, everything, hide, rank, unclear};
use crate::build::{DispatchState, Expanded};
use crate::digest::Named;
use crate::ecosystem::{
    ActionKind, Argument, Invocation, Use, fetched_script, is_in_environment, is_known_program,
    is_program_directory, leaves_home, prints, recognise, run_by_unknown, runs_input, script_file,
};
use crate::graph::path_set::{PathSet, under};
use crate::limits;
use crate::sentences::Opaque;
use crate::shell::{self, Joiner, Script};

/// The commands of `script`, which runs in `state`.
pub(super) fn commands(script: &Script<'_>, state: &DispatchState) -> Vec<CommandEffects> {
    let mut reader = Reader::new(state, state.directory());
    reader.called = script.text.text.len() * limits::CALLED_TEXT;
    let mut commands: Vec<CommandEffects> = Vec::with_capacity(script.commands.len());
    for command in &script.commands {
        if !matches!(command.joiner, Joiner::Start | Joiner::And | Joiner::Semicolon) {
            reader.made.clear();
        }
        let before = reader.made.len();
        let mut facts = reader.command(script, command, limits::SCRIPT_DEPTH);
        let made = &reader.made[..before];
        if before > 0 {
            hide(&mut facts, |path| made.iter().any(|made| made.holds(path)), false);
        }
        commands.push(facts);
    }
    commands
}

pub(super) struct Reader<'s> {
    pub(super) cwd: Option<String>,
    /// Variables the script itself has set.
    pub(super) set: Named<Option<String>>,
    /// Values of which only parts are known, such as `$PYTHONPATH:/app/lib`, by the names of their
    /// variables.
    pub(super) known_in_part: Vec<(String, String)>,
    /// Variables whose values are another text each time, and whether the command before printed one.
    pub(super) stamps: Vec<String>,
    pub(super) prints_stamp: bool,
    /// Whether a file may have set any.
    pub(super) sourced: bool,
    /// Whether the command before printed a download.
    prints: bool,
    /// The words and here-documents of the command before, which it may print into the next.
    pub(super) printed: Vec<String>,
    /// The directories of which the command before shows what is in them.
    pub(super) listed: Vec<Option<String>>,
    /// What commands before were told to write: no later one finds it in the context.
    pub(super) made: Vec<Made>,
    pub(super) state: &'s DispatchState,
    /// How much text of functions is still read where they are called.
    called: usize,
}

/// Programs that change the shell itself.
const SHELL_STATE: &[&str] =
    &["cd", "export", "set", "shopt", "trap", "umask", "unset", "ulimit", "alias", "pushd"];

impl Reader<'_> {
    pub(super) fn new(state: &DispatchState, cwd: Option<String>) -> Reader<'_> {
        Reader {
            cwd,
            set: Named::default(),
            known_in_part: Vec::new(),
            stamps: Vec::new(),
            prints_stamp: false,
            sourced: false,
            prints: false,
            printed: Vec::new(),
            listed: Vec::new(),
            made: Vec::new(),
            state,
            called: 0,
        }
    }

    /// The commands of the function that is called, while there is not too much of it.
    fn called(
        &mut self,
        script: &Script<'_>,
        call: &shell::Command<'_>,
    ) -> Option<Script<'static>> {
        if self.called == 0 {
            return None;
        }
        let found = script.called(call)?;
        self.called = self.called.saturating_sub(found.text.text.len());
        Some(found)
    }

    /// Sets a variable. Gives what it was.
    fn assign(&mut self, assignment: &shell::Assignment<'_>) -> Option<Option<String>> {
        let name = assignment.name.to_string();
        let value = self.value_of(&name, &assignment.value);
        if value.is_none() {
            self.keep_known_parts(&name, &assignment.value.raw);
        }
        self.set.insert(name, value)
    }

    /// Sets the variables that hold for a command alone: `CI=1 npm ci`, `env CI=1 npm ci`. Gives what
    /// they were.
    fn set_in_front(
        &mut self,
        command: &shell::Command<'_>,
        settings: Vec<&shell::Word<'_>>,
    ) -> Vec<(String, Option<Option<String>>)> {
        let mut outside = Vec::with_capacity(command.assignments.len());
        for assignment in &command.assignments {
            outside.push((assignment.name.to_string(), self.assign(assignment)));
        }
        // `env NAME=value` in front of the program.
        for word in settings {
            let word = self.argument(word);
            let Some((name, value)) = word.text.split_once('=') else { continue };
            let value = word.resolved.then(|| value.to_owned());
            outside.push((name.to_owned(), self.set.insert(name.to_owned(), value)));
        }
        outside
    }

    fn command(
        &mut self,
        script: &Script<'_>,
        command: &shell::Command<'_>,
        depth: u32,
    ) -> CommandEffects {
        let mut facts = CommandEffects::nothing(command.span, self.cwd.clone());
        facts.home = self.home();
        let piped = std::mem::take(&mut self.prints) && command.joiner == Joiner::Pipe;
        let within = match depth {
            0 => None,
            _ if command.is_opaque() => {
                script.inside(command).or_else(|| self.called(script, command))
            }
            _ => script.nested(command),
        };
        if let Some(within) = &within {
            // A branch may change the directory or not; a subshell's commands run in turn.
            let in_turn = matches!(
                command.kind,
                shell::Kind::Simple | shell::Kind::Opaque(shell::Reason::Subshell)
            );
            facts = self.merged(within, facts, depth, in_turn);
            // Another user may run it, or a shell with other settings.
            if !command.is_opaque()
                && let Some(used) = &mut facts.used
            {
                used.first = None;
            }
        } else if command.kind == shell::Kind::Opaque(shell::Reason::Function) {
            // What it does is where it is called.
            facts.changes_shell = true;
        } else if command.is_opaque() {
            return everything(facts, Opaque::NotSimple);
        } else if command.words.is_empty() {
            for assignment in &command.assignments {
                self.assign(assignment);
            }
            facts.changes_shell = true;
        } else {
            let invocation = command.invocation();
            // `env` alone prints the variables.
            let own = if invocation.words.is_empty() { &command.words } else { invocation.words };
            let words: Vec<Argument<'_>> = own.iter().map(|word| self.argument(word)).collect();
            let in_part = self.known_in_part.len();
            let outside = self.set_in_front(command, invocation.settings);
            facts.home = self.home();
            facts = self.simple(&words, facts, piped);
            if !facts.changes_shell {
                self.known_in_part.truncate(in_part);
            }
            for (name, value) in outside.into_iter().rev() {
                match value {
                    Some(value) => self.set.insert(name, value),
                    None => self.set.remove(&name),
                };
            }
        }
        let (assigned, is_for_build) = assigned_by_commands(&command.assignments);
        if assigned || within.is_none() && command.words.iter().any(runs_unknown) {
            let used = facts.used.take();
            // What goes first must not run it.
            let free = |text: &String| {
                (!assigned || is_for_build) && !text.contains("$(") && !text.contains('`')
            };
            let first = used.as_ref().and_then(|used| used.first.clone()).filter(free);
            facts = unclear(facts, used, Opaque::RunsInWords);
            if let Some(used) = &mut facts.used {
                used.first = first;
            }
            return facts;
        }
        for redirection in &command.redirections {
            self.redirection(redirection, &mut facts);
        }
        self.keep_printed(command, &mut facts);
        // The stamp of a build is made with every change of the source.
        let is_kept = !facts.writes.paths.is_empty() && !command.redirections.is_empty();
        self.look_around(command, is_kept, &mut facts);
        self.look_at_stamps(command, &mut facts);
        facts
    }

    /// A script within the script as one command: what any of its commands needs and does.
    pub(super) fn merged(
        &mut self,
        script: &Script<'_>,
        mut facts: CommandEffects,
        depth: u32,
        in_turn: bool,
    ) -> CommandEffects {
        if self.set.len() > limits::VARIABLES_SET {
            // As if a file had set them.
            self.set.clear();
            self.sourced = true;
        }
        let outside = (self.cwd.clone(), self.set.clone(), self.made.clone());
        let commands: Vec<CommandEffects> = script
            .commands
            .iter()
            .map(|command| self.command(script, command, depth - 1))
            .collect();
        let goes_elsewhere = !in_turn && self.cwd != outside.0;
        facts.is_conditional =
            !in_turn || script.commands.iter().any(|command| command.joiner == Joiner::Or);
        self.made = outside.2;
        let (cwd, set) = (std::mem::replace(&mut self.cwd, outside.0), &mut self.set);
        let inside = std::mem::replace(set, outside.1);
        if !in_turn {
            // What a branch sets may hold behind it.
            self.cwd = self.cwd.take().filter(|outside| cwd.as_ref() == Some(outside));
            for (name, value) in inside {
                if set.get(&name) != Some(&value) {
                    set.insert(name, None);
                }
            }
        }
        let mut unknown = false;
        let mut install: Option<Use> = None;
        let first = first_of_all(script, &commands, &facts.cwd);
        for command in commands {
            facts.reads.extend(&command.reads);
            facts.writes.extend(&command.writes);
            facts.fills.extend(&command.fills);
            facts.places.extend(command.places);
            facts.parents.extend(command.parents);
            facts.makes.extend(command.makes);
            facts.may_make.extend(command.may_make);
            facts.installs.extend(command.installs);
            facts.asks.extend(command.asks);
            facts.links.extend(command.links);
            facts.settings.extend(command.settings);
            facts.named.extend(command.named);
            facts.settings_kept.extend(command.settings_kept);
            facts.gives_home = facts.gives_home.or(command.gives_home);
            facts.uses_system |= command.uses_system;
            facts.fetched |= command.fetched;
            facts.sources |= command.sources;
            facts.changes_shell |= !in_turn && command.changes_shell;
            match (&facts.needs, command.needs) {
                (_, Needs::Nothing) => {}
                (Needs::Nothing, needs) if !goes_elsewhere => facts.needs = needs,
                (one, other) if *one == other => {}
                (_, other) => unknown |= !facts.needs_as_well(other, command.used.as_ref()),
            }
            facts.is_conditional |= command.is_conditional;
            let rank = |used: &Option<Use>| used.as_ref().map_or(0, |used| rank(used.kind));
            let installs = command.used.as_ref().is_some_and(|used| match used.downloads() {
                ActionKind::Install => true,
                ActionKind::Compile => install.is_none(),
                _ => false,
            });
            if installs {
                install = command.used.clone();
            }
            // What could go first would have to go into the same place.
            let used = command.used.map(|used| Use { first: None, ..used });
            let lesser = match rank(&used) > rank(&facts.used) {
                true => std::mem::replace(&mut facts.used, used),
                false => used,
            };
            for other in lesser.into_iter().chain(command.others) {
                let same = |one: &Use| one.tool.name == other.tool.name && one.flags == other.flags;
                let known = facts.used.iter().chain(&facts.others).any(same);
                if other.kind == ActionKind::Install && !known {
                    unknown |= facts.others.len() == limits::INSTALLS_OF_A_COMMAND;
                    facts.others.truncate(limits::INSTALLS_OF_A_COMMAND - 1);
                    facts.others.push(other);
                }
            }
        }
        if unknown {
            facts = unclear(facts, install, Opaque::SeveralNeedFiles);
        }
        if let Some(used) = &mut facts.used {
            used.first = first;
        }
        facts
    }

    fn export(&mut self, arguments: &[Argument<'_>]) {
        for word in arguments {
            if let Some((name, value)) = word.text.split_once('=') {
                let known = word.resolved || name == "PATH";
                if !word.resolved {
                    self.keep_known_parts(name, value);
                }
                self.set.insert(name.to_owned(), known.then(|| value.to_owned()));
            }
        }
    }

    fn simple(
        &mut self,
        words: &[Argument<'_>],
        mut facts: CommandEffects,
        piped: bool,
    ) -> CommandEffects {
        let Some((program, arguments)) = words.split_first() else {
            return everything(facts, Opaque::UnknownProgram);
        };
        let (directory, name) = match program.text.rsplit_once(['/', '\\']) {
            Some((directory, name)) => (Some(directory), name),
            None => (None, program.text.as_str()),
        };
        if matches!(name, "." | "source") && directory.is_none() {
            let file = arguments.first().filter(|file| file.text.contains('/'));
            let Some(place) = file.and_then(|file| self.place(&file.text, file.resolved)) else {
                return everything(facts, Opaque::UnknownSourced);
            };
            facts.changes_shell = true;
            facts.sources = !is_in_environment(&place);
            facts.reads.add(place);
            self.set.clear();
            self.sourced = true;
            return facts;
        }
        // What a trap does, it does behind all that follows.
        if name == "trap" && arguments.first().is_some_and(|word| !matches!(&*word.text, "" | "-"))
        {
            return everything(facts, Opaque::UnknownReads);
        }
        if SHELL_STATE.contains(&name) && directory.is_none() {
            facts.changes_shell = true;
            if matches!(name, "cd" | "pushd") {
                self.cwd = match arguments {
                    [] => self.state.home(),
                    // `cd -` goes back to where the shell was.
                    [to] if to.text != "-" => self.place(&to.text, to.resolved),
                    _ => None,
                };
                facts.places.push(self.cwd.clone());
            }
            if name == "export" {
                self.export(arguments);
            }
            return facts;
        }
        let invocation = Invocation { program: name, written: program.written, arguments };
        let used = recognise(&invocation);
        let paths = used.as_ref().map_or(0, |used| used.paths.len() + used.outputs.len());
        if paths > limits::PATHS_OF_A_COMMAND {
            return unclear(facts, used, Opaque::TooManyPaths);
        }
        if !program.resolved {
            return unclear(facts, used, Opaque::UnknownProgram);
        }
        let Some(mut used) = used else {
            let file = script_file(name, arguments).or(directory.map(|_| program));
            if piped && runs_input(name, arguments) || file.is_some_and(|f| self.fetched(&f.text)) {
                facts.fetched = true;
                return self.apply(fetched_script(), facts);
            }
            // `dotnet ef migrations bundle` runs no bundler.
            let arguments = if is_known_program(name) { &[] } else { arguments };
            return unclear(facts, run_by_unknown(arguments), Opaque::UnknownReads);
        };
        let there = |home: &str| {
            let (home, cwd) = (self.place(home, true), self.state.directory());
            home.zip(cwd).is_some_and(|(home, cwd)| under(&home, &cwd).is_some())
        };
        used.outputs.retain(|home| !leaves_home(name, arguments, there(home)));
        self.shape(name, arguments, &mut facts);
        self.keep_settings(&used, arguments, &mut facts);
        if prints(&used, arguments) {
            used.outputs.clear();
            let mut facts = self.apply(used, facts);
            facts.fills = PathSet::none();
            self.prints = true;
            return facts;
        }
        self.keep_remote_name(&mut used, arguments);
        let own =
            directory.filter(|directory| !directory.is_empty() && !is_program_directory(directory));
        let own = own.map(|_| &program.text).or(used.script.as_ref());
        if let Some(path) = own {
            // A program of the project, or of an environment beside it.
            match self.place(path, true) {
                Some(place) => {
                    facts.reads.add(place.clone());
                    facts.program = Some(place);
                }
                None => return unclear(facts, Some(used), Opaque::UnknownProgram),
            }
        }
        let named = self.named_by_words(&used, arguments);
        let mut facts = self.apply(used, facts);
        facts.named.extend(named);
        facts
    }

    pub(super) fn place(&self, to: &str, resolved: bool) -> Option<String> {
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
