//! Words with variables, expanded as far as these are known.

use crate::syntax::expand;
use std::borrow::Cow;

/// What a variable holds where a word names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'v> {
    /// This text.
    Known(Cow<'v, str>),
    /// Nothing: it is not set.
    Unset,
    /// Something, or nothing: `ARG VERSION` without a default, or what the base image sets.
    Unknown,
}

/// A word after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The text; the word as it is written where something in it is not known, or BuildKit
    /// refuses it: `$VERSION/app`, `${A`.
    pub text: String,
    /// Whether everything in it was known.
    pub resolved: bool,
}

/// Expands `word` by what `lookup` says of its variables.
pub(super) fn expand<'v>(
    word: &str,
    escape: char,
    mut lookup: impl FnMut(&str) -> Lookup<'v>,
) -> Expanded {
    if !word.contains(['$', '\'', '"', escape]) {
        return Expanded { text: word.to_owned(), resolved: true };
    }
    let mut resolved = true;
    let expansion = expand::expand(word, escape, |name| match lookup(name) {
        Lookup::Known(value) => Some(value),
        Lookup::Unset => None,
        Lookup::Unknown => {
            resolved = false;
            None
        }
    });
    resolved &= expansion.error.is_none();
    let text = if resolved { expansion.text.into_owned() } else { word.to_owned() };
    Expanded { text, resolved }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_leaves_the_word_as_it_is() {
        let expanded = |word| {
            let Expanded { text, resolved } = expand(word, '\\', |name| match name {
                "a" => Lookup::Known("1".into()),
                "b" => Lookup::Unset,
                _ => Lookup::Unknown,
            });
            (text, resolved)
        };
        let known = |text: &str| (text.to_owned(), true);
        let unknown = |text: &str| (text.to_owned(), false);
        assert_eq!(expanded("plain"), known("plain"));
        assert_eq!(expanded("\"$a\"-$b"), known("1-"));
        assert_eq!(expanded("${b:-x}"), known("x"));
        assert_eq!(expanded("$a-$c"), unknown("$a-$c"));
        assert_eq!(expanded("\"$a"), unknown("\"$a"));
    }
}
