//! Image references: registry, name, tag and digest of what FROM, `COPY --from` and
//! `--mount=from=` name.
//!
//! The splitting is `dockerfile_parser::ImageRef`'s, on a reference whose variables were
//! expanded before and whose digest was cut off before: it drops a tag that stands before
//! a digest, and takes the `:` of `${x:-y}` for a tag's. Whether a name is that of a stage
//! is not known here.

use dockerfile_parser::ImageRef;

/// The parts of an image reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// The registry's host, where one is written.
    pub registry: Option<String>,
    /// The repository, as written: `alpine`, `library/alpine`, `org/team/app`.
    pub name: String,
    /// Behind the colon.
    pub tag: Option<String>,
    /// Behind the `@`, with its algorithm: `sha256:...`.
    pub digest: Option<String>,
}

impl Image {
    /// Splits `reference`, in which no variables are left.
    pub fn parse(reference: &str) -> Image {
        let (reference, digest) = match reference.split_once('@') {
            Some((reference, digest)) => (reference, Some(digest.to_owned())),
            None => (reference, None),
        };
        let ImageRef { registry, image, tag, hash: _ } = ImageRef::parse(reference);
        Image { registry, name: image, tag, digest }
    }

    /// Whether this is `scratch`, the image without content.
    pub fn is_scratch(&self) -> bool {
        self.name == "scratch" && (&self.registry, &self.tag, &self.digest) == (&None, &None, &None)
    }

    /// The name without registry and organisation: `node` of `docker.io/library/node:22`.
    pub fn base_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether it is one of Docker Hub's official images, such as `node` or
    /// `docker.io/library/node`.
    pub fn is_official(&self) -> bool {
        let hub = ["docker.io", "index.docker.io", "registry-1.docker.io"];
        let on_hub = self.registry.as_deref().is_none_or(|host| hub.contains(&host));
        let name = self.name.strip_prefix("library/").unwrap_or(&self.name);
        on_hub && !name.contains('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::expand::expand;

    fn parts(reference: &str) -> [Option<String>; 4] {
        let Image { registry, name, tag, digest } = Image::parse(reference);
        [registry, Some(name), tag, digest]
    }

    fn some(parts: [&str; 4]) -> [Option<String>; 4] {
        parts.map(|part| (!part.is_empty()).then(|| part.to_owned()))
    }

    #[test]
    fn references_in_their_forms() {
        assert_eq!(parts("alpine"), some(["", "alpine", "", ""]));
        assert_eq!(parts("alpine:3.20"), some(["", "alpine", "3.20", ""]));
        assert_eq!(parts("org/app:1"), some(["", "org/app", "1", ""]));
        assert_eq!(parts("ghcr.io/org/app:1"), some(["ghcr.io", "org/app", "1", ""]));
        assert_eq!(parts("localhost/app"), some(["localhost", "app", "", ""]));
        assert_eq!(parts("host:5000/app:1"), some(["host:5000", "app", "1", ""]));
        assert_eq!(parts("app@sha256:ab"), some(["", "app", "", "sha256:ab"]));
        assert_eq!(Image::parse("").name, "");
    }

    #[test]
    fn a_tag_before_a_digest_is_kept() {
        assert_eq!(parts("a:b@sha256:cd"), some(["", "a", "b", "sha256:cd"]));
        assert_eq!(parts("h:1/a:b@sha256:cd"), some(["h:1", "a", "b", "sha256:cd"]));
        // What the crate makes of it by itself:
        let alone = ImageRef::parse("a:b@sha256:cd");
        assert_eq!((alone.image.as_str(), alone.tag), ("a:b", None));
    }

    #[test]
    fn a_default_is_expanded_first() {
        let expanded = expand("${X:-a:b}", '\\', |_| None).text;
        assert_eq!(parts(&expanded), some(["", "a", "b", ""]));
        // What the crate makes of it by itself:
        let alone = ImageRef::parse("${X:-a:b}");
        assert_eq!((alone.image.as_str(), alone.tag.as_deref()), ("${X", Some("-a:b}")));
    }

    #[test]
    fn scratch_and_official_images() {
        assert!(Image::parse("scratch").is_scratch());
        assert!(!Image::parse("org/scratch").is_scratch());
        assert!(!Image::parse("scratch:1").is_scratch());
        for official in ["node", "node:22", "library/node", "docker.io/library/node@sha256:a"] {
            let image = Image::parse(official);
            assert!(image.is_official(), "{official}");
            assert_eq!(image.base_name(), "node");
        }
        for other in ["org/node", "ghcr.io/node", "docker.io/org/node"] {
            assert!(!Image::parse(other).is_official(), "{other}");
            assert_eq!(Image::parse(other).base_name(), "node");
        }
    }
}
