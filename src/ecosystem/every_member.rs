//! Which commands have to do with every member of a workspace of JavaScript packages: those that work
//! on each of them, and installs that fail where one is missing. Other installs leave out, without a
//! word, the link and the dependencies of a member that is not there, whatever the lock file says.

use super::names::is_lock_of_berry;
use super::{listed, name_matches};
use crate::bytes::Bytes;
use crate::sort::sort;

/// A program that works on every member.
struct Every {
    program: &'static str,
    /// The words that say so; any of them.
    words: &'static str,
    /// Words that choose some of the members.
    chosen: &'static str,
}

/// npm: <https://docs.npmjs.com/cli/v11/using-npm/workspaces>, pnpm:
/// <https://pnpm.io/cli/recursive>, Yarn: <https://classic.yarnpkg.com/en/docs/cli/workspaces>,
/// <https://yarnpkg.com/cli/workspaces/foreach>, then <https://lerna.js.org/docs/api-reference/commands>,
/// <https://turborepo.com/docs/reference/run>, <https://nx.dev/docs/reference/nx-commands>
const EVERY: &[Every] = &[
    Every { program: "npm", words: "--workspaces -ws", chosen: "--workspace --workspace=* -w" },
    Every { program: "pnpm", words: "-r --recursive recursive", chosen: "--filter* -F*" },
    Every {
        program: "yarn",
        words: "workspaces",
        chosen: "focus -R --recursive -W --worktree --since* --from* --include* --exclude*",
    },
    Every {
        program: "lerna",
        words: "run exec",
        chosen: "--scope* --ignore* --since* --include* --exclude*",
    },
    Every {
        program: "turbo",
        words: "build run",
        chosen: "--filter* --scope* --since* --affected",
    },
    Every { program: "nx", words: "run-many", chosen: "-p --projects* --exclude*" },
];

/// Whether a command works on every member, itself or by the scripts of a package.json that it runs.
pub fn works_on_every_member(command: &str, package: Option<&str>) -> bool {
    works(command, &|name| super::script_of(package?, name), crate::limits::SCRIPT_DEPTH)
}

fn works(command: &str, script: &dyn Fn(&str) -> Option<String>, depth: u32) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let behind = |every: &Every| {
        words.iter().position(|word| *word == every.program).map(|at| &words[at + 1..])
    };
    let has = |words: &[&str], some: &str| {
        words.iter().any(|word| listed(some, |pattern| name_matches(pattern, word)))
    };
    let is_every = |every: &Every| {
        behind(every).is_some_and(|words| has(words, every.words) && !has(words, every.chosen))
    };
    if EVERY.iter().any(is_every) {
        return true;
    }
    // `npm run build`, where that script is `turbo run build`.
    let name = match words[..] {
        ["npm" | "pnpm" | "yarn" | "bun", "run", name] | ["yarn" | "pnpm", name] => name,
        _ => return false,
    };
    depth > 0
        && script(name).is_some_and(|text| {
            text.split(['&', '|', ';']).any(|part| works(part.trim(), script, depth - 1))
        })
}

/// Whether an install fails where its lock file has a member that is not there: that of Yarn since
/// version 2, which would change the lock file.
/// <https://yarnpkg.com/cli/install#options-immutable>
pub fn fails_without_a_member(command: &str, lock: &str) -> bool {
    is_lock_of_berry(lock) && command.split_whitespace().any(|word| word == "--immutable")
}

/// Directories of the members that the text of a lock file names, sorted, beside other words;
/// `None` for that of Yarn 1, which names none. Where it lacks one, the others refuse that member,
/// and do well without it.
pub fn locked_members<'t>(name: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let is_yarn = name == "yarn.lock";
    if is_yarn && !is_lock_of_berry(text) {
        return None;
    }
    // `"packages/web": {`, `  packages/web:`, and of Yarn `"web@workspace:*, web@workspace:packages/web":`.
    let directory = |line: &'t str| match is_yarn {
        true => line.split("@workspace:").skip(1).last(),
        false => line.halves(b':').map(|(key, _)| key.trim()),
    };
    let bare = |found: &'t str| found.trim_matches(['"', '\'', ':']);
    let mut found: Vec<&str> = text.lines().filter_map(directory).map(bare).collect();
    sort(&mut found);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_work_on_every_member() {
        let package = r#"{"scripts": {"build": "turbo run build", "all": "tsc && npm run build",
                                      "web": "turbo build --filter=web", "one": "tsc",
                                      "loop": "npm run loop"}}"#;
        for (command, is_every) in [
            ("npm run build --workspaces", true),
            ("npm test -ws", true),
            ("npm run build -w web", false),
            ("npm run build --workspace=web", false),
            ("npm run one", false),
            ("pnpm -r build", true),
            ("pnpm --filter web... build", false),
            ("rm -r dist", false),
            ("yarn workspaces run build", true),
            ("yarn workspaces foreach -A run build", true),
            ("yarn workspaces foreach -R --from web run build", false),
            ("yarn workspace web build", false),
            ("npx lerna run build", true),
            ("npx lerna run build --scope web", false),
            ("pnpm turbo build", true),
            ("npx nx run-many -t build", true),
            ("npm run build", true),
            ("npm run all", true),
            ("yarn build", true),
            ("npm run web", false),
            ("npm run loop", false),
            ("npm ci", false),
        ] {
            assert_eq!(works_on_every_member(command, Some(package)), is_every, "{command}");
        }
        assert!(!works_on_every_member("npm run build", None));
    }

    #[test]
    fn lock_files_name_their_members() {
        let has = |name: &str, text: &str, directory: &str| {
            locked_members(name, text).is_none_or(|all| all.binary_search(&directory).is_ok())
        };
        let npm = "{\n  \"packages\": {\n    \"\": {},\n    \"packages/web\": {\n    },\n  }\n}\n";
        assert!(has("package-lock.json", npm, "packages/web"));
        assert!(!has("package-lock.json", npm, "packages/cli"));
        let pnpm = "importers:\n\n  .: {}\n\n  packages/web:\n    dependencies: {}\n\n  a: {}\n";
        assert!(has("pnpm-lock.yaml", pnpm, "packages/web"));
        assert!(has("pnpm-lock.yaml", pnpm, "a"));
        assert!(!has("pnpm-lock.yaml", pnpm, "packages/cli"));
        let yarn = "__metadata:\n  version: 8\n\n\"web@npm:1, web@workspace:packages/web\":\n  version: 0\n";
        assert!(has("yarn.lock", yarn, "packages/web"));
        assert!(!has("yarn.lock", yarn, "packages/we"));
        assert!(has("yarn.lock", "# yarn lockfile v1\n", "packages/web"));
        assert!(fails_without_a_member("yarn install --immutable", yarn));
        assert!(!fails_without_a_member("yarn install", yarn));
        assert!(!fails_without_a_member("yarn install --immutable", ""));
    }
}
