//! Go.

use super::{
    Action, Arguments, BeforeSource, Cache, Kind, Manifest, Presence, TOOL, Tool, Unlisted, action,
    local, optional, required,
};

pub(super) const TOOLS: &[Tool] = &[GO];

const fn compile(words: &'static [&'static str]) -> Action {
    Action {
        before_source: BeforeSource::Command("{} mod download"),
        ..action(words, Kind::Compile)
    }
}

const GO: Tool = Tool {
    name: "go",
    source: "https://go.dev/ref/mod#go-mod-download",
    programs: &["go"],
    value_options: &["-o", "-ldflags", "-gcflags", "-asmflags", "-tags", "-mod", "-p", "-modfile"],
    directory_options: &["-C"],
    actions: &[
        Action { arguments: Arguments::Packages, ..action(&["mod", "download"], Kind::Install) },
        action(&["mod", "verify"], Kind::Install),
        Action { arguments: Arguments::Versioned, ..compile(&["install"]) },
        Action { arguments: Arguments::Versioned, ..compile(&["run"]) },
        compile(&["build"]),
        compile(&["test"]),
        compile(&["vet"]),
        action(&["env|version|clean|help"], Kind::Upkeep),
    ],
    manifests: &[
        required("go.mod"),
        Manifest {
            path: "go.sum",
            presence: Presence::Lock,
            // There is no go.sum where nothing is required.
            unlisted: Unlisted::As("go.sum*"),
        },
        optional("go.work"),
        optional("go.work.sum"),
    ],
    writes: &["~/go/pkg/mod", "/go/pkg/mod", "~/.cache/go-build"],
    caches: &[
        Cache { path: "/go/pkg/mod", variable: "GOMODCACHE" },
        Cache { path: "~/.cache/go-build", variable: "GOCACHE" },
    ],
    assumes: &[
        "go.mod has no `replace` directive that points to a local directory.",
        "The build does not use a vendor directory.",
    ],
    inspect: Some(local::go),
    ..TOOL
};
