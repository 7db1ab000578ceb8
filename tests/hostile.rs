//! Input that is made to take long: each would take minutes, or all memory, where the work grew
//! faster than the input. What comes out is checked, and that the next call is answered; how the
//! work grows, `tests/growth.rs` counts. Damaged and deep texts are in `tests/bad_input.rs`, and
//! what comes from JavaScript in `tests/package/hostile-*.test.mjs`.

use layerwise::context::Context;
use layerwise::graph::{Graph, Needs};
use layerwise::limits::PATHS_OF_A_COMMAND;
use layerwise::sentences::Opaque;
use layerwise::syntax::parse;
use layerwise::text::apply;
use layerwise::{Options, Report, analyze};

/// Browsers give a wasm module about a megabyte.
const STACK: usize = 512 * 1024;

/// Analyzes on a small stack, and then something else.
fn survives(text: String, options: Options) -> Report {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(move || {
        let report = analyze(&text, &options);
        assert_eq!(apply(&text, &report.edits), report.rewritten);
        let next = "FROM a\nWORKDIR /app\nCOPY . .\nRUN pip install flask\n";
        assert!(!analyze(next, &Options::default()).edits.is_empty(), "the next call is answered");
        report
    });
    thread.unwrap().join().expect("no panic")
}

fn bare(text: String) -> Report {
    survives(text, Options::default())
}

/// `head`, and what `part` writes for every number below `count`.
fn parts(head: &str, count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |text, n| text + &part(n))
}

/// A build that may see `files`, each with its text.
fn listed(text: &str, files: impl Iterator<Item = (String, String)>) -> Report {
    let files = files.map(|(path, text)| (path, Some(text))).collect();
    survives(text.into(), Options { files: Some(files), ..Options::default() })
}

#[test]
fn stages_by_ten_thousands() {
    let chained = |line: fn(usize) -> String| {
        parts("FROM a AS s0\nCOPY . /app\n", 20_000, |n| {
            format!("FROM s{n} AS s{}\n{}\n", n + 1, line(n))
        })
    };
    for line in [
        |_| "RUN pip install flask".to_owned(),
        |n| format!("ENV A{n}=b"),
        |n| format!("RUN mkdir /d{n}"),
        |_| String::new(),
    ] {
        assert_eq!(bare(chained(line)).errors, []);
    }
}

#[test]
fn commands_by_ten_thousands() {
    for command in [
        "apt-get install x{}",
        "pip install x{}",
        "cd a",
        "export A{}=b",
        "mkdir -p /d{}",
        "echo a > /d{}",
        "./x{}",
        "if true; then pip install x{}; fi",
    ] {
        let line = |n: usize| format!(" && \\\n {}", command.replace("{}", &n.to_string()));
        assert_eq!(bare(parts("FROM a\nCOPY . /app\nRUN true", 20_000, line)).errors, []);
        let line = |n: usize| format!("{}\n", command.replace("{}", &n.to_string()));
        let body = parts("FROM a\nCOPY . /app\nRUN <<EOF\n", 20_000, line);
        assert_eq!(bare(body + "EOF\n").errors, []);
    }
}

#[test]
fn words_by_ten_thousands() {
    let run = |command: &str, prefix: &str| {
        bare(parts(&format!("FROM a\nCOPY . /app\nRUN {command}"), 50_000, |n| {
            format!(" {prefix}{n}")
        }))
    };
    for command in ["rm -rf", "mkdir -p", "chown a", "cat", "npm ci && cp", "pip install -r a -r"] {
        run(command, "/p");
    }
    run("pip install", "p");
}

#[test]
fn a_command_that_names_too_many_paths_may_need_any_file() {
    let needs = |count: usize| {
        let text = parts("FROM a\nWORKDIR /app\nRUN cat", count, |n| format!(" /p{n}"));
        let (tree, _) = parse(&text);
        let (context, options) = (Context::unknown(), Options::default());
        let graph = Graph::new(&tree, &context, &options);
        graph.stages[0].steps[1].run().expect("a RUN").commands[0].needs.clone()
    };
    assert_eq!(needs(PATHS_OF_A_COMMAND), Needs::Nothing);
    assert_eq!(needs(PATHS_OF_A_COMMAND + 1), Needs::Everything(Opaque::TooManyPaths));
}

#[test]
fn functions_by_thousands() {
    let body = parts("FROM a\nCOPY . /app\nRUN <<EOF\n", 5_000, |n| {
        format!("f{n}() {{\n pip install a{n}\n}}\nf{n}\n")
    });
    bare(body + "EOF\n");
    // Each calls the one before two hundred times.
    let body = parts("FROM a\nCOPY . /app\nRUN <<EOF\nf0() {\n true\n}\n", 4, |n| {
        format!("f{}() {{\n{}}}\n", n + 1, format!(" f{n}\n").repeat(200))
    });
    bare(body + "f4\nEOF\n");
}

#[test]
fn directories_that_only_grow() {
    let grows = |line: &str| parts("FROM a\nCOPY . /app\n", 20_000, |n| format!("{line}{n}\n"));
    bare(grows("WORKDIR a"));
    bare(grows("RUN cd a"));
    bare(grows("USER a"));
    bare(parts("FROM a\n", 20_000, |n| format!("ENV A{}=$A{n}/a\nWORKDIR $A{n}\n", n + 1)));
}

#[test]
fn members_by_thousands() {
    const MEMBERS: usize = 3_000;
    let quoted = |pattern: &str| {
        let names = (0..MEMBERS).map(|n| format!("\"{}\"", pattern.replace("{}", &n.to_string())));
        names.collect::<Vec<_>>().join(",")
    };
    let text = "FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    for pattern in ["p{}", "p{}/*"] {
        let root = format!("{{\"workspaces\": [{}]}}", quoted(pattern));
        let of = |n| (format!("p{n}/a/package.json"), "{}".into());
        let all = [("package.json".to_owned(), root), ("package-lock.json".into(), String::new())];
        listed(text, (0..MEMBERS).map(of).chain(all));
    }
    let root = format!("[workspace]\nmembers = [{}]\n", quoted("p{}"));
    let of = |n| (format!("p{n}/Cargo.toml"), format!("[package]\nname = \"p{n}\"\n"));
    let all = [("Cargo.toml".to_owned(), root), ("Cargo.lock".into(), String::new())];
    let text = "FROM rust\nWORKDIR /app\nCOPY . .\nRUN cargo build\n";
    listed(text, (0..MEMBERS).map(of).chain(all));
}

#[test]
fn patterns_of_many_stars() {
    for (pattern, name) in [
        ("*a".repeat(170), "a".repeat(250)),
        (format!("**/{}b", "*a".repeat(80)), "a".repeat(250)),
        (format!("{}a", "***/".repeat(86)), "a/".repeat(100)),
        (format!("{}b", "a*/**/".repeat(50)), "a/".repeat(100)),
        ("?*".repeat(100), "a".repeat(250)),
        ("[a-c]*".repeat(50), "abc".repeat(80)),
    ] {
        let files = (0..2_000).map(|n| (format!("{name}{n}"), None)).collect();
        let options = Options {
            files: Some(files),
            dockerignore: Some(format!("{pattern}\n").repeat(28)),
            ..Options::default()
        };
        survives("FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n".into(), options);
    }
}

#[test]
fn copies_and_installs_in_turns() {
    // Just below the bound behind which nothing moves.
    let turns = "COPY . .\nRUN npm ci\n".repeat(290);
    bare(format!("FROM a\nWORKDIR /app\n{turns}"));
}
