//! Variable expansion and unquoting, as BuildKit does them.
//!
//! Follows `shell.Lex` of BuildKit's `frontend/dockerfile/shell/lex.go`. It is no shell: it
//! knows `$x`, `${x}` and the modifiers `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/`
//! `//`. What variables hold is the caller's affair. Unlike BuildKit it limits how deep
//! `${` may nest and how much longer than its source a text may become.

use super::lexer::{Lexer, Mode};
use crate::sort::sort;
use std::borrow::Cow;

/// What an expansion yields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion<'w> {
    /// The text, expanded and unquoted; empty where there is an error.
    pub text: Cow<'w, str>,
    /// The variables that were looked up and set, sorted.
    pub used: Vec<&'w str>,
    /// The variables that were looked up and not set, sorted.
    pub unset: Vec<&'w str>,
    /// Why BuildKit refuses the word.
    pub error: Option<String>,
}

/// Expands the variables of `word` and drops its quotes and escapes: BuildKit's
/// `ProcessWord`, which serves ADD, COPY, ENV, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR,
/// FROM, ARG, and flags. `lookup` gives a variable's value, none where it is not set.
pub fn expand<'w, 'v>(
    word: &'w str,
    escape: char,
    mut lookup: impl FnMut(&str) -> Option<Cow<'v, str>>,
) -> Expansion<'w> {
    if is_plain(word, escape) {
        return Expansion { text: Cow::Borrowed(word), ..Expansion::default() };
    }
    finish(Lexer::new(word, escape, Mode::Word, &mut lookup)).0
}

/// As [`expand`], and splits the result into words at white space that was not quoted:
/// BuildKit's `ProcessWords`, which serves EXPOSE.
pub fn expand_words<'w, 'v>(
    word: &'w str,
    escape: char,
    mut lookup: impl FnMut(&str) -> Option<Cow<'v, str>>,
) -> (Vec<String>, Expansion<'w>) {
    let (expansion, words) = finish(Lexer::new(word, escape, Mode::Word, &mut lookup).with_words());
    (words, expansion)
}

/// Expands the variables of a here-document's body (always with `\` for the escape
/// character, quotes being plain text there): what COPY and ADD write to the file.
pub fn expand_heredoc<'w, 'v>(
    body: &'w str,
    mut lookup: impl FnMut(&str) -> Option<Cow<'v, str>>,
) -> Expansion<'w> {
    finish(Lexer::new(body, '\\', Mode::Heredoc, &mut lookup)).0
}

/// Expands the variables of a command line for show: quotes stay, escapes go, and variables
/// that are not set stay as they are written. This is how BuildKit names a RUN in its log.
pub fn expand_shown<'w, 'v>(
    line: &'w str,
    escape: char,
    mut lookup: impl FnMut(&str) -> Option<Cow<'v, str>>,
) -> Expansion<'w> {
    finish(Lexer::new(line, escape, Mode::Quoted, &mut lookup)).0
}

/// Drops the quotes and escapes of `word` and leaves its variables as they stand. A word
/// that BuildKit refuses stays as it is.
pub fn unquote(word: &str, escape: char) -> Cow<'_, str> {
    if is_plain(word, escape) {
        return Cow::Borrowed(word);
    }
    let (expansion, _) = finish(Lexer::new(word, escape, Mode::Unquote, &mut |_| None));
    if expansion.error.is_some() { Cow::Borrowed(word) } else { expansion.text }
}

/// Whether nothing in `word` needs a look.
fn is_plain(word: &str, escape: char) -> bool {
    !word.starts_with('\u{feff}')
        && !word.bytes().any(|b| matches!(b, b'$' | b'\'' | b'"') || char::from(b) == escape)
}

fn finish<'w>(mut lexer: Lexer<'w, '_, '_>) -> (Expansion<'w>, Vec<String>) {
    let result = lexer.run();
    let [mut used, mut unset] = [lexer.used, lexer.unset];
    for names in [&mut used, &mut unset] {
        sort(names);
        names.dedup();
    }
    match result {
        Ok((text, words)) => {
            let expansion = Expansion { text: Cow::Owned(text), used, unset, error: None };
            (expansion, words.into_iter().map(|w| w.text).collect())
        }
        Err(error) => {
            (Expansion { used, unset, error: Some(error), ..Expansion::default() }, Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<Cow<'static, str>> {
        let value = match name {
            "a" => "A",
            "empty" => "",
            "spaced" => "x  y",
            "path" => "/usr/lib/libz.so.1",
            "stars" => "a*b*c",
            _ => return None,
        };
        Some(Cow::Borrowed(value))
    }

    /// The text, or the error behind `!`.
    fn text(word: &str) -> String {
        let expansion = expand(word, '\\', lookup);
        expansion.error.map_or_else(|| expansion.text.into_owned(), |e| format!("!{e}"))
    }

    #[test]
    fn plain_variables() {
        assert_eq!(text("x$a-${a}y"), "xA-Ay");
        assert_eq!(text("[$none][${none}][$empty]"), "[][][]");
        assert_eq!(text("$ab$a b"), "A b");
        assert_eq!(text("$"), "$");
        assert_eq!(text("$ $/"), "$ $/");
        assert_eq!(text("$1a$$a$@"), "aa");
        assert_eq!(text("plain"), "plain");
    }

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(text(r#""$a"'$a'\$a"#), "A$a$a");
        assert_eq!(text(r#""a\"b\$c\\d\e""#), r#"a"b$c\d\e"#);
        assert_eq!(text(r#"\"a\ b\"#), "\"a b");
        assert_eq!(text(r#"'a\'"#), r"a\");
        assert_eq!(expand(r"C:\a`$a", '`', lookup).text, r"C:\a$a");
        assert!(text("'a").contains("single-quote"));
        assert!(text("\"a").contains("double-quote"));
    }

    #[test]
    fn defaults_and_alternatives() {
        assert_eq!(text("${none:-b}${none-b}${a:-b}${a-b}"), "bbAA");
        assert_eq!(text("[${empty:-b}][${empty-b}]"), "[b][]");
        assert_eq!(text("[${none:+b}][${none+b}][${a:+b}][${a+b}]"), "[][][b][b]");
        assert_eq!(text("[${empty:+b}][${empty+b}]"), "[][b]");
        assert_eq!(text("${none:-${a}-$a}"), "A-A");
        assert_eq!(text("${none:-\"b }\" c}"), "b } c");
        assert_eq!(text("${none:-b\\}c}"), "b}c");
    }

    #[test]
    fn demanded_variables() {
        assert_eq!(text("${a:?no}${a?no}${empty?no}"), "AA");
        assert_eq!(text("${none?}"), "!none: is not allowed to be unset");
        assert_eq!(text("${none:?no $a}"), "!none: no A");
        assert_eq!(text("${empty:?}"), "!empty: is not allowed to be empty");
    }

    #[test]
    fn prefixes_and_suffixes() {
        assert_eq!(text("${path#*/}"), "usr/lib/libz.so.1");
        assert_eq!(text("${path##*/}"), "libz.so.1");
        assert_eq!(text("${path%.*}"), "/usr/lib/libz.so");
        assert_eq!(text("${path%%.*}"), "/usr/lib/libz");
        assert_eq!(text("${path#usr}"), "/usr/lib/libz.so.1");
        assert_eq!(text("${path%.?}${path%.??}"), "/usr/lib/libz.so/usr/lib/libz.so.1");
        assert_eq!(text(r"${stars#a\*}${stars%\**}"), "b*ca*b");
        assert_eq!(
            text(r"${path#\x}"),
            r"!invalid pattern (\x) in substitution: invalid escape '\x'"
        );
        assert_eq!(text("${path:#a}"), "!unsupported modifier (:#) in substitution");
    }

    #[test]
    fn replacements() {
        assert_eq!(text("${path/lib/LIB}"), "/usr/LIB/libz.so.1");
        assert_eq!(text("${path//lib/LIB}"), "/usr/LIB/LIBz.so.1");
        assert_eq!(text(r"${path//\//-}"), "-usr-lib-libz.so.1");
        assert_eq!(text("${path/l*b/x}"), "/usr/xz.so.1");
        assert_eq!(text("${path//nothing/x}"), "/usr/lib/libz.so.1");
        assert_eq!(text("${a//B/x}${none//a/b}"), "A");
        assert_eq!(text("${path/a"), "!syntax error: missing '/' in ${}");
        assert_eq!(text("${path/a/b"), "!syntax error: missing '}'");
    }

    #[test]
    fn refused_substitutions() {
        for word in ["${}", "${{a}}", "${:-b}"] {
            assert_eq!(text(word), "!syntax error: bad substitution", "{word}");
        }
        assert_eq!(text("${"), "!syntax error: missing '}'");
        assert_eq!(text("${a:-b"), "!syntax error: missing '}'");
        assert_eq!(text("${a"), "!unsupported modifier (\u{fffd}) in substitution");
        assert_eq!(text("${a:=b}"), "!unsupported modifier (:=) in substitution");
        assert_eq!(text("${a^}"), "!unsupported modifier (^) in substitution");
    }

    #[test]
    fn the_variables_are_told() {
        let expansion = expand("$b$a${none:-$c}$a", '\\', lookup);
        assert_eq!(expansion.used, ["a"]);
        assert_eq!(expansion.unset, ["b", "c", "none"]);
    }

    #[test]
    fn words_are_split_after_expansion() {
        let words = |word| expand_words(word, '\\', lookup).0;
        assert_eq!(words("80 $spaced '$spaced'"), ["80", "x", "y", "$spaced"]);
        assert_eq!(words("\"$spaced\"$a  "), ["x  yA"]);
        assert_eq!(words(r"a\ b"), ["a b"]);
        assert_eq!(words("$none"), [""; 0]);
    }

    #[test]
    fn unquoting_leaves_variables_alone() {
        assert_eq!(unquote("\"$a\"'b'", '\\'), "$ab");
        assert_eq!(unquote("${a:-\"b c\"}", '\\'), "${a:-b c}");
        assert_eq!(unquote("'a", '\\'), "'a");
        assert!(matches!(unquote("a", '\\'), Cow::Borrowed("a")));
    }

    #[test]
    fn quotes_are_plain_text_in_a_heredoc() {
        assert_eq!(expand_heredoc("'$a' \"$a\" \\$a", lookup).text, "'A' \"A\" $a");
    }

    #[test]
    fn quotes_and_unset_variables_are_shown() {
        let line = r#"echo "$a" '$a' $none ${none:-b} \a"#;
        assert_eq!(expand_shown(line, '\\', lookup).text, r#"echo "A" '$a' $none ${none:-b} a"#);
        assert!(expand_shown("it's", '\\', lookup).error.is_some());
    }

    #[test]
    fn nesting_and_growth_have_a_limit() {
        let deep = "${none:-".repeat(100_000);
        assert!(expand(&deep, '\\', lookup).error.is_some());
        let long = "x".repeat(10_000);
        let grown = expand("$a$a$a$a$a$a", '\\', |_| Some(Cow::Borrowed(&long)));
        assert_eq!(grown.error.as_deref(), Some("the expanded text is too long"));
        assert!(expand("$a", '\\', |_| Some(Cow::Borrowed(&long))).error.is_none());
    }
}
