//! What npm, yarn and pnpm read of manifests and do at an install: workspaces, local packages,
//! lifecycle scripts and lock files, by <https://docs.npmjs.com/cli/commands/npm-ci>,
//! <https://classic.yarnpkg.com/en/docs/cli/install> and <https://pnpm.io/cli/install>.

use super::commands::remove;
use super::files::{Failure, Node, digest, join, parent};
use super::installs::settings;
use super::shell::{Flags, Process};
use serde_json::Value;
use std::collections::BTreeMap;

/// What counts of a `package.json`.
pub struct Manifest {
    pub name: String,
    pub scripts: BTreeMap<String, String>,
    dependencies: BTreeMap<String, String>,
    workspaces: Vec<String>,
    text: String,
}

impl Manifest {
    pub fn read(text: &str) -> Result<Manifest, Failure> {
        let value: Value = serde_json::from_str(text).map_err(|_| "no JSON".to_owned())?;
        let map = |name: &str| {
            let entries = value.get(name).and_then(Value::as_object).into_iter().flatten();
            let texts =
                entries.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.into())));
            texts.collect()
        };
        let workspaces = value.get("workspaces").and_then(Value::as_array).into_iter().flatten();
        Ok(Manifest {
            name: value.get("name").and_then(Value::as_str).unwrap_or("unnamed").to_owned(),
            scripts: map("scripts"),
            dependencies: map("dependencies"),
            workspaces: workspaces.filter_map(|word| Some(word.as_str()?.to_owned())).collect(),
            text: text.to_owned(),
        })
    }
}

/// The members that patterns such as `packages/*` fit, with their manifests.
fn members(process: &Process, root: &str, patterns: &[String]) -> Vec<(String, Manifest)> {
    let mut found = Vec::new();
    for pattern in patterns {
        let places: Vec<String> = match pattern.strip_suffix("/*") {
            Some(directory) => {
                let place = process.files.real(&join(root, directory), true);
                let names = process.files.names(&place).into_iter();
                names.map(|name| format!("{place}/{name}")).collect()
            }
            None => vec![join(root, pattern)],
        };
        for place in places {
            let text = process.read(&format!("{place}/package.json"));
            if let Some(manifest) = text.ok().and_then(|text| Manifest::read(&text).ok()) {
                found.push((place, manifest));
            }
        }
    }
    found
}

/// Where a tool takes the project to be: npm goes up to the nearest manifest or modules, pnpm to
/// its workspace.
fn root(process: &Process, program: &str, directory: &str) -> String {
    let marks: &[&str] = match program {
        "npm" => &["package.json", "node_modules"],
        "pnpm" => &["pnpm-workspace.yaml"],
        _ => &[],
    };
    let mut place = directory.to_owned();
    loop {
        if marks.iter().any(|name| process.files.get(&join(&place, name)).is_some()) {
            return place;
        }
        if place == "/" {
            return directory.to_owned();
        }
        place = parent(&place).to_owned();
    }
}

pub fn install(
    process: &mut Process,
    program: &str,
    words: &[&str],
    directory: &str,
) -> Result<(), Failure> {
    let root = root(process, program, directory);
    let manifest = Manifest::read(&process.read(&format!("{root}/package.json"))?)?;
    let lock = match program {
        "npm" if process.read(&format!("{root}/npm-shrinkwrap.json")).is_ok() => {
            "npm-shrinkwrap.json"
        }
        "npm" => "package-lock.json",
        "yarn" => "yarn.lock",
        _ => "pnpm-lock.yaml",
    };
    let lock = format!("{root}/{lock}");
    let locked = process.read(&lock).ok();
    let is_frozen = words.contains(&"ci") || words.contains(&"--frozen-lockfile");
    if locked.is_none() && is_frozen && program != "yarn" {
        return Err(format!("no {lock}"));
    }
    let patterns = match process.read(&format!("{root}/pnpm-workspace.yaml")) {
        Ok(text) if program == "pnpm" => {
            text.lines().filter_map(|line| line.strip_prefix("  - ")).map(str::to_owned).collect()
        }
        _ => manifest.workspaces.clone(),
    };
    let members = members(process, &root, &patterns);
    let read: Vec<&str> = members.iter().map(|member| member.1.text.as_str()).collect();
    let more = match program {
        "yarn" => process.read(&format!("{root}/.yarnrc")).ok(),
        "pnpm" => process.read(&format!("{root}/.pnpmfile.cjs")).ok(),
        _ => None,
    };
    let number = digest((&manifest.text, &locked, read, settings(process, &root), more, words));
    if words.contains(&"ci") {
        remove(process, &format!("{root}/node_modules"), true, true)?;
    }
    scripts(process, &root, &manifest, words, &["preinstall"])?;
    process.leave(&format!("{root}/node_modules/.state"), &number)?;
    for (name, version) in &manifest.dependencies {
        match version.strip_prefix("file:") {
            Some(path) => {
                let place = join(&root, path);
                process.read(&format!("{place}/package.json"))?;
                linked(process, &root, name, &place)?;
            }
            None => process.leave(&format!("{root}/node_modules/{name}/index.js"), &number)?,
        }
    }
    for (place, member) in &members {
        match program {
            "pnpm" => process.leave(&format!("{place}/node_modules/.state"), &number)?,
            _ => linked(process, &root, &member.name, place)?,
        }
        scripts(process, place, member, words, &["preinstall", "install", "postinstall"])?;
    }
    match &locked {
        Some(text) if is_frozen || !text.contains("\"lockfileVersion\": 1") => {}
        None if program == "yarn" && is_frozen => {}
        _ => process.write(&lock, &format!("\"lockfileVersion\": 3, {number}\n"), false)?,
    }
    let cache = match program {
        "npm" => ".npm",
        _ => ".local/share/pnpm",
    };
    let home = process.variable("HOME").to_owned();
    let cache = match (program, process.user.0) {
        ("yarn", 0) => "/usr/local/share/.cache/yarn".to_owned(),
        ("yarn", _) => format!("{home}/.cache/yarn"),
        _ => format!("{home}/{cache}"),
    };
    process.leave(&format!("{cache}/{number}"), &number)?;
    scripts(process, &root, &manifest, words, &["install", "postinstall", "prepare"])
}

/// A package of the project, as a link in `node_modules`.
fn linked(process: &mut Process, root: &str, name: &str, place: &str) -> Result<(), Failure> {
    let path = process.files.real(&format!("{root}/node_modules/{name}"), false);
    process.make_all(parent(&path))?;
    process.may_change(&path)?;
    let up = place.strip_prefix(&format!("{root}/")).map(|below| format!("../{below}"));
    process.files.remove(&path);
    process.files.0.insert(path, Node::link(&up.unwrap_or(place.to_owned()), process.user));
    Ok(())
}

fn scripts(
    process: &mut Process,
    directory: &str,
    manifest: &Manifest,
    words: &[&str],
    names: &[&str],
) -> Result<(), Failure> {
    if words.contains(&"--ignore-scripts") {
        return Ok(());
    }
    for script in names.iter().filter_map(|name| manifest.scripts.get(*name)) {
        let before = std::mem::replace(&mut process.directory, directory.to_owned());
        let done = process.script(script, Flags::default());
        process.directory = before;
        done?;
    }
    Ok(())
}
