//! One scenario on an engine: lays out its context, builds, changes it, builds again.

use super::image::Busybox;
use super::scenario::Case;
use crate::engine::Engine;
use crate::engine::log::{self, Seen};
use anyhow::{Context, Result};
use layerwise::context::EntryKind;
use layerwise::{Build, ContextFile};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Stands for a text of this scenario and run alone, so that nothing built before is found.
const NONCE: &str = "NONCE";

/// What the engine did of the second build; the error where one of the builds failed.
pub type Observed = std::result::Result<Vec<Seen>, String>;

/// Builds `case` twice.
pub fn observe(engine: &Engine, busybox: &Busybox, case: &Case) -> Result<Observed> {
    let nonce = format!("{:x}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos());
    let context = engine.place().join(format!("{}-{}", case.area, case.id.replace('/', "-")));
    let (files, images) = Default::default();
    let mut scene = Scene { engine, busybox, nonce, context, files, images };
    let observed = scene.observe(case);
    // The images of a started engine go with it.
    if engine.root().is_none() && !scene.images.is_empty() {
        let _ = engine.docker().args(["rmi", "--force"]).args(&scene.images).output();
    }
    observed
}

struct Scene<'a> {
    engine: &'a Engine,
    busybox: &'a Busybox,
    nonce: String,
    context: PathBuf,
    /// What lies in the context.
    files: BTreeMap<String, ContextFile>,
    /// What was imported.
    images: Vec<String>,
}

impl Scene<'_> {
    fn observe(&mut self, case: &Case) -> Result<Observed> {
        self.import(&case.before, None)?;
        self.lay_out(&case.before, &[])?;
        if let Err(error) = self.build(&case.before)? {
            return Ok(Err(format!("the first build failed: {error}")));
        }
        self.import(&case.after, Some(&case.before))?;
        self.lay_out(&case.after, &case.touched)?;
        self.build(&case.after)
    }

    fn own(&self, text: &str) -> String {
        text.replace(NONCE, &self.nonce)
    }

    /// Imports the images that were others before.
    fn import(&mut self, build: &Build, before: Option<&Build>) -> Result<()> {
        for (name, content) in &build.base_digests {
            if before.is_some_and(|before| before.base_digests.get(name) == Some(content)) {
                continue;
            }
            let content = format!("{content} {}\n", self.nonce);
            self.images.push(self.busybox.import(self.engine, name, &content)?);
        }
        Ok(())
    }

    /// Writes what is another than what lies there, or is `touched`; removes what is gone.
    fn lay_out(&mut self, build: &Build, touched: &[String]) -> Result<()> {
        let mut files = build.context.clone().unwrap_or_default();
        files.insert("Dockerfile".to_string(), ContextFile::text(&build.dockerfile));
        std::fs::create_dir_all(&self.context)?;
        let gone = self
            .files
            .iter()
            .filter(|(path, file)| files.get(*path).is_none_or(|new| new.kind != file.kind));
        let mut folders = BTreeSet::new();
        for (path, file) in gone {
            let full = self.context.join(path);
            match file.kind {
                EntryKind::Directory => std::fs::remove_dir_all(&full)?,
                _ => std::fs::remove_file(&full)?,
            }
            folders.extend(Path::new(path).ancestors().skip(1).map(Path::to_path_buf));
        }
        // Folders that held only what is gone; the deepest come last.
        for folder in folders.iter().rev().filter(|folder| folder.components().count() > 0) {
            if !files.keys().any(|path| Path::new(path).starts_with(folder)) {
                std::fs::remove_dir(self.context.join(folder))?;
            }
        }
        for (path, file) in &files {
            if self.files.get(path) != Some(file) || touched.contains(path) {
                self.write(path, file).with_context(|| format!("cannot write {path}"))?;
            }
        }
        self.files = files;
        Ok(())
    }

    fn write(&self, path: &str, file: &ContextFile) -> Result<()> {
        let full = self.context.join(path);
        std::fs::create_dir_all(full.parent().context("no folder")?)?;
        match file.kind {
            EntryKind::Symlink => {
                let _ = std::fs::remove_file(&full);
                symlink(file.target.as_deref().unwrap_or_default(), &full)?;
                return Ok(());
            }
            EntryKind::Directory => std::fs::create_dir_all(&full)?,
            EntryKind::File => {
                std::fs::write(&full, self.own(file.text.as_deref().unwrap_or_default()))?
            }
        }
        let mode = file.mode.unwrap_or(0o644);
        std::fs::set_permissions(&full, std::fs::Permissions::from_mode(mode))?;
        Ok(())
    }

    fn build(&self, build: &Build) -> Result<Observed> {
        let mut docker = self.engine.docker();
        docker.env("BUILDX_BUILDER", "default").env("DOCKER_BUILDKIT", "1");
        docker.args(["buildx", "build", "--progress=rawjson", "--output=type=cacheonly"]);
        // A started engine has no network of its own.
        docker.args(["--network=host", "--provenance=false"]);
        for (name, value) in &build.build_args {
            docker.arg("--build-arg").arg(format!("{name}={value}"));
        }
        for (id, value) in &build.secrets {
            let path = self.engine.place().join(format!("secret-{id}"));
            std::fs::write(&path, value)?;
            let path = self.engine.inside(&path);
            docker.arg("--secret").arg(format!("id={id},src={}", path.display()));
        }
        if let Some(target) = &build.target {
            docker.args(["--target", target]);
        }
        docker.arg(self.engine.inside(&self.context));
        let output = docker.output().context("cannot run docker build")?;
        let log = String::from_utf8_lossy(&output.stderr).replace(&self.nonce, NONCE);
        if !output.status.success() {
            return Ok(Err(log::error(&log)));
        }
        Ok(Ok(log::read(&log)))
    }
}
