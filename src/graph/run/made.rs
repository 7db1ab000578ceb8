//! What commands of a RUN were told to write: no later one finds it in the context.

use crate::graph::path_set::under;

/// What a command was told to write.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) path: String,
    /// Whether nothing was there before, nor anything below.
    pub(super) whole: bool,
    /// Whether it was downloaded.
    pub(super) fetched: bool,
}

impl Made {
    pub(super) fn holds(&self, path: &str) -> bool {
        self.path == path || (self.whole && under(&self.path, path).is_some())
    }
}
