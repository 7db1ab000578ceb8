//! Manifests in directories that are not known, or in very many: brought by their names, with
//! `COPY --parents` or out of a stage of their own that keeps nothing else.

use super::manifest_copies::{self, Brought};
use crate::cache::frontend::{FRONTEND, knows_parents, raise};
use crate::commutes::shown_command;
use crate::ecosystem::{ActionKind, Otherwise, Presence};
use crate::graph::copy::looks_like_file;
use crate::graph::demands::{Demand, Demands, Scattered};
use crate::graph::path_set::under;
use crate::graph::selection::fits;
use crate::graph::{Base, CommandEffects, Copy, Graph, Needs, Origin, StepAt};
use crate::limits;
use crate::repair::{ManifestCopy, ManifestStage, Names, Way};
use crate::report::Builder;
use crate::sentences::{Assumption, Quoted, Reason};

/// The copies that `command` of the step at `at` needs once the copies in `moving` come later:
/// one by one where they are known and few, else by name.
pub fn copies(
    graph: &Graph<'_>,
    at: StepAt,
    command: &CommandEffects,
    wanted: &Demands,
    moving: &[StepAt],
) -> Result<Brought, Reason> {
    let search = |names| Search { graph, at, command, wanted, moving, names };
    let mut assumptions = Vec::new();
    if let Some(Scattered { names, otherwise }) = &wanted.scattered {
        if let Some(brought) = search(names).copies() {
            return Ok(brought);
        }
        match otherwise.clone() {
            Otherwise::Refuse(kind, text) => return Err(Reason::Told { kind, text }),
            Otherwise::Assume(sentences) => {
                assumptions.extend(sentences.into_iter().map(Assumption::told));
            }
        }
    }
    let one_by_one = manifest_copies::copies(graph, at, wanted, moving)?;
    let names = command.used.as_ref().map_or("", |used| used.tool.scattered);
    if one_by_one.copies.len() > limits::ADDED_LINES
        && !names.is_empty()
        && let Some(brought) = search(names).copies()
    {
        return Ok(brought);
    }
    assumptions.extend(one_by_one.assumptions);
    Ok(Brought { copies: one_by_one.copies, assumptions })
}

struct Search<'s, 'a> {
    graph: &'s Graph<'a>,
    at: StepAt,
    command: &'s CommandEffects,
    wanted: &'s Demands,
    moving: &'s [StepAt],
    names: &'static str,
}

impl Search<'_, '_> {
    fn copies(&self) -> Option<Brought> {
        let graph = self.graph;
        let Needs::Project { directory, .. } = &self.command.needs else { return None };
        if self.names.is_empty() {
            return None;
        }
        let (kept, rest): (Vec<&Demand>, Vec<&Demand>) =
            self.wanted.files.iter().partition(|demand| self.keeps(demand));
        let rest = rest.into_iter().cloned().collect();
        let rest = Demands { files: rest, ..Demands::default() };
        let Brought { mut copies, mut assumptions } =
            manifest_copies::copies(graph, self.at, &rest, self.moving).ok()?;
        let there = |demand: &&Demand| {
            let source = graph.context_path(self.at, &demand.place);
            !source.is_some_and(|source| graph.context.exists(&source).is_no())
                && graph.copies_before(self.at).any(|(_, c)| !c.may_bring(&demand.place).is_no())
        };
        let required = |demand: &&&Demand| demand.presence == Presence::Required;
        if !kept.iter().filter(required).all(there) {
            return None;
        }
        let (root, sources) = self.sources(directory)?;
        let parents = match graph.options.builder {
            Builder::Buildkit => knows_parents(graph.dockerfile),
            _ => return None,
        };
        // A stage is read by any frontend: better than to rely on what a tag stands for.
        let name = self.name().filter(|_| !matches!(parents, Some(None)));
        match (name, parents) {
            (None, None) => {
                let otherwise = self.wanted.scattered.as_ref().map(|known| &known.otherwise);
                let needed = matches!(otherwise, Some(Otherwise::Refuse(..)));
                if !needed || graph.stages[self.at.stage].is_windows {
                    return None;
                }
                raise(graph.dockerfile)?;
                for &from in &sources {
                    copies.push(self.with_parents(
                        from,
                        directory,
                        Names::ParentsOfAnotherFrontend,
                    )?);
                }
                assumptions.push(Assumption::FetchesFrontend { frontend: FRONTEND });
            }
            (None, Some(assumed)) => {
                for &from in &sources {
                    copies.push(self.with_parents(from, directory, Names::Parents)?);
                }
                assumptions.extend(assumed);
            }
            (Some(name), _) => {
                let image = graph.root(self.at.stage).image.clone();
                assumptions.push(Assumption::HasFind { image });
                let stage = ManifestStage { name, copies: sources.clone() };
                copies.push(ManifestCopy {
                    from: sources[0],
                    sources: self.names.split_whitespace().map(str::to_owned).collect(),
                    directory: root,
                    file: None,
                    is_directory: false,
                    way: Way::ByName { project: directory.clone(), from: Names::Stage(stage) },
                });
            }
        }
        if self.wanted.scattered.is_some() {
            // A compile step reads more; what goes first for it does not.
            let used = self.command.used.as_ref().filter(|used| used.kind == ActionKind::Compile);
            let first = used.and_then(|used| used.first.clone());
            let command = first.unwrap_or_else(|| shown_command(graph, self.command));
            let names = Quoted::all(self.names.split_whitespace());
            assumptions.push(Assumption::ReadsOnlyNamed { command, names });
            let mut writes = self.command.used.iter().flat_map(|used| used.tool.writes);
            if let Some(name) = writes.find_map(|path| path.strip_prefix("./")) {
                assumptions.push(Assumption::NoSuchDirectoryBelow { name: name.to_owned() });
            }
        }
        Some(Brought { copies, assumptions })
    }

    fn keeps(&self, demand: &Demand) -> bool {
        let slash = if demand.is_directory { "/" } else { "" };
        let path = format!("{}{slash}", demand.place);
        self.names.split_whitespace().any(|name| fits(name, &path))
    }

    /// The directory that the copies which sink fill, and these of them.
    fn sources(&self, directory: &str) -> Option<(String, Vec<StepAt>)> {
        let graph = self.graph;
        let place = |copy: &Copy| copy.destination.as_ref().map(|to| to.path().to_owned());
        let mut root = directory.to_owned();
        for &at in self.moving {
            let place = place(graph.copy_at(at))?;
            if under(&place, &root).is_some() {
                root = place;
            }
        }
        let mut sources = Vec::new();
        for &at in self.moving {
            let copy = graph.copy_at(at);
            let to = place(copy)?;
            let other = |text: &str| {
                looks_like_file(text) && !self.names.split_whitespace().any(|n| fits(n, text))
            };
            if under(&root, &to).is_none() || copy.sources.iter().all(|(text, _)| other(text)) {
                continue;
            }
            let step = &graph.stages[at.stage].steps[at.step];
            let instruction = &graph.dockerfile.instructions[step.instruction];
            let plain = copy.origin == Origin::Context
                && !copy.unresolved
                && !copy.unpacks
                && !copy.other_sources
                && copy.variables.is_empty()
                && instruction.flag("parents").is_none();
            if !plain {
                return None;
            }
            sources.push(at);
        }
        (!sources.is_empty()).then_some((root, sources))
    }

    /// The same copy for the names alone.
    fn with_parents(&self, at: StepAt, project: &str, from: Names) -> Option<ManifestCopy> {
        let copy = self.graph.copy_at(at);
        let mut sources = Vec::new();
        for (_, source) in &copy.sources {
            let base = match source.literal()? {
                "" => String::new(),
                base => format!("{base}/./"),
            };
            for name in self.names.split_whitespace() {
                let name = name.trim_start_matches("*/").trim_end_matches("/*");
                sources.push(format!("{base}**/{name}"));
            }
        }
        Some(ManifestCopy {
            from: at,
            sources,
            directory: copy.destination.as_ref()?.path().to_owned(),
            file: None,
            is_directory: false,
            way: Way::ByName { project: project.to_owned(), from },
        })
    }

    /// The name of the stage to be added, where one may be.
    fn name(&self) -> Option<String> {
        let graph = self.graph;
        let stage = &graph.stages[self.at.stage];
        let root = graph.root(stage.index);
        let image = graph.options.base_images.get(&root.image);
        let triggers = image.is_some_and(|image| image.onbuild.is_some());
        let step = &stage.steps[self.at.step];
        // It runs in the shell of the image, which this step runs in as well.
        let has_shell =
            !graph.dockerfile.instructions[step.instruction].is_json() && stage.end.shell.is_none();
        // In front of what has no FROM there is no place for a stage.
        let has_from = root.index > 0 || !graph.dockerfile.is_fragment();
        if root.base != Base::Image || stage.is_windows || triggers || !has_shell || !has_from {
            return None;
        }
        let mut unnamed = graph.stages.iter().filter(|stage| stage.name.is_none());
        let name = match &stage.name {
            Some(name) => format!("{}-manifests", name.to_ascii_lowercase()),
            None if unnamed.nth(1).is_none() => "manifests".to_owned(),
            None => format!("manifests-{}", stage.index),
        };
        let references = graph.references();
        let target = graph.options.target.as_deref().unwrap_or_default();
        let numbered = target.parse().ok().max(references.largest);
        let taken = references.has(&name) || target.eq_ignore_ascii_case(&name);
        // The number of this stage, and of those behind it, is another one then.
        (!taken && numbered.is_none_or(|number| number < stage.index)).then_some(name)
    }
}
