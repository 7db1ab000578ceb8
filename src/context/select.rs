//! What a source selects from a known tree, in BuildKit's order, and where each path lands.
//!
//! Content is not looked at: whether ADD unpacks a file is guessed from its name by
//! [`Source::landing`] only.

use super::destination::{Answer, Destination};
use super::ignore::{IgnoreList, Verdict};
use super::source::Source;
use super::tree::{Entry, Kind};
use super::{Context, path};

/// Whether a source finds anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// At least one path.
    Some,
    /// Nothing, and the build goes on: a wildcard without a match, an empty directory.
    Nothing,
    /// Nothing, and the build fails: a literal path, or the directory before a wildcard, that
    /// does not exist or is ignored.
    Missing,
    /// The pattern is malformed and the build fails.
    Malformed,
    /// The file list, or the source, does not decide it.
    Unknown,
}

/// The paths that a source selects.
#[derive(Clone, Debug)]
pub struct Selection<'c> {
    /// Whether anything is found and whether the build goes on.
    pub found: Found,
    /// Whether [`Selection::items`] is all: the list is complete, `.dockerignore` known, the
    /// source without unknown parts.
    pub complete: bool,
    /// What is selected, in the order in which BuildKit copies it, directories included.
    pub items: Vec<Selected<'c>>,
}

/// One selected path.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'c> {
    /// The entry in the tree.
    pub entry: &'c Entry,
    /// How much of the entry's path the source itself names or matches.
    root: usize,
}

impl<'c> Selected<'c> {
    /// The part of the path that the source itself names or matches.
    pub fn root(&self) -> &'c str {
        &self.entry.path[..self.root]
    }

    /// The path below [`Selected::root`]; empty for that path itself.
    pub fn relative(&self) -> &'c str {
        self.entry.path[self.root..].trim_start_matches('/')
    }
}

impl<'c> Selection<'c> {
    fn empty(found: Found, complete: bool) -> Selection<'c> {
        Selection { found, complete, items: Vec::new() }
    }

    /// The selected paths that are no directories.
    pub fn files(&self) -> impl Iterator<Item = &'c Entry> {
        let items = self.items.iter().map(|item| item.entry);
        items.filter(|entry| entry.kind != Kind::Directory)
    }

    /// Where each selected path lands, in order; the last of two on one place stays. `None`
    /// where that hangs on whether the image already has a directory at the destination.
    ///
    /// The destination learns on the way: a directory copied first makes it one.
    pub fn landings(&self, destination: &mut Destination) -> Vec<(&'c Entry, Option<String>)> {
        let mut landings = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let directory = item.entry.kind == Kind::Directory;
            let place = match item.relative() {
                "" if directory => {
                    *destination = destination.clone().known_directory(true);
                    Some(destination.path().to_string())
                }
                "" => {
                    let name = path::base_name(&item.entry.path);
                    match destination.is_directory() {
                        Answer::Yes => Some(path::join(destination.path(), name)),
                        Answer::No => Some(destination.path().to_string()),
                        Answer::Maybe => None,
                    }
                }
                rest => {
                    *destination = destination.clone().known_directory(true);
                    Some(path::join(destination.path(), rest))
                }
            };
            landings.push((item.entry, place));
        }
        landings
    }
}

impl Context {
    /// What `source` selects. With no file list nothing is selected and nothing is decided.
    pub fn select(&self, source: &Source) -> Selection<'_> {
        if source.is_malformed() {
            return Selection::empty(Found::Malformed, true);
        }
        let Some(visible) = self.visible() else {
            return Selection::empty(Found::Unknown, false);
        };
        let complete = self.is_complete() && self.ignoring().is_some() && !source.is_unknown();
        let parts = source.parts();
        let base = source.base();
        let missing = || Selection::empty(missing(complete), complete);
        let at = if base.is_empty() { None } else { self.tree().find(base) };
        if !base.is_empty() && !at.is_some_and(|at| visible[at]) {
            return missing();
        }
        if let Some(required) = parts.required {
            let required = path::join(base, required);
            if !self.exists(&required).is_yes() && !required.is_empty() {
                return missing();
            }
        }
        let mut walk = Walk { context: self, visible, source, items: Vec::new() };
        match parts.glob {
            None => walk.take(at, base.len()),
            Some(glob) => {
                let depth = glob.depth();
                let range = self.tree().below(base).unwrap_or(0..0);
                let mut next = range.start;
                while next < range.end {
                    let path = &self.tree().entry(next).path;
                    let relative = path::below(base, path).unwrap_or(path);
                    let end = self.tree().end(next);
                    if !visible[next] {
                        next = end;
                    } else if glob.matches(relative) {
                        walk.take(Some(next), path.len());
                        next = end;
                    } else if depth.is_some_and(|most| relative.matches('/').count() + 1 >= most) {
                        next = end;
                    } else {
                        next += 1;
                    }
                }
            }
        }
        let items = walk.items;
        let found = match (items.is_empty(), complete) {
            (false, _) => Found::Some,
            (true, true) => Found::Nothing,
            (true, false) => Found::Unknown,
        };
        Selection { found, complete, items }
    }
}

fn missing(complete: bool) -> Found {
    if complete { Found::Missing } else { Found::Unknown }
}

/// Collects what one source takes.
struct Walk<'c, 's> {
    context: &'c Context,
    visible: &'c [bool],
    source: &'s Source,
    items: Vec<Selected<'c>>,
}

impl<'c> Walk<'c, '_> {
    /// Takes the entry at `at` (the root of the tree without one), whose path has `root` bytes,
    /// with what lies below it and passes the include and exclude patterns.
    fn take(&mut self, at: Option<usize>, root: usize) {
        let tree = self.context.tree();
        let parts = self.source.parts();
        let range = match at {
            None => 0..tree.len(),
            Some(at) => {
                if parts.include.is_none() {
                    self.items.push(Selected { entry: tree.entry(at), root });
                }
                at + 1..tree.end(at)
            }
        };
        let mut included = Levels::new(parts.include, true);
        let mut excluded = Levels::new(Some(parts.excludes), false);
        // Directories held back until something below them is included.
        let mut held: Vec<usize> = Vec::new();
        for next in range {
            let entry = tree.entry(next);
            if !self.visible[next] {
                continue;
            }
            let relative = entry.path[root..].trim_start_matches('/');
            let directory = entry.kind == Kind::Directory;
            let takes = included.is_match(relative, directory);
            let takes = !excluded.is_match(relative, directory) && takes;
            held.retain(|&above| path::below(&tree.entry(above).path, &entry.path).is_some());
            if takes {
                let above = held.drain(..);
                self.items.extend(above.map(|above| Selected { entry: tree.entry(above), root }));
                self.items.push(Selected { entry, root });
            } else if directory {
                held.push(next);
            }
        }
    }
}

/// Verdicts of a list on the directories that hold the current path.
struct Levels<'l> {
    list: Option<&'l IgnoreList>,
    without: bool,
    stack: Vec<(String, Verdict)>,
}

impl<'l> Levels<'l> {
    /// `without` is what no list at all says.
    fn new(list: Option<&'l IgnoreList>, without: bool) -> Levels<'l> {
        let list = list.filter(|list| without || !list.is_empty());
        Levels { list, without, stack: Vec::new() }
    }

    fn is_match(&mut self, path: &str, directory: bool) -> bool {
        let Some(list) = self.list else { return self.without };
        while self.stack.last().is_some_and(|(above, _)| path::below(above, path).is_none()) {
            self.stack.pop();
        }
        let root = Verdict::default();
        let parent = self.stack.last().map_or(&root, |(_, verdict)| verdict);
        let verdict = list.verdict(path, parent);
        let matched = verdict.is_match();
        if directory {
            self.stack.push((path.to_string(), verdict));
        }
        matched
    }
}

/// For each entry whether BuildKit sends it: not ignored, or a directory that holds such an entry.
pub(super) fn visible(tree: &super::tree::Tree, ignoring: &IgnoreList) -> Vec<bool> {
    let mut visible = vec![true; tree.len()];
    if ignoring.is_empty() {
        return visible;
    }
    let mut levels = Levels::new(Some(ignoring), false);
    let mut hidden: Vec<usize> = Vec::new();
    let mut next = 0;
    while next < tree.len() {
        let entry = tree.entry(next);
        hidden.retain(|&above| next < tree.end(above));
        let directory = entry.kind == Kind::Directory;
        if !levels.is_match(&entry.path, directory) {
            for above in hidden.drain(..) {
                visible[above] = true;
            }
            next += 1;
            continue;
        }
        visible[next] = false;
        if directory && !ignoring.has_exceptions() {
            visible[next..tree.end(next)].fill(false);
            next = tree.end(next);
            continue;
        }
        if directory {
            hidden.push(next);
        }
        next += 1;
    }
    visible
}
