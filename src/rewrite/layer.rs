//! The dependencies of a project compiled in a layer of their own, in front of the copy of its
//! source: the command line, and whether all is known that it hangs on. A stub that cargo takes for
//! the source would be shipped, so that whatever is not known refuses.

use super::split::{carried, stands_alone};
use super::stub_sources::StubSources;
use crate::commutes::shown_command;
use crate::ecosystem::{
    ActionKind, Layer, brings_tool, is_older, is_standard_directory, known_image, layer,
};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Graph, Origin, Run, StepAt};
use crate::issue::RefusalReason;
use crate::sentences::Reason;
use crate::shell::Dialect;
use crate::text::Cut;

/// A compile of the dependencies alone.
pub struct Layered<'g> {
    /// How the tool does it.
    pub layer: &'static Layer,
    /// The compile step that it goes ahead of.
    pub command: &'g CommandEffects,
    /// What stands in for the source.
    pub stubs: StubSources,
    /// The command that takes away what was compiled of it.
    pub clean: String,
    /// The whole line.
    pub line: String,
    /// The directory that is compiled into.
    pub place: String,
}

/// What compiles the dependencies for the RUN at `at`.
pub fn layered<'g>(graph: &'g Graph<'_>, at: StepAt) -> Result<Layered<'g>, Reason> {
    let step = &graph.stages[at.stage].steps[at.step];
    let instruction = &graph.dockerfile.instructions[step.instruction];
    let found = step.run().and_then(|run| Some((run, compile_of(run)?)));
    let Some((run, (index, layer))) = found else { return Err(Reason::NotAShellLine) };
    let command = &run.commands[index];
    let shown = || shown_command(graph, command);
    if !graph.context.is_complete() {
        return Err(Reason::FilesNotListed);
    }
    let own = &run.script.commands[index];
    let is_line = instruction.heredocs.is_empty() && !instruction.is_json();
    let is_bare = run.dialect == Dialect::Posix && run.mounts.is_empty();
    let reads = |command: &CommandEffects| command.sources || !command.reads.paths.is_empty();
    if !is_line
        || !is_bare
        || index != carried(&run.commands)
        || run.commands[..index].iter().any(reads)
        || command.is_conditional
        || own.words.len() != own.invocation().words.len()
        || !own.redirections.is_empty()
        || !stands_alone(&run.script, command.span)
        || run.goes_on_without(index)
    {
        return Err(Reason::NotAlone { command: shown() });
    }
    let source = graph.dockerfile.source;
    known(graph, at, layer)?;
    let unknown = |word: &str| Reason::WordUnknown { command: shown(), word: word.to_owned() };
    let mut words = Vec::with_capacity(own.words.len());
    for word in &own.words {
        words.push(word.literal().ok_or_else(|| unknown(word.span.of(source)))?);
    }
    let words: Vec<&str> = words.iter().map(|word| &**word).collect();
    let told = |text: String| Reason::Told { kind: RefusalReason::NoDependencyOnlyInstall, text };
    let stubs = graph.stubs(command, at, layer).unwrap_or_default();
    if let Some(text) = stubs.refusal {
        return Err(told(text));
    }
    let image = &graph.root(at.stage).image;
    // The image alone says which version it is: no toolchain that a word names, no variable.
    let is_named = brings_tool(image, layer.tool)
        && !image.contains('$')
        && !words.iter().any(|word| word.starts_with('+'));
    if is_older(image, layer.since, true) || stubs.may_be_old && !is_named {
        return Err(Reason::ToolMayBeOld { tool: layer.tool });
    }
    let clean = layer.clean(&words, &stubs.packages).map_err(unknown)?;
    let kept = command.keeps.iter().find(|keeps| keeps.kept.compiled);
    let place = kept.and_then(|keeps| keeps.place.clone());
    let Some(place) = place else {
        return Err(Reason::NeededDirectoryUnknown { command: shown() });
    };
    // What the context brings of an earlier build would be mixed with the layer's.
    if let Some(path) = graph.context_path(at, &place) {
        return Err(Reason::WouldOverwrite { path, command: shown() });
    }
    private(graph, at.stage, layer, command, &place)?;
    let program = own.words[0].span.start as usize;
    let settings = source.cut(command.span.start as usize..program);
    let before = source.cut(run.commands[0].span.start as usize..command.span.start as usize);
    if settings.contains('\n') {
        return Err(Reason::NotAlone { command: shown() });
    }
    let written: Vec<&str> = own.words.iter().map(|word| word.span.of(source)).collect();
    let stubs = StubSources::with_programs(&stubs.libraries, &stubs.programs, layer.stub);
    // What is taken away behind it must not be a directory of the system: `/lib`.
    let is_system = |(_, place): &(&str, Option<String>)| {
        place
            .as_deref()
            .is_none_or(|place| place.rfind('/') == Some(0) || is_standard_directory(place))
    };
    if let Some((path, _)) = stubs.places(command.cwd.as_deref()).find(is_system) {
        return Err(Reason::StubMayExist { command: shown(), path: path.to_owned() });
    }
    let clean = format!("{settings}{clean}");
    let mut line = before.to_owned();
    for part in [&stubs.before, settings, &written.join(" "), " && ", &clean, &stubs.after] {
        line.push_str(part);
    }
    Ok(Layered { layer, command, stubs, clean, line, place })
}

/// The first command that compiles the project with a tool whose dependencies can be compiled
/// alone.
fn compile_of(run: &Run<'_>) -> Option<(usize, &'static Layer)> {
    run.commands.iter().enumerate().find_map(|(at, command)| {
        let used = command.used.as_ref().filter(|used| used.kind == ActionKind::Compile)?;
        Some((at, layer(used.tool.name).filter(|_| !used.action.only_fetches())?))
    })
}

/// Whether no settings are there but those of the project: where they say where the result lies,
/// the clean may look elsewhere.
fn known(graph: &Graph<'_>, at: StepAt, layer: &Layer) -> Result<(), Reason> {
    let root = graph.root(at.stage);
    if known_image(&root.image).is_none() {
        return Err(Reason::ImageUnknown { image: root.image.clone() });
    }
    let source = graph.dockerfile.source;
    if let Some(text) = layer.unknown_in(source) {
        return Err(Reason::TextUnknown { text: text.into() });
    }
    let cwd = graph.stages[at.stage].steps[at.step].cwd.as_deref().unwrap_or("/");
    for stage in graph.with_ancestors(at.stage) {
        for step in &stage.steps {
            let text = graph.dockerfile.instructions[step.instruction].span.of(source);
            // Those of the project are read with its manifests.
            let lands = step.copy().is_some_and(|copy| {
                let mut paths = copy.landing.paths.iter();
                paths.any(|path| layer.sets(path) && under(cwd, path).is_none())
            });
            let brings =
                |place: &str| step.copy().is_some_and(|copy| !copy.may_bring(place).is_no());
            if lands || step.run().is_some() && layer.sets(text) || layer.settings().any(brings) {
                return Err(Reason::SetsElsewhere { line: graph.line(step.instruction) });
            }
        }
    }
    Ok(())
}

/// Whether nothing takes what `command` compiles into `place` out of `stage`, or what it
/// downloads, but programs by their names.
fn private(
    graph: &Graph<'_>,
    stage: usize,
    layer: &Layer,
    command: &CommandEffects,
    place: &str,
) -> Result<(), Reason> {
    let has_it = |from: usize| graph.with_ancestors(from).any(|of| of.index == stage);
    let meets = |base: &str, place: &str| under(base, place).or(under(place, base)).is_some();
    for of in &graph.stages {
        if has_it(of.index) && (of.shipped || !of.triggers.is_empty()) {
            return Err(Reason::Shipped { place: place.to_owned() });
        }
        for step in &of.steps {
            let takes = match (step.copy(), step.run()) {
                (Some(copy), _) => match copy.origin {
                    Origin::Stage(from) if has_it(from) => {
                        copy.unresolved
                            || copy.other_sources
                            || copy.sources.iter().any(|(_, source)| {
                                let base = format!("/{}", source.base());
                                let named = source.literal().and(under(place, &base));
                                let is_program = named.is_some_and(|path| layer.is_program(path));
                                (meets(&base, place) && !is_program)
                                    || command.caches.iter().any(|cache| meets(&base, cache))
                            })
                    }
                    _ => false,
                },
                (_, Some(run)) => run.mounts.iter().filter_map(|mount| mount.from).any(has_it),
                _ => false,
            };
            if takes {
                let (line, place) = (graph.line(step.instruction), place.to_owned());
                return Err(Reason::TakenFrom { line, place });
            }
        }
    }
    Ok(())
}
