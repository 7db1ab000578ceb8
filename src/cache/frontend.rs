//! What the frontend that `# syntax=` names can read.

use crate::sentences::Assumption;
use crate::syntax::Dockerfile;
use crate::syntax::image::Image;
use crate::text::{Edit, Span};

/// Whether it knows `COPY --parents`, in full since 1.20 and as a feature of the labs since 1.7:
/// what has to hold beside, or no answer where it does not, or which frontend reads the file is
/// not known.
///
/// <https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.20.0>,
/// <https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.7.0-labs>
pub fn knows_parents(dockerfile: &Dockerfile<'_>) -> Option<Option<Assumption>> {
    let written = &dockerfile.frontend()?.value.text;
    let image = Image::parse(written);
    if !["docker/dockerfile", "docker/dockerfile-upstream"].contains(&image.name.as_str()) {
        return None;
    }
    let tag = image.tag.as_deref().unwrap_or("latest");
    let (version, labs) = match tag.strip_suffix("labs") {
        Some(rest) => (rest.trim_end_matches('-'), true),
        None => (tag, false),
    };
    let mut parts = version.split('.');
    match (parts.next(), parts.next()) {
        (Some("" | "1" | "latest"), None) => (image.digest.is_none())
            .then(|| Some(Assumption::FrontendIsToday { frontend: written.to_string() })),
        (Some("1"), Some(minor)) => {
            let since = if labs { 7 } else { 20 };
            minor.parse().is_ok_and(|minor: u32| minor >= since).then_some(None)
        }
        _ => None,
    }
}

/// The frontend that knows it, as people name it.
pub const FRONTEND: &str = "docker/dockerfile:1";

/// The edit that has a frontend read the file that knows it; none where the file names one of
/// another kind, and in a fragment, which is no place for a directive.
pub fn raise(dockerfile: &Dockerfile<'_>) -> Option<Edit> {
    if let Some(directive) = dockerfile.frontend() {
        let image = Image::parse(&directive.value.text);
        let same = image.name == "docker/dockerfile" && image.digest.is_none();
        return same.then(|| Edit { span: directive.value.span, text: FRONTEND.into() });
    }
    if dockerfile.is_fragment() {
        return None;
    }
    let source = dockerfile.source;
    let mark = source.len() - source.trim_start_matches('\u{feff}').len();
    let end = if source.contains("\r\n") { "\r\n" } else { "\n" };
    Some(Edit { span: Span::at(mark), text: format!("# syntax={FRONTEND}{end}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        let answer = |syntax: &str| {
            let text = format!("# syntax={syntax}\nFROM a");
            let known = knows_parents(&crate::syntax::parse(&text).0);
            known.map(|assumed| assumed.is_some())
        };
        for floating in ["docker/dockerfile:1", "docker/dockerfile", "docker/dockerfile:1-labs"] {
            assert_eq!(answer(floating), Some(true), "{floating}");
        }
        for exact in ["docker/dockerfile:1.20", "docker.io/docker/dockerfile:1.7-labs"] {
            assert_eq!(answer(exact), Some(false), "{exact}");
        }
        assert_eq!(answer("docker/dockerfile:1.21.0@sha256:0"), Some(false));
        for old in
            ["docker/dockerfile:1.7", "docker/dockerfile:1.6-labs", "docker/dockerfile:1@sha256:0"]
        {
            assert_eq!(answer(old), None, "{old}");
        }
        assert_eq!(answer("other/frontend:1"), None);
        assert_eq!(knows_parents(&crate::syntax::parse("FROM a").0), None);
    }
}
