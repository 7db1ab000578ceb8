//! What is known of package managers and other common commands: one `const` a tool.
//!
//! Tables only: how a command is recognised, which files it needs, what it writes, what a
//! split has to watch for, each with the address it came from. Nothing here knows a
//! Dockerfile or a cache; [`recognise`] reads words and answers from the tables.

pub mod artifacts;
mod assets;
mod called;
mod conda;
mod dotnet;
mod entries;
mod every_member;
mod families;
mod fetched;
mod go;
mod images;
mod infrastructure;
mod invocation;
mod javascript;
mod javascript_runtimes;
mod jvm;
mod kept;
mod languages;
mod launchers;
mod layer;
pub mod local;
pub mod manifest;
pub mod moving;
mod names;
mod native;
pub mod parts;
mod paths;
mod permissions;
mod plain;
mod presence;
mod python;
mod recognise;
mod rust;
mod scripting;
mod settings;
mod system;
mod told;
mod tool_set;
mod variables;

pub use called::{Called, called, recipe, script_of};
use entries::{
    action, added, beside, by_settings, covered, empties, first, lock, maybe, of_project, optional,
    refreshes, required, said, substitute,
};
pub use every_member::{fails_without_a_member, locked_members, works_on_every_member};
pub use families::{brought_by, tools};
pub use fetched::{downloads, fetched_script, prints, remote_name, runs_input, script_file};
pub use images::{
    brings_tool, chooses_toolchain, has_standard_directories, is_as_late, is_older, known_image,
    names_older, runs_tool,
};
pub use invocation::{Argument, Invocation, prints_words};
pub use javascript::{SELECTING, WORKSPACE_WORDS};
pub use kept::{Kept, cleans_behind_install, kept, moves_cache, wraps_compiler};
pub use layer::{Layer, layer};
pub use local::{
    Finding, Otherwise, Project, Stubs, is_settings, may_mention, mentioned, settings_in,
};
pub use names::{
    is_in_environment, is_lock_file, is_manifest, is_manifest_directory, is_manifest_file,
    is_package_file, is_program, is_pruned_workspace, is_scattered, is_windows_image, locks_anew,
    may_name_targets, name_matches, names_services, needs_every_member, reads_no_lock,
    settings_instead_of, wants_text,
};
pub use paths::{
    AccountHome, gives_home, is_named_cache, is_own_local, is_program_at_root,
    is_program_directory, is_standard_directory, leaves_home, link, made_with_parents, makes_home,
    own_settings,
};
pub use permissions::{Permissions, permissions, sets_special_bits};
pub use presence::{Manifest, Presence, Unlisted};
pub use recognise::{
    OptionValue, Use, ValueKind, is_known_program, listed, recognise, run_by_unknown, runs_scripts,
};
pub use system::{
    INDEXES, PAGES, SITES, SYSTEM, is_run_by_packages, settings_of_home, takes_something_away,
};
pub use told::{
    drops_variable, installs_into_an_environment, kept_as_variable, makes_environment,
    told_directories, unpacks,
};
pub use tool_set::ToolSet;
pub use variables::{
    CALLED_BY_BUILDS, CALLED_BY_PACKAGES, breaks_the_cache, changes_in_every_build,
    chosen_by_shims, given_anew, holds_flags, is_for_what_is_built, is_home_of_tools,
    is_label_of_a_build, is_obeyed, is_obeyed_by_systems, is_setting_at_home, read_inside,
};

/// One tool.
#[derive(Debug)]
pub struct Tool {
    /// Its name, as its users say it; the tables are sorted by it.
    pub name: &'static str,
    /// The page the facts come from.
    pub source: Source,
    /// The names of its program. `{}` at the end stands for a version (`pip3.11`).
    pub programs: &'static [&'static str],
    /// How its options are read.
    pub options: OptionTable,
    /// What it can be asked to do; the first that fits counts.
    pub actions: &'static [Action],
    /// What an install reads of its project.
    pub manifests: &'static [Manifest],
    /// Files of its directory that change what it does, even where it installs only what the
    /// command names; `*` matches in a name, of files that are known to be there.
    pub settings: &'static [&'static str],
    /// What an install writes: `./` below the project, `~/` below HOME, `/` absolute.
    pub writes: &'static [&'static str],
    /// Directories that hold only downloads: the image works without them.
    pub caches: &'static [Cache],
    /// Whether only one build at a time may use its caches.
    pub exclusive: bool,
    /// What can make the manifests alone too little, for a tool without `inspect`.
    pub assumes: &'static [&'static str],
    /// The names of all that an install reads of a project in many directories, divided by
    /// blanks: `*` matches in a name, `*/x/*` is all that lies in a directory `x`. "" where
    /// names are not enough. Programs that an install links are among them.
    pub scattered: &'static str,
    /// The manifests that it looks for in the directories above as well; "" where it does not.
    pub climbs: &'static str,
    /// Reads the manifests' text, where it is given, and says what it assumes where it is not.
    pub inspect: Option<fn(&Project<'_>) -> Vec<Finding>>,
    /// The names of the files whose text `inspect` reads, divided by blanks, in the directory
    /// of the project or in any other; `*` matches in a name. A file that a command names
    /// (`pip install -r wheels.lst`) is read under whatever name it has.
    pub texts: &'static str,
    /// Variables whose value, where it is a path, names what is read; divided by blanks.
    pub variables: &'static str,
    /// Variables that name files as [`OptionTable::files`] does; divided by blanks.
    pub file_variables: &'static str,
    /// Settings of one machine that it keeps in the project, each with the variable that has them lie
    /// in another directory.
    pub kept_beside: &'static [(&'static str, &'static str)],
    /// Whether what it prints is never the same: the time, a random number.
    pub varies: bool,
    /// Whether building the project leaves alone what other package managers read and install.
    pub apart: bool,
    /// `NAME=value` of variables that leave nothing to download; `*` matches in a value.
    pub offline: &'static str,
    /// Names of lock files, divided by blanks, that an install may rewrite in any directory where
    /// it finds them.
    pub rewrites: &'static str,
    /// Flags, and `NAME=value` of variables, with which it writes no lock file: nothing of what
    /// [`Action::writes`] and [`Tool::rewrites`] name. Divided by blanks; `*` matches in a value.
    pub frozen: &'static str,
}

/// The address of a page. Only its readers and the tests want it: elsewhere it has no bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    #[cfg(test)]
    address: &'static str,
}

impl Source {
    const fn at(address: &'static str) -> Source {
        let _ = address;
        Source {
            #[cfg(test)]
            address,
        }
    }
}

/// The options of a tool that matter here, each field a list of names divided by blanks.
/// What is in none of them takes no value and changes nothing.
#[derive(Debug)]
pub struct OptionTable {
    /// They take the next word as their value.
    pub values: &'static str,
    /// Their value is the directory the tool works in.
    pub directories: &'static str,
    /// Their value is a file that the command reads: its manifests, when given.
    pub files: &'static str,
    /// Their value is the project's manifest, or the directory it is in.
    pub projects: &'static str,
    /// Their value is the project's manifest, under its usual name: the tool works in its
    /// directory.
    pub holders: &'static str,
    /// Their value, where it is a path, is read beside the manifests.
    pub reads: &'static str,
    /// Their value is a path that is written.
    pub writes: &'static str,
    /// Their value is a program: what one of the project needs, given by its path, is not known.
    pub runs: &'static str,
    /// Their value counts as an argument (`pip install -e .`).
    pub arguments: &'static str,
    /// They take no value, though they look as if (`-fae`), or like a path (`/restore`).
    pub flags: &'static str,
    /// They take no value, but may take the next word where it is `true` or `false`.
    pub switches: &'static str,
    /// With one of them, the project comes without its dependencies.
    pub alone: &'static str,
    /// With one of them, what the command needs is not known.
    pub opaque: &'static str,
    /// They are passed on to `Tool::inspect`; so are words that fit a `*`, and variables (`NAME=*`).
    pub noted: &'static str,
    /// Single letters may stand together, a value behind the last one (`-fsSLo file`).
    pub clusters: bool,
    /// They may start with `/` (MSBuild's `/p:A=b`).
    pub slashes: bool,
}

/// Something a tool can be asked to do.
#[derive(Debug)]
pub struct Action {
    /// The words behind the program and its options: `["mod", "download"]`, `"install|i|add*"`.
    pub words: &'static [&'static str],
    /// Words of which one must stand behind `words`: goals of a build tool, `*` in a name.
    pub goals: &'static str,
    /// Texts that no word may hold, divided by blanks.
    pub unless: &'static str,
    /// Flags of which one must be given, divided by blanks.
    pub flags: &'static str,
    /// Flags that must all be given, divided by blanks.
    pub all_flags: &'static str,
    /// What it does.
    pub kind: ActionKind,
    /// What further words mean.
    pub arguments: Arguments,
    /// For a compile step: what can run before the source is there.
    pub first: Option<&'static First>,
    /// Files that this action writes into the project beside `Tool::writes`.
    pub writes: &'static [&'static str],
    /// What it looks for in the project, where it installs nothing of it.
    pub looks: Looks,
    /// Which index of packages it works with.
    pub index: Index,
    /// Whether it compiles nothing, though it needs the source to see what to fetch: `go mod tidy`.
    pub fetches: bool,
}

/// Which index of packages an action works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// The one that is there, if it needs any.
    Usual,
    /// It only refreshes it; later commands of the tool install from it.
    Refreshes,
    /// One that it fetches for itself: `apk add --no-cache`.
    Own,
    /// It adds packages of its own, which later commands of the tool install.
    Adds,
}

/// What a command that installs nothing of the project looks for in it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Looks {
    /// What its kind says: [`Tool::settings`] for [`ActionKind::Named`], and nothing for
    /// [`ActionKind::Upkeep`].
    Usual,
    /// [`Tool::settings`]: `uv venv` takes the version of Python from there.
    Settings,
    /// The project, as an install does: `bundle config set` writes to another file where there
    /// is a Gemfile.
    Project,
    /// The directories that it indexes, which earlier steps wrote into its settings: `ldconfig`.
    Indexed,
    /// The directory it runs in, where it names no path: `ls`.
    Listing,
    /// Whether what it names is there: `[ -e vendor ]`.
    Asked,
}

/// What can run before the source is there, in front of a command that needs it. The command
/// itself follows behind the source as it is written, and finds its dependencies installed.
#[derive(Debug)]
pub struct First {
    /// The words behind the program, in place of the command's own, which "" keeps.
    pub words: &'static str,
    /// Flags that are added.
    pub flags: &'static str,
    /// Options of the command that are taken over with their values, divided by blanks; `*`
    /// matches in a name.
    pub carries: &'static str,
    /// Whether the arguments behind the action are taken over.
    pub arguments: bool,
    /// Variables and options that make no difference to it, divided by blanks: `NAME=value`
    /// in front of the command is left out, and so are options as written (`*` matches).
    pub drops: &'static str,
    /// The image that brings the tool, the version from which on it knows the words, and the
    /// one from which on a project has to have its manifest; or "".
    pub since: &'static str,
    /// The image that brings the tool, and the version from which on it reads the manifests of all
    /// packages that there are, where it reads more of them than the build does; or "".
    pub reads_all_since: &'static str,
    /// Whether the options that are taken over come before its words.
    pub options_first: bool,
    /// What has to hold beside what the manifests say.
    pub assumes: &'static [&'static str],
    /// Whether it writes to caches outside of the project alone, so that no step but that of its
    /// tool finds anything else than before.
    pub fills_caches: bool,
    /// Whether it does a part of what the command does, and leaves nothing else behind: `poetry install
    /// --no-root`.
    pub is_part: bool,
    /// Whether the command brings up to date what it left: unknown steps may stand between.
    pub is_checked: bool,
}

impl Tool {
    /// The lock file of a manifest that is named in place of the usual one, where it takes its
    /// name from there: `gems.lock` of `gems`.
    pub fn lock_of(&self, lock: &str, file: &str) -> Option<String> {
        let end = lock.strip_prefix(self.manifests.first()?.path)?;
        Some(format!("{file}{end}"))
    }

    /// Whether it writes nowhere but to directories of downloads.
    pub fn only_downloads(&self) -> bool {
        let is_cache = |path: &&str| self.caches.iter().any(|cache| cache.path == *path);
        !self.writes.is_empty() && self.writes.iter().all(is_cache)
    }
}

/// What a command does, as far as the order of steps is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Installs what the project's manifests name.
    Install,
    /// Installs or downloads what the command itself names: nothing of the context.
    Named,
    /// Needs the source, and downloads the dependencies on the way where nothing did before.
    Compile,
    /// Needs whatever is there.
    Everything,
    /// Cheap, and needs nothing of the context: settings, cleaning, versions.
    Upkeep,
}

/// What the words behind an action mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arguments {
    /// Nothing that matters here. An action without words takes none.
    Ignored,
    /// There must be none for the action to fit.
    None,
    /// Each must be one of the action's goals for it to fit.
    Goals,
    /// Nothing that matters here; an action without words takes any.
    Free,
    /// Packages: with one, the action is [`ActionKind::Named`]; what looks like a path is needed.
    Packages,
    /// The same, and a word with a slash is a path (pip).
    Distributions,
    /// Packages: with one, the project's manifest is read and rewritten.
    ProjectPackages,
    /// Nothing that matters here: it empties the tool's caches.
    Caches,
    /// Files and directories that are read, and by a cheap command changed.
    Paths,
    /// The same, and what is missing is made: `mkdir`, `touch`.
    Made,
    /// Files and directories of which only owners and modes are changed.
    Metadata,
    /// Files and directories that are read and stay as they are.
    Inputs,
    /// The same, and they are taken away: who does that has them, whatever a list says.
    Removed,
    /// Files and directories that are changed, and are gone from where they were.
    Moved,
    /// The last of several is written; the others are read, where they are paths.
    Destination,
    /// Paths that are written.
    Outputs,
    /// The project: its manifest, or the directory it is in.
    Manifests,
    /// Any one makes the action need everything.
    Unknown,
    /// `path@version` is a download; anything else is the source.
    Versioned,
}

/// A directory of downloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cache {
    /// Where it is, unless a variable says otherwise: `~/`, `/`.
    pub path: &'static str,
    /// The variable that moves it, or "".
    pub variable: &'static str,
}

/// The defaults of a tool, for `..TOOL` in the tables.
const TOOL: Tool = Tool {
    name: "",
    source: Source::at(""),
    programs: &[],
    options: OPTIONS,
    actions: &[],
    manifests: &[],
    settings: &[],
    writes: &[],
    caches: &[],
    exclusive: false,
    assumes: &[],
    scattered: "",
    climbs: "",
    inspect: None,
    texts: "",
    variables: "",
    file_variables: "",
    kept_beside: &[],
    varies: false,
    apart: false,
    offline: "",
    rewrites: "",
    frozen: "",
};

/// The defaults of a tool's options.
const OPTIONS: OptionTable = OptionTable {
    values: "",
    directories: "",
    files: "",
    projects: "",
    holders: "",
    reads: "",
    writes: "",
    runs: "",
    arguments: "",
    flags: "",
    switches: "",
    alone: "",
    opaque: "",
    noted: "",
    clusters: false,
    slashes: false,
};
