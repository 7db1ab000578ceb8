//! The TypeScript declarations of what comes in: the options.
//!
//! Declarations only: no value of these types is made, `options` reads the core's own types
//! straight from JavaScript. Fields with a `type` of their own carry no Rust type.

#![allow(dead_code)]

use tsify::Tsify;

/// What `analyze` can be told beside the text.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// The files of the build context, by path relative to it: a list of paths, or an object
    /// that gives the text of manifests (`null` for every other file). Leave it out when
    /// nothing is known.
    #[tsify(optional, type = "string[] | Record<string, string | null>")]
    pub files: (),
    /// Whether `files` is all there is (the default). When `false`, absence proves nothing,
    /// and fixes that rest on it stay `assumed`.
    #[tsify(optional)]
    pub files_complete: Option<bool>,
    /// The text of `.dockerignore`; taken from `files` when left out.
    #[tsify(optional)]
    pub dockerignore: Option<String>,
    /// The builder whose cache counts; `buildkit` by default.
    #[tsify(optional)]
    pub builder: Option<Builder>,
    /// The stage to build; the last one by default.
    #[tsify(optional)]
    pub target: Option<String>,
    /// Values of build arguments.
    #[tsify(optional, type = "Record<string, string>")]
    pub build_args: (),
    /// What is known of base images, by the reference that the file uses.
    #[tsify(optional, type = "Record<string, BaseImage>")]
    pub base_images: (),
    /// Which fixes go into `rewritten`: that level and everything safer; `assumed` by default.
    #[tsify(optional)]
    pub fix: Option<FixLevel>,
    /// What the findings of a rule are reported as, by its id.
    #[tsify(optional, type = "Record<string, RuleLevel>")]
    pub rules: (),
    /// What `docker build --progress=plain` (or `rawjson`) printed for this Dockerfile: costs
    /// are then measured times. Throws a TypeError for a text that is no such log.
    #[tsify(optional)]
    pub timings: Option<String>,
}

/// A builder whose cache is modelled.
#[derive(Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Builder {
    /// BuildKit, the default of Docker since 23.0.
    Buildkit,
    /// Docker's classic builder (`DOCKER_BUILDKIT=0`).
    Classic,
    /// `buildah build --layers` and `podman build`.
    Buildah,
}

/// Which fixes are applied.
#[derive(Tsify)]
#[serde(rename_all = "lowercase")]
pub enum FixLevel {
    /// None, which is also fastest.
    None,
    /// Proved ones.
    Safe,
    /// Also those with listed assumptions.
    Assumed,
    /// Also those that change something stated beside the order.
    Suggested,
}

/// What the findings of a rule are reported as.
#[derive(Tsify)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// Not reported, not fixed.
    Off,
    /// Worth knowing.
    Info,
    /// Costs rebuild time.
    Warning,
    /// Breaks the build.
    Error,
}

/// What is known of a base image.
#[derive(Tsify)]
pub struct BaseImage {
    /// Its working directory.
    #[tsify(optional)]
    pub workdir: Option<String>,
    /// Its environment.
    #[tsify(optional, type = "Record<string, string>")]
    pub env: (),
    /// Its user.
    #[tsify(optional)]
    pub user: Option<String>,
    /// Its SHELL.
    #[tsify(optional)]
    pub shell: Option<Vec<String>>,
    /// Its ONBUILD triggers, in order; leave it out when that is not known.
    #[tsify(optional)]
    pub onbuild: Option<Vec<String>>,
}
