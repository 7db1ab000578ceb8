//! Where installs are told to put what they install, other than by options: variables, and
//! settings that mean the same.

use super::{Use, listed};

/// The tools, divided by blanks, and the variables that name directories which these fill, with
/// what of them they fill: `GOPATH/pkg`.
const DIRECTORIES: &[(&str, &str)] = &[
    // <https://bundler.io/man/bundle-config.1.html>
    ("bundler", "BUNDLE_BIN BUNDLE_PATH"),
    // <https://doc.rust-lang.org/cargo/reference/environment-variables.html>
    ("cargo", "CARGO_HOME/bin CARGO_HOME/git CARGO_HOME/registry CARGO_INSTALL_ROOT/bin"),
    ("carton", "PERL_CARTON_PATH"),
    // <https://getcomposer.org/doc/03-cli.md#environment-variables>
    ("composer", "COMPOSER_BIN_DIR COMPOSER_CACHE_DIR COMPOSER_VENDOR_DIR XDG_CACHE_HOME/composer"),
    // <https://learn.microsoft.com/en-us/nuget/consume-packages/managing-the-global-packages-and-cache-folders>
    ("dotnet msbuild nuget", "NUGET_HTTP_CACHE_PATH NUGET_PACKAGES"),
    // <https://guides.rubygems.org/command-reference/>
    ("bundler gem", "GEM_HOME"),
    // <https://go.dev/ref/mod#environment-variables>
    ("go", "GOBIN GOCACHE GOMODCACHE GOPATH/bin GOPATH/pkg XDG_CACHE_HOME/go-build"),
    // <https://docs.gradle.org/current/userguide/directory_layout.html>
    ("gradle", "GRADLE_USER_HOME/caches GRADLE_USER_HOME/wrapper"),
    // <https://hexdocs.pm/mix/Mix.html#module-environment-variables>
    ("mix", "HEX_HOME/packages MIX_BUILD_PATH MIX_BUILD_ROOT MIX_DEPS_PATH MIX_HOME/archives"),
    // <https://docs.npmjs.com/cli/v11/using-npm/config>, <https://pnpm.io/settings>
    ("npm pnpm", "NPM_CONFIG_CACHE NPM_CONFIG_PREFIX npm_config_cache npm_config_prefix"),
    (
        "pnpm",
        "PNPM_HOME/store npm_config_modules_dir npm_config_store_dir \
              npm_config_virtual_store_dir",
    ),
    // <https://pip.pypa.io/en/stable/topics/configuration/#environment-variables>
    ("pip", "PIP_CACHE_DIR PIP_PREFIX PIP_SRC PIP_TARGET PYTHONUSERBASE XDG_CACHE_HOME/pip"),
    // <https://playwright.dev/docs/browsers#managing-browser-binaries>
    ("playwright", "PLAYWRIGHT_BROWSERS_PATH"),
    // <https://python-poetry.org/docs/configuration/>
    ("poetry", "POETRY_CACHE_DIR POETRY_VIRTUALENVS_PATH XDG_CACHE_HOME/pypoetry"),
    // <https://docs.astral.sh/uv/reference/environment/>
    (
        "uv",
        "UV_CACHE_DIR UV_PROJECT_ENVIRONMENT UV_PYTHON_INSTALL_DIR UV_TOOL_DIR XDG_CACHE_HOME/uv",
    ),
    // <https://docs.python.org/3/library/venv.html#how-venvs-work>
    // and <https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPYCACHEPREFIX>
    ("pdm pip pipenv poetry uv", "PYTHONPYCACHEPREFIX VIRTUAL_ENV"),
    ("shards", "SHARDS_INSTALL_PATH"),
    // <https://classic.yarnpkg.com/en/docs/cli/cache>
    ("yarn", "YARN_CACHE_FOLDER YARN_GLOBAL_FOLDER"),
];

/// A directory that an install is told to fill.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// What the variable names.
    pub directory: String,
    /// The part of it that is filled; "" for all.
    pub below: &'static str,
}

/// The directories that `used` is told to fill, as written; `told` says what a variable says.
pub fn told_directories(used: &Use, told: &dyn Fn(&str) -> Option<String>) -> Vec<Told> {
    let name = used.tool.name;
    let own = DIRECTORIES.iter().filter(|(tools, _)| listed(tools, |tool| tool == name));
    let entries = own.flat_map(|(_, variables)| variables.split_whitespace());
    let named = entries.filter_map(|entry| {
        let (variable, below) = entry.split_once('/').unwrap_or((entry, ""));
        Some(Told { directory: told(variable)?, below })
    });
    let mut found: Vec<Told> = named.collect();
    // A deployment goes into the project, unless it is told otherwise.
    // <https://bundler.io/man/bundle-install.1.html#DEPLOYMENT-MODE>
    let deploys = || told("BUNDLE_DEPLOYMENT").is_some_and(|value| value == "1" || value == "true");
    let is_told = used.flags.iter().any(|flag| flag == "--deployment");
    if name == "bundler" && told("BUNDLE_PATH").is_none() && (is_told || deploys()) {
        found.push(Told { directory: "vendor/bundle".to_owned(), below: "" });
    }
    found
}

/// Tools that make environments of Python.
const MAKE_ENVIRONMENTS: &str = "conda uv venv";

/// Those that install into the environment whose programs PATH has first.
/// <https://docs.python.org/3/library/venv.html#how-venvs-work>
const USE_ENVIRONMENTS: &str = "pdm pip pip-tools pipenv poetry";

/// Whether a command makes an environment of Python at what it writes: `python -m venv /app/env`.
pub fn makes_environment(used: &Use) -> bool {
    let is_of_uv = used.tool.name == "uv";
    listed(MAKE_ENVIRONMENTS, |tool| tool == used.tool.name)
        && (!is_of_uv || used.action.words == ["venv"])
}

/// Whether the download in front of a build goes without this variable: `GOOS` of `GOOS=linux go build`.
pub fn drops_variable(used: &Use, name: &str) -> bool {
    used.action.first.is_some_and(|first| first.drops.split(' ').any(|drop| drop == name))
}

/// Whether a command works on an archive: `tar xzf tool.tar.gz`, `unzip driver.zip`.
pub fn unpacks(used: &Use) -> bool {
    used.tool.name == "tar"
}

/// Whether a command installs into the environment of Python that it finds.
pub fn installs_into_an_environment(used: &Use) -> bool {
    listed(USE_ENVIRONMENTS, |tool| tool == used.tool.name)
}

/// Tools that keep a setting under the name of a variable, and how these begin.
const KEPT: &[(&str, &str)] = &[("bundler", "BUNDLE_"), ("pip", "PIP_")];

/// What a command that keeps a setting makes of it, as a variable says the same:
/// `bundle config set path gems` is `BUNDLE_PATH=gems`. `words` are those that are no options.
pub fn kept_as_variable(tool: &str, words: &[&str]) -> Option<String> {
    let (_, prefix) = KEPT.iter().find(|(name, _)| *name == tool)?;
    let (key, value) = match words {
        ["config", "set", key, value] | ["config", key, value] => (key, value),
        _ => return None,
    };
    // pip has sections: `install.target`.
    let key = key.rsplit('.').next()?.to_ascii_uppercase().replace('-', "_");
    let variable = format!("{prefix}{key}");
    let names = |(_, variables): &(&str, &str)| listed(variables, |name| name == variable);
    let matters = variable == "BUNDLE_DEPLOYMENT" || DIRECTORIES.iter().any(names);
    matters.then(|| format!("{variable}={value}"))
}

#[cfg(test)]
mod tests {
    use super::super::tools;
    use super::*;

    #[test]
    fn every_tool_is_known() {
        let names = DIRECTORIES.iter().flat_map(|(tools, _)| tools.split_whitespace());
        let of_python =
            [MAKE_ENVIRONMENTS, USE_ENVIRONMENTS].into_iter().flat_map(str::split_whitespace);
        for name in names.chain(KEPT.iter().map(|(name, _)| *name)).chain(of_python) {
            assert!(tools().any(|tool| tool.name == name), "{name}");
        }
    }

    #[test]
    fn settings_are_kept_under_the_names_of_variables() {
        let kept = |tool, line: &str| {
            kept_as_variable(tool, &line.split(' ').collect::<Vec<_>>()).unwrap_or_default()
        };
        assert_eq!(kept("bundler", "config set path gems"), "BUNDLE_PATH=gems");
        assert_eq!(kept("bundler", "config path gems"), "BUNDLE_PATH=gems");
        assert_eq!(kept("pip", "config set install.target lib"), "PIP_TARGET=lib");
        assert_eq!(kept("bundler", "config deployment true"), "BUNDLE_DEPLOYMENT=true");
        assert_eq!(kept("bundler", "config unset path"), "");
        assert_eq!(kept("bundler", "config set without test"), "");
        assert_eq!(kept("npm", "config set prefix lib"), "");
    }
}
