//! `cargo xtask fuzz`: runs cargo-fuzz on the targets of `fuzz`, which begin with the fixtures.

use crate::command::{program, run};
use crate::tree;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

const TARGETS: &[&str] = &["analyze", "compare", "dockerignore", "options", "parse", "shell"];

const HOW: &str = "cargo-fuzz and a nightly compiler are needed: `rustup toolchain install nightly` and \
                   `cargo install cargo-fuzz`";

/// `[TARGET] [--seconds N]`: each target, or one, for so long; a minute where nothing is said.
pub fn fuzz(words: &[&str]) -> Result<()> {
    let (targets, seconds) = options(words)?;
    let root = tree::root();
    let has = |command: &[&str]| {
        let mut tried = program(command[0], &root);
        tried.args(&command[1..]).output().is_ok_and(|output| output.status.success())
    };
    if !has(&["cargo", "+nightly", "fuzz", "--version"]) {
        bail!("{HOW}");
    }
    for target in targets {
        let seeds = root.join("fuzz/corpus").join(target);
        seed(&root, target, &seeds)?;
        println!("\n=== {target}: {seconds} seconds ===\n");
        let mut fuzz = program("cargo", &root);
        fuzz.args(["+nightly", "fuzz", "run", target, "--"]);
        // A text that takes 20 seconds is a find, and so is one that takes two gigabytes.
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.args(["-timeout=20", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1"]);
        run(&mut fuzz)?;
    }
    Ok(())
}

fn options<'w>(words: &[&'w str]) -> Result<(Vec<&'w str>, u32)> {
    let (target, rest) = match words {
        [target, rest @ ..] if !target.starts_with('-') => (Some(*target), rest),
        rest => (None, rest),
    };
    let seconds = match rest {
        [] => 60,
        ["--seconds", number] => {
            number.parse().with_context(|| format!("`{number}` is no number"))?
        }
        other => bail!(
            "`{}` is not understood: cargo xtask fuzz [TARGET] [--seconds N]",
            other.join(" ")
        ),
    };
    match target {
        None => Ok((TARGETS.to_vec(), seconds)),
        Some(target) if TARGETS.contains(&target) => Ok((vec![target], seconds)),
        Some(target) => bail!("no target `{target}`: there are {}", TARGETS.join(", ")),
    }
}

/// Gives a target what the fixtures have for it: a text a file.
fn seed(root: &Path, target: &str, seeds: &Path) -> Result<()> {
    fs::create_dir_all(seeds)?;
    for entry in fs::read_dir(root.join("tests/fixtures"))? {
        let directory = entry?.path();
        let Ok(before) = fs::read_to_string(directory.join("before.Dockerfile")) else { continue };
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = match target {
            "shell" => before.lines().filter_map(|line| line.strip_prefix("RUN ")).collect(),
            "dockerignore" => {
                let text = fs::read_to_string(directory.join("context/.dockerignore"));
                format!("src/a.txt\n{}", text.unwrap_or_else(|_| "*\n!src\n**/*.md\n".into()))
            }
            "compare" => {
                let after = fs::read_to_string(directory.join("after.Dockerfile"));
                format!("{before}\u{1}a=1\u{2}{}\u{1}a=2", after.unwrap_or_default())
            }
            "options" => with_files(&directory.join("context"), before)?,
            _ => before,
        };
        fs::write(seeds.join(name), text)?;
    }
    Ok(())
}

/// A Dockerfile with the files right in its context.
fn with_files(context: &Path, mut text: String) -> Result<String> {
    if !context.is_dir() {
        return Ok(text);
    }
    for entry in fs::read_dir(context)? {
        let path = entry?.path();
        if let (Ok(content), Some(name)) = (fs::read_to_string(&path), path.file_name()) {
            text += &format!("\u{1}{}\u{2}{content}", name.to_string_lossy());
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_those_that_there_are() {
        let folder = fs::read_dir(tree::root().join("fuzz/fuzz_targets")).unwrap();
        let mut found: Vec<String> = folder
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        assert_eq!(found, TARGETS);
    }

    #[test]
    fn words_are_read() {
        assert_eq!(options(&["parse", "--seconds", "5"]).unwrap(), (vec!["parse"], 5));
        assert_eq!(options(&[]).unwrap(), (TARGETS.to_vec(), 60));
        let said = |words: &[&str]| options(words).unwrap_err().to_string();
        assert!(said(&["pars"]).contains("no target `pars`"));
        assert!(said(&["parse", "--second", "5"]).contains("--second 5"));
        assert!(said(&["--seconds", "x"]).contains("`x` is no number"));
    }
}
