//! What names a base image: its digest where it is known, else its reference in full.

use super::build::Build;
use crate::digest::{Digest, Numbers};
use crate::syntax::image::Image;

/// The digests of base images.
pub(super) struct ImageDigests<'b> {
    /// For references of images, as given and in full, which of `known` it is.
    by_reference: Numbers,
    known: Vec<&'b str>,
}

impl<'b> ImageDigests<'b> {
    /// Those that `build` is given.
    pub fn new(build: &'b Build) -> ImageDigests<'b> {
        let mut by_reference = Numbers::default();
        for (at, reference) in build.base_digests.keys().enumerate() {
            by_reference.keep(number(&full_name(reference)), at as u64);
        }
        for (at, reference) in build.base_digests.keys().enumerate() {
            by_reference.set(number(reference), at as u64);
        }
        ImageDigests {
            by_reference,
            known: build.base_digests.values().map(String::as_str).collect(),
        }
    }

    /// What names the image `reference`.
    pub fn name(&self, reference: &str) -> String {
        let known = |reference: &str| Some(self.known[self.by_reference.index(number(reference))?]);
        if let Some(digest) = known(reference) {
            return digest.to_owned();
        }
        let full = full_name(reference);
        match (full.strip_prefix("@"), known(&full)) {
            (Some(digest), _) | (None, Some(digest)) => digest.to_owned(),
            (None, None) => full,
        }
    }
}

/// `docker.io/library/node:latest` for `node`; `@` and the digest where the reference has one.
fn full_name(reference: &str) -> String {
    let image = Image::parse(reference);
    if let Some(digest) = image.digest {
        return format!("@{digest}");
    }
    let registry = match image.registry.as_deref() {
        None | Some("index.docker.io" | "registry-1.docker.io") => "docker.io",
        Some(registry) => registry,
    };
    let library =
        if registry == "docker.io" && !image.name.contains('/') { "library/" } else { "" };
    let tag = image.tag.as_deref().unwrap_or("latest");
    format!("{registry}/{library}{}:{tag}", image.name)
}

fn number(name: &str) -> u64 {
    Digest::of(name).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_named_in_full_or_by_digest() {
        let build = Build {
            base_digests: [("node".to_owned(), "sha256:1".to_owned())].into(),
            ..Build::default()
        };
        let digests = ImageDigests::new(&build);
        for (reference, expected) in [
            ("alpine", "docker.io/library/alpine:latest"),
            ("docker.io/library/alpine", "docker.io/library/alpine:latest"),
            ("org/a:1", "docker.io/org/a:1"),
            ("ghcr.io/a", "ghcr.io/a:latest"),
            ("alpine:3@sha256:2", "sha256:2"),
            ("node:latest", "sha256:1"),
        ] {
            assert_eq!(digests.name(reference), expected);
        }
    }
}
