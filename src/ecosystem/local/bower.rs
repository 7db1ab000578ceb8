//! bower.json and .bowerrc: packages by path, scripts, and where packages are put.

use super::schema::{Schema, local, present};
use super::{Finding, Project, refuse};
use crate::ecosystem::manifest::json;
use crate::issue::RefusalReason::{HostArtifacts, LifecycleScript};

/// <https://github.com/bower/spec/blob/master/json.md>
const BOWER: Schema = Schema {
    parse: json::parse,
    unread: &["`{}` names no package by its path."],
    places: &[local("dependencies|devDependencies.*")],
};

/// <https://github.com/bower/spec/blob/master/config.md>
const BOWERRC: Schema = Schema {
    parse: json::parse,
    unread: &["`{}` has no scripts, and installs nothing outside of `bower_components`."],
    places: &[present("cwd|scripts", LifecycleScript, "`{}` has scripts, or names a directory")],
};

/// What the files of Bower say about an install without the source.
pub fn bower(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    BOWER.read(project, "bower.json", &mut findings);
    if (project.exists)(".bowerrc") == Some(false) {
        return findings;
    }
    let settings = BOWERRC.read(project, ".bowerrc", &mut findings);
    let directory = settings.as_ref().and_then(|settings| settings.first("directory"));
    if let Some(directory) = directory.filter(|path| (project.exists)(path) != Some(false)) {
        findings.push(refuse(
            HostArtifacts,
            &format!("`.bowerrc` installs into `{directory}`, which the context may bring"),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings, refuses};
    use super::*;

    #[test]
    fn settings_move_packages() {
        let refuses = |bower: &str, settings: &str| {
            refuses(bower_, 1, &[("bower.json", bower), (".bowerrc", settings), ("js/lib/", "")])
        };
        use super::bower as bower_;
        assert!(refuses("{}", r#"{"directory": "js/lib/"}"#));
        assert!(refuses("{}", r#"{"scripts": {"postinstall": "x"}}"#));
        assert!(refuses(r#"{"dependencies": {"a": "../a"}}"#, "{}"));
        assert!(!refuses(r#"{"dependencies": {"a": "^1"}}"#, r#"{"directory": "js/x/"}"#));
        let unread = findings(bower_, 1, &[("bower.json", "{}"), (".bowerrc", "?")]);
        assert!(matches!(unread[..], [Finding::Assume(_)]));
    }
}
