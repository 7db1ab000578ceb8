//! Objects from JavaScript, read by a table of their properties, so that an error can name the
//! one that is wrong and those that there are.
//!
//! What the properties mean is the core's. Unknown names are refused: a misspelt option would
//! otherwise do nothing in silence. By hand where serde would do, since its messages, unused
//! here, weigh 15 KB.

use js_sys::{Reflect, TypeError};
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

// A proxy may throw wherever it is asked for anything. An error that went through here by itself
// would leave the stack as it is, so each is caught and handed on.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// A property of an object that is read into a `T`.
pub struct Property<T> {
    /// Its name.
    pub name: &'static str,
    /// What it must be.
    pub expected: &'static str,
    /// Reads it.
    pub read: fn(&JsValue, &mut T) -> Result<(), Wrong>,
}

/// What is wrong with a value.
pub enum Wrong {
    /// It has another type.
    Type,
    /// What the sentence says.
    Sentence(String),
    /// A getter or a proxy of it threw this.
    Thrown(JsValue),
}

/// Reads the object that an error calls `called`, where each part of it is known.
pub fn object<T: Default>(
    called: &str,
    value: &JsValue,
    properties: &[Property<T>],
) -> Result<T, JsValue> {
    let mut made = T::default();
    for (name, value) in entries(value).map_err(|wrong| wrong.error(called, "an object"))? {
        // A property that is `undefined` is one left out.
        if value.is_undefined() {
            continue;
        }
        let Some(property) = properties.iter().find(|property| property.name == name) else {
            let known: Vec<&str> = properties.iter().map(|property| property.name).collect();
            let known = known.join(", ");
            return Err(type_error(&format!("{called}.{name} is unknown; there are {known}")));
        };
        (property.read)(&value, &mut made)
            .map_err(|wrong| wrong.error(&format!("{called}.{name}"), property.expected))?;
    }
    Ok(made)
}

impl Wrong {
    /// What was thrown, where that is it.
    pub fn thrown(self) -> Option<JsValue> {
        match self {
            Wrong::Thrown(error) => Some(error),
            _ => None,
        }
    }

    fn error(self, called: &str, expected: &str) -> JsValue {
        match self {
            Wrong::Type => type_error(&format!("{called} must be {expected}")),
            Wrong::Sentence(sentence) => type_error(&format!("{called}: {sentence}")),
            Wrong::Thrown(error) => error,
        }
    }
}

/// A TypeError to throw.
pub fn type_error(message: &str) -> JsValue {
    TypeError::new(message).into()
}

/// Puts what was read in its place.
pub fn put<T>(place: &mut T, read: Result<T, Wrong>) -> Result<(), Wrong> {
    *place = read?;
    Ok(())
}

/// The same for what may be missing.
pub fn put_some<T>(place: &mut Option<T>, read: Result<T, Wrong>) -> Result<(), Wrong> {
    put(place, read.map(Some))
}

/// A string.
pub fn text(value: &JsValue) -> Result<String, Wrong> {
    value.as_string().ok_or(Wrong::Type)
}

/// A list of strings.
pub fn texts(value: &JsValue) -> Result<Vec<String>, Wrong> {
    let mut texts = Vec::new();
    list(value, &mut |item| text(&item).map(|text| texts.push(text)))?;
    Ok(texts)
}

/// Takes the items of an array, up to the first that is wrong.
pub fn list(
    value: &JsValue,
    take: &mut dyn FnMut(JsValue) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    match is_array(value).map_err(Wrong::Thrown)? {
        true => each(value, take),
        false => Err(Wrong::Type),
    }
}

/// An object of strings.
pub fn texts_by_name(value: &JsValue) -> Result<BTreeMap<String, String>, Wrong> {
    record(value, text)
}

/// A list of paths, or the text of files by path.
pub fn files(value: &JsValue) -> Result<BTreeMap<String, Option<String>>, Wrong> {
    if !is_array(value).map_err(Wrong::Thrown)? {
        return record(value, |content| match content.is_null() || content.is_undefined() {
            true => Ok(None),
            false => text(content).map(Some),
        });
    }
    // Not `collect`, whose sort would be another 5 KB of code.
    let mut files = BTreeMap::new();
    for path in texts(value)? {
        files.insert(path, None);
    }
    Ok(files)
}

/// An object that is used as a map.
pub fn record<T>(
    value: &JsValue,
    read: impl Fn(&JsValue) -> Result<T, Wrong>,
) -> Result<BTreeMap<String, T>, Wrong> {
    let mut record = BTreeMap::new();
    for (name, value) in entries(value)? {
        record.insert(name, read(&value)?);
    }
    Ok(record)
}

/// The properties of an object that has nothing else, in their order.
pub fn entries(object: &JsValue) -> Result<Vec<(String, JsValue)>, Wrong> {
    if !is_record(object) {
        return Err(Wrong::Type);
    }
    let mut entries = Vec::new();
    each(&keys(object).map_err(Wrong::Thrown)?, &mut |name| {
        let value = Reflect::get(object, &name).map_err(Wrong::Thrown)?;
        entries.push((name.as_string().unwrap_or_default(), value));
        Ok(())
    })?;
    Ok(entries)
}

/// Takes the items of an array, up to the first that is wrong: four billion may be left out.
fn each(array: &JsValue, take: &mut dyn FnMut(JsValue) -> Result<(), Wrong>) -> Result<(), Wrong> {
    let length = Reflect::get(array, &"length".into()).map_err(Wrong::Thrown)?;
    for at in 0..length.as_f64().unwrap_or_default() as u32 {
        take(Reflect::get_u32(array, at).map_err(Wrong::Thrown)?)?;
    }
    Ok(())
}

/// Whether all that an object has are its properties: an object literal is one, of whichever
/// window or context; a `Set`, a `Map` or a promise holds something else, which would be lost.
fn is_record(value: &JsValue) -> bool {
    if !value.is_object() {
        return false;
    }
    let above = |value: &JsValue| Reflect::get_prototype_of(value).ok();
    let prototype = above(value).map(JsValue::from).unwrap_or_default();
    prototype.is_null() || above(&prototype).is_some_and(|above| above.is_null())
}
