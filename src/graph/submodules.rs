//! Submodules that are not checked out: a list of files has nothing of them, and builds have it.

use super::Graph;
use super::copy::StepAt;
use super::demands::Demands;
use crate::context::{base_name, below, parent};
use crate::ecosystem::is_lock_file;
use crate::issue::RefusalReason::LocalDependency;
use crate::sentences::Reason;
use crate::text::has_word;

impl Graph<'_> {
    /// Refuses where a manifest among `demands`, of a command that stands at `at`, names a submodule of
    /// which nothing is listed: of `extra-deps: [PDP11]` it is not known what that brings.
    /// <https://git-scm.com/docs/gitmodules>
    pub(super) fn mind_submodules(&self, demands: &mut Demands, at: StepAt) {
        let modules = self.context.entry(".gitmodules").and_then(|entry| entry.text.as_deref());
        for path in modules.into_iter().flat_map(paths).filter(|path| !self.is_listed(path)) {
            let manifests = demands.files.iter().filter(|file| !is_lock_file(&file.place));
            let mut sources = manifests.filter_map(|file| self.context_path(at, &file.place));
            // `packages/*` lists `packages/db`.
            let listing = format!("{}/*", parent(path));
            // `apps_path: "apps"` of Mix does so as well.
            let directory = format!("\"{}\"", parent(path));
            let names = |source: &String| {
                let text = self.context.text(source);
                text.is_some_and(|text| {
                    has_word(text, base_name(path), is_of_name)
                        || path.contains('/')
                            && (text.contains(&listing) || text.contains(&directory))
                })
            };
            if let Some(source) = sources.find(names) {
                let text =
                    format!("`{source}` names the submodule `{path}`, whose files are not known");
                demands.refusal.get_or_insert(Reason::Told { kind: LocalDependency, text });
                return;
            }
        }
    }

    /// Whether the list has anything below `path`.
    fn is_listed(&self, path: &str) -> bool {
        let is_below = |other: &str| below(path, other).is_some_and(|rest| !rest.is_empty());
        self.context.entries_below(path).any(|entry| is_below(&entry.path))
    }
}

/// The paths of the submodules that a `.gitmodules` names.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let settings = text.lines().filter_map(|line| line.trim().split_once('='));
    let paths = settings.filter(|(name, _)| name.trim() == "path");
    paths.map(|(_, path)| path.trim().trim_matches('"')).filter(|path| !path.is_empty())
}

/// Whether a character may be part of the name of a directory.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || "-_.".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_submodules_are_read() {
        let text = "[submodule \"a b\"]\n\tpath = libs/core\n\turl = https://a.b/path = c\n\
                    [submodule \"docs\"]\n  path=\"docs\"\n  pathspec = x\n  path =\n";
        assert_eq!(paths(text).collect::<Vec<_>>(), ["libs/core", "docs"]);
        assert_eq!(paths("").count(), 0);
    }
}
