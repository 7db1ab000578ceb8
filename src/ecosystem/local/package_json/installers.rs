//! Dependencies whose own install scripts look at the project, and programs that install hooks
//! of git. What the project's own scripts run is in `lifecycle`.

use super::super::locked::{locked, major, with_scripts};
use super::super::{Finding, GIT, Project, any_exists, join, prisma, refuse};
use super::harmless::HARMLESS;
use crate::ecosystem::manifest::Value;
use crate::ecosystem::{listed, name_matches};
use crate::issue::RefusalReason;
use crate::sort::sort;

/// A dependency with an install script.
struct Installer {
    name: &'static str,
    /// The first version that has no such script, or 0.
    until: u32,
    looks: Looks,
}

enum Looks {
    /// At the files that fit a pattern, each below the package or the project.
    For(&'static [&'static str]),
    /// At a file, and keeps something in a directory where it is there.
    Keeps(&'static str, &'static str),
    /// At the schema of Prisma.
    ForSchema,
    /// It copies its worker to where package.json says.
    ForWorkerDirectory,
    /// It writes hooks into `.git`, and passes where there is none.
    ForGit,
    /// At settings, and at the source where it has them.
    ForSource(&'static str),
}

/// Most packages that one sentence names.
const NAMED: usize = 4;

const INSTALLERS: &[Installer] = &[
    // scripts/postinstall.js runs `prisma generate`; version 7 has none:
    // <https://www.prisma.io/docs/orm/more/upgrade-guides/upgrading-versions/upgrading-to-prisma-7>
    Installer { name: "@prisma/client", until: 7, looks: Looks::ForSchema },
    // postinstall.js runs `svelte-kit sync`: <https://svelte.dev/docs/kit/migrating-to-sveltekit-2>
    Installer { name: "@sveltejs/kit", until: 2, looks: Looks::ForSource("svelte.config.js") },
    Installer { name: "ghooks", until: 0, looks: Looks::ForGit },
    // <https://github.com/typicode/husky/releases/tag/v5.0.0>
    Installer { name: "husky", until: 5, looks: Looks::ForGit },
    Installer { name: "lefthook", until: 0, looks: Looks::ForGit },
    // <https://mswjs.io/docs/cli/init>, config/scripts/postinstall.js
    Installer { name: "msw", until: 0, looks: Looks::ForWorkerDirectory },
    // <https://nx.dev/docs/reference/environment-variables>, bin/post-install
    Installer { name: "nx", until: 0, looks: Looks::Keeps("nx.json", ".nx") },
    Installer { name: "pre-commit", until: 0, looks: Looks::ForGit },
    // <https://pptr.dev/guides/configuration>, which its install.mjs reads
    Installer {
        name: "puppeteer",
        until: 0,
        looks: Looks::For(&[".puppeteerrc*", "puppeteer.config.*", ".config/puppeteerrc*"]),
    },
    Installer { name: "simple-git-hooks", until: 0, looks: Looks::ForGit },
    Installer { name: "yorkie", until: 0, looks: Looks::ForGit },
];

/// What the install scripts of the dependencies of the package in `directory` look at; for the
/// project itself also those that only its lock file names.
pub fn dependencies(
    directory: &str,
    package: &Value,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let named = package.at("dependencies|devDependencies|optionalDependencies.*");
    for installer in INSTALLERS {
        let own = named.iter().find(|found| found.name == installer.name);
        let own = own.map(|found| found.value.text().and_then(major));
        let locked = || directory.is_empty().then(|| locked(installer.name, project)).flatten();
        let Some(version) = own.or_else(locked) else { continue };
        if installer.until > 0 && version.is_some_and(|version| version >= installer.until) {
            continue;
        }
        looks(installer, directory, package, project, findings);
    }
    if directory.is_empty() {
        others(package, project, findings);
    }
}

fn looks(
    installer: &Installer,
    directory: &str,
    package: &Value,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let name = installer.name;
    match installer.looks {
        Looks::For(patterns) => {
            for pattern in patterns {
                let pattern = join(directory, pattern);
                let files = (project.list)(&pattern).unwrap_or_else(|| {
                    findings.push(Finding::Assume(format!(
                        "The install script of `{name}` finds no `{pattern}`."
                    )));
                    (project.known)(&pattern)
                });
                findings.extend(files.into_iter().map(Finding::Also));
            }
        }
        Looks::Keeps(file, kept) => {
            if (project.exists)(&join(directory, file)) != Some(false) {
                findings.push(Finding::Assume(format!(
                    "The image needs nothing of what the install script of `{name}` keeps in \
                     `{kept}`."
                )));
            }
        }
        Looks::ForSchema => prisma_client(directory, package, project, findings),
        Looks::ForWorkerDirectory => {
            for kept in package.texts("msw.workerDirectory") {
                let kept = join(directory, kept);
                let worker = join(&kept, "mockServiceWorker.js");
                if (project.exists)(&worker) != Some(false) {
                    findings.push(Finding::Assume(format!(
                        "`{worker}` is as the installed version of `msw` writes it."
                    )));
                } else if (project.exists)(&format!("{kept}/")) != Some(false) {
                    // It passes over a directory that is not there.
                    findings.push(refuse(
                        RefusalReason::LifecycleScript,
                        &format!("the install script of `msw` writes `{worker}` where `{kept}` is"),
                    ));
                }
            }
        }
        Looks::ForGit => hooks(name, project, findings),
        Looks::ForSource(settings) => {
            let settings = join(directory, settings);
            if (project.exists)(&settings) != Some(false) {
                findings.push(refuse(
                    RefusalReason::LifecycleScript,
                    &format!("the install script of `{name}` reads `{settings}` and the source"),
                ));
            }
        }
    }
}

/// Scripts of packages of which nothing is known, as far as a lock file, or who lets them run, says that
/// they have some.
/// <https://bun.com/docs/pm/lifecycle#trusteddependencies>, <https://pnpm.io/settings#onlybuiltdependencies>
fn others(package: &Value, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let is_known = |name: &str| {
        INSTALLERS.iter().any(|installer| installer.name == name)
            || listed(HARMLESS, |pattern| name_matches(pattern, name))
    };
    let let_run = ["trustedDependencies", "pnpm.onlyBuiltDependencies"];
    let let_run = let_run.iter().flat_map(|path| package.texts(path)).map(str::to_owned);
    let all = with_scripts(project).into_iter().chain(let_run);
    let mut names: Vec<String> = all.filter(|name| !is_known(name)).collect();
    sort(&mut names);
    names.dedup();
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    if !shown.is_empty() {
        let more = match names.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        findings.push(Finding::Assume(format!(
            "No install script of a dependency reads files of the project ({}{more}).",
            shown.join(", ")
        )));
    }
}

/// What `prisma generate` reads: its settings, which are a program, and its schema.
fn prisma_client(
    directory: &str,
    package: &Value,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let mut add = |path: String| match (project.exists)(&path) {
        Some(true) => findings.push(Finding::Also(path)),
        Some(false) => {}
        None => findings.push(Finding::Assume(format!(
            "The install script of `@prisma/client` finds no `{path}`."
        ))),
    };
    for settings in prisma::SETTINGS {
        let path = join(directory, settings);
        if (project.exists)(&path) == Some(true) {
            add(path);
        }
    }
    add(join(
        directory,
        &prisma::schema("", package, &|path| {
            (project.exists)(&join(directory, path)).filter(|_| !prisma::SETTINGS.contains(&path))
        })
        .unwrap_or_else(|| "prisma/".into()),
    ));
}

/// Programs that install hooks, as lifecycle scripts name them, and whether they fail where there
/// is no repository; `husky install` did before version 7.
/// <https://github.com/typicode/husky/blob/v6.0.0/src/index.ts>,
/// <https://lefthook.dev/usage/commands/install.html>
const HOOKS: &[(&str, bool)] = &[
    ("core.hooksPath", true),
    ("husky install", true),
    ("husky", false),
    ("lefthook", true),
    ("simple-git-hooks", false),
];

/// What the hooks mean that `script` installs where a repository is there.
pub fn hooks_of(script: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let Some((program, fails)) = HOOKS.iter().find(|(program, _)| script.contains(program)) else {
        return;
    };
    match git(project) {
        Some(false) => {}
        _ if !fails => hooks(program, project, findings),
        Some(true) => findings.push(refuse(
            RefusalReason::LifecycleScript,
            &format!(
                "`{program}` works on `.git`, which is among the files that are copied; exclude \
                 it in `.dockerignore`"
            ),
        )),
        None => findings.push(Finding::Assume("The build context has no `.git`.".into())),
    }
}

fn hooks(program: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    if git(project) != Some(false) {
        findings.push(Finding::Assume(format!(
            "The image needs none of the git hooks that `{program}` installs where `.git` is \
             copied."
        )));
    }
}

/// Whether the project lies in a repository; none where that is not known.
fn git(project: &Project<'_>) -> Option<bool> {
    any_exists(&[GIT, &["../.git", "../.git/HEAD"]].concat(), project)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::findings;
    use super::super::package_json;
    use super::*;

    fn of(package: &str, files: &[&str]) -> Vec<Finding> {
        let mut all = vec![("package.json", package)];
        all.extend(files.iter().map(|path| (*path, "?")));
        findings(package_json, 1, &all)
    }

    fn also(path: &str) -> Vec<Finding> {
        vec![Finding::Also(path.into())]
    }

    fn schema() -> Vec<Finding> {
        vec![Finding::Also("prisma/".into()), Finding::Assume(prisma::SCHEMAS.into())]
    }

    #[test]
    fn scripts_that_are_let_run() {
        let bun = of(r#"{"trustedDependencies": ["weird", "esbuild"]}"#, &[]);
        let sentence = "No install script of a dependency reads files of the project (`weird`).";
        assert_eq!(bun, [Finding::Assume(sentence.into())]);
        let pnpm = r#"{"pnpm": {"onlyBuiltDependencies": ["weird"]}}"#;
        assert_eq!(of(pnpm, &[]), bun);
        let programs =
            r#"{"trustedDependencies": ["esbuild", "esbuild-linux-64", "@esbuild/linux-x64"]}"#;
        assert_eq!(of(programs, &[]), []);
    }

    #[test]
    fn scripts_of_dependencies_find_files() {
        assert!(INSTALLERS.is_sorted_by_key(|installer| installer.name));
        let prisma = |version| format!(r#"{{"dependencies": {{"@prisma/client": "{version}"}}}}"#);
        assert_eq!(of(&prisma("^6.1.0"), &["prisma/schema.prisma"]), schema());
        assert_eq!(of(&prisma("^6.1.0"), &["src/a.ts"]), []);
        assert_eq!(of(&prisma("7.0.0"), &["prisma/schema.prisma"]), []);
        let settings = of(&prisma("*"), &["prisma/schema.prisma", "prisma.config.ts"]);
        assert_eq!(settings, [also("prisma.config.ts"), schema()].concat());
        let puppeteer = r#"{"devDependencies": {"puppeteer": "^22"}}"#;
        assert_eq!(of(puppeteer, &[".puppeteerrc.cjs", "a.js"]), also(".puppeteerrc.cjs"));
        assert_eq!(of(r#"{"dependencies": {"puppeteer-core": "1"}}"#, &[".puppeteerrc.cjs"]), []);
        let worker = r#"{"dependencies": {"msw": "2"}, "msw": {"workerDirectory": ["public"]}}"#;
        let kept = of(worker, &["public/mockServiceWorker.js"]);
        assert!(matches!(kept[..], [Finding::Assume(_)]));
        assert!(matches!(of(worker, &["public/index.html"])[..], [Finding::Refuse(..)]));
        assert_eq!(of(worker, &["src/index.html"]), []);
        let kit = |version| format!(r#"{{"devDependencies": {{"@sveltejs/kit": "{version}"}}}}"#);
        let found = of(&kit("^1.20.0"), &["svelte.config.js"]);
        assert!(matches!(found[..], [Finding::Refuse(..)]));
        assert_eq!(of(&kit("^1.20.0"), &["src/a.ts"]), []);
        assert_eq!(of(&kit("^2.0.0"), &["svelte.config.js"]), []);
        let nx = r#"{"devDependencies": {"nx": "^20"}}"#;
        assert!(matches!(of(nx, &["nx.json"])[..], [Finding::Assume(_)]));
        assert_eq!(of(nx, &["a.js"]), []);
    }

    #[test]
    fn packages_of_the_lock_file_have_scripts_as_well() {
        let found = |lock: &str, file: &str| {
            let files =
                [("package.json", r#"{"dependencies": {"a": "1"}}"#), ("package-lock.json", lock)];
            findings(package_json, 1, &[&files[..], &[(file, "?")]].concat())
        };
        let lock = |name: &str, version: &str| {
            format!(
                "{{\n  \"packages\": {{\n    \"\": {{\n      \"hasInstallScript\": true\n    }},\n    \
                 \"node_modules/a/node_modules/{name}\": {{\n      \"version\": \"{version}\",\n      \
                 \"hasInstallScript\": true\n    }}\n  }}\n}}\n"
            )
        };
        assert_eq!(found(&lock("@prisma/client", "5.2.0"), "prisma/schema.prisma"), schema());
        assert_eq!(found(&lock("@prisma/client", "7.0.0"), "prisma/schema.prisma"), []);
        assert_eq!(found(&lock("esbuild", "0.25.0"), "a.js"), []);
        let unknown = "No install script of a dependency reads files of the project (`other`).";
        assert_eq!(found(&lock("other", "1.0.0"), "a.js"), [Finding::Assume(unknown.into())]);
        let without = lock("other", "1.0.0").replace("true", "false");
        assert_eq!(found(&without, "a.js"), []);
    }

    #[test]
    fn hooks_need_a_repository() {
        let script = |script| format!(r#"{{"scripts": {{"prepare": "{script}"}}}}"#);
        for refused in ["lefthook install", "husky install || true"] {
            let found = of(&script(refused), &[".git/HEAD"]);
            assert!(matches!(found[..], [Finding::Refuse(..)]), "{refused}");
            assert_eq!(of(&script(refused), &[".gitignore"]), [], "{refused}");
        }
        for assumed in ["husky", "simple-git-hooks"] {
            let found = of(&script(assumed), &[".git/HEAD"]);
            assert!(matches!(found[..], [Finding::Assume(_)]), "{assumed}");
            assert_eq!(of(&script(assumed), &[]), [], "{assumed}");
        }
        let husky = |version| format!(r#"{{"devDependencies": {{"husky": "{version}"}}}}"#);
        assert!(matches!(of(&husky("^4.2"), &[".git/HEAD"])[..], [Finding::Assume(_)]));
        assert_eq!(of(&husky("^9"), &[".git/HEAD"]), []);
    }
}
