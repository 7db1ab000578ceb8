//! `cargo xtask inspect FILE`: what the graph thinks of a Dockerfile, with the files beside it.
//!
//! Only reads the disk; the text is the core's own (`layerwise::inspect`).

use crate::tree;
use anyhow::{Context, Result, bail};
use layerwise::{Options, inspect::inspect};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files larger than this are no manifests.
const LARGEST: u64 = 1 << 20;

/// Prints what is known of a Dockerfile: `FILE [--context DIR | --no-context]`.
pub fn run(arguments: &[&str]) -> Result<()> {
    let (file, context) = match arguments {
        [file] => (file, Some(beside(Path::new(file)))),
        [file, "--no-context"] | ["--no-context", file] => (file, None),
        [file, "--context", directory] | ["--context", directory, file] => {
            (file, Some(PathBuf::from(directory)))
        }
        _ => bail!("usage: cargo xtask inspect FILE [--context DIR | --no-context]"),
    };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
    let options = match context {
        Some(directory) => options(&directory)?,
        None => Options::default(),
    };
    print!("{}", inspect(&text, &options));
    Ok(())
}

/// The folder a file lies in; a case of `tests/fixtures` keeps its files in `context`.
fn beside(file: &Path) -> PathBuf {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    match directory.join("context") {
        context if file.ends_with("before.Dockerfile") && context.is_dir() => context,
        _ => directory,
    }
}

/// The files of a folder as `analyze` takes them.
fn options(directory: &Path) -> Result<Options> {
    let mut files = BTreeMap::new();
    for (name, path) in tree::files_below(directory)? {
        let metadata = path.symlink_metadata()?;
        let small = metadata.is_file() && metadata.len() <= LARGEST;
        let text = small.then(|| std::fs::read_to_string(&path).ok()).flatten();
        files.insert(name, text);
    }
    let dockerignore = files.get(".dockerignore").cloned().flatten();
    Ok(Options { files: Some(files), files_complete: true, dockerignore, ..Options::default() })
}
