//! `cargo xtask prove --history`: builds the commits of a project's history on a real engine, as
//! they are and rewritten, and holds every step of every build against what `replay` says.
//!
//! `history` reads the commits; what is kept of them is made a part of the page here.

use super::context::Context;
use super::history::{self, History};
use super::project::Project;
use super::series::{Series, is_right};
use super::stand_in::StandIns;
use super::trial;
use crate::engine::Engine;
use crate::tree;
use anyhow::{Context as _, Result, bail};
use layerwise::{Outcome, Replay};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::path::Path;

/// What an engine did with a history; kept beside the project.
#[derive(Debug, Deserialize, Serialize)]
pub struct Record {
    engine: String,
    /// Of all that was built as it is.
    digest: String,
    /// Of the rewritten texts.
    rewritten: String,
    /// The start and each commit, as they are.
    before: Vec<Watched>,
    /// The same with each Dockerfile rewritten.
    after: Vec<Watched>,
}

/// A build that was watched.
#[derive(Debug, Deserialize, Serialize)]
struct Watched {
    title: String,
    seconds: f64,
    /// What became of each step, and the step as the log names it.
    steps: Vec<(String, String)>,
}

/// What is right of what was said, and the sentences about what is not.
#[derive(Debug, Default, PartialEq)]
struct Held {
    builds: usize,
    right: usize,
    mistakes: Vec<String>,
}

/// Builds the histories of `projects`, and keeps what came of it where `keep` says so. Whether
/// everything was as said.
pub fn run(engine: &Engine, folder: &Path, projects: &[Project], keep: bool) -> Result<bool> {
    let mut stand_ins = StandIns::new(engine);
    let mut holds = true;
    for project in projects {
        let Some(history) = history::read(folder, project)? else { continue };
        let replay = history.replayed()?;
        let record = match trial::images(engine, &mut stand_ins, project) {
            Ok(images) => watched(engine, project, &images, (&history, &replay))?,
            Err(reason) => {
                println!("{:28} skipped: {reason}", project.name);
                continue;
            }
        };
        let held = held(&record, &replay);
        let all = held.right + held.mistakes.len();
        println!("{:28} {} of {all} steps in {} builds", project.name, held.right, held.builds);
        held.mistakes.iter().for_each(|one| println!("    MISTAKEN: {one}"));
        holds &= held.mistakes.is_empty();
        if keep {
            let text = serde_json::to_string_pretty(&record)? + "\n";
            tree::write(&place(folder, project), text)?;
        }
    }
    Ok(holds)
}

fn place(folder: &Path, project: &Project) -> std::path::PathBuf {
    folder.join(&project.name).join("replayed.json")
}

/// Has the engine build each state of a history, as it is and rewritten.
fn watched(
    engine: &Engine,
    project: &Project,
    images: &trial::Images,
    (history, replay): (&History<'_>, &Replay),
) -> Result<Record> {
    let builds = |replay: &Replay| -> Result<Vec<Watched>> {
        let place = engine.place().join(format!("history-{}", project.name));
        let texts = History::texts(replay);
        let mut series = Series::new(engine, project, images, texts[0], &place)?;
        let mut context = Context::new(place)?;
        let mut builds = Vec::new();
        for (moment, text) in history.moments.iter().zip(texts) {
            context.lay_out(&moment.files)?;
            series.turn_to(text, &moment.build_args);
            let (steps, seconds) = match series.watch()? {
                Ok(watched) => watched,
                Err(error) => bail!("{}, {}: {error}", project.name, moment.title),
            };
            let steps = steps.into_iter().map(|step| (step.outcome.id().to_string(), step.text));
            builds.push(Watched {
                title: moment.title.clone(),
                seconds: (seconds * 10.0).round() / 10.0,
                steps: steps.collect(),
            });
        }
        Ok(builds)
    };
    let rewritten = replay.rewritten.as_deref().context("nothing is rewritten")?;
    Ok(Record {
        engine: engine.name(),
        digest: history.digest(),
        rewritten: History::digest_of_texts(rewritten),
        before: builds(replay)?,
        after: builds(rewritten)?,
    })
}

/// Holds what was seen of the commits against what is said of them.
fn held(record: &Record, replay: &Replay) -> Held {
    let mut held = Held::default();
    let rewritten = replay.rewritten.as_deref();
    for (builds, replay) in [(&record.before, Some(replay)), (&record.after, rewritten)] {
        // Nothing is said of the start, which finds no cache.
        let commits = replay.into_iter().flat_map(|replay| &replay.commits);
        for (build, commit) in builds.iter().skip(1).zip(commits) {
            held.builds += 1;
            let mut said: Vec<_> = commit.reruns.iter().collect();
            for (outcome, text) in &build.steps {
                let at = said.iter().position(|step| step.text == *text);
                let expected = at.map_or(Outcome::Cached, |at| said.remove(at).outcome);
                match Outcome::of_id(outcome) {
                    Some(did) if is_right(text, expected, did) => held.right += 1,
                    _ => held.mistakes.push(format!(
                        "{}: `{text}`: replay says {}, it was {outcome}",
                        build.title,
                        expected.id()
                    )),
                }
            }
            for step in said {
                let sentence =
                    format!("{}: `{}`: the engine has no such step", build.title, step.text);
                held.mistakes.push(sentence);
            }
        }
    }
    held
}

/// The record of a history, where it is of what it would be today; without the rewritten builds
/// where the analyzer rewrites into something else by now.
fn recorded(folder: &Path, project: &Project) -> Result<Option<(Record, Replay)>> {
    let path = place(folder, project);
    let Some(history) = history::read(folder, project)?.filter(|_| path.exists()) else {
        return Ok(None);
    };
    let mut record: Record = serde_json::from_str(&tree::read(&path)?)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let replay = history.replayed()?;
    if replay.rewritten.as_deref().map(History::digest_of_texts).as_ref() != Some(&record.rewritten)
    {
        record.after.clear();
    }
    Ok((record.digest == history.digest()).then_some((record, replay)))
}

const HEAD: &str = "
## Histories

Made by `cargo xtask prove --history --record`. The commits of `history.toml` are built one after
another with the cache that those before left, as they are and with each Dockerfile rewritten, and
what became of every step is held against what `replay()`, and so `layerwise history`, says of it.
No commit takes a file back to what it was: a cache that keeps more than the last build finds that,
which `replay()` leaves out.

| project | commits | builds | steps that are as said | steps that ran | seconds |
|---|--:|--:|--:|--:|--:|
";

/// The part of the page that is about histories; empty where none is recorded.
pub fn page(folder: &Path, projects: &[Project]) -> Result<String> {
    let (mut rows, mut mistakes) = (String::new(), String::new());
    for project in projects {
        let Some((record, replay)) = recorded(folder, project)? else { continue };
        let held = held(&record, &replay);
        writeln!(
            rows,
            "| `{}` | {} | {} | {} of {} | {} → {} | {:.1} → {:.1} |",
            project.name,
            replay.commits.len(),
            held.builds,
            held.right,
            held.right + held.mistakes.len(),
            ran(&record.before),
            ran(&record.after),
            seconds(&record.before),
            seconds(&record.after)
        )?;
        for mistake in held.mistakes {
            writeln!(mistakes, "- `{}`, {mistake}.", project.name)?;
        }
    }
    if rows.is_empty() {
        return Ok(rows);
    }
    let before = if mistakes.is_empty() { "" } else { "\n" };
    Ok(format!("{HEAD}{rows}{before}{mistakes}"))
}

/// How many steps of the commits ran.
fn ran(builds: &[Watched]) -> usize {
    let steps = builds.iter().skip(1).flat_map(|build| &build.steps);
    steps.filter(|(outcome, _)| outcome != Outcome::Cached.id()).count()
}

fn seconds(builds: &[Watched]) -> f64 {
    builds.iter().skip(1).map(|build| build.seconds).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prove::project;

    /// An engine built three histories of ten commits, and did with every step what is said today.
    #[test]
    fn engines_did_what_replay_says() {
        let folder = tree::root().join("tests/projects");
        let projects = project::read_all(&folder).unwrap();
        let mut found = 0;
        for project in &projects {
            if history::read(&folder, project).unwrap().is_none() {
                continue;
            }
            let (record, replay) = recorded(&folder, project).unwrap().unwrap_or_else(|| {
                panic!("{}: run `cargo xtask prove --history --record`", project.name)
            });
            assert!(replay.commits.len() >= 10, "{}", project.name);
            let held = held(&record, &replay);
            assert_eq!(held.mistakes, Vec::<String>::new(), "{}", project.name);
            assert!(held.builds >= replay.commits.len(), "{}", project.name);
            found += 1;
        }
        assert!(found >= 3, "only {found} histories");
    }

    /// Near miss: a step that ran though the replay has it from the cache is told.
    #[test]
    fn another_outcome_is_a_mistake() {
        let folder = tree::root().join("tests/projects");
        let projects = project::read_all(&folder).unwrap();
        let of = projects.iter().find_map(|project| recorded(&folder, project).unwrap());
        let (mut record, replay) = of.unwrap();
        let right = held(&record, &replay).right;
        let step = record.before[1..].iter_mut().flat_map(|build| &mut build.steps);
        let step = step.into_iter().find(|(outcome, _)| outcome == "cached").unwrap();
        step.0 = "rerun".to_string();
        let held = held(&record, &replay);
        assert_eq!((held.right, held.mistakes.len()), (right - 1, 1));
        assert!(held.mistakes[0].contains("replay says cached, it was rerun"));
    }
}
