//! What a RUN does, as far as it is understood: for each of its commands what it needs,
//! reads and writes.
//!
//! A command that no table knows reads and writes everything. The shell's own state
//! (`cd`, variables) is followed from command to command.

mod around;
mod branches;
pub mod failing;
mod installs;
mod judged;
mod made;
pub(super) mod named;
pub(super) mod own_scripts;
mod reader;
mod redirections;
mod stamps;
mod substitutions;
mod tables;
pub(super) mod unpackaged;
mod values;

use super::demands::Demands;
use super::kept::KeptAt;
use super::path_set::{PathSet, under};
use crate::build::DispatchState;
use crate::ecosystem::{AccountHome, ActionKind, Permissions, Use};
use crate::sentences::Opaque;
use crate::shell::{self, Dialect, Joiner, Script};
use crate::text::Span;
use std::cell::OnceCell;

/// A RUN.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The commands as the shell reads them.
    pub script: Script<'a>,
    /// The language of the shell.
    pub dialect: Dialect,
    /// The same commands as the tables know them.
    pub commands: Vec<CommandEffects>,
    /// Where its mounts stand; nothing below them belongs to the image.
    pub mounts: Vec<Mount>,
    /// What each command wants, where that was asked for; see
    /// [`Graph::wanted`](super::Graph::wanted).
    pub(super) demands: Vec<OnceCell<Demands>>,
}

/// A mount of a RUN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where it stands; `None` where that is not known.
    pub target: Option<String>,
    /// Whether it is a cache.
    pub cache: bool,
    /// Whether what is written there is gone behind the step: a tmpfs, or a bind that takes it.
    pub forgets: bool,
    /// The stage it shows, where it shows one.
    pub from: Option<usize>,
    /// Whether it shows the whole of the build context.
    pub shows_context: bool,
}

/// A symbolic link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it points to.
    pub target: String,
    /// Where it lies.
    pub name: String,
}

/// A path that a variable or an option names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The path.
    pub path: String,
    /// What is read there.
    pub reads: Reads,
    /// Whether a word of the command names it, which another command in its place may not have.
    pub is_argument: bool,
}

/// What a command reads at a path that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// A file, where one is known to be there.
    KnownFile,
    /// The same; where the files are not known, that none is there is an assumption.
    LikelyFile,
    /// A file or directory, where one is known to be there.
    KnownAnything,
    /// The same; where the files are not known, that none is there is an assumption.
    LikelyAnything,
    /// Files whose names fit the pattern that the last part of the path is, where such are known
    /// to be there.
    Fitting,
    /// A file, where one may be there.
    AnyFile,
    /// Whatever is there.
    Anything,
    /// A program or library of an environment, where a file is known to be there, or where what
    /// is there comes from another stage.
    Tool,
}

/// A command of a RUN.
#[derive(Clone, Debug)]
pub struct CommandEffects {
    /// Where it stands in the file.
    pub span: Span,
    /// What the tables know of it.
    pub used: Option<Use>,
    /// What else it may do for the same project, where it holds several commands.
    pub others: Vec<Use>,
    /// Whether parts of it may not run, so that what they need may be missing.
    pub is_conditional: bool,
    /// The directory it runs in; see [`DispatchState::directory`].
    pub cwd: Option<String>,
    /// Where its program lies, when it is named by its path.
    pub program: Option<String>,
    /// What it needs of files that were copied before.
    pub needs: Needs,
    /// Which paths it reads, beside the system's programs and settings.
    pub reads: PathSet,
    /// Which paths it reads that commands before it in the same RUN made.
    pub reads_made: PathSet,
    /// Which paths it writes.
    pub writes: PathSet,
    /// Directories it writes into, under names that are not known.
    pub fills: PathSet,
    /// Where it works on a project: all that it writes, the project's directory first.
    pub builds: Option<PathSet>,
    /// Directories that have to be there: it changes to them, or writes a file into them.
    /// `None` where one is not known.
    pub places: Vec<Option<String>>,
    /// Directories that have to be there for files that it touches where they lie.
    pub parents: Vec<String>,
    /// Directories that it makes, with all above them.
    pub makes: Vec<String>,
    /// Directories that variables name, and that it may make: `PLAYWRIGHT_BROWSERS_PATH=/app/pw`.
    pub may_make: Vec<String>,
    /// Symbolic links that it makes.
    pub links: Vec<Link>,
    /// The owner or the mode that it sets, with the places of the files.
    pub sets: Option<Box<Permissions>>,
    /// Where its tool puts what it downloads, as far as that is known.
    pub caches: Vec<String>,
    /// Paths of which it asks whether they are there: `[ -e vendor ]`, `ls vendor`.
    pub asks: Vec<String>,
    /// Directories that options, variables and settings have it install into:
    /// `pip install -t lib`.
    pub installs: Vec<String>,
    /// What its tool keeps from build to build.
    pub keeps: Vec<KeptAt>,
    /// Files that change what it does, where they are there.
    pub settings: Vec<String>,
    /// Paths that variables and options name: it reads those at which there are files.
    pub named: Vec<Named>,
    /// The text that it prints into the files it writes; "" where that is not plain.
    pub prints: Option<String>,
    /// What it writes into the settings of a tool.
    pub settings_kept: Vec<String>,
    /// The home directory that it gives to an account: `useradd -d /app app`.
    pub gives_home: Option<Box<AccountHome>>,
    /// Whether it runs as root.
    pub as_root: bool,
    /// HOME, where a variable or a step before says where it is.
    pub home: Option<String>,
    /// Whether it uses more of the system than the basic programs.
    pub uses_system: bool,
    /// Whether it changes what later commands of the same RUN mean (`cd`, `export`, `set`).
    pub changes_shell: bool,
    /// Whether it runs a script that it, or a command before it, has downloaded: that this reads
    /// nothing of the project is an assumption.
    pub fetched: bool,
    /// Whether it runs a file of its own in the shell (`. file`): that this only sets variables
    /// is an assumption.
    pub sources: bool,
    /// Whether it runs a script of the project, which stands here by what its own commands do.
    pub is_script: bool,
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
    Everything(Opaque),
}

impl Run<'_> {
    /// Whether a cache is mounted.
    pub fn has_cache(&self) -> bool {
        self.mounts.iter().any(|mount| mount.cache)
    }

    /// Whether a command prints into one that may need everything.
    pub fn feeds_unknown(&self, command: usize) -> bool {
        let next = self.script.commands.get(command + 1).zip(self.commands.get(command + 1));
        next.is_some_and(|(shell, next)| {
            shell.joiner == Joiner::Pipe && matches!(next.needs, Needs::Everything(_))
        })
    }

    /// Whether `&&` joins all commands, and none sets anything for the next.
    pub fn is_chain(&self) -> bool {
        let joined = |command: &shell::Command<'_>| {
            matches!(command.joiner, Joiner::Start | Joiner::And) && !command.negated
        };
        self.script.commands.iter().all(joined)
            && self.script.trailing.is_none()
            && !self.commands.iter().any(|command| command.changes_shell)
    }

    /// What all commands together read.
    pub fn reads(&self) -> PathSet {
        self.union(|command| &command.reads)
    }

    /// What all commands together write.
    pub fn writes(&self) -> PathSet {
        self.union(|command| &command.writes)
    }

    fn union(&self, part: impl Fn(&CommandEffects) -> &PathSet) -> PathSet {
        let mut set = PathSet::none();
        for command in &self.commands {
            set.extend(part(command));
        }
        set
    }
}

impl CommandEffects {
    /// One that needs, reads and writes nothing.
    pub fn nothing(span: Span, cwd: Option<String>) -> CommandEffects {
        CommandEffects {
            span,
            used: None,
            others: Vec::new(),
            is_conditional: false,
            cwd,
            program: None,
            needs: Needs::Nothing,
            reads: PathSet::none(),
            reads_made: PathSet::none(),
            writes: PathSet::none(),
            fills: PathSet::none(),
            builds: None,
            places: Vec::new(),
            parents: Vec::new(),
            makes: Vec::new(),
            may_make: Vec::new(),
            links: Vec::new(),
            sets: None,
            caches: Vec::new(),
            asks: Vec::new(),
            installs: Vec::new(),
            keeps: Vec::new(),
            settings: Vec::new(),
            named: Vec::new(),
            prints: None,
            settings_kept: Vec::new(),
            gives_home: None,
            as_root: false,
            home: None,
            uses_system: false,
            changes_shell: false,
            fetched: false,
            sources: false,
            is_script: false,
        }
    }

    /// Adds the files that another use of the same tool names for the same project, as in
    /// `if ..; then pip install -r a.txt; else pip install -r b.txt; fi`; false where it is none.
    fn needs_as_well(&mut self, other: Needs, other_use: Option<&Use>) -> bool {
        let (Some(used), Some(other_use)) = (&mut self.used, other_use) else { return false };
        let Needs::Project { directory, files } = &mut self.needs else { return false };
        let Needs::Project { directory: same, files: more } = other else { return false };
        let is_same = used.tool.name == other_use.tool.name
            && used.kind == other_use.kind
            && used.flags == other_use.flags
            && *directory == same
            && !files.is_empty()
            && !more.is_empty();
        if is_same {
            for (file, written) in more.into_iter().zip(&other_use.files) {
                if !files.contains(&file) {
                    files.push(file);
                    used.files.push(written.clone());
                }
            }
        }
        is_same
    }

    /// Whether it only prints or asks: `echo done`, `ls -la`, `test -f go.mod`.
    pub fn only_shows(&self) -> bool {
        let upkeep = self.used.as_ref().is_some_and(|used| used.kind == ActionKind::Upkeep);
        let leaves = self.writes.everything || !self.writes.paths.is_empty();
        upkeep && !leaves && self.settings.is_empty() && self.sets.is_none() && !self.changes_shell
    }

    /// Whether all it does is to change what later commands of the same RUN mean.
    pub fn only_sets(&self) -> bool {
        self.changes_shell && self.used.is_none()
    }
}

/// Reads the commands of `script`, which runs in `state`.
pub fn read<'a>(script: Script<'a>, state: &DispatchState, mounts: Vec<Mount>) -> Run<'a> {
    let mut commands = reader::commands(&script, state);
    let targets: Vec<String> = mounts.iter().filter_map(|mount| mount.target.clone()).collect();
    if !targets.is_empty() {
        let below = |path: &str| targets.iter().any(|target| under(target, path).is_some());
        commands.iter_mut().for_each(|command| hide(command, below, true));
    }
    let demands = vec![OnceCell::new(); commands.len()];
    Run { script, dialect: state.dialect, commands, mounts, demands }
}

/// Takes away what is not found in the image: below a mount, or made by the step itself.
fn hide(command: &mut CommandEffects, hidden: impl Fn(&str) -> bool, writes: bool) {
    let made = &mut command.reads_made;
    let mut goes = |path: &str| {
        let goes = hidden(path);
        if goes && !writes {
            made.add(path.to_owned());
        }
        goes
    };
    let sets = [&mut command.reads, &mut command.writes, &mut command.fills];
    for set in sets.into_iter().take(if writes { 3 } else { 1 }) {
        set.paths.retain(|path| !goes(path));
    }
    match &mut command.needs {
        Needs::Paths(paths) => paths.retain(|path| !goes(path)),
        Needs::Project { directory, files } => {
            let named = !files.is_empty();
            files.retain(|file| !goes(file));
            if (named && files.is_empty()) || (!named && goes(directory)) {
                command.needs = Needs::Nothing;
            }
        }
        _ => {}
    }
}

fn everything(mut facts: CommandEffects, why: Opaque) -> CommandEffects {
    facts.used = None;
    facts.needs = Needs::Everything(why);
    facts.reads = PathSet::all();
    facts.writes = PathSet::all();
    facts.uses_system = true;
    facts
}

/// The same for a command of which the files alone are not known: what it downloads is, and it
/// may be in the wrong place all the same.
fn unclear(facts: CommandEffects, used: Option<Use>, why: Opaque) -> CommandEffects {
    let mut facts = everything(facts, why);
    let used =
        used.filter(|used| matches!(used.downloads(), ActionKind::Install | ActionKind::Compile));
    facts.used = used.map(|used| Use { first: None, ..used });
    facts
}

fn join(directory: &str, name: &str) -> String {
    crate::context::clean(&crate::context::join(directory, name))
}

/// Of several commands, the one that says what they do together.
fn rank(kind: ActionKind) -> u32 {
    match kind {
        ActionKind::Upkeep => 1,
        ActionKind::Named => 2,
        ActionKind::Install => 3,
        ActionKind::Compile => 4,
        ActionKind::Everything => 5,
    }
}
