//! What decides about the references of a project: files that are there, the configuration.

use super::{Reader, attribute};
use crate::ecosystem::local::{Finding, join};
use crate::ecosystem::manifest::Value;
use crate::issue::RefusalReason;

impl Reader<'_, '_> {
    /// What the condition of an element asks for, where it decides about references: files by
    /// `Exists('a.cs')`, and `$(Configuration)`. An import is asked for what it imports.
    /// <https://learn.microsoft.com/en-us/visualstudio/msbuild/msbuild-conditions>
    pub(super) fn conditions(&mut self, name: &str, value: &Value, file: &str, owner: &str) {
        if self.in_target || attribute(value, "Project").is_some() || !refers(name, value) {
            return;
        }
        let condition = attribute(value, "Condition").unwrap_or_default();
        // A restore of its own has no `-c`.
        if condition.to_ascii_lowercase().contains("$(configuration)") {
            let values =
                self.project.flags.iter().filter_map(|flag| flag.split_once([' ', '=', ':']));
            let values = values.filter(|(name, _)| matches!(*name, "-c" | "--configuration"));
            let values = values.map(|(_, value)| format!("-p:Configuration={value}"));
            for argument in values.map(Finding::Argument) {
                if !self.findings.contains(&argument) {
                    self.findings.push(argument);
                }
            }
        }
        for asked in condition.split("Exists(").skip(1) {
            let path = asked.split(')').next().unwrap_or(asked).trim_matches([' ', '\'']);
            self.asked_for(path, file, owner);
        }
    }

    /// A file that a project may do without, by its path from the project.
    pub(super) fn asked_for(&mut self, path: &str, file: &str, owner: &str) {
        if path.contains(['$', '@', '%']) {
            let message = format!("`{file}` asks for `{path}`, which is not known");
            self.refuse(RefusalReason::LocalDependency, &message);
            return;
        }
        let path = join(owner, &path.replace('\\', "/"));
        match (self.project.exists)(&path) {
            Some(true) => self.findings.push(Finding::Also(path)),
            Some(false) => {}
            None => self.nothing_else(),
        }
    }
}

/// Whether an element is a reference, or holds one: `PackageReference`, `ProjectReference`.
fn refers(name: &str, value: &Value) -> bool {
    let is_reference = |name: &str| name.to_ascii_lowercase().ends_with("reference");
    let holds =
        |members: &[(String, Value)]| members.iter().any(|(name, value)| refers(name, value));
    is_reference(name) || matches!(value, Value::Table(members) if holds(members))
}
