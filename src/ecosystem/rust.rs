//! Rust.

use super::{
    Action, Arguments, Cache, First, Kind, OPTIONS, OptionTable, Source, TOOL, Tool, Unlisted,
    action, first, local, lock, optional, required,
};

pub(super) const TOOLS: &[Tool] = &[CHEF, CARGO, RUSTUP];

/// Without sources cargo finds "no targets specified in the manifest"
/// (<https://github.com/rust-lang/cargo/issues/5098>); empty ones are enough for a fetch, and
/// nothing is compiled that a later copy would have to outdate.
const FETCH: First = First { carries: "--locked --manifest-path", ..first("fetch") };

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
        action(&["chef", "cook"], Kind::Install),
        action(&["chef", "prepare"], Kind::Everything),
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
        opaque: "--config",
        // They are of a workspace.
        noted: "-p --package --workspace --all --exclude",
        ..OPTIONS
    },
    actions: &[
        Action {
            flags: "--offline --frozen",
            ..action(
                &["build|b|check|c|clippy|test|t|run|r|rustc|bench|doc|install|fetch|zigbuild"],
                Kind::Everything,
            )
        },
        Action {
            first: Some(&FETCH),
            ..action(
                &["build|b|check|c|clippy|test|t|run|r|rustc|bench|doc|zigbuild"],
                Kind::Compile,
            )
        },
        Action { first: Some(&FETCH), ..action(&["fetch"], Kind::Compile) },
        action(&["vendor|update"], Kind::Compile),
        Action {
            first: Some(&FETCH),
            ..action(&["auditable|component|lambda|leptos|tauri", "build"], Kind::Compile)
        },
        Action { flags: "--path", first: Some(&FETCH), ..action(&["install"], Kind::Compile) },
        Action { arguments: Arguments::None, ..action(&["install"], Kind::Compile) },
        Action { arguments: Arguments::Packages, ..action(&["install|binstall"], Kind::Named) },
        Action { writes: &["./target"], ..action(&["clean"], Kind::Upkeep) },
        action(&["search|version|help|uninstall"], Kind::Upkeep),
        Action { flags: "--version -V --list", ..action(&[], Kind::Upkeep) },
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
    caches: CACHES,
    inspect: Some(local::cargo),
    texts: ".cargo/config .cargo/config.toml Cargo.toml",
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
        action(&["toolchain", "install|uninstall|remove"], Kind::Named),
        Action { flags: "--toolchain", ..action(&["target|component", "add"], Kind::Named) },
        action(&["target|component", "add|remove|list"], Kind::Install),
        Action { arguments: Arguments::None, ..action(&["show"], Kind::Install) },
        action(&["default|install|update|self"], Kind::Named),
        action(&["set|completions|which|help"], Kind::Upkeep),
        Action { flags: "--version -V", ..action(&[], Kind::Upkeep) },
    ],
    manifests: &[optional("rust-toolchain.toml"), optional("rust-toolchain")],
    writes: &["/usr/local/rustup", "/usr/local/cargo", "~/.rustup", "~/.cargo"],
    ..TOOL
};
