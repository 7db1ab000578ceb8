//! Commands of lifecycle scripts: what they read of the project.

use super::json;

/// Commands that read nothing of the project but the paths named.
const COMMANDS: &[(&str, &[&str])] = &[
    (":", &[]),
    ("echo", &[]),
    ("exit 0", &[]),
    ("husky", &[]),
    ("is-ci", &[]),
    ("lefthook install", &[]),
    ("ngcc", &[]),
    ("only-allow", &[]),
    ("opencollective", &[]),
    ("opencollective-postinstall", &[]),
    ("patch-package", &["patches/"]),
    ("pinst", &[]),
    ("simple-git-hooks", &[]),
    ("true", &[]),
];

/// Programs that run the program named behind them.
const RUNNERS: &[&str] =
    &["npx --no-install ", "npx --yes ", "npx -y ", "npx ", "pnpm exec ", "yarn "];

/// The paths that a script reads, relative to its package; `None` where that is not known.
pub fn paths_of(script: &str, package: &json::Value) -> Option<Vec<String>> {
    let mut paths = Vec::new();
    for command in script.split(['&', '|', ';']).map(str::trim).filter(|c| !c.is_empty()) {
        let command = bare(command);
        if let Some(rest) = starts_with(command, "prisma generate") {
            paths.push(schema(rest, package)?);
            continue;
        }
        let (_, reads) = COMMANDS.iter().find(|(known, _)| {
            // A word more could be a path.
            starts_with(command, known)
                .is_some_and(|rest| *known == "echo" || !rest.contains(['.', '/', '<', '$', '`']))
        })?;
        paths.extend(reads.iter().map(|&path| path.to_owned()));
    }
    Some(paths)
}

/// Where Prisma finds its schema.
/// <https://www.prisma.io/docs/orm/reference/prisma-cli-reference#generate>
fn schema(options: &str, package: &json::Value) -> Option<String> {
    let mut words = options.split([' ', '=']).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        match word {
            "--schema" => return words.next().map(str::to_owned),
            _ if word.contains(['/', '$']) => return None,
            _ => {}
        }
    }
    let named = package.get("prisma").and_then(|prisma| prisma.get("schema"));
    Some(named.and_then(|path| path.text()).unwrap_or("prisma/").to_owned())
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

    fn paths(script: &str) -> Option<Vec<String>> {
        paths_of(script, &json::parse("{\"prisma\": {\"schema\": \"db/s.prisma\"}}").unwrap())
    }

    #[test]
    fn known_commands_read_what_they_name() {
        let none: Option<Vec<String>> = Some(vec![]);
        for script in
            ["husky || true", "is-ci || husky install", "npx only-allow pnpm", "A=1 husky"]
        {
            assert_eq!(paths(script), none, "{script}");
        }
        assert_eq!(paths("prisma generate && patch-package").unwrap(), ["db/s.prisma", "patches/"]);
        assert_eq!(paths("npx prisma generate --schema=a/b.prisma").unwrap(), ["a/b.prisma"]);
    }

    #[test]
    fn other_commands_are_not_known() {
        for script in [
            "node x.js",
            "husky ./x",
            "npm run build",
            "prisma migrate",
            "huskyx",
            "patch-package --patch-dir ./p",
        ] {
            assert_eq!(paths(script), None, "{script}");
        }
    }
}
