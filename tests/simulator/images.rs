//! The images that cases are built on: what of them a build may see.

use super::files::{Failure, Files, Node, Owner, ROOT};

/// An image: its files, its variables and its working directory.
pub struct Image {
    pub files: Files,
    pub variables: &'static [(&'static str, &'static str)],
    pub directory: &'static str,
}

const DIRECTORIES: &[&str] = &[
    "/etc",
    "/etc/apt",
    "/etc/apt/apt.conf.d",
    "/etc/apt/sources.list.d",
    "/home",
    "/opt",
    "/root",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/share",
    "/var",
    "/var/lib",
    "/var/lib/apt",
    "/var/lib/apt/lists",
    "/var/lib/dpkg",
];

const PATH: (&str, &str) = ("PATH", "/usr/local/bin:/usr/bin:/bin");

pub fn image(name: &str) -> Result<Image, Failure> {
    let (name, tag) = name.split_once(':').unwrap_or((name, ""));
    let mut files = Files::empty();
    if name == "ghcr.io/astral-sh/uv" && !tag.starts_with("python") {
        for path in ["/uv", "/uvx"] {
            files.0.insert(path.into(), Node::file("of the image\n", 0o755, ROOT));
        }
        return Ok(Image { files, variables: &[], directory: "/" });
    }
    if name == "scratch" {
        return Ok(Image { files, variables: &[], directory: "/" });
    }
    for path in DIRECTORIES {
        files.0.insert(path.to_string(), Node::directory(0o755, ROOT));
    }
    files.0.insert("/bin".into(), Node::link("usr/bin", ROOT));
    files.0.get_mut("/tmp").expect("it is listed").mode = 0o777;
    files.0.get_mut("/root").expect("it is listed").mode = 0o700;
    let mut file = |path: &str, text: &str, mode| {
        files.0.insert(path.into(), Node::file(text, mode, ROOT));
    };
    file("/etc/passwd", "root:0\n", 0o644);
    file("/etc/apt/sources.list", "debian\n", 0o644);
    file("/var/lib/dpkg/status", "base\n", 0o644);
    if name != "debian" {
        files.make_all("/etc/ssl/certs", 0o755, ROOT).expect("/etc is there");
        let certificates = Node::file("of the image\n", 0o644, ROOT);
        files.0.insert("/etc/ssl/certs/ca-certificates.crt".into(), certificates);
    }
    let mut tool = |path: &str| {
        files.make_all(super::files::parent(path), 0o755, ROOT).expect("directories");
        files.0.insert(path.into(), Node::file("of the image\n", 0o755, ROOT));
    };
    let (variables, directory): (&[_], _) = match name {
        "python" => {
            tool("/usr/local/bin/python");
            (&[PATH, ("PYTHON_VERSION", "3.13")], "/")
        }
        "ghcr.io/astral-sh/uv" => {
            tool("/usr/local/bin/python");
            tool("/usr/local/bin/uv");
            (&[PATH, ("PYTHON_VERSION", "3.13")], "/")
        }
        "php" => {
            tool("/usr/local/bin/php");
            (&[PATH], "/")
        }
        "composer" => {
            tool("/usr/local/bin/php");
            tool("/usr/bin/composer");
            files.0.insert("/app".into(), Node::directory(0o755, ROOT));
            (&[PATH, ("COMPOSER_HOME", "/tmp")], "/app")
        }
        "ruby" => {
            tool("/usr/local/bin/bundle");
            files.0.insert("/usr/local/bundle".into(), Node::directory(0o777, ROOT));
            (
                &[
                    PATH,
                    ("GEM_HOME", "/usr/local/bundle"),
                    ("BUNDLE_APP_CONFIG", "/usr/local/bundle"),
                ],
                "/",
            )
        }
        "mcr.microsoft.com/dotnet/sdk" => {
            tool("/usr/bin/dotnet");
            (&[PATH], "/")
        }
        "maven" => {
            tool("/usr/bin/mvn");
            (&[PATH], "/")
        }
        "node" => {
            tool("/usr/local/bin/node");
            files.0.insert("/etc/passwd".into(), Node::file("root:0\nnode:1000\n", 0o644, ROOT));
            let home = Node::directory(0o755, Owner(1000, 1000));
            files.0.insert("/home/node".into(), home);
            (&[PATH, ("NODE_VERSION", "24")], "/")
        }
        "golang" => {
            tool("/usr/local/go/bin/go");
            for path in ["/go", "/go/src", "/go/bin"] {
                files.0.insert(path.into(), Node::directory(0o777, ROOT));
            }
            (&[PATH, ("GOPATH", "/go")], "/go")
        }
        "rust" => {
            tool("/usr/local/cargo/bin/cargo");
            (&[PATH, ("CARGO_HOME", "/usr/local/cargo"), ("RUSTUP_HOME", "/usr/local/rustup")], "/")
        }
        "debian" => (&[PATH], "/"),
        other => return Err(format!("no image {other}")),
    };
    Ok(Image { files, variables, directory })
}
