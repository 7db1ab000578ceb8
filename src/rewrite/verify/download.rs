//! An added RUN: whether it does only what a later step of the original does as well, fetch the
//! dependencies as the tables say.

use super::{Maker, wanted};
use crate::commutes::EffectPart;
use crate::commutes::builds::{LOCAL, before_build, installs_packages};
use crate::graph::demands::{changes_inputs, install_of};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Graph, StepAt};
use crate::rewrite::split::carried;
use crate::rewrite::stub_sources::StubSources;
use crate::shell::Joiner;

/// Whether `commands`, of the added step `maker`, fetch what one of the steps `behind` it
/// needs. `places` says which of these the original has.
pub fn fetches<'g, 'a>(
    graph: &Graph<'a>,
    maker: &Maker<'g, 'a>,
    commands: &[CommandEffects],
    behind: &[Maker<'g, 'a>],
    places: &[Option<usize>],
) -> bool {
    let carried = carried(commands);
    let mut added = Added { graph, maker, behind: &[], between: Vec::new() };
    for (at, (later, place)) in behind.iter().zip(places).enumerate() {
        let (Some(_), EffectPart::Commands(originals)) = (place, &later.kind) else { continue };
        added.behind = &behind[..=at];
        for original in *originals {
            let fetched = later.of.state == maker.of.state
                && added
                    .prepared(&commands[carried..], original)
                    .is_some_and(|rest| fetches_for(graph, (maker.at, later.at), rest, original));
            if fetched {
                return true;
            }
            added.between.push((later, original));
        }
    }
    false
}

/// An added step, and what stands behind it.
struct Added<'m, 'g, 'a> {
    graph: &'m Graph<'a>,
    maker: &'m Maker<'g, 'a>,
    /// The steps behind it, up to the one that it may fetch for.
    behind: &'m [Maker<'g, 'a>],
    /// The commands of the original that stand between the two.
    between: Vec<(&'m Maker<'g, 'a>, &'m CommandEffects)>,
}

impl Added<'_, '_, '_> {
    /// What is left of `commands` behind those that prepare the files that `original` reads first,
    /// as the steps between do: in the same order, each on files that a copy brings again later.
    fn prepared<'c>(
        &self,
        commands: &'c [CommandEffects],
        original: &CommandEffects,
    ) -> Option<&'c [CommandEffects]> {
        let Added { graph, maker, behind, between } = self;
        original.used.as_ref()?.first.as_ref()?;
        let source = graph.dockerfile.source;
        let at = behind.last()?.at;
        let install = install_of(original)?;
        let places = wanted(graph, at, &install);
        let names = places.iter().map(String::as_str);
        let again = |path: &str| {
            let brought = graph.context_path(maker.at, path);
            brought.is_some()
                && behind.iter().any(|later| match &later.kind {
                    EffectPart::Copy(copy) => copy.source_of(path, graph.context) == brought,
                    _ => false,
                })
        };
        let demands = graph.demands(&install, at);
        if between.iter().any(|(_, other)| demands.scattered_changed_by(other)) {
            return None;
        }
        let mut rest = commands;
        // What may go early may have unknown steps behind it.
        let is_early = original.used.as_ref()?.fetch_may_go_early();
        // Packages of the system leave CARGO_HOME in /usr/local alone.
        let elsewhere = places.iter().filter(|place| under(LOCAL, place).is_none());
        let elsewhere: Vec<String> = elsewhere.cloned().collect();
        let changes = |other: &CommandEffects| {
            let inputs = if installs_packages(other) { &elsewhere } else { &places };
            !(is_early && other.writes.everything)
                && changes_inputs(other, &install, inputs)
                && before_build(graph, other, (at, &install), &places).is_none()
        };
        for (of, command) in between.iter().filter(|(_, other)| changes(other)) {
            let (first, behind) = rest.split_first()?;
            let repeats = first.span.of(source) == command.span.of(source)
                && first.cwd == command.cwd
                && of.of.state == maker.of.state
                && command.works_on(names.clone())
                && command.writes.paths.iter().all(|path| again(path));
            // `&&` alone makes the fetch wait for it.
            let next = behind.first().map(|next| next.span);
            let mut joined = maker.of.run()?.script.commands.iter();
            let waits = joined.any(|c| Some(c.span) == next && c.joiner == Joiner::And);
            if !repeats || !waits {
                return None;
            }
            rest = behind;
        }
        Some(rest)
    }
}

/// Whether `commands` are what the tables put in front of `original`.
fn fetches_for(
    graph: &Graph<'_>,
    (here, at): (StepAt, StepAt),
    commands: &[CommandEffects],
    original: &CommandEffects,
) -> bool {
    let source = graph.dockerfile.source;
    let (Some(used), Some(command), Some(last)) =
        (&original.used, commands.first(), commands.last())
    else {
        return false;
    };
    let body = command.span.to(last.span).of(source);
    // Empty sources stand in where the tool looks for some.
    let wanted = install_of(original).map(|install| graph.demands(&install, at));
    let wanted = wanted.unwrap_or_default();
    let stubs = (!wanted.sources.is_empty()).then(|| StubSources::new(&wanted.sources));
    // Something may be there already where they are made and taken away.
    let may_be_there = |place: String| graph.may_be_made_before(here, &place);
    let mut made = stubs.iter().flat_map(|stubs| stubs.places(command.cwd.as_deref()));
    if made.any(|(_, place)| place.is_none_or(may_be_there)) {
        return false;
    }
    let text = match &stubs {
        Some(around) => {
            body.strip_prefix(&*around.before).and_then(|b| b.strip_suffix(&*around.after))
        }
        None => Some(body).filter(|_| commands.len() == 1),
    };
    let settings = used
        .first
        .as_ref()
        .zip(text)
        .and_then(|(first, text)| text.strip_suffix(&*wanted.with_arguments(first)));
    let before = original.span.of(source);
    (original.cwd == command.cwd || wanted.is_found_from(used, command.cwd.as_deref()))
        && settings.is_some_and(|words| words.split_whitespace().all(|w| before.contains(w)))
}
