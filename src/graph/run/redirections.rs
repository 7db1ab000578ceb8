//! Redirections: the files that they read and write.

use super::made::Made;
use super::reader::Reader;
use super::{CommandEffects, Needs};
use crate::context::parent;
use crate::graph::path_set::PathSet;
use crate::limits;
use crate::sentences::Opaque;
use crate::shell::{self, Operator};

impl Reader<'_> {
    /// Adds what a redirection reads and writes.
    pub(super) fn redirection(
        &mut self,
        redirection: &shell::Redirection<'_>,
        facts: &mut CommandEffects,
    ) {
        use Operator::*;
        let (reads, writes) = match redirection.operator {
            Read => (true, false),
            Write | WriteBoth => (false, true),
            // What is there stays in front of what is added.
            Append | AppendBoth | ReadWrite => (true, true),
            Heredoc | Herestring | DuplicateOutput | DuplicateInput => return,
        };
        let target = self.argument(&redirection.target);
        if target.resolved && target.text.starts_with("/dev/") {
            return;
        }
        match self.place(&target.text, target.resolved) {
            Some(path) if writes => {
                facts.places.push(Some(parent(&path)));
                if reads {
                    facts.reads.add(path.clone());
                }
                facts.writes.add(path.clone());
                if let Some(set) = &mut facts.builds {
                    set.add(path.clone());
                }
                if redirection.operator == Write && self.made.len() < limits::PATHS_MADE {
                    self.made.push(Made { path, whole: false, fetched: false });
                }
            }
            Some(path) if reads => facts.reads.add(path),
            Some(_) => {}
            None => {
                facts.reads = PathSet::all();
                facts.writes = PathSet::all();
                facts.needs = Needs::Everything(Opaque::UnknownRedirection);
            }
        }
    }
}
