//! `cargo xtask test`: the core, the package in Node and other runtimes, the demo and the extension in a
//! real browser.

use crate::{browser, command, npm, package, runtimes, tree};
use anyhow::Result;

/// Runs all tests; the first that fails ends it.
pub fn run() -> Result<()> {
    // What is missing is said before anything is built.
    npm::check_node_for_demo()?;
    let chromium = browser::find()?;

    heading("core");
    let mut cargo = command::cargo(&tree::root());
    command::run(cargo.args(["test", "--workspace"]))?;

    heading("package");
    package::build()?;
    let package = tree::root().join("tests/package");
    npm::install(&package)?;
    command::run(npm::script(&package, "test").env("CHROMIUM_PATH", &chromium))?;

    heading("runtimes");
    runtimes::quick()?;

    heading("demo");
    let demo = tree::root().join("www");
    npm::install(&demo)?;
    command::run(npm::script(&demo, "test").env("CHROMIUM_PATH", &chromium))?;

    heading("extension");
    command::run(npm::script(&demo, "test-extension").env("CHROMIUM_PATH", &chromium))?;

    println!("\nall tests passed");
    Ok(())
}

fn heading(text: &str) {
    println!("\n=== {text} ===\n");
}
