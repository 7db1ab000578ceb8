//! An added RUN that compiles the dependencies of a project: whether nothing of it is left but
//! what a later step of the original makes as well, which reads no file in between.

use super::{Maker, same_flags};
use crate::commutes::EffectPart;
use crate::graph::demands::install_of;
use crate::graph::{CommandEffects, Graph, Origin, StepAt};
use crate::rewrite::layer::{Layered, layered};

/// Whether `commands`, of the added step `maker`, compile the dependencies for the next step of
/// the original that is no copy; `places` says which of those `behind` it has.
pub fn compiles<'g, 'a>(
    graph: &Graph<'a>,
    maker: &Maker<'g, 'a>,
    commands: &[CommandEffects],
    behind: &[Maker<'g, 'a>],
    places: &[Option<usize>],
) -> bool {
    let is_copy = |later: &&Maker<'_, '_>| matches!(later.kind, EffectPart::Copy(_));
    let at = behind.iter().take_while(is_copy).count();
    let (Some(later), Some(Some(_))) = (behind.get(at), places.get(at)) else { return false };
    let (Some(first), Some(last)) = (commands.first(), commands.last()) else { return false };
    let text = first.span.to(last.span).of(graph.dockerfile.source);
    later.of.state == maker.of.state
        && later.at.stage == maker.at.stage
        && same_flags(graph, maker, graph, later)
        && layered(graph, later.at).is_ok_and(|ahead| {
            text == ahead.line
                && leaves_no_stub(graph, maker.at, &ahead)
                && cleans_all(graph, maker.at, &ahead)
                && finds_all(graph, maker.at, later.at, &ahead)
        })
}

/// Whether it finds the files that the compile at `later` reads beside the source.
fn finds_all(graph: &Graph<'_>, at: StepAt, later: StepAt, ahead: &Layered<'_>) -> bool {
    install_of(ahead.command).is_some_and(|install| {
        graph.demands(&install, later).files.iter().all(|file| {
            let source = graph.context_path(later, &file.place);
            source.is_none() || source == graph.context_path(at, &file.place)
        })
    })
}

/// Whether what is made for stubs and taken away is not there before.
fn leaves_no_stub(graph: &Graph<'_>, at: StepAt, ahead: &Layered<'_>) -> bool {
    ahead.stubs.is_plain
        && ahead.stubs.places(ahead.command.cwd.as_deref()).all(|(_, place)| {
            place.is_some_and(|place| {
                let mut copies = graph.copies_before(at);
                !graph.may_be_made_before(at, &place)
                    && copies.all(|(_, copy)| copy.may_bring(&place).is_no())
            })
        })
}

/// Whether the clean names every package whose manifest a copy before it may bring, whatever the
/// packages of the project are thought to be: what is not named is not compiled again.
fn cleans_all(graph: &Graph<'_>, at: StepAt, ahead: &Layered<'_>) -> bool {
    let context = graph.context;
    let named = ahead.layer.cleaned(&ahead.clean);
    let is_manifest = |path: &str| path.rsplit('/').next() == Some(ahead.layer.manifest);
    let mut manifests = context.entries().filter(|entry| is_manifest(&entry.path));
    manifests.all(|entry| {
        let brought = graph.copies_before(at).any(|(_, copy)| {
            copy.origin == Origin::Context
                && copy
                    .sources
                    .iter()
                    .any(|(_, source)| !context.copies(source, &entry.path).is_no())
        });
        // A workspace has no name, and is none of its packages.
        let name = || Some((ahead.layer.package_of)(context.text(&entry.path)?));
        !brought || name().is_some_and(|name| name.is_none_or(|name| named.contains(&&*name)))
    })
}
