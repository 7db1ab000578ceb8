//! What the rules about files that an install does not get share: the copies that bring them,
//! and the places of an issue.

use crate::context::parent;
use crate::graph::StepAt;
use crate::graph::left_out::{LeftOut, LeftOutFile};
use crate::issue::{Issue, Related};
use crate::repair::{ManifestCopy, Operation, Place, Repair, Way};
use crate::rule::{Analysis, Finding, Remedy};
use crate::sentences::{Assumption, Quoted};

/// The files of an install that a rule is about; `None` where there are none.
pub fn files(
    left: &LeftOut,
    is_wanted: fn(&LeftOutFile) -> bool,
) -> Option<(Vec<&LeftOutFile>, Quoted)> {
    let files: Vec<&LeftOutFile> = left.files.iter().filter(|file| is_wanted(file)).collect();
    let names = Quoted::all(files.iter().map(|file| match file.is_directory {
        true => format!("{}/", file.source),
        false => file.source.clone(),
    }));
    (!files.is_empty()).then_some((files, names))
}

/// An issue that a rule has at an install, whose fix copies the files before it where a later copy
/// brings them.
pub fn finding(
    analysis: &Analysis<'_, '_>,
    left: &LeftOut,
    files: &[&LeftOutFile],
    mut issue: Issue,
) -> Finding {
    let mut later: Vec<StepAt> = files.iter().filter_map(|file| file.later).collect();
    later.dedup();
    let related = later.iter().map(|&at| Related {
        span: analysis.graph.span(at),
        message: "This copy comes too late for the install.".into(),
    });
    issue.related = related.collect();
    // A build that a change of the lock file reruns costs more than today.
    let remedy = match !left.builds && files.iter().all(|file| file.later.is_some()) {
        true => Remedy::Repair(repair(left)),
        false => Remedy::Advice,
    };
    Finding { issue, remedy }
}

/// Copies before the install what a later copy brings of all that it lacks, so that two rules ask
/// for one repair.
fn repair(left: &LeftOut) -> Repair {
    let mut copies: Vec<ManifestCopy> = Vec::new();
    let files = || left.files.iter().filter_map(|file| Some((file.later?, file)));
    for (from, file) in files() {
        let directory = match file.is_directory {
            true => file.place.clone(),
            false => parent(&file.place),
        };
        let same = copies.iter_mut().find(|copy| {
            !file.is_directory
                && !copy.is_directory
                && copy.from == from
                && copy.directory == directory
        });
        match same {
            Some(copy) => copy.sources.push(file.source.clone()),
            None => copies.push(ManifestCopy {
                from,
                sources: vec![file.source.clone()],
                directory,
                file: None,
                is_directory: file.is_directory,
                way: Way::Plain,
            }),
        }
    }
    let at = Place::Before(left.at);
    let names = Quoted::all(files().map(|(_, file)| file.source.clone()));
    Repair {
        title: "Copy what the install reads before it",
        operations: copies.into_iter().map(|copy| Operation::InsertCopy { copy, at }).collect(),
        frees: vec![left.at],
        assumptions: vec![Assumption::InstallsDifferently { names }],
        is_suggestion: true,
    }
}

#[cfg(test)]
pub mod tests {
    use crate::rules::alone;
    use crate::{Options, Report, analyze};

    const FROM: &str = "FROM node:24\n";

    fn report(files: &[(&str, &str)], steps: &str) -> Report {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let files = files.iter().map(|(path, own)| (path.to_string(), text(own)));
        let own = ["install-input-missing", "lockfile-not-copied"];
        let options = Options { files: Some(files.collect()), ..alone(&own) };
        analyze(&format!("{FROM}{steps}\n"), &options)
    }

    /// What a rule says of steps on an image, with these files and their texts as the context.
    pub fn found(rule: &str, files: &[(&str, &str)], steps: &str) -> Vec<String> {
        let issues = report(files, steps).issues.into_iter();
        issues.filter(|issue| issue.rule == rule).map(|issue| issue.message).collect()
    }

    /// The steps with all fixes.
    pub fn repaired(files: &[(&str, &str)], steps: &str) -> String {
        let rewritten = report(files, steps).rewritten;
        rewritten.trim_start_matches(FROM).trim_end().to_owned()
    }
}
