//! Which commands of a RUN could go in front of the copies, read one after another.

use super::Run;
use crate::ecosystem::ActionKind;

/// What a command of a RUN does.
#[derive(Clone, Copy)]
pub struct Does {
    pub kind: ActionKind,
    pub tool: &'static str,
    /// Whether it could go in front of the copies.
    pub passes: bool,
    /// Whether it is worth that: it downloads what is not there yet.
    pub counts: bool,
}

/// The commands of a RUN that could go first, as far as it was read.
#[derive(Default)]
pub struct FirstCommands {
    /// How many, what they do, and the tool whose step it is.
    pub found: Option<(usize, ActionKind, &'static str)>,
    /// Those among them that need the source and come before any that could do without.
    pub stays: Vec<usize>,
    /// Whether one of these may need all of it.
    pub behind_unknown: bool,
    /// Those behind the last that goes first which work on copied files.
    between: Vec<usize>,
    /// Whether the last one does.
    works: bool,
    /// Whether the next one would download the dependencies on the way.
    pub downloads: bool,
    /// Whether no later one can go first.
    pub ended: bool,
}

impl FirstCommands {
    /// Reads the next command of `run`; false where no later one can go first.
    pub fn add(&mut self, at: usize, does: Does, run: &Run<'_>) -> bool {
        let Does { kind, tool, passes, counts } = does;
        let compiles = counts && kind == ActionKind::Compile;
        match &mut self.found {
            None if compiles && !self.behind_unknown => {
                // It stays where it is; only a download of its own could go first.
                self.found = Some((at, kind, tool));
                self.downloads = true;
                return false;
            }
            None if counts && (self.behind_unknown || !passes) => {
                // All that comes before it would have to go first as well.
                self.found = Some((run.commands.len(), kind, tool));
                self.stays.clear();
                return false;
            }
            None if counts => self.found = Some((at + 1, kind, tool)),
            None if passes => {}
            None => {
                self.stays.push(at);
                self.behind_unknown |= kind != ActionKind::Upkeep;
            }
            // Behind what works on copied files.
            Some(first) if self.works => {
                self.downloads = compiles;
                match kind {
                    ActionKind::Upkeep => self.between.push(at),
                    // An install may be pulled out from behind it.
                    ActionKind::Install
                        if passes && counts && first.1 == ActionKind::Named && run.is_chain() =>
                    {
                        *first = (at + 1, kind, tool);
                        self.stays.append(&mut self.between);
                        self.works = false;
                    }
                    _ => return false,
                }
            }
            Some((commands, first, of)) => {
                self.downloads = compiles;
                let next = compiles && *commands == at;
                if (next || passes && counts) && *first == ActionKind::Named {
                    (*first, *of) = (kind, tool);
                }
                self.works = !passes && kind == ActionKind::Upkeep;
                if !passes && !self.works {
                    return false;
                }
                self.between.extend(self.works.then_some(at));
                if passes {
                    *commands = at + 1;
                }
            }
        }
        true
    }
}
