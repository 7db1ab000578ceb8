//! Steps that changed places: whether neither of two writes what the other reads or writes.

use super::{Maker, makes_the_same, wanted};
use crate::commutes::{Before, EffectPart, Passed, Sunk, commutes, links};
use crate::ecosystem::Presence;
use crate::graph::path_set::under;
use crate::graph::run::Link;
use crate::graph::{CommandEffects, Graph};
use crate::sentences::{Mismatch, Reason};

/// Whether all steps that changed places may.
pub fn ordered<'a>(
    graph: &Graph<'a>,
    old: &[Maker<'_, '_>],
    new: &[Maker<'_, '_>],
    places: &[Option<usize>],
) -> Result<(), Mismatch> {
    let stage = new.last().map(|maker| maker.at.stage);
    let links = stage.map(|stage| links::of(graph, stage)).unwrap_or_default();
    let mut last = 0;
    for later in 0..new.len() {
        let Some(old_later) = places[later] else { continue };
        if old_later >= last {
            last = old_later;
            continue;
        }
        for earlier in 0..later {
            let Some(old_earlier) = places[earlier] else { continue };
            if old_earlier <= old_later {
                continue;
            }
            // `later` stood before `earlier`.
            let is_directory = matches!(new[earlier].kind, EffectPart::Directory(_));
            let made = new[..earlier].iter().zip(places).find(|(maker, place)| {
                is_directory && place.is_none() && makes_the_same(graph, maker, &new[later])
            });
            let made = made.map(|(maker, _)| maker);
            let sunk = (&old[old_later], &new[later]);
            let allowed = may_change_places(graph, &links, sunk, &new[earlier], made);
            if let Err(why) = allowed {
                let line = graph.line(new[later].instruction);
                return Err(Mismatch::Order { line, why: Box::new(why) });
            }
        }
    }
    Ok(())
}

/// Whether `sunk`, which stood before `passed` as `was`, may stand behind it. `made` stands
/// before both by now, and makes directories as `sunk` does.
pub fn may_change_places<'a>(
    graph: &Graph<'a>,
    links: &[&Link],
    (was, sunk): (&Maker<'_, '_>, &Maker<'_, '_>),
    passed: &Maker<'_, '_>,
    made: Option<&Maker<'_, '_>>,
) -> Result<(), Reason> {
    // Where a file is that a command cannot do without, its directory is too.
    let mut there = Vec::new();
    if let (EffectPart::Copy(_), EffectPart::Commands(commands)) = (sunk.kind, passed.kind) {
        for command in commands.iter().filter(|command| !command.places.is_empty()) {
            let demands = graph.demands(command, passed.at);
            let needed = demands.files.iter().filter(|file| file.presence == Presence::Required);
            let found = |place: &String| graph.context_path(passed.at, place).is_some();
            there.extend(needed.map(|file| &file.place).filter(|place| found(place)).cloned());
        }
    }
    let made = match passed.kind {
        EffectPart::Directory(Some(place)) => made
            .and_then(|made| made.of.copy()?.destination.as_ref())
            .and_then(|made| under(place, made.path()).map(|_| place)),
        _ => None,
    };
    let sunk = Sunk { at: sunk.at, step: was.of, effect: sunk.kind };
    let (at, step, effect) = (passed.at, passed.of, passed.kind);
    let inputs = |command: &CommandEffects| wanted(graph, at, command);
    let before = Before { sinks: &|_| false, inputs: &inputs, there: &there, made, links };
    commutes(graph, sunk, Passed { at, step, effect }, before).assumptions().map(drop)
}
