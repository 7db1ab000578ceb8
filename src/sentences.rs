//! Every sentence about a fix that a user reads: what a fix assumes, why there is none, and why a
//! rewritten file was not taken. Each is a variant with its data, which prints itself.
//!
//! What only a table or a reader of manifests can say stays beside its tool: such a sentence
//! comes as text, in `Assumption::Told` or `Reason::Told`.

mod assumption;
mod mismatch;
mod opaque;
mod reason;

pub use assumption::Assumption;
pub use mismatch::Mismatch;
pub use opaque::Opaque;
pub use reason::Reason;

use std::fmt;

/// Quoted in a sentence, each in backquotes: `a` or `b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    names: Vec<String>,
    between: &'static str,
}

impl Quoted {
    /// Any of them: "`a` or `b`".
    pub fn any<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Quoted {
        Quoted::joined(names, " or ")
    }

    /// None of them: "no `a` and no `b`", the first "no" left to the sentence.
    pub fn none<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Quoted {
        Quoted::joined(names, " and no ")
    }

    /// All of them: "`a`, `b`".
    pub fn all<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Quoted {
        Quoted::joined(names, ", ")
    }

    fn joined<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        between: &'static str,
    ) -> Quoted {
        Quoted { names: names.into_iter().map(Into::into).collect(), between }
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.names.iter().enumerate() {
            let between = if at > 0 { self.between } else { "" };
            write!(f, "{between}`{name}`")?;
        }
        Ok(())
    }
}

/// The base image of a stage, in a sentence: "image `a`". A fragment of a file does not name its
/// own: "base image".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseName(String);

impl From<&String> for BaseName {
    fn from(image: &String) -> BaseName {
        BaseName(image.clone())
    }
}

impl fmt::Display for BaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            "" => f.write_str("base image"),
            image => write!(f, "image `{image}`"),
        }
    }
}

/// Makes an enum whose variants are sentences: one line a sentence, `{field}` where data stands.
macro_rules! sentences {
    ($(#[$meta:meta])* $name:ident {
        $($variant:ident $({ $($field:ident: $type:ty),* })? = $text:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        // The sentence documents its variant, and names each field.
        #[allow(missing_docs)]
        pub enum $name {
            $(#[doc = $text] $variant $({ $($field: $type),* })?,)*
        }

        impl $name {
            /// Each variant's name with its sentence, as it is written here.
            pub const SENTENCES: &[(&str, &str)] = &[$((stringify!($variant), $text)),*];
        }

        impl std::fmt::Display for $name {
            // A field may serve others than the reader.
            #[allow(unused_variables)]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $($name::$variant $({ $($field),* })? => write!(f, $text),)*
                }
            }
        }
    };
}

use sentences;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_stands_where_the_sentence_names_it() {
        let read = Assumption::ReadsNothing { command: "make".into() };
        assert_eq!(read.to_string(), "The script that `make` runs reads no file of the project.");
        assert_eq!(Opaque::Compiles.to_string(), "it compiles the source");
    }

    #[test]
    fn names_are_quoted_and_joined() {
        assert_eq!(Quoted::any(["a"]).to_string(), "`a`");
        assert_eq!(Quoted::any(["a", "b"]).to_string(), "`a` or `b`");
        assert_eq!(Quoted::none(["a", "b"]).to_string(), "`a` and no `b`");
        assert_eq!(Quoted::all(["a", "b"]).to_string(), "`a`, `b`");
    }

    #[test]
    fn a_base_image_may_have_no_name() {
        let image = |name: &str| BaseName::from(&name.to_owned());
        let said = |name| Assumption::RunsAsRoot { image: image(name) }.to_string();
        assert_eq!(said("node:22"), "The image `node:22` runs as root.");
        assert_eq!(said(""), "The base image runs as root.");
    }

    #[test]
    fn assumptions_are_whole_sentences() {
        for (name, text) in Assumption::SENTENCES.iter().filter(|(name, _)| *name != "Told") {
            assert!(text.ends_with('.'), "{name}: {text}");
            assert!(text.starts_with(|c: char| c.is_ascii_uppercase() || c == '`'), "{name}");
        }
    }

    #[test]
    fn reasons_become_sentences_by_themselves() {
        let sentences = Reason::SENTENCES.iter().chain(Mismatch::SENTENCES);
        for (name, text) in sentences {
            assert!(!text.ends_with('.'), "{name}: the stop is added where it is shown");
        }
    }
}
