//! Package managers: what an install reads, what it fails on and what it leaves, each by the
//! documentation of its tool. All that an install reads goes into the digest of what it leaves.

use super::files::{Failure, Kind, Node, base, digest, join, parent};
use super::javascript::{self, Manifest};
use super::programs::build;
use super::shell::Process;
use std::collections::BTreeMap;

/// The value behind an option.
fn option<'w>(words: &[&'w str], names: &[&str]) -> Vec<&'w str> {
    let pairs = words.windows(2).filter(|pair| names.contains(&pair[0]));
    pairs.map(|pair| pair[1]).collect()
}

/// Variables that a tool reads.
pub fn variables<'p>(process: &'p Process, starts: &[&str]) -> Vec<(&'p String, &'p String)> {
    let all = process.variables.iter();
    let own = |name: &str| starts.iter().any(|start| name.to_uppercase().starts_with(start));
    all.filter(|(name, _)| own(name)).collect()
}

/// The text of the nearest file of one of these names, in a directory or above it.
pub fn nearest(process: &Process, directory: &str, names: &[&str]) -> Option<(String, String)> {
    let mut place = directory.to_owned();
    loop {
        for name in names {
            let path = join(&place, name);
            if let Ok(text) = process.read(&path) {
                return Some((path, text.to_string()));
            }
        }
        if place == "/" {
            return None;
        }
        place = parent(&place).to_owned();
    }
}

/// <https://pip.pypa.io/en/stable/cli/pip_install/>: a requirements file names others relative to
/// itself (`-r`, `-c`) and directories relative to the working directory; settings come from
/// `/etc/pip.conf` and the user's own.
pub fn pip(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    let [action, words @ ..] = words else { panic!("pip") };
    assert_eq!(*action, "install", "pip {action}");
    if process.files.get("/usr/local/bin/python").is_none() {
        return Err("not found".into());
    }
    let mut wanted = Wanted::default();
    for file in option(words, &["-r", "--requirement"]) {
        let place = process.place(file);
        requirements(process, &place, &mut wanted, 0)?;
    }
    let mut skip = false;
    for word in words {
        match *word {
            "-r" | "--requirement" => skip = true,
            _ if skip => skip = false,
            "-e" | "--no-cache-dir" | "--upgrade" => {}
            word => wanted.requirements.push(word.to_owned()),
        }
    }
    let home = process.variable("HOME").to_owned();
    let own = ["/etc/pip.conf".into(), format!("{home}/.config/pip/pip.conf")];
    let settings = own.map(|path| process.read(&path).ok());
    let settings = digest((settings, variables(process, &["PIP_", "PYTHON"])));
    for requirement in wanted.requirements {
        requirement_installed(process, &requirement, &wanted.constraints, &settings)?;
        if !words.contains(&"--no-cache-dir") {
            let place = format!("{home}/.cache/pip/{}", digest((&requirement, &settings)));
            process.leave(&place, &requirement)?;
        }
    }
    Ok(())
}

/// What requirements files add up to.
#[derive(Default)]
struct Wanted {
    requirements: Vec<String>,
    constraints: BTreeMap<String, String>,
}

/// Reads a file `depth` files below the first; pip refuses one that names itself.
fn requirements(
    process: &Process,
    file: &str,
    wanted: &mut Wanted,
    depth: u32,
) -> Result<(), Failure> {
    if depth > 4 {
        return Err(format!("{file} names itself"));
    }
    let text = process.read(file)?;
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let beside = |name: &str| join(parent(file), name.trim());
        if let Some(name) = line.strip_prefix("-r ") {
            requirements(process, &beside(name), wanted, depth + 1)?;
        } else if let Some(name) = line.strip_prefix("-c ") {
            let mut named = Wanted::default();
            requirements(process, &beside(name), &mut named, depth + 1)?;
            let pins = named.requirements.iter().filter_map(|line| line.split_once("=="));
            let pins = pins.map(|(name, version)| (name.to_owned(), version.to_owned()));
            wanted.constraints.extend(pins);
        } else {
            wanted.requirements.push(line.trim_start_matches("-e ").to_owned());
        }
    }
    Ok(())
}

fn requirement_installed(
    process: &mut Process,
    requirement: &str,
    constraints: &BTreeMap<String, String>,
    settings: &str,
) -> Result<(), Failure> {
    let site = match process.user.0 {
        0 => "/usr/local/lib/python3.13/site-packages".to_owned(),
        _ => format!("{}/.local/lib/python3.13/site-packages", process.variable("HOME")),
    };
    if requirement.starts_with('.') || requirement.starts_with('/') {
        let place = process.files.real(&process.place(requirement), true);
        let described = ["setup.py", "pyproject.toml"]
            .map(|name| process.read(&format!("{place}/{name}")).ok());
        if described.iter().all(Option::is_none) {
            return Err(format!("{requirement} is no project"));
        }
        let text = digest((&place, described, process.files.digest(&place)));
        return process.leave(&format!("{site}/{}.pth", base(&place)), &text);
    }
    let (name, version) = requirement.split_once("==").unwrap_or((requirement, ""));
    let version = match constraints.get(name) {
        Some(pinned) if !version.is_empty() && pinned != version => {
            return Err(format!("{requirement} and {pinned} conflict"));
        }
        Some(pinned) => pinned,
        None => version,
    };
    let place = format!("{site}/{name}.py");
    let there = process.read(&place).ok();
    let there = there.as_deref().and_then(|text| text.split(' ').next());
    if there.is_some_and(|there| version.is_empty() || there == version) {
        return Ok(());
    }
    let version = if version.is_empty() { "latest" } else { version };
    process.leave(&place, &format!("{version} {settings}"))?;
    if !["uv", "poetry"].contains(&name) {
        return Ok(());
    }
    let programs = match process.user.0 {
        0 => "/usr/local/bin".to_owned(),
        _ => format!("{}/.local/bin", process.variable("HOME")),
    };
    process.leave(&format!("{programs}/{name}"), "of a package\n")
}

/// npm, yarn 1 and pnpm; `javascript.rs` has what stands in their manifests.
pub fn javascript(process: &mut Process, program: &str, words: &[&str]) -> Result<(), Failure> {
    if process.files.get("/usr/local/bin/node").is_none() {
        return Err("not found".into());
    }
    let prefix = option(words, &["--prefix", "--cwd", "-C"]).first().copied();
    let directory = prefix.map_or(process.directory.clone(), |path| process.place(path));
    let directory = process.files.real(&directory, true);
    let words: Vec<&str> = match prefix {
        Some(path) => {
            let is_own =
                |word: &&&str| **word != path && !["--prefix", "--cwd", "-C"].contains(*word);
            words.iter().filter(is_own).copied().collect()
        }
        None => words.to_vec(),
    };
    match &words[..] {
        ["run", script, ..] => {
            let Some((path, text)) = nearest(process, &directory, &["package.json"]) else {
                return Err("no package.json".into());
            };
            let manifest = Manifest::read(&text)?;
            if !manifest.scripts.contains_key(*script) {
                return Err(format!("no script {script}"));
            }
            let before = std::mem::replace(&mut process.directory, parent(&path).to_owned());
            let built = build(process, "dist/index.js");
            process.directory = before;
            built
        }
        ["install", "-g", packages @ ..] => packages.iter().try_for_each(|package| {
            let settings = digest(settings(process, &directory));
            process.leave(&format!("/usr/local/lib/node_modules/{package}/index.js"), &settings)
        }),
        ["cache", "clean", ..] => {
            let place = format!("{}/.npm", process.variable("HOME"));
            super::commands::remove(process, &place, true, true)
        }
        ["ci" | "install", ..] | [] => javascript::install(process, program, &words, &directory),
        other => panic!("{program} {other:?}"),
    }
}

/// The settings of npm: of the project, the user and the system, and variables.
pub fn settings(process: &Process, directory: &str) -> impl std::hash::Hash + use<> {
    let own = [
        format!("{directory}/.npmrc"),
        format!("{}/.npmrc", process.variable("HOME")),
        "/usr/local/etc/npmrc".into(),
    ];
    let files = own.map(|path| process.read(&path).ok());
    let variables = variables(process, &["NPM_CONFIG", "NODE_", "YARN_"]).into_iter();
    let variables: Vec<(String, String)> =
        variables.map(|(name, value)| (name.clone(), value.clone())).collect();
    (files, variables)
}

/// <https://go.dev/ref/mod>: `go.mod` and `go.work` are looked for upwards; a `replace` with a path
/// reads the `go.mod` there.
pub fn go(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if process.files.get("/usr/local/go/bin/go").is_none() {
        return Err("not found".into());
    }
    let directory = process.directory.clone();
    let Some((file, text)) = nearest(process, &directory, &["go.mod"]) else {
        return Err("no go.mod".into());
    };
    let module = parent(&file).to_owned();
    let work = nearest(process, &directory, &["go.work"]);
    let mut read = vec![text.clone()];
    for path in text
        .lines()
        .filter_map(|line| line.split("=> ").nth(1))
        .filter(|path| path.starts_with('.'))
    {
        read.push(process.read(&format!("{}/go.mod", join(&module, path)))?.to_string());
    }
    if let Some((file, text)) = &work {
        for path in text.lines().filter_map(|line| line.strip_prefix("use ")) {
            read.push(process.read(&format!("{}/go.mod", join(parent(file), path)))?.to_string());
        }
    }
    let sums = process.read(&format!("{module}/go.sum")).ok();
    let requires = read.iter().any(|text| text.contains("require"));
    let builds = matches!(words[0], "build" | "install");
    // <https://go.dev/ref/mod#vendoring>: what is vendored is not looked for elsewhere.
    let is_vendored =
        builds && work.is_none() && process.files.is_directory(&join(&module, "vendor"));
    if requires && sums.is_none() && builds && !is_vendored {
        return Err("missing go.sum entry".into());
    }
    let home = process.variable("HOME").to_owned();
    let path = match process.variable("GOPATH") {
        "" => format!("{home}/go"),
        path => path.to_owned(),
    };
    let number =
        digest((&read, sums, work, variables(process, &["GOPROXY", "GOFLAGS", "GOPRIVATE"])));
    if !is_vendored {
        process.leave(&format!("{path}/pkg/mod/cache/{number}"), &number)?;
    }
    let output = match words {
        ["mod", "download" | "verify"] => return Ok(()),
        ["build", "-o", output, ..] => (*output).to_owned(),
        ["install", ..] => format!("{path}/bin/app"),
        other => panic!("go {other:?}"),
    };
    if !process.files.below(&module).any(|(path, _)| path.ends_with(".go")) {
        return Err("no Go files".into());
    }
    let tree = process.files.digest(&module);
    let all = digest((tree, &number, variables(process, &["GO", "CGO"]), &process.directory));
    process.leave(&format!("{home}/.cache/go-build/{all}"), &all)?;
    let place = process.place(&output);
    process.leave(&place, &all)?;
    let real = process.files.real(&place, true);
    process.files.0.get_mut(&real).expect("it is written").mode = 0o755;
    Ok(())
}

/// <https://doc.rust-lang.org/cargo/commands/cargo-fetch.html>: a package without a target is an
/// error, a lock file that is not there is written, and settings are looked for upwards.
pub fn cargo(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if process.files.get("/usr/local/cargo/bin/cargo").is_none() {
        return Err("not found".into());
    }
    let directory = process.directory.clone();
    let Some((file, text)) = nearest(process, &directory, &["Cargo.toml"]) else {
        return Err("no Cargo.toml".into());
    };
    let package = parent(&file).to_owned();
    let mut read = vec![text.clone()];
    let has_target = |process: &Process, place: &str| {
        let mut names = ["src/main.rs", "src/lib.rs"].iter();
        names.any(|name| process.read(&format!("{place}/{name}")).is_ok())
    };
    // A workspace may have no package of its own.
    if text.contains("[package]") && !has_target(process, &package) {
        return Err("no targets specified in the manifest".into());
    }
    let paths = text.lines().filter_map(|line| line.split("path = \"").nth(1)?.split('"').next());
    let members = text.lines().filter_map(|line| line.strip_prefix("members = ["));
    let members = members.flat_map(|list| list.split('"').skip(1).step_by(2));
    for path in paths.chain(members) {
        let place = join(&package, path);
        read.push(process.read(&format!("{place}/Cargo.toml"))?.to_string());
        if !has_target(process, &place) {
            return Err(format!("no targets in {path}"));
        }
    }
    let lock = format!("{package}/Cargo.lock");
    if process.read(&lock).is_err() {
        if words.contains(&"--locked") {
            return Err("the lock file needs to be updated".into());
        }
        process.write(&lock, &format!("made of {}", digest(&read)), false)?;
    }
    let home = match process.variable("CARGO_HOME") {
        "" => format!("{}/.cargo", process.variable("HOME")),
        home => home.to_owned(),
    };
    let settings = nearest(process, &directory, &[".cargo/config.toml"]).map(|found| found.1);
    let number = digest((
        &read,
        process.read(&lock)?,
        settings,
        variables(process, &["CARGO_NET", "CARGO_REG"]),
    ));
    process.leave(&format!("{home}/registry/{number}"), &number)?;
    match words {
        ["fetch", ..] => Ok(()),
        ["build", ..] => {
            let target = format!("{package}/target");
            let own: Vec<(String, Node)> = process
                .files
                .below(&package)
                .filter(|(path, node)| !path.starts_with(&target) && node.kind != Kind::Directory)
                .map(|(path, node)| (path.clone(), node.clone()))
                .collect();
            let all = digest((own, &number, variables(process, &["CARGO", "RUST"])));
            process.leave(&format!("{target}/release/app"), &all)
        }
        other => panic!("cargo {other:?}"),
    }
}
