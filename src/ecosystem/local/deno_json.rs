//! deno.json: workspaces, an import map of its own, links to local packages.

use super::schema::{Schema, file, present, refused};
use super::{Finding, Project};
use crate::ecosystem::manifest::json;
use crate::issue::RefusalReason::LocalDependency;

/// <https://docs.deno.com/runtime/reference/cli/install/>
const NAMES_FILE: &str = "`{}` names the file `{value}`, whose imports the install fetches as well";

/// Whether an entry is a file of the project, and no directory.
fn is_file(path: &str) -> bool {
    path.starts_with(['.', '/']) && !path.ends_with('/')
}

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
            refused("imports.*", is_file, LocalDependency, NAMES_FILE),
            refused("scopes.*.*", is_file, LocalDependency, NAMES_FILE),
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
        let names = "{\"imports\": {\"@/\": \"./src/\", \"a\": \"npm:a@1\"}}";
        assert_eq!(also(deno_json, 1, &[("deno.json", names)]), [""; 0]);
        let named = "{\"imports\": {\"@/u\": \"./src/u.ts\"}}";
        assert!(refuses(deno_json, 1, &[("deno.json", named)]));
        let scoped = "{\"scopes\": {\"https://a.b/\": {\"c\": \"./c.ts\"}}}";
        assert!(refuses(deno_json, 1, &[("deno.json", scoped)]));
        for text in ["{\"workspace\": [\"a\"]}", "{\"links\": []}", "{"] {
            assert!(refuses(deno_json, 1, &[("deno.json", text)]), "{text}");
        }
    }
}
