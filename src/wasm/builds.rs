//! What comes in from JavaScript for `compare`: two builds and its options, each part checked
//! by itself so that an error can name the one that is wrong.
//!
//! What they mean is the core's.

use super::options::{builder, entries, files, is_record, record, strings_by_name, type_error};
use crate::cache::{Build, CompareOptions, ContextFile};
use crate::context::Kind;
use wasm_bindgen::JsValue;

const BUILD: &str = "dockerfile, context, files, dockerignore, buildArgs, secrets, platform, \
     baseDigests, target";

/// Reads the build that is the argument `argument`.
pub fn read(argument: &str, value: &JsValue) -> Result<Build, JsValue> {
    if !is_record(value) {
        return Err(type_error(&format!("{argument} must be an object")));
    }
    let mut build = Build::default();
    let mut named = false;
    for (name, value) in entries(value) {
        if value.is_undefined() {
            continue;
        }
        let check = |set: Option<()>, expected: &str| {
            set.ok_or_else(|| type_error(&format!("{argument}.{name} must be {expected}")))
        };
        let text = || value.as_string();
        let strings = || strings_by_name(&value);
        match name.as_str() {
            "dockerfile" => {
                named = true;
                check(text().map(|text| build.dockerfile = text), "a string")
            }
            "context" => check(
                record(&value, file).map(|context| build.context = Some(context)),
                "an object of { type: \"file\" | \"dir\" | \"symlink\", mode?: string like \
                 \"0o644\", owner?: string, text?: string, sha256?: string, target?: string }",
            ),
            "files" => check(
                files(&value).map(|files| build.files = Some(files)),
                "an array of strings or an object of strings or null",
            ),
            "dockerignore" => check(text().map(|text| build.dockerignore = Some(text)), "a string"),
            // Records of real builds have the names with an underscore.
            "buildArgs" | "build_args" => {
                check(strings().map(|it| build.build_args = it), "an object of strings")
            }
            "secrets" => check(strings().map(|it| build.secrets = it), "an object of strings"),
            "platform" => check(text().map(|text| build.platform = Some(text)), "a string"),
            "baseDigests" | "base_digests" => {
                check(strings().map(|it| build.base_digests = it), "an object of strings")
            }
            "target" => check(text().map(|text| build.target = Some(text)), "a string"),
            _ => {
                let message = format!("{argument}.{name} is no part of a build; there are {BUILD}");
                Err(type_error(&message))
            }
        }?;
    }
    match named {
        true => Ok(build),
        false => Err(type_error(&format!("{argument}.dockerfile must be a string"))),
    }
}

/// Reads the `options` argument of `compare`.
pub fn read_options(options: &JsValue) -> Result<CompareOptions, JsValue> {
    let mut read = CompareOptions::default();
    if options.is_undefined() || options.is_null() {
        return Ok(read);
    }
    if !is_record(options) {
        return Err(type_error("options must be an object"));
    }
    for (name, value) in entries(options) {
        if value.is_undefined() {
            continue;
        }
        let check = |set: Option<()>, expected: &str| {
            set.ok_or_else(|| type_error(&format!("options.{name} must be {expected}")))
        };
        match name.as_str() {
            "builder" => check(
                builder(&value).map(|builder| read.builder = builder),
                r#""buildkit", "classic" or "buildah""#,
            ),
            "target" => {
                check(value.as_string().map(|target| read.target = Some(target)), "a string")
            }
            _ => {
                let message = format!("options.{name} is not an option; there are builder, target");
                Err(type_error(&message))
            }
        }?;
    }
    Ok(read)
}

fn file(value: &JsValue) -> Option<ContextFile> {
    if !is_record(value) {
        return None;
    }
    let mut file = ContextFile::default();
    let mut typed = false;
    for (name, value) in entries(value) {
        if value.is_undefined() {
            continue;
        }
        let text = value.as_string()?;
        match name.as_str() {
            "type" => {
                typed = true;
                file.kind = match text.as_str() {
                    "file" => Kind::File,
                    "dir" => Kind::Directory,
                    "symlink" => Kind::Symlink,
                    _ => return None,
                };
            }
            "mode" => file.mode = Some(ContextFile::parse_mode(&text)?),
            "owner" => file.owner = Some(text),
            "text" => file.text = Some(text),
            "sha256" => file.sha256 = Some(text),
            "target" => file.target = Some(text),
            _ => return None,
        }
    }
    typed.then_some(file)
}
