//! A copy and a command: the command may neither read nor write what the copy brings, nor take
//! programs or settings from where it lands.

use super::asked::asked;
use super::programs::{are_apart, programs, tool_of_stage, works_on_packages};
use super::reads::read;
use super::unlisted::named;
use super::writes::{absent, lands_apart, made_by_members, told, written};
use super::{Passed, home, shown_command};
use crate::context::{Answer, EntryKind, Glob, base_name, join, parent};
use crate::ecosystem::{
    ActionKind, PAGES, SITES, SYSTEM, Use, is_own_local, is_setting_at_home, is_standard_directory,
    listed, locks_anew, own_settings, settings_of_home,
};
use crate::graph::effect::is_root;
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, Named, Overlap, Reads, Stage};
use crate::limits;
use crate::sentences::{Assumption, Quoted, Reason};
use std::iter::successors;

/// Whether `copy` may go below `command`, which stands behind it today. `provided` are places
/// that `command` gets from another copy of the same files.
pub fn passes(
    graph: &Graph<'_>,
    copy: &Copy,
    passed: Passed<'_, '_>,
    command: &CommandEffects,
    provided: &[String],
) -> Result<Vec<Assumption>, Reason> {
    let stage = &graph.stages[passed.at.stage];
    let known = |copy: &Copy, place: &str| {
        let source = copy.source_of(place, graph.context);
        source.filter(|source| graph.context.exists(source).is_yes())
    };
    let mut assumptions = Vec::new();
    let shown = || shown_command(graph, command);
    if copy.landing.everything {
        let destination = copy.written_destination.clone();
        return Err(Reason::LandingUnknown { destination });
    }
    owner_stays(graph, copy, command, passed.step.user.as_deref())?;
    if command.fetched {
        assumptions.push(Assumption::ReadsNothing { command: shown() });
    }
    if command.sources {
        assumptions.push(Assumption::OnlySetsVariables { command: shown() });
    }
    if let Some(path) = tool_of_stage(copy, command) {
        return Err(Reason::Reads { command: shown(), path });
    }
    for path in &command.reads.paths {
        if provided.iter().any(|place| place == path) {
            continue;
        }
        assumptions.extend(read(graph, copy, (passed, command), path)?);
    }
    assumptions.extend(asked(graph, copy, (passed, command)));
    assumptions.extend(settings(graph, copy, command, provided)?);
    let site = site(graph, copy, command);
    if let Some(root) = site.map(str::to_owned) {
        assumptions.push(Assumption::PackagesSpareSite { root });
    }
    let programs = programs(graph, copy, command).unwrap_or_default();
    if !programs.is_empty() {
        let programs = Quoted::any(programs.iter().map(|place| base_name(place)));
        assumptions.push(Assumption::PackagesSparePrograms { programs });
    }
    for path in &command.writes.paths {
        if site.is_some_and(|root| under(path, root).is_some())
            || (!programs.is_empty() && are_apart(&programs, path))
            || (**path == *LOCAL && keeps_to_hierarchy(copy, command))
        {
            continue;
        }
        if provided.iter().any(|place| place == path) {
            // The manifest or lock file itself, rewritten by the install. Over one that is not there
            // yet the copy brings none.
            let is_absent = absent(graph, copy, path);
            let brought = match is_absent {
                // `poetry config --local` and the `poetry.toml` of a checkout that git leaves out
                true => match graph.left_out_by_git(copy, path) {
                    Some(path) => Some(path),
                    None => continue,
                },
                false => known(copy, path),
            };
            let upkeep = command.used.as_ref().is_some_and(|u| u.kind == ActionKind::Upkeep);
            let anew = locks_anew(command.span.of(graph.dockerfile.source)) || upkeep && is_absent;
            // `COPY uv.docker.lock uv.lock` brings what the install may not leave so.
            let is_other = |source: &String| base_name(source) != base_name(path);
            if brought.as_ref().is_some_and(is_other) {
                return Err(Reason::Writes { command: shown(), path: path.to_string() });
            }
            if let Some(path) = brought.filter(|_| anew) {
                return Err(Reason::WouldOverwrite { path, command: shown() });
            }
            let name = base_name(path).to_owned();
            assumptions.push(Assumption::LeavesFile { command: shown(), name });
            continue;
        }
        assumptions.extend(written(graph, stage, copy, command, path)?);
    }
    assumptions.extend(told(graph, (stage, passed.at), copy, command)?);
    assumptions.extend(made_by_members(graph, stage, copy, command, provided)?);
    let rewrites = |place: &&String| {
        command.used.as_ref().is_some_and(|used| used.rewrites(place))
            && known(copy, place).is_some()
    };
    if let Some(place) = provided.iter().find(rewrites) {
        let name = base_name(place).to_owned();
        assumptions.push(Assumption::LeavesFile { command: shown(), name });
    }
    assumptions.extend(filled(graph, copy, command));
    if command.uses_system && site.is_none() && programs.is_empty() {
        let home = home(passed.step.user.as_deref());
        assumptions.extend(system(graph, (stage, copy), command, (home.as_deref(), provided))?);
        if let Some(path) = settings_at_home(graph, copy, command, provided) {
            return Err(Reason::AmongSettings { path, command: shown() });
        }
    }
    Ok(assumptions)
}

/// What has to hold of the directories that the command fills with names that are not known, where
/// the copy brings something there.
fn filled<'c>(
    graph: &Graph<'_>,
    copy: &'c Copy,
    command: &'c CommandEffects,
) -> impl Iterator<Item = Assumption> {
    let shown = shown_command(graph, command);
    let is_told = command.used.as_ref().is_none_or(|used| {
        matches!(used.kind, ActionKind::Named | ActionKind::Upkeep) && used.tool.writes != SYSTEM
    });
    command.fills.paths.iter().filter_map(move |directory| {
        if copy.landing.overlap_path(directory) == Overlap::Apart {
            // `unzip a.zip -d build`, where a used checkout has one.
            let left = named(graph, copy, directory).filter(|_| is_told);
            return left.map(|path| Assumption::NotInContext { paths: Quoted::none([path]) });
        }
        let (command, directory) = (shown.clone(), directory.to_string());
        Some(match directory.is_empty() {
            true => Assumption::FillsOtherNamesHere { command },
            false => Assumption::FillsOtherNames { command, directory },
        })
    })
}

/// Refuses where the command may change the number of the account that gets the files, or sets the
/// owner or mode of a directory that a layer of its own (`--link`) brings with them, or writes
/// there as another user than root: behind the layer the directory is root's, and it fails.
fn owner_stays(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    user: Option<&str>,
) -> Result<(), Reason> {
    let is_above = |path: &str| {
        let to = copy.destination.as_ref().and_then(|to| under(path, to.path()));
        to.is_some() && path != "/"
    };
    let sets = command.sets.iter().flat_map(|sets| &sets.paths).cloned();
    let account = |name: &str| name.split(':').next().map(str::to_owned);
    let owner = copy.owner[0].as_deref().and_then(account);
    let is_other = user.is_some() && !is_root(user) && owner != user.and_then(account);
    let written = [&command.writes, &command.fills].into_iter().filter(|_| is_other);
    let written = written.flat_map(|set| &set.paths);
    // `/go` with all that lies in it, where `/go/pkg/mod` is not there yet.
    let written = written.flat_map(|path| {
        let above = |path: &String| Some(parent(path)).filter(|up| !is_standard_directory(up));
        successors(Some(path.to_string()), above).take(limits::LEVELS_ABOVE)
    });
    let mut touched = sets.chain(written).filter(|_| copy.is_linked);
    if let Some(path) = touched.find(|path| is_above(path)) {
        return Err(Reason::Writes { command: shown_command(graph, command), path });
    }
    match copy.owner[0].as_ref().filter(|owner| names_one(owner)) {
        Some(owner) if changes_accounts(command) => Err(Reason::ChangesAccounts {
            command: shown_command(graph, command),
            owner: owner.clone(),
        }),
        _ => Ok(()),
    }
}

/// Whether an owner is given by a name, whose number a file of the image says.
fn names_one(owner: &str) -> bool {
    let is_fixed = |part: &str| part == "root" || part.bytes().all(|b| b.is_ascii_digit());
    !owner.split(':').all(is_fixed)
}

/// Whether a command writes the users and groups of the image by itself: `usermod`, `sed` on
/// /etc/passwd.
fn changes_accounts(command: &CommandEffects) -> bool {
    const FILES: [&str; 3] = ["/etc", "/etc/group", "/etc/passwd"];
    let used = command.used.as_ref();
    let is_cheap = |used: &Use| used.kind == ActionKind::Upkeep && used.tool.writes != SYSTEM;
    used.is_some_and(is_cheap) && command.writes.paths.iter().any(|path| FILES.contains(&&**path))
}

/// Where installers put what belongs to no package of the system.
const LOCAL: &str = "/usr/local";

/// Whether `command` is an installer, which below /usr/local writes to the directories of the
/// hierarchy alone, and all of `copy` lands beside these.
fn keeps_to_hierarchy(copy: &Copy, command: &CommandEffects) -> bool {
    let of_tool = |used: &Use| used.tool.writes.contains(&LOCAL);
    command.used.as_ref().is_some_and(of_tool)
        && copy.landing.paths.iter().all(|path| is_own_local(path))
}

/// The root of a web server's pages, or an application's directory of settings, that all of `copy`
/// lands below, where `command` installs system packages, but not that server or application.
fn site<'c>(graph: &Graph<'_>, copy: &'c Copy, command: &CommandEffects) -> Option<&'c str> {
    let used = command.used.as_ref().filter(|used| works_on_packages(used))?;
    let text = command.span.of(graph.dockerfile.source);
    let below = |root: &str| copy.landing.paths.iter().all(|path| under(root, path).is_some());
    let sites = SITES.iter().filter(|(root, _)| below(root));
    let site = sites.filter(|(_, server)| !text.contains(server)).map(|(root, _)| *root).next();
    let own = || {
        let first = copy.landing.paths.first().filter(|_| used.kind == ActionKind::Named)?;
        let root = own_settings(first)?;
        (below(root) && !text.contains(base_name(root))).then_some(root)
    };
    site.or_else(own)
}

/// Programs, libraries and settings that the command may read or write.
fn system(
    graph: &Graph<'_>,
    (stage, copy): (&Stage<'_>, &Copy),
    command: &CommandEffects,
    (home, provided): (Option<&str>, &[String]),
) -> Result<Vec<Assumption>, Reason> {
    let mut assumptions = Vec::new();
    let exact = copy.landing_is_exact;
    let found = |path: &str| (path.to_owned(), shown_command(graph, command));
    let pages = serves_pages(graph, command).then_some(&PAGES.0);
    // An install of the project below /etc/shop: no tool has settings there.
    let of_project = |used: &Use| used.kind == ActionKind::Install && used.tool.writes != SYSTEM;
    let of_project = command.used.as_ref().is_some_and(of_project);
    let is_own = |path: &str| of_project && own_settings(path).is_some() || is_own_local(path);
    for path in &copy.landing.paths {
        if !path.starts_with('/') {
            assumptions.push(lands_apart(graph, stage));
            continue;
        }
        if is_own(path) {
            continue;
        }
        for root in SYSTEM.iter().chain(pages) {
            if under(root, path).is_some() || (!exact && under(path, root).is_some()) {
                let (path, command) = found(path);
                return Err(Reason::OnSystem { path, command });
            }
        }
        let Some(home) = home else { continue };
        let provides = || provided.iter().any(|place| **place == **path);
        let settings =
            is_setting_of(home, path) && !provides() || (!exact && under(path, home).is_some());
        if settings && obeys_home(graph, copy, command, home) {
            let (path, command) = found(path);
            return Err(Reason::AmongSettings { path, command });
        }
    }
    Ok(assumptions)
}

/// Whether the command installs a web server as a package of the system, by its name or with PHP:
/// `apt-get install php` brings Apache, `php-gd` does not.
fn serves_pages(graph: &Graph<'_>, command: &CommandEffects) -> bool {
    let text = command.span.of(graph.dockerfile.source);
    let is_php = |word: &str| {
        let version = word.strip_prefix("php");
        version.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    command.used.as_ref().is_some_and(|used| used.tool.writes == SYSTEM)
        && (listed(PAGES.1, |server| text.contains(server)) || text.split_whitespace().any(is_php))
}

/// What `copy` brings that may be settings in the HOME that a variable names, and is none of
/// `provided`.
fn settings_at_home(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    provided: &[String],
) -> Option<String> {
    let home = command.home.as_deref().filter(|home| obeys_home(graph, copy, command, home))?;
    let paths = || copy.landing.paths.iter().map(|path| &**path);
    let covers = paths().find(|path| !copy.landing_is_exact && under(path, home).is_some());
    let provides = |path: &&str| provided.iter().any(|place| place == path);
    let found = covers
        .or_else(|| paths().filter(|path| is_setting_of(home, path)).find(|path| !provides(path)));
    found.map(str::to_owned)
}

/// Whether the command may find settings of its own in what `copy` brings to `home`.
fn obeys_home(graph: &Graph<'_>, copy: &Copy, command: &CommandEffects, home: &str) -> bool {
    let tool = command.used.as_ref().map_or("", |used| used.tool.name);
    settings_of_home(tool).is_none_or(|names| {
        names
            .iter()
            .map(|name| join(home, name))
            .any(|path| !copy.may_bring(&path).is_no() && !absent(graph, copy, &path))
    })
}

/// Whether a path below a home directory is one of settings, or lies in a directory of them.
fn is_setting_of(home: &str, path: &str) -> bool {
    let name = under(home, path).and_then(|below| below.split('/').next());
    name.is_some_and(is_setting_at_home)
}

/// Whether the command does the same without the settings that `copy` brings: files of its tool,
/// and those that variables name.
fn settings(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    provided: &[String],
) -> Result<Option<Assumption>, Reason> {
    if let Some(path) = named_file(graph, copy, command, provided) {
        return Err(Reason::Reads { command: shown_command(graph, command), path });
    }
    let may_set = |path: &str| copy.landing.holds(path) != Answer::No && !absent(graph, copy, path);
    let settings: Vec<&String> = command.settings.iter().filter(|path| may_set(path)).collect();
    let known = |path: &&&String| {
        let source = copy.source_of(path, graph.context);
        source.is_some_and(|source| graph.context.exists(&source).is_yes())
    };
    if let Some(path) = settings.iter().filter(known).find(|path| !provided.contains(path)) {
        return Err(Reason::Reads {
            command: shown_command(graph, command),
            path: path.to_string(),
        });
    }
    let settings = settings.into_iter().filter(|path| !known(&path));
    let is_likely = |reads| matches!(reads, Reads::LikelyFile | Reads::LikelyAnything);
    let named = command.named.iter().filter(|named| is_likely(named.reads));
    // A directory, but not that of all that is copied.
    let is_below =
        |path: &str| copy.destination.as_ref().is_some_and(|to| under(path, to.path()).is_none());
    let named = named.filter(|named| {
        has_ending(base_name(&named.path))
            || named.reads == Reads::LikelyAnything && is_below(&named.path)
    });
    let named = named.map(|named| &named.path).filter(|path| may_set(path));
    let settings: Vec<&str> = match graph.context.is_complete() {
        true => settings.map(|path| base_name(path)).collect(),
        false => settings.chain(named).map(|path| base_name(path)).collect(),
    };
    let command = shown_command(graph, command);
    let names = Quoted::any(settings.iter().copied());
    Ok((!settings.is_empty()).then_some(Assumption::NoSettings { command, names }))
}

/// Whether a name ends as those of files do: `ca.pem`, but neither `app` nor `python3.12`.
fn has_ending(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ending.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Whether `copy` is known to bring a file whose name fits the last part of `pattern`.
fn fits(graph: &Graph<'_>, copy: &Copy, pattern: &str) -> bool {
    let name = base_name(pattern);
    let directory = pattern.strip_suffix(name).unwrap_or("");
    let Ok(glob) = Glob::path(name) else { return false };
    let mut entries = graph.context.entries().filter(|entry| glob.matches(base_name(&entry.path)));
    entries.any(|entry| {
        let place = format!("{directory}{}", base_name(&entry.path));
        copy.source_of(&place, graph.context).is_some_and(|source| source == entry.path)
    })
}

/// A file of the context that `copy` brings, a variable or an option names, and `inputs` do not
/// bring as well.
fn named_file(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    inputs: &[String],
) -> Option<String> {
    let is_read = |named: &&Named| {
        let path = &named.path;
        if named.reads == Reads::Fitting {
            return fits(graph, copy, path);
        }
        let entry = copy.source_of(path, graph.context);
        let entry = entry.and_then(|source| graph.context.entry(&source));
        match (entry.map(|entry| entry.kind == EntryKind::Directory), named.reads) {
            (Some(false), _) => true,
            // All that is copied may be called by its directory.
            (Some(true), Reads::Anything | Reads::KnownAnything | Reads::LikelyAnything) => {
                copy.destination.as_ref().is_some_and(|to| under(path, to.path()).is_none())
            }
            // It is in no list, and a build may have it all the same.
            (None, Reads::LikelyFile | Reads::KnownFile)
                if graph.left_out_by_git(copy, path).is_some() =>
            {
                true
            }
            (None, Reads::AnyFile | Reads::Anything) => {
                copy.may_bring(path) != Answer::No && !absent(graph, copy, path)
            }
            _ => false,
        }
    };
    let mut named = command.named.iter().filter(|named| !inputs.contains(&named.path));
    named.find(is_read).map(|named| named.path.clone())
}
