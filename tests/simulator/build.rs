//! Builds a Dockerfile as BuildKit does, on files that are numbers and names: stages, what each
//! instruction does to files and configuration, and where a build fails.

use super::copy::{Source, copy};
use super::dockerfile::{Instruction, expand, read};
use super::files::{Failure, Files, Node, ROOT, join, parent};
use super::images::image;
use super::programs::{home, owner};
use super::shell::{Flags, Process};
use std::collections::BTreeMap;

/// What an image is besides its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    pub variables: BTreeMap<String, String>,
    pub directory: String,
    pub user: String,
    /// The rest: CMD, LABEL and their kind, by keyword and what they set.
    pub rest: BTreeMap<String, String>,
    /// What ONBUILD leaves to builds on the image, with the line that says it.
    pub triggers: Vec<(usize, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    pub files: Files,
    pub configuration: Configuration,
    /// What a build on it makes that adds nothing, where it has triggers.
    pub derived: Option<Box<Image>>,
}

/// The line on which a build fails, and why.
#[derive(Clone, Debug)]
pub struct Failed {
    pub line: usize,
    pub why: Failure,
}

/// A stage while it is built.
struct Stage {
    name: String,
    image: Image,
    arguments: BTreeMap<String, String>,
}

/// Builds the last stage of a text on the files that the client sends.
pub fn build(text: &str, context: &Files) -> Result<Image, Failed> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut global: BTreeMap<String, String> = BTreeMap::new();
    let instructions = read(text);
    let needed = needed(&instructions);
    for instruction in &instructions {
        let line = instruction.line;
        let words = instruction.words();
        match instruction.keyword.as_str() {
            "ARG" if stages.is_empty() => {
                let (name, value) = words[0].split_once('=').unwrap_or((&words[0], ""));
                global.insert(name.to_owned(), value.to_owned());
            }
            "FROM" => {
                let from = expand(&words[0], &|name| global.get(name).cloned());
                let name = words.get(2).cloned().unwrap_or(stages.len().to_string());
                let image = match stages.iter().find(|stage| stage.name == from) {
                    Some(stage) => stage.image.clone(),
                    None => started(&from).map_err(|why| Failed { line, why })?,
                };
                stages.push(Stage { name, image, arguments: BTreeMap::new() });
                if needed[stages.len() - 1] {
                    triggered(&mut stages, context, &global)?;
                }
            }
            // Stages that the last one does not need are not built.
            _ if !needed[stages.len() - 1] => {}
            _ => {
                let (stage, before) = stages.split_last_mut().expect("a stage");
                let done = step(stage, before, instruction, context, &global);
                done.map_err(|why| Failed { line, why })?;
            }
        }
    }
    let mut image = stages.pop().expect("a stage").image;
    if !image.configuration.triggers.is_empty() {
        // Elsewhere, so that no stage is known there.
        let name = String::new();
        let mut stages = vec![Stage { name, image: image.clone(), arguments: BTreeMap::new() }];
        triggered(&mut stages, context, &BTreeMap::new())?;
        image.derived = stages.pop().map(|stage| Box::new(stage.image));
        image.configuration.triggers.clear();
    }
    Ok(image)
}

/// Runs the triggers of the image that the last stage is built on, which are gone afterwards.
/// <https://docs.docker.com/reference/dockerfile/#onbuild>
fn triggered(
    stages: &mut [Stage],
    context: &Files,
    global: &BTreeMap<String, String>,
) -> Result<(), Failed> {
    let (stage, before) = stages.split_last_mut().expect("a stage");
    for (line, text) in std::mem::take(&mut stage.image.configuration.triggers) {
        for instruction in read(&text) {
            let done = step(stage, before, &instruction, context, global);
            done.map_err(|why| Failed { line, why })?;
        }
    }
    Ok(())
}

/// Which stages the last one is built on, or takes files from.
fn needed(instructions: &[Instruction]) -> Vec<bool> {
    let mut names: Vec<String> = Vec::new();
    let mut uses: Vec<Vec<usize>> = Vec::new();
    for instruction in instructions {
        let words = instruction.words();
        let from = match instruction.keyword.as_str() {
            "FROM" => {
                names.push(words.get(2).cloned().unwrap_or(names.len().to_string()));
                uses.push(Vec::new());
                Some(words[0].clone())
            }
            "COPY" => instruction.flag("from").map(str::to_owned),
            _ => instruction.flag("mount").and_then(|mount| {
                mount.split(',').find_map(|part| part.strip_prefix("from=")).map(str::to_owned)
            }),
        };
        let used = from.and_then(|from| names.iter().position(|name| *name == from));
        if let (Some(stage), Some(used)) = (uses.last_mut(), used) {
            stage.push(used);
        }
    }
    let mut needed = vec![false; names.len()];
    let mut open = vec![names.len() - 1];
    while let Some(stage) = open.pop() {
        if !std::mem::replace(&mut needed[stage], true) {
            open.extend(uses[stage].iter().filter(|used| **used != stage));
        }
    }
    needed
}

fn started(name: &str) -> Result<Image, Failure> {
    let base = image(name)?;
    let variables =
        base.variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    let configuration = Configuration {
        variables: variables.collect(),
        directory: base.directory.to_owned(),
        ..Configuration::default()
    };
    Ok(Image { files: base.files, configuration, derived: None })
}

/// One instruction of a stage; `before` are the stages above it.
fn step(
    stage: &mut Stage,
    before: &[Stage],
    instruction: &Instruction,
    context: &Files,
    global: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    let expanded = |stage: &Stage, text: &str| {
        let configuration = &stage.image.configuration;
        let value = |name: &str| {
            configuration.variables.get(name).or_else(|| stage.arguments.get(name)).cloned()
        };
        expand(text, &value)
    };
    let words: Vec<String> = instruction.words().iter().map(|word| expanded(stage, word)).collect();
    match instruction.keyword.as_str() {
        "ARG" => {
            let (name, value) = words[0].split_once('=').unwrap_or((&words[0], ""));
            let value = match global.get(name) {
                Some(global) if value.is_empty() => global.clone(),
                _ => value.to_owned(),
            };
            stage.arguments.insert(name.to_owned(), value);
        }
        "ENV" => {
            for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
                let value = value.trim_matches('"').to_owned();
                stage.image.configuration.variables.insert(name.to_owned(), value);
            }
        }
        "USER" => stage.image.configuration.user.clone_from(&words[0]),
        "WORKDIR" => workdir(&mut stage.image, &words[0])?,
        "LABEL" | "EXPOSE" | "VOLUME" | "CMD" | "ENTRYPOINT" | "STOPSIGNAL" | "SHELL" => {
            let text = expanded(stage, &instruction.rest);
            let (name, value) = match instruction.keyword.as_str() {
                "LABEL" => text.split_once('=').unwrap_or((&text, "")),
                "EXPOSE" | "VOLUME" => (text.as_str(), ""),
                _ => ("", text.as_str()),
            };
            let name = format!("{} {name}", instruction.keyword);
            stage.image.configuration.rest.insert(name, value.to_owned());
        }
        "COPY" | "ADD" => {
            let named = instruction.flag("from").map(|name| expanded(stage, name));
            let other = match &named {
                None => None,
                Some(name) => match before.iter().find(|stage| stage.name == *name) {
                    Some(stage) => Some(stage.image.files.clone()),
                    None => Some(image(name)?.files),
                },
            };
            let source = Source { files: other.as_ref().unwrap_or(context), words: &words };
            let directory = stage.image.configuration.directory.clone();
            copy(&mut stage.image.files, &directory, instruction, &source)?;
        }
        "RUN" => run(stage, before, instruction, context)?,
        "ONBUILD" => {
            let trigger = (instruction.line, instruction.rest.clone());
            stage.image.configuration.triggers.push(trigger);
        }
        other => panic!("the simulator does not know {other}"),
    }
    Ok(())
}

/// A directory that is not there is made, with those above it, for the user in force.
/// <https://docs.docker.com/reference/dockerfile/#workdir>, and BuildKit's `dispatchWorkdir`.
fn workdir(image: &mut Image, word: &str) -> Result<(), Failure> {
    let place = join(&image.configuration.directory, word);
    image.configuration.directory.clone_from(&place);
    let user = match image.configuration.user.as_str() {
        "" => ROOT,
        user => owner(&image.files, user)?,
    };
    image.files.make_all(&place, 0o755, user)
}

/// What lay at a place that a mount hides, to come back afterwards, and the directories that were
/// made to mount there: BuildKit's `MountStubsCleaner` takes them away where they are empty.
struct Hidden {
    place: String,
    nodes: Vec<(String, Node)>,
    stubs: Vec<String>,
}

fn run(
    stage: &mut Stage,
    before: &[Stage],
    instruction: &Instruction,
    context: &Files,
) -> Result<(), Failure> {
    let configuration = &stage.image.configuration;
    let shell = configuration.rest.get("SHELL ").map_or("", String::as_str);
    let flags = Flags::of(shell.split(['"', ',', ' ']));
    let user = match configuration.user.as_str() {
        "" => ROOT,
        user => owner(&stage.image.files, user)?,
    };
    let mut variables = stage.arguments.clone();
    variables.extend(configuration.variables.clone());
    variables.entry("HOME".into()).or_insert_with(|| home(&stage.image.files, user));
    let directory = configuration.directory.clone();
    let mut hidden: Vec<Hidden> = Vec::new();
    for (_, mount) in instruction.flags.iter().filter(|flag| flag.0 == "mount") {
        mounted(stage, before, mount, context, &mut hidden)?;
    }
    let files = &mut stage.image.files;
    // The runtime makes a working directory that is gone.
    files.make_all(&directory, 0o755, ROOT)?;
    let directory = files.real(&directory, true);
    let documents = instruction.documents.clone();
    let mut process = Process { files, directory, variables, user, documents };
    let rest = instruction.rest.trim();
    let done = match instruction.documents.first() {
        // A document on its own is the script, one behind a command what that reads.
        Some((_, body)) if !rest.contains(' ') => process.script(body, flags),
        // The list of an exec form has no words that a shell would change.
        None if rest.starts_with('[') => process.script(&instruction.words().join(" "), flags),
        _ => process.script(rest, flags),
    };
    let files = &mut stage.image.files;
    for Hidden { place, nodes, stubs } in hidden.into_iter().rev() {
        files.remove(&place);
        files.0.extend(nodes);
        for stub in stubs {
            if files.names(&stub).is_empty() {
                files.0.remove(&stub);
            }
        }
    }
    done
}

/// Shows a cache or files at a place. What the runtime makes there to mount on stays, empty.
fn mounted(
    stage: &mut Stage,
    before: &[Stage],
    mount: &str,
    context: &Files,
    hidden: &mut Vec<Hidden>,
) -> Result<(), Failure> {
    let value = |name: &str| {
        mount.split(',').find_map(|part| part.split_once('=').filter(|pair| pair.0 == name))
    };
    let value = |name: &str| value(name).map(|pair| pair.1);
    let target = join(&stage.image.configuration.directory, value("target").expect("a target"));
    let target = stage.image.files.real(&target, true);
    let from = before.iter().find(|stage| Some(stage.name.as_str()) == value("from"));
    let from = from.map_or(context, |stage| &stage.image.files);
    let source = from.real(&join("/", value("source").unwrap_or("")), true);
    let is_bind = value("type") != Some("cache");
    let shown = match is_bind {
        true => from.0.get(&source).cloned().ok_or(format!("{source} is not there"))?,
        false => Node::directory(0o755, ROOT),
    };
    let files = &mut stage.image.files;
    let mut stubs = Vec::new();
    let mut above = target.as_str();
    while above != "/" && !files.0.contains_key(above) {
        stubs.push(above.to_owned());
        above = parent(above);
    }
    files.make_all(parent(&target), 0o755, ROOT)?;
    let empty = match shown.is_directory() {
        true => Node::directory(0o755, ROOT),
        false => Node::file("", 0o755, ROOT),
    };
    if files.0.entry(target.clone()).or_insert(empty).is_directory() != shown.is_directory() {
        return Err(format!("cannot mount on {target}"));
    }
    let below = files.below(&target).map(|(path, node)| (path.clone(), node.clone()));
    let own: Vec<_> = below.chain([(target.clone(), files.0[&target].clone())]).collect();
    hidden.push(Hidden { place: target.clone(), nodes: own, stubs });
    files.remove(&target);
    files.0.insert(target.clone(), shown);
    if is_bind {
        let inner = from.below(&source).map(|(path, node)| {
            (format!("{target}{}", &path[source.trim_end_matches('/').len()..]), node.clone())
        });
        let inner: Vec<_> = inner.collect();
        files.0.extend(inner);
    }
    Ok(())
}

/// The files that the client sends, of those that there are: directories that hold one of them
/// come as well, and all of them belong to root.
pub fn context(files: &BTreeMap<String, Node>, ignored: &[String]) -> Files {
    let mut sent = Files::empty();
    for (path, node) in files {
        if !super::ignore::is_sent(path, ignored) {
            continue;
        }
        let path = format!("/{path}");
        let mut above = parent(&path);
        let mut missing = Vec::new();
        while above != "/" && !sent.0.contains_key(above) {
            missing.push(above.to_owned());
            above = parent(above);
        }
        for above in missing {
            let mode = files.get(&above[1..]).map_or(0o755, |node| node.mode);
            sent.0.insert(above, Node::directory(mode, ROOT));
        }
        sent.0.insert(path, Node { owner: ROOT, ..node.clone() });
    }
    sent
}
