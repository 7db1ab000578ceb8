//! What a source selects from a known tree, in BuildKit's order, and where each path lands.
//!
//! Content is not looked at: whether ADD unpacks a file is guessed from its name by
//! [`Source::landing`] only.

use super::destination::{Answer, Destination};
use super::ignore::{IgnoreList, Verdict};
use super::source::{Origins, Source};
use super::tree::{Entry, EntryKind, Resolved, Tree};
use super::{Context, path};

/// Whether a source finds anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// At least one path.
    Some,
    /// Nothing, and the build goes on: a wildcard without a match, an empty tree.
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
    /// source without unknown parts, and every link followed.
    pub complete: bool,
    /// What is selected, in the order in which BuildKit copies it, directories included.
    pub items: Vec<Selected<'c>>,
    roots: Vec<String>,
}

/// One selected path.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'c> {
    /// The entry in the tree; for a link that the source itself names, what it points to.
    pub entry: &'c Entry,
    /// The path below its [`Selection::root`]; empty for the root itself.
    pub relative: &'c str,
    root: u32,
}

impl<'c> Selection<'c> {
    fn empty(found: Found, complete: bool) -> Selection<'c> {
        Selection { found, complete, items: Vec::new(), roots: Vec::new() }
    }

    /// The path that the source itself names or matches, at or above an item: what a file is
    /// called at the destination, and what is left out where a directory lands.
    pub fn root(&self, item: &Selected<'c>) -> &str {
        &self.roots[item.root as usize]
    }

    /// The selected paths that are no directories.
    pub fn files(&self) -> impl Iterator<Item = &'c Entry> {
        let items = self.items.iter().map(|item| item.entry);
        items.filter(|entry| entry.kind != EntryKind::Directory)
    }

    /// Where each selected path lands, in order; the last of two on one place stays. `None`
    /// where that hangs on whether the image already has a directory at the destination, or on
    /// an unknown part of it.
    ///
    /// The destination learns on the way: a directory copied first makes it one.
    pub fn landings(&self, destination: &mut Destination) -> Vec<(&'c Entry, Option<String>)> {
        let mut landings = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let directory = item.entry.kind == EntryKind::Directory;
            let place = if destination.is_unknown() {
                None
            } else if !item.relative.is_empty() || directory {
                destination.learn_directory();
                Some(path::join(destination.path(), item.relative))
            } else {
                match destination.is_directory() {
                    Answer::Yes => {
                        let name = path::base_name(self.root(item));
                        Some(path::join(destination.path(), name))
                    }
                    Answer::No => Some(destination.path().to_string()),
                    Answer::Maybe => None,
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
        let mut walk = Walk {
            tree: self.tree(),
            visible,
            source,
            selection: Selection::empty(Found::Nothing, complete),
        };
        let reached = walk.start_at(source.base());
        let mut selection = walk.selection;
        if reached && let Some(required) = source.parts().required {
            let required = self.exists(&path::join(source.base(), required));
            if !required.is_yes() {
                let found = if required.is_no() { Found::Missing } else { Found::Unknown };
                return Selection::empty(found, selection.complete);
            }
        }
        selection.found = match (selection.items.is_empty(), selection.complete) {
            (_, true) if !reached => return Selection::empty(Found::Missing, true),
            (false, _) => Found::Some,
            (true, true) => Found::Nothing,
            (true, false) => Found::Unknown,
        };
        selection
    }

    /// The paths that `source` puts at `landed`, an absolute path of the image: as
    /// [`Source::origins`], without what is known not to exist, and with wildcards looked up.
    pub fn origins(&self, source: &Source, landed: &str, destination: &Destination) -> Origins {
        let mut origins = source.origins(landed, destination);
        if origins.open && self.is_known() {
            let selection = self.select(source);
            let landings = selection.landings(&mut destination.clone());
            origins.open = !selection.complete || landings.iter().any(|(_, at)| at.is_none());
            let there = landings.into_iter().filter(|(_, at)| at.as_deref() == Some(landed));
            origins.paths = there.map(|(entry, _)| entry.path.clone()).collect();
        } else {
            let answers = origins.paths.iter().map(|path| self.exists(path));
            let certain = answers.clone().any(Answer::is_yes);
            let keep: Vec<bool> = answers
                .map(|answer| answer.is_yes() || (answer == Answer::Maybe && !certain))
                .collect();
            let mut keep = keep.into_iter();
            origins.paths.retain(|_| keep.next().unwrap_or(true));
        }
        origins
    }
}

/// Collects what one source takes.
struct Walk<'c, 's> {
    tree: &'c Tree,
    visible: &'c [bool],
    source: &'s Source,
    selection: Selection<'c>,
}

impl<'c> Walk<'c, '_> {
    /// Selects from the directory before the wildcard, or from the literal source itself. Says
    /// whether all that it needs exists.
    fn start_at(&mut self, base: &str) -> bool {
        let Some(at) = self.follow(base) else { return false };
        let Some(glob) = self.source.parts().glob else {
            self.take(at, base.to_string());
            return true;
        };
        let resolved = at.map_or("", |at| &self.tree.entry(at).path);
        let depth = glob.depth();
        let range = at.map_or(0..self.tree.len(), |at| at + 1..self.tree.end(at));
        let mut next = range.start;
        let mut reached = true;
        while next < range.end {
            let entry = self.tree.entry(next);
            let relative = path::below(resolved, &entry.path).unwrap_or_default();
            let end = self.tree.end(next);
            if !self.visible[next] {
                next = end;
            } else if glob.matches(relative) {
                // A link that the wildcard meets is followed; one that leads nowhere fails the
                // build as a missing file does.
                match self.follow(&entry.path) {
                    Some(at) => self.take(at, entry.path.clone()),
                    None => reached = false,
                }
                next = end;
            } else if depth.is_some_and(|most| relative.matches('/').count() + 1 >= most) {
                next = end;
            } else {
                next += 1;
            }
        }
        reached
    }

    /// The entry that a path leads to through links, `Some(None)` for the root.
    fn follow(&mut self, path: &str) -> Option<Option<usize>> {
        match self.tree.resolve(path) {
            Resolved::Root => Some(None),
            Resolved::At(at) if self.visible[at] => Some(Some(at)),
            Resolved::At(_) | Resolved::Nowhere => None,
            Resolved::Unknown => {
                self.selection.complete = false;
                None
            }
        }
    }

    /// Takes the entry at `at`, or all of the tree, called `root` by the source, and what lies
    /// below it and passes the include and exclude patterns.
    fn take(&mut self, at: Option<usize>, root: String) {
        let parts = self.source.parts();
        let number = self.selection.roots.len() as u32;
        self.selection.roots.push(root);
        let resolved = at.map_or("", |at| &self.tree.entry(at).path);
        let select = |entry: &'c Entry| {
            let relative = path::below(resolved, &entry.path).unwrap_or_default();
            Selected { entry, relative, root: number }
        };
        if let Some(at) = at
            && parts.include.is_none()
        {
            self.selection.items.push(select(self.tree.entry(at)));
        }
        let mut included = parts.include.map(Levels::new);
        let mut excluded = (!parts.excludes.is_empty()).then(|| Levels::new(parts.excludes));
        // Directories held back until something below them is included.
        let mut held: Vec<usize> = Vec::new();
        let range = at.map_or(0..self.tree.len(), |at| at + 1..self.tree.end(at));
        for next in range {
            if !self.visible[next] {
                continue;
            }
            let item = select(self.tree.entry(next));
            let judge = |levels: &mut Option<Levels>, without: bool| {
                let levels = levels.as_mut();
                levels.map_or(without, |levels| levels.is_match(self.tree, next, item.relative))
            };
            let takes = judge(&mut included, true);
            let takes = !judge(&mut excluded, false) && takes;
            while held.last().is_some_and(|&above| self.tree.end(above) <= next) {
                held.pop();
            }
            if takes {
                let above = held.drain(..).map(|above| select(self.tree.entry(above)));
                self.selection.items.extend(above);
                self.selection.items.push(item);
            } else if item.entry.kind == EntryKind::Directory {
                held.push(next);
            }
        }
    }
}

/// Verdicts of a list on the directories that hold the current path of a walk.
struct Levels<'l> {
    list: &'l IgnoreList,
    /// The index behind each directory's content, and the verdict.
    stack: Vec<(usize, Verdict)>,
    root: Verdict,
}

impl<'l> Levels<'l> {
    fn new(list: &'l IgnoreList) -> Levels<'l> {
        Levels { list, stack: Vec::new(), root: Verdict::default() }
    }

    /// Whether the list matches the entry at `at`, called `path`. Entries come in walk order.
    fn is_match(&mut self, tree: &Tree, at: usize, path: &str) -> bool {
        while self.stack.last().is_some_and(|&(end, _)| end <= at) {
            self.stack.pop();
        }
        let parent = self.stack.last().map_or(&self.root, |(_, verdict)| verdict);
        if tree.entry(at).kind != EntryKind::Directory {
            return self.list.matches_in(path, parent);
        }
        let verdict = self.list.verdict(path, parent);
        let matched = verdict.is_match();
        self.stack.push((tree.end(at), verdict));
        matched
    }
}

/// For each entry whether BuildKit sends it: not ignored, or a directory that holds such an entry.
pub(super) fn visible(tree: &Tree, ignoring: &IgnoreList) -> Vec<bool> {
    let mut visible = vec![true; tree.len()];
    if ignoring.is_empty() {
        return visible;
    }
    let mut levels = Levels::new(ignoring);
    // Ignored directories that hold the current path.
    let mut hidden: Vec<usize> = Vec::new();
    let mut next = 0;
    while next < tree.len() {
        while hidden.last().is_some_and(|&above| tree.end(above) <= next) {
            hidden.pop();
        }
        let directory = tree.entry(next).kind == EntryKind::Directory;
        if !levels.is_match(tree, next, &tree.entry(next).path) {
            for above in hidden.drain(..) {
                visible[above] = true;
            }
        } else if directory && !ignoring.has_exceptions() {
            visible[next..tree.end(next)].fill(false);
            next = tree.end(next);
            continue;
        } else {
            visible[next] = false;
            if directory {
                hidden.push(next);
            }
        }
        next += 1;
    }
    visible
}
