//! Python package managers.

use super::{Action, Arguments, Cache, Kind, TOOL, Tool, action, local};

pub(super) const TOOLS: &[Tool] = &[PIP];

const PIP: Tool = Tool {
    name: "pip",
    source: "https://pip.pypa.io/en/stable/cli/pip_install/",
    programs: &["pip", "pip{}"],
    module: "pip",
    value_options: &[
        "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host",
        "--timeout", "--default-timeout", "--retries", "--proxy", "--cert", "--cache-dir",
        "--target", "-t", "--prefix", "--root", "--no-binary", "--only-binary", "--python-version",
        "--platform", "--implementation", "--abi", "--global-option", "--install-option",
        "--config-settings", "--upgrade-strategy", "--progress-bar", "--use-feature", "--src",
        "--use-deprecated", "--log", "-d", "--dest", "-w", "--wheel-dir", "--root-user-action",
        "--report", "--python",
    ],
    file_options: &["-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"],
    actions: &[
        Action { arguments: Arguments::Packages, ..action(&["install"], Kind::Install) },
        Action { arguments: Arguments::Packages, ..action(&["download"], Kind::Install) },
        Action { arguments: Arguments::Packages, ..action(&["wheel"], Kind::Install) },
        action(
            &["config|cache|uninstall|list|freeze|check|show|debug|--version"],
            Kind::Upkeep,
        ),
    ],
    writes: &["/usr", "/opt", "~/.local"],
    caches: &[Cache { path: "~/.cache/pip", variable: "PIP_CACHE_DIR" }],
    assumes: &[
        "The requirements name no further file (`-r`, `-c`) and no local path (`-e .`, `./lib`).",
    ],
    inspect: Some(local::requirements),
    ..TOOL
};
