//! Reads the part of the Dockerfile language that cases are written in and rewritten to. It is no
//! parser: what it does not know, it refuses, which fails the test.

/// An instruction, with its here-documents.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Where it begins, from 1.
    pub line: usize,
    pub keyword: String,
    /// `--name=value`, or `--name`.
    pub flags: Vec<(String, String)>,
    /// What stands behind the flags.
    pub rest: String,
    /// Names and bodies of here-documents.
    pub documents: Vec<(String, String)>,
}

impl Instruction {
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|flag| flag.0 == name).map(|flag| flag.1.as_str())
    }

    pub fn words(&self) -> Vec<String> {
        let text = self.rest.trim();
        match text.starts_with('[') {
            true => {
                let inner = text.trim_start_matches('[').trim_end_matches(']');
                inner.split(',').map(|word| word.trim().trim_matches('"').to_owned()).collect()
            }
            false => text.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

/// The instructions of a text.
pub fn read(text: &str) -> Vec<Instruction> {
    let mut lines = text.lines().enumerate();
    let mut found = Vec::new();
    while let Some((number, line)) = lines.next() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let mut whole = line.to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            let (_, next) = lines.next().expect("a line behind a backslash");
            if !next.trim_start().starts_with('#') && !next.trim().is_empty() {
                whole.push_str(next);
            } else {
                whole.push('\\');
            }
        }
        let (keyword, mut rest) = whole.trim().split_once(' ').unwrap_or((whole.trim(), ""));
        let mut flags = Vec::new();
        loop {
            rest = rest.trim_start();
            if !rest.starts_with("--") {
                break;
            }
            let (flag, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            let (name, value) = flag[2..].split_once('=').unwrap_or((&flag[2..], ""));
            flags.push((name.to_owned(), value.to_owned()));
            rest = behind;
        }
        let mut documents = Vec::new();
        for word in rest.split_whitespace().filter_map(|word| word.strip_prefix("<<")) {
            let name = word.trim_matches(['"', '\'']);
            let mut body = String::new();
            for (_, line) in lines.by_ref() {
                if line == name {
                    break;
                }
                body += line;
                body.push('\n');
            }
            documents.push((name.to_owned(), body));
        }
        found.push(Instruction {
            line: number + 1,
            keyword: keyword.to_ascii_uppercase(),
            flags,
            rest: rest.to_owned(),
            documents,
        });
    }
    found
}

/// A text with `$NAME`, `${NAME}` and `${NAME:-word}` replaced.
pub fn expand(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('$') {
        out += &rest[..at];
        rest = &rest[at + 1..];
        let (name, default, behind) = match rest.strip_prefix('{') {
            Some(inner) => {
                let (inside, behind) = inner.split_once('}').expect("a closing brace");
                let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
                (name, default, behind)
            }
            None => {
                let is_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                (&rest[..end], "", &rest[end..])
            }
        };
        out += &value(name).filter(|value| !value.is_empty()).unwrap_or(default.to_owned());
        rest = behind;
    }
    out + rest
}
