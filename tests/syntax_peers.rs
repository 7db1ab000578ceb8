//! The parser beside two others: `parse-dockerfile` 0.1.9 and `dockerfile-parser` 0.9.0.
//!
//! Over texts that both accept they agree, but for differences that are named here; in each
//! of them BuildKit is with us (tests/conformance_syntax.rs). The last part shows what made
//! us write a parser of our own: what `dockerfile-parser` refuses or reads wrong.

use dockerfile_parser::{Instruction as Peer, ShellOrExecExpr, SpannedString};
use flate2::read::GzDecoder;
use layerwise::syntax::expand::unquote;
use layerwise::syntax::{Arguments, Command, Dockerfile, Instruction, Keyword, Word, parse};
use parse_dockerfile::{Command as SecondCommand, Instruction as Second, Source};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// What both can tell of an instruction.
type View = (String, Vec<String>);

/// Texts of our own that all three accept and read alike.
const PLAIN: [&str; 4] = [
    "FROM alpine:3.20 AS base\nRUN apk add --no-cache git\nCMD [\"sh\", \"-c\", \"true\"]\n",
    "ARG VERSION=1\nFROM node:${VERSION}\nENV A=1 B=2\nLABEL a=b\nWORKDIR /app\nEXPOSE 80\n",
    "FROM a AS b\nCOPY x y /z/\nFROM c\nCOPY --from=b /z /z\nENTRYPOINT [\"/z\"]\nUSER 1000\n",
    "# a comment\nFROM a\n\nRUN one \\\n    && two\n# another\nRUN three\n",
];

/// The Dockerfiles of the corpus, where it is there.
fn corpus() -> Vec<String> {
    let directory = std::env::var_os("LAYERWISE_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let Ok(file) = std::fs::File::open(directory.join("dev.jsonl.gz")) else { return Vec::new() };
    let text = |line: Result<String, _>| {
        let value: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        value["dockerfile"].as_str().unwrap().to_owned()
    };
    BufReader::new(GzDecoder::new(file)).lines().map(text).collect()
}

/// Compares `view`s of the corpus; gives how many texts both accept and which instructions
/// differ.
fn differences(
    texts: &[String],
    peer: impl Fn(&str) -> Option<Vec<View>>,
    ours: impl Fn(&Dockerfile<'_>) -> Vec<View>,
) -> (usize, Vec<(View, View)>) {
    let mut accepted = 0;
    let mut differences = Vec::new();
    for text in texts {
        let (file, errors) = parse(text);
        let (true, Some(theirs)) = (errors.is_empty(), peer(text)) else { continue };
        accepted += 1;
        let ours = ours(&file);
        if ours.len() != theirs.len() {
            let length = |view: &[View]| (view.len().to_string(), vec![text.clone()]);
            differences.push((length(&ours), length(&theirs)));
        }
        differences.extend(ours.into_iter().zip(theirs).filter(|(a, b)| a != b));
    }
    (accepted, differences)
}

#[test]
fn agrees_with_parse_dockerfile() {
    let texts: Vec<_> = PLAIN.iter().map(ToString::to_string).chain(corpus()).collect();
    let ours = |file: &Dockerfile<'_>| file.instructions.iter().map(for_second).collect();
    let (accepted, differences) = differences(&texts, second, ours);
    println!("{accepted} of {} texts accepted by both", texts.len());
    assert!(accepted >= PLAIN.len() && (texts.len() < 1_000 || accepted > 1_700));
    assert_eq!(differences, []);
}

/// What `parse-dockerfile` makes of `text`; none where it refuses it.
fn second(text: &str) -> Option<Vec<View>> {
    let words = |command: &SecondCommand<'_>| match command {
        SecondCommand::Exec(words) => words.value.iter().map(|w| w.value.to_string()).collect(),
        SecondCommand::Shell(text) => vec![format!("at {}", text.span.start)],
        _ => unreachable!(),
    };
    let flags = |flags: &[parse_dockerfile::Flag<'_>]| -> Vec<String> {
        let text = |f: &parse_dockerfile::Flag<'_>| match &f.value {
            // It keeps the quotes of a flag's value.
            Some(value) => format!("--{}={}", f.name.value, unquote(&value.value, '\\')),
            None => format!("--{}", f.name.value),
        };
        flags.iter().map(text).collect()
    };
    let source = |source: &Source<'_>| match source {
        Source::Path(path) => path.value.to_string(),
        Source::HereDoc(heredoc) => format!("here {}", heredoc.value),
        _ => unreachable!(),
    };
    let view = |instruction: &Second<'_>| {
        let (name, arguments) = match instruction {
            Second::Add(i) => (
                "ADD",
                [
                    flags(&i.options),
                    i.src.iter().map(source).collect(),
                    vec![i.dest.value.to_string()],
                ]
                .concat(),
            ),
            Second::Copy(i) => (
                "COPY",
                [
                    flags(&i.options),
                    i.src.iter().map(source).collect(),
                    vec![i.dest.value.to_string()],
                ]
                .concat(),
            ),
            Second::From(i) => {
                let name = i.as_.as_ref().map(|(_, name)| name.value.to_string());
                (
                    "FROM",
                    [
                        flags(&i.options),
                        vec![i.image.value.to_string()],
                        name.into_iter().collect(),
                    ]
                    .concat(),
                )
            }
            Second::Run(i) => {
                let heredocs: Vec<_> =
                    i.here_docs.iter().map(|h| format!("here {}", h.value)).collect();
                // Its command begins behind the first `<<EOF`.
                let words = if heredocs.is_empty() { words(&i.arguments) } else { Vec::new() };
                ("RUN", [flags(&i.options), words, heredocs].concat())
            }
            Second::Cmd(i) => ("CMD", words(&i.arguments)),
            Second::Entrypoint(i) => ("ENTRYPOINT", words(&i.arguments)),
            Second::Expose(i) => {
                ("EXPOSE", i.arguments.iter().map(|w| w.value.to_string()).collect())
            }
            Second::Shell(i) => {
                ("SHELL", i.arguments.iter().map(|w| w.value.to_string()).collect())
            }
            Second::Arg(_) => ("ARG", vec![]),
            Second::Env(_) => ("ENV", vec![]),
            Second::Label(_) => ("LABEL", vec![]),
            Second::Healthcheck(i) => ("HEALTHCHECK", flags(&i.options)),
            Second::Maintainer(_) => ("MAINTAINER", vec![]),
            Second::Onbuild(_) => ("ONBUILD", vec![]),
            Second::Stopsignal(_) => ("STOPSIGNAL", vec![]),
            Second::User(i) => ("USER", vec![i.arguments.value.to_string()]),
            Second::Volume(_) => ("VOLUME", vec![]),
            Second::Workdir(i) => ("WORKDIR", vec![i.arguments.value.to_string()]),
            _ => unreachable!(),
        };
        (name.to_owned(), arguments)
    };
    Some(parse_dockerfile::parse(text).ok()?.instructions.iter().map(view).collect())
}

fn for_second(instruction: &Instruction<'_>) -> View {
    let keyword = instruction.keyword.unwrap();
    let mut texts: Vec<_> = instruction.flags.iter().map(|f| f.text()).collect();
    match &instruction.arguments {
        Arguments::From { image, name } => {
            texts.push(image.text.to_string());
            texts.extend(name.iter().map(|n| n.text.to_string()));
        }
        Arguments::Copy { sources, destination, .. } => {
            let mut heredocs = instruction.heredocs.iter();
            texts.extend(sources.iter().map(|s| match s.text.starts_with("<<") {
                true => format!("here {}", heredocs.next().unwrap().content),
                false => s.text.to_string(),
            }));
            texts.push(destination.text.to_string());
        }
        Arguments::Command(_) if !instruction.heredocs.is_empty() => {}
        Arguments::Command(Command::Shell(line)) => texts.push(format!("at {}", line.source(0))),
        Arguments::Command(Command::Exec(words)) | Arguments::Shell(words) => {
            texts.extend(words.iter().map(|w| w.text.to_string()));
        }
        Arguments::Words { words, .. } if keyword == Keyword::Expose => {
            texts.extend(words.iter().map(|w| w.text.to_string()));
        }
        Arguments::Text(text) if matches!(keyword, Keyword::User | Keyword::Workdir) => {
            texts.push(text.text.to_string());
        }
        _ => {}
    }
    if keyword == Keyword::Run {
        texts.extend(instruction.heredocs.iter().map(|h| format!("here {}", h.content)));
    }
    (keyword.name().to_owned(), texts)
}

#[test]
fn agrees_with_dockerfile_parser() {
    let texts: Vec<_> = PLAIN.iter().map(ToString::to_string).chain(corpus()).collect();
    let ours = |file: &Dockerfile<'_>| file.instructions.iter().map(for_first).collect();
    let (accepted, differences) = differences(&texts, first, ours);
    println!("{accepted} of {} texts accepted by both", texts.len());
    assert!(accepted >= PLAIN.len() && (texts.len() < 1_000 || accepted > 1_300));
    for (ours, theirs) in &differences {
        println!("{ours:?}\n  {theirs:?}");
    }
    assert_eq!(differences.len(), 0);
}

/// `text` with one space where there is white space, and without the backslashes that the
/// peer keeps.
fn even(text: &str) -> String {
    text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What `dockerfile-parser` makes of `text`; none where it refuses it or is known to be wrong
/// (see below).
fn first(text: &str) -> Option<Vec<View>> {
    let wrong = text.to_lowercase().contains("escape")
        || ["--link ", "COPY [", "ARG ${"].iter().any(|w| text.contains(w))
        || text.lines().any(|line| line.contains(" --") && line.contains(" [\""));
    if wrong {
        return None;
    }
    let command = |expr: &ShellOrExecExpr| match expr {
        ShellOrExecExpr::Shell(text) => text.to_string(),
        ShellOrExecExpr::Exec(words) => words.as_str_vec().join(" "),
    };
    let spanned = |word: &SpannedString| word.content.clone();
    let view = |instruction: &Peer| {
        let (name, texts): (&str, Vec<String>) = match instruction {
            Peer::From(i) => {
                let flags = i.flags.iter().map(|f| format!("--{}={}", f.name, f.value));
                (
                    "FROM",
                    flags.chain([spanned(&i.image)]).chain(i.alias.as_ref().map(spanned)).collect(),
                )
            }
            Peer::Arg(i) => ("ARG", [&i.name].into_iter().chain(&i.value).map(spanned).collect()),
            Peer::Label(i) => {
                ("LABEL", i.labels.iter().flat_map(|l| [&l.name, &l.value]).map(spanned).collect())
            }
            Peer::Run(i) => ("RUN", vec![command(&i.expr)]),
            Peer::Entrypoint(i) => ("ENTRYPOINT", vec![command(&i.expr)]),
            Peer::Cmd(i) => ("CMD", vec![command(&i.expr)]),
            Peer::Copy(i) => {
                let flags = i.flags.iter().map(|f| format!("--{}={}", f.name, f.value));
                let words = i.sources.iter().chain([&i.destination]);
                let plain = |word: &SpannedString| unquote(&word.content, '\\').into_owned();
                ("COPY", flags.chain(words.map(plain)).collect())
            }
            Peer::Env(i) => {
                let pairs = i.vars.iter().flat_map(|v| [spanned(&v.key), v.value.to_string()]);
                ("ENV", pairs.collect())
            }
            Peer::Misc(i) => (i.instruction.content.as_str(), vec![i.arguments.to_string()]),
        };
        (name.to_uppercase(), texts.iter().map(|text| even(text)).collect())
    };
    let file = dockerfile_parser::Dockerfile::parse(text).ok()?;
    Some(file.instructions.iter().map(view).collect())
}

fn for_first(instruction: &Instruction<'_>) -> View {
    let plain = |word: &Word<'_>| unquote(&word.text, '\\').into_owned();
    let keyword = instruction.keyword.unwrap();
    let flags = || instruction.flags.iter().map(|f| f.text());
    let texts: Vec<_> = match &instruction.arguments {
        Arguments::From { image, name } => {
            let words = [image].into_iter().chain(name).map(|w| w.text.to_string());
            flags().chain(words).collect()
        }
        Arguments::Args(declarations) => declarations
            .iter()
            .flat_map(|d| [&d.name].into_iter().chain(&d.default))
            .map(plain)
            .collect(),
        Arguments::Pairs(pairs) => {
            pairs.iter().flat_map(|p| [&p.key, &p.value]).map(plain).collect()
        }
        Arguments::Command(Command::Exec(words)) => {
            vec![words.iter().map(|w| w.text.as_ref()).collect::<Vec<_>>().join(" ")]
        }
        // It drops the quotes of paths.
        Arguments::Copy { sources, destination, .. } if keyword == Keyword::Copy => {
            flags().chain(sources.iter().chain([destination]).map(plain)).collect()
        }
        // It keeps flags in the text.
        _ => vec![flags().chain([instruction.rest.text.to_string()]).collect::<Vec<_>>().join(" ")],
    };
    (keyword.name().to_owned(), texts.iter().map(|text| even(text)).collect())
}

fn peer(text: &str) -> Option<Vec<Peer>> {
    dockerfile_parser::Dockerfile::parse(text).ok().map(|file| file.instructions)
}

/// What BuildKit builds and `dockerfile-parser` refuses.
#[test]
fn what_dockerfile_parser_refuses() {
    for (what, text) in [
        ("a here-document", "FROM a\nRUN <<EOF\nset -e\nif true; then echo; fi\nEOF\n"),
        ("a quoted here-document", "FROM a\nCOPY <<'EOF' /x\n[section]\nEOF\n"),
        ("a byte order mark", "\u{feff}FROM a\n"),
        ("a blank line in a continuation", "FROM a\nRUN b \\\n\n    && c\n"),
        ("an ENV that is quoted in part", "FROM a\nENV b=c\"d e\"f\n"),
        ("several names in an ARG", "FROM a\nARG b=1 c=2\n"),
        ("a continuation at the end", "FROM a\nRUN b \\\n"),
        ("a JSON form", "FROM a\nCOPY [\"b c\", \"d\"]\n"),
    ] {
        assert_eq!(parse(text).1, [], "{what}");
        assert!(peer(text).is_none(), "{what}");
    }
    assert!(peer("FROM a\nRUN b \\\n    && c\nENV b=\"c d\"\nARG b=1\n").is_some());
}

/// What BuildKit builds (but for the last) and `dockerfile-parser` reads wrong.
#[test]
fn what_dockerfile_parser_reads_wrong() {
    let copied = |text: &str| match &peer(text).unwrap()[1] {
        Peer::Copy(i) => i.sources.iter().map(|s| s.content.clone()).collect::<Vec<_>>(),
        other => unreachable!("{other:?}"),
    };
    assert_eq!(copied("FROM a\nCOPY --link b c\n"), ["--link", "b"]);
    assert_eq!(copied("FROM a\nCOPY [\"b\", \"c\" ]\n"), ["[\"b\",", "c"]);
    assert_eq!(copied("FROM a\nCOPY --from=b b c\n"), ["b"]);

    let text = "# escape=`\nFROM a\nRUN b `\n    cmd d\n";
    assert_eq!(parse(text).0.instructions.len(), 2);
    assert_eq!(peer(text).unwrap().len(), 3, "the directive is not heeded");

    let text = "FROM a\nRUM b\n";
    assert_eq!(parse(text).1[0].message, "unknown instruction: RUM (did you mean RUN?)");
    assert!(peer(text).is_some(), "an unknown instruction is accepted");
}

/// It recurses over continuation lines, and gives up where its stack ends.
#[test]
fn what_is_too_long_for_dockerfile_parser() {
    let text = |lines| format!("FROM a\nRUN true{}\n", " && \\\n    true".repeat(lines));
    assert_eq!(parse(&text(100_000)).1, []);
    assert!(peer(&text(100_000)).is_none());
    assert!(peer(&text(100)).is_some());
}
