//! From the core's report to the shapes that leave: byte spans become lines and UTF-16
//! offsets, everything else is moved over as it is.
//!
//! `rewritten` is put together from the caller's own string, which may hold lone surrogates
//! that the core's UTF-8 text cannot.

use super::shapes::*;
use crate::text::{Edit, LineIndex, Span};
use crate::{cache, issue, report, syntax};
use js_sys::JsString;

/// The report on `text`, which is what the core read of `original`.
pub fn report(original: &JsString, text: &str, report: report::Report) -> Report {
    let at = Places(LineIndex::new(text));
    let edits = at.edits(report.edits);
    let after = Places(LineIndex::new(&report.rewritten));
    let scenario = |scenario: report::Scenario| Scenario {
        kind: scenario.kind,
        title: scenario.title,
        paths: scenario.paths,
        before: at.rebuild(scenario.before),
        after: after.rebuild(scenario.after),
    };
    Report {
        scenarios: report.scenarios.into_iter().map(scenario).collect(),
        issues: report.issues.into_iter().map(|issue| at.issue(issue)).collect(),
        fixes: report.fixes.into_iter().map(|fix| at.fix(fix)).collect(),
        rewritten: apply(original, &edits).into(),
        edits,
        errors: at.errors(report.errors),
        stages: report.stages.into_iter().map(|stage| at.stage(stage)).collect(),
    }
}

/// The instructions and errors of a parsed text.
pub fn parse_result(file: &syntax::Dockerfile, errors: Vec<syntax::SyntaxError>) -> ParseResult {
    let at = Places(LineIndex::new(file.source));
    ParseResult {
        instructions: file.instructions.iter().map(|i| at.instruction(i, file.source)).collect(),
        errors: at.errors(errors),
    }
}

/// What becomes of the steps of `text`.
pub fn outcomes(text: &str, outcomes: Vec<cache::StepOutcome>) -> Vec<StepOutcome> {
    let at = Places(LineIndex::new(text));
    let outcome = |outcome: cache::StepOutcome| StepOutcome {
        stage: outcome.stage as u32,
        keyword: outcome.keyword,
        text: outcome.text,
        range: at.range(outcome.span),
        outcome: outcome.outcome.id(),
        cause: outcome.cause.map(|cause| cause.id()),
        because: outcome.because,
    };
    outcomes.into_iter().map(outcome).collect()
}

/// One rule of the table.
pub fn rule(rule: &crate::Rule) -> RuleInfo {
    RuleInfo { id: rule.id, title: rule.title, level: rule.severity.into(), address: rule.page() }
}

/// The core's UTF-8 text has U+FFFD where `original` has a lone surrogate: one UTF-16 unit
/// each, so that the offsets fit both.
fn apply(original: &JsString, edits: &[TextEdit]) -> JsString {
    let mut out = JsString::from("");
    let mut at = 0;
    for edit in edits {
        let kept = original.slice(at, edit.range.start.offset);
        out = out.concat(&kept).concat(&edit.text.as_str().into());
        at = edit.range.end.offset;
    }
    out.concat(&original.slice(at, original.length()))
}

// ASCII only for a name that BuildKit does not know: the table of all of Unicode weighs 20 KB.
fn keyword(instruction: &syntax::Instruction) -> String {
    match instruction.keyword {
        Some(keyword) => keyword.name().to_string(),
        None => instruction.name.text.to_ascii_uppercase(),
    }
}

fn cost(cost: issue::Cost) -> Cost {
    Cost { seconds: cost.seconds, measured: cost.measured }
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

    fn ranges(&self, spans: &[Span]) -> Vec<Range> {
        spans.iter().map(|span| self.range(*span)).collect()
    }

    fn edits(&self, edits: Vec<Edit>) -> Vec<TextEdit> {
        let edit = |edit: Edit| TextEdit { range: self.range(edit.span), text: edit.text };
        edits.into_iter().map(edit).collect()
    }

    fn errors(&self, errors: Vec<syntax::SyntaxError>) -> Vec<SyntaxError> {
        let error = |error: syntax::SyntaxError| SyntaxError {
            message: error.message,
            range: self.range(error.span),
        };
        errors.into_iter().map(error).collect()
    }

    fn issue(&self, issue: issue::Issue) -> Issue {
        let related = |related: issue::Related| Related {
            range: self.range(related.span),
            message: related.message,
        };
        let refusal = |refusal: issue::Refusal| Refusal {
            reason: refusal.reason.id(),
            message: refusal.message,
        };
        Issue {
            rule: issue.rule,
            severity: issue.severity.into(),
            message: issue.message,
            why: issue.why,
            help: issue.help,
            range: self.range(issue.span),
            related: issue.related.into_iter().map(related).collect(),
            reruns: self.ranges(&issue.reruns),
            rerun_count: issue.rerun_count as u32,
            cost: cost(issue.cost),
            fix: issue.fix.map(|index| index as u32),
            refusal: issue.refusal.map(refusal),
        }
    }

    fn rebuild(&self, rebuild: report::Rebuild) -> Rebuild {
        Rebuild {
            reruns: self.ranges(&rebuild.reruns),
            relinked: self.ranges(&rebuild.relinked),
            depends: self.ranges(&rebuild.depends),
            cost: cost(rebuild.cost),
            cost_at_least: cost(rebuild.cost_at_least),
        }
    }

    fn fix(&self, fix: issue::Fix) -> Fix {
        Fix {
            title: fix.title,
            applicability: fix.applicability.into(),
            assumptions: fix.assumptions,
            edits: self.edits(fix.edits),
        }
    }

    fn stage(&self, stage: report::Stage) -> Stage {
        Stage {
            name: stage.name,
            base: stage.base,
            base_stage: stage.base_stage.map(|index| index as u32),
            needed: stage.needed,
            range: self.range(stage.span),
            steps: stage.steps.into_iter().map(|step| self.step(step)).collect(),
        }
    }

    fn step(&self, step: report::Step) -> Step {
        Step {
            keyword: step.keyword,
            range: self.range(step.span),
            cwd: step.cwd,
            user: step.user,
            cost: cost(step.cost),
            needs: step.needs.into_iter().map(|need| self.need(need)).collect(),
        }
    }

    fn need(&self, need: report::CopyNeed) -> CopyNeed {
        let (kind, paths) = match need.need {
            report::Need::Nothing => (Need::Nothing, None),
            report::Need::Paths(paths) => (Need::Paths, Some(paths)),
            report::Need::Everything => (Need::Everything, None),
        };
        CopyNeed { copy: self.range(need.copy), need: kind, paths, because: need.because }
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

impl From<issue::Applicability> for Applicability {
    fn from(applicability: issue::Applicability) -> Applicability {
        match applicability {
            issue::Applicability::Safe => Applicability::Safe,
            issue::Applicability::Assumed => Applicability::Assumed,
            issue::Applicability::Suggested => Applicability::Suggested,
        }
    }
}
