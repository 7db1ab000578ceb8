//! A project of `tests/projects`: its files, the images it is built on, and what is edited.

use crate::tree;
use anyhow::{Context, Result, bail, ensure};
use layerwise::ContextFile;
use layerwise::context::EntryKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The files of a build context.
pub type Files = BTreeMap<String, ContextFile>;

/// `project.toml`, and the files beside it in `context`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The folder.
    #[serde(skip)]
    pub name: String,
    /// What it shows, in a few words.
    pub about: String,
    /// Under which it is counted.
    pub ecosystem: String,
    /// Whether `--quick` runs it.
    #[serde(default)]
    pub quick: bool,
    /// Whether what is only suggested, such as mounts, is done as well.
    #[serde(default)]
    pub suggested: bool,
    /// A Dockerfile as a page of the manual advises it, which is built in place of what the analyzer
    /// makes of the others.
    pub advised: Option<String>,
    /// Its Dockerfiles, each of which is tried.
    #[serde(default = "dockerfile")]
    pub dockerfiles: Vec<String>,
    /// The stage to build.
    pub target: Option<String>,
    /// Values of build arguments.
    #[serde(default)]
    pub build_args: BTreeMap<String, String>,
    /// By the name that FROM uses, the stand-in in `tests/projects/bases` where no registry is
    /// reached.
    pub images: BTreeMap<String, String>,
    /// Where the image of the rewritten file may be another, whatever is edited.
    pub covered: Option<Covered>,
    /// What happens to it, one after the other.
    #[serde(default)]
    pub edit: Vec<ProjectEdit>,
    /// Its build context.
    #[serde(skip)]
    pub files: Files,
}

/// One change of a project.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectEdit {
    /// Of what kind.
    pub kind: EditKind,
    /// Files, each with a part that is there once and what stands in its place.
    #[serde(default)]
    pub replace: Vec<[String; 3]>,
    /// Files that appear, or are written anew.
    #[serde(default)]
    pub write: BTreeMap<String, String>,
    /// Files that go.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Where the image of the rewritten file may be another; that of the project where it is
    /// left out.
    pub covered: Option<Covered>,
}

/// What one of the fix's own sentences says may be another.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covered {
    /// The paths, or what stands below them; none where the build fails.
    #[serde(default)]
    pub paths: Vec<String>,
    /// A part of the sentence, which must be among the fix's assumptions.
    pub by: String,
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EditKind {
    /// A file of the program.
    Source,
    /// A dependency is added, or gets another version.
    Dependency,
    /// A file appears that the fix could not know of.
    Drift,
}

impl EditKind {
    /// Its word.
    pub fn id(self) -> &'static str {
        match self {
            EditKind::Source => "source",
            EditKind::Dependency => "dependency",
            EditKind::Drift => "drift",
        }
    }
}

fn dockerfile() -> Vec<String> {
    vec!["Dockerfile".to_string()]
}

/// All projects, by name.
pub fn read_all(folder: &Path) -> Result<Vec<Project>> {
    let mut projects = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.join("project.toml").is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            projects.push(Project::read(&path).with_context(|| name)?);
        }
    }
    projects.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(projects)
}

impl Project {
    fn read(folder: &Path) -> Result<Project> {
        let mut project: Project = toml::from_str(&tree::read(&folder.join("project.toml"))?)?;
        project.name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        project.files = files(&folder.join("context"))?;
        for dockerfile in &project.dockerfiles {
            project.text(dockerfile)?;
        }
        let mut all = project.files.clone();
        for edit in &project.edit {
            edit.apply(&mut all)?;
        }
        Ok(project)
    }

    /// The text of one of its files.
    pub fn text(&self, path: &str) -> Result<&str> {
        let file = self.files.get(path).and_then(|file| file.text.as_deref());
        file.with_context(|| format!("context/{path} is missing"))
    }
}

impl ProjectEdit {
    /// Changes the files. Returns the paths that are others.
    pub fn apply(&self, files: &mut Files) -> Result<Vec<String>> {
        let changed = change(files, &self.replace, &self.write, &self.remove)?;
        ensure!(!changed.is_empty(), "an edit that changes nothing");
        Ok(changed)
    }
}

/// Replaces parts of files, writes and removes others. Returns the paths that are others.
pub fn change(
    files: &mut Files,
    replace: &[[String; 3]],
    write: &BTreeMap<String, String>,
    remove: &[String],
) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for [path, old, new] in replace {
        let file = files.get_mut(path).with_context(|| format!("no {path} to edit"))?;
        let text = file.text.as_mut().with_context(|| format!("{path} is no text"))?;
        let times = text.matches(old.as_str()).count();
        ensure!(times == 1, "{path}: `{old}` is there {times} times");
        *text = text.replace(old.as_str(), new);
        changed.push(path.clone());
    }
    for (path, text) in write {
        files.insert(path.clone(), ContextFile::text(text));
        changed.push(path.clone());
    }
    for path in remove {
        ensure!(files.remove(path).is_some(), "no {path} to remove");
        changed.push(path.clone());
    }
    Ok(changed)
}

/// The files of a folder with their modes as git keeps them.
fn files(folder: &Path) -> Result<Files> {
    let mut found = Files::new();
    for (name, path) in tree::files_below(folder)? {
        let metadata = path.symlink_metadata()?;
        let mut file = ContextFile::default();
        if metadata.is_symlink() {
            file.kind = EntryKind::Symlink;
            file.target = Some(std::fs::read_link(&path)?.to_string_lossy().into_owned());
        } else {
            let executable = metadata.permissions().mode() & 0o100 != 0;
            file = ContextFile::text(&tree::read(&path)?);
            file.mode = Some(if executable { 0o755 } else { 0o644 });
        }
        found.insert(name, file);
    }
    if found.is_empty() {
        bail!("{} is empty", folder.display());
    }
    Ok(found)
}
