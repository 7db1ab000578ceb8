//! # build-cache-not-exported
//!
//! ## What it finds
//!
//! A workflow or a bake file that builds on a machine which is new for each build, and keeps no cache
//! from one to the next, or less of one than it could: no `cache-from` and `cache-to`, `mode=min` for
//! a build of several stages, or one place for the caches of several images. The command line finds
//! it, which reads these files; programs say it by the option `buildCache`.
//!
//! ## Why it costs
//!
//! A new builder has no layers: without a cache that it imports, every step runs at every build.
//! [`mode=min`](https://docs.docker.com/build/cache/backends/#cache-mode), the default, exports the
//! layers of the image itself, and none of the stages that it only copies from: these are where
//! dependencies are installed and the project is compiled. And builds that export to
//! [one scope](https://docs.docker.com/build/cache/backends/gha/#scope) overwrite each other's cache.
//!
//! ## What to do
//!
//! Export all layers, and import them. The Dockerfile
//!
//! ```dockerfile
//! FROM node:24 AS build
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! COPY . .
//! RUN npm run build
//!
//! FROM nginx:1.29
//! COPY --from=build /app/dist /usr/share/nginx/html
//! ```
//!
//! is reported. It is so where it is built without a cache, and where that is exported with
//! `type=gha`, which is `mode=min`. In the step of a workflow it takes these lines:
//!
//! ```yaml
//! cache-from: type=gha
//! cache-to: type=gha,mode=max
//! ```
//!
//! Not reported: where `mode=max` is exported, where an image of one stage is, a builder that stays,
//! and a file that downloads nothing. That which is built without a cache is not, for one:
//!
//! ```dockerfile
//! FROM nginx:1.29
//! COPY dist /usr/share/nginx/html
//! ```
//!
//! ## How safe the fix is
//!
//! There is none in the Dockerfile: which registry or service takes the cache, only its author
//! knows. A cache changes no image, but takes room and time where it is kept.
//!
//! ## How often it is right
//!
//! No finding was there to read: whether one keeps a cache is read in workflows and bake files, of
//! which the corpus that the other rules were read on has none.

use crate::graph::{Graph, Stage};
use crate::issue::{Issue, Severity};
use crate::report::BuildCache;
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "build-cache-not-exported",
    title: "builds on new machines keep no cache, or not all of it",
    severity: Severity::Info,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let Some(cache) = &graph.options.build_cache else { return Vec::new() };
    let stages: Vec<&Stage<'_>> = graph.stages.iter().filter(|stage| stage.needed).collect();
    let Some(target) = stages.iter().rfind(|stage| stage.shipped) else { return Vec::new() };
    if !stages.iter().any(|stage| downloads(stage)) {
        return Vec::new();
    }
    let from = &cache.defined_in;
    let mut found = Vec::new();
    if cache.from.is_empty() && cache.to.is_empty() {
        found.push(finding(graph, target, Told {
            message: format!("{from} builds it on a new machine and keeps no cache"),
            why: "A new builder has no layers: every step runs at every build.",
            help: "Give that build `cache-from: type=gha` and `cache-to: type=gha,mode=max`, or a \
                   registry in place of `gha`."
                .into(),
        }));
    }
    if let Some(entry) = cache.to.iter().find(|entry| is_partial(cache, entry))
        && stages.iter().any(|stage| !stage.shipped && downloads(stage))
    {
        found.push(finding(graph, target, Told {
            message: format!("{from} keeps the layers of the last stage alone"),
            why: "What other stages install and compile is not exported, and runs again at every \
                  build.",
            help: match entry.contains("type=inline") {
                true => "Export with `cache-to: type=registry,ref=IMAGE:cache,mode=max`: \
                         `type=inline` knows no other mode."
                    .into(),
                false => format!("Write `cache-to: {},mode=max`.", without_mode(entry)),
            },
        }));
    }
    let is_common = |entry: &&String| entry.contains("type=gha") && !entry.contains("scope=");
    if let Some(entry) = cache.to.iter().find(is_common).filter(|_| cache.shared) {
        found.push(finding(graph, target, Told {
            message: format!("{from} keeps the caches of several images in one place"),
            why: "Each build overwrites what the others have exported, and finds nothing of its own.",
            help: format!(
                "Name another scope for each image: `cache-from: type=gha,scope=NAME` and \
                 `cache-to: {entry},scope=NAME`."
            ),
        }));
    }
    found
}

/// What an issue says.
struct Told {
    message: String,
    why: &'static str,
    help: String,
}

fn finding(graph: &Graph<'_>, target: &Stage<'_>, told: Told) -> Finding {
    let issue = Issue {
        message: told.message,
        why: told.why.into(),
        help: told.help,
        ..RULE.issue(graph.dockerfile.instructions[target.from].span)
    };
    Finding { issue, remedy: Remedy::Advice }
}

/// Whether a stage downloads or compiles something, so that a cache of it spares time.
fn downloads(stage: &Stage<'_>) -> bool {
    stage.steps.iter().filter_map(|step| step.run()).any(|run| run.downloading().next().is_some())
}

/// Whether an entry exports less than all layers, and no other exports them.
fn is_partial(cache: &BuildCache, entry: &str) -> bool {
    !cache.to.iter().any(|other| other.contains("mode=max"))
        && ["gha", "inline", "registry", "local", "s3", "azblob"]
            .iter()
            .any(|kind| entry.split(',').any(|part| part.strip_prefix("type=") == Some(kind)))
}

fn without_mode(entry: &str) -> String {
    let parts: Vec<&str> = entry.split(',').filter(|part| !part.starts_with("mode=")).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::report::BuildCache;
    use crate::rules::alone;
    use crate::{Options, analyze};

    const STAGES: &str = "FROM node:24 AS build\nRUN npm ci\nFROM nginx\nCOPY --from=build /a /a\n";
    const ONE: &str = "FROM node:24\nRUN npm ci\n";

    /// The messages, and what each advises.
    fn found(text: &str, cache: Option<(&[&str], &[&str], bool)>) -> Vec<(String, String)> {
        let texts = |list: &[&str]| list.iter().map(|text| text.to_string()).collect();
        let build_cache = cache.map(|(from, to, shared)| BuildCache {
            defined_in: "ci.yml, job image,".into(),
            from: texts(from),
            to: texts(to),
            shared,
        });
        let report = analyze(text, &Options { build_cache, ..alone(&[RULE.id]) });
        report.issues.into_iter().map(|issue| (issue.message, issue.help)).collect()
    }

    fn messages(text: &str, cache: Option<(&[&str], &[&str], bool)>) -> Vec<String> {
        found(text, cache).into_iter().map(|(message, _)| message).collect()
    }

    #[test]
    fn builds_that_keep_nothing() {
        for text in [STAGES, ONE] {
            assert_eq!(
                messages(text, Some((&[], &[], true))),
                ["ci.yml, job image, builds it on a new machine and keeps no cache"]
            );
            assert_eq!(messages(text, None), [""; 0]);
            assert_eq!(messages(text, Some((&["type=gha"], &[], false))), [""; 0]);
        }
        let copies = "FROM nginx\nCOPY a /a\nRUN mkdir /b\n";
        assert_eq!(messages(copies, Some((&[], &[], false))), [""; 0]);
    }

    #[test]
    fn builds_that_keep_the_last_stage() {
        let help = |entry: &str| {
            let found = found(STAGES, Some((&["x"], &[entry], false)));
            found.into_iter().map(|(_, help)| help).collect::<Vec<_>>()
        };
        assert_eq!(help("type=gha"), ["Write `cache-to: type=gha,mode=max`."]);
        assert_eq!(
            help("type=gha,mode=min,scope=a"),
            ["Write `cache-to: type=gha,scope=a,mode=max`."]
        );
        assert_eq!(
            help("type=inline"),
            [
                "Export with `cache-to: type=registry,ref=IMAGE:cache,mode=max`: `type=inline` knows no \
              other mode."
            ]
        );
        assert_eq!(
            messages(STAGES, Some((&["x"], &["type=registry,ref=a/b"], false))),
            ["ci.yml, job image, keeps the layers of the last stage alone"]
        );
        for entry in ["type=gha,mode=max", "a/b:cache", "type=other"] {
            assert_eq!(help(entry), [""; 0]);
        }
        assert_eq!(messages(ONE, Some((&["x"], &["type=gha"], false))), [""; 0]);
        assert_eq!(
            messages(STAGES, Some((&["x"], &["type=inline", "type=gha,mode=max"], false))),
            [""; 0]
        );
    }

    #[test]
    fn builds_that_overwrite_each_other() {
        let max: &[&str] = &["type=gha,mode=max"];
        assert_eq!(
            found(ONE, Some((&["type=gha"], max, true))),
            [(
                "ci.yml, job image, keeps the caches of several images in one place".to_owned(),
                "Name another scope for each image: `cache-from: type=gha,scope=NAME` and \
                 `cache-to: type=gha,mode=max,scope=NAME`."
                    .to_owned()
            )]
        );
        assert_eq!(messages(ONE, Some((&["x"], max, false))), [""; 0]);
        assert_eq!(messages(ONE, Some((&["x"], &["type=gha,scope=a"], true))), [""; 0]);
        assert_eq!(messages(ONE, Some((&["x"], &["type=registry,ref=a"], true))), [""; 0]);
    }
}
