//! A build context on the disk: what is another is written, the rest keeps its times.

use super::project::Files;
use anyhow::{Context as _, Result};
use layerwise::ContextFile;
use layerwise::context::EntryKind;
use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A folder and what lies in it.
pub struct Context {
    folder: PathBuf,
    files: Files,
}

impl Context {
    /// An empty one.
    pub fn new(folder: PathBuf) -> Result<Context> {
        std::fs::create_dir_all(&folder)?;
        Ok(Context { folder, files: Files::new() })
    }

    /// Makes its files these.
    pub fn lay_out(&mut self, files: &Files) -> Result<()> {
        for path in self.files.keys().filter(|path| !files.contains_key(*path)) {
            std::fs::remove_file(self.folder.join(path))?;
            // A directory goes with its last file.
            let parents = Path::new(path).ancestors().skip(1);
            for parent in parents.filter(|parent| !parent.as_os_str().is_empty()) {
                if std::fs::remove_dir(self.folder.join(parent)).is_err() {
                    break;
                }
            }
        }
        for (path, file) in files {
            if self.files.get(path) != Some(file) {
                write(&self.folder.join(path), file).with_context(|| path.clone())?;
            }
        }
        self.files = files.clone();
        Ok(())
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // It is in a folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn write(path: &Path, file: &ContextFile) -> Result<()> {
    std::fs::create_dir_all(path.parent().context("no folder")?)?;
    if file.kind == EntryKind::Symlink {
        let _ = std::fs::remove_file(path);
        symlink(file.target.as_deref().unwrap_or_default(), path)?;
        return Ok(());
    }
    std::fs::write(path, file.text.as_deref().unwrap_or_default())?;
    let mode = file.mode.unwrap_or(0o644);
    std::fs::set_permissions(path, Permissions::from_mode(mode))?;
    Ok(())
}
