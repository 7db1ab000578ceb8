//! The JavaScript surface: what the package exports, in JavaScript's types.
//!
//! Conversion only, no logic: arguments are checked and read, the core is called, what it
//! returns is put into shapes with lines and UTF-16 offsets. The doc comments of the exports
//! are those of the TypeScript declarations.

mod builds;
mod declared;
mod fill;
mod json;
mod options;
mod reported;
mod shapes;

use js_sys::{JSON, JsString, Reflect};
use shapes::{ParseResult, RuleInfo};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// Finds what makes a Dockerfile rebuild more than it must, says why, and rewrites it.
///
/// Any text gives a report. Throws a TypeError that names the argument or option when its
/// type is wrong.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn analyze(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerfile: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let original = string(dockerfile)?;
    let options = options::read(&options)?;
    let text = String::from(&original);
    let report = crate::analyze(&text, &options);
    let value = JSON::parse(&fill::report(&text, &report))?;
    let rewritten = fill::rewritten(&original, &text, &report.edits);
    Reflect::set(&value, &"rewritten".into(), &rewritten)?;
    Ok(value)
}

/// The instructions of a Dockerfile as BuildKit reads them, and what it refuses.
///
/// Any text gives a result. Throws a TypeError when `dockerfile` is not a string.
#[wasm_bindgen]
pub fn parse(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerfile: JsValue,
) -> Result<Ts<ParseResult>, JsValue> {
    let text = String::from(&string(dockerfile)?);
    let (file, errors) = crate::syntax::parse(&text);
    leave(fill::parse_result(&file, errors))
}

/// Says of each step of the build `after` whether it comes from the cache that the build
/// `before` left, and if not, why: for the steps that the target needs, in build order.
///
/// Throws a TypeError that names the part that is wrong when its type is.
#[wasm_bindgen(unchecked_return_type = "StepOutcome[]")]
pub fn compare(
    #[wasm_bindgen(unchecked_param_type = "Build")] before: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Build")] after: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CompareOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let before = builds::read("before", &before)?;
    let after = builds::read("after", &after)?;
    let options = builds::read_options(&options)?;
    let outcomes = crate::compare(&before, &after, &options);
    JSON::parse(&fill::outcomes(&after.dockerfile, &outcomes))
}

/// The rules, sorted by id.
#[wasm_bindgen]
pub fn rules() -> Result<Vec<Ts<RuleInfo>>, JsValue> {
    crate::rules().iter().map(|rule| leave(fill::rule(rule))).collect()
}

/// Prints a panic, which would be a bug of ours, on the console before the module traps.
#[wasm_bindgen(start, skip_typescript)]
pub fn start() {
    console_error_panic_hook::set_once();
}

fn string(dockerfile: JsValue) -> Result<JsString, JsValue> {
    dockerfile.dyn_into().map_err(|_| options::type_error("dockerfile must be a string"))
}

fn leave<T: Tsify + serde::Serialize>(shape: T) -> Result<Ts<T>, JsValue> {
    shape.into_ts().map_err(|error| JsError::new(&error.to_string()).into())
}
