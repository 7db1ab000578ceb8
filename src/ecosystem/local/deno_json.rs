//! deno.json: workspaces, an import map of its own, links to local packages.

use super::schema::{Schema, file, present};
use super::{Finding, Project};
use crate::ecosystem::manifest::json;
use crate::issue::RefusalReason::LocalDependency;

/// What deno.json says about an install without the source.
/// <https://docs.deno.com/runtime/fundamentals/configuration/>
pub fn deno_json(project: &Project<'_>) -> Vec<Finding> {
    const DENO: Schema = Schema {
        parse: json::parse,
        unread: &["`{}` names no workspace and no local package."],
        places: &[
            present(
                "workspace|links|patch",
                LocalDependency,
                "`{}` names local packages, which the install needs",
            ),
            file("importMap"),
            file("lock"),
            file("lock.path"),
        ],
    };
    let name = ["deno.json", "deno.jsonc"].into_iter().find(|name| (project.text)(name).is_some());
    let mut findings = Vec::new();
    DENO.read(project, name.unwrap_or("deno.json"), &mut findings);
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::{also, refuses};
    use super::*;

    #[test]
    fn import_maps_come_along_and_workspaces_refuse() {
        let map = ("deno.json", "{\"importMap\": \"./import_map.json\", \"lock\": false}");
        assert_eq!(also(deno_json, 1, &[map]), ["import_map.json"]);
        let lock = ("deno.jsonc", "{\"lock\": {\"path\": \"x.lock\"}, /* why */}");
        assert_eq!(also(deno_json, 1, &[lock]), ["x.lock"]);
        let imports = ("deno.json", "{\"imports\": {\"a\": \"jsr:@a/b\"}}");
        assert_eq!(also(deno_json, 1, &[imports]), [""; 0]);
        for text in ["{\"workspace\": [\"a\"]}", "{\"links\": []}", "{"] {
            assert!(refuses(deno_json, 1, &[("deno.json", text)]), "{text}");
        }
    }
}
