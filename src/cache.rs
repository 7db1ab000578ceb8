//! What the builder keeps and what it rebuilds.
//!
//! [`scenarios`] says which steps a typical change reruns, and what that costs.

pub mod affected;
pub mod cost;
pub mod scenarios;
