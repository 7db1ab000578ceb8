//! Running other programs: what they print goes through, and a failure names the command.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// A program to run in `directory`. On Windows npm and npx are scripts that need their ending.
pub fn program(name: &str, directory: &Path) -> Command {
    let script = cfg!(windows) && matches!(name, "npm" | "npx");
    let mut command = Command::new(if script { format!("{name}.cmd") } else { name.to_string() });
    command.current_dir(directory);
    command
}

/// Cargo, the one that runs this.
pub fn cargo(directory: &Path) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    program(&cargo, directory)
}

/// Runs it and fails unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    match status(command)? {
        0 => Ok(()),
        code => bail!("`{}` failed (exit code {code})", line(command)),
    }
}

/// Runs it and returns its exit code.
pub fn status(command: &mut Command) -> Result<i32> {
    let status = command.status().with_context(|| missing(command))?;
    Ok(status.code().unwrap_or(-1))
}

/// Runs it and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| missing(command))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", line(command), complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn missing(command: &Command) -> String {
    let name = command.get_program().to_string_lossy();
    match name.trim_end_matches(".cmd") {
        "node" | "npm" | "npx" => {
            format!("cannot run {name}; Node 20 or newer is needed: https://nodejs.org")
        }
        "rustup" => "cannot run rustup; get it from https://rustup.rs".to_string(),
        _ => format!("cannot run {name}"),
    }
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
