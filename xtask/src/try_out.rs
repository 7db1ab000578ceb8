//! `cargo xtask try` and `cargo xtask demo`: layerwise at work, built from this tree.

use crate::{command, npm, package, tree};
use anyhow::{Result, bail};
use std::path::Path;

const EXAMPLE: &str = "tests/fixtures/pip-2014/before.Dockerfile";

/// Prints the issues of a Dockerfile and the rewritten file; without one, of the example, which
/// has no context but its text.
pub fn run(dockerfile: Option<&Path>) -> Result<()> {
    npm::check_node()?;
    let arguments = match dockerfile {
        Some(path) => vec![std::path::absolute(path)?.display().to_string()],
        None => vec!["--no-context".to_string(), EXAMPLE.to_string()],
    };
    package::build()?;
    command_line(&arguments)?;
    command_line(&[vec!["--print".to_string()], arguments].concat())
}

/// Builds the demo and serves it until interrupted.
pub fn demo() -> Result<()> {
    npm::check_node_for_demo()?;
    package::build()?;
    let demo = tree::root().join("www");
    npm::install(&demo)?;
    command::run(&mut npm::script(&demo, "build"))?;
    // Vite prints the address.
    command::run(command::program("npx", &demo).args(["vite", "preview"]))
}

/// Exit code 1 says that there are issues, which is what there is to see.
fn command_line(arguments: &[String]) -> Result<()> {
    println!("\n$ npx layerwise {}\n", arguments.join(" "));
    let mut node = command::program("node", &tree::root());
    match command::status(node.arg("pkg/cli.cjs").args(arguments))? {
        0 | 1 => Ok(()),
        code => bail!("the command line failed (exit code {code})"),
    }
}
