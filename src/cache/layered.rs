//! The steps that the classic builder and buildah make of a file: one for every instruction
//! behind FROM.
//!
//! Each looks for an image that was made of the same parent by the same step. For metadata
//! that is the instruction itself; RUN has its arguments beside its command, COPY and ADD what
//! they copy. Neither knows here-documents; buildah does not look at what RUN mounts.
//!
//! - classic: `builder/dockerfile` of <https://github.com/moby/moby/tree/v20.10.24>
//! - buildah: `getCreatedBy` in <https://github.com/containers/buildah/blob/v1.28.2/imagebuildah/stage_executor.go>

use super::build::Build;
use super::contents::{Contents, Query};
use super::digest::digest;
use super::environment::Environment;
use super::plan::{Action, Base, Plan};
use super::step::{Assignment, Definition, Facet, Input, State, Step};
use super::text::{self, Shown};
use crate::context::within;
use crate::report::Builder;
use crate::syntax::{Arguments, Command, Instruction, Keyword, Word};
use std::borrow::Cow;
use std::collections::HashMap;

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

/// What the instructions before have made of a stage.
#[derive(Clone)]
struct Stand {
    state: State,
    environment: Environment,
    arguments: HashMap<String, String>,
    /// Sum over the arguments that no variable of the environment hides.
    visible: u64,
    shell: Option<Vec<String>>,
    assigned: Option<u32>,
}

impl Stand {
    fn new(state: State) -> Stand {
        Stand {
            state,
            environment: Environment::default(),
            arguments: HashMap::new(),
            visible: 0,
            shell: None,
            assigned: None,
        }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).or_else(|| self.arguments.get(name).map(String::as_str))
    }

    fn expand<'w>(&self, word: &'w str, escape: char) -> Cow<'w, str> {
        use crate::syntax::expand::expand;
        let expansion = expand(word, escape, |name| self.variable(name).map(Cow::Borrowed));
        if expansion.error.is_some() { Cow::Borrowed(word) } else { expansion.text }
    }

    fn set(&mut self, name: &str, value: &str) {
        if let Some(hidden) = self.arguments.get(name)
            && self.environment.get(name).is_none()
        {
            self.visible = self.visible.wrapping_sub(digest(&(name, hidden)));
        }
        self.environment.set(name, value);
    }

    fn declare(&mut self, name: &str, value: String) {
        let shown = self.environment.get(name).is_none();
        if shown {
            self.visible = self.visible.wrapping_add(digest(&(name, &value)));
        }
        let old = self.arguments.insert(name.to_owned(), value);
        if let Some(old) = old.filter(|_| shown) {
            self.visible = self.visible.wrapping_sub(digest(&(name, old)));
        }
    }
}

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
            Base::Image(name) => Stand::new(State::Image(digest(&("image", plan.image(name))))),
            Base::Stage(base) => match site.ends.get(*base).cloned().flatten() {
                Some(end) => {
                    let Stand { state, environment, shell, .. } = end;
                    Stand { environment, shell, ..Stand::new(state) }
                }
                None => Stand::new(State::Scratch),
            },
        };
        for action in &stage.actions {
            act(&site, index, *action, &mut stand, &mut definition);
        }
        site.ends.push(Some(stand));
    }
    definition
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
    let text = text::shown(site.plan.file, action.written, Shown::Written, |_| None);
    let mut inputs = vec![Input::Base];
    let mut queries = Vec::new();
    let number = match (keyword, &instruction.arguments) {
        (Keyword::Run, Arguments::Command(command)) => run(site, &text, command, stand),
        (Keyword::Copy | Keyword::Add, Arguments::Copy { sources, destination, .. }) => {
            copy(site, action, (sources, destination), stand, &mut inputs, &mut queries)
        }
        _ if site.builder == Builder::Buildah => digest(&("nop", &text)),
        _ => digest(&("nop", metadata(instruction, stand, site.plan.file.escape))),
    };
    change(site, instruction, stand, &mut definition.assignments);
    let facet = match keyword {
        Keyword::Env => Facet::Environment,
        Keyword::User => Facet::User,
        Keyword::Workdir => Facet::Workdir,
        Keyword::Shell => Facet::Shell,
        _ => Facet::Command,
    };
    let mut facets = vec![(facet, digest(&text))];
    if keyword == Keyword::Run {
        facets.push((Facet::Environment, digest(&(stand.visible, proxies(site)))));
    }
    definition.steps.push(Step {
        stage,
        keyword,
        text,
        span: action.written.span,
        definition: digest(&(keyword.name(), number)),
        inputs,
        base: stand.state,
        link: false,
        facets,
        assigned: stand.assigned,
        queries,
    });
    stand.state = State::After(definition.steps.len() - 1);
}

/// Whether a proxy is passed that needs no declaration.
fn proxies(site: &Site<'_, '_>) -> bool {
    let passed = |name: &&str| site.build.build_args.contains_key(*name);
    site.builder == Builder::Classic && PROXIES.iter().any(passed)
}

fn run(site: &Site<'_, '_>, text: &str, command: &Command<'_>, stand: &Stand) -> u64 {
    let arguments = (stand.visible, proxies(site));
    if site.builder == Builder::Buildah {
        // The text behind the keyword and one byte, flags included.
        return digest(&(arguments, text.get(4..).unwrap_or_default()));
    }
    let words: Vec<Cow<'_, str>> = match command {
        Command::Exec(words) => words.iter().map(|word| word.text.as_ref().into()).collect(),
        Command::Shell(line) => {
            let shell: Vec<Cow<'_, str>> = match &stand.shell {
                Some(shell) => shell.iter().map(|word| word.as_str().into()).collect(),
                None => vec!["/bin/sh".into(), "-c".into()],
            };
            shell.into_iter().chain([line.text.as_ref().into()]).collect()
        }
    };
    digest(&(arguments, words))
}

fn copy(
    site: &Site<'_, '_>,
    action: Action<'_>,
    (sources, destination): (&[Word<'_>], &Word<'_>),
    stand: &Stand,
    inputs: &mut Vec<Input>,
    queries: &mut Vec<Query>,
) -> u64 {
    let instruction = action.instruction;
    let escape = site.plan.file.escape;
    let flag = |name: &str| instruction.flag_value(name).map(|v| stand.expand(v, escape));
    let buildah = site.builder == Builder::Buildah;
    let chmod = flag("chmod");
    for word in sources {
        let source = stand.expand(&word.text, escape).into_owned();
        if source.contains("://") {
            let address = digest(&("address", &source));
            inputs.push(Input::Remote { address, checksum: None });
            continue;
        }
        // buildah sets mode and owner before it looks at what it copies.
        let mode = chmod.as_deref().filter(|_| buildah);
        let chmod = mode.and_then(|mode| u32::from_str_radix(mode, 8).ok());
        queries.push(Query { chmod, ..Query::of(&source) });
    }
    let sources: Vec<String> = queries.iter().map(|query| within(&query.source)).collect();
    let selected = digest(&sources);
    let origin = instruction.flag_value("from").map(|name| site.plan.origin(name));
    let of = match &origin {
        None => {
            let numbers = queries.iter().map(|query| site.contents.number(query));
            let numbers: Vec<u64> = numbers.collect();
            inputs.push(Input::Content(digest(&numbers)));
            None
        }
        Some(Base::Scratch) => Some((State::Scratch, None)),
        Some(Base::Image(name)) => {
            Some((State::Image(digest(&("image", site.plan.image(name)))), None))
        }
        Some(Base::Stage(index)) => {
            let end = site.ends.get(*index).and_then(Option::as_ref);
            Some((end.map_or(State::Scratch, |end| end.state), Some(*index)))
        }
    };
    if let Some((of, stage)) = of {
        inputs.push(Input::Files { of, selected, stage });
        queries.clear();
    }
    let bodies: Vec<&str> = action.written.heredocs.iter().map(|h| h.content.as_ref()).collect();
    if buildah {
        let owner = flag("chown").unwrap_or("0:0".into());
        let (user, group) = owner.split_once(':').unwrap_or((&owner, &owner));
        let owner = [user, group].map(|name| if name == "root" { "0" } else { name });
        let mode = chmod.filter(|_| origin.is_some());
        return digest(&(owner, mode, &destination.text, bodies));
    }
    let to = stand.expand(&destination.text, escape);
    digest(&(flag("chown"), chmod, to, bodies))
}

/// The instruction as classic notes it in the image it makes.
fn metadata(instruction: &Instruction<'_>, stand: &Stand, escape: char) -> Vec<String> {
    let expand = |word: &Word<'_>| stand.expand(&word.text, escape).into_owned();
    match &instruction.arguments {
        Arguments::Pairs(pairs) => {
            pairs.iter().flat_map(|pair| [expand(&pair.key), expand(&pair.value)]).collect()
        }
        Arguments::Args(declarations) => {
            let declarations = declarations.iter().map(|declaration| {
                let default = declaration.default.as_ref().map(expand);
                format!(
                    "{}{}",
                    declaration.name.text,
                    default.map_or(String::new(), |d| format!("={d}"))
                )
            });
            declarations.collect()
        }
        Arguments::Text(word) => vec![expand(word)],
        Arguments::Words { words, .. } => {
            let mut words: Vec<String> = words.iter().map(expand).collect();
            if instruction.keyword == Some(Keyword::Expose) {
                words.sort();
            }
            words
        }
        Arguments::Command(Command::Shell(line)) => {
            let shell = stand.shell.clone().unwrap_or_default();
            shell.into_iter().chain([line.text.to_string()]).collect()
        }
        _ => {
            instruction.flags.iter().map(|f| f.text()).chain(instruction.argument_texts()).collect()
        }
    }
}

/// What the instruction changes for those after it.
fn change(
    site: &Site<'_, '_>,
    instruction: &Instruction<'_>,
    stand: &mut Stand,
    assignments: &mut Vec<Assignment>,
) {
    let escape = site.plan.file.escape;
    match (instruction.keyword, &instruction.arguments) {
        (Some(Keyword::Env), Arguments::Pairs(pairs)) => {
            let pairs: Vec<(String, String)> = pairs
                .iter()
                .map(|pair| {
                    let expand = |word| stand.expand(word, escape).into_owned();
                    (expand(&pair.key.text), expand(&pair.value.text))
                })
                .collect();
            for (name, value) in pairs {
                stand.set(&name, &value);
            }
        }
        (Some(Keyword::Arg), Arguments::Args(declarations)) => {
            for declaration in declarations {
                let name = declaration.name.text.as_ref();
                let passed = site.build.build_args.get(name).cloned();
                let default = || {
                    let default = declaration.default.as_ref()?;
                    Some(stand.expand(&default.text, escape).into_owned())
                };
                let global = || site.plan.globals.get(name).map(str::to_owned);
                if let Some(value) = passed.or_else(default).or_else(global) {
                    assignments.push(Assignment {
                        name: name.into(),
                        value: value.as_str().into(),
                        argument: true,
                        before: stand.assigned,
                    });
                    stand.assigned = Some(assignments.len() as u32 - 1);
                    stand.declare(name, value);
                }
            }
        }
        (Some(Keyword::Shell), Arguments::Shell(words)) => {
            stand.shell = Some(words.iter().map(|word| word.text.to_string()).collect());
        }
        _ => {}
    }
}
