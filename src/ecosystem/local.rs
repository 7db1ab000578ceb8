//! What the text of manifests says about a split: local dependencies, scripts, members.
//!
//! Careful readers of only what is needed. One that is unsure says so; it never guesses in
//! favour of a fix.

mod bower;
mod cargo;
mod composer;
mod conda;
mod deno_json;
mod golang;
mod haskell;
mod jvm;
mod lifecycle;
mod locked;
mod maven;
mod mentions;
mod missed;
mod mix;
mod msbuild;
mod native;
mod npm;
mod nuget;
mod opam;
mod package_json;
mod patches;
mod prisma;
mod pyproject;
mod rebar;
mod requirements;
mod schema;
mod scripting;

pub(super) use bower::bower;
pub(super) use cargo::{UNLESS_IN_MANIFESTS, cargo, cargo_package, cargo_stubs};
pub(super) use composer::composer;
pub(super) use conda::conda;
pub(super) use deno_json::deno_json;
pub(super) use golang::go;
pub(super) use haskell::haskell;
pub(super) use jvm::{deps_edn, gradle, sbt};
pub(super) use locked::renv;
pub(super) use maven::maven;
pub use mentions::{SCRIPTS, SETTINGS, is_settings, may_mention, mentioned, settings_in};
pub use missed::{Lacking, is_missed, needed_members};
pub(super) use mix::mix;
pub(super) use msbuild::{dotnet, dotnet_tool};
pub(super) use native::{conan, helm, pubspec, shards, swift, terraform};
pub(super) use npm::npm_ci;
pub(super) use nuget::nuget;
pub(super) use opam::opam;
pub(super) use package_json::{package_json, pnpm_fetch};
pub use pyproject::installs_dependencies_alone;
pub(super) use pyproject::{pipfile, pixi, pyproject, uv};
pub(super) use rebar::rebar;
pub(super) use requirements::{requirements, uv_pip};
pub(super) use scripting::{cpanfile, cpanfile_alone, gemfile};

use crate::issue::RefusalReason;

/// A project whose manifests may be looked at. Paths are relative to it.
pub struct Project<'a> {
    /// The manifests that the install names or reads, in order.
    pub manifests: &'a [String],
    /// The text of a file, where it was given.
    pub text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Options of the command that the tool's table has noted, as written.
    pub flags: &'a [String],
    /// The words of the table's entry for what it is asked to do: `install|i`.
    pub words: &'static [&'static str],
    /// Whether a copy brings files to the directory above: other projects may lie there.
    pub is_nested: bool,
    /// Whether a copy brings a directory beside its own, or beside one that holds it.
    pub has_neighbours: bool,
    /// Whether a copy of the Dockerfile, or a command of the stage, names a path of the project
    /// that this pattern fits, or something below it; for one that starts with `../`, whether a
    /// copy before brings it.
    pub names: &'a dyn Fn(&str) -> bool,
    /// Whether the Dockerfile speaks of packages of a workspace.
    pub works_on_members: &'a dyn Fn() -> bool,
    /// Whether a path exists, where that is known.
    pub exists: &'a dyn Fn(&str) -> Option<bool>,
    /// Whether a program may be run as it is, where that is known.
    pub is_executable: &'a dyn Fn(&str) -> Option<bool>,
    /// The files that fit a pattern, where they are known: `*` matches in a name, a component
    /// `**` any number of directories.
    pub list: &'a dyn Fn(&str) -> Option<Vec<String>>,
    /// Those that are known where there may be others.
    pub known: &'a dyn Fn(&str) -> Vec<String>,
}

/// What a manifest's text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The install reads this path as well.
    Also(String),
    /// The install makes a link to this program, and does not run it.
    Linked(String),
    /// The install makes this file or directory anew, wherever its table says that it writes.
    Makes(String),
    /// The install looks for what begins so, and does something else where that is there: `patches`.
    Looks(String),
    /// The tool looks for this source, below a package of the project; an empty one will do.
    Source {
        /// The directory of the package.
        package: String,
        /// The path below it.
        path: String,
    },
    /// What fetches the dependencies takes this argument as well.
    Argument(String),
    /// What fetches the dependencies is written with the second for the first.
    Instead(&'static str, &'static str),
    /// The install reads manifests in directories that are not known, which their names tell.
    Scattered(Otherwise),
    /// A split is not safe.
    Refuse(RefusalReason, String),
    /// What could not be seen, as a sentence.
    Assume(String),
    /// There is nothing to install: no order problem.
    Nothing(String),
}

/// What stands in for the source of a project while its dependencies are compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stubs {
    /// The names of its packages: all of which something is compiled.
    pub packages: Vec<String>,
    /// The libraries: the directory of the package, and the path below it.
    pub libraries: Vec<(String, String)>,
    /// The programs.
    pub programs: Vec<(String, String)>,
    /// Whether an old version of the tool may be what reads them.
    pub may_be_old: bool,
    /// Why stubs will not do.
    pub refusal: Option<String>,
}

/// What holds where names are of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// A split is not safe.
    Refuse(RefusalReason, String),
    /// The manifests that are known are all there are: sentences.
    Assume(Vec<String>),
}

fn scattered(message: &str) -> Finding {
    Finding::Scattered(Otherwise::Refuse(RefusalReason::LocalDependency, message.into()))
}

fn refuse(reason: RefusalReason, message: &str) -> Finding {
    Finding::Refuse(reason, message.into())
}

/// Looks for the lock file of a manifest that may be named in place of the usual one.
fn lock_beside(lock: String, project: &Project<'_>, findings: &mut Vec<Finding>) {
    if project.manifests.contains(&lock) {
        return;
    }
    match (project.exists)(&lock) {
        Some(true) => findings.push(Finding::Also(lock)),
        Some(false) => {}
        None => findings.push(refuse(
            RefusalReason::UnknownManifests,
            &format!("whether there is a `{lock}` is not known"),
        )),
    }
}

/// Whether one of `paths` exists, where that is known.
fn any_exists(paths: &[&str], project: &Project<'_>) -> Option<bool> {
    let found = || paths.iter().map(|path| (project.exists)(path));
    match found().any(|found| found == Some(true)) {
        true => Some(true),
        false => found().all(|found| found.is_some()).then_some(false),
    }
}

/// What shows a repository: a file in a working tree of its own, else a directory, which copies
/// bring by its files.
const GIT: &[&str] = &[".git", ".git/HEAD"];

/// `path` below `directory`, without `.` and with `..` resolved where there is a directory to
/// leave.
fn join(directory: &str, path: &str) -> String {
    let rooted = if directory.starts_with('/') || path.starts_with('/') { "/" } else { "" };
    let directory = if path.starts_with('/') { "" } else { directory };
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let slash = if path.ends_with('/') { "/" } else { "" };
    format!("{rooted}{}{slash}", parts.join("/"))
}

/// The directory of a path; "" where it has none.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::wants_text;

    /// Whether a file has a name that only a command or another file gives it.
    fn named_otherwise(path: &str) -> bool {
        path.ends_with(".txt")
    }

    /// A project of which nothing is known.
    pub fn unknown<'a>() -> Project<'a> {
        Project {
            manifests: &[],
            flags: &[],
            words: &[],
            is_nested: false,
            has_neighbours: false,
            names: &|_| false,
            known: &|_| Vec::new(),
            works_on_members: &|| false,
            text: &|_| None,
            exists: &|_| None,
            is_executable: &|_| None,
            list: &|_| None,
        }
    }

    /// What `inspect` says of a project of which the text of the file `name` is all that is known.
    pub fn of_text(
        inspect: fn(&Project<'_>) -> Vec<Finding>,
        name: &str,
        text: &str,
    ) -> Vec<Finding> {
        inspect(&Project { text: &|path| (path == name).then_some(text), ..unknown() })
    }

    /// Whether one of the findings refuses.
    pub fn refused(findings: &[Finding]) -> bool {
        findings.iter().any(|finding| matches!(finding, Finding::Refuse(..)))
    }

    /// What `inspect` says of a project of these files, which are all there are. The first
    /// `named` are the manifests; a text of "?" is not known. What is looked for is left out.
    pub fn findings(
        inspect: fn(&Project<'_>) -> Vec<Finding>,
        named: usize,
        files: &[(&str, &str)],
    ) -> Vec<Finding> {
        let mut found = with_project(named, files, &inspect);
        found.retain(|finding| !matches!(finding, Finding::Looks(_)));
        found
    }

    /// The same of anything that is said of such a project.
    pub fn with_project<T>(
        named: usize,
        files: &[(&str, &str)],
        say: &dyn Fn(&Project<'_>) -> T,
    ) -> T {
        told(named, files, (&[], &[]), say)
    }

    /// The same where the command has these flags and does what these words say.
    pub fn told<T>(
        named: usize,
        files: &[(&str, &str)],
        (flags, words): (&[&str], &'static [&'static str]),
        say: &dyn Fn(&Project<'_>) -> T,
    ) -> T {
        let flags: Vec<String> = flags.iter().map(|flag| flag.to_string()).collect();
        let manifests: Vec<String> =
            files.iter().take(named).map(|(path, _)| path.to_string()).collect();
        let text = |path: &str| {
            // Else nobody who has the files would give the text.
            assert!(named_otherwise(path) || wants_text(path), "no table has {path} in its texts");
            files.iter().find(|(p, text)| *p == path && *text != "?").map(|(_, text)| *text)
        };
        let exists = |path: &str| {
            let directory = format!("{}/", path.trim_end_matches('/'));
            let found = |(p, _): &(&str, &str)| *p == path || p.starts_with(&directory);
            Some(files.iter().any(found))
        };
        let list = |pattern: &str| {
            let fits = |path: &str| {
                let name = path.rsplit('/').next().unwrap_or(path);
                match pattern.split_once("**/") {
                    Some((above, _)) if !path.starts_with(above) => false,
                    Some((_, last)) => match last.split_once('/') {
                        None => crate::ecosystem::name_matches(last, name),
                        Some(_) => format!("/{path}").ends_with(&format!("/{last}")),
                    },
                    None => {
                        let matches = crate::ecosystem::name_matches;
                        let mut names = path.split('/');
                        pattern.split('/').all(|p| names.next().is_some_and(|n| matches(p, n)))
                            && names.next().is_none()
                    }
                }
            };
            let found = files.iter().filter(|(path, _)| fits(path));
            Some(found.map(|(path, _)| path.to_string()).collect::<Vec<String>>())
        };
        say(&Project {
            manifests: &manifests,
            flags: &flags,
            words,
            text: &text,
            exists: &exists,
            list: &list,
            known: &|pattern| list(pattern).unwrap_or_default(),
            ..unknown()
        })
    }

    /// The paths that `inspect` asks for beside the first `named`; panics where it finds
    /// anything else.
    pub fn also(
        inspect: fn(&Project<'_>) -> Vec<Finding>,
        named: usize,
        files: &[(&str, &str)],
    ) -> Vec<String> {
        let found = findings(inspect, named, files).into_iter();
        let path = |finding| match finding {
            Finding::Also(path) => path,
            other => panic!("{other:?}"),
        };
        found.map(path).collect()
    }

    /// Whether `inspect` refuses.
    pub fn refuses(
        inspect: fn(&Project<'_>) -> Vec<Finding>,
        named: usize,
        files: &[(&str, &str)],
    ) -> bool {
        let found = findings(inspect, named, files);
        found.iter().any(|f| matches!(f, Finding::Refuse(..) | Finding::Scattered(..)))
    }
}
