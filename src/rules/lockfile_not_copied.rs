//! # lockfile-not-copied
//!
//! ## What it finds
//!
//! An install whose manifest is copied before it, while the lock file that lies beside it in the
//! context is not; or a build that fetches on the way, where a later copy brings the lock file
//! (`cargo build` beside an empty `main.rs`). It needs the list of the files of the context.
//!
//! ## Why it costs
//!
//! The install takes whatever versions are the newest on its day, or fails, and its step stays in
//! the cache while the lock file changes: the image has other versions than the project, and an
//! update of the lock file does not reach it.
//!
//! ## What to do
//!
//! Copy the lock file together with the manifest. With `package.json` and `package-lock.json` in
//! the context,
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json ./
//! RUN npm install
//! COPY . .
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json ./
//! COPY package-lock.json ./
//! RUN npm install
//! COPY . .
//! ```
//!
//! Not reported: an install that is told to do without. With `package.json` and
//! `package-lock.json` in the context:
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json ./
//! RUN npm install --no-package-lock
//! COPY . .
//! ```
//!
//! ## How safe the fix is
//!
//! Other versions are installed than before, so the fix is suggested. It is offered where a later
//! copy of the stage brings the lock file to the same place, in front of an install.
//!
//! ## How often it is right
//!
//! No finding was there to read on 1,761 public Dockerfiles.

use super::left_out::{files, finding};
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "lockfile-not-copied",
    title: "install does without the lock file of the project",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let found = analysis.left_out.iter().filter_map(|left| {
        let (files, names) = files(left, |file| file.is_lock)?;
        let tool = left.tool;
        let issue = Issue {
            message: match left.builds {
                false => format!("{tool} installs without {names}, which the context has"),
                true => format!("{tool} builds without {names}, which a later copy brings"),
            },
            why: match left.builds {
                false => {
                    "Without its lock file the install takes other versions than the project has, \
                     and its step stays in the cache while the lock file changes."
                }
                true => {
                    "Without its lock file the build takes other versions of the dependencies than \
                     the one behind that copy, which compiles them again."
                }
            }
            .into(),
            help: format!("Copy {names} together with the manifest, before the install."),
            ..RULE.issue(analysis.graph.span(left.at))
        };
        Some(finding(analysis, left, &files, issue))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::left_out::tests::{found, repaired};

    fn missing(files: &[&str], steps: &str) -> Vec<String> {
        let files: Vec<(&str, &str)> = files.iter().map(|&name| (name, "")).collect();
        found(super::RULE.id, &files, steps)
    }

    #[test]
    fn the_lock_file_of_the_tool_that_installs() {
        for (manifest, lock, run) in [
            ("package.json", "package-lock.json", "npm install"),
            ("package.json", "yarn.lock", "yarn install"),
            ("package.json", "pnpm-lock.yaml", "pnpm install"),
            ("package.json", "bun.lock", "bun install"),
            ("pyproject.toml", "poetry.lock", "poetry install --no-root"),
            ("pyproject.toml", "uv.lock", "uv sync --no-install-project"),
            ("Pipfile", "Pipfile.lock", "pipenv install --system"),
            ("Gemfile", "Gemfile.lock", "bundle install"),
            ("composer.json", "composer.lock", "composer install --no-scripts --no-autoloader"),
            ("mix.exs", "mix.lock", "mix deps.get"),
            ("go.mod", "go.sum", "go mod download"),
        ] {
            let steps =
                |copied: &str| format!("WORKDIR /app\nCOPY {copied} ./\nRUN {run}\nCOPY . .");
            let found = missing(&[manifest, lock], &steps(manifest));
            assert_eq!(found.len(), 1, "{run}: {found:?}");
            assert!(
                found[0].ends_with(&format!("installs without `{lock}`, which the context has"))
            );
            let both = format!("{manifest} {lock}");
            assert!(missing(&[manifest, lock], &steps(&both)).is_empty(), "{run}");
            assert!(missing(&[manifest], &steps(manifest)).is_empty(), "{run}");
        }
    }

    #[test]
    fn the_lock_file_of_a_build_beside_an_empty_source() {
        let files = ["Cargo.toml", "Cargo.lock", "src/main.rs"];
        let steps = "WORKDIR /app\nCOPY Cargo.toml ./\nRUN mkdir -p src && echo 'fn main(){}' > \
                     src/main.rs\nRUN cargo build --release\nCOPY . .\nRUN cargo build --release";
        let found = missing(&files, steps);
        assert_eq!(found, ["cargo builds without `Cargo.lock`, which a later copy brings"]);
        let repaired_steps = steps.replace("COPY Cargo.toml ./", "COPY Cargo.toml Cargo.lock ./");
        assert!(missing(&files, &repaired_steps).is_empty());
        for near in [
            // It has none, makes its own, or no later copy brings it.
            steps.replace("COPY . .", "COPY src ./src"),
            steps.replace("RUN mkdir", "RUN cargo generate-lockfile\nRUN mkdir"),
            steps.replace("COPY Cargo.toml ./", "COPY . ."),
        ] {
            assert!(missing(&files, &near).is_empty(), "{near}");
        }
        assert!(missing(&["Cargo.toml", "src/main.rs"], steps).is_empty());
    }

    #[test]
    fn other_lock_files_do_not_count() {
        let steps = "WORKDIR /app\nCOPY package.json ./\nRUN yarn install\nCOPY . .";
        assert!(missing(&["package.json", "package-lock.json"], steps).is_empty());
        assert!(missing(&["package.json", "web/yarn.lock"], steps).is_empty());
        let without = steps.replace("install", "install --no-lockfile");
        assert!(missing(&["package.json", "yarn.lock"], &without).is_empty());
    }

    #[test]
    fn the_fix_copies_it_before_the_install() {
        let files = [("package.json", ""), ("package-lock.json", "")];
        let steps = "WORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY --chown=node . .";
        assert_eq!(
            repaired(&files, steps),
            "WORKDIR /app\nCOPY package.json ./\nCOPY --chown=node package-lock.json ./\n\
             RUN npm install\nCOPY --chown=node . ."
        );
    }
}
