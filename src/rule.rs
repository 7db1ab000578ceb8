//! What a rule is: a value with a name, a level and a function that only reads.

use crate::graph::Graph;
use crate::graph::needs::Invalidated;
use crate::issue::{Issue, Severity};

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id, as it is written in options and suppressions.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What its issues are reported as unless the options say otherwise.
    pub severity: Severity,
    /// Finds its issues.
    pub check: fn(&Build<'_, '_>) -> Vec<Finding>,
}

/// What rules read.
#[derive(Clone, Copy, Debug)]
pub struct Build<'g, 'a> {
    /// The stages and steps.
    pub graph: &'g Graph<'a>,
    /// The steps that rerun for changes they do not need.
    pub invalidated: &'g [Invalidated],
}

/// An issue as a rule finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The issue, without a fix.
    pub issue: Issue,
    /// The step that is invalidated needlessly, an index of [`Build::invalidated`], for the planner.
    pub invalidated: Option<usize>,
}

impl Rule {
    /// Where its manual page is, below the documentation's root.
    pub fn page(&self) -> String {
        format!("rules/{}.md", self.id)
    }
}
