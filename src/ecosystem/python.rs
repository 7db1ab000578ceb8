//! Python: pip and the managers of whole projects.

use super::{
    Action, ActionKind, Arguments, Cache, First, Looks, Manifest, OPTIONS, OptionTable, Source,
    TOOL, Tool, Unlisted, action, added, beside, covered, empties, local, lock, of_project,
    optional, required,
};

pub(super) const TOOLS: &[Tool] =
    &[PDM, PIP, PIP_SYNC, PIPENV, PIPX, POETRY, SETUPTOOLS, UV_PIP, UV_VENV, UV, VENV];

const fn distributions(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Distributions, ..action(words, ActionKind::Install) }
}

const fn named(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Distributions, ..action(words, ActionKind::Named) }
}

/// Flags that leave the project itself out.
const fn without_project(words: &'static [&'static str], flags: &'static str) -> Action {
    Action { flags, arguments: Arguments::None, ..action(words, ActionKind::Install) }
}

/// The install without the project itself, whose dependencies it installs in the same way.
const fn without_itself(flags: &'static str, since: &'static str) -> First {
    First { is_part: true, since, ..added(flags) }
}

/// An install that ends with the project itself; `first` leaves that out.
const fn with_project(words: &'static [&'static str], first: &'static First) -> Action {
    Action { first: Some(first), arguments: Arguments::None, ..action(words, ActionKind::Compile) }
}

const VERSION: Action =
    Action { flags: "--version -V --help -h", ..action(&[], ActionKind::Upkeep) };

const PYPROJECT: Manifest = required("pyproject.toml");

/// Where the packages of the system's interpreter are, and those of a user.
const SITE_PACKAGES: &[&str] = &["/opt/conda", "/usr/lib", "/usr/local", "~/.local"];

/// By habit; what a command or another file names is read as well.
const REQUIREMENTS_TEXTS: &str = "*constraints*.in *constraints*.txt *requirements*.in \
                                  *requirements*.txt pyproject.toml requirements/*.in \
                                  requirements/*.txt uv.toml";

const PDM: Tool = Tool {
    name: "pdm",
    source: Source::at("https://pdm-project.org/latest/reference/cli/"),
    programs: &["pdm"],
    options: OptionTable {
        values: "-G --group --with --without -L --lockfile --venv -x --log-file",
        directories: "-p --project",
        opaque: "-L --lockfile -c --config -g --global",
        ..OPTIONS
    },
    actions: &[
        without_project(&["sync"], "--no-self"),
        // It locks again where the lock file is out of date.
        Action { writes: &["./pdm.lock"], ..without_project(&["install"], "--no-self") },
        with_project(&["install|sync"], &without_itself("--no-self", "pdm 1.5 1.5")),
        Action { writes: &["./pdm.lock"], ..action(&["lock"], ActionKind::Install) },
        Action { flags: "-l --local", writes: &["./pdm.toml"], ..of_project(&["config"]) },
        Action { writes: &["~/.config/pdm"], ..action(&["config"], ActionKind::Upkeep) },
        empties(&["cache", "clear"]),
        VERSION,
    ],
    manifests: &[PYPROJECT, lock("pdm.lock", Unlisted::As("pdm.lock*")), optional("pdm.toml")],
    writes: &["./.venv", "./__pypackages__", "./.pdm-python"],
    caches: &[Cache { path: "~/.cache/pdm", variable: "PDM_CACHE_DIR" }],
    inspect: Some(local::pyproject),
    texts: "pdm.lock pyproject.toml",
    apart: true,
    frozen: "--check --no-lock --frozen-lockfile --locked PDM_FROZEN_LOCKFILE=1 \
             PDM_FROZEN_LOCKFILE=true",
    ..TOOL
};

const PIP: Tool = Tool {
    name: "pip",
    source: Source::at("https://pip.pypa.io/en/stable/cli/pip_install/"),
    programs: &["pip", "pip{}"],
    options: OptionTable {
        values: "-i --index-url --extra-index-url --trusted-host --timeout --default-timeout \
                 --retries --proxy --cache-dir --no-binary --only-binary \
                 --python-version --platform --implementation --abi --global-option \
                 --build-option --config-settings -C --upgrade-strategy --progress-bar \
                 --use-feature --use-deprecated --root-user-action --exists-action --python \
                 --keyring-provider --format --path",
        files: "-r --requirement --requirements -c --constraint --constraints",
        reads: "-f --find-links --cert --client-cert",
        writes: "-t --target --prefix --root --src --log -d --dest -w --wheel-dir --report",
        arguments: "-e --editable",
        opaque: "--group",
        alone: "--no-deps --no-index",
        clusters: true,
        ..OPTIONS
    },
    actions: &[
        distributions(&["install"]),
        distributions(&["download"]),
        distributions(&["wheel"]),
        empties(&["cache", "purge|remove"]),
        action(&["cache"], ActionKind::Upkeep),
        action(
            &["config|uninstall|list|freeze|check|show|debug|inspect|index|help"],
            ActionKind::Upkeep,
        ),
        VERSION,
    ],
    writes: SITE_PACKAGES,
    caches: &[Cache { path: "~/.cache/pip", variable: "PIP_CACHE_DIR" }],
    inspect: Some(local::requirements),
    texts: REQUIREMENTS_TEXTS,
    // https://pip.pypa.io/en/stable/topics/configuration/#environment-variables
    variables: "PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE PIP_FIND_LINKS \
                XDG_CONFIG_HOME/pip/pip.conf",
    file_variables: "PIP_BUILD_CONSTRAINT PIP_CONSTRAINT PIP_REQUIREMENT",
    ..TOOL
};

const PIP_SYNC: Tool = Tool {
    name: "pip-tools",
    source: Source::at("https://pip-tools.readthedocs.io/en/stable/cli/pip-sync/"),
    programs: &["pip-sync"],
    options: OptionTable {
        values: "-i --index-url --extra-index-url --trusted-host --pip-args --python-executable",
        reads: "-f --find-links --cert --client-cert",
        opaque: "--config",
        ..OPTIONS
    },
    actions: &[Action { arguments: Arguments::Manifests, ..action(&[], ActionKind::Install) }],
    manifests: &[required("requirements.txt")],
    writes: SITE_PACKAGES,
    inspect: Some(local::requirements),
    texts: REQUIREMENTS_TEXTS,
    variables: "PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE PIP_FIND_LINKS",
    ..TOOL
};

const PIPENV: Tool = Tool {
    name: "pipenv",
    source: Source::at("https://pipenv.pypa.io/en/latest/commands.html"),
    programs: &["pipenv"],
    options: OptionTable {
        values: "--python --extra-pip-args --categories -i --index --pypi-mirror",
        arguments: "-e --editable",
        // It rewrites the Pipfile.
        opaque: "-r --requirements",
        ..OPTIONS
    },
    actions: &[
        Action {
            flags: "--deploy --ignore-pipfile",
            arguments: Arguments::None,
            ..action(&["install"], ActionKind::Install)
        },
        Action {
            arguments: Arguments::ProjectPackages,
            writes: &["./Pipfile.lock"],
            ..action(&["install"], ActionKind::Install)
        },
        Action { arguments: Arguments::None, ..action(&["sync"], ActionKind::Install) },
        Action { writes: &["./Pipfile.lock"], ..action(&["lock"], ActionKind::Install) },
        Action { arguments: Arguments::None, ..action(&["requirements"], ActionKind::Install) },
        Action { flags: "--clear", ..action(&[], ActionKind::Upkeep) },
        VERSION,
    ],
    manifests: &[
        required("Pipfile"),
        lock("Pipfile.lock", Unlisted::As("Pipfile.lock*")),
        // <https://pipenv.pypa.io/en/latest/shell.html#automatic-loading-of-env>
        optional(".env"),
    ],
    writes: &["/opt/conda", "/usr/lib", "/usr/local", "~/.local", "./.venv"],
    caches: &[Cache { path: "~/.cache/pipenv", variable: "PIPENV_CACHE_DIR" }],
    inspect: Some(local::pipfile),
    texts: "Pipfile Pipfile.lock",
    variables: "PIP_CERT PIP_CONFIG_FILE PIP_FIND_LINKS",
    // https://pipenv.pypa.io/en/latest/configuration.html
    file_variables: "PIPENV_PIPFILE",
    ..TOOL
};

const PIPX: Tool = Tool {
    name: "pipx",
    source: Source::at("https://pipx.pypa.io/stable/docs/"),
    programs: &["pipx"],
    options: OptionTable {
        values: "--python --pip-args --index-url -i --suffix --backend --spec",
        reads: "-r --requirement",
        ..OPTIONS
    },
    actions: &[
        named(&["install|upgrade|inject"]),
        action(&["ensurepath|list|environment"], ActionKind::Upkeep),
        VERSION,
    ],
    writes: &["~/.local", "~/.bashrc", "~/.profile", "/opt/pipx", "/usr/local/bin"],
    ..TOOL
};

const POETRY: Tool = Tool {
    name: "poetry",
    source: Source::at("https://python-poetry.org/docs/cli/#install"),
    programs: &["poetry"],
    options: OptionTable {
        values: "--with --without --only -E --extras -f --format",
        directories: "-C --directory -P --project",
        writes: "-o --output",
        noted: "--no-directory",
        ..OPTIONS
    },
    actions: &[
        // Only the project is left to install.
        Action { flags: "--only-root", ..action(&["install"], ActionKind::Everything) },
        without_project(&["install|sync"], "--no-root"),
        // The lock file alone is read, but the manifest's hash is checked against it.
        with_project(&["install|sync"], &without_itself("--no-root", "poetry 1.0 1.0")),
        Action { writes: &["./poetry.lock"], ..action(&["lock"], ActionKind::Install) },
        action(&["export"], ActionKind::Install),
        // It looks for the files that the manifest names: a README.
        action(&["check"], ActionKind::Everything),
        Action { flags: "--local", writes: &["./poetry.toml"], ..of_project(&["config"]) },
        Action { writes: &["~/.config/pypoetry"], ..action(&["config"], ActionKind::Upkeep) },
        action(&["cache"], ActionKind::Upkeep),
        named(&["self", "add|update"]),
        VERSION,
    ],
    manifests: &[
        PYPROJECT,
        lock("poetry.lock", Unlisted::As("poetry.lock*")),
        optional("poetry.toml"),
    ],
    writes: &[
        "/opt/conda",
        "/usr/lib",
        "/usr/local",
        "~/.cache/pypoetry/virtualenvs",
        "~/.local",
        "./.venv",
    ],
    caches: &[Cache { path: "~/.cache/pypoetry", variable: "POETRY_CACHE_DIR" }],
    inspect: Some(local::pyproject),
    texts: "poetry.lock pyproject.toml",
    apart: true,
    ..TOOL
};

/// Downloads what setup.py asks for while it builds the project.
const SETUPTOOLS: Tool = Tool {
    name: "setuptools",
    source: Source::at("https://setuptools.pypa.io/en/latest/deprecated/commands.html"),
    programs: &["python{}", "pypy{}"],
    actions: &[action(&["setup.py|./setup.py", "install|develop|test"], ActionKind::Compile)],
    writes: SITE_PACKAGES,
    ..TOOL
};

const UV_VALUES: &str = "-p --python --extra --group --no-group --only-group --index \
                         --default-index -i --index-url --extra-index-url --index-strategy \
                         --keyring-provider --resolution --prerelease --exclude-newer \
                         --link-mode --cache-dir --python-preference --no-extra \
                         --upgrade-package -P --reinstall-package --no-binary-package \
                         --no-build-package --no-build-isolation-package --refresh-package \
                         --config-setting -C --torch-backend --python-platform \
                         --python-version --no-binary --only-binary --color --package \
                         --no-install-package --annotation-style";

/// <https://docs.astral.sh/uv/reference/environment/>
const UV_VARIABLES: &str = "UV_CONFIG_FILE UV_FIND_LINKS XDG_CONFIG_HOME/uv/uv.toml";

const UV_CACHES: &[Cache] = &[Cache { path: "~/.cache/uv", variable: "UV_CACHE_DIR" }];

/// The part of uv that takes pip's requirements.
const UV_PIP: Tool = Tool {
    name: "uv",
    source: Source::at("https://docs.astral.sh/uv/reference/cli/#uv-pip"),
    programs: &["uv"],
    options: OptionTable {
        values: UV_VALUES,
        directories: "--directory --project",
        files: "-r --requirement --requirements -c --constraint --constraints --override \
                --overrides -b --build-constraint --build-constraints",
        reads: "-f --find-links",
        writes: "--target --prefix -o --output-file",
        arguments: "-e --editable",
        alone: "--no-deps --no-index",
        opaque: "--group --config-file --with-editable",
        clusters: true,
        ..OPTIONS
    },
    actions: &[
        Action { writes: &["./.venv"], ..distributions(&["pip", "install"]) },
        Action { arguments: Arguments::Manifests, ..action(&["pip", "sync"], ActionKind::Install) },
        Action {
            arguments: Arguments::Manifests,
            ..action(&["pip", "compile"], ActionKind::Install)
        },
        action(&["pip", "list|freeze|check|show|uninstall|tree"], ActionKind::Upkeep),
        // `prune` leaves what is in use: <https://docs.astral.sh/uv/concepts/cache/#clearing-the-cache>.
        empties(&["cache", "clean"]),
        action(&["cache"], ActionKind::Upkeep),
        action(&["version|help"], ActionKind::Upkeep),
        VERSION,
    ],
    settings: &["pyproject.toml", "uv.toml"],
    writes: &["/opt/conda", "/usr/lib", "/usr/local", "~/.local", "./.venv"],
    caches: UV_CACHES,
    inspect: Some(local::uv_pip),
    texts: REQUIREMENTS_TEXTS,
    variables: UV_VARIABLES,
    file_variables: "UV_BUILD_CONSTRAINT UV_CONSTRAINT UV_OVERRIDE",
    ..TOOL
};

/// Takes the version of Python from the project.
const UV_VENV: Tool = Tool {
    name: "uv",
    source: Source::at("https://docs.astral.sh/uv/concepts/python-versions/#python-version-files"),
    programs: &["uv"],
    options: OptionTable {
        values: UV_VALUES,
        directories: "--directory --project",
        opaque: "--config-file",
        ..OPTIONS
    },
    actions: &[Action {
        arguments: Arguments::Outputs,
        writes: &["./.venv"],
        looks: Looks::Settings,
        ..action(&["venv"], ActionKind::Upkeep)
    }],
    settings: &[".python-version", ".python-versions", "pyproject.toml", "uv.toml"],
    writes: &["~/.local"],
    caches: UV_CACHES,
    ..TOOL
};

const UV: Tool = Tool {
    name: "uv",
    source: Source::at("https://docs.astral.sh/uv/guides/integration/docker/#intermediate-layers"),
    programs: &["uv"],
    options: OptionTable {
        values: UV_VALUES,
        directories: "--directory --project",
        writes: "-o --output-file",
        opaque: "--config-file --script --find-links -f",
        noted: "--no-install-project --locked --frozen",
        ..OPTIONS
    },
    actions: &[
        Action { flags: "--offline", ..action(&["sync"], ActionKind::Everything) },
        Action {
            writes: &["./uv.lock"],
            ..without_project(
                &["sync"],
                "--no-install-workspace --no-install-local --no-install-project",
            )
        },
        with_project(&["sync"], &without_itself("--no-install-workspace", "uv 0.4 0.4")),
        Action { writes: &["./uv.lock"], ..action(&["lock"], ActionKind::Install) },
        Action { writes: &["./uv.lock"], ..action(&["export"], ActionKind::Install) },
        // They read the user's settings alone.
        named(&["tool", "install|upgrade"]),
        // The versions that a file of the project, or one above it, names.
        Action {
            arguments: Arguments::None,
            ..action(&["python", "install"], ActionKind::Everything)
        },
        named(&["python", "install"]),
        action(&["tool|python", "dir|list|update-shell|find"], ActionKind::Upkeep),
    ],
    manifests: &[
        PYPROJECT,
        lock("uv.lock", Unlisted::As("uv.lock*")),
        optional("uv.toml"),
        beside(".python-version"),
        covered(".python-versions"),
    ],
    writes: &["./.venv", "~/.local", "/usr/local"],
    caches: UV_CACHES,
    inspect: Some(local::uv),
    texts: "pyproject.toml uv.lock uv.toml",
    variables: UV_VARIABLES,
    apart: true,
    // <https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync>
    frozen: "--check --frozen --locked UV_FROZEN=1 UV_FROZEN=true UV_LOCKED=1 UV_LOCKED=true",
    ..TOOL
};

const VENV: Tool = Tool {
    name: "venv",
    source: Source::at("https://docs.python.org/3/library/venv.html"),
    programs: &["venv", "virtualenv"],
    options: OptionTable {
        values: "--prompt -p --python --pip --setuptools --wheel",
        reads: "--extra-search-dir",
        ..OPTIONS
    },
    actions: &[Action { arguments: Arguments::Outputs, ..action(&[], ActionKind::Upkeep) }],
    ..TOOL
};
