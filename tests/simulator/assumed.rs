//! Whether an assumption of a fix does not hold in a case, so that a difference is what it says.
//! What no entry judges holds, and covers nothing.

use super::files::{Files, base};
use super::generate::{Case, Given};

/// What a sentence is judged by: the files that are sent, and how the two builds differ.
pub struct Facts<'f> {
    pub sent: &'f Files,
    pub what: &'f [String],
}

type Judge = fn(&Facts, &[&str]) -> bool;

/// A part of a sentence, and whether what it says is broken; the words are those in backquotes.
const SENTENCES: &[(&str, Judge)] = &[
    ("The build context has no ", |facts, names| names.iter().any(|name| facts.holds(name))),
    ("The build context has `", |facts, names| !facts.holds(names[0])),
    // An install may have kept some of it, which builds then saw, or have failed on what is another's.
    ("which the image makes for itself", |facts, names| {
        // Every copy lacks it then: `COPY Api scripts` brings no `scripts/obj`.
        let is_own = |line: &str| names[1..].iter().any(|name| line.contains(base(name)));
        let was_kept = |line: &String| is_own(line) && !line.contains(" is new: ");
        // Nor is there what a step looks for in it.
        let breaks = |line: &String| {
            line.contains("of the rewritten file fails") && !line.contains("no such")
        };
        // A build saw it, and a later install took it away again.
        let was_seen = || {
            let made = |line: &String| line.contains(" was Node") && !line.contains(" is gone");
            names[1..].iter().any(|name| facts.has_name(name)) && facts.what.iter().all(made)
        };
        (facts.what.iter().any(was_kept) || was_seen()) && !facts.what.iter().any(breaks)
    }),
    ("No directory below the project has", |facts, names| facts.has_name(names[0])),
    ("names no local package", |facts, _| {
        facts.says(&["\"file:", "workspaces", "packages:", "path = ", "uv.workspace]"])
    }),
    ("names no repository by its path", |facts, _| facts.says(&["\"type\": \"path\""])),
    ("No lifecycle script of", |facts, _| facts.says(SCRIPTS)),
    ("has a lifecycle script that reads files", |facts, _| facts.says(SCRIPTS)),
    // npm takes a directory without a manifest for a part of the project above it.
    ("No workspace lies above", |facts, _| {
        facts.says(&["workspaces"]) || facts.has_name("package.json")
    }),
    ("names no further file", |facts, _| facts.says(&["-r ", "-c ", "./lib", "-e ."])),
    ("has no `replace` directive", |facts, _| facts.says(&["=> ./"])),
    ("names no gem by its path, no gemspec", |facts, _| {
        facts.says(&["gemspec\n", ", path: ", "eval_gemfile", "ruby file:"])
    }),
    ("The project is one `*.csproj`", |facts, _| {
        facts.sent.0.keys().filter(|path| path.ends_with(".csproj")).count() > 1
            || facts.sent.0.keys().any(|path| path.ends_with(".sln"))
    }),
    ("changes what uv installs", |facts, _| facts.has_name("uv.toml") || facts.says(&["[tool.uv"])),
    // The images of cases start in the root directory, which holds the system.
    ("which is not known, is none of the system's", |facts, _| {
        facts.what.iter().all(|line| line.contains("no such file"))
    }),
    ("reads nothing outside of the working directory", |facts, _| {
        facts.says(&["<ProjectReference"])
    }),
    ("has no modules, no local repository", |facts, _| facts.says(&["<module>"])),
    ("no package by its path", |facts, _| facts.says(&["path = ", "[workspace]"])),
    ("does not use a vendor directory", |facts, _| facts.has_name("vendor")),
    ("Nothing needs what", |facts, names| {
        // An install that finds no lock file, or an old one, writes it.
        let lock = facts.sent.0.iter().find(|(path, _)| base(path) == names[1]);
        lock.is_none_or(|(path, _)| {
            facts.sent.text(path).is_some_and(|text| {
                text.contains("\"lockfileVersion\": 1") || facts.lacks_a_member(&text)
            })
        })
    }),
    // What a program of the project makes depends on all that is installed.
    ("does the same whether or not", |_, _| true),
    ("neither changes what", |_, _| true),
    ("It does no harm that the image also holds", |facts, _| {
        facts.what.iter().all(|line| line.contains(" is new: "))
    }),
    ("does not fail: what follows", |facts, _| {
        facts.what.iter().any(|line| line.contains("fails"))
    }),
];

const SCRIPTS: &[&str] = &["install\": \"node", "prepare\": \"node", "preinstall\": \"node"];

impl Facts<'_> {
    /// Whether a path, or what a pattern fits, is sent.
    fn holds(&self, path: &str) -> bool {
        let path = format!("/{}", path.trim_start_matches("./"));
        self.sent.0.contains_key(&path)
    }

    /// Whether a member of the workspace that uv's lock file lists is not sent.
    fn lacks_a_member(&self, lock: &str) -> bool {
        let listed = lock.lines().find_map(|line| line.strip_prefix("# members:"));
        let sent = |name: &str| {
            let ending = format!("/{name}/pyproject.toml");
            self.sent.0.keys().any(|path| path.ends_with(&ending))
        };
        listed.is_some_and(|names| names.split_whitespace().any(|name| !sent(name)))
    }

    fn has_name(&self, name: &str) -> bool {
        self.sent.0.keys().any(|path| base(path) == name)
    }

    /// Whether a file says one of these.
    fn says(&self, words: &[&str]) -> bool {
        let texts = self.sent.0.keys().filter_map(|path| self.sent.text(path));
        texts.into_iter().any(|text| words.iter().any(|word| text.contains(word)))
    }
}

/// Whether a build fails for want of a file that it names: without a list, what a command names is
/// taken to be there.
pub fn lacks_a_named_file(case: &Case, what: &[String]) -> bool {
    case.given == Given::Nothing && what.iter().all(|line| line.ends_with(" is not found"))
}

pub fn is_broken(sentence: &str, facts: &Facts) -> bool {
    let names: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
    let judges = SENTENCES.iter().filter(|(part, _)| sentence.contains(part));
    judges.into_iter().any(|(_, judge)| judge(facts, &names))
}
