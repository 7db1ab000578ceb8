//! The text of a manifest as one tree of values, whatever format it is written in.
//!
//! A reader answers `None` for what is not valid, and for what it does not understand: nobody
//! may take that for a file without dependencies. What the values mean is not known here.

pub mod json;
pub mod toml;
pub mod xml;
pub mod yaml;

use super::name_matches;

/// A value of JSON, TOML or YAML, or an element of XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Null, a boolean, a number or a date, as written.
    Plain(String),
    /// A string, or an element of XML that holds nothing but text.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// A table, in order. Of an element of XML these are its attributes (`@Include`), its text
    /// (``), and the elements in it, whose names may come again.
    Table(Members),
}

/// What a table holds.
pub type Members = Vec<(String, Value)>;

/// A value with the name it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'v> {
    /// The last name on the way to it that was not asked for by that name.
    pub name: &'v str,
    /// The value.
    pub value: &'v Value,
}

impl Value {
    /// The text of a string, or of an element.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Table(members) => match members.iter().find(|(name, _)| name.is_empty()) {
                Some((_, Value::Text(text))) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// Everything at a path of names, in order: `tool.uv.sources.*.path`.
    ///
    /// A name may hold `*`, and may be one of several (`members|packages`); `**` stands for any
    /// number of names. A list is looked through, in the middle of the path and at its end:
    /// `a.b` finds both numbers of `{"a": [{"b": 1}, {"b": [2]}]}`.
    pub fn at(&self, path: &str) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        self.collect("", Some(path), &mut found);
        found
    }

    /// The texts at a path, without what is no text.
    pub fn texts(&self, path: &str) -> Vec<&str> {
        self.at(path).iter().filter_map(|found| found.value.text()).collect()
    }

    /// The first text at a path.
    pub fn first(&self, path: &str) -> Option<&str> {
        self.texts(path).first().copied()
    }

    /// Whether there is anything at a path, be it an empty list.
    pub fn has(&self, path: &str) -> bool {
        let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
        let holds = |value: &Value| match value {
            Value::Table(members) => members.iter().any(|(key, _)| fits(name, key)),
            _ => false,
        };
        match above {
            "" => holds(self),
            _ => self.at(above).iter().any(|found| holds(found.value)),
        }
    }

    fn collect<'v>(&'v self, name: &'v str, path: Option<&str>, found: &mut Vec<Found<'v>>) {
        match (self, path) {
            (Value::List(elements), _) => {
                elements.iter().for_each(|element| element.collect(name, path, found));
            }
            (_, None) => found.push(Found { name, value: self }),
            (Value::Table(members), Some(path)) => {
                let (first, rest) = match path.split_once('.') {
                    Some((first, rest)) => (first, Some(rest)),
                    None => (path, None),
                };
                if first == "**" {
                    self.collect(name, rest, found);
                }
                for (key, value) in members.iter().filter(|(key, _)| fits(first, key)) {
                    let name = if first.contains('*') { key } else { name };
                    value.collect(name, if first == "**" { Some(path) } else { rest }, found);
                }
            }
            _ => {}
        }
    }
}

/// Whether a name of a path, as [`Value::at`] reads it, stands for `key`.
fn fits(name: &str, key: &str) -> bool {
    name.split('|').any(|name| name_matches(name, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_values() {
        let text = "{\"a\": [{\"b\": \"1\"}, {\"b\": [\"2\"]}], \"dev-a\": {\"b\": \"3\"}, \
                    \"c\": {\"x.y\": {\"path\": \"4\"}, \"path\": \"5\"}, \"d\": []}";
        let value = json::parse(text).unwrap();
        assert_eq!(value.texts("a.b"), ["1", "2"]);
        assert_eq!(value.texts("*a.b"), ["1", "2", "3"]);
        assert_eq!(value.texts("a|dev-a.b"), ["1", "2", "3"]);
        assert_eq!(value.texts("**.path"), ["5", "4"]);
        assert_eq!(value.texts("b"), [""; 0]);
        assert_eq!(value.at("c.*.path")[0].name, "x.y");
        assert!(value.has("d") && value.at("d").is_empty());
        assert!(value.has("c.path") && !value.has("c.b"));
    }

    #[test]
    fn paths_find_elements() {
        let text = "<p v='1'>t<m a='2'>x</m><n><m>y</m></n></p>";
        let value = xml::parse(text).unwrap();
        assert_eq!(value.texts("p.m"), ["x"]);
        assert_eq!(value.texts("p.**.m"), ["x", "y"]);
        assert_eq!(value.texts("p.m.@a"), ["2"]);
        assert_eq!(value.first("p"), Some("t"));
    }
}
