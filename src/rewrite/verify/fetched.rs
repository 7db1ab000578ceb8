//! A RUN that was added: whether it only fetches what a later step needs as well.

use super::{Made, Maker};
use crate::graph::demands::install_of;
use crate::graph::{Command, Graph};
use crate::rewrite::repeats::prepares;
use crate::rewrite::stand_ins::StandIns;
use crate::sort::sort;

/// Whether an added RUN only does what a later step of the original does as well: fetch the
/// dependencies, as the tables say.
pub fn fetches(
    graph: &Graph<'_>,
    maker: &Maker<'_, '_>,
    commands: &[Command],
    behind: &[Maker<'_, '_>],
    places: &[Option<usize>],
) -> bool {
    let source = graph.dockerfile.source;
    let runs = behind.iter().filter(|other| other.of.state == maker.of.state);
    let runs = runs.filter_map(|other| other.of.run()).flat_map(|run| &run.commands);
    let mut texts: Vec<&str> = runs.map(|command| command.span.of(source)).collect();
    sort(&mut texts);
    let later = behind
        .iter()
        .zip(places)
        .filter(|(later, place)| place.is_some() && later.of.state == maker.of.state);
    let mut originals = later.flat_map(|(later, _)| {
        let commands = match &later.kind {
            Made::Commands(commands) => *commands,
            _ => &[],
        };
        commands.iter().map(|command| (later.at, command))
    });
    originals.any(|(at, original)| {
        let Some(used) = &original.used else { return false };
        // Empty sources stand in where the tool looks for some.
        let wanted = install_of(original).map(|install| graph.demands(&install, at));
        let wanted = wanted.unwrap_or_default();
        // What prepares its files behind it may do so in front of it.
        let front = commands.iter().take_while(|c| {
            c.changes_shell
                || prepares(c, &wanted) && texts.binary_search(&c.span.of(source)).is_ok()
        });
        let front = front.count();
        let (Some(command), Some(last)) = (commands.get(front), commands.last()) else {
            return false;
        };
        let body = command.span.to(last.span).of(source);
        let stand_ins = (!wanted.sources.is_empty()).then(|| StandIns::new(&wanted.sources));
        let text = match stand_ins {
            Some(around) => {
                body.strip_prefix(&*around.before).and_then(|b| b.strip_suffix(&*around.after))
            }
            None => Some(body).filter(|_| commands.len() == front + 1),
        };
        let settings = used
            .first
            .as_ref()
            .zip(text)
            .and_then(|(first, text)| text.strip_suffix(&*wanted.with_arguments(first)));
        let before = original.span.of(source);
        original.cwd == command.cwd
            && settings.is_some_and(|words| words.split_whitespace().all(|w| before.contains(w)))
    })
}
