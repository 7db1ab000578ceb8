//! What is known of package managers and other common commands: one `const` a tool.
//!
//! Tables only: how a command is recognised, which files it needs, what it writes, what a
//! split has to watch for, each with the address it came from. Nothing here knows a
//! Dockerfile or a cache; [`recognise`] reads words and answers from the tables.

mod go;
mod javascript;
mod local;
mod plain;
mod python;
mod recognise;
mod system;

pub use local::{Finding, Project};
pub use recognise::{Argument, Invocation, Use, recognise};

/// One tool.
#[derive(Debug)]
pub struct Tool {
    /// Its name, as its users say it; the tables are sorted by it.
    pub name: &'static str,
    /// The page the facts come from.
    pub source: &'static str,
    /// The names of its program. `{}` at the end stands for a version (`pip3.11`).
    pub programs: &'static [&'static str],
    /// Its name as a module of another program (`python -m pip`).
    pub module: &'static str,
    /// Options that take the next word as their value.
    pub value_options: &'static [&'static str],
    /// Options whose value is the directory the tool works in.
    pub directory_options: &'static [&'static str],
    /// Options whose value is a file that the command reads: its manifests, when given.
    pub file_options: &'static [&'static str],
    /// What it can be asked to do; the first that fits counts.
    pub actions: &'static [Action],
    /// What an install reads of its project.
    pub manifests: &'static [Manifest],
    /// What an install writes: `./` below the project, `~/` below HOME, `/` absolute.
    pub writes: &'static [&'static str],
    /// Directories that hold only downloads: the image works without them.
    pub caches: &'static [Cache],
    /// What can make the manifests alone too little, said as assumptions when their text is
    /// not given.
    pub assumes: &'static [&'static str],
    /// Reads the manifests' text, where it is given, in place of `assumes`.
    pub inspect: Option<fn(&Project<'_>) -> Vec<Finding>>,
}

/// Something a tool can be asked to do.
#[derive(Debug)]
pub struct Action {
    /// The words behind the program, options left out: `["mod", "download"]`. A word can
    /// offer several spellings: `"install|i|add"`.
    pub words: &'static [&'static str],
    /// Flags of which one must be given.
    pub flags: &'static [&'static str],
    /// What it does.
    pub kind: Kind,
    /// What further words mean.
    pub arguments: Arguments,
    /// For [`Kind::Compile`]: what fetches the dependencies before the source is there.
    pub before_source: BeforeSource,
    /// Files that this action writes into the project beside `Tool::writes`.
    pub writes: &'static [&'static str],
}

/// What a command does, as far as the order of steps is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
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

/// What fetches the dependencies of a step that needs the source, without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BeforeSource {
    /// Nothing does.
    Nothing,
    /// This command, in the directory of the project; `{}` stands for the program as it is
    /// written in the step (`./mvnw`).
    Command(&'static str),
    /// The command itself with these words behind it. Run again as it is, with the source, it
    /// finds the dependencies installed and only does the rest.
    With(&'static str),
}

/// What the words behind an action mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arguments {
    /// Nothing that matters here. An action without words takes none.
    Ignored,
    /// Nothing that matters here; an action without words takes any.
    Free,
    /// Packages: with one, the action is [`Kind::Named`]. One that looks like a path needs
    /// that path.
    Packages,
    /// Packages: with one, the project's manifest is read and rewritten.
    ProjectPackages,
    /// Files and directories that are read.
    Paths,
    /// Any one makes the action need everything.
    Unknown,
    /// `path@version` is a download; anything else is the source.
    Versioned,
}

/// A file that an install reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Manifest {
    /// Its path below the project; a trailing `/` is a directory, `*` matches in a name.
    pub path: &'static str,
    /// Whether the install fails without it.
    pub presence: Presence,
    /// How to copy it when the files of the context are not known.
    pub unlisted: Unlisted,
}

/// Whether a manifest has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// The install fails without it.
    Required,
    /// The lock file: read where it is there, and the install may rewrite it.
    Lock,
    /// Read where it is there.
    Optional,
}

/// How a manifest is copied when the files of the context are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unlisted {
    /// With this source. One that ends in `*` may match nothing.
    As(&'static str),
    /// Another entry's source covers it.
    Covered,
    /// Not at all: that it is absent is an assumption.
    Assumed,
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
    source: "",
    programs: &[],
    module: "",
    value_options: &[],
    directory_options: &[],
    file_options: &[],
    actions: &[],
    manifests: &[],
    writes: &[],
    caches: &[],
    assumes: &[],
    inspect: None,
};

/// An action of `kind` for `words`; arguments are ignored.
const fn action(words: &'static [&'static str], kind: Kind) -> Action {
    Action {
        words,
        flags: &[],
        kind,
        arguments: Arguments::Ignored,
        before_source: BeforeSource::Nothing,
        writes: &[],
    }
}

const fn required(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Required, unlisted: Unlisted::As(path) }
}

const fn optional(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Optional, unlisted: Unlisted::Assumed }
}

const fn lock(path: &'static str, unlisted: Unlisted) -> Manifest {
    Manifest { path, presence: Presence::Lock, unlisted }
}

/// Where the system keeps programs, libraries and settings: nearly every command reads them,
/// and a system package may write any of them.
pub const SYSTEM: &[&str] = &[
    "/bin",
    "/boot",
    "/etc",
    "/lib",
    "/lib64",
    "/run",
    "/sbin",
    "/usr/bin",
    "/usr/games",
    "/usr/include",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local",
    "/usr/sbin",
    "/usr/share",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/spool",
];

/// Names of files that only ever say which packages to install, beside the tables' own.
const MANIFEST_NAMES: &[&str] = &[
    "*requirements*.in",
    "*requirements*.txt",
    "constraints*.txt",
    "lerna.json",
    "nx.json",
    "runtime.txt",
    "tox.ini",
    "turbo.json",
];

/// Whether a file (or a directory, with a trailing `/`) is a manifest or a lock file of any
/// tool, going by its path below the project.
pub fn is_manifest(path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let fits = |pattern: &str| {
        let pattern = pattern.trim_end_matches('/');
        let pattern = pattern.rsplit('/').next().unwrap_or(pattern);
        // The path may be a pattern itself: `package*.json`.
        name_matches(pattern, name)
            || (name.contains('*') && name != "*" && name_matches(name, pattern))
    };
    MANIFEST_NAMES.iter().any(|pattern| fits(pattern))
        || tools().flat_map(|tool| tool.manifests).any(|manifest| fits(manifest.path))
}

/// Whether a file name fits a pattern with `*`.
pub fn name_matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return name.ends_with(piece);
        }
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    true
}

/// Every tool, family by family.
pub fn tools() -> impl Iterator<Item = &'static Tool> {
    [go::TOOLS, javascript::TOOLS, plain::TOOLS, python::TOOLS, system::TOOLS].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_told_from_source() {
        for path in ["package.json", "a/b/go.mod", "requirements-dev.txt", "dev_requirements.txt"] {
            assert!(is_manifest(path), "{path}");
        }
        for path in ["app.py", "package.js", "requirements", "main.go", "x.mod"] {
            assert!(!is_manifest(path), "{path}");
        }
        assert!(name_matches("a*b*c", "aXbXc") && !name_matches("a*b*c", "acb"));
    }

    #[test]
    fn tables_are_sorted_and_sourced() {
        for family in [go::TOOLS, javascript::TOOLS, plain::TOOLS, python::TOOLS, system::TOOLS] {
            assert!(family.is_sorted_by_key(|tool| tool.name));
        }
        for tool in tools() {
            assert!(tool.source.starts_with("https://"), "{} has no source", tool.name);
            assert!(!tool.programs.is_empty() || !tool.module.is_empty(), "{}", tool.name);
        }
    }
}
