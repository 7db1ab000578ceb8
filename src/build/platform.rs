//! Platforms, and the build arguments that BuildKit sets by itself.
//!
//! Names are normalised as far as Dockerfiles use them: `x86_64`, `aarch64`, `arm/v7`.

use super::Given;
use crate::digest::Digest;

/// An operating system, an architecture and its variant (empty where there is none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// `linux`.
    pub os: String,
    /// `amd64`.
    pub architecture: String,
    /// `v7` of `arm/v7`.
    pub variant: String,
}

impl Default for Platform {
    fn default() -> Platform {
        Platform::parse("linux/amd64")
    }
}

impl Platform {
    /// Reads `os/architecture[/variant]`, or one of the first two.
    ///
    /// <https://github.com/containerd/platforms/blob/main/platforms.go>
    pub fn parse(text: &str) -> Platform {
        let mut parts = text.split('/');
        let first = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (os, architecture) = match parts.next() {
            Some(architecture) => (first, architecture.to_ascii_lowercase()),
            None if matches!(first.as_str(), "linux" | "windows" | "darwin" | "freebsd") => {
                (first, "amd64".to_owned())
            }
            None => ("linux".to_owned(), first),
        };
        let variant = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
            ("x86_64" | "x86-64" | "amd64", "" | "v1") => ("amd64", ""),
            ("x86_64" | "x86-64", other) => ("amd64", other),
            ("aarch64" | "arm64", "" | "8" | "v8") => ("arm64", ""),
            ("aarch64", other) => ("arm64", other),
            ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
            ("armel", _) | ("arm", "6") => ("arm", "v6"),
            ("arm", "5") => ("arm", "v5"),
            ("i386" | "i486" | "i586" | "i686", _) => ("386", ""),
            other => other,
        };
        Platform { os, architecture: architecture.to_owned(), variant: variant.to_owned() }
    }

    /// Adds it to a number.
    pub fn add(&self, digest: Digest) -> Digest {
        digest.text(&self.os).text(&self.architecture).text(&self.variant)
    }

    /// `os/architecture[/variant]`.
    fn text(&self) -> String {
        let parts = [&self.os, &self.architecture, &self.variant];
        let parts: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
        parts.join("/").trim_end_matches('/').to_owned()
    }
}

/// Whether the builder gives this build argument its value.
pub fn is_set_by_builder(name: &str) -> bool {
    let rest = name.strip_prefix("BUILD").or_else(|| name.strip_prefix("TARGET"));
    rest.is_some_and(|rest| SET.contains(&rest))
}

/// What the names of such arguments end in.
const SET: [&str; 6] = ["ARCH", "OS", "OSVERSION", "PLATFORM", "STAGE", "VARIANT"];

/// The value of an argument that needs no declaration before FROM, in a build that ends in `stage`. The machine that builds is taken for a `linux/amd64`.
///
/// `defaultArgs` in
/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/defaultargs.go>
pub(super) fn default_argument(name: &str, given: &Given<'_>, stage: &str) -> Option<String> {
    if !is_set_by_builder(name) || name == "BUILDSTAGE" {
        return None;
    }
    if let Some(passed) = given.build_args.get(name) {
        return Some(passed.clone());
    }
    let own = Platform::default();
    let (platform, rest) = match name.strip_prefix("TARGET") {
        Some(rest) => (&given.platform, rest),
        None => (&own, name.strip_prefix("BUILD")?),
    };
    Some(match rest {
        "PLATFORM" => platform.text(),
        "OS" => platform.os.clone(),
        "ARCH" => platform.architecture.clone(),
        "VARIANT" => platform.variant.clone(),
        "OSVERSION" => String::new(),
        _ if stage.is_empty() => "default".to_owned(),
        _ => stage.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Options;

    #[test]
    fn names_are_normalised() {
        for (text, expected) in [
            ("linux/amd64", "linux/amd64"),
            ("linux/x86_64", "linux/amd64"),
            ("arm64", "linux/arm64"),
            ("linux/arm64/v8", "linux/arm64"),
            ("linux/arm", "linux/arm/v7"),
            ("linux/arm/v6", "linux/arm/v6"),
            ("windows", "windows/amd64"),
        ] {
            assert_eq!(Platform::parse(text).text(), expected);
        }
    }

    #[test]
    fn arguments_have_values_of_their_own() {
        let options = Options {
            build_args: [("TARGETOS".to_owned(), "plan9".to_owned())].into(),
            ..Options::default()
        };
        let given = Given { platform: Platform::parse("linux/arm64"), ..Given::of(&options) };
        for (name, value) in [
            ("BUILDPLATFORM", "linux/amd64"),
            ("TARGETARCH", "arm64"),
            ("TARGETOS", "plan9"),
            ("TARGETVARIANT", ""),
            ("TARGETSTAGE", "default"),
        ] {
            let found = default_argument(name, &given, "");
            assert_eq!(found.as_deref(), Some(value), "{name}");
        }
        for name in ["TARGETX", "BUILDSTAGE"] {
            assert_eq!(default_argument(name, &given, ""), None);
        }
    }
}
