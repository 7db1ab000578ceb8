//! Gemfile and cpanfile: local packages, and code that reads other files.

use super::schema::is_local;
use super::{Finding, Project, join, lock_beside, parent, refuse};
use crate::issue::RefusalReason::{self, LocalDependency};
use crate::text::Cut;

/// Gemfile: gems by path, files that its code reads.
/// <https://bundler.io/man/gemfile.5.html>
pub fn gemfile(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = project.manifests.iter().find(|name| !name.ends_with(".lock"));
    let named = named.filter(|name| !name.ends_with(".ruby-version"));
    let name = named.map_or("Gemfile", String::as_str);
    let mut files = vec![name.to_owned()];
    // A lock file of gems by path has a section for them.
    let locked = (project.text)(&format!("{name}.lock"));
    if locked.is_some_and(|text| text.lines().any(|line| line == "PATH")) {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!("`{name}.lock` names gems by their path"),
        ));
    }
    if named.is_some() {
        lock_beside(format!("{name}.lock"), project, &mut findings);
    }
    // Excluded, its settings (`BUNDLE_WITHOUT`) would be lost.
    let settings = join(parent(name), ".bundle/config");
    if (project.exists)(&settings) == Some(true) {
        let message =
            format!("`{settings}` has settings that Bundler reads, and it may write them");
        findings.push(refuse(RefusalReason::OrderDecidesImage, &message));
    }
    let vendored = join(parent(name), "vendor/cache/");
    if (project.exists)(&vendored) == Some(true) {
        findings.push(Finding::Also(vendored));
    }
    let mut next = 0;
    while let Some(path) = files.get(next).cloned() {
        next += 1;
        let Some(text) = (project.text)(&path) else {
            findings.push(Finding::Assume(format!(
                "`{path}` names no gem by its path, no gemspec, and reads no other file."
            )));
            continue;
        };
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let line = without_comment(line);
            if takes_from_project(line) {
                findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("`{path}` takes a gem from the project: `{line}`"),
                ));
                continue;
            }
            let code = line.split(['"', '\'']).step_by(2);
            let runs = code.into_iter().any(|code| RUNS.iter().any(|word| code.contains(word)));
            let names_ruby = line.starts_with("ruby") && line.contains("file:");
            let reads = runs
                || READS.iter().any(|call| line.contains(call))
                || names_ruby
                || (line.starts_with("source ") && !line.contains("://"));
            if !reads {
                continue;
            }
            // What is evaluated lies beside the file that names it, and so does the version.
            let is_beside = names_ruby || line.contains("eval_gemfile");
            let beside = |read: String| if is_beside { join(parent(&path), &read) } else { read };
            match literal(line).map(beside) {
                Some(read) if (project.exists)(&read) != Some(false) => {
                    findings.push(Finding::Also(read.clone()));
                    if line.contains("eval") && !files.contains(&read) {
                        files.push(read);
                    }
                }
                Some(_) => {}
                None => findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("`{path}` reads other files: `{line}`"),
                )),
            }
        }
    }
    findings
}

/// What gives away that a line of Ruby reads files, in its strings as well: `"#{File.read(x)}"`.
const READS: &[&str] = &[
    "%x",
    "Dir.",
    "Dir[",
    "Dotenv",
    "File.",
    "IO.",
    "Open3",
    "Pathname",
    "YAML.",
    "__FILE__",
    "__dir__",
    "`",
    "load_file",
    "read_file",
    "require_relative",
];

/// The same of words that gems are called by, too: outside of strings.
const RUNS: &[&str] = &["eval", "exec", "load ", "load(", "open(", "spawn", "system"];

/// Whether a line of a Gemfile names a gem of the context: `path: "x"`, `:path => "x"`,
/// `gemspec`, or a repository in a directory.
fn takes_from_project(line: &str) -> bool {
    let starts = |word: &str| {
        let rest = line.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(', ':']))
    };
    let local_text = line.split(['"', '\'']).skip(1).step_by(2).any(is_local);
    let is_git = has_option(line, "git") || starts("git");
    let is_loaded = is_git || starts("require");
    let is_source = starts("source") && line.contains("file://");
    is_source
        || starts("gemspec")
        || starts("path")
        || has_option(line, "path")
        || (is_loaded && local_text)
}

/// Whether a line holds the option `name` in one of the ways that Ruby and Elixir write it:
/// `name: x`, `"name": x`, `:name => x`, `"name" => x`.
pub fn has_option(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line.cut(..at);
        let behind = line.cut(at + name.len()..).trim_start_matches(['"', '\'']);
        let is_word = !before.ends_with(|c: char| c.is_alphanumeric() || "_-/.".contains(c));
        is_word && (behind.starts_with(':') || behind.trim_start().starts_with("=>"))
    })
}

/// A line of Ruby without the comment behind it; `#{` is none.
fn without_comment(line: &str) -> &str {
    let mut comments = line.match_indices(" #").map(|(at, _)| at);
    let at = comments.find(|at| !line.cut(at + 2..).starts_with('{'));
    line.cut(..at.unwrap_or(line.len())).trim_end()
}

/// cpanfile, which cpanm takes in place of a build script; of a distribution it reads more.
/// <https://metacpan.org/dist/App-cpanminus/view/bin/cpanm>
pub fn cpanfile(project: &Project<'_>) -> Vec<Finding> {
    let reads = |name: &str| {
        let message = format!("`{name}` may name dependencies beside those of `cpanfile`");
        vec![refuse(RefusalReason::LocalDependency, &message)]
    };
    for name in ["Build.PL", "META.json", "META.yml"] {
        if (project.exists)(name) == Some(true) {
            return reads(name);
        }
    }
    // A project with a build script may do without a cpanfile.
    let scripts = ["Makefile.PL", "Build.PL"];
    let mut findings = match scripts.iter().find(|name| (project.exists)(name).is_none()) {
        None => Vec::new(),
        Some(_) => match scripts.iter().find(|name| (project.names)(name)) {
            Some(name) => reads(name),
            None => vec![Finding::Assume("The build context has no `Makefile.PL`.".into())],
        },
    };
    findings.extend(cpanfile_alone(project));
    findings
}

/// A cpanfile is a program. <https://metacpan.org/pod/cpanfile>
pub fn cpanfile_alone(project: &Project<'_>) -> Vec<Finding> {
    const READS: [&str; 10] =
        ["`", "<", "-e ", "-f ", "do ", "eval", "glob", "open", "require ", "use "];
    let name = project.manifests.iter().find(|name| !name.ends_with(".snapshot"));
    let name = name.map_or("cpanfile", String::as_str);
    let Some(text) = (project.text)(name) else {
        return vec![Finding::Assume(format!("`{name}` reads no other file of the project."))];
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    // Neither `requires 'open'` nor `'< 2'` reads.
    let code = |line: &&str| {
        let reads = |code: &str| READS.iter().any(|call| code.contains(call));
        line.split(['"', '\'']).step_by(2).any(reads)
    };
    let mut reading = lines.filter(|line| !line.starts_with("use strict")).filter(code);
    let message = |line| format!("`{name}` may read other files: `{line}`");
    reading.next().map(|line| refuse(LocalDependency, &message(line))).into_iter().collect()
}

/// The only text in quotes on a line, where it is a plain path: `File.read(".ruby-version")`.
fn literal(line: &str) -> Option<String> {
    let unread = ["%x", "Dir", "`", "exec", "require_relative", "spawn", "system"];
    let mut parts = line.split(['"', '\'']);
    let (_, text, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = !text.is_empty() && !text.contains(['#', '*', '$', '{']) && !text.starts_with('/');
    (plain
        && parts.next().is_none()
        && !rest.contains('+')
        && !unread.iter().any(|word| line.contains(word)))
    .then(|| join("", text))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{of_text, refused};
    use super::*;

    #[test]
    fn gems_by_path_refuse_and_files_come_along() {
        for line in [
            "gem 'a', path: 'a'",
            "gemspec",
            "path 'engines' do",
            "gem \"a\", :path => \"b\"",
            "Dir.glob('x/*') { }",
            "require_relative 'x'",
            "gem 'a',\n  path: 'b'",
            "version = `git describe`",
            "gem 'a', 'path': 'b'",
            "gem 'a', :path=>'b'",
            "gem 'a', {path: 'b'}",
            "gem 'a', git: './b'",
            "gem 'a', \"#{1} #{File.read(x)}\"",
            "gem \"a\", `cat VERSION`.strip",
            "gem \"a\", %x[cat VERSION]",
            "Dir.children('x').each { |x| gem x }",
            "require './gems'",
            "system 'x'",
            "Dotenv.load",
        ] {
            assert!(refused(&of_text(gemfile, "Gemfile", line)), "{line}");
        }
        for line in [
            "gem 'rails', '~> 8'",
            "# gemspec",
            "gem 'a', git: 'https://x/path'",
            "gem 'execjs', :require => false",
            "require 'json'",
            "gem 'a', glob_path: 'b' # path: 'c'",
            "ruby '3.3.0'",
        ] {
            assert_eq!(of_text(gemfile, "Gemfile", line), [], "{line}");
        }
        for line in ["ruby file: '.ruby-version'", "ruby File.read(\".ruby-version\").strip"] {
            assert_eq!(
                of_text(gemfile, "Gemfile", line),
                [Finding::Also(".ruby-version".into())],
                "{line}"
            );
        }
        let found = of_text(gemfile, "Gemfile", "eval_gemfile 'gems/x.rb'");
        assert_eq!(found[0], Finding::Also("gems/x.rb".into()));
        assert!(matches!(found[1], Finding::Assume(_)));
    }
}
