//! Telling options, their values and other words apart, going by a tool's table.

use super::super::OptionTable;
use super::{Argument, name_matches, names_a_file};
use crate::bytes::Bytes;
use crate::text::Cut;
use std::ops::Range;

/// The value of an option that may name a file all the same: `--config=conf/a.ini`,
/// `-Djavax.net.ssl.trustStore=conf/trust.jks`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionValue {
    /// The value, as written.
    pub text: String,
    /// What it is.
    pub kind: ValueKind,
}

/// What the value of an option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// The table says that it is no path: `--depth 1`.
    Listed,
    /// It is attached to an option that no table knows, or assigned to a name.
    Attached,
    /// A word behind an option that no table knows: it may stand for itself.
    Behind,
}

/// The words of a command, sorted by what they are.
#[derive(Debug, Default)]
pub(super) struct Words<'w, 'a> {
    /// Those that are neither options nor their values, with their index.
    pub words: Vec<(usize, &'w Argument<'a>)>,
    /// Options by name (as written where a value is attached to a short one), with the words
    /// they take up.
    pub options: Vec<(&'w str, Range<usize>)>,
    /// Options as written, values behind `=` included.
    flags: Vec<&'w str>,
    /// Letters that stand together behind one `-`.
    clusters: Vec<&'w str>,
    /// Options that name the project.
    pub places: Vec<&'w str>,
    /// The directory that was named.
    pub directory: Option<String>,
    /// Manifests that were named.
    pub files: Vec<String>,
    /// Paths that are read beside them.
    pub paths: Vec<String>,
    /// Paths that are written.
    pub outputs: Vec<String>,
    /// Values that no table takes for paths.
    pub values: Vec<OptionValue>,
    /// Options that are passed on.
    pub noted: Vec<String>,
    /// Whether the project comes without its dependencies.
    pub alone: bool,
    /// Whether something that matters is not known.
    pub uncertain: bool,
}

impl Words<'_, '_> {
    /// Whether an option was given, as written or by its name.
    pub fn has(&self, flag: &str) -> bool {
        let letter = flag.strip_prefix('-').filter(|letter| letter.len() == 1);
        self.flags.contains(&flag)
            || self.options.iter().any(|(name, _)| *name == flag)
            || letter.is_some_and(|letter| self.clusters.iter().any(|text| text.contains(letter)))
    }
}

/// Whether an entry of a blank-divided list satisfies `test`.
pub fn listed(list: &str, test: impl Fn(&str) -> bool) -> bool {
    // One loop for all tests.
    fn any(list: &str, test: &dyn Fn(&str) -> bool) -> bool {
        list.parts(b' ').any(|entry| !entry.is_empty() && test(entry))
    }
    !list.is_empty() && any(list, &test)
}

/// What the value of an option means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Plain,
    Directory,
    File,
    Project,
    Holder,
    Reads,
    Writes,
    Runs,
    Argument,
}

/// The value of an option that a table lists.
struct Value<'v, 'w, 'a> {
    text: &'v str,
    /// Whether no variable in it is unknown.
    resolved: bool,
    /// The word that it is, with its index; `None` where it is attached to the option.
    word: Option<(usize, &'w Argument<'a>)>,
}

/// Sorts `arguments`.
pub(super) fn read<'w, 'a>(table: &OptionTable, arguments: &'w [Argument<'a>]) -> Words<'w, 'a> {
    let mut read = Words::default();
    let mut at = 0;
    while at < arguments.len() {
        let argument = &arguments[at];
        let start = at;
        at += 1;
        let text = argument.text.as_str();
        if text == "--" {
            read.words.extend(arguments.iter().enumerate().skip(at));
            break;
        }
        if !is_option(table, text) {
            if listed(table.noted, |noted| name_matches(noted, text)) {
                read.noted.push(text.to_owned());
            }
            if let Some((_, value)) = text.split_once('=') {
                read.value(value, ValueKind::Attached);
            } else if text.contains("file://") {
                read.value(text, ValueKind::Attached);
            }
            read.words.push((start, argument));
            continue;
        }
        let separators: &[char] = if table.slashes { &['=', ':'] } else { &['='] };
        let (mut name, attached) = match text.split_once(separators) {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        read.flags.push(text);
        let mut found = meaning(table, name).map(|meaning| (meaning, attached));
        if found.is_none()
            && let Some((short, value)) = attached_short(table, text)
            && let Some(meaning) = meaning(table, short)
        {
            name = short;
            found = Some((meaning, Some(value)));
        }
        if found.is_none()
            && let Some(last) = text.chars().next_back().filter(|_| is_cluster(table, text))
        {
            // The last letter of a cluster takes the next word.
            read.clusters.push(text);
            let letter = format!("-{last}");
            found = meaning(table, &letter).map(|meaning| (meaning, None));
            read.uncertain |= listed(table.opaque, |opaque| opaque == letter);
        }
        // `-Kcurl.cfg`
        let glued = |opaque: &str| opaque.len() == 2 && !table.slashes && text.starts_with(opaque);
        read.uncertain |= listed(table.opaque, |opaque| opaque == name || glued(opaque));
        read.alone |= listed(table.alone, |alone| alone == name);
        let is_noted = listed(table.noted, |noted| noted == name);
        if is_noted {
            read.noted.push(text.to_owned());
        }
        let Some((meaning, attached)) = found else {
            let on_or_off = |next: &Argument<'_>| matches!(next.text.as_str(), "true" | "false");
            if listed(table.switches, |switch| switch == name) && !text.contains(separators) {
                at += usize::from(arguments.get(at).is_some_and(on_or_off));
            }
            read.unlisted(table, text, arguments.get(at));
            read.options.push((name, start..at));
            continue;
        };
        let value = match attached {
            Some(text) => Value { text, resolved: argument.resolved, word: None },
            None => {
                let Some(next) = arguments.get(at) else { continue };
                at += 1;
                if let Some(noted) = read.noted.last_mut().filter(|_| is_noted) {
                    *noted = format!("{noted} {}", next.written);
                }
                Value { text: &next.text, resolved: next.resolved, word: Some((at - 1, next)) }
            }
        };
        read.options.push((name, start..at));
        if meaning == Meaning::Directory && matches!(value.text, "." | "./") {
            continue;
        }
        if matches!(
            meaning,
            Meaning::Directory | Meaning::File | Meaning::Project | Meaning::Holder
        ) {
            read.places.push(name);
        }
        read.take(meaning, value);
    }
    read
}

impl<'w, 'a> Words<'w, 'a> {
    fn value(&mut self, text: &str, kind: ValueKind) {
        // Most values are numbers, switches and names.
        if text.contains(['/', '.']) {
            self.values.push(OptionValue { text: text.to_owned(), kind });
        }
    }

    /// An option that the table does not know, with the word behind it.
    fn unlisted(&mut self, table: &OptionTable, text: &str, next: Option<&Argument<'_>>) {
        if let Some((_, value)) = text.split_once('=') {
            self.value(value, ValueKind::Attached);
        } else if let Some((_, value)) = text.split_once(':').filter(|_| table.slashes) {
            self.value(value, ValueKind::Attached);
        } else if text.len() > 2 && !text.starts_with("--") && text.contains(['/', '.']) {
            self.value(text, ValueKind::Attached);
        } else if let Some(next) = next.filter(|next| !is_option(table, &next.text)) {
            self.value(&next.text, ValueKind::Behind);
        }
    }

    fn take(&mut self, meaning: Meaning, value: Value<'_, 'w, 'a>) {
        let Value { text, resolved, word } = value;
        let names_files = matches!(meaning, Meaning::File | Meaning::Reads);
        let path = text.strip_prefix("file://").filter(|_| names_files);
        let value = path.unwrap_or(text).to_owned();
        match meaning {
            Meaning::Plain => {
                let kind =
                    if value.contains('=') { ValueKind::Attached } else { ValueKind::Listed };
                self.value(&value, kind);
                return;
            }
            // A program on PATH is one of the image.
            Meaning::Runs => {
                self.uncertain |= !resolved || value.contains('/');
                return;
            }
            // An address is nothing that is copied.
            Meaning::File | Meaning::Project if value.contains("://") => return,
            Meaning::Directory => self.directory = Some(value),
            Meaning::Holder => {
                let (directory, _) = value.rsplit_once('/').unwrap_or_default();
                self.directory = (!matches!(directory, "" | ".") || value.starts_with('/'))
                    .then(|| if directory.is_empty() { "/" } else { directory }.to_owned());
            }
            Meaning::Project if !names_a_file(&value) => self.directory = Some(value),
            Meaning::File | Meaning::Project => self.files.push(value),
            Meaning::Reads if value.contains("://") => return,
            Meaning::Reads => self.paths.push(value),
            Meaning::Writes => self.outputs.push(value),
            Meaning::Argument => match word {
                Some(word) => self.words.push(word),
                None => self.uncertain = true,
            },
        }
        self.uncertain |= !resolved && meaning != Meaning::Argument;
    }
}

/// Whether a word is an option. `-` alone is not, nor is an absolute path.
fn is_option(table: &OptionTable, text: &str) -> bool {
    if text.starts_with('-') {
        return text != "-";
    }
    // cargo +nightly, chmod +x
    if text.starts_with('+') {
        return true;
    }
    // MSBuild: `/p:A=b`, `/restore`, `/m`; `/src` is a directory.
    table.slashes
        && text.strip_prefix('/').is_some_and(|rest| {
            let name = rest.split(':').next().unwrap_or(rest);
            let listed = name.len() < rest.len() || listed(table.flags, |flag| flag == text);
            listed && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
}

fn meaning(table: &OptionTable, name: &str) -> Option<Meaning> {
    let kinds = [
        (table.directories, Meaning::Directory),
        (table.files, Meaning::File),
        (table.projects, Meaning::Project),
        (table.holders, Meaning::Holder),
        (table.reads, Meaning::Reads),
        (table.writes, Meaning::Writes),
        (table.runs, Meaning::Runs),
        (table.arguments, Meaning::Argument),
        (table.values, Meaning::Plain),
    ];
    let found = kinds.into_iter().find(|(list, _)| listed(list, |entry| entry == name));
    found.map(|(_, meaning)| meaning)
}

/// `-fsSLo`: several options of one letter.
fn is_cluster(table: &OptionTable, text: &str) -> bool {
    table.clusters && text.len() > 2 && !text.starts_with("--")
}

/// `-rrequirements.txt`: a short option with its value attached.
fn attached_short<'t>(table: &OptionTable, text: &'t str) -> Option<(&'t str, &'t str)> {
    let long = text.starts_with("--") || listed(table.flags, |flag| flag == text);
    if long || text.len() < 3 || !text.is_char_boundary(2) {
        return None;
    }
    let (name, value) = text.cut_at(2);
    Some((name, value.strip_prefix('=').unwrap_or(value)))
}
