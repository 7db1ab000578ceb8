//! Commands that borrow nothing, for text that is made on the way.

use super::{Assignment, Command, Redirection, Script, Word};
use crate::text::Joined;
use std::borrow::Cow;

impl Script<'_> {
    /// The same script without borrowing.
    pub fn into_owned(self) -> Script<'static> {
        let text = self.text.into_owned();
        Script {
            text: Cow::Owned(Joined { text: text.text.into_owned().into(), pieces: text.pieces }),
            commands: self.commands.into_iter().map(Command::into_owned).collect(),
            trailing: self.trailing,
            functions: self.functions.into_iter().map(|name| name.into_owned().into()).collect(),
        }
    }
}

impl Command<'_> {
    /// The same command without borrowing.
    pub fn into_owned(self) -> Command<'static> {
        Command {
            assignments: self.assignments.into_iter().map(Assignment::into_owned).collect(),
            words: self.words.into_iter().map(Word::into_owned).collect(),
            redirections: self.redirections.into_iter().map(Redirection::into_owned).collect(),
            span: self.span,
            range: self.range,
            joiner: self.joiner,
            joiner_span: self.joiner_span,
            kind: self.kind,
            negated: self.negated,
        }
    }
}

impl Assignment<'_> {
    fn into_owned(self) -> Assignment<'static> {
        Assignment {
            name: Cow::Owned(self.name.into_owned()),
            append: self.append,
            value: self.value.into_owned(),
            span: self.span,
        }
    }
}

impl Redirection<'_> {
    fn into_owned(self) -> Redirection<'static> {
        Redirection {
            descriptor: self.descriptor,
            operator: self.operator,
            target: self.target.into_owned(),
            span: self.span,
            range: self.range,
            body: self.body.map(Word::into_owned),
        }
    }
}
