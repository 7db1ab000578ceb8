//! What steps read of the context, as numbers: equal for what a builder takes for the same.
//!
//! Selection, links and `.dockerignore` are the context room's; here is only what of each
//! path counts. A directory's own mode does not on BuildKit: a daemon that has seen the
//! context before often does not notice it.
//!
//! The number of a directory is made of the sum of what is in it, so that one file that changes
//! is followed up to the root without a look at the others (`change`).

mod change;

use crate::context::{
    Context, Entry, EntryKind, Selection, Source, SourceFlags, base_name, within,
};
use crate::digest::{Digest, Numbers};
use crate::report::Builder;
use std::cell::{OnceCell, RefCell};

/// Something that a step reads of the context.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// The source as the builder reads it.
    pub source: String,
    /// `--parents`.
    pub parents: bool,
    /// `--exclude`.
    pub excludes: Vec<String>,
    /// The mode that everything gets before it counts: buildah's `--chmod`.
    pub chmod: Option<u32>,
}

/// The context of one build.
pub(super) struct Contents {
    context: Context,
    builder: Builder,
    /// What queries select, by the numbers of the queries.
    numbers: RefCell<Numbers>,
    /// For the number of each directory's path the sum of what is in it.
    trees: OnceCell<Numbers>,
}

impl Query {
    /// All of `source`.
    pub fn of(source: &str) -> Query {
        Query { source: source.to_owned(), parents: false, excludes: Vec::new(), chmod: None }
    }

    /// The files below what it selects that have a name, as `find` takes it.
    pub fn below(&self, name: &str) -> Query {
        let name = name.strip_prefix("*/").and_then(|name| name.strip_suffix("/*")).unwrap_or(name);
        Query { source: format!("{}/./**/{name}", self.source), parents: true, ..self.clone() }
    }

    /// The number of the query itself.
    pub fn digest(&self) -> u64 {
        let digest = Digest::of("query").text(&within(&self.source)).texts(&self.excludes);
        digest.flag(self.parents).number(self.chmod.map_or(u64::MAX, u64::from)).end()
    }

    /// As the context reads it.
    pub fn source(&self) -> Source {
        let flags =
            SourceFlags { parents: self.parents, excludes: self.excludes.clone(), unpack: false };
        Source::new(&self.source, &flags)
    }
}

impl Contents {
    pub fn new(context: Context, builder: Builder) -> Contents {
        Contents { context, builder, numbers: RefCell::default(), trees: OnceCell::new() }
    }

    /// The number of what `query` selects; of the query itself where the context is not known.
    pub fn number(&self, query: &Query) -> u64 {
        let key = query.digest();
        if !self.context.is_known() {
            return key;
        }
        let known = self.numbers.borrow().get(key);
        known.unwrap_or_else(|| {
            let number = self.count(query);
            self.numbers.borrow_mut().set(key, number);
            number
        })
    }

    /// The builder whose reading it is.
    pub fn builder(&self) -> Builder {
        self.builder
    }

    /// The context itself.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// What `query` selects.
    pub fn select(&self, query: &Query) -> Selection<'_> {
        self.context.select(&query.source())
    }

    /// The path's entry, whether the build sees it or not.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.context.entry(path)
    }

    fn count(&self, query: &Query) -> u64 {
        let source = query.source();
        let whole = source.literal().is_some() || source.is_everything();
        let filtered = query.parents || !query.excludes.is_empty();
        if whole && !filtered && self.builder == Builder::Buildkit {
            return self.whole(query, &source);
        }
        let selection = self.context.select(&source);
        let mut digest = Digest::of("selected").number(selection.found as u64);
        for item in &selection.items {
            let name = match self.builder {
                // Every path of the archive that the client sends has its full name.
                Builder::Classic => item.entry.path.as_str(),
                Builder::Buildah if whole => item.relative,
                _ if item.relative.is_empty() => base_name(selection.root(item)),
                _ => base_name(item.relative),
            };
            digest = digest.text(name).number(self.entry_number(item.entry, query.chmod));
        }
        digest.end()
    }

    /// The number of a source without wildcards, of which nothing is left out.
    fn whole(&self, query: &Query, source: &Source) -> u64 {
        let path = within(&query.source);
        let entry = self.context.entry(&path);
        if path.is_empty() || entry.is_some_and(|entry| entry.kind == EntryKind::Directory) {
            if let Some(number) = self.tree(&path) {
                return number;
            }
        } else if let Some(entry) = entry.filter(|entry| entry.kind == EntryKind::File)
            && self.context.exists(&path).is_yes()
        {
            return self.entry_number(entry, None);
        }
        // A link, or a path through one, stands for where it leads.
        let selection = self.context.select(source);
        let number = match selection.items.first() {
            Some(item) if !item.relative.is_empty() => self.tree(""),
            Some(item) if item.entry.kind == EntryKind::Directory => self.tree(&item.entry.path),
            Some(item) => Some(self.entry_number(item.entry, None)),
            None => None,
        };
        number.unwrap_or_else(|| Digest::of("none").number(selection.found as u64).end())
    }

    /// The number of a directory that the build sees, with all below it.
    fn tree(&self, path: &str) -> Option<u64> {
        let trees = self.trees.get_or_init(|| self.plant());
        trees.get(Digest::of(path).end()).map(directory)
    }

    fn plant(&self) -> Numbers {
        let all = self.context.select(&Query::of(".").source());
        let mut trees = Numbers::default();
        // Directories that hold the current path, each with the sum of what was met in it.
        let mut open: Vec<(&str, u64)> = vec![("", 0)];
        let close = |open: &mut Vec<(&str, u64)>, trees: &mut Numbers| {
            let Some((path, sum)) = open.pop() else { return };
            trees.set(Digest::of(path).end(), sum);
            if let Some((_, above)) = open.last_mut() {
                *above = above.wrapping_add(child(base_name(path), directory(sum)));
            }
        };
        for item in &all.items {
            let path = item.relative;
            while open.len() > 1 && open.last().is_some_and(|(above, _)| !is_below(above, path)) {
                close(&mut open, &mut trees);
            }
            if item.entry.kind == EntryKind::Directory {
                open.push((path, 0));
            } else if let Some((_, above)) = open.last_mut() {
                let number = self.entry_number(item.entry, None);
                *above = above.wrapping_add(child(base_name(path), number));
            }
        }
        while !open.is_empty() {
            close(&mut open, &mut trees);
        }
        trees
    }

    /// What of one path counts, its name excepted.
    fn entry_number(&self, entry: &Entry, chmod: Option<u32>) -> u64 {
        let mode = chmod.or(entry.mode).map_or(u64::MAX, u64::from);
        match entry.kind {
            EntryKind::Directory if self.builder == Builder::Buildkit => Digest::of("directory"),
            EntryKind::Directory => Digest::of("directory").number(mode),
            EntryKind::Symlink => Digest::of("link").option(entry.target.as_deref()),
            EntryKind::File => Digest::of("file")
                .number(mode)
                .option(entry.text.as_deref())
                .option(entry.sha256.as_deref()),
        }
        .end()
    }
}

/// The number of a directory with this sum.
fn directory(sum: u64) -> u64 {
    Digest::of("directory").number(sum).end()
}

/// What something adds to the sum of the directory that it lies in. The numbers are stirred, so
/// that sums differ where one of them does.
fn child(name: &str, number: u64) -> u64 {
    Digest::of("child").text(name).number(number).end()
}

fn is_below(directory: &str, path: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::super::build::{Build, ContextFile};
    use super::*;

    fn contents(files: &[(&str, ContextFile)], builder: Builder) -> Contents {
        let files = files.iter().map(|(path, file)| (path.to_string(), file.clone()));
        let build = Build { context: Some(files.collect()), ..Build::default() };
        Contents::new(build.read_context(builder), builder)
    }

    fn file(text: &str) -> ContextFile {
        ContextFile::text(text)
    }

    fn link(target: &str) -> ContextFile {
        ContextFile {
            kind: EntryKind::Symlink,
            target: Some(target.into()),
            ..ContextFile::default()
        }
    }

    fn directory(mode: u32) -> ContextFile {
        ContextFile { kind: EntryKind::Directory, mode: Some(mode), ..ContextFile::default() }
    }

    fn same(a: &[(&str, ContextFile)], b: &[(&str, ContextFile)], source: &str) -> bool {
        let number = |files| contents(files, Builder::Buildkit).number(&Query::of(source));
        number(a) == number(b)
    }

    #[test]
    fn content_mode_name_and_kind_count() {
        let before = [("d/a", file("1")), ("d/b", file("2"))];
        assert!(same(&before, &before, "d"));
        assert!(same(&before, &[("d/a", file("1")), ("d/b", file("2")), ("c", file("3"))], "d/"));
        assert!(!same(&before, &[("d/a", file("0")), ("d/b", file("2"))], "d"));
        assert!(!same(&before, &[("d/a", file("1"))], "d"));
        assert!(!same(&before, &[("d/a", file("1")), ("d/c", file("2"))], "d"));
        assert!(!same(&before, &[("d/a", link("b")), ("d/b", file("2"))], "d"));
        let executable = ContextFile { mode: Some(0o755), ..file("1") };
        assert!(!same(&before, &[("d/a", executable), ("d/b", file("2"))], "d/*"));
        let deeper = [("d/x/a", file("1")), ("d/b", file("2"))];
        assert!(!same(&before, &deeper, "."));
    }

    #[test]
    fn a_directory_counts_without_its_mode() {
        let before = [("d", directory(0o755)), ("d/a", file("1"))];
        let after = [("d", directory(0o700)), ("d/a", file("1"))];
        assert!(same(&before, &after, "."));
        let number = |files: &[(&str, ContextFile)]| {
            contents(files, Builder::Classic).number(&Query::of("."))
        };
        assert_ne!(number(&before), number(&after));
        let more = [("d", directory(0o755)), ("d/a", file("1")), ("d/e", directory(0o755))];
        assert!(!same(&before, &more, "d"));
    }

    #[test]
    fn a_source_that_is_a_link_stands_for_its_target() {
        let before = [("a", file("1"))];
        let after = [("a", link("b")), ("b", file("1"))];
        assert!(same(&before, &after, "a"));
        assert!(!same(&before, &after, "."));
        let before = [("d/x", file("1"))];
        let after = [("d", link("e")), ("e/x", file("1"))];
        assert!(same(&before, &after, "d"));
        assert!(same(&before, &after, "d/x"));
    }

    #[test]
    fn without_a_context_the_source_is_all_there_is() {
        let unknown = Contents::new(Context::unknown(), Builder::Buildkit);
        let number = |source| unknown.number(&Query::of(source));
        assert_eq!(number("./a/"), number("a"));
        assert_ne!(number("a"), number("b"));
    }
}
