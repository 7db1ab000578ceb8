//! The engine that builds: the one that is there, or one started for this run.
//!
//! `debian` makes an engine of Debian's packages, `log` reads what a build prints. What is built
//! is the business of `conformance` and `prove`.

mod debian;
pub mod log;

pub use debian::bootstrap;

use crate::command;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// An engine that answers.
pub struct Engine {
    version: String,
    storage: String,
    place: PathBuf,
    started: Option<Started>,
}

/// An engine of our own, which ends with this.
struct Started {
    root: PathBuf,
    process: Child,
}

/// What a started engine does with the images and the cache of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images {
    /// It begins without any.
    Removed,
    /// It has them again: base images are made once.
    Kept,
}

/// Where a started engine listens, in its own root.
const SOCKET: &str = "unix:///run/layerwise/socket";

impl Engine {
    /// The engine that is there, or one started from Debian's packages.
    pub fn of(start: Option<Images>) -> Result<Engine> {
        match start {
            None => Engine::find(),
            Some(images) => Engine::start(images),
        }
    }

    /// The engine that `docker` reaches.
    fn find() -> Result<Engine> {
        const HELP: &str = "`docker version` names no server. Start Docker, or on a Debian \
                            machine as root use --start-engine";
        let mut docker = command::program("docker", Path::new("/"));
        let version = docker.args(["version", "--format", "{{.Server.Version}}"]).output();
        let version = match version {
            Ok(output) if output.status.success() => {
                String::from_utf8_lossy(&output.stdout).trim().to_string()
            }
            _ => bail!(HELP),
        };
        let place = std::env::temp_dir().join(format!("layerwise-{}", std::process::id()));
        Engine { version, storage: String::new(), place, started: None }.checked()
    }

    /// An engine of Debian's packages, in a folder and in namespaces of its own: nothing of it
    /// is left running, nothing is mounted on this machine.
    fn start(images: Images) -> Result<Engine> {
        let root = debian::root()?;
        let mut process = debian::start(&root, SOCKET, images)?;
        let version = debian::wait(&mut process, || {
            let mut docker = inner(&root);
            command::output(docker.args(["version", "--format", "{{.Server.Version}}"]))
        });
        let place = root.join("tmp/layerwise");
        let started = Some(Started { root, process });
        // Where it did not answer, this ends it.
        let mut engine = Engine { version: String::new(), storage: String::new(), place, started };
        engine.version = version?;
        engine.checked()
    }

    fn checked(mut self) -> Result<Engine> {
        // Debian's versions end in `+dfsg1`.
        let version = self.version.trim().split('+').next().unwrap_or_default();
        self.version = version.to_string();
        self.storage = command::output(self.docker().args(["info", "--format", "{{.Driver}}"]))?;
        let buildx = command::output(self.docker().args(["buildx", "version"]))
            .context("`docker buildx` is missing")?;
        if !prints_json(&buildx) {
            bail!("`docker buildx` is too old: 0.13 or newer prints a log that can be read");
        }
        std::fs::create_dir_all(&self.place)?;
        Ok(self)
    }

    /// What it is called in the report.
    pub fn name(&self) -> String {
        format!("Docker {} ({})", self.version, self.storage.trim())
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A command to it.
    pub fn docker(&self) -> Command {
        match &self.started {
            None => command::program("docker", Path::new("/")),
            Some(started) => inner(&started.root),
        }
    }

    /// The root of an engine of our own.
    pub fn root(&self) -> Option<&Path> {
        self.started.as_ref().map(|started| started.root.as_path())
    }

    /// A folder of our own whose files the engine's client reads.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// `path` as the client sees it.
    pub fn inside(&self, path: &Path) -> PathBuf {
        match &self.started {
            None => path.to_path_buf(),
            Some(started) => Path::new("/").join(path.strip_prefix(&started.root).unwrap_or(path)),
        }
    }
}

/// A command to the engine that was started in `root`.
fn inner(root: &Path) -> Command {
    let mut command = Command::new("chroot");
    command.arg(root).args(["docker", "-H", SOCKET]);
    command
}

/// Whether the buildx of that version (`github.com/docker/buildx v0.13.1 ...`) knows
/// `--progress=rawjson`.
fn prints_json(version: &str) -> bool {
    let number = version.split_whitespace().nth(1).unwrap_or_default().trim_start_matches('v');
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next(), parts.next()) >= (Some(0), Some(13))
}

impl Drop for Engine {
    fn drop(&mut self) {
        // What is not removed is in a folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.place);
        if let Some(started) = &mut self.started {
            // All its processes are in its namespace and end with the first of them.
            let _ = started.process.kill();
            let _ = started.process.wait();
        }
    }
}
