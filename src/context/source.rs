//! Sources of COPY and ADD from a directory tree, reasoned about by name alone.
//!
//! Everything here works without a file list and believes its caller that a path it asks about
//! exists. URLs, git references and here-documents are no such sources. Links are not followed.

use super::destination::{Answer, Destination, Landing};
use super::glob::{self, Glob, UNKNOWN};
use super::ignore::IgnoreList;
use super::path;
use crate::limits;
use crate::text::Cut;

/// The flags that change what a source selects and where it lands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFlags {
    /// `--parents`: keep the directories of the source.
    pub parents: bool,
    /// `--exclude`, each value as written.
    pub excludes: Vec<String>,
    /// Whether local archives are unpacked: ADD without `--unpack=false`.
    pub unpack: bool,
}

/// One source of a COPY or ADD, as BuildKit reads it; in a Windows stage it goes through
/// [`from_windows`](super::from_windows) first.
///
/// The text has its variables expanded; a stretch that is not known is one [`UNKNOWN`] character.
/// Such a stretch may hold anything but a `..` that climbs out of what is written before it.
///
/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert_copy.go>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The directories before the first wildcard, or all of a literal source.
    base: String,
    /// The components from the first wildcard on.
    glob: Option<Glob>,
    /// What `--parents` takes from below each matched directory.
    include: Option<Include>,
    excludes: IgnoreList,
    unpack: bool,
    unknown: bool,
    malformed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Include {
    list: IgnoreList,
    literal: Option<String>,
}

impl Source {
    /// Reads one source.
    pub fn new(text: &str, flags: &SourceFlags) -> Source {
        let (root, include) = if flags.parents {
            let (root, pattern) = text.split_once("/./").unwrap_or(("", text));
            (root, Some(path::within(pattern).into_owned()))
        } else {
            (text, None)
        };
        let root = path::within(root);
        let (base, pattern) = split_wildcard(&root);
        let glob = pattern.map(Glob::path);
        let literal_root = glob.is_none();
        let malformed = matches!(glob, Some(Err(_)));
        let include = include.map(|pattern| Include {
            list: IgnoreList::new([&pattern]),
            literal: (literal_root && !is_wildcard(&pattern)).then_some(pattern),
        });
        let excludes = IgnoreList::new(&flags.excludes);
        let refused = excludes.refused().is_some()
            || include.as_ref().is_some_and(|include| include.list.refused().is_some());
        Source {
            base: base.to_string(),
            glob: glob.and_then(Result::ok),
            include,
            excludes,
            unpack: flags.unpack,
            unknown: text.contains(UNKNOWN),
            malformed: malformed || refused,
        }
    }

    /// The single path it names, when it has no wildcard and no unknown part; the root is empty.
    pub fn literal(&self) -> Option<&str> {
        match (&self.glob, &self.include) {
            _ if self.unknown || self.malformed => None,
            (None, None) => Some(&self.base),
            (_, Some(include)) if self.base.is_empty() => include.literal.as_deref(),
            _ => None,
        }
    }

    /// The directory that all it can select lies in: `src` for `src/*.c`, the path itself for a
    /// literal source.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether it names the whole tree: `.`, `./`, `/`; excludes do not matter.
    pub fn is_everything(&self) -> bool {
        self.base.is_empty() && self.glob.is_none() && self.include.is_none()
    }

    /// Whether it selects by a wildcard, so that matching nothing is allowed.
    pub fn is_wildcard(&self) -> bool {
        self.glob.is_some() || self.include.as_ref().is_some_and(|it| it.literal.is_none())
    }

    /// Whether it keeps the directories of what it selects (`--parents`).
    pub fn keeps_parents(&self) -> bool {
        self.include.is_some()
    }

    /// Whether it takes a directory only with what it takes of it (`--parents`, and `--exclude`
    /// with an exception), so that [`Source::covers`] does not answer for directories.
    pub fn holds_directories_back(&self) -> bool {
        self.include.is_some() || self.excludes.has_exceptions()
    }

    /// Whether all that its wildcard itself can match lies directly in one directory: `src/*.c`.
    pub fn is_of_one_directory(&self) -> bool {
        self.glob.as_ref().is_some_and(|glob| glob.depth() == Some(1))
    }

    /// Whether part of it is not known.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// Whether BuildKit refuses the pattern, or one of its `--exclude`.
    pub fn is_malformed(&self) -> bool {
        self.malformed
    }

    /// Whether an existing file `path` (or a whole directory, but for excludes) is copied by this
    /// source. Without unknown parts the answer is never `Maybe`.
    ///
    /// `--exclude` spares a file that the source itself names or matches, as BuildKit does:
    /// <https://github.com/moby/buildkit/issues/5489>
    pub fn covers(&self, path: &str) -> Answer {
        let path = path::within(path);
        if self.malformed || path.len() > limits::PATH_BYTES {
            return Answer::No;
        }
        match self.matched(&path) {
            Some(root) if self.takes(root, &path) => self.certainly(),
            _ => Answer::No,
        }
    }

    /// Whether it may copy anything at or below the directory `path`.
    pub fn reaches(&self, path: &str) -> Answer {
        let path = path::within(path);
        let covered = self.covers(&path);
        if !covered.is_no() || self.malformed {
            return covered;
        }
        if let Some(literal) = self.literal() {
            // `src/a.txt` reaches `src`.
            let inside = path::below(&path, literal).is_some_and(|rest| !rest.is_empty());
            let excepted = self.excludes.has_exceptions() && self.matched(&path).is_some();
            return match (inside, excepted) {
                (true, _) => Answer::Yes,
                (false, true) => Answer::Maybe,
                (false, false) => Answer::No,
            };
        }
        let apart =
            path::below(&path, &self.base).is_none() && path::below(&self.base, &path).is_none();
        if apart { Answer::No } else { Answer::Maybe }
    }

    /// Where the existing file `path` lands; `None` where it is not copied.
    pub fn landing(&self, path: &str, destination: &Destination) -> Option<Landing> {
        if self.covers(path).is_no() {
            return None;
        }
        if self.unknown {
            return Some(Landing::Below(destination.path().to_string()));
        }
        let path = path::within(path);
        let root = self.matched(&path)?;
        Some(match path::below(root, &path)? {
            "" if self.unpack && looks_packed(&path) => {
                Landing::Below(destination.path().to_string())
            }
            "" => destination.of_file(path::base_name(&path)),
            rest => destination.of_content(rest),
        })
    }

    /// The paths of the tree that would land at `landed`, an absolute path of the image.
    ///
    /// Without a file list a literal source may be a file or a directory, so there can be more
    /// than one; [`Origins::open`] says that there are more than can be listed.
    pub fn origins(&self, landed: &str, destination: &Destination) -> Origins {
        let mut origins = Origins::default();
        let rest = path::below(destination.path().trim_end_matches('/'), landed);
        let rest = rest.map(|rest| rest.trim_start_matches('/'));
        let Some(rest) = rest.filter(|_| !self.malformed) else { return origins };
        if self.unknown || self.glob.is_some() || destination.is_unknown() {
            origins.open = true;
            return origins;
        }
        let name = path::base_name(&self.base);
        let mut candidates = Vec::new();
        if !rest.is_empty() {
            candidates.push(path::join(&self.base, rest));
        }
        let whole = match destination.is_directory() {
            Answer::Yes => rest == name,
            Answer::No => rest.is_empty(),
            Answer::Maybe => rest.is_empty() || rest == name,
        };
        if whole && self.include.is_none() && !self.base.is_empty() {
            candidates.push(self.base.clone());
        }
        candidates.retain(|candidate| !self.covers(candidate).is_no());
        origins.paths = candidates;
        origins
    }

    /// The part of `path` that the source itself names or matches: the path, or a directory
    /// above it. BuildKit stops at the first match on its way down.
    pub(super) fn matched<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path::below(&self.base, path)?;
        let base = path.len() - rest.len();
        let Some(glob) = &self.glob else {
            return Some(path.cut(..base).trim_end_matches('/'));
        };
        path::prefixes(rest)
            .find(|prefix| glob.matches(prefix))
            .map(|prefix| path.cut(..base + prefix.len()))
    }

    /// Whether what lies below the matched `root` passes `--parents` and `--exclude`.
    fn takes(&self, root: &str, path: &str) -> bool {
        match path::below(root, path) {
            None => false,
            Some("") => self.include.is_none() || path.is_empty(),
            Some(rest) => {
                !self.excludes.matches(rest)
                    && self.include.as_ref().is_none_or(|include| include.list.matches(rest))
            }
        }
    }

    fn certainly(&self) -> Answer {
        if self.unknown { Answer::Maybe } else { Answer::Yes }
    }

    pub(super) fn parts(&self) -> Parts<'_> {
        Parts {
            glob: self.glob.as_ref(),
            include: self.include.as_ref().map(|include| &include.list),
            required: self.include.as_ref().and_then(|include| include.literal.as_deref()),
            excludes: &self.excludes,
        }
    }
}

/// What a walk over a known tree needs of a source.
pub(super) struct Parts<'s> {
    pub glob: Option<&'s Glob>,
    pub include: Option<&'s IgnoreList>,
    /// The path below the base that must exist.
    pub required: Option<&'s str>,
    pub excludes: &'s IgnoreList,
}

/// The paths of a tree that would land at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Candidates, at most one of which is meant: as the content of a directory, or as the file
    /// that the source names.
    pub paths: Vec<String>,
    /// Whether a wildcard or an unknown part allows others.
    pub open: bool,
}

/// Splits a cleaned source before its first component with a wildcard or an unknown part.
fn split_wildcard(source: &str) -> (&str, Option<&str>) {
    let mut start = 0;
    for component in source.split('/') {
        if is_wildcard(component) {
            let base = source.cut(..start).trim_end_matches('/');
            return (base, Some(source.cut(start..)));
        }
        start += component.len() + 1;
    }
    (source, None)
}

fn is_wildcard(text: &str) -> bool {
    glob::has_wildcard(text) || text.contains(UNKNOWN)
}

/// Whether a file name looks like an archive that ADD unpacks. BuildKit looks at the content.
fn looks_packed(path: &str) -> bool {
    let name = path::base_name(path).to_ascii_lowercase();
    let ends = [".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst"];
    let packed = [".gz", ".bz2", ".xz", ".zst", ".lzma"];
    let inner = packed.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    ends.iter().any(|end| name.ends_with(end)) || inner.ends_with(".tar")
}

#[cfg(test)]
mod tests;
