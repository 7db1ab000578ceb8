//! YAML, as far as manifests are written in it: block and flow collections, scalars of all
//! kinds. Anchors, tags, merged keys, keys that are no scalars, and further documents are not
//! understood.

mod scalar;

use super::{Members, Value};
use crate::limits;
use crate::text::Cut;

/// Reads `text`; `None` where it is not understood.
/// <https://yaml.org/spec/1.2.2/>
pub fn parse(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader { lines: text.split('\n').collect(), row: 0, column: 0 };
    if text.split('\r').skip(1).any(|behind| !behind.starts_with('\n')) {
        return None;
    }
    reader.content()?;
    if reader.marks("---") {
        reader.column = 3;
        reader.spaces();
        // A value may follow on the line.
        if reader.is_blank() {
            reader.next_content()?;
        }
    }
    let value = match reader.is_done() {
        true => Value::Plain(String::new()),
        false => reader.block(None, limits::MANIFEST_DEPTH)?,
    };
    if reader.marks("...") {
        reader.column = 3;
        reader.next_content()?;
    }
    (reader.row == reader.lines.len()).then_some(value)
}

/// Where the text is read. Between two values it stands at the first character of what
/// comes next, or behind the last line.
struct Reader<'t> {
    lines: Vec<&'t str>,
    row: usize,
    /// In bytes.
    column: usize,
}

impl<'t> Reader<'t> {
    /// What is left of the line.
    fn rest(&self) -> &'t str {
        self.lines
            .get(self.row)
            .map_or("", |line| line.strip_suffix('\r').unwrap_or(line))
            .cut(self.column..)
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.column += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// Whether nothing but a comment is left of the line.
    fn is_blank(&self) -> bool {
        self.rest().is_empty() || self.is_comment()
    }

    fn is_comment(&self) -> bool {
        let before = self.lines.get(self.row).map_or("", |line| line.cut(..self.column));
        self.rest().starts_with('#') && (before.is_empty() || before.ends_with([' ', '\t']))
    }

    /// Whether the line is one of the two that divide documents.
    fn marks(&self, mark: &str) -> bool {
        let behind = self.rest().strip_prefix(mark).filter(|_| self.column == 0);
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    }

    /// Whether the document ends here.
    fn is_done(&self) -> bool {
        self.row >= self.lines.len() || self.marks("---") || self.marks("...")
    }

    /// Goes to the first character that counts, from the start of a line.
    fn content(&mut self) -> Option<()> {
        while self.row < self.lines.len() {
            let rest = self.rest();
            self.column += rest.len() - rest.trim_start_matches(' ').len();
            let indent = self.column;
            self.spaces();
            if !self.is_blank() {
                // A tab does not indent; a directive is not read.
                return (indent == self.column && !(indent == 0 && rest.starts_with('%')))
                    .then_some(());
            }
            (self.row, self.column) = (self.row + 1, 0);
        }
        Some(())
    }

    /// Goes to what counts on the lines below; nothing but a comment may be left of this one.
    fn next_content(&mut self) -> Option<()> {
        self.spaces();
        if !self.is_blank() {
            return None;
        }
        (self.row, self.column) = (self.row + 1, 0);
        self.content()
    }

    /// Passes an indicator and the blanks behind it.
    fn indicates(&mut self, indicator: char) -> bool {
        let behind = self.rest().strip_prefix(indicator);
        let found = behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        if found {
            self.column += 1;
            self.spaces();
        }
        found
    }

    /// The value that begins here, in a block that is indented by `parent`.
    fn block(&mut self, parent: Option<usize>, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if self.is_item() {
            self.sequence(depth)
        } else if self.starts_mapping() {
            self.mapping(depth)
        } else {
            self.scalar(parent, depth)
        }
    }

    /// Whether an item of a sequence begins here.
    fn is_item(&self) -> bool {
        let behind = self.rest().strip_prefix('-');
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    }

    /// What follows an indicator of a block that is indented by `at`.
    fn entry(&mut self, at: usize, in_sequence: bool, depth: u32) -> Option<Value> {
        if !self.is_blank() {
            return match in_sequence {
                true => self.block(Some(at), depth),
                // A block cannot begin behind a key.
                false if self.is_item() || self.starts_mapping() => None,
                false => self.scalar(Some(at), depth),
            };
        }
        self.next_content()?;
        // The items below a key need not be indented.
        let is_inside = self.column > at || (self.column == at && !in_sequence && self.is_item());
        match is_inside && !self.is_done() {
            true => self.block(Some(at), depth),
            false => Some(Value::Plain(String::new())),
        }
    }

    fn starts_mapping(&mut self) -> bool {
        let start = (self.row, self.column);
        let found = self.key().is_some();
        (self.row, self.column) = start;
        found
    }

    fn sequence(&mut self, depth: u32) -> Option<Value> {
        let at = self.column;
        let mut elements = Vec::new();
        while !self.is_done() && self.column == at && self.indicates('-') {
            // A tab behind the indicator may indent what follows.
            let has_tab = self.lines.get(self.row)?.cut(at..self.column).contains('\t');
            if has_tab && !self.is_blank() {
                return None;
            }
            elements.push(self.entry(at, true, depth)?);
        }
        (self.is_done() || self.column <= at).then_some(Value::List(elements))
    }

    fn mapping(&mut self, depth: u32) -> Option<Value> {
        let at = self.column;
        let mut members = Members::new();
        while !self.is_done() && self.column == at {
            let key = self.key()?;
            if key == "<<" {
                return None;
            }
            members.push((key, self.entry(at, false, depth)?));
        }
        (self.is_done() || self.column < at).then_some(Value::Table(members))
    }

    /// A key with its colon and the blanks behind it.
    fn key(&mut self) -> Option<String> {
        let key = if self.rest().starts_with(['"', '\'']) {
            let row = self.row;
            let key = self.quoted()?;
            self.spaces();
            (row == self.row).then_some(key)?
        } else {
            let end = scalar::plain_end(self.rest(), false)?;
            let key = self.rest().cut(..end).trim_end_matches([' ', '\t']);
            self.column += end;
            key.to_owned()
        };
        self.indicates(':').then_some(key)
    }

    /// A scalar or a flow collection, up to what counts below.
    fn scalar(&mut self, parent: Option<usize>, depth: u32) -> Option<Value> {
        let value = match self.rest().chars().next()? {
            '|' | '>' => return self.block_text(parent).map(Value::Text),
            '"' | '\'' => Value::Text(self.quoted()?),
            '[' | '{' => self.flow(depth)?,
            _ => {
                let text = self.plain(parent)?;
                return Some(scalar::resolved(&text));
            }
        };
        self.next_content()?;
        Some(value)
    }

    /// A flow collection, or a scalar in one.
    fn flow(&mut self, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if self.take('[') {
            let mut elements = Vec::new();
            while !self.closes(']')? {
                elements.push(self.flow(depth)?);
                self.divided(']')?;
            }
            return Some(Value::List(elements));
        }
        if self.take('{') {
            let mut members = Vec::new();
            while !self.closes('}')? {
                let is_quoted = self.rest().starts_with(['"', '\'']);
                let key = match is_quoted {
                    true => self.quoted()?,
                    false => self.flow_plain()?.to_owned(),
                };
                self.spaces();
                let value = match self.take(':') {
                    true if is_quoted || self.rest().is_empty() => self.flow_value(depth)?,
                    true if self.rest().starts_with([' ', '\t', ',', '}']) => {
                        self.flow_value(depth)?
                    }
                    true => return None,
                    false => Value::Plain(String::new()),
                };
                if key == "<<" {
                    return None;
                }
                members.push((key, value));
                self.divided('}')?;
            }
            return Some(Value::Table(members));
        }
        if self.rest().starts_with(['"', '\'']) {
            return self.quoted().map(Value::Text);
        }
        self.flow_plain().map(scalar::resolved)
    }

    /// The value behind a colon in a flow mapping.
    fn flow_value(&mut self, depth: u32) -> Option<Value> {
        self.flow_blank()?;
        match self.rest().starts_with([',', '}']) {
            true => Some(Value::Plain(String::new())),
            false => self.flow(depth),
        }
    }

    /// A plain scalar of one line.
    fn flow_plain(&mut self) -> Option<&'t str> {
        let end = scalar::plain_end(self.rest(), true)?;
        let text = self.rest().cut(..end).trim_end_matches([' ', '\t']);
        self.column += end;
        Some(text)
    }

    /// Passes `character` where it comes next.
    fn take(&mut self, character: char) -> bool {
        let found = self.rest().starts_with(character);
        self.column += usize::from(found);
        found
    }

    /// Passes blanks, line breaks and comments.
    fn flow_blank(&mut self) -> Option<()> {
        self.spaces();
        while self.is_blank() {
            (self.row, self.column) = (self.row + 1, 0);
            if self.is_done() {
                return None;
            }
            self.spaces();
        }
        Some(())
    }

    /// Passes the end of a collection, where it comes next.
    fn closes(&mut self, end: char) -> Option<bool> {
        self.flow_blank()?;
        Some(self.take(end))
    }

    /// Passes what divides two elements.
    fn divided(&mut self, end: char) -> Option<()> {
        self.flow_blank()?;
        (self.take(',') || self.rest().starts_with(end)).then_some(())
    }
}

#[cfg(test)]
mod tests;
