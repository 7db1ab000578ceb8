//! What RUN is made of on BuildKit.
//!
//! Follows `dispatchRun` of `frontend/dockerfile/dockerfile2llb/convert.go` and `CacheMap` of
//! `solver/llbsolver/ops/exec.go`. What a mount adds is in `mounted`.

use super::super::dispatcher::StageState;
use super::super::step::{Facet, Input};
use super::mounted::{self, Mounted};
use super::{Made, Source};
use crate::digest::Digest;
use crate::syntax::mount::mounts;
use crate::syntax::{Command, Heredoc};
use std::borrow::Cow;

pub(super) fn make(source: &Source<'_, '_>, command: &Command<'_>, state: &StageState) -> Made {
    let Source { dispatcher, instruction, .. } = source;
    let heredocs = source.written.heredocs.as_slice();
    let (words, in_shell) = command_words(command, heredocs, dispatcher.stages.file.source);
    let mut arguments = Digest::of("arguments");
    match in_shell {
        true => {
            for word in shell(state) {
                arguments = arguments.text(word);
            }
            // A shell gets one text, whatever it is made of.
            arguments = arguments.text(words.first().map_or("", |word| word.as_ref()));
        }
        false => arguments = words.iter().fold(arguments, |all, word| all.text(word)),
    }

    // Mounts of files count in the order of their targets, the others as they are written.
    let mut sorted: Vec<Mounted> = Vec::new();
    let mut others = Digest::of("others");
    let mut queries = Vec::new();
    let add = |mounted: Mounted, sorted: &mut Vec<Mounted>| {
        let at = sorted.partition_point(|before| before.target <= mounted.target);
        sorted.insert(at, mounted);
    };
    for mount in mounts(instruction) {
        let mounted = mounted::read(source, &mount, state);
        queries.extend(mounted.query.clone());
        match mounted.in_order {
            true => others = others.number(mounted.definition),
            false => add(mounted, &mut sorted),
        }
    }
    if let Some(heredoc) = script(command, heredocs) {
        // A body with an interpreter of its own becomes a file, which is mounted.
        let content = Digest::of("script").text(&heredoc.name).text(&heredoc.content).end();
        add(Mounted::of_content("/dev/pipes/", Digest::of("script").end(), content), &mut sorted);
    }
    let mut flags = others;
    for mounted in &sorted {
        flags = flags.text(&mounted.target).number(mounted.definition);
    }
    let (mut inputs, places) = mounted::together(&sorted);
    flags = flags.numbers(&places);
    // What is mounted and run on at the same time counts by its bytes as a whole.
    let twin = inputs.iter().find_map(|input| match *input {
        Input::Files { of, stage, .. } if of == state.files => Some(stage),
        _ => None,
    });
    if let Some(stage) = twin {
        let selected = Digest::of("whole").end();
        inputs[0] = Input::Files { of: state.files, selected, stage };
    }

    let last = |name: &str, default: &str| {
        let value = instruction.flag_value(name).filter(|&value| value != default);
        Digest::of(name).option(value).end()
    };
    let devices = instruction.flags.iter().filter(|flag| flag.name == "device");
    let devices = devices.filter_map(|flag| Some(flag.value.as_ref()?.text.as_ref()));
    flags = devices.fold(flags, Digest::text);
    flags = flags.number(last("network", "default")).number(last("security", "sandbox"));
    let hostname = dispatcher.build.build_args.get("BUILDKIT_SANDBOX_HOSTNAME");
    let flags = flags.option(hostname.map(String::as_str)).end();

    let bodies = heredocs.iter().filter(|_| in_shell);
    let bodies = bodies.fold(Digest::of("bodies"), |all, heredoc| all.text(&heredoc.content));
    let command = words.iter().fold(Digest::of("words"), |all, word| all.text(word)).end();
    let shell = match (&state.dispatch.shell, in_shell) {
        (Some(shell), true) => Digest::of("shell").texts(shell).end(),
        _ => 0,
    };
    let environment = state.dispatch.variables_in_order();
    let (cwd, user) = (Digest::of(state.directory()).end(), Digest::of(state.user()).end());
    let platform = state.platform.add(Digest::of("platform")).end();
    let all = [arguments.end(), environment, cwd, user, platform, flags];
    Made {
        definition: Digest::of("run").numbers(&all).end(),
        inputs,
        link: false,
        facets: vec![
            (Facet::Heredoc, bodies.end()),
            (Facet::Command, command),
            (Facet::Shell, shell),
            (Facet::Flag, flags),
            (Facet::Environment, environment),
            (Facet::Workdir, cwd),
            (Facet::User, user),
            (Facet::Platform, platform),
        ],
        queries,
    }
}

/// The words of the command, and whether a shell reads them: then it is one.
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
            Some(heredoc) => Cow::Owned(["/dev/pipes/", heredoc.name.as_ref()].concat()),
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

/// What reads a command in shell form.
fn shell(state: &StageState) -> Vec<&str> {
    let default: &[&str] = match state.platform.os.as_str() {
        "windows" => &["cmd", "/S", "/C"],
        _ => &["/bin/sh", "-c"],
    };
    match &state.dispatch.shell {
        Some(shell) => shell.iter().map(String::as_str).collect(),
        None => default.to_vec(),
    }
}
