//! uv, by <https://docs.astral.sh/uv/concepts/projects/sync/>, its pages on workspaces and
//! dependencies, and <https://docs.astral.sh/uv/concepts/configuration-files/>.

use super::files::{Failure, digest, join, parent};
use super::ignore::wildcard;
use super::installs::{nearest, pip};
use super::programs::interpret;
use super::projects::Project;
use super::pyproject::{Pyproject, settings};
use super::random::Random;
use super::shell::Process;

/// A project with a `pyproject.toml`, alone or with members of its workspace.
pub fn project(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "python:3.13";
    match random.below(3) {
        0 => project.image = "ghcr.io/astral-sh/uv:python3.13-bookworm",
        1 => project.before("RUN pip install uv"),
        _ => project.before("COPY --from=ghcr.io/astral-sh/uv:latest /uv /uvx /bin/"),
    }
    if random.one_in(4) {
        project.before(random.pick(&["ENV UV_LINK_MODE=copy", "ENV UV_PROJECT_ENVIRONMENT=/venv"]));
    }
    let mut text = "[project]\nname = \"app\"\nversion = \"1\"\n".to_owned();
    if random.one_in(3) {
        text += "readme = \"README.md\"\n";
        project.file(&format!("{prefix}README.md"), "# 1\n");
    }
    let (mut dependencies, mut sources) = (vec!["\"flask\""], String::new());
    let mut more = String::new();
    match random.below(6) {
        0 => {
            dependencies.push("\"own\"");
            sources += "own = { path = \"./lib\" }\n";
            package(project, &format!("{prefix}lib"), "own");
        }
        1 => {
            more += "[tool.uv.workspace]\nmembers = [\"packages/*\"]\n";
            package(project, &format!("{prefix}packages/one"), "one");
            package(project, &format!("{prefix}packages/two"), "two");
            if random.one_in(2) {
                dependencies.push("\"one\"");
                sources += "one = { workspace = true }\n";
            }
        }
        2 => more += "[tool.uv]\ncompile-bytecode = true\n",
        _ => {}
    }
    text += &format!("dependencies = [{}]\n", dependencies.join(", "));
    if !random.one_in(3) {
        text += "[build-system]\nrequires = [\"uv_build\"]\nbuild-backend = \"uv_build\"\n";
        project.file(&format!("{prefix}src/app/__init__.py"), "app = 1\n");
    }
    if !sources.is_empty() {
        more += &format!("[tool.uv.sources]\n{sources}");
    }
    project.file(&format!("{prefix}pyproject.toml"), &(text + &more));
    if !random.one_in(6) {
        let members = if more.contains("workspace]") { " one two" } else { "" };
        project.file(&format!("{prefix}uv.lock"), &format!("version = 1\n# members:{members}\n"));
    }
    for (name, text) in [("uv.toml", "offline = false\n"), (".python-version", "3.13\n")] {
        if random.one_in(6) {
            project.file(&format!("{prefix}{name}"), text);
        }
    }
    project.file("src/manage.py", "print(1)\n");
    let first = random.pick(&["--no-install-project", "--no-install-workspace", "--no-dev"]);
    for command in ["uv sync --frozen", "uv sync --locked", "uv sync"] {
        project.install(prefix, command);
        project.install(prefix, &format!("{command} {first}"));
    }
    if random.one_in(3) {
        project.file(&format!("{prefix}requirements.txt"), "flask==1\n");
        project.install(prefix, "uv pip install --system -r requirements.txt");
        project.install("", &format!("uv pip install --system -r {prefix}requirements.txt"));
    }
    project.build = random
        .pick(&["uv run src/manage.py", "python src/manage.py", "uv sync --frozen", "make"])
        .to_owned();
}

/// A package of the project, with its module.
fn package(project: &mut Project, place: &str, name: &str) {
    let text = format!(
        "[project]\nname = \"{name}\"\nversion = \"1\"\n\
         [build-system]\nrequires = [\"uv_build\"]\nbuild-backend = \"uv_build\"\n"
    );
    project.file(&format!("{place}/pyproject.toml"), &text);
    project.file(&format!("{place}/src/{name}/__init__.py"), "x = 1\n");
}

pub fn run(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if !process.has_program("uv") {
        return Err("not found".into());
    }
    match words {
        ["sync", flags @ ..] => sync(process, flags),
        ["run", script] => {
            sync(process, &[])?;
            interpret(process, "python", script)
        }
        ["pip", "install", "--system", rest @ ..] => {
            let directory = process.directory.clone();
            let own = project_settings(process, &directory);
            let user = settings(process, USERS, &["UV_"]);
            // They count as settings of pip do.
            process.variables.insert("PIP_OF_UV".into(), digest((own, user)));
            pip(process, &[&["install", "--no-cache-dir"], rest].concat())
        }
        other => panic!("uv {other:?}"),
    }
}

const USERS: &[&str] = &["/etc/uv/uv.toml", "~/.config/uv/uv.toml"];

/// Tables of `[tool.uv]` that are no settings.
const NO_SETTINGS: &[&str] = &["sources", "workspace"];

/// The nearest `uv.toml`, or `[tool.uv]` of a `pyproject.toml`, in a directory or above it.
fn project_settings(process: &Process, directory: &str) -> Option<String> {
    let mut place = directory.to_owned();
    loop {
        if let Ok(text) = process.read(&join(&place, "uv.toml")) {
            return Some(text.to_string());
        }
        let own = Pyproject::read(process, &place).ok();
        if let Some(toml::Value::Table(mut own)) = own.and_then(|own| own.at("tool.uv").cloned()) {
            NO_SETTINGS.iter().for_each(|name| drop(own.remove(*name)));
            return Some(format!("{own:?}"));
        }
        if place == "/" {
            return None;
        }
        place = parent(&place).to_owned();
    }
}

/// The members of a workspace: the directories that its patterns fit, with what describes them.
fn members(process: &Process, root: &Pyproject) -> Result<Vec<Pyproject>, Failure> {
    let mut found = Vec::new();
    for pattern in root.texts_at("tool.uv.workspace.members") {
        let pattern = join(&root.place, pattern);
        let above = process.files.real(parent(&pattern), true);
        for name in process.files.names(&above) {
            let place = join(&above, &name);
            if process.files.is_directory(&place)
                && wildcard(&pattern, &join(parent(&pattern), &name))
            {
                let member = Pyproject::read(process, &place);
                found.push(member.map_err(|why| format!("a member of the workspace: {why}"))?);
            }
        }
    }
    Ok(found)
}

fn sync(process: &mut Process, flags: &[&str]) -> Result<(), Failure> {
    let directory = process.directory.clone();
    let (file, _) =
        nearest(process, &directory, &["pyproject.toml"]).ok_or("no pyproject.toml found")?;
    let own = Pyproject::read(process, parent(&file))?;
    own.at("project").ok_or("no project table")?;
    // A member belongs to the workspace above it.
    let above = nearest(process, parent(&own.place), &["pyproject.toml"]);
    let above = above.map(|(file, _)| Pyproject::read(process, parent(&file))).transpose()?;
    let above = above.filter(|root| {
        let all = members(process, root).unwrap_or_default();
        own.place != "/" && all.iter().any(|member| member.place == own.place)
    });
    let root = above.as_ref().unwrap_or(&own);
    let all = members(process, root)?;
    let is_frozen = flags.contains(&"--frozen");
    let lock = join(&root.place, "uv.lock");
    let found = process.read(&lock).ok();
    let names: String = all
        .iter()
        .map(|member| format!(" {}", member.text_at("project.name").unwrap_or("")))
        .collect();
    let is_current =
        found.as_ref().is_some_and(|text| text.contains(&format!("members:{names}\n")));
    match &found {
        None if is_frozen || flags.contains(&"--locked") => return Err("no lock file".into()),
        Some(_) if !is_current && flags.contains(&"--locked") => {
            return Err("the lock file needs to be updated".into());
        }
        _ => {}
    }
    let paths = own.paths("tool.uv.sources");
    let mut read: Vec<String> = Vec::new();
    if !is_frozen {
        read.extend(all.iter().map(|member| member.text.clone()));
        for (_, place) in &paths {
            read.push(Pyproject::read(process, place)?.text);
        }
        if !is_current {
            let text = format!("version = 1\n# members:{names}\n# of {}\n", digest(&read));
            process.write(&lock, &text, false)?;
        }
    }
    let versions = [".python-versions", ".python-version"]
        .map(|name| process.read(&join(&root.place, name)).ok());
    let left = ["--no-install-project", "--no-install-workspace", "--no-install-local"];
    let read = (
        (&own.text, &root.text, process.read(&lock)?, read),
        (versions, project_settings(process, &root.place), settings(process, USERS, &["UV_"])),
    );
    // What is downloaded is the same whether the project goes with it or not.
    let downloaded: Vec<&&str> = flags.iter().filter(|flag| !left.contains(flag)).collect();
    let (downloaded, number) = (digest((&read, downloaded)), digest((&read, flags)));
    let environment = match process.variable("UV_PROJECT_ENVIRONMENT") {
        "" => ".venv",
        path => path,
    };
    let environment = join(&root.place, environment);
    process.leave(&format!("{environment}/pyvenv.cfg"), &number)?;
    let home = process.variable("HOME").to_owned();
    process.leave(&format!("{home}/.cache/uv/{downloaded}"), &downloaded)?;
    let site = format!("{environment}/lib");
    let leaves_out = |names: &[&str]| names.iter().any(|name| flags.contains(name));
    for (name, place) in paths {
        process.leave(&format!("{site}/{name}.py"), &number)?;
        if !leaves_out(&["--no-install-local"]) {
            Pyproject::read(process, &place)?.built(process, &site, false)?;
        }
    }
    let wanted = own.at("tool.uv.sources");
    for member in &all {
        let name = member.text_at("project.name").unwrap_or_default();
        let is_wanted = wanted.is_some_and(|sources| sources.get(name).is_some());
        if is_wanted && !leaves_out(&["--no-install-workspace", "--no-install-local"]) {
            member.built(process, &site, true)?;
        }
    }
    match own.at("build-system") {
        Some(_) if !leaves_out(&left) => own.built(process, &site, true),
        _ => Ok(()),
    }
}
