//! The smallest `.dockerignore` that leaves more out: what there is, and a line a directory.

use super::ignore::IgnoreList;
use super::tree::EntryKind;
use super::{Context, base_name, below, select};
use std::sync::OnceLock;

impl Context {
    /// The text of `.dockerignore` with which the build sees all that it sees now but what lies in
    /// `directories`; `None` where there is none, or nothing is known of the files.
    pub fn ignoring_also(&self, directories: &[String]) -> Option<String> {
        if directories.is_empty() {
            return None;
        }
        let text = self.ignore_text.as_deref().unwrap_or_default();
        let every = self.lines(directories, true);
        let each = self.lines(directories, false);
        let made = [every, each].into_iter().map(|lines| appended(text, &lines));
        made.into_iter().find(|made| self.hides_just(made, directories))
    }

    /// Whether a line of `.dockerignore` can leave out the directory `path`, which is not there
    /// yet, so that a build sees what it sees now when it comes.
    pub fn may_ignore(&self, path: &str) -> bool {
        let text = self.ignore_text.as_deref().filter(|_| self.complete);
        let is_plain = |text: &str| !text.contains(['*', '?', '[', '\\', '!', '#', ' ']);
        text.is_some_and(|text| {
            let text = appended(text, &[path.to_owned()]);
            is_plain(path) && self.entry(path).is_none() && IgnoreList::read(&text).matches(path)
        })
    }

    /// Whether a line can leave out the directories of that name, none of which is there yet.
    pub fn may_ignore_all(&self, name: &str) -> bool {
        self.may_ignore(name) && self.entries().all(|entry| base_name(&entry.path) != name)
    }

    /// The same files with another `.dockerignore`, and the directories that it was made for.
    pub fn ignoring_instead(self, text: String, directories: Vec<String>) -> Context {
        Context {
            ignoring: Some(IgnoreList::read(&text)),
            ignore_text: Some(text),
            to_ignore: directories,
            visible: OnceLock::new(),
            ..self
        }
    }

    /// The directories that `.dockerignore` does not exclude, and is to.
    pub fn to_ignore(&self) -> &[String] {
        &self.to_ignore
    }

    /// A line for each directory, or one for all of a name.
    fn lines(&self, directories: &[String], by_name: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for directory in directories {
            let name = base_name(directory);
            let others = directories.iter().filter(|other| base_name(other) == name).count();
            let line = match by_name && self.complete && others > 1 {
                true => format!("**/{name}"),
                false => directory.clone(),
            };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// Whether the build would see no file in `directories` by `text`, and all others as before.
    fn hides_just(&self, text: &str, directories: &[String]) -> bool {
        let (Some(tree), Some(before)) = (&self.tree, self.visible()) else { return false };
        let list = IgnoreList::read(text);
        let after = select::visible(tree, &list);
        directories.iter().all(|one| list.matches(one))
            && (0..tree.len()).all(|at| {
                let entry = tree.entry(at);
                let is_inside = || directories.iter().any(|one| below(one, &entry.path).is_some());
                entry.kind == EntryKind::Directory || after[at] == (before[at] && !is_inside())
            })
    }
}

/// `text` with lines behind it, that end as its own do.
fn appended(text: &str, lines: &[String]) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut made = text.to_owned();
    if !made.is_empty() && !made.ends_with('\n') {
        made.push_str(end);
    }
    lines.iter().flat_map(|line| [line, end]).for_each(|part| made.push_str(part));
    made
}

#[cfg(test)]
mod tests {
    use super::super::{Context, ContextInput};

    fn made(files: &[&str], dockerignore: &str, directories: &[&str]) -> Option<String> {
        let input = ContextInput::listed(files.iter().map(|path| (path, None)));
        let dockerignore = Some(dockerignore.to_owned());
        let context = Context::new(ContextInput { dockerignore, ..input });
        let directories: Vec<String> = directories.iter().map(|path| path.to_string()).collect();
        context.ignoring_also(&directories)
    }

    #[test]
    fn lines_stand_behind_what_is_there() {
        let files = ["a.py", "dist/x", "lib/dist/y", "web/dist/z"];
        assert_eq!(made(&files, "", &["dist"]).as_deref(), Some("dist\n"));
        assert_eq!(made(&files, "*.md", &["dist"]).as_deref(), Some("*.md\ndist\n"));
        assert_eq!(made(&files, "*.md\r\n", &["dist"]).as_deref(), Some("*.md\r\ndist\r\n"));
        let all = ["dist", "lib/dist", "web/dist"];
        assert_eq!(made(&files, "", &all).as_deref(), Some("**/dist\n"));
        assert_eq!(made(&files, "", &all[..2]).as_deref(), Some("dist\nlib/dist\n"));
        assert_eq!(
            made(&files, "*\n!lib\n", &["lib/dist"]).as_deref(),
            Some("*\n!lib\nlib/dist\n")
        );
    }

    #[test]
    fn nothing_else_is_hidden() {
        assert_eq!(made(&["[a]/dist/x", "a/dist/y"], "", &["[a]/dist"]), None);
        assert_eq!(made(&["#a/dist/x"], "", &["#a/dist"]), None);
        assert_eq!(made(&["!a/dist/x"], "", &["!a/dist"]), None);
    }

    #[test]
    fn a_line_for_what_is_not_there_yet() {
        let context = |files: &[&str], complete: bool| {
            let input = ContextInput::listed(files.iter().map(|path| (path, None)));
            Context::new(ContextInput { complete, ..input })
        };
        let files = ["package.json", "web/package.json", "web/dist/a.js"];
        let known = context(&files, true);
        assert!(known.may_ignore("node_modules") && known.may_ignore("web/node_modules"));
        assert!(known.may_ignore_all("node_modules"));
        // It is there, at the top or further down.
        assert!(!known.may_ignore("web/dist"));
        assert!(known.may_ignore("dist") && !known.may_ignore_all("dist"));
        // No line has just that name.
        assert!(!known.may_ignore("[a]/node_modules") && !known.may_ignore("#a/node_modules"));
        assert!(!context(&files, false).may_ignore("node_modules"));
        assert!(!Context::unknown().may_ignore("node_modules"));
        let ignoring = known.ignoring_instead("node_modules\n".into(), vec!["node_modules".into()]);
        assert!(ignoring.is_ignored("node_modules").is_yes());
        assert_eq!(ignoring.to_ignore(), ["node_modules"]);
    }
}
