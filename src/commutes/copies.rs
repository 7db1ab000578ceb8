//! Two copies: what each brings to the places they share.

use super::unlisted::named;
use crate::context::{EntryKind, base_name};
use crate::ecosystem::{is_manifest_directory, is_manifest_file, name_matches};
use crate::graph::copy::looks_like_file;
use crate::graph::path_set::under;
use crate::graph::{Copy, Graph, Overlap};

/// Whether two copies may change places: they land apart, also with what the list of files lacks,
/// or bring the same file to each place they share.
pub fn may_change_places(graph: &Graph<'_>, a: &Copy, b: &Copy) -> bool {
    match a.landing.overlap(&b.landing) {
        Overlap::Apart => !overlays(graph, a, b) && !overlays(graph, b, a),
        Overlap::Unknown => false,
        Overlap::Inside(_) | Overlap::Shared(_) => {
            (a.owner == b.owner
                && a.is_linked == b.is_linked
                && (brings_the_same(graph, a, b) || brings_the_same(graph, b, a)))
                || have_other_names(a, b)
                || have_other_names(b, a)
        }
    }
}

/// Whether `narrow` lands where `broad` may bring something that the list lacks:
/// `COPY docker/prod.env .env` and `COPY . .`.
fn overlays(graph: &Graph<'_>, broad: &Copy, narrow: &Copy) -> bool {
    narrow.landing.paths.iter().any(|place| named(graph, broad, place).is_some())
}

/// Whether `a` lands below where `b` does, under names that the files of `b` cannot have.
fn have_other_names(a: &Copy, b: &Copy) -> bool {
    let Some(destination) = &b.destination else { return false };
    let names: Vec<&str> = b.sources.iter().map(|(text, _)| base_name(text)).collect();
    let plain = !b.unresolved && !b.unpacks && !b.other_sources && !a.landing.everything;
    plain
        && names.iter().all(|name| looks_like_file(name) && !name.contains(['?', '[', '\\']))
        && a.landing.paths.iter().all(|path| {
            let first = under(destination.path(), path).unwrap_or("").split('/').next();
            first.is_some_and(|first| {
                !first.is_empty() && !names.iter().any(|name| name_matches(name, first))
            })
        })
}

/// Whether every file that `narrow` brings comes from the same place of the context to the
/// same place of the image as with `broad`.
pub fn brings_the_same(graph: &Graph<'_>, broad: &Copy, narrow: &Copy) -> bool {
    let plain = |copy: &Copy| !copy.unresolved && !copy.unpacks && !copy.other_sources;
    if broad.origin != narrow.origin || !plain(broad) || !plain(narrow) || narrow.is_unlisted {
        return false;
    }
    let Some(destination) = &narrow.destination else { return false };
    // A pattern that fits the other's text fits no more names than that.
    let within = |text: &str, place: &str| {
        broad.sources.iter().any(|(wide, source)| {
            let base = wide.rsplit_once('/').map_or("", |(base, _)| base);
            // `*.json` fits no `web/a.json`.
            let fits = |rest: &str| !rest.contains('/') && name_matches(base_name(wide), rest);
            source.is_wildcard()
                && under(base, text).is_some_and(fits)
                && broad.destination.as_ref().is_some_and(|to| to.path() == place)
        })
    };
    let same =
        |place: &str, path: &str| broad.source_of(place, graph.context).as_deref() == Some(path);
    !narrow.sources.is_empty()
        && narrow.sources.iter().all(|(text, source)| {
            let selection = graph.context.select(source);
            if source.literal().is_none() && selection.complete {
                return selection.items.iter().all(|item| {
                    let path = &item.entry.path;
                    match source.landing(path, destination) {
                        // It comes with the files in it, each of which is an item.
                        _ if item.entry.kind == EntryKind::Directory => source.keeps_parents(),
                        Some(crate::context::Landing::At(place)) => same(&place, path),
                        _ => false,
                    }
                });
            }
            let path = match source.literal() {
                Some(path) => path.to_owned(),
                // A pattern: what it matches lies in its base directory.
                None if !source.is_unknown() => crate::context::join(source.base(), "*"),
                None => return false,
            };
            let is_directory = match graph.context.is_known() {
                true => graph.context.entry(&path).is_some_and(|e| e.kind == EntryKind::Directory),
                false => source.literal().is_some() && is_manifest_directory(&path),
            };
            let place = match source.literal() {
                // What it holds, below the destination.
                Some(_) if is_directory => destination.path().to_owned(),
                Some(_) => match source.landing(&path, destination) {
                    Some(crate::context::Landing::At(place)) => place,
                    // `COPY a /x/a`: a directory of the name of the file is not likely, nor of
                    // the name of a manifest.
                    Some(crate::context::Landing::Either { file, .. })
                        if base_name(&file) == base_name(&path) || is_manifest_file(&file) =>
                    {
                        file
                    }
                    _ => return false,
                },
                None if within(text, destination.path()) => return true,
                None => crate::context::join(destination.path(), "*"),
            };
            same(&place, &path) || (path.is_empty() && covers_all(broad, &place))
        })
}

fn covers_all(broad: &Copy, place: &str) -> bool {
    broad.sources.iter().any(|(_, source)| source.is_everything())
        && broad.destination.as_ref().is_some_and(|to| to.path() == place)
}
