//! `cargo xtask prove`: builds the projects of `tests/projects` on a real engine, as they are and
//! as the analyzer rewrites them, and compares the images whole, also after edits.
//!
//! `project` reads a project, `stand_in` gives it base images, `series` builds, `image` and
//! `difference` compare, `trial` puts that together, `record` is what is kept of it, `evidence`
//! the page made of all that is kept. `history` and `commits` do the same for histories.

mod commits;
mod context;
mod difference;
mod evidence;
mod history;
mod image;
mod layer;
mod project;
mod record;
mod series;
mod stand_in;
mod trial;

use crate::engine::{Engine, Images};
use crate::tree;
use anyhow::{Result, bail};
use image::Store;
use project::Project;
use record::{Trial, Verdict};
use stand_in::StandIns;
use std::path::Path;

/// What the command is asked to do.
#[derive(Default)]
struct Options {
    /// Start an engine from Debian's packages.
    start: bool,
    /// Write down how it went, and the evidence.
    record: bool,
    /// Only say what would be built.
    plan: bool,
    /// Only the projects that are marked so.
    quick: bool,
    /// Only what is not recorded as it is today.
    new: bool,
    /// Not the edits, but the histories of projects that have one.
    history: bool,
    /// Only these projects.
    only: Vec<String>,
}

/// Runs the command. Its exit code: 0 where all is as promised, 1 where something is not, 2 where
/// there is no engine.
pub fn run(arguments: &[&str]) -> Result<i32> {
    let options = read(arguments)?;
    let folder = tree::root().join("tests/projects");
    let mut projects = project::read_all(&folder)?;
    if let Some(unknown) =
        options.only.iter().find(|name| projects.iter().all(|project| project.name != **name))
    {
        bail!("there is no tests/projects/{unknown}");
    }
    projects.retain(|project| {
        let is_named = options.only.is_empty() || options.only.contains(&project.name);
        is_named && (project.quick || !options.quick)
    });
    if options.new {
        let mut others = Vec::new();
        for project in projects {
            if !evidence::is_recorded(&folder, &project)? {
                others.push(project);
            }
        }
        projects = others;
    }
    if options.plan {
        return plan(&projects);
    }
    let engine = match Engine::of(options.start.then_some(Images::Kept)) {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("no engine: {error:#}");
            return Ok(2);
        }
    };
    println!("{}: {} projects", engine.name(), projects.len());
    if options.history {
        let holds = commits::run(&engine, &folder, &projects, options.record)?;
        if options.record {
            write_page(&folder)?;
        }
        return Ok(i32::from(!holds));
    }
    let mut stand_ins = StandIns::new(&engine);
    let mut store = Store::new(engine.place().join("images"));
    let mut tally = Tally::default();
    for project in &projects {
        let mut trials = Vec::new();
        for dockerfile in &project.dockerfiles {
            match trial::run(&engine, &mut stand_ins, &mut store, project, dockerfile) {
                Ok(Ok(trial)) => trials.push(trial),
                Ok(Err(reason)) => {
                    println!("{:28} skipped: {reason}", project.name);
                    tally.skipped += 1;
                }
                Err(error) => {
                    println!("{:28} BROKEN: {error:#}", project.name);
                    tally.broken += 1;
                }
            }
        }
        store.tidy()?;
        for trial in &trials {
            print(project, trial);
            tally.count(trial);
        }
        if options.record && trials.len() == project.dockerfiles.len() {
            let path = folder.join(&project.name).join("recorded.json");
            tree::write(&path, serde_json::to_string_pretty(&trials)? + "\n")?;
        }
    }
    if options.record {
        write_page(&folder)?;
    }
    Ok(tally.print())
}

/// Writes the page of all that is recorded.
fn write_page(folder: &Path) -> Result<()> {
    let all = project::read_all(folder)?;
    tree::write(&tree::root().join("docs/evidence.md"), evidence::page(folder, &all)?)
}

/// Prints what each Dockerfile becomes.
fn plan(projects: &[Project]) -> Result<i32> {
    for project in projects {
        for dockerfile in &project.dockerfiles {
            let report = trial::analyzed(project, dockerfile)?;
            let (level, sentences) = trial::promised(project, &report);
            println!("=== {} ({dockerfile}): {level}", project.name);
            sentences.iter().for_each(|sentence| println!("- {sentence}"));
            if !report.edits.is_empty() {
                println!("\n{}", report.rewritten);
            }
        }
    }
    Ok(0)
}

fn read(arguments: &[&str]) -> Result<Options> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match (*argument, arguments.as_slice().first()) {
            ("--start-engine", _) => options.start = true,
            ("--record", _) => options.record = true,
            ("--plan", _) => options.plan = true,
            ("--new", _) => options.new = true,
            ("--history", _) => options.history = true,
            ("--quick", _) => options.quick = true,
            ("--project", Some(name)) => {
                options.only.push(name.to_string());
                arguments.next();
            }
            ("--project", None) => bail!("`--project` needs the name of a project"),
            (other, _) => bail!("`prove` knows no {other}"),
        }
    }
    Ok(options)
}

/// How many trials went how.
#[derive(Default)]
struct Tally {
    kept: usize,
    broken_promises: usize,
    mistaken: usize,
    skipped: usize,
    broken: usize,
}

impl Tally {
    fn count(&mut self, trial: &Trial) {
        match trial.holds() {
            true => self.kept += 1,
            false => self.broken_promises += 1,
        }
        self.mistaken += trial.builds().map(|built| built.mistaken.len()).sum::<usize>();
    }

    /// Prints it; the exit code.
    fn print(&self) -> i32 {
        let Tally { kept, broken_promises, mistaken, skipped, broken } = self;
        println!(
            "\n{kept} as promised, {broken_promises} not, {skipped} skipped, {broken} broken; \
             {mistaken} steps predicted wrongly"
        );
        i32::from(broken_promises + mistaken + broken > 0)
    }
}

fn print(project: &Project, trial: &Trial) {
    println!("{:28} {} ({})", project.name, trial.level, trial.dockerfile);
    for round in &trial.rounds {
        let edit = round.edit.map_or("first", project::EditKind::id);
        let after = round.after.as_ref();
        let after = after.map(|built| (built.seconds, built.ran)).unwrap_or_default();
        println!(
            "    {edit:11} {:15} {:6.1} s {:2} steps -> {:6.1} s {:2} steps",
            round.verdict.word(),
            round.before.seconds,
            round.before.ran,
            after.0,
            after.1
        );
        match &round.verdict {
            Verdict::Covered { differences, sentence } => {
                println!("        by: {sentence}");
                differences.iter().for_each(|one| println!("        {one}"));
            }
            Verdict::Differs { differences } => {
                differences.iter().for_each(|one| println!("        {one}"));
            }
            Verdict::Fails { error } => println!("        {error}"),
            Verdict::Identical | Verdict::Unchanged => {}
        }
        round.told.iter().for_each(|one| println!("        told: {one}"));
        for built in [Some(&round.before), round.after.as_ref()].into_iter().flatten() {
            built.mistaken.iter().for_each(|one| println!("        MISTAKEN: {one}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_can_be_built() {
        let folder = tree::root().join("tests/projects");
        let projects = project::read_all(&folder).unwrap();
        assert!(projects.len() >= 45, "only {} projects", projects.len());
        assert!(projects.iter().filter(|project| project.quick).count() >= 8);
        for project in &projects {
            for stand_in in project.images.values() {
                let recipe = folder.join(format!("bases/{stand_in}.Dockerfile"));
                assert!(stand_in == "debian" || recipe.exists(), "{}: {stand_in}", project.name);
            }
            for dockerfile in &project.dockerfiles {
                let text = project.text(dockerfile).unwrap();
                let report = trial::analyzed(project, dockerfile).unwrap();
                assert!(report.errors.is_empty(), "{}: {text}", project.name);
                let covered = project.edit.iter().map(|edit| &edit.covered);
                for sentence in covered.chain([&project.covered]).flatten() {
                    let (_, sentences) = trial::promised(project, &report);
                    let is_said = sentences.iter().any(|other| other.contains(&sentence.by));
                    assert!(is_said, "{}: no sentence says `{}`", project.name, sentence.by);
                }
            }
        }
    }

    #[test]
    fn what_is_recorded_can_be_read() {
        let folder = tree::root().join("tests/projects");
        let projects = project::read_all(&folder).unwrap();
        let page = evidence::page(&folder, &projects).unwrap();
        assert!(page.starts_with("# Evidence\n"));
        for project in &projects {
            assert!(page.contains(&format!("`{}`", project.name)), "{}", project.name);
        }
    }
}
