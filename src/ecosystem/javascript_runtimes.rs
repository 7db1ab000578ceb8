//! JavaScript runtimes that install packages themselves: Bun and Deno.

use super::javascript::{
    PACKAGE_JSON_TEXTS, flags, frozen, global, global_self, install, offline, script,
};
use super::{
    Action, ActionKind, Arguments, Cache, OPTIONS, OptionTable, Source, TOOL, Tool, Unlisted,
    action, beside, empties, local, lock, optional, required, said, substitute,
};

pub(super) const TOOLS: &[Tool] = &[BUN, DENO];

const VERSION: Action = flags("--version -v -V --revision --help", ActionKind::Upkeep);

const BUN: Tool = Tool {
    name: "bun",
    source: Source::at("https://bun.com/docs/cli/install"),
    programs: &["bun"],
    options: OptionTable {
        values: "--registry --cache-dir --backend --omit --filter --network-concurrency \
                 --concurrent-scripts --linker",
        directories: "--cwd",
        reads: "-c --config --cafile",
        noted: "--ignore-scripts",
        ..OPTIONS
    },
    actions: &[
        global_self(&["install|i|add|a"]),
        global(&["install|i|add|a|remove|rm|update"]),
        offline(&["install|i"]),
        frozen(&["install|i"]),
        Action { writes: &["./bun.lock", "./bun.lockb"], ..install(&["install|i|add|a"]) },
        Action { arguments: Arguments::None, ..action(&["ci"], ActionKind::Install) },
        empties(&["pm", "cache"]),
        script(&["run|test|build|x"]),
        VERSION,
    ],
    manifests: &[
        required("package.json"),
        // The lock file is `bun.lock`, or `bun.lockb` before 1.2.
        lock("bun.lock", Unlisted::As("bun.lock*")),
        lock("bun.lockb", Unlisted::Covered),
        // It migrates them: <https://bun.com/docs/pm/lockfile>.
        substitute("package-lock.json"),
        substitute("pnpm-lock.yaml"),
        substitute("pnpm-workspace.yaml"),
        substitute("yarn.lock"),
        optional("bunfig.toml"),
        beside(".npmrc"),
        // It reads them before it does anything: <https://bun.com/docs/runtime/environment-variables>.
        optional(".env"),
        said(".env.development"),
        said(".env.local"),
        said(".env.production"),
    ],
    writes: &["./node_modules"],
    caches: &[Cache { path: "~/.bun/install/cache", variable: "BUN_INSTALL_CACHE_DIR" }],
    scattered: "*.patch */bin/* .npmrc bun.lock bun.lockb bunfig.toml package.json",
    inspect: Some(local::package_json),
    texts: PACKAGE_JSON_TEXTS,
    variables: "NPM_CONFIG_USERCONFIG XDG_CONFIG_HOME/.bunfig.toml",
    ..TOOL
};

const DENO: Tool = Tool {
    name: "deno",
    source: Source::at("https://docs.deno.com/runtime/reference/cli/install/"),
    programs: &["deno"],
    options: OptionTable {
        values: "--log-level -L --root -n --name",
        reads: "--cert",
        opaque: "-c --config --import-map --lock",
        ..OPTIONS
    },
    actions: &[
        // The entry points are the source.
        Action { flags: "-e --entrypoint", ..action(&["install"], ActionKind::Compile) },
        Action {
            flags: "-g --global",
            arguments: Arguments::Packages,
            ..action(&["install"], ActionKind::Named)
        },
        Action {
            arguments: Arguments::None,
            writes: &["./deno.lock"],
            ..action(&["install|i"], ActionKind::Install)
        },
        action(&["cache|compile|bundle"], ActionKind::Compile),
        action(&["upgrade"], ActionKind::Named),
        VERSION,
    ],
    manifests: &[
        lock("deno.json", Unlisted::As("deno.json*")),
        lock("deno.jsonc", Unlisted::Covered),
        lock("deno.lock", Unlisted::As("deno.lock*")),
        optional("package.json"),
        beside(".npmrc"),
    ],
    writes: &["./node_modules", "/deno-dir", "~/.cache/deno"],
    caches: &[
        Cache { path: "/deno-dir", variable: "DENO_DIR" },
        Cache { path: "~/.cache/deno", variable: "DENO_DIR" },
    ],
    inspect: Some(local::deno_json),
    texts: "deno.json deno.jsonc",
    frozen: "--frozen --frozen=true --no-lock",
    ..TOOL
};
