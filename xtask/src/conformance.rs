//! `cargo xtask conformance`: builds the scenarios of `tests/conformance` on a real engine and
//! compares what it did with what `layerwise::compare` says.
//!
//! `image` gives the engine base images, `build` builds, `report` says how it went.

mod build;
mod image;
mod report;
#[path = "../../tests/support/scenario.rs"]
mod scenario;

use crate::engine::{Engine, Images};
use crate::tree;
use anyhow::{Result, bail};
use layerwise::{CompareOptions, Outcome, compare};
use report::{Report, Row};
pub use scenario::agrees;

/// What the command is asked to do.
#[derive(Default)]
struct Options {
    /// Start an engine from Debian's packages.
    start: bool,
    /// Write down what the engine did.
    record: bool,
    /// Only scenarios whose name contains this.
    only: Option<String>,
}

/// Runs the command. Its exit code: 0 where all agree or are marked, 1 where something
/// disagrees, 2 where there is no engine.
pub fn run(arguments: &[&str]) -> Result<i32> {
    let options = read(arguments)?;
    let folder = tree::root().join("tests/conformance");
    let mut cases = scenario::read(&folder);
    let names: Vec<_> = cases.iter().map(|case| (case.area.clone(), case.id.clone())).collect();
    if let Some(part) = &options.only {
        cases.retain(|case| format!("{}/{}", case.area, case.id).contains(part));
        if cases.is_empty() {
            bail!("no scenario is named like `{part}`");
        }
    }
    let engine = match Engine::of(options.start.then_some(Images::Removed)) {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("no engine: {error:#}");
            return Ok(2);
        }
    };
    println!("{}: {} scenarios, two builds each", engine.name(), cases.len());
    let applets = image::Busybox::find(&engine)?;
    let mut report = Report::default();
    for case in &cases {
        let observed = build::observe(&engine, &applets, case)?;
        let outcomes = compare(&case.before, &case.after, &CompareOptions::default());
        let predicted: Vec<(String, Outcome)> =
            outcomes.into_iter().map(|step| (step.text, step.outcome)).collect();
        report.add(Row { case, predicted, observed });
    }
    report.print();
    if options.record {
        let path = folder.join(format!("recorded/docker-{}.toml", engine.version()));
        report.record(&path, &names)?;
        println!("recorded in {}", path.display());
    }
    Ok(i32::from(report.disagrees()))
}

fn read(arguments: &[&str]) -> Result<Options> {
    let mut options = Options::default();
    for argument in arguments {
        match *argument {
            "--start-engine" => options.start = true,
            "--record" => options.record = true,
            flag if flag.starts_with('-') => bail!("`conformance` knows no {flag}"),
            part if options.only.is_none() => options.only = Some(part.to_string()),
            _ => bail!("`conformance` takes one part of a name"),
        }
    }
    Ok(options)
}
