//! Images that stand in for those of a registry: a Debian root, and what `tests/projects/bases`
//! makes of it. Made once, as they are needed, and kept in the engine.
//!
//! What is special about this machine goes into the Debian root alone and is read from the
//! machine: where its packages come from, and the certificates it trusts.

use super::layer::digest;
use crate::engine::{Engine, bootstrap};
use crate::{command, tree};
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How all images of ours begin.
pub const OWN: &str = "layerwise-prove/";

/// Told from a recipe that was another by this label.
const LABEL: &str = "layerwise.recipe";

/// Where every Debian has the certificates it trusts.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The stand-ins of an engine.
pub struct StandIns<'e> {
    engine: &'e Engine,
    folder: PathBuf,
    /// Those asked for, with their recipe, or why there is none.
    asked: HashMap<String, std::result::Result<String, String>>,
}

impl<'e> StandIns<'e> {
    /// None is made yet.
    pub fn new(engine: &'e Engine) -> StandIns<'e> {
        StandIns {
            engine,
            folder: tree::root().join("tests/projects/bases"),
            asked: HashMap::new(),
        }
    }

    /// The image `name`, made where it is not there; why not where it cannot be.
    pub fn image(&mut self, name: &str) -> std::result::Result<String, String> {
        self.recipe(name).map(|_| format!("{OWN}{name}"))
    }

    /// The digest of all that the image is made of.
    fn recipe(&mut self, name: &str) -> std::result::Result<String, String> {
        if let Some(answer) = self.asked.get(name) {
            return answer.clone();
        }
        let answer = match name {
            "debian" => self.debian(),
            _ => self.built(name),
        };
        let answer = answer.map_err(|error| format!("no stand-in `{name}`: {error:#}"));
        self.asked.insert(name.to_string(), answer.clone());
        answer
    }

    fn is_there(&self, name: &str, recipe: &str) -> bool {
        let format = format!("{{{{index .Config.Labels \"{LABEL}\"}}}}");
        let image = format!("{OWN}{name}");
        let mut docker = self.engine.docker();
        let found = command::output(docker.args(["image", "inspect", "--format", &format, &image]));
        found.is_ok_and(|found| found.trim() == recipe)
    }

    fn debian(&self) -> Result<String> {
        let certificates = tree::read(Path::new(CERTIFICATES))?;
        let recipe = digest(certificates.as_bytes());
        if self.is_there("debian", &recipe) {
            return Ok(recipe);
        }
        println!("making the base images' Debian (once)");
        let root = PathBuf::from("/var/tmp/layerwise-debian");
        bootstrap(&root, "ca-certificates")?;
        // Nobody asks whether it survives a power cut; a step with packages takes half the time.
        tree::write(&root.join("etc/dpkg/dpkg.cfg.d/unsafe-io"), "force-unsafe-io\n")?;
        let trusted = root.join("usr/local/share/ca-certificates");
        for (at, part) in certificates.split_inclusive("-----END CERTIFICATE-----\n").enumerate() {
            tree::write(&trusted.join(format!("machine-{at:03}.crt")), part)?;
        }
        command::output(Command::new("chroot").arg(&root).arg("update-ca-certificates"))?;
        self.import(&root, &recipe)?;
        std::fs::remove_dir_all(&root)?;
        Ok(recipe)
    }

    fn import(&self, root: &Path, recipe: &str) -> Result<()> {
        let mut tar = Command::new("tar");
        tar.arg("-C").arg(root).args(["--exclude=./var/cache/apt/archives/*.deb", "-c", "."]);
        let mut tar = tar.stdout(Stdio::piped()).spawn().context("cannot run tar")?;
        let mut docker = self.engine.docker();
        docker.arg("import");
        for change in [
            "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_string(),
            format!("ENV SSL_CERT_FILE={CERTIFICATES} NODE_EXTRA_CA_CERTS={CERTIFICATES}"),
            format!("LABEL {LABEL}={recipe}"),
            "CMD [\"bash\"]".to_string(),
        ] {
            docker.args(["--change", &change]);
        }
        docker.args(["-", &format!("{OWN}debian")]).stdin(tar.stdout.take().context("no output")?);
        command::output(&mut docker)?;
        ensure!(tar.wait()?.success(), "`tar` failed");
        Ok(())
    }

    fn built(&mut self, name: &str) -> Result<String> {
        let text = tree::read(&self.folder.join(format!("{name}.Dockerfile")))?;
        let mut recipe = digest(text.as_bytes());
        let bases = text.lines().filter_map(|line| line.strip_prefix("FROM ")?.strip_prefix(OWN));
        for base in bases {
            let base = base.split_whitespace().next().unwrap_or_default();
            match self.recipe(base) {
                Ok(below) => recipe = digest(format!("{recipe} {below}").as_bytes()),
                Err(error) => bail!(error),
            }
        }
        if self.is_there(name, &recipe) {
            return Ok(recipe);
        }
        println!("making the base image `{name}` (once)");
        let place = self.engine.place().join(format!("base-{name}"));
        std::fs::create_dir_all(&place)?;
        tree::write(&place.join("Dockerfile"), text)?;
        let mut docker = self.engine.docker();
        docker.args(["buildx", "build", "--quiet", "--network=host", "--provenance=false"]);
        docker.args(["--label", &format!("{LABEL}={recipe}"), "--tag", &format!("{OWN}{name}")]);
        docker.arg(self.engine.inside(&place));
        command::output(docker.env("BUILDX_BUILDER", "default"))?;
        Ok(recipe)
    }
}
