//! What the text of manifests says about a split: local dependencies, scripts, members.
//!
//! Careful readers of only what is needed. One that is unsure says so; it never guesses in
//! favour of a fix.

mod cargo;
mod conda;
mod deno_json;
mod dotnet;
mod golang;
mod json;
mod jvm;
mod lifecycle;
mod native;
mod package_json;
mod pyproject;
mod requirements;
mod scripting;
mod toml;
mod xml;
mod yaml;

pub(super) use cargo::cargo;
pub(super) use conda::conda;
pub(super) use deno_json::deno_json;
pub(super) use dotnet::dotnet;
pub(super) use golang::go;
pub(super) use jvm::{deps_edn, gradle, maven, sbt};
pub(super) use native::{haskell, helm, mix, pubspec, swift, terraform};
pub(super) use package_json::package_json;
pub(super) use pyproject::{pipfile, pixi, pyproject};
pub(super) use requirements::{requirements, uv_pip};
pub(super) use scripting::{composer, gemfile};

use crate::issue::RefusalReason;

/// A project whose manifests may be looked at. Paths are relative to it.
pub struct Project<'a> {
    /// The manifests that the install names or reads, in order.
    pub manifests: &'a [String],
    /// The text of a file, where it was given.
    pub text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Options of the command that the tool's table has noted, as written.
    pub flags: &'a [String],
    /// Whether a path exists, where that is known.
    pub exists: &'a dyn Fn(&str) -> Option<bool>,
    /// The files that fit a pattern, where they are known: `*` matches in a name, a component
    /// `**` any number of directories.
    pub list: &'a dyn Fn(&str) -> Option<Vec<String>>,
}

/// What a manifest's text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The install reads this path as well.
    Also(String),
    /// A split is not safe.
    Refuse(RefusalReason, String),
    /// What could not be seen, as a sentence.
    Assume(String),
    /// There is nothing to install: no order problem.
    Nothing(String),
}

fn refuse(reason: RefusalReason, message: &str) -> Finding {
    Finding::Refuse(reason, message.into())
}

/// `path` below `directory`, without `.` and with `..` resolved where there is a directory to
/// leave.
fn join(directory: &str, path: &str) -> String {
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
    parts.join("/") + slash
}

/// The directory of a path; "" where it has none.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
