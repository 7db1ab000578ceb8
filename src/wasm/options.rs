//! The options of `analyze`, property by property.

use super::read::{
    Property, Wrong, entries, files, object, put, put_some, record, text, texts, texts_by_name,
    type_error,
};
use crate::report::{BaseImage, BuildCache, Builder, Change, FixLevel, Level, Options};
use crate::timings::Timings;
use crate::{Severity, rules};
use wasm_bindgen::JsValue;

const PROPERTIES: &[Property<Options>] = &[
    Property {
        name: "files",
        expected: "an array of strings or an object of strings or null",
        read: |value, options| put_some(&mut options.files, files(value)),
    },
    Property {
        name: "filesComplete",
        expected: "a boolean",
        read: |value, options| put(&mut options.files_complete, value.as_bool().ok_or(Wrong::Type)),
    },
    Property {
        name: "executables",
        expected: "an array of strings",
        read: |value, options| put_some(&mut options.executables, texts(value)),
    },
    Property {
        name: "dockerignore",
        expected: "a string",
        read: |value, options| put_some(&mut options.dockerignore, text(value)),
    },
    Property {
        name: "guessedContext",
        expected: "a string",
        read: |value, options| put_some(&mut options.guessed_context, text(value)),
    },
    Property {
        name: "history",
        expected: "an object of numbers from 0 to 1",
        read: |value, options| put_some(&mut options.history, shares(value)),
    },
    Property {
        name: "builder",
        expected: BUILDERS,
        read: |value, options| put(&mut options.builder, builder(value)),
    },
    Property {
        name: "ephemeral",
        expected: "a boolean",
        read: |value, options| put(&mut options.ephemeral, value.as_bool().ok_or(Wrong::Type)),
    },
    Property {
        name: "buildCache",
        expected: "an object of { definedIn: string, from?: array of strings, to?: array of \
                   strings, shared?: boolean }",
        read: |value, options| put_some(&mut options.build_cache, build_cache(value)),
    },
    Property {
        name: "target",
        expected: "a string",
        read: |value, options| put_some(&mut options.target, text(value)),
    },
    Property {
        name: "fragment",
        expected: "a boolean",
        read: |value, options| put(&mut options.fragment, value.as_bool().ok_or(Wrong::Type)),
    },
    Property {
        name: "targets",
        expected: "an array of strings",
        read: |value, options| put_some(&mut options.targets, texts(value)),
    },
    Property {
        name: "buildArgs",
        expected: "an object of strings",
        read: |value, options| put(&mut options.build_args, texts_by_name(value)),
    },
    Property {
        name: "baseImages",
        expected: "an object of { workdir?: string, env?: object of strings, user?: string, \
                   shell?: array of strings, onbuild?: array of strings }",
        read: |value, options| put(&mut options.base_images, record(value, base_image)),
    },
    Property {
        name: "fix",
        expected: FIX_LEVELS,
        read: |value, options| put(&mut options.fix, fix_level(value)),
    },
    Property {
        name: "rules",
        expected: r#"an object of "off", "info", "warning" or "error""#,
        read: |value, options| {
            put(&mut options.rules, record(value, level))?;
            options
                .rules
                .keys()
                .try_for_each(|id| rules::find(id).map(drop).map_err(Wrong::Sentence))
        },
    },
    Property {
        name: "timings",
        expected: "a string",
        read: |value, options| put_some(&mut options.timings, timings(value)),
    },
];

/// What names a builder.
pub const BUILDERS: &str = r#""buildkit", "classic" or "buildah""#;

/// What names a level of fixes.
pub const FIX_LEVELS: &str = r#""none", "safe", "assumed" or "suggested""#;

/// Reads the `options` argument; throws a TypeError that names what is wrong.
pub fn read(options: &JsValue) -> Result<Options, JsValue> {
    match options.is_undefined() || options.is_null() {
        true => Ok(Options::default()),
        false => object("options", options, PROPERTIES),
    }
}

const CHANGES: &[Property<Option<Change>>] = &[
    Property {
        name: "files",
        expected: "an array of strings",
        read: |value, change| put_some(change, texts(value).map(Change::Files)),
    },
    Property {
        name: "buildArg",
        expected: "a string",
        read: |value, change| put_some(change, text(value).map(Change::BuildArg)),
    },
    Property {
        name: "baseImage",
        expected: "a string",
        read: |value, change| put_some(change, text(value).map(Change::BaseImage)),
    },
];

/// Reads the `change` argument of `rebuild`.
pub fn change(value: &JsValue) -> Result<Change, JsValue> {
    let change = object("change", value, CHANGES)?;
    change.ok_or_else(|| type_error("change must have files, buildArg or baseImage"))
}

/// A builder by its name.
pub fn builder(value: &JsValue) -> Result<Builder, Wrong> {
    Builder::of_id(&text(value)?).ok_or(Wrong::Type)
}

/// A level of fixes by its name.
pub fn fix_level(value: &JsValue) -> Result<FixLevel, Wrong> {
    FixLevel::of_id(&text(value)?).ok_or(Wrong::Type)
}

/// The log of a build.
pub fn timings(value: &JsValue) -> Result<Timings, Wrong> {
    Timings::parse(&text(value)?).map_err(Wrong::Sentence)
}

fn shares(value: &JsValue) -> Result<Vec<(String, f64)>, Wrong> {
    let mut shares = Vec::new();
    for (path, value) in entries(value)? {
        let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share));
        shares.push((path, share.ok_or(Wrong::Type)?));
    }
    Ok(shares)
}

fn level(value: &JsValue) -> Result<Level, Wrong> {
    match text(value)?.as_str() {
        "off" => Ok(Level::Off),
        word => Severity::of_id(word).map(Level::At).ok_or(Wrong::Type),
    }
}

fn build_cache(value: &JsValue) -> Result<BuildCache, Wrong> {
    let mut cache = BuildCache::default();
    for (name, value) in entries(value)? {
        match name.as_str() {
            _ if value.is_undefined() => Ok(()),
            "definedIn" => put(&mut cache.defined_in, text(&value)),
            "from" => put(&mut cache.from, texts(&value)),
            "to" => put(&mut cache.to, texts(&value)),
            "shared" => put(&mut cache.shared, value.as_bool().ok_or(Wrong::Type)),
            _ => Err(Wrong::Type),
        }?;
    }
    Ok(cache)
}

fn base_image(value: &JsValue) -> Result<BaseImage, Wrong> {
    let mut image = BaseImage::default();
    for (name, value) in entries(value)? {
        if value.is_undefined() {
            continue;
        }
        match name.as_str() {
            "workdir" => put_some(&mut image.workdir, text(&value)),
            "env" => put(&mut image.env, texts_by_name(&value)),
            "user" => put_some(&mut image.user, text(&value)),
            "shell" => put_some(&mut image.shell, texts(&value)),
            "onbuild" => put_some(&mut image.onbuild, texts(&value)),
            _ => Err(Wrong::Type),
        }?;
    }
    Ok(image)
}
