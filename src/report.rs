//! What goes in and what comes out: the options and the report of `analyze`.
//!
//! Spans are bytes; the JavaScript surface turns them into lines and UTF-16 units.

pub use crate::issue::ScenarioKind;
use crate::issue::{Cost, Fix, Issue, Severity};
use crate::syntax::SyntaxError;
use crate::text::{Edit, Span};
use crate::timings::Timings;
use crate::words::words;
use std::collections::BTreeMap;

words! {
    /// The builder whose cache is modelled.
    pub enum Builder {
        /// BuildKit, the default of Docker since 23.0.
        Buildkit = "buildkit",
        /// Docker's classic builder (`DOCKER_BUILDKIT=0`).
        Classic = "classic",
        /// `buildah build --layers` and `podman build`.
        Buildah = "buildah",
    }
}

words! {
    /// Which fixes go into `rewritten`.
    pub enum FixLevel {
        /// None: `rewritten` is the input, and no fix is planned (fastest).
        None = "none",
        /// Proved ones.
        Safe = "safe",
        /// Also those with listed assumptions.
        Assumed = "assumed",
        /// Also those that change something stated beside the order.
        Suggested = "suggested",
    }
}

/// What a rule's findings are reported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Not reported, not fixed.
    Off,
    /// Reported with this severity.
    At(Severity),
}

/// What is known of a base image that is not in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct BaseImage {
    /// Its working directory.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub workdir: Option<String>,
    /// Its environment.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub env: BTreeMap<String, String>,
    /// Its user.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub user: Option<String>,
    /// Its SHELL.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub shell: Option<Vec<String>>,
    /// Its ONBUILD triggers, in order; leave it out when that is not known.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub onbuild: Option<Vec<String>>,
}

/// What a file that defines the build, such as a workflow, says of the cache that is kept when the
/// machine is gone which builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct BuildCache {
    /// The file, and where in it: it begins sentences.
    pub defined_in: String,
    /// Where it is imported from, an entry each: `type=gha`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub from: Vec<String>,
    /// Where it is exported to: `type=gha,mode=max`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub to: Vec<String>,
    /// Whether other images are exported there too.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub shared: bool,
}

/// What `analyze` can be told beside the text.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct Options {
    /// The files of the build context, by path relative to it: a list of paths, or an object
    /// that gives the text of manifests (`null` for every other file). Leave it out when
    /// nothing is known.
    #[cfg_attr(
        feature = "wasm",
        tsify(optional, type = "string[] | Record<string, string | null>")
    )]
    pub files: Option<BTreeMap<String, Option<String>>>,
    /// Whether `files` is all there is (the default). When `false`, absence proves nothing, and
    /// fixes that rest on it stay `assumed`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub files_complete: bool,
    /// The programs that may be run as they are, of those that files of packages name (`bin` in
    /// package.json): an install makes the others executable. Leave it out where modes are not
    /// known.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub executables: Option<Vec<String>>,
    /// The text of `.dockerignore`; taken from `files` when left out.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub dockerignore: Option<String>,
    /// The directory that `files` were taken from, where that it is the build context is a
    /// guess: every fix assumes it then. Leave it out when the context is known.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub guessed_context: Option<String>,
    /// In what share of the commits, from 0 to 1, each file of the context changed. With it, what
    /// changes often is measured and not guessed by names: a copy of files that never change is
    /// no issue, and one of a hot file is. A path that ends in a slash, such as `docs/` or `./`,
    /// is that of all that lies in a directory. A file that is left out is judged by its name.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, number>"))]
    pub history: Option<Vec<(String, f64)>>,
    /// The builder whose cache counts; `buildkit` by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub builder: Builder,
    /// Whether the builder keeps no cache mounts between builds, as those of hosted CI do: then
    /// nothing advises mounts, and what only a mount would hold counts as lost.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub ephemeral: bool,
    /// What is known of the cache that builds export and import. Leave it out where the builder
    /// keeps its layers.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub build_cache: Option<BuildCache>,
    /// The stage to build, by its name or index; the last one by default. Where no stage is it,
    /// the report's `errors` say so, and nothing is rewritten.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub target: Option<String>,
    /// Whether the text may be a fragment of a Dockerfile, as documentation shows them: where it
    /// has no FROM for its first instructions, they are analysed as if they stood on a base image of
    /// which nothing is known. Nothing is added to the text for it: its stage in `stages` has an
    /// empty `base` and an empty place.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub fragment: bool,
    /// The stages that are built as targets of their own, beside it: their files stay what they
    /// are. Leave it out when they are not known. Those that compose and bake files, workflows,
    /// Makefiles and scripts name are found in `files` in any case.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub targets: Option<Vec<String>>,
    /// Values of build arguments.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub build_args: BTreeMap<String, String>,
    /// What is known of base images, by the reference that the file uses.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub base_images: BTreeMap<String, BaseImage>,
    /// Which fixes go into `rewritten`: that level and everything safer; `assumed` by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub fix: FixLevel,
    /// What the findings of a rule are reported as, by its id; rules not named keep their own.
    /// An id that no rule has is an error, told with the nearest: of the call in JavaScript, of
    /// `rules::find` in Rust.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, Severity | \"off\">"))]
    pub rules: BTreeMap<String, Level>,
    /// What `docker build --progress=plain` (or `rawjson`) printed for this Dockerfile: costs
    /// are then measured times; a step that it has not, or that came from the cache, keeps its
    /// estimate.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "string"))]
    pub timings: Option<Timings>,
}

// `words!` has no place for `#[default]`.
#[allow(clippy::derivable_impls)]
impl Default for Builder {
    fn default() -> Builder {
        Builder::Buildkit
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            files: None,
            files_complete: true,
            executables: None,
            dockerignore: None,
            guessed_context: None,
            history: None,
            builder: Builder::default(),
            ephemeral: false,
            build_cache: None,
            target: None,
            fragment: false,
            targets: None,
            build_args: BTreeMap::new(),
            base_images: BTreeMap::new(),
            fix: FixLevel::Assumed,
            rules: BTreeMap::new(),
            timings: None,
        }
    }
}

/// What `analyze` found.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Report {
    /// The findings, the costliest first.
    pub issues: Vec<Issue>,
    /// The repairs; issues of one cause share one.
    pub fixes: Vec<Fix>,
    /// The text with the fixes of the chosen level applied.
    pub rewritten: String,
    /// The edits that turn the text into `rewritten`: sorted, disjoint.
    #[cfg_attr(feature = "wasm", tsify(type = "TextEdit[]"))]
    pub edits: Vec<Edit>,
    /// The text of a `.dockerignore` that goes with `rewritten`: it also excludes what the issues
    /// name and no step needs, and what its fixes bring (see [`Fix::dockerignore`]), and otherwise
    /// what it excludes today; nothing where there is nothing to add.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub dockerignore: Option<String>,
    /// Files of the context whose text was looked for and not given, a hundred at most: with it
    /// more is known, and less assumed.
    pub wanted: Vec<String>,
    /// What BuildKit refuses; that no stage is the target, too.
    pub errors: Vec<SyntaxError>,
    /// Comments for layerwise that come to nothing, in the order of the file.
    pub notices: Vec<Notice>,
    /// The stages and their steps, in the order of the file.
    pub stages: Vec<Stage>,
    /// Changes that happen to every project, and what each rebuilds, most frequent first.
    pub scenarios: Vec<Scenario>,
}

/// A comment for layerwise that comes to nothing: it names a rule that there is not, or switches
/// off what is not found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Notice {
    /// What is wrong with it, as a sentence without its full stop.
    pub message: String,
    /// The name of the rule in it.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
}

/// Something that changes between two builds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub enum Change {
    /// The content of these files of the context.
    Files(Vec<String>),
    /// The value of a build argument.
    BuildArg(String),
    /// A base image, by the name FROM uses, variables expanded.
    BaseImage(String),
}

/// A change and what it rebuilds.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Scenario {
    /// What kind of change it is.
    pub kind: ScenarioKind,
    /// What happens, as a sentence without its full stop; names are in backticks.
    pub title: String,
    /// The files of the context that change: patterns where their names are not known.
    pub paths: Vec<String>,
    /// What changes, for `rebuild`: files are named as samples where their names are not known.
    pub change: Change,
    /// What it rebuilds of the file as it is.
    pub before: Rebuild,
    /// What it rebuilds of the rewritten file; places are of that text.
    #[cfg_attr(feature = "wasm", serde(serialize_with = "of_rewritten"))]
    pub after: Rebuild,
}

/// What a change rebuilds: what `compare` says of the build before and after it.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct Rebuild {
    /// The instructions that run again, in the order of the build.
    #[cfg_attr(feature = "wasm", tsify(type = "Range[]"))]
    pub reruns: Vec<Span>,
    /// Each COPY with `--link` whose files come from the cache and are put on a new parent.
    #[cfg_attr(feature = "wasm", tsify(type = "Range[]"))]
    pub relinked: Vec<Span>,
    /// The instructions that run again only if a stage that runs again gives other files than
    /// before.
    #[cfg_attr(feature = "wasm", tsify(type = "Range[]"))]
    pub depends: Vec<Span>,
    /// What they cost together, at most: as if all that depend run again.
    pub cost: Cost,
    /// What they cost together, at least: as if none that depend runs again.
    pub cost_at_least: Cost,
}

impl Rebuild {
    /// Whether every step comes from the cache.
    pub fn is_empty(&self) -> bool {
        self.reruns.is_empty() && self.relinked.is_empty() && self.depends.is_empty()
    }
}

/// One stage of the build.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct Stage {
    /// Its name as written after AS.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub name: Option<String>,
    /// What FROM names, variables expanded where their values are known.
    pub base: String,
    /// Index of the stage it is built on, where the base is an earlier stage.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub base_stage: Option<usize>,
    /// Whether the target needs it.
    pub needed: bool,
    /// The FROM instruction.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// Its steps, FROM not included.
    pub steps: Vec<Step>,
}

/// One instruction of a stage as the builder sees it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Step {
    /// The keyword, upper case.
    pub keyword: String,
    /// The instruction.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// The working directory it runs in, where it is known.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub cwd: Option<String>,
    /// The user it runs as, where it is known.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub user: Option<String>,
    /// What it costs when it runs; nothing where it only sets configuration.
    pub cost: Cost,
    /// What it needs of what earlier COPY and ADD instructions of its stage (and the stages
    /// it is built on) brought. Copies it needs nothing of are listed too.
    pub needs: Vec<CopyNeed>,
}

/// How much a step needs of one earlier copy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct CopyNeed {
    /// The COPY or ADD.
    #[cfg_attr(feature = "wasm", tsify(type = "Range"))]
    pub copy: Span,
    /// How much of it.
    pub need: Need,
    /// With `paths`: which paths of the context, patterns where names are not known.
    #[cfg_attr(feature = "wasm", serde(skip_serializing_if = "Vec::is_empty"), tsify(optional))]
    pub paths: Vec<String>,
    /// Why, as a sentence.
    pub because: String,
}

words! {
    /// How much of a copy a step needs.
    pub enum Need {
        /// Nothing of it.
        Nothing = "nothing",
        /// Only the listed paths.
        Paths = "paths",
        /// Possibly all of it.
        Everything = "everything",
    }
}

/// The name under which values are serialised whose places are of the rewritten text.
#[cfg(feature = "wasm")]
pub const REWRITTEN: &str = "rewritten";

#[cfg(feature = "wasm")]
fn of_rewritten<S: serde::Serializer>(rebuild: &Rebuild, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_newtype_struct(REWRITTEN, rebuild)
}
