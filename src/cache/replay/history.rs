//! What is replayed: commits as the differences they make, and how.
//!
//! Where a history comes from, git or anything else, is the caller's business.

use super::super::build::ContextFile;
use crate::report::{Builder, FixLevel};
use crate::timings::Timings;
use std::collections::BTreeMap;

/// A commit: what it makes of the build before it.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct Commit {
    /// What names it, such as its hash.
    pub id: String,
    /// When it was made, in seconds since the start of 1970 (UTC), as `git log` prints it for
    /// `%ct`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub time: Option<f64>,
    /// The first line of its message.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub title: Option<String>,
    /// The text of the Dockerfile, where it is another than before.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub dockerfile: Option<String>,
    /// The text of the ignore file in force, where it is another than before and the build was
    /// given one. That of the context is read from there.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub dockerignore: Option<String>,
    /// The values of build arguments, all of them, where they are others than before.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub build_args: Option<BTreeMap<String, String>>,
    /// The paths of the context that are something else than before: what they are now, `null`
    /// where they are gone. A directory comes and goes with what lies in it.
    #[cfg_attr(feature = "wasm", tsify(type = "Record<string, ContextFile | null>"))]
    pub changes: BTreeMap<String, Option<ContextFile>>,
}

/// What to replay for.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct ReplayOptions {
    /// The builder whose cache counts; `buildkit` by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub builder: Builder,
    /// The stage to build, in every build; goes before the target of the start.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub target: Option<String>,
    /// What `docker build --progress=plain` (or `rawjson`) printed for the last of the
    /// Dockerfiles: costs are then measured times, wherever the same step is built. A step that
    /// it has not, or that came from the cache, keeps its estimate.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "string"))]
    pub timings: Option<Timings>,
    /// Which fixes go into the Dockerfiles of the rewritten history; without one of the levels,
    /// or with `none`, there is no such history.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub rewrite: FixLevel,
}

impl Default for ReplayOptions {
    fn default() -> ReplayOptions {
        ReplayOptions {
            builder: Builder::default(),
            target: None,
            timings: None,
            rewrite: FixLevel::None,
        }
    }
}
