//! Compiled languages and their package managers beside those with a file of their own:
//! C and C++, Dart, Elixir, Haskell, OCaml, Swift.

use super::{
    Action, ActionKind, Arguments, Cache, First, Looks, Manifest, OPTIONS, OptionTable, Presence,
    Source, TOOL, Tool, Unlisted, action, added, covered, first, local, lock, maybe, of_project,
    optional, refreshes, required,
};

pub(super) const TOOLS: &[Tool] =
    &[CABAL, CONAN, DART, MIX_DEPS, MIX, OPAM, STACK, STACK_SETUP, SWIFT, VCPKG];

const fn only(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::None, ..action(words, ActionKind::Install) }
}

const VERSION: Action =
    Action { flags: "--version -v --numeric-version --help", ..action(&[], ActionKind::Upkeep) };

const ONLY_DEPENDENCIES: &str =
    "--only-dependencies --dependencies-only --deps-only --only-snapshot";

const DEPENDENCIES: First = added("--only-dependencies");

/// A build of all there is. Of one component, `exe:server`, the dependencies alone count the library of
/// the same package, which needs its source.
const fn haskell(words: &'static [&'static str]) -> Action {
    let arguments = Arguments::None;
    Action { first: Some(&DEPENDENCIES), arguments, ..action(words, ActionKind::Compile) }
}

/// The dependencies of all there is.
const fn dependencies_of_all(words: &'static [&'static str]) -> Action {
    let arguments = Arguments::None;
    Action { flags: ONLY_DEPENDENCIES, arguments, ..action(words, ActionKind::Install) }
}

const CABAL: Tool = Tool {
    name: "cabal",
    source: Source::at("https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-build"),
    programs: &["cabal"],
    options: OptionTable {
        values: "-w --with-compiler -j --jobs -f --flags --constraint --index-state \
                 --overwrite-policy --install-method --ghc-options -O",
        writes: "--installdir --bindir --prefix --builddir --store-dir",
        opaque: "--project-file --project-dir --config-file",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        // It reads the packages of the project as well, where a project file names them.
        Action { looks: Looks::Project, ..refreshes(&["update|v2-update|new-update"]) },
        Action { flags: "--offline", ..action(&["build|install"], ActionKind::Everything) },
        dependencies_of_all(&["build|v2-build|new-build|install|v2-install"]),
        dependencies_of_all(&["build|v2-build|new-build|install|v2-install", "all"]),
        haskell(&["build|v2-build|new-build"]),
        haskell(&["build|v2-build|new-build", "all"]),
        action(&["build|v2-build|new-build|install|v2-install|new-install"], ActionKind::Compile),
        action(&["test|run|bench|exec"], ActionKind::Compile),
        action(&["user-config|path|info|list"], ActionKind::Upkeep),
    ],
    manifests: &[
        Manifest {
            path: "*.cabal",
            presence: Presence::Required,
            unlisted: Unlisted::As("*.cabal"),
        },
        maybe("cabal.project", "cabal.project*"),
        covered("cabal.project.freeze"),
        covered("cabal.project.local"),
        optional("Setup.hs"),
    ],
    // An update fetches the index of each repository that these name.
    settings: &["cabal.project", "cabal.project.freeze", "cabal.project.local"],
    writes: &["./dist-newstyle", "~/.cabal", "~/.local", "~/.cache/cabal"],
    caches: &[Cache { path: "~/.cabal/packages", variable: "CABAL_DIR" }],
    inspect: Some(local::haskell),
    texts: "*.cabal cabal.project* package.yaml stack*.yaml",
    ..TOOL
};

const CONAN: Tool = Tool {
    name: "conan",
    source: Source::at("https://docs.conan.io/2/reference/commands/install.html"),
    programs: &["conan"],
    options: OptionTable {
        values: "-b --build -s --settings -o --options -r --remote -c --conf -g --generator \
                 --name --version -d --deployer -s:b -s:h -o:b -o:h -c:b -c:h",
        reads: "-pr --profile -pr:b -pr:h --profile:build --profile:host -l --lockfile",
        writes: "-of --output-folder -if --install-folder --deployer-folder",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action { arguments: Arguments::Manifests, ..action(&["install"], ActionKind::Install) },
        action(&["profile", "detect|new|update|list|show"], ActionKind::Upkeep),
        action(&["remote", "add|login|list|remove|update|enable|disable"], ActionKind::Upkeep),
    ],
    manifests: &[
        maybe("conanfile.txt", "conanfile.*"),
        covered("conanfile.py"),
        optional("conan.lock"),
        optional("conandata.yml"),
    ],
    writes: &["./build", "./", "~/.conan2", "~/.conan"],
    caches: &[Cache { path: "~/.conan2", variable: "CONAN_HOME" }],
    inspect: Some(local::conan),
    texts: "conanfile.py",
    ..TOOL
};

const PUB_GET: First = first("pub get");

/// <https://github.com/flutter/flutter/blob/master/packages/flutter_tools/lib/src/commands/clean.dart>
const FLUTTER_CLEANS: &[&str] = &[
    "./.flutter-plugins",
    "./.flutter-plugins-dependencies",
    "./android/.gradle",
    "./build",
    "./ios/Flutter/ephemeral",
    "./ios/Runner.xcworkspace",
    "./linux/flutter/ephemeral",
    "./macos/Flutter/ephemeral",
    "./macos/Runner.xcworkspace",
    "./windows/flutter/ephemeral",
];

const DART: Tool = Tool {
    name: "dart",
    source: Source::at("https://dart.dev/tools/pub/cmd/pub-get"),
    programs: &["dart", "flutter"],
    options: OptionTable {
        values: "--target -t --dart-define --build-name --build-number -D --define --flavor \
                 --web-renderer --target-platform --channel",
        directories: "-C --directory",
        writes: "-o --output",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action { flags: "--offline", ..action(&["pub", "get|upgrade"], ActionKind::Everything) },
        Action { writes: &["./pubspec.lock"], ..only(&["pub", "get|upgrade|downgrade"]) },
        Action {
            flags: "-s --source",
            arguments: Arguments::Paths,
            ..action(&["pub", "global", "activate"], ActionKind::Named)
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["pub", "global", "activate"], ActionKind::Named)
        },
        Action { flags: "--no-pub", ..action(&["build|test|run"], ActionKind::Everything) },
        Action {
            first: Some(&PUB_GET),
            ..action(&["compile|build|test|run"], ActionKind::Compile)
        },
        action(&["pub", "run"], ActionKind::Compile),
        // It removes what earlier builds left, where there is a project.
        Action { writes: FLUTTER_CLEANS, ..of_project(&["clean"]) },
        action(&["config|doctor|channel|devices"], ActionKind::Upkeep),
        action(&["precache|upgrade"], ActionKind::Named),
    ],
    manifests: &[
        required("pubspec.yaml"),
        lock("pubspec.lock", Unlisted::As("pubspec.lock*")),
        optional("pubspec_overrides.yaml"),
    ],
    writes: &[
        "./.dart_tool",
        "./.packages",
        "./.flutter-plugins",
        "./.flutter-plugins-dependencies",
        "~/.pub-cache",
    ],
    caches: &[Cache { path: "~/.pub-cache", variable: "PUB_CACHE" }],
    inspect: Some(local::pubspec),
    texts: "pubspec.yaml pubspec_overrides.yaml",
    frozen: "--enforce-lockfile",
    ..TOOL
};

const MIX_OPTIONS: OptionTable =
    OptionTable { values: "--only --env", noted: "MIX_ENV=*", ..OPTIONS };
const MIX_WRITES: &[&str] = &["./deps", "./_build", "~/.mix", "~/.hex", "~/.cache"];
const MIX_CACHES: &[Cache] = &[Cache { path: "~/.hex", variable: "HEX_HOME" }];
/// `deps.get` adds what the lock file does not name, and writes it in the form of its own
/// version: <https://hexdocs.pm/mix/Mix.Tasks.Deps.Get.html>.
const LOCKS: &[&str] = &["./mix.lock"];
const LEAVES_LOCK: &str = "--check-locked";
/// Tasks of `mix do`, which divides them by commas or `+`.
const INSTALLS_ITSELF: &str = "local.hex local.hex, local.rebar local.rebar,";
const FETCHES: &str = "deps.get deps.get, local.hex local.hex, local.rebar local.rebar,";
const COMPILES_DEPENDENCIES: &str =
    "deps.compile deps.compile, deps.get deps.get, local.hex local.hex, local.rebar local.rebar,";
const MIX_EXS: Manifest = required("mix.exs");
const MIX_LOCK: Manifest = lock("mix.lock", Unlisted::As("mix.lock*"));

/// Fetching needs no configuration.
const MIX_DEPS: Tool = Tool {
    name: "mix",
    source: Source::at("https://hexdocs.pm/mix/Mix.Tasks.Deps.Get.html"),
    programs: &["mix"],
    options: MIX_OPTIONS,
    actions: &[
        VERSION,
        Action { writes: LOCKS, ..only(&["deps.get|deps.unlock"]) },
        Action {
            goals: INSTALLS_ITSELF,
            arguments: Arguments::Goals,
            ..action(&["do"], ActionKind::Named)
        },
        Action {
            goals: FETCHES,
            arguments: Arguments::Goals,
            writes: LOCKS,
            ..action(&["do"], ActionKind::Install)
        },
        action(&["local.hex|local.rebar"], ActionKind::Named),
        Action {
            arguments: Arguments::Packages,
            ..action(&["archive.install", "git|github|hex|http*"], ActionKind::Named)
        },
        action(&["hex.organization|hex.repo|hex.config|hex.info|help"], ActionKind::Upkeep),
    ],
    manifests: &[MIX_EXS, MIX_LOCK],
    writes: MIX_WRITES,
    caches: MIX_CACHES,
    inspect: Some(local::mix),
    texts: "config/*.exs mix.exs",
    frozen: LEAVES_LOCK,
    ..TOOL
};

/// Compiling the dependencies reads the configuration as well.
const MIX: Tool = Tool {
    name: "mix",
    source: Source::at("https://hexdocs.pm/mix/Mix.Tasks.Deps.Compile.html"),
    programs: &["mix"],
    options: MIX_OPTIONS,
    actions: &[
        only(&["deps.compile"]),
        Action {
            goals: COMPILES_DEPENDENCIES,
            arguments: Arguments::Goals,
            writes: LOCKS,
            ..action(&["do"], ActionKind::Install)
        },
        Action {
            goals: "deps.get deps.get,",
            // It could not fetch without what these install.
            unless: "local.",
            first: Some(&First { carries: "--only", ..first("deps.get") }),
            arguments: Arguments::Free,
            ..action(&["do"], ActionKind::Compile)
        },
        Action {
            goals: "deps.get deps.get,",
            arguments: Arguments::Free,
            ..action(&["do"], ActionKind::Compile)
        },
    ],
    manifests: &[MIX_EXS, MIX_LOCK, maybe("config/*.exs", "*.exs")],
    writes: MIX_WRITES,
    caches: MIX_CACHES,
    inspect: Some(local::mix),
    texts: "config/*.exs mix.exs",
    frozen: LEAVES_LOCK,
    ..TOOL
};

const OPAM: Tool = Tool {
    name: "opam",
    source: Source::at("https://opam.ocaml.org/doc/man/opam-install.html"),
    programs: &["opam"],
    options: OptionTable {
        values: "-j --jobs --switch --repos --packages --solver -c --compiler",
        opaque: "--root",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action { flags: ONLY_DEPENDENCIES, ..action(&["install"], ActionKind::Install) },
        Action {
            first: Some(&added("--deps-only")),
            arguments: Arguments::Packages,
            ..action(&["install"], ActionKind::Named)
        },
        refreshes(&["init|update"]),
        action(&["upgrade|depext"], ActionKind::Named),
        Action {
            arguments: Arguments::Packages,
            ..action(&["switch", "create|set"], ActionKind::Named)
        },
        refreshes(&["repo|repository", "add|set-url|remove|list"]),
        action(&["clean|config|env|option|var"], ActionKind::Upkeep),
    ],
    manifests: &[
        Manifest { path: "*.opam", presence: Presence::Required, unlisted: Unlisted::As("*.opam") },
        optional("*.opam.locked"),
        optional("*.opam.template"),
        maybe("dune-project", "dune-project*"),
    ],
    writes: &["./_opam", "~/.opam"],
    caches: &[Cache { path: "~/.opam/download-cache", variable: "" }],
    inspect: Some(local::opam),
    texts: "*.opam *.opam.locked *.opam.template opam",
    ..TOOL
};

/// <https://docs.haskellstack.org/en/stable/topics/lock_files/>
const STACK_LOCKS: &[&str] = &["./stack.yaml.lock"];
const STACK_FROZEN: &str = "--lock-file=error-on-write --lock-file=ignore --lock-file=read-only";

const STACK_PROJECT: &[Manifest] = &[
    required("stack.yaml"),
    lock("stack.yaml.lock", Unlisted::As("stack.yaml.lock*")),
    maybe("package.yaml", "package.yaml*"),
    maybe("*.cabal", "*.cabal"),
    optional("Setup.hs"),
];

const STACK: Tool = Tool {
    name: "stack",
    source: Source::at("https://docs.haskellstack.org/en/stable/commands/build_command/"),
    programs: &["stack"],
    options: OptionTable {
        values: "-j --jobs --resolver --snapshot --flag --ghc-options --compiler --arch",
        projects: "--stack-yaml",
        writes: "--local-bin-path --work-dir",
        opaque: "--stack-root",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action { writes: STACK_LOCKS, ..dependencies_of_all(&["build|install|test"]) },
        // `package-index` of stack.yaml names the index.
        Action { looks: Looks::Project, ..refreshes(&["update"]) },
        action(&["upgrade"], ActionKind::Named),
        haskell(&["build|install"]),
        action(&["build|install|test|bench|run|exec|ghc"], ActionKind::Compile),
        action(&["config|path"], ActionKind::Upkeep),
    ],
    manifests: STACK_PROJECT,
    file_variables: "STACK_YAML",
    writes: &["./.stack-work", "~/.stack", "~/.local"],
    caches: &[Cache { path: "~/.stack", variable: "STACK_ROOT" }],
    inspect: Some(local::haskell),
    texts: "*.cabal cabal.project* package.yaml stack*.yaml",
    frozen: STACK_FROZEN,
    ..TOOL
};

/// It installs the compiler, and no dependency, but reads every package that `stack.yaml` names.
const STACK_SETUP: Tool = Tool {
    name: "stack setup",
    source: Source::at("https://docs.haskellstack.org/en/stable/commands/setup_command/"),
    programs: &["stack"],
    options: OptionTable { values: "--resolver --snapshot", projects: "--stack-yaml", ..OPTIONS },
    actions: &[Action { writes: STACK_LOCKS, ..only(&["setup"]) }],
    manifests: STACK_PROJECT,
    file_variables: "STACK_YAML",
    writes: &["~/.stack"],
    inspect: Some(local::haskell),
    texts: "*.cabal cabal.project* package.yaml stack*.yaml",
    frozen: STACK_FROZEN,
    ..TOOL
};

const SWIFT: Tool = Tool {
    name: "swift",
    source: Source::at("https://docs.swift.org/package-manager/PackageDescription/index.html"),
    programs: &["swift"],
    options: OptionTable {
        values: "-c --configuration -Xswiftc -Xlinker -Xcc --product --target --triple -j --jobs \
                 --sdk --destination --swift-sdk --sanitize --default-registry-url",
        reads: "--netrc-file --config-path --security-path",
        directories: "--package-path",
        writes: "--scratch-path --build-path --cache-path",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action {
            writes: &["./Package.resolved"],
            ..action(&["package", "resolve|update"], ActionKind::Install)
        },
        Action {
            flags: "--disable-automatic-resolution",
            ..action(&["build|test|run"], ActionKind::Everything)
        },
        Action {
            first: Some(&First {
                // Where packages come from, and what a build in a container lacks.
                carries: "--package-path --scratch-path --build-path --cache-path --config-path \
                          --default-registry-url --disable-sandbox --netrc-file \
                          --replace-scm-with-registry --security-path \
                          --use-registry-identity-for-scm",
                since: "swift 4.0 4.0",
                ..first("package resolve")
            }),
            ..action(&["build|test|run"], ActionKind::Compile)
        },
    ],
    manifests: &[
        required("Package.swift"),
        lock("Package.resolved", Unlisted::As("Package.resolved*")),
        optional("Package@swift-*.swift"),
    ],
    writes: &["./.build", "~/.cache/org.swift.swiftpm", "~/.swiftpm"],
    caches: &[Cache { path: "~/.cache/org.swift.swiftpm", variable: "" }],
    inspect: Some(local::swift),
    texts: "Package.swift Package@swift-*.swift",
    frozen: "--disable-automatic-resolution --force-resolved-versions \
             --only-use-versions-from-resolved-file",
    ..TOOL
};

const VCPKG: Tool = Tool {
    name: "vcpkg",
    source: Source::at("https://learn.microsoft.com/en-us/vcpkg/commands/install"),
    programs: &["vcpkg"],
    options: OptionTable {
        values: "--triplet --host-triplet --x-feature",
        reads: "--overlay-ports --overlay-triplets",
        writes: "--x-install-root --x-buildtrees-root --x-packages-root --downloads-root",
        opaque: "--x-manifest-root --vcpkg-root",
        ..OPTIONS
    },
    actions: &[
        only(&["install"]),
        Action { arguments: Arguments::Packages, ..action(&["install"], ActionKind::Named) },
        action(&["version|integrate|help|list"], ActionKind::Upkeep),
    ],
    manifests: &[required("vcpkg.json"), maybe("vcpkg-configuration.json", "vcpkg-configuration*")],
    writes: &["./vcpkg_installed", "./vcpkg", "~/.cache/vcpkg", "/opt/vcpkg"],
    caches: &[Cache { path: "~/.cache/vcpkg", variable: "VCPKG_DEFAULT_BINARY_CACHE" }],
    assumes: &["`vcpkg-configuration.json` names no overlay ports or triplets of the project."],
    ..TOOL
};
