//! Conda, what speaks its language, and pixi.

use super::{
    Action, ActionKind, Arguments, Cache, First, OPTIONS, OptionTable, Source, TOOL, Tool,
    Unlisted, action, covered, empties, first, local, lock, maybe, said,
};

pub(super) const TOOLS: &[Tool] = &[CONDA, PIXI];

const CONDA: Tool = Tool {
    name: "conda",
    source: Source::at("https://docs.conda.io/projects/conda/en/stable/commands/index.html"),
    programs: &["conda", "mamba", "micromamba", "mamba{}"],
    options: OptionTable {
        values: "-n --name -c --channel --solver --repodata-fn --platform --subdir \
                 --experimental",
        files: "-f --file",
        writes: "-p --prefix --root-prefix -r",
        // It clones an environment that is there.
        opaque: "--clone",
        clusters: true,
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::None,
            ..action(&["env", "create|update"], ActionKind::Install)
        },
        empties(&["clean"]),
        action(&["list|info|search"], ActionKind::Upkeep),
        Action {
            flags: "-f --file",
            arguments: Arguments::Packages,
            ..action(&["install|create|update|upgrade"], ActionKind::Install)
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|create|update|upgrade|remove"], ActionKind::Named)
        },
        Action {
            writes: &["~/.condarc", "~/.mambarc", "/opt/conda/.condarc"],
            ..action(&["config"], ActionKind::Upkeep)
        },
        Action {
            writes: &["~/.bashrc", "~/.profile", "/etc/profile.d"],
            ..action(&["init"], ActionKind::Upkeep)
        },
        Action { flags: "--version -V", ..action(&[], ActionKind::Upkeep) },
    ],
    manifests: &[maybe("environment.yml", "environment.y*ml"), covered("environment.yaml")],
    writes: &["/opt/conda", "~/miniconda3", "~/.conda", "~/micromamba", "/opt/miniconda"],
    caches: &[Cache { path: "/opt/conda/pkgs", variable: "CONDA_PKGS_DIRS" }],
    inspect: Some(local::conda),
    texts: "*requirements*.txt environment.yaml environment.yml requirements/*.txt",
    variables: "CONDARC",
    ..TOOL
};

const PIXI: Tool = Tool {
    name: "pixi",
    source: Source::at("https://pixi.sh/latest/reference/cli/pixi/install/"),
    programs: &["pixi"],
    options: OptionTable {
        values: "-e --environment --color --concurrent-downloads --concurrent-solves \
                 --pypi-keyring-provider --auth-file",
        files: "--manifest-path",
        ..OPTIONS
    },
    actions: &[
        // It leaves packages of the project out.
        Action {
            flags: "--skip --skip-with-deps",
            ..action(&["install|i"], ActionKind::Everything)
        },
        Action {
            arguments: Arguments::None,
            writes: &["./pixi.lock"],
            ..action(&["install|i"], ActionKind::Install)
        },
        // It installs the environment first, unless told not to:
        // <https://pixi.sh/latest/reference/cli/pixi/run/>.
        Action { flags: "--no-install --as-is", ..action(&["run"], ActionKind::Everything) },
        Action {
            writes: &["./pixi.lock"],
            first: Some(&First {
                carries: "--frozen --locked -e --environment",
                ..first("install")
            }),
            ..action(&["run"], ActionKind::Compile)
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["global", "install"], ActionKind::Named)
        },
        action(&["clean", "cache"], ActionKind::Upkeep),
        action(&["info"], ActionKind::Upkeep),
        Action { flags: "--version -V", ..action(&[], ActionKind::Upkeep) },
    ],
    manifests: &[
        lock("pixi.toml", Unlisted::As("pixi.toml")),
        lock("pixi.lock", Unlisted::As("pixi.lock*")),
        // `pixi.toml` comes before it.
        said("pyproject.toml"),
    ],
    writes: &["./.pixi"],
    caches: &[Cache { path: "~/.cache/rattler", variable: "PIXI_CACHE_DIR" }],
    inspect: Some(local::pixi),
    texts: "pixi.toml pyproject.toml",
    frozen: "--frozen --locked PIXI_FROZEN=1 PIXI_FROZEN=true PIXI_LOCKED=1 PIXI_LOCKED=true",
    ..TOOL
};
