//! What RUN is made of on BuildKit.
//!
//! Follows `dispatchRun` and `dispatchRunMounts` of
//! `frontend/dockerfile/dockerfile2llb/convert.go` and `convert_runmount.go`, and `CacheMap`
//! of `solver/llbsolver/ops/exec.go`. Secrets, agents and the content of caches do not count;
//! what is mounted of the context or a stage counts by its bytes.

use super::super::contents::Query;
use super::super::digest::digest;
use super::super::plan::{Action, Base};
use super::super::step::{Facet, Input, State};
use super::{Made, Site, Stand, image};
use crate::context::{base_name, clean, within};
use crate::syntax::mount::{Mount, MountKind, mounts};
use crate::syntax::{Command, Heredoc, Word};
use std::borrow::Cow;

pub(super) fn make(
    site: &Site<'_, '_>,
    action: Action<'_>,
    command: &Command<'_>,
    stand: &Stand,
) -> Made {
    let instruction = action.instruction;
    let mut inputs = vec![Input::Base];
    let mut queries = Vec::new();
    let (words, in_shell) = command_words(command, &action.written.heredocs, site.plan.file.source);
    let arguments = match in_shell {
        true => shell_words(stand, &words),
        false => words.iter().map(|word| word.to_string()).collect(),
    };
    let mut mounted: Vec<(String, u64)> = Vec::new();
    let mut others: Vec<u64> = Vec::new();
    for mount in mounts(instruction) {
        let target = target(&mount, stand, site.plan.file.escape);
        match one(site, &mount, &target, stand, &mut inputs, &mut queries) {
            (number, true) => mounted.push((target, number)),
            (number, false) => others.push(number),
        }
    }
    if let Some(heredoc) = script(command, &action.written.heredocs) {
        // A body with an interpreter of its own becomes a file, which is mounted.
        inputs.push(Input::Content(digest(&("script", &heredoc.name, &heredoc.content))));
        mounted.push(("/dev/pipes/".to_owned(), digest("script")));
    }
    // Mounts of files count in the order of their targets.
    mounted.sort();
    // What is mounted and run on at the same time counts by its bytes as a whole.
    let twin = inputs.iter().find_map(|input| match *input {
        Input::Files { of, stage, .. } if of == stand.state => Some(stage),
        _ => None,
    });
    if let Some(stage) = twin {
        inputs[0] = Input::Files { of: stand.state, selected: digest("/"), stage };
    }
    let flags = |name: &str| -> Vec<&str> {
        let flags = instruction.flags.iter().filter(|flag| flag.name == name);
        flags.filter_map(|flag| Some(flag.value.as_ref()?.text.as_ref())).collect()
    };
    let network = flags("network").last().map(|mode| mode.to_string());
    let network = network.filter(|mode| mode != "default");
    let security = flags("security").last().map(|mode| mode.to_string());
    let security = security.filter(|mode| mode != "sandbox");
    let hostname = site.build.build_args.get("BUILDKIT_SANDBOX_HOSTNAME");
    let environment = stand.environment.digest();
    let flag = (&mounted, &others, &network, &security, flags("device"), hostname);
    let heredoc = match in_shell {
        true => action.written.heredocs.iter().map(|h| h.content.as_ref()).collect(),
        false => Vec::new(),
    };
    let shell = in_shell.then_some(&stand.shell);
    let meta = (environment, &stand.cwd, &stand.user, &stand.platform);
    Made {
        definition: digest(&("run", &arguments, meta, &flag)),
        inputs,
        link: false,
        facets: vec![
            (Facet::Heredoc, digest(&heredoc)),
            (Facet::Command, digest(&words)),
            (Facet::Shell, digest(&shell)),
            (Facet::Flag, digest(&flag)),
            (Facet::Environment, environment),
            (Facet::Workdir, digest(&stand.cwd)),
            (Facet::User, digest(&stand.user)),
            (Facet::Platform, digest(&stand.platform)),
        ],
        queries,
    }
}

/// The words of the command, and whether a shell reads them.
fn command_words<'c>(
    command: &'c Command<'_>,
    heredocs: &'c [Heredoc<'_>],
    source: &str,
) -> (Vec<Cow<'c, str>>, bool) {
    let line = match command {
        Command::Exec(words) => {
            return (words.iter().map(|word| Cow::Borrowed(word.text.as_ref())).collect(), false);
        }
        Command::Shell(line) => line,
    };
    let whole = match heredocs {
        [] => Cow::Borrowed(line.text.as_ref()),
        [heredoc] if is_opener(command, heredoc) => match script(command, heredocs) {
            Some(heredoc) => Cow::Owned(format!("/dev/pipes/{}", heredoc.name)),
            None => Cow::Borrowed(heredoc.content.as_ref()),
        },
        _ => {
            let mut text = line.text.to_string();
            for heredoc in heredocs {
                // The shell drops the tabs of `<<-` itself.
                for part in ["\n", heredoc.body.of(source), heredoc.name.as_ref()] {
                    text.push_str(part);
                }
            }
            Cow::Owned(text)
        }
    };
    (vec![whole], true)
}

/// The here-document that is all of the command and names its interpreter.
fn script<'h, 'a>(command: &Command<'_>, heredocs: &'h [Heredoc<'a>]) -> Option<&'h Heredoc<'a>> {
    match heredocs {
        [heredoc] if is_opener(command, heredoc) => {
            Some(heredoc).filter(|heredoc| heredoc.content.starts_with("#!"))
        }
        _ => None,
    }
}

/// Whether the command is nothing but the opener of `heredoc`.
fn is_opener(command: &Command<'_>, heredoc: &Heredoc<'_>) -> bool {
    let Command::Shell(line) = command else { return false };
    let text = line.text.trim();
    !text.is_empty() && line.span(0..text.len()) == heredoc.opener
}

fn shell_words(stand: &Stand, words: &[Cow<'_, str>]) -> Vec<String> {
    let default: &[&str] = match stand.platform.os.as_str() {
        "windows" => &["cmd", "/S", "/C"],
        _ => &["/bin/sh", "-c"],
    };
    let shell = match &stand.shell {
        Some(shell) => shell.clone(),
        None => default.iter().map(ToString::to_string).collect(),
    };
    shell.into_iter().chain([words.join(" ")]).collect()
}

/// Where a mount stands. An absolute path is not cleaned.
fn target(mount: &Mount<'_>, stand: &Stand, escape: char) -> String {
    let Some(word) = &mount.target else { return String::new() };
    let target = stand.environment.expand(&word.text, escape);
    match target.starts_with('/') {
        true => target.into_owned(),
        false => clean(&format!("/{}/{target}", stand.cwd)),
    }
}

/// What counts of one mount, its target excepted; and whether it counts in the order of the
/// targets, or in that in which it is written.
fn one(
    site: &Site<'_, '_>,
    mount: &Mount<'_>,
    target: &str,
    stand: &Stand,
    inputs: &mut Vec<Input>,
    queries: &mut Vec<Query>,
) -> (u64, bool) {
    let expand = |word: &Option<Word<'_>>| {
        let word = word.as_ref()?;
        Some(stand.environment.expand(&word.text, site.plan.file.escape).into_owned())
    };
    let number = |word: &Option<Word<'_>>, radix: u32| {
        let text = expand(word)?;
        Some(u32::from_str_radix(&text, radix).map_or(text, |number| number.to_string()))
    };
    let (uid, gid, mode) = (number(&mount.uid, 10), number(&mount.gid, 10), number(&mount.mode, 8));
    let (id, source) = (expand(&mount.id), expand(&mount.source));
    let owned = uid.is_some() || gid.is_some() || mode.is_some();
    match mount.kind {
        MountKind::Secret => {
            let written = expand(&mount.target).filter(|target| !target.is_empty());
            let id = source.or(id).filter(|id| !id.is_empty());
            let id = id.or_else(|| Some(base_name(written.as_deref()?).to_owned()));
            let env = expand(&mount.env);
            let file = match (written, &env) {
                (Some(written), _) => Some(written),
                (None, Some(_)) => None,
                (None, None) => {
                    Some(format!("/run/secrets/{}", base_name(id.as_deref().unwrap_or_default())))
                }
            };
            let mode = mode.unwrap_or_else(|| 0o400.to_string());
            let owner = (uid.unwrap_or("0".into()), gid.unwrap_or("0".into()), mode);
            let required = mount.required == Some(true);
            (digest(&("secret", id, env, file, owner, required)), false)
        }
        MountKind::Ssh => {
            let mode = mode.unwrap_or_else(|| 0o600.to_string());
            let owner = (uid.unwrap_or("0".into()), gid.unwrap_or("0".into()), mode);
            let written = expand(&mount.target).filter(|target| !target.is_empty());
            let required = mount.required == Some(true);
            (digest(&("ssh", id.unwrap_or_default(), written, owner, required)), false)
        }
        MountKind::Tmpfs => {
            (digest(&("tmpfs", expand(&mount.size).map(|size| bytes(&size)))), true)
        }
        MountKind::Cache => {
            let namespace = site.build.build_args.get("BUILDKIT_CACHE_MOUNT_NS");
            let namespace = namespace.map_or("", String::as_str);
            let written = expand(&mount.target).unwrap_or_default();
            let id = id.filter(|id| !id.is_empty()).unwrap_or_else(|| clean(&written));
            let id = format!("{namespace}/{id}");
            let sharing = expand(&mount.sharing).map(|sharing| sharing.to_ascii_lowercase());
            let shared = sharing.is_none_or(|sharing| sharing.is_empty() || sharing == "shared");
            // The default, and nothing else, is in the key.
            let default = id.split_once('/').is_some_and(|(_, rest)| rest == target) && shared;
            let readonly = mount.readonly.unwrap_or(false);
            let origin = mount.from.as_ref().map_or(Base::Scratch, |f| site.plan.origin(&f.text));
            let whole = within(source.as_deref().unwrap_or_default()).is_empty();
            if whole && owned {
                inputs.push(Input::Content(digest(&("directory", uid, gid, mode))));
            } else {
                files(site, &origin, source.as_deref(), inputs);
            }
            let starts = origin != Base::Scratch || (whole && owned);
            (digest(&("cache", default.then_some(id), readonly, starts)), true)
        }
        MountKind::Bind | MountKind::Unknown => {
            let source = source.unwrap_or_default();
            match &mount.from {
                Some(from) if !from.text.is_empty() => {
                    files(site, &site.plan.origin(&from.text), Some(&source), inputs);
                }
                _ => {
                    let query = Query::of(&source);
                    inputs.push(Input::Content(site.contents.number(&query)));
                    queries.push(query);
                }
            }
            (digest(&("bind", mount.readonly.unwrap_or(true))), true)
        }
    }
}

/// Adds files of a stage or an image.
fn files(site: &Site<'_, '_>, origin: &Base, source: Option<&str>, inputs: &mut Vec<Input>) {
    let selected = digest(&format!("/{}", within(source.unwrap_or_default())));
    let (of, stage) = match origin {
        Base::Scratch => return,
        Base::Image(name) => (image(site, name, &site.plan.platform), None),
        Base::Stage(index) => match site.ends.get(*index).and_then(Option::as_ref) {
            Some(end) => (end.state, Some(*index)),
            None => (State::Scratch, None),
        },
    };
    inputs.push(Input::Files { of, selected, stage });
}

/// `64m` as a number of bytes; the text where it is none.
fn bytes(size: &str) -> String {
    let lower = size.trim().to_ascii_lowercase();
    let number = lower.trim_end_matches('b');
    let number = number.trim_end_matches('i');
    let (digits, shift) = match number.as_bytes().last() {
        Some(b'k') => (&number[..number.len() - 1], 10),
        Some(b'm') => (&number[..number.len() - 1], 20),
        Some(b'g') => (&number[..number.len() - 1], 30),
        Some(b't') => (&number[..number.len() - 1], 40),
        _ => (number, 0),
    };
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
