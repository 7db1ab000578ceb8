//! Copies of manifests alone: which ones a freed step needs.

mod provider;

use crate::context::{self, Answer, EntryKind, join, parent};
use crate::ecosystem::{Presence, Unlisted, is_lock_file, name_matches};
use crate::graph::copy::is_file_pattern;
use crate::graph::demands::{Demand, Demands};
use crate::graph::path_set::under;
use crate::graph::{Graph, Origin, StepAt};
use crate::repair::{ManifestCopy, Way};
use crate::report::Builder;
use crate::sentences::{Assumption, Quoted, Reason};
use provider::{Provider, provider};
pub use provider::{is_changed, is_made, is_made_a_directory};

/// Copies of manifests, and what has to hold for them.
#[derive(Debug, Default)]
pub struct Brought {
    /// The copies.
    pub copies: Vec<ManifestCopy>,
    /// What is assumed of the files.
    pub assumptions: Vec<Assumption>,
}

/// The copies that `demands` of the step at `at` need once the copies in `moving` come
/// later. Fails where a file that is needed cannot be named.
pub fn copies(
    graph: &Graph<'_>,
    at: StepAt,
    demands: &Demands,
    moving: &[StepAt],
) -> Result<Brought, Reason> {
    let search = Search { graph, at, demands, moving };
    let mut brought = Brought::default();
    let mut absent: Vec<String> = Vec::new();
    for demand in &demands.files {
        flattened(graph, demand, moving, &mut brought.assumptions)?;
        match search.found(demand, &mut brought)? {
            Found::File(file) => brought.add(file),
            Found::Absent { source } => absent.push(source),
            Found::Nothing => {}
        }
    }
    brought.drop_covered();
    if !absent.is_empty() {
        brought.assumptions.push(Assumption::NotInContext { paths: Quoted::none(absent) });
    }
    Ok(brought)
}

impl Brought {
    /// Adds a file to the copy that brings others to its directory, or in a copy of its own.
    fn add(&mut self, file: File) {
        let File { from, source, place, is_directory, name } = file;
        let directory = if is_directory { place } else { parent(&place) };
        let beside = self
            .copies
            .iter_mut()
            .find(|copy| copy.from == from && copy.directory == directory && copy.file.is_none());
        match beside.filter(|_| !is_directory && name.is_none()) {
            Some(copy) if copy.sources.contains(&source) => {}
            Some(copy) => copy.sources.push(source),
            None => self.copies.push(ManifestCopy {
                from,
                sources: vec![source],
                directory,
                file: name,
                is_directory,
                way: Way::Plain,
            }),
        }
    }

    /// Leaves out what a directory brings.
    fn drop_covered(&mut self) {
        let directories: Vec<ManifestCopy> =
            self.copies.iter().filter(|copy| copy.is_directory).cloned().collect();
        for copy in self.copies.iter_mut().filter(|copy| !copy.is_directory) {
            copy.sources.retain(|source| {
                !directories.iter().any(|directory| {
                    directory.from == copy.from
                        && under(&directory.directory, &copy.directory).is_some()
                        && under(&directory.sources[0], source).is_some()
                })
            });
        }
        self.copies.retain(|copy| !copy.sources.is_empty());
    }
}

/// A file or directory that a step needs.
struct File {
    /// The copy that brings it today.
    from: StepAt,
    /// Its path in the context.
    source: String,
    /// Its place in the image.
    place: String,
    is_directory: bool,
    /// Its place where the command names it as a file.
    name: Option<String>,
}

/// What a demand leads to.
enum Found {
    /// This has to be copied.
    File(File),
    /// It is taken not to be in the context.
    Absent { source: String },
    /// Nothing has to be copied.
    Nothing,
}

/// The copies that a step needs are searched for.
struct Search<'s, 'a> {
    graph: &'s Graph<'a>,
    at: StepAt,
    demands: &'s Demands,
    moving: &'s [StepAt],
}

impl Search<'_, '_> {
    fn found(&self, demand: &Demand, brought: &mut Brought) -> Result<Found, Reason> {
        let graph = self.graph;
        if is_made(graph, self.at, &demand.place) {
            return Ok(Found::Nothing);
        }
        let (from, source) = match provider(graph, self.at, &demand.place, self.moving)? {
            Provider::Moves(from, source) => (from, source),
            Provider::Nobody if demand.presence == Presence::Required => {
                return Err(Reason::NotCopied { path: demand.place.clone() });
            }
            Provider::Nobody if may_come(demand) && graph.context.is_complete() => {
                return Ok(self.to_come(demand, brought)?.map_or(Found::Nothing, Found::File));
            }
            Provider::Stays | Provider::Nobody => return Ok(Found::Nothing),
        };
        let exists = graph.context.exists(&source);
        let (source, place) = match exists {
            Answer::Yes => (source, demand.place.clone()),
            // What a copy names, and .dockerignore does not exclude, is made before the build.
            Answer::No
                if demand.presence == Presence::Required
                    || !graph.context.is_ignored(&source).is_yes() =>
            {
                return Err(Reason::NotInContext { path: source });
            }
            Answer::No => return Ok(Found::Nothing),
            Answer::Maybe if names(graph, from, &source) => (source, demand.place.clone()),
            Answer::Maybe => match self.spelled(demand, from, &source, brought)? {
                Some(spelled) => spelled,
                None if is_assumed(demand) => return Ok(Found::Absent { source }),
                None => return Ok(Found::Nothing),
            },
        };
        let above = graph.context.entry(&parent(&source));
        if above.is_some_and(|above| above.kind != EntryKind::Directory) {
            return Err(Reason::BehindLink { path: source, link: parent(&demand.place) });
        }
        if source.contains(['?', '[', '\\', '$']) || (exists.is_yes() && source.contains('*')) {
            return Err(Reason::NotPlain { path: source });
        }
        let is_directory = demand.is_directory
            || graph.context.entry(&source).is_some_and(|entry| entry.kind == EntryKind::Directory);
        // `COPY server.json package.json` gives it another name.
        let is_renamed = base_name(&source) != base_name(&place);
        let name = (demand.named_absolute || is_renamed) && !is_directory;
        let name = name.then(|| demand.place.clone());
        Ok(Found::File(File { from, source, place, is_directory, name }))
    }

    /// A lock file that is not there yet, or settings, by a pattern that may match nothing, so that
    /// what a later commit locks or sets, the install finds as it does today. It comes with the copy
    /// that brings its manifest.
    fn to_come(&self, demand: &Demand, brought: &mut Brought) -> Result<Option<File>, Reason> {
        let context = self.graph.context;
        let to = parent(&demand.place);
        let is_beside = |copy: &&ManifestCopy| {
            copy.directory == to && copy.file.is_none() && !copy.is_directory
        };
        let Some(beside) = brought.copies.iter().find(is_beside) else {
            let mut moving = self.moving.iter().map(|&at| self.graph.copy_at(at));
            let left = moving.find_map(|copy| self.graph.left_out_by_git(copy, &demand.place));
            let left = left.map(|path| Assumption::NotInContext { paths: Quoted::none([path]) });
            brought.assumptions.extend(left);
            return Ok(None);
        };
        let (from, directory) = (beside.from, parent(&beside.sources[0]));
        let source = join(&directory, base_name(&demand.place));
        let mut locks = self.demands.files.iter().filter(|other| {
            other.presence == Presence::Lock
                && is_lock_file(base_name(&other.place))
                && parent(&other.place) == to
        });
        let is_there =
            |lock: &Demand| context.entry(&join(&directory, base_name(&lock.place))).is_some();
        let brings = &self.graph.copy_at(from).sources;
        let run = self.graph.stages[self.at.stage].steps[self.at.step].run();
        // `echo registry=https://a.b > .npmrc && npm ci`
        let is_written = || {
            let mut commands = run.iter().flat_map(|run| &run.commands);
            commands.any(|command| !command.is_conditional && command.makes(&demand.place))
        };
        let is_wanted = match demand.unlisted {
            Unlisted::Beside => !is_written(),
            _ => !locks.any(is_there),
        };
        let may_come = is_wanted
            && !context.is_ignored(&source).is_yes()
            && brings.iter().any(|(_, covered)| covered.covers(&source).is_yes());
        if !may_come {
            return Ok(None);
        }
        let spelled = self.spelled(demand, from, &source, brought)?;
        let is_free = |(pattern, _): &(String, String)| {
            let mut entries = context.entries_below(&directory);
            let fits = |name: &str| name_matches(base_name(pattern), name);
            pattern.ends_with('*')
                && !entries
                    .any(|entry| parent(&entry.path) == directory && fits(base_name(&entry.path)))
        };
        let spelled = spelled.filter(is_free);
        if spelled.is_none() && self.graph.is_ignored_by_git(&source) {
            let paths = Quoted::none([source.clone()]);
            brought.assumptions.push(Assumption::NotInContext { paths });
        }
        Ok(spelled.map(|(source, place)| File {
            from,
            source,
            place,
            is_directory: false,
            name: None,
        }))
    }

    /// The source and the place of what may be in the context, as the tables say to name it; `None`
    /// to leave it out.
    fn spelled(
        &self,
        demand: &Demand,
        from: StepAt,
        source: &str,
        brought: &mut Brought,
    ) -> Result<Option<(String, String)>, Reason> {
        let graph = self.graph;
        let beside_others = || {
            let directory = parent(&demand.place);
            brought.copies.iter().any(|copy| copy.from == from && copy.directory == directory)
        };
        Ok(match spelling(graph, self.at, demand, self.demands, self.moving)? {
            Some(name) if demand.unlisted != Unlisted::Beside || beside_others() => {
                let source = beside(source, &name);
                // What looks for its manifest above as well may find it there.
                let looked_for = matches!(demand.unlisted, Unlisted::As(_));
                let certain =
                    demand.presence == Presence::Required && !(looked_for && source.contains('/'));
                if !certain && !source.contains('*') {
                    brought.assumptions.push(Assumption::InContext { path: source.clone() });
                }
                Some((source, beside(&demand.place, &name)))
            }
            // Another step that names it may well have it.
            _ if is_assumed(demand) && is_named(graph, self.at, demand) => {
                Some((format!("{source}*"), format!("{}*", demand.place)))
            }
            _ => None,
        })
    }
}

/// Whether a pattern of a copy that sinks may bring another file to the place of a manifest: of a
/// directory that it fits, it brings what is in it (`COPY * ./` brings `web/package.json` as
/// `./package.json`).
/// <https://docs.docker.com/reference/dockerfile/#copying-from-the-build-context>
fn flattened(
    graph: &Graph<'_>,
    demand: &Demand,
    moving: &[StepAt],
    assumptions: &mut Vec<Assumption>,
) -> Result<(), Reason> {
    for copy in moving.iter().map(|&at| graph.copy_at(at)) {
        let Some(destination) = copy
            .destination
            .as_ref()
            .filter(|to| copy.origin == Origin::Context && parent(&demand.place) == to.path())
        else {
            continue;
        };
        let patterns = copy.sources.iter().filter(|(text, source)| {
            source.is_wildcard() && !source.keeps_parents() && !is_file_pattern(base_name(text))
        });
        for (text, source) in patterns {
            if graph.context.is_known() {
                let found = graph.context.origins(source, &demand.place, destination);
                let other = found.paths.iter().find(|path| parent(path) != source.base());
                if let Some(other) = other {
                    let (path, other) = (demand.place.clone(), other.clone());
                    return Err(Reason::Flattened { path, other });
                }
            } else if demand.presence == Presence::Required && !base_name(text).contains('.') {
                let name = base_name(&demand.place).to_owned();
                assumptions.push(Assumption::NoneInDirectories { pattern: text.clone(), name });
            }
        }
    }
    Ok(())
}

/// Whether a copy names `path` of the context: without it, the build would fail.
fn names(graph: &Graph<'_>, copy: StepAt, path: &str) -> bool {
    graph.copy_at(copy).sources.iter().any(|(_, source)| source.literal() == Some(path))
}

/// Whether a later commit may add a file that is not there.
fn may_come(demand: &Demand) -> bool {
    demand.presence == Presence::Lock || demand.unlisted == Unlisted::Beside
}

/// Whether a file is left out where it is not known, and so assumed to be absent.
fn is_assumed(demand: &Demand) -> bool {
    matches!(demand.unlisted, Unlisted::Assumed | Unlisted::Beside)
}

/// Whether another step names a file, and a pattern that matches nothing would do no harm.
fn is_named(graph: &Graph<'_>, at: StepAt, demand: &Demand) -> bool {
    graph.options.builder == Builder::Buildkit
        && !demand.is_directory
        && graph.names_below(at, &parent(&demand.place), base_name(&demand.place))
}

/// How a demand is named when the files of the context are not known; `None` to leave it out.
fn spelling(
    graph: &Graph<'_>,
    at: StepAt,
    demand: &Demand,
    demands: &Demands,
    moving: &[StepAt],
) -> Result<Option<String>, Reason> {
    let name = base_name(&demand.place).to_owned();
    let spelled = match demand.unlisted {
        Unlisted::As(spelled) => base_name(spelled).to_owned(),
        Unlisted::Assumed | Unlisted::Said => return Ok(None),
        // The other builders refuse a pattern that matches nothing.
        Unlisted::Beside if graph.options.builder != Builder::Buildkit => return Ok(None),
        Unlisted::Beside => format!("{name}*"),
        Unlisted::Covered if demand.presence == Presence::Required => name.clone(),
        Unlisted::Covered => {
            // Its cover may already be there without it, or be written without a pattern.
            let cover = demands.files.iter().find(|other| {
                let covers = match other.unlisted {
                    Unlisted::As(pattern) => {
                        pattern.contains('*') && name_matches(base_name(pattern), &name)
                    }
                    Unlisted::Beside => name.starts_with(base_name(&other.place)),
                    _ => false,
                };
                covers && parent(&other.place) == parent(&demand.place)
            });
            let covered = match cover.map(|cover| provider(graph, at, &cover.place, moving)) {
                Some(found) => match found? {
                    Provider::Moves(from, source) => {
                        !graph.context.exists(&source).is_yes() && !names(graph, from, &source)
                    }
                    _ => false,
                },
                None => false,
            };
            if covered {
                return Ok(None);
            }
            format!("{name}*")
        }
    };
    // The other builders refuse a pattern that matches nothing.
    let literal = graph.options.builder != Builder::Buildkit
        && spelled.strip_suffix('*').is_some_and(|stem| stem == name);
    Ok(Some(if literal { name } else { spelled }))
}

/// `name` in the directory of `path`.
fn beside(path: &str, name: &str) -> String {
    join(&parent(path), name)
}

fn base_name(path: &str) -> &str {
    context::base_name(path.trim_end_matches('/'))
}
