//! The sources that stubs stand in for while the dependencies of a project are compiled, and the
//! names of its packages. What is not understood refuses: a stub that stays would be shipped.

use super::{ABOVE, DEPENDENCIES, Reader, SETTINGS, join, workspace_at};
use crate::ecosystem::listed;
use crate::ecosystem::local::{Finding, Project, Stubs};
use crate::ecosystem::manifest::{Value, toml};
use crate::limits;

/// Lints that a stub would break, targets without a standard library, scripts that link, and what
/// puts the result elsewhere; divided by blanks.
pub const UNLESS_IN_MANIFESTS: &str = "missing_docs missing-docs unused_crate_dependencies \
     unused-crate-dependencies -none CARGO_HOME build-std BUILD_BUILD_DIR CARGO_BUILD_TARGET CARGO_UNSTABLE \
     link-arg=-T link-args cargo-features";

/// Settings with which both compiles do the same, wherever the source is; divided by blanks. A
/// clean goes by `--target` alone: with a target that settings or variables name, it leaves what was
/// compiled for it.
/// <https://doc.rust-lang.org/cargo/reference/config.html>
const UNDERSTOOD: &str = "alias http net profile registries registry source term";
const UNDERSTOOD_OF_BUILD: &str = "incremental jobs rustflags";
const UNDERSTOOD_OF_TARGET: &str = "ar linker rustflags";

/// The name of the package that a Cargo.toml is of.
pub fn cargo_package(text: &str) -> Option<String> {
    toml::parse(text)?.first("package|project.name").map(str::to_owned)
}

/// What stands in for the source of a project, of which all files are known.
pub fn cargo_stubs(project: &Project<'_>) -> Stubs {
    let mut stubs = Stubs::default();
    stubs.refusal = fill(project, &mut stubs).err();
    stubs
}

fn fill(project: &Project<'_>, stubs: &mut Stubs) -> Result<(), String> {
    let exists = |path: &str| (project.exists)(path) == Some(true);
    // Its lock file and what it compiles lie there.
    let mut above = ABOVE.iter().map(|above| join(above, "Cargo.toml"));
    if workspace_at(project, "Cargo.toml").is_none()
        && let Some(path) = above.find(|path| workspace_at(project, path).is_some())
    {
        return Err(format!("the project may be a member of the workspace of `{path}`"));
    }
    if !exists("Cargo.lock") {
        return Err("there is no `Cargo.lock`, which a compile would write".into());
    }
    let above = ABOVE.iter().flat_map(|above| SETTINGS.map(|path| join(above, path)));
    if let Some(path) = above.into_iter().find(|path| exists(path)) {
        return Err(format!("`{path}` holds settings above the project"));
    }
    SETTINGS[..2]
        .iter()
        .filter(|path| exists(path))
        .try_for_each(|path| settings(project, path))?;
    let packages = packages(project)?;
    if !packages.iter().any(|(_, value)| has_dependencies(&packages[0].1, value)) {
        return Err("the project has no dependencies to compile".into());
    }
    let mut is_new = false;
    for (package, value) in &packages {
        let manifest = join(package, "Cargo.toml");
        // The packages know editions from 1.56 on.
        let edition = value.first("package.edition");
        is_new |= edition.is_some_and(|edition| edition >= "2021");
        for name in value.texts("package|project.name") {
            stubs.packages.push(name.to_owned());
        }
        if value.has("package|project") {
            targets(project, package, value, stubs)
                .ok_or_else(|| format!("the sources that `{manifest}` names are not understood"))?;
        }
    }
    // What cargo looks for before it does anything.
    let mut reader = Reader::new(project);
    reader.read();
    for finding in reader.findings {
        let Finding::Source { package, path } = finding else { continue };
        // cargo does not know its name, and would refuse to clean it.
        if packages.iter().all(|(own, _)| *own != package) {
            return Err(format!("no package uses the one at `{package}`"));
        }
        let source = (package, path);
        if !stubs.libraries.contains(&source) && !stubs.programs.contains(&source) {
            stubs.programs.push(source);
        }
    }
    stubs.may_be_old = !is_new;
    if stubs.may_be_old && SETTINGS[2..].iter().any(|path| exists(path)) {
        return Err("the project names its toolchain, which may be an old one".into());
    }
    let plain = |name: &String| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let count = stubs.libraries.len() + stubs.programs.len();
    if stubs.packages.is_empty() || !stubs.packages.iter().all(plain) || count > limits::STUBS {
        return Err("the packages of the project are not known, or too many".into());
    }
    // What is made for a stub is taken away by the directory that it lies in.
    for (package, path) in stubs.libraries.iter().chain(&stubs.programs) {
        let top = join(package, path.split('/').next().unwrap_or(path));
        let below =
            |(own, _): &&(String, Value)| own == &top || own.starts_with(&format!("{top}/"));
        if let Some((other, _)) = packages.iter().find(below) {
            return Err(format!("the package `{other}` lies among sources"));
        }
    }
    Ok(())
}

/// The packages that cargo knows of, each with its manifest: members of the workspace, and what
/// they name by path.
fn packages(project: &Project<'_>) -> Result<Vec<(String, Value)>, String> {
    let read = |package: &str| {
        let manifest = join(package, "Cargo.toml");
        let text = (project.text)(&manifest).filter(|_| !package.starts_with(['.', '/']));
        let text = text.ok_or_else(|| format!("`{manifest}` is not known"))?;
        unknown(&manifest, text)?;
        toml::parse(text).ok_or_else(|| format!("`{manifest}` is not understood"))
    };
    let root = read("")?;
    if !root.texts("patch.*.*.path").is_empty() || !root.texts("replace.*.path").is_empty() {
        return Err("`Cargo.toml` puts a package of its own in the place of another one".into());
    }
    let mut reader = Reader::new(project);
    reader.workspace(&root);
    let mut names = reader.packages;
    let members = names.len();
    let shared = root.at("workspace.dependencies.*.path");
    let mut packages: Vec<(String, Value)> = Vec::new();
    while let Some(package) = names.get(packages.len()).cloned() {
        let value = read(&package)?;
        // Whether cargo knows what is for the tests of a package depends on whose member it is.
        let for_tests = ["dev*dependencies.*.path", "target.*.dev*dependencies.*.path"];
        if packages.len() >= members && for_tests.iter().any(|at| !value.texts(at).is_empty()) {
            return Err(format!("`{package}` names packages for its tests by their paths"));
        }
        let own = DEPENDENCIES[..2].iter().flat_map(|at| value.texts(at));
        let mut found: Vec<String> = own.map(|path| join(&package, path)).collect();
        for at in ["*dependencies.*.workspace", "target.*.*dependencies.*.workspace"] {
            for of in value.at(at) {
                let paths = shared.iter().filter(|path| path.name == of.name);
                found.extend(paths.filter_map(|path| path.value.text()).map(|path| join("", path)));
            }
        }
        for path in found {
            let path = path.trim_end_matches('/').to_owned();
            if !names.contains(&path) {
                names.push(path);
            }
        }
        packages.push((package, value));
    }
    Ok(packages)
}

/// Whether a package has dependencies that are not in the project.
fn has_dependencies(root: &Value, package: &Value) -> bool {
    let shared = root.at("workspace.dependencies.*.path");
    let all = ["*dependencies.*", "target.*.*dependencies.*"].into_iter().flat_map(|at| {
        let found = package.at(at);
        found.into_iter()
    });
    let is_shared = |name: &str| shared.iter().any(|path| path.name == name);
    let mut others = all.filter(|of| !of.value.has("path"));
    others.any(|of| !of.value.has("workspace") || !is_shared(of.name))
}

/// Adds the sources of a package that a compile looks for; none where they are not understood.
fn targets(project: &Project<'_>, package: &str, value: &Value, stubs: &mut Stubs) -> Option<()> {
    let exists = |path: &str| (project.exists)(&join(package, path)) == Some(true);
    let add = |to: &mut Vec<(String, String)>, path: &str| {
        let source = (package.to_owned(), path.to_owned());
        let is_plain = path.ends_with(".rs") && !path.starts_with('/') && !path.contains("./");
        if !to.contains(&source) {
            to.push(source);
        }
        (is_plain && exists(path)).then_some(())
    };
    match value.first("lib.path") {
        Some(path) => add(&mut stubs.libraries, path)?,
        None if exists("src/lib.rs") => add(&mut stubs.libraries, "src/lib.rs")?,
        None if value.has("lib") => return None,
        None => {}
    }
    let mut programs: Vec<String> =
        value.texts("bin.path").into_iter().map(str::to_owned).collect();
    programs.extend(exists("src/main.rs").then(|| "src/main.rs".to_owned()));
    for pattern in ["src/bin/*.rs", "src/bin/*/main.rs"] {
        let found = (project.list)(&join(package, pattern))?;
        let below = found.iter().map(|path| path.strip_prefix(package).unwrap_or(path));
        programs.extend(below.map(|path| path.trim_start_matches('/').to_owned()));
    }
    match (&value.at("package|project.build")[..], exists("build.rs")) {
        ([], false) => {}
        ([], true) => programs.push("build.rs".into()),
        ([script], is_there) => match script.value {
            Value::Text(path) => programs.push(path.clone()),
            Value::Plain(word) if word == "true" && is_there => programs.push("build.rs".into()),
            Value::Plain(word) if word == "false" => {}
            _ => return None,
        },
        _ => return None,
    }
    programs.iter().try_for_each(|path| add(&mut stubs.programs, path))
}

/// Whether the settings at `path` are understood.
fn settings(project: &Project<'_>, path: &str) -> Result<(), String> {
    let text = (project.text)(path).unwrap_or("?");
    let only = |value: &Value, names: &str| match value {
        Value::Table(members) => {
            members.iter().all(|(name, _)| listed(names, |known| known == name))
        }
        _ => false,
    };
    let is_known = |(name, value): &(String, Value)| match (name.as_str(), value) {
        ("build", value) => only(value, UNDERSTOOD_OF_BUILD),
        ("target", Value::Table(targets)) => {
            targets.iter().all(|(_, of)| only(of, UNDERSTOOD_OF_TARGET))
        }
        _ => listed(UNDERSTOOD, |known| known == name),
    };
    // A relative path leads to a file of the project.
    let is_relative =
        |text: &&str| text.contains('/') && !text.starts_with('/') && !text.contains("=/");
    let value = toml::parse(text).filter(|value| {
        let mut paths = value.texts("target.*.ar|linker|rustflags");
        paths.extend(value.texts("build.rustflags"));
        let is_table = matches!(value, Value::Table(members) if members.iter().all(is_known));
        is_table && !paths.iter().any(is_relative)
    });
    match value {
        Some(_) => unknown(path, text),
        None => Err(format!("`{path}` holds settings that are not understood")),
    }
}

/// Whether a text holds nothing with which a stub may not compile.
fn unknown(path: &str, text: &str) -> Result<(), String> {
    match UNLESS_IN_MANIFESTS.split(' ').find(|word| text.contains(word)) {
        Some(word) => {
            Err(format!("`{path}` holds `{word}`, with which empty sources may not compile"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::local::tests::with_project;

    const APP: &str = "dependencies.log = \"0.4\"\n[package]\nname = \"app\"\nedition = \"2021\"\n";

    /// The packages, the libraries and the programs, or why there are none.
    fn found(files: &[(&str, &str)]) -> Result<(Vec<String>, String, String), String> {
        let mut all = vec![("Cargo.lock", "")];
        all.extend(files);
        let stubs = with_project(1, &all, &cargo_stubs);
        let paths = |sources: &[(String, String)]| {
            let paths: Vec<String> = sources.iter().map(|(at, path)| join(at, path)).collect();
            paths.join(" ")
        };
        match stubs.refusal {
            Some(refusal) => Err(refusal),
            None => Ok((stubs.packages, paths(&stubs.libraries), paths(&stubs.programs))),
        }
    }

    /// The same of one package with `more` in its manifest.
    fn of(more: &str, files: &[&str]) -> Result<(String, String), String> {
        let text = format!("{APP}{more}");
        let mut all = vec![("Cargo.toml", text.as_str())];
        all.extend(files.iter().map(|path| (*path, "")));
        found(&all).map(|(_, libraries, programs)| (libraries, programs))
    }

    #[track_caller]
    fn refuses(more: &str, files: &[(&str, &str)], because: &str) {
        let text = format!("{APP}{more}");
        let mut all = vec![("Cargo.toml", text.as_str()), ("src/main.rs", "")];
        all.extend(files);
        let refusal = found(&all).expect_err(more);
        assert!(refusal.contains(because), "{refusal}");
    }

    #[test]
    fn each_target_that_is_compiled_has_its_stub() {
        let is = |libraries: &str, programs: &str| Ok((libraries.to_owned(), programs.to_owned()));
        assert_eq!(of("", &["src/main.rs"]), is("", "src/main.rs"));
        assert_eq!(
            of("", &["src/lib.rs", "src/bin/a.rs", "src/bin/b/main.rs", "src/x.rs"]),
            is("src/lib.rs", "src/bin/a.rs src/bin/b/main.rs")
        );
        assert_eq!(of("", &["src/main.rs", "build.rs"]), is("", "src/main.rs build.rs"));
        assert_eq!(of("build = false\n", &["src/main.rs", "build.rs"]), is("", "src/main.rs"));
        assert_eq!(
            of("build = \"b/x.rs\"\n", &["src/main.rs", "b/x.rs"]),
            is("", "src/main.rs b/x.rs")
        );
        let placed =
            "[lib]\nproc-macro = true\npath = \"l.rs\"\n[[bin]]\nname = \"x\"\npath = \"x.rs\"\n";
        assert_eq!(of(placed, &["l.rs", "x.rs"]), is("l.rs", "x.rs"));
        // cargo looks for them though it compiles none.
        let named = "[[bench]]\nname = \"b\"\n[[example]]\nname = \"e\"\n";
        assert_eq!(
            of(named, &["src/main.rs", "benches/b.rs", "examples/e.rs", "examples/f.rs"]),
            is("", "src/main.rs benches/b.rs examples/e.rs")
        );
        for (more, files) in [
            ("build = \"b.rs\"\n", &["src/main.rs"][..]),
            ("build = [\"a.rs\", \"b.rs\"]\n", &["src/main.rs", "a.rs", "b.rs"]),
            ("build = 1\n", &["src/main.rs"]),
            ("[lib]\nname = \"l\"\n", &["src/main.rs"]),
            ("[lib]\npath = \"../l.rs\"\n", &["src/main.rs", "../l.rs"]),
        ] {
            assert!(of(more, files).unwrap_err().contains("are not understood"), "{more}");
        }
    }

    #[test]
    fn each_package_of_the_project_is_named() {
        let root = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\nc = { path = \"c\" }\n";
        let app = "[package]\nname = \"app\"\nedition = \"2021\"\n[dependencies]\nlog = \"0.4\"\nc.workspace = true\n\
                   [target.'cfg(windows)'.dependencies]\nw = { path = \"../../w\" }\n";
        let (packages, libraries, programs) = found(&[
            ("Cargo.toml", root),
            ("crates/app/Cargo.toml", app),
            ("crates/app/src/main.rs", ""),
            (
                "crates/m/Cargo.toml",
                "[package]\nname = \"m\"\n[dev-dependencies]\nt = { path = \"../../t\" }\n",
            ),
            ("crates/m/src/lib.rs", ""),
            ("c/Cargo.toml", "[package]\nname = \"c-own\"\n"),
            ("c/src/lib.rs", ""),
            ("t/Cargo.toml", "[package]\nname = \"t\"\n"),
            ("t/src/lib.rs", ""),
            ("w/Cargo.toml", "[package]\nname = \"w\"\n"),
            ("w/src/lib.rs", ""),
        ])
        .unwrap();
        assert_eq!(packages, ["app", "m", "w", "c-own", "t"]);
        assert_eq!(libraries, "crates/m/src/lib.rs w/src/lib.rs c/src/lib.rs t/src/lib.rs");
        assert_eq!(programs, "crates/app/src/main.rs");
    }

    #[test]
    fn what_is_not_understood_refuses() {
        let lib = ("x/src/lib.rs", "");
        let x = "[target.x.dependencies]\nx = { path = \"x\" }\n";
        let unused = "[workspace.dependencies]\nx = { path = \"x\" }\n";
        refuses(unused, &[("x/Cargo.toml", APP), lib], "no package uses the one at `x`");
        refuses(
            "[patch.crates-io]\nx = { path = \"x\" }\n",
            &[("x/Cargo.toml", APP), lib],
            "in the place of",
        );
        refuses("[lints.rust]\nmissing_docs = \"deny\"\n", &[], "missing_docs");
        refuses(x, &[("x/Cargo.toml", "?"), lib], "`x/Cargo.toml` is not known");
        let tests = "[package]\nname = \"x\"\n[dev-dependencies]\ny = { path = \"../y\" }\n";
        refuses(
            x,
            &[("x/Cargo.toml", tests), lib, ("y/Cargo.toml", APP), ("y/src/lib.rs", "")],
            "for its tests",
        );
        let among = "[target.x.dependencies]\nx = { path = \"src/x\" }\n";
        refuses(
            among,
            &[("src/x/Cargo.toml", APP), ("src/x/src/lib.rs", "")],
            "lies among sources",
        );
        refuses("", &[("../.cargo/config.toml", "")], "above the project");
        for text in [
            "build.target-dir = \"/t\"",
            "build.target = \"x86_64-unknown-linux-musl\"",
            "build.rustc-wrapper = \"x\"",
            "env.X = \"y\"",
            "build.rustflags = [\"-Clink-arg=a/b.x\"]",
            "target.x.linker = \"ci/ld\"",
            "build = 1",
            "[unstable]\nbuild-std = []",
        ] {
            refuses("", &[(".cargo/config.toml", text)], "not understood");
        }
        for text in [
            "net.retry = 1",
            "[target.x]\nlinker = \"/bin/ld\"\nrustflags = [\"-C\", \"link-arg=-fuse-ld=lld\"]",
        ] {
            let files = [("Cargo.toml", APP), ("src/main.rs", ""), (".cargo/config.toml", text)];
            assert!(found(&files).is_ok(), "{text}");
        }
        let none = [("Cargo.toml", APP), ("src/main.rs", "")];
        assert!(with_project(1, &none, &cargo_stubs).refusal.unwrap().contains("no `Cargo.lock`"));
        let member = [&none[..], &[("../Cargo.toml", "[workspace]\nmembers = [\"app\"]")]].concat();
        let refusal = with_project(1, &member, &cargo_stubs).refusal.unwrap();
        assert!(refusal.contains("of the workspace of `../Cargo.toml`"), "{refusal}");
        let root = [&member[1..], &[("Cargo.toml", "[workspace]\n")]].concat();
        let refusal = with_project(1, &root, &cargo_stubs).refusal.unwrap();
        assert!(refusal.contains("no `Cargo.lock`"), "{refusal}");
        let text =
            "[package]\nname = \"app\"\nedition = \"2021\"\n[dependencies]\nx.path = \"x\"\n";
        let alone = [
            ("Cargo.toml", text),
            ("src/main.rs", ""),
            ("x/Cargo.toml", "[package]\nname = \"x\""),
            lib,
        ];
        assert!(found(&alone).unwrap_err().contains("no dependencies"));
        let old = [
            ("Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nlog = \"0.4\"\n"),
            ("src/main.rs", ""),
            ("Cargo.lock", ""),
        ];
        assert!(with_project(1, &old, &cargo_stubs).may_be_old);
        let named = [&old[..], &[("rust-toolchain.toml", "")]].concat();
        assert!(with_project(1, &named, &cargo_stubs).refusal.unwrap().contains("toolchain"));
    }
}
