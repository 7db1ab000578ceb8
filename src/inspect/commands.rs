//! What the graph thinks of one command of a RUN, as text.

use super::InspectedPart;
use crate::graph::{CommandEffects, Graph, Needs, PathSet, Run, StepAt};
use crate::text::Span;

/// What is known of the command `index` of `run`, which stands at `at`.
pub(super) fn of_command(
    graph: &Graph<'_>,
    at: StepAt,
    run: &Run<'_>,
    index: usize,
) -> InspectedPart {
    let command = &run.commands[index];
    let source = graph.dockerfile.source.as_bytes();
    let before = &source[..(command.span.start as usize).min(source.len())];
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u32;
    let mut entry = InspectedPart::new(graph, line, command.span);
    entry.fact("is known as", known_as(command));
    entry.fact("needs", needs(graph, at, run, index));
    for (name, set) in [("also reads", &command.reads), ("writes", &command.writes)] {
        entry.fact(name, paths(set));
    }
    if command.fills.everything || !command.fills.paths.is_empty() {
        entry.fact("writes names that are not known into", paths(&command.fills));
    }
    if let Some(builds) = &command.builds {
        entry.fact("works on the project in", paths(builds));
    }
    let places = command.places.iter().map(|place| place.as_deref().unwrap_or("one not known"));
    list(&mut entry, "directories that have to be there", places);
    list(&mut entry, "files that change what it does", command.settings.iter().map(String::as_str));
    let flags = [
        (command.is_conditional, "parts of it may not run"),
        (command.changes_shell, "it changes what later commands mean"),
        (command.uses_system, "it uses programs of the system"),
        (command.fetched, "it runs a script that was downloaded"),
        (command.sources, "it runs a file in the shell"),
    ];
    list(&mut entry, "also", flags.iter().filter(|flag| flag.0).map(|flag| flag.1));
    // What has to hold, or why the files are not enough; see `Graph::wanted`.
    if !matches!(command.needs, Needs::Everything(_)) {
        let demands = graph.wanted(run, index, at);
        for assumption in &demands.assumptions {
            entry.fact("assumes", assumption.to_string());
        }
        if let Some(reason) = &demands.refusal {
            entry.fact("cannot go first", reason.to_string());
        }
    }
    entry
}

/// A command as it is quoted: its first line.
pub(super) fn quoted(graph: &Graph<'_>, span: Span) -> String {
    format!("`{}`", InspectedPart::new(graph, 0, span).text)
}

/// "npm, install", or that no table knows it.
fn known_as(command: &CommandEffects) -> String {
    match &command.used {
        Some(used) => format!("{}, {:?}", used.tool.name, used.kind).to_ascii_lowercase(),
        None if command.changes_shell => "a command of the shell".to_owned(),
        None => "nothing: no table names it".to_owned(),
    }
}

fn needs(graph: &Graph<'_>, at: StepAt, run: &Run<'_>, index: usize) -> String {
    match &run.commands[index].needs {
        Needs::Nothing => "no file that was copied".to_owned(),
        Needs::Paths(paths) => paths.join(", "),
        Needs::Everything(reason) => format!("any file: {reason}"),
        Needs::Project { directory, .. } => {
            let files = &graph.wanted(run, index, at).files;
            let files: Vec<&str> = files.iter().map(|file| file.place.as_str()).collect();
            let directory = if directory.is_empty() { "the image's directory" } else { directory };
            match files.is_empty() {
                true => format!("the manifests of {directory}"),
                false => format!("the manifests of {directory}: {}", files.join(", ")),
            }
        }
    }
}

/// A set of paths, a few of them by name.
pub(super) fn paths(set: &PathSet) -> String {
    const SHOWN: usize = 12;
    if set.everything {
        return "any path".to_owned();
    }
    if set.paths.is_empty() {
        return "nothing".to_owned();
    }
    let mut names: Vec<&str> = set.paths.iter().take(SHOWN).map(|path| path.as_ref()).collect();
    for name in &mut names {
        if name.is_empty() {
            *name = "the image's directory";
        }
    }
    let more = set.paths.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names.join(", ") + &more
}

fn list<'t>(entry: &mut InspectedPart, name: &'static str, items: impl Iterator<Item = &'t str>) {
    let items: Vec<&str> = items.collect();
    if !items.is_empty() {
        entry.fact(name, items.join(", "));
    }
}
