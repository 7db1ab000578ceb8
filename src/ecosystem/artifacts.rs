//! Directories, and some files, that tools leave in a project on the machine where somebody works on
//! it, and what makes them in an image; what reads the history of a repository.

use super::{Source, known_image, listed, name_matches};

/// A directory that a tool leaves in a project.
#[derive(Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name.
    pub name: &'static str,
    /// The page the facts come from.
    pub source: Source,
    /// What lies beside it, one of these names, divided by blanks; `*` matches in a name. "" where
    /// its own name says enough.
    pub beside: &'static str,
    /// What lies in it, one of these names; "" where that does not matter.
    pub holds: &'static str,
    /// What has to make it in an image that is to do without it.
    pub made: Made,
    /// The tools that make it, divided by blanks.
    pub tools: &'static str,
    /// Whether an install makes it as well, where a compile step has to: `dotnet restore` does so with
    /// `obj`, `mix deps.compile` with `_build`.
    pub by_install: bool,
    /// Whether the parts of a project share that of the whole, as those of an umbrella of Mix do.
    pub is_shared: bool,
    /// Whether it is a file: `.flutter-plugins`.
    pub is_file: bool,
    /// The program that makes it, where not all of its tool do, or "": `dart` makes no `.flutter-plugins`.
    program: &'static str,
    /// See [`Artifact::only`]; "" for whatever is there.
    only: &'static str,
}

/// What makes a directory in an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Nothing has to: it is a cache that is looked at beside what it was made of.
    Never,
    /// An install.
    Install,
    /// A compile step behind the source.
    Compile,
    /// A script of the project, going by its name: `npm run build`.
    Script,
    /// The same, and another stage has to take the directory, for its name says little.
    TakenFromScript,
    /// An environment of Python: an install into the image does as well where nobody names it.
    Environment,
}

impl Artifact {
    /// The names of all that the tool makes in it, divided by blanks, where a project may keep
    /// something of its own beside: `bin/deploy.sh`.
    pub fn only(&self) -> Option<&'static str> {
        (!self.only.is_empty()).then_some(self.only)
    }

    /// See [`is_installed`].
    fn is_installed_by(&self, tool: &str, text: &str) -> bool {
        let by_install = match self.made {
            Made::Install => true,
            Made::Environment => !text.split_ascii_whitespace().any(|word| word == "--system"),
            _ => self.by_install,
        };
        by_install && text.contains(self.program) && listed(self.tools, |name| name == tool)
    }
}

const fn artifact(name: &'static str, made: Made, source: &'static str) -> Artifact {
    let (by_install, is_shared, is_file) = (false, false, false);
    let (source, beside, holds, tools) = (Source::at(source), "", "", "");
    let (program, only) = ("", "");
    Artifact {
        name,
        source,
        beside,
        holds,
        made,
        tools,
        by_install,
        is_shared,
        is_file,
        program,
        only,
    }
}

const PACKAGE_MANAGERS: &str = "bun npm pnpm yarn";
const PYTHON: &str = "pdm pip pipenv poetry uv venv";

const fn of_script(name: &'static str, made: Made, source: &'static str) -> Artifact {
    Artifact { beside: "package.json", tools: PACKAGE_MANAGERS, ..artifact(name, made, source) }
}

const fn environment(name: &'static str) -> Artifact {
    const PAGE: &str = "https://docs.python.org/3/library/venv.html";
    Artifact { holds: "pyvenv.cfg", tools: PYTHON, ..artifact(name, Made::Environment, PAGE) }
}

const fn of_dotnet(name: &'static str) -> Artifact {
    const PAGE: &str = "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-build";
    let beside = "*.csproj *.fsproj *.vbproj";
    Artifact { beside, tools: "dotnet", ..artifact(name, Made::Compile, PAGE) }
}

const fn of_mix(name: &'static str, made: Made) -> Artifact {
    const PAGE: &str = "https://hexdocs.pm/mix/Mix.Project.html";
    let (beside, tools, is_shared) = ("mix.exs", "mix", true);
    Artifact { beside, tools, is_shared, ..artifact(name, made, PAGE) }
}

const fn of_gradle(name: &'static str) -> Artifact {
    const PAGE: &str = "https://docs.gradle.org/current/userguide/directory_layout.html";
    let beside = "build.gradle build.gradle.kts settings.gradle settings.gradle.kts";
    Artifact { beside, tools: "gradle", ..artifact(name, Made::Compile, PAGE) }
}

/// What an install of `tools` makes beside the manifest `beside`, once for all parts of the project.
const fn installed(
    name: &'static str,
    (beside, tools): (&'static str, &'static str),
    source: &'static str,
) -> Artifact {
    Artifact { beside, tools, is_shared: true, ..artifact(name, Made::Install, source) }
}

/// What compiles the dependencies alone makes, and the rest with the source.
const fn compiled(
    name: &'static str,
    (beside, tools): (&'static str, &'static str),
    source: &'static str,
) -> Artifact {
    let by_install = true;
    Artifact { by_install, made: Made::Compile, ..installed(name, (beside, tools), source) }
}

/// It holds the absolute paths of packages.
const fn of_dart(name: &'static str) -> Artifact {
    installed(name, ("pubspec.yaml", "dart"), "https://dart.dev/tools/pub/private-files")
}

const fn of_flutter(name: &'static str) -> Artifact {
    Artifact { is_file: true, program: "flutter", ..of_dart(name) }
}

/// Sorted by their names.
const ARTIFACTS: &[Artifact] = &[
    compiled(
        ".build",
        ("Package.swift", "swift"),
        "https://docs.swift.org/package-manager/PackageDescription/index.html",
    ),
    installed(
        ".cpcache",
        ("deps.edn", "clojure"),
        "https://clojure.org/reference/deps_and_cli#_classpath_caching",
    ),
    of_dart(".dart_tool"),
    of_flutter(".flutter-plugins"),
    of_flutter(".flutter-plugins-dependencies"),
    Artifact { by_install: true, ..of_gradle(".gradle") },
    artifact(
        ".mypy_cache",
        Made::Never,
        "https://mypy.readthedocs.io/en/stable/command_line.html#cmdoption-mypy-cache-dir",
    ),
    of_script(".next", Made::Script, "https://nextjs.org/docs/app/api-reference/cli/next"),
    of_script(".nuxt", Made::Script, "https://nuxt.com/docs/guide/directory-structure/nuxt"),
    of_script(".output", Made::Script, "https://nuxt.com/docs/guide/directory-structure/output"),
    Artifact {
        is_file: true,
        ..installed(
            ".pdm-python",
            ("pyproject.toml", "pdm"),
            "https://pdm-project.org/latest/usage/project/",
        )
    },
    // <https://pixi.sh/latest/reference/pixi_configuration/> may lie beside them.
    Artifact {
        only: ".gitignore envs solve-group-envs task-cache-v0",
        ..installed(
            ".pixi",
            ("pixi.toml pyproject.toml", "pixi"),
            "https://pixi.sh/latest/workspace/environment/",
        )
    },
    artifact(".pytest_cache", Made::Never, "https://docs.pytest.org/en/stable/how-to/cache.html"),
    artifact(".ruff_cache", Made::Never, "https://docs.astral.sh/ruff/settings/#cache-dir"),
    compiled(
        ".stack-work",
        ("stack.yaml", "stack"),
        "https://docs.haskellstack.org/en/stable/topics/stack_work/",
    ),
    of_script(".svelte-kit", Made::Script, "https://svelte.dev/docs/kit/project-structure"),
    installed(
        ".terraform",
        ("*.tf", "terraform"),
        "https://developer.hashicorp.com/terraform/cli/init",
    ),
    artifact(".tox", Made::Never, "https://tox.wiki/en/latest/reference/config.html#work_dir"),
    environment(".venv"),
    artifact(
        "__pycache__",
        Made::Never,
        "https://docs.python.org/3/tutorial/modules.html#compiled-python-files",
    ),
    Artifact { by_install: true, ..of_mix("_build", Made::Compile) },
    compiled(
        "_build",
        ("rebar.config", "rebar3"),
        "https://rebar3.org/docs/configuration/configuration/",
    ),
    Artifact { only: "Debug Release", ..of_dotnet("bin") },
    Artifact {
        beside: "bower.json",
        tools: "bower",
        ..artifact("bower_components", Made::Install, "https://bower.io/docs/config/#directory")
    },
    of_gradle("build"),
    of_script(
        "build",
        Made::TakenFromScript,
        "https://create-react-app.dev/docs/production-build/",
    ),
    of_mix("deps", Made::Install),
    of_script(
        "dist",
        Made::TakenFromScript,
        "https://vite.dev/config/build-options.html#build-outdir",
    ),
    compiled(
        "dist-newstyle",
        ("*.cabal cabal.project", "cabal"),
        "https://cabal.readthedocs.io/en/stable/nix-local-build.html",
    ),
    environment("env"),
    // A directory of the source, elsewhere.
    Artifact {
        holds: ".shards.info",
        ..installed(
            "lib",
            ("shard.yml", "shards"),
            "https://github.com/crystal-lang/shards/blob/master/docs/shards.adoc",
        )
    },
    installed(
        "library",
        ("activate.R", "renv"),
        "https://rstudio.github.io/renv/articles/renv.html#infrastructure",
    ),
    Artifact {
        holds: "lib",
        ..installed("local", ("cpanfile", "carton"), "https://metacpan.org/pod/Carton")
    },
    Artifact {
        beside: "package.json",
        tools: PACKAGE_MANAGERS,
        ..artifact(
            "node_modules",
            Made::Install,
            "https://docs.npmjs.com/cli/v11/configuring-npm/folders",
        )
    },
    installed(
        "node_modules",
        ("deno.json deno.jsonc package.json", "deno"),
        "https://docs.deno.com/runtime/fundamentals/node/#node_modules",
    ),
    Artifact { by_install: true, ..of_dotnet("obj") },
    of_script("out", Made::TakenFromScript, "https://nextjs.org/docs/app/guides/static-exports"),
    Artifact {
        beside: "Cargo.toml",
        holds: "CACHEDIR.TAG .rustc_info.json",
        tools: "cargo",
        ..artifact(
            "target",
            Made::Compile,
            "https://doc.rust-lang.org/cargo/reference/build-cache.html",
        )
    },
    Artifact {
        beside: "pom.xml",
        tools: "maven",
        ..artifact(
            "target",
            Made::Compile,
            "https://maven.apache.org/guides/introduction/introduction-to-the-standard-directory-layout.html",
        )
    },
    Artifact {
        beside: "build.sbt",
        tools: "sbt",
        by_install: true,
        ..artifact("target", Made::Compile, "https://www.scala-sbt.org/1.x/docs/Directories.html")
    },
    compiled(
        "target",
        ("project.clj", "leiningen"),
        "https://codeberg.org/leiningen/leiningen/src/branch/main/sample.project.clj",
    ),
    installed(
        "vcpkg_installed",
        ("vcpkg.json", "vcpkg"),
        "https://learn.microsoft.com/en-us/vcpkg/concepts/manifest-mode",
    ),
    // Modules of Go lie in a directory of this name as well, and are part of the source.
    Artifact {
        beside: "composer.json",
        holds: "autoload.php",
        tools: "composer",
        ..artifact("vendor", Made::Install, "https://getcomposer.org/doc/06-config.md#vendor-dir")
    },
    environment("venv"),
];

/// Whether an install of `tool` makes a directory of this name anew over what is there; `text` is
/// the command, which may install into the system.
pub fn is_installed(name: &str, tool: &str, text: &str) -> bool {
    artifacts(name).any(|artifact| artifact.is_installed_by(tool, text))
}

/// The directories that an install of `tool` makes anew beside each manifest of this name, in the
/// members of a project too; `text` is the command.
pub fn installed_beside(
    manifest: &str,
    tool: &str,
    text: &str,
) -> impl Iterator<Item = &'static str> {
    let own = ARTIFACTS.iter().filter(move |artifact| {
        !artifact.is_shared
            && listed(artifact.beside, |pattern| name_matches(pattern, manifest))
            && artifact.is_installed_by(tool, text)
    });
    own.map(|artifact| artifact.name)
}

/// What a directory of this name may be.
pub fn artifacts(name: &str) -> impl Iterator<Item = &'static Artifact> {
    ARTIFACTS.iter().filter(move |artifact| artifact.name == name)
}

/// Where systems for versions keep the history of a repository, and what lies there.
pub const HISTORIES: &[(&str, &str)] = &[(".git", "HEAD"), (".hg", "requires"), (".svn", "wc.db")];

/// What speaks of a history in a manifest or a script: names of what takes a version from it, or
/// sets up hooks in it.
const OF_HISTORY: &str = "buildnumber describe dunamai dynamic-versioning git git2 gitbranchlockfile gitversion husky hg \
                          jgit lefthook minver nbgv pbr pre-commit reckon scm semver-git \
                          setuptools_scm shadow-rs vcs vergen versioneer versioningit";

/// Whether a text may name what reads the history of a repository.
pub fn speaks_of_history(text: &str) -> bool {
    let apart = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    text.split(apart).any(|word| {
        let word = word.to_ascii_lowercase();
        !word.is_empty() && listed(OF_HISTORY, |name| name == word)
    }) || listed(OF_HISTORY, |name| name.contains('-') && text.contains(name))
}

/// Whether an image has no program that reads the history of a repository, going by its name: the
/// small variants of Docker's official images.
/// <https://github.com/docker-library/official-images>
pub fn lacks_history_programs(image: &str) -> bool {
    known_image(image).is_some() && ["alpine", "slim"].iter().any(|part| image.contains(part))
}

/// Whether a file is a manifest that names the scripts or the plugins of a build.
pub fn names_plugins(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    listed(".npmrc composer.json package.json pnpm-workspace.yaml pom.xml", |own| own == name)
        && !path.split('/').any(|part| part == "node_modules" || part == "vendor")
}

/// What of a build takes its version from the history of the repository that it runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadsHistory {
    /// Nothing, unless files of these names are among the source and speak of it, or are programs;
    /// divided by blanks.
    Unless(&'static str),
    /// The tool itself.
    Itself,
    /// The tool itself, by a program of the image, but with this option.
    But(&'static str),
    /// Plugins and scripts that the manifests name.
    ByManifests,
    /// It is not known.
    Unknown,
}

/// What of a build with the tool `name` reads the history.
pub fn reads_history(name: &str) -> ReadsHistory {
    match name {
        // https://doc.rust-lang.org/cargo/reference/build-scripts.html
        "cargo" => ReadsHistory::Unless("Cargo.toml build.rs"),
        // A gemspec lists its files by `git ls-files` when it is made by `bundle gem`.
        "bundler" => ReadsHistory::Unless("*.gemspec"),
        // It keeps the version of the project itself: <https://getcomposer.org/doc/04-schema.md#version>.
        "composer" => ReadsHistory::Itself,
        // https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
        "go" => ReadsHistory::But("-buildvcs=false"),
        "bun" | "maven" | "npm" | "pnpm" | "yarn" => ReadsHistory::ByManifests,
        _ => ReadsHistory::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_cited() {
        assert!(ARTIFACTS.is_sorted_by_key(|artifact| artifact.name));
        assert!(ARTIFACTS.iter().all(|artifact| artifact.source.address.starts_with("https://")));
        for artifact in ARTIFACTS {
            let known = |name: &str| super::super::tools().any(|tool| tool.name == name);
            assert!(artifact.tools.split_whitespace().all(known), "{}", artifact.name);
            assert_eq!(artifact.tools.is_empty(), artifact.made == Made::Never);
        }
    }

    #[test]
    fn words_of_a_history() {
        for text in [
            "version = git describe",
            "husky install",
            "setuptools_scm",
            "hatch-vcs",
            "git-branch-lockfile=true",
        ] {
            assert!(speaks_of_history(text), "{text}");
        }
        for text in ["https://github.com/a/b", "gitlab", "scmx", "digit"] {
            assert!(!speaks_of_history(text), "{text}");
        }
        assert!(lacks_history_programs("node:24-slim") && !lacks_history_programs("node:24"));
        assert!(!lacks_history_programs("example/hugo:alpine"));
    }
}
