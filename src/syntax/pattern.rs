//! Shell patterns of `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and literal characters.
//!
//! Stands for the regular expressions that BuildKit's `frontend/dockerfile/shell/lex.go`
//! makes of them. Linear in the value, for patterns of ordinary length.

use crate::text::Cut;

enum Token {
    Literal(char),
    /// `?`: any character but a line break.
    Any,
}

/// The tokens between the stars.
type Segments = Vec<Vec<Token>>;

/// Reads `pattern`; `\` escapes `*`, `?` and itself, and may stand before `/` and `}`.
fn parse(pattern: &str) -> Result<Segments, String> {
    let mut segments = vec![Vec::new()];
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let token = match c {
            '*' => {
                segments.push(Vec::new());
                continue;
            }
            '?' => Token::Any,
            '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
            '\\' => match chars.next() {
                Some(c @ ('*' | '?' | '\\')) => Token::Literal(c),
                other => {
                    let other = other.unwrap_or(char::REPLACEMENT_CHARACTER);
                    return Err(format!("invalid escape '\\{other}'"));
                }
            },
            c => Token::Literal(c),
        };
        if let Some(segment) = segments.last_mut() {
            segment.push(token);
        }
    }
    Ok(segments)
}

/// Says what is wrong with `pattern`.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    parse(pattern).map(|_| ())
}

/// `value` without the shortest (or, greedy, the longest) part at its start (or end) that
/// `pattern` matches.
pub(super) fn trim(
    pattern: &str,
    value: &str,
    greedy: bool,
    at_end: bool,
) -> Result<String, String> {
    let mut segments = parse(pattern)?;
    let mut chars: Vec<char> = value.chars().collect();
    if at_end {
        chars.reverse();
        segments.reverse();
        segments.iter_mut().for_each(|s| s.reverse());
    }
    let end = match_at(&segments, &chars, 0, greedy).unwrap_or(0);
    let mut rest = chars.split_off(end);
    if at_end {
        rest.reverse();
    }
    Ok(rest.into_iter().collect())
}

/// `value` with the first match of `pattern` (or all of them) replaced by `new`, at most
/// `limit` bytes of it.
pub(super) fn replace(
    pattern: &str,
    value: &str,
    new: &str,
    all: bool,
    limit: usize,
) -> Result<String, String> {
    let segments = parse(pattern)?;
    let chars: Vec<char> = value.chars().collect();
    let mut out = String::new();
    let mut copied = 0;
    let mut from = 0;
    while from <= chars.len() && out.len() <= limit {
        let Some((start, end)) = find(&segments, &chars, from) else { break };
        out.extend(&chars[copied..start]);
        // An empty match right behind another match does not count.
        if end > copied || start == 0 {
            if all {
                expand_template(new, &chars[start..end], &mut out);
            } else {
                out.push_str(new);
            }
        }
        copied = end;
        from = end.max(from + 1);
        if !all {
            break;
        }
    }
    out.extend(&chars[copied..]);
    Ok(out)
}

/// Go's `ReplaceAllString` reads `$0` and `$name` in the replacement; only the match as a
/// whole has a name here.
fn expand_template(template: &str, found: &[char], out: &mut String) {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.cut(..at));
        let behind = rest.cut(at + 1..);
        let is_name = |c: char| c == '_' || c.is_alphanumeric();
        let (name, after) = if let Some(behind) = behind.strip_prefix('$') {
            out.push('$');
            ("", behind)
        } else if let Some((name, after)) = behind.strip_prefix('{').and_then(|b| b.split_once('}'))
            && !name.is_empty()
            && name.chars().all(is_name)
        {
            (name, after)
        } else {
            let length = behind.find(|c| !is_name(c)).unwrap_or(behind.len());
            if length == 0 {
                out.push('$');
            }
            behind.cut_at(length)
        };
        if name == "0" {
            out.extend(found);
        }
        rest = after;
    }
    out.push_str(rest);
}

/// The first match at or behind `from`, as greedy as can be.
fn find(segments: &Segments, chars: &[char], from: usize) -> Option<(usize, usize)> {
    let mut start = from;
    while start <= chars.len() {
        if matches(&segments[0], chars, start) {
            if let Some(end) = match_at(segments, chars, start, true) {
                return Some((start, end));
            }
            // A star ends with its line: what it did not find from here, it finds from no
            // later place of the line either.
            let line = chars[start..].iter().position(|&c| c == '\n');
            start += line? + 1;
        } else {
            start += 1;
        }
    }
    None
}

/// Where the match that starts at `start` ends.
fn match_at(segments: &Segments, chars: &[char], start: usize, greedy: bool) -> Option<usize> {
    if !matches(&segments[0], chars, start) {
        return None;
    }
    let mut at = start + segments[0].len();
    for (index, segment) in segments.iter().enumerate().skip(1) {
        let line = chars[at..].iter().position(|&c| c == '\n').map_or(chars.len(), |n| at + n);
        let mut places = at..=line;
        at = if greedy && index + 1 == segments.len() {
            places.rfind(|&place| matches(segment, chars, place))?
        } else {
            places.find(|&place| matches(segment, chars, place))?
        } + segment.len();
    }
    Some(at)
}

/// Whether `segment` stands at `place`.
fn matches(segment: &[Token], chars: &[char], place: usize) -> bool {
    chars.len() - place >= segment.len()
        && segment.iter().zip(&chars[place..]).all(|(token, &c)| match token {
            Token::Literal(literal) => *literal == c,
            Token::Any => c != '\n',
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming() {
        let cut = |p, v, greedy, end| trim(p, v, greedy, end).unwrap();
        assert_eq!(cut("a*b", "aXbXbc", false, false), "Xbc");
        assert_eq!(cut("a*b", "aXbXbc", true, false), "c");
        assert_eq!(cut("b*c", "aXbXbc", false, true), "aXbX");
        assert_eq!(cut("b*c", "aXbXbc", true, true), "aX");
        assert_eq!(cut("*", "abc", false, false), "abc");
        assert_eq!(cut("*", "abc", true, true), "");
        assert_eq!(cut("a*b*c", "a1b2c3c", true, false), "");
        assert_eq!(cut("a*b*c", "a1b2c3c", false, false), "3c");
        assert_eq!(cut("*", "a\nb", true, false), "\nb");
        assert_eq!(cut("b", "abc", true, false), "abc");
        assert_eq!(cut("é?", "éèx", true, false), "x");
    }

    #[test]
    fn replacing() {
        let one = |p, v, new| replace(p, v, new, false, 1000).unwrap();
        let all = |p, v, new| replace(p, v, new, true, 1000).unwrap();
        assert_eq!(one("b", "abcb", "X"), "aXcb");
        assert_eq!(all("b", "abcb", "X"), "aXcX");
        assert_eq!(all("", "ab", "-"), "-a-b-");
        assert_eq!(all("*", "ab", "X"), "X");
        assert_eq!(all("?", "ab", "<$0>"), "<a><b>");
        assert_eq!(all("a", "ab", "${0}$x$$1"), "a$1b");
        assert_eq!(one("a", "ab", "$0"), "$0b");
        assert_eq!(one("a*c", "ab\nac", "X"), "ab\nX");
        assert_eq!(all("z*", "aaaa", "X"), "aaaa");
    }

    #[test]
    fn escapes() {
        assert_eq!(parse("\\").map(|_| ()), Err("invalid escape '\\\u{fffd}'".into()));
        assert_eq!(check("\\a"), Err("invalid escape '\\a'".into()));
        assert_eq!(check(r"\*\?\\\/\}[("), Ok(()));
        assert_eq!(replace(r"\*", "a*", "X", false, 9).unwrap(), "aX");
    }
}
