//! What `prisma generate` reads, which installs run: its settings, its schema, and what the
//! generators in it name. <https://www.prisma.io/docs/orm/prisma-schema/overview/generators>

use super::{Finding, Project, join, parent, refuse};
use crate::ecosystem::listed;
use crate::ecosystem::manifest::Value;
use crate::issue::RefusalReason;

/// Settings, which are a program.
/// <https://www.prisma.io/docs/orm/reference/prisma-config-reference#supported-file-extensions>
pub const SETTINGS: [&str; 6] = [
    "prisma.config.ts",
    "prisma.config.js",
    "prisma.config.mjs",
    ".config/prisma.ts",
    ".config/prisma.js",
    ".config/prisma.mjs",
];

/// Generators that read nothing but the schema.
const GENERATORS: &str = "prisma-client prisma-client-js";

/// What has to hold of a schema that is not read whole.
pub const SCHEMAS: &str = "The schema of Prisma names no generator of the project, and no \
                           directory for its output that the copied files bring as well.";

/// Where Prisma finds its schema.
/// <https://www.prisma.io/docs/orm/prisma-schema/overview/location>
pub fn schema(
    options: &str,
    package: &Value,
    exists: &dyn Fn(&str) -> Option<bool>,
) -> Option<String> {
    let is_there = |path: &str| exists(path) == Some(true);
    if SETTINGS.into_iter().any(is_there) {
        return None;
    }
    let mut words = options.split([' ', '=']).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        match word {
            "--schema" => return words.next().map(str::to_owned),
            "--config" => return None,
            _ if word.contains(['/', '$']) => return None,
            _ => {}
        }
    }
    let usual = if is_there("schema.prisma") { "schema.prisma" } else { "prisma/" };
    Some(package.first("prisma.schema").unwrap_or(usual).to_owned())
}

/// Reads the schemas among what an install was `found` to read.
pub fn read_schemas(project: &Project<'_>, found: &mut Vec<Finding>) {
    let paths = found.iter().filter_map(|finding| match finding {
        Finding::Also(path) => Some(path.trim_end_matches('/')),
        _ => None,
    });
    let mut schemas: Vec<String> = Vec::new();
    let mut all_read = true;
    for path in paths {
        if path.ends_with(".prisma") {
            schemas.push(path.to_owned());
        } else {
            let inside = (project.list)(&format!("{path}/**/*.prisma"));
            let is_schema = path.ends_with("prisma");
            all_read &= !is_schema || inside.is_some();
            schemas.extend(inside.into_iter().flatten());
        }
    }
    for path in &schemas {
        match (project.text)(path) {
            Some(text) => all_read &= generators(path, text, project, found),
            None => all_read = false,
        }
    }
    if !all_read {
        found.push(Finding::Assume(SCHEMAS.into()));
    }
}

/// Looks at the generators of one schema; whether nothing of it has to be assumed.
fn generators(path: &str, text: &str, project: &Project<'_>, found: &mut Vec<Finding>) -> bool {
    let (mut inside, mut is_known) = (false, true);
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        inside = if inside { line != "}" } else { line.starts_with("generator ") };
        let Some((name, value)) = line.split_once('=').filter(|_| inside) else { continue };
        let Some(value) = value.split('"').nth(1) else { continue };
        let (name, place) = (name.trim(), join(parent(path), value));
        if name == "provider" {
            if value.contains(['/', ' ', '.']) {
                found.push(refuse(
                    RefusalReason::LifecycleScript,
                    &format!("`{path}` has a generator of the project (`{value}`)"),
                ));
            }
            is_known &= listed(GENERATORS, |known| known == value);
        } else {
            // `output`, and what generators of others call their settings.
            match (project.exists)(&place) {
                Some(true) => found.push(refuse(
                    RefusalReason::LifecycleScript,
                    &format!("`{path}` has a generator that works on `{place}`"),
                )),
                // Made anew by each install, and the one of a host may be of another system.
                Some(false) if name == "output" => found.push(Finding::Makes(place)),
                Some(false) => {}
                None => is_known = false,
            }
        }
    }
    is_known
}

#[cfg(test)]
mod tests {
    use super::super::package_json;
    use super::super::tests::findings;
    use super::*;

    fn of(schema: &str, beside: &str) -> Vec<Finding> {
        let package = r#"{"scripts": {"postinstall": "prisma generate"}}"#;
        let files = [("package.json", package), ("prisma/schema.prisma", schema), (beside, "?")];
        findings(package_json, 1, &files)
    }

    #[test]
    fn generators_of_the_project_and_outputs_in_the_source_are_seen() {
        let also = [Finding::Also("prisma/".into())];
        let plain = "generator client {\n  provider = \"prisma-client-js\"\n}\n\
                     datasource db {\n  provider = \"postgresql\"\n  url = env(\"URL\")\n}";
        assert_eq!(of(plain, "src/a.ts"), also);
        let output =
            "generator client {\n  provider = \"prisma-client\"\n  output = \"../src/gen\"\n}";
        assert_eq!(of(output, "src/a.ts"), [also[0].clone(), Finding::Makes("src/gen".into())]);
        let refused = |schema, beside| {
            let found = of(schema, beside);
            assert!(matches!(found[..], [_, Finding::Refuse(..), ..]), "{found:?}");
        };
        refused(output, "src/gen/index.ts");
        refused("generator x {\n  provider = \"node ./gen.js\"\n}", "src/a.ts");
        let other = "generator erd {\n  provider = \"prisma-erd-generator\"\n}";
        let assumed = Finding::Assume(SCHEMAS.into());
        assert_eq!(of(other, "src/a.ts"), [also.to_vec(), vec![assumed]].concat());
        refused(&other.replace("\n}", "\n  output = \"../docs/erd.svg\"\n}"), "docs/erd.svg");
    }
}
