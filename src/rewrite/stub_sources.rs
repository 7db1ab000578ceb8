//! Sources that stand in for those of a project while a tool works that refuses to without any:
//! made in front of its command, taken away behind it, so that none outlives the step.

use crate::context::{clean, join};

/// The text around the command.
pub struct StubSources {
    /// What makes them, up to the command.
    pub before: String,
    /// What takes them away, behind it.
    pub after: String,
    /// The paths that are made.
    made: Vec<String>,
    /// Whether every path can be written as a plain word.
    pub is_plain: bool,
}

impl StubSources {
    /// Where the paths that are made lie for a command that runs in `cwd`, each with the path;
    /// `None` where that is not known.
    pub fn places<'s>(
        &'s self,
        cwd: Option<&'s str>,
    ) -> impl Iterator<Item = (&'s str, Option<String>)> {
        let place = move |path: &str| match path.starts_with('/') {
            true => Some(path.to_owned()),
            false => cwd.map(|cwd| clean(&join(cwd, path))),
        };
        self.made.iter().map(move |path| (path.as_str(), place(path)))
    }

    /// Empty ones, given by the directory of their package and the path below it.
    pub fn new(sources: &[(String, String)]) -> StubSources {
        StubSources::with_programs(sources, &[], "")
    }

    /// Empty ones, and `programs`, which hold `text`.
    pub fn with_programs(
        empty: &[(String, String)],
        programs: &[(String, String)],
        text: &str,
    ) -> StubSources {
        let (mut directories, mut files, mut made) = (Vec::new(), Vec::new(), Vec::new());
        for (package, path) in empty.iter().chain(programs) {
            let below = |path: &str| match package.is_empty() {
                true => path.to_owned(),
                false => format!("{package}/{path}"),
            };
            let top = below(path.split('/').next().unwrap_or(path));
            if !made.contains(&top) {
                made.push(top);
            }
            if let Some((directory, _)) = path.rsplit_once('/') {
                let directory = below(directory);
                if !directories.contains(&directory) {
                    directories.push(directory);
                }
            }
            files.push(below(path));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        let is_plain = files.iter().all(|file| file.chars().all(plain));
        let programs = files.split_off(empty.len());
        let mut before = String::new();
        let mut add = |parts: &[&str]| parts.iter().for_each(|part| before.push_str(part));
        if !directories.is_empty() {
            add(&["mkdir -p ", &directories.join(" "), " && "]);
        }
        if !files.is_empty() {
            add(&["touch ", &files.join(" "), " && "]);
        }
        match &programs[..] {
            [] => {}
            [one] => add(&["echo '", text, "' > ", one, " && "]),
            more => add(&["echo '", text, "' | tee ", &more.join(" "), " > /dev/null && "]),
        }
        let after = format!(" && rm -r {}", made.join(" "));
        StubSources { before, after, made, is_plain }
    }
}
