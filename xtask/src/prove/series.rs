//! Builds of one Dockerfile, one after the other, with a cache of their own.
//!
//! The base images of a series have one more layer, which no other series has: nothing that was
//! built before is found, and what a build finds was left by this series.

use super::image::{Image, Layers, Store};
use super::project::{Files, Project};
use super::stand_in::OWN;
use crate::conformance::agrees;
use crate::engine::Engine;
use crate::engine::log::{self, Seen};
use crate::{command, tree};
use anyhow::{Context, Result, bail};
use layerwise::{Build, Change, CompareOptions, Options, Outcome, compare};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// What tells the base images of a series from all others.
const MARK: &str = ".layerwise-series";

/// A Dockerfile whose builds have a cache of their own.
pub struct Series<'e> {
    engine: &'e Engine,
    /// Told from other series by this.
    nonce: String,
    /// The base images, by the names that FROM uses.
    images: BTreeMap<String, String>,
    dockerfile: String,
    /// The folder of the build context.
    context: PathBuf,
    target: Option<String>,
    build_args: BTreeMap<String, String>,
    previous: Build,
}

/// A build that succeeded.
pub struct Built {
    /// How long it took, the image not yet written.
    pub seconds: f64,
    /// How many steps it has.
    pub steps: usize,
    /// How many of them ran.
    pub ran: usize,
    /// In how many of them what was predicted is what happened.
    pub predicted: usize,
    /// The others, as sentences.
    pub mistaken: Vec<String>,
    /// What came of it.
    pub image: Image,
}

/// A build, or why it failed.
pub type Attempt = std::result::Result<Built, String>;

impl<'e> Series<'e> {
    /// A series on images that are called `images` here.
    pub fn new(
        engine: &'e Engine,
        project: &Project,
        images: &BTreeMap<String, String>,
        dockerfile: &str,
        context: &Path,
    ) -> Result<Series<'e>> {
        let nonce = format!("{:x}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos());
        let mut series = Series {
            engine,
            nonce,
            images: BTreeMap::new(),
            dockerfile: dockerfile.to_string(),
            context: context.to_path_buf(),
            target: project.target.clone(),
            build_args: project.build_args.clone(),
            previous: Build::default(),
        };
        for (at, (name, image)) in images.iter().enumerate() {
            let own = series.mark(image, at)?;
            series.images.insert(name.clone(), own);
        }
        Ok(series)
    }

    /// Gives `image` the layer that no other series has.
    fn mark(&self, image: &str, at: usize) -> Result<String> {
        let place = self.engine.place().join(format!("mark-{}", self.nonce));
        std::fs::create_dir_all(&place)?;
        tree::write(&place.join(MARK), &self.nonce)?;
        tree::write(&place.join("Dockerfile"), format!("FROM {image}\nCOPY {MARK} /{MARK}\n"))?;
        let own = format!("{OWN}series:{}-{at}", self.nonce);
        let mut docker = self.docker();
        docker.args(["--quiet", "--output", &format!("type=image,name={own}")]);
        command::output(docker.arg(self.engine.inside(&place)))?;
        Ok(own)
    }

    fn docker(&self) -> std::process::Command {
        let mut docker = self.engine.docker();
        docker.env("BUILDX_BUILDER", "default").env("DOCKER_BUILDKIT", "1");
        docker.args(["buildx", "build", "--provenance=false"]);
        docker
    }

    /// Builds with the files that lie in the context. `edited` are those whose content alone is
    /// another than in the build before; none where paths came or went.
    pub fn build(
        &mut self,
        files: &Files,
        edited: Option<&[String]>,
        store: &mut Store,
    ) -> Result<Attempt> {
        let build = Build {
            dockerfile: self.dockerfile.clone(),
            context: Some(files.clone()),
            target: self.target.clone(),
            build_args: self.build_args.clone(),
            base_digests: self.images.clone(),
            ..Build::default()
        };
        let (seen, seconds) = match self.watch()? {
            Ok(watched) => watched,
            Err(error) => return Ok(Err(error)),
        };
        let mut built = Built {
            seconds,
            steps: seen.len(),
            ran: seen.iter().filter(|step| step.outcome != Outcome::Cached).count(),
            predicted: 0,
            mistaken: Vec::new(),
            image: Image::default(),
        };
        self.hold(&build, edited, seen, &mut built);
        self.previous = build;
        built.image = self.image(store)?;
        Ok(Ok(built))
    }

    /// Has the next builds made of another text, with other build arguments.
    pub fn turn_to(&mut self, dockerfile: &str, build_args: &BTreeMap<String, String>) {
        self.dockerfile = dockerfile.to_string();
        self.build_args = build_args.clone();
    }

    /// Builds what lies in the context: what became of each step, and the seconds it took; or why
    /// it failed.
    pub fn watch(&self) -> Result<std::result::Result<(Vec<Seen>, f64), String>> {
        let started = Instant::now();
        let log = self.run(&["--progress=rawjson", "--output=type=cacheonly"])?;
        let seconds = started.elapsed().as_secs_f64();
        Ok(log.map(|log| (log::read(&log), seconds)))
    }

    /// Runs the build; its log, or why it failed.
    fn run(&self, how: &[&str]) -> Result<std::result::Result<String, String>> {
        let file = self.engine.place().join(format!("{}.Dockerfile", self.nonce));
        tree::write(&file, &self.dockerfile)?;
        let mut docker = self.docker();
        // A started engine has no network of its own.
        docker.args(["--network=host"]).args(how).arg("--file").arg(self.engine.inside(&file));
        for (name, own) in &self.images {
            docker.arg("--build-context").arg(format!("{name}=docker-image://{own}"));
        }
        for (name, value) in &self.build_args {
            docker.arg("--build-arg").arg(format!("{name}={value}"));
        }
        if let Some(target) = &self.target {
            docker.args(["--target", target]);
        }
        let output = docker.arg(self.engine.inside(&self.context)).output();
        let output = output.context("cannot run docker build")?;
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(if output.status.success() { Ok(log) } else { Err(failure(&log)) })
    }

    /// Holds every step against what `compare` says, and against `rebuild` where it can say it.
    fn hold(&self, build: &Build, edited: Option<&[String]>, seen: Vec<Seen>, built: &mut Built) {
        let told = compare(&self.previous, build, &CompareOptions::default());
        let change = edited.map(|paths| Change::Files(paths.to_vec()));
        let options = options(self.previous.context.as_ref(), self.target.as_deref());
        let rebuilt = change.map(|change| layerwise::rebuild(&self.dockerfile, &change, &options));
        let mut seen: Vec<Option<Seen>> = seen.into_iter().map(Some).collect();
        for step in &told {
            // Engines before Docker 28 name a trigger without its ONBUILD.
            let bare = step.text.strip_prefix("ONBUILD ").unwrap_or(&step.text);
            let found = seen.iter_mut().find(|seen| {
                seen.as_ref().is_some_and(|seen| seen.text == step.text || seen.text == bare)
            });
            let Some(did) = found.and_then(Option::take) else {
                built.mistaken.push(format!("`{}`: the engine has no such step", step.text));
                continue;
            };
            let scenario = rebuilt.as_ref().and_then(|steps| {
                let same = |other: &&layerwise::RebuiltStep| {
                    other.stage == step.stage && other.span == step.span
                };
                steps.iter().find(same).map(|step| step.outcome)
            });
            let mut right = true;
            for (who, said) in [("compare", Some(step.outcome)), ("rebuild", scenario)] {
                if let Some(said) = said.filter(|said| !is_right(&step.text, *said, did.outcome)) {
                    let (said, did) = (said.id(), did.outcome.id());
                    built
                        .mistaken
                        .push(format!("`{}`: {who} says {said}, it was {did}", step.text));
                    right = false;
                }
            }
            built.predicted += usize::from(right);
        }
        for step in seen.into_iter().flatten() {
            built.mistaken.push(format!("`{}`: the model has no such step", step.text));
        }
    }

    /// The image of what was just built.
    fn image(&self, store: &mut Store) -> Result<Image> {
        let mut image = match self.exported(store)? {
            Some(image) => image,
            None => self.saved(&mut store.layers)?,
        };
        image.tree.remove(MARK);
        Ok(image)
    }

    /// The image, written into a folder that has the layers of earlier ones: fast, but Docker
    /// can only do it with containerd's image store.
    fn exported(&self, store: &mut Store) -> Result<Option<Image>> {
        let metadata = self.context.with_extension("metadata");
        let shown = |path: &Path| self.engine.inside(path).display().to_string();
        let output =
            format!("type=oci,tar=false,compression=uncompressed,dest={}", shown(&store.folder));
        let how = ["--quiet", "--metadata-file", &shown(&metadata), "--output", &output];
        if self.run(&how)?.is_err() {
            return Ok(None);
        }
        let told: serde_json::Value = serde_json::from_str(&tree::read(&metadata)?)?;
        let digest = told.get("containerimage.digest").and_then(serde_json::Value::as_str);
        let digest = digest.context("the build names no image")?;
        Image::exported(store, digest).map(Some)
    }

    /// The image as `docker save` gives it, base image and all.
    fn saved(&self, layers: &mut Layers) -> Result<Image> {
        let name = format!("{OWN}result:{}", self.nonce);
        if let Err(error) =
            self.run(&["--quiet", "--output", &format!("type=image,name={name}")])?
        {
            bail!("the image cannot be written: {error}");
        }
        let mut docker = self.engine.docker();
        let mut save = docker.args(["save", &name]).stdout(Stdio::piped()).spawn()?;
        let mut archive = save.stdout.take().context("no output")?;
        let image = Image::read(&mut archive, layers);
        // What is behind the last file has to be read, or `docker save` ends with an error.
        std::io::copy(&mut archive, &mut std::io::sink())?;
        if !save.wait()?.success() {
            bail!("`docker save` failed");
        }
        image.context("cannot read what `docker save` gives")
    }
}

/// Whether a step did what was said. The files of a `COPY --link` are found whichever series
/// brought them: no base image is in their key.
pub fn is_right(step: &str, said: Outcome, did: Outcome) -> bool {
    let is_found = step.contains(" --link ") && did == Outcome::Relinked;
    agrees(said, did) || is_found && said != Outcome::Cached
}

impl Drop for Series<'_> {
    fn drop(&mut self) {
        let mut docker = self.engine.docker();
        docker.args(["rmi", "--force", &format!("{OWN}result:{}", self.nonce)]);
        // An image that stays is only in the way.
        let _ = docker.args(self.images.values()).output();
    }
}

/// The files of a context as `analyze` takes them.
pub fn options(files: Option<&Files>, target: Option<&str>) -> Options {
    let texts = |files: &Files| {
        files.iter().map(|(path, file)| (path.clone(), file.text.clone())).collect()
    };
    Options { files: files.map(texts), target: target.map(str::to_string), ..Options::default() }
}

/// Why a build failed, with the last lines that its step printed.
fn failure(log: &str) -> String {
    let reason = log::error(log);
    let printed = log::printed(log);
    let lines: Vec<&str> = printed.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(6)..];
    if last.is_empty() { reason } else { format!("{reason}: {}", last.join(" / ")) }
}
