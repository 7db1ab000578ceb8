//! The names that builders give to steps in their progress logs.
//!
//! The same for what a comparison lists and for what a log of a build is searched for.

use crate::syntax::expand::{expand, expand_shown};
use crate::syntax::{Arguments, Dockerfile, Instruction, Keyword};
use crate::text::Cut;
use std::borrow::Cow;

/// Whose log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// BuildKit's: variables expanded, a here-document abbreviated.
    Buildkit,
    /// As it is written, in one line: the classic builder's and buildah's.
    Written,
}

/// The name of the step that `instruction` of `file` makes, an ONBUILD with its trigger.
/// `lookup` gives the variables at that point.
///
/// The part in brackets that BuildKit puts in front (`[build 2/5]`) is left out.
///
/// `prefixCommand`, `uppercaseCmd` and their callers in
/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>
pub fn shown<'v>(
    file: &Dockerfile<'_>,
    instruction: &Instruction<'_>,
    style: Shown,
    lookup: impl FnMut(&str) -> Option<Cow<'v, str>>,
) -> String {
    let trigger = file.original_trigger(instruction);
    let (inner, prefix) = match &instruction.arguments {
        Arguments::Onbuild(inner) => (inner.as_ref(), "ONBUILD "),
        _ => (instruction, ""),
    };
    let original = trigger.unwrap_or_else(|| file.original(instruction));
    if style == Shown::Written {
        return original.into_owned();
    }
    let mut line = original.into_owned();
    let expansion = match inner.keyword {
        Some(Keyword::Run) => {
            let alone =
                inner.rest.span == instruction.heredocs.first().map_or(inner.span, |h| h.opener);
            if let ([heredoc], true) = (instruction.heredocs.as_slice(), alone) {
                line = format!("{line} ({})", summary(&heredoc.content));
            }
            expand_shown(&line, file.escape, mask(inner, lookup))
        }
        _ => expand(&line, file.escape, lookup),
    };
    let text = if expansion.error.is_some() { line.as_str() } else { &expansion.text };
    // Only a space ends the keyword here: behind a tab all up to the first space is upper case.
    let (keyword, rest) = text.cut_at(text.find(' ').unwrap_or(text.len()));
    format!("{prefix}{}{rest}", keyword.to_ascii_uppercase())
}

/// The variables, those that hold a secret hidden.
fn mask<'v>(
    run: &Instruction<'_>,
    mut lookup: impl FnMut(&str) -> Option<Cow<'v, str>>,
) -> impl FnMut(&str) -> Option<Cow<'v, str>> {
    let secret = crate::syntax::mount::mounts(run).filter_map(|mount| Some(mount.env?.text));
    let secret: Vec<String> = secret.map(Cow::into_owned).collect();
    move |name| match secret.iter().any(|secret| secret == name) {
        true => Some(Cow::Borrowed("****")),
        false => lookup(name),
    }
}

/// The first line of a here-document, with dots where there are more.
fn summary(body: &str) -> String {
    let mut lines = body.trim().split('\n');
    let first = lines.next().unwrap_or_default().trim_end_matches('\r');
    format!("{first}{}", if lines.next().is_some() { "..." } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    fn shown_last(text: &str, style: Shown) -> String {
        let (file, _) = parse(text);
        let lookup = |name: &str| (name == "a").then_some(Cow::Borrowed("A"));
        shown(&file, file.instructions.last().unwrap(), style, lookup)
    }

    fn buildkit(text: &str) -> String {
        shown_last(text, Shown::Buildkit)
    }

    #[test]
    fn variables_that_are_set_are_expanded() {
        assert_eq!(buildkit("run   echo $a \"$a\" '$a' $b"), "RUN   echo A \"A\" '$a' $b");
        assert_eq!(buildkit("COPY $a $b /x/"), "COPY A  /x/");
        assert_eq!(buildkit("RUN echo it's $a"), "RUN echo it's $a");
    }

    #[test]
    fn continuations_are_joined() {
        assert_eq!(buildkit("RUN a && \\\n# no\n    b"), "RUN a &&     b");
        assert_eq!(shown_last("run a \\\n  b", Shown::Written), "run a   b");
    }

    #[test]
    fn json_loses_its_quotes_in_copy_only() {
        assert_eq!(buildkit("COPY [\"a b\", \"c\"]"), "COPY [a b, c]");
        assert_eq!(buildkit("RUN [\"echo\", \"s\"]"), "RUN [\"echo\", \"s\"]");
    }

    #[test]
    fn heredocs_are_abbreviated() {
        assert_eq!(buildkit("RUN <<EOF\necho one\necho two\nEOF"), "RUN <<EOF (echo one...)");
        assert_eq!(buildkit("RUN  <<'EOF'\n\n  echo one\nEOF"), "RUN  <<'EOF' (echo one)");
        assert_eq!(buildkit("RUN cat <<EOF\nx\nEOF"), "RUN cat <<EOF");
        assert_eq!(buildkit("COPY <<'EOF' /f\nx\nEOF"), "COPY <<EOF /f");
    }

    #[test]
    fn triggers_and_secrets() {
        assert_eq!(buildkit("FROM x\nonbuild  run echo $a"), "ONBUILD RUN echo A");
        assert_eq!(
            buildkit("RUN --mount=type=secret,id=s,env=a echo $a"),
            "RUN --mount=type=secret,id=s,env=a echo ****"
        );
        assert_eq!(buildkit("RUN\techo a"), "RUN\tECHO a");
    }
}
