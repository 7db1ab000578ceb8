//! deno.json: workspaces, an import map of its own, links to local packages.

use super::{Finding, Project, join, json, refuse};
use crate::issue::RefusalReason;

/// What deno.json says about an install without the source.
/// <https://docs.deno.com/runtime/fundamentals/configuration/>
pub fn deno_json(project: &Project<'_>) -> Vec<Finding> {
    let file = ["deno.json", "deno.jsonc"].into_iter().find_map(|name| (project.text)(name));
    let Some(text) = file else {
        return vec![Finding::Assume(
            "`deno.json` names no workspace and no local package.".into(),
        )];
    };
    let Some(settings) = json::parse(text) else {
        return vec![refuse(RefusalReason::UnknownManifests, "`deno.json` is not valid JSON")];
    };
    let mut findings = Vec::new();
    if ["workspace", "links", "patch"].iter().any(|key| settings.get(key).is_some()) {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            "`deno.json` names local packages, which the install needs",
        ));
    }
    if let Some(map) = settings.get("importMap").and_then(|map| map.text())
        && !map.contains("://")
    {
        findings.push(Finding::Also(join("", map)));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<Finding> {
        deno_json(&Project {
            manifests: &[],
            flags: &[],
            is_nested: false,
            has_neighbours: false,
            names: &|_| false,
            known: &|_| Vec::new(),
            works_on_members: &|| false,
            text: &|path| (path == "deno.json").then_some(text),
            exists: &|_| None,
            list: &|_| None,
        })
    }

    #[test]
    fn import_maps_come_along_and_workspaces_refuse() {
        assert_eq!(
            findings("{\"importMap\": \"./import_map.json\"}"),
            [Finding::Also("import_map.json".into())]
        );
        assert!(matches!(findings("{\"workspace\": [\"a\"]}")[..], [Finding::Refuse(..)]));
        assert_eq!(findings("{\"imports\": {\"a\": \"jsr:@a/b\"}}"), []);
    }
}
