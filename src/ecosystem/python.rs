//! Python: pip and what speaks its language.

use super::{Action, Arguments, Cache, Kind, OPTIONS, OptionTable, TOOL, Tool, action, local};

pub(super) const TOOLS: &[Tool] = &[PIP];

const fn distributions(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Distributions, ..action(words, Kind::Install) }
}

const PIP: Tool = Tool {
    name: "pip",
    source: "https://pip.pypa.io/en/stable/cli/pip_install/",
    programs: &["pip", "pip{}"],
    options: OptionTable {
        values: "-i --index-url --extra-index-url --trusted-host --timeout --default-timeout \
                 --retries --proxy --cert --client-cert --cache-dir --no-binary --only-binary \
                 --python-version --platform --implementation --abi --global-option \
                 --build-option --config-settings -C --upgrade-strategy --progress-bar \
                 --use-feature --use-deprecated --root-user-action --exists-action --python \
                 --keyring-provider --format --path",
        files: "-r --requirement --requirements -c --constraint --constraints",
        reads: "-f --find-links",
        writes: "-t --target --prefix --root --src --log -d --dest -w --wheel-dir --report",
        arguments: "-e --editable",
        opaque: "--group",
        ..OPTIONS
    },
    actions: &[
        distributions(&["install"]),
        distributions(&["download"]),
        distributions(&["wheel"]),
        action(
            &["config|cache|uninstall|list|freeze|check|show|debug|inspect|index|help"],
            Kind::Upkeep,
        ),
        Action { flags: &["--version", "-V"], ..action(&[], Kind::Upkeep) },
    ],
    writes: &["/opt/conda", "/usr/lib", "/usr/local", "~/.local"],
    caches: &[Cache { path: "~/.cache/pip", variable: "PIP_CACHE_DIR" }],
    assumes: &[
        "The requirements name no further file (`-r`, `-c`) and no local path (`-e .`, `./lib`).",
    ],
    inspect: Some(local::requirements),
    variables: &["PIP_CONSTRAINT", "PIP_FIND_LINKS", "PIP_REQUIREMENT", "PIP_CONFIG_FILE"],
    ..TOOL
};
