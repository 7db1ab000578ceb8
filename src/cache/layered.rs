//! The steps that the classic builder and buildah make of a file: one for every instruction
//! behind FROM.
//!
//! Each looks for an image that was made of the same parent by the same step. For metadata
//! that is the instruction itself; RUN has its arguments beside its command, COPY and ADD what
//! they copy. Neither knows here-documents; buildah does not look at what RUN mounts.
//!
//! - classic: `builder/dockerfile` of <https://github.com/moby/moby/tree/v20.10.24>
//! - buildah: `getCreatedBy` in <https://github.com/containers/buildah/blob/v1.28.2/imagebuildah/stage_executor.go>

mod classic;

use super::contents::Query;
use super::dispatcher::{Dispatcher, StageState};
use super::step::{Definition, Facet, FileSystem, Input, Step};
use super::text::{self, Shown};
use crate::build::Dispatch;
use crate::context::{EntryKind, base_name, within};
use crate::digest::Digest;
use crate::report::Builder;
use crate::syntax::{Arguments, Instruction, Keyword, Word};

/// Arguments that need no declaration. Classic notices that one is passed, not its value.
const PROXIES: [&str; 10] = [
    "ALL_PROXY",
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "all_proxy",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// The steps of the builder. Classic builds every stage up to the target, needed or not.
pub(super) fn define(mut dispatcher: Dispatcher<'_, '_>) -> Definition {
    let mut definition = dispatcher.definition();
    let (target, builder) = (dispatcher.stages.target, dispatcher.stages.given.builder);
    for (index, stage) in dispatcher.stages.stages.iter().enumerate() {
        let early = target.is_some_and(|target| index <= target);
        if !(stage.needed || (early && builder == Builder::Classic)) {
            dispatcher.ends.push(None);
            continue;
        }
        let mut state = dispatcher.start(index);
        // The last ARG counts, which a stage does not inherit.
        state.assigned = None;
        for step in &stage.steps {
            dispatch(&dispatcher, index, *step, &mut state, &mut definition);
        }
        state.dispatch.end();
        dispatcher.ends.push(Some(state));
    }
    definition
}

fn dispatch(
    dispatcher: &Dispatcher<'_, '_>,
    stage: usize,
    step: Dispatch<'_>,
    state: &mut StageState,
    definition: &mut Definition,
) {
    let instruction = step.instruction;
    let Some(keyword) = instruction.keyword else { return };
    if matches!(instruction.arguments, Arguments::Invalid) {
        return;
    }
    let (file, builder) = (dispatcher.stages.file, dispatcher.stages.given.builder);
    let written = &file.instructions[step.at];
    let text = match &instruction.arguments {
        // The instruction; what it triggers goes by its own name.
        Arguments::Onbuild(_) => file.original(instruction).into_owned(),
        _ => text::shown(file, written, Shown::Written, |_| None),
    };
    let follow = |state: &mut StageState, definition: &mut Definition| {
        let assigned = state.dispatch.dispatch(instruction, dispatcher.stages);
        state.note(assigned.into_iter().filter(|set| set.is_argument), definition);
    };
    // buildah looks for an ARG when it is done, by the names that have a value by then.
    let is_late = keyword == Keyword::Arg && builder == Builder::Buildah;
    if is_late {
        follow(state, definition);
    }
    let kind = Digest::of(keyword.name());
    let made = match (keyword, &instruction.arguments) {
        (Keyword::Run, Arguments::Command(command)) => {
            let kind = kind.number(state.dispatch.visible_arguments()).flag(proxies(dispatcher));
            Made::of(match builder {
                // The text behind the keyword and one byte, flags included.
                Builder::Buildah => kind.text(text.get(4..).unwrap_or_default()),
                _ => classic::command(kind, command, state),
            })
        }
        (Keyword::Copy | Keyword::Add, Arguments::Copy { sources, destination, .. }) => {
            let source = Source { dispatcher, instruction, stage };
            copy(&source, (sources, destination), state, kind)
        }
        _ if is_late => {
            Made::of(kind.number(state.dispatch.declared_names(passed_proxies(dispatcher))))
        }
        _ if builder == Builder::Buildah => Made::of(kind.text(&text)),
        _ => Made::of(classic::metadata(kind, instruction, state)),
    };
    if !is_late {
        follow(state, definition);
    }
    let facet = match keyword {
        Keyword::Env => Facet::Environment,
        Keyword::User => Facet::User,
        Keyword::Workdir => Facet::Workdir,
        Keyword::Shell => Facet::Shell,
        _ => Facet::Command,
    };
    let mut facets = vec![(facet, Digest::of(&text).end())];
    if keyword == Keyword::Run {
        let seen = Digest::of("seen").number(state.dispatch.visible_arguments());
        facets.push((Facet::Environment, seen.flag(proxies(dispatcher)).end()));
    }
    definition.steps.push(Step {
        stage,
        keyword,
        text,
        span: written.span,
        definition: made.number.end(),
        inputs: made.inputs,
        base: state.files,
        link: false,
        facets,
        assigned: state.assigned,
        queries: made.queries,
    });
    state.files = FileSystem::After(definition.steps.len() - 1);
}

/// An instruction that a step is made of.
struct Source<'s, 'a> {
    dispatcher: &'s Dispatcher<'s, 'a>,
    instruction: &'s Instruction<'a>,
    stage: usize,
}

/// What makes a step of an instruction, the stage and the text excepted.
struct Made {
    number: Digest,
    inputs: Vec<Input>,
    queries: Vec<Query>,
}

impl Made {
    /// A step that reads nothing but the one before.
    fn of(number: Digest) -> Made {
        Made { number, inputs: vec![Input::Base], queries: Vec::new() }
    }
}

/// Whether classic notices a proxy that needs no declaration.
fn proxies(dispatcher: &Dispatcher<'_, '_>) -> bool {
    let notices = dispatcher.stages.given.builder == Builder::Classic;
    notices && passed_proxies(dispatcher).next().is_some()
}

/// The proxies that are passed.
fn passed_proxies(dispatcher: &Dispatcher<'_, '_>) -> impl Iterator<Item = &'static str> {
    let passed = |name: &&'static str| dispatcher.build.build_args.contains_key(*name);
    PROXIES.into_iter().filter(passed)
}

fn copy(
    source: &Source<'_, '_>,
    (sources, destination): (&[Word<'_>], &Word<'_>),
    state: &StageState,
    kind: Digest,
) -> Made {
    let Source { dispatcher, instruction, .. } = source;
    let flag = |name: &str| instruction.flag_value(name).map(|value| state.expand(value));
    let buildah = dispatcher.stages.given.builder == Builder::Buildah;
    let (chmod, chown) = (flag("chmod"), flag("chown"));
    let mut made = Made::of(kind);
    for word in sources {
        let text = state.expand(&word.text);
        if text.contains("://") {
            let address = Digest::of("address").text(&text).end();
            made.inputs.push(Input::Remote { address, checksum: None });
            continue;
        }
        // buildah sets mode and owner before it looks at what it copies.
        let mode = chmod.as_deref().filter(|_| buildah);
        let chmod = mode.and_then(|mode| u32::from_str_radix(mode, 8).ok());
        made.queries.push(Query { chmod, ..Query::of(&text) });
    }
    let from = instruction.flag_value("from");
    made.inputs.push(dispatcher.files(from, source.stage, &made.queries));
    if from.is_some() {
        made.queries.clear();
    }
    let to = state.expand(&destination.text);
    made.number = match buildah {
        false => kind.option(chown.as_deref()).option(chmod.as_deref()).text(&to),
        true => {
            let owner = chown.unwrap_or("0:0".to_owned());
            let (user, group) = owner.split_once(':').unwrap_or((&owner, &owner));
            let kind = [user, group]
                .into_iter()
                .fold(kind, |kind, name| kind.text(if name == "root" { "0" } else { name }));
            let mode = chmod.filter(|_| from.is_some());
            // A single file that is sent gets its new name before its bytes are counted.
            let file = |query: &Query| {
                let path = within(&query.source);
                let entry = dispatcher.contents.entry(&path);
                entry.is_some_and(|entry| entry.kind == EntryKind::File)
                    && dispatcher.contents.context().exists(&path).is_yes()
            };
            let named = matches!(made.queries.as_slice(), [query] if file(query));
            let name = if named && !to.ends_with('/') { base_name(&to) } else { "" };
            kind.option(mode.as_deref()).text(&destination.text).text(name)
        }
    };
    made
}
