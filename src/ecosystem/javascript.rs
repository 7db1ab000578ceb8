//! JavaScript package managers on Node.js.

use super::{
    Action, ActionKind, Arguments, Cache, First, Looks, Manifest, OPTIONS, OptionTable, Presence,
    Source, TOOL, Tool, Unlisted, action, beside, by_settings, empties, first, local, lock,
    of_project, optional, required, said,
};

pub(super) const TOOLS: &[Tool] =
    &[BOWER, COREPACK, LERNA, NPM_CI, NPM, PNPM_FETCH, PNPM, YARN_BERRY, YARN];

/// Words of commands that work on the members of a workspace, and their settings.
/// <https://docs.npmjs.com/cli/v11/using-npm/workspaces>, <https://yarnpkg.com/cli/workspace>,
/// <https://pnpm.io/filtering>, <https://lerna.js.org/docs/api-reference/commands>
pub const WORKSPACE_WORDS: &str = "lerna lerna.json turbo turbo.json workspace foreach --workspace \
                               --workspaces --include-workspace-root --filter";

/// Words of installs for some members of a workspace, beside these.
/// <https://yarnpkg.com/cli/workspaces/focus>, <https://pnpm.io/filtering>
pub const SELECTING: &str = "-w -F --filter-prod focus --scope";

/// Of a project and of the members of its workspace.
pub(super) const PACKAGE_JSON_TEXTS: &str = "*.prisma .npmrc .yarnrc .yarnrc.yml npm-shrinkwrap.json \
                                             package-lock.json package.json pnpm-lock.yaml \
                                             pnpm-workspace.yaml yarn.lock bun.lock bunfig.toml";

/// They run programs that they name, or have Node.js load them.
/// <https://docs.npmjs.com/cli/v11/using-npm/config>, <https://pnpm.io/cli/install>
const RUNS: &str = "--script-shell --shell --node-options --git --init-module --onload-script --pnpmfile \
     --global-pnpmfile";

/// What npm and those who follow it take from the environment; the names of settings are read
/// in any case. <https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables>
pub(super) const NPM_VARIABLES: &str = "NPM_CONFIG_USERCONFIG npm_config_userconfig NPM_CONFIG_GLOBALCONFIG \
     npm_config_globalconfig NPM_CONFIG_CAFILE npm_config_cafile \
     NPM_CONFIG_PREFIX/etc/npmrc npm_config_prefix/etc/npmrc XDG_CONFIG_HOME/pnpm/rc";

const GLOBAL: &str = "-g --global --location=global";

/// Everything is in a cache: the command belongs behind the source.
pub(super) const fn offline(words: &'static [&'static str]) -> Action {
    Action { flags: "--offline", ..action(words, ActionKind::Everything) }
}

/// Packages that the command names, installed beside the project.
pub(super) const fn global(words: &'static [&'static str]) -> Action {
    Action { flags: GLOBAL, arguments: Arguments::Packages, ..action(words, ActionKind::Named) }
}

/// Without packages, the project itself.
pub(super) const fn global_self(words: &'static [&'static str]) -> Action {
    Action { flags: GLOBAL, arguments: Arguments::None, ..action(words, ActionKind::Compile) }
}

/// An install that adds the packages it names to the project.
pub(super) const fn install(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::ProjectPackages, ..action(words, ActionKind::Install) }
}

pub(super) const fn flags(flags: &'static str, kind: ActionKind) -> Action {
    Action { flags, ..action(&[], kind) }
}

/// An install that leaves the lock file as it is.
pub(super) const fn frozen(words: &'static [&'static str]) -> Action {
    Action {
        flags: "--frozen-lockfile --pure-lockfile --immutable",
        arguments: Arguments::None,
        ..action(words, ActionKind::Install)
    }
}

const VERSION: Action = flags("--version -v --help -h", ActionKind::Upkeep);

/// Runs a script of the project, or a program of its dependencies.
pub(super) const fn script(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Free, ..action(words, ActionKind::Everything) }
}

/// What is a script's name where the tool has no command of that name.
const SCRIPTS: &[&str] = &["run|exec|test|start|build|build:*|lint|compile|generate"];

const BOWER: Tool = Tool {
    name: "bower",
    source: Source::at("https://bower.io/docs/api/#install"),
    programs: &["bower"],
    options: OptionTable { opaque: "--config", ..OPTIONS },
    actions: &[
        VERSION,
        offline(&["install"]),
        Action { arguments: Arguments::None, ..action(&["install"], ActionKind::Install) },
    ],
    manifests: &[required("bower.json"), optional(".bowerrc")],
    writes: &["./bower_components"],
    caches: &[Cache { path: "~/.cache/bower", variable: "" }],
    inspect: Some(local::bower),
    texts: ".bowerrc bower.json",
    ..TOOL
};

const COREPACK: Tool = Tool {
    name: "corepack",
    source: Source::at("https://github.com/nodejs/corepack#utility-commands"),
    programs: &["corepack"],
    options: OptionTable { writes: "--install-directory -o --output", ..OPTIONS },
    actions: &[
        action(&["enable|disable"], ActionKind::Upkeep),
        Action {
            flags: "-g --global",
            arguments: Arguments::Packages,
            ..action(&["install"], ActionKind::Named)
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["prepare|hydrate"], ActionKind::Install)
        },
        action(&["install"], ActionKind::Install),
        VERSION,
    ],
    manifests: &[required("package.json")],
    // The nearest that names a package manager.
    settings: &["package.json"],
    writes: &["/usr/local/bin", "/usr/local/lib/node_modules", "~/.cache/node/corepack"],
    caches: &[Cache { path: "~/.cache/node/corepack", variable: "COREPACK_HOME" }],
    ..TOOL
};

const LERNA: Tool = Tool {
    name: "lerna",
    source: Source::at("https://lerna.js.org/docs/legacy-package-management"),
    programs: &["lerna"],
    actions: &[action(&["bootstrap"], ActionKind::Compile)],
    manifests: &[required("package.json"), required("lerna.json")],
    ..TOOL
};

const NPM_OPTIONS: OptionTable = OptionTable {
    values: "--registry --cache --omit --include --loglevel --only --fetch-timeout \
             --fetch-retries --fetch-retry-mintimeout --fetch-retry-maxtimeout --maxsockets \
             --network-timeout --jobs -w --workspace --before --location --install-strategy \
             --audit-level --cpu --os --libc --depth",
    directories: "--prefix -C",
    reads: "--userconfig --globalconfig --cafile --cert --key",
    runs: RUNS,
    noted: "--ignore-scripts",
    ..OPTIONS
};

const NPM_PACKAGE: Manifest = Manifest {
    path: "package.json",
    presence: Presence::Required,
    unlisted: Unlisted::As("package*.json"),
};
const NPM_LOCK: Manifest = lock("package-lock.json", Unlisted::Covered);
const NPM_SHRINKWRAP: Manifest = lock("npm-shrinkwrap.json", Unlisted::Assumed);

/// Fails without a lock file of its own.
const NPM_CI: Tool = Tool {
    actions: &[offline(NPM_CI_WORDS), action(NPM_CI_WORDS, ActionKind::Install)],
    manifests: &[NPM_PACKAGE, NPM_LOCK, NPM_SHRINKWRAP, beside(".npmrc")],
    inspect: Some(local::npm_ci),
    ..NPM
};

const NPM_CI_WORDS: &[&str] = &["ci|clean-install|ic|install-clean|isntall-clean"];

const NPM: Tool = Tool {
    name: "npm",
    source: Source::at("https://docs.npmjs.com/cli/v11/commands/npm-ci"),
    programs: &["npm"],
    options: NPM_OPTIONS,
    actions: &[
        global_self(&["install|i|add|in"]),
        global(&["install|i|add|in|update|up|upgrade|uninstall|rm"]),
        offline(&["install|i"]),
        // It keeps the lock file of Yarn as well, where there is one.
        Action {
            writes: &["./package-lock.json", "./yarn.lock"],
            ..install(&["install|i|add|in|isntall"])
        },
        Action {
            flags: "-g --global --location=global --location=user",
            writes: &["~/.npmrc"],
            ..action(&["config"], ActionKind::Upkeep)
        },
        // The settings of the project.
        Action { flags: "--location -L", ..action(&["config"], ActionKind::Everything) },
        Action { writes: &["~/.npmrc"], ..action(&["config|set|get"], ActionKind::Upkeep) },
        empties(&["cache", "clean|clear|rm"]),
        action(&["cache"], ActionKind::Upkeep),
        action(&["help|root|prefix|bin|ping|whoami"], ActionKind::Upkeep),
        script(&["run|run-script|exec|test|start|prune|dedupe|rebuild"]),
        VERSION,
    ],
    manifests: &[
        NPM_PACKAGE,
        NPM_LOCK,
        NPM_SHRINKWRAP,
        // Read and kept beside the lock file of its own:
        // <https://github.com/npm/cli/blob/latest/workspaces/arborist/lib/shrinkwrap.js>
        optional("yarn.lock"),
        beside(".npmrc"),
    ],
    writes: &["./node_modules"],
    caches: &[Cache { path: "~/.npm", variable: "npm_config_cache" }],
    scattered: "*.patch */bin/* .npmrc npm-shrinkwrap.json package-lock.json package.json",
    inspect: Some(local::package_json),
    texts: PACKAGE_JSON_TEXTS,
    variables: NPM_VARIABLES,
    ..TOOL
};

const PNPM_OPTIONS: OptionTable = OptionTable {
    values: "--filter -F --filter-prod --store-dir --reporter --loglevel --registry \
             --network-concurrency --fetch-timeout --fetch-retries --child-concurrency \
             --workspace-concurrency --virtual-store-dir --node-linker --config.store-dir",
    directories: "--dir -C --prefix",
    // Another directory for the lock file or the modules; members that are copied whole.
    opaque: "--lockfile-dir --modules-dir --global-dir --config.inject-workspace-packages \
             --config.injectWorkspacePackages --inject-workspace-packages",
    reads: "--userconfig --globalconfig --cafile",
    runs: RUNS,
    noted: "--ignore-scripts",
    ..OPTIONS
};

/// Where the manifests of a workspace are not known, the lock file alone fills the store.
const FETCH: First = First {
    carries: "--prod -P --production --dev -D --dir -C --prefix --registry --store-dir",
    ..first("fetch")
};

const PNPM_WRITES: &[&str] = &["./node_modules", "~/.local/share/pnpm", "/pnpm"];
const PNPM_CACHES: &[Cache] = &[
    Cache { path: "~/.local/share/pnpm/store", variable: "" },
    Cache { path: "/pnpm/store", variable: "" },
];

/// It fills the store from the lock file, and needs package.json where that names its version.
const PNPM_FETCH: Tool = Tool {
    name: "pnpm",
    source: Source::at("https://pnpm.io/cli/fetch"),
    programs: &["pnpm"],
    options: PNPM_OPTIONS,
    actions: &[action(&["fetch"], ActionKind::Install)],
    manifests: &[
        Manifest {
            path: "pnpm-lock.yaml",
            presence: Presence::Required,
            unlisted: Unlisted::As("pnpm-lock.yaml"),
        },
        lock("pnpm-workspace.yaml", Unlisted::Beside),
        beside(".npmrc"),
        COREPACK_ENV,
        optional(".pnpmfile.cjs"),
        optional("patches/"),
    ],
    // What is installed later comes from the store.
    writes: &["./node_modules", "~/.local/share/pnpm/store", "/pnpm/store"],
    caches: PNPM_CACHES,
    inspect: Some(local::pnpm_fetch),
    ..TOOL
};

const PNPM: Tool = Tool {
    name: "pnpm",
    source: Source::at("https://pnpm.io/cli/install"),
    programs: &["pnpm"],
    options: PNPM_OPTIONS,
    actions: &[
        global_self(&["install|i|add"]),
        global(&["install|i|add|update|up|remove|rm"]),
        Action { flags: GLOBAL, ..action(&["env", "use"], ActionKind::Named) },
        offline(&["install|i"]),
        Action { first: Some(&FETCH), ..frozen(&["install|i"]) },
        Action {
            first: Some(&FETCH),
            writes: &["./pnpm-lock.yaml"],
            ..install(&["install|i|add"])
        },
        action(&["config", "get|list"], ActionKind::Upkeep),
        Action {
            flags: "-g --global --location=global",
            writes: &["~/.config/pnpm"],
            ..action(&["config|c"], ActionKind::Upkeep)
        },
        // The settings of the project.
        Action { flags: "--location", ..action(&["config|c"], ActionKind::Everything) },
        // Without an option pnpm 7 to 10 write the user's: <https://pnpm.io/cli/config>.
        Action { writes: &["~/.config/pnpm"], ..by_settings(&["config|c|set"]) },
        Action { looks: Looks::Settings, ..empties(&["store", "prune"]) },
        action(&["store|root|bin|help"], ActionKind::Upkeep),
        script(SCRIPTS),
        Action { looks: Looks::Settings, ..VERSION },
    ],
    manifests: &[
        required("package.json"),
        lock("pnpm-lock.yaml", Unlisted::As("pnpm-lock.yaml*")),
        // Since pnpm 10 it holds settings of single packages, too.
        lock("pnpm-workspace.yaml", Unlisted::Beside),
        beside(".npmrc"),
        optional(".pnpmfile.cjs"),
        optional(".pnpmfile.mjs"),
    ],
    // `packageManager` names the version that runs: <https://pnpm.io/package_json>.
    settings: &["package.json", ".npmrc", "pnpm-workspace.yaml"],
    writes: PNPM_WRITES,
    caches: PNPM_CACHES,
    scattered: "*.patch */bin/* .npmrc .pnpmfile.cjs .pnpmfile.mjs package.json pnpm-lock.yaml \
                pnpm-workspace.yaml",
    inspect: Some(local::package_json),
    texts: PACKAGE_JSON_TEXTS,
    variables: NPM_VARIABLES,
    ..TOOL
};

const YARN_OPTIONS: OptionTable = OptionTable {
    values: "--registry --cache-folder --network-timeout --network-concurrency --mutex \
             --preferred-cache-folder --global-folder --prefix --mode --otp --jobs -j",
    directories: "--cwd",
    reads: "--use-yarnrc --cafile",
    runs: "--scripts-prepend-node-path --script-shell",
    writes: "--link-folder",
    opaque: "--modules-folder",
    noted: "--ignore-scripts --immutable --immutable-cache --check-cache",
    ..OPTIONS
};

const YARN_CACHES: &[Cache] = &[
    Cache { path: "/usr/local/share/.cache/yarn", variable: "YARN_CACHE_FOLDER" },
    Cache { path: "~/.yarn/berry/cache", variable: "YARN_GLOBAL_FOLDER" },
];

const YARN_FILES: &str =
    "*.patch */.yarn/* */bin/* .npmrc .yarnrc .yarnrc.yml package.json yarn.lock";

const PACKAGE_JSON: Manifest = required("package.json");

/// <https://github.com/nodejs/corepack#environment-variables>
const COREPACK_ENV: Manifest = said(".corepack.env");

/// Yarn 2 and later, where a flag that only it has gives it away.
const YARN_BERRY: Tool = Tool {
    name: "yarn",
    source: Source::at("https://yarnpkg.com/cli/install"),
    programs: &["yarn", "yarnpkg"],
    options: YARN_OPTIONS,
    actions: &[
        Action { flags: IMMUTABLE, writes: &["./yarn.lock"], ..action(&[], ActionKind::Install) },
        Action {
            flags: IMMUTABLE,
            arguments: Arguments::None,
            writes: &["./yarn.lock"],
            ..action(&["install"], ActionKind::Install)
        },
        action(&["workspaces", "focus"], ActionKind::Install),
    ],
    manifests: &[
        PACKAGE_JSON,
        lock("yarn.lock", Unlisted::As("yarn.lock*")),
        lock(".yarnrc.yml", Unlisted::As(".yarnrc.yml*")),
        beside(".npmrc"),
        // https://yarnpkg.com/configuration/yarnrc#injectEnvironmentFiles
        said(".env.yarn"),
        COREPACK_ENV,
    ],
    // `packageManager` names the version that runs, also for what lies below:
    // <https://github.com/nodejs/corepack#when-authoring-packages>.
    settings: &["package.json", ".yarnrc.yml"],
    writes: &[
        "./node_modules",
        "./.yarn/install-state.gz",
        "./.yarn/build-state.yml",
        "./.yarn/unplugged",
        "./.pnp.cjs",
    ],
    caches: YARN_CACHES,
    scattered: YARN_FILES,
    inspect: Some(local::package_json),
    texts: PACKAGE_JSON_TEXTS,
    variables: NPM_VARIABLES,
    frozen: "--immutable",
    ..TOOL
};

const IMMUTABLE: &str = "--immutable --immutable-cache --check-cache --inline-builds";

const YARN: Tool = Tool {
    name: "yarn",
    source: Source::at("https://classic.yarnpkg.com/en/docs/cli/install"),
    programs: &["yarn", "yarnpkg"],
    options: YARN_OPTIONS,
    actions: &[
        Action { looks: Looks::Settings, ..VERSION },
        offline(&[]),
        offline(&["install"]),
        frozen(&[]),
        frozen(&["install"]),
        Action { writes: &["./yarn.lock"], ..action(&[], ActionKind::Install) },
        Action {
            arguments: Arguments::None,
            writes: &["./yarn.lock"],
            ..action(&["install"], ActionKind::Install)
        },
        Action {
            arguments: Arguments::None,
            writes: &["./yarn.lock"],
            ..action(&["workspace", "*", "install"], ActionKind::Install)
        },
        install(&["add"]),
        Action {
            arguments: Arguments::Packages,
            ..action(&["global", "add|upgrade"], ActionKind::Named)
        },
        action(&["global", "bin|dir|list|remove"], ActionKind::Upkeep),
        // Yarn 2 and later write beside the project, which they look for, unless they are told
        // not to: <https://yarnpkg.com/cli/config/set>.
        Action {
            flags: "-H --home -g --global",
            writes: &["~/.yarnrc", "~/.yarnrc.yml"],
            ..by_settings(&["config"])
        },
        Action { writes: &["~/.yarnrc", "./.yarnrc.yml"], ..of_project(&["config"]) },
        Action { looks: Looks::Settings, ..empties(&["cache", "clean|clear"]) },
        action(&["cache"], ActionKind::Upkeep),
        action(&["help|versions"], ActionKind::Upkeep),
        script(SCRIPTS),
        script(&["workspace", "*"]),
    ],
    manifests: &[
        PACKAGE_JSON,
        lock("yarn.lock", Unlisted::As("yarn.lock*")),
        beside(".npmrc"),
        // https://classic.yarnpkg.com/en/docs/cli/autoclean
        optional(".yarnclean"),
        optional(".yarnrc"),
        optional(".yarnrc.yml"),
        said(".env.yarn"),
        COREPACK_ENV,
    ],
    settings: &["package.json", ".yarnrc", ".npmrc", ".yarnrc.yml"],
    writes: &["./node_modules"],
    caches: YARN_CACHES,
    scattered: YARN_FILES,
    inspect: Some(local::package_json),
    texts: PACKAGE_JSON_TEXTS,
    variables: NPM_VARIABLES,
    frozen: "--frozen-lockfile --pure-lockfile",
    ..TOOL
};
