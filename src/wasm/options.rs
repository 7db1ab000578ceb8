//! What comes in from JavaScript: the options, each checked by itself so that an error can
//! name the one that is wrong.
//!
//! What the options mean is the core's; unknown names are refused, since a misspelt option
//! would otherwise do nothing in silence.

use crate::Severity;
use crate::report::{self, Level};
use crate::timings::Timings;
use js_sys::{Array, Map, Object, Reflect, TypeError};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// Every option's name, for the error on another one.
const NAMES: &str = "files, filesComplete, dockerignore, builder, target, buildArgs, baseImages, fix, rules, \
     timings";

/// Reads the `options` argument; throws a TypeError that names what is wrong.
pub fn read(options: &JsValue) -> Result<report::Options, JsValue> {
    let mut read = report::Options::default();
    if options.is_undefined() || options.is_null() {
        return Ok(read);
    }
    if !is_record(options) {
        return Err(type_error("options must be an object"));
    }
    for (name, value) in entries(options) {
        // An option set to `undefined` is one left out.
        if value.is_undefined() {
            continue;
        }
        let check = |set: Option<()>, expected: &str| {
            set.ok_or_else(|| type_error(&format!("options.{name} must be {expected}")))
        };
        match name.as_str() {
            "files" => check(
                files(&value).map(|files| read.files = Some(files)),
                "an array of strings or an object of strings or null",
            ),
            "filesComplete" => {
                check(value.as_bool().map(|complete| read.files_complete = complete), "a boolean")
            }
            "dockerignore" => {
                check(value.as_string().map(|text| read.dockerignore = Some(text)), "a string")
            }
            "builder" => check(
                builder(&value).map(|builder| read.builder = builder),
                r#""buildkit", "classic" or "buildah""#,
            ),
            "target" => {
                check(value.as_string().map(|target| read.target = Some(target)), "a string")
            }
            "buildArgs" => check(
                strings_by_name(&value).map(|values| read.build_args = values),
                "an object of strings",
            ),
            "baseImages" => check(
                record(&value, base_image).map(|images| read.base_images = images),
                "an object of { workdir?: string, env?: object of strings, user?: string, \
                 shell?: array of strings, onbuild?: array of strings }",
            ),
            "fix" => check(
                fix_level(&value).map(|level| read.fix = level),
                r#""none", "safe", "assumed" or "suggested""#,
            ),
            "rules" => check(
                record(&value, rule_level).map(|levels| read.rules = levels),
                r#"an object of "off", "info", "warning" or "error""#,
            ),
            "timings" => match value.as_string() {
                Some(log) => match Timings::parse(&log) {
                    Ok(timings) => {
                        read.timings = Some(timings);
                        Ok(())
                    }
                    Err(expected) => Err(type_error(&format!("options.timings: {expected}"))),
                },
                None => check(None, "a string"),
            },
            _ => {
                let message = format!("options.{name} is not an option; there are {NAMES}");
                Err(type_error(&message))
            }
        }?;
    }
    Ok(read)
}

/// A TypeError to throw.
pub fn type_error(message: &str) -> JsValue {
    TypeError::new(message).into()
}

// The readers give `None` for a value of the wrong type. They go by hand where serde would do,
// since its error messages, unused here, weigh 15 KB.

pub(super) fn files(value: &JsValue) -> Option<BTreeMap<String, Option<String>>> {
    match strings(value) {
        Some(paths) => {
            // Not `collect`, whose sort would be another 5 KB of code.
            let mut files = BTreeMap::new();
            for path in paths {
                files.insert(path, None);
            }
            Some(files)
        }
        None => record(value, |text| match text.is_null() || text.is_undefined() {
            true => Some(None),
            false => text.as_string().map(Some),
        }),
    }
}

fn strings(value: &JsValue) -> Option<Vec<String>> {
    value.dyn_ref::<Array>()?.iter().map(|item| item.as_string()).collect()
}

pub(super) fn strings_by_name(value: &JsValue) -> Option<BTreeMap<String, String>> {
    record(value, JsValue::as_string)
}

/// An object used as a map. A `Map` is refused: its entries are not properties.
pub(super) fn is_record(value: &JsValue) -> bool {
    value.is_object() && !Array::is_array(value) && !value.is_instance_of::<Map>()
}

pub(super) fn record<T>(
    value: &JsValue,
    read: impl Fn(&JsValue) -> Option<T>,
) -> Option<BTreeMap<String, T>> {
    if !is_record(value) {
        return None;
    }
    let mut record = BTreeMap::new();
    for (name, value) in entries(value) {
        record.insert(name, read(&value)?);
    }
    Some(record)
}

/// The properties of an object, in their order.
pub(super) fn entries(object: &JsValue) -> impl Iterator<Item = (String, JsValue)> {
    let object: &Object = object.unchecked_ref();
    Object::entries(object).into_iter().map(|entry| {
        let entry: Array = entry.unchecked_into();
        (entry.get(0).as_string().unwrap_or_default(), entry.get(1))
    })
}

fn base_image(value: &JsValue) -> Option<report::BaseImage> {
    if !is_record(value) {
        return None;
    }
    // The outer `None`: the property is there and has the wrong type.
    fn property<T>(
        image: &JsValue,
        name: &str,
        read: impl Fn(&JsValue) -> Option<T>,
    ) -> Option<Option<T>> {
        let value = Reflect::get(image, &name.into()).ok()?;
        if value.is_undefined() { Some(None) } else { read(&value).map(Some) }
    }
    Some(report::BaseImage {
        workdir: property(value, "workdir", JsValue::as_string)?,
        env: property(value, "env", strings_by_name)?.unwrap_or_default(),
        user: property(value, "user", JsValue::as_string)?,
        shell: property(value, "shell", strings)?,
        onbuild: property(value, "onbuild", strings)?,
    })
}

pub(super) fn builder(value: &JsValue) -> Option<report::Builder> {
    match value.as_string()?.as_str() {
        "buildkit" => Some(report::Builder::Buildkit),
        "classic" => Some(report::Builder::Classic),
        "buildah" => Some(report::Builder::Buildah),
        _ => None,
    }
}

fn fix_level(value: &JsValue) -> Option<report::FixLevel> {
    match value.as_string()?.as_str() {
        "none" => Some(report::FixLevel::None),
        "safe" => Some(report::FixLevel::Safe),
        "assumed" => Some(report::FixLevel::Assumed),
        "suggested" => Some(report::FixLevel::Suggested),
        _ => None,
    }
}

fn rule_level(value: &JsValue) -> Option<Level> {
    match value.as_string()?.as_str() {
        "off" => Some(Level::Off),
        "info" => Some(Level::At(Severity::Info)),
        "warning" => Some(Level::At(Severity::Warning)),
        "error" => Some(Level::At(Severity::Error)),
        _ => None,
    }
}
