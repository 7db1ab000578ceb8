//! What kind of files a COPY or ADD brings: how often they change, going by their names.
//!
//! Facts about the habits of projects, in tables; facts about package managers are in
//! `ecosystem`.

use crate::ecosystem::{is_manifest, is_package_file};

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

/// File endings of settings, scripts, keys and other rarely changing files.
const HELPER_ENDINGS: &[&str] = &[
    ".asc",
    ".bash",
    ".cert",
    ".cfg",
    ".cnf",
    ".conf",
    ".config",
    ".crt",
    ".csv",
    ".desktop",
    ".diff",
    ".env",
    ".fish",
    ".gpg",
    ".ini",
    ".j2",
    ".json",
    ".key",
    ".list",
    ".lock",
    ".md",
    ".patch",
    ".pem",
    ".pref",
    ".profile",
    ".properties",
    ".ps1",
    ".pub",
    ".repo",
    ".rules",
    ".service",
    ".sh",
    ".sql",
    ".template",
    ".tmpl",
    ".toml",
    ".tpl",
    ".ttf",
    ".txt",
    ".vim",
    ".xml",
    ".yaml",
    ".yml",
    ".zsh",
    ".bat",
    ".cmd",
    ".sources",
    ".socket",
    ".supervisord",
];

/// Names, without an ending, of scripts and settings.
const HELPER_STEMS: &[&str] = &[
    "bootstrap",
    "build",
    "configure",
    "entrypoint",
    "entry",
    "healthcheck",
    "init",
    "install",
    "license",
    "makefile",
    "motd",
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

/// Names of scripts that prepare an image or start it, in any language.
const HELPER_SCRIPTS: &[&str] = &[
    "bootstrap",
    "configure",
    "docker-entrypoint",
    "entrypoint",
    "healthcheck",
    "init",
    "install",
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

/// Directories of settings and scripts.
const HELPER_DIRECTORIES: &[&str] = &[
    "bin",
    "build_files",
    "ca",
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
    "environment",
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
    "overlay",
    "patches",
    "provision",
    "provisioning",
    "root",
    "rootfs",
    "s6",
    "script",
    "scripts",
    "secrets",
    "services",
    "setup",
    "ssh",
    "ssl",
    "supervisor",
    "system",
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

/// Archives: unpacked by ADD; they rarely change.
const ARCHIVE_ENDINGS: &[&str] = &[".bz2", ".gz", ".tar", ".tgz", ".txz", ".xz", ".zip", ".zst"];

/// Whether ADD unpacks a file of this name.
pub fn is_archive(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    ARCHIVE_ENDINGS.iter().any(|end| end != &".zip" && lower.ends_with(end))
}

/// What a file of the context is.
pub fn of_file(path: &str) -> Content {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let ends = |list: &[&str]| list.iter().any(|end| name.ends_with(end));
    if is_manifest(path) {
        return Content::Manifests;
    }
    if ends(ARTIFACT_ENDINGS) {
        return Content::Artifacts;
    }
    let stem = name.split('.').next().unwrap_or(name);
    if ends(HELPER_ENDINGS)
        || ends(ARCHIVE_ENDINGS)
        || is_package_file(name)
        || name.starts_with('.')
        || name.contains(".config.")
        || HELPER_SCRIPTS.contains(&stem)
        || HELPER_STARTS.iter().any(|start| name.starts_with(start))
        // Caddyfile, Procfile, Vagrantfile.
        || (name.ends_with("file") && !name.contains('.'))
        || (HELPER_STEMS.contains(&stem) && !name.contains('.'))
        || stem.ends_with("entrypoint")
    {
        return Content::Helpers;
    }
    Content::Source
}

/// What a source is that may be a file or a directory.
pub fn of_name(path: &str) -> Content {
    let path = path.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_file = name.trim_start_matches('.').contains('.');
    if is_manifest(path) || (is_file && !name.ends_with(".d")) {
        let artifact = path.split('/').any(|part| ARTIFACT_DIRECTORIES.contains(&part));
        let helper = path.rsplit_once('/').is_some_and(|(directories, _)| {
            directories.split('/').any(|part| HELPER_DIRECTORIES.contains(&part))
        });
        return match of_file(path) {
            // A script among scripts.
            Content::Source if helper => Content::Helpers,
            Content::Manifests => Content::Manifests,
            kind if artifact => kind.max(Content::Artifacts),
            kind => kind,
        };
    }
    let lower = name.to_ascii_lowercase();
    if path.ends_with("out/json") {
        // What `turbo prune --docker` keeps of a workspace: its manifests.
        return Content::Manifests;
    }
    if path.split('/').any(|part| ARTIFACT_DIRECTORIES.contains(&part)) {
        Content::Artifacts
    } else if HELPER_DIRECTORIES.contains(&lower.as_str())
        || of_file(path) == Content::Helpers
        || lower.starts_with('.')
    {
        Content::Helpers
    } else {
        Content::Source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_changes() {
        for (path, content) in [
            ("src", Content::Source),
            ("app.py", Content::Source),
            ("cmd/api", Content::Source),
            ("target/app.jar", Content::Artifacts),
            ("dist", Content::Artifacts),
            ("build/libs/*.jar", Content::Artifacts),
            ("docker/entrypoint.sh", Content::Helpers),
            ("docker-entrypoint", Content::Helpers),
            ("docker/install_fonts.py", Content::Helpers),
            ("nginx.conf", Content::Helpers),
            ("vite.config.ts", Content::Helpers),
            ("install-imagemagick", Content::Helpers),
            ("conf/Caddyfile", Content::Helpers),
            ("profile.py", Content::Source),
            ("init.groovy", Content::Helpers),
            ("start.js", Content::Source),
            ("/app/out/package-lock.json", Content::Manifests),
            ("rootfs/", Content::Helpers),
            (".bashrc", Content::Helpers),
            ("package*.json", Content::Manifests),
            ("go.mod", Content::Manifests),
        ] {
            assert_eq!(of_name(path), content, "{path}");
        }
    }
}
