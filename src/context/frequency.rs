//! How often commits changed files of the context, where a history says so.
//!
//! A share is that of the commits, from 0 to 1. What a share means for a step is the graph's
//! business.

use super::path::within;
use super::{Context, Source};
use crate::digest::{Digest, Numbers};
use crate::limits;

/// The shares that the caller gave, as the bits of their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Frequencies(Numbers);

/// A file, and all that lies in a directory; the root is empty.
const FILE: &str = "file";
const DIRECTORY: &str = "directory";

impl Frequencies {
    /// Reads them: a path that ends in a slash is that of a directory.
    pub fn of(given: &[(String, f64)]) -> Frequencies {
        let mut frequencies = Frequencies::default();
        for (path, share) in given {
            let kind = if path.ends_with('/') { DIRECTORY } else { FILE };
            frequencies.0.set(Digest::of(kind).text(&within(path)).end(), share.to_bits());
        }
        frequencies
    }

    fn get(&self, kind: &str, path: &str) -> Option<f64> {
        self.0.get(Digest::of(kind).text(path).end()).map(f64::from_bits)
    }

    /// The least share of `directory` and those that it lies in.
    fn at_most(&self, mut directory: &str) -> f64 {
        let mut most = 1.0_f64;
        loop {
            if let Some(share) = self.get(DIRECTORY, directory) {
                most = most.min(share);
            }
            directory = match directory.rsplit_once('/') {
                Some((above, _)) => above,
                None if directory.is_empty() => return most,
                None => "",
            };
        }
    }
}

/// The share of commits that change any of what has these shares, each by itself; `None` where one
/// is not known.
pub fn share_of_any(shares: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let mut same = 1.0;
    for share in shares {
        same *= 1.0 - share?;
    }
    Some(1.0 - same)
}

impl Context {
    /// In what share of the commits something changed that `source` selects; `None` where no
    /// history says so of all of it. Files count as changing each by itself, but not more often
    /// than the directory they lie in.
    pub fn share(&self, source: &Source) -> Option<f64> {
        let frequencies = self.frequencies.as_ref()?;
        let most = frequencies.at_most(source.base());
        if !self.is_known() {
            return source.literal().and_then(|path| frequencies.get(FILE, path));
        }
        let (mut same, mut count) = (1.0, 0);
        let selection = self.select(source);
        let mut files = selection.files();
        for entry in files.by_ref().take(limits::FILES_SAMPLED) {
            same *= 1.0 - frequencies.get(FILE, &entry.path)?;
            count += 1;
        }
        let is_all = selection.complete && count > 0;
        match files.next() {
            None => is_all.then_some(most.min(1.0 - same)),
            // Too many to look at each: what is said of their directory.
            Some(_) => frequencies.get(DIRECTORY, source.base()).filter(|_| is_all).map(|_| most),
        }
    }

    /// The file among those that `source` selects, and that are `wanted`, which most commits
    /// changed, and their share.
    pub fn hottest(&self, source: &Source, wanted: impl Fn(&str) -> bool) -> Option<(&str, f64)> {
        let frequencies = self.frequencies.as_ref()?;
        let mut hottest: Option<(&str, f64)> = None;
        for entry in self.select(source).files().take(limits::FILES_SAMPLED) {
            let share = frequencies.get(FILE, &entry.path).unwrap_or(0.0);
            if share > hottest.map_or(0.0, |(_, most)| most) && wanted(&entry.path) {
                hottest = Some((&entry.path, share));
            }
        }
        hottest
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ContextInput, SourceFlags};
    use super::*;

    /// A context of these files, of which the history says this.
    fn context(files: &[&str], shares: &[(&str, f64)]) -> Context {
        let input = ContextInput::listed(files.iter().map(|path| (*path, None)));
        let given = shares.iter().map(|(path, share)| ((*path).to_owned(), *share));
        Context::new(ContextInput { history: Some(given.collect()), ..input })
    }

    fn share(context: &Context, source: &str) -> Option<f64> {
        context.share(&Source::new(source, &SourceFlags::default()))
    }

    #[test]
    fn files_change_each_by_itself() {
        let known =
            context(&["src/a", "src/b", "c"], &[("src/a", 0.5), ("src/b", 0.5), ("c", 0.0)]);
        assert_eq!(share(&known, "src"), Some(0.75));
        assert_eq!(share(&known, "src/a"), Some(0.5));
        assert_eq!(share(&known, "./c"), Some(0.0));
        assert_eq!(share(&known, "."), Some(0.75));
        // What is not there was built before: nothing is known of it.
        assert_eq!(share(&known, "d"), None);
    }

    #[test]
    fn a_directory_changes_at_least_as_often_as_what_is_in_it() {
        let shares = [("docs/a", 0.5), ("docs/b", 0.5), ("docs/", 0.5), ("./", 0.6), ("c", 0.9)];
        let known = context(&["docs/a", "docs/b", "c"], &shares);
        assert_eq!(share(&known, "docs"), Some(0.5));
        assert_eq!(share(&known, "docs/*"), Some(0.5));
        assert_eq!(share(&known, "."), Some(0.6));
    }

    #[test]
    fn what_the_history_does_not_know_leaves_the_whole_open() {
        let known = context(&["src/a", "src/made"], &[("src/a", 0.5)]);
        assert_eq!(share(&known, "src"), None);
        assert_eq!(share(&known, "src/a"), Some(0.5));
        assert_eq!(share(&context(&["a"], &[]), "a"), None);
    }

    #[test]
    fn the_file_that_changes_most() {
        let known =
            context(&["a", "b", "c", "d"], &[("a", 0.1), ("b", 0.3), ("c", 0.0), ("d", 1.0)]);
        let hottest = |source| {
            let source = Source::new(source, &SourceFlags::default());
            known.hottest(&source, |path| path != "d").map(|(path, share)| (path.to_owned(), share))
        };
        assert_eq!(hottest("."), Some(("b".to_owned(), 0.3)));
        assert_eq!(hottest("c"), None);
    }
}
