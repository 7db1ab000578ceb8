//! Ordered lists of patterns with exceptions: `.dockerignore`, `--exclude`, and the pattern of
//! `--parents`, which all go through moby/patternmatcher.
//!
//! The last matching line wins, and what matches a directory matches all below it. A list knows
//! nothing of which paths exist.

use super::glob::Glob;
use super::marks::Marks;
use super::path;
use crate::limits;

/// A compiled list of patterns, as moby/patternmatcher holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreList {
    patterns: Vec<Pattern>,
    marks: Marks,
    exceptions: bool,
    refused: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    glob: Glob,
    exception: bool,
}

/// What a list says of one directory: enough to decide on what lies directly in it.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    matched: bool,
    /// The patterns that matched here or above, in order.
    hits: Vec<u32>,
}

impl Verdict {
    /// Whether the list matches this path.
    pub fn is_match(&self) -> bool {
        self.matched
    }
}

impl IgnoreList {
    /// Reads a `.dockerignore`: one pattern a line, `#` in the first column starts a comment, a
    /// byte order mark, blanks around a pattern and a leading slash are dropped.
    ///
    /// <https://github.com/moby/patternmatcher/blob/main/ignorefile/ignorefile.go>
    pub fn read(text: &str) -> IgnoreList {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.split('\n').filter(|line| !line.starts_with('#')).map(str::trim);
        let cleaned = lines.filter(|line| !line.is_empty()).map(|line| {
            let (sign, pattern) = match line.strip_prefix('!') {
                Some(rest) => ("!", rest.trim()),
                None => ("", line),
            };
            if pattern.is_empty() {
                return sign.to_string();
            }
            let cleaned = path::clean(pattern);
            let relative = cleaned.strip_prefix('/').filter(|rest| !rest.is_empty());
            format!("{sign}{}", relative.unwrap_or(&cleaned))
        });
        IgnoreList::new(cleaned)
    }

    /// Compiles patterns that are not lines of a file: a leading slash is kept, so `/a` matches
    /// nothing.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> IgnoreList {
        let mut list = IgnoreList::default();
        for text in patterns {
            let text = text.as_ref().trim();
            if text.is_empty() {
                continue;
            }
            let cleaned = path::clean(text);
            let (exception, pattern) = match cleaned.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, cleaned.as_str()),
            };
            match Glob::ignore(pattern) {
                Ok(glob) if !pattern.is_empty() => {
                    list.exceptions |= exception;
                    list.marks.add(list.patterns.len() as u32, &glob);
                    list.patterns.push(Pattern { glob, exception });
                }
                _ => list.refused = list.refused.or_else(|| Some(text.to_string())),
            }
        }
        list
    }

    /// The first pattern that makes BuildKit fail: a lone `!`, or a malformed one.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// Whether there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether any pattern starts with `!`, so that a matched directory may hold paths that are
    /// not matched.
    pub fn has_exceptions(&self) -> bool {
        self.exceptions
    }

    /// Whether the list matches a cleaned path, looked at as BuildKit's walk does: from the top
    /// directory down. The root is never matched.
    pub fn matches(&self, path: &str) -> bool {
        if self.patterns.is_empty() || path.len() > limits::PATH_BYTES {
            return false;
        }
        let mut verdict = Verdict::default();
        for prefix in path::prefixes(path) {
            verdict = self.verdict(prefix, &verdict);
            if verdict.matched && !self.exceptions {
                return true;
            }
        }
        verdict.matched
    }

    /// Whether the list matches a cleaned path and every path that can be below it, so that a
    /// walk need not look there: no exception behind the pattern that excludes it can bring
    /// anything back. In doubt, no.
    pub fn matches_all_of(&self, directory: &str) -> bool {
        if self.patterns.is_empty() || directory.len() > limits::PATH_BYTES {
            return false;
        }
        let mut verdict = Verdict::default();
        for prefix in path::prefixes(directory) {
            verdict = self.verdict(prefix, &verdict);
        }
        // What is hit here stays so below: only an exception behind the last hit counts.
        let last = verdict.hits.last().map(|&number| number as usize);
        verdict.matched
            && last.is_some_and(|last| {
                let later = &self.patterns[last..];
                !later.iter().any(|it| it.exception && it.glob.may_match_below(directory))
            })
    }

    /// The verdict on `path` from that on the directory that holds it; `Verdict::default()` for
    /// the entries of the root.
    ///
    /// A pattern is only looked at while it could change the result. One that was passed over at
    /// a directory counts as a miss below it: `*.md` then `!docs` leaves `docs/a.md` in, but
    /// `**/*.md` then `!docs` ignores it, since `docs` itself was never in question.
    ///
    /// `MatchesUsingParentResults` in
    /// <https://github.com/moby/patternmatcher/blob/main/patternmatcher.go>
    pub fn verdict(&self, path: &str, parent: &Verdict) -> Verdict {
        let mut hits = Vec::new();
        let matched = self.judge(path, parent, |hit| hits.push(hit));
        Verdict { matched, hits }
    }

    /// As [`IgnoreList::verdict`] for a path that holds nothing: only whether it matches.
    pub fn matches_in(&self, path: &str, parent: &Verdict) -> bool {
        self.judge(path, parent, |_| {})
    }

    fn judge(&self, path: &str, parent: &Verdict, mut note: impl FnMut(u32)) -> bool {
        let marked = self.marks.marked(path);
        let [mut marked, mut unmarked, mut inherited] =
            [&marked[..], self.marks.unmarked(), &parent.hits];
        let mut matched = false;
        // All others are passed over: they cannot match.
        while let Some(&number) =
            [marked, unmarked, inherited].iter().filter_map(|numbers| numbers.first()).min()
        {
            let is_next = |numbers: &mut &[u32]| {
                let next = numbers.first() == Some(&number);
                *numbers = &numbers[usize::from(next)..];
                next
            };
            let (was_hit, _, _) =
                (is_next(&mut inherited), is_next(&mut marked), is_next(&mut unmarked));
            let pattern = &self.patterns[number as usize];
            if was_hit || (pattern.exception == matched && pattern.glob.matches(path)) {
                matched = !pattern.exception;
                note(number);
            }
        }
        matched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(text: &str, path: &str) -> bool {
        IgnoreList::read(text).matches(path)
    }

    #[test]
    fn a_directory_takes_its_content_along() {
        assert!(ignored("node_modules", "node_modules/a/b.js"));
        assert!(!ignored("node_modules", "web/node_modules/a.js"));
        assert!(ignored("**/node_modules", "web/node_modules/a.js"));
        assert!(ignored("docs/", "docs/a"));
        assert!(!ignored("docs", "docs2/a"));
    }

    #[test]
    fn reading_trims_and_cleans() {
        assert!(ignored("\u{feff}log\r\n", "log"));
        assert!(ignored("  /a//b/../c  ", "a/c"));
        assert!(ignored("./a", "a"));
        assert!(!ignored("#a", "#a"));
        assert!(ignored(" #a", "#a"));
        assert!(!ignored("/", "a") && !ignored(".", "a"));
        assert!(ignored("*", "a/b"));
    }

    #[test]
    fn exceptions_bring_back() {
        assert!(!ignored("*\n!src", "src/a"));
        assert!(ignored("*\n!src", "srcs/a"));
        assert!(!ignored("docs\n!docs/README.md", "docs/README.md"));
        assert!(ignored("docs\n!docs/README.md", "docs/other.md"));
        assert!(!ignored("*\n! /src ", "src/a"));
    }

    #[test]
    fn the_last_match_wins() {
        assert!(ignored("!a.txt\n*.txt", "a.txt"));
        assert!(!ignored("*.txt\n!a.txt", "a.txt"));
        assert!(ignored("*.txt\n!a.txt\na*", "a.txt"));
        assert!(ignored("**\n!util/web\nutil/web/foo", "util/web/foo"));
        assert!(!ignored("**\n!util/web\nutil/web/foo", "util/web/bar"));
    }

    #[test]
    fn an_exception_passed_over_at_the_directory_does_not_reach_below() {
        assert!(ignored("**/*.md\n!docs", "docs/a.md"));
        assert!(!ignored("**/*.md\n!docs/**", "docs/a.md"));
        assert!(!ignored("**\n!docs", "docs/a.md"));
    }

    #[test]
    fn a_directory_is_left_out_where_nothing_in_it_comes_back() {
        let all = |text: &str, path: &str| IgnoreList::read(text).matches_all_of(path);
        let listed = "*\n!src\n!api/package.json\n";
        assert!(all(listed, "docs") && all(listed, "docs/a") && all(listed, "apis"));
        assert!(!all(listed, "src") && !all(listed, "src/a") && !all(listed, "api"));
        assert!(all(listed, "api/lib"));
        assert!(!all("docs\n!**/*.md", "docs") && !all("docs\n!docs/*/a", "docs"));
        assert!(!all("docs/*", "docs") && all("docs/*", "docs/a"));
        assert!(all("doc[s]", "docs") && all("a.b", "a.b") && !all("a.b", "axb"));
        assert!(!all("", "docs") && !all("docs", ""));
        // An exception of one depth, of another name, or that is taken back again.
        assert!(all("docs\n!*.md", "docs") && !all("docs\n!*/*.md", "docs"));
        assert!(all("docs\n!docs2/a", "docs") && all("docs\n!do", "docs"));
        assert!(all("!docs/a\ndocs", "docs") && !all("docs\n!docs/a\n*", "docs"));
        assert!(!all("docs\n!docs/a", "docs") && !all("docs\n!docs/**", "docs"));
        assert!(!all("docs\n!**docs", "docs") && !all("a/b\n![a]/b/?", "a/b"));
    }

    #[test]
    fn refused_patterns_are_named() {
        assert_eq!(IgnoreList::read("a\n!\nb").refused(), Some("!"));
        assert_eq!(IgnoreList::read("a[").refused(), Some("a["));
        assert_eq!(IgnoreList::read("a]").refused(), None);
    }

    #[test]
    fn patterns_of_flags_keep_their_slash() {
        assert!(!IgnoreList::new(["/a"]).matches("a"));
        assert!(IgnoreList::new(["a/"]).matches("a/b"));
    }

    #[test]
    fn the_root_is_never_matched() {
        assert!(!ignored("**", ""));
        assert!(ignored("**", "a"));
    }
}
