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
    /// are then measured times; a step that it has not, or that came from the cache, keeps its
    /// estimate. Throws a TypeError for a text that is no such log.
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

/// One build, for `compare`.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Build {
    /// The text of the Dockerfile.
    pub dockerfile: String,
    /// The files of the context by path, as exactly as they are known. The Dockerfile and the
    /// ignore file in force belong to them and are added where they are missing.
    #[tsify(optional, type = "Record<string, ContextFile>")]
    pub context: (),
    /// Where there is no `context`: its paths, or an object that gives the text of some.
    #[tsify(optional, type = "string[] | Record<string, string | null>")]
    pub files: (),
    /// The text of the ignore file in force; taken from the context when left out.
    #[tsify(optional)]
    pub dockerignore: Option<String>,
    /// Values of build arguments, proxies and `SOURCE_DATE_EPOCH` among them.
    #[tsify(optional, type = "Record<string, string>")]
    pub build_args: (),
    /// Values of secrets by id; no cache depends on them.
    #[tsify(optional, type = "Record<string, string>")]
    pub secrets: (),
    /// The platform built for; `linux/amd64` by default.
    #[tsify(optional)]
    pub platform: Option<String>,
    /// Digests of base images, by the reference that the file uses: an image can change
    /// without its name.
    #[tsify(optional, type = "Record<string, string>")]
    pub base_digests: (),
    /// The stage to build; the last one by default.
    #[tsify(optional)]
    pub target: Option<String>,
}

/// A file, directory or link of the context.
#[derive(Tsify)]
pub struct ContextFile {
    /// What it is.
    #[tsify(type = "\"file\" | \"dir\" | \"symlink\"")]
    pub r#type: (),
    /// Permission bits in octal, such as `"0o644"`.
    #[tsify(optional)]
    pub mode: Option<String>,
    /// `uid:gid` on the host; no cache depends on it.
    #[tsify(optional)]
    pub owner: Option<String>,
    /// The content of a file that is text.
    #[tsify(optional)]
    pub text: Option<String>,
    /// The SHA-256 of the content, where the text is not given.
    #[tsify(optional)]
    pub sha256: Option<String>,
    /// Where a link points.
    #[tsify(optional)]
    pub target: Option<String>,
}

/// What `compare` can be told beside the builds.
#[derive(Tsify)]
pub struct CompareOptions {
    /// The builder whose cache counts; `buildkit` by default.
    #[tsify(optional)]
    pub builder: Option<Builder>,
    /// The stage to build, in both builds.
    #[tsify(optional)]
    pub target: Option<String>,
}
