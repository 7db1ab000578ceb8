//! What kind of files a COPY or ADD brings: how often they change, going by their names where no
//! history says so.
//!
//! Facts about the habits of projects, in tables; facts about package managers are in
//! `ecosystem`.

use crate::bytes::{Bytes, lower};
use crate::context::base_name;
use crate::digest::{Digest, Numbers};
use crate::ecosystem::{is_manifest, is_package_file, is_pruned_workspace};
use std::sync::OnceLock;

/// What a copy brings; the kind that changes most often counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// Nothing, or what the Dockerfile holds itself.
    Nothing,
    /// Manifests and lock files.
    Manifests,
    /// Scripts, settings and other files that change rarely.
    Helpers,
    /// Something built before: it changes whenever the source does.
    Artifacts,
    /// Source files.
    Source,
}

impl Content {
    /// Whether it changes at almost every build.
    pub fn is_volatile(self) -> bool {
        self >= Content::Artifacts
    }
}

/// The share of commits from which on a history says of a file that it changes often: one of fifty.
pub const OFTEN: f64 = 0.02;

/// File endings of what people write every day. What has another ending, or none, is a script,
/// a setting or data: it changes rarely.
const SOURCE_ENDINGS: &str = "asm astro bas c cc cjs clj cljc cljs coffee cpp cr cs cshtml css \
    cts cu cuh cxx d dart ejs el elm erb erl ex exs f f90 fs fsx gleam go gql graphql groovy h \
    haml hbs heex hpp hrl hs htm html hx ipynb java jinja jinja2 jl js jsp jsx kt kts less lisp \
    liquid lua m mdx mjs ml mli mm mts nim nix pas php phtml pl pm proto pug purs py pyx qmd r \
    razor rb re res rkt rmd rs s sass scala scm scss slim sol svelte swift tcl tf thrift ts \
    tsx twig v vb vhd vue wat zig";

/// Names, without an ending, of scripts and settings.
const HELPER_STEMS: &[&str] = &[
    "bootstrap",
    "build",
    "checksums",
    "configure",
    "copying",
    "entrypoint",
    "entry",
    "healthcheck",
    "init",
    "install",
    "license",
    "makefile",
    "motd",
    "notice",
    "run",
    "setup",
    "start",
    "startup",
    "stop",
    "wait-for-it",
    "wait-for",
    "docker-entrypoint",
    "dockerfile",
    "readme",
    "version",
    "sshd_config",
    "crontab",
];

/// Names of scripts that prepare an image or start it, in any language, and of files that say
/// little but a version.
const HELPER_SCRIPTS: &[&str] = &[
    "__init__",
    "__version__",
    "_version",
    "bootstrap",
    "configure",
    "docker-entrypoint",
    "entrypoint",
    "healthcheck",
    "init",
    "install",
    "version",
    "wait-for",
    "wait-for-it",
];

/// How names of such scripts start: `install-imagemagick`.
const HELPER_STARTS: &[&str] = &[
    "bootstrap-",
    "build-",
    "configure-",
    "docker-",
    "entrypoint-",
    "install-",
    "install_",
    "makefile",
    "setup-",
    "setup_",
    "wait-for",
];

/// Names of files that have no ending.
pub(super) const FILES: &[&str] = &[
    "AUTHORS",
    "CHANGELOG",
    "Caddyfile",
    "Capfile",
    "Containerfile",
    "Dockerfile",
    "Guardfile",
    "Jenkinsfile",
    "Justfile",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "Procfile",
    "README",
    "Rakefile",
    "Tiltfile",
    "VERSION",
    "Vagrantfile",
    "justfile",
    "makefile",
];

/// Directories of settings and scripts.
const HELPER_DIRECTORIES: &[&str] = &[
    "bin",
    "build_files",
    "ca",
    "ca-certificates",
    "cert",
    "certificates",
    "certs",
    "conf",
    "conf.d",
    "config",
    "configs",
    "configuration",
    "deploy",
    "dev-scripts",
    "docker",
    "dockerfiles",
    "entrypoint",
    "entrypoints",
    "etc",
    "files",
    "fonts",
    "fs",
    "hooks",
    "init",
    "install",
    "keys",
    "library-scripts",
    "license",
    "licenses",
    "nginx",
    "ops",
    "patches",
    "prisma",
    "provision",
    "provisioning",
    "root",
    "rootfs",
    "s6",
    "script",
    "scripts",
    "secrets",
    "setup",
    "ssh",
    "ssl",
    "supervisor",
    "systemd",
    "templates",
    "tls",
    "tools",
    "usr",
    // Other people's code.
    "vendor",
];

/// Endings and directories of what a build makes.
const ARTIFACT_ENDINGS: &[&str] = &[".dll", ".ear", ".exe", ".jar", ".war", ".whl", ".nupkg"];
const ARTIFACT_DIRECTORIES: &[&str] =
    &["_build", "artifacts", "build", "dist", "out", "publish", "target"];

/// Directories of code from elsewhere: it changes with the manifests that name it.
const FOREIGN_DIRECTORIES: &[&str] =
    &["node_modules", "third-party", "third_party", "thirdparty", "vendor"];

/// Archives: unpacked by ADD; they rarely change.
const ARCHIVE_ENDINGS: &[&str] = &[".bz2", ".gz", ".tar", ".tgz", ".txz", ".xz", ".zip", ".zst"];

/// Whether a file of source has the name of a program's first one.
fn is_program(name: &str) -> bool {
    matches!(name.split('.').next(), Some("app" | "main"))
}

/// Whether ADD unpacks a file of this name.
pub fn is_archive(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    ARCHIVE_ENDINGS.iter().any(|end| end != &".zip" && lower.ends_with(end))
}

/// What a file of the context is.
pub fn of_file(path: &str) -> Content {
    let lower = lower(path);
    let (directories, name) = lower.last_halves(b'/').unwrap_or(("", &lower));
    if is_manifest(path) || is_foreign(directories) {
        return Content::Manifests;
    }
    if ARTIFACT_ENDINGS.iter().any(|end| name.ends_with(end)) {
        return Content::Artifacts;
    }
    let ending = name.trim_start_matches('.').last_halves(b'.').map_or("", |(_, ending)| ending);
    let is_source = !ending.is_empty() && is_source_ending(ending);
    if is_source && !is_helper(name) { Content::Source } else { Content::Helpers }
}

/// Whether `ending` is one of [`SOURCE_ENDINGS`].
fn is_source_ending(ending: &str) -> bool {
    static ENDINGS: OnceLock<Numbers> = OnceLock::new();
    let endings = ENDINGS.get_or_init(|| {
        let mut endings = Numbers::default();
        for ending in SOURCE_ENDINGS.parts(b' ') {
            endings.set(Digest::of(ending).end(), 0);
        }
        endings
    });
    endings.get(Digest::of(ending).end()).is_some()
}

/// What a source is that may be a file or a directory.
pub fn of_name(path: &str) -> Content {
    let name = base_name(path.trim_end_matches('/'));
    let is_file = name.trim_start_matches('.').contains('.') && !is_named_for_a_project(name);
    of_name_as(path, is_file)
}

/// The same of a directory, whatever its name looks like.
pub fn of_directory(path: &str) -> Content {
    of_name_as(path, false)
}

/// Whether a name with a dot is that of a directory, as those of .NET projects are: `Shop.Web`.
pub(super) fn is_named_for_a_project(name: &str) -> bool {
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    let capital = ending.starts_with(|c: char| c.is_ascii_uppercase());
    capital && (ending.contains(|c: char| c.is_ascii_lowercase()) || matches!(ending, "API" | "UI"))
}

fn of_name_as(path: &str, is_file: bool) -> Content {
    // `certs/*`: what is in the directory. `requirements.txt*`: the file, or nothing.
    // `./*` is `*`.
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let path = path.strip_suffix("/*").unwrap_or(path);
    let path = path.strip_suffix('*').filter(|path| is_manifest(path)).unwrap_or(path);
    let lower = lower(path);
    let (directories, name) = lower.last_halves(b'/').unwrap_or(("", &lower));
    let mut above = directories.parts(b'/');
    let artifact = |name: &str| ARTIFACT_DIRECTORIES.contains(&name);
    if is_manifest(path) || is_foreign(&lower) || is_pruned_workspace(&lower) {
        return Content::Manifests;
    }
    if is_file && !name.ends_with(".d") {
        return match of_file(path) {
            // A script among scripts, unless it is the program itself.
            Content::Source
                if !is_program(name) && above.any(|name| HELPER_DIRECTORIES.contains(&name)) =>
            {
                Content::Helpers
            }
            // `build` may hold what builds the image as well.
            Content::Helpers
                if above
                    .any(|name| artifact(name) && (name != "build" || is_package_file(path))) =>
            {
                Content::Artifacts
            }
            Content::Source if directories.parts(b'/').any(artifact) => Content::Artifacts,
            kind => kind,
        };
    }
    let helps = HELPER_DIRECTORIES.contains(&name)
        || is_helper(name)
        || is_package_file(name)
        || name.ends_with(".d")
        || name.starts_with("rootfs")
        || name.ends_with("overlay")
        // A key of SSH.
        || name.ends_with("_rsa");
    if artifact(name) {
        Content::Artifacts
    } else if helps {
        Content::Helpers
    } else if above.any(artifact) {
        Content::Artifacts
    } else {
        Content::Source
    }
}

/// What a path of a stage is that follows the source. Its own `bin` holds what was built there.
pub fn of_made(path: &str) -> Content {
    match path.trim_end_matches('/').strip_suffix("/bin") {
        Some(directory) if !matches!(directory, "" | "/usr" | "/usr/local") => Content::Artifacts,
        _ => of_name(path),
    }
}

/// Whether a directory, or one above it, is of code from elsewhere.
pub fn is_foreign(directory: &str) -> bool {
    directory.parts(b'/').any(|name| FOREIGN_DIRECTORIES.contains(&name))
}

/// Whether a name, in lower case, is that of a script or a setting, whatever its ending.
fn is_helper(name: &str) -> bool {
    let (stem, endings) = name.halves(b'.').unwrap_or((name, ""));
    let plain = stem.len() == name.len();
    let mut between = endings.last_halves(b'.').map_or("", |(between, _)| between).parts(b'.');
    name.starts_with('.')
        || between.any(|part| part == "config")
        || name.starts_with("makefile")
        || HELPER_SCRIPTS.contains(&stem)
        || HELPER_STARTS.iter().any(|start| name.starts_with(start))
        // Caddyfile, Procfile, Vagrantfile.
        || (plain && (name.ends_with("file") || HELPER_STEMS.contains(&stem)))
        || stem.ends_with("entrypoint")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_changes() {
        for (path, content) in [
            ("src", Content::Source),
            ("app.py", Content::Source),
            ("services", Content::Source),
            ("vendor/gems/", Content::Manifests),
            ("vendors.go", Content::Source),
            ("routes.jq", Content::Helpers),
            ("Makefile-cuda", Content::Helpers),
            ("trc.d/", Content::Helpers),
            ("rootfs-nginx", Content::Helpers),
            ("s6-overlay/", Content::Helpers),
            ("lib/app/version.rb", Content::Helpers),
            ("lib/app/versions.rb", Content::Source),
            ("prisma", Content::Helpers),
            ("build/entrypoint.sh", Content::Helpers),
            ("build/install/", Content::Helpers),
            ("build/app", Content::Artifacts),
            ("build/app_1.0_amd64.deb", Content::Artifacts),
            ("dist/config.json", Content::Artifacts),
            ("*yarn*", Content::Manifests),
            ("*.go", Content::Source),
            ("cmd/api", Content::Source),
            ("target/app.jar", Content::Artifacts),
            ("dist", Content::Artifacts),
            ("build/libs/*.jar", Content::Artifacts),
            ("docker/entrypoint.sh", Content::Helpers),
            ("docker-entrypoint", Content::Helpers),
            ("docker/install_fonts.py", Content::Helpers),
            ("docker/app.js", Content::Source),
            ("docker/app.json", Content::Helpers),
            ("nginx.conf", Content::Helpers),
            ("vite.config.ts", Content::Helpers),
            ("install-imagemagick", Content::Helpers),
            ("conf/Caddyfile", Content::Helpers),
            ("profile.py", Content::Source),
            ("init.groovy", Content::Helpers),
            ("start.js", Content::Source),
            ("/app/out/package-lock.json", Content::Manifests),
            ("rootfs/", Content::Helpers),
            ("ca-certificates/*", Content::Helpers),
            ("id_rsa", Content::Helpers),
            (".bashrc", Content::Helpers),
            ("package*.json", Content::Manifests),
            ("requirements.txt*", Content::Manifests),
            ("go.mod", Content::Manifests),
        ] {
            assert_eq!(of_name(path), content, "{path}");
        }
    }
}
