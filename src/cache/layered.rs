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
mod stand;

use super::build::Build;
use super::contents::{Contents, Query};
use super::plan::{Action, Base, Plan};
use super::step::{Definition, Facet, Input, State, Step};
use super::text::{self, Shown};
use crate::build::runs_triggers;
use crate::context::{Kind, base_name, within};
use crate::digest::Digest;
use crate::report::Builder;
use crate::syntax::{Arguments, Keyword, Word};
use stand::Stand;

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

/// What the steps of one build are made from.
struct Site<'s, 'a> {
    plan: &'s Plan<'a>,
    build: &'s Build,
    contents: &'s Contents,
    builder: Builder,
    ends: Vec<Option<Stand>>,
}

/// The steps of `builder`. Classic builds every stage up to the target, needed or not.
pub(super) fn define(
    plan: &Plan<'_>,
    build: &Build,
    contents: &Contents,
    builder: Builder,
) -> Definition {
    let (stages, bases) = plan.names();
    let mut definition = Definition { stages, bases, ..Definition::default() };
    let mut site = Site { plan, build, contents, builder, ends: Vec::new() };
    for (index, stage) in plan.stages.iter().enumerate() {
        let early = plan.target.is_some_and(|target| index <= target);
        if !(stage.needed || (early && builder == Builder::Classic)) {
            site.ends.push(None);
            continue;
        }
        let mut stand = match &stage.base {
            Base::Scratch => Stand::new(State::Scratch),
            Base::Image(name) => Stand::new(image(&site, name)),
            Base::Stage(base) => match site.ends.get(*base).and_then(Option::as_ref) {
                Some(end) => end.inherited(),
                None => Stand::new(State::Scratch),
            },
        };
        for action in &stage.actions {
            let triggered = !std::ptr::eq(action.instruction, action.written);
            if !triggered || runs_triggers(builder) {
                act(&site, index, *action, &mut stand, &mut definition);
            }
        }
        site.ends.push(Some(stand));
    }
    definition
}

fn image(site: &Site<'_, '_>, name: &str) -> State {
    State::Image(Digest::of("image").text(&site.plan.image(name)).end())
}

fn act(
    site: &Site<'_, '_>,
    stage: usize,
    action: Action<'_>,
    stand: &mut Stand,
    definition: &mut Definition,
) {
    let instruction = action.instruction;
    let Some(keyword) = instruction.keyword else { return };
    if matches!(instruction.arguments, Arguments::Invalid) {
        return;
    }
    let text = match &instruction.arguments {
        // The instruction; what it triggers goes by its own name.
        Arguments::Onbuild(_) => site.plan.file.original(instruction).into_owned(),
        _ => text::shown(site.plan.file, action.written, Shown::Written, |_| None),
    };
    let mut inputs = vec![Input::Base];
    let mut queries = Vec::new();
    let escape = site.plan.file.escape;
    let kind = Digest::of(keyword.name());
    let number = match (keyword, &instruction.arguments) {
        (Keyword::Run, Arguments::Command(command)) => {
            let kind = kind.number(stand.visible()).flag(proxies(site));
            match site.builder {
                // The text behind the keyword and one byte, flags included.
                Builder::Buildah => kind.text(text.get(4..).unwrap_or_default()),
                _ => classic::command(kind, command, stand),
            }
        }
        (Keyword::Copy | Keyword::Add, Arguments::Copy { sources, destination, .. }) => {
            copy(site, action, (sources, destination), stand, kind, (&mut inputs, &mut queries))
        }
        (Keyword::Arg, _) if site.builder == Builder::Buildah => {
            // Looked for when it is done, by the names that have a value by then.
            stand.follow(instruction, site.build, site.plan, &mut definition.assignments);
            kind.number(stand.named(passed_proxies(site)))
        }
        _ if site.builder == Builder::Buildah => kind.text(&text),
        _ => classic::metadata(kind, instruction, stand, escape),
    };
    if keyword != Keyword::Arg || site.builder != Builder::Buildah {
        stand.follow(instruction, site.build, site.plan, &mut definition.assignments);
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
        let seen = Digest::of("seen").number(stand.visible()).flag(proxies(site));
        facets.push((Facet::Environment, seen.end()));
    }
    definition.steps.push(Step {
        stage,
        keyword,
        text,
        span: action.written.span,
        definition: number.end(),
        inputs,
        base: stand.state,
        link: false,
        facets,
        assigned: stand.assigned,
        queries,
    });
    stand.state = State::After(definition.steps.len() - 1);
}

/// Whether classic notices a proxy that needs no declaration.
fn proxies(site: &Site<'_, '_>) -> bool {
    site.builder == Builder::Classic && passed_proxies(site).next().is_some()
}

/// The proxies that are passed.
fn passed_proxies(site: &Site<'_, '_>) -> impl Iterator<Item = &'static str> {
    let passed = |name: &&'static str| site.build.build_args.contains_key(*name);
    PROXIES.into_iter().filter(passed)
}

fn copy(
    site: &Site<'_, '_>,
    action: Action<'_>,
    (sources, destination): (&[Word<'_>], &Word<'_>),
    stand: &Stand,
    kind: Digest,
    (inputs, queries): (&mut Vec<Input>, &mut Vec<Query>),
) -> Digest {
    let instruction = action.instruction;
    let escape = site.plan.file.escape;
    let flag = |name: &str| instruction.flag_value(name).map(|v| stand.expand(v, escape));
    let buildah = site.builder == Builder::Buildah;
    let chmod = flag("chmod");
    for word in sources {
        let source = stand.expand(&word.text, escape);
        if source.contains("://") {
            let address = Digest::of("address").text(&source).end();
            inputs.push(Input::Remote { address, checksum: None });
            continue;
        }
        // buildah sets mode and owner before it looks at what it copies.
        let mode = chmod.as_deref().filter(|_| buildah);
        let chmod = mode.and_then(|mode| u32::from_str_radix(mode, 8).ok());
        queries.push(Query { chmod, ..Query::of(&source) });
    }
    let numbers: Vec<u64> = queries.iter().map(Query::digest).collect();
    let selected = Digest::of("files").numbers(&numbers).end();
    let from = instruction.flag_value("from").map(|name| site.plan.origin(name));
    let of = match &from {
        None => {
            let numbers = queries.iter().map(|query| site.contents.number(query));
            let numbers: Vec<u64> = numbers.collect();
            inputs.push(Input::Content(Digest::of("content").numbers(&numbers).end()));
            None
        }
        Some(Base::Scratch) => Some((State::Scratch, None)),
        Some(Base::Image(name)) => Some((image(site, name), None)),
        Some(Base::Stage(index)) => {
            let end = site.ends.get(*index).and_then(Option::as_ref);
            Some((end.map_or(State::Scratch, |end| end.state), Some(*index)))
        }
    };
    if let Some((of, stage)) = of {
        inputs.push(Input::Files { of, selected, stage });
        queries.clear();
    }
    let chown = flag("chown");
    if buildah {
        let owner = chown.unwrap_or("0:0".to_owned());
        let (user, group) = owner.split_once(':').unwrap_or((&owner, &owner));
        let kind = [user, group]
            .into_iter()
            .fold(kind, |kind, name| kind.text(if name == "root" { "0" } else { name }));
        let mode = chmod.filter(|_| from.is_some());
        // A single file gets its new name before its bytes are counted.
        let to = stand.expand(&destination.text, escape);
        let file = |query: &Query| {
            let entry = site.contents.entry(&within(&query.source));
            entry.is_some_and(|entry| entry.kind == Kind::File)
        };
        let named = matches!(queries.as_slice(), [query] if file(query)) && !to.ends_with('/');
        let name = if named { base_name(&to) } else { "" };
        return kind.option(mode.as_deref()).text(&destination.text).text(name);
    }
    let to = stand.expand(&destination.text, escape);
    kind.option(chown.as_deref()).option(chmod.as_deref()).text(&to)
}
