//! The text of an added copy, in the style of the copy that it takes its files from.

use super::manifest_stage;
use super::words::{LONG, push_words};
use crate::context::join;
use crate::graph::path_set::under;
use crate::graph::{Copy, Graph};
use crate::repair::{ManifestCopy, Names, Way};
use crate::syntax::{Arguments, Instruction};
use crate::text::Cut;

/// The instruction's text, in the style of the copy it takes from. `cwd` is where it will
/// stand.
pub fn write(
    graph: &Graph<'_>,
    manifests: &ManifestCopy,
    cwd: Option<&str>,
    line_break: &str,
) -> String {
    let step = &graph.stages[manifests.from.stage].steps[manifests.from.step];
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let copy = graph.copy_at(manifests.from);
    let destination = match &manifests.file {
        // Its author has named it, too.
        Some(file)
            if copy.destination.as_ref().is_some_and(|to| to.path() == file)
                && (!copy.is_relative || cwd == step.cwd.as_deref()) =>
        {
            copy.written_destination.clone()
        }
        // The variables of the copy's author stay.
        Some(file) if !copy.written_destination.contains('$') => file.clone(),
        _ => directory_text(copy, &manifests.directory, cwd),
    };
    if let Way::ByName { from: Names::Stage(stage), .. } = &manifests.way {
        return manifest_stage::take_text(graph, manifests, stage, destination);
    }
    let mut out = instruction.name.text.to_string();
    out.push(' ');
    if manifests.way != Way::Plain {
        out.push_str("--parents ");
    }
    if let (Some(first), Some(last)) = (instruction.flags.first(), instruction.flags.last()) {
        out.push_str(first.span.to(last.span).of(graph.dockerfile.source));
        out.push(' ');
    }
    let plain = manifests.way == Way::Plain;
    let mut words = manifests.sources.clone();
    words.push(destination);
    let short = out.len() + words.iter().map(|word| word.len() + 1).sum::<usize>() <= LONG;
    if plain || short || instruction.is_json() {
        push_words(&mut out, words, instruction.is_json());
    } else {
        let end = format!(" {}{line_break}    ", graph.dockerfile.escape);
        out.pop();
        for word in &words {
            out.push_str(&end);
            out.push_str(word);
        }
    }
    out
}

/// The copy's text with another destination.
pub fn with_destination(
    graph: &Graph<'_>,
    instruction: &Instruction<'_>,
    text: &str,
    start: usize,
    destination: &str,
) -> String {
    let Arguments::Copy { destination: word, .. } = &instruction.arguments else {
        return text.to_owned();
    };
    let (from, to) = (word.span.start as usize - start, word.span.end as usize - start);
    let quoted = graph.dockerfile.source.cut(word.span.range()).starts_with('"');
    let new = if quoted { format!("\"{destination}\"") } else { destination.to_owned() };
    format!("{}{}{}", text.cut(..from), new, text.cut(to..))
}

/// `directory` as the copy's author would write it, with a trailing slash.
fn directory_text(copy: &Copy, directory: &str, cwd: Option<&str>) -> String {
    let with_slash = |text: String| if text.ends_with(['/', '\\']) { text } else { text + "/" };
    if copy.is_relative
        && let Some(rest) = cwd.and_then(|cwd| under(cwd, directory))
    {
        return with_slash(join("./", rest));
    }
    let root = copy.destination.as_ref().map_or("", |destination| destination.path());
    match under(root, directory) {
        // Its value ends with one.
        Some("") if !copy.is_relative && copy.ends_with_slash => copy.written_destination.clone(),
        Some(rest) if !copy.is_relative => {
            with_slash(join(&with_slash(copy.written_destination.clone()), rest))
        }
        _ => with_slash(directory.to_owned()),
    }
}
