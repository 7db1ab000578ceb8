//! Package managers of operating systems.

use super::{Action, Arguments, Cache, Kind, SYSTEM, TOOL, Tool, action};

pub(super) const TOOLS: &[Tool] = &[APT];

const APT: Tool = Tool {
    name: "apt",
    source: "https://manpages.debian.org/bookworm/apt/apt-get.8.en.html",
    programs: &["apt", "apt-get", "aptitude"],
    value_options: &["-o", "--option", "-t", "--target-release", "-c", "--config-file"],
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|reinstall|build-dep|satisfy"], Kind::Named)
        },
        action(&["update|upgrade|dist-upgrade|full-upgrade"], Kind::Named),
        action(
            &["clean|autoclean|remove|purge|autoremove|autopurge|mark|download|--version"],
            Kind::Upkeep,
        ),
    ],
    writes: SYSTEM,
    caches: &[
        Cache { path: "/var/cache/apt", variable: "" },
        Cache { path: "/var/lib/apt/lists", variable: "" },
    ],
    ..TOOL
};
