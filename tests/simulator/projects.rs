//! The projects of cases: their files, the installs that fit them, and how they are built.

use super::files::{Node, ROOT};
use super::random::Random;
use super::{bundler, composer, dotnet, maven, poetry, uv};
use std::collections::BTreeMap;

/// A project before it has a Dockerfile.
pub struct Project {
    pub image: &'static str,
    /// What stands before the first copy, so that a tool is there.
    pub before: Vec<String>,
    pub files: BTreeMap<String, Node>,
    /// In which directory, and what installs there.
    pub installs: Vec<(String, String)>,
    pub build: String,
}

impl Project {
    pub fn file(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), Node::file(text, 0o644, ROOT));
    }

    pub fn before(&mut self, step: &str) {
        self.before.push(step.to_owned());
    }

    pub fn install(&mut self, directory: &str, command: &str) {
        self.installs.push((directory.trim_end_matches('/').to_owned(), command.to_owned()));
    }
}

pub fn project(random: &mut Random) -> Project {
    let mut project = Project {
        image: "debian:13",
        before: Vec::new(),
        files: BTreeMap::new(),
        installs: Vec::new(),
        build: "make".into(),
    };
    project.file("README.md", "# 1\n");
    project.file("src/main.txt", "source 1\n");
    project.file("Makefile", "all:\n");
    let more = [
        ("lib/a.txt", "a 1\n"),
        ("notes.txt", "notes 1\n"),
        ("docs/keep.md", "keep\n"),
        ("docs/other.md", "other\n"),
        ("config/app.conf", "port 1\n"),
        ("data/rows.txt", "1\n"),
        (".git/HEAD", "main\n"),
        ("web/index.html", "<p>\n"),
        ("nginx.conf", "worker 1\n"),
        ("certs/own.crt", "own\n"),
        ("node_modules/x/index.js", "of the host\n"),
        ("static/site.css", "p\n"),
        ("out/old", "1\n"),
    ];
    for (path, text) in more {
        if random.one_in(4) {
            project.file(path, text);
        }
    }
    if random.one_in(3) {
        project.files.insert("scripts/build.sh".into(), Node::file("#!/bin/sh\n", 0o755, ROOT));
    }
    if random.one_in(10) {
        let target = random.pick(&["src", "README.md", "nowhere", "/opt"]);
        project.files.insert("link".into(), Node::link(target, ROOT));
    }
    let prefix = random.pick(&["", "", "", "", "web/", "src/", "services/api/"]);
    match random.below(23) {
        0..=2 => python(random, &mut project, prefix),
        3..=5 => javascript(random, &mut project, prefix, "npm"),
        6 => javascript(random, &mut project, prefix, "yarn"),
        7 => javascript(random, &mut project, prefix, "pnpm"),
        8 | 9 => go(random, &mut project, prefix),
        10 | 11 => rust(random, &mut project),
        12..=14 => uv::project(random, &mut project, prefix),
        15 | 16 => poetry::project(random, &mut project, prefix),
        17 | 18 => composer::project(random, &mut project, prefix),
        19 => bundler::project(random, &mut project, prefix),
        20 => dotnet::project(random, &mut project, prefix),
        21 => maven::project(random, &mut project, prefix),
        _ => project.install("", "apt-get update && apt-get install -y git"),
    }
    project
}

fn python(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "python:3.13";
    project.build = random.pick(&["python src/manage.py", "make"]).to_owned();
    if random.one_in(2) {
        project.file("src/manage.py", "print(1)\n");
    }
    let mut text = "flask==1\nrequests\n".to_owned();
    match random.below(9) {
        0 => {
            text += "-r base.txt\n";
            project.file(&format!("{prefix}base.txt"), "django==1\n");
        }
        1 => {
            text += "-r requirements/base.txt\n";
            project.file(&format!("{prefix}requirements/base.txt"), "django==1\n-r more.txt\n");
            project.file(&format!("{prefix}requirements/more.txt"), "celery\n");
        }
        2 => {
            text += "-c constraints.txt\n";
            project.file(&format!("{prefix}constraints.txt"), "requests==2\n");
        }
        3 => {
            text += "./lib\n";
            project.file("lib/setup.py", "setup(1)\n");
        }
        4 => {
            text += "-e .\n";
            project.file("setup.py", "setup(1)\n");
        }
        5 => project.file("pip.conf", "index 1\n"),
        _ => {}
    }
    project.file(&format!("{prefix}requirements.txt"), &text);
    project.install("", &format!("pip install -r {prefix}requirements.txt"));
    project.install("", &format!("pip install --no-cache-dir -r {prefix}requirements.txt"));
    if !prefix.is_empty() {
        project.install(prefix, "pip install -r requirements.txt");
    }
    if random.one_in(4) {
        project.file("requirements-dev.txt", "pytest\nflask\n");
        let both = format!("pip install -r {prefix}requirements.txt -r requirements-dev.txt");
        project.install("", &both);
    }
    if random.one_in(8) {
        project.install("", "pip install .");
        project.file("setup.py", "setup(1)\n");
    }
}

fn javascript(random: &mut Random, project: &mut Project, prefix: &str, program: &str) {
    project.image = "node:24";
    let mut fields = vec![r#""name": "app""#.to_owned()];
    let mut scripts = vec![r#""build": "node build.js""#.to_owned()];
    let mut dependencies = vec![r#""left-pad": "1""#.to_owned()];
    match random.below(8) {
        0 => {
            dependencies.push(r#""own": "file:./lib""#.into());
            project.file(&format!("{prefix}lib/package.json"), r#"{ "name": "own" }"#);
            project.file(&format!("{prefix}lib/index.js"), "own 1\n");
        }
        1 if program != "pnpm" => fields.push(r#""workspaces": ["packages/*"]"#.into()),
        2 => {
            let script = random.pick(&["postinstall", "prepare", "preinstall"]);
            scripts.push(format!(r#""{script}": "node scripts/post.js""#));
            project.file(&format!("{prefix}scripts/post.js"), "post 1\n");
        }
        3 => scripts.push(r#""postinstall": "echo done""#.into()),
        _ => {}
    }
    if random.one_in(3) {
        for member in ["one", "two"] {
            let place = format!("{prefix}packages/{member}");
            let script = match random.below(6) {
                0 => r#", "scripts": { "postinstall": "node run.js" }"#,
                _ => "",
            };
            let text = format!(r#"{{ "name": "@app/{member}"{script} }}"#);
            project.file(&format!("{place}/package.json"), &text);
            project.file(&format!("{place}/index.js"), "member 1\n");
            project.file(&format!("{place}/run.js"), "run 1\n");
        }
        if program == "pnpm" {
            project.file(&format!("{prefix}pnpm-workspace.yaml"), "packages:\n  - packages/*\n");
        }
    }
    fields.push(format!(r#""scripts": {{ {} }}"#, scripts.join(", ")));
    fields.push(format!(r#""dependencies": {{ {} }}"#, dependencies.join(", ")));
    project.file(&format!("{prefix}package.json"), &format!("{{ {} }}\n", fields.join(", ")));
    let lock = match program {
        "npm" => "package-lock.json",
        "yarn" => "yarn.lock",
        _ => "pnpm-lock.yaml",
    };
    if !random.one_in(8) {
        let text = match (program, random.below(5)) {
            ("npm", 0) => "{ \"lockfileVersion\": 1 }\n",
            ("npm", _) => "{ \"lockfileVersion\": 3 }\n",
            _ => "# locked\n",
        };
        project.file(&format!("{prefix}{lock}"), text);
    }
    for (name, text) in [(".npmrc", "fund=1\n"), (".yarnrc", "flat 1\n"), (".pnpmfile.cjs", "1\n")]
    {
        if random.one_in(7) {
            project.file(&format!("{prefix}{name}"), text);
        }
    }
    if random.one_in(12) {
        project.file(&format!("{prefix}npm-shrinkwrap.json"), "{ \"lockfileVersion\": 3 }\n");
    }
    let frozen = match program {
        "npm" => "npm ci".to_owned(),
        other => format!("{other} install --frozen-lockfile"),
    };
    project.install(prefix, &frozen);
    project.install(prefix, &frozen);
    project.install(prefix, &format!("{program} install"));
    if program == "npm" {
        project.install(prefix, "npm ci --ignore-scripts");
        project.install(prefix, "npm ci && npm cache clean --force");
        if !prefix.is_empty() {
            project.install("", &format!("npm --prefix {} ci", prefix.trim_end_matches('/')));
        }
    }
    let build = match prefix {
        "" => "npm run build".to_owned(),
        prefix => format!("cd {} && npm run build", prefix.trim_end_matches('/')),
    };
    project.build = build;
}

fn go(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "golang:1.25";
    let mut text =
        "module example.com/app\n\ngo 1.25\n\nrequire example.com/dep v1.0.0\n".to_owned();
    if random.one_in(4) {
        text += "\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ./lib\n";
        project.file(&format!("{prefix}lib/go.mod"), "module example.com/lib\n\ngo 1.25\n");
        project.file(&format!("{prefix}lib/lib.go"), "package lib\n");
    }
    project.file(&format!("{prefix}go.mod"), &text);
    if !random.one_in(6) {
        project.file(&format!("{prefix}go.sum"), "example.com/dep v1.0.0 h1:1\n");
    }
    project.file(&format!("{prefix}main.go"), "package main\n");
    if prefix.is_empty() && random.one_in(5) {
        project.file("go.work", "go 1.25\n\nuse .\nuse ./tools\n");
        project.file("tools/go.mod", "module example.com/tools\n\ngo 1.25\n");
        project.file("tools/main.go", "package main\n");
    }
    if random.one_in(6) {
        project.file(&format!("{prefix}vendor/modules.txt"), "# example.com/dep v1.0.0\n");
    }
    let output = random.pick(&["/usr/local/bin/app", "app", "/out/app"]);
    let set = random.pick(&["", "", "CGO_ENABLED=0 "]);
    let build = random.pick(&["go build -o {} .", "go build -o {} ./...", "go install ."]);
    let build = format!("{set}{}", build.replace("{}", output));
    project.install(prefix, "go mod download");
    project.install(prefix, "go mod download && go mod verify");
    project.install(prefix, &build);
    project.build = match prefix {
        "" => build,
        prefix => format!("cd {} && {build}", prefix.trim_end_matches('/')),
    };
}

/// A package of a workspace, with its library.
fn package(project: &mut Project, name: &str) {
    let text = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.file(&format!("crates/{name}/Cargo.toml"), &text);
    project.file(&format!("crates/{name}/src/lib.rs"), "pub fn library() {}\n");
}

fn rust(random: &mut Random, project: &mut Project) {
    project.image = "rust:1.90";
    let is_virtual = random.one_in(6);
    let mut text = match is_virtual {
        true => String::new(),
        false => {
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\n"
                .to_owned()
        }
    };
    if !is_virtual && random.one_in(3) {
        text += "core = { path = \"crates/core\" }\n";
        package(project, "core");
    }
    if is_virtual || random.one_in(4) {
        text += "\n[workspace]\nmembers = [\"crates/core\", \"crates/other\"]\nresolver = \"2\"\n";
        ["core", "other"].iter().for_each(|name| package(project, name));
    }
    if random.one_in(6) {
        project.file("build.rs", "fn main() {}\n");
    }
    project.file("Cargo.toml", &text);
    if !random.one_in(5) {
        project.file("Cargo.lock", "version = 4\n");
    }
    if random.one_in(5) {
        project.file(".cargo/config.toml", "[net]\nretry = 1\n");
    }
    project.file("src/main.rs", "fn main() {}\n");
    project.install("", "cargo fetch --locked");
    project.install("", "cargo build --release --locked");
    project.install("", "cargo build --release");
    project.install("", "cargo fetch");
    project.build = "cargo build --release".into();
}
