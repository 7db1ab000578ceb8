//! What is written down of a trial, beside its project: the evidence is made of it.

use super::project::EditKind;
use serde::{Deserialize, Serialize};

/// What became of one Dockerfile; written down beside its project.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Trial {
    /// Its path in the build context.
    pub dockerfile: String,
    /// The engine.
    pub engine: String,
    /// Of all that was built: the project's files, and both texts.
    pub digest: String,
    /// How far the fix goes: `safe`, `assumed`, or `none` where nothing is rewritten.
    pub level: String,
    /// What the fix assumes; where there is none, why.
    pub sentences: Vec<String>,
    /// One for the build from nothing, one for each edit.
    pub rounds: Vec<Round>,
    /// Where builds of the original differ from each other, `#` for digits and hashes.
    pub noise: Vec<String>,
}

/// Builds of both texts from the same files.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Round {
    /// The edit before it; none for the first.
    pub edit: Option<EditKind>,
    /// The original.
    pub before: Measured,
    /// The rewritten one; none where its build failed, or nothing is rewritten.
    pub after: Option<Measured>,
    /// What came of comparing the images.
    pub verdict: Verdict,
    /// Where they are not the same: what the analyzer says of the rewritten text and these files,
    /// which it did not say before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
}

/// A build in numbers.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Measured {
    /// How long it took.
    pub seconds: f64,
    /// How many steps it has.
    pub steps: usize,
    /// How many of them ran.
    pub ran: usize,
    /// Of how many it was predicted what they do.
    pub predicted: usize,
    /// What was predicted wrongly.
    pub mistaken: Vec<String>,
}

/// Whether two texts make the same image.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is rewritten.
    Unchanged,
    /// They do.
    Identical,
    /// They do not, or the rewritten one does not build, and a sentence of the fix says so.
    Covered {
        /// In what they differ.
        differences: Vec<String>,
        /// The sentence.
        sentence: String,
    },
    /// They do not.
    Differs {
        /// In what they differ.
        differences: Vec<String>,
    },
    /// The rewritten one does not build.
    Fails {
        /// Why.
        error: String,
    },
}

impl Round {
    /// Whether it is what was promised. What a fix could not know of may break it, if the
    /// analyzer says so as soon as the file is there.
    pub fn holds(&self) -> bool {
        let is_same = !matches!(self.verdict, Verdict::Differs { .. } | Verdict::Fails { .. });
        is_same || self.edit == Some(EditKind::Drift) && !self.told.is_empty()
    }
}

impl Verdict {
    /// A word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Unchanged => "not rewritten",
            Verdict::Identical => "identical",
            Verdict::Covered { .. } => "as assumed",
            Verdict::Differs { .. } => "DIFFERS",
            Verdict::Fails { .. } => "FAILS",
        }
    }
}

impl Trial {
    /// Whether all is as promised.
    pub fn holds(&self) -> bool {
        self.rounds.iter().all(Round::holds)
    }

    /// Every build of it.
    pub fn builds(&self) -> impl Iterator<Item = &Measured> {
        self.rounds.iter().flat_map(|round| [Some(&round.before), round.after.as_ref()]).flatten()
    }
}
