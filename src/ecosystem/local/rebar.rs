//! rebar.config: what rebar3 reads to fetch the dependencies of a project in Erlang.

use super::{Finding, Project, any_exists, refuse};
use crate::issue::RefusalReason;

/// What `rebar3 get-deps` reads beside its configuration: that of applications below, and programs.
/// <https://rebar3.org/docs/configuration/dependencies/>,
/// <https://rebar3.org/docs/configuration/config_script/>
pub fn rebar(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let script = ["rebar.config.script"];
    match any_exists(&[&script[..], &["_checkouts/"]].concat(), project) {
        Some(true) => findings.push(refuse(
            RefusalReason::LocalDependency,
            "`rebar.config.script` or `_checkouts` of the project decides about its dependencies",
        )),
        Some(false) => {}
        None => findings.push(Finding::Assume(
            "The project has no `rebar.config.script` and no `_checkouts`.".into(),
        )),
    }
    for pattern in ["apps/*/rebar.config", "lib/*/rebar.config"] {
        match (project.list)(pattern) {
            Some(found) => findings.extend(found.into_iter().map(Finding::Also)),
            None => {
                let sentence = "No application below `apps` or `lib` has a `rebar.config`.";
                findings.push(Finding::Assume(sentence.into()));
                break;
            }
        }
    }
    // Paths by a plugin, hooks that run programs.
    let is_own =
        |text: &str| ["{path,", "pre_hooks", "post_hooks"].iter().any(|w| text.contains(w));
    match (project.text)("rebar.config") {
        Some(text) if is_own(text) => findings
            .push(refuse(RefusalReason::LifecycleScript, "`rebar.config` names paths or hooks")),
        Some(_) => {}
        None => {
            findings.push(Finding::Assume("`rebar.config` names no paths and no hooks.".into()))
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::{also, findings, refuses, unknown};
    use super::*;

    const PLAIN: (&str, &str) = ("rebar.config", "{deps, [cowboy]}.");

    #[test]
    fn dependencies_alone_need_the_configuration() {
        assert_eq!(findings(rebar, 1, &[PLAIN, ("src/a.erl", "")]), []);
        let apps = [PLAIN, ("apps/a/rebar.config", "?"), ("deep/apps/a/rebar.config", "?")];
        assert_eq!(also(rebar, 1, &apps), ["apps/a/rebar.config"]);
        assert!(rebar(&unknown()).iter().all(|finding| matches!(finding, Finding::Assume(_))));
    }

    #[test]
    fn programs_and_paths_refuse() {
        assert!(refuses(rebar, 1, &[PLAIN, ("rebar.config.script", "")]));
        assert!(refuses(rebar, 1, &[PLAIN, ("_checkouts/a/src/a.erl", "")]));
        for text in ["{deps, [{a, {path, \"../a\"}}]}.", "{pre_hooks, [{compile, \"make\"}]}."] {
            assert!(refuses(rebar, 1, &[("rebar.config", text)]), "{text}");
        }
    }
}
