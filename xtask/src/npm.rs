//! npm: installs what a directory's lock file names, and runs its scripts.

use crate::{command, tree};
use anyhow::{Context, Result, bail};
use std::path::Path;

const OLDEST_NODE: u32 = 20;

/// Fails in one clear line unless Node is there and new enough.
pub fn check_node() -> Result<()> {
    let version = command::output(command::program("node", &tree::root()).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    let major: u32 = major.parse().with_context(|| format!("node is of version {version}"))?;
    if major < OLDEST_NODE {
        bail!("Node {OLDEST_NODE} or newer is needed, this is {}", version.trim());
    }
    Ok(())
}

/// `npm ci`, unless that has been done for this lock file already.
pub fn install(directory: &Path) -> Result<()> {
    let lock = tree::read(&directory.join("package-lock.json"))?;
    let modules = directory.join("node_modules");
    let installed = modules.join(".installed-lock.json");
    if std::fs::read_to_string(&installed).is_ok_and(|done| done == lock) {
        return Ok(());
    }
    let mut npm = command::program("npm", directory);
    command::run(npm.args(["ci", "--no-audit", "--no-fund"]))?;
    std::fs::create_dir_all(&modules)?;
    tree::write(&installed, lock)
}

/// `npm run <script>`, with further arguments.
pub fn script(directory: &Path, name: &str) -> std::process::Command {
    let mut npm = command::program("npm", directory);
    npm.args(["run", "--silent", name]);
    npm
}
