//! What images that many build on bring: the directory that a build starts in, the user, and
//! variables that files name paths by. Of other images nothing is known but what the caller says.

use super::listed;
use crate::text::Cut;

/// What is known of images. All of them run as root.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownImage {
    /// Their names, divided by blanks; those of Docker's official images without a registry.
    names: &'static str,
    /// The working directory.
    pub directory: &'static str,
    /// Variables, with their values.
    pub variables: &'static [(&'static str, &'static str)],
    /// The home directory of an account that it brings for its users; "" where there is none.
    pub home: &'static str,
}

const fn at(names: &'static str, directory: &'static str) -> KnownImage {
    KnownImage { names, directory, variables: &[], home: "" }
}

/// Where no other address stands: <https://github.com/docker-library/official-images>.
const IMAGES: &[KnownImage] = &[
    at(
        "almalinux alpine amazoncorretto amazonlinux bash buildpack-deps busybox centos debian \
         docker eclipse-temurin elixir erlang fedora gcc haskell julia mariadb maven mongo mysql \
         nginx openjdk oraclelinux postgres pypy python rockylinux swift ubuntu",
        "/",
    ),
    // https://github.com/composer/docker
    at("composer", "/app"),
    // https://github.com/docker-library/ruby/blob/master/Dockerfile.template
    KnownImage { variables: &[("BUNDLE_APP_CONFIG", "/usr/local/bundle")], ..at("ruby", "/") },
    // https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template
    KnownImage { variables: &[("GOPATH", "/go")], ..at("golang", "/go") },
    // https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#non-root-user
    KnownImage { home: "/home/node", ..at("node", "/") },
    // https://github.com/docker-library/httpd
    at("httpd", "/usr/local/apache2"),
    KnownImage { variables: PHP, ..at("php", "/") },
    // https://github.com/docker-library/redis
    at("redis", "/data"),
    // https://github.com/rust-lang/docker-rust
    KnownImage {
        variables: &[("CARGO_HOME", "/usr/local/cargo"), ("RUSTUP_HOME", "/usr/local/rustup")],
        ..at("rust", "/")
    },
    // https://github.com/docker-library/tomcat/blob/master/Dockerfile.template
    KnownImage {
        variables: &[("CATALINA_HOME", "/usr/local/tomcat")],
        ..at("tomcat", "/usr/local/tomcat")
    },
    // https://github.com/dotnet/dotnet-docker, https://catalog.redhat.com/en/software/base-images,
    // https://github.com/astral-sh/uv/blob/main/.github/workflows/build-docker.yml,
    // https://github.com/chainguard-images/images/tree/main/images/wolfi-base
    at(
        "cgr.dev/chainguard/wolfi-base ghcr.io/astral-sh/uv mcr.microsoft.com/dotnet/aspnet \
         mcr.microsoft.com/dotnet/runtime mcr.microsoft.com/dotnet/runtime-deps \
         mcr.microsoft.com/dotnet/sdk registry.access.redhat.com/ubi8/ubi \
         registry.access.redhat.com/ubi8/ubi-minimal registry.access.redhat.com/ubi9/ubi \
         registry.access.redhat.com/ubi9/ubi-minimal",
        "/",
    ),
    // https://github.com/oven-sh/bun/tree/main/dockerhub
    KnownImage { home: "/home/bun", ..at("oven/bun", "/home/bun/app") },
];

const PHP: &[(&str, &str)] = &[("PHP_INI_DIR", "/usr/local/etc/php")];

/// Those of php with a server start in the directory of its pages: `8.4-apache`, `8.4-fpm-alpine`.
/// <https://github.com/docker-library/php/blob/master/Dockerfile-linux.template>
const PHP_WITH_SERVER: KnownImage = KnownImage { variables: PHP, ..at("", "/var/www/html") };

/// What AWS's images for Lambda bring. <https://github.com/aws/aws-lambda-base-images>
const LAMBDA: KnownImage =
    KnownImage { variables: &[("LAMBDA_TASK_ROOT", "/var/task")], ..at("", "/var/task") };

/// Where the official images lie.
/// <https://gallery.ecr.aws/docker>, <https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images>
const OFFICIAL: [&str; 5] = [
    "docker.io/library/",
    "index.docker.io/library/",
    "library/",
    "mirror.gcr.io/library/",
    "public.ecr.aws/docker/library/",
];

/// Parts of tags that stand for something else: another user, another system, triggers.
const OTHERWISE: [&str; 6] =
    ["chiseled", "distroless", "nanoserver", "nonroot", "onbuild", "windows"];

/// What is known of the image `name`, of which a tag or a digest may stand behind it.
pub fn known_image(reference: &str) -> Option<&'static KnownImage> {
    let (name, tag) = named(reference);
    if OTHERWISE.iter().any(|part| tag.contains(part)) {
        return None;
    }
    if name.starts_with("public.ecr.aws/lambda/") || name.starts_with("amazon/aws-lambda-") {
        return Some(&LAMBDA);
    }
    let official = OFFICIAL.iter().find_map(|start| name.strip_prefix(start));
    let name = official.or(name.strip_prefix("docker.io/")).unwrap_or(name);
    if name == "php" && ["apache", "fpm"].iter().any(|server| tag.contains(server)) {
        return Some(&PHP_WITH_SERVER);
    }
    IMAGES.iter().find(|image| listed(image.names, |own| own == name))
}

/// Whether an image has the directories that nearly every one has: that of busybox has no
/// `/usr/local`.
pub fn has_standard_directories(reference: &str) -> bool {
    known_image(reference).is_some() && last_name(reference).0 != "busybox"
}

/// The parts of a reference: its name, and its tag or "".
fn named(reference: &str) -> (&str, &str) {
    let name = reference.split_once('@').map_or(reference, |(name, _)| name);
    match name.rsplit_once(':') {
        // A colon before a slash divides a host from its port.
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (name, ""),
    }
}

/// The last part of a reference's name, and its tag or "".
fn last_name(reference: &str) -> (&str, &str) {
    let (name, tag) = named(reference);
    (name.rsplit('/').next().unwrap_or(name), tag)
}

/// Whether `image` is the one that `since` names, of an earlier version: `rust 1.64 1.82`. The
/// first of the two counts where the files of the context are known, and the second where not.
pub fn is_older(image: &str, since: &str, files_are_known: bool) -> bool {
    let (name, tag) = last_name(image);
    let mut words = since.split(' ');
    let is_named = words.next() == Some(name);
    let version = |text: &str| -> Option<(u32, u32)> {
        let (major, rest) = text.split_once('.')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((major.parse().ok()?, rest.cut(..digits).parse().ok()?))
    };
    let from = words.nth(usize::from(!files_are_known)).and_then(version);
    is_named && from.zip(version(tag)).is_some_and(|(from, tag)| tag < from)
}

/// Whether `image` is the one that `since` names, of that version or a later one; a tag without a
/// minor version is of the last: `rust:1-slim`, `rust:bookworm`.
pub fn is_as_late(image: &str, since: &str) -> bool {
    let (name, tag) = last_name(image);
    let is_named = since.split(' ').next() == Some(name);
    let is_known = !image.contains(['$', '@']);
    is_named && is_known && !tag.starts_with('0') && !is_older(image, since, true)
}

/// Words of what has another toolchain run than the one that an image brings.
/// <https://rust-lang.github.io/rustup/overrides.html>
const CHOOSING: [&str; 6] = [
    "RUSTUP_TOOLCHAIN",
    "cargo +",
    "default-toolchain",
    "rustup default",
    "rustup override",
    "rustup toolchain",
];

/// Whether a Dockerfile may have another toolchain run than the one of its image.
pub fn chooses_toolchain(dockerfile: &str) -> bool {
    CHOOSING.iter().any(|words| dockerfile.contains(words))
}

/// Whether a Dockerfile names an earlier version of the tool that `since` names: `poetry==0.12.17`,
/// `POETRY_VERSION=0.12.17`, `ghcr.io/astral-sh/uv:0.3.0`.
pub fn names_older(dockerfile: &str, since: &str) -> bool {
    let Some((name, _)) = since.split_once(' ') else { return false };
    let variable = format!("{}_VERSION", name.to_ascii_uppercase());
    [name, &variable].iter().any(|word| {
        dockerfile.match_indices(word).any(|(at, _)| {
            let before = dockerfile.cut(..at);
            let behind = dockerfile.cut(at + word.len()..);
            let version = behind.trim_start_matches(['=', ':', '"', '\'']);
            let is_word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
            version.len() < behind.len()
                && !before.ends_with(is_word)
                && is_older(
                    &format!("{name}:{}", version.cut(..end.unwrap_or(version.len()))),
                    since,
                    true,
                )
        })
    })
}

/// Names of images, each with a tool that all its versions bring.
const TOOLS: &[(&str, &str)] = &[
    // https://github.com/corretto/corretto-docker
    ("amazoncorretto", JAVA),
    // https://github.com/adoptium/containers
    ("eclipse-temurin", JAVA),
    // https://github.com/docker-library/golang
    ("golang", "go"),
    // https://github.com/gradle/docker-gradle
    ("gradle", "gradle"),
    ("gradle", JAVA),
    // https://github.com/carlossg/docker-maven
    ("maven", "maven"),
    ("maven", JAVA),
    // https://github.com/docker-library/openjdk
    ("openjdk", JAVA),
    // https://github.com/rust-lang/docker-rust
    ("rust", "cargo"),
];

/// What runs `gradlew` and `mvnw`.
const JAVA: &str = "java";

/// Tools that a project may bring, each with what runs them.
const BROUGHT: &[(&str, &str)] = &[("gradle", JAVA), ("maven", JAVA)];

/// The SDK of .NET, which has no name of its own.
/// <https://github.com/dotnet/dotnet-docker/blob/main/README.sdk.md>
const DOTNET_SDK: &str = "mcr.microsoft.com/dotnet/sdk";

/// Whether `image` brings the tool of this name: `golang:1.25-alpine` brings `go`.
pub fn brings_tool(image: &str, tool: &str) -> bool {
    TOOLS.contains(&(last_name(image).0, tool)) || tool == "dotnet" && named(image).0 == DOTNET_SDK
}

/// Whether `image` brings what runs the tool of this name where the project brings that itself:
/// `eclipse-temurin:21` runs `./gradlew`.
pub fn runs_tool(image: &str, tool: &str) -> bool {
    BROUGHT.iter().any(|&(own, runtime)| own == tool && brings_tool(image, runtime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_named_in_many_ways() {
        for line in [
            "RUN pip install poetry==0.12.17",
            "RUN pip install \"poetry==0.12\" wheel",
            "ENV POETRY_VERSION=0.9.1\nRUN pip install poetry==$POETRY_VERSION",
        ] {
            assert!(names_older(line, "poetry 1.0 1.0"), "{line}");
        }
        for line in [
            "RUN pip install poetry==1.8.2",
            "RUN pip install my-poetry==0.1",
            "RUN poetry install",
        ] {
            assert!(!names_older(line, "poetry 1.0 1.0"), "{line}");
        }
        assert!(names_older("COPY --from=ghcr.io/astral-sh/uv:0.3.0 /uv /bin/", "uv 0.4 0.4"));
        assert!(!names_older("COPY --from=ghcr.io/astral-sh/uv:0.5.1 /uv /bin/", "uv 0.4 0.4"));
        assert!(!names_older("FROM ghcr.io/astral-sh/uv:latest", "uv 0.4 0.4"));
    }

    #[test]
    fn images_are_known_by_their_names() {
        let directory = |reference: &str| known_image(reference).map(|image| image.directory);
        for reference in
            ["node", "node:22-alpine", "docker.io/library/node:22", "library/node@sha256:00"]
        {
            assert_eq!(directory(reference), Some("/"), "{reference}");
        }
        assert_eq!(directory("public.ecr.aws/docker/library/golang:1.22"), Some("/go"));
        assert_eq!(directory("public.ecr.aws/lambda/python:3.12"), Some("/var/task"));
        for (reference, expected) in [
            ("php:8.4", "/"),
            ("php:8.4-cli-alpine", "/"),
            ("php:8.4-fpm-alpine", "/var/www/html"),
            ("docker.io/library/php:8.4-apache-bookworm", "/var/www/html"),
        ] {
            assert_eq!(directory(reference), Some(expected), "{reference}");
        }
        assert_eq!(directory("mcr.microsoft.com/dotnet/aspnet:8.0"), Some("/"));
        for reference in [
            "me/node",
            "localhost:5000/node",
            "node:8-onbuild",
            "mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled",
            "python:3.12-windowsservercore",
            "mynode",
        ] {
            assert_eq!(known_image(reference), None, "{reference}");
        }
    }

    #[test]
    fn versions_of_images() {
        let older = |image| is_older(image, "rust 1.64 1.82", true);
        assert!(older("rust:1.60-slim") && older("docker.io/library/rust:1.63.0@sha256:1"));
        assert!(!older("rust:1.64") && !older("rust:1") && !older("rust") && !older("rusty:1.60"));
        assert!(is_older("rust:1.70", "rust 1.64 1.82", false));
        assert!(!is_older("rust:1.70", "", true));
    }

    #[test]
    fn images_bring_their_tools() {
        assert!(brings_tool("golang:1.25-alpine", "go"));
        assert!(brings_tool("docker.io/library/rust@sha256:1", "cargo"));
        assert!(!brings_tool("debian:12", "go") && !brings_tool("golang:1", "cargo"));
        assert!(brings_tool("mcr.microsoft.com/dotnet/sdk:9.0-alpine", "dotnet"));
        assert!(!brings_tool("mcr.microsoft.com/dotnet/aspnet:9.0", "dotnet"));
        assert!(!brings_tool("example.com/dotnet/sdk", "dotnet"));
        assert!(runs_tool("eclipse-temurin:21-jdk", "maven") && runs_tool("gradle:8", "maven"));
        assert!(!runs_tool("debian:12", "maven") && !runs_tool("eclipse-temurin:21", "go"));
        for (image, name) in TOOLS.iter().filter(|(_, name)| *name != JAVA) {
            assert!(crate::ecosystem::tools().any(|tool| tool.name == *name), "{image}");
        }
    }
}
