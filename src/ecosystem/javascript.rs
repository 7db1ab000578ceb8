//! JavaScript package managers.

use super::{
    Action, Arguments, Cache, Kind, Manifest, OPTIONS, OptionTable, Presence, Tool, Unlisted,
    action, local, lock, optional,
};

pub(super) const TOOLS: &[Tool] = &[NPM];

const GLOBAL: &[&str] = &["-g", "--global", "--location=global"];

const SCRIPTS: &str = "No lifecycle script of package.json (preinstall, install, postinstall, \
                       prepare) reads files of the project.";
const LOCAL: &str = "package.json names no local package (workspaces, `file:`, `link:`).";

const NPM: Tool = Tool {
    name: "npm",
    source: "https://docs.npmjs.com/cli/v11/commands/npm-ci",
    programs: &["npm"],
    options: OptionTable {
        values: "--registry --cache --omit --include --loglevel --only --fetch-timeout \
                 --fetch-retries --fetch-retry-mintimeout --fetch-retry-maxtimeout --maxsockets \
                 --network-timeout --jobs -w --workspace --before --location --install-strategy \
                 --audit-level --cpu --os --libc --depth",
        directories: "--prefix -C",
        reads: "--userconfig --globalconfig --cafile",
        ..OPTIONS
    },
    actions: &[
        // Without packages it installs the project itself.
        Action {
            flags: GLOBAL,
            arguments: Arguments::None,
            ..action(&["install|i|add|in"], Kind::Compile)
        },
        Action {
            flags: GLOBAL,
            arguments: Arguments::Packages,
            ..action(&["install|i|add|in|update|up|upgrade|uninstall|rm"], Kind::Named)
        },
        // Everything is in its cache: it belongs behind the source.
        Action { flags: &["--offline"], ..action(&["install|i|ci"], Kind::Everything) },
        action(&["ci|clean-install|ic|install-clean|isntall-clean"], Kind::Install),
        Action {
            arguments: Arguments::ProjectPackages,
            writes: &["./package-lock.json"],
            ..action(&["install|i|add|in|isntall"], Kind::Install)
        },
        Action { writes: &["~/.npmrc"], ..action(&["config|set|get"], Kind::Upkeep) },
        action(&["cache|help|root|prefix|bin|ping|whoami"], Kind::Upkeep),
        Action { flags: &["--version", "-v"], ..action(&[], Kind::Upkeep) },
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
    variables: &["NPM_CONFIG_USERCONFIG", "npm_config_userconfig"],
};
