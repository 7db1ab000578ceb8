//! The readers of manifests against a library of their format: what ours understands, it reads
//! as the library does. Over generated documents, over damaged ones, and over a corpus where
//! there is one.

use layerwise::ecosystem::manifest::{Value, json, toml, xml, yaml};
use saphyr::LoadableYamlNode;

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/documents.rs"]
mod documents;

use documents::{Random, table, value, write_json, write_toml, write_xml, write_yaml};

/// A format: our reader, and the library, each with a value that compares.
struct Format {
    name: &'static str,
    ours: fn(&str) -> Option<Value>,
    theirs: fn(&str) -> Option<Value>,
    write: fn(&mut Random, &Value) -> String,
    /// The files of a corpus that are of this format.
    is_file: fn(&str) -> bool,
    /// How many of them there have to be.
    at_least: usize,
}

const FORMATS: [Format; 4] = [
    Format {
        name: "JSON",
        ours: json::parse,
        theirs: their_json,
        write: write_json,
        is_file: |path| path.ends_with(".json"),
        at_least: 2000,
    },
    Format {
        name: "TOML",
        ours: toml::parse,
        theirs: their_toml,
        write: write_toml,
        is_file: |path| path.ends_with(".toml") || path.ends_with("Pipfile"),
        at_least: 700,
    },
    Format {
        name: "YAML",
        ours: yaml::parse,
        theirs: their_yaml,
        write: write_yaml,
        is_file: |path| path.ends_with(".yaml") || path.ends_with(".yml"),
        at_least: 50,
    },
    Format {
        name: "XML",
        ours: xml::parse,
        theirs: their_xml,
        write: write_xml,
        is_file: |path| {
            path.ends_with("proj") || path.ends_with(".xml") || path.ends_with(".props")
        },
        at_least: 3000,
    },
];

/// What is compared: names sorted, the last of equal ones, and scalars without their spelling.
fn comparable(value: Value, one_each: bool) -> Value {
    match value {
        Value::Plain(_) => Value::Plain(String::new()),
        Value::Text(text) => Value::Text(text),
        Value::List(elements) => {
            Value::List(elements.into_iter().map(|e| comparable(e, one_each)).collect())
        }
        Value::Table(members) => {
            let mut members: Vec<(String, Value)> = members
                .into_iter()
                .map(|(key, value)| (key, comparable(value, one_each)))
                .collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            // Elements of XML may come again; a name of JSON that does stands for its last.
            let mut next =
                members.iter().skip(1).map(|(key, _)| key.clone()).collect::<Vec<_>>().into_iter();
            let is_last =
                |(key, _): &(String, Value)| !one_each || next.next().as_ref() != Some(key);
            members.retain(is_last);
            Value::Table(members)
        }
    }
}

fn their_json(text: &str) -> Option<Value> {
    fn of(value: serde_json::Value) -> Value {
        match value {
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(list) => Value::List(list.into_iter().map(of).collect()),
            serde_json::Value::Object(members) => {
                Value::Table(members.into_iter().map(|(key, value)| (key, of(value))).collect())
            }
            other => Value::Plain(other.to_string()),
        }
    }
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok().map(of)
}

fn their_toml(text: &str) -> Option<Value> {
    fn of(value: ::toml::Value) -> Value {
        match value {
            ::toml::Value::String(text) => Value::Text(text),
            ::toml::Value::Array(list) => Value::List(list.into_iter().map(of).collect()),
            ::toml::Value::Table(members) => {
                Value::Table(members.into_iter().map(|(key, value)| (key, of(value))).collect())
            }
            _ => Value::Plain(String::new()),
        }
    }
    ::toml::from_str(text.trim_start_matches('\u{feff}')).ok().map(of)
}

fn their_yaml(text: &str) -> Option<Value> {
    fn of(value: &saphyr::Yaml<'_>) -> Option<Value> {
        Some(match value {
            saphyr::Yaml::Value(saphyr::Scalar::String(text)) => Value::Text(text.to_string()),
            saphyr::Yaml::Value(_) => Value::Plain(String::new()),
            saphyr::Yaml::Sequence(list) => {
                Value::List(list.iter().map(of).collect::<Option<_>>()?)
            }
            saphyr::Yaml::Mapping(members) => {
                let member = |(key, value): (&saphyr::Yaml<'_>, &saphyr::Yaml<'_>)| {
                    // Keys keep their spelling with us.
                    let key = match key {
                        saphyr::Yaml::Value(saphyr::Scalar::String(text)) => text.to_string(),
                        _ => return None,
                    };
                    Some((key, of(value)?))
                };
                Value::Table(members.iter().map(member).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }
    let documents = saphyr::Yaml::load_from_str(text.trim_start_matches('\u{feff}')).ok()?;
    match &documents[..] {
        [] => Some(Value::Plain(String::new())),
        [document] => of(document),
        _ => None,
    }
}

fn their_xml(text: &str) -> Option<Value> {
    fn of(node: roxmltree::Node<'_, '_>) -> (String, Value) {
        let mut members: Vec<(String, Value)> = Vec::new();
        for attribute in node.attributes() {
            let value = Value::Text(attribute.value().to_owned());
            members.push((format!("@{}", attribute.name()), value));
        }
        members.extend(node.children().filter(|child| child.is_element()).map(of));
        let text = node.children().filter(|child| child.is_text());
        let text: String = text.filter_map(|child| child.text()).collect();
        let text = Value::Text(text.trim().to_owned());
        let value = match members.is_empty() {
            true => text,
            false => {
                members.push((String::new(), text));
                Value::Table(members)
            }
        };
        (node.tag_name().name().to_owned(), value)
    }
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).ok()?;
    Some(Value::Table(vec![of(document.root_element())]))
}

/// Fails where ours reads `text` otherwise than the library; whether ours reads it.
#[track_caller]
fn compare(format: &Format, name: &str, text: &str) -> Option<bool> {
    let ours = (format.ours)(text);
    let theirs = (format.theirs)(text)?;
    if let Some(ours) = &ours {
        let is_json = format.name == "JSON";
        let (ours, theirs) = (comparable(ours.clone(), is_json), comparable(theirs, is_json));
        assert_eq!(ours, theirs, "{} of {name}:\n{text}", format.name);
    }
    Some(ours.is_some())
}

const GENERATED: usize = 3000;

#[test]
fn generated_documents_are_read_as_libraries_read_them() {
    for format in &FORMATS {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let (mut valid, mut read) = (0, 0);
        for number in 0..GENERATED {
            let value = match number % 4 {
                0 => value(&mut random, 3),
                _ => table(&mut random, 3),
            };
            let text = (format.write)(&mut random, &value);
            if let Some(is_read) = compare(format, &number.to_string(), &text) {
                valid += 1;
                read += usize::from(is_read);
                assert!(is_read, "{} {number} is not understood:\n{text}", format.name);
            } else if std::env::var_os("SHOW").is_some() {
                println!("{} {number} is not valid:\n{text}\n----", format.name);
            }
        }
        println!("{}: {valid} documents are valid, {read} read", format.name);
        assert!(valid * 10 >= GENERATED * 9, "only {valid} {} documents are valid", format.name);
    }
}

#[test]
fn damaged_documents_are_read_as_libraries_read_them() {
    const PIECES: [&str; 20] = [
        "\"", "'", "[", "]", "{", "}", ":", ": ", "#", " #", "\n", "\n  ", "=", ",", "-", "- ",
        "\\", "<", ">", "&",
    ];
    for format in &FORMATS {
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        let (mut valid, mut read) = (0, 0);
        for number in 0..GENERATED * 3 {
            let value = table(&mut random, 2);
            let mut text = (format.write)(&mut random, &value);
            for _ in 0..=random.below(2) {
                let at =
                    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect::<Vec<_>>();
                let place = random.below(at.len());
                let end = at[(place + random.below(3)).min(at.len() - 1)];
                text.replace_range(at[place]..end, random.one(&PIECES));
            }
            if let Some(is_read) = compare(format, &number.to_string(), &text) {
                valid += 1;
                read += usize::from(is_read);
            }
        }
        println!("{}: {valid} documents are valid, {read} read", format.name);
        assert!(valid >= GENERATED / 4, "only {valid} {} documents are valid", format.name);
    }
}

#[test]
fn manifests_of_a_corpus_are_read_as_libraries_read_them() {
    let Some(cases) = corpus::corpus() else { return };
    for format in &FORMATS {
        let (mut valid, mut read) = (0, 0);
        for (id, _, options) in &cases {
            for (path, text) in options.files.iter().flatten() {
                let Some(text) = text.as_ref().filter(|_| (format.is_file)(path)) else { continue };
                if let Some(is_read) = compare(format, &format!("{id} {path}"), text) {
                    valid += 1;
                    read += usize::from(is_read);
                    if !is_read {
                        println!("{} is not understood: {id} {path}", format.name);
                    }
                }
            }
        }
        println!("{}: {valid} manifests are valid, {read} read", format.name);
        assert!(valid >= format.at_least, "only {valid} {} manifests", format.name);
        assert!(read * 1000 >= valid * 999, "only {read} of {valid} are read");
    }
}
