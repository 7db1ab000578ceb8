//! The text of the stage that keeps manifests alone, and of the copy that takes them from it.
//!
//! The stage copies what the file copies, and takes away all but the files of some names. It
//! cannot fail: where nothing is taken away, what is taken from it is what comes behind anyway.

use super::words::{LONG, push_words};
use crate::graph::path_set::under;
use crate::graph::{Graph, StepAt};
use crate::repair::{ManifestCopy, ManifestStage};
use crate::syntax::Arguments;
use crate::text::Span;

/// Where the stage keeps them: nothing else is there.
pub const DIRECTORY: &str = "/manifests";

/// The stage that keeps only the files that have one of the names `keeps`, in front of the
/// stage `before`. Its copies fill `directory` in the original.
pub fn stage_text(
    graph: &Graph<'_>,
    (added, keeps): (&ManifestStage, &[String]),
    directory: &str,
    before: usize,
    line_break: &str,
) -> String {
    let source = graph.dockerfile.source;
    let from = &graph.dockerfile.instructions[graph.root(before).from];
    let Arguments::From { image, .. } = &from.arguments else { return String::new() };
    let lower = from.name.text.starts_with('f');
    let keyword = |word: &str| if lower { word.to_ascii_lowercase() } else { word.to_owned() };
    let start = Span::new(from.span.start as usize, image.span.end as usize);
    let mut text = format!("{} {} {}", start.of(source), keyword("AS"), added.name);
    text.push_str(&format!("{line_break}{} {DIRECTORY}{line_break}", keyword("WORKDIR")));
    for &at in &added.copies {
        text.push_str(&copy_text(graph, at, directory));
        text.push_str(line_break);
    }
    let tests = keeps.iter().map(|name| {
        let test = if name.contains('/') { "-path" } else { "-name" };
        match name.contains('*') {
            true => format!("! {test} '{name}'"),
            false => format!("! {test} {name}"),
        }
    });
    // A link may lead to the member of a workspace.
    let tests: Vec<String> = std::iter::once("! -type l".to_owned()).chain(tests).collect();
    let run = |between: &str| {
        let tests = tests.join(between);
        // A directory that still holds one of them cannot be deleted.
        format!("{} find .{between}{tests}{between}-delete 2>/dev/null || true", keyword("RUN"))
    };
    let short = run(" ");
    match short.len() > LONG {
        true => text.push_str(&run(&format!(" \\{line_break}    "))),
        false => text.push_str(&short),
    }
    text.push_str(line_break);
    text.push_str(line_break);
    text
}

/// A copy as it stands in the stage: what only decides owner and mode is left out, and its
/// destination is the same below `root`.
fn copy_text(graph: &Graph<'_>, at: StepAt, root: &str) -> String {
    let step = &graph.stages[at.stage].steps[at.step];
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let copy = graph.copy_at(at);
    let mut text = format!("{} ", instruction.name.text);
    for flag in instruction.flags.iter().filter(|flag| flag.name == "exclude") {
        text.push_str(flag.span.of(graph.dockerfile.source));
        text.push(' ');
    }
    let below = copy.destination.as_ref().and_then(|to| under(root, to.path())).unwrap_or("");
    let is_directory = copy.destination.as_ref().is_some_and(|to| to.is_directory().is_yes());
    let to = match below {
        "" if copy.sources.len() > 1 => "./".to_owned(),
        "" => ".".to_owned(),
        below if is_directory => format!("./{below}/"),
        below => format!("./{below}"),
    };
    let words = copy.sources.iter().map(|(text, _)| text.clone()).chain([to]).collect();
    push_words(&mut text, words, instruction.is_json());
    text
}

/// The copy that takes them from the stage.
pub fn take_text(
    graph: &Graph<'_>,
    manifests: &ManifestCopy,
    stage: &ManifestStage,
    to: String,
) -> String {
    let step = &graph.stages[manifests.from.stage].steps[manifests.from.step];
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let copy = if instruction.name.text.starts_with(['a', 'c']) { "copy" } else { "COPY" };
    let mut text = format!("{copy} --from={} ", stage.name);
    for flag in instruction.flags.iter().filter(|flag| flag.name != "exclude") {
        text.push_str(flag.span.of(graph.dockerfile.source));
        text.push(' ');
    }
    push_words(&mut text, vec![format!("{DIRECTORY}/"), to], instruction.is_json());
    text
}
