//! The scenarios of `tests/conformance`: two builds each, and what is expected of every step
//! of the second.
//!
//! Only how they are written is known here; an engine is asked by `cargo xtask conformance`.

use layerwise::context::EntryKind;
use layerwise::{Build, ContextFile, Outcome};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Two builds and what is expected of the second.
#[allow(dead_code, reason = "only an engine needs to know what is touched")]
pub struct Case {
    /// The file it stands in.
    pub area: String,
    /// Scenario and variant: `files/content`.
    pub id: String,
    /// The build that fills the cache.
    pub before: Build,
    /// The build that finds it.
    pub after: Build,
    /// Paths that are written again, changed or not.
    pub touched: Vec<String>,
    /// Every step of the second build.
    pub steps: Vec<Step>,
    /// Why an engine of today may do something else.
    pub differs: Option<String>,
}

/// What is expected of a step.
pub struct Step {
    /// The step as the progress log names it.
    pub text: String,
    /// What the model is to say.
    pub predicted: Outcome,
    /// What an engine is to do: the same, but where that depends on bytes.
    pub observed: Outcome,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    scenario: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    id: String,
    dockerfile: String,
    #[serde(default)]
    context: BTreeMap<String, Entry>,
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    variant: Vec<Variant>,
}

/// What is another in the second build.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    id: String,
    /// Parts of the Dockerfile, each there exactly once, and what stands in their place.
    #[serde(default)]
    replace: Vec<[String; 2]>,
    #[serde(default)]
    context: BTreeMap<String, Entry>,
    /// Files, or directories with all in them, that are gone.
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    args: BTreeMap<String, String>,
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    /// Images that are others of the same name.
    #[serde(default)]
    images: BTreeMap<String, String>,
    target: Option<String>,
    differs: Option<String>,
    /// A line for each step: its outcome and its text. `depends:cached` is `depends` for the
    /// model and `cached` for an engine.
    steps: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Text(String),
    Link { link: String },
    Directory { directory: bool },
    File { text: String, mode: String },
}

/// The images that every engine is given, with what tells each from others of its name.
const IMAGES: [(&str, &str); 2] = [("layerwise/base:1", "first"), ("layerwise/base:2", "second")];

/// All scenarios in `folder`.
pub fn read(folder: &Path) -> Vec<Case> {
    let entries = folder.read_dir().expect("a folder of scenarios");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let mut cases = Vec::new();
    for path in &paths {
        let area = path.file_stem().expect("a name").to_string_lossy();
        let text = std::fs::read_to_string(path).expect("a file of scenarios");
        let read: Area = toml::from_str(&text).unwrap_or_else(|error| panic!("{area}: {error}"));
        for scenario in &read.scenario {
            for variant in &scenario.variant {
                cases.push(case(&area, scenario, variant));
            }
        }
    }
    cases
}

fn case(area: &str, scenario: &Scenario, variant: &Variant) -> Case {
    let id = format!("{}/{}", scenario.id, variant.id);
    let digests = IMAGES.map(|(name, content)| (name.to_owned(), content.to_owned()));
    let context = scenario.context.iter().map(|(path, entry)| (path.clone(), entry.file()));
    let before = Build {
        dockerfile: scenario.dockerfile.clone(),
        context: Some(context.collect()),
        secrets: scenario.secrets.clone(),
        base_digests: digests.into(),
        ..Build::default()
    };
    let mut after = before.clone();
    for [old, new] in &variant.replace {
        let times = after.dockerfile.matches(old).count();
        assert_eq!(times, 1, "{area} {id}: `{old}` is there {times} times");
        after.dockerfile = after.dockerfile.replace(old, new);
    }
    let files = after.context.as_mut().expect("a context");
    for gone in &variant.remove {
        let had = files.len();
        files.retain(|path, _| !Path::new(path).starts_with(gone));
        assert!(files.len() < had, "{area} {id}: no `{gone}` to remove");
    }
    files.extend(variant.context.iter().map(|(path, entry)| (path.clone(), entry.file())));
    after.build_args.clone_from(&variant.args);
    after.secrets.extend(variant.secrets.clone());
    after.base_digests.extend(variant.images.clone());
    after.target.clone_from(&variant.target);
    Case {
        steps: variant.steps.lines().map(|line| step(line, &id)).collect(),
        area: area.to_owned(),
        id,
        before,
        after,
        touched: variant.context.keys().cloned().collect(),
        differs: variant.differs.clone(),
    }
}

fn step(line: &str, id: &str) -> Step {
    let (outcomes, text) = line.split_once(' ').unwrap_or_else(|| panic!("{id}: `{line}`"));
    let (predicted, observed) = outcomes.split_once(':').unwrap_or((outcomes, outcomes));
    let outcome = |name| outcome(name).unwrap_or_else(|| panic!("{id}: no outcome `{name}`"));
    Step {
        text: text.trim_start().to_owned(),
        predicted: outcome(predicted),
        observed: outcome(observed),
    }
}

/// The outcome of that name.
pub fn outcome(name: &str) -> Option<Outcome> {
    let all = [Outcome::Cached, Outcome::Relinked, Outcome::Rerun, Outcome::Depends];
    all.into_iter().find(|outcome| outcome.id() == name)
}

/// Whether an engine that did `observed` did what was predicted.
pub fn agrees(predicted: Outcome, observed: Outcome) -> bool {
    match predicted {
        Outcome::Depends => matches!(observed, Outcome::Cached | Outcome::Rerun),
        _ => predicted == observed,
    }
}

impl Entry {
    fn file(&self) -> ContextFile {
        match self {
            Entry::Text(text) => ContextFile::text(text),
            Entry::File { text, mode } => {
                let mode = ContextFile::parse_mode(mode);
                assert!(mode.is_some(), "a mode is octal");
                ContextFile { mode, ..ContextFile::text(text) }
            }
            Entry::Link { link } => ContextFile {
                kind: EntryKind::Symlink,
                target: Some(link.clone()),
                ..ContextFile::default()
            },
            Entry::Directory { directory } => {
                assert!(directory, "a directory is one");
                let kind = EntryKind::Directory;
                ContextFile { kind, mode: Some(0o755), ..ContextFile::default() }
            }
        }
    }
}
