//! layerwise finds what makes a Dockerfile rebuild more than it must, says why, and
//! rewrites it so that it does not.

pub mod syntax;
pub mod text;
