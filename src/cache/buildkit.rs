//! The steps that BuildKit makes of a file: RUN, COPY, ADD and WORKDIR.
//!
//! Follows `dispatch` and its kin in BuildKit's
//! `frontend/dockerfile/dockerfile2llb/convert.go`. ENV, ARG, USER and SHELL are no steps:
//! they change what later steps are made of; the other instructions change the image only.
//! What COPY and RUN are made of is in `copy` and `run`.

mod copy;
mod mounted;
mod run;
pub(super) mod selected;

use super::build::Build;
use super::contents::Contents;
use super::environment::Environment;
use super::plan::{Action, Base, Plan};
use super::platform::Platform;
use super::step::{Assignment, Definition, Facet, Input, State, Step};
use super::text::{self, Shown};
use crate::context::clean;
use crate::digest::{Digest, Numbers};
use crate::syntax::{Arguments, Keyword};
use std::borrow::Cow;
use std::rc::Rc;

/// What a build is made from.
pub(super) struct Site<'s, 'a> {
    pub plan: &'s Plan<'a>,
    pub build: &'s Build,
    pub contents: &'s Contents,
    /// `SOURCE_DATE_EPOCH`, where it is a number.
    pub epoch: Option<i64>,
    /// What each stage ends in; none for one that is not needed.
    pub ends: Vec<Option<Stand>>,
}

/// What the instructions before have made of a stage.
#[derive(Clone)]
pub(super) struct Stand {
    pub state: State,
    pub environment: Environment,
    /// What the image keeps of the environment, in the order of its configuration.
    config: Vec<(Rc<str>, Rc<str>)>,
    /// For the number of each name its place in that.
    places: Numbers,
    assigned: Option<u32>,
    /// Absolute; not always cleaned.
    pub cwd: String,
    /// Empty where it is the base image's.
    pub user: String,
    /// SHELL; none where it is the base image's.
    pub shell: Option<Vec<String>>,
    pub platform: Platform,
}

/// What makes a step of an instruction, the stage and the text excepted.
pub(super) struct Made {
    pub definition: u64,
    pub inputs: Vec<Input>,
    pub link: bool,
    pub facets: Vec<(Facet, u64)>,
    pub queries: Vec<super::contents::Query>,
}

/// The default of an image that says nothing else.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The steps of the stages that the target needs.
pub(super) fn define(plan: &Plan<'_>, build: &Build, contents: &Contents) -> Definition {
    let (stages, bases) = plan.names();
    let mut definition = Definition { stages, bases, ..Definition::default() };
    let epoch = epoch(plan, build);
    let mut site = Site { plan, build, contents, epoch, ends: Vec::new() };
    for (index, stage) in plan.stages.iter().enumerate() {
        if !stage.needed {
            site.ends.push(None);
            continue;
        }
        let mut stand = start(&site, index);
        for action in &stage.actions {
            act(&site, index, *action, &mut stand, &mut definition);
        }
        site.ends.push(Some(stand));
    }
    definition
}

/// `SOURCE_DATE_EPOCH` as a build argument or a global ARG. A value that names a stage or the
/// context depends on what is not known here, and counts as none.
///
/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/epoch.go>
fn epoch(plan: &Plan<'_>, build: &Build) -> Option<i64> {
    const NAME: &str = "SOURCE_DATE_EPOCH";
    match build.build_args.get(NAME) {
        Some(passed) => passed.parse().ok(),
        None => plan.global(NAME)?.parse().ok(),
    }
}

fn start(site: &Site<'_, '_>, index: usize) -> Stand {
    let stage = &site.plan.stages[index];
    let platform = stage.platform.as_ref().unwrap_or(&site.plan.platform);
    let mut stand = Stand {
        state: State::Scratch,
        environment: Environment::default(),
        config: vec![("PATH".into(), PATH.into())],
        places: Numbers::default(),
        assigned: None,
        cwd: "/".to_owned(),
        user: String::new(),
        shell: None,
        platform: platform.clone(),
    };
    stand.places.set(Digest::of("PATH").end(), 0);
    match &stage.base {
        Base::Stage(base) => {
            if let Some(end) = site.ends.get(*base).cloned().flatten() {
                stand = end;
            }
        }
        Base::Image(name) => stand.state = image(site, name, platform),
        Base::Scratch => stand.platform = site.plan.platform.clone(),
    }
    // ARGs of the stage it is built on stay, but ENV goes before them again.
    for (name, value) in &stand.config {
        stand.environment.set(name, value);
    }
    stand
}

/// An image's file system.
pub(super) fn image(site: &Site<'_, '_>, name: &str, platform: &Platform) -> State {
    State::Image(platform.add(Digest::of("image").text(&site.plan.image(name))).end())
}

fn act(
    site: &Site<'_, '_>,
    stage: usize,
    action: Action<'_>,
    stand: &mut Stand,
    definition: &mut Definition,
) {
    let escape = site.plan.file.escape;
    let instruction = action.instruction;
    let Some(keyword) = instruction.keyword else { return };
    let made = match (keyword, &instruction.arguments) {
        (Keyword::Env, Arguments::Pairs(pairs)) => {
            // Every value sees the environment as it was before the instruction.
            let pairs: Vec<(String, String)> = pairs
                .iter()
                .map(|pair| {
                    let expand = |word| stand.environment.expand(word, escape);
                    (expand(&pair.key.text), expand(&pair.value.text))
                })
                .collect();
            for (name, value) in pairs {
                assign(stand, definition, &name, &value, false);
            }
            return;
        }
        (Keyword::Arg, Arguments::Args(declarations)) => {
            for declaration in declarations {
                let name = declaration.name.text.as_ref();
                let passed = site.build.build_args.get(name).map(String::as_str);
                let value = match (passed, &declaration.default) {
                    (Some(passed), _) => Some(passed.to_owned()),
                    (None, Some(default)) => Some(stand.environment.expand(&default.text, escape)),
                    (None, None) => site.plan.global(name).map(Cow::into_owned),
                };
                if let Some(value) = value.filter(|_| !name.starts_with("BUILDKIT_SBOM_SCAN_")) {
                    assign(stand, definition, name, &value, true);
                }
            }
            return;
        }
        (Keyword::User, Arguments::Text(word)) => {
            stand.user = stand.environment.expand(&word.text, escape);
            return;
        }
        (Keyword::Shell, Arguments::Shell(words)) => {
            stand.shell = Some(words.iter().map(|word| word.text.to_string()).collect());
            return;
        }
        (Keyword::Workdir, Arguments::Text(word)) => {
            let path = stand.environment.expand(&word.text, escape);
            stand.cwd = working_directory(&stand.cwd, &path);
            if stand.cwd == "/" {
                return;
            }
            workdir(site, stand)
        }
        (Keyword::Run, Arguments::Command(command)) => run::make(site, action, command, stand),
        (Keyword::Copy | Keyword::Add, Arguments::Copy { sources, destination, .. }) => {
            copy::make(site, action, (sources, destination), stand)
        }
        _ => return,
    };
    let lookup = |name: &str| stand.environment.get(name).map(Cow::Borrowed);
    let text = match site.plan.named {
        true => text::shown(site.plan.file, action.written, Shown::Buildkit, lookup),
        false => String::new(),
    };
    definition.steps.push(Step {
        stage,
        keyword,
        text,
        span: action.written.span,
        definition: made.definition,
        inputs: made.inputs,
        base: stand.state,
        link: made.link,
        facets: made.facets,
        assigned: stand.assigned,
        queries: made.queries,
    });
    stand.state = State::After(definition.steps.len() - 1);
}

fn assign(stand: &mut Stand, definition: &mut Definition, name: &str, value: &str, argument: bool) {
    stand.environment.set(name, value);
    if !argument {
        // The configuration of an image keeps its order.
        let place = stand.places.keep(Digest::of(name).end(), stand.config.len() as u64) as usize;
        match stand.config.get_mut(place) {
            Some((_, old)) => *old = value.into(),
            None => stand.config.push((name.into(), value.into())),
        }
    }
    definition.assignments.push(Assignment {
        name: name.into(),
        value: value.into(),
        argument,
        before: stand.assigned,
    });
    stand.assigned = Some(definition.assignments.len() as u32 - 1);
}

/// `path` seen from `cwd`. An absolute one is not cleaned: RUN sees `/a/` and `/a` as two.
///
/// `NormalizeWorkdir` in <https://github.com/moby/buildkit/blob/master/util/system/path.go>
pub(super) fn working_directory(cwd: &str, path: &str) -> String {
    match path {
        "" => cwd.to_owned(),
        _ if path.starts_with('/') => path.to_owned(),
        _ => clean(&format!("{cwd}/{path}")),
    }
}

/// WORKDIR makes the directory, for the user in force.
fn workdir(site: &Site<'_, '_>, stand: &Stand) -> Made {
    let path = clean(&stand.cwd);
    let owner = (!stand.user.is_empty()).then(|| copy::owner(&stand.user));
    let owner = copy::owned(Digest::of("owner"), owner.as_ref()).end();
    let epoch = site.epoch.map_or(u64::MAX, |epoch| epoch as u64);
    let path = Digest::of(&path).end();
    Made {
        definition: Digest::of("mkdir").numbers(&[path, owner, epoch]).end(),
        inputs: vec![Input::Base],
        link: false,
        facets: vec![(Facet::Workdir, path), (Facet::User, owner), (Facet::Epoch, epoch)],
        queries: Vec::new(),
    }
}
