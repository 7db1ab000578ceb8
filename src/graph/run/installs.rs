//! Directories that an install is told to fill, by options, variables and settings:
//! `pip install -t lib`, `GOMODCACHE=/app/mods`, `bundle config set path gems`.

use super::join;
use super::reader::Reader;
use crate::context::base_name;
use crate::ecosystem::{
    ActionKind, Argument, Arguments, Use, downloads, kept_as_variable, told_directories,
};
use crate::graph::path_set::under;

impl Reader<'_> {
    /// Where `used` installs, beside what its tool fills unasked; `outputs` are the places of what
    /// its options have it write.
    pub(super) fn installs_into(&self, used: &Use, outputs: &[String]) -> Vec<String> {
        // The first half of `composer install` fills what the whole does.
        let is_part = || used.action.first.is_some_and(|first| first.is_part);
        let installs = match used.kind {
            ActionKind::Install | ActionKind::Named => true,
            kind => kind == ActionKind::Compile && is_part(),
        };
        let clones = used.action.arguments == Arguments::Destination;
        if !installs || clones || downloads(used) {
            return Vec::new();
        }
        // `--report out.json` is no directory; `-t .packages` is one.
        let is_file = |path: &&String| base_name(path).find('.').is_some_and(|at| at > 0);
        // A GOPATH above the project, or at it, has names of its own that source may have as well.
        let holds_project =
            |place: &str| self.cwd.as_deref().is_some_and(|cwd| under(place, cwd).is_some());
        let told = told_directories(used, &|name| self.told(name).map(str::to_owned)).into_iter();
        let told = told.filter_map(|told| {
            let place = self.place(&told.directory, true)?;
            (!holds_project(&place)).then(|| join(&place, told.below))
        });
        outputs.iter().filter(|path| !is_file(path)).cloned().chain(told).collect()
    }

    /// The value of a variable, or of what an earlier command has kept in its place.
    fn told(&self, name: &str) -> Option<&str> {
        let kept = || self.texts().find_map(|(_, text)| text.strip_prefix(name)?.strip_prefix('='));
        self.known(name).or_else(kept).filter(|value| !value.is_empty())
    }

    /// What a command keeps as if a variable said it: `BUNDLE_PATH=gems`.
    pub(super) fn kept_as_variable(used: &Use, arguments: &[Argument<'_>]) -> Option<String> {
        let words = arguments.iter().map(|word| word.text.as_str());
        let words: Vec<&str> = words.filter(|word| !word.starts_with('-')).collect();
        kept_as_variable(used.tool.name, &words)
    }
}
