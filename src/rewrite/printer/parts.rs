//! The text of a RUN that is cut in two: its parts as instructions of their own.

use crate::graph::{Graph, Step};
use crate::rewrite::split;
use crate::text::Cut;

/// `RUN ` with the flags of the step, up to its first command.
pub fn prefix(graph: &Graph<'_>, step: &Step<'_>) -> String {
    let source = graph.dockerfile.source;
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let mut text = format!("{} ", instruction.name.text);
    if let (Some(first), Some(last)) = (instruction.flags.first(), instruction.flags.last()) {
        text.push_str(first.span.to(last.span).of(source));
        let command = step.run().and_then(|run| run.commands.first());
        let end = last.span.end as usize;
        let between = command.map_or(" ", |command| source.cut(end..command.span.start as usize));
        text.push_str(if between.contains(['#', '<']) { " " } else { between });
    }
    text
}

/// What ends the first part of a RUN: a here-document ends before what is added.
pub fn close(graph: &Graph<'_>, step: &Step<'_>, line_break: &str) -> String {
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let heredoc = step.run().and_then(|run| split::script(instruction, run));
    heredoc.map_or(String::new(), |heredoc| format!("{line_break}{}", heredoc.name))
}

/// The second part of a RUN that is cut before its command number `at`, as an instruction.
pub fn tail(graph: &Graph<'_>, step: &Step<'_>, at: usize, line_break: &str) -> String {
    let run = step.run().expect("only a RUN is cut");
    let source = graph.dockerfile.source;
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let from = run.commands[at - 1].span.end as usize;
    let to = run.commands[at].span.start as usize;
    let mut text = String::new();
    // Comments between the two commands go with the second.
    add_comments(source.cut(from..to), line_break, &mut text);
    text.push_str(&prefix(graph, step));
    if let Some(heredoc) = split::script(instruction, run) {
        text.push_str(heredoc.opener.of(source));
        text.push_str(line_break);
        text.push_str(indentation(source.cut(..to)).unwrap_or_default());
    }
    let start = |index: usize| run.commands[index].span.start as usize;
    let settings = split::repeated(run, at).unwrap_or_default();
    let repeated: String =
        settings.into_iter().map(|index| source.cut(start(index)..start(index + 1))).collect();
    if !repeated.is_empty() {
        // The command behind the cut keeps its own indentation.
        match (repeated.rfind('\n'), indentation(source.cut(..to))) {
            (Some(line), Some(own)) if indentation(&repeated).is_some() => {
                text.push_str(repeated.cut(..line + 1));
                text.push_str(own);
            }
            _ => text.push_str(&repeated),
        }
    }
    text.push_str(source.cut(to..instruction.span.end as usize));
    text
}

/// A RUN some of whose commands were pulled out to go first, although others stand between them.
pub struct Pulled {
    /// The comments that stood above the first of those pulled out.
    pub above: String,
    /// The commands pulled out, without the keyword.
    pub head: String,
    /// The rest, as an instruction with its comments.
    pub tail: String,
}

/// Pulls the commands `first` of a RUN in front of the others.
pub fn pull(graph: &Graph<'_>, step: &Step<'_>, first: &[usize], line_break: &str) -> Pulled {
    let run = step.run().expect("only a RUN is cut");
    let source = graph.dockerfile.source;
    let (mut head, mut tail) = (String::new(), String::new());
    let (mut above, mut between) = (String::new(), String::new());
    let mut end = run.commands[0].span.start as usize;
    for (index, command) in run.commands.iter().enumerate() {
        let (part, comments) = match first.contains(&index) {
            true => (&mut head, &mut above),
            false => (&mut tail, &mut between),
        };
        // What stands before a command goes with it.
        let joined = source.cut(end..command.span.start as usize);
        match part.is_empty() {
            true => add_comments(joined, line_break, comments),
            false => part.push_str(joined),
        }
        part.push_str(command.span.of(source));
        end = command.span.end as usize;
    }
    let tail = format!("{between}{}{tail}", prefix(graph, step));
    Pulled { above, head, tail }
}

/// Adds the comments that stand between two commands, each as a line.
fn add_comments(between: &str, line_break: &str, text: &mut String) {
    for comment in between.lines().skip(1).map(str::trim) {
        if comment.starts_with('#') {
            text.push_str(comment);
            text.push_str(line_break);
        }
    }
}

/// What stands in front of the end of `text` on its line, where that is blank.
fn indentation(text: &str) -> Option<&str> {
    let (_, line) = text.rsplit_once('\n')?;
    line.trim().is_empty().then_some(line)
}
