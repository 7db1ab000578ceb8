//! The parser on texts that nobody writes: long, deep, and random ones.
//!
//! Whatever comes, it ends, the items tile the text, spans lie on characters and inside what
//! holds them, and nothing recurses without bound (each test has the small stack of a test's
//! thread).

use layerwise::syntax::expand::{expand, expand_words, unquote};
use layerwise::syntax::mount::mounts;
use layerwise::syntax::{Arguments, Command, Instruction, ItemKind, Word, parse};
use layerwise::text::{LineIndex, Span};

fn check(text: &str) {
    let (file, errors) = parse(text);
    let lines = LineIndex::new(text);
    let mut at = 0;
    let mut count = 0;
    for item in &file.items {
        assert_eq!(item.span.start, at);
        assert!(!item.span.is_empty());
        at = item.span.end;
        if let ItemKind::Instruction(index) = item.kind {
            assert_eq!(index, count);
            count += 1;
            check_instruction(text, &file.instructions[index as usize], item.span);
        }
    }
    assert_eq!(at as usize, text.len());
    assert_eq!(count as usize, file.instructions.len());
    for directive in &file.directives {
        assert_eq!(directive.value.span.of(text), directive.value.text);
    }
    for error in &errors {
        let _ = error.span.of(text);
        let _ = (lines.position(error.span.start), lines.position(error.span.end));
    }
    let refused = file.instructions.is_empty() || file.instructions.iter().any(is_invalid);
    assert!(!refused || !errors.is_empty(), "{text:?}");
}

fn is_invalid(instruction: &Instruction<'_>) -> bool {
    instruction.arguments == Arguments::Invalid
}

fn check_word(text: &str, word: &Word<'_>, inside: Span) {
    assert!(word.span.is_empty() || inside.contains(word.span), "{word:?} in {inside:?}");
    let _ = word.span.of(text);
}

fn check_instruction(text: &str, instruction: &Instruction<'_>, inside: Span) {
    assert!(inside.contains(instruction.span), "{instruction:?}");
    let inside = instruction.span;
    check_word(text, &instruction.name, inside);
    check_word(text, &instruction.rest, inside);
    for flag in &instruction.flags {
        assert!(inside.contains(flag.span));
        let _ = flag.span.of(text);
        if let Some(value) = &flag.value {
            check_word(text, value, inside);
        }
    }
    for heredoc in &instruction.heredocs {
        assert!(inside.contains(heredoc.opener), "{heredoc:?} in {inside:?}");
        let _ = (heredoc.opener.of(text), heredoc.body.of(text));
    }
    for mount in mounts(instruction) {
        let words = [&mount.source, &mount.target, &mount.from, &mount.id];
        words.into_iter().flatten().for_each(|word| check_word(text, word, inside));
    }
    match &instruction.arguments {
        Arguments::From { image, name } => {
            [image].into_iter().chain(name).for_each(|w| check_word(text, w, inside));
        }
        Arguments::Copy { sources, destination, .. } => {
            sources.iter().chain([destination]).for_each(|w| check_word(text, w, inside));
        }
        Arguments::Command(command) | Arguments::Healthcheck(Some(command)) => match command {
            Command::Exec(words) => words.iter().for_each(|w| check_word(text, w, inside)),
            Command::Shell(line) => {
                let mut joined = String::new();
                let mut from = 0;
                let ends = line.pieces.iter().skip(1).map(|p| p.0 as usize);
                for end in ends.chain([line.text.len()]) {
                    joined.push_str(line.span(from..end).of(text));
                    from = end;
                }
                assert_eq!(joined, line.text);
            }
        },
        Arguments::Shell(words) | Arguments::Words { words, .. } => {
            words.iter().for_each(|w| check_word(text, w, inside));
        }
        Arguments::Pairs(pairs) => {
            for pair in pairs {
                check_word(text, &pair.key, inside);
                check_word(text, &pair.value, inside);
            }
        }
        Arguments::Args(declarations) => {
            for declaration in declarations {
                check_word(text, &declaration.name, inside);
            }
        }
        Arguments::Text(word) => check_word(text, word, inside),
        Arguments::Onbuild(inner) => {
            assert!(inside.contains(inner.span));
            check_instruction(text, inner, inside);
        }
        Arguments::Healthcheck(None) | Arguments::Invalid => {}
    }
    let _ = (instruction.argument_texts(), instruction.is_json());
    for word in instruction.argument_texts() {
        for escape in ['\\', '`'] {
            let _ = unquote(&word, escape);
            let _ = expand(&word, escape, |name| (name.len() % 2 == 0).then(|| "v v".into()));
            let _ = expand_words(&word, escape, |_| Some("a*b".into()));
        }
    }
}

/// Marsaglia's xorshift: the same texts each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

const PARTS: [&str; 96] = [
    "FROM ",
    "RUN ",
    "CMD ",
    "COPY ",
    "ADD ",
    "ENV ",
    "LABEL ",
    "ARG ",
    "EXPOSE ",
    "VOLUME ",
    "USER ",
    "WORKDIR ",
    "ONBUILD ",
    "SHELL ",
    "HEALTHCHECK ",
    "STOPSIGNAL ",
    "MAINTAINER ",
    "ENTRYPOINT ",
    "from ",
    "rUn ",
    "WHAT ",
    "\n",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\\n",
    "\\ \r\n",
    "`\n",
    " ",
    " ",
    "\t",
    "\u{b}",
    "\r",
    "\u{a0}",
    "\u{85}",
    "\u{3000}",
    "\u{feff}",
    "\0",
    "# syntax=x\n",
    "# escape=`\n",
    "# escape=\\\n",
    "# check=skip=all\n",
    "#",
    "#!",
    "# comment\n",
    "<<EOF",
    "<<-EOF",
    "<<'E F'",
    "3<<A <<B",
    "<< EOF",
    "<<<",
    "\nEOF\n",
    "\n\tEOF\n",
    "\nE F\n",
    "\nA\n",
    "\nB\n",
    "--from=",
    "--mount=type=cache,target=/x,",
    "--link",
    "--",
    "---",
    "--x=\"",
    "--interval=5s ",
    "--retries=",
    "[\"a\", \"b\"]",
    "[",
    "]",
    "[1]",
    "\"",
    "'",
    "\\\"",
    "\\",
    "`",
    "$",
    "${",
    "}",
    "${a:-b}",
    "${a#*/}",
    "${a//b/c}",
    "=",
    "a=b ",
    "a",
    "é",
    "à",
    "😀",
    "NONE",
    "AS b",
    "as",
    ",",
    "/",
    "*",
    "\\u00e9",
    "\\x",
    ":",
];

#[test]
fn random_texts() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..30_000 {
        let parts = random.below(24);
        let text: String = (0..parts).map(|_| random.pick(&PARTS)).collect();
        check(&text);
    }
}

#[test]
fn cut_texts() {
    let text = "# escape=`\n\u{feff}FROM --platform=$é a AS b\r\nRUN --mount=type=cache,target=\"/à\" `\n# c\n\n \
                <<-'E F' cat `\n\t$x\n\tE F\nENV a=\"b c\" d='e'\nCOPY [\"f\\u00e9\", \"g\"]\nONBUILD RUN <<G\nG\n";
    for (at, _) in text.char_indices() {
        check(&text[..at]);
        check(&text[at..]);
    }
}

#[test]
fn long_texts() {
    check(&format!("FROM a\nRUN true{}\n", " && \\\n true".repeat(20_000)));
    check(&format!("FROM a\nRUN true{}\n", " \\\n#".repeat(200_000)));
    check(&format!("FROM a\nRUN {}\n", "a".repeat(1 << 20)));
    check(&format!("FROM a\nENV {}\n", "a=b ".repeat(1 << 18)));
    check(&format!("FROM a\nENV a{}\n", "\\\n".repeat(1 << 18)));
    check(&(0..10_000).map(|n| format!("FROM a AS s{n}\n")).collect::<String>());
    check(&"\0".repeat(1 << 20));
    check(&"\n".repeat(1 << 20));
    check(&"x\n".repeat(1 << 17));
    check(&"\\".repeat(1 << 20));
    check(&"\\\n".repeat(1 << 19));
    check(&"FROM a\nRUN <<A\nA\n".repeat(1 << 14));
    check(&format!("FROM a\nRUN {}\n", "<<A ".repeat(1 << 16)));
    check(&format!("FROM a\nRUN {}\n", "--a=b ".repeat(1 << 16)));
    check(&format!("FROM a\n{}", "--a".repeat(1 << 16)));
    check(&format!("FROM a\nCOPY {}\n", "a ".repeat(1 << 18)));
}

#[test]
fn deep_texts() {
    check(&format!("FROM a\n{}RUN b\n", "ONBUILD ".repeat(100_000)));
    check(&format!("FROM a\nRUN {}\n", "[".repeat(1 << 20)));
    check(&format!("FROM a\nRUN {}\n", "[{\"a\":".repeat(1 << 16)));
    check(&format!("FROM a\nRUN <<E {}\n", "${a:-".repeat(1 << 16)));
    check(&format!("FROM a\nENV a={}\n", "${a:-".repeat(1 << 14)));
    check(&format!("FROM a\nENV a={}{}\n", "${a:-".repeat(1 << 14), "}".repeat(1 << 14)));
    check(&format!("FROM a\nENV a={}\n", "\"$a".repeat(1 << 14)));
    check(&format!("FROM a\nENV a={}\n", "${a//a/a}".repeat(1 << 14)));
    check(&format!("FROM a\nENV a=${{a//{}/a}}\n", "*a".repeat(1 << 14)));
}
