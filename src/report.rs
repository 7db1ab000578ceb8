//! What goes in and what comes out: the options and the report of `analyze`.
//!
//! Spans are bytes; the JavaScript surface turns them into lines and UTF-16 units.

use crate::issue::{Cost, Fix, Issue, Severity};
use crate::syntax::SyntaxError;
use crate::text::{Edit, Span};
use crate::timings::Timings;
use std::collections::BTreeMap;

/// The builder whose cache is modelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Builder {
    /// BuildKit, the default of Docker since 23.0.
    #[default]
    Buildkit,
    /// Docker's classic builder (`DOCKER_BUILDKIT=0`).
    Classic,
    /// `buildah build --layers` and `podman build`.
    Buildah,
}

/// Which fixes go into `rewritten`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FixLevel {
    /// None: `rewritten` is the input, and no fix is planned (fastest).
    None,
    /// Proved ones.
    Safe,
    /// Also those with listed assumptions.
    #[default]
    Assumed,
    /// Also those that change something stated beside the order.
    Suggested,
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
pub struct BaseImage {
    /// Its working directory.
    pub workdir: Option<String>,
    /// Its environment.
    pub env: BTreeMap<String, String>,
    /// Its user.
    pub user: Option<String>,
    /// Its SHELL.
    pub shell: Option<Vec<String>>,
    /// Its ONBUILD triggers, in order; `None` when that is not known.
    pub onbuild: Option<Vec<String>>,
}

/// Everything `analyze` can be told beside the text.
#[derive(Clone, Debug)]
pub struct Options {
    /// The files of the build context by path relative to it, with their text where it is
    /// given (manifests); `None` when nothing is known.
    pub files: Option<BTreeMap<String, Option<String>>>,
    /// Whether `files` is all there is, so that absence proves something.
    pub files_complete: bool,
    /// The text of `.dockerignore`; read from `files` when absent.
    pub dockerignore: Option<String>,
    /// The builder whose cache counts.
    pub builder: Builder,
    /// The stage to build; the last one by default.
    pub target: Option<String>,
    /// Values of build arguments.
    pub build_args: BTreeMap<String, String>,
    /// What is known of base images, by the reference the file uses.
    pub base_images: BTreeMap<String, BaseImage>,
    /// Which fixes go into `rewritten`.
    pub fix: FixLevel,
    /// Levels by rule id; rules not named keep their own.
    pub rules: BTreeMap<String, Level>,
    /// Times of an earlier build; costs are then measured.
    pub timings: Option<Timings>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            files: None,
            files_complete: true,
            dockerignore: None,
            builder: Builder::default(),
            target: None,
            build_args: BTreeMap::new(),
            base_images: BTreeMap::new(),
            fix: FixLevel::default(),
            rules: BTreeMap::new(),
            timings: None,
        }
    }
}

/// What `analyze` found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, the costliest first.
    pub issues: Vec<Issue>,
    /// The repairs; issues of one cause share one.
    pub fixes: Vec<Fix>,
    /// The text with the fixes of the chosen level applied.
    pub rewritten: String,
    /// The edits that turn the input into `rewritten`: sorted, disjoint.
    pub edits: Vec<Edit>,
    /// What BuildKit refuses.
    pub errors: Vec<SyntaxError>,
    /// The stages and their steps, in the order of the file.
    pub stages: Vec<Stage>,
    /// Changes that happen to every project, and what each rebuilds, most frequent first.
    pub scenarios: Vec<Scenario>,
}

/// A change and what it rebuilds.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What kind of change it is: `source`, `dependencies`, `lock-file`, `build-arg` or
    /// `base-image`.
    pub kind: &'static str,
    /// What happens, as a sentence without its full stop; names are in backticks.
    pub title: String,
    /// The files of the context that change: patterns where their names are not known.
    pub paths: Vec<String>,
    /// What it rebuilds of the file as it is.
    pub before: Rebuild,
    /// What it rebuilds of the rewritten file; places are of that text.
    pub after: Rebuild,
}

/// What a change rebuilds: what [`compare`](crate::compare) says of the build before and
/// after it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rebuild {
    /// The instructions that run again, in the order of the build.
    pub reruns: Vec<Span>,
    /// Each COPY with `--link` whose files come from the cache and are put on a new parent.
    pub relinked: Vec<Span>,
    /// The instructions that run again only if a stage that runs again gives other files than
    /// before.
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
pub struct Stage {
    /// Its name as written after AS.
    pub name: Option<String>,
    /// What FROM names, variables expanded where their values are known.
    pub base: String,
    /// Whether the base is an earlier stage of the file: its index.
    pub base_stage: Option<usize>,
    /// Whether the target needs it.
    pub needed: bool,
    /// The FROM instruction.
    pub span: Span,
    /// Its steps, FROM not included.
    pub steps: Vec<Step>,
}

/// One instruction of a stage as the builder sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The keyword, upper case.
    pub keyword: String,
    /// The instruction.
    pub span: Span,
    /// The working directory it runs in, where it is known.
    pub cwd: Option<String>,
    /// The user it runs as, where it is known.
    pub user: Option<String>,
    /// What it costs when it runs; nothing where it only sets configuration.
    pub cost: Cost,
    /// What it needs of what earlier COPY and ADD instructions of its stage (and the stages
    /// it is built on) brought. Copies it needs nothing of are listed too.
    pub needs: Vec<CopyNeed>,
}

/// How much a step needs of one earlier copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyNeed {
    /// The COPY or ADD.
    pub copy: Span,
    /// How much of it.
    pub need: Need,
    /// Why, as a sentence.
    pub because: String,
}

/// A part of what a copy brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing of it.
    Nothing,
    /// Only these paths of the context (patterns where the names are not known).
    Paths(Vec<String>),
    /// Possibly all of it.
    Everything,
}
