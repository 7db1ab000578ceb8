//! Variables and settings whose text may name a file, as a state keeps them for the steps behind.

use super::dispatch_state::DispatchState;
use crate::ecosystem::read_inside;
use crate::limits;

impl DispatchState {
    /// Keeps the text of a variable, where it may name a file.
    pub(super) fn name_files(&mut self, name: &str, text: &str) {
        self.naming.retain(|(other, _)| other != name);
        self.keep_naming(name, text);
    }

    /// Keeps what a step writes into settings: they name files to later steps as variables do.
    pub fn keep_settings(&mut self, text: &str) {
        self.keep_naming("", text);
    }

    fn keep_naming(&mut self, name: &str, text: &str) {
        // `RUBYLIB=lib` is a path as it stands.
        let is_directory = || read_inside(name).is_some();
        let may_name = name.is_empty() || text.contains(['/', '.', ':']) || is_directory();
        if may_name && self.naming.len() < limits::VARIABLES_NAMING {
            self.naming.push((name.to_owned(), text.to_owned()));
        }
    }

    /// The variables whose text may name a file: `NODE_OPTIONS` with `--require ./src/hook.js`;
    /// under no name what settings say. What is not known is left as written: `/app/bin:$PATH`.
    pub fn naming(&self) -> &[(String, String)] {
        &self.naming
    }
}
