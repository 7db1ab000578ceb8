//! The Dockerfile as BuildKit reads it: instructions, flags, words, here-documents.
//!
//! Lossless and error-tolerant: parsing never fails, and the items tile the text byte
//! for byte. What an instruction does to a build is not known here.

pub mod ast;

pub use ast::*;
