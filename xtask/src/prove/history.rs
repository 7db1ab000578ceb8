//! The history of a project: commits one after the other, as `replay` takes them and as they lie
//! on a disk.
//!
//! `history.toml` beside `project.toml` holds it. What an engine does with it is in `commits`.

use super::layer::digest;
use super::project::{Files, Project, change};
use crate::tree;
use anyhow::{Context, Result, ensure};
use layerwise::{Build, Commit, FixLevel, Replay, ReplayOptions, replay};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// `history.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    commit: Vec<WrittenCommit>,
}

/// A commit: what it does to the files, the Dockerfile among them, and to the build arguments.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCommit {
    title: String,
    /// Files, each with a part that is there once and what stands in its place.
    #[serde(default)]
    replace: Vec<[String; 3]>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    /// Files that may be executed from now on.
    #[serde(default)]
    executable: Vec<String>,
    /// All build arguments, where they are others.
    build_args: Option<BTreeMap<String, String>>,
}

/// A state of the project.
pub struct Moment {
    /// What led to it.
    pub title: String,
    /// The build context.
    pub files: Files,
    /// The build arguments.
    pub build_args: BTreeMap<String, String>,
}

/// The states of a project, that of its folder first.
pub struct History<'p> {
    project: &'p Project,
    /// Each of them.
    pub moments: Vec<Moment>,
}

/// The Dockerfile that a history is of.
const DOCKERFILE: &str = "Dockerfile";

/// The history of a project, where it has one.
pub fn read<'p>(folder: &Path, project: &'p Project) -> Result<Option<History<'p>>> {
    let path = folder.join(&project.name).join("history.toml");
    if !path.exists() {
        return Ok(None);
    }
    let written: Written = toml::from_str(&tree::read(&path)?)?;
    let first = Moment {
        title: "start".to_string(),
        files: project.files.clone(),
        build_args: project.build_args.clone(),
    };
    let mut moments = vec![first];
    for commit in written.commit {
        let last = moments.last().context("no start")?;
        let (mut files, was) = (last.files.clone(), last.build_args.clone());
        change(&mut files, &commit.replace, &commit.write, &commit.remove)
            .with_context(|| format!("{}: {}", project.name, commit.title))?;
        for path in &commit.executable {
            files.get_mut(path).with_context(|| format!("no {path}"))?.mode = Some(0o755);
        }
        let build_args = commit.build_args.unwrap_or(was);
        let moment = Moment { title: commit.title, files, build_args };
        ensure!(!moment.is_same(last), "{}: a commit that changes nothing", project.name);
        moments.push(moment);
    }
    Ok(Some(History { project, moments }))
}

impl Moment {
    fn is_same(&self, other: &Moment) -> bool {
        self.files == other.files && self.build_args == other.build_args
    }

    fn dockerfile(&self) -> Result<&str> {
        let file = self.files.get(DOCKERFILE).and_then(|file| file.text.as_deref());
        file.with_context(|| format!("{}: no {DOCKERFILE}", self.title))
    }
}

impl History<'_> {
    /// What `replay` says of it; of its rewritten texts too, under the assumptions they list.
    pub fn replayed(&self) -> Result<Replay> {
        let first = &self.moments[0];
        let start = Build {
            dockerfile: first.dockerfile()?.to_string(),
            context: Some(first.files.clone()),
            target: self.project.target.clone(),
            build_args: first.build_args.clone(),
            ..Build::default()
        };
        let mut commits = Vec::new();
        for pair in self.moments.windows(2) {
            let [before, after] = pair else { continue };
            let text = after.dockerfile()?;
            commits.push(Commit {
                id: after.title.clone(),
                dockerfile: (text != before.dockerfile()?).then(|| text.to_string()),
                build_args: (after.build_args != before.build_args)
                    .then(|| after.build_args.clone()),
                changes: changes(&before.files, &after.files),
                ..Commit::default()
            });
        }
        let options = ReplayOptions { rewrite: FixLevel::Assumed, ..ReplayOptions::default() };
        Ok(replay(&start, &commits, &options))
    }

    /// The text that each state is built with, as `replay` builds it.
    pub fn texts(replay: &Replay) -> Vec<&str> {
        let of = replay.commits.iter().map(|commit| commit.dockerfile);
        [0].into_iter().chain(of).map(|at| replay.dockerfiles[at].as_str()).collect()
    }

    /// The digest of all that is built as it is.
    pub fn digest(&self) -> String {
        let mut all = format!("{:?}", self.project.images);
        for moment in &self.moments {
            all += &format!("\0{:?}\0{:?}", moment.files, moment.build_args);
        }
        short(&all)
    }

    /// The digest of the texts that are built.
    pub fn digest_of_texts(replay: &Replay) -> String {
        short(&History::texts(replay).join("\0"))
    }
}

fn short(text: &str) -> String {
    digest(text.as_bytes())[..16].to_string()
}

/// What is something else in `after` than in `before`.
fn changes(before: &Files, after: &Files) -> BTreeMap<String, Option<layerwise::ContextFile>> {
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let mut found: BTreeMap<_, _> = gone.map(|path| (path.clone(), None)).collect();
    for (path, file) in after.iter().filter(|(path, file)| before.get(*path) != Some(file)) {
        found.insert(path.clone(), Some(file.clone()));
    }
    found
}
