//! From the core's report to what leaves: byte spans become lines and UTF-16 offsets,
//! everything else is moved over as it is. Names are those that `shapes` and `reported` declare; the
//! package's tests hold the two against each other.
//!
//! `rewritten` is put together from the caller's own string, which may hold lone surrogates
//! that the core's UTF-8 text cannot.

use super::json::Json;
use super::shapes::*;
use crate::text::{Edit, LineIndex, Span};
use crate::{cache, issue, report, syntax};
use js_sys::JsString;

/// The report on `text`, as JSON; `rewritten` is left empty.
pub fn report(text: &str, report: &report::Report) -> String {
    let at = &LineIndex::new(text);
    let after = &LineIndex::new(&report.rewritten);
    let mut json = Json::default();
    json.object("", |json| {
        json.list("issues", &report.issues, |json, it| issue(json, at, it));
        json.list("fixes", &report.fixes, |json, it| fix(json, at, it));
        json.text("rewritten", "");
        edits(json, at, &report.edits);
        errors(json, at, &report.errors);
        json.list("stages", &report.stages, |json, it| stage(json, at, it));
        json.list("scenarios", &report.scenarios, |json, it| scenario(json, at, after, it));
    });
    json.finish()
}

/// What becomes of the steps of `text`, as JSON.
pub fn outcomes(text: &str, outcomes: &[cache::StepOutcome]) -> String {
    let at = &LineIndex::new(text);
    let mut json = Json::default();
    json.list("", outcomes, |json, outcome| {
        json.object("", |json| {
            json.number("stage", outcome.stage as u32);
            json.text("keyword", outcome.keyword);
            json.text("text", &outcome.text);
            json.range("range", at, outcome.span);
            json.text("outcome", outcome.outcome.id());
            json.maybe("cause", outcome.cause.map(|cause| cause.id()));
            json.maybe("because", outcome.because.as_deref());
        });
    });
    json.finish()
}

/// The text with `edits` applied. The core's UTF-8 text has U+FFFD where `original` has a lone
/// surrogate: one UTF-16 unit each, so that the offsets fit both.
pub fn rewritten(original: &JsString, text: &str, edits: &[Edit]) -> JsString {
    let index = LineIndex::new(text);
    let mut out = JsString::from("");
    let mut at = 0;
    for edit in edits {
        let kept = original.slice(at, index.position(edit.span.start).offset);
        out = out.concat(&kept).concat(&edit.text.as_str().into());
        at = index.position(edit.span.end).offset;
    }
    out.concat(&original.slice(at, original.length()))
}

/// The instructions and errors of a parsed text.
pub fn parse_result(file: &syntax::Dockerfile, errors: Vec<syntax::SyntaxError>) -> ParseResult {
    let at = Places(LineIndex::new(file.source));
    let error = |error: syntax::SyntaxError| SyntaxError {
        message: error.message,
        range: at.range(error.span),
    };
    ParseResult {
        instructions: file.instructions.iter().map(|i| at.instruction(i, file.source)).collect(),
        errors: errors.into_iter().map(error).collect(),
    }
}

/// One rule of the table.
pub fn rule(rule: &crate::Rule) -> RuleInfo {
    RuleInfo { id: rule.id, title: rule.title, level: rule.severity.into(), address: rule.page() }
}

// ASCII only for a name that BuildKit does not know: the table of all of Unicode weighs 20 KB.
fn keyword(instruction: &syntax::Instruction) -> String {
    match instruction.keyword {
        Some(keyword) => keyword.name().to_string(),
        None => instruction.name.text.to_ascii_uppercase(),
    }
}

fn issue(json: &mut Json, at: &LineIndex<'_>, issue: &issue::Issue) {
    json.object("", |json| {
        json.text("rule", issue.rule);
        json.text("severity", issue.severity.id());
        json.text("message", &issue.message);
        json.text("why", &issue.why);
        json.text("help", &issue.help);
        json.range("range", at, issue.span);
        json.list("related", &issue.related, |json, related| {
            json.object("", |json| {
                json.range("range", at, related.span);
                json.text("message", &related.message);
            });
        });
        ranges(json, "reruns", at, &issue.reruns);
        json.number("rerunCount", issue.rerun_count as u32);
        cost(json, "cost", issue.cost);
        if let Some(index) = issue.fix {
            json.number("fix", index as u32);
        }
        if let Some(refusal) = &issue.refusal {
            json.object("refusal", |json| {
                json.text("reason", refusal.reason.id());
                json.text("message", &refusal.message);
            });
        }
    });
}

fn fix(json: &mut Json, at: &LineIndex<'_>, fix: &issue::Fix) {
    json.object("", |json| {
        json.text("title", &fix.title);
        json.text("applicability", fix.applicability.id());
        json.texts("assumptions", &fix.assumptions);
        edits(json, at, &fix.edits);
    });
}

fn edits(json: &mut Json, at: &LineIndex<'_>, edits: &[Edit]) {
    json.list("edits", edits, |json, edit| {
        json.object("", |json| {
            json.range("range", at, edit.span);
            json.text("text", &edit.text);
        });
    });
}

fn errors(json: &mut Json, at: &LineIndex<'_>, errors: &[syntax::SyntaxError]) {
    json.list("errors", errors, |json, error| {
        json.object("", |json| {
            json.text("message", &error.message);
            json.range("range", at, error.span);
        });
    });
}

fn stage(json: &mut Json, at: &LineIndex<'_>, stage: &report::Stage) {
    json.object("", |json| {
        json.maybe("name", stage.name.as_deref());
        json.text("base", &stage.base);
        if let Some(index) = stage.base_stage {
            json.number("baseStage", index as u32);
        }
        json.flag("needed", stage.needed);
        json.range("range", at, stage.span);
        json.list("steps", &stage.steps, |json, it| step(json, at, it));
    });
}

fn step(json: &mut Json, at: &LineIndex<'_>, step: &report::Step) {
    json.object("", |json| {
        json.text("keyword", &step.keyword);
        json.range("range", at, step.span);
        json.maybe("cwd", step.cwd.as_deref());
        json.maybe("user", step.user.as_deref());
        cost(json, "cost", step.cost);
        json.list("needs", &step.needs, |json, need| {
            json.object("", |json| {
                json.range("copy", at, need.copy);
                match &need.need {
                    report::Need::Nothing => json.text("need", "nothing"),
                    report::Need::Everything => json.text("need", "everything"),
                    report::Need::Paths(paths) => {
                        json.text("need", "paths");
                        json.texts("paths", paths);
                    }
                }
                json.text("because", &need.because);
            });
        });
    });
}

fn scenario(
    json: &mut Json,
    at: &LineIndex<'_>,
    after: &LineIndex<'_>,
    scenario: &report::Scenario,
) {
    json.object("", |json| {
        json.text("kind", scenario.kind);
        json.text("title", &scenario.title);
        json.texts("paths", &scenario.paths);
        for (name, at, rebuild) in
            [("before", at, &scenario.before), ("after", after, &scenario.after)]
        {
            json.object(name, |json| {
                ranges(json, "reruns", at, &rebuild.reruns);
                ranges(json, "relinked", at, &rebuild.relinked);
                ranges(json, "depends", at, &rebuild.depends);
                cost(json, "cost", rebuild.cost);
                cost(json, "costAtLeast", rebuild.cost_at_least);
            });
        }
    });
}

fn ranges(json: &mut Json, name: &str, at: &LineIndex<'_>, spans: &[Span]) {
    json.list(name, spans, |json, span| json.range("", at, *span));
}

fn cost(json: &mut Json, name: &str, cost: issue::Cost) {
    json.object(name, |json| {
        json.seconds("seconds", cost.seconds);
        json.flag("measured", cost.measured);
    });
}

struct Places<'a>(LineIndex<'a>);

impl Places<'_> {
    fn position(&self, offset: u32) -> Position {
        let place = self.0.position(offset);
        Position { line: place.line, column: place.column, offset: place.offset }
    }

    fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    fn instruction(&self, instruction: &syntax::Instruction, text: &str) -> Instruction {
        let heredoc = |heredoc: &syntax::Heredoc| Heredoc {
            name: heredoc.name.to_string(),
            expand: heredoc.expand,
            chomp: heredoc.chomp,
            // As BuildKit's parser has it: tabs are dropped only when the content is used.
            content: heredoc.body.of(text).to_string(),
        };
        Instruction {
            keyword: keyword(instruction),
            flags: instruction.flags.iter().map(|flag| flag.text()).collect(),
            args: instruction.argument_texts(),
            json: instruction.is_json(),
            heredocs: instruction.heredocs.iter().map(heredoc).collect(),
            range: self.range(instruction.span),
        }
    }
}

impl From<issue::Severity> for Severity {
    fn from(severity: issue::Severity) -> Severity {
        match severity {
            issue::Severity::Info => Severity::Info,
            issue::Severity::Warning => Severity::Warning,
            issue::Severity::Error => Severity::Error,
        }
    }
}
