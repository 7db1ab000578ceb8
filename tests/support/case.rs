//! The cases of `tests/fixtures` as several tests read them.

use layerwise::build::{Given, Stages};
use layerwise::context::{Context, ContextInput};
use layerwise::graph::names::named_manifests;
use layerwise::report::BaseImage;
use layerwise::{Builder, FixLevel, Level, Options, Severity};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rules that are off in a case whose options do not name them: most cases are about the order of
/// steps, and say nothing of what else their files could do better. With all rules they are read
/// by `all_rules_get_on`.
pub const BESIDE: &[&str] = &[
    "cache-mount-defeated",
    "cache-mount-hides-output",
    "compile-cache-lost",
    "install-without-cache-mount",
    "manifest-copied-before-system-packages",
    "manifests-flattened",
    "permissions-changed-after-copy",
    "unpinned-download",
    "volatile-value-before-expensive-step",
];

/// One case.
#[allow(dead_code, reason = "not every test reads every field")]
pub struct Case {
    /// The directory's name.
    pub name: String,
    /// Where it is.
    pub directory: PathBuf,
    /// The Dockerfile.
    pub before: String,
    /// What is known beside it.
    pub options: Options,
}

#[allow(dead_code, reason = "not every test asks for it")]
impl Case {
    /// The build context as `analyze` makes it of the options.
    pub fn context(&self) -> Context {
        let options = &self.options;
        let input = match &options.files {
            Some(files) => ContextInput::listed(files.iter().map(|(p, text)| (p, text.clone()))),
            None => ContextInput::default(),
        };
        let (tree, _) = layerwise::syntax::parse(&self.before);
        Context::new(ContextInput {
            complete: options.files_complete,
            dockerignore: options.dockerignore.clone(),
            named: named_manifests(&Stages::read(&tree, Given::of(options))),
            ..input
        })
    }
}

/// Every case, sorted by name.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut directories: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    directories.sort();
    directories.into_iter().map(case).collect()
}

fn case(directory: PathBuf) -> Case {
    let name = directory.file_name().unwrap().to_string_lossy().into_owned();
    let known = ["before.Dockerfile", "after.Dockerfile", "issues.txt", "options.json", "context"];
    for entry in fs::read_dir(&directory).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&file.as_str()), "{name}: {file} is no part of a case");
    }
    let before = fs::read_to_string(directory.join("before.Dockerfile")).expect(&name);
    let mut options = match fs::read_to_string(directory.join("options.json")) {
        Ok(text) => options(&serde_json::from_str(&text).expect(&name)),
        Err(_) => Options::default(),
    };
    for rule in BESIDE {
        options.rules.entry(rule.to_string()).or_insert(Level::Off);
    }
    let context = directory.join("context");
    if context.is_dir() {
        collect(&context, "", options.files.get_or_insert_with(BTreeMap::new));
    }
    Case { name, directory, before, options }
}

fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Option<String>>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, Some(fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// Options in the form of the JavaScript API.
fn options(value: &Value) -> Options {
    let mut options = Options::default();
    for (name, value) in value.as_object().expect("options are an object") {
        let text = || value.as_str().unwrap_or_else(|| panic!("{name} is a string")).to_owned();
        match name.as_str() {
            "files" => options.files = Some(files(value)),
            "filesComplete" => options.files_complete = value.as_bool().expect("a boolean"),
            "dockerignore" => options.dockerignore = Some(text()),
            "builder" => {
                options.builder = match text().as_str() {
                    "buildkit" => Builder::Buildkit,
                    "classic" => Builder::Classic,
                    "buildah" => Builder::Buildah,
                    other => panic!("no builder {other}"),
                }
            }
            "fragment" => options.fragment = value.as_bool().expect("a boolean"),
            "ephemeral" => options.ephemeral = value.as_bool().expect("a boolean"),
            "executables" => options.executables = Some(texts(value)),
            "guessedContext" => options.guessed_context = Some(text()),
            "target" => options.target = Some(text()),
            "targets" => options.targets = Some(texts(value)),
            "buildArgs" => options.build_args = strings(value),
            "baseImages" => {
                let images = value.as_object().expect("images by name").iter();
                options.base_images = images.map(|(k, v)| (k.clone(), base_image(v))).collect();
            }
            "fix" => {
                options.fix = match text().as_str() {
                    "none" => FixLevel::None,
                    "safe" => FixLevel::Safe,
                    "assumed" => FixLevel::Assumed,
                    "suggested" => FixLevel::Suggested,
                    other => panic!("no level {other}"),
                }
            }
            "rules" => {
                let levels = strings(value).into_iter();
                options.rules = levels.map(|(rule, word)| (rule, level(&word))).collect();
            }
            other => panic!("no option {other}"),
        }
    }
    options
}

fn files(value: &Value) -> BTreeMap<String, Option<String>> {
    match value {
        Value::Array(list) => list.iter().map(|p| (p.as_str().unwrap().to_owned(), None)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(path, text)| (path.clone(), text.as_str().map(str::to_owned)))
            .collect(),
        other => panic!("files are a list or an object, not {other}"),
    }
}

fn strings(value: &Value) -> BTreeMap<String, String> {
    let map = value.as_object().expect("an object of strings").iter();
    map.map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())).collect()
}

fn base_image(value: &Value) -> BaseImage {
    let text = |name: &str| value.get(name).map(|text| text.as_str().unwrap().to_owned());
    let list = |name: &str| -> Option<Vec<String>> {
        let list = value.get(name)?.as_array()?.iter();
        Some(list.map(|text| text.as_str().unwrap().to_owned()).collect())
    };
    BaseImage {
        workdir: text("workdir"),
        env: value.get("env").map(strings).unwrap_or_default(),
        user: text("user"),
        shell: list("shell"),
        onbuild: list("onbuild"),
    }
}

fn level(word: &str) -> Level {
    match word {
        "off" => Level::Off,
        "info" => Level::At(Severity::Info),
        "warning" => Level::At(Severity::Warning),
        "error" => Level::At(Severity::Error),
        other => panic!("no level {other}"),
    }
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().expect("an array of strings").iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}
