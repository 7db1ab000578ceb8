//! What a rule is: a value with a name, a level and a function that only reads, and gives its
//! findings each with what takes it away.

use crate::graph::{Graph, Invalidated, LeftOut, StepAt};
use crate::issue::{Cost, Issue, Severity};
use crate::repair::Repair;
use crate::sentences::Reason;
use crate::text::Span;

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
    pub check: fn(&Analysis<'_, '_>) -> Vec<Finding>,
}

/// What rules read.
#[derive(Clone, Copy, Debug)]
pub struct Analysis<'g, 'a> {
    /// The stages and steps.
    pub graph: &'g Graph<'a>,
    /// The steps that rerun for changes they do not need.
    pub invalidated: &'g [Invalidated],
    /// The installs that do not get a file of their project.
    pub left_out: &'g [LeftOut],
}

/// An issue as a rule finds it, with its repair.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The issue, without a fix.
    pub issue: Issue,
    /// What takes it away.
    pub remedy: Remedy,
}

/// What takes an issue away.
#[derive(Clone, Debug, PartialEq)]
pub enum Remedy {
    /// Another order of the steps of its stage, which the planner finds for all findings of this
    /// kind together: the number of the step among [`Analysis::invalidated`].
    Order(usize),
    /// These operations.
    Repair(Repair),
    /// A compile of the dependencies of its own, ahead of this RUN.
    CompileAhead(StepAt),
    /// A `.dockerignore` that excludes these directories of the context as well.
    Exclude(Vec<String>),
    /// None, for this reason.
    Refused(Reason),
    /// What the issue says in `help`: nothing that can be done to this file.
    Advice,
}

impl Rule {
    /// An issue of the rule at an instruction, which does not say yet what is wrong.
    pub fn issue(&self, span: Span) -> Issue {
        Issue {
            rule: self.id,
            severity: self.severity,
            message: String::new(),
            why: String::new(),
            help: String::new(),
            span,
            related: Vec::new(),
            reruns: Vec::new(),
            rerun_count: 0,
            cost: Cost::default(),
            frequency: None,
            fix: None,
            refusal: None,
        }
    }

    /// Where its manual page is, below the documentation's root.
    pub fn page(&self) -> String {
        format!("rules/{}.md", self.id)
    }

    /// The address of that page.
    pub fn url(&self) -> String {
        format!("{}/blob/main/docs/{}", env!("CARGO_PKG_REPOSITORY"), self.page())
    }
}
