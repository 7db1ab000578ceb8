//! What is downloaded beside packages (browsers, models), and systems whose package managers
//! are seldom met.

use super::{
    Action, ActionKind, Arguments, OPTIONS, OptionTable, SYSTEM, Source, TOOL, Tool, action,
    refreshes,
};

const fn free(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Free, ..action(words, ActionKind::Named) }
}

pub(super) const TOOLS: &[Tool] = &[
    // Without a version they look for a file that names one.
    Tool {
        name: "a version manager",
        source: Source::at("https://github.com/pyenv/pyenv/blob/master/COMMANDS.md"),
        programs: &["fnm", "nodenv", "pyenv", "rbenv", "tfenv"],
        actions: &[
            Action { arguments: Arguments::None, ..action(&["install"], ActionKind::Everything) },
            // tfenv: what the project's files allow.
            Action { unless: "min-required latest-allowed", ..free(&["install"]) },
            Action { arguments: Arguments::Free, ..action(&["global|rehash"], ActionKind::Upkeep) },
        ],
        variables: "PYENV_ROOT RBENV_ROOT NODENV_ROOT FNM_DIR",
        writes: &[
            "~/.pyenv",
            "~/.rbenv",
            "~/.nodenv",
            "~/.tfenv",
            "~/.local",
            "/opt",
            "/usr/local",
        ],
        ..TOOL
    },
    Tool {
        name: "aria2",
        source: Source::at("https://aria2.github.io/manual/en/html/aria2c.html"),
        programs: &["aria2c", "axel", "gdown"],
        options: OptionTable {
            values: "-x -s -k -j --id",
            writes: "-o --out --output -d --dir -O",
            opaque: "-i --input-file",
            ..OPTIONS
        },
        actions: &[free(&[])],
        writes: &["./"],
        ..TOOL
    },
    Tool {
        name: "brew",
        source: Source::at("https://docs.brew.sh/Manpage"),
        programs: &["brew", "eopkg", "opkg", "swupd"],
        actions: &[
            Action {
                arguments: Arguments::Packages,
                ..action(&["install|bundle-add"], ActionKind::Named)
            },
            refreshes(&["tap|update"]),
            action(&["upgrade"], ActionKind::Named),
        ],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "emsdk",
        source: Source::at("https://emscripten.org/docs/tools_reference/emsdk.html"),
        programs: &["emsdk"],
        actions: &[free(&["install"]), free(&["activate"])],
        writes: &["./", "~/.emscripten"],
        ..TOOL
    },
    Tool {
        name: "gcloud",
        source: Source::at("https://docs.cloud.google.com/sdk/gcloud/reference/components/install"),
        programs: &["gcloud"],
        options: OptionTable { opaque: "--flags-file", ..OPTIONS },
        actions: &[free(&["components", "install|update"])],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "huggingface",
        source: Source::at("https://huggingface.co/docs/huggingface_hub/guides/cli"),
        programs: &["hf", "huggingface-cli"],
        options: OptionTable {
            values: "--revision --repo-type --include --exclude --token",
            writes: "--local-dir --cache-dir",
            ..OPTIONS
        },
        actions: &[Action { writes: &["~/.cache/huggingface"], ..free(&["download"]) }],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "nltk",
        source: Source::at("https://www.nltk.org/data.html"),
        programs: &["nltk.downloader"],
        options: OptionTable { writes: "-d", ..OPTIONS },
        actions: &[Action { writes: &["~/nltk_data"], ..free(&[]) }],
        writes: SYSTEM,
        ..TOOL
    },
    // Its version is that of the package, which lies in the project or in the system.
    Tool {
        name: "playwright",
        source: Source::at("https://playwright.dev/docs/browsers"),
        programs: &["playwright"],
        actions: &[
            Action { writes: &["./node_modules", "~/.cache/ms-playwright"], ..free(&["install"]) },
            Action { writes: &["./node_modules"], ..free(&["install-deps"]) },
        ],
        // npx reads those of the project: <https://docs.npmjs.com/cli/v11/commands/npx>.
        settings: &[".npmrc"],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "portage",
        source: Source::at("https://wiki.gentoo.org/wiki/Portage"),
        programs: &["emerge", "urpmi", "xbps-install"],
        actions: &[free(&[])],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "rosdep",
        source: Source::at("https://docs.ros.org/en/independent/api/rosdep/html/commands.html"),
        programs: &["rosdep"],
        options: OptionTable { values: "--rosdistro --os --skip-keys", ..OPTIONS },
        actions: &[
            // What every package below names.
            Action {
                flags: "--from-paths --from-path",
                ..action(&["install"], ActionKind::Compile)
            },
            Action { writes: &["~/.ros"], ..refreshes(&["init|update"]) },
        ],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "sdkmanager",
        source: Source::at("https://developer.android.com/tools/sdkmanager"),
        programs: &["sdkmanager"],
        options: OptionTable {
            values: "--channel --proxy --proxy_host --proxy_port",
            writes: "--sdk_root",
            opaque: "--package_file",
            ..OPTIONS
        },
        actions: &[free(&[])],
        // Licences that lie there count as accepted.
        variables: "ANDROID_HOME ANDROID_SDK_ROOT",
        writes: &["~/.android", "/opt", "/sdk", "/usr/lib/android-sdk", "/usr/local"],
        ..TOOL
    },
    Tool {
        name: "spacy",
        source: Source::at("https://spacy.io/api/cli#download"),
        programs: &["spacy"],
        actions: &[free(&["download"])],
        writes: SYSTEM,
        ..TOOL
    },
];
