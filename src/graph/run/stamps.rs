//! What is another text each time that it is made, such as the date of a build: a step that keeps it stays
//! behind the source, so that each change of the source gets its own.

use super::reader::Reader;
use super::substitutions::inner;
use super::{CommandEffects, Needs};
use crate::ecosystem::ActionKind;
use crate::limits;
use crate::sentences::Opaque;
use crate::shell::{Command, Joiner, Part, Word};

/// Files that never hold the same twice.
const RANDOM: [&str; 3] = ["/dev/random", "/dev/urandom", "/proc/sys/kernel/random"];

impl Reader<'_> {
    /// Notes where `command` keeps what is another text each time, by its words, by variables that were
    /// set to it (`NOW=$(date) && echo $NOW > built`) or by what the command before prints.
    pub(super) fn look_at_stamps(&mut self, command: &Command<'_>, facts: &mut CommandEffects) {
        let piped = std::mem::take(&mut self.prints_stamp) && command.joiner == Joiner::Pipe;
        let is_stamp = |word: &Word<'_>| {
            let is_stamp = |name: &&str| *name == "RANDOM" || self.stamps.iter().any(|s| s == name);
            is_another_each_time(word) || word.variables().iter().any(is_stamp)
        };
        let stamped = command.assignments.iter().filter(|setting| is_stamp(&setting.value));
        let mut names: Vec<String> = stamped.map(|setting| setting.name.to_string()).collect();
        let words: Vec<&Word<'_>> = command.words.iter().filter(|word| is_stamp(word)).collect();
        // `export NOW=$(date)`
        names.extend(words.iter().filter_map(|word| Some(word.raw.split_once('=')?.0.to_owned())));
        let used = facts.used.as_ref();
        let varies = used.is_some_and(|used| used.tool.varies) || !words.is_empty() || piped;
        let is_cheap = used.is_some_and(|used| used.kind == ActionKind::Upkeep);
        let is_kept =
            !facts.writes.paths.is_empty() && (is_cheap || !command.redirections.is_empty());
        if varies && is_kept {
            facts.needs = Needs::Everything(Opaque::Varies);
        }
        self.prints_stamp = varies;
        let room = limits::VARIABLES_NAMING.saturating_sub(self.stamps.len());
        self.stamps.extend(names.into_iter().take(room));
    }
}

/// Whether a word holds what is another text each time: `$(date)`, `/dev/urandom`.
fn is_another_each_time(word: &Word<'_>) -> bool {
    let varies =
        |part: &Part<'_>| inner(part).is_some_and(|used| used.iter().any(|used| used.tool.varies));
    RANDOM.iter().any(|path| word.raw.starts_with(path)) || word.parts.iter().any(varies)
}
