//! layerwise finds what makes a Dockerfile rebuild more than it must, says why, and
//! rewrites it so that it does not.

pub mod context;
pub mod issue;
pub mod report;
pub mod shell;
pub mod syntax;
pub mod text;

pub use issue::{Applicability, Fix, Issue, Refusal, RefusalReason, Related, Severity};
pub use report::{Builder, FixLevel, Level, Options, Report};
pub use text::{Edit, LineIndex, Position, Span};
