//! What stands where in a manifest, as a table: paths in its tree of values, and what the
//! values there mean for an install without the source. Nothing here knows a tool.

use super::{Finding, Project, join, parent, refuse};
use crate::ecosystem::manifest::Value;
use crate::issue::RefusalReason;

/// How the manifests of one kind are read.
pub struct Schema {
    /// Reads the text.
    pub parse: fn(&str) -> Option<Value>,
    /// What is assumed of a manifest whose text is not known; `{}` is its path.
    pub unread: &'static [&'static str],
    /// What its values mean.
    pub places: &'static [Place],
}

/// What the values at a path mean.
pub struct Place {
    /// As [`Value::at`] has it.
    path: &'static str,
    /// Which texts count.
    counts: fn(&str) -> bool,
    means: Means,
}

enum Means {
    /// The install reads the file of this name.
    File,
    /// A package of the context.
    Package,
    /// A split is not safe: a sentence, where `{}` is the path of the manifest, `{name}` the name
    /// that a pattern of the path stands for, and `{value}` the text.
    Refuse(RefusalReason, &'static str),
    /// The same, whatever the value is.
    Present(RefusalReason, &'static str),
}

/// A file that the install reads; not an address.
pub const fn file(path: &'static str) -> Place {
    Place { path, counts: is_no_address, means: Means::File }
}

/// A path of a package, however it is written.
pub const fn package(path: &'static str) -> Place {
    Place { path, counts: |_| true, means: Means::Package }
}

/// What may be the path of a package and is mostly something else: an address, a name.
pub const fn local(path: &'static str) -> Place {
    Place { path, counts: is_local, means: Means::Package }
}

/// A path of a package that is no directory.
pub const fn archive(path: &'static str) -> Place {
    const ENDS: [&str; 6] = [".whl", ".zip", ".gz", ".bz2", ".xz", ".tar"];
    let counts = |text: &str| ENDS.iter().any(|end| text.ends_with(end));
    Place { path, counts, means: Means::Package }
}

/// What is the path of a directory or an archive, unless it is an address.
pub const fn unless_address(path: &'static str) -> Place {
    Place { path, counts: |text| !text.contains("://"), means: Means::Package }
}

/// Texts that a split is not safe with.
pub const fn refused(
    path: &'static str,
    counts: fn(&str) -> bool,
    reason: RefusalReason,
    sentence: &'static str,
) -> Place {
    Place { path, counts, means: Means::Refuse(reason, sentence) }
}

/// A split is not safe with anything at the path.
pub const fn present(path: &'static str, reason: RefusalReason, sentence: &'static str) -> Place {
    Place { path, counts: |_| true, means: Means::Present(reason, sentence) }
}

impl Schema {
    /// Adds what the manifest `name` says; its values, where they are known.
    pub fn read(
        &self,
        project: &Project<'_>,
        name: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<Value> {
        let Some(text) = (project.text)(name) else {
            let assumed = self.unread.iter().map(|sentence| sentence.replace("{}", name));
            findings.extend(assumed.map(Finding::Assume));
            return None;
        };
        let Some(value) = (self.parse)(text) else {
            findings.push(unreadable(name));
            return None;
        };
        self.find(name, &value, findings);
        Some(value)
    }

    /// Adds what the values of the manifest `name` say.
    pub fn find(&self, name: &str, value: &Value, findings: &mut Vec<Finding>) {
        for place in self.places {
            place.read(name, value, findings);
        }
    }
}

/// A manifest that is not valid, or that we do not understand.
pub fn unreadable(name: &str) -> Finding {
    refuse(RefusalReason::UnknownManifests, &format!("`{name}` is not understood"))
}

impl Place {
    fn read(&self, name: &str, value: &Value, findings: &mut Vec<Finding>) {
        if let Means::Present(reason, sentence) = self.means {
            if value.has(self.path) {
                findings.push(refuse(reason, &sentence.replace("{}", name)));
            }
            return;
        }
        for found in value.at(self.path) {
            let text = match found.value {
                // A boolean counts where a text could not.
                Value::Plain(text) if matches!(self.means, Means::Refuse(..)) => Some(&**text),
                value => value.text(),
            };
            let Some(text) = text.filter(|text| (self.counts)(text)) else { continue };
            findings.push(match self.means {
                Means::File => Finding::Also(join(parent(name), text)),
                Means::Package if found.name.is_empty() => from_path(name, text, text),
                Means::Package => from_path(name, found.name, text),
                Means::Refuse(reason, sentence) | Means::Present(reason, sentence) => {
                    let sentence = sentence.replace("{}", name).replace("{name}", found.name);
                    refuse(reason, &sentence.replace("{value}", text))
                }
            });
        }
    }
}

/// `name` takes `package` from the context.
pub fn from_path(name: &str, package: &str, path: &str) -> Finding {
    refuse(
        RefusalReason::LocalDependency,
        &format!("`{name}` takes `{package}` from a local path (`{path}`)"),
    )
}

/// Whether a text names a file or a directory where an address or a version may stand as well:
/// `../lib`, `file:lib`, `git+file:///lib`, `lib @ file:///lib`.
pub fn is_local(text: &str) -> bool {
    let mut files = text.match_indices("file:").map(|(at, _)| text.get(..at).unwrap_or(""));
    let starts = |text: &str| text.starts_with(['.', '/']) || text.starts_with("~/");
    starts(text)
        || files.any(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
        || text.split_once('@').is_some_and(|(_, target)| starts(target.trim_start()))
}

fn is_no_address(text: &str) -> bool {
    !text.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_addresses() {
        for text in ["./a", "..", "/a", "~/a", "file:a", "git+file:///a", "a @ file:///a", "a@../b"]
        {
            assert!(is_local(text), "{text}");
        }
        for text in
            ["a", "^1.2", "https://x/y", "a @ https://x/y", "~1.0", "profile:x", "git@x:y/z"]
        {
            assert!(!is_local(text), "{text}");
        }
    }
}
