//! Go.

use super::{
    Action, ActionKind, Arguments, Cache, First, Manifest, OPTIONS, OptionTable, Presence, Source,
    TOOL, Tool, Unlisted, action, first, local, lock, of_project, optional, required,
};

pub(super) const TOOLS: &[Tool] = &[DEP, GLIDE, GO];

/// Before modules, like glide: what they download, `go build` finds.
const DEP: Tool = Tool {
    name: "go",
    source: Source::at("https://golang.github.io/dep/docs/ensure-mechanics.html"),
    programs: &["dep"],
    actions: &[
        Action { flags: "-vendor-only --vendor-only", ..action(&["ensure"], ActionKind::Install) },
        action(&["ensure"], ActionKind::Compile),
    ],
    manifests: &[required("Gopkg.toml"), lock("Gopkg.lock", Unlisted::As("Gopkg.lock*"))],
    writes: &["./vendor", "~/go/pkg/dep", "/go/pkg/dep"],
    assumes: &["`Gopkg.toml` takes no package from a local path."],
    ..TOOL
};

const GLIDE: Tool = Tool {
    name: "go",
    source: Source::at("https://glide.readthedocs.io/en/latest/commands/#glide-install-install"),
    programs: &["glide"],
    actions: &[Action { arguments: Arguments::None, ..action(&["install"], ActionKind::Install) }],
    manifests: &[required("glide.yaml"), lock("glide.lock", Unlisted::As("glide.lock*"))],
    writes: &["./vendor", "~/.glide"],
    assumes: &["`glide.yaml` takes no package from a local path."],
    ..TOOL
};

const fn compile(words: &'static [&'static str]) -> Action {
    Action { first: Some(&MOD_DOWNLOAD), ..action(words, ActionKind::Compile) }
}

/// `go get` builds nothing since 1.18: <https://go.dev/doc/go1.18#go-get>.
const fn fetch(words: &'static [&'static str]) -> Action {
    Action { fetches: true, ..compile(words) }
}

const MOD_DOWNLOAD: First = First {
    carries: "-C -modcacherw",
    since: "golang 1.11 1.13",
    drops: "CGO_ENABLED GOOS GOARCH GOARM GOAMD64 CC CXX CGO_CFLAGS CGO_LDFLAGS",
    fills_caches: true,
    ..first("mod download")
};

const GO: Tool = Tool {
    name: "go",
    source: Source::at("https://go.dev/ref/mod#go-mod-download"),
    programs: &["go", "xx-go"],
    options: OptionTable {
        values: "-o -ldflags -gcflags -asmflags -tags -mod -p -coverprofile -run -timeout -count",
        directories: "-C",
        opaque: "-modfile -overlay",
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(&["mod", "download"], ActionKind::Install)
        },
        // From 1.17 on it downloads nothing: <https://go.dev/ref/mod#go-mod-verify>.
        of_project(&["mod", "verify"]),
        // The modules are in the source.
        Action {
            flags: "-mod=vendor",
            ..action(&["build|test|vet|install|run"], ActionKind::Everything)
        },
        Action { arguments: Arguments::Versioned, ..compile(&["install"]) },
        Action { arguments: Arguments::Versioned, ..compile(&["run"]) },
        compile(&["build"]),
        Action { arguments: Arguments::None, ..fetch(&["get"]) },
        Action { goals: "./... . ./*", arguments: Arguments::Goals, ..fetch(&["get"]) },
        // Packages by their names: outside of a module, or added to it.
        Action { fetches: true, ..action(&["get"], ActionKind::Compile) },
        compile(&["test"]),
        compile(&["vet"]),
        fetch(&["mod", "tidy|vendor"]),
        Action { writes: &["./go.mod"], ..action(&["mod", "edit"], ActionKind::Everything) },
        Action {
            flags: "-cache -testcache -modcache -fuzzcache",
            ..action(&["clean"], ActionKind::Upkeep)
        },
        // What was built of the package.
        action(&["clean"], ActionKind::Everything),
        action(&["env|version|help"], ActionKind::Upkeep),
    ],
    manifests: &[
        required("go.mod"),
        Manifest {
            path: "go.sum",
            presence: Presence::Lock,
            // There is no go.sum where nothing is required.
            unlisted: Unlisted::As("go.sum*"),
        },
        Manifest { path: "go.work", presence: Presence::Instead, unlisted: Unlisted::Assumed },
        optional("go.work.sum"),
    ],
    writes: &["~/go/pkg/mod", "/go/pkg/mod", "~/.cache/go-build"],
    caches: &[
        Cache { path: "/go/pkg/mod", variable: "GOMODCACHE" },
        Cache { path: "~/go/pkg/mod", variable: "GOMODCACHE" },
        Cache { path: "~/.cache/go-build", variable: "GOCACHE" },
    ],
    climbs: "go.mod",
    scattered: "go.mod go.sum go.work go.work.sum",
    inspect: Some(local::go),
    texts: "go.mod go.work",
    offline: "GO111MODULE=off GOFLAGS=*-mod=vendor*",
    ..TOOL
};
