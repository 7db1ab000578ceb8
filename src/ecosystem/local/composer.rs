//! composer.json: local packages, patches, and plugins that run with an install.

use super::locked::{COMPOSER_LOCK, refuse_local};
use super::schema::{Schema, file, is_local, present, refused, unreadable};
use super::{Finding, GIT, Project, any_exists, join, lock_beside, refuse};
use crate::ecosystem::manifest::{Found, Value, json};
use crate::ecosystem::{listed, name_matches};
use crate::issue::RefusalReason::{self, LifecycleScript, LocalDependency, OrderDecidesImage};

/// composer.json: repositories by path, patches, packages put elsewhere, scripts of packages.
/// <https://getcomposer.org/doc/05-repositories.md>, <https://getcomposer.org/doc/articles/scripts.md>
const COMPOSER: Schema = Schema {
    parse: json::parse,
    unread: &[
        "`{}` names no repository by its path and no patches.",
        "`{}` has no script for single packages (post-package-install, ...), and installs nothing \
         outside of `vendor/`.",
    ],
    places: &[
        refused(
            "repositories.**.url",
            |url| is_local(url) || !url.contains(':'),
            LocalDependency,
            "`{}` takes packages from a local path (`{value}`)",
        ),
        refused(
            "repositories.**.type",
            |kind| kind == "path" || kind == "artifact",
            LocalDependency,
            "`{}` takes packages from a local path",
        ),
        file("extra.patches-file"),
        file("extra.composer-patches.patches-file"),
        file("config.cafile"),
        present(
            "extra.installer-paths|drupal-scaffold|merge-plugin|wordpress-install-dir",
            OrderDecidesImage,
            "`{}` installs packages outside of `vendor/`, or merges other files",
        ),
        refused(
            "scripts.init*|command*|pre-command-run*|pre-file-download*|post-file-download*|pre-operations-exec*|pre-pool-create*|pre-package-install*|pre-package-update*|post-package-install*|post-package-update*|pre-install-cmd*|pre-autoload-dump*",
            |_| true,
            LifecycleScript,
            "the script `{name}` of `{}` runs while packages are installed",
        ),
    ],
};

/// What composer.json says about an install without scripts.
pub fn composer(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    refuse_local(COMPOSER_LOCK, project, &mut findings);
    let mut name = "composer.json";
    // https://getcomposer.org/doc/03-cli.md#composer
    if let [named] = project.manifests
        && named != name
    {
        name = named;
        lock_beside(named.replace(".json", ".lock"), project, &mut findings);
        let beside = ["auth.json", "symfony.lock"].into_iter();
        let beside = beside.filter(|path| (project.exists)(path) == Some(true));
        findings.extend(beside.map(|path| Finding::Also(path.into())));
    }
    let Some(value) = COMPOSER.read(project, name, &mut findings) else {
        return findings;
    };
    let brings = |path: &str| (project.exists)(path) == Some(true);
    first_without_lock(&value, project, &mut findings);
    archives(project, &mut findings);
    // https://getcomposer.org/doc/04-schema.md#version; a second install takes it again.
    let alone = project.flags.iter().any(|flag| flag == "--no-autoloader");
    if alone && any_exists(GIT, project) == Some(true) && !value.has("version") {
        let sentence =
            "Nothing reads the version of the project itself, which composer takes from `.git`.";
        findings.push(Finding::Assume(sentence.into()));
    }
    let own = may_run(&value, project, "cweagans/composer-patches").then_some("patches.json");
    let usual = own.filter(|path| brings(path));
    if brings("patches.lock.json") && own.is_some() {
        findings.push(Finding::Also("patches.lock.json".into()));
    }
    let named = value.first("extra.patches-file");
    let named = named.or_else(|| value.first("extra.composer-patches.patches-file"));
    if let Some(file) = named.or(usual) {
        findings.extend(usual.map(|path| Finding::Also(path.into())));
        match (project.text)(file).map(json::parse) {
            None => {
                findings.push(Finding::Assume(format!("`{file}` names no patch of the project.")));
            }
            Some(None) => findings.push(unreadable(file)),
            Some(Some(value)) => patches(&value.at("patches.*"), &mut findings),
        }
    }
    patches(&value.at("extra.patches.*"), &mut findings);
    super::patches::whole_directories(project, &mut findings);
    plugins(&value, project, &mut findings);
    // What is put elsewhere must not be there already.
    for directory in value.texts("config.vendor-dir|bin-dir") {
        if (project.exists)(directory) != Some(false) {
            findings.push(refuse(
                RefusalReason::HostArtifacts,
                &format!(
                    "`composer.json` installs into `{directory}`, which the context may bring"
                ),
            ));
        } else {
            findings.push(Finding::Makes(directory.into()));
        }
    }
    findings
}

/// An install that finds no lock file is an update, with the scripts of one. Where it is the first of two,
/// the second finds the file that it wrote, and runs those of an install.
/// <https://getcomposer.org/doc/articles/scripts.md#command-events>
fn first_without_lock(composer: &Value, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let installs = project.words.iter().any(|word| word.starts_with("install"));
    let is_whole = project.flags.iter().any(|flag| flag == "--no-autoloader");
    let has_lock = (project.exists)("composer.lock") == Some(true);
    let scripts = composer.at("scripts.post-install-cmd*|pre-update-cmd*|post-update-cmd*");
    if let Some(script) = scripts.first().filter(|_| installs && !is_whole && !has_lock) {
        let message = format!(
            "without `composer.lock` an install is an update, and the script `{}` tells them apart",
            script.name
        );
        findings.push(refuse(LifecycleScript, &message));
    }
}

/// Archives of the project that the lock file names: `"url": "zips/a.zip"`.
fn archives(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let lock = (project.text)("composer.lock").unwrap_or_default();
    let mut urls = lock.split("\"url\": \"").skip(1).filter_map(|rest| rest.split('"').next());
    if let Some(url) = urls.find(|url| !url.is_empty() && !url.contains(':')) {
        let message = format!("`composer.lock` takes a package from a local path (`{url}`)");
        findings.push(refuse(LocalDependency, &message));
    }
}

/// The patches of a package: a list of paths or of tables, or a table from a description to a path.
/// <https://docs.cweagans.net/composer-patches/usage/defining-patches/>
fn patches(packages: &[Found<'_>], findings: &mut Vec<Finding>) {
    for package in packages.iter().map(|found| found.value) {
        let mut paths = match package.has("url") {
            true => package.texts("url"),
            false => package.texts("*"),
        };
        paths.extend(package.text());
        let paths = paths.into_iter().filter(|path| !path.contains("://"));
        findings.extend(paths.map(|path| Finding::Also(join("", path))));
    }
}

/// Plugins that neither read the project nor put packages elsewhere while these are installed:
/// what they do, they do behind the install, whether it installed anything or not.
const PLUGINS: &str = "bamarni/composer-bin-plugin composer/package-versions-deprecated cweagans/composer-patches \
                       dealerdirect/phpcodesniffer-composer-installer \
                       ergebnis/composer-normalize infection/extension-installer \
                       kylekatarnls/update-helper ocramius/package-versions pestphp/pest-plugin \
                       php-http/discovery phpstan/extension-installer \
                       symfony/runtime symfony/thanks tbachert/spi yiisoft/yii2-composer";

/// Plugins that install hooks of git where there is a repository.
const HOOKS: &str = "captainhook/plugin-composer phpro/grumphp";

/// What flex does for a package, it does once.
/// <https://symfony.com/doc/current/setup/flex_private_recipes.html>
const RECIPES: &str = "`symfony.lock` lists every package that has a recipe.";

/// Whether the plugin may run: composer.json names it among those that do, or lets others run as well
/// and the lock file, or itself, brings it.
fn may_run(composer: &Value, project: &Project<'_>, name: &str) -> bool {
    let allowed = Allowed::by(composer);
    let is_required = || composer.at("require.*|require-dev.*").iter().any(|own| own.name == name);
    let is_brought = || match locked_plugins(project) {
        Some(locked) => locked.iter().any(|locked| locked == name),
        None => is_required(),
    };
    allowed.names.contains(&name) || allowed.allow(name) && is_brought()
}

/// The plugins that composer.json lets run.
struct Allowed<'v> {
    /// Whether each does: all are allowed, or there is no list. Before 2.2 each plugin runs, and from
    /// then on one that no list names ends a build.
    /// <https://blog.packagist.com/composer-2-2/#more-secure-plugin-execution>
    all: bool,
    /// Whether `true` says so.
    is_said: bool,
    /// Their names, or patterns: `phpstan/*`.
    names: Vec<&'v str>,
}

impl<'v> Allowed<'v> {
    fn by(composer: &'v Value) -> Allowed<'v> {
        let is_true = |value: &Value| *value == Value::Plain("true".into());
        let is_said = composer.at("config.allow-plugins").iter().any(|found| is_true(found.value));
        let named = composer.at("config.allow-plugins.*").into_iter();
        let named = named.filter(|found| is_true(found.value)).map(|found| found.name);
        let all = is_said || !composer.has("config.allow-plugins");
        Allowed { all, is_said, names: named.collect() }
    }

    fn allow(&self, name: &str) -> bool {
        self.all || self.names.iter().any(|pattern| name_matches(pattern, name))
    }
}

/// Plugins run whether scripts do or not, but for those that are not allowed.
/// <https://getcomposer.org/doc/06-config.md#allow-plugins>
fn plugins(composer: &Value, project: &Project<'_>, findings: &mut Vec<Finding>) {
    if project.flags.iter().any(|flag| flag == "--no-plugins") {
        return;
    }
    let allowed = Allowed::by(composer);
    let locked = locked_plugins(project);
    let has_git = any_exists(GIT, project) == Some(true);
    let plain = |name: &str| {
        listed(PLUGINS, |known| known == name)
            || !has_git && listed(HOOKS, |known| known == name)
            // It has nothing to do where the lock file of its recipes is there.
            || name == "symfony/flex" && (project.exists)("symfony.lock") == Some(true)
    };
    if may_run(composer, project, "symfony/flex") {
        findings.push(Finding::Assume(RECIPES.into()));
    }
    let found = match &locked {
        Some(locked) => {
            let mut locked = locked.iter().map(String::as_str);
            locked.find(|name| allowed.allow(name) && !plain(name))
        }
        None if allowed.is_said => Some("*"),
        None => allowed.names.iter().copied().find(|name| !plain(name)),
    };
    if let Some(name) = found {
        let message = format!(
            "`composer.json` lets the plugin `{name}` run, which `--no-scripts` does not switch off"
        );
        findings.push(refuse(LifecycleScript, &message));
    }
}

/// The plugins that an install by the lock file brings; none where that is not known. With
/// `--no-dev` those of `packages-dev` stay away.
/// <https://getcomposer.org/doc/articles/plugins.md#creating-a-plugin>
fn locked_plugins(project: &Project<'_>) -> Option<Vec<String>> {
    let installs = project.words.iter().any(|word| word.starts_with("install"));
    let is_usual = project.manifests.iter().any(|name| name == "composer.lock");
    let lock = (project.text)("composer.lock").filter(|_| installs && is_usual)?;
    let lock = json::parse(lock).filter(|lock| lock.has("packages") && lock.has("packages-dev"))?;
    let without_dev = project.flags.iter().any(|flag| flag == "--no-dev");
    let lists = if without_dev { "packages" } else { "packages|packages-dev" };
    let packages = lock.at(lists).into_iter().map(|found| found.value);
    let is_plugin = |package: &&Value| {
        let kind = package.first("type");
        kind.is_some_and(|kind| matches!(kind, "composer-plugin" | "composer-installer"))
    };
    let names = packages.filter(is_plugin).map(|package| package.first("name").map(str::to_owned));
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings, of_text, refused, told};
    use super::*;

    #[test]
    fn composer_packages_from_elsewhere_refuse() {
        for text in [
            r#"{"repositories": [{"type": "path", "url": "../a"}]}"#,
            r#"{"repositories": {"a": {"type": "path", "url": "packages/*"}}}"#,
            r#"{"extra": {"installer-paths": {}}}"#,
            r#"{"config": {"vendor-dir": "lib"}}"#,
            r#"{"config": {"bin-dir": "bin"}}"#,
            r#"{"scripts": {"post-package-install": ["x"]}}"#,
            r#"{"repositories": [{"type": "vcs", "url": "lib"}]}"#,
            r#"{"repositories": [{"package": {"dist": {"url": "./a.zip"}}}]}"#,
            "{",
        ] {
            assert!(refused(&of_text(composer, "composer.json", text)), "{text}");
        }
        for text in [
            r#"{"repositories": [{"type": "vcs", "url": "https://x/y"}]}"#,
            r#"{"scripts": {"post-install-cmd": "x"}, "autoload": {"psr-4": {"A\\\\": "src/"}}}"#,
        ] {
            assert_eq!(of_text(composer, "composer.json", text), [], "{text}");
        }
        let text =
            r#"{"extra": {"patches": {"a/b": {"why": "patches/a.patch", "c": "https://x/y"}}}}"#;
        let patch = [Finding::Also("patches/a.patch".into())];
        assert_eq!(of_text(composer, "composer.json", text), patch);
        let text =
            r#"{"extra": {"patches": {"a/b": [{"description": "w", "url": "patches/a.patch"}]}}}"#;
        assert_eq!(of_text(composer, "composer.json", text), patch);
        let text = r#"{"extra": {"patches-file": "composer.patches.json"}}"#;
        let files = |patches| {
            let files = [("composer.json", text), ("composer.patches.json", patches)];
            findings(composer, 1, &files)
        };
        let named = Finding::Also("composer.patches.json".into());
        let [patch] = patch;
        let given = r#"{"patches": {"a/b": {"why": "patches/a.patch", "c": "https://x/y"}}}"#;
        assert_eq!(files(given), [named.clone(), patch]);
        assert!(matches!(&files("?")[..], [first, Finding::Assume(_)] if *first == named));
    }

    #[test]
    fn plugins_that_look_into_the_project() {
        let allowed =
            |plugin: &str| format!(r#"{{"config": {{"allow-plugins": {{"{plugin}": true}}}}}}"#);
        let of = |plugin: &str, files: &[(&str, &str)]| {
            let text = allowed(plugin);
            findings(composer, 1, &[&[("composer.json", &*text)], files].concat())
        };
        let also = |path: &str| Finding::Also(path.into());
        let given = r#"{"patches": {"a/b": [{"url": "patches/a.patch"}]}}"#;
        let files = [("patches.json", given), ("patches.lock.json", "{}")];
        let found = of("cweagans/composer-patches", &files);
        assert_eq!(
            found,
            [also("patches.lock.json"), also("patches.json"), also("patches/a.patch")]
        );
        let text = r#"{"config": {"allow-plugins": {"cweagans/composer-patches": true}},
                       "extra": {"composer-patches": {"patches-file": "conf/patches.json"}}}"#;
        let files_of_two = [("composer.json", text), ("conf/patches.json", given)];
        let found = findings(composer, 1, &files_of_two);
        assert_eq!(found, [also("conf/patches.json"), also("patches/a.patch")]);
        assert_eq!(of("ocramius/package-versions", &files), []);
        assert!(refused(&of("phpro/grumphp", &[(".git/HEAD", "")])));
        assert_eq!(of("phpro/grumphp", &[]), []);
        let flex = of("symfony/flex", &[("symfony.lock", "{}")]);
        assert_eq!(flex, [Finding::Assume(RECIPES.into())]);
    }

    #[test]
    fn plugins_that_are_not_installed_do_not_run() {
        let json = r#"{"config": {"allow-plugins": {"acme/builds": true}}}"#;
        let package = r#"{"name": "acme/builds", "type": "composer-plugin"}"#;
        let of = |json: &str, lock: &str, flags: &[&str], words: &'static [&'static str]| {
            let files = [("composer.json", json), ("composer.lock", lock)];
            told(2, &files, (flags, words), &|project| refused(&composer(project)))
        };
        let dev = format!(r#"{{"packages": [], "packages-dev": [{package}]}}"#);
        let install: &[&str] = &["install|i"];
        assert!(!of(json, &dev, &["--no-dev"], install));
        // With the others, with what is not by the lock file, and where it is not one of them.
        assert!(of(json, &dev, &[], install));
        assert!(of(json, &dev, &["--no-dev"], &["update|u|upgrade"]));
        let both = format!(r#"{{"packages": [{package}], "packages-dev": []}}"#);
        assert!(of(json, &both, &["--no-dev"], install));
        assert!(of(json, "?", &["--no-dev"], install));
        assert!(of(json, "{}", &["--no-dev"], install));
        let all = r#"{"config": {"allow-plugins": true}}"#;
        assert!(!of(all, &dev, &["--no-dev"], install));
        assert!(of(all, &both, &["--no-dev"], install));
        // Before Composer 2.2 there was no list.
        assert!(of("{}", &both, &[], install) && !of("{}", &dev, &["--no-dev"], install));
        let none = r#"{"config": {"allow-plugins": {"acme/builds": false}}}"#;
        assert!(!of(none, &both, &[], install));
        let pattern = r#"{"config": {"allow-plugins": {"acme/*": true}}}"#;
        assert!(of(pattern, &both, &["--no-dev"], install));
    }
}
