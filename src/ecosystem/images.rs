//! Variables that official images set for their users, in all their versions: files name paths
//! by them. Of other images nothing is known but what the caller says.

use crate::text::Cut;

/// An image's name, and its variables with their values.
type Brought = (&'static str, &'static [(&'static str, &'static str)]);

const IMAGES: &[Brought] = &[
    // https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template
    ("golang", &[("GOPATH", "/go")]),
    // https://github.com/docker-library/php/blob/master/Dockerfile-linux.template
    ("php", &[("PHP_INI_DIR", "/usr/local/etc/php")]),
    // https://github.com/rust-lang/docker-rust
    ("rust", &[("CARGO_HOME", "/usr/local/cargo"), ("RUSTUP_HOME", "/usr/local/rustup")]),
    // https://github.com/docker-library/tomcat/blob/master/Dockerfile.template
    ("tomcat", &[("CATALINA_HOME", "/usr/local/tomcat")]),
];

/// The variables of the official image `name` for Linux.
pub fn variables_of(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let image = IMAGES.iter().find(|(image, _)| *image == name);
    image.into_iter().flat_map(|(_, variables)| variables.iter().copied())
}

/// How the names of AWS's images for Lambda start.
/// <https://github.com/aws/aws-lambda-base-images>
const LAMBDA: &[&str] = &["public.ecr.aws/lambda/", "amazon/aws-lambda-"];

/// The directory that the image `name` starts in, behind the variable that names it.
pub fn start_of(name: &str) -> Option<(&'static str, &'static str)> {
    let is_lambda = LAMBDA.iter().any(|start| name.starts_with(start));
    is_lambda.then_some(("LAMBDA_TASK_ROOT", "/var/task"))
}

/// Whether `image` is the one that `since` names, of an earlier version: `rust 1.64 1.82`. The
/// first of the two counts where the files of the context are known, and the second where not.
pub fn is_older(image: &str, since: &str, files_are_known: bool) -> bool {
    let image = image.split('@').next().unwrap_or("");
    let name = image.rsplit('/').next().unwrap_or(image);
    let mut words = since.split(' ');
    let tag = words.next().and_then(|image| name.strip_prefix(image)?.strip_prefix(':'));
    let version = |text: &str| -> Option<(u32, u32)> {
        let (major, rest) = text.split_once('.')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((major.parse().ok()?, rest.cut(..digits).parse().ok()?))
    };
    let from = words.nth(usize::from(!files_are_known)).and_then(version);
    from.zip(tag.and_then(version)).is_some_and(|(from, tag)| tag < from)
}

#[cfg(test)]
mod tests {
    use super::is_older;

    #[test]
    fn versions_of_images() {
        let older = |image| is_older(image, "rust 1.64 1.82", true);
        assert!(older("rust:1.60-slim") && older("docker.io/library/rust:1.63.0@sha256:1"));
        assert!(!older("rust:1.64") && !older("rust:1") && !older("rust") && !older("rusty:1.60"));
        assert!(is_older("rust:1.70", "rust 1.64 1.82", false));
        assert!(!is_older("rust:1.70", "", true));
    }
}
