//! The build of one commit made from that of the commit before: what is given, and the context.
//!
//! Two contexts are kept, of this build and of the one before, since sentences name what was
//! there. What changes is put into both, one build later into the older of them. Where a change
//! says more than which files lie where (an empty directory, a file in place of a directory), the
//! context is read again as a whole.

use super::super::build::{Build, ContextFile};
use super::super::contents::Contents;
use super::history::Commit;
use crate::bytes::Bytes;
use crate::context::{Entry, EntryKind, clean, walk_order};
use crate::limits;
use crate::report::Builder;
use crate::sort::sort_by;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a commit changed of what a build is given.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// Paths whose entries may be others.
    pub touched: Vec<String>,
    /// Whether the ignore file may be another.
    pub reads_again: bool,
    /// Whether the Dockerfile is another.
    pub rewritten: bool,
    /// Whether a build argument is another.
    pub passed: bool,
}

/// The same build with paths as the context has them, so that a change finds them: of those that
/// are one path, the first counts. One that says nothing of its context has an empty one.
pub(super) fn with_plain_paths(build: &Build) -> Build {
    let mut plain = BTreeMap::new();
    let mut add = |path: &str, file: ContextFile| {
        if let Some(path) = plain_path(path) {
            plain.entry(path).or_insert(file);
        }
    };
    match (&build.context, &build.files) {
        (Some(context), _) => context.iter().for_each(|(path, file)| add(path, file.clone())),
        (None, Some(files)) => files.iter().for_each(|(path, text)| {
            let kind = Entry::at(path).kind;
            add(path, ContextFile { kind, text: text.clone(), ..ContextFile::default() });
        }),
        (None, None) => {}
    }
    Build { context: Some(plain), files: None, ..build.clone() }
}

/// A path as the context has it; none for the root and what leads out of it.
fn plain_path(path: &str) -> Option<String> {
    let cleaned = clean(path.trim_start_matches('/'));
    let inside = cleaned != "." && cleaned != ".." && !cleaned.starts_with("../");
    inside.then_some(cleaned)
}

/// Makes of `build` what it is after `commit`.
pub(super) fn apply(build: &mut Build, commit: &Commit, dockerfile: Option<String>) -> Change {
    let mut change = Change::default();
    if let Some(text) = dockerfile.filter(|text| *text != build.dockerfile) {
        build.dockerfile = text;
        change.rewritten = true;
        change.touched.push("Dockerfile".into());
    }
    if let Some(text) = &commit.dockerignore
        && build.dockerignore.as_ref() != Some(text)
    {
        build.dockerignore = Some(text.clone());
        change.reads_again = true;
        change.touched.push(".dockerignore".into());
    }
    if let Some(values) = &commit.build_args
        && build.build_args != *values
    {
        build.build_args = values.clone();
        change.passed = true;
    }
    let context = build.context.get_or_insert_default();
    for (path, file) in &commit.changes {
        let Some(path) = plain_path(path) else { continue };
        match file {
            Some(file) => drop(context.insert(path.clone(), file.clone())),
            None => drop(context.remove(&path)),
        }
        change.reads_again |= matches!(&*path, ".dockerignore" | "Dockerfile.dockerignore");
        change.touched.push(path);
    }
    change
}

/// The contexts of a build and of the one before.
pub(super) struct Files {
    pub now: Contents,
    pub before: Contents,
    /// What was put into `now` and not yet into `before`.
    ahead: Vec<Put>,
    /// The same as `now`, where that was read again.
    again: Option<Contents>,
}

/// A path and what stands there then.
type Put = (String, Option<Arc<Entry>>);

impl Files {
    pub fn new(build: &Build, builder: Builder) -> Files {
        let [now, before] = [read(build, builder), read(build, builder)];
        Files { now, before, ahead: Vec::new(), again: None }
    }

    /// Makes of the contexts those of `build` and of the one before it. Gives the paths whose
    /// entries are others, with all directories above them, in walk order; none where the context
    /// was read again.
    pub fn follow(
        &mut self,
        build: &Build,
        touched: &[String],
        reads_again: bool,
        builder: Builder,
    ) -> Option<Vec<String>> {
        std::mem::swap(&mut self.now, &mut self.before);
        for (path, entry) in std::mem::take(&mut self.ahead) {
            self.now.put(&path, entry);
        }
        if let Some(again) = self.again.take() {
            self.now = again;
        }
        let context = self.now.context();
        let differs = |path: &&String| context.entry(path) != build.entry(path).as_ref();
        let differing: Vec<&String> = touched.iter().filter(differs).collect();
        let mut ahead = Vec::new();
        if !reads_again && self.put_all(build, &differing, &mut ahead) {
            self.ahead = ahead;
            return Some(with_directories(differing));
        }
        if !differing.is_empty() || reads_again {
            self.now = read(build, builder);
            self.again = Some(read(build, builder));
        }
        None
    }

    /// Puts what `build` has at `paths` there; whether that is all that changes.
    fn put_all(&mut self, build: &Build, paths: &[&String], ahead: &mut Vec<Put>) -> bool {
        let mut put = |contents: &mut Contents, path: &str, entry: Option<Arc<Entry>>| {
            contents.put(path, entry.clone());
            ahead.push((path.to_owned(), entry));
        };
        // What goes makes room for what comes: a directory in place of a file.
        for path in paths.iter().filter(|path| build.entry(path).is_none()) {
            if self
                .now
                .context()
                .entry(path)
                .is_some_and(|entry| entry.kind == EntryKind::Directory)
            {
                return false;
            }
            put(&mut self.now, path, None);
            let mut below = path.as_str();
            while let Some((above, _)) = below.last_halves(b'/') {
                let given = build.context.as_ref().and_then(|context| context.get(above));
                if self.now.context().holds_something(above) {
                    break;
                }
                if given.is_some() {
                    return false;
                }
                put(&mut self.now, above, None);
                below = above;
            }
        }
        for path in paths {
            let Some(entry) = build.entry(path) else { continue };
            let slashes = path.matches('/').count();
            let is_long = path.len() > limits::PATH_BYTES || slashes > limits::PATH_DEPTH;
            let missing = self
                .now
                .context()
                .directories_to_make(path)
                .map(|missing| missing.into_iter().map(str::to_owned).collect::<Vec<String>>());
            let Some(missing) = missing.filter(|_| !is_long && entry.kind != EntryKind::Directory)
            else {
                return false;
            };
            for directory in missing {
                let entry = Arc::new(Entry::directory(directory.clone()));
                put(&mut self.now, &directory, Some(entry));
            }
            put(&mut self.now, path, Some(Arc::new(entry)));
        }
        true
    }
}

fn read(build: &Build, builder: Builder) -> Contents {
    Contents::new(build.read_context(builder), builder)
}

/// The paths and all directories above them, each once, in walk order.
fn with_directories(paths: Vec<&String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for path in paths {
        let mut path = path.as_str();
        all.push(path.to_owned());
        while let Some((above, _)) = path.last_halves(b'/') {
            all.push(above.to_owned());
            path = above;
        }
    }
    sort_by(&mut all, |one, other| walk_order(one, other));
    all.dedup();
    all
}
