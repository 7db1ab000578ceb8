//! Tools that images bring, so that a step can use them before anything is installed.

/// Names of images, and the tools that all their versions bring, both divided by blanks.
const BROUGHT: &[(&str, &str)] = &[
    // https://github.com/docker-library/golang
    ("golang", "go"),
    // https://github.com/rust-lang/docker-rust
    ("rust", "cargo"),
    // https://github.com/carlossg/docker-maven
    ("maven", "maven"),
    // https://github.com/keeganwitt/docker-gradle
    ("gradle", "gradle"),
    // https://github.com/sbt/docker-sbt
    ("scala-sbt", "sbt"),
    // https://github.com/haskell/docker-haskell
    ("haskell", "cabal stack"),
    // https://github.com/dart-lang/dart-docker
    ("dart", "dart"),
    // https://github.com/crystal-lang/distribution-scripts
    ("crystal", "shards"),
];

/// Whether `image` brings the tool of this name: `golang:1.25-alpine` brings `go`.
pub fn brings_tool(image: &str, tool: &str) -> bool {
    let image = image.split('@').next().unwrap_or("");
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split(':').next().unwrap_or(name);
    let named = |names: &str, name: &str| names.split(' ').any(|other| other == name);
    BROUGHT.iter().any(|(images, tools)| named(images, name) && named(tools, tool))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::tools;

    #[test]
    fn images_bring_their_tools() {
        assert!(brings_tool("golang:1.25-alpine", "go"));
        assert!(brings_tool("docker.io/library/rust@sha256:1", "cargo"));
        assert!(!brings_tool("debian:12", "go") && !brings_tool("golang:1", "cargo"));
    }

    #[test]
    fn all_tools_have_tables() {
        let names = BROUGHT.iter().flat_map(|(_, names)| names.split(' '));
        for name in names {
            assert!(tools().any(|tool| tool.name == name), "{name}");
        }
    }
}
