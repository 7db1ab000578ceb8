//! The files that the simulator makes, for tests that build nothing.

#[path = "../simulator/assumed.rs"]
mod assumed;
#[path = "../simulator/build.rs"]
mod build;
#[path = "../simulator/bundler.rs"]
mod bundler;
#[path = "../simulator/commands.rs"]
mod commands;
#[path = "../simulator/composer.rs"]
mod composer;
#[path = "../simulator/copy.rs"]
mod copy;
#[path = "../simulator/dockerfile.rs"]
mod dockerfile;
#[path = "../simulator/dotnet.rs"]
mod dotnet;
#[path = "../simulator/files.rs"]
mod files;
#[path = "../simulator/generate.rs"]
mod generate;
#[path = "../simulator/ignore.rs"]
mod ignore;
#[path = "../simulator/images.rs"]
mod images;
#[path = "../simulator/installs.rs"]
mod installs;
#[path = "../simulator/javascript.rs"]
mod javascript;
#[path = "../simulator/judge.rs"]
mod judge;
#[path = "../simulator/maven.rs"]
mod maven;
#[path = "../simulator/packages.rs"]
mod packages;
#[path = "../simulator/poetry.rs"]
mod poetry;
#[path = "../simulator/programs.rs"]
mod programs;
#[path = "../simulator/projects.rs"]
mod projects;
#[path = "../simulator/pyproject.rs"]
mod pyproject;
#[path = "../simulator/random.rs"]
pub mod random;
#[path = "../simulator/shell.rs"]
mod shell;
#[path = "../simulator/uv.rs"]
mod uv;

use layerwise::{FixLevel, Options};

/// A Dockerfile, and what is known beside it.
pub fn file(seed: u64) -> (String, Options) {
    let case = generate::case(seed);
    (case.dockerfile(), judge::options(&case, FixLevel::Assumed))
}
