//! Whether an install misses a file of its project that it lacks, going by the file's name and
//! text: it does not miss an `.npmrc` of `save-exact=true` alone, nor the manifest of a member that
//! nothing depends on. Which files it lacks is not known here. In doubt nothing is missed.

use super::{join, parent};
use crate::digest::{Digest, Numbers};
use crate::ecosystem::manifest::json;
use crate::ecosystem::{listed, name_matches};

/// A file that an install lacks, and what stands around it. Paths are those of the context.
pub struct Lacking<'a> {
    /// The install's tool.
    pub tool: &'static str,
    /// The command as written.
    pub words: &'a str,
    /// The file, or directory.
    pub path: &'a str,
    /// Whether the install has members of a workspace.
    pub has_members: bool,
    /// Whether a member that the install has depends on the one that the file belongs to.
    pub is_needed: bool,
    /// Whether a path exists.
    pub exists: &'a dyn Fn(&str) -> bool,
    /// The text of a file, where it is known.
    pub text: &'a dyn Fn(&str) -> Option<&'a str>,
}

/// Settings that only some texts make an install miss.
struct Settings {
    /// The tool, or all that read a file of this name.
    tool: &'static str,
    name: &'static str,
    missed: Missed,
}

enum Missed {
    /// A line sets one of these, to something else than what it is anyway.
    Sets(&'static str),
    /// A line sets something else than these, or the install has members.
    SetsMore(&'static str),
    /// An element is none of these.
    Elements(&'static str),
    /// The text has one of these words.
    Says(&'static str),
    /// The directory holds one of these.
    Holds(&'static str),
    /// One of these, beside it, has variables replaced.
    Replaced(&'static str),
    /// A lifecycle script of a package above it runs this.
    Run(&'static str),
    /// None of these lies beside it.
    Alone(&'static str),
    /// It belongs to a member that none depends on, or one of these, above it, does not have that
    /// member, or it has more than names and dependencies.
    Locked(&'static str),
}

use Missed::{Alone, Elements, Holds, Locked, Replaced, Run, Says, Sets, SetsMore};

/// What of package.json an install does in the package itself.
/// <https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order>
const DONE_IN_PACKAGE: &str = "bin directories.bin scripts.preinstall scripts.install \
                               scripts.postinstall scripts.prepublish scripts.prepare \
                               scripts.preprepare scripts.postprepare";

const fn of(name: &'static str, missed: Missed) -> Settings {
    Settings { tool: "", name, missed }
}

const fn by(tool: &'static str, name: &'static str, missed: Missed) -> Settings {
    Settings { tool, name, missed }
}

/// Properties of a build that are nothing to a restore.
/// <https://learn.microsoft.com/en-us/dotnet/core/project-sdk/msbuild-props>
const METADATA: &str = "Project PropertyGroup AnalysisLevel AnalysisMode AssemblyVersion Authors \
    Company Copyright DebugType Description Deterministic EnableNETAnalyzers \
    EnforceCodeStyleInBuild FileVersion GenerateDocumentationFile ImplicitUsings \
    InformationalVersion LangVersion NoWarn Nullable Product RepositoryUrl TreatWarningsAsErrors \
    Version VersionPrefix VersionSuffix WarningsAsErrors";

const SETTINGS: &[Settings] = &[
    // A secret, which is given in another way:
    // <https://getcomposer.org/doc/articles/authentication-for-private-packages.md>.
    of("auth.json", Holds("")),
    // They fill in variables of settings, and no more.
    of(".env", Replaced(".npmrc bunfig.toml Pipfile")),
    of(".env.*", Replaced(".npmrc bunfig.toml .yarnrc.yml")),
    // Tokens are secrets as well. <https://docs.npmjs.com/cli/v11/using-npm/config>,
    // <https://pnpm.io/settings>, <https://bun.com/docs/pm/npmrc>
    of(
        ".npmrc",
        Sets(
            "registry *:registry ignore-scripts omit include optional production *_mirror \
             *_host *_site",
        ),
    ),
    by(
        "npm",
        ".npmrc",
        Sets("legacy-peer-deps install-strategy install-links global-style legacy-bundling"),
    ),
    by(
        "pnpm",
        ".npmrc",
        Sets(
            "node-linker hoist hoist-* public-hoist-* shamefully-hoist virtual-store-dir \
             modules-dir auto-install-peers inject-workspace-packages dedupe-* \
             only-built-dependencies use-node-version",
        ),
    ),
    of(".yarnrc", Sets("registry *:registry ignore-scripts yarn-path yarn-offline-mirror --*")),
    of("bunfig.toml", Says("[install")),
    of("pnpm-workspace.yaml", SetsMore("packages ignoredBuiltDependencies")),
    of("prisma", Run("prisma")),
    of("*.prisma", Run("prisma")),
    of("prisma.*", Run("prisma")),
    // Of those in it, what only the wrapper or the virtual machine reads is left out.
    // <https://maven.apache.org/configure.html>
    of(".mvn", Holds("extensions.xml maven.config maven-user.properties")),
    of("Directory.Build.props", Elements(METADATA)),
    of("Directory.Build.targets", Elements(METADATA)),
    // What an editor keeps for whoever works with it.
    // <https://learn.microsoft.com/en-us/visualstudio/msbuild/msbuild-dot-user-file>
    of("*.*proj.user", Says("<Import Reference RestoreSources RuntimeIdentifier TargetFramework")),
    // npm 11 takes from its lock file what such a member depends on, and makes the link to it.
    // <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages>
    by("npm", "package.json", Locked("package-lock.json npm-shrinkwrap.json")),
    // It takes versions from it where no lock file of its own says them.
    // <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>
    by("npm", "yarn.lock", Alone("package-lock.json npm-shrinkwrap.json")),
    of("*u*et.*onfig", Elements("configuration packageSources clear")),
    // An image has one SDK. <https://learn.microsoft.com/en-us/dotnet/core/tools/global-json>
    of("global.json", Says("msbuild-sdks")),
    // hpack makes it of the other. <https://docs.haskellstack.org/en/stable/topics/package_description/>
    by("stack", "*.cabal", Alone("package.yaml")),
    by("stack setup", "*.cabal", Alone("package.yaml")),
    // It runs where the package itself is configured, and no dependency is.
    // <https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html>
    of("Setup.hs", Holds("")),
    // The rest is for compilers. <https://doc.rust-lang.org/cargo/reference/config.html>
    of("config.toml", Says("[source [registr [net] [http] [patch")),
];

/// Values that are so without settings.
const DEFAULTS: &str = "auto-install-peers=true node-linker=isolated shamefully-hoist=false \
    *registry.npmjs.org *registry.npmjs.org/ *registry.yarnpkg.com *registry.yarnpkg.com/ \
    *api.nuget.org/v3/index.json*";

/// Whether the install does something else with the file than without it.
pub fn is_missed(file: &Lacking<'_>) -> bool {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let told = |entry: &&Settings| {
        (entry.tool.is_empty() || entry.tool == file.tool) && name_matches(entry.name, name)
    };
    let mut told = SETTINGS.iter().filter(told).peekable();
    told.peek().is_none() || told.any(|entry| entry.missed.is_missed(file))
}

impl Missed {
    fn is_missed(&self, file: &Lacking<'_>) -> bool {
        let beside = parent(file.path);
        let text = || (file.text)(file.path);
        match *self {
            Sets(names) => text().is_none_or(|text| {
                text.lines().any(|line| {
                    let name = line.trim().split([' ', '=']).next().unwrap_or(line);
                    let name = name.trim_matches('"').trim_end_matches("[]");
                    listed(names, |pattern| name_matches(pattern, name))
                        && !is_default(line)
                        && !file.words.contains(&format!("--{name}"))
                })
            }),
            SetsMore(names) => {
                let sets = |line: &str| {
                    let name = line
                        .split(':')
                        .next()
                        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
                    name.is_some_and(|name| !listed(names, |own| own == name))
                };
                file.has_members || text().is_none_or(|text| text.lines().any(sets))
            }
            Elements(names) => text().is_none_or(|text| {
                let comments = text.split("<!--");
                let code = comments.map(|part| part.split("-->").last().unwrap_or(part));
                let mut elements = code.flat_map(|part| part.split('<').skip(1));
                elements.any(|element| {
                    let name = element.split(|c: char| !c.is_ascii_alphanumeric()).next();
                    let name = name.filter(|name| !name.is_empty());
                    name.is_some_and(|name| !listed(names, |own| own == name))
                        && !is_default(element)
                })
            }),
            Says(words) => {
                text().is_none_or(|text| words.split_whitespace().any(|word| text.contains(word)))
            }
            Locked(names) => !file.is_needed || !is_locked(file, names),
            Alone(names) => !listed(names, |name| (file.exists)(&join(beside, name))),
            Holds(names) => listed(names, |name| (file.exists)(&join(file.path, name))),
            Replaced(names) => listed(names, |name| {
                (file.text)(&join(beside, name)).is_some_and(|text| text.contains('$'))
            }),
            Run(program) => {
                let above = std::iter::successors(Some(beside), |path| {
                    (!path.is_empty()).then(|| parent(path))
                });
                let runs = |line: &str| {
                    line.contains(program)
                        && (line.contains("install\"") || line.contains("prepare\""))
                };
                above.take(crate::limits::LEVELS_ABOVE).any(|path| {
                    (file.text)(&join(path, "package.json"))
                        .is_some_and(|text| text.lines().any(runs))
                })
            }
        }
    }
}

/// Whether one of `names`, in a directory above, has the package of a manifest as it is: all that an
/// install does for it, it does by what stands there.
fn is_locked(file: &Lacking<'_>, names: &str) -> bool {
    let directory = parent(file.path);
    let above = std::iter::successors(Some(parent(directory)), |path| {
        (!path.is_empty()).then(|| parent(path))
    });
    let has = |root: &str| {
        let own = directory.strip_prefix(root).unwrap_or(directory).trim_start_matches('/');
        let entry = format!("\"{own}\":");
        listed(names, |name| {
            (file.text)(&join(root, name)).is_some_and(|text| text.contains(&entry))
        })
    };
    let package = (file.text)(file.path).and_then(json::parse);
    package.is_some_and(|package| !listed(DONE_IN_PACKAGE, |path| package.has(path)))
        && above.take(crate::limits::LEVELS_ABOVE).any(has)
}

fn is_default(setting: &str) -> bool {
    let setting = setting.replace([' ', '"', '\''], "");
    listed(DEFAULTS, |value| name_matches(value, setting.trim()))
}

/// Which manifests of a workspace those that an install has depend on, directly or by others, and
/// they themselves. What only development needs is not asked for.
pub fn needed_members(manifests: &[(Option<&str>, bool)]) -> Vec<bool> {
    let read: Vec<_> = manifests.iter().map(|(text, _)| text.and_then(json::parse)).collect();
    let number = |name: &str| Digest::of(name).end();
    let mut names = Numbers::default();
    for (index, package) in read.iter().enumerate() {
        if let Some(name) = package.as_ref().and_then(|package| package.first("name")) {
            names.keep(number(name), index as u64);
        }
    }
    let mut needed: Vec<bool> = manifests.iter().map(|(_, has)| *has).collect();
    let mut open: Vec<usize> = (0..needed.len()).filter(|&index| needed[index]).collect();
    while let Some(index) = open.pop() {
        let Some(package) = &read[index] else { continue };
        for found in package.at("dependencies|optionalDependencies.*") {
            let Some(index) = names.index(number(found.name)) else { continue };
            if !needed[index] {
                needed[index] = true;
                open.push(index);
            }
        }
    }
    needed
}
