//! TOML, as one tree: dotted keys, tables and arrays of tables are put where they belong.
//! What stays out: whether a key comes twice, and whether a number or a date is one.

use super::{Members, Value};
use crate::limits;
use crate::text::Cut;

/// Reads `text`; `None` where it is not TOML, too deep, or of too many tables.
/// <https://toml.io/en/v1.1.0>
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}'), looked_at: 0 };
    let mut root = Members::new();
    let mut table = &mut root;
    loop {
        reader.blank();
        if reader.rest.is_empty() {
            return Some(Value::Table(root));
        }
        if reader.take("[[") {
            let keys = reader.keys()?;
            reader.take("]]").then_some(())?;
            table = reader.element(&mut root, keys)?;
        } else if reader.take("[") {
            let keys = reader.keys()?;
            reader.take("]").then_some(())?;
            table = reader.table(&mut root, &keys)?;
        } else {
            reader.setting(table, limits::MANIFEST_DEPTH)?;
        }
        reader.line_end()?;
    }
}

struct Reader<'t> {
    rest: &'t str,
    looked_at: u32,
}

impl<'t> Reader<'t> {
    /// Passes `word` where it comes next.
    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Passes blanks of a line.
    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Passes blanks, line breaks and comments.
    fn blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.cut(self.rest.find('\n').unwrap_or(self.rest.len())..);
        }
    }

    /// Passes the end of a line, with a comment before it.
    fn line_end(&mut self) -> Option<()> {
        self.spaces();
        let ends = self.rest.is_empty() || self.rest.starts_with(['\n', '#']);
        (ends || self.rest.starts_with("\r\n")).then_some(())
    }

    /// What comes up to the first character that is not `is_part`.
    fn word(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.cut_at(end);
        self.rest = rest;
        word
    }

    /// A key with the keys behind its dots.
    fn keys(&mut self) -> Option<Vec<String>> {
        let mut keys = Vec::new();
        loop {
            self.spaces();
            let is_quoted = self.rest.starts_with(['"', '\'']);
            let key = match is_quoted {
                true => self.string()?,
                false => self.word(|c| c.is_ascii_alphanumeric() || "-_".contains(c)).to_owned(),
            };
            if key.is_empty() && !is_quoted || keys.len() == limits::TOML_KEYS {
                return None;
            }
            keys.push(key);
            self.spaces();
            if !self.take(".") {
                return Some(keys);
            }
        }
    }

    /// `a.b = value`, put into the table that it belongs to.
    fn setting(&mut self, table: &mut Members, depth: u32) -> Option<()> {
        let mut keys = self.keys()?;
        let key = keys.pop()?;
        self.take("=").then_some(())?;
        let value = self.value(depth)?;
        self.table(table, &keys)?.push((key, value));
        Some(())
    }

    /// The table at `keys` below `table`; of an array, its last one.
    fn table<'v>(
        &mut self,
        mut table: &'v mut Members,
        keys: &[String],
    ) -> Option<&'v mut Members> {
        for key in keys {
            let value = self.member(table, key, || Value::Table(Vec::new()))?;
            let last = match value {
                Value::List(elements) => elements.last_mut()?,
                value => value,
            };
            let Value::Table(members) = last else { return None };
            table = members;
        }
        Some(table)
    }

    /// A new table behind those of the array at `keys`.
    fn element<'v>(
        &mut self,
        root: &'v mut Members,
        mut keys: Vec<String>,
    ) -> Option<&'v mut Members> {
        let key = keys.pop()?;
        let table = self.table(root, &keys)?;
        let list = self.member(table, &key, || Value::List(Vec::new()))?;
        let Value::List(elements) = list else { return None };
        elements.push(Value::Table(Vec::new()));
        match elements.last_mut() {
            Some(Value::Table(members)) => Some(members),
            _ => None,
        }
    }

    /// The member `key` of a table, made where there is none.
    fn member<'v>(
        &mut self,
        table: &'v mut Members,
        key: &str,
        make: fn() -> Value,
    ) -> Option<&'v mut Value> {
        // Tables that belong together mostly stand together.
        let known = table.iter().rposition(|(name, _)| name == key);
        self.looked_at += (table.len() - known.unwrap_or(0)) as u32;
        if self.looked_at > limits::TOML_NAMES_SEARCHED {
            return None;
        }
        let at = known.unwrap_or(table.len());
        if known.is_none() {
            table.push((key.to_owned(), make()));
        }
        table.get_mut(at).map(|(_, value)| value)
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.spaces();
        if self.rest.starts_with(['"', '\'']) {
            return self.string().map(Value::Text);
        }
        if self.take("[") {
            let mut elements = Vec::new();
            while !self.closes("]") {
                elements.push(self.value(depth)?);
                self.divided("]")?;
            }
            return Some(Value::List(elements));
        }
        if self.take("{") {
            let mut members = Vec::new();
            while !self.closes("}") {
                self.setting(&mut members, depth)?;
                self.divided("}")?;
            }
            return Some(Value::Table(members));
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+-_.:".contains(c);
        let mut word = self.word(is_part).to_owned();
        // A blank may stand between a date and a time.
        let is_date = word.len() == 10 && word.as_bytes().get(4) == Some(&b'-');
        if is_date && self.rest.as_bytes().get(3) == Some(&b':') && self.take(" ") {
            word = format!("{word} {}", self.word(is_part));
        }
        let is_number = |c: char| c.is_ascii_digit() || c == '+' || c == '-';
        (word.starts_with(is_number) || ["true", "false", "inf", "nan"].contains(&word.as_str()))
            .then_some(Value::Plain(word))
    }

    /// Passes the end of an array or a table, where it comes next.
    fn closes(&mut self, end: &str) -> bool {
        self.blank();
        self.take(end)
    }

    /// Passes what divides two elements.
    fn divided(&mut self, end: &str) -> Option<()> {
        self.blank();
        let found = self.take(",") || self.rest.starts_with(end);
        self.blank();
        found.then_some(())
    }

    /// A string in quotes of one of the four kinds.
    fn string(&mut self) -> Option<String> {
        for (quotes, escapes) in [("\"\"\"", true), ("'''", false), ("\"", true), ("'", false)] {
            let Some(body) = self.rest.strip_prefix(quotes) else { continue };
            let is_long = quotes.len() == 3;
            let end = string_end(body, quotes, escapes)?;
            let (body, rest) = body.cut_at(end);
            self.rest = rest.cut(quotes.len()..);
            if !is_long {
                return match body.contains('\n') {
                    true => None,
                    false if escapes => unescaped(body),
                    false => Some(body.to_owned()),
                };
            }
            let body = body.replace("\r\n", "\n");
            let body = body.strip_prefix('\n').unwrap_or(&body);
            return if escapes { unescaped(body) } else { Some(body.to_owned()) };
        }
        None
    }
}

/// Where the quotes that end a string begin; of more than three, the last ones end it.
fn string_end(body: &str, quotes: &str, escapes: bool) -> Option<usize> {
    let quote = quotes.chars().next()?;
    let mut at = 0;
    loop {
        let rest = body.get(at..)?;
        let found = rest.find(['\\', quote])?;
        at += found;
        if body.cut(at..).starts_with('\\') {
            let escaped = body.cut(at + 1..).chars().next()?;
            at += 1 + if escapes { escaped.len_utf8() } else { 0 };
        } else if body.cut(at..).starts_with(quotes) {
            let more = body.cut(at + quotes.len()..).chars().take(2).take_while(|c| *c == quote);
            return Some(at + if quotes.len() == 3 { more.count() } else { 0 });
        } else {
            at += 1;
        }
    }
}

/// The text of a basic string.
fn unescaped(mut body: &str) -> Option<String> {
    let mut out = String::new();
    while let Some(at) = body.find('\\') {
        out.push_str(body.cut(..at));
        body = body.cut(at + 1..);
        let kind = body.chars().next()?;
        let mut read = kind.len_utf8();
        match kind {
            'b' => out.push('\u{8}'),
            't' => out.push('\t'),
            'n' => out.push('\n'),
            'f' => out.push('\u{c}'),
            'r' => out.push('\r'),
            'e' => out.push('\u{1b}'),
            '"' | '\\' => out.push(kind),
            'x' | 'u' | 'U' => {
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let code = u32::from_str_radix(body.get(1..1 + digits)?, 16).ok()?;
                out.push(char::from_u32(code)?);
                read += digits;
            }
            // The line goes on with the next that holds something.
            ' ' | '\t' | '\n' => {
                read = body.len() - body.trim_start_matches([' ', '\t', '\n']).len();
                body.cut(..read).contains('\n').then_some(())?;
            }
            _ => return None,
        }
        body = body.cut(read..);
    }
    out.push_str(body);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, path: &str) -> Vec<String> {
        let value = parse(text).unwrap_or_else(|| panic!("{text}"));
        value.texts(path).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn one_table_may_be_written_in_many_ways() {
        for text in [
            "[a.b]\nc = [\"x\"]",
            "[a]\nb.c = [\n  \"x\", # why\n]",
            "a.b.c = ['x']",
            "a = { b = { c = [\"x\"] } }",
            "a = {\n b.c = [\"x\"],\n}\n",
            "[a.\"b\"]\n'c' = [\"\"\"x\"\"\"]",
            "[[a.b]]\r\nc = [\"x\"]\r\n",
            "a . b . c = [\"\\u0078\",]",
        ] {
            assert_eq!(texts(text, "a.b.c"), ["x"], "{text}");
        }
    }

    #[test]
    fn tables_go_to_the_last_of_an_array() {
        let text = "[[a]]\nn = \"1\"\n[a.b]\nc = \"x\"\n[[a]]\nn = \"2\"\n[a.b]\nc = \"y\"";
        let value = parse(text).unwrap();
        let Value::Table(members) = &value else { panic!() };
        let Value::List(elements) = &members[0].1 else { panic!() };
        assert_eq!(elements.len(), 2);
        assert_eq!((elements[1].first("n"), elements[1].first("b.c")), (Some("2"), Some("y")));
    }

    #[test]
    fn strings_of_all_kinds() {
        for (text, wanted) in [
            ("\"a\\\"\\\\\\n\\x41\"", "a\"\\\nA"),
            ("'a\\'", "a\\"),
            ("\"\"\"\na\\\n   b\"\"\"\"", "ab\""),
            ("'''a\r\nb'''''", "a\nb''"),
            ("''", ""),
        ] {
            assert_eq!(texts(&format!("k = {text} # c"), "k"), [wanted], "{text}");
        }
        let value = parse("d = 1979-05-27 07:32:00Z\nf = -1.5e3").unwrap();
        assert_eq!(value.at("d")[0].value, &Value::Plain("1979-05-27 07:32:00Z".into()));
    }

    #[test]
    fn what_is_not_toml_is_not_understood() {
        let deep = format!("a = {}", "[".repeat(1000));
        for text in [
            "a",
            "a =",
            "a = b",
            "= 1",
            "a = [1 2]",
            "a = {b = 1 c = 2}",
            "[a",
            "[a] b = 1",
            "a = 1 b = 2",
            "a = \"x",
            "a = \"x\ny\"",
            "a = \"\\q\"",
            "a b = 1",
            "a = 1\na.b = 2",
            "a..b = 1",
            "\"a\"b = 1",
            &deep,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
