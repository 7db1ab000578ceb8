//! npm: installs what a directory's lock file names, and runs its scripts.

use crate::{command, tree};
use anyhow::{Result, bail};
use std::path::Path;

/// Fails in one clear line unless Node is there and new enough for the package.
pub fn check_node() -> Result<()> {
    let version = node_version()?;
    if parts(&version) < (20, 0) {
        bail!("Node 20 or newer is needed, this is {version}");
    }
    Ok(())
}

/// The same for the demo, which Vite builds.
pub fn check_node_for_demo() -> Result<()> {
    let version = node_version()?;
    if !suits_vite(&version) {
        bail!(
            "the demo is built with Vite, which needs Node 20.19, 22.12 or newer; this is {version}"
        );
    }
    Ok(())
}

fn node_version() -> Result<String> {
    let version = command::output(command::program("node", &tree::root()).arg("--version"))?;
    Ok(version.trim().to_string())
}

/// What Vite 8 declares: `^20.19.0 || >=22.12.0`.
fn suits_vite(version: &str) -> bool {
    let version = parts(version);
    version >= (22, 12) || ((20, 19)..(21, 0)).contains(&version)
}

/// Major and minor of `v20.19.1`; zero where there is no number.
fn parts(version: &str) -> (u32, u32) {
    let mut numbers =
        version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vite_takes_what_it_declares() {
        for version in ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.1", "v24.1.0"] {
            assert!(suits_vite(version), "{version}");
        }
        for version in ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", ""] {
            assert!(!suits_vite(version), "{version}");
        }
    }
}
