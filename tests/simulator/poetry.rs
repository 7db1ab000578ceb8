//! Poetry, by <https://python-poetry.org/docs/cli/#install>,
//! <https://python-poetry.org/docs/pyproject/> and <https://python-poetry.org/docs/configuration/>.

use super::files::{Failure, digest, join, parent};
use super::installs::nearest;
use super::projects::Project;
use super::pyproject::{Pyproject, settings};
use super::random::Random;
use super::shell::Process;

pub fn project(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "python:3.13";
    project.before("RUN pip install poetry");
    match random.below(4) {
        0 => project.before("RUN poetry config virtualenvs.create false"),
        1 => project.before("ENV POETRY_VIRTUALENVS_CREATE=false"),
        2 => project.before("ENV POETRY_VIRTUALENVS_IN_PROJECT=true"),
        _ => {}
    }
    let mut text = "[tool.poetry]\nname = \"app\"\nversion = \"1\"\n".to_owned();
    if random.one_in(3) {
        text += "readme = \"README.md\"\n";
        project.file(&format!("{prefix}README.md"), "# 1\n");
    }
    match random.below(3) {
        0 => text += "package-mode = false\n",
        _ => project.file(&format!("{prefix}app/__init__.py"), "app = 1\n"),
    }
    text += "[tool.poetry.dependencies]\npython = \"^3.13\"\nflask = \"1\"\n";
    if random.one_in(6) {
        text += "own = { path = \"./lib\" }\n";
        let own = "[tool.poetry]\nname = \"own\"\nversion = \"1\"\n";
        project.file(&format!("{prefix}lib/pyproject.toml"), own);
        project.file(&format!("{prefix}lib/own/__init__.py"), "own = 1\n");
    }
    project.file(&format!("{prefix}pyproject.toml"), &text);
    if !random.one_in(6) {
        project.file(&format!("{prefix}poetry.lock"), "# locked\n");
    }
    if random.one_in(6) {
        let text = "[virtualenvs]\nin-project = true\n";
        project.file(&format!("{prefix}poetry.toml"), text);
    }
    project.file("src/manage.py", "print(1)\n");
    project.install(prefix, "poetry install");
    project.install(prefix, "poetry install --no-root");
    project.install(prefix, "poetry install --only main --no-root");
    project.install(prefix, "poetry install --no-interaction --no-ansi");
    project.build =
        random.pick(&["python src/manage.py", "poetry install --only-root", "make"]).to_owned();
}

pub fn run(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if !process.has_program("poetry") {
        return Err("not found".into());
    }
    match words {
        ["config", key, value] => {
            let place = format!("{}/.config/pypoetry/config.toml", process.variable("HOME"));
            process.leave(&place, &format!("{key} {value}\n"))
        }
        ["install", flags @ ..] => install(process, flags),
        other => panic!("poetry {other:?}"),
    }
}

/// Whether a setting is on: by a variable, in the project's own file, or in the user's.
fn is_on(process: &Process, own: &Pyproject, name: &str) -> Option<bool> {
    let variable = format!("POETRY_VIRTUALENVS_{}", name.to_uppercase().replace('-', "_"));
    let local = process.read(&join(&own.place, "poetry.toml")).ok();
    let users = format!("{}/.config/pypoetry/config.toml", process.variable("HOME"));
    match process.variable(&variable) {
        "" => match local.filter(|text| text.contains(name)) {
            Some(text) => Some(text.contains(&format!("{name} = true"))),
            None => {
                let text = process.read(&users).ok().filter(|text| text.contains(name))?;
                Some(text.contains(&format!("{name} true")))
            }
        },
        value => Some(value == "true"),
    }
}

fn install(process: &mut Process, flags: &[&str]) -> Result<(), Failure> {
    let directory = process.directory.clone();
    let (file, _) = nearest(process, &directory, &["pyproject.toml"])
        .ok_or("Poetry could not find a pyproject.toml")?;
    let own = Pyproject::read(process, parent(&file))?;
    own.at("tool.poetry").ok_or("no section of poetry")?;
    let home = process.variable("HOME").to_owned();
    let site = match (is_on(process, &own, "create"), is_on(process, &own, "in-project")) {
        (Some(false), _) if process.user.0 == 0 => "/usr/local/lib/python3.13/site-packages".into(),
        (Some(false), _) => format!("{home}/.local/lib/python3.13/site-packages"),
        // An environment in the project is taken where there is one, whatever the settings say.
        (_, Some(true)) => format!("{}/.venv/lib", own.place),
        (_, None) if process.files.is_directory(&join(&own.place, ".venv")) => {
            format!("{}/.venv/lib", own.place)
        }
        _ => format!("{home}/.cache/pypoetry/virtualenvs/app-{}", digest(&own.place)),
    };
    let lock = join(&own.place, "poetry.lock");
    let mut read = vec![own.text.clone()];
    let paths = own.paths("tool.poetry.dependencies");
    for (_, place) in &paths {
        read.push(Pyproject::read(process, place)?.text);
    }
    if process.read(&lock).is_err() {
        process.write(&lock, &format!("# locked {}\n", digest(&read)), false)?;
    }
    let local = process.read(&join(&own.place, "poetry.toml")).ok();
    let number = digest((
        (&own.text, process.read(&lock)?, local),
        settings(process, &["~/.config/pypoetry/config.toml"], &["POETRY_", "PIP_"]),
        flags
            .iter()
            .filter(|flag| !["--only-root", "--no-root"].contains(flag))
            .collect::<Vec<_>>(),
    ));
    if !flags.contains(&"--only-root") {
        process.leave(&format!("{site}/flask.py"), &number)?;
        process.leave(&format!("{home}/.cache/pypoetry/artifacts/{number}"), &number)?;
        for (_, place) in paths {
            Pyproject::read(process, &place)?.built(process, &site, false)?;
        }
    }
    let is_package =
        own.at("tool.poetry.package-mode").and_then(toml::Value::as_bool) != Some(false);
    match flags.contains(&"--no-root") || !is_package {
        true => Ok(()),
        false => own.built(process, &site, true),
    }
}
