//! Input that nobody writes: huge, deep, damaged. Any text gives a report, on a small stack.
//!
//! What comes out is checked, not how long it takes; see `benches/analyze.rs` for that.

use layerwise::limits::{COPIES_LOOKED_AT, PLACES_LISTED};
use layerwise::syntax::parse;
use layerwise::text::apply;
use layerwise::{FixLevel, Issue, Options, Report, Severity, analyze};
use std::collections::BTreeMap;
use std::fmt::Write;

#[path = "support/case.rs"]
mod case;

/// Browsers give a wasm module about a megabyte.
const STACK: usize = 512 * 1024;

/// Analyzes on a small stack and checks what holds for every report.
fn survives(text: String, options: Options) -> Report {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(move || {
        let report = analyze(&text, &options);
        holds(&text, &options, &report);
        report
    });
    thread.unwrap().join().expect("no panic")
}

/// What holds for every report.
fn holds(text: &str, options: &Options, report: &Report) {
    let mut at = 0;
    for edit in &report.edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        assert!(at <= start && start <= end && end <= text.len(), "{edit:?}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{edit:?}");
        at = end;
    }
    assert_eq!(apply(text, &report.edits), report.rewritten);
    for issue in &report.issues {
        assert!(issue.span.end as usize <= text.len());
        assert!(issue.fix.is_none_or(|fix| fix < report.fixes.len()));
        assert!(issue.related.len() <= 20 && issue.reruns.len() <= 20, "lists are short");
    }
    let places = |list: fn(&Issue) -> usize| -> usize {
        report.issues.iter().map(|issue| list(issue).saturating_sub(1)).sum()
    };
    let listed = places(|issue| issue.related.len()) + places(|issue| issue.reruns.len());
    assert!(listed <= PLACES_LISTED, "{listed} places");
    if !report.edits.is_empty() {
        let second = analyze(&report.rewritten, options);
        assert!(second.errors.len() <= report.errors.len(), "{:?}", second.errors);
        assert_eq!(second.rewritten, report.rewritten, "of {text}");
    }
}

fn bare(text: impl Into<String>) -> Report {
    survives(text.into(), Options::default())
}

/// `count` times what `line` writes.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        writeln!(text, "{}", line(n)).unwrap();
        text
    })
}

#[test]
fn a_run_of_many_lines() {
    let run = |line: &str| format!("FROM a\nCOPY . /app\nRUN true{}\n", line.repeat(10_000));
    for line in [
        " && \\\n    true",
        "; \\\n    true",
        " \\\n# comment\n\n && true",
        " && \\\n apt-get install -y a",
        " && \\\n cd /a && pip install a",
        " || \\\n pip install -r a.txt",
        " \\\n | tee x",
        " && \\\n A=$A",
    ] {
        assert_eq!(bare(run(line)).errors, []);
    }
}

#[test]
fn a_heredoc_of_many_lines() {
    let body = lines(20_000, |n| format!("pip install package{n}"));
    assert_eq!(bare(format!("FROM a\nCOPY . /app\nRUN <<EOF\n{body}EOF\n")).errors, []);
    // It never ends.
    assert_eq!(bare(format!("FROM a\nCOPY . /app\nRUN <<EOF\n{body}")).errors.len(), 1);
}

#[test]
fn a_megabyte_on_one_line() {
    let long = |unit: &str, length: usize| unit.repeat(length / unit.len());
    let units = [
        "a",
        "a ",
        "a=b ",
        "\"",
        "'",
        "\\",
        "$",
        "[",
        "/../",
        "*",
        "<<A ",
        "--a=b ",
        "&& ",
        "\u{1f40b}",
    ];
    for unit in units {
        bare(format!("FROM a\nCOPY . /app\nRUN {}\n", long(unit, 1 << 20)));
        for keyword in ["COPY", "ENV", "LABEL", "FROM", "CMD", "ARG", "HEALTHCHECK", "#"] {
            bare(format!("FROM a\nCOPY . /app\n{keyword} {}\n", long(unit, 1 << 14)));
        }
    }
    bare(long("a", 1 << 20));
}

#[test]
fn many_stages() {
    // Every such step could have a mount as well.
    let warned = |text: String| {
        let issues = bare(text).issues;
        issues.iter().filter(|issue| issue.severity != Severity::Info).count()
    };
    let apart = lines(5_000, |n| format!("FROM a AS s{n}\nCOPY . /app\nRUN pip install flask"));
    assert_eq!(warned(apart), 5_000);
    let chained = |count, each: fn(usize) -> String| {
        lines(count, |n| match n {
            0 => "FROM a AS s0\nCOPY . /app".to_owned(),
            n => format!("FROM s{} AS s{n}\n{}RUN pip install flask", n - 1, each(n)),
        })
    };
    assert_eq!(warned(chained(5_000, |_| String::new())), 4_999);
    // The last of these stages has as many variables as there are stages.
    assert_eq!(warned(chained(500, |n| format!("ENV A{n}=b\n"))), 499);
    let copied = lines(5_000, |n| match n {
        0 => "FROM a AS s0\nCOPY . /app".to_owned(),
        n => format!("FROM a AS s{n}\nCOPY --from=s{} /app /app", n - 1),
    });
    assert_eq!(bare(copied).errors, []);
    // Stages of one name, and stages that are built on themselves.
    bare(lines(1_000, |_| "FROM a AS a\nCOPY . .\nRUN npm ci".to_owned()));
}

/// More copies than any bound of the planner, by some factor.
const MANY_COPIES: usize = 1_000;

#[test]
fn many_copies_and_runs() {
    const { assert!(MANY_COPIES > 3 * COPIES_LOOKED_AT) };
    for (copies, runs) in [
        ("COPY src{} /app/{}", "RUN pip install flask"),
        ("COPY . .", "RUN pip install -r requirements.txt"),
        ("COPY src{} ./src{}", "RUN npm ci"),
        ("COPY a{} b{} c/", "RUN go mod download"),
    ] {
        let copy = |n: usize| copies.replace("{}", &n.to_string());
        let block = lines(MANY_COPIES, copy) + &lines(MANY_COPIES, |_| runs.to_owned());
        let found = bare(format!("FROM a\nWORKDIR /app\n{block}")).issues.len();
        assert!(found + 1 >= MANY_COPIES);
        let turns = lines(MANY_COPIES, |n| format!("{}\n{runs}", copy(n)));
        let found = bare(format!("FROM a\nWORKDIR /app\n{turns}")).issues.len();
        assert!(found + 1 >= MANY_COPIES);
    }
}

#[test]
fn many_of_everything_else() {
    for line in [
        "ENV A{}=$A{} B=${A{}:-c}",
        "ARG A{}=b",
        "WORKDIR a{}",
        "USER u{}",
        "VOLUME /v{}",
        "LABEL a{}=b",
        "ONBUILD COPY . .",
        "# layerwise ignore=source-copied-before-install",
        "SHELL [\"a{}\"]",
        "RUN --mount=type=cache,target=/c{} pip install a",
        "HEALTHCHECK --intervall=1s CMD a",
        "RUNN",
    ] {
        let many = lines(2_000, |n| line.replace("{}", &n.to_string()));
        bare(format!("FROM a\nCOPY . .\n{many}RUN pip install -r requirements.txt\n"));
    }
}

#[test]
fn deep_nesting() {
    for (open, close) in [
        ("${a:-", "}"),
        ("$(", ")"),
        ("(", ")"),
        ("{ ", "; }"),
        ("\"$(", ")\""),
        ("`", "`"),
        ("[", "]"),
        ("{\"a\":", "}"),
        ("if a; then ", "; fi"),
        ("$((", "))"),
        ("sh -c '", "'"),
        ("a <(", ")"),
        ("! ", ""),
        ("ONBUILD ", ""),
    ] {
        let nested = |depth: usize| format!("{}a{}", open.repeat(depth), close.repeat(depth));
        let (opened, closed) = (open.repeat(100_000), nested(100_000));
        for text in [&opened, &closed] {
            bare(format!("FROM a\nCOPY . .\nRUN {text}\n"));
        }
        for keyword in ["COPY .", "ENV a=", "FROM", "CMD", "ONBUILD RUN", "WORKDIR", ""] {
            bare(format!("FROM a\nCOPY . .\n{keyword} {}\n", nested(5_000)));
        }
        bare(format!("FROM a\nCOPY . .\nRUN <<EOF\n{closed}\nEOF\n"));
    }
}

#[test]
fn deep_manifests_and_paths() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let texts = [
        deep("[", "]"),
        deep("{\"scripts\":", "}"),
        "-r requirements.txt\n".repeat(10_000),
        "replace a => ./a\n".repeat(10_000),
        "\0".repeat(10_000),
        String::new(),
    ];
    for text in texts {
        for (name, run) in [
            ("package.json", "npm ci"),
            ("requirements.txt", "pip install -r requirements.txt"),
            ("go.mod", "go build ./..."),
            ("Cargo.toml", "cargo build"),
            ("pyproject.toml", "poetry install"),
            ("pom.xml", "mvn package"),
            ("Gemfile", "bundle install"),
            ("composer.json", "composer install"),
        ] {
            let files = BTreeMap::from([(name.to_owned(), Some(text.clone()))]);
            let options = Options { files: Some(files), ..Options::default() };
            survives(format!("FROM a\nWORKDIR /app\nCOPY . .\nRUN {run}\n"), options);
        }
    }
    let files = (0..20_000).map(|n| (format!("{}{n}", "a/".repeat(n % 50)), None)).collect();
    let options = Options {
        files: Some(files),
        dockerignore: Some("**/a/**/b\n!a/*/a\n".repeat(200)),
        ..Options::default()
    };
    survives("FROM a\nCOPY . .\nCOPY **/a /x/\nRUN pip install -r a\n".into(), options);
}

#[test]
fn many_issues_do_not_repeat_their_places_each() {
    let text = |copies: usize, runs: usize| {
        format!(
            "FROM a\n{}{}",
            lines(copies, |n| format!("COPY s{n}/ /s{n}/")),
            lines(runs, |n| format!("RUN apt-get install -y p{n}"))
        )
    };
    let rule = "source-copied-before-independent-step";
    let of = |report: &Report| -> Vec<Issue> {
        report.issues.iter().filter(|issue| issue.rule == rule).cloned().collect()
    };
    let issues = of(&bare(text(20, 1_000)));
    assert_eq!(issues.len(), 1_000);
    let related: usize = issues.iter().map(|issue| issue.related.len()).sum();
    assert!(related <= 1_000 + PLACES_LISTED, "{related}");
    // The costliest have all of theirs; the others the cause, and how many steps run again.
    assert_eq!((issues[0].related.len(), issues[0].reruns.len()), (19, 20));
    let last = issues.last().unwrap();
    assert_eq!((last.related.len(), last.reruns.len()), (1, 1));
    assert!(issues.iter().all(|issue| issue.rerun_count > 0));
    // Near miss: so few issues that each has all of its places.
    let issues = of(&bare(text(20, 100)));
    assert_eq!(issues.len(), 100);
    assert!(issues.iter().all(|issue| issue.related.len() == 19), "{issues:?}");
}

#[test]
fn characters_that_stand_for_nothing() {
    for text in [
        "",
        "\0",
        "\u{feff}",
        "\u{feff}FROM a\nCOPY . .\nRUN pip install flask",
        "FROM a\0b\nCOPY . .\nRUN pip install\0 flask\n",
        "\r\r\n\n\r",
        "FROM a\rCOPY . .\rRUN pip install flask",
        "FROM a\u{2028}\nCOPY\u{a0}. .\nRUN\u{3000}pip install flask\n",
        "FROM a\n\u{c}COPY . .\n\u{b}RUN pip install flask\n",
        "\\",
        "#",
        "# escape=",
        "# escape=\u{1f40b}\nFROM a\\\n",
        "FROM",
        "COPY",
        "FROM a\nCOPY",
        "FROM a\nCOPY . .\nRUN pip install \u{1f40b} && \u{1f40b}\n",
        "FROM a\nCOPY \u{1f40b} \u{1f40b}/\nRUN pip install -r \u{1f40b}/\u{1f40b}.txt",
        "FROM $\nFROM ${\nFROM $$\nCOPY $ ${\nRUN $ ${ $( `\n",
        "FROM a\nRUN <<\nRUN <<-\nRUN <<''\nCOPY << <<A b\n",
    ] {
        bare(text);
    }
}

/// A generator of numbers that needs no crate and no clock: xorshift.
struct Numbers(u64);

impl Numbers {
    /// The numbers of a name: FNV-1a, which is never zero for what is a name of a case.
    fn of(name: &str) -> Numbers {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Numbers(name.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Pieces that steer the parser.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\\\n",
    " ",
    "\t",
    "#",
    "\"",
    "'",
    "$",
    "${A}",
    "${A:-b}",
    "&&",
    "||",
    ";",
    "|",
    "&",
    "(",
    ")",
    "{",
    "}",
    "<<EOF\n",
    "EOF\n",
    "[",
    "]",
    ",",
    "*",
    "**",
    "!",
    "~",
    "..",
    "/",
    "./",
    "\\",
    "`",
    "\0",
    "\u{feff}",
    "\u{1f40b}",
    "--from=0 ",
    "--chown=a ",
    "--link ",
    "set -e; ",
    "cd a && ",
    "--mount=type=cache,target=/a ",
    " && true",
    " || true",
    "; true",
    "sudo ",
    "A=b ",
    ".txt",
];

/// Lines that steer the planner.
const LINES: &[&str] = &[
    "FROM a",
    "FROM 0",
    "FROM base AS b",
    "COPY . .",
    "COPY . /",
    "COPY src ./src",
    "COPY a b /app/",
    "COPY --from=build /app /app",
    "COPY --chown=app . /app",
    "ADD a.tar /app",
    "ADD . /srv",
    "COPY package.json ./",
    "COPY requirements.txt /app/",
    "COPY etc /etc",
    "COPY . /root",
    "WORKDIR a",
    "WORKDIR /app",
    "USER app",
    "USER root",
    "ENV A=b",
    "ENV PATH=/app/bin:$PATH",
    "ENV HOME=/app",
    "ARG A",
    "ARG A=b",
    "VOLUME /app",
    "ONBUILD COPY . .",
    "EXPOSE 80",
    "LABEL a=b",
    "SHELL [\"/bin/bash\", \"-c\"]",
    "CMD [\"a\"]",
    "# a comment",
    "",
    "RUN ./configure",
    "RUN mkdir -p /app/b",
    "RUN chown -R app /app",
    "RUN pip install -r requirements.txt",
    "RUN pip install flask",
    "RUN npm ci && npm run build",
    "RUN npm install",
    "RUN go build ./...",
    "RUN go mod download",
    "RUN apt-get update && apt-get install -y a",
    "RUN cd a && npm ci",
    "RUN npm ci; npm run build",
    "RUN set -ex && pip install -r requirements.txt && ./configure && make",
    "RUN rm -rf /app",
];

fn mutated(text: &str, numbers: &mut Numbers) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + numbers.below(3) {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
        match numbers.below(8) {
            0..=2 => {
                let line = format!("{}\n", LINES[numbers.below(LINES.len())]);
                lines.insert(one, &line);
                text = lines.concat();
            }
            3 | 4 if !lines.is_empty() => {
                lines.swap(one, other);
                text = lines.concat();
            }
            5 if !lines.is_empty() => {
                lines.remove(one);
                text = lines.concat();
            }
            6 if !lines.is_empty() => {
                lines.insert(other, lines[one]);
                text = lines.concat();
            }
            _ => {
                let at = numbers.below(text.len() + 1);
                let boundary = |at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at));
                let start = boundary(at).unwrap();
                let end = boundary((start + numbers.below(12)).min(text.len())).unwrap();
                let end = if numbers.below(2) == 0 { start } else { end.max(start) };
                text.replace_range(start..end, PIECES[numbers.below(PIECES.len())]);
            }
        }
    }
    text
}

/// How often each fixture is damaged: some 7,000 texts in all.
const TIMES: usize = 5;

#[test]
fn damaged_fixtures() {
    let (mut texts, mut rewritten, mut refused) = (0, 0, 0);
    for case in case::cases() {
        // By its name, so that a new case leaves the others as they are.
        let mut numbers = Numbers::of(&case.name);
        for _ in 0..TIMES {
            let text = mutated(&case.before, &mut numbers);
            let report = analyze(&text, &case.options);
            holds(&text, &case.options, &report);
            let bare = Options { fix: FixLevel::None, ..case.options.clone() };
            let found = analyze(&text, &bare).issues.len();
            assert_eq!(found, report.issues.len(), "{}: {text}", case.name);
            // Behind them a target that the text does not have any more.
            assert!(report.errors.starts_with(&parse(&text).1));
            texts += 1;
            rewritten += usize::from(report.rewritten != text);
            refused += usize::from(!report.errors.is_empty());
        }
    }
    println!("{texts} texts, {rewritten} rewritten, {refused} with errors");
    assert!(rewritten * 10 > texts && refused * 10 > texts, "too tame or too wild");
}
