//! What is known of the build context: nothing, a list of paths, or paths with text and more;
//! and `.dockerignore`.
//!
//! [`Source`] and [`Destination`] reason by name alone and need no file list; [`Context`] answers
//! from one. Nothing here reads a disk, and which COPY uses what is the graph's business.

mod change;
mod destination;
mod exclude;
mod frequency;
mod glob;
mod ignore;
mod marks;
mod path;
mod select;
mod source;
mod tree;

use crate::limits;
use crate::report::Options;
use crate::sort::sort;
use std::cell::RefCell;
use std::sync::OnceLock;

pub use destination::{Answer, Destination, Landing};
pub use frequency::share_of_any;
pub use glob::{BadPattern, Glob, UNKNOWN, has_wildcard};
pub use ignore::{IgnoreList, Verdict};
pub use path::{base_name, below, clean, from_windows, join, parent, walk_order, within};
pub use select::{Found, Selected, Selection};
pub use source::{Origins, Source, SourceFlags};
pub use tree::{Entry, EntryKind};

use frequency::Frequencies;
use tree::{Resolved, Tree};

/// What the caller knows, before it is sorted.
#[derive(Clone, Debug)]
pub struct ContextInput {
    /// The files, in any order; directories are implied. `None` where there is no list.
    pub files: Option<Vec<Entry>>,
    /// Whether the list holds every file, so that absence proves something.
    pub complete: bool,
    /// The ignore file in force, when the caller picked it. Otherwise it is taken from the list.
    pub dockerignore: Option<String>,
    /// The Dockerfile's path in the context, whose own `.dockerignore` goes first.
    pub dockerfile: String,
    /// Files that the build cannot do without, in the list or not.
    pub named: Vec<String>,
    /// In what share of the commits each changed, where that is known.
    pub history: Option<Vec<(String, f64)>>,
}

impl Default for ContextInput {
    fn default() -> ContextInput {
        ContextInput {
            files: None,
            complete: true,
            dockerignore: None,
            dockerfile: "Dockerfile".to_string(),
            named: Vec::new(),
            history: None,
        }
    }
}

impl ContextInput {
    /// Paths with the text of some of them, as a caller's `files` gives them.
    pub fn listed<S: AsRef<str>>(
        files: impl IntoIterator<Item = (S, Option<String>)>,
    ) -> ContextInput {
        let entries =
            files.into_iter().map(|(path, text)| Entry { text, ..Entry::at(path.as_ref()) });
        ContextInput { files: Some(entries.collect()), ..ContextInput::default() }
    }
}

/// What is known of the build context.
#[derive(Clone, Debug, Default)]
pub struct Context {
    tree: Option<Tree>,
    complete: bool,
    ignoring: Option<IgnoreList>,
    /// The text of `.dockerignore`, where it is known; empty where there is none.
    ignore_text: Option<String>,
    /// Directories that it was changed to exclude.
    to_ignore: Vec<String>,
    /// Files that are there though no list says so.
    named: Vec<String>,
    /// How often its files change.
    frequencies: Option<Frequencies>,
    /// For each entry whether it is sent; made when first asked for.
    visible: OnceLock<Vec<bool>>,
    /// Files whose text was asked for and is not known.
    wanted: RefCell<Vec<String>>,
}

impl Context {
    /// A context of which nothing is known.
    pub fn unknown() -> Context {
        Context::default()
    }

    /// What the options say of it; `named` are manifests that the Dockerfile itself names.
    pub fn of(options: &Options, named: Vec<String>) -> Context {
        let input = match &options.files {
            None => ContextInput::default(),
            Some(files) => {
                ContextInput::listed(files.iter().map(|(path, text)| (path, text.clone())))
            }
        };
        Context::new(ContextInput {
            complete: options.files_complete,
            dockerignore: options.dockerignore.clone(),
            named,
            history: options.history.clone(),
            ..input
        })
    }

    /// Sorts what is known and finds the ignore file.
    ///
    /// `<Dockerfile>.dockerignore` goes before `.dockerignore`; only one is read. Neither in a
    /// complete list means that nothing is ignored.
    ///
    /// <https://github.com/moby/buildkit/blob/master/frontend/dockerui/config.go>
    pub fn new(input: ContextInput) -> Context {
        let mut named = input.named;
        let tree = input.files.map(|mut files| {
            // The list goes first: it may know more of them.
            files.extend(named.drain(..).map(|path| Entry::at(&path)));
            Tree::new(files)
        });
        let complete = input.complete && tree.as_ref().is_some_and(|tree| !tree.is_cut());
        let listed = || listed_ignore(tree.as_ref()?, &input.dockerfile, complete);
        let ignore_text = input.dockerignore.or_else(listed);
        let ignoring = ignore_text.as_deref().map(IgnoreList::read);
        let frequencies = input.history.as_deref().map(Frequencies::of);
        Context { tree, complete, ignoring, ignore_text, named, frequencies, ..Context::default() }
    }

    /// Whether there is a file list.
    pub fn is_known(&self) -> bool {
        self.tree.is_some()
    }

    /// Whether absence from the list proves that a file does not exist.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The patterns of `.dockerignore`; `None` where it is not known, empty where there is none.
    pub fn ignoring(&self) -> Option<&IgnoreList> {
        self.ignoring.as_ref()
    }

    /// Every entry of the list in walk order, ignored ones included.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        (0..self.tree().len()).map(|at| self.tree().entry(at))
    }

    /// Those entries that lie in a directory, or further down in it.
    pub fn entries_below(&self, directory: &str) -> impl Iterator<Item = &Entry> {
        let tree = self.tree();
        let found = match (directory, tree.find(directory)) {
            ("", _) => 0..tree.len(),
            (_, Some(at)) => at + 1..tree.end(at),
            (_, None) => 0..0,
        };
        found.map(|at| tree.entry(at))
    }

    /// Files that are there though there is no list.
    pub fn named(&self) -> &[String] {
        &self.named
    }

    /// What is known of a path, ignored or not.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let tree = self.tree.as_ref()?;
        tree.find(&within(path)).map(|at| tree.entry(at))
    }

    /// The text of a file that is in the list, not certainly ignored, and given with its text.
    /// Links are followed. What was read as UTF-8 and is UTF-16, as PowerShell's `>` writes it, tells
    /// nothing: pip goes by its byte order mark.
    pub fn text(&self, path: &str) -> Option<&str> {
        if self.exists(path).is_no() {
            return None;
        }
        let tree = self.tree.as_ref()?;
        let Resolved::At(at) = tree.resolve(&within(path)) else { return None };
        let entry = tree.entry(at);
        if entry.text.is_none() && entry.kind == EntryKind::File {
            let mut wanted = self.wanted.borrow_mut();
            if wanted.len() < limits::TEXTS_WANTED && !wanted.contains(&entry.path) {
                wanted.push(entry.path.clone());
            }
        }
        entry.text.as_deref().filter(|text| !text.bytes().take(limits::HEAD).any(|byte| byte == 0))
    }

    /// The files whose text was asked for and is not known, sorted.
    pub fn wanted(&self) -> Vec<String> {
        let mut wanted = self.wanted.borrow().clone();
        sort(&mut wanted);
        wanted
    }

    /// Whether the build sees a file or directory at `path`.
    pub fn exists(&self, path: &str) -> Answer {
        let path = within(path);
        let Some(tree) = &self.tree else {
            return match self.is_ignored(&path).is_yes() {
                true => self.excepted(),
                false if self.named.iter().any(|named| *named == path) => Answer::Yes,
                false => Answer::Maybe,
            };
        };
        if path.is_empty() {
            return Answer::Yes;
        }
        // A link that is there exists, wherever it leads.
        let found = tree.find(&path);
        let resolved = found.map_or_else(|| tree.resolve(&path), Resolved::At);
        match resolved {
            Resolved::Root => Answer::Yes,
            Resolved::At(_) if self.ignoring.is_none() => Answer::Maybe,
            // Spares looking at every other path, where nobody has done so yet.
            Resolved::At(_)
                if found.is_some()
                    && self.visible.get().is_none()
                    && self.is_ignored(&path).is_no() =>
            {
                Answer::Yes
            }
            Resolved::At(at) => {
                Answer::from_bool(self.visible().is_some_and(|visible| visible[at]))
            }
            Resolved::Nowhere if self.complete => Answer::No,
            _ if self.is_ignored(&path).is_yes() => self.excepted(),
            _ => Answer::Maybe,
        }
    }

    /// Whether `.dockerignore` matches `path`, existing or not. A directory that it matches can
    /// still hold paths that it does not.
    pub fn is_ignored(&self, path: &str) -> Answer {
        match &self.ignoring {
            None => Answer::Maybe,
            Some(list) => Answer::from_bool(list.matches(&within(path))),
        }
    }

    /// Whether `source` copies the file `path` here: it covers it, and the build sees it.
    pub fn copies(&self, source: &Source, path: &str) -> Answer {
        source.covers(path).and(self.exists(path))
    }

    /// What an ignored path is that is in no list: gone, unless it is a directory that holds an
    /// exception.
    fn excepted(&self) -> Answer {
        let exceptions = self.ignoring.as_ref().is_some_and(IgnoreList::has_exceptions);
        if exceptions { Answer::Maybe } else { Answer::No }
    }

    fn tree(&self) -> &Tree {
        static EMPTY: OnceLock<Tree> = OnceLock::new();
        self.tree.as_ref().unwrap_or_else(|| EMPTY.get_or_init(Tree::default))
    }

    /// For each entry whether it is sent, an unknown `.dockerignore` taken for none.
    fn visible(&self) -> Option<&[bool]> {
        let tree = self.tree.as_ref()?;
        let visible = self.visible.get_or_init(|| match &self.ignoring {
            Some(list) => select::visible(tree, list),
            None => vec![true; tree.len()],
        });
        Some(visible)
    }
}

/// The text of the ignore file of a list, empty where there is none; `None` where it is there without text or may be missing from it.
fn listed_ignore(tree: &Tree, dockerfile: &str, complete: bool) -> Option<String> {
    let own = format!("{dockerfile}.dockerignore");
    let own = within(&own);
    let found = tree.find(&own).or_else(|| tree.find(".dockerignore"));
    match found {
        Some(at) => tree.entry(at).text.clone(),
        None => complete.then(String::new),
    }
}

#[cfg(test)]
mod tests;
