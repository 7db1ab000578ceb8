//! `cargo xtask extension`: the browser extension, from the package that is built here.

use crate::{command, npm, package, tree};
use anyhow::Result;

/// Builds the package and the extension, and prints where it lies.
pub fn build() -> Result<()> {
    npm::check_node_for_demo()?;
    package::build()?;
    let www = tree::root().join("www");
    npm::install(&www)?;
    command::run(&mut npm::script(&www, "extension"))
}
