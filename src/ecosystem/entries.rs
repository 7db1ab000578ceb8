//! Short ways to write the entries of the tables: actions, what can run first, and manifests.
//! What an entry means is said where its type is.

use super::{Action, ActionKind, Arguments, First, Index, Looks, Manifest, Presence, Unlisted};

impl Action {
    /// Whether all it does is fetch dependencies: it is what could run first itself.
    pub fn only_fetches(&self) -> bool {
        let first = self.first.map_or("", |first| first.words);
        let is_first = |word: &&str| word.split('|').any(|spelling| spelling == first);
        self.fetches || !first.is_empty() && self.words.iter().any(is_first)
    }
}

/// An action of `kind` for `words`; arguments are ignored.
pub(super) const fn action(words: &'static [&'static str], kind: ActionKind) -> Action {
    Action {
        words,
        goals: "",
        unless: "",
        flags: "",
        all_flags: "",
        kind,
        arguments: Arguments::Ignored,
        first: None,
        writes: &[],
        looks: Looks::Usual,
        index: Index::Usual,
        fetches: false,
    }
}

/// An action that refreshes the index that later commands install from.
pub(super) const fn refreshes(words: &'static [&'static str]) -> Action {
    Action { index: Index::Refreshes, ..action(words, ActionKind::Named) }
}

/// A cheap action on the project: it reads its manifests.
pub(super) const fn of_project(words: &'static [&'static str]) -> Action {
    Action { looks: Looks::Project, ..action(words, ActionKind::Upkeep) }
}

/// A cheap action of the version that settings of the project choose.
pub(super) const fn by_settings(words: &'static [&'static str]) -> Action {
    Action { looks: Looks::Settings, ..action(words, ActionKind::Upkeep) }
}

/// An action that empties the tool's caches.
pub(super) const fn empties(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Caches, ..action(words, ActionKind::Upkeep) }
}

/// `words` in place of the command's own, with its project's place left as it is.
pub(super) const fn first(words: &'static str) -> First {
    First {
        words,
        flags: "",
        carries: "",
        arguments: false,
        drops: "",
        since: "",
        reads_all_since: "",
        options_first: false,
        assumes: &[],
        fills_caches: false,
        is_part: false,
        is_checked: false,
    }
}

/// The command as it is written, with `flags`.
pub(super) const fn added(flags: &'static str) -> First {
    First { flags, ..first("") }
}

pub(super) const fn required(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Required, unlisted: Unlisted::As(path) }
}

pub(super) const fn optional(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Optional, unlisted: Unlisted::Assumed }
}

pub(super) const fn beside(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Optional, unlisted: Unlisted::Beside }
}

/// Read where it is there, and copied by a pattern that may match nothing.
pub(super) const fn maybe(path: &'static str, pattern: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Optional, unlisted: Unlisted::As(pattern) }
}

/// Read where it is there, and covered by the pattern of another.
pub(super) const fn covered(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Optional, unlisted: Unlisted::Covered }
}

/// An assumption of `Tool::inspect` says that it is absent.
pub(super) const fn said(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Optional, unlisted: Unlisted::Said }
}

/// Where files are not known, nobody has two lock files.
pub(super) const fn substitute(path: &'static str) -> Manifest {
    Manifest { path, presence: Presence::Substitute, unlisted: Unlisted::Said }
}

pub(super) const fn lock(path: &'static str, unlisted: Unlisted) -> Manifest {
    Manifest { path, presence: Presence::Lock, unlisted }
}

#[cfg(test)]
mod tests {
    use crate::ecosystem::recognise::tests::*;
    use crate::ecosystem::{Looks, runs_scripts};

    #[test]
    fn what_looks_for_a_project_is_not_free_of_it() {
        let looks = |line: &str| used(line).map(|found| found.action.looks);
        for (project, free) in [
            ("bundle config set without test", "bundle config set --local without test"),
            (
                "poetry config --local virtualenvs.create false",
                "poetry config virtualenvs.create false",
            ),
            ("pdm config --local a b", "pdm config a b"),
        ] {
            assert_eq!(looks(project), Some(Looks::Project), "{project}");
            assert_eq!(looks(free), Some(Looks::Usual), "{free}");
        }
        assert_eq!(looks("uv venv"), Some(Looks::Settings));
        // The project names the version that runs.
        assert_eq!(looks("yarn config set registry https://x"), Some(Looks::Project));
        for line in ["yarn config set --home registry https://x", "pnpm config set store-dir /s"] {
            assert_eq!(looks(line), Some(Looks::Settings), "{line}");
        }
        kinds(EVERYTHING, &["cargo clean", "go clean", "npm config set --location project a b"]);
        kinds(EVERYTHING, &["uv python install"]);
        kinds(EVERYTHING, &["pnpm install --config.injectWorkspacePackages=true"]);
        kinds(UPKEEP, &["go clean -modcache", "npm config set a b", "cargo --version"]);
        kinds(INSTALL, &["rustup toolchain install", "rustup show active-toolchain"]);
        kinds(NAMED, &["rustup toolchain install 1.83", "uv python install 3.12"]);
        kinds(None, &["npm pkg set a=b", "composer config a b"]);
    }

    #[test]
    fn packages_with_programs_of_their_own() {
        for path in ["./a.deb", "a.rpm", "a.gem", "a.tar.gz"] {
            assert!(runs_scripts(path), "{path}");
        }
        assert!(!runs_scripts("dist/a.whl") && !runs_scripts("flask"));
    }
}
