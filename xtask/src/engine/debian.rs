//! A Docker engine of Debian's packages on a machine that has none, without a registry.
//!
//! The packages come from where this machine gets its own: the address is read from its apt
//! sources.

use super::Images;
use crate::{command, tree};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The release whose Docker is used: the first whose BuildKit reads here-documents and `--link`.
const RELEASE: &str = "trixie";
const PACKAGES: &str = "docker.io,docker-cli,docker-buildx,busybox-static,ca-certificates,iptables";
/// Outside of the source tree, where no clean-up follows what the engine mounts.
const ROOT: &str = "/var/tmp/layerwise-engine";
/// In that root, what the engine says.
const LOG: &str = "var/log/layerwise.log";

/// With containerd's image store `COPY --link` puts its layer on another parent.
const CONFIGURATION: &str = r#"{ "features": { "containerd-snapshotter": true } }"#;

/// Run in namespaces of its own. A root must be a mount point for images to be imported into it.
const START: &str = r#"set -e
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
for folder in sys dev; do mount --rbind "/$folder" "$1/$folder"; done
exec chroot "$1" dockerd --data-root "/$3" --exec-root /run/layerwise/exec \
    --pidfile /run/layerwise/pid --host "$2" --config-file /etc/layerwise.json \
    --iptables=false --ip6tables=false --bridge=none
"#;

/// The root of a Debian with Docker; made where it is not there yet.
pub fn root() -> Result<PathBuf> {
    let root = PathBuf::from(ROOT);
    if root.join("usr/sbin/dockerd").exists() && root.join("bin/busybox").exists() {
        return Ok(root);
    }
    for program in ["apt-get", "chroot", "unshare"] {
        if !Path::new("/usr/bin").join(program).exists()
            && !Path::new("/usr/sbin").join(program).exists()
        {
            bail!("an engine can be started on Debian only: there is no {program}");
        }
    }
    if command::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("an engine can be started as root only");
    }
    mirror().context("apt's sources name no Debian")?;
    if !Path::new("/usr/sbin/debootstrap").exists() {
        command::run(Command::new("apt-get").args(["install", "-qq", "debootstrap"]))?;
    }
    println!("making an engine of Debian's packages in {ROOT} (once)");
    bootstrap(&root, PACKAGES)?;
    Ok(root)
}

/// Makes the root of a Debian with these packages.
pub fn bootstrap(root: &Path, packages: &str) -> Result<()> {
    let mirror = mirror().context("apt's sources name no Debian")?;
    // What is half made is made again.
    let making = root.with_extension("making");
    if making.exists() {
        std::fs::remove_dir_all(&making)?;
    }
    let include = format!("--include={packages}");
    let mut debootstrap = Command::new("debootstrap");
    debootstrap.args(["--variant=minbase", &include, RELEASE]).arg(&making).arg(mirror);
    command::output(&mut debootstrap)?;
    std::fs::rename(&making, root)?;
    Ok(())
}

/// The address this machine gets Debian's packages from.
fn mirror() -> Option<String> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    let parts = std::fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten();
    files.extend(parts.filter_map(|part| Some(part.ok()?.path())));
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|path| tree::read(path).ok()).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let lines = lines.filter(|line| line.starts_with("deb ") || line.starts_with("URIs:"));
    let mut words = lines.flat_map(str::split_whitespace);
    words
        .find(|word| word.contains("://") && word.trim_end_matches('/').ends_with("/debian"))
        .map(str::to_string)
}

/// Starts the engine in `root`. It ends when the process does.
pub fn start(root: &Path, socket: &str, images: Images) -> Result<Child> {
    // What an earlier one left, its process numbers above all.
    let (data, removed) = match images {
        Images::Removed => ("var/lib/layerwise", &["run/layerwise", "var/lib/layerwise"][..]),
        Images::Kept => ("var/lib/layerwise-kept", &["run/layerwise"][..]),
    };
    for left in removed.iter().map(|left| root.join(left)) {
        if left.exists() {
            std::fs::remove_dir_all(left)?;
        }
    }
    // Names are looked up where this machine looks them up today.
    std::fs::copy("/etc/resolv.conf", root.join("etc/resolv.conf"))?;
    tree::write(&root.join("etc/layerwise.json"), CONFIGURATION)?;
    let log = std::fs::File::create(root.join(LOG))?;
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]);
    unshare.args(["sh", "-c", START, "sh"]).arg(root).args([socket, data]);
    unshare.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    unshare.spawn().context("cannot run unshare")
}

/// What `ask` answers, as soon as it does.
pub fn wait(process: &mut Child, ask: impl Fn() -> Result<String>) -> Result<String> {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let error = match ask() {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if process.try_wait()?.is_some() || Instant::now() > patience {
            return Err(error.context(format!("it does not start; see {ROOT}/{LOG}")));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
