//! Sets of tools, by their names: small, as there are not many tools.

/// Some tools. Versions of one that are told apart in the tables have one name, and count once.
#[derive(Clone, Debug, Default)]
pub struct ToolSet(Vec<&'static str>);

impl ToolSet {
    /// Adds a tool; whether it is new.
    pub fn insert(&mut self, name: &'static str) -> bool {
        let new = !self.contains(name);
        if new {
            self.0.push(name);
        }
        new
    }

    /// Adds all tools of another set.
    pub fn add(&mut self, other: &ToolSet) {
        for name in &other.0 {
            self.insert(name);
        }
    }

    /// Whether a tool is one of these.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&name)
    }
}
