//! The shell reader against a full bash parser, over every RUN of the corpus.
//!
//! Where a command is not opaque, both must see the same program, arguments, assignments
//! and joiner; and at most 15 % of the RUNs may have an opaque command. Without the corpus
//! beside the project the test passes and says so.

use brush_parser::ast;
use layerwise::shell::{self, Dialect, Joiner, Kind};
use layerwise::text::Joined;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

fn corpus(name: &str) -> Option<Vec<serde_json::Value>> {
    let directory = std::env::var("LAYERWISE_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus").into());
    let file = std::fs::File::open(format!("{directory}/{name}")).ok()?;
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    Some(lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect())
}

/// The texts that POSIX shells get: one for each RUN in shell form.
fn texts(file: &serde_json::Value) -> Vec<String> {
    let escape = file["escape"].as_str().and_then(|e| e.chars().next()).unwrap_or('\\');
    let mut dialect = Dialect::default_for(escape);
    let mut texts = Vec::new();
    for instruction in file["instructions"].as_array().into_iter().flatten() {
        let args: Vec<&str> = instruction["args"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|a| a.as_str())
            .collect();
        match instruction["keyword"].as_str() {
            Some("FROM") => dialect = Dialect::default_for(escape),
            Some("SHELL") => dialect = Dialect::of(&args),
            Some("RUN") if dialect == Dialect::Posix && instruction["json"] != true => {
                let [line] = args[..] else { continue };
                let heredocs = instruction["heredocs"].as_array().cloned().unwrap_or_default();
                let content = |h: &serde_json::Value| h["content"].as_str().unwrap().to_string();
                texts.push(match &heredocs[..] {
                    [only] if line.starts_with("<<") && !line.contains(' ') => content(only),
                    _ => heredocs.iter().fold(line.to_string(), |text, h| {
                        format!("{text}\n{}{}", content(h), h["name"].as_str().unwrap())
                    }),
                });
            }
            _ => {}
        }
    }
    texts
}

/// A command as both sides show it; `None` for what is not a simple command.
type Seen = (Joiner, Option<Vec<String>>);

fn ours(text: &str) -> Vec<(Seen, Kind)> {
    let joined = Joined::verbatim(text, 0);
    let script = shell::read(&joined);
    let mut seen = Vec::new();
    for command in script.commands {
        let mut words = Vec::new();
        for assignment in &command.assignments {
            let sign = if assignment.append { "+=" } else { "=" };
            words.push(format!("{}{sign}{}", assignment.name, assignment.value.raw));
        }
        // The oracle takes `time` for a keyword.
        let timed = command.program().is_some_and(|p| p == "time");
        let skipped = usize::from(timed && command.words.get(1).is_some());
        words.extend(command.words.iter().skip(skipped).map(|w| w.raw.to_string()));
        let simple = (command.kind == Kind::Simple).then_some(words);
        seen.push(((command.joiner, simple), command.kind));
    }
    seen
}

fn theirs(text: &str) -> Option<Vec<Seen>> {
    let options = brush_parser::ParserOptions::default();
    let program = brush_parser::Parser::new(text.as_bytes(), &options).parse_program().ok()?;
    let mut seen = Vec::new();
    let mut joiner = Joiner::Start;
    for list in &program.complete_commands {
        for ast::CompoundListItem(and_or, separator) in &list.0 {
            pipeline(&and_or.first, joiner, &mut seen);
            for next in &and_or.additional {
                match next {
                    ast::AndOr::And(next) => pipeline(next, Joiner::And, &mut seen),
                    ast::AndOr::Or(next) => pipeline(next, Joiner::Or, &mut seen),
                }
            }
            joiner = match separator {
                ast::SeparatorOperator::Async => Joiner::Background,
                ast::SeparatorOperator::Sequence => Joiner::Semicolon,
            };
        }
    }
    Some(seen)
}

fn pipeline(pipeline: &ast::Pipeline, mut joiner: Joiner, seen: &mut Vec<Seen>) {
    for command in &pipeline.seq {
        let words = match command {
            ast::Command::Simple(simple) => Some(words(simple)),
            _ => None,
        };
        seen.push((joiner, words));
        joiner = Joiner::Pipe;
    }
}

fn words(command: &ast::SimpleCommand) -> Vec<String> {
    let mut words = Vec::new();
    let items = |items: &[ast::CommandPrefixOrSuffixItem], words: &mut Vec<String>| {
        for item in items {
            match item {
                ast::CommandPrefixOrSuffixItem::Word(word)
                | ast::CommandPrefixOrSuffixItem::AssignmentWord(_, word) => {
                    words.push(word.value.clone());
                }
                ast::CommandPrefixOrSuffixItem::ProcessSubstitution(..)
                | ast::CommandPrefixOrSuffixItem::IoRedirect(_) => {}
            }
        }
    };
    if let Some(prefix) = &command.prefix {
        items(&prefix.0, &mut words);
    }
    words.extend(command.word_or_name.iter().map(|word| word.value.clone()));
    if let Some(suffix) = &command.suffix {
        items(&suffix.0, &mut words);
    }
    words
}

/// A comment in backquotes is no word to us. The oracle normalises blanks in substitutions, joins continued lines, and loses the names
/// of variables in quotes behind a here-document's operator (`"${}"`).
fn same_words(ours: &Option<Vec<String>>, theirs: &Option<Vec<String>>) -> bool {
    let Some(ours) = ours else { return false };
    let Some(theirs) = theirs else { return ours.first().is_some_and(|word| word == "[[") };
    let mut theirs: Vec<&String> = theirs.iter().collect();
    theirs.retain(|word| !word.contains("${}") && !word.starts_with("`#"));
    let squeezed = |word: &String| word.replace("\\\n", "").replace([' ', '\t', '\n'], "");
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| squeezed(a) == squeezed(b))
}

#[test]
fn agrees_with_a_bash_parser() {
    let Some(files) = corpus("dev.buildkit-parse.jsonl.gz") else {
        println!("no corpus: 0 files seen");
        return;
    };
    let (mut runs, mut with_opaque, mut refused, mut commands, mut opaque) = (0, 0, 0, 0, 0);
    let mut reasons = BTreeMap::new();
    let mut differences = Vec::new();
    for file in &files {
        for text in texts(file) {
            runs += 1;
            let ours = ours(&text);
            commands += ours.len();
            let mut any = false;
            for (_, kind) in &ours {
                if let Kind::Opaque(reason) = kind {
                    *reasons.entry(*reason).or_insert(0) += 1;
                    opaque += 1;
                    any = true;
                }
            }
            with_opaque += usize::from(any);
            let Some(theirs) = theirs(&text) else {
                refused += 1;
                // It does not know that a pattern's `)` leaves a substitution open.
                if !any && !text.contains("$(case ") {
                    differences.push(format!("the oracle refuses:\n{text}"));
                }
                continue;
            };
            let lengths = ours.len() == theirs.len();
            let same = lengths
                && ours.iter().zip(&theirs).all(|((mine, kind), their)| {
                    mine.0 == their.0 && (*kind != Kind::Simple || same_words(&mine.1, &their.1))
                });
            let mistaken = ours.last().is_some_and(|(_, kind)| {
                matches!(
                    kind,
                    Kind::Opaque(shell::Reason::Unterminated | shell::Reason::Unexpected)
                )
            });
            if !same && !mistaken {
                differences.push(format!("{text}\n  ours   {ours:?}\n  theirs {theirs:?}"));
            }
        }
    }
    println!("{} files, {runs} RUNs, {commands} commands", files.len());
    println!("{with_opaque} RUNs with an opaque command, {opaque} opaque commands: {reasons:?}");
    println!("{refused} RUNs that the oracle refuses");
    for difference in differences.iter().take(10) {
        println!("{difference}");
    }
    assert!(runs > 4_000, "the corpus is there but nearly empty");
    assert!(differences.is_empty(), "{} RUNs are read otherwise", differences.len());
    assert!(with_opaque * 100 <= runs * 15, "too many RUNs have an opaque command");
}

/// Dialect and script of every RUN of a file, as a caller would read them.
fn scripts<'a>(file: &'a layerwise::syntax::Dockerfile<'a>) -> Vec<(Dialect, shell::Script<'a>)> {
    use layerwise::syntax::{Arguments, Keyword};
    let mut dialect = Dialect::default_for(file.escape);
    let mut scripts = Vec::new();
    for instruction in &file.instructions {
        match (&instruction.arguments, instruction.keyword) {
            (Arguments::From { .. }, _) => dialect = Dialect::default_for(file.escape),
            (Arguments::Shell(words), _) => {
                let words: Vec<&str> = words.iter().map(|word| word.text.as_ref()).collect();
                dialect = Dialect::of(&words);
            }
            (Arguments::Command(command), Some(Keyword::Run)) => {
                let heredocs = &instruction.heredocs;
                scripts.push((dialect, shell::read_run(file.source, command, heredocs, dialect)));
            }
            _ => {}
        }
    }
    scripts
}

#[test]
fn spans_point_into_the_file() {
    let Some(files) = corpus("dev.jsonl.gz") else {
        println!("no corpus: 0 files seen");
        return;
    };
    let (mut words, mut broken, mut nested) = (0, 0, 0);
    let mut windows = (0, 0, BTreeMap::new());
    for file in &files {
        let source = file["dockerfile"].as_str().unwrap();
        let (tree, _) = layerwise::syntax::parse(source);
        for (dialect, script) in scripts(&tree) {
            if matches!(dialect, Dialect::Cmd | Dialect::PowerShell) {
                windows.0 += script.commands.len();
                for command in &script.commands {
                    if let Kind::Opaque(reason) = command.kind {
                        windows.1 += 1;
                        *windows.2.entry(reason).or_insert(0) += 1;
                    }
                }
            }
            let mut end = 0;
            let inner: Vec<_> = script
                .commands
                .iter()
                .filter_map(|c| script.nested(c).or_else(|| script.inside(c)))
                .collect();
            nested += inner.len();
            for command in &script.commands {
                assert!(end <= command.span.start && command.span.start <= command.span.end);
                end = command.span.end;
                command.span.of(source);
            }
            let all = script.commands.iter().chain(inner.iter().flat_map(|s| &s.commands));
            for command in all {
                for word in &command.words {
                    words += 1;
                    assert!(command.span.contains(word.span));
                    let written = word.span.of(source);
                    // A continuation inside the word, a JSON string, or a script in pieces.
                    if written != word.raw {
                        broken += 1;
                        assert!(
                            written.contains(['\n', '"', '\\']),
                            "{written:?} is not {:?}",
                            word.raw
                        );
                    }
                }
            }
        }
    }
    println!("{words} words, {broken} not as written; {nested} scripts inside");
    println!("Windows: {} commands, {} opaque {:?}", windows.0, windows.1, windows.2);
    assert!(words > 50_000, "the corpus is there but nearly empty");
    assert!(broken * 100 < words, "too many words are not where their span says");
}
