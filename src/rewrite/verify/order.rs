//! Steps that changed places: whether neither of two writes what the other reads or writes.

use super::{Made, Maker, makes_the_same, wanted};
use crate::context::Destination;
use crate::ecosystem::Presence;
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::{Graph, Step};
use crate::rewrite::{building, passing, sharing};
use crate::sentences::{Mismatch, Reason};

/// Whether all steps that changed places may.
pub fn ordered<'a>(
    graph: &Graph<'a>,
    old: &[Maker<'_, '_>],
    new: &[Maker<'_, '_>],
    places: &[Option<usize>],
) -> Result<(), Mismatch> {
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
            let is_directory = matches!(new[earlier].kind, Made::Directory(_));
            let made = new[..earlier].iter().zip(places).find(|(maker, place)| {
                is_directory && place.is_none() && makes_the_same(graph, maker, &new[later])
            });
            let made = made.map(|(maker, _)| maker);
            let allowed =
                may_change_places(graph, &old[old_later], &new[later], &new[earlier], made);
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
    was: &Maker<'_, '_>,
    sunk: &Maker<'_, '_>,
    passed: &Maker<'_, '_>,
    made: Option<&Maker<'_, '_>>,
) -> Result<(), Reason> {
    match (&sunk.kind, &passed.kind) {
        (Made::Copy(copy), Made::Commands(commands)) => {
            let home = home(passed.of);
            let stage = &graph.stages[passed.at.stage];
            let mut there = Vec::new();
            for command in *commands {
                if let crate::graph::Needs::Everything(why) = command.needs {
                    return Err(Reason::Opaque { why });
                }
                let provided = wanted(graph, passed.at, command);
                passing::copy_past_command(
                    graph,
                    stage,
                    copy,
                    command,
                    home.as_deref(),
                    &provided,
                )?;
                // Where a file is that it cannot do without, its directory is too.
                if !command.places.is_empty() {
                    let files = graph.demands(command, passed.at).files.into_iter();
                    let needed = files.filter(|file| file.presence == Presence::Required);
                    let found = |place: &String| graph.context_path(passed.at, place).is_some();
                    there.extend(needed.map(|file| file.place).filter(found));
                }
            }
            let copies: &[&crate::graph::Copy] = &[copy];
            passing::places_stay(graph, passed.at, commands, copies, &|_| false, &there)
        }
        (Made::Commands(commands), Made::Copy(copy)) => {
            let apart = commands.iter().all(|command| {
                [&command.reads, &command.writes, &command.fills]
                    .iter()
                    .all(|set| copy.landing.overlap(set) == crate::graph::Overlap::Apart)
            });
            if apart { Ok(()) } else { Err(Reason::TouchesCopied) }
        }
        (Made::Copy(a), Made::Copy(b)) => match sharing::copy_past_copy(graph, a, b) {
            true => Ok(()),
            false => Err(Reason::CopiesShare),
        },
        (Made::Commands(a), Made::Commands(b)) => {
            for other in *b {
                let read = wanted(graph, passed.at, other);
                for one in *a {
                    if building::before_build(graph, one, other, &read).is_some() {
                        continue;
                    }
                    if changes_inputs(one, other, &read) {
                        return Err(Reason::ReadsChanged);
                    }
                    passing::command_past_command(graph, one, other)?;
                }
            }
            Ok(())
        }
        (Made::Copy(copy), Made::Directory(place)) => {
            let owned = graph.dockerfile.instructions[sunk.instruction].flag("chown").is_some();
            let user = passed.of.user.as_deref();
            let added = made.and_then(|made| made.of.copy()?.destination.as_ref());
            let inside = |made: &&Destination| {
                place.is_some_and(|place| under(place, made.path()).is_some())
            };
            let cwd = passed.of.cwd.as_deref();
            let made = match added.filter(inside) {
                Some(_) => *place,
                None => cwd.filter(|cwd| Some(*cwd) == *place).or(was.of.cwd.as_deref()),
            };
            passing::copy_past_workdir(copy, owned, *place, user, made)
                .map(drop)
                .ok_or(Reason::MakesDirectory)
        }
        (Made::Copy(copy), Made::Volume(places)) => {
            match passing::copy_past_volume(graph, copy, places) {
                true => Ok(()),
                false => Err(Reason::IsVolume),
            }
        }
        (Made::Commands(_), Made::Volume(_)) => Err(Reason::BelowVolume),
        (Made::Volume(_), _) => Err(Reason::VolumeMoved),
        (Made::Directory(_), _) | (_, Made::Directory(_)) => Err(Reason::WorkdirMoved),
    }
}

fn home(step: &Step<'_>) -> Option<String> {
    passing::home(step.user.as_deref())
}
