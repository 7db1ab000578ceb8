//! What a mount adds to a RUN on BuildKit.
//!
//! Follows `dispatchRunMounts` and its kin in BuildKit's
//! `frontend/dockerfile/dockerfile2llb/convert_runmount.go`, `convert_secrets.go` and
//! `convert_ssh.go`. Values of secrets, agents and the content of caches do not count; what is
//! mounted of the context or a stage counts by its bytes.

use super::super::contents::Query;
use super::super::dispatcher::StageState;
use super::super::step::{FileSystem, Input};
use super::Source;
use crate::context::{base_name, clean, within};
use crate::digest::{Digest, Numbers};
use crate::sort::sort;
use crate::syntax::Word;
use crate::syntax::mount::{Mount, MountKind};

/// A mount as it counts.
pub(super) struct Mounted {
    pub target: String,
    /// What of it counts, its target and its files excepted.
    pub definition: u64,
    pub input: Option<Input>,
    /// What it reads of the context.
    pub query: Option<Query>,
    /// Whether it counts in the order in which it is written; else in that of the targets.
    pub in_order: bool,
}

impl Mounted {
    /// A mount of known bytes.
    pub fn of_content(target: &str, definition: u64, content: u64) -> Mounted {
        Mounted {
            target: target.to_owned(),
            definition,
            input: Some(Input::Content(content)),
            query: None,
            in_order: false,
        }
    }
}

/// The inputs of a RUN with these mounts, its base in front, and for each mount which of them it
/// is. What is mounted of one file system is one input, whichever part of it goes where: BuildKit
/// does not notice when two files change places.
///
/// `getMountDeps` in <https://github.com/moby/buildkit/blob/master/solver/llbsolver/ops/exec.go>
pub(super) fn together(mounts: &[Mounted]) -> (Vec<Input>, Vec<u64>) {
    let mut inputs = vec![Input::Base];
    let mut places = Vec::with_capacity(mounts.len());
    // The input of each file system, and what of it is mounted.
    let mut known = Numbers::default();
    let mut parts: Vec<(u64, String, u64)> = Vec::new();
    for mounted in mounts {
        let next = inputs.len() as u64;
        let (of, path, number) = match (mounted.input, &mounted.query) {
            (None, _) => {
                places.push(0);
                continue;
            }
            (Some(Input::Content(number)), Some(query)) => {
                (Digest::of("context").end(), within(&query.source).into_owned(), number)
            }
            (Some(Input::Files { of, selected, .. }), _) => (of.number(), String::new(), selected),
            (Some(_), _) => (Digest::of("own").number(next).end(), String::new(), 0),
        };
        let place = known.keep(of, next);
        if place == next {
            inputs.extend(mounted.input);
        }
        places.push(place);
        parts.push((place, path, number));
    }
    sort(&mut parts);
    parts.dedup();
    for parts in parts.chunk_by(|a, b| a.0 == b.0).filter(|parts| parts.len() > 1) {
        let all = parts.iter().fold(Digest::of("together"), |all, part| all.number(part.2)).end();
        match &mut inputs[parts[0].0 as usize] {
            Input::Files { selected, .. } => *selected = all,
            input => *input = Input::Content(all),
        }
    }
    (inputs, places)
}

/// Reads `mount` as it stands in a RUN.
pub(super) fn read(of: &Source<'_, '_>, mount: &Mount<'_>, state: &StageState) -> Mounted {
    let dispatcher = of.dispatcher;
    let expand = |word: &Option<Word<'_>>| {
        let word = word.as_ref()?;
        let text = state.expand(&word.text);
        Some(text).filter(|text| !text.is_empty())
    };
    let number = |word: &Option<Word<'_>>, radix: u32| {
        let text = expand(word)?;
        Some(u32::from_str_radix(&text, radix).map_or(text, |number| number.to_string()))
    };
    let owner = [number(&mount.uid, 10), number(&mount.gid, 10), number(&mount.mode, 8)];
    let (id, source, written) = (expand(&mount.id), expand(&mount.source), expand(&mount.target));
    // An absolute target is not cleaned.
    let target = match written.as_deref().unwrap_or_default() {
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        relative => clean(&["/", state.directory(), "/", relative].concat()),
    };
    let required = mount.required == Some(true);
    let (definition, input, query) = match mount.kind {
        MountKind::Secret => {
            let id = source.or(id);
            let id = id.unwrap_or_else(|| base_name(written.as_deref().unwrap_or("")).to_owned());
            let env = expand(&mount.env);
            let file = match (written, &env) {
                (None, None) => Some(["/run/secrets/", base_name(&id)].concat()),
                (written, _) => written,
            };
            let digest = Digest::of("secret").text(&id).option(env.as_deref());
            let digest = with_owner(digest.option(file.as_deref()), &owner, 0o400);
            (digest.flag(required), None, None)
        }
        MountKind::Ssh => {
            let digest = Digest::of("ssh").option(id.as_deref()).option(written.as_deref());
            (with_owner(digest, &owner, 0o600).flag(required), None, None)
        }
        MountKind::Tmpfs => {
            let size = expand(&mount.size).map(|size| bytes(&size)).filter(|size| size != "0");
            (Digest::of("tmpfs").option(size.as_deref()), None, None)
        }
        MountKind::Cache => {
            let namespace = dispatcher.build.build_args.get("BUILDKIT_CACHE_MOUNT_NS");
            let namespace = namespace.map_or("", String::as_str);
            let id = id.unwrap_or_else(|| clean(written.as_deref().unwrap_or_default()));
            let id = [namespace, "/", &id].concat();
            let sharing = expand(&mount.sharing);
            let shared = sharing.is_none_or(|sharing| sharing.eq_ignore_ascii_case("shared"));
            // The default is in the key, and no other id or sharing is.
            let default = id.split_once('/').is_some_and(|(_, rest)| rest == target) && shared;
            let from = mount.from.as_ref().map_or("scratch", |from| from.text.as_ref());
            let whole = within(source.as_deref().unwrap_or_default()).is_empty();
            let input = match whole && owner.iter().any(Option::is_some) {
                // A directory of that owner is made to start with.
                true => {
                    let start = with_owner(Digest::of("directory"), &owner, 0o755);
                    Some(Input::Content(start.end()))
                }
                false => files(of, from, source.as_deref()),
            };
            let digest = Digest::of("cache").option(default.then_some(id.as_str()));
            let digest = digest.flag(mount.readonly == Some(true)).flag(input.is_some());
            (digest, input, None)
        }
        MountKind::Bind | MountKind::Unknown => {
            let digest = Digest::of("bind").flag(mount.readonly.unwrap_or(true));
            match mount.from.as_ref().filter(|from| !from.text.is_empty()) {
                Some(from) => (digest, files(of, &from.text, source.as_deref()), None),
                None => {
                    let query = Query::of(source.as_deref().unwrap_or_default());
                    let input = Input::Content(dispatcher.contents.number(&query));
                    (digest, Some(input), Some(query))
                }
            }
        }
    };
    let in_order = matches!(mount.kind, MountKind::Secret | MountKind::Ssh);
    Mounted { target, definition: definition.end(), input, query, in_order }
}

/// Adds uid, gid and mode, with what they are by default.
fn with_owner(digest: Digest, owner: &[Option<String>; 3], mode: u32) -> Digest {
    let [uid, gid, given] = owner;
    let digest = digest.text(uid.as_deref().unwrap_or("0")).text(gid.as_deref().unwrap_or("0"));
    match given {
        Some(mode) => digest.text(mode),
        None => digest.text(&mode.to_string()),
    }
}

/// Files of the stage or image `from`.
fn files(of: &Source<'_, '_>, from: &str, source: Option<&str>) -> Option<Input> {
    let dispatcher = of.dispatcher;
    let selected = Digest::of("source").text(&within(source.unwrap_or_default())).end();
    match dispatcher.origin(from, of.stage) {
        (FileSystem::Scratch, None) => None,
        (of, stage) => Some(Input::Files { of, selected, stage }),
    }
}

/// `64m` as a number of bytes; the text where it is none.
fn bytes(size: &str) -> String {
    let lower = size.trim().to_ascii_lowercase();
    let number = lower.trim_end_matches('b').trim_end_matches('i');
    let unit = ["k", "m", "g", "t"]
        .into_iter()
        .zip(1..)
        .find_map(|(unit, power)| Some((number.strip_suffix(unit)?, 10 * power)));
    let (digits, shift) = unit.unwrap_or((number, 0));
    match digits.trim().parse::<u32>() {
        Ok(count) => (u64::from(count) << shift).to_string(),
        Err(_) => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_in_their_forms() {
        for size in ["64m", "64MB", "64MiB", "67108864", "65536k"] {
            assert_eq!(bytes(size), "67108864");
        }
        assert_eq!(bytes("much"), "much");
    }
}
