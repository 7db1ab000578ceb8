//! What uv and poetry read of a `pyproject.toml`, by
//! <https://packaging.python.org/en/latest/specifications/pyproject-toml/> and the pages of both.

use super::files::{Failure, digest, join};
use super::installs::variables;
use super::shell::Process;
use toml::{Table, Value};

/// A `pyproject.toml`, with the directory that it describes.
pub struct Pyproject {
    pub place: String,
    pub text: String,
    table: Table,
}

impl Pyproject {
    pub fn read(process: &Process, place: &str) -> Result<Pyproject, Failure> {
        let text = process.read(&join(place, "pyproject.toml"))?.to_string();
        let table = text.parse().map_err(|_| format!("{place}/pyproject.toml is no TOML"))?;
        Ok(Pyproject { place: place.to_owned(), text, table })
    }

    /// What stands at a path of keys, such as `tool.uv.sources`.
    pub fn at(&self, keys: &str) -> Option<&Value> {
        let mut keys = keys.split('.');
        let first = self.table.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    pub fn text_at(&self, keys: &str) -> Option<&str> {
        self.at(keys)?.as_str()
    }

    pub fn texts_at(&self, keys: &str) -> Vec<&str> {
        let all = self.at(keys).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).collect()
    }

    /// Packages that a table brings by their path: name and directory.
    pub fn paths(&self, keys: &str) -> Vec<(String, String)> {
        let all = self.at(keys).and_then(Value::as_table).into_iter().flatten();
        let path = |value: &Value| Some(join(&self.place, value.get("path")?.as_str()?));
        all.filter_map(|(name, value)| Some((name.clone(), path(value)?))).collect()
    }

    /// Builds the package in this directory, as a backend does for an editable install: it needs
    /// the module and the readme that the metadata names.
    pub fn built(&self, process: &mut Process, site: &str, editable: bool) -> Result<(), Failure> {
        let name = self.text_at("project.name").or(self.text_at("tool.poetry.name"));
        let name = name.ok_or("a package without a name")?;
        let module = [format!("src/{name}"), name.to_owned()]
            .map(|path| join(&self.place, &path))
            .into_iter()
            .find(|path| process.read(&format!("{path}/__init__.py")).is_ok())
            .ok_or(format!("no module {name}"))?;
        let readme = self.text_at("project.readme").or(self.text_at("tool.poetry.readme"));
        let readme = readme.map(|path| process.read(&join(&self.place, path))).transpose()?;
        let sources = (!editable).then(|| process.files.digest(&module));
        let all = digest((&self.text, readme, sources, &self.place));
        process.leave(&format!("{site}/{name}.pth"), &all)
    }
}

/// The settings of pip and of the tools for projects: files of the user and of the system, and
/// variables.
pub fn settings(process: &Process, files: &[&str], starts: &[&str]) -> String {
    let home = process.variable("HOME");
    let texts: Vec<_> =
        files.iter().map(|path| process.read(&path.replace('~', home)).ok()).collect();
    digest((texts, variables(process, starts)))
}
