//! How a file speaks of its stages: the names and numbers that FROM, `--from` and mounts use.

use super::Graph;
use crate::digest::{Digest, Numbers};
use crate::syntax::{Arguments, Instruction, mount};

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct References {
    names: Numbers,
    /// The largest number that may be that of a stage.
    pub largest: Option<usize>,
}

impl References {
    /// Whether a stage, an image or a context is called so, in any case.
    pub fn has(&self, name: &str) -> bool {
        self.names.get(number(name)).is_some()
    }

    fn add(&mut self, name: &str, is_used: bool) {
        self.names.set(number(name), 0);
        if is_used {
            self.largest = self.largest.max(name.parse().ok());
        }
    }

    fn read(&mut self, instruction: &Instruction<'_>) {
        match &instruction.arguments {
            Arguments::From { image, name } => {
                self.add(&image.text, false);
                name.iter().for_each(|name| self.add(&name.text, false));
            }
            Arguments::Onbuild(inner) => self.read(inner),
            _ => {}
        }
        instruction.flag_value("from").into_iter().for_each(|name| self.add(name, true));
        for mount in mount::mounts(instruction) {
            mount.from.iter().for_each(|name| self.add(&name.text, true));
        }
    }
}

fn number(name: &str) -> u64 {
    Digest::of(&name.to_ascii_lowercase()).end()
}

impl Graph<'_> {
    /// How the file speaks of its stages; found out once.
    pub fn references(&self) -> &References {
        self.references.get_or_init(|| {
            let mut references = References::default();
            self.dockerfile.instructions.iter().for_each(|i| references.read(i));
            references
        })
    }
}
