//! Copies of programs into the directories where the system looks for them: packages of the
//! system neither overwrite nor run one that nobody else knows. What other installs build may.

use crate::context::{base_name, join};
use crate::ecosystem::{
    ActionKind, SYSTEM, Use, is_known_program, is_program_at_root, is_program_directory,
    is_run_by_packages,
};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, Origin, Reads};

/// Directories that hold programs alone, by habit.
const HOLDS_PROGRAMS: &[&str] = &["bin", "debug", "release", "sbin"];

/// Where the programs land that are all `copy` brings, where none has the name of one that
/// `command`, which installs packages of the system, may name or run.
pub fn programs(graph: &Graph<'_>, copy: &Copy, command: &CommandEffects) -> Option<Vec<String>> {
    command.used.as_ref().filter(|used| works_on_packages(used))?;
    let mut places: Vec<String> = Vec::new();
    for path in &copy.landing.paths {
        let (directory, _) = path.rsplit_once('/')?;
        if is_program_directory(directory) {
            places.push(path.to_string());
            continue;
        }
        if copy.unresolved || !is_program_directory(path) {
            return None;
        }
        for (text, source) in &copy.sources {
            if copy.origin == Origin::Image && is_program_at_root(text) {
                places.push(join(path, base_name(text)));
                continue;
            }
            let (directory, name) = source.literal()?.rsplit_once('/')?;
            if !HOLDS_PROGRAMS.contains(&base_name(directory)) {
                return None;
            }
            places.push(join(path, name));
        }
    }
    let text = command.span.of(graph.dockerfile.source);
    let unknown = |place: &String| {
        let name = base_name(place);
        !text.contains(name)
            && (!is_known_program(name) || is_at_root(copy, name))
            && (name.contains('.') || !name.ends_with("sh"))
            && !is_run_by_packages(name)
    };
    let plain = !copy.unpacks && !copy.other_sources;
    (plain && places.iter().all(unknown)).then_some(places)
}

/// Whether a command installs packages of the system, or removes some: `apt-get autoremove`.
pub fn works_on_packages(used: &Use) -> bool {
    matches!(used.kind, ActionKind::Named | ActionKind::Upkeep) && used.tool.writes == SYSTEM
}

/// Whether a copy takes a program of this name from the root of an image that is made for that.
fn is_at_root(copy: &Copy, name: &str) -> bool {
    let mut sources = copy.sources.iter().map(|(text, _)| text);
    copy.origin == Origin::Image
        && sources.any(|text| is_program_at_root(text) && base_name(text) == name)
}

/// Whether what is written at `path` is none of the programs at `places`.
pub fn are_apart(places: &[String], path: &str) -> bool {
    places.iter().all(|place| under(place, path).is_none())
}

/// A program or library that the command may take from what `copy` brings from another stage:
/// `pip` of `/opt/venv/bin`, where that is on PATH. Packages of the system are installed by
/// programs of the system.
pub fn tool_of_stage(copy: &Copy, command: &CommandEffects) -> Option<String> {
    let is_system = command.used.as_ref().is_some_and(|used| used.tool.writes == SYSTEM);
    if copy.origin == Origin::Context || is_system {
        return None;
    }
    let mut landing = copy.landing.paths.iter();
    let tools = || command.named.iter().filter(|named| named.reads == Reads::Tool);
    let below = |path: &str| match copy.landing_is_exact {
        true => tools().find(|named| named.path == path),
        false => tools().find(|named| under(path, &named.path).is_some()),
    };
    landing.find_map(|path| below(path)).map(|named| named.path.clone())
}
