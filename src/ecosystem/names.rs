//! Which paths are manifests or lock files, going by their names alone.

use super::local::{SCRIPTS, SETTINGS};
use super::{Tool, listed, tools};
use crate::bytes::Bytes;
use crate::digest::{Digest, Numbers};
use crate::sort::sort;
use crate::text::Cut;
use std::sync::OnceLock;

/// Files that only ever say which packages to install, beside the tables' own.
const MANIFEST_NAMES: &[&str] = &[
    // Projects of MSBuild: a solution names them all.
    "*.*proj",
    "*.gradle",
    "*.gradle.kts",
    "*requirements*.in",
    "*requirements*.txt",
    "DESCRIPTION",
    "Podfile",
    "Podfile.lock",
    "constraints*.txt",
    "flake.lock",
    "flake.nix",
    "gradlew.bat",
    "lerna.json",
    "mvnw.cmd",
    "nx.json",
    "rebar.config",
    "rebar.lock",
    "requirements/*.in",
    "requirements/*.txt",
    "runtime.txt",
    "rush.json",
    "settings.xml",
    "setup.cfg",
    "setup.py",
    "shard.lock",
    "shard.yml",
    "tox.ini",
    "turbo.json",
];

/// Files that say which stages somebody builds. Their texts are asked for.
const BUILDS: &str = "*compose*.yaml *compose*.yml *docker-bake*.hcl *docker-bake*.json \
                      .circleci/config.yml .devcontainer/devcontainer.json \
                      .github/workflows/*.yaml .github/workflows/*.yml .gitlab-ci.yml Earthfile \
                      GNUmakefile Jenkinsfile Justfile Makefile Rakefile Taskfile.yaml \
                      Taskfile.yml Tiltfile azure-pipelines.yml bitbucket-pipelines.yml build*.sh \
                      buildspec*.yaml buildspec*.yml cloudbuild.yaml copilot/*/manifest.yml \
                      devcontainer.json docker*.sh fly*.toml justfile makefile okteto*.yaml \
                      okteto*.yml skaffold.yaml tasks.py werf*.yaml";

/// Whether a file may say which stages somebody builds; package.json has scripts for that.
pub fn may_name_targets(path: &str) -> bool {
    let named = |name: &str| ends_with_pattern(path, name);
    listed(BUILDS, named) || listed(SCRIPTED, named)
}

/// Whether a file is one of Compose, which names the stages that its services are built of.
/// <https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file>
pub fn names_services(path: &str) -> bool {
    last(path).contains("compose") && (path.ends_with(".yml") || path.ends_with(".yaml"))
}

/// Manifests with scripts of their own.
const SCRIPTED: &str = "package.json composer.json";

/// Whether an image is one for Windows, going by its name.
/// <https://mcr.microsoft.com/en-us/catalog?search=windows>
pub fn is_windows_image(image: &str) -> bool {
    let image = image.to_ascii_lowercase();
    ["windows", "nanoserver", "dotnet/framework"].iter().any(|word| image.contains(word))
}

/// Whether a file or directory is a manifest or a lock file of any tool, or lies in a
/// directory that is one (`.mvn/`). It may be a pattern itself: `package*.json`.
pub fn is_manifest(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    fits_a_name(path)
        // A directory of nothing else, by habit.
        || last(path) == "requirements"
        || lies_in_manifests(path)
}

/// Whether a path, or a directory above it, has the name of a directory of manifests.
fn lies_in_manifests(path: &str) -> bool {
    let directories = &index().directories;
    let mut end = path.len();
    loop {
        let above = path.cut(..end);
        let start = above.last_place_of(b'/');
        let name = above.cut(start.map_or(0, |at| at + 1)..);
        let mut named = directories.iter().filter(|directory| directory.last == name);
        if named.any(|directory| ends_with_pattern(above, directory.name)) {
            return true;
        }
        match start {
            Some(at) => end = at,
            None => return false,
        }
    }
}

/// Whether some tool's inspector reads the text of a file with this name. Whoever has files reads
/// these, and no others: their texts are what [`Tool::inspect`](super::Tool::inspect) asks for.
pub fn wants_text(path: &str) -> bool {
    static TEXTS: OnceLock<Vec<&str>> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| {
        let others = [SCRIPTS, SETTINGS, BUILDS, ".gitignore .gitmodules"];
        let of_tools = tools().map(|tool| tool.texts).chain(others);
        let mut texts: Vec<&str> = of_tools.flat_map(str::split_whitespace).collect();
        sort(&mut texts);
        texts.dedup();
        texts
    });
    let end = path.as_bytes().last();
    let may_fit = |name: &&&str| {
        let own = name.as_bytes().last();
        own == end || own == Some(&b'*')
    };
    texts.iter().filter(may_fit).any(|name| ends_with_pattern(path, name))
}

/// The directory of a project that a command names, or whose manifest it names as a program:
/// `conan install conanfile.py`.
pub(super) fn project_named(tool: &Tool, word: &str) -> String {
    let (directory, name) = word.rsplit_once('/').unwrap_or((".", word));
    let is_manifest = tool.manifests.iter().any(|manifest| manifest.path == name);
    if is_manifest { directory } else { word }.to_owned()
}

/// The directory that a repository is cloned to where none is named.
/// <https://git-scm.com/docs/git-clone#Documentation/git-clone.txt-directory>
pub(super) fn cloned_to(address: &str) -> Option<String> {
    let path = address.trim_end_matches('/');
    let name = path.rsplit(['/', ':']).next().unwrap_or(path).trim_end_matches(".git");
    (address.contains(':') && !name.is_empty()).then(|| name.to_owned())
}

/// Whether a file is a package that a manager of the system installs.
pub fn is_package_file(name: &str) -> bool {
    [".apk", ".deb", ".pkg.tar.zst", ".rpm"].iter().any(|end| name.ends_with(end))
}

/// Whether a manifest of a tool says which versions are installed, going by its name.
pub fn is_lock_file(name: &str) -> bool {
    let locks = "*.lock *.lockb *-lock.* *.lock.* *.resolved *.snapshot *shrinkwrap* go.sum";
    listed(locks, |pattern| name_matches(pattern, name))
}

/// Whether a command is there to change the lock file, by its words: `bundle update`,
/// `bundle lock --add-platform x86_64-linux`, `npm install --package-lock-only`.
pub fn locks_anew(words: &str) -> bool {
    const WORDS: &str = "--add-platform --package-lock-only --update --upgrade update upgrade";
    words.split_whitespace().any(|word| listed(WORDS, |own| own == word))
}

/// The file beside settings where nothing reads these: Yarn reads no `.npmrc` since it has settings
/// of its own.
/// <https://yarnpkg.com/migration/guide#update-your-configuration-to-the-new-settings>
pub fn settings_instead_of(name: &str) -> Option<&'static str> {
    (name == ".npmrc").then_some(".yarnrc.yml")
}

/// Whether a manifest is a program, which may read what it names in some cases alone:
/// `config/dev.exs` where `MIX_ENV` says so.
pub fn is_program(manifest: &str) -> bool {
    listed("Gemfile *.exs *.gradle *.kts *.sbt *.sc *.py", |name| name_matches(name, manifest))
}

/// Whether a flag makes an install do without the lock file that is there: of npm
/// (<https://docs.npmjs.com/cli/v11/using-npm/config#package-lock>), Yarn 1, pnpm and pipenv.
pub fn reads_no_lock(flag: &str) -> bool {
    listed("--no-package-lock --package-lock=false --no-lockfile --skip-lock", |one| one == flag)
}

/// Whether a name is that of a manifest or lock file, and not of a directory of them.
pub fn is_manifest_file(path: &str) -> bool {
    fits_a_name(path)
}

/// Whether the text of a `yarn.lock` is of Yarn 2 or later.
pub(super) fn is_lock_of_berry(text: &str) -> bool {
    text.contains("__metadata:")
}

/// Whether an install fails where a directory that a manifest of this name tells is missing, whichever
/// it is for: go.work and a `replace` name modules, each of which has to be there.
/// <https://go.dev/ref/mod#go-work-file-use>
pub fn needs_every_member(manifest: &str) -> bool {
    manifest == "go.mod"
}

/// Whether a path has the name of a directory of manifests (`.mvn`, and those of pip by habit).
pub fn is_manifest_directory(path: &str) -> bool {
    last(path) == "requirements"
        || index().directories.iter().any(|directory| ends_with_pattern(path, directory.name))
}

/// Whether a path is what `turbo prune --docker` keeps of a workspace: its manifests.
/// <https://turborepo.com/docs/reference/prune#--docker>
pub fn is_pruned_workspace(path: &str) -> bool {
    path.ends_with("out/json")
}

/// Whether an install of some tool reads all files that fit this pattern, wherever they lie.
pub fn is_scattered(pattern: &str) -> bool {
    let fits = |name: &str| name == pattern || name.split('/').nth(1) == Some(pattern);
    tools().any(|tool| tool.scattered.split(' ').any(fits))
}

/// Whether a path is a program of a virtual environment, going by the name of its directory:
/// what is made there is not the project's. <https://docs.python.org/3/library/venv.html>
pub fn is_in_environment(path: &str) -> bool {
    let mut names = path.rsplit('/').skip(1);
    names.next().is_some_and(|name| name == "bin" || name == "Scripts")
        && names.next().is_some_and(|name| name.ends_with("env"))
}

/// The names of the tables, sorted for looking up: a Dockerfile asks for many.
struct Index {
    /// Names without a `*`.
    plain: Vec<Name>,
    /// Where the names begin in `plain` that have one last component, by its number.
    firsts: Numbers,
    /// Names with a `*`.
    patterns: Vec<Name>,
    /// Directories, without their slash; none has a `*`.
    directories: Vec<Name>,
}

/// A name of the tables.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    /// Its last component.
    last: &'static str,
    /// All of it.
    name: &'static str,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let (mut plain, mut patterns, mut directories) = (Vec::new(), Vec::new(), Vec::new());
        let manifests = tools().flat_map(|tool| tool.manifests).map(|manifest| manifest.path);
        for name in MANIFEST_NAMES.iter().copied().chain(manifests) {
            let (list, name) = match name.strip_suffix('/') {
                Some(directory) => (&mut directories, directory),
                None if name.has(b'*') => (&mut patterns, name),
                None => (&mut plain, name),
            };
            list.push(Name { last: last(name), name });
        }
        for list in [&mut plain, &mut patterns, &mut directories] {
            sort(&mut *list);
            list.dedup();
        }
        let mut firsts = Numbers::default();
        for (at, name) in plain.iter().enumerate() {
            firsts.keep(Digest::of(name.last).end(), at as u64);
        }
        Index { plain, firsts, patterns, directories }
    })
}

fn fits_a_name(path: &str) -> bool {
    let name = last(path);
    let index = index();
    let first = index.firsts.index(Digest::of(name).end()).unwrap_or(index.plain.len());
    let mut plain = index.plain[first..].iter().take_while(|plain| plain.last == name);
    // Most patterns are ruled out by the last byte.
    let end = path.as_bytes().last();
    let may_fit = |pattern: &Name| {
        let own = pattern.name.as_bytes().last();
        (own == end || own == Some(&b'*')) && name_matches(pattern.last, name)
    };
    if plain.any(|plain| ends_with_pattern(path, plain.name))
        || index.patterns.iter().any(|p| may_fit(p) && ends_with_pattern(path, p.name))
    {
        return true;
    }
    // The path may be a pattern itself.
    if !name.has(b'*') {
        return false;
    }
    // A bare ending says too little: `*.py` is not `conanfile.py`.
    let rest = name.trim_start_matches('*');
    let mut names = index.plain.iter().chain(&index.patterns);
    rest.len() > 1 && !rest.starts_with('.') && names.any(|own| name_matches(name, own.last))
}

fn last(path: &str) -> &str {
    path.behind_last(b'/')
}

/// Whether the last components of `path` fit those of `pattern`.
pub(super) fn ends_with_pattern(path: &str, pattern: &str) -> bool {
    let mut names = path.parts(b'/').rev();
    let mut patterns = pattern.parts(b'/').rev();
    patterns.all(|pattern| names.next().is_some_and(|name| name_matches(pattern, name)))
}

/// Whether a file name fits a pattern with `*`.
pub fn name_matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.halves(b'*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let mut pieces = rest.parts(b'*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return name.ends_with(piece);
        }
        match name.find(piece) {
            Some(at) => name = name.cut(at + piece.len()..),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_cloned_to_their_names() {
        let to = |address| cloned_to(address);
        assert_eq!(to("https://git.example/a/cart.git").as_deref(), Some("cart"));
        assert_eq!(to("git@git.example:cart.git/").as_deref(), Some("cart"));
        assert_eq!(to("../cart"), None);
    }

    #[test]
    fn manifests_are_told_from_source() {
        for path in [
            "package.json",
            "a/b/go.mod",
            "requirements-dev.txt",
            "dev_requirements.txt",
            "requirements/base.txt",
            "src/A/A.csproj",
            ".mvn/wrapper/maven-wrapper.jar",
            "project/plugins.sbt",
            "*yarn*",
        ] {
            assert!(is_manifest(path), "{path}");
        }
        for path in
            ["app.py", "package.js", "requirements/a.py", "main.go", "x.mod", "*", "*.py", "**"]
        {
            assert!(!is_manifest(path), "{path}");
        }
        assert!(wants_text("a/package.json") && wants_text("config/prod.exs"));
        for path in ["bun.lockb", "prod.exs", "a/package.json/b", "README.txt", ""] {
            assert!(!wants_text(path), "{path}");
        }
        assert!(index().directories.iter().all(|directory| !directory.name.contains('*')));
        assert!(is_in_environment("/app/.venv/bin/pip") && !is_in_environment("/app/bin/pip"));
        assert!(name_matches("a*b*c", "aXbXc") && !name_matches("a*b*c", "acb"));
    }
}
