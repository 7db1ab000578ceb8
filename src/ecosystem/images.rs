//! Variables that official images set for their users, in all their versions: files name paths
//! by them. Of other images nothing is known but what the caller says.

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
