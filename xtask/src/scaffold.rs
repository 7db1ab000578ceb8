//! `cargo xtask new-rule ID` and `new-tool NAME`: a file from a template, and its entries in the
//! lists that name every rule and every family of tools.
//!
//! What the templates leave to be written stands in braces; the tests fail until it is.

use crate::tree;
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;

const RULE: &str = include_str!("templates/rule.rs");
const TOOL: &str = include_str!("templates/tool.rs");

/// Writes a rule and a fixture for it.
pub fn new_rule(root: &Path, id: &str) -> Result<()> {
    ensure!(is_name(id), "an id is words of small letters, joined by `-`: not `{id}`");
    let module = id.replace('-', "_");
    let file = root.join(format!("src/rules/{module}.rs"));
    let title = id.replace('-', " ");
    create(&file, &RULE.replace("{id}", id).replace("{title}", &title))?;
    change(&root.join("src/rules.rs"), |text| {
        let text = insert(text, "pub mod ", &format!("pub mod {module};"))?;
        insert(&text, "    ", &format!("    {module}::RULE,"))
    })?;
    let case = root.join("tests/fixtures").join(id);
    std::fs::create_dir_all(&case)?;
    create(&case.join("before.Dockerfile"), "FROM debian:13\nRUN {the case}\n")?;
    println!(
        "Wrote {}, its entries in src/rules.rs, and tests/fixtures/{id}.\n\
         Write what stands in braces, then:\n  \
         cargo test --lib {module}\n  \
         UPDATE_MANUAL=1 cargo test --test rules\n  \
         UPDATE_FIXTURES=1 cargo test --test fixtures cases_come && git diff tests/fixtures",
        file.display()
    );
    Ok(())
}

/// Writes a table for a tool, as a family of its own.
pub fn new_tool(root: &Path, name: &str) -> Result<()> {
    ensure!(is_name(name), "a name is words of small letters, joined by `-`: not `{name}`");
    let module = name.replace('-', "_");
    let file = root.join(format!("src/ecosystem/{module}.rs"));
    let constant = module.to_uppercase();
    create(&file, &TOOL.replace("{name}", name).replace("{NAME}", &constant))?;
    change(&root.join("src/ecosystem.rs"), |text| insert(text, "mod ", &format!("mod {module};")))?;
    change(&root.join("src/ecosystem/families.rs"), |text| {
        let text = insert(text, "    ", &format!("    {module}::TOOLS,"))?;
        // The list of a `use` may be broken anywhere; rustfmt puts it in order.
        Ok(text.replacen("Tool, ", &format!("Tool, {module}, "), 1))
    })?;
    println!(
        "Wrote {}, and its entries in src/ecosystem.rs and src/ecosystem/families.rs.\n\
         Write its facts and the page they come from (or move it into a family's file), then:\n  \
         cargo fmt && cargo test --lib ecosystem",
        file.display()
    );
    Ok(())
}

fn is_name(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.split('-').all(word)
}

/// Writes a file that must not be there.
fn create(path: &Path, text: &str) -> Result<()> {
    if path.exists() {
        bail!("{} is there already", path.display());
    }
    tree::write(path, text)
}

fn change(path: &Path, with: impl Fn(&str) -> Result<String>) -> Result<()> {
    let text = with(&tree::read(path)?).with_context(|| format!("in {}", path.display()))?;
    tree::write(path, text)
}

/// `text` with `line` at its place in the last run of lines that start and end as it does.
///
/// A public module stands among private ones (`pub mod parts;` between `mod native;` and
/// `mod paths;`), so `pub` counts for neither.
fn insert(text: &str, start: &str, line: &str) -> Result<String> {
    let end = &line[line.len() - 1..];
    let (start, name) = (named(start), named(line));
    let like = |other: &str| {
        named(other).starts_with(start)
            && other.ends_with(end)
            && other.contains("::") == line.contains("::")
    };
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|other| like(other)).context("the list is not there")?;
    let first = lines[..last].iter().rposition(|other| !like(other)).map_or(0, |at| at + 1);
    let list = &lines[first..=last];
    ensure!(!list.contains(&line), "`{}` is there already", line.trim());
    let at = first + list.iter().filter(|other| named(other) < name).count();
    let mut lines = lines;
    lines.insert(at, line);
    Ok(lines.join("\n") + "\n")
}

/// An item without its visibility: `mod parts;` of `pub mod parts;`.
fn named(line: &str) -> &str {
    line.strip_prefix("pub ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::process::Command;

    /// A copy of what is changed, in a folder of the test's own.
    fn copy(name: &str) -> PathBuf {
        let to = tree::target().join("scaffold").join(name);
        let _ = std::fs::remove_dir_all(&to);
        for part in ["src", "tests/fixtures/pip-2014"] {
            std::fs::create_dir_all(to.join(part).parent().unwrap()).unwrap();
            tree::copy(&tree::root().join(part), &to.join(part)).unwrap();
        }
        to
    }

    /// rustfmt reads every module of the crate, and fails where one is missing or no Rust.
    fn parses(root: &Path) -> bool {
        let out = Command::new("rustfmt")
            .args(["--edition", "2024", "--emit", "stdout"])
            .arg(root.join("src/lib.rs"))
            .output()
            .unwrap();
        out.status.success()
    }

    #[test]
    fn a_rule_is_written_and_listed() {
        let root = copy("rule");
        new_rule(&root, "a-new-rule").unwrap();
        let list = tree::read(&root.join("src/rules.rs")).unwrap();
        let (module, entry) = ("pub mod a_new_rule;\n", "&[\n    a_new_rule::RULE,\n");
        assert!(list.contains(module) && list.contains(entry), "{list}");
        assert!(parses(&root));
        assert!(new_rule(&root, "a-new-rule").is_err(), "never over what is there");
        assert!(new_rule(&root, "A rule").is_err());
    }

    #[test]
    fn a_tool_is_written_and_listed() {
        let root = copy("tool");
        new_tool(&root, "new-tool").unwrap();
        let families = tree::read(&root.join("src/ecosystem/families.rs")).unwrap();
        assert!(families.contains("    native::TOOLS,\n    new_tool::TOOLS,\n"), "{families}");
        assert!(families.contains("Tool, new_tool, "), "{families}");
        let room = tree::read(&root.join("src/ecosystem.rs")).unwrap();
        assert!(room.contains("mod native;\nmod new_tool;\n"), "{room}");
        assert!(parses(&root));
    }

    #[test]
    fn lists_stay_sorted() {
        let text = "a\nmod b;\nmod d;\n\nb\n";
        assert_eq!(insert(text, "mod ", "mod c;").unwrap(), "a\nmod b;\nmod c;\nmod d;\n\nb\n");
        assert_eq!(insert(text, "mod ", "mod e;").unwrap(), "a\nmod b;\nmod d;\nmod e;\n\nb\n");
        assert!(insert(text, "mod ", "mod d;").is_err());
        assert!(insert("a\n", "mod ", "mod d;").is_err());
        let public = insert("mod b;\npub mod d;\nmod e;\n", "mod ", "mod c;").unwrap();
        assert_eq!(public, "mod b;\nmod c;\npub mod d;\nmod e;\n");
    }
}
