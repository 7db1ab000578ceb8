//! Stages that somebody builds as targets of their own, as files beside the Dockerfile say:
//! compose and bake files, workflows, Makefiles, scripts. What is written behind the word
//! `target` counts, in whatever language; which Dockerfile it is said of does not.

use crate::context::Context;
use crate::ecosystem::may_name_targets;
use crate::limits;
use crate::text::Cut;

/// The names that the files of `context` give targets: of stages, and of much else.
pub fn named(context: &Context) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in texts_on_builds(context).flat_map(names) {
        if found.len() < limits::TARGETS_NAMED && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The texts of the files of `context` that may say how the Dockerfile is built.
pub fn texts_on_builds(context: &Context) -> impl Iterator<Item = &str> {
    // Few files have a text, and each path is looked at for long.
    let read = context.entries().filter_map(|entry| Some((&entry.path, entry.text.as_deref()?)));
    read.filter(|(path, _)| may_name_targets(path)).map(|(_, text)| text)
}

/// What stands behind `target` in a text: `target: dev`, `"target": "dev"`, `target = "dev"`,
/// `--target=dev`, `--target dev`, and lists.
/// <https://docs.docker.com/reference/compose-file/build/#target>,
/// <https://docs.docker.com/build/bake/reference/#targettarget>,
/// <https://github.com/docker/build-push-action#inputs>
fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, word) in text.match_indices("target") {
        let before = text.cut(..at).chars().next_back();
        // `--target`, but no part of another word.
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = text.cut(at + word.len()..);
        let value = rest.trim_start_matches(['"', '\'', ' ', ':', '=', '\t', ',']);
        if value.len() == rest.len() && !rest.starts_with('\n') {
            continue;
        }
        let list = value.strip_prefix('[').map(|list| list.split(']').next().unwrap_or(list));
        if let Some(list) = list {
            found.extend(list.split([',', '\n']).filter_map(name));
        } else if value.starts_with(['\n', '\r']) {
            let items = value.lines().skip(1).map(str::trim);
            let items = items.map_while(|line| line.strip_prefix("- "));
            found.extend(items.filter_map(name));
        } else {
            found.extend(value.lines().next().and_then(name));
        }
    }
    found
}

/// The name that a text starts with, quotes left out: of `${STAGE:-dev}` what it is by default.
fn name(text: &str) -> Option<String> {
    let text = text.trim_start_matches([' ', '"', '\'', '\t']);
    let text = match text.strip_prefix("${") {
        Some(variable) => variable.split_once('-')?.1,
        None => text,
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = text.cut(..end);
    // Ports are targets as well, in compose files.
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    starts.then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn targets_are_read_in_any_language() {
        for text in [
            "services:\n  web:\n    build:\n      context: .\n      target: dev\n",
            "target \"x\" {\n  target = \"dev\"\n}",
            "{\"target\": {\"web\": {\"target\": \"dev\"}}}",
            "build:\n\tdocker build --target dev -t web .\n",
            "docker buildx build --target=\"dev\" .",
            "\"build\": \"docker build --target dev .\"",
            "target: ${STAGE:-dev}",
            "matrix:\n  target: [prod, dev]\n",
            "matrix:\n  target:\n    - prod\n    - dev\n",
        ] {
            assert!(names(text).contains(&"dev".into()), "{text}: {:?}", names(text));
        }
        for text in ["target: 8080", "targets: dev", "cargo_target=dev", "target: $STAGE", "target"]
        {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }
}
