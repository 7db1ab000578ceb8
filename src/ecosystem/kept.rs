//! What a cache mount keeps for a tool from one build to the next: where it lies, going by the
//! variables that move it, and what switches it off.
//!
//! The directories that count as downloads when steps change places are in the tools' own tables.

use super::{Source, listed};

/// A directory of a tool that a mount may keep.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// The tool, by [`Tool::name`](super::Tool::name).
    pub tool: &'static str,
    /// The page that this comes from.
    pub source: Source,
    /// Where it is, divided by blanks: the first `NAME=below` whose variable is set, or the last
    /// word, which stands below HOME (`~/`), the working directory (`./`) or the root.
    place: &'static str,
    /// Whether it holds what was compiled, and not what was downloaded.
    pub compiled: bool,
    /// Whether later commands of the tool use what is in it: modules, and not an archive of what
    /// is installed elsewhere.
    pub used_later: bool,
    /// Whether a mount is all it takes.
    pub mount_does: bool,
    /// Flags, and `NAME=` of variables, that switch it off.
    pub off: &'static str,
    /// The image that brings the tool, and the version from which on it keeps anything, as
    /// [`is_older`](super::is_older) reads them; or "".
    pub since: &'static str,
    /// What to do where a mount is not all it takes.
    pub help: &'static str,
    /// How to keep it in layers, where builders keep no mounts; "" where that is not possible.
    pub in_layers: &'static str,
}

const KEPT: Kept = Kept {
    tool: "",
    source: Source::at(""),
    place: "",
    compiled: false,
    used_later: false,
    mount_does: false,
    off: "",
    since: "",
    help: "",
    in_layers: "",
};

const ALL: &[Kept] = &[
    Kept {
        tool: "apk",
        source: Source::at("https://wiki.alpinelinux.org/wiki/Local_APK_cache"),
        place: "/var/cache/apk",
        help: "Mount a cache at `/var/cache/apk`, link `/etc/apk/cache` to it, and leave out \
               `--no-cache`.",
        off: "--no-cache",
        ..KEPT
    },
    Kept {
        tool: "apt",
        source: Source::at("https://docs.docker.com/reference/dockerfile/#run---mounttypecache"),
        place: "/var/cache/apt",
        help: "Mount caches at `/var/cache/apt` and `/var/lib/apt` with `sharing=locked`, and take \
               away `/etc/apt/apt.conf.d/docker-clean`, which empties them.",
        ..KEPT
    },
    Kept {
        tool: "bun",
        source: Source::at("https://bun.sh/docs/pm/global-cache"),
        place: "BUN_INSTALL_CACHE_DIR= BUN_INSTALL=install/cache ~/.bun/install/cache",
        mount_does: true,
        off: "--no-cache",
        ..KEPT
    },
    Kept {
        tool: "cargo",
        source: Source::at("https://doc.rust-lang.org/cargo/guide/build-cache.html"),
        place: "CARGO_TARGET_DIR= ./target",
        compiled: true,
        used_later: true,
        help: "Compile the dependencies before the source is copied, with a recipe of cargo-chef, or \
               from the manifests and empty sources, with `cargo clean -p` of these behind it; or \
               mount a cache at `target` and copy the program out of it in the same RUN.",
        in_layers: "Compile the dependencies before the source is copied, with a recipe of \
                    cargo-chef, or from the manifests and empty sources, with `cargo clean -p` of \
                    these behind it.",
        ..KEPT
    },
    Kept {
        tool: "composer",
        source: Source::at("https://getcomposer.org/doc/06-config.md#cache-dir"),
        place: "COMPOSER_CACHE_DIR= ~/.cache/composer",
        help: "Mount a cache where `composer config cache-dir` says.",
        off: "--no-cache",
        ..KEPT
    },
    Kept {
        tool: "dnf",
        source: Source::at("https://dnf.readthedocs.io/en/latest/conf_ref.html"),
        place: "/var/cache/dnf",
        help: "Mount a cache at `/var/cache/dnf` with `sharing=locked`, and set `keepcache`.",
        ..KEPT
    },
    Kept {
        tool: "go",
        source: Source::at("https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching"),
        place: "GOCACHE= XDG_CACHE_HOME=go-build ~/.cache/go-build",
        compiled: true,
        mount_does: true,
        off: "-a",
        // https://go.dev/doc/go1.10#build
        since: "golang 1.10 1.10",
        ..KEPT
    },
    Kept {
        tool: "go",
        source: Source::at("https://go.dev/ref/mod#module-cache"),
        place: "GOMODCACHE= GOPATH=pkg/mod ~/go/pkg/mod",
        used_later: true,
        mount_does: true,
        ..KEPT
    },
    Kept {
        tool: "gradle",
        source: Source::at("https://docs.gradle.org/current/userguide/build_cache.html"),
        place: "GRADLE_USER_HOME= ~/.gradle",
        compiled: true,
        used_later: true,
        help: "Mount a cache at the home of Gradle (`~/.gradle`), and build with `--build-cache`.",
        off: "--refresh-dependencies --rerun-tasks",
        ..KEPT
    },
    Kept {
        tool: "npm",
        source: Source::at("https://docs.npmjs.com/cli/v11/using-npm/config#cache"),
        place: "npm_config_cache= NPM_CONFIG_CACHE= ~/.npm",
        mount_does: true,
        ..KEPT
    },
    Kept {
        tool: "pip",
        source: Source::at("https://pip.pypa.io/en/stable/topics/caching/"),
        place: "PIP_CACHE_DIR= XDG_CACHE_HOME=pip ~/.cache/pip",
        mount_does: true,
        // An option may be cut short where nothing else begins so.
        off: "--no-cache-dir --no-cache PIP_NO_CACHE_DIR=",
        ..KEPT
    },
    Kept {
        tool: "pnpm",
        source: Source::at("https://pnpm.io/settings#storedir"),
        place: "PNPM_HOME=store XDG_DATA_HOME=pnpm/store ~/.local/share/pnpm/store",
        help: "Mount a cache at the store of pnpm, `pnpm store path`.",
        ..KEPT
    },
    Kept {
        tool: "sbt",
        source: Source::at("https://www.scala-sbt.org/1.x/docs/Understanding-Recompilation.html"),
        place: "./target",
        compiled: true,
        used_later: true,
        help: "Compile into a cache mount, and copy what the image needs out of it in the same RUN.",
        ..KEPT
    },
    Kept {
        tool: "uv",
        source: Source::at("https://docs.astral.sh/uv/reference/storage/"),
        place: "UV_CACHE_DIR= XDG_CACHE_HOME=uv ~/.cache/uv",
        mount_does: true,
        off: "--no-cache -n --no-cache-dir UV_NO_CACHE=",
        ..KEPT
    },
    Kept {
        tool: "yarn",
        source: Source::at("https://classic.yarnpkg.com/lang/en/docs/cli/cache/"),
        place: "YARN_CACHE_FOLDER= ~/.cache/yarn",
        help: "Mount a cache where `yarn cache dir` says.",
        ..KEPT
    },
];

/// What a mount may keep for a tool.
pub fn kept(tool: &str) -> impl Iterator<Item = &'static Kept> {
    ALL.iter().filter(move |kept| kept.tool == tool)
}

impl Kept {
    /// Where it is in force, `~/` and `./` still in front; `known` gives the values of variables.
    pub fn place<'v>(&self, known: &dyn Fn(&str) -> Option<&'v str>) -> String {
        for word in self.place.split(' ') {
            match word.split_once('=') {
                None => return word.to_owned(),
                Some((name, below)) => {
                    if let Some(value) = known(name).filter(|value| !value.is_empty()) {
                        let slash = if below.is_empty() { "" } else { "/" };
                        return format!("{}{slash}{below}", value.trim_end_matches('/'));
                    }
                }
            }
        }
        String::new()
    }

    /// Whether it usually lies in a directory, by its whole path or, below HOME, by its name.
    pub fn lies_in(&self, directory: &str) -> bool {
        let usual = self.place.rsplit(' ').next().unwrap_or(self.place);
        match usual.starts_with('/') {
            true => {
                directory == usual
                    || usual.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
            }
            false => directory.rsplit('/').next() == Some(self.name()),
        }
    }

    /// The last part of its usual place: `.npm`.
    pub fn name(&self) -> &'static str {
        self.place.rsplit('/').next().unwrap_or(self.place)
    }

    /// What of a command, as written, or of the variables switches it off.
    pub fn switched_off<'v>(
        &self,
        command: &str,
        known: &dyn Fn(&str) -> Option<&'v str>,
    ) -> Option<&'static str> {
        self.off.split(' ').find(|off| match off.strip_suffix('=') {
            // pip reads every value as yes: <https://github.com/pypa/pip/issues/5011>.
            Some("PIP_NO_CACHE_DIR") => known("PIP_NO_CACHE_DIR").is_some_and(|v| !v.is_empty()),
            Some(name) => known(name).is_some_and(|value| !matches!(value, "" | "0" | "false")),
            None => !off.is_empty() && command.split_ascii_whitespace().any(|word| word == *off),
        })
    }

    /// Whether a word of a command switches it off.
    pub fn is_switched_off_by(&self, word: &str) -> bool {
        listed(self.off, |off| off == word)
    }
}

/// Options that move a cache elsewhere.
const MOVING: &str = "--cache --cache-dir --cache-folder --store-dir --target-dir";

/// Whether a command says itself where its cache lies.
pub fn moves_cache(command: &str) -> bool {
    command.split_whitespace().any(|word| {
        let name = word.split('=').next().unwrap_or(word);
        listed(MOVING, |option| option == name)
    })
}

/// Whether a text speaks of a wrapper that keeps what a compiler makes: ccache, or
/// [sccache](https://github.com/mozilla/sccache), which keeps it on a server.
pub fn wraps_compiler(text: &str) -> bool {
    text.contains("ccache")
}

/// What the images that bring a package manager have, that empties its cache behind each install:
/// where the cache is, what empties it, and the words of steps that see to it.
///
/// <https://docs.docker.com/reference/dockerfile/#run---mounttypecache>
pub fn cleans_behind_install(
    tool: &str,
) -> Option<(&'static str, &'static str, &'static [&'static str])> {
    let words = &["docker-clean", "Keep-Downloaded-Packages"];
    (tool == "apt").then_some(("/var/cache/apt", "`docker-clean`", words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::tools;

    #[test]
    fn the_table_is_sorted_and_names_tools() {
        assert!(ALL.is_sorted_by_key(|kept| kept.tool));
        for kept in ALL {
            assert!(tools().any(|tool| tool.name == kept.tool), "{}", kept.tool);
            assert!(kept.mount_does == kept.help.is_empty(), "{}", kept.tool);
        }
    }

    #[test]
    fn variables_move_it() {
        let at = |tool: &str, set: &[(&str, &'static str)]| {
            let known = |name: &str| set.iter().find(|(own, _)| *own == name).map(|(_, v)| *v);
            let places = kept(tool).map(|kept| kept.place(&known));
            places.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(at("go", &[]), "~/.cache/go-build ~/go/pkg/mod");
        assert_eq!(at("go", &[("GOPATH", "/go")]), "~/.cache/go-build /go/pkg/mod");
        assert_eq!(at("go", &[("GOCACHE", "/c"), ("GOMODCACHE", "/m/")]), "/c /m");
        assert_eq!(at("pip", &[("XDG_CACHE_HOME", "/x")]), "/x/pip");
        assert_eq!(at("npm", &[("npm_config_cache", "/n")]), "/n");
        assert_eq!(at("make", &[]), "");
    }

    #[test]
    fn what_switches_it_off() {
        let off = |tool: &str, command: &str, set: Option<&'static str>| {
            kept(tool).next().and_then(|kept| kept.switched_off(command, &|_| set))
        };
        assert_eq!(off("pip", "pip install --no-cache-dir a", None), Some("--no-cache-dir"));
        assert_eq!(off("pip", "pip install a", Some("1")), Some("PIP_NO_CACHE_DIR="));
        assert_eq!(off("pip", "pip install a", Some("0")), Some("PIP_NO_CACHE_DIR="));
        assert_eq!(off("pip", "pip install --no-cache a", None), Some("--no-cache"));
        assert_eq!(off("uv", "uv sync", Some("0")), None);
        assert_eq!(off("npm", "npm ci", None), None);
        assert!(moves_cache("pip install --cache-dir /c a") && moves_cache("npm ci --cache=/c"));
        assert!(!moves_cache("pip install --no-cache-dir a"));
    }
}
