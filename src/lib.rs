//! layerwise finds what makes a Dockerfile rebuild more than it must, says why, and
//! rewrites it so that it does not.
//!
//! ```
//! let dockerfile = "\
//! FROM python:3.13
//! WORKDIR /app
//! COPY . .
//! RUN pip install -r requirements.txt
//! ";
//! let report = layerwise::analyze(dockerfile, &layerwise::Options::default());
//! assert_eq!(report.issues[0].rule, "source-copied-before-install");
//! assert_eq!(report.rewritten, "\
//! FROM python:3.13
//! WORKDIR /app
//! COPY requirements.txt ./
//! RUN pip install -r requirements.txt
//! COPY . .
//! ");
//! ```
//!
//! Parsing never fails, nothing here reads a disk, a clock or a network, and the same input
//! always gives the same output.

// `text::Cut` takes parts of a text without a panic.
#![cfg_attr(not(test), deny(clippy::string_slice))]

pub mod build;
pub mod cache;
pub mod commutes;
pub mod context;
pub mod ecosystem;
pub mod graph;
pub mod inspect;
pub mod issue;
pub mod repair;
pub mod report;
pub mod rewrite;
pub mod rule;
pub mod rules;
pub mod sentences;
pub mod shell;
pub mod sort;
pub mod syntax;
pub mod text;
pub mod timings;
#[cfg(feature = "wasm")]
pub mod wasm;

mod bytes;
mod digest;
mod ignoring;
pub mod limits;
mod onbuild;
mod outline;
mod suppression;
mod target;
mod words;

pub use cache::rebuild::{Needless, RebuiltStep};
pub use cache::replay::{
    CauseTotal, Commit, CommitKind, PathTotal, Replay, ReplayOptions, ReplayedCommit, StepTotal,
    WeekTotal,
};
pub use cache::{Build, Cause, CompareOptions, ContextFile, Outcome, StepOutcome, compare};
pub use issue::{
    Applicability, Cost, Fix, Issue, Refusal, RefusalReason, Related, Saving, ScenarioKind,
    Severity,
};
pub use report::{BuildCache, Builder, Change, FixLevel, Level, Notice, Options, Report};
pub use rule::Rule;
pub use target::{UnknownTarget, check_target};
pub use text::{Edit, LineIndex, Position, Span};
pub use timings::Timings;

use build::{Given, Stages};
use cache::model::Model;
use cache::scenarios::Changes;
use context::Context;
use graph::{Graph, Invalidated};
use rewrite::{Verdict, Verified, Wanted};
use rule::{Finding, Remedy};
use sort::sort_by;
use std::collections::BTreeMap;

/// Finds the cache issues of a Dockerfile and rewrites it.
///
/// Any text gives a report: what BuildKit refuses is in [`Report::errors`], and `rewritten`
/// is the input where nothing could be repaired.
pub fn analyze(dockerfile: &str, options: &Options) -> Report {
    let steps = |text: &str, options: &Options| read(text, options, &|_| Vec::new());
    read(dockerfile, options, &|graph| onbuild::found(graph, options, &steps))
}

/// Analyses a file; `triggers` says what its triggers do to builds on it.
fn read(
    dockerfile: &str,
    options: &Options,
    triggers: &dyn Fn(&Graph<'_>) -> Vec<onbuild::Found>,
) -> Report {
    let (tree, mut errors) = syntax::parse_part(dockerfile, options.fragment);
    errors.extend(target::refused(&tree, options.target.as_deref()));
    let build = Stages::read(&tree, Given::of(options));
    let context = Context::of(options, graph::names::named_manifests(&build));
    let mut graph = Graph::of(build, &context, options);
    // Nothing moves in a file that the builder refuses.
    graph.has_errors |= !errors.is_empty();
    let report = read_graph(&graph, errors, triggers);
    let directories = ignoring::to_ignore(&graph, &report);
    ignoring::repaired(report, context, directories, options.fix, &|context| {
        read_graph(&Graph::new(&tree, context, options), Vec::new(), triggers)
    })
}

/// Analyses what is known of a file in which the builder found these errors.
fn read_graph(
    graph: &Graph<'_>,
    errors: Vec<syntax::SyntaxError>,
    triggers: &dyn Fn(&Graph<'_>) -> Vec<onbuild::Found>,
) -> Report {
    let (dockerfile, options) = (graph.dockerfile, graph.options);
    let invalidated = graph.invalidated();
    let left_out = graph.left_out();
    let analysis = rule::Analysis { graph, invalidated: &invalidated, left_out: &left_out };
    let mut suppressions = suppression::Suppressions::new(dockerfile);
    let mut findings = check(&analysis, &mut suppressions);
    let is_whole = !graph.has_errors && graph.stages.iter().all(|stage| stage.needed);
    let notices = suppressions.notices(dockerfile, options, is_whole);
    let costs = cache::cost::costs(graph, options.timings.as_ref());
    let mut model = Model::new(graph);
    let needless = cache::needless::needless(&model, &costs, &invalidated);
    for finding in &mut findings {
        if let Remedy::Order(index) = finding.remedy {
            let needless = needless[index].clone();
            finding.issue.reruns = needless.steps;
            finding.issue.rerun_count = needless.count;
            finding.issue.cost = needless.cost;
            cache::often::weigh(graph, &invalidated[index].causes, &mut finding.issue);
        }
    }
    let changes = Changes::new(&mut model, &costs);
    let (mut fixes, mut verified, mut ignored) = (Vec::new(), None, Vec::new());
    if options.fix != FixLevel::None {
        (fixes, verified) = repair(&changes, &invalidated, &mut findings);
        let known = verified.as_ref().map(|known| (&known.edits[..], &known.rebuilds[..]));
        changes.price(&mut fixes, known);
        ignored = excluded(&findings);
    }
    for finding in &mut findings {
        if let Remedy::Refused(reason) = &finding.remedy {
            finding.issue.refusal = Some(Refusal::from(reason.clone()).into_sentence());
        }
    }
    let mut issues: Vec<Issue> = findings.into_iter().map(|finding| finding.issue).collect();
    for mut found in triggers(graph) {
        for issue in &mut found.issues {
            issue.fix = issue.fix.map(|fix| fix + fixes.len());
        }
        issues.append(&mut found.issues);
        fixes.extend(found.fix);
    }
    // Infos come last, and what costs most first; the order of the file decides between equals.
    sort_by(&mut issues, |one, other| {
        let is_info = |issue: &Issue| issue.severity == Severity::Info;
        let cost = |issue: &Issue| issue.cost.seconds * issue.frequency.unwrap_or(1.0);
        let costs = cost(other).total_cmp(&cost(one));
        is_info(one).cmp(&is_info(other)).then(costs).then(one.span.cmp(&other.span))
    });
    shorten(&mut issues);
    let (edits, rewritten) = rewrite::rewrite(dockerfile.source, &fixes, options.fix);
    let applied = fixes.iter().filter(|fix| rewrite::is_allowed(fix, options.fix));
    for line in applied.flat_map(|fix| &fix.dockerignore) {
        if !ignored.contains(line) && !graph.context.is_ignored(line).is_yes() {
            ignored.push(line.clone());
        }
    }
    let after = match verified {
        _ if edits.is_empty() => None,
        // The whole of it was read already.
        Some(verified) if verified.edits == edits => Some(verified.rebuilds),
        _ => {
            let (tree, _) = syntax::parse_part(&rewritten, options.fragment);
            Some(changes.after(&Graph::new(&tree, graph.context, options)).0)
        }
    };
    let scenarios = cache::scenarios::scenarios(changes, after);
    Report {
        issues,
        fixes,
        rewritten,
        edits,
        dockerignore: graph.context.ignoring_also(&ignored),
        wanted: graph.context.wanted(),
        errors,
        notices,
        stages: outline::outline(graph, &costs),
        scenarios,
    }
}

/// Cuts the lists of places where those of the costlier issues are very many already. Each issue
/// keeps the first place, the cause.
fn shorten(issues: &mut [Issue]) {
    let mut left = limits::PLACES_LISTED;
    let mut keep = |listed: usize| {
        let more = listed.saturating_sub(1).min(left);
        left -= more;
        more + 1
    };
    for issue in issues {
        issue.related.truncate(keep(issue.related.len()));
        issue.reruns.truncate(keep(issue.reruns.len()));
    }
}

/// What the rules find that no comment suppresses, as severe as the options say.
fn check(
    analysis: &rule::Analysis<'_, '_>,
    suppressions: &mut suppression::Suppressions,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for rule in rules::RULES {
        let severity = match analysis.graph.options.rules.get(rule.id) {
            Some(Level::Off) => continue,
            Some(Level::At(severity)) => *severity,
            None => rule.severity,
        };
        for mut finding in (rule.check)(analysis) {
            if !suppressions.covers(rule.id, finding.issue.span) {
                finding.issue.severity = severity;
                findings.push(finding);
            }
        }
    }
    findings
}

/// The directories of the context that the build does without, each once.
fn excluded(findings: &[Finding]) -> Vec<String> {
    let mut directories: Vec<String> = Vec::new();
    for finding in findings {
        let Remedy::Exclude(paths) = &finding.remedy else { continue };
        for path in paths {
            if !directories.contains(path) {
                directories.push(path.clone());
            }
        }
    }
    directories
}

/// Repairs what can be repaired: the fixes, and the text that was verified. Each finding gets its
/// fix, or the reason why there is none.
fn repair(
    changes: &Changes<'_, '_>,
    invalidated: &[Invalidated],
    findings: &mut [Finding],
) -> (Vec<Fix>, Option<Verified>) {
    let mut wanted = Vec::new();
    let mut of: Vec<usize> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        match &finding.remedy {
            Remedy::Order(index) => wanted.push(Wanted::Freed(&invalidated[*index])),
            Remedy::Repair(repair) => wanted.push(Wanted::Done(repair)),
            Remedy::CompileAhead(at) => wanted.push(Wanted::CompiledAhead(*at)),
            Remedy::Refused(_) | Remedy::Exclude(_) | Remedy::Advice => continue,
        }
        of.push(at);
    }
    let repaired = rewrite::repair(changes, &wanted);
    for (at, verdict) in of.into_iter().zip(repaired.verdicts) {
        let issue = &mut findings[at].issue;
        match verdict {
            Verdict::Fixed(index) => issue.fix = Some(index),
            Verdict::Refused(reason) => {
                issue.refusal = Some(Refusal::from(reason).into_sentence());
            }
        }
    }
    (repaired.fixes, repaired.verified)
}

/// Says of each step that the target needs, in build order, what `change` makes of it, and why:
/// what a scenario of the report comes to step by step, or any other change.
///
/// Every stage counts as needed where none is the target; see [`check_target`]. Nothing is asked
/// of the rewritten file: `dockerfile` may be the one of
/// [`Report::rewritten`].
pub fn rebuild(dockerfile: &str, change: &Change, options: &Options) -> Vec<RebuiltStep> {
    let report = analyze(dockerfile, options);
    let (tree, _) = syntax::parse_part(dockerfile, options.fragment);
    let build = Stages::read(&tree, Given::of(options));
    let context = Context::of(options, graph::names::named_manifests(&build));
    let graph = Graph::of(build, &context, options);
    cache::rebuild::rebuild(&mut Model::new(&graph), &report, change)
}

/// Replays a history of builds: what each commit rebuilt, as [`compare`] says of it and the commit
/// before it, and what that comes to; beside it, where the options want it, what it would have
/// been with each Dockerfile rewritten.
///
/// The first commit is built with the cache that `start` left. Only what changes is looked at
/// again, so that long histories of large contexts are replayed in seconds.
pub fn replay(start: &Build, commits: &[Commit], options: &ReplayOptions) -> Replay {
    cache::replay::replay(start, commits, options, &|build| {
        let target = options.target.clone().or_else(|| build.target.clone());
        let mut files = BTreeMap::new();
        for (path, file) in build.context.iter().flatten() {
            files.insert(path.clone(), file.text.clone());
        }
        let known = Options {
            files: Some(files),
            dockerignore: build.dockerignore.clone(),
            builder: options.builder,
            target,
            build_args: build.build_args.clone(),
            fix: options.rewrite,
            ..Options::default()
        };
        analyze(&build.dockerfile, &known).rewritten
    })
}

/// Every rule, sorted by id.
pub fn rules() -> &'static [Rule] {
    rules::RULES
}
