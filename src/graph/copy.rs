//! What a COPY or ADD brings, and where it lands.
//!
//! With a file list the places are exact; without one a copied directory may hold any name.

mod landing;

use super::content::{self, Content};
use super::path_set::{PathSet, under};
use crate::build::DispatchState;
use crate::context::{
    Context, Destination, EntryKind, Source, SourceFlags, base_name, below, join, within,
};
use crate::ecosystem::{is_manifest_directory, is_manifest_file, is_scattered, own_settings};
use crate::limits;
use crate::sort::sort_by;
use crate::syntax::{Arguments, Instruction, Keyword};
use crate::text::Cut;

/// A COPY or ADD of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepAt {
    /// The stage.
    pub stage: usize,
    /// The step within it.
    pub step: usize,
}

/// A COPY or ADD.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Where the files come from.
    pub origin: Origin,
    /// The sources that are paths: as written with variables expanded, and as read.
    pub sources: Vec<(String, Source)>,
    /// Sources that are not: addresses, repositories, here-documents.
    pub other_sources: bool,
    /// Where they go; `None` where a variable in it is not known.
    pub destination: Option<Destination>,
    /// The destination as written.
    pub written_destination: String,
    /// Whether the destination ends with a slash, its variables expanded.
    pub ends_with_slash: bool,
    /// Whether the destination depends on the working directory.
    pub is_relative: bool,
    /// The paths it lands at. Without a file list, the directories it fills.
    pub landing: PathSet,
    /// Whether `landing` names every path.
    pub landing_is_exact: bool,
    /// Whether all that the context has of its sources are files.
    brings_files_alone: bool,
    /// Directories that a pattern fits, whose content lands without their name: `COPY * ./` brings
    /// `conf/.npmrc` as `.npmrc`.
    pub(in crate::graph) flattened: Vec<String>,
    /// What kind of files it brings.
    pub content: Content,
    /// Names of the variables its sources, destination and flags use.
    pub variables: Vec<String>,
    /// Whether a source could not be resolved.
    pub unresolved: bool,
    /// Whether the list of files lacks a source, which is made before the build.
    pub is_unlisted: bool,
    /// Whether an archive may be unpacked.
    pub unpacks: bool,
    /// Owner and mode as flags give them.
    pub owner: [Option<String>; 2],
    /// Whether it has `--link`: a file of it takes the place of a directory, where another copy fails.
    pub is_linked: bool,
}

/// Where a copy takes its files from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The build context.
    Context,
    /// An earlier stage of the file.
    Stage(usize),
    /// Another image or a named context.
    Image,
    /// The Dockerfile itself, or an address.
    Elsewhere,
}

/// Reads a COPY or ADD that runs in `state`; `stage` finds the stage that `--from` names.
pub fn read(
    instruction: &Instruction<'_>,
    state: &DispatchState,
    context: &Context,
    stage: impl Fn(&str) -> Option<usize>,
) -> Option<Copy> {
    let Arguments::Copy { sources, destination, .. } = &instruction.arguments else { return None };
    let is_add = instruction.keyword == Some(Keyword::Add);
    let excludes = instruction.flags.iter().filter(|flag| flag.name == "exclude");
    let excludes =
        excludes.filter_map(|flag| Some(flag.value.as_ref()?.text.to_string())).collect();
    let flags = SourceFlags {
        parents: instruction.flag("parents").is_some(),
        excludes,
        unpack: is_add && instruction.flag_value("unpack") != Some("false"),
    };
    let mut copy = Copy {
        origin: Origin::Context,
        sources: Vec::new(),
        other_sources: false,
        destination: None,
        written_destination: destination.text.to_string(),
        ends_with_slash: false,
        is_relative: false,
        landing: PathSet::none(),
        landing_is_exact: true,
        brings_files_alone: true,
        flattened: Vec::new(),
        content: Content::Nothing,
        variables: Vec::new(),
        unresolved: false,
        is_unlisted: false,
        unpacks: false,
        owner: ["chown", "chmod"].map(|flag| instruction.flag_value(flag).map(str::to_owned)),
        is_linked: is_linked(instruction),
    };
    let words = sources.iter().chain([destination]).map(|word| word.text.as_ref());
    let values = instruction.flags.iter().filter_map(|f| f.value.as_ref()).map(|v| v.text.as_ref());
    for text in words.chain(values) {
        copy.variables.extend(variables(text));
    }
    if let Some(from) = instruction.flag_value("from") {
        copy.origin = match stage(from) {
            Some(index) => Origin::Stage(index),
            None => Origin::Image,
        };
    }
    let mut unresolved = Vec::new();
    for word in sources {
        let expanded = state.expand(&word.text);
        let is_heredoc = instruction.heredocs.iter().any(|heredoc| heredoc.opener == word.span);
        if is_heredoc || (is_add && is_remote(&expanded.text)) {
            copy.other_sources = true;
        } else if !expanded.resolved {
            copy.unresolved = true;
            let named = content::of_name(&expanded.text);
            // A name that a variable decides says little.
            let told = named == Content::Artifacts || looks_like_file(&expanded.text);
            unresolved.push(if told { named } else { Content::Helpers });
        } else {
            copy.unpacks |= flags.unpack && content::is_archive(&expanded.text);
            let expanded = state.path(&expanded);
            let source = Source::new(&expanded.text, &flags);
            copy.sources.push((expanded.text, source));
        }
    }
    if copy.sources.is_empty() && !copy.unresolved {
        copy.origin = Origin::Elsewhere;
    }
    copy.set_destination(&destination.text, state);
    copy.land(context);
    if copy.origin == Origin::Context {
        let kinds = copy.sources.iter().map(|(text, source)| kind(text, source, context));
        copy.content = kinds.max().unwrap_or(Content::Nothing);
        if copy.is_set_up(context) {
            copy.content = copy.content.min(Content::Helpers);
        }
        if copy.unresolved && content::of_name(&copy.written_destination) == Content::Artifacts {
            copy.content = Content::Artifacts;
        }
        copy.content = unresolved.into_iter().fold(copy.content, Content::max);
        copy.content = copy.measured(context);
    }
    Some(copy)
}

/// Whether the files go into a layer of their own (`--link`), above whatever lies below.
fn is_linked(instruction: &Instruction<'_>) -> bool {
    instruction.flag("link").is_some() && instruction.flag_value("link") != Some("false")
}

impl Copy {
    /// Reads where it goes, as `word` says it, in `state`.
    fn set_destination(&mut self, word: &str, state: &DispatchState) {
        let expanded = state.path(&state.expand(word));
        self.ends_with_slash = expanded.text.ends_with('/');
        self.is_relative = expanded.resolved && !expanded.text.starts_with('/');
        let directory = state.directory();
        if expanded.resolved && (!self.is_relative || directory.is_some()) {
            let cwd = directory.as_deref().filter(|cwd| cwd.starts_with('/'));
            let text = match (&directory, cwd) {
                (Some(base), None) if self.is_relative => join(base, &expanded.text),
                _ => expanded.text.clone(),
            };
            let mut destination = Destination::resolve(&text, cwd);
            // What holds more than a file is a directory, and so is where WORKDIR has been. A layer of its own
            // (`--link`) knows nothing of that.
            let is_entered = cwd.is_some_and(|cwd| under(destination.path(), cwd).is_some());
            if is_entered && !self.is_linked
                || self.sources.len() > 1
                || self.sources.iter().any(|(_, s)| s.is_everything())
            {
                destination = destination.known_directory(true);
            }
            self.destination = Some(destination);
        }
    }

    /// The path of the context that lands at `place`, where that is certain or as good as.
    /// Where the files of the context are not known, a source without an ending is taken for
    /// a directory.
    pub fn source_of(&self, place: &str, context: &Context) -> Option<String> {
        let destination = self.destination.as_ref()?;
        // What is named is there; what a directory may hold is a guess.
        if self.sources.len() > 1 && !context.is_complete() {
            let named = self.sources.iter().filter_map(|(_, source)| source.literal());
            let mut named = named.filter(|path| looks_like_file(path));
            let name = under(destination.path(), place);
            if let Some(path) = named.find(|path| name == Some(base_name(path))) {
                return Some(path.to_owned());
            }
        }
        for (_, source) in self.sources.iter().rev() {
            if place == destination.path()
                && let Some(literal) = source.literal().filter(|literal| !literal.is_empty())
                && match context.is_known() {
                    true => context.entry(literal).is_some_and(|e| e.kind == EntryKind::Directory),
                    false => is_manifest_directory(literal),
                }
            {
                return Some(literal.to_owned());
            }
            let mut origins = source.origins(place, destination);
            if origins.open {
                let name = under(destination.path(), place).unwrap_or("");
                let candidate = join(source.base(), name);
                let lands = source
                    .landing(&candidate, destination)
                    .is_some_and(|landing| !landing.is_at(place).is_no());
                if !name.is_empty() && lands {
                    origins.paths.push(candidate);
                }
                // The last of two on one place stays.
                if source.is_wildcard() && !name.is_empty() {
                    let below = self.flattened.iter().map(|directory| join(directory, name));
                    origins.paths.extend(below);
                    sort_by(&mut origins.paths, |one, other| other.cmp(one));
                }
            }
            let known = |path: &&String| context.is_known() && context.exists(path).is_yes();
            if let Some(path) = origins.paths.iter().find(known) {
                return Some(path.clone());
            }
            if context.is_complete() && !self.is_unlisted {
                continue;
            }
            let likely = |path: &&String| match source.literal() {
                Some(literal) if **path == literal => looks_like_file(path),
                Some(literal) => !looks_like_file(literal),
                None => true,
            };
            if let Some(path) = origins.paths.iter().find(likely) {
                return Some(path.clone());
            }
        }
        None
    }

    /// Whether it lands among the settings of the system, or is a script beside its programs.
    fn is_set_up(&self, context: &Context) -> bool {
        let place = self.destination.as_ref().map_or("", Destination::path);
        let directory = |name: &str| place.split('/').any(|part| part == name);
        let plain = |(text, _): &(String, Source)| !base_name(text).contains(['.', '*']);
        // The whole project, or source that is known to be some, in a directory of its own.
        let whole = self.sources.iter().any(|(_, source)| source.is_everything())
            || (context.is_known() && self.content == Content::Source);
        let own = whole && own_settings(place).is_some();
        directory("etc") && !own
            || (self.content == Content::Source
                && ["/bin", "/sbin", "/usr"].iter().any(|root| under(root, place).is_some())
                && (directory("bin") || directory("sbin"))
                && self.sources.iter().all(plain))
    }
}

fn kind(text: &str, source: &Source, context: &Context) -> Content {
    let named = match source.literal() {
        _ if source.is_everything() => Content::Source,
        None if source.is_unknown() => Content::Helpers,
        Some(path) => match context.entry(path) {
            Some(entry) if entry.kind == EntryKind::Directory => content::of_directory(path),
            _ => content::of_name(path),
        },
        // Whatever else has such a name, it is there for an install.
        None if source.keeps_parents() && is_scattered(base_name(text)) => Content::Manifests,
        None => content::of_name(text),
    };
    if !context.is_known() {
        return named;
    }
    let selection = context.select(source);
    // More than this makes no difference below.
    let enough = if source.is_everything() { Content::Helpers } else { Content::Source };
    let mut most = None;
    for entry in selection.files().take(limits::ENTRIES_OF_A_LANDING) {
        most = most.max(Some(content::of_file(&entry.path)));
        if most >= Some(enough) {
            break;
        }
    }
    match most {
        // A pattern may match nothing.
        None if selection.complete && source.is_wildcard() && named != Content::Artifacts => {
            Content::Nothing
        }
        // What the project has not is built before, or the list is not that of the build.
        None if selection.complete && !source.is_everything() => named.min(Content::Artifacts),
        None => named,
        // A directory of settings may hold a source file or two.
        Some(kind) if matches!(named, Content::Manifests | Content::Helpers) => kind.min(named),
        // More of it may be left out of the list.
        Some(kind) if !context.is_complete() && source.literal().is_some() => kind.max(named),
        Some(Content::Manifests) => Content::Manifests,
        // It brings whatever is there: today's files are not tomorrow's.
        Some(_) if source.is_everything() => Content::Source,
        Some(kind) => kind,
    }
}

/// Names of the variables a word uses.
pub(super) fn variables(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        rest.cut(..end).to_owned()
    })
}

fn is_remote(text: &str) -> bool {
    text.contains("://") || text.starts_with("git@")
}

/// Whether a name is a file's rather than a directory's: it has an ending, or is known to.
pub fn looks_like_file(path: &str) -> bool {
    let name = base_name(path);
    if name.is_empty() {
        return false;
    }
    (name.trim_start_matches('.').contains('.') && !content::is_named_for_a_project(name))
        || content::FILES.contains(&name)
        || (crate::ecosystem::is_manifest(name) && !is_manifest_directory(name))
}

/// Whether what fits `name` are files: it ends as files do (`*.go`), or is a manifest's.
pub fn is_file_pattern(name: &str) -> bool {
    match name.rsplit_once('*') {
        _ if name.contains(['?', '[', '\\']) => false,
        None => looks_like_file(name),
        Some((stem, "")) => is_manifest_file(stem),
        Some((_, ending)) => ending.contains('.'),
    }
}

/// `path` of the context relative to what `source` names, for writing it beside the original.
pub fn relative_to(source: &str, path: &str) -> Option<String> {
    below(&within(source), path).map(str::to_owned)
}
