//! Rust.

use super::{
    Action, ActionKind, Arguments, Cache, First, OPTIONS, OptionTable, Source, TOOL, Tool,
    Unlisted, action, first, local, lock, optional, required,
};

pub(super) const TOOLS: &[Tool] = &[CHEF, CARGO, RUSTUP];

/// Without sources cargo finds "no targets specified in the manifest"
/// (<https://github.com/rust-lang/cargo/issues/5098>); empty ones are enough for a fetch, and
/// nothing is compiled that a later copy would have to outdate. It fetches for all platforms, features
/// and tests, and fails at a manifest of an edition that it does not know
/// (<https://doc.rust-lang.org/edition-guide/rust-2024/index.html>), such as wasip2 has.
const FETCH: First = First {
    carries: "--locked --manifest-path",
    fills_caches: true,
    reads_all_since: "rust 1.85",
    ..first("fetch")
};

/// `cargo install` resolves the dependencies anew, and keeps no lock file.
/// <https://doc.rust-lang.org/cargo/commands/cargo-install.html#dealing-with-the-lockfile>
const FETCH_FOR_INSTALL: First = First {
    assumes: &["Nothing minds the `Cargo.lock` that `cargo fetch` writes where there is none."],
    ..FETCH
};

const CACHES: &[Cache] = &[
    Cache { path: "/usr/local/cargo/registry", variable: "CARGO_HOME" },
    Cache { path: "/usr/local/cargo/git", variable: "CARGO_HOME" },
    Cache { path: "~/.cargo/registry", variable: "CARGO_HOME" },
];

const VALUES: &str = "--target --features -F --profile -j --jobs --bin --package -p --example \
                      --test --bench --exclude --color --message-format --git --branch --tag \
                      --rev --version --vers --index --registry -Z";

/// Builds the dependencies from a recipe that another stage made.
const CHEF: Tool = Tool {
    name: "cargo",
    source: Source::at("https://github.com/LukeMathWalker/cargo-chef#how-to-use"),
    programs: &["cargo", "cargo-chef"],
    options: OptionTable {
        values: VALUES,
        files: "--recipe-path",
        writes: "--target-dir",
        opaque: "--config --manifest-path",
        ..OPTIONS
    },
    actions: &[
        action(&["chef", "cook"], ActionKind::Install),
        action(&["chef", "prepare"], ActionKind::Everything),
    ],
    manifests: &[required("recipe.json")],
    writes: &["./target", "./", "/usr/local/cargo", "~/.cargo"],
    caches: CACHES,
    ..TOOL
};

const CARGO: Tool = Tool {
    name: "cargo",
    source: Source::at("https://doc.rust-lang.org/cargo/commands/cargo-build.html"),
    programs: &["cargo", "cross", "xx-cargo"],
    options: OptionTable {
        values: VALUES,
        directories: "-C --path",
        holders: "--manifest-path",
        writes: "--target-dir --root --artifact-dir --out-dir",
        opaque: "--config --lockfile-path",
        // They are of a workspace.
        noted: "-p --package --workspace --all --exclude",
        ..OPTIONS
    },
    actions: &[
        Action {
            flags: "--offline --frozen",
            ..action(
                &["build|b|check|c|clippy|test|t|run|r|rustc|bench|doc|install|fetch|zigbuild"],
                ActionKind::Everything,
            )
        },
        Action {
            first: Some(&FETCH),
            ..action(
                &["build|b|check|c|clippy|test|t|run|r|rustc|bench|doc|zigbuild"],
                ActionKind::Compile,
            )
        },
        Action { first: Some(&FETCH), ..action(&["fetch"], ActionKind::Compile) },
        action(&["vendor|update"], ActionKind::Compile),
        Action {
            first: Some(&FETCH),
            ..action(&["auditable|component|lambda|leptos|tauri", "build"], ActionKind::Compile)
        },
        Action {
            flags: "--path",
            first: Some(&FETCH_FOR_INSTALL),
            ..action(&["install"], ActionKind::Compile)
        },
        Action { arguments: Arguments::None, ..action(&["install"], ActionKind::Compile) },
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|binstall"], ActionKind::Named)
        },
        // It fails where a package has no sources, like the others.
        action(&["clean"], ActionKind::Everything),
        action(&["search|version|help|uninstall"], ActionKind::Upkeep),
        Action { flags: "--version -V --list", ..action(&[], ActionKind::Upkeep) },
    ],
    manifests: &[
        required("Cargo.toml"),
        lock("Cargo.lock", Unlisted::As("Cargo.lock*")),
        optional(".cargo/config"),
        optional(".cargo/config.toml"),
        optional("rust-toolchain.toml"),
        optional("rust-toolchain"),
    ],
    settings: &["rust-toolchain.toml", "rust-toolchain"],
    writes: &["./target", "/usr/local/cargo", "~/.cargo"],
    frozen: "--locked",
    caches: CACHES,
    inspect: Some(local::cargo),
    texts: ".cargo/config .cargo/config.toml Cargo.toml rust-toolchain rust-toolchain.toml",
    // https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure
    variables: "CARGO_HOME/config.toml CARGO_HOME/config CARGO_HOME/credentials.toml \
                CARGO_HOME/env",
    ..TOOL
};

/// What it does may depend on the toolchain that the project names.
const RUSTUP: Tool = Tool {
    name: "rustup",
    source: Source::at("https://rust-lang.github.io/rustup/overrides.html"),
    programs: &["rustup"],
    options: OptionTable {
        values: "--toolchain --profile --component -c --target -t --default-toolchain \
                 --default-host",
        ..OPTIONS
    },
    actions: &[
        // The toolchain that the project names.
        Action {
            arguments: Arguments::None,
            ..action(&["toolchain", "install"], ActionKind::Install)
        },
        action(&["toolchain", "install|uninstall|remove"], ActionKind::Named),
        Action { flags: "--toolchain", ..action(&["target|component", "add"], ActionKind::Named) },
        action(&["target|component", "add|remove|list"], ActionKind::Install),
        action(&["show"], ActionKind::Install),
        action(&["default|install|update|self"], ActionKind::Named),
        action(&["set|completions|which|help"], ActionKind::Upkeep),
        Action { flags: "--version -V", ..action(&[], ActionKind::Upkeep) },
    ],
    manifests: &[optional("rust-toolchain.toml"), optional("rust-toolchain")],
    writes: &["/usr/local/rustup", "/usr/local/cargo", "~/.rustup", "~/.cargo"],
    ..TOOL
};
