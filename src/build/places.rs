//! Where paths are, seen from the working directory of a state.

use super::dispatch_state::DispatchState;
use super::expansion::Expanded;
use crate::context::{clean, from_windows, join};
use crate::limits;
use crate::syntax::Word;

impl DispatchState {
    /// The working directory as RUN gets it: an absolute one is not cleaned, so that `/a/` and
    /// `/a` are two. `None` where a variable in it is not known. Relative to the base image's
    /// where it does not start with `/`.
    ///
    /// `NormalizeWorkdir` in <https://github.com/moby/buildkit/blob/master/util/system/path.go>
    pub fn written_directory(&self) -> Option<&str> {
        self.directory.as_deref()
    }

    /// The working directory as a clean path.
    pub fn directory(&self) -> Option<String> {
        self.directory
            .as_deref()
            .map(|path| if path.is_empty() { String::new() } else { clean(path) })
    }

    /// The working directory behind `WORKDIR to`, as it is written.
    pub fn directory_behind(&self, to: &Word<'_>) -> Option<String> {
        let to = self.path(&self.expand(&to.text));
        match to.text.as_str() {
            _ if !to.resolved => None,
            "" => self.directory.clone(),
            absolute if absolute.starts_with('/') => Some(absolute.to_owned()),
            relative => below(self.directory.as_deref()?, relative),
        }
    }

    /// Where `path` is, seen from the working directory.
    pub fn place(&self, path: &Expanded) -> Option<String> {
        self.place_from(self.directory.as_deref(), path)
    }

    /// Where `path` is, seen from `directory`.
    pub fn place_from(&self, directory: Option<&str>, path: &Expanded) -> Option<String> {
        let path = self.path(path);
        match path.text.as_str() {
            _ if !path.resolved => None,
            absolute if absolute.starts_with('/') => Some(clean(absolute)),
            relative => below(directory?, relative),
        }
    }

    /// A path with `/` between its parts, as a Windows stage reads it too.
    pub fn path(&self, path: &Expanded) -> Expanded {
        match self.is_windows {
            true => Expanded { text: from_windows(&path.text), resolved: path.resolved },
            false => path.clone(),
        }
    }

    /// Keeps the home directory that a step gives to an account, by its name or its number:
    /// builders set HOME from there.
    pub fn keep_home(&mut self, account: &str, home: &str) {
        self.homes.retain(|(other, _)| other != account);
        if self.homes.len() < limits::VARIABLES_NAMING {
            self.homes.push((account.to_owned(), home.to_owned()));
        }
    }

    /// The home directory that a step has given to the user.
    pub fn home_given(&self) -> Option<&str> {
        let user = self.user.as_deref()?;
        let user = user.split(':').next().unwrap_or(user);
        self.homes.iter().find(|(account, _)| account == user).map(|(_, home)| home.as_str())
    }

    /// HOME, where it is known or can be taken for known.
    pub fn home(&self) -> Option<String> {
        if self.is_set("HOME") {
            return self.known("HOME").map(clean);
        }
        if let Some(home) = self.home_given() {
            return Some(clean(home));
        }
        match self.user.as_deref().map(|user| user.split(':').next().unwrap_or(user)) {
            None | Some("root" | "0") => Some("/root".into()),
            Some(user) if user.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Some(format!("/home/{user}"))
            }
            Some(_) => None,
        }
    }
}

/// `relative` seen from `directory`; none where that is longer than any path: a thousand times
/// `cd a` would be remembered a thousand times.
fn below(directory: &str, relative: &str) -> Option<String> {
    let path = clean(&join(directory, relative));
    (path.len() <= limits::PATH_BYTES).then_some(if path == "." { String::new() } else { path })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Given, Stages};
    use crate::report::Options;
    use crate::syntax::parse;

    /// The state behind the only stage of `text`.
    fn end(text: &str) -> DispatchState {
        let (options, (file, _)) = (Options::default(), parse(text));
        let stages = Stages::read(&file, Given::of(&options));
        let mut state = DispatchState::start(&stages, 0, None);
        for step in &stages.stages[0].steps {
            state.dispatch(step.instruction, &stages);
        }
        state
    }

    #[test]
    fn working_directories() {
        let at = |text: &str| end(text).directory();
        assert_eq!(at("FROM a\nWORKDIR x"), Some("x".into()));
        assert_eq!(at("FROM scratch\nWORKDIR x"), Some("/x".into()));
        assert_eq!(at("FROM a\nWORKDIR /a//\nWORKDIR ../b"), Some("/b".into()));
        assert_eq!(at("FROM a\nWORKDIR $X"), None);
        let deep =
            |levels: usize| at(&format!("FROM a\nWORKDIR /a\n{}", "WORKDIR b\n".repeat(levels)));
        assert_eq!(deep(2_000).map(|path| path.len()), Some(4_002));
        assert_eq!(deep(2_050), None);
        assert_eq!(end("FROM a\nWORKDIR /a/").written_directory(), Some("/a/"));
        assert_eq!(at("# escape=`\nFROM a\nWORKDIR C:\\app"), Some("/app".into()));
    }

    #[test]
    fn places_are_seen_from_the_directory() {
        let state = end("FROM a\nWORKDIR /app\nENV HOME=/home/me/");
        let at = |text: &str| state.place(&state.expand(text));
        assert_eq!(at("../x"), Some("/x".into()));
        assert_eq!(at("$HOME/x"), Some("/home/me/x".into()));
        assert_eq!(at("$UNKNOWN/x"), None);
        assert_eq!(state.home(), Some("/home/me".into()));
        let user = |name: &str| end(&format!("FROM a\nUSER {name}")).home();
        assert_eq!(
            (user("node:node"), user("root")),
            (Some("/home/node".into()), Some("/root".into()))
        );
        assert_eq!(user("1000"), None);
        assert_eq!(end("FROM a\nWORKDIR $X").place(&state.expand("x")), None);
    }
}
