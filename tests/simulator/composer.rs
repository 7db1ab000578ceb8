//! Composer, by <https://getcomposer.org/doc/03-cli.md#install-i>,
//! <https://getcomposer.org/doc/04-schema.md#autoload> and
//! <https://getcomposer.org/doc/articles/scripts.md>.

use super::files::{Failure, Node, digest, join};
use super::programs::interpret;
use super::projects::Project;
use super::pyproject::settings;
use super::random::Random;
use super::shell::{Flags, Process};
use serde_json::Value;

pub fn project(random: &mut Random, project: &mut Project, prefix: &str) {
    match random.one_in(4) {
        true => project.image = "composer:2",
        false => {
            project.image = "php:8.4";
            project.before("COPY --from=composer:2 /usr/bin/composer /usr/bin/composer");
        }
    }
    let mut fields = vec![r#""name": "me/app""#.to_owned()];
    let mut requires = vec![r#""php": ">=8.2""#, r#""monolog/monolog": "3""#];
    if random.one_in(6) {
        fields.push(r#""repositories": [{ "type": "path", "url": "./lib" }]"#.into());
        requires.push(r#""own/lib": "*""#);
        project.file(&format!("{prefix}lib/composer.json"), r#"{ "name": "own/lib" }"#);
    }
    match random.below(5) {
        0 => {
            fields.push(r#""autoload": { "classmap": ["database/"] }"#.into());
            project.file(&format!("{prefix}database/Seeder.php"), "class Seeder {}\n");
        }
        1 => {
            fields.push(r#""autoload": { "files": ["src/helpers.php"] }"#.into());
            project.file(&format!("{prefix}src/helpers.php"), "helpers 1\n");
        }
        2 => {
            fields.push(r#""autoload": { "psr-4": { "App\\": "src/" } }"#.into());
            project.file(&format!("{prefix}src/Kernel.php"), "class Kernel {}\n");
        }
        _ => {}
    }
    if random.one_in(4) {
        let event = random.pick(&["post-autoload-dump", "post-install-cmd"]);
        fields.push(format!(r#""scripts": {{ "{event}": ["@php artisan discover"] }}"#));
        project.file(&format!("{prefix}artisan"), "artisan 1\n");
    }
    fields.push(format!(r#""require": {{ {} }}"#, requires.join(", ")));
    project.file(&format!("{prefix}composer.json"), &format!("{{ {} }}\n", fields.join(", ")));
    if !random.one_in(6) {
        project.file(&format!("{prefix}composer.lock"), "{ \"packages\": [] }\n");
    }
    if random.one_in(6) {
        project.file(&format!("{prefix}auth.json"), "{}\n");
    }
    for flags in [
        "",
        " --no-dev --no-interaction --prefer-dist",
        " --no-scripts --no-autoloader",
        " --no-dev --optimize-autoloader",
        " --no-scripts",
    ] {
        project.install(prefix, &format!("composer install{flags}"));
    }
    if !prefix.is_empty() {
        let place = prefix.trim_end_matches('/');
        project.install("", &format!("composer install --working-dir={place}"));
    }
    project.build = match (random.below(3), prefix) {
        (0, "") => "composer dump-autoload --optimize".into(),
        (1, "") => "php artisan".into(),
        _ => "make".into(),
    };
}

pub fn run(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if !process.has_program("composer") || !process.has_program("php") {
        return Err("not found".into());
    }
    let place = words.iter().find_map(|word| word.strip_prefix("--working-dir="));
    let place = process.place(place.unwrap_or("."));
    let place = process.files.real(&place, true);
    // A file above it is only taken where somebody is there to be asked.
    let text = process.read(&join(&place, "composer.json"))?.to_string();
    let manifest = serde_json::from_str(&text).map_err(|_| "composer.json is no JSON")?;
    let before = std::mem::replace(&mut process.directory, place.clone());
    let done = match words[0] {
        "install" => install(process, &place, (&text, &manifest), words),
        "dump-autoload" => dumped(process, &place, &manifest, words),
        other => panic!("composer {other}"),
    };
    process.directory = before;
    done
}

/// The entries of a field that holds texts, by names or one after the other.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(all)) => all.iter().flat_map(|value| texts(Some(value))).collect(),
        Some(Value::Object(all)) => all.values().flat_map(|value| texts(Some(value))).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn install(
    process: &mut Process,
    place: &str,
    (text, manifest): (&str, &Value),
    words: &[&str],
) -> Result<(), Failure> {
    let urls: Vec<String> = manifest["repositories"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|value| Some(join(place, value["url"].as_str()?)))
        .collect();
    let lock = join(place, "composer.lock");
    if process.read(&lock).is_err() {
        let mut read = vec![text.to_owned()];
        for url in &urls {
            read.push(process.read(&join(url, "composer.json"))?.to_string());
        }
        process.write(&lock, &format!("{{ \"of\": \"{}\" }}\n", digest(read)), false)?;
    }
    let home = match process.variable("COMPOSER_HOME") {
        "" => format!("{}/.config/composer", process.variable("HOME")),
        home => home.to_owned(),
    };
    let own = ["auth.json", "config.json"].map(|name| format!("{home}/{name}"));
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let number = digest((
        (text, process.read(&lock)?, process.read(&join(place, "auth.json")).ok()),
        settings(process, &own, &["COMPOSER_"]),
        words.contains(&"--no-dev"),
    ));
    process.leave(&format!("{place}/vendor/composer/installed.json"), &number)?;
    process.leave(&format!("{place}/vendor/monolog/monolog/index.php"), &number)?;
    process.leave(&format!("{home}/cache/{number}"), &number)?;
    for url in urls {
        if !process.files.is_directory(&url) {
            return Err(format!("source path {url} is not found"));
        }
        let link = format!("{place}/vendor/own/lib");
        process.make_all(&format!("{place}/vendor/own"))?;
        process.may_change(&link)?;
        let real = process.files.real(&link, false);
        process.files.0.insert(real, Node::link("../../lib", process.user));
    }
    if !words.contains(&"--no-autoloader") {
        dumped(process, place, manifest, words)?;
    }
    scripts(process, manifest, words, "post-install-cmd")
}

/// Writes what loads classes: a map of what the directories hold, and of a whole standard's
/// directories where it is asked to be fast.
fn dumped(
    process: &mut Process,
    place: &str,
    manifest: &Value,
    words: &[&str],
) -> Result<(), Failure> {
    let autoload = &manifest["autoload"];
    let installed = process.read(&join(place, "vendor/composer/installed.json")).ok();
    let mut found = Vec::new();
    for path in texts(autoload.get("classmap")) {
        let path = join(place, &path);
        if process.files.get(&path).is_none() {
            return Err(format!("could not scan for classes inside {path}"));
        }
        found.push(process.files.digest(&path));
    }
    let is_fast = ["-o", "--optimize", "--optimize-autoloader"];
    if words.iter().any(|word| is_fast.contains(word)) {
        let all = texts(autoload.get("psr-4"));
        found.extend(all.iter().map(|path| process.files.digest(&join(place, path))));
    }
    let all = digest((found, autoload.to_string(), installed));
    process.leave(&format!("{place}/vendor/autoload.php"), &all)?;
    scripts(process, manifest, words, "post-autoload-dump")
}

fn scripts(
    process: &mut Process,
    manifest: &Value,
    words: &[&str],
    event: &str,
) -> Result<(), Failure> {
    if words.contains(&"--no-scripts") {
        return Ok(());
    }
    let all = texts(manifest["scripts"].get(event));
    all.iter().try_for_each(|line| match line.strip_prefix("@php ") {
        Some(rest) => interpret(process, "php", rest.split(' ').next().unwrap_or(rest)),
        None => process.script(line, Flags::default()),
    })
}
