//! JavaScript package managers.

use super::{
    Action, Arguments, Cache, Kind, Manifest, Presence, TOOL, Tool, Unlisted, action, local, lock,
    optional,
};

pub(super) const TOOLS: &[Tool] = &[NPM];

const SCRIPTS: &str = "No lifecycle script of package.json (preinstall, install, postinstall, \
                       prepare) reads files of the project.";
const LOCAL: &str = "package.json names no local package (workspaces, `file:`, `link:`).";

const NPM: Tool = Tool {
    name: "npm",
    source: "https://docs.npmjs.com/cli/v11/commands/npm-ci",
    programs: &["npm"],
    value_options: &[
        "--registry",
        "--cache",
        "--omit",
        "--include",
        "--loglevel",
        "--userconfig",
        "--only",
        "--fetch-timeout",
        "--fetch-retries",
        "--maxsockets",
        "--network-timeout",
        "--jobs",
        "-w",
        "--workspace",
        "--before",
    ],
    directory_options: &["--prefix", "-C"],
    actions: &[
        Action {
            flags: &["-g", "--global", "--location=global"],
            arguments: Arguments::Packages,
            ..action(&["install|i|add|in|update|up|upgrade"], Kind::Install)
        },
        action(&["ci|clean-install|ic|install-clean|isntall-clean"], Kind::Install),
        Action {
            arguments: Arguments::ProjectPackages,
            writes: &["./package-lock.json"],
            ..action(&["install|i|add|in|isntall"], Kind::Install)
        },
        action(&["config|set|cache|version|get"], Kind::Upkeep),
    ],
    manifests: &[
        Manifest {
            path: "package.json",
            presence: Presence::Required,
            unlisted: Unlisted::As("package*.json"),
        },
        lock("package-lock.json", Unlisted::Covered),
        lock("npm-shrinkwrap.json", Unlisted::Assumed),
        optional(".npmrc"),
    ],
    writes: &["./node_modules"],
    caches: &[Cache { path: "~/.npm", variable: "npm_config_cache" }],
    assumes: &[SCRIPTS, LOCAL],
    inspect: Some(local::package_json),
    ..TOOL
};
