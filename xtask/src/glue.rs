//! The WebAssembly module and its JavaScript: cargo, then wasm-bindgen as a library.
//!
//! One glue serves every entry: the one that wasm-bindgen makes for bundlers, whose functions
//! are plain exports and whose instance is set from outside.

use crate::{addresses, arrange, command, locals, panics, tree};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// What Node has anyway and test environments such as jsdom take away, for the CommonJS glue.
const ENCODINGS: &str = "\n\nconst { TextDecoder, TextEncoder } = require(\"node:util\");\n\n";

/// The generated files.
pub struct Glue {
    /// `layerwise_bg.wasm`.
    pub module: Vec<u8>,
    /// `layerwise_bg.js`: an ES module.
    pub esm: String,
    /// The same as a CommonJS module.
    pub cjs: String,
    /// The declarations of the exports and their shapes.
    pub declarations: String,
}

/// Builds the crate for WebAssembly and generates what belongs to it.
pub fn build() -> Result<Glue> {
    let out = tree::target().join("xtask/glue");
    std::fs::create_dir_all(&out)?;
    Bindgen::new()
        .input_path(compile()?)
        .out_name("layerwise")
        .bundler(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&out)
        .context("wasm-bindgen failed")?;
    let esm = resettable(&tree::read(&out.join("layerwise_bg.js"))?)?;
    let module = std::fs::read(out.join("layerwise_bg.wasm"))?;
    Ok(Glue {
        module: smaller(&module)?,
        cjs: to_common_js(&esm)?.replacen("\n\n", ENCODINGS, 1),
        esm,
        declarations: tree::read(&out.join("layerwise.d.ts"))?,
    })
}

/// The same module for those who compress it.
fn smaller(module: &[u8]) -> Result<Vec<u8>> {
    let module = addresses::shorten(&panics::without_lines(module)?)?;
    arrange::arrange(&locals::renumber(&module)?)
}

fn compile() -> Result<PathBuf> {
    let root = tree::root();
    add_target(&root)?;
    let mut cargo = command::cargo(&root);
    // As a cdylib alone: beside an rlib, cargo leaves link-time optimisation out.
    cargo.args(["rustc", "--release", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--package", "layerwise", "--features", "wasm", "--target", TARGET]);
    // Loops keep their indices (pointers counted beside them weigh 3 KB gzip more) and their
    // constants; what one of two ways computes is not computed on the other (2 KB).
    let smaller = "llvm-args=-disable-lsr -disable-machine-licm -enable-pre=0 -enable-load-pre=0";
    command::run(cargo.args(["--", "-C", smaller]))?;
    Ok(tree::target().join(TARGET).join("release/layerwise.wasm"))
}

/// Adds the target where rustup manages the toolchain; another toolchain must have it already.
fn add_target(root: &Path) -> Result<()> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    let mut query = command::program(&rustc, root);
    let library = command::output(query.args(["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    let add = &mut command::program("rustup", root);
    command::run(add.args(["target", "add", TARGET]))
        .with_context(|| format!("the Rust target {TARGET} is missing"))
}

/// Lets the glue take another instance: its views of the memory are of the one before.
fn resettable(esm: &str) -> Result<String> {
    let set = "    wasm = val;\n";
    let views = esm.lines().filter_map(|line| {
        let view = line.strip_prefix("let ")?.strip_suffix(" = null;")?;
        view.starts_with("cached").then(|| format!("    {view} = null;\n"))
    });
    match esm.matches(set).count() {
        1 => Ok(esm.replace(set, &format!("{set}{}", views.collect::<String>()))),
        _ => bail!("wasm-bindgen's glue sets the instance in a way that is not known here"),
    }
}

/// An ES module without imports as a CommonJS one. Its exports are all of the form
/// `export function name(`, as wasm-bindgen's are.
pub fn to_common_js(esm: &str) -> Result<String> {
    let mut names = Vec::new();
    let mut out = String::from("\"use strict\";\n\n");
    for line in esm.lines() {
        match line.strip_prefix("export function ") {
            Some(rest) => {
                names.push(rest.split('(').next().unwrap_or(rest));
                out.push_str("function ");
                out.push_str(rest);
            }
            None if line.starts_with("export ") || line.starts_with("import ") => {
                bail!("this cannot be made CommonJS here: {line}")
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    for name in names {
        out.push_str(&format!("exports.{name} = {name};\n"));
    }
    Ok(out)
}
