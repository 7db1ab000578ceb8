//! Commands of lifecycle scripts: what they read of the project.

use super::prisma::schema;
use crate::ecosystem::manifest::Value;

/// Commands that read nothing of the project but the paths named.
const COMMANDS: &[(&str, &[&str])] = &[
    (":", &[]),
    ("echo", &[]),
    ("exit 0", &[]),
    // https://git-scm.com/docs/git-config#Documentation/git-config.txt-corehooksPath
    ("git config core.hooksPath", &[]),
    ("git config --local core.hooksPath", &[]),
    ("husky", &[]),
    ("is-ci", &[]),
    ("lefthook install", &[]),
    // https://github.com/angular/angular/blob/14.0.0/packages/compiler-cli/ngcc/README.md
    ("ngcc", &["ngcc.config.js", "tsconfig.json"]),
    ("only-allow", &[]),
    ("opencollective", &[]),
    ("opencollective-postinstall", &[]),
    ("patch-package", &["patches/"]),
    ("pinst", &[]),
    ("simple-git-hooks", &[]),
    ("true", &[]),
];

/// Programs that take away the paths behind them, and read nothing.
const REMOVERS: &[&str] = &["del-cli", "rimraf", "rm", "shx rm"];

/// Programs that run the program named behind them.
const RUNNERS: &[&str] =
    &["npx --no-install ", "npx --yes ", "npx -y ", "npx ", "pnpm exec ", "yarn "];

/// The paths that a script reads, relative to its package, of which some exist; `None` where
/// that is not known.
pub fn paths_of(
    script: &str,
    package: &Value,
    exists: &dyn Fn(&str) -> Option<bool>,
) -> Option<Vec<String>> {
    let mut paths = Vec::new();
    for command in script.split(['&', '|', ';']).map(str::trim).filter(|c| !c.is_empty()) {
        let command = bare(command);
        if let Some(rest) = starts_with(command, "prisma generate") {
            paths.push(schema(rest, package, exists)?);
            continue;
        }
        if REMOVERS.iter().any(|name| starts_with(command, name).is_some_and(is_installed)) {
            continue;
        }
        let (_, reads) = COMMANDS.iter().find(|(known, _)| {
            // A word more could be a path, and an option may name one.
            starts_with(command, known).is_some_and(|rest| match *known {
                _ if known.starts_with("git ") => !rest.contains(['<', '>', '$', '`']),
                "echo" => !rest.contains(['<', '>', '`']) && !rest.contains("$("),
                _ => !rest.contains(['.', '/', '<', '$', '`']) && !rest.contains("-dir"),
            })
        })?;
        paths.extend(reads.iter().map(|&path| path.to_owned()));
    }
    Some(paths)
}

/// Whether all words but options are paths of what the install itself writes, which no copy of the
/// project brings: `./node_modules/canvas`.
fn is_installed(words: &str) -> bool {
    words.split_whitespace().filter(|word| !word.starts_with('-')).all(|word| {
        let path = word.strip_prefix("./").unwrap_or(word);
        path.starts_with("node_modules/")
            && !path.contains(['$', '`', '<', '>'])
            && !path.contains("..")
    })
}

/// The command without settings and runners in front of it.
fn bare(mut command: &str) -> &str {
    while let Some((first, rest)) = command.split_once(' ') {
        let is_setting = first.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        if !is_setting {
            break;
        }
        command = rest.trim_start();
    }
    RUNNERS.iter().find_map(|runner| command.strip_prefix(runner)).unwrap_or(command).trim_start()
}

/// What stands behind `start`, where that is a word of its own.
fn starts_with<'t>(command: &'t str, start: &str) -> Option<&'t str> {
    command.strip_prefix(start).filter(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::manifest::json;

    fn paths(script: &str) -> Option<Vec<String>> {
        let package = json::parse("{\"prisma\": {\"schema\": \"db/s.prisma\"}}").unwrap();
        paths_of(script, &package, &|_| None)
    }

    #[test]
    fn known_commands_read_what_they_name() {
        let none: Option<Vec<String>> = Some(vec![]);
        for script in [
            "husky || true",
            "is-ci || husky install",
            "npx only-allow pnpm",
            "A=1 husky",
            "echo ./x $A",
            "git config core.hooksPath .githooks || true",
            "rimraf ./node_modules/canvas",
            "rm -rf node_modules/a node_modules/b/* || true",
        ] {
            assert_eq!(paths(script), none, "{script}");
        }
        assert_eq!(paths("prisma generate && patch-package").unwrap(), ["db/s.prisma", "patches/"]);
        assert_eq!(paths("ngcc --tsconfig").unwrap(), ["ngcc.config.js", "tsconfig.json"]);
        assert_eq!(paths("npx prisma generate --schema=a/b.prisma").unwrap(), ["a/b.prisma"]);
    }

    #[test]
    fn the_schema_of_prisma_is_where_it_looks() {
        let there = |name: &'static str| {
            paths_of("prisma generate", &Value::Table(Vec::new()), &|path| Some(path == name))
        };
        assert_eq!(there("schema.prisma").unwrap(), ["schema.prisma"]);
        assert_eq!(there("prisma/schema.prisma").unwrap(), ["prisma/"]);
        assert_eq!(there("prisma.config.ts"), None);
        assert_eq!(there(".config/prisma.ts"), None);
    }

    #[test]
    fn other_commands_are_not_known() {
        for script in [
            "node x.js",
            "git config core.hooksPath $(./x.sh)",
            "git config core.hooksPath x > y",
            "git config include.path ../.gitconfig",
            "husky ./x",
            "npm run build",
            "prisma migrate",
            "huskyx",
            "patch-package --patch-dir ./p",
            "patch-package --patch-dir p",
            "echo $(node x.js)",
            "echo `node x.js`",
            "rimraf dist",
            "rm -rf node_modules/a ./b",
            "rm -rf node_modules/../src",
            "rm -rf node_modules/$(cat x)",
            "rimrafs node_modules/a",
        ] {
            assert_eq!(paths(script), None, "{script}");
        }
    }
}
