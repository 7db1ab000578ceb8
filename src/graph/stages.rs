//! From instructions to stages and steps, in one pass.

use super::additions;
use super::content::{self, Content};
use super::copy::{self, Origin};
use super::manifests;
use super::run::{self, Mount};
use super::selection::Selection;
use super::state::{Expanded, State};
use super::triggers;
use super::{Action, Base, Graph, Stage, Step};
use crate::build::{MOST_TRIGGERED, StageNames};
use crate::context::Context;
use crate::ecosystem::{is_windows_image, start_of, variables_of};
use crate::report::Options;
use crate::shell::{Dialect, read_run};
use crate::syntax::image::Image;
use crate::syntax::mount::{self, MountKind};
use crate::syntax::{Arguments, Dockerfile, Instruction, Keyword};
use crate::text::Cut;

pub(super) fn read<'a>(
    dockerfile: &'a Dockerfile<'a>,
    context: &'a Context,
    options: &'a Options,
) -> Graph<'a> {
    let mut line = 1;
    let mut at = 0;
    let lines = dockerfile.instructions.iter().map(|instruction| {
        let start = instruction.span.start as usize;
        line +=
            dockerfile.source.cut(at..start).bytes().filter(|&byte| byte == b'\n').count() as u32;
        at = start;
        line
    });
    let lines = lines.collect();
    let mut graph = Graph {
        dockerfile,
        context,
        options,
        stages: Vec::new(),
        has_errors: false,
        lines,
        members: Default::default(),
        asked: None,
        references: Default::default(),
        names: Default::default(),
        landings: Default::default(),
    };
    let mut globals = State::new(dockerfile.escape, false, None, options.builder);
    let mut invalid = false;
    let mut left = MOST_TRIGGERED;
    let mut names = StageNames::default();
    let mut state = globals.clone();
    for (index, instruction) in dockerfile.instructions.iter().enumerate() {
        if let Arguments::From { image, name } = &instruction.arguments {
            if let Some(stage) = graph.stages.last_mut() {
                stage.end = state;
            }
            let mut stage = from(&graph, index, &image.text, name, &globals, &names);
            state = start(&graph, &stage, options);
            let index = stage.index;
            let find = |name: &str| names.find(name).filter(|&from| from < index);
            triggers::run(&graph, &mut stage, &mut state, &globals, &find, &mut left);
            names.add(stage.name.as_deref());
            if let Base::Stage(base) = stage.base {
                graph.stages[base].heirs.push(stage.index);
            }
            graph.stages.push(stage);
            continue;
        }
        let Some(stage) = graph.stages.last_mut() else {
            // Only ARG may stand here; it is seen by every FROM.
            if let Arguments::Args(declarations) = &instruction.arguments {
                for argument in declarations {
                    globals.declare(argument, None, options);
                }
            }
            continue;
        };
        let mut step = Step {
            instruction: index,
            cwd: state.cwd.clone(),
            user: state.user.clone(),
            state: state.digest(),
            action: Action::Config,
        };
        let find = |name: &str| names.find(name).filter(|&from| from < stage.index);
        step.action = act(dockerfile, instruction, &mut state, context, options, &globals, &find);
        if let Action::Copy(copy) = &mut step.action {
            stage.follows_source |= copy.content.is_volatile();
            stage.copies.push(stage.steps.len());
        }
        if matches!(step.action, Action::Onbuild) {
            stage.triggers.push(stage.steps.len());
        }
        invalid |= matches!(step.action, Action::Invalid);
        stage.steps.push(step);
    }
    if let Some(stage) = graph.stages.last_mut() {
        stage.end = state;
    }
    graph.has_errors = invalid;
    for index in 0..graph.stages.len() {
        graph.stages[index].selection = Selection::of(&graph.stages[index]);
    }
    follow_artifacts(&mut graph);
    manifests::settle(&mut graph);
    additions::settle(&mut graph);
    mark_needed(&mut graph, &names);
    graph
}

/// The stage that FROM starts.
fn from<'a>(
    graph: &Graph<'a>,
    index: usize,
    image: &str,
    name: &Option<crate::syntax::Word<'_>>,
    globals: &State,
    names: &StageNames,
) -> Stage<'a> {
    let image = globals.expand(image).text;
    let base = match names.base(&image) {
        Some(stage) => Base::Stage(stage),
        None if image == "scratch" => Base::Scratch,
        None => Base::Image,
    };
    let is_windows = match base {
        Base::Stage(stage) => graph.stages[stage].is_windows,
        _ => graph.dockerfile.escape == '`' || is_windows_image(&image),
    };
    Stage {
        index: graph.stages.len(),
        from: index,
        name: name.as_ref().map(|word| word.text.to_string()),
        base,
        image,
        is_windows,
        steps: Vec::new(),
        copies: Vec::new(),
        triggers: Vec::new(),
        triggered: false,
        takes: Vec::new(),
        copies_from: match base {
            Base::Stage(stage) if graph.stages[stage].copies.is_empty() => {
                graph.stages[stage].copies_from
            }
            Base::Stage(stage) => Some(stage),
            _ => None,
        },
        needed: false,
        shipped: false,
        heirs: Vec::new(),
        used: false,
        end: State::new(graph.dockerfile.escape, false, None, graph.options.builder),
        follows_source: matches!(base, Base::Stage(stage) if graph.stages[stage].follows_source),
        selection: None,
    }
}

fn start(graph: &Graph<'_>, stage: &Stage<'_>, options: &Options) -> State {
    match stage.base {
        Base::Stage(base) => graph.stages[base].end.inherited(),
        Base::Image => {
            let given = options.base_images.get(&stage.image);
            let mut state =
                State::new(graph.dockerfile.escape, stage.is_windows, given, options.builder);
            let image = Image::parse(&stage.image);
            if given.is_none() && !stage.is_windows && image.is_official() {
                for (name, value) in variables_of(image.base_name()) {
                    state.set_env(name, Some(value.into()));
                }
            }
            if let (None, Some((name, directory))) = (given, start_of(&stage.image)) {
                state.set_env(name, Some(directory.into()));
                state.cwd = Some(directory.into());
            }
            state
        }
        Base::Scratch => {
            let mut state =
                State::new(graph.dockerfile.escape, stage.is_windows, None, options.builder);
            state.cwd = Some("/".into());
            state
        }
    }
}

/// What `instruction` does in `state`, which it changes.
pub(super) fn act<'a>(
    dockerfile: &'a Dockerfile<'a>,
    instruction: &'a Instruction<'a>,
    state: &mut State,
    context: &Context,
    options: &Options,
    globals: &State,
    stage: &dyn Fn(&str) -> Option<usize>,
) -> Action<'a> {
    match (instruction.keyword, &instruction.arguments) {
        (None, _) | (_, Arguments::Invalid) => Action::Invalid,
        (Some(Keyword::Copy | Keyword::Add), _) => {
            match copy::read(instruction, state, context, stage) {
                Some(copy) => Action::Copy(Box::new(copy)),
                None => Action::Invalid,
            }
        }
        (Some(Keyword::Run), Arguments::Command(command)) => {
            let script = read_run(dockerfile.source, command, &instruction.heredocs, state.dialect);
            let mounts = mounts(instruction, state, stage);
            Action::Run(Box::new(run::read(script, state, mounts)))
        }
        (Some(Keyword::Workdir), Arguments::Text(word)) => {
            let to = state.expand(&word.text);
            state.change_directory(&to);
            Action::Workdir(state.cwd.clone())
        }
        (Some(Keyword::Env), Arguments::Pairs(pairs)) => {
            // Every value sees the environment as it was before the instruction.
            let expand = |text: &str| state.expand(text);
            let values = pairs.iter().map(|p| (expand(&p.key.text).text, expand(&p.value.text)));
            let values: Vec<(String, Expanded)> = values.collect();
            for (name, value) in &values {
                state.set_env(name, value.resolved.then(|| value.text.clone()));
                state.name_files(name, &value.text);
            }
            Action::Variables(values.into_iter().map(|(name, _)| name).collect())
        }
        (Some(Keyword::Arg), Arguments::Args(declarations)) => {
            for argument in declarations {
                state.declare(argument, Some(globals), options);
                let name = argument.name.text.as_ref();
                let value = state.variable(name).flatten().map(str::to_owned);
                state.name_files(name, &value.unwrap_or_default());
            }
            Action::Variables(declarations.iter().map(|arg| arg.name.text.to_string()).collect())
        }
        (Some(Keyword::User), Arguments::Text(word)) => {
            state.user = Some(state.expand(&word.text).text);
            Action::User
        }
        (Some(Keyword::Shell), Arguments::Shell(words)) => {
            state.shell = words.iter().map(|word| word.text.to_string()).collect();
            state.dialect = Dialect::of(&state.shell);
            Action::Shell
        }
        (Some(Keyword::Volume), Arguments::Words { words, .. }) => {
            let places = words.iter().filter_map(|word| state.place(&state.expand(&word.text)));
            Action::Volume(places.collect())
        }
        (Some(Keyword::Onbuild), _) => Action::Onbuild,
        _ => Action::Config,
    }
}

/// Where the mounts of a RUN stand.
fn mounts(
    instruction: &Instruction<'_>,
    state: &State,
    stage: &dyn Fn(&str) -> Option<usize>,
) -> Vec<Mount> {
    mount::mounts(instruction)
        .map(|mount| Mount {
            target: mount.target.and_then(|word| state.place(&state.expand(&word.text))),
            cache: mount.kind == MountKind::Cache,
            forgets: mount.kind == MountKind::Tmpfs || mount.readonly == Some(false),
            from: mount.from.and_then(|word| stage(&word.text)),
        })
        .collect()
}

/// A copy from a stage that follows the source brings artefacts.
fn follow_artifacts(graph: &mut Graph<'_>) {
    for index in 0..graph.stages.len() {
        let mut follows = graph.stages[index].follows_source
            || matches!(graph.stages[index].base, Base::Stage(b) if graph.stages[b].follows_source);
        let (before, rest) = graph.stages.split_at_mut(index);
        for step in &mut rest[0].steps {
            if let Action::Copy(copy) = &mut step.action
                && let Origin::Stage(from) = copy.origin
                && before.get(from).is_some_and(|stage| stage.follows_source)
            {
                let kinds = copy.sources.iter().map(|(text, _)| content::of_made(text));
                let kind = kinds.max().unwrap_or(Content::Nothing);
                copy.content = match &before[from].selection {
                    Some(selection) => kind.min(selection.content()),
                    None if kind.is_volatile() => Content::Artifacts,
                    None => kind,
                };
                follows |= copy.content.is_volatile();
            }
        }
        graph.stages[index].follows_source = follows;
    }
}

/// Marks what the target is made of.
fn mark_needed(graph: &mut Graph<'_>, names: &StageNames) {
    let target = match &graph.options.target {
        Some(target) => names.find(target),
        None => graph.stages.len().checked_sub(1),
    };
    if let Some(target) = target {
        graph.stages[target].used = true;
    }
    for index in 0..graph.stages.len() {
        let (before, rest) = graph.stages.split_at_mut(index);
        let taken = rest[0].steps.iter().flat_map(|step| step.action.stages());
        for from in taken.chain(rest[0].takes.iter().copied()) {
            if let Some(stage) = before.get_mut(from) {
                stage.used = true;
            }
        }
    }
    let mut shipped = target;
    while let Some(index) = shipped {
        graph.stages[index].shipped = true;
        shipped = match graph.stages[index].base {
            Base::Stage(base) => Some(base),
            _ => None,
        };
    }
    let mut open: Vec<usize> = target.into_iter().collect();
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut graph.stages[index].needed, true) {
            continue;
        }
        if let Base::Stage(base) = graph.stages[index].base {
            open.push(base);
        }
        let stage = &graph.stages[index];
        open.extend(stage.steps.iter().flat_map(|step| step.action.stages()));
        open.extend(&stage.takes);
    }
    if target.is_none() {
        graph.stages.iter_mut().for_each(|stage| stage.needed = true);
    }
}
