//! What is read out of package.json.

use super::super::tests::unknown;
use super::*;

/// What is found where the files have these texts, but for what is looked for; "" is a file without
/// its text.
fn found(files: &[(&str, &str)], flags: &[String]) -> Vec<Finding> {
    let manifests = ["package.json", ".yarnrc.yml", "pnpm-workspace.yaml"].map(String::from);
    let there = |path: &str| {
        files.iter().any(|(name, _)| *name == path || name.starts_with(path) && path.ends_with('/'))
    };
    let mut found = package_json(&Project {
        manifests: &manifests,
        flags,
        text: &|path| files.iter().find(|(n, t)| *n == path && !t.is_empty()).map(|(_, t)| *t),
        exists: &|path| Some(there(path)),
        list: &|pattern| {
            let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
            let end = end.trim_start_matches("*/");
            let fits = |n: &&str| n.starts_with(start) && n.ends_with(end) && n.len() > end.len();
            Some(files.iter().map(|(n, _)| *n).filter(fits).map(String::from).collect())
        },
        ..unknown()
    });
    found.retain(|finding| !matches!(finding, Finding::Looks(_)));
    found
}

fn findings(text: &str) -> Vec<Finding> {
    found(&[("package.json", text), ("prisma/schema.prisma", "")], &[])
}

fn also(path: &str) -> Finding {
    Finding::Also(path.into())
}

#[test]
fn scripts_that_read_the_source_refuse() {
    let text = r#"{"scripts": {"postinstall": "node build.js"}}"#;
    assert!(matches!(findings(text)[..], [Finding::Refuse(RefusalReason::LifecycleScript, _)]));
    assert_eq!(findings(r#"{"scripts": {"build": "node build.js"}}"#), []);
    assert_eq!(found(&[("package.json", text)], &["--ignore-scripts".into()]), []);
}

#[test]
fn known_scripts_name_what_they_read() {
    let script = r#"{"scripts": {"prepare": "husky || true", "postinstall": "prisma generate && patch-package"}}"#;
    assert_eq!(findings(script), [also("prisma/")]);
}

#[test]
fn yarn_since_2_runs_fewer_scripts() {
    let of = |package: &str, rc: &str, lock: &str| {
        let files = [("package.json", package), (".yarnrc.yml", rc), ("yarn.lock", lock)];
        let found = found(&files, &[]);
        found.iter().any(|finding| matches!(finding, Finding::Refuse(..)))
    };
    let berry = "# by yarn\n\n__metadata:\n  version: 8\n";
    let scripts = r#""scripts": {"prepublish": "node x.js", "prepare": "tsc"}"#;
    let named = format!(r#"{{"packageManager": "yarn@4.1.0", {scripts}}}"#);
    let linker = "nodeLinker: node-modules\n";
    assert!(!of(&named, linker, berry));
    let bare = format!("{{{scripts}}}");
    assert!(!of(&bare, "yarnPath: .yarn/releases/yarn-4.1.0.cjs\n", berry));
    // Near misses: another version, another lock file, a script that runs.
    assert!(of(&bare, linker, berry));
    assert!(of(&bare, "yarnPath: .yarn/releases/yarn-1.22.19.cjs\n", berry));
    assert!(of(&format!(r#"{{"packageManager": "yarn@1.22.0", {scripts}}}"#), linker, berry));
    assert!(of(&named, linker, "# yarn lockfile v1\n"));
    let runs = named.replace("prepare", "postinstall");
    assert!(of(&runs, linker, berry));
}

#[test]
fn local_packages_refuse() {
    for text in [
        r#"{"dependencies": {"a": "workspace:*"}}"#,
        r#"{"devDependencies": {"a": "file:../a"}}"#,
        r#"{"resolutions": {"a": "portal:./a"}}"#,
    ] {
        let found = findings(text);
        assert!(
            matches!(found[..], [Finding::Refuse(RefusalReason::LocalDependency, _)]),
            "{text}"
        );
    }
    assert_eq!(findings(r#"{"dependencies": {"a": "^1", "b": "github:x/y"}}"#), []);
    assert_eq!(findings(r#"{"dependencies": {"a": "file:a-1.tgz"}}"#), [also("a-1.tgz")]);
}

#[test]
fn workspaces_bring_their_members() {
    let root =
        r#"{"workspaces": ["packages/*", "!packages/x"], "dependencies": {"a": "workspace:^"}}"#;
    let files = [
        ("package.json", root),
        ("packages/a/package.json", r#"{"bin": {"a": "./a.js"}, "scripts": {"prepare": "husky"}}"#),
        ("packages/a/a.js", ""),
        ("packages/b/package.json", r#"{"bin": "dist/b.js"}"#),
    ];
    let members = [
        also("packages/a/package.json"),
        Finding::Assume("`packages/a/a.js` is executable.".into()),
        Finding::Linked("packages/a/a.js".into()),
        also("packages/b/package.json"),
    ];
    assert_eq!(found(&files, &[]), members);
    let reads = r#"{"scripts": {"postinstall": "tsc"}}"#;
    let files = [("package.json", root), ("packages/a/package.json", reads)];
    assert!(found(&files, &[]).iter().any(|f| matches!(f, Finding::Refuse(..))));
}

#[test]
fn pnpm_names_members_and_patches_in_a_file_of_its_own() {
    let workspace = "packages:\n  - apps/*\npatchedDependencies:\n  x@1: patches/x.patch\n";
    let files =
        [("package.json", "{}"), ("pnpm-workspace.yaml", workspace), ("apps/a/package.json", "{}")];
    assert_eq!(found(&files, &[]), [also("patches/x.patch"), also("apps/a/package.json")]);
    let files = [("package.json", "{}"), ("pnpm-workspace.yaml", ""), ("b/c/package.json", "{}")];
    assert_eq!(found(&files, &[]), [also("b/c/package.json")]);
}

#[test]
fn patches_and_yarn_itself_are_files() {
    let yarnrc = "yarnPath: .yarn/releases/yarn-4.cjs\nplugins:\n  - .yarn/plugins/a.cjs\n";
    let text = r#"{"resolutions": {"a": "patch:a@npm%3A1#~/.yarn/patches/a.patch", "b": "patch:b@1#optional!builtin<b>"}}"#;
    let mut read = found(&[("package.json", text), (".yarnrc.yml", yarnrc)], &[]);
    read.retain(|finding| !matches!(finding, Finding::Makes(_)));
    assert_eq!(
        read,
        [
            also(".yarn/releases/yarn-4.cjs"),
            also(".yarn/plugins/a.cjs"),
            also(".yarn/patches/a.patch")
        ]
    );
}

#[test]
fn members_that_are_copied_whole_refuse() {
    let refuses = |package: &str, settings: &str| {
        let files = [("package.json", package), ("pnpm-workspace.yaml", settings)];
        found(&files, &[]).iter().any(|found| matches!(found, Finding::Refuse(..)))
    };
    let injected = |value| format!(r#"{{"dependenciesMeta": {{"a": {{"injected": {value}}}}}}}"#);
    assert!(refuses(&injected("true"), "packages: []"));
    assert!(!refuses(&injected("false"), "packages: []"));
    assert!(refuses("{}", "injectWorkspacePackages: true"));
    assert!(!refuses("{}", "injectWorkspacePackages: false"));
    let npmrc = |text| found(&[("package.json", "{}"), (".npmrc", text)], &[]);
    assert!(matches!(npmrc("inject-workspace-packages=true")[..], [Finding::Refuse(..)]));
    assert_eq!(npmrc("inject-workspace-packages=false"), []);
}

#[test]
fn what_a_later_yarn_makes_beside_the_manifest() {
    let made = |package: &str, yarnrc: &str, lock: Option<&str>| -> Vec<String> {
        let lock = lock.map(|text| ("yarn.lock", text));
        let files = [("package.json", package), (".yarnrc.yml", yarnrc)];
        let files: Vec<(&str, &str)> = files.into_iter().chain(lock).collect();
        let found = found(&files, &[]).into_iter();
        let made = found.filter_map(|finding| match finding {
            Finding::Makes(path) => Some(path),
            _ => None,
        });
        made.collect()
    };
    let of = |version: &str| format!(r#"{{"packageManager": "yarn@{version}"}}"#);
    let (state, linker) = (".yarn/install-state.gz", "nodeLinker: node-modules\n");
    // The version is named where no lock file tells.
    assert_eq!(made(&of("4.5.3"), linker, None), [state]);
    assert!(made(&of("1.22.22"), linker, None).is_empty());
    assert!(made("{}", linker, Some("# yarn lockfile v1\n")).is_empty());
    assert_eq!(made(&of("4.5.3"), "", None).len(), 4);
    // Before 4 the cache lies in the project.
    let berry = Some("__metadata:\n  version: 6\n");
    let cache = ".yarn/cache";
    assert_eq!(made(&of("3.5.0"), linker, berry), [state, cache]);
    let moved = "nodeLinker: node-modules\nenableGlobalCache: true\n";
    assert_eq!(made(&of("3.5.0"), moved, berry), [state]);
    let own = "nodeLinker: node-modules\nenableGlobalCache: false\n";
    assert_eq!(made(&of("4.5.3"), own, berry), [state, cache]);
}
