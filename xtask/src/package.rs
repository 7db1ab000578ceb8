//! `cargo xtask build`: the npm package in `pkg/`, from the template and the glue.

use crate::glue::{self, Glue};
use crate::tree::{copy, read, root, stated, write};
use crate::{apart, command, npm};
use anyhow::{Context, Result, bail};
use base64::Engine;
use flate2::Compression;
use flate2::write::GzEncoder;
use libdeflater::{CompressionLvl, Compressor};
use std::io::Write;
use std::path::Path;

/// What the module may weigh, in bytes gzipped: below the peers that lint in a browser, with room
/// for a page beside it. It weighs more today, see [`CEILING`].
const AIM: usize = 340_000;

/// What the module weighs at most today. Building fails above it, so that it grows only where
/// someone means it to; it goes down to [`AIM`] with what is taken out.
const CEILING: usize = 568_500;

/// Where the sources of the command line are, in the template.
const COMMAND_LINE: &str = "cli";

/// Builds the package anew and prints the size of its module.
///
/// Fails where the module is above [`CEILING`], after everything is built.
pub fn build() -> Result<()> {
    let glue = glue::build()?;
    let package = root().join("pkg");
    if package.exists() {
        empty(&package)?;
    }
    copy_template(&package)?;
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root().join(file), &package.join(file))?;
    }
    set_metadata(&package.join("package.json"))?;
    add_glue(&package, &glue)?;
    add_manual(&package)?;
    let guard = read(&package.join("guard.js"))?;
    write(&package.join("guard.cjs"), glue::to_common_js(&guard)?)?;
    bundle_command_line()?;
    let gzipped = gzipped(&glue.module)?;
    println!(
        "pkg/ is ready; layerwise_bg.wasm has {} bytes, {gzipped} with gzip \
         (aim {AIM}, ceiling {CEILING}), {} with brotli",
        glue.module.len(),
        with_brotli(&glue.module)?
    );
    if gzipped > CEILING {
        bail!("layerwise_bg.wasm is {} bytes above its ceiling", gzipped - CEILING);
    }
    Ok(())
}

/// Removes what is in the directory but keeps the directory, which npm may have linked to.
fn empty(directory: &Path) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Copies the template but for the sources of the command line, which are bundled.
fn copy_template(package: &Path) -> Result<()> {
    let template = root().join("pkg-template");
    std::fs::create_dir_all(package)?;
    for entry in std::fs::read_dir(template)? {
        let entry = entry?;
        if entry.file_name() != COMMAND_LINE {
            copy(&entry.path(), &package.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Makes one file of the command line and the libraries that it uses. They are installed behind
/// the package, which is one of them.
fn bundle_command_line() -> Result<()> {
    let sources = root().join("pkg-template").join(COMMAND_LINE);
    npm::install(&sources)?;
    command::run(&mut npm::script(&sources, "build"))
}

/// The version and the addresses, which the crate's manifest names.
fn set_metadata(manifest: &Path) -> Result<()> {
    let filled = read(manifest)?
        .replacen("0.0.0", &stated("version")?, 1)
        .replace("REPOSITORY", &stated("repository")?);
    write(manifest, filled)
}

fn add_glue(package: &Path, glue: &Glue) -> Result<()> {
    write(&package.join("layerwise_bg.wasm"), &glue.module)?;
    write(&package.join("layerwise_bg.js"), &glue.esm)?;
    write(&package.join("layerwise_bg.cjs"), &glue.cjs)?;
    write(&package.join("module.js"), as_text(&glue.module)?)?;
    let init = package.join("init.d.ts");
    let ready = read(&init)?;
    std::fs::remove_file(init)?;
    write(&package.join("index.d.cts"), format!("{}{ready}", glue.declarations))?;
    // Said once: `export *` of the CommonJS types has all of them but the default export.
    write(&package.join("index.d.ts"), format!("export * from \"./index.cjs\";\n{ready}"))
}

/// The module as a JavaScript file, taken apart and compressed: what is in the package twice weighs
/// twice, since its own compression looks back over 32 KB only.
fn as_text(module: &[u8]) -> Result<String> {
    let parts = apart::parts(module)?;
    let lengths: Vec<(u16, usize)> =
        parts.iter().map(|(&part, bytes)| (part, bytes.len())).collect();
    let apart: Vec<u8> = parts.into_values().flatten().collect();
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut deflated = vec![0; compressor.deflate_compress_bound(apart.len())];
    let length = compressor.deflate_compress(&apart, &mut deflated)?;
    let packed = base64::engine::general_purpose::STANDARD.encode(&deflated[..length]);
    let (size, lengths) = (module.len(), serde_json::to_string(&lengths)?);
    Ok(format!(
        "export const size = {size};\nexport const lengths = {lengths};\n\
         export const packed =\n  \"{packed}\";\n"
    ))
}

/// The pages of the rules, which are the doc comments of their files: what `--explain` shows.
fn add_manual(package: &Path) -> Result<()> {
    let manual = package.join("rules");
    std::fs::create_dir(&manual).with_context(|| format!("cannot create {}", manual.display()))?;
    for rule in layerwise::rules() {
        let file = root().join("src/rules").join(rule.id.replace('-', "_") + ".rs");
        let source = read(&file)?;
        let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
        let page: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        write(&package.join(rule.page()), page.join("\n") + "\n")?;
    }
    Ok(())
}

fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn with_brotli(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &Default::default())?;
    Ok(out.len())
}
