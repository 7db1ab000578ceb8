//! Files of a project in the image by pattern, where the files of the context are known.

use crate::context::{Context, EntryKind, below, join};
use crate::ecosystem::name_matches;
use crate::limits;
use crate::text::Cut;

/// The paths below a project, in the order of the context, that fit `pattern`: `*` matches in
/// a name, and a component `**` matches any number of directories. `origin` finds the path of
/// the context for a path below the project; `renamed` are directories of the context, each with what
/// it is called there. `None` where they are not all known.
pub fn list(
    context: &Context,
    origin: &dyn Fn(&str) -> Option<String>,
    renamed: &[(String, String)],
    pattern: &str,
) -> Option<Vec<String>> {
    if !context.is_complete() {
        return None;
    }
    known(context, origin, renamed, pattern)
}

/// The same, as far as the files are known.
pub fn known(
    context: &Context,
    origin: &dyn Fn(&str) -> Option<String>,
    renamed: &[(String, String)],
    pattern: &str,
) -> Option<Vec<String>> {
    if !pattern.contains('*') {
        // A name: each of thousands of members would cost a look at every file.
        let is_file = |path: &String| match context.entry(path) {
            Some(entry) => entry.kind != EntryKind::Directory && entry.path == *path,
            None => context.named().contains(path),
        };
        let is_renamed = || !renamed.is_empty();
        let found = origin(pattern)
            .filter(|path| (path.ends_with(pattern) || is_renamed()) && is_file(path));
        return Some(found.map(|_| pattern.to_owned()).into_iter().collect());
    }
    let last = pattern.rsplit('/').next().unwrap_or(pattern);
    let pattern: Vec<&str> = pattern.split('/').collect();
    let mut found: Vec<String> = Vec::new();
    let files = context.entries().filter(|entry| entry.kind != EntryKind::Directory);
    let named = context.named().iter().map(String::as_str);
    for path in files.map(|entry| entry.path.as_str()).chain(named) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if !name_matches(last, name) {
            continue;
        }
        // Where the project lies in the context is not known: any end of the path may do.
        let starts = path.match_indices('/').map(|(at, _)| at + 1);
        let mut ends = starts.chain([0]).map(|start| path.cut(start..));
        let fits = |end: &&str| {
            let end: Vec<&str> = end.split('/').collect();
            path_matches(&pattern, &end)
        };
        let is_found = |end: &&str| fits(end) && origin(end).as_deref() == Some(path);
        let moved = renamed.iter().filter_map(|(from, to)| Some(join(to, below(from, path)?)));
        // Several copies may bring it, under both names.
        let end = ends.find(is_found).map(str::to_owned);
        let other = moved.into_iter().find(|end| is_found(&end.as_str()));
        let other = other.filter(|other| end.as_ref() != Some(other));
        found.extend(end.into_iter().chain(other));
        if found.len() > limits::FILES_OF_A_PATTERN {
            return None;
        }
    }
    Some(found)
}

fn path_matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.first(), path.first()) {
        (None, None) => true,
        (Some(&"**"), _) => {
            // A pattern has one `**` at most, so this stays linear.
            (0..=path.len()).any(|at| path_matches(&pattern[1..], &path[at..]))
        }
        (Some(pattern_name), Some(name)) => {
            name_matches(pattern_name, name) && path_matches(&pattern[1..], &path[1..])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::ContextInput;

    fn listed(pattern: &str) -> Option<Vec<String>> {
        let files = ["a/x.csproj", "a/b/y.csproj", "a/b/y.cs", "z.csproj"];
        let input = ContextInput::listed(files.iter().map(|path| (path, None)));
        // The project is what the context has in `a`.
        list(&Context::new(input), &|path| Some(format!("a/{path}")), &[], pattern)
    }

    #[test]
    fn patterns_find_files_below_the_project() {
        let some = |paths: &[&str]| Some(paths.iter().map(|path| path.to_string()).collect());
        assert_eq!(listed("*.csproj"), some(&["x.csproj"]));
        assert_eq!(listed("*/*.csproj"), some(&["b/y.csproj"]));
        assert_eq!(listed("**/*.csproj"), some(&["b/y.csproj", "x.csproj"]));
        assert_eq!(listed("c/*.csproj"), some(&[]));
        assert_eq!(listed("b/y.csproj"), some(&["b/y.csproj"]));
        assert_eq!(listed("b"), some(&[]), "a directory");
        assert_eq!(listed("z.csproj"), some(&[]), "beside the project");
        assert_eq!(list(&Context::unknown(), &|_| None, &[], "*"), None);
    }

    #[test]
    fn directories_have_other_names_in_the_image() {
        let input = ContextInput::listed([("src/b/y.csproj", None), ("src/z.csproj", None)]);
        let context = Context::new(input);
        let origin = |path: &str| Some(format!("src/{}", path.strip_prefix("libs/")?));
        let renamed = [("src".to_owned(), "libs".to_owned())];
        let listed = |pattern| list(&context, &origin, &renamed, pattern).unwrap();
        assert_eq!(listed("libs/*/*.csproj"), ["libs/b/y.csproj"]);
        assert_eq!(listed("libs/b/y.csproj"), ["libs/b/y.csproj"]);
        assert!(listed("src/*/*.csproj").is_empty());
    }
}
