//! Empty sources for a tool that refuses to work without any: made in front of its command,
//! taken away behind it, so that none outlives the step.

use crate::context::{clean, join};

/// The text around the command.
pub struct StubSources {
    /// What makes them, up to the command.
    pub before: String,
    /// What takes them away, behind it.
    pub after: String,
    /// The paths that are made.
    made: Vec<String>,
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

    /// For sources given by the directory of their package and the path below it.
    pub fn new(sources: &[(String, String)]) -> StubSources {
        let (mut directories, mut files, mut made) = (Vec::new(), Vec::new(), Vec::new());
        for (package, path) in sources {
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
        let before = match directories.is_empty() {
            true => format!("touch {} && ", files.join(" ")),
            false => format!("mkdir -p {} && touch {} && ", directories.join(" "), files.join(" ")),
        };
        let after = format!(" && rm -r {}", made.join(" "));
        StubSources { before, after, made }
    }
}
