//! Documents of four formats, made of the same values: the same ones in every run, each written
//! in one of the many ways that its format has.

use layerwise::ecosystem::manifest::Value;

/// Numbers that look random, the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        // https://en.wikipedia.org/wiki/Xorshift#xorshift*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const TEXTS: [&str; 24] = [
    "",
    "a",
    "../lib",
    "packages/*",
    "!x",
    "a b",
    "a # b",
    "a: b",
    "#a",
    "true",
    "1.5",
    "~",
    "- a",
    "a'b",
    "a\"b",
    "a\\b",
    "a\nb",
    " a",
    "a ",
    "[a]",
    "{a}",
    "<&>",
    "\u{e9}\u{1f600}",
    "a,b",
];

const KEYS: [&str; 12] = [
    "a",
    "b",
    "dependencies",
    "path",
    "dev-dependencies",
    "x_y",
    "a.b",
    "a b",
    "@a/b",
    "a:b",
    "#",
    "\u{e9}",
];

/// A value as manifests have them.
pub fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 3 } else { 7 }) {
        0 => Value::Plain(random.one(&["1", "true", "false", "-2.5"]).to_owned()),
        1 | 2 => Value::Text(random.one(&TEXTS).to_owned()),
        3 | 4 => {
            let count = random.below(4);
            Value::List((0..count).map(|_| value(random, depth - 1)).collect())
        }
        _ => table(random, depth),
    }
}

pub fn table(random: &mut Random, depth: usize) -> Value {
    let mut members: Vec<(String, Value)> = Vec::new();
    for _ in 0..random.below(5) {
        let key = random.one(&KEYS);
        if members.iter().all(|(known, _)| known != key) {
            members.push((key.to_owned(), value(random, depth - 1)));
        }
    }
    Value::Table(members)
}

fn quoted(random: &mut Random, text: &str) -> String {
    let json = serde_json::to_string(text).unwrap();
    // An escape that all three have.
    match random.below(8) {
        0 => json.replacen('a', "\\u0061", 1),
        _ => json,
    }
}

fn blank(random: &mut Random) -> &'static str {
    random.one(&["", "", " ", "  ", "\n", "\n\t", "\r\n"])
}

pub fn write_json(random: &mut Random, value: &Value) -> String {
    let between = |random: &mut Random, parts: Vec<String>| {
        let mut out = String::new();
        for (at, part) in parts.iter().enumerate() {
            out += if at == 0 { "" } else { "," };
            out = format!("{out}{}{part}{}", blank(random), blank(random));
        }
        out
    };
    match value {
        Value::Plain(text) => text.clone(),
        Value::Text(text) => quoted(random, text),
        Value::List(list) => {
            let parts = list.iter().map(|value| write_json(random, value)).collect();
            format!("[{}{}]", between(random, parts), blank(random))
        }
        Value::Table(members) => {
            let mut parts = Vec::new();
            for (key, value) in members {
                let (key, value) = (quoted(random, key), write_json(random, value));
                parts.push(format!("{key}{}:{}{value}", blank(random), blank(random)));
            }
            format!("{{{}{}}}", between(random, parts), blank(random))
        }
    }
}

fn toml_key(random: &mut Random, key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    match random.below(4) {
        0 if !key.contains('\'') => format!("'{key}'"),
        1 => quoted(random, key),
        _ if is_bare => key.to_owned(),
        _ => quoted(random, key),
    }
}

fn toml_inline(random: &mut Random, value: &Value) -> String {
    let blank = |random: &mut Random| random.one(&["", " ", "\n", " # c, ]\n", "\r\n "]);
    match value {
        Value::Plain(text) => text.clone(),
        Value::Text(text) => match random.below(5) {
            0 if !text.contains(['\'', '\n']) => format!("'{text}'"),
            1 if !text.contains('\'') => format!("'''\n{text}'''"),
            2 => format!("\"\"\"{}\"\"\"", &text.replace('\\', "\\\\").replace('"', "\\\"")),
            3 => format!("\"\"\"\\\n   {}\"\"\"", quoted(random, text).trim_matches('"'))
                .replace("\\\"\"\"\"", "\\\"\\\n\"\"\""),
            _ => quoted(random, text),
        },
        Value::List(list) => {
            let mut out = format!("[{}", blank(random));
            for (at, value) in list.iter().enumerate() {
                out += &toml_inline(random, value);
                let is_last = at + 1 == list.len();
                let comma = if is_last { random.one(&["", ","]) } else { "," };
                out = format!("{out}{}{comma}{}", blank(random), blank(random));
            }
            out + "]"
        }
        Value::Table(members) => {
            let mut parts = Vec::new();
            for (key, value) in members {
                parts.push(format!("{} = {}", toml_key(random, key), toml_inline(random, value)));
            }
            format!("{{ {} }}", parts.join(", "))
        }
    }
}

/// The settings of a table, each inline, under dotted keys, or in a table of its own.
fn toml_table(random: &mut Random, path: &str, members: &[(String, Value)], out: &mut String) {
    let mut later = Vec::new();
    for (key, value) in members {
        let key = toml_key(random, key);
        match (value, random.below(3)) {
            (Value::Table(members), 0) if !members.is_empty() => {
                for (name, value) in members {
                    let name = toml_key(random, name);
                    *out += &format!("{key} . {name}= {}\n", toml_inline(random, value));
                }
            }
            (Value::Table(_), 1) => later.push((key, value)),
            (Value::List(list), 1)
                if !list.is_empty() && list.iter().all(|v| matches!(v, Value::Table(_))) =>
            {
                later.push((key, value));
            }
            _ => *out += &format!("{key} = {} # c\n", toml_inline(random, value)),
        }
    }
    for (key, value) in later {
        let path = if path.is_empty() { key } else { format!("{path}.{key}") };
        let elements = match value {
            Value::List(list) => &list[..],
            table => std::slice::from_ref(table),
        };
        for element in elements {
            let Value::Table(members) = element else { unreachable!() };
            *out += &match value {
                Value::List(_) => format!("\n[[{path}]]\n"),
                _ => format!("[ {path} ]\r\n"),
            };
            toml_table(random, &path, members, out);
        }
    }
}

pub fn write_toml(random: &mut Random, value: &Value) -> String {
    let mut out = random.one(&["", "# c\n", "\u{feff}"]).to_owned();
    match value {
        Value::Table(members) => toml_table(random, "", members, &mut out),
        other => out += &format!("a = {}", toml_inline(random, other)),
    }
    out
}

fn yaml_scalar(random: &mut Random, text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b))
        && !["true", "1.5"].contains(&text);
    match random.below(4) {
        0 if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
        1 | 2 if is_plain => text.to_owned(),
        _ => quoted(random, text),
    }
}

fn yaml_flow(random: &mut Random, value: &Value, indent: &str) -> String {
    let breaks = [" ".to_owned(), format!("\n{indent}  "), format!(" # c\n{indent} ")];
    let breaks = [&breaks[0][..], &breaks[1], &breaks[2], " "];
    match value {
        Value::Plain(text) => text.clone(),
        Value::Text(text) => yaml_scalar(random, text),
        Value::List(list) => {
            let mut out = format!("[{}", random.one(&breaks));
            for (at, value) in list.iter().enumerate() {
                out += &yaml_flow(random, value, indent);
                let comma = if at + 1 == list.len() { "" } else { "," };
                out = format!("{out}{comma}{}", random.one(&breaks));
            }
            out + "]"
        }
        Value::Table(members) => {
            let mut out = format!("{{{}", random.one(&breaks));
            for (at, (key, value)) in members.iter().enumerate() {
                let comma = if at + 1 == members.len() { "" } else { "," };
                let (key, value) = (yaml_scalar(random, key), yaml_flow(random, value, indent));
                out = format!("{out}{key}: {value}{comma}{}", random.one(&breaks));
            }
            out + "}"
        }
    }
}

/// A value behind `key:` or `-`, with the line break behind it.
fn yaml_block(random: &mut Random, value: &Value, indent: &str, in_list: bool) -> String {
    let inner = format!("{indent}{}", random.one(&["  ", " ", "    "]));
    let is_block = random.below(4) > 0;
    match value {
        Value::List(list) if is_block && !list.is_empty() => {
            // Below a key, items need not be indented.
            let own = if in_list || random.below(2) == 0 { inner.as_str() } else { indent };
            let mut out = random.one(&["\n", " # c\n", "\n\n# c\n"]).to_owned();
            for value in list {
                out += &format!("{own}-{}", yaml_block(random, value, own, true));
            }
            out
        }
        Value::Table(members) if is_block && !members.is_empty() => {
            let compact = in_list && random.below(2) == 0;
            let own = if compact { format!("{indent}  ") } else { inner };
            let mut out = if compact { " " } else { "\n" }.to_owned();
            for (at, (key, value)) in members.iter().enumerate() {
                let key = yaml_scalar(random, key);
                let start = if compact && at == 0 { "" } else { own.as_str() };
                out += &format!("{start}{key}:{}", yaml_block(random, value, &own, false));
            }
            out
        }
        Value::Text(text) if is_block && random.below(3) == 0 && !text.starts_with(' ') => {
            let chomp = if text.is_empty() { "" } else { "-" };
            let lines = text.replace('\n', &format!("\n{inner}"));
            match text.is_empty() {
                true => " |\n".to_owned(),
                false => format!(" |{chomp}\n{inner}{lines}\n\n"),
            }
        }
        Value::Text(text) if text == "a b" && is_block => format!(
            " {}\n",
            random.one(&["a\n{} b", "'a\n{}b '", ">-\n{}a\n{}b"]).replace("{}", &inner)
        )
        .replace("b '", "b'"),
        other => {
            let flow = yaml_flow(random, other, indent);
            format!(" {flow}{}\n", random.one(&["", " # c", "\r", " "]))
        }
    }
}

pub fn write_yaml(random: &mut Random, value: &Value) -> String {
    let start = random.one(&["", "---\n", "# c\n"]);
    match value {
        Value::Table(members) if !members.is_empty() => {
            let mut out = start.to_owned();
            for (key, value) in members {
                let key = yaml_scalar(random, key);
                out += &format!("{key}:{}", yaml_block(random, value, "", false));
            }
            out
        }
        other => format!("{start}{}\n", yaml_flow(random, other, "")),
    }
}

pub fn write_xml(random: &mut Random, value: &Value) -> String {
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
    }
    fn element(random: &mut Random, name: &str, value: &Value) -> String {
        let name = random.one(&["a", "b", "x:c", name]);
        match value {
            Value::Plain(text) => format!("<{name} v=\"{text}\"/>"),
            Value::Text(text) => match random.below(4) {
                0 => format!("<{name}><![CDATA[{text}]]></{name}>"),
                1 => format!("<{name}>{}<!-- <c> -->&#97;</{name} >", escaped(text)),
                2 => format!("<{name} v = '{}' />", escaped(text).replace('\'', "&apos;")),
                _ => format!("<{name}>\n {}</{name}>", escaped(text)),
            },
            Value::List(list) => {
                let inner: String = list.iter().map(|value| element(random, "d", value)).collect();
                format!("<{name}>{inner}</{name}>")
            }
            Value::Table(members) => {
                let mut inner = String::new();
                for (_, value) in members {
                    inner += &element(random, "e", value);
                    inner += random.one(&["", "\n", "<?p?>", " t "]);
                }
                format!("<{name} n=\"1\">{inner}</{name}>")
            }
        }
    }
    let start = random.one(&["", "<?xml version=\"1.0\"?>\n", "<!-- c -->", "<!DOCTYPE a>"]);
    format!("{start}<root xmlns:x=\"y\">{}</root>\n", element(random, "f", value))
}
