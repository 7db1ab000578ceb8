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

/// The same of a value that may name files: a variable that is not known stays as it is written, and
/// what is known beside it is expanded. `$PYTHONPATH:$APP/lib` becomes `$PYTHONPATH:/app/lib`.
pub(super) fn expand_known<'v>(
    word: &str,
    escape: char,
    mut lookup: impl FnMut(&str) -> Lookup<'v>,
) -> String {
    let expansion = expand::expand(word, escape, |name| match lookup(name) {
        Lookup::Known(value) => Some(value),
        Lookup::Unset => None,
        Lookup::Unknown => Some(Cow::Owned(format!("${name}"))),
    });
    match expansion.error {
        None => expansion.text.into_owned(),
        Some(_) => word.to_owned(),
    }
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

    #[test]
    fn what_is_known_beside_it_is_expanded_for_the_files_it_names() {
        let expanded = |word| {
            expand_known(word, '\\', |name| match name {
                "a" => Lookup::Known("/app".into()),
                "b" => Lookup::Unset,
                _ => Lookup::Unknown,
            })
        };
        assert_eq!(expanded("\"$c --require $a/hook.js\""), "$c --require /app/hook.js");
        assert_eq!(expanded("${a}/bin:${c}$b"), "/app/bin:$c");
        assert_eq!(expanded("${c:+$c:}$a/lib"), "$c:/app/lib");
        assert_eq!(expanded("\"$a"), "\"$a");
    }
}
