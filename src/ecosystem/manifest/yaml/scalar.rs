//! Scalars of YAML: plain, in quotes, and blocks of text.

use super::super::Value;
use super::Reader;
use crate::text::Cut;

/// Where a plain scalar ends on its line; `None` where none begins.
/// <https://yaml.org/spec/1.2.2/#733-plain-style>
pub(super) fn plain_end(line: &str, in_flow: bool) -> Option<usize> {
    let ends = |c: char| in_flow && ",[]{}".contains(c);
    let mut next = line.chars();
    let first = next.next()?;
    let second = next.next();
    let indicates = match first {
        '-' | '?' | ':' => second.is_none_or(|c| c == ' ' || c == '\t' || ends(c)),
        _ => ",[]{}#&*!|>'\"%@`".contains(first),
    };
    if indicates {
        return None;
    }
    Some(plain_rest(line, in_flow))
}

/// Where a plain scalar ends that may begin with any character, as in its further lines.
fn plain_rest(line: &str, in_flow: bool) -> usize {
    let mut last = 'x';
    for (at, c) in line.char_indices() {
        let behind = line.as_bytes().get(at + 1).map(|byte| char::from(*byte));
        let ends = |c: char| in_flow && ",[]{}".contains(c);
        let is_end = match c {
            '#' => last == ' ' || last == '\t',
            ':' => behind.is_none_or(|c| c == ' ' || c == '\t' || ends(c)),
            c => ends(c),
        };
        if is_end {
            return at;
        }
        last = c;
    }
    line.len()
}

/// A plain scalar as the value that it stands for.
/// <https://yaml.org/spec/1.2.2/#103-core-schema>
pub(super) fn resolved(text: &str) -> Value {
    const WORDS: &str = " ~ null Null NULL true True TRUE false False FALSE .nan .NaN .NAN ";
    const SIGNED: &str = " .inf .Inf .INF ";
    let of = |words: &str, text: &str| words.contains(&format!(" {text} "));
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let based = |start: &str, radix| {
        let digits = text.strip_prefix(start).filter(|digits| !digits.is_empty());
        digits.is_some_and(|digits| digits.chars().all(|c| c.is_digit(radix)))
    };
    let is_plain = is_number(unsigned)
        || based("0x", 16)
        || based("0o", 8)
        || (!text.contains(' ') && (of(WORDS, text) || of(SIGNED, unsigned)));
    match is_plain {
        true => Value::Plain(text.to_owned()),
        false => Value::Text(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    are_digits(whole)
        && are_digits(part)
        && are_digits(exponent)
        && !exponent.is_empty()
        && !(whole.is_empty() && part.is_empty())
}

/// Lines of a scalar, joined as its kind has it: one break is a blank, more are one less.
struct Folded {
    text: String,
    breaks: usize,
}

impl Folded {
    /// Adds a line without the blanks around it.
    fn add(&mut self, line: &str) {
        match self.breaks {
            0 => {}
            1 => self.text.push(' '),
            breaks => self.text.push_str(&"\n".repeat(breaks - 1)),
        }
        self.text.push_str(line);
        self.breaks = 0;
    }
}

impl Reader<'_> {
    /// A plain scalar with the lines that it goes on in, up to what counts below.
    pub(super) fn plain(&mut self, parent: Option<usize>) -> Option<String> {
        let mut end = plain_end(self.rest(), false)?;
        let mut folded = Folded { text: String::new(), breaks: 0 };
        loop {
            folded.add(self.rest().cut(..end).trim_end_matches([' ', '\t']));
            self.column += end;
            if !self.rest().is_empty() {
                // Nothing goes on behind a comment.
                self.next_content()?;
                return Some(folded.text);
            }
            self.next_line(&mut folded);
            let indent = self.indent();
            let is_inside = parent.is_none_or(|parent| indent > parent);
            if !is_inside || self.is_blank() || self.at_line_start().is_done() {
                self.at_line_start().content()?;
                return Some(folded.text);
            }
            self.spaces();
            end = plain_rest(self.rest(), false);
        }
    }

    /// Goes to the next line that is not empty, behind its blanks, and counts the breaks.
    fn next_line(&mut self, folded: &mut Folded) {
        while self.row < self.lines.len() {
            (self.row, self.column) = (self.row + 1, 0);
            folded.breaks += 1;
            self.spaces();
            if !self.rest().is_empty() {
                return;
            }
        }
    }

    fn at_line_start(&mut self) -> &mut Self {
        self.column = 0;
        self
    }

    /// How many blanks indent the line.
    fn indent(&self) -> usize {
        let line = self.lines.get(self.row).map_or("", |line| line);
        line.len() - line.trim_start_matches(' ').len()
    }

    /// A scalar in quotes, which may go on in the lines below.
    pub(super) fn quoted(&mut self) -> Option<String> {
        let is_double = self.rest().starts_with('"');
        let quote = if is_double { '"' } else { '\'' };
        self.column += 1;
        let mut folded = Folded { text: String::new(), breaks: 0 };
        let mut line = String::new();
        loop {
            let rest = self.rest();
            let Some(at) = rest.find([quote, '\\']) else {
                line.push_str(rest.trim_end_matches([' ', '\t']));
                folded.add(&std::mem::take(&mut line));
                self.next_line(&mut folded);
                let start = std::mem::take(&mut self.column);
                if self.is_done() {
                    return None;
                }
                self.column = start;
                continue;
            };
            line.push_str(rest.cut(..at));
            let found = rest.cut(at..);
            self.column += at + 1;
            if found.starts_with('\\') && is_double {
                self.column += escaped(found.cut(1..), &mut line)?;
            } else if found.starts_with('\\') {
                line.push('\\');
            } else if !is_double && found.starts_with("''") {
                line.push('\'');
                self.column += 1;
            } else {
                folded.add(&line);
                return Some(folded.text);
            }
        }
    }

    /// A block of text, up to what counts below.
    /// <https://yaml.org/spec/1.2.2/#81-block-scalar-styles>
    pub(super) fn block_text(&mut self, parent: Option<usize>) -> Option<String> {
        let is_folded = self.rest().starts_with('>');
        self.column += 1;
        let outer = parent.map_or(0, |parent| parent + 1);
        let (mut indent, mut chomp) = (None, ' ');
        while let Some(c) = self.rest().chars().next().filter(|c| "+-123456789".contains(*c)) {
            match c.to_digit(10) {
                Some(digit) => indent = Some(parent.map_or(0, |parent| parent) + digit as usize),
                None => chomp = c,
            }
            self.column += 1;
        }
        self.spaces();
        if !self.is_blank() {
            return None;
        }
        (self.row, self.column) = (self.row + 1, 0);
        let mut text = String::new();
        let (mut breaks, mut was_more, mut is_empty) = (0, false, true);
        while self.row < self.lines.len() && !self.is_done() {
            let line = self.rest();
            let own = line.len() - line.trim_start_matches(' ').len();
            if own == line.len() && indent.is_none_or(|indent| own <= indent) {
                // The break before the end of the text is none.
                breaks += usize::from(self.row + 1 < self.lines.len());
                self.row += 1;
                continue;
            }
            let indent = *indent.get_or_insert(own);
            if own < indent || indent < outer {
                break;
            }
            let line = line.cut(indent..);
            let is_more = line.starts_with([' ', '\t']);
            match is_folded && !is_empty && !was_more && !is_more {
                true if breaks == 1 => text.push(' '),
                true => text.push_str(&"\n".repeat(breaks - 1)),
                false => text.push_str(&"\n".repeat(breaks)),
            }
            text.push_str(line);
            (breaks, was_more, is_empty) = (1, is_more, false);
            self.row += 1;
        }
        match chomp {
            '+' => text.push_str(&"\n".repeat(breaks)),
            '-' => {}
            _ if is_empty => {}
            _ => text.push('\n'),
        }
        self.content()?;
        Some(text)
    }
}

/// Reads an escape into `out`; how many bytes it has.
/// <https://yaml.org/spec/1.2.2/#57-escaped-characters>
fn escaped(escape: &str, out: &mut String) -> Option<usize> {
    const ESCAPES: [(char, char); 17] = [
        ('0', '\0'),
        ('a', '\u{7}'),
        ('b', '\u{8}'),
        ('t', '\t'),
        ('n', '\n'),
        ('v', '\u{b}'),
        ('f', '\u{c}'),
        ('r', '\r'),
        ('e', '\u{1b}'),
        (' ', ' '),
        ('"', '"'),
        ('/', '/'),
        ('\\', '\\'),
        ('N', '\u{85}'),
        ('_', '\u{a0}'),
        ('L', '\u{2028}'),
        ('P', '\u{2029}'),
    ];
    let kind = escape.chars().next()?;
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    out.push(match digits {
        0 => ESCAPES.iter().find(|(name, _)| *name == kind)?.1,
        _ => char::from_u32(u32::from_str_radix(escape.get(1..1 + digits)?, 16).ok()?)?,
    });
    Some(1 + digits)
}
