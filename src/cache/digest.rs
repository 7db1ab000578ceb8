//! Numbers that stand for values: equal for equal values, in every run.
//!
//! 64 bits: two of the steps or files of one comparison are the same number by chance once in
//! a thousand million comparisons.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The number of `value`.
pub(super) fn digest(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
