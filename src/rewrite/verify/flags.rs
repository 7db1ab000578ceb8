//! A RUN whose flags were edited: whether only its cache mounts are shared in another way, which
//! no image can tell.

use super::Matching;
use crate::commutes::EffectPart;
use crate::graph::{Graph, Step};
use crate::rewrite::verify::configuration::content;
use crate::syntax::mount::{Mount, MountKind, mount};
use crate::syntax::{Flag, Word};

/// Matches a RUN that says the same in the same state, but for how its caches are shared.
pub(super) fn match_flags(matching: &mut Matching<'_, '_, '_, '_, '_>) {
    let Matching { graph, old, used, rewritten, new, places } = matching;
    for (at, edited) in new.iter().enumerate() {
        if places[at].is_some() || !matches!(edited.kind, EffectPart::Commands(_)) {
            continue;
        }
        let found = (0..old.len()).find(|&i| {
            !used[i]
                && matches!(old[i].kind, EffectPart::Commands(_))
                && old[i].of.state == edited.of.state
                && says_the_same(graph, old[i].of, rewritten, edited.of)
        });
        if let Some(i) = found {
            used[i] = true;
            places[at] = Some(i);
        }
    }
}

fn says_the_same(graph: &Graph<'_>, a: &Step<'_>, rewritten: &Graph<'_>, b: &Step<'_>) -> bool {
    let a = &graph.dockerfile.instructions[a.instruction];
    let b = &rewritten.dockerfile.instructions[b.instruction];
    let (said, says) = (content(a), content(b));
    said.keyword == says.keyword
        && said.rest == says.rest
        && said.bodies == says.bodies
        && a.flags.len() == b.flags.len()
        && a.flags.iter().zip(&b.flags).all(|(a, b)| mean_the_same(a, b))
}

fn mean_the_same(a: &Flag<'_>, b: &Flag<'_>) -> bool {
    let value = |flag: &Flag<'_>| flag.value.as_ref().map(|value| value.text.to_string());
    if a.name != b.name || a.name != "mount" {
        return a.name == b.name && value(a) == value(b);
    }
    match (mount(a), mount(b)) {
        (Some(a), Some(b)) => a.kind == b.kind && apart_from_sharing(&a) == apart_from_sharing(&b),
        _ => value(a) == value(b),
    }
}

/// What a mount says, but for how a cache is shared.
fn apart_from_sharing<'m>(mount: &'m Mount<'_>) -> [Option<&'m str>; 12] {
    let text = |word: &'m Option<Word<'_>>| word.as_ref().map(|word| word.text.as_ref());
    let answer = |answer: Option<bool>| answer.map(|yes| if yes { "yes" } else { "no" });
    let sharing = match mount.kind {
        MountKind::Cache => None,
        _ => text(&mount.sharing),
    };
    [
        text(&mount.from),
        text(&mount.source),
        text(&mount.target),
        text(&mount.id),
        text(&mount.env),
        text(&mount.mode),
        text(&mount.uid),
        text(&mount.gid),
        text(&mount.size),
        answer(mount.readonly),
        answer(mount.required),
        sharing,
    ]
}
