//! `docs/evidence.md`: the page made of what is recorded beside the projects.
//!
//! A record counts only while it is of the project's files and of what the analyzer makes of them
//! today.

use super::commits;
use super::project::{EditKind, Project};
use super::record::{Round, Trial, Verdict};
use super::trial::{analyzed, digest_of};
use crate::tree;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// A trial and its project.
struct Row<'p> {
    project: &'p Project,
    trial: Trial,
}

const HEAD: &str = "\
# Evidence

Made by `cargo xtask prove --record`; do not edit. Each project of `tests/projects` is built on a
real engine as it is and as layerwise rewrites it: from nothing, after an edit of its source, after
a change of a dependency, and after *drift*, where something appears that the fix could not know
of, such as a lock file or settings. After each, both images are compared whole: type, mode, owner,
extended attributes, link and content of every path, and the configuration. Two builds of the
original tell what differs anyway (times in logs and compiled files); that is listed at the end and
left out. Each Dockerfile has a build cache of its own, and what became of every step is held
against what `compare()` and `rebuild()` say; only the files of a `COPY --link` are found whoever
brought them, so that there `relinked` counts as right where `rerun` or `depends` was said.

No fix promises to last when the project drifts; what counts then is whether the analyzer, asked
again, *tells* that the Dockerfile lacks something.

";

/// The page.
pub fn page(folder: &Path, projects: &[Project]) -> Result<String> {
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for project in projects {
        for dockerfile in &project.dockerfiles {
            match recorded(folder, project, dockerfile)? {
                Some(trial) => rows.push(Row { project, trial }),
                None => missing.push(format!("`{}` ({dockerfile})", project.name)),
            }
        }
    }
    let mut page = HEAD.to_string();
    totals(&mut page, &rows)?;
    table(&mut page, &rows)?;
    page.push_str(&commits::page(folder, projects)?);
    details(&mut page, &rows)?;
    unchanged(&mut page, &rows)?;
    noise(&mut page, &rows)?;
    if !missing.is_empty() {
        writeln!(page, "\n## Not run\n\nNot run, or others since: {}.", missing.join(", "))?;
    }
    Ok(page)
}

/// Whether each Dockerfile of a project has a record that counts.
pub fn is_recorded(folder: &Path, project: &Project) -> Result<bool> {
    for dockerfile in &project.dockerfiles {
        if recorded(folder, project, dockerfile)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The record of a Dockerfile, where it is of what it would be today.
fn recorded(folder: &Path, project: &Project, dockerfile: &str) -> Result<Option<Trial>> {
    let path = folder.join(&project.name).join("recorded.json");
    if !path.exists() {
        return Ok(None);
    }
    let all = serde_json::from_str::<Vec<Trial>>(&tree::read(&path)?);
    let all = all.with_context(|| format!("cannot read {}", path.display()))?;
    let rewritten = analyzed(project, dockerfile)?.rewritten;
    let digest = digest_of(project, project.text(dockerfile)?, &rewritten);
    Ok(all.into_iter().find(|one| one.dockerfile == dockerfile && one.digest == digest))
}

fn totals(page: &mut String, rows: &[Row<'_>]) -> Result<()> {
    let engines: BTreeSet<&str> = rows.iter().map(|row| row.trial.engine.as_str()).collect();
    let of = |level: &str| rows.iter().filter(|row| row.trial.level == level).count();
    let engines = engines.into_iter().collect::<Vec<_>>().join(", ");
    writeln!(
        page,
        "{} Dockerfiles of {} projects on {engines}: {} rewritten safely, {} under listed \
         assumptions, {} as is suggested or advised, {} left as they are.\n",
        rows.len(),
        rows.iter().map(|row| &row.project.name).collect::<BTreeSet<_>>().len(),
        of("safe"),
        of("assumed"),
        of("suggested") + of("advised"),
        of("none")
    )?;
    writeln!(
        page,
        "| images | compared | identical | as a sentence says | another, or no build | of these told |"
    )?;
    writeln!(page, "|---|--:|--:|--:|--:|--:|")?;
    for level in ["safe", "assumed", "suggested", "advised"] {
        for edit in
            [None, Some(EditKind::Source), Some(EditKind::Dependency), Some(EditKind::Drift)]
        {
            let all = rows.iter().filter(|row| row.trial.level == level);
            let all = all.flat_map(|row| &row.trial.rounds).filter(|round| round.edit == edit);
            let all: Vec<&Round> = all.collect();
            let count = |word| all.iter().filter(|round| round.verdict.word() == word).count();
            let (identical, covered) = (count("identical"), count("as assumed"));
            let after =
                edit.map_or("from nothing".to_string(), |edit| format!("after {}", edit.id()));
            writeln!(
                page,
                "| {level}, {after} | {} | {identical} | {covered} | {} | {} |",
                all.len(),
                all.len() - identical - covered,
                all.iter().filter(|round| !round.told.is_empty()).count()
            )?;
        }
    }
    seconds(page, rows)?;
    let builds: Vec<_> = rows.iter().flat_map(|row| row.trial.builds()).collect();
    let steps: usize = builds.iter().map(|built| built.predicted + built.mistaken.len()).sum();
    let predicted: usize = builds.iter().map(|built| built.predicted).sum();
    writeln!(
        page,
        "\nOutcomes of steps predicted: {predicted} of {steps} in {} builds.",
        builds.len()
    )?;
    Ok(())
}

/// Seconds of the builds after edits.
fn seconds(page: &mut String, rows: &[Row<'_>]) -> Result<()> {
    writeln!(page, "\n| seconds after | builds | mean, before | after | median, before | after |")?;
    writeln!(page, "|---|--:|--:|--:|--:|--:|")?;
    for edit in [EditKind::Source, EditKind::Dependency] {
        let rounds = rows.iter().flat_map(|row| &row.trial.rounds);
        let rounds = rounds.filter(|round| round.edit == Some(edit));
        let (before, after): (Vec<f64>, Vec<f64>) = rounds
            .filter_map(|round| Some((round.before.seconds, round.after.as_ref()?.seconds)))
            .unzip();
        if before.is_empty() {
            continue;
        }
        writeln!(
            page,
            "| {} | {} | {:.1} | {:.1} | {:.1} | {:.1} |",
            edit.id(),
            before.len(),
            mean(&before),
            mean(&after),
            median(before.clone()),
            median(after.clone())
        )?;
    }
    Ok(())
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    (all[(all.len() - 1) / 2] + all[all.len() / 2]) / 2.0
}

fn table(page: &mut String, rows: &[Row<'_>]) -> Result<()> {
    writeln!(
        page,
        "\n## Projects\n\nSeconds and steps are of the rebuild after the first edit, one \
               build each; `none` is left as it is."
    )?;
    let ecosystems: BTreeSet<&str> =
        rows.iter().map(|row| row.project.ecosystem.as_str()).collect();
    for ecosystem in ecosystems {
        writeln!(page, "\n### {ecosystem}\n")?;
        writeln!(page, "| project | | fix | images | seconds | steps that ran |")?;
        writeln!(page, "|---|---|---|---|--:|--:|")?;
        for row in rows.iter().filter(|row| row.project.ecosystem == ecosystem) {
            writeln!(page, "{}", line(row))?;
        }
    }
    Ok(())
}

fn line(row: &Row<'_>) -> String {
    let Row { project, trial } = row;
    let images: Vec<String> = trial.rounds.iter().map(image).collect();
    let is_same = |word: &String| *word == images[0];
    let images = match images.iter().all(is_same) {
        true => format!("{}, {} times", images[0], images.len()),
        false => {
            let edits = trial.rounds.iter().map(|round| round.edit.map_or("first", EditKind::id));
            let all = edits.zip(&images).map(|(edit, image)| format!("{edit}: {image}"));
            all.collect::<Vec<_>>().join("; ")
        }
    };
    let edited = trial.rounds.iter().find(|round| round.edit.is_some());
    let (mut seconds, mut steps) = (String::new(), String::new());
    if let Some(Round { before, after, .. }) = edited {
        seconds = format!("{:.1}", before.seconds);
        steps = format!("{} of {}", before.ran, before.steps);
        if let Some(after) = after {
            seconds += &format!(" → {:.1}", after.seconds);
            steps += &format!(" → {} of {}", after.ran, after.steps);
        }
    }
    let several = match project.dockerfiles.len() {
        1 => String::new(),
        _ => format!(" ({})", trial.dockerfile),
    };
    format!(
        "| `{}`{several} | {} | {} | {images} | {seconds} | {steps} |",
        project.name, project.about, trial.level
    )
}

fn image(round: &Round) -> String {
    match (&round.verdict, round.told.is_empty()) {
        (Verdict::Differs { .. } | Verdict::Fails { .. }, false) => {
            format!("{}, and told", round.verdict.word().to_lowercase())
        }
        (verdict, _) => verdict.word().to_string(),
    }
}

/// What is not identical, and what was predicted wrongly.
fn details(page: &mut String, rows: &[Row<'_>]) -> Result<()> {
    let mut found = String::new();
    for Row { project, trial } in rows {
        for round in &trial.rounds {
            let edit = round.edit.map_or("first", EditKind::id);
            let place = format!("- `{}`, {edit}", project.name);
            match &round.verdict {
                Verdict::Covered { differences, sentence } => {
                    writeln!(found, "{place}: {}. By: \"{sentence}\"", differences.join("; "))?;
                }
                Verdict::Differs { differences } => {
                    writeln!(found, "{place}: {}.", differences.join("; "))?;
                }
                Verdict::Fails { error } => writeln!(found, "{place}: {error}")?,
                Verdict::Identical | Verdict::Unchanged => {}
            }
            for sentence in &round.told {
                writeln!(found, "  The analyzer says then: {sentence}")?;
            }
            for built in [Some(&round.before), round.after.as_ref()].into_iter().flatten() {
                for mistake in &built.mistaken {
                    writeln!(found, "{place}: predicted wrongly: {mistake}.")?;
                }
            }
        }
    }
    if !found.is_empty() {
        write!(page, "\n## What is not identical, or was predicted wrongly\n\n{found}")?;
    }
    Ok(())
}

fn unchanged(page: &mut String, rows: &[Row<'_>]) -> Result<()> {
    let mut found = String::new();
    for Row { project, trial } in rows.iter().filter(|row| row.trial.level == "none") {
        let why = match trial.sentences.is_empty() {
            true => "nothing is wrong with it".to_string(),
            false => trial.sentences.join(" "),
        };
        writeln!(found, "- `{}`: {why}", project.name)?;
    }
    if !found.is_empty() {
        write!(page, "\n## Left as they are\n\n{found}")?;
    }
    Ok(())
}

fn noise(page: &mut String, rows: &[Row<'_>]) -> Result<()> {
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for Row { project, trial } in rows {
        for path in &trial.noise {
            found.entry(place(path)).or_default().insert(&project.name);
        }
    }
    page.push_str(
        "\n## In what two builds of the original differ\n\n`#` stands for digits and hashes.\n\n",
    );
    for (place, projects) in found {
        writeln!(page, "- `{place}`: {} projects", projects.len())?;
    }
    Ok(())
}

/// The directory of a path that differs, not too deep; Python's compiled files wherever they are.
fn place(path: &str) -> String {
    if path.contains("/__pycache__/") {
        return "**/__pycache__".to_string();
    }
    let parts: Vec<&str> = path.split('/').take(5).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_places() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(place("/root/.cache/go-build/#/#-a"), "/root/.cache/go-build/#");
        assert_eq!(place("/var/log/dpkg.log"), "/var/log/dpkg.log");
        assert_eq!(place("/usr/lib/a/__pycache__/b.cpython-#.pyc"), "**/__pycache__");
    }
}
