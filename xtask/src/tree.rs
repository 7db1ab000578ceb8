//! Where things are in the source tree, and reading and writing them.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    // `cargo run` says where it is now; where it was built counts when it is run by itself.
    let built = env!("CARGO_MANIFEST_DIR").into();
    let xtask = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(built));
    xtask.parent().expect("xtask lies in the root").to_path_buf()
}

/// Where cargo builds: `CARGO_TARGET_DIR`, or `target`.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// What the crate's manifest says of itself under `key`, such as its version, which is that of the
/// package.
pub fn stated(key: &str) -> Result<String> {
    let manifest = read(&root().join("Cargo.toml"))?;
    let mut lines = manifest.lines().filter_map(|line| line.split_once(" = "));
    let line = lines.find(|(name, _)| *name == key);
    let (_, value) = line.with_context(|| format!("Cargo.toml names no {key}"))?;
    Ok(value.trim().trim_matches('"').to_string())
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file, or everything in a directory, to `to`.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        let copied = std::fs::copy(from, to);
        copied.with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
        return Ok(());
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The files and links below a folder, each with its path from there, `/` between its parts. What
/// git keeps in `.git` is left out.
pub fn files_below(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(directory) = open.pop() {
        let entries = std::fs::read_dir(&directory);
        for entry in entries.with_context(|| format!("cannot read {}", directory.display()))? {
            let entry = entry?;
            let path = entry.path();
            if !entry.file_type()?.is_dir() {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                found.push((name, path));
            } else if entry.file_name() != ".git" {
                open.push(path);
            }
        }
    }
    Ok(found)
}
