//! mix.exs, and the configuration that mix loads with it: local dependencies, and code that reads
//! other files.

use super::schema::is_local;
use super::scripting::has_option;
use super::{Finding, Project, join, parent, refuse};
use crate::issue::RefusalReason;
use crate::text::Cut;

/// mix.exs: dependencies by path, umbrellas, files that its code reads.
/// <https://hexdocs.pm/mix/Mix.Tasks.Deps.html>
pub fn mix(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (project.text)("mix.exs") {
        Some(text) => of_project("", text, project, &mut findings),
        None => findings.push(Finding::Assume(
            "`mix.exs` names no dependency by its path, is no umbrella, and reads no other file."
                .into(),
        )),
    }
    let (mut unread, mut elsewhere) = (false, false);
    let loaded = loaded(project);
    for name in project.manifests.iter().filter(|name| name.starts_with("config/")) {
        // What is read when the release starts.
        if name.ends_with("/runtime.exs") || name.ends_with("/releases.exs") {
            continue;
        }
        if loaded.as_ref().is_some_and(|loaded| !loaded.contains(name)) {
            let mut others = Vec::new();
            elsewhere |= !of_configuration(name, project, &mut others) || !others.is_empty();
            continue;
        }
        unread |= !of_configuration(name, project, &mut findings);
    }
    if unread {
        findings.push(Finding::Assume("The files of `config` read no file outside of it.".into()));
    }
    // `ARG MIX_ENV=prod`
    if let Some(environment) = environment(project).filter(|_| elsewhere) {
        let sentence = format!("Every build has `MIX_ENV` be `{environment}`.");
        findings.push(Finding::Assume(sentence));
    }
    findings
}

/// What a file of `config` reads beside the others, and what those that it imports read; false where
/// its text is not known.
fn of_configuration(name: &str, project: &Project<'_>, findings: &mut Vec<Finding>) -> bool {
    let Some(text) = (project.text)(name) else { return false };
    let mut is_known = true;
    for line in code(text) {
        let Some(imported) = imported(line) else {
            reads(name, "", line, project, findings);
            continue;
        };
        let Some(path) = imported.map(|path| join(parent(name), path)) else {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{name}` imports what is not known: `{line}`"),
            ));
            continue;
        };
        // All of the directory is copied. A file that it lacks is made before a build: secrets.
        if parent(&path) == "config" {
            let is_plain = !path.contains(['*', '#']);
            let lacks = |all: Vec<String>| !all.contains(&path);
            if is_plain && (project.list)("config/*.exs").is_some_and(lacks) {
                findings.push(refuse(
                    RefusalReason::UnknownManifests,
                    &format!(
                        "`{name}` imports `{path}`, which is not among the files that are copied"
                    ),
                ));
            }
            continue;
        }
        // `import_config "#{config_env()}.exs"`, of one application of an umbrella
        let is_any = path.contains("#{") && !parent(&path).contains('#');
        let pattern = if is_any { join(parent(&path), "*.exs") } else { path };
        let found = match pattern.contains('*').then(|| (project.list)(&pattern)) {
            Some(Some(found)) => found,
            _ => vec![pattern],
        };
        for path in found {
            let also = Finding::Also(path.clone());
            if !findings.contains(&also) {
                findings.push(also);
                // The text of other files is not asked for.
                let is_config = parent(&path).rsplit('/').next() == Some("config");
                is_known &= !is_config || of_configuration(&path, project, findings);
            }
        }
    }
    is_known
}

/// The path that a line imports; none of it where that is not written out:
/// `for part <- parts, do: import_config(part)`.
fn imported(line: &str) -> Option<Option<&str>> {
    line.contains("import_config").then(|| {
        let rest = line.strip_prefix("import_config")?.trim_start_matches(['(', ' ']);
        quoted(rest).filter(|_| rest.starts_with('"'))
    })
}

/// What MIX_ENV is.
fn environment<'p>(project: &Project<'p>) -> Option<&'p str> {
    project.flags.iter().find_map(|flag| flag.strip_prefix("MIX_ENV="))
}

/// The files of `config` that mix loads in the environment that MIX_ENV names: config.exs, and what
/// that imports; none where that is not known. `config/test.exs` is not loaded where
/// `import_config "#{config_env()}.exs"` is run for `prod`.
/// <https://hexdocs.pm/elixir/Config.html#import_config/1>
fn loaded(project: &Project<'_>) -> Option<Vec<String>> {
    let environment = environment(project)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let environment =
        Some(environment).filter(|name| !name.is_empty() && name.chars().all(is_name))?;
    let mut loaded = vec!["config/config.exs".to_owned()];
    let mut at = 0;
    while let Some(name) = loaded.get(at).cloned() {
        at += 1;
        for imported in code((project.text)(&name)?).filter_map(imported) {
            let mut path = imported?.to_owned();
            for call in ["config_env()", "Mix.env()", "Mix.env"] {
                path = path.replace(&format!("#{{{call}}}"), environment);
            }
            if path.contains(['#', '*', '?', '{', '[', '\\']) {
                return None;
            }
            let path = join(parent(&name), &path);
            if !loaded.contains(&path) {
                loaded.push(path);
            }
        }
    }
    Some(loaded)
}

/// mix.exs of the project in `directory`.
fn of_project(directory: &str, text: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let file = join(directory, "mix.exs");
    for line in code(text) {
        // Of a repository, the path below it.
        let is_remote = has_option(line, "github") || line.contains("://");
        let local = has_option(line, "path") && !is_remote;
        let apps = line.find("apps_path:").map(|at| line.cut(at..).split('"').nth(1));
        let above = ["lockfile: \"../", "deps_path: \"../"];
        // Loaded before each task, and missed where it is not the usual one.
        let configured = line.split_once("config_path:").map(|(_, rest)| rest.trim_start());
        let configured = configured.is_some_and(|rest| !rest.starts_with("\"config/config.exs\""));
        if configured && directory.is_empty() {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{file}` has its configuration in another file: `{line}`"),
            ));
        } else if let Some(Some(apps)) = apps {
            umbrella(apps, project, findings);
        } else if local
            || apps.is_some()
            || (has_option(line, "git") && line.split('"').skip(1).step_by(2).any(is_local))
            || (has_option(line, "in_umbrella") && directory.is_empty())
            || above.iter().any(|option| line.contains(option)) && directory.is_empty()
        {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{file}` takes a dependency from a local path: `{line}`"),
            ));
        } else if ["\"deps.get\":", "\"deps.compile\":"].iter().any(|task| line.contains(task)) {
            findings.push(refuse(
                RefusalReason::LifecycleScript,
                &format!("`{file}` gives a task of mix another meaning: `{line}`"),
            ));
        } else {
            reads(&file, directory, line, project, findings);
        }
    }
}

/// The applications in `directory`, whose mix.exs are read with that of the umbrella.
fn umbrella(directory: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let Some(found) = (project.list)(&join(directory, "*/mix.exs")) else {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            "`mix.exs` is an umbrella, whose applications are not known",
        ));
        return;
    };
    for path in found {
        match (project.text)(&path) {
            Some(text) => of_project(parent(&path), text, project, findings),
            None => findings.push(Finding::Assume(format!("`{path}` reads no other file."))),
        }
        findings.push(Finding::Also(path));
    }
}

/// What a line of `file` reads, which runs in `directory`.
fn reads(
    file: &str,
    directory: &str,
    line: &str,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let calls = [
        ":file.",
        ":os.cmd",
        "Code.compile_file",
        "Code.eval_",
        "Code.load_file",
        "Code.require_file",
        "Dotenv",
        "EEx.",
        "File.",
        "Path.wildcard",
        "Port.open",
        "Reader.read",
        "System.cmd",
        "System.shell",
        "decode_file",
        "read_from_file",
        "source!(",
    ];
    if line.starts_with("import ") || !calls.iter().any(|call| line.contains(call)) {
        return;
    }
    let sources = sources(line);
    if !sources.is_empty() {
        let places = sources.into_iter().map(|path| join(directory, path));
        let there = places.filter(|path| (project.exists)(path) != Some(false));
        findings.extend(there.map(Finding::Also));
        return;
    }
    let runs = line.contains("System.") || line.contains("EEx.");
    let plain = quoted(line).filter(|path| !path.contains('#') && !runs);
    match plain.map(|path| join(directory, path)) {
        Some(path) if (project.exists)(&path) == Some(false) => {}
        Some(path) => findings.push(Finding::Also(path)),
        None => findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!("`{file}` may read other files: `{line}`"),
        )),
    }
}

/// The files that Dotenvy takes variables from, where they are there:
/// `source!(["config/.env", System.get_env()])`.
/// <https://hexdocs.pm/dotenvy/Dotenvy.html#source!/2>
fn sources(line: &str) -> Vec<&str> {
    let plain = line.split_once("source!(").filter(|_| !line.contains('#'));
    plain.map(|(_, list)| list.split('"').skip(1).step_by(2).collect()).unwrap_or_default()
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with('#'))
}

/// The only text in quotes on a line.
fn quoted(line: &str) -> Option<&str> {
    line.split('"').nth(1).filter(|_| line.matches('"').count() == 2)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{also, refused, refuses, told};
    use super::*;

    #[test]
    fn projects() {
        for text in [
            "{:a, path: \"../a\"},",
            "{:a,\n path: \"../a\"},",
            "{:a, [path: \"../a\"]},",
            "{:a, git: \"../a\"},",
            "apps_path: @apps,",
            "lockfile: \"../mix.lock\",",
            "config_path: \"conf/main.exs\",",
            "{:a, in_umbrella: true}",
            "version: File.read!(path)",
            "\"deps.get\": [\"deps.get\", \"cmd npm ci\"],",
        ] {
            assert!(refuses(mix, 1, &[("mix.exs", text)]), "{text}");
        }
        let usual = ("mix.exs", "config_path: \"config/config.exs\",");
        assert!(also(mix, 1, &[usual]).is_empty());
        let other = "{:a, \"~> 1\"},\n{:b, github: \"x/y\", path: \"z\"},\nsetup: [\"deps.get\"],";
        assert!(also(mix, 1, &[("mix.exs", other)]).is_empty());
        let version = ("mix.exs", "version: File.read!(\"VERSION\"),");
        assert_eq!(also(mix, 1, &[version, ("VERSION", "1")]), ["VERSION"]);
    }

    #[test]
    fn umbrellas() {
        let umbrella = ("mix.exs", "apps_path: \"apps\",");
        let plain = ("apps/a/mix.exs", "{:b, in_umbrella: true}");
        assert_eq!(also(mix, 1, &[umbrella, plain]), ["apps/a/mix.exs"]);
        let reads = ("apps/a/mix.exs", "version: File.read!(\"V\"),");
        let found = also(mix, 1, &[umbrella, reads, ("apps/a/V", "1")]);
        assert_eq!(found, ["apps/a/V", "apps/a/mix.exs"]);
        assert!(refuses(mix, 1, &[umbrella, ("apps/a/mix.exs", "{:b, path: \"../b\"}")]));
    }

    #[test]
    fn configuration() {
        let of = |text| [("mix.exs", ""), ("config/config.exs", text), ("secret.exs", "")];
        assert!(also(mix, 2, &of("import_config \"#{config_env()}.exs\"")).is_empty());
        assert_eq!(also(mix, 2, &of("import_config \"../secret.exs\"")), ["secret.exs"]);
        let apps = [
            ("mix.exs", ""),
            ("config/config.exs", "import_config \"../apps/*/c.exs\""),
            ("apps/a/c.exs", ""),
        ];
        assert_eq!(also(mix, 2, &apps), ["apps/a/c.exs"]);
        assert_eq!(also(mix, 2, &of("import_config(\"../secret.exs\")")), ["secret.exs"]);
        assert!(refuses(mix, 2, &of("import_config path")));
        let all = "for c <- Path.wildcard(\"config/parts/*.exs\"), do: import_config(c)";
        assert!(refuses(mix, 2, &of(all)));
        assert!(refuses(mix, 2, &of("key: File.read!(path)")));
        let named = "import Dotenvy\nsource!([\"secret.exs\", \".env.ci\", System.get_env()])";
        assert_eq!(also(mix, 2, &of(named)), ["secret.exs"]);
        assert!(refuses(mix, 2, &of("source!(files)")));
        assert!(refuses(mix, 2, &of("key: EEx.eval_file(\"secret.exs\")")));
        let later = [("mix.exs", ""), ("config/runtime.exs", "key: File.read!(path)")];
        assert!(also(mix, 2, &later).is_empty());
    }

    #[test]
    fn configuration_that_another_imports() {
        let of = |web| {
            [
                ("mix.exs", ""),
                ("config/config.exs", "import_config \"../apps/*/config/config.exs\""),
                ("apps/web/config/config.exs", web),
                ("apps/web/config/prod.exs", ""),
            ]
        };
        let own = "apps/web/config/config.exs";
        let all = also(mix, 2, &of("import_config \"#{config_env()}.exs\""));
        assert_eq!(all, [own, "apps/web/config/prod.exs"]);
        assert_eq!(also(mix, 2, &of("config :a, b: 1")), [own]);
        assert_eq!(also(mix, 2, &of("import_config \"config.exs\"")), [own]);
        assert!(refuses(mix, 2, &of("import_config name")));
    }

    #[test]
    fn configuration_of_one_environment() {
        let of = |flag: &str, config: &str| {
            let files = [
                ("mix.exs", ""),
                ("config/config.exs", config),
                ("config/prod.exs", "config :a, b: 1"),
                ("config/test.exs", "key: File.read!(path)"),
            ];
            let say = |project: &Project<'_>| refused(&mix(project));
            told(4, &files, (&[flag], &[]), &say)
        };
        let usual = "import Config\nimport_config \"#{config_env()}.exs\"";
        assert!(!of("MIX_ENV=prod", usual));
        assert!(!of("MIX_ENV=prod", "import_config \"#{Mix.env()}.exs\""));
        // Another environment, none that is known, and imports that are not.
        assert!(of("MIX_ENV=test", usual));
        assert!(of("", usual));
        assert!(of("MIX_ENV=prod", "import_config \"*.exs\""));
        assert!(of("MIX_ENV=prod", "import_config \"test.exs\""));
        assert!(of("MIX_ENV=prod", "for f <- files, do: import_config f"));
        assert!(of("MIX_ENV=prod", "import_config \"#{System.get_env(:x)}.exs\""));
    }
}
