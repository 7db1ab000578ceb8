//! Finds Chromium, or a browser made from it, for the tests that need a real browser.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The path of the browser: `CHROMIUM_PATH`, else one on PATH, else one where installers put it.
pub fn find() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("CHROMIUM_PATH").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(given);
        if path.is_file() {
            return Ok(path);
        }
        bail!("CHROMIUM_PATH names {}, which is no file", path.display());
    }
    match on_path().or_else(installed) {
        Some(path) => Ok(path),
        None => bail!(
            "no Chromium found: {}, or set CHROMIUM_PATH to a Chromium, Chrome or Edge",
            how_to_get_it()
        ),
    }
}

fn on_path() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let directories: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let ending = std::env::consts::EXE_SUFFIX;
    let all = names.iter().flat_map(|name| {
        directories.iter().map(move |directory| directory.join(format!("{name}{ending}")))
    });
    all.into_iter().find(|path| path.is_file())
}

fn installed() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/snap/bin/chromium",
    ]
    .map(PathBuf::from)
    .to_vec();
    for variable in ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"] {
        if let Some(base) = std::env::var_os(variable) {
            places.push(Path::new(&base).join("Google/Chrome/Application/chrome.exe"));
            places.push(Path::new(&base).join("Chromium/Application/chrome.exe"));
            places.push(Path::new(&base).join("Microsoft/Edge/Application/msedge.exe"));
        }
    }
    places.into_iter().find(|path| path.is_file())
}

fn how_to_get_it() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install --cask chromium"
    } else if cfg!(windows) {
        "install Chrome from https://www.google.com/chrome"
    } else {
        "apt-get install chromium (or your distribution's package)"
    }
}
