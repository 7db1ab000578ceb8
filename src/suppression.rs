//! `# layerwise ignore=rule` above an instruction, `# layerwise ignore-file=rule` anywhere
//! outside one: what the author does not want to hear about.

use crate::syntax::{Dockerfile, ItemKind};
use crate::text::{Cut, Span};

/// The rules that are switched off, and where.
#[derive(Clone, Debug, Default)]
pub struct Suppressions<'a> {
    file: Vec<&'a str>,
    /// An instruction's span with the rules above it.
    instructions: Vec<(Span, &'a str)>,
}

impl<'a> Suppressions<'a> {
    /// Reads the comments of `dockerfile`.
    pub fn new(dockerfile: &Dockerfile<'a>) -> Suppressions<'a> {
        let mut found = Suppressions::default();
        let mut above: Vec<&'a str> = Vec::new();
        for item in &dockerfile.items {
            match item.kind {
                ItemKind::Comment => {
                    let text = dockerfile.source.cut(item.span.range());
                    let text = text.trim().trim_start_matches('#').trim_start();
                    let Some(text) = text.strip_prefix("layerwise ") else { continue };
                    for word in text.split_whitespace() {
                        if let Some(rules) = word.strip_prefix("ignore-file=") {
                            found.file.extend(rules.split(','));
                        } else if let Some(rules) = word.strip_prefix("ignore=") {
                            above.extend(rules.split(','));
                        }
                    }
                }
                ItemKind::Instruction(index) => {
                    let span = dockerfile.instructions[index as usize].span;
                    found.instructions.extend(above.drain(..).map(|rule| (span, rule)));
                }
                ItemKind::Blank | ItemKind::Directive => {}
            }
        }
        found
    }

    /// Whether issues of `rule` at the instruction of `span` are switched off.
    pub fn covers(&self, rule: &str, span: Span) -> bool {
        let names = |listed: &str| listed == rule || listed == "all";
        self.file.iter().any(|listed| names(listed))
            || self.instructions.iter().any(|(at, listed)| *at == span && names(listed))
    }
}
