//! What the tables say of a recognised command, as paths of the image.

use super::made::Made;
use super::reader::Reader;
use super::{CommandEffects, Link, Named, Needs, Reads, join, unclear};
use crate::context::{base_name, parent};
use crate::ecosystem::{
    ActionKind, Argument, Arguments, Cache, INDEXES, Index, Looks, SYSTEM, Use, chosen_by_shims,
    downloads, gives_home, is_home_of_tools, kept, link, listed, made_with_parents, makes_home,
    name_matches, permissions, remote_name, runs_scripts,
};
use crate::graph::kept::KeptAt;
use crate::graph::path_set::{PathSet, under};
use crate::limits;
use crate::sentences::Opaque;

/// Where a command's files lie.
struct Places {
    /// The directory it works in.
    project: Option<String>,
    /// The manifests that it names.
    files: Vec<String>,
    /// What it reads beside them: [`Use::paths`], and then what variables name.
    paths: Vec<String>,
    /// What it is told to write.
    outputs: Vec<String>,
}

impl Reader<'_> {
    /// Whether a command before has downloaded the file.
    pub(super) fn fetched(&self, file: &str) -> bool {
        let place = self.place(file, true);
        self.made.iter().any(|made| made.fetched && place.as_ref() == Some(&made.path))
    }

    /// What a command makes beside the files that it names.
    pub(super) fn shape(
        &self,
        program: &str,
        arguments: &[Argument<'_>],
        facts: &mut CommandEffects,
    ) {
        if let Some((target, name)) = link(program, arguments)
            && let Some(name) = self.place(name, true)
        {
            let target = match target.starts_with('/') {
                true => target.to_owned(),
                false => join(&parent(&name), target),
            };
            facts.links.push(Link { target, name });
        }
        let made = made_with_parents(program, arguments).into_iter();
        facts.makes.extend(made.filter_map(|word| self.place(&word.text, word.resolved)));
        if let Some(mut set) = permissions(program, arguments) {
            set.paths = set.paths.iter().filter_map(|path| self.place(path, true)).collect();
            facts.sets = Some(Box::new(set));
        }
        let home = makes_home(program, arguments).and_then(|home| self.place(&home, true));
        facts.makes.extend(home);
        facts.gives_home = gives_home(program, arguments).map(Box::new);
    }

    /// Fills in what the tables say.
    pub(super) fn apply(&mut self, mut used: Use, mut facts: CommandEffects) -> CommandEffects {
        self.apply_variables(&mut used);
        let (variables, settings) = self.read_by_variables(used.tool.variables);
        let Some(places) = self.places(&mut used, variables) else {
            return unclear(facts, Some(used), Opaque::UnknownDirectory);
        };
        let unknown =
            |(written, place): (&String, &String)| runs_scripts(written) && !self.has_made(place);
        if used.kind == ActionKind::Named && used.paths.iter().zip(&places.paths).any(unknown) {
            used.kind = ActionKind::Everything;
        }
        facts.uses_system = used.kind != ActionKind::Upkeep;
        self.write_outputs(&used, &places, &mut facts);
        read_paths(&used, &places, &mut facts);
        if self.write_as_the_tool_does(&used, &places, &mut facts).is_none() {
            return unclear(facts, Some(used), Opaque::UnknownDirectory);
        }
        self.look_at_settings(&used, &places, settings, &mut facts);
        if used.kind == ActionKind::Compile {
            // What installs for it in front of the source reads these as well.
            let of_variables = places.paths[used.paths.len()..].iter();
            let reads = Reads::KnownAnything;
            let named = |path: &String| Named { path: path.clone(), reads, is_argument: false };
            facts.named.extend(of_variables.map(named));
        }
        let Some(needs) = needs(&used, &places, &mut facts) else {
            return unclear(facts, Some(used), Opaque::UnknownDirectory);
        };
        facts.needs = needs;
        for (file, written) in places.files.iter().zip(&used.files) {
            match used.kind {
                // What a download is told to write to.
                ActionKind::Named => facts.writes.add(file.clone()),
                // Which files of the directory it wants, the context says.
                ActionKind::Install if written.contains('*') => {}
                _ => facts.reads.add(file.clone()),
            }
        }
        facts.builds = self.builds(&used, &places, &facts);
        if matches!(facts.needs, Needs::Everything(_)) {
            facts.reads = PathSet::all();
            facts.writes = PathSet::all();
        }
        if matches!(used.action.looks, Looks::Asked | Looks::Listing) {
            facts.asks.clone_from(&places.paths);
        }
        facts.asks.extend(self.kept_beside(&used));
        facts.installs = self.installs_into(&used, &places.outputs);
        facts.keeps = self.keeps(&used);
        facts.caches = self.caches(&used);
        facts.used = Some(used);
        facts
    }

    /// Settings of one machine that an install obeys where the project has them.
    fn kept_beside(&self, used: &Use) -> Vec<String> {
        let kept = used.tool.kept_beside.iter().filter(|_| used.kind == ActionKind::Install);
        let place = |(variable, path): &(&str, &str)| match self.known(variable) {
            Some(directory) => Some(join(&self.place(directory, true)?, base_name(path))),
            None => self.place(path, true),
        };
        kept.filter_map(place).collect()
    }

    /// What the tool keeps from build to build, and where.
    fn keeps(&self, used: &Use) -> Vec<KeptAt> {
        if used.kind == ActionKind::Upkeep {
            return Vec::new();
        }
        let known = |name: &str| self.known(name);
        // One in front of the command counts for it.
        let home = known("HOME").map(str::to_owned).or_else(|| self.state.home());
        let place = |text: String| match text.strip_prefix('~') {
            Some(rest) => home.as_ref().map(|home| join(home, rest.trim_start_matches('/'))),
            None => self.place(&text, true),
        };
        let kept = kept(used.tool.name).map(|kept| KeptAt {
            kept,
            place: place(kept.place(&known)),
            off: kept.switched_off("", &known),
        });
        kept.collect()
    }

    /// Where the tool puts what it downloads.
    fn caches(&self, used: &Use) -> Vec<String> {
        let caches = used.tool.caches.iter();
        let place = |cache: &Cache| match self.known(cache.variable) {
            Some(place) => self.place(place, true),
            None => self.place(cache.path, true),
        };
        caches.filter_map(place).collect()
    }

    /// What variables say in place of options.
    fn apply_variables(&self, used: &mut Use) {
        let noted = used.tool.options.noted.split(' ').filter_map(|name| name.strip_suffix("=*"));
        let given = noted.filter_map(|name| Some(format!("{name}={}", self.known(name)?)));
        used.flags.extend(given);
        let holds = |setting: &str| {
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            self.known(name).is_some_and(|known| name_matches(value, known))
        };
        used.frozen |= listed(used.tool.frozen, |setting| setting.contains('=') && holds(setting));
        if used.kind == ActionKind::Compile && listed(used.tool.offline, holds) {
            used.kind = ActionKind::Everything;
            used.alone = true;
        }
    }

    /// Where what the command names lies, and what `variables` name for it to read; `None` where
    /// that is not known of a file.
    fn places(&self, used: &mut Use, variables: Vec<String>) -> Option<Places> {
        let placed = |paths: &[String]| -> Option<Vec<String>> {
            let place = |text: &String| {
                let text = text.strip_prefix("file://").unwrap_or(text);
                // A pattern stands for what its directory holds.
                let plain = text.split(['*', '?', '[']).next().unwrap_or(text);
                let plain = if plain.len() < text.len() {
                    plain.rsplit_once('/').map_or("", |(directory, _)| directory)
                } else {
                    plain
                };
                self.place(plain, true)
            };
            paths.iter().map(place).collect()
        };
        let project = match &used.directory {
            None => self.cwd.clone(),
            Some(directory) => self.place(directory, true),
        };
        let mut read = used.paths.clone();
        read.extend(variables);
        self.take_named_files(used, project.as_deref(), &mut read);
        Some(Places {
            project,
            files: placed(&used.files)?,
            paths: placed(&read)?,
            outputs: placed(&used.outputs)?,
        })
    }

    /// Takes the files that variables name as if options did: of an install in place of the tool's
    /// manifests, unless they are these, and else among what it reads.
    fn take_named_files(&self, used: &mut Use, project: Option<&str>, read: &mut Vec<String>) {
        let (mut named, _) = self.read_by_variables(used.tool.file_variables);
        let usual = used.tool.manifests.first().zip(project);
        let usual = usual.map(|(manifest, project)| join(project, manifest.path));
        named.retain(|file| usual.is_none() || self.place(file, true) != usual);
        for file in &mut named {
            let below = self.cwd.as_deref().and_then(|cwd| under(cwd, file));
            *file = below.unwrap_or(file).to_owned();
        }
        if named.is_empty() {
            return;
        }
        match used.kind {
            ActionKind::Install => used.files.extend(named),
            // Packages that files say more of: `PIP_CONSTRAINT=c.txt pip install flask`.
            ActionKind::Named if used.action.kind == ActionKind::Install => {
                used.kind = ActionKind::Install;
                used.files.extend(named);
            }
            _ => read.extend(named),
        }
    }

    /// The files that the command is told to write.
    fn write_outputs(&mut self, used: &Use, places: &Places, facts: &mut CommandEffects) {
        for path in &places.outputs {
            // A directory an install makes: `pip install --target lib`.
            if used.kind == ActionKind::Named || base_name(path).contains('.') {
                facts.places.push(Some(parent(path)));
            }
            facts.writes.add(path.clone());
            // A destination is refused where something is there.
            let whole = used.action.arguments == Arguments::Destination;
            if self.made.len() < limits::PATHS_MADE {
                self.made.push(Made { path: path.clone(), whole, fetched: downloads(used) });
            }
        }
    }

    /// What the tool writes by itself; `None` where it is not known where its project lies.
    fn write_as_the_tool_does(
        &self,
        used: &Use,
        places: &Places,
        facts: &mut CommandEffects,
    ) -> Option<()> {
        // What the command itself names is not installed into the project.
        let outside = |path: &&&str| {
            used.kind != ActionKind::Named || path.len() < 3 || !path.starts_with("./")
        };
        let writes = &mut facts.writes.paths;
        let before = writes.len();
        let of_tool = written_by_tool(used);
        writes.reserve(of_tool.len() + used.writes().len());
        for path in of_tool.iter().filter(outside).chain(used.writes()) {
            match (path.split_at_checked(2), &places.project) {
                (Some(("./", name)), Some(project)) if !name.is_empty() => {
                    let locks = places.files.iter();
                    let locks = locks.filter_map(|file| used.tool.lock_of(name, file));
                    let locks: Vec<String> = locks.collect();
                    if !locks.is_empty() {
                        locks.into_iter().for_each(|lock| facts.writes.add(lock));
                        continue;
                    }
                    facts.writes.add(join(project, name));
                    // The project may lie where its named manifest does.
                    for file in &places.files {
                        facts.writes.add(join(file, &format!("../{name}")));
                    }
                }
                // What it writes is named.
                (Some(("./", "")), _) if !places.outputs.is_empty() => {}
                (Some(("./", _)), Some(project)) => facts.fills.add(project.clone()),
                (Some(("./", _)), None) => return None,
                (Some(("~/", name)), _) => {
                    if let Some(home) = self.state.home() {
                        facts.writes.add(join(&home, name));
                    }
                }
                // The tables name each once.
                _ if facts.writes.paths[..before].iter().any(|known| known == path) => {}
                _ => facts.writes.paths.push((*path).into()),
            }
        }
        Some(())
    }

    /// The settings that the command obeys, `settings` of variables among them, and what
    /// variables and options name for it.
    fn look_at_settings(
        &self,
        used: &Use,
        places: &Places,
        mut settings: Vec<String>,
        facts: &mut CommandEffects,
    ) {
        let looks = used.action.looks == Looks::Settings;
        // `npm install -g pm2` is run by what the directory chooses as well.
        let of_projects = !used.tool.manifests.is_empty();
        let here = places.project.as_ref().or(facts.cwd.as_ref().filter(|_| of_projects));
        if let Some(project) = here.filter(|_| used.kind != ActionKind::Upkeep) {
            let paths = self.texts().filter(|(name, _)| *name == "PATH");
            let files = paths.flat_map(|(_, path)| chosen_by_shims(path));
            settings.extend(files.map(|name| join(project, name)));
        }
        if let Some(project) = &places.project
            && (used.kind == ActionKind::Named || looks)
        {
            let of_tool = used.tool.settings.iter();
            let (patterns, names): (Vec<&str>, Vec<&str>) =
                of_tool.partition(|name| name.contains('*'));
            settings.extend(names.iter().map(|name| join(project, name)));
            facts.named = patterns.iter().filter_map(|text| self.pattern(text)).collect();
        }
        if used.action.looks == Looks::Indexed {
            facts.reads.paths.extend(self.directories_in_settings().map(Into::into));
        }
        if used.kind != ActionKind::Upkeep {
            facts.settings = settings;
            facts.named.extend(self.named_by_variables(used));
            facts.named.extend(self.named_by_options(used));
            facts.parents.extend(self.parents_of_options(used));
            // Package managers of the system keep nothing where variables say.
            if used.tool.writes != SYSTEM || !used.writes().is_empty() {
                facts.may_make = self.directories_of_variables();
            }
        } else if looks {
            facts.settings = settings;
        }
    }

    /// What a build in the project may write, its caches included.
    fn builds(&self, used: &Use, places: &Places, facts: &CommandEffects) -> Option<PathSet> {
        if matches!(used.kind, ActionKind::Named | ActionKind::Upkeep) {
            return None;
        }
        // `sed -i ... $JAVA_HOME/conf/security/java.security` is no work on a project.
        let is_of_system = |path: &String| {
            let variable = path.strip_prefix('$').unwrap_or_default().trim_start_matches('{');
            let name = variable.split(['/', '}']).next().unwrap_or_default();
            is_home_of_tools(name) || SYSTEM.iter().any(|root| under(root, path).is_some())
        };
        if used.action.kind == ActionKind::Upkeep && used.paths.iter().any(is_of_system) {
            return None;
        }
        let (project, home) = (places.project.clone()?, self.state.home()?);
        let mut set = PathSet { everything: false, paths: vec![project.into()] };
        set.extend(&facts.writes);
        for cache in used.tool.caches {
            match cache.path.strip_prefix("~/") {
                Some(path) => set.add(join(&home, path)),
                None => set.add(cache.path),
            }
        }
        Some(set)
    }

    /// Keeps the file that a download makes under its own name: `wget https://x.org/get.py`.
    pub(super) fn keep_remote_name(&mut self, used: &mut Use, arguments: &[Argument<'_>]) {
        if let Some(name) = remote_name(used, arguments)
            && let Some(path) = self.place(name, true)
        {
            used.outputs.push(name.to_owned());
            if self.made.len() < limits::PATHS_MADE {
                self.made.push(Made { path, whole: false, fetched: true });
            }
        }
    }

    /// Whether commands before were told to write the file, or one in the directory.
    pub(super) fn has_made(&self, place: &str) -> bool {
        let made = |made: &Made| made.holds(place) || under(place, &made.path).is_some();
        self.made.iter().any(made)
    }
}

/// What the tool writes, as far as its action does: `apt-get clean` and `apt-get update` neither
/// install nor remove a file of a package.
fn written_by_tool(used: &Use) -> &'static [&'static str] {
    let action = used.action;
    let installs_none = action.index == Index::Refreshes || action.arguments == Arguments::Caches;
    if installs_none && used.tool.writes == SYSTEM { INDEXES } else { used.tool.writes }
}

/// What the command itself names, and the directories that it goes through.
fn read_paths(used: &Use, places: &Places, facts: &mut CommandEffects) {
    for path in &places.paths {
        facts.reads.add(path.clone());
        // What only an option names is read.
        let arguments = used.action.arguments;
        let is_changed = matches!(
            arguments,
            Arguments::Paths | Arguments::Made | Arguments::Metadata | Arguments::Moved
        );
        let touched = is_changed || arguments == Arguments::Removed;
        if used.kind == ActionKind::Upkeep && touched {
            facts.writes.add(path.clone());
            // What it makes with all above it needs nothing.
            if is_changed && facts.makes.is_empty() {
                facts.parents.push(parent(path));
            }
        }
    }
    if let (Some(_), Some(directory), ActionKind::Named | ActionKind::Upkeep) =
        (&used.directory, &places.project, used.kind)
    {
        facts.parents.push(directory.clone());
    }
}

/// What the command needs, going by its kind; `None` where it is not known where its project lies.
fn needs(used: &Use, places: &Places, facts: &mut CommandEffects) -> Option<Needs> {
    Some(match used.kind {
        ActionKind::Upkeep if used.action.looks != Looks::Project => Needs::Nothing,
        // What variables name lies in the image; it may not be copied at all.
        ActionKind::Named if used.action.looks == Looks::Project => {
            Needs::Project { directory: places.project.clone()?, files: places.files.clone() }
        }
        ActionKind::Named if used.paths.is_empty() => Needs::Nothing,
        ActionKind::Named => Needs::Paths(places.paths[..used.paths.len()].to_vec()),
        ActionKind::Install | ActionKind::Upkeep => {
            let directory = places.project.clone()?;
            if used.kind == ActionKind::Upkeep {
                let manifests = used.tool.manifests.iter().map(|manifest| manifest.path);
                let plain = manifests.filter(|path| !path.contains('*'));
                plain.for_each(|path| facts.reads.add(join(&directory, path)));
            }
            Needs::Project { directory, files: places.files.clone() }
        }
        ActionKind::Compile => Needs::Everything(Opaque::Compiles),
        ActionKind::Everything if used.action.kind == ActionKind::Everything => {
            Needs::Everything(Opaque::WorksOnSource)
        }
        ActionKind::Everything => Needs::Everything(Opaque::UnknownArguments),
    })
}
