//! What a checkout has although the list of files lacks it: what a `.gitignore` of the context leaves
//! out of every commit and somebody made, such as `auth.json` with a token or `poetry.toml` with
//! settings of one machine.

use super::path_set::under;
use super::{Copy, Graph, Origin};
use crate::context::{EntryKind, base_name, below, join, parent};
use crate::ecosystem::name_matches;
use crate::limits;
use std::iter::successors;

impl Graph<'_> {
    /// The path of the context that `copy` would bring to `place`, where the list has none and
    /// `.dockerignore` leaves it in.
    pub fn unlisted(&self, copy: &Copy, place: &str) -> Option<String> {
        if copy.origin != Origin::Context {
            return None;
        }
        let name =
            under(copy.destination.as_ref()?.path(), place).filter(|name| !name.is_empty())?;
        let context = self.context;
        copy.sources.iter().find_map(|(_, source)| {
            let base = source.literal()?;
            let is_directory = base.is_empty()
                || context.entry(base).is_some_and(|entry| entry.kind == EntryKind::Directory);
            let path = join(base, name);
            let comes = is_directory && !source.covers(&path).is_no();
            let is_new = context.exists(&path).is_no() && !context.is_ignored(&path).is_yes();
            (comes && is_new).then_some(path)
        })
    }

    /// The same, where git leaves the path out of every commit: a checkout has it all the same where
    /// somebody made it.
    pub fn left_out_by_git(&self, copy: &Copy, place: &str) -> Option<String> {
        self.unlisted(copy, place).filter(|path| self.is_ignored_by_git(path))
    }

    /// Whether a `.gitignore` beside `path` of the context, or above it, leaves it out.
    /// <https://git-scm.com/docs/gitignore#_pattern_format>
    pub fn is_ignored_by_git(&self, path: &str) -> bool {
        let up = |directory: &String| (!directory.is_empty()).then(|| parent(directory));
        let directories = successors(Some(parent(path)), up).take(limits::LEVELS_ABOVE);
        // The nearest one that says something decides; of a directory that it leaves out, all is.
        let mut said = directories.filter_map(|directory| {
            let text = self.context.entry(&join(&directory, ".gitignore"))?.text.as_deref()?;
            let own = below(&directory, path)?;
            let lines = || text.lines().rev();
            let up = |path: &String| Some(parent(path)).filter(|above| !above.is_empty());
            let mut above = successors(up(&own.to_owned()), up);
            let is_inside = |above: &String| {
                lines().find_map(|line| says(line.trim().trim_end_matches('/'), above))
                    == Some(true)
            };
            match above.any(|above| is_inside(&above)) {
                true => Some(true),
                false => lines().find_map(|line| says(line, own)),
            }
        });
        said.next().unwrap_or(false)
    }
}

/// What a line says of a path below its directory: left out, or not in spite of others.
fn says(line: &str, path: &str) -> Option<bool> {
    let line = line.trim();
    let (pattern, is_left_out) = match line.strip_prefix('!') {
        Some(pattern) => (pattern, false),
        None => (line, true),
    };
    if pattern.is_empty() || pattern.starts_with('#') || pattern.ends_with('/') {
        return None;
    }
    let pattern = pattern.strip_prefix("**/").unwrap_or(pattern);
    let fits = match pattern.strip_prefix('/').or(Some(pattern).filter(|own| own.contains('/'))) {
        Some(whole) => {
            let depth = |path: &str| path.matches('/').count();
            depth(whole) == depth(path) && name_matches(whole, path)
        }
        None => name_matches(pattern, base_name(path)),
    };
    fits.then_some(is_left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_is_left_out() {
        for line in ["auth.json", "/auth.json", "*.json", "auth.*", " auth.json ", "**/auth.json"] {
            assert_eq!(says(line, "auth.json"), Some(true), "{line}");
        }
        for line in ["", "# auth.json", "auth.json/", "api/auth.json", "auth", "Auth.json"] {
            assert_eq!(says(line, "auth.json"), None, "{line}");
        }
        assert_eq!(says("!auth.json", "auth.json"), Some(false));
        assert_eq!(says("auth.json", "api/auth.json"), Some(true));
        assert_eq!(says("/auth.json", "api/auth.json"), None);
        assert_eq!(says("api/*.json", "api/auth.json"), Some(true));
    }
}
