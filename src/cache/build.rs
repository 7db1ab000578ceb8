//! What a build is given: the Dockerfile, the context, arguments, platform, base images.
//!
//! The shape is that of an observation of a real builder. What the builder makes of it is not
//! known here.

use crate::context::{Context, ContextInput, Entry, EntryKind};
use crate::report::Builder;
use std::collections::BTreeMap;

/// One build.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct Build {
    /// The text of the Dockerfile.
    pub dockerfile: String,
    /// The files of the context by path, as exactly as they are known. The Dockerfile and the
    /// ignore file in force are files of the context, too, and are added where they are missing.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, ContextFile>"))]
    pub context: Option<BTreeMap<String, ContextFile>>,
    /// Where there is no `context`: its paths, or an object that gives the text of some.
    #[cfg_attr(
        feature = "wasm",
        tsify(optional, type = "string[] | Record<string, string | null>")
    )]
    pub files: Option<BTreeMap<String, Option<String>>>,
    /// The text of the ignore file in force; read from the context when left out.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub dockerignore: Option<String>,
    /// Values of build arguments, proxies and `SOURCE_DATE_EPOCH` among them.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub build_args: BTreeMap<String, String>,
    /// Values of secrets by id. They are in no cache key.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub secrets: BTreeMap<String, String>,
    /// The platform built for; `linux/amd64` when left out.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub platform: Option<String>,
    /// Digests of base images by the reference that the file uses, so that an image can change
    /// without its name. An image that is not named here changes with its name only.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub base_digests: BTreeMap<String, String>,
    /// The stage to build; the last one when left out.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub target: Option<String>,
}

/// A file, directory or link of the context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct ContextFile {
    /// What it is.
    #[cfg_attr(
        feature = "wasm",
        serde(rename = "type"),
        tsify(type = "\"file\" | \"dir\" | \"symlink\"")
    )]
    pub kind: EntryKind,
    /// Permission bits, with the setuid, setgid and sticky bits; in JavaScript in octal, such
    /// as `"0o644"`.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "string"))]
    pub mode: Option<u32>,
    /// `uid:gid` on the host. It is in no cache key.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub owner: Option<String>,
    /// The content of a file that is text.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub text: Option<String>,
    /// The SHA-256 of the content, where the text is not given.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub sha256: Option<String>,
    /// Where a link points.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub target: Option<String>,
}

/// What to compare for.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct CompareOptions {
    /// The builder whose cache counts; `buildkit` by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub builder: Builder,
    /// The stage to build, in both builds; goes before the target of either.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub target: Option<String>,
}

impl ContextFile {
    /// A regular file with `text`, mode 0644.
    pub fn text(text: &str) -> ContextFile {
        ContextFile { mode: Some(0o644), text: Some(text.to_owned()), ..ContextFile::default() }
    }

    /// Reads permission bits: `0o644`, `0644` or `644`, all octal.
    pub fn parse_mode(mode: &str) -> Option<u32> {
        let digits = mode.strip_prefix("0o").unwrap_or(mode);
        u32::from_str_radix(digits, 8).ok().filter(|&mode| mode <= 0o7777)
    }
}

impl Build {
    /// The stage to build.
    pub(super) fn target<'b>(&'b self, options: &'b CompareOptions) -> Option<&'b str> {
        options.target.as_deref().or(self.target.as_deref()).filter(|target| !target.is_empty())
    }

    /// Whether anything is known of the context.
    pub(super) fn has_context(&self) -> bool {
        self.context.is_some() || self.files.is_some()
    }

    /// The context, as `builder` reads it.
    pub(super) fn read_context(&self, builder: Builder) -> Context {
        let mut entries: Vec<Entry> = match (&self.context, &self.files) {
            (Some(context), _) => context.iter().map(|(path, file)| file.entry(path)).collect(),
            (None, Some(files)) => {
                let files = files.iter();
                files.map(|(path, text)| Entry { text: text.clone(), ..Entry::at(path) }).collect()
            }
            (None, None) => return Context::unknown(),
        };
        for path in ["Dockerfile", ".dockerignore"] {
            let at = entries.iter().position(|entry| entry.path == path);
            match at {
                Some(at) => self.tell(&mut entries[at]),
                None => entries.extend(self.implied(path)),
            }
        }
        let mut dockerignore = self.dockerignore.clone();
        if dockerignore.is_none() && builder == Builder::Classic {
            // It knows of no ignore file of a Dockerfile's own.
            let general = entries.iter().find(|entry| entry.path == ".dockerignore");
            dockerignore = general.map_or(Some(String::new()), |file| file.text.clone());
        }
        Context::new(ContextInput { files: Some(entries), dockerignore, ..ContextInput::default() })
    }

    /// What stands at a path of the context, which is given file by file.
    pub(super) fn entry(&self, path: &str) -> Option<Entry> {
        let given = self.context.as_ref().and_then(|context| context.get(path));
        match given {
            Some(file) => {
                let mut entry = file.entry(path);
                self.tell(&mut entry);
                Some(entry)
            }
            None => self.implied(path),
        }
    }

    /// The Dockerfile or the ignore file, where the context is given without it.
    fn implied(&self, path: &str) -> Option<Entry> {
        let text = self.text_of(path)?;
        Some(Entry { text: Some(text.clone()), ..Entry::at(path) })
    }

    /// Gives an entry the text that is known of its path without the context.
    fn tell(&self, entry: &mut Entry) {
        if let Some(text) = self.text_of(&entry.path)
            && entry.kind == EntryKind::File
            && entry.sha256.is_none()
        {
            entry.text.get_or_insert_with(|| text.clone());
        }
    }

    fn text_of(&self, path: &str) -> Option<&String> {
        match path {
            "Dockerfile" => Some(&self.dockerfile),
            ".dockerignore" => self.dockerignore.as_ref(),
            _ => None,
        }
    }
}

impl ContextFile {
    fn entry(&self, path: &str) -> Entry {
        Entry {
            path: path.to_owned(),
            kind: self.kind,
            mode: self.mode,
            owner: self.owner.clone(),
            text: self.text.clone(),
            sha256: self.sha256.clone(),
            target: self.target.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal() {
        for mode in ["0o644", "0644", "644"] {
            assert_eq!(ContextFile::parse_mode(mode), Some(0o644));
        }
        assert_eq!(ContextFile::parse_mode("0o4755"), Some(0o4755));
        for mode in ["0x1ff", "0o888", "", "0o100644"] {
            assert_eq!(ContextFile::parse_mode(mode), None, "{mode}");
        }
    }

    #[test]
    fn the_dockerfile_is_a_file_of_the_context() {
        let mut build = Build { dockerfile: "FROM a".into(), ..Build::default() };
        assert!(!build.read_context(Builder::Buildkit).is_known());
        build.context = Some(BTreeMap::new());
        assert_eq!(build.read_context(Builder::Buildkit).text("Dockerfile"), Some("FROM a"));
        build.dockerignore = Some("Dockerfile".into());
        assert!(build.read_context(Builder::Buildkit).exists("Dockerfile").is_no());
        assert!(build.read_context(Builder::Buildkit).exists(".dockerignore").is_yes());
    }
}
