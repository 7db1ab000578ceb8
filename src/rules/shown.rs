//! How instructions and commands are shown in sentences.

use crate::graph::{CommandEffects, Graph};
use crate::limits;
use crate::sentences::Quoted;
use crate::text::Cut;

/// The first line of a text, and of a long one its beginning.
pub fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or(text);
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line.cut(..at)),
        None => line.to_owned(),
    }
}

/// A command as it is written, in one line.
pub fn command(graph: &Graph<'_>, command: &CommandEffects) -> String {
    let words = command.span.of(graph.dockerfile.source).split_whitespace();
    first_line(&words.filter(|word| *word != "\\").collect::<Vec<&str>>().join(" "))
}

/// Some paths of the context, each in backquotes, and how many others there are.
pub fn paths(paths: &[String]) -> String {
    let named = paths.len().min(limits::PATHS_NAMED);
    let first = Quoted::all(&paths[..named]);
    match paths.len() - named {
        0 => first.to_string(),
        more => format!("{first} and {more} more"),
    }
}
