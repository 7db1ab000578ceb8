//! Destinations of COPY and ADD: the absolute path and whether it must be a directory.
//!
//! Which directories an image already holds is not known here; the caller may say so.

use super::glob::UNKNOWN;
use super::path;
use crate::text::Cut;

/// A yes or no that may not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Certainly.
    Yes,
    /// Certainly not.
    No,
    /// What is known does not decide it.
    Maybe,
}

impl Answer {
    /// `Yes` for true, `No` for false.
    pub fn from_bool(yes: bool) -> Answer {
        if yes { Answer::Yes } else { Answer::No }
    }

    /// Whether both hold.
    pub fn and(self, other: Answer) -> Answer {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Yes, Answer::Yes) => Answer::Yes,
            _ => Answer::Maybe,
        }
    }

    /// Whether either holds.
    pub fn or(self, other: Answer) -> Answer {
        self.not().and(other.not()).not()
    }

    /// The opposite.
    #[expect(clippy::should_implement_trait, reason = "reads as and, or, not")]
    pub fn not(self) -> Answer {
        match self {
            Answer::Yes => Answer::No,
            Answer::No => Answer::Yes,
            Answer::Maybe => Answer::Maybe,
        }
    }

    /// Whether it is `Yes`.
    pub fn is_yes(self) -> bool {
        self == Answer::Yes
    }

    /// Whether it is `No`.
    pub fn is_no(self) -> bool {
        self == Answer::No
    }
}

/// Where a COPY or ADD puts what it copies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination {
    path: String,
    directory: Answer,
    unknown: bool,
}

impl Destination {
    /// The destination `text` (variables expanded) in the working directory `cwd`.
    ///
    /// Without a `cwd` a relative `text` stays relative to the unknown one: its path does not
    /// start with a slash, and is empty for the directory itself. A trailing slash, or a
    /// destination of `.` or nothing, makes it a directory.
    ///
    /// Of a text with an [`UNKNOWN`] stretch only the directories before it are known; where it
    /// comes first the destination can be anywhere.
    ///
    /// `pathRelativeToWorkingDir` in
    /// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>
    pub fn resolve(text: &str, cwd: Option<&str>) -> Destination {
        if let Some(at) = text.find(UNKNOWN) {
            let known = match text.cut(..at).rfind('/') {
                Some(end) => Destination::resolve(text.cut(..=end), cwd).path,
                None if at == 0 => "/".to_string(),
                None => Destination::resolve(".", cwd).path,
            };
            return Destination { path: known, directory: Answer::Maybe, unknown: true };
        }
        let written = matches!(text, "" | ".") || text.ends_with('/') || text.ends_with("/.");
        let path = match cwd {
            _ if text.starts_with('/') => path::clean(text),
            Some(cwd) => path::clean(&format!("{cwd}/{text}")),
            None => path::clean(text),
        };
        let path = if path == "." { String::new() } else { path };
        let directory = if written || path == "/" { Answer::Yes } else { Answer::Maybe };
        Destination { path, directory, unknown: false }
    }

    /// The cleaned path, without the trailing slash; what is known of it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether only a directory at or above it is known.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// Whether it is a directory when the instruction starts, or made one by how it is written.
    /// `Maybe` stands for a name that may be a directory of the image or nothing yet.
    pub fn is_directory(&self) -> Answer {
        self.directory
    }

    /// The same destination, when the caller knows whether the image has a directory there. What
    /// the text says already stays.
    pub fn known_directory(mut self, directory: bool) -> Destination {
        if self.directory == Answer::Maybe && !self.unknown {
            self.directory = Answer::from_bool(directory);
        }
        self
    }

    /// Something was copied below it.
    pub(super) fn learn_directory(&mut self) {
        if !self.unknown {
            self.directory = Answer::Yes;
        }
    }

    /// Where a single file called `name` lands.
    pub fn of_file(&self, name: &str) -> Landing {
        let inside = path::join(&self.path, name);
        match self.directory {
            _ if self.unknown => Landing::Below(self.path.clone()),
            Answer::Yes => Landing::At(inside),
            Answer::No => Landing::At(self.path.clone()),
            Answer::Maybe => Landing::Either { file: self.path.clone(), inside },
        }
    }

    /// Where the content of a copied directory lands.
    pub fn of_content(&self, relative: &str) -> Landing {
        if self.unknown {
            return Landing::Below(self.path.clone());
        }
        Landing::At(path::join(&self.path, relative))
    }
}

/// Where one path of the source lands in the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landing {
    /// Exactly here.
    At(String),
    /// At `file` where nothing is there or a file is, at `inside` where a directory is.
    Either {
        /// The destination as the name of the file.
        file: String,
        /// The destination as a directory that holds it.
        inside: String,
    },
    /// Somewhere at or below this path: an archive that ADD unpacks, or an unknown source.
    Below(String),
}

impl Landing {
    /// Whether it lands exactly at `path`.
    pub fn is_at(&self, path: &str) -> Answer {
        match self {
            Landing::At(at) => Answer::from_bool(at == path),
            Landing::Either { file, inside } if file == path || inside == path => Answer::Maybe,
            Landing::Below(root) if path::below(root.trim_end_matches('/'), path).is_some() => {
                Answer::Maybe
            }
            _ => Answer::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_slash_or_dot_means_a_directory() {
        for (text, expected) in
            [("./", "/app"), (".", "/app"), ("", "/app"), ("lib/", "/app/lib"), ("/x/.", "/x")]
        {
            let destination = Destination::resolve(text, Some("/app"));
            assert_eq!((destination.path(), destination.is_directory()), (expected, Answer::Yes));
        }
        assert_eq!(Destination::resolve("lib", Some("/app")).is_directory(), Answer::Maybe);
        assert_eq!(Destination::resolve("/", Some("/app")).path(), "/");
        assert_eq!(Destination::resolve("/", None).is_directory(), Answer::Yes);
        assert_eq!(Destination::resolve("../x", Some("/")).path(), "/x");
    }

    #[test]
    fn an_unknown_cwd_leaves_the_path_relative() {
        assert_eq!(Destination::resolve("lib/", None).path(), "lib");
        assert_eq!(Destination::resolve(".", None).path(), "");
        assert_eq!(Destination::resolve("../x", None).path(), "../x");
        assert_eq!(Destination::resolve("/x", None).path(), "/x");
    }

    #[test]
    fn unknown_parts_leave_the_directory_before_them() {
        for (text, expected) in
            [("/opt/\0/lib", "/opt"), ("/opt/v\0", "/opt"), ("v\0/", "/app"), ("\0/lib", "/")]
        {
            let destination = Destination::resolve(text, Some("/app"));
            assert!(destination.is_unknown());
            assert_eq!(destination.of_content("a"), Landing::Below(expected.into()), "{text}");
        }
        assert!(!Destination::resolve("/opt/lib", None).is_unknown());
    }

    #[test]
    fn a_file_lands_in_a_directory_or_as_it() {
        let maybe = Destination::resolve("/app", None);
        assert_eq!(
            maybe.of_file("a"),
            Landing::Either { file: "/app".into(), inside: "/app/a".into() }
        );
        assert_eq!(maybe.clone().known_directory(true).of_file("a"), Landing::At("/app/a".into()));
        assert_eq!(maybe.known_directory(false).of_file("a"), Landing::At("/app".into()));
        let written = Destination::resolve("/app/", None).known_directory(false);
        assert_eq!(written.of_file("a"), Landing::At("/app/a".into()));
    }

    #[test]
    fn landings_compare() {
        let either = Landing::Either { file: "/app".into(), inside: "/app/a".into() };
        assert_eq!(either.is_at("/app/a"), Answer::Maybe);
        assert_eq!(either.is_at("/app/b"), Answer::No);
        assert_eq!(Landing::At("/a".into()).is_at("/a"), Answer::Yes);
        assert_eq!(Landing::Below("/a".into()).is_at("/ab"), Answer::No);
        assert_eq!(Landing::Below("/".into()).is_at("/ab"), Answer::Maybe);
    }

    #[test]
    fn answers_combine() {
        use Answer::*;
        assert_eq!((Yes.and(Maybe), No.and(Maybe), Yes.or(Maybe)), (Maybe, No, Yes));
        assert_eq!((No.or(Maybe), No.or(No)), (Maybe, No));
    }
}
