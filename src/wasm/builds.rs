//! What `compare` and `replay` are given: builds, commits and options, property by property.

use super::options::{BUILDERS, FIX_LEVELS, builder, fix_level, timings};
use super::read::{
    Property, Wrong, entries, files, list, object, put, put_some, record, text, texts_by_name,
    type_error,
};
use crate::cache::replay::{Commit, ReplayOptions};
use crate::cache::{Build, CompareOptions, ContextFile};
use crate::context::EntryKind;
use wasm_bindgen::JsValue;

const BUILD: &[Property<Reading>] = &[
    Property {
        name: "dockerfile",
        expected: "a string",
        read: |value, reading| {
            reading.named = true;
            put(&mut reading.build.dockerfile, text(value))
        },
    },
    Property {
        name: "context",
        expected: FILES,
        read: |value, reading| put_some(&mut reading.build.context, record(value, file)),
    },
    Property {
        name: "files",
        expected: "an array of strings or an object of strings or null",
        read: |value, reading| put_some(&mut reading.build.files, files(value)),
    },
    Property {
        name: "dockerignore",
        expected: "a string",
        read: |value, reading| put_some(&mut reading.build.dockerignore, text(value)),
    },
    Property {
        name: "buildArgs",
        expected: "an object of strings",
        read: |value, reading| put(&mut reading.build.build_args, texts_by_name(value)),
    },
    Property {
        name: "secrets",
        expected: "an object of strings",
        read: |value, reading| put(&mut reading.build.secrets, texts_by_name(value)),
    },
    Property {
        name: "platform",
        expected: "a string",
        read: |value, reading| put_some(&mut reading.build.platform, text(value)),
    },
    Property {
        name: "baseDigests",
        expected: "an object of strings",
        read: |value, reading| put(&mut reading.build.base_digests, texts_by_name(value)),
    },
    Property {
        name: "target",
        expected: "a string",
        read: |value, reading| put_some(&mut reading.build.target, text(value)),
    },
];

const OPTIONS: &[Property<CompareOptions>] = &[
    Property {
        name: "builder",
        expected: BUILDERS,
        read: |value, options| put(&mut options.builder, builder(value)),
    },
    Property {
        name: "target",
        expected: "a string",
        read: |value, options| put_some(&mut options.target, text(value)),
    },
];

const COMMIT: &[Property<Commit>] = &[
    Property {
        name: "id",
        expected: "a string",
        read: |value, commit| put(&mut commit.id, text(value)),
    },
    Property {
        name: "time",
        expected: "a number",
        read: |value, commit| put_some(&mut commit.time, value.as_f64().ok_or(Wrong::Type)),
    },
    Property {
        name: "title",
        expected: "a string",
        read: |value, commit| put_some(&mut commit.title, text(value)),
    },
    Property {
        name: "dockerfile",
        expected: "a string",
        read: |value, commit| put_some(&mut commit.dockerfile, text(value)),
    },
    Property {
        name: "dockerignore",
        expected: "a string",
        read: |value, commit| put_some(&mut commit.dockerignore, text(value)),
    },
    Property {
        name: "buildArgs",
        expected: "an object of strings",
        read: |value, commit| put_some(&mut commit.build_args, texts_by_name(value)),
    },
    Property {
        name: "changes",
        expected: FILES_OR_NULL,
        read: |value, commit| {
            put(
                &mut commit.changes,
                record(value, |value| match value.is_null() {
                    true => Ok(None),
                    false => file(value).map(Some),
                }),
            )
        },
    },
];

const REPLAY_OPTIONS: &[Property<ReplayOptions>] = &[
    Property {
        name: "builder",
        expected: BUILDERS,
        read: |value, options| put(&mut options.builder, builder(value)),
    },
    Property {
        name: "target",
        expected: "a string",
        read: |value, options| put_some(&mut options.target, text(value)),
    },
    Property {
        name: "timings",
        expected: "a string",
        read: |value, options| put_some(&mut options.timings, timings(value)),
    },
    Property {
        name: "rewrite",
        expected: FIX_LEVELS,
        read: |value, options| put(&mut options.rewrite, fix_level(value)),
    },
];

/// What the files of a context are.
const FILES: &str = "an object of { type: \"file\" | \"dir\" | \"symlink\", mode?: string like \
                     \"0o644\", owner?: string, text?: string, sha256?: string, target?: string }";

/// What those are that a commit changes.
const FILES_OR_NULL: &str = "an object of null or { type: \"file\" | \"dir\" | \"symlink\", mode?: \
                             string like \"0o644\", owner?: string, text?: string, sha256?: string, \
                             target?: string }";

/// A build, and whether its Dockerfile was given.
#[derive(Default)]
struct Reading {
    build: Build,
    named: bool,
}

/// Reads the build that is the argument `argument`.
pub fn read(argument: &str, value: &JsValue) -> Result<Build, JsValue> {
    let Reading { build, named } = object(argument, value, BUILD)?;
    match named {
        true => Ok(build),
        false => Err(type_error(&format!("{argument}.dockerfile must be a string"))),
    }
}

/// Reads the `options` argument of `compare`.
pub fn read_options(options: &JsValue) -> Result<CompareOptions, JsValue> {
    match options.is_undefined() || options.is_null() {
        true => Ok(CompareOptions::default()),
        false => object("options", options, OPTIONS),
    }
}

/// Reads the `commits` argument of `replay`.
pub fn read_commits(commits: &JsValue) -> Result<Vec<Commit>, JsValue> {
    let mut read = Vec::new();
    let mut take = |value| {
        let commit = object(&format!("commits[{}]", read.len()), &value, COMMIT);
        read.push(commit.map_err(Wrong::Thrown)?);
        Ok(())
    };
    list(commits, &mut take).map_err(|wrong| {
        let expected = || type_error("commits must be an array");
        wrong.thrown().unwrap_or_else(expected)
    })?;
    Ok(read)
}

/// Reads the `options` argument of `replay`.
pub fn read_replay_options(options: &JsValue) -> Result<ReplayOptions, JsValue> {
    match options.is_undefined() || options.is_null() {
        true => Ok(ReplayOptions::default()),
        false => object("options", options, REPLAY_OPTIONS),
    }
}

fn file(value: &JsValue) -> Result<ContextFile, Wrong> {
    let mut file = ContextFile::default();
    let mut typed = false;
    for (name, value) in entries(value)? {
        if value.is_undefined() {
            continue;
        }
        let text = text(&value)?;
        match name.as_str() {
            "type" => {
                typed = true;
                file.kind = match text.as_str() {
                    "file" => EntryKind::File,
                    "dir" => EntryKind::Directory,
                    "symlink" => EntryKind::Symlink,
                    _ => return Err(Wrong::Type),
                };
            }
            "mode" => file.mode = Some(ContextFile::parse_mode(&text).ok_or(Wrong::Type)?),
            "owner" => file.owner = Some(text),
            "text" => file.text = Some(text),
            "sha256" => file.sha256 = Some(text),
            "target" => file.target = Some(text),
            _ => return Err(Wrong::Type),
        }
    }
    typed.then_some(file).ok_or(Wrong::Type)
}
