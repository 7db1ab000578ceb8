//! Parts of an image's file system: what a step reads, writes, or brings.
//!
//! A path that starts with `/` is absolute; any other is relative to the working directory
//! of the base image, which is not known. The two kinds may mean the same place, and do in most
//! images: there it is the root.

use crate::context::{Answer, below, join};
use std::borrow::Cow;

/// A set of paths; each stands for itself and everything below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathSet {
    /// Possibly any path.
    pub everything: bool,
    /// The roots of the set.
    pub paths: Vec<Cow<'static, str>>,
}

/// How two sets overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Not at all.
    Apart,
    /// Only if the unknown working directory of the base image makes them.
    Unknown,
    /// A path of the second set lies strictly below one of the first, which holds names
    /// that are not known.
    Inside(String),
    /// They share this path.
    Shared(String),
}

impl PathSet {
    /// Possibly any path.
    pub fn all() -> PathSet {
        PathSet { everything: true, paths: Vec::new() }
    }

    /// One path, and what lies below it.
    pub fn of(path: impl Into<Cow<'static, str>>) -> PathSet {
        PathSet { everything: false, paths: vec![path.into()] }
    }

    /// No path.
    pub fn none() -> PathSet {
        PathSet::default()
    }

    /// Adds `path` and what lies below it.
    pub fn add(&mut self, path: impl Into<Cow<'static, str>>) {
        let path = path.into();
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: &PathSet) {
        self.everything |= other.everything;
        if self.paths.is_empty() {
            self.paths = other.paths.clone();
            return;
        }
        for path in &other.paths {
            self.add(path.clone());
        }
    }

    /// Whether `path` lies in it.
    pub fn holds(&self, path: &str) -> Answer {
        if self.everything {
            return Answer::Yes;
        }
        self.paths.iter().fold(Answer::No, |answer, root| {
            answer.or(if under(root, path).is_some() {
                Answer::Yes
            } else if same_kind(root, path) {
                Answer::No
            } else {
                Answer::Maybe
            })
        })
    }

    /// How `other` overlaps this set; the strongest way counts.
    pub fn overlap(&self, other: &PathSet) -> Overlap {
        if self.everything || other.everything {
            let empty = |set: &PathSet| !set.everything && set.paths.is_empty();
            if empty(self) || empty(other) {
                return Overlap::Apart;
            }
            let named = self.paths.first().or(other.paths.first());
            return Overlap::Shared(named.map_or("/", |path| path).into());
        }
        self.overlap_paths(&other.paths)
    }

    /// How `path`, and all below it, overlaps this set.
    pub fn overlap_path(&self, path: &str) -> Overlap {
        match self.everything {
            true => Overlap::Shared(self.paths.first().map_or(path, |own| own).into()),
            false => self.overlap_paths(&[path]),
        }
    }

    fn overlap_paths(&self, paths: &[impl AsRef<str>]) -> Overlap {
        let mut overlap = Overlap::Apart;
        for mine in &self.paths {
            for theirs in paths.iter().map(AsRef::as_ref) {
                let same = same_kind(mine, theirs);
                let within = |root: &str, path: &str| match same {
                    true => under(root, path).is_some(),
                    false => {
                        let root = root.trim_start_matches('/');
                        !root.is_empty() && below(root, path.trim_start_matches('/')).is_some()
                    }
                };
                if within(theirs, mine) {
                    return Overlap::Shared(mine.to_string());
                }
                if within(mine, theirs) {
                    overlap = Overlap::Inside(theirs.to_string());
                } else if !same && overlap == Overlap::Apart {
                    overlap = Overlap::Unknown;
                }
            }
        }
        overlap
    }
}

/// What of `path` lies below `root`, both cleaned: `Some("")` for the root itself.
pub fn under<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    match root {
        "/" => path.strip_prefix('/'),
        "" if path.starts_with('/') => None,
        _ => below(root, path),
    }
}

fn same_kind(a: &str, b: &str) -> bool {
    a.starts_with('/') == b.starts_with('/')
}

/// The directories right below `root` in place of all that is below them.
pub fn first_components(places: &[String], root: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for place in places {
        let first = match under(root, place) {
            Some(rest) if !rest.is_empty() => join(root, rest.split('/').next().unwrap_or(rest)),
            _ => place.clone(),
        };
        if out.last() != Some(&first) {
            out.push(first);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(paths: &[&str]) -> PathSet {
        PathSet {
            everything: false,
            paths: paths.iter().map(|path| path.to_string().into()).collect(),
        }
    }

    #[test]
    fn sets_overlap_above_and_below() {
        let app = set(&["/app"]);
        assert_eq!(app.overlap(&set(&["/app/lib"])), Overlap::Inside("/app/lib".into()));
        assert_eq!(app.overlap(&set(&["/"])), Overlap::Shared("/app".into()));
        assert_eq!(app.overlap(&set(&["/application", "/usr"])), Overlap::Apart);
        assert_eq!(app.overlap(&set(&["src"])), Overlap::Unknown);
        assert_eq!(app.overlap(&set(&["app/src"])), Overlap::Inside("app/src".into()));
        assert_eq!(app.overlap(&PathSet::all()), Overlap::Shared("/app".into()));
        assert_eq!(PathSet::none().overlap(&PathSet::all()), Overlap::Apart);
        assert_eq!(app.overlap_path("/app/lib"), Overlap::Inside("/app/lib".into()));
        assert_eq!(PathSet::all().overlap_path("/app"), Overlap::Shared("/app".into()));
    }
}
