//! # volatile-value-before-expensive-step
//!
//! ## What it finds
//!
//! ARG or ENV of a value that changes in nearly every build, such as the commit or the date, above
//! a step that downloads and does not use it, in the same stage or, of ENV, in one built on it; and a
//! copy from an image without a version above packages of the system.
//!
//! ## Why it costs
//!
//! Variables belong to the cache key of every RUN behind them, whether it reads them or not
//! ([ARG](https://docs.docker.com/reference/dockerfile/#impact-on-build-caching),
//! [ENV](https://docs.docker.com/build/cache/invalidation/)). With another commit all that is
//! below downloads again.
//!
//! ## What to do
//!
//! Set the value where it is first used; one that stages built on it begin with, in those that use
//! it, which is left to you.
//!
//! ```dockerfile
//! FROM node:24
//! ARG GIT_SHA
//! ENV GIT_SHA=$GIT_SHA
//! RUN apt-get update && apt-get install -y ffmpeg
//! COPY . /app
//! CMD ["node", "/app/main.js"]
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM node:24
//! RUN apt-get update && apt-get install -y ffmpeg
//! ARG GIT_SHA
//! ENV GIT_SHA=$GIT_SHA
//! COPY . /app
//! CMD ["node", "/app/main.js"]
//! ```
//!
//! What comes out of an image that moves is copied behind the packages, or its version is named:
//!
//! ```dockerfile
//! FROM python:3.13
//! COPY --from=ghcr.io/example/tools:latest /usr/bin/report /usr/local/bin/report
//! RUN apt-get update && apt-get install -y ffmpeg
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM python:3.13
//! RUN apt-get update && apt-get install -y ffmpeg
//! COPY --from=ghcr.io/example/tools:latest /usr/bin/report /usr/local/bin/report
//! ```
//!
//! Not reported: a value that the step names, one that is pinned in the file, one whose name says
//! that steps are to run again (`CACHEBUST`), and one that is declared before the first FROM and
//! not again. What changes is told by the names of values, by the labels
//! `org.opencontainers.image.created` and `revision`, and by a workflow of the repository that
//! passes `${{ github.sha }}` or a time.
//!
//! ```dockerfile
//! ARG GIT_SHA
//! FROM node:24
//! ARG NODE_ENV=production
//! RUN apt-get update && apt-get install -y ffmpeg
//! ARG BUILD_DATE
//! RUN curl -fsSL "https://example.com/tool?at=$BUILD_DATE" -o /usr/local/bin/tool
//! ```
//!
//! ## How safe the fix is
//!
//! The image ends with the same variables. That nobody sets a value to have steps run again, where
//! no instruction names it, is assumed. That an install reads no variable which its command does not
//! name is assumed, except for packages of the system; a build or a script may, and stays below. A program that is copied goes below packages of the system only under a name that no known
//! program has, or where it is uv, which no package brings or runs. On the classic builder and
//! buildah a LABEL with such a value counts as well; buildah
//! counts of an ARG only that it is there.
//!
//! ## How often it is right
//!
//! Of 4 findings read on public Dockerfiles, 4 were right. There were no more to read.

mod inherited;
mod moving;

use super::shown;
use crate::ecosystem::{SYSTEM, breaks_the_cache};
use crate::graph::varying::{AT_RUN_TIME, counts_in_keys, follow, names_any};
use crate::graph::{Effect, Graph, Stage, StepAt};
use crate::issue::{Issue, Related, Severity};
use crate::limits;
use crate::repair::{Operation, Place, Repair};
use crate::rule::{Analysis, Finding, Remedy, Rule};
use crate::sentences::{Assumption, Quoted};
use crate::syntax::Keyword;

/// The rule.
pub const RULE: Rule = Rule {
    id: "volatile-value-before-expensive-step",
    title: "value that changes in every build is set before a step that does not use it",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let mut found = Vec::new();
    for stage in &graph.stages {
        let values = Values::of(graph, stage);
        if !values.reruns.is_empty() {
            found.push(finding(graph, stage, &values));
        }
        found.extend(inherited::finding(graph, stage, &values));
        found.extend(moving::finding(graph, stage));
    }
    found
}

/// The values of a stage that change in every build, and how far down they make steps run again
/// that do not use them.
#[derive(Default)]
struct Values {
    /// The steps that set them.
    steps: Vec<usize>,
    /// What they set.
    names: Vec<String>,
    /// What of it changes: `ENV COMMIT=$COMMIT NODE_ENV=production` sets another as well.
    changing: Vec<String>,
    /// The steps that run again needlessly.
    reruns: Vec<usize>,
    /// The first step that may use one.
    used: Option<usize>,
    /// Whether an instruction names one, such as the label that it is for.
    is_named: bool,
}

impl Values {
    fn of(graph: &Graph<'_>, stage: &Stage<'_>) -> Values {
        let mut values = Values::default();
        if stage.base.stage().is_some_and(|base| graph.stages[base].changes_in_every_build) {
            // Whatever moves, its steps run again.
            return values;
        }
        let mut varying = Vec::new();
        // Whether what the builder counts has changed.
        let mut counts = false;
        for (at, step) in stage.steps.iter().enumerate() {
            let instruction = &graph.dockerfile.instructions[step.instruction];
            let text = instruction.span.of(graph.dockerfile.source);
            let keyword = instruction.keyword;
            let names_one = names_any(text, &values.names);
            values.is_named |= names_one;
            let sinks = match &step.effect {
                Effect::Variables(names) => {
                    let overrides = names.iter().any(|name| values.names.contains(name));
                    let is_argument = keyword == Some(Keyword::Arg);
                    if is_argument && names.iter().any(|name| breaks_the_cache(name)) {
                        false
                    } else if follow(&mut varying, instruction, &graph.told) {
                        for name in names {
                            // `ARG COMMIT` and `ENV COMMIT=$COMMIT` are one name.
                            if !values.names.contains(name) {
                                values.names.push(name.clone());
                                let changes = varying.contains(name);
                                values.changing.extend(changes.then(|| name.clone()));
                            }
                        }
                        if values.names.len() > limits::VARYING {
                            break;
                        }
                        true
                    } else if overrides || names_one {
                        false
                    } else {
                        continue;
                    }
                }
                Effect::Run(run)
                    if values.names.is_empty()
                        || run.ignores(text, &values.names)
                            && !graph.inputs_name(
                                StepAt { stage: stage.index, step: at },
                                run,
                                &values.names,
                            ) =>
                {
                    if counts && run.downloading().next().is_some() {
                        values.reruns.push(at);
                    }
                    continue;
                }
                Effect::Run(_) | Effect::Invalid => false,
                // What these name, a shell expands when the container runs.
                Effect::Config if AT_RUN_TIME.contains(&keyword) => continue,
                _ if !names_one => continue,
                Effect::Config => keyword == Some(Keyword::Label),
                _ => false,
            };
            if !sinks {
                values.used = Some(at);
                break;
            }
            values.steps.push(at);
            counts |= counts_in_keys(graph.options.builder, keyword);
        }
        values
    }
}

fn finding(graph: &Graph<'_>, stage: &Stage<'_>, values: &Values) -> Finding {
    let at = |step: usize| StepAt { stage: stage.index, step };
    let runs = || values.reruns.iter().filter_map(|&step| stage.steps[step].run());
    let names = || Quoted::all(values.names.iter().cloned());
    let changing = Quoted::all(values.changing.iter().cloned());
    let downloading = || runs().flat_map(|run| run.downloading());
    let tool = downloading().next().map_or("", |(_, used)| used.tool.name);
    let related = values.reruns.iter().map(|&step| Related {
        span: graph.span(at(step)),
        message: "This step does not use it.".into(),
    });
    let issue = Issue {
        message: format!("{tool} runs again with each value of {changing}, and does not use it"),
        why:
            "Variables belong to the cache key of each step behind them, and the value changes in \
              nearly every build."
                .into(),
        help: "Set the value where it is first used.".into(),
        related: related.take(limits::CAUSES).collect(),
        ..RULE.issue(graph.span(at(values.steps[0])))
    };
    let last = *values.reruns.last().expect("it is reported for one");
    let to = match values.used {
        Some(used) => Place::Before(at(used)),
        None => Place::Behind(at(last)),
    };
    let sunk = values.steps.iter().filter(|&&step| step < last);
    let assumed = downloading().filter(|(_, used)| used.tool.writes != SYSTEM);
    let reruns_by_intent =
        (!values.is_named).then(|| Assumption::NotThereToRerun { names: names() });
    let repair = Repair {
        title: "Set what changes in every build where it is first used",
        operations: sunk
            .map(|&step| Operation::Sink { step: at(step), from: 0, to, destination: None })
            .collect(),
        frees: values.reruns.iter().map(|&step| at(step)).collect(),
        assumptions: assumed
            .map(|(command, _)| Assumption::IgnoresVariables {
                command: shown::command(graph, command),
                names: names(),
            })
            .chain(reruns_by_intent)
            .collect(),
        is_suggestion: false,
    };
    Finding { issue, remedy: Remedy::Repair(repair) }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::{Cases, alone};
    use crate::{Builder, Options, Report, analyze};

    fn report(steps: &str, builder: Builder) -> Report {
        analyze(&format!("FROM node:24\n{steps}\n"), &Options { builder, ..alone(&[RULE.id]) })
    }

    fn cases(builder: Builder) -> Cases {
        let options = Options { builder, ..alone(&[RULE.id]) };
        Cases { rule: RULE.id, head: "FROM node:24\n", options }
    }

    #[test]
    fn a_name_that_two_steps_set_is_said_once() {
        let steps = "ARG GIT_COMMIT\nENV GIT_COMMIT=$GIT_COMMIT\nRUN npm install -g pnpm@9";
        let report = report(steps, Builder::Buildkit);
        let own = report.issues.iter().find(|issue| issue.rule == RULE.id).expect("an issue");
        assert!(own.message.contains("each value of `GIT_COMMIT`, and"), "{}", own.message);
    }

    #[track_caller]
    fn catches(steps: &str, repaired: &str) {
        cases(Builder::Buildkit).catches(steps, repaired);
    }

    #[track_caller]
    fn catches_not(steps: &str) {
        cases(Builder::Buildkit).catches_not(steps);
    }

    const APT: &str = "RUN apt-get update && apt-get install -y ffmpeg";

    #[test]
    fn values_sink_to_their_first_use() {
        for name in ["GIT_SHA", "build_date", "GIT_COMMIT=unknown", "APP_VERSION=dev"] {
            catches(&format!("ARG {name}\n{APT}"), &format!("{APT}\nARG {name}"));
        }
        catches(
            &format!("ARG GIT_SHA\nENV APP_SHA=$GIT_SHA\n{APT}\nWORKDIR /app\nRUN make"),
            &format!("{APT}\nWORKDIR /app\nARG GIT_SHA\nENV APP_SHA=$GIT_SHA\nRUN make"),
        );
        catches(
            &format!("ARG GIT_SHA\n{APT}\nRUN npm install -g serve\nRUN echo $GIT_SHA > /sha"),
            &format!("{APT}\nRUN npm install -g serve\nARG GIT_SHA\nRUN echo $GIT_SHA > /sha"),
        );
        catches(
            &format!("# what is built\nARG GIT_SHA\nLABEL rev=$GIT_SHA\n{APT}\nCMD [\"x\"]"),
            &format!("{APT}\n# what is built\nARG GIT_SHA\nLABEL rev=$GIT_SHA\nCMD [\"x\"]"),
        );
    }

    #[test]
    fn labels_tell_which_values_change() {
        let label = "LABEL org.opencontainers.image.created=\"${CREATED}\" name=$NAME";
        let used = format!("ARG REVISION\nARG CREATED\nARG NAME\n{label}\n{APT}");
        let freed = format!("ARG NAME\n{APT}\nARG REVISION\nARG CREATED\n{label}");
        catches(&used, &freed);
        catches_not(&used.replace("ARG REVISION\n", "").replace("image.created", "image.title"));
    }

    #[test]
    fn an_install_of_the_project_is_assumed_to_ignore_them() {
        let assumed = |steps: &str| report(steps, Builder::Buildkit).fixes[0].assumptions.clone();
        assert_eq!(assumed(&format!("ARG GIT_SHA\n{APT}\nLABEL rev=$GIT_SHA")), [""; 0]);
        let unnamed = "Nobody sets `GIT_SHA` to have these steps run again.";
        assert_eq!(assumed(&format!("ARG GIT_SHA\n{APT}")), [unnamed]);
        let npm = "ARG GIT_SHA\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci";
        let ignores = "`npm ci` reads none of the variables `GIT_SHA`.";
        assert_eq!(assumed(npm), [ignores, unnamed]);
    }

    #[test]
    fn values_that_stay() {
        // Used, or maybe used, by what comes first.
        catches_not(&format!("ARG GIT_SHA\nRUN make\n{APT}"));
        catches_not(&format!("ARG GIT_SHA\nRUN echo ${{GIT_SHA}} > /sha\n{APT}"));
        catches_not(&format!("ARG GIT_SHA\nRUN env > /env && {}", &APT[4..]));
        catches_not(&format!("ARG GIT_SHA\nCOPY app-$GIT_SHA /app\n{APT}"));
        catches_not("ARG GIT_SHA\nRUN curl https://a.b/$GIT_SHA.tgz -o /a.tgz");
        // Steps are to run again, whatever else changes in every build.
        catches_not(&format!("ARG CACHEBUST\nARG GIT_SHA\n{APT}\nLABEL rev=$GIT_SHA"));
        let cached = format!("ARG GIT_SHA\nENV PIP_NO_CACHE_DIR=1\n{APT}\nLABEL rev=$GIT_SHA");
        let freed = format!("ENV PIP_NO_CACHE_DIR=1\n{APT}\nARG GIT_SHA\nLABEL rev=$GIT_SHA");
        catches(&cached, &freed);
        // Pinned, or of every build the same.
        catches_not(&format!("ARG GIT_COMMIT=3f2a1bc\n{APT}"));
        catches_not(&format!("ARG APP_VERSION=1.2.3\n{APT}"));
        catches_not(&format!("ARG NODE_VERSION\nARG UID=1000\n{APT}"));
        catches_not(&format!("ENV GIT_SHA=abc\n{APT}"));
        catches_not(&format!("{APT}\nARG GIT_SHA"));
        catches_not("ARG GIT_SHA\nRUN mkdir /data");
        // Obeyed by every command of the tool.
        catches_not("ARG GIT_SHA\nENV GOFLAGS=-ldflags=-X=a=$GIT_SHA\nRUN npm install -g serve");
    }

    #[test]
    fn what_no_fix_moves() {
        // The labels would be in another order.
        let steps = format!("ARG GIT_SHA\nLABEL rev=$GIT_SHA\n{APT}\nLABEL a=b\nRUN make");
        catches(&steps, &steps);
    }

    #[test]
    fn copies_out_of_an_image_that_moves() {
        let copy = "COPY --from=ghcr.io/a/tool:latest /bin/tool /usr/local/bin/tool";
        catches(&format!("{copy}\n{APT}\nRUN tool x"), &format!("{APT}\n{copy}\nRUN tool x"));
        let untagged = copy.replace(":latest", "");
        catches(&format!("{untagged}\n{APT}"), &format!("{APT}\n{untagged}"));
        for other in [":1.2", ":latest@sha256:0000"] {
            catches_not(&format!("{}\n{APT}", copy.replace(":latest", other)));
        }
        let uv = "COPY --from=ghcr.io/astral-sh/uv:latest /uv /uvx /usr/local/bin/";
        catches(&format!("{uv}\n{APT}\nRUN uv sync"), &format!("{APT}\n{uv}\nRUN uv sync"));
        // What it uses, what may use it, what a stage or a named context holds, and other installs.
        catches_not(&format!("{copy}\nRUN tool x\n{APT}"));
        catches_not(&format!("{copy}\n{APT} tool"));
        catches_not(&format!("COPY --from=ghcr.io/a/tools:latest / /\n{APT}"));
        catches_not(&format!("{copy}\nRUN npm install -g serve"));
        catches_not(&format!("COPY --from=tool /tool /usr/local/bin/\n{APT}"));
        catches_not(&format!("{APT}\n{copy}"));
    }

    #[test]
    fn why_such_a_copy_stays() {
        // Packages may bring or run a program of this name.
        let text =
            format!("FROM debian:13\nCOPY --from=a/node:latest /bin/node /usr/local/bin/\n{APT}\n");
        let report = crate::analyze(&text, &crate::Options::default());
        let own = report.issues.iter().find(|issue| issue.rule == RULE.id);
        let refusal = own.and_then(|issue| issue.refusal.clone()).map(|refusal| refusal.message);
        let said = "The copy lands in `/usr/local/bin`, where `apt-get update` may read or write.";
        assert_eq!(refusal.as_deref(), Some(said));
    }

    #[test]
    fn what_builders_count() {
        let label = format!("LABEL a=b\nARG GIT_SHA\nENV A=b\n{APT}");
        assert_eq!(cases(Builder::Buildah).found(&label).0, 0);
        for builder in [Builder::Buildkit, Builder::Classic] {
            assert_eq!(cases(builder).found(&label).0, 1);
        }
        let label = format!("ARG GIT_SHA\nLABEL rev=$GIT_SHA\n{APT}");
        assert_eq!(cases(Builder::Buildah).found(&label).0, 1);
        let found = |first: &str, image: &str| {
            let text = format!("{first}\nFROM {image}\nARG GIT_SHA\n{APT}");
            cases(Builder::Buildkit).found(&format!("RUN true\nFROM node:24 AS base\n{text}")).0
        };
        assert_eq!(found("ARG GIT_SHA", "base"), 1);
        // The steps of a stage that is built on it run again wherever the value stands there.
        for (first, below) in [("ENV SHA=$GIT_SHA", 1), ("RUN echo $GIT_SHA > /sha", 0)] {
            let first = format!("ARG GIT_SHA\n{first}");
            assert_eq!((found(&first, "base"), found(&first, "node:24")), (below, 1));
        }
    }
}
