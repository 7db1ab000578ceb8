//! Build tools and package managers that fetch dependencies on the way and have no command of
//! their own that could go first, or none that is known to need the manifests alone.

use super::{
    Action, ActionKind, Arguments, First, OPTIONS, OptionTable, Source, TOOL, Tool, Unlisted,
    action, first, local, lock, optional, required,
};

const SHARDS_INSTALL: First = First {
    carries: "--production --frozen --without-development --skip-postinstall --skip-executables",
    ..first("install")
};

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "bazel",
        source: Source::at("https://bazel.build/docs/user-manual"),
        programs: &["bazel", "bazelisk", "bazelw"],
        actions: &[action(&["build|coverage|fetch|run|sync|test"], ActionKind::Compile)],
        ..TOOL
    },
    // Around the compiler of another family.
    Tool {
        name: "cargo",
        source: Source::at("https://rustwasm.github.io/docs/wasm-pack/commands/build.html"),
        programs: &["dx", "maturin", "trunk", "wasm-pack"],
        actions: &[action(&["build|bundle|develop|publish|test"], ActionKind::Compile)],
        ..TOOL
    },
    // Before modules.
    Tool {
        name: "dep",
        source: Source::at("https://golang.github.io/dep/docs/daily-dep.html"),
        programs: &["dep", "godep", "govendor"],
        actions: &[action(&["ensure|fetch|restore|sync"], ActionKind::Compile)],
        ..TOOL
    },
    Tool {
        name: "dub",
        source: Source::at("https://dub.pm/dub-reference/"),
        programs: &["dub"],
        actions: &[
            Action { arguments: Arguments::Packages, ..action(&["fetch"], ActionKind::Named) },
            action(&["build|run|test|upgrade"], ActionKind::Compile),
        ],
        writes: &["~/.dub"],
        ..TOOL
    },
    Tool {
        name: "elm",
        source: Source::at("https://guide.elm-lang.org/install/elm.html"),
        programs: &["elm", "elm-package"],
        actions: &[action(&["install|make|test"], ActionKind::Compile)],
        ..TOOL
    },
    Tool {
        name: "gleam",
        source: Source::at("https://gleam.run/reference/cli/"),
        programs: &["gleam"],
        actions: &[
            action(&["deps", "download|update"], ActionKind::Compile),
            action(&["build|export|run|test"], ActionKind::Compile),
        ],
        ..TOOL
    },
    Tool {
        name: "julia",
        source: Source::at("https://pkgdocs.julialang.org/v1/api/"),
        programs: &["julia"],
        options: OptionTable {
            arguments: "-e -E --eval",
            opaque: "--project -J --sysimage -L --load",
            ..OPTIONS
        },
        actions: &[
            action(&["*Pkg.instantiate(*"], ActionKind::Compile),
            Action {
                unless: "path Pkg.activate( Pkg.dev( Pkg.develop( include( open( read(",
                arguments: Arguments::Free,
                ..action(&["*Pkg.add(*"], ActionKind::Named)
            },
        ],
        variables: "JULIA_PROJECT/Manifest.toml JULIA_PROJECT/Project.toml",
        writes: &["~/.julia", "/opt/julia", "/usr/local/julia"],
        ..TOOL
    },
    Tool {
        name: "luarocks",
        source: Source::at("https://github.com/luarocks/luarocks/wiki/luarocks"),
        programs: &["luarocks", "luarocks-{}"],
        options: OptionTable { values: "--server --tree", ..OPTIONS },
        actions: &[
            Action {
                flags: "--only-deps --deps-only",
                ..action(&["install"], ActionKind::Compile)
            },
            Action { arguments: Arguments::Packages, ..action(&["install"], ActionKind::Named) },
            action(&["build|make"], ActionKind::Compile),
        ],
        writes: &["/usr/local", "/usr/lib", "/usr/share", "~/.luarocks", "~/.cache"],
        ..TOOL
    },
    Tool {
        name: "mill",
        source: Source::at("https://mill-build.org/mill/cli/builtin-commands.html"),
        programs: &["mill", "millw"],
        actions: &[Action { arguments: Arguments::Free, ..action(&[], ActionKind::Compile) }],
        ..TOOL
    },
    Tool {
        name: "nimble",
        source: Source::at("https://nim-lang.github.io/nimble/"),
        programs: &["nimble"],
        actions: &[
            Action { arguments: Arguments::None, ..action(&["install"], ActionKind::Compile) },
            Action { arguments: Arguments::Packages, ..action(&["install"], ActionKind::Named) },
            action(&["build|c|develop|setup|test"], ActionKind::Compile),
        ],
        writes: &["~/.nimble"],
        ..TOOL
    },
    Tool {
        name: "nix",
        source: Source::at("https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-build"),
        programs: &["nix"],
        actions: &[action(&["build|develop|run|shell"], ActionKind::Compile)],
        ..TOOL
    },
    Tool {
        name: "nix",
        source: Source::at("https://nix.dev/manual/nix/stable/command-ref/nix-build"),
        programs: &["nix-build", "nix-shell"],
        actions: &[Action { arguments: Arguments::Free, ..action(&[], ActionKind::Compile) }],
        ..TOOL
    },
    Tool {
        name: "rebar3",
        source: Source::at("https://rebar3.org/docs/commands/"),
        programs: &["rebar3"],
        actions: &[
            Action {
                writes: &["./rebar.lock"],
                arguments: Arguments::None,
                ..action(&["get-deps"], ActionKind::Install)
            },
            action(&["compile|escriptize|get-deps|release|tar"], ActionKind::Compile),
            action(&["as|do"], ActionKind::Compile),
        ],
        manifests: &[required("rebar.config"), lock("rebar.lock", Unlisted::As("rebar.lock*"))],
        writes: &["./_build", "~/.cache/rebar3"],
        // <https://rebar3.org/docs/configuration/config_format/>
        variables: "REBAR_CONFIG REBAR_GLOBAL_CONFIG_DIR/.config/rebar3/rebar.config",
        inspect: Some(local::rebar),
        texts: "rebar.config",
        ..TOOL
    },
    Tool {
        name: "shards",
        source: Source::at("https://github.com/crystal-lang/shards/blob/master/docs/shards.adoc"),
        programs: &["shards"],
        actions: &[
            // It resolves what `shard.yml` names and the lock file does not.
            Action { writes: &["./shard.lock"], ..action(&["install"], ActionKind::Install) },
            Action { first: Some(&SHARDS_INSTALL), ..action(&["build"], ActionKind::Compile) },
        ],
        manifests: &[
            required("shard.yml"),
            lock("shard.lock", Unlisted::As("shard.lock*")),
            optional("shard.override.yml"),
        ],
        writes: &["./lib", "./bin", "~/.cache/shards"],
        inspect: Some(local::shards),
        texts: "shard.override.yml shard.yml",
        frozen: "--frozen --production",
        ..TOOL
    },
    Tool {
        name: "spago",
        source: Source::at("https://github.com/purescript/spago#readme"),
        programs: &["spago"],
        actions: &[action(&["build|bundle|bundle-app|install|test"], ActionKind::Compile)],
        ..TOOL
    },
];
