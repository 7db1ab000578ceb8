//! The Dockerfile as BuildKit reads it: instructions, flags, words, here-documents.
//!
//! Lossless and error-tolerant: parsing never fails, and the items tile the text byte
//! for byte. What an instruction does to a build is not known here.

mod arguments;
pub mod ast;
mod command;
mod csv;
mod directive;
mod duration;
pub mod expand;
mod flags;
mod heredoc;
pub mod image;
mod json;
mod lexer;
mod line;
pub mod mount;
mod original;
mod parser;
mod pattern;
mod quote;
mod suggest;
mod texts;
mod words;

pub use ast::*;
pub use parser::{parse, parse_part};
