//! `# layerwise ignore=rule` above an instruction, `# layerwise ignore-file=rule` anywhere
//! outside one: what the author does not want to hear about, and which of it comes to nothing.

use crate::report::{Notice, Options};
use crate::rules;
use crate::syntax::{Dockerfile, ItemKind, Keyword};
use crate::text::{Cut, Span};

/// The word that stands for every rule.
const ALL: &str = "all";

/// The rules that are switched off, and where.
#[derive(Clone, Debug, Default)]
pub struct Suppressions<'a>(Vec<Suppression<'a>>);

/// A rule that a comment names.
#[derive(Clone, Debug)]
struct Suppression<'a> {
    /// The name as written.
    rule: &'a str,
    /// Where it is written.
    span: Span,
    over: Over,
    /// Whether it kept an issue from being reported.
    used: bool,
}

/// What a comment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    File,
    /// The instruction of this span.
    Instruction(Span),
    /// No instruction comes behind it.
    Nothing,
}

impl<'a> Suppressions<'a> {
    /// Reads the comments of `dockerfile`.
    pub fn new(dockerfile: &Dockerfile<'a>) -> Suppressions<'a> {
        let mut found = Vec::new();
        let mut above = 0;
        for item in &dockerfile.items {
            match item.kind {
                ItemKind::Comment => read(dockerfile.source, item.span, &mut found),
                ItemKind::Instruction(index) => {
                    let span = dockerfile.instructions[index as usize].span;
                    for suppression in &mut found[above..] {
                        if suppression.over == Over::Nothing {
                            suppression.over = Over::Instruction(span);
                        }
                    }
                    above = found.len();
                }
                ItemKind::Blank | ItemKind::Directive => {}
            }
        }
        Suppressions(found)
    }

    /// Whether issues of `rule` at the instruction of `span` are switched off.
    pub fn covers(&mut self, rule: &str, span: Span) -> bool {
        let mut covered = false;
        for suppression in &mut self.0 {
            let over = match suppression.over {
                Over::File => true,
                Over::Instruction(at) => at == span,
                Over::Nothing => false,
            };
            if over && (suppression.rule == rule || suppression.rule == ALL) {
                suppression.used = true;
                covered = true;
            }
        }
        covered
    }

    /// The names that no rule has, and those that switch nothing off, of a file whose issues were
    /// all asked for. What a suppression above a trigger (ONBUILD) does is seen elsewhere, so
    /// nothing is said of it, nor of the whole file where there is one; nor of a file of which
    /// the builder reads less than all, for an issue may come back with what it does not read.
    pub fn notices(
        &self,
        dockerfile: &Dockerfile<'_>,
        options: &Options,
        is_whole: bool,
    ) -> Vec<Notice> {
        let instructions = dockerfile.instructions.iter();
        let triggers = instructions.filter(|step| step.keyword == Some(Keyword::Onbuild));
        let triggers: Vec<Span> = triggers.map(|step| step.span).collect();
        let notice = |suppression: &Suppression<'_>| {
            let Suppression { rule, span, over, used } = *suppression;
            if rule != ALL
                && let Err(message) = rules::find(rule)
            {
                return Some(Notice { message, span });
            }
            let is_asked = match rule {
                ALL => options.rules.is_empty(),
                _ => !options.rules.contains_key(rule),
            };
            if used || !is_asked || !is_whole {
                return None;
            }
            let issue = match rule {
                ALL => "no issue".to_owned(),
                _ => format!("no issue of `{rule}`"),
            };
            let place = match over {
                Over::File if triggers.is_empty() => "in this file",
                Over::Instruction(at) if triggers.binary_search(&at).is_err() => {
                    "at the instruction below"
                }
                Over::Nothing => "here: no instruction comes behind it",
                Over::File | Over::Instruction(_) => return None,
            };
            let message = format!("this comment switches nothing off: there is {issue} {place}");
            Some(Notice { message, span })
        };
        self.0.iter().filter_map(notice).collect()
    }
}

/// Reads the comment at `span`: what stands behind `ignore=` is not over anything yet.
fn read<'a>(source: &'a str, span: Span, found: &mut Vec<Suppression<'a>>) {
    let comment = source.cut(span.range());
    let text = comment.trim().trim_start_matches('#').trim_start();
    let Some(text) = text.strip_prefix("layerwise ") else { return };
    for word in text.split_whitespace() {
        let (rules, over) = match word.strip_prefix("ignore-file=") {
            Some(rules) => (rules, Over::File),
            None => match word.strip_prefix("ignore=") {
                Some(rules) => (rules, Over::Nothing),
                None => continue,
            },
        };
        for rule in rules.split(',') {
            // Both are parts of `source`.
            let start = rule.as_ptr() as usize - source.as_ptr() as usize;
            let span = Span::new(start, start + rule.len());
            found.push(Suppression { rule, span, over, used: false });
        }
    }
}
