//! Where packages come from: the settings of NuGet, and the directories that they name.

use super::{Reader, attribute};
use crate::ecosystem::local::schema::unreadable;
use crate::ecosystem::local::{Finding, Project, join, parent};
use crate::ecosystem::manifest::{Value, xml};
use crate::issue::RefusalReason;

/// Settings that name where packages are unpacked.
const KEPT_IN: [&str; 2] = ["globalPackagesFolder", "repositoryPath"];

/// What a restore of tools reads beside their manifest: where their packages come from.
/// <https://learn.microsoft.com/en-us/dotnet/core/tools/local-tools-how-to-use>
pub fn dotnet_tool(project: &Project<'_>) -> Vec<Finding> {
    let mut reader = Reader::of(project);
    if (project.exists)(".config/dotnet-tools.json").is_none() {
        let sentence = "The tool manifest lies in .config, and no nuget.config lies above it.";
        reader.assume(sentence.into());
    }
    for file in project.manifests.iter().filter(|name| name.ends_with(".config")) {
        match (project.text)(file).map(xml::parse) {
            Some(Some(value)) => reader.sources(&value, file),
            Some(None) => reader.findings.push(unreadable(file)),
            None => reader.unread(file),
        }
    }
    reader.findings
}

impl Reader<'_, '_> {
    /// Reads the settings that the command names: `--configfile build/NuGet.CI.config`.
    pub(super) fn configured(&mut self) {
        for file in self.config_files().collect::<Vec<_>>() {
            self.add(&file, None);
        }
    }

    fn config_files(&self) -> impl Iterator<Item = String> {
        let flags = self.project.flags.iter().filter_map(|flag| flag.split_once([' ', '=', ':']));
        let files = flags.filter(|(name, _)| name.to_ascii_lowercase().ends_with("-configfile"));
        files.map(|(_, file)| join("", file))
    }

    /// Whether a file is one of settings, which a command may give any name: `--configfile ci/feeds.xml`.
    pub(super) fn is_config(&self, file: &str) -> bool {
        file.to_ascii_lowercase().ends_with(".config") || self.config_files().any(|own| own == file)
    }

    /// Local directories among the sources of packages, and one that they are unpacked to.
    /// <https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file>
    pub(super) fn sources(&mut self, value: &Value, file: &str) {
        let place = |value: &str| join(parent(file), &format!("{}/", value.replace('\\', "/")));
        for source in value.at("**.packageSources|fallbackPackageFolders.add") {
            let Some(value) = attribute(source.value, "value") else { continue };
            if value.contains("://") || value.starts_with('/') {
                continue;
            }
            if value.contains('%') {
                self.assume(format!("`{file}` has no source of packages among the files."));
                continue;
            }
            let path = place(value);
            if (self.project.exists)(&path) != Some(false) {
                self.findings.push(Finding::Also(path));
            }
        }
        for setting in value.at("**.config.add") {
            let key = attribute(setting.value, "key").unwrap_or_default();
            let Some(value) = attribute(setting.value, "value") else { continue };
            if !KEPT_IN.iter().any(|kept| kept.eq_ignore_ascii_case(key)) {
                continue;
            }
            let path = place(value);
            if (self.project.exists)(&path) == Some(true) {
                let message =
                    format!("the context brings `{path}`, where the restore keeps packages");
                self.refuse(RefusalReason::HostArtifacts, &message);
            }
        }
    }
}
