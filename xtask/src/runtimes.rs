//! `cargo xtask runtimes`: the packed package in every runtime, bundler and test runner there is a
//! test for, and the table of README.md that says which.

use crate::{browser, command, npm, package, tree};
use anyhow::{Context, Result};

/// The folders of the tests, in `tests/runtimes`: those that every run of all tests includes, and
/// those that download half a gigabyte and build for minutes.
const QUICK: &str = ".";
const SLOW: &str = "frameworks";

/// Runs the tests that belong to all tests. The package must be built.
pub fn quick() -> Result<()> {
    run_in(QUICK, None)
}

/// Builds the package, runs all of the tests and writes the table.
pub fn run() -> Result<()> {
    npm::check_node_for_demo()?;
    package::build()?;
    let seen = tree::target().join("xtask/runtimes.ndjson");
    tree::write(&seen, "")?;
    run_in(QUICK, Some(&seen))?;
    run_in(SLOW, Some(&seen))?;
    let tests = tree::root().join("tests/runtimes");
    command::run(command::program("node", &tests).arg("table.mjs").env("RUNTIMES", &seen))
}

fn run_in(folder: &str, seen: Option<&std::path::Path>) -> Result<()> {
    let chromium = browser::find().context("the package is tried in pages")?;
    let tests = tree::root().join("tests/runtimes");
    npm::install(&tests)?;
    let folder = tests.join(folder);
    npm::install(&folder)?;
    let mut test = npm::script(&folder, "test");
    if let Some(seen) = seen {
        test.env("RUNTIMES", seen);
    }
    command::run(test.env("CHROMIUM_PATH", &chromium))
}
