//! The JavaScript surface: what the package exports, in JavaScript's types.
//!
//! Conversion only, no logic: arguments are checked and read, the core is called, what it
//! returns is made into objects with lines and UTF-16 offsets. The doc comments of the exports,
//! and of the types that derive `Tsify`, are those of the TypeScript declarations.

mod builds;
mod instructions;
mod options;
mod read;
mod text;
mod values;

use crate::context::IgnoreList;
use crate::{context, ecosystem, graph, syntax};
use instructions::{CopiedPath, ParseResult, RuleInfo};
use js_sys::JsString;
use text::Text;
use values::Values;
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
    let text = Text::new(&string("dockerfile", dockerfile)?);
    let report = crate::analyze(&text.text, &options::read(&options)?);
    Ok(Values::with_rewritten(&text, &report.rewritten).make(&report))
}

/// Checks what would be the options of `analyze`: throws the TypeError that it would throw, such
/// as for a rule that there is not, or for `timings` that are no log of a build. Where it is
/// given the text of the file, `target` must be a stage of it.
#[wasm_bindgen(js_name = checkOptions)]
pub fn check_options(
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "string")] dockerfile: JsValue,
) -> Result<(), JsValue> {
    let options = options::read(&options)?;
    if dockerfile.is_undefined() {
        return Ok(());
    }
    let text = String::from(&string("dockerfile", dockerfile)?);
    check_target("options.target", (&text, options.fragment), options.target.as_ref())
}

/// The instructions of a Dockerfile as BuildKit reads them, and what it refuses.
///
/// Any text gives a result. Throws a TypeError when `dockerfile` is not a string.
#[wasm_bindgen(unchecked_return_type = "ParseResult")]
pub fn parse(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerfile: JsValue,
) -> Result<JsValue, JsValue> {
    let text = Text::new(&string("dockerfile", dockerfile)?);
    let (file, errors) = syntax::parse(&text.text);
    Ok(Values::new(&text).make(&ParseResult::new(&file, errors)))
}

/// Says of each step of the build `after` whether it comes from the cache that the build
/// `before` left, and if not, why: for the steps that the target needs, in build order.
///
/// Throws a TypeError that names the part that is wrong when its type is, or the build whose
/// Dockerfile has not the stage to build.
#[wasm_bindgen(unchecked_return_type = "StepOutcome[]")]
pub fn compare(
    #[wasm_bindgen(unchecked_param_type = "Build")] before: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Build")] after: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CompareOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let before = builds::read("before", &before)?;
    let after = builds::read("after", &after)?;
    let options = builds::read_options(&options)?;
    for (argument, build) in [("before", &before), ("after", &after)] {
        let target = options.target.as_ref().or(build.target.as_ref());
        check_target(&format!("{argument}.dockerfile"), (&build.dockerfile, false), target)?;
    }
    let outcomes = crate::compare(&before, &after, &options);
    let text = Text::from(after.dockerfile);
    Ok(Values::new(&text).make(&outcomes))
}

/// Replays a history of builds: what each commit rebuilt, as `compare` says of it and the commit
/// before it, and what that comes to by step, cause, path and week. The first commit is built with
/// the cache that `start` left; one that says nothing of its context has an empty one.
///
/// Only what changes is looked at again: a thousand commits of a large repository take seconds.
/// Throws a TypeError that names the part that is wrong when its type is, or the build whose
/// Dockerfile has not the stage to build.
#[wasm_bindgen(unchecked_return_type = "Replay")]
pub fn replay(
    #[wasm_bindgen(unchecked_param_type = "Build")] start: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Commit[]")] commits: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReplayOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let start = builds::read("start", &start)?;
    let commits = builds::read_commits(&commits)?;
    let options = builds::read_replay_options(&options)?;
    let target = options.target.as_ref().or(start.target.as_ref());
    check_target("start.dockerfile", (&start.dockerfile, false), target)?;
    for (at, commit) in commits.iter().enumerate() {
        if let Some(text) = &commit.dockerfile {
            check_target(&format!("commits[{at}].dockerfile"), (text, false), target)?;
        }
    }
    let replay = crate::replay(&start, &commits, &options);
    let texts = replay.rewritten.iter().flat_map(|rewritten| &rewritten.dockerfiles);
    let texts = replay.dockerfiles.iter().chain(texts).map(String::as_str);
    let text = Text::default();
    Ok(Values::of_texts(&text, texts, replay.dockerfiles.len()).make(&replay))
}

/// Says of each step that the target needs, in build order, what a change makes of it, and why:
/// what a scenario of the report comes to step by step, of the file as it is or as it was
/// rewritten, or any other change, such as of one file.
///
/// Throws a TypeError that names the argument or option when its type is wrong, and where no
/// stage is the target.
#[wasm_bindgen(unchecked_return_type = "RebuiltStep[]")]
pub fn rebuild(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerfile: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Change")] change: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let text = Text::new(&string("dockerfile", dockerfile)?);
    let change = options::change(&change)?;
    let options = options::read(&options)?;
    check_target("options.target", (&text.text, options.fragment), options.target.as_ref())?;
    let steps = crate::rebuild(&text.text, &change, &options);
    Ok(Values::new(&text).make(&steps))
}

/// What is known of a Dockerfile, stage by stage, step by step and command by command: what each
/// needs, reads and writes, what invalidates it, and why it may not change places with another.
/// The sentences are for people and may change with any version.
///
/// Throws a TypeError that names the argument or option when its type is wrong.
#[wasm_bindgen(unchecked_return_type = "Inspection")]
pub fn inspect(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerfile: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let text = Text::new(&string("dockerfile", dockerfile)?);
    let inspection = crate::inspect::inspect(&text.text, &options::read(&options)?);
    Ok(Values::new(&text).make(&inspection))
}

/// The rules, sorted by id.
#[wasm_bindgen(unchecked_return_type = "RuleInfo[]")]
pub fn rules() -> JsValue {
    let rules: Vec<RuleInfo> = crate::rules().iter().map(RuleInfo::from).collect();
    Values::new(&Text::default()).make(&rules)
}

/// The paths of the build context that COPY and ADD name as they stand, in the order of the file:
/// where one is missing, a directory is not the context. Sources that are an address, a pattern
/// or hold a variable, or come from another stage, are left out.
///
/// Throws a TypeError when `dockerfile` is not a string.
#[wasm_bindgen(js_name = copiedPaths, unchecked_return_type = "CopiedPath[]")]
pub fn copied_paths(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerfile: JsValue,
) -> Result<JsValue, JsValue> {
    let text = Text::new(&string("dockerfile", dockerfile)?);
    let (file, _) = syntax::parse(&text.text);
    let paths = file.instructions.iter().flat_map(graph::names::copied_paths);
    // `../a` is `a`: what leads out of the context is cut off.
    let within = |text: &str| match text.contains("..") {
        true => context::within(text).into_owned(),
        false => text.to_owned(),
    };
    let paths = paths.map(|word| CopiedPath { path: within(&word.text), range: word.span });
    Ok(Values::new(&text).make(&paths.collect::<Vec<_>>()))
}

/// Whether the text of a file at `path` of the build context can tell `analyze` something, going
/// by its name: a manifest, or what a package manager is set up by. Every other file of
/// `Options.files` may be `null`.
#[wasm_bindgen(js_name = wantsText)]
pub fn wants_text(
    #[wasm_bindgen(unchecked_param_type = "string")] path: JsValue,
) -> Result<bool, JsValue> {
    Ok(ecosystem::wants_text(&String::from(&string("path", path)?)))
}

/// Of each directory of the build context whether `dockerignore` excludes it with all that can
/// be in it, exceptions (`!`) considered, so that who lists the files need not walk it.
#[wasm_bindgen(js_name = excludesAll, unchecked_return_type = "boolean[]")]
pub fn excludes_all(
    #[wasm_bindgen(unchecked_param_type = "string")] dockerignore: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string[]")] directories: JsValue,
) -> Result<JsValue, JsValue> {
    let list = IgnoreList::read(&String::from(&string("dockerignore", dockerignore)?));
    let directories = read::texts(&directories)
        .map_err(|_| read::type_error("directories must be an array of strings"))?;
    let excluded =
        directories.iter().map(|directory| list.matches_all_of(&context::clean(directory)));
    let excluded: Vec<bool> = excluded.collect();
    Ok(Values::new(&Text::default()).make(&excluded))
}

/// Prints a panic, which would be a bug of ours, on the console before the module traps.
#[wasm_bindgen(start, skip_typescript)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Checks the stage to build of a text, which may be a fragment.
fn check_target(
    called: &str,
    (text, is_fragment): (&str, bool),
    target: Option<&String>,
) -> Result<(), JsValue> {
    let Some(target) = target else { return Ok(()) };
    crate::target::check_part(text, is_fragment, target)
        .map_err(|wrong| read::type_error(&format!("{called}: {wrong}")))
}

fn string(argument: &str, value: JsValue) -> Result<JsString, JsValue> {
    value.dyn_into().map_err(|_| read::type_error(&format!("{argument} must be a string")))
}
