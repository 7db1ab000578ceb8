//! Package managers of operating systems.

use super::{Action, Arguments, Cache, Kind, OPTIONS, OptionTable, SYSTEM, TOOL, Tool, action};

pub(super) const TOOLS: &[Tool] = &[APT];

const APT: Tool = Tool {
    name: "apt",
    source: "https://manpages.debian.org/bookworm/apt/apt-get.8.en.html",
    programs: &["apt", "apt-get", "aptitude"],
    options: OptionTable {
        values: "-o --option -t --target-release --default-release -a --host-architecture",
        reads: "-c --config-file",
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|reinstall|build-dep|satisfy"], Kind::Named)
        },
        action(&["update|upgrade|dist-upgrade|full-upgrade|safe-upgrade"], Kind::Named),
        action(
            &["clean|autoclean|distclean|remove|purge|autoremove|autopurge|mark|list|show|search"],
            Kind::Upkeep,
        ),
        Action { flags: &["--version", "-v", "--help"], ..action(&[], Kind::Upkeep) },
    ],
    writes: SYSTEM,
    caches: &[
        Cache { path: "/var/cache/apt", variable: "" },
        Cache { path: "/var/lib/apt/lists", variable: "" },
    ],
    ..TOOL
};
