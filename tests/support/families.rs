//! Families of builds that grow: each makes a build of any size, so that the work of an analysis
//! can be counted at one size, at twice and at four times that size.
//!
//! Used by `tests/growth.rs`, which counts allocations, and `examples/growth.rs`, whose
//! instructions valgrind counts.

use layerwise::Options;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A kind of build that can be made larger.
pub struct Family {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The smallest size that is measured.
    pub size: usize,
    /// The build of a size.
    pub make: fn(usize) -> Build,
}

/// A Dockerfile, and what is known of its context.
pub struct Build {
    /// The text.
    pub dockerfile: String,
    /// The options.
    pub options: Options,
}

/// Every family.
pub const FAMILIES: &[Family] = &[
    Family { name: "npm-directories", size: 100, make: |n| directories(n, "npm ci") },
    Family { name: "pip-directories", size: 100, make: |n| directories(n, "pip install -r r.txt") },
    Family { name: "go-directories", size: 100, make: |n| directories(n, "go mod download") },
    Family { name: "mvn-directories", size: 100, make: |n| directories(n, "mvn package") },
    Family { name: "dotnet-directories", size: 100, make: |n| directories(n, "dotnet restore") },
    Family { name: "listed-npm-directories", size: 100, make: listed_directories },
    Family { name: "copies-then-apt", size: 100, make: copies_then_apt },
    Family { name: "alternating", size: 100, make: alternating },
    Family { name: "stages", size: 100, make: stages },
    Family { name: "stages-in-a-row", size: 100, make: stages_in_a_row },
    Family { name: "environments-in-a-row", size: 100, make: environments_in_a_row },
    Family { name: "global-arguments", size: 500, make: global_arguments },
    Family { name: "arguments-in-from", size: 200, make: arguments_in_from },
    Family { name: "arguments-in-one-from", size: 500, make: arguments_in_one_from },
    Family { name: "paths-in-a-command", size: 500, make: paths_in_a_command },
    Family { name: "triggers", size: 200, make: triggers },
    Family { name: "triggered-stages", size: 100, make: triggered_stages },
    Family { name: "here-documents", size: 100, make: here_documents },
    Family { name: "one-here-document", size: 200, make: one_here_document },
    Family { name: "requirement-chain", size: 100, make: requirement_chain },
    Family { name: "globs-and-files", size: 100, make: globs_and_files },
    Family { name: "ignore-patterns", size: 50, make: ignore_patterns },
    Family { name: "ignore-lines-and-files", size: 400, make: ignore_lines_and_files },
    Family { name: "many-paths", size: 5_000, make: many_paths },
    Family { name: "stages-that-install", size: 400, make: stages_that_install },
    Family { name: "install-lines", size: 400, make: |n| command_lines(n, "pip install p") },
    Family { name: "directory-lines", size: 4_000, make: |n| command_lines(n, "cd d") },
    Family { name: "functions", size: 400, make: functions },
    Family { name: "workspace-members", size: 2_000, make: workspace_members },
    Family { name: "installs-behind-a-copy", size: 100, make: installs_behind_a_copy },
];

fn bare(dockerfile: String) -> Build {
    Build { dockerfile, options: Options::default() }
}

fn listed(dockerfile: String, files: impl Iterator<Item = (String, Option<String>)>) -> Build {
    let files: BTreeMap<String, Option<String>> = files.collect();
    Build { dockerfile, options: Options { files: Some(files), ..Options::default() } }
}

/// `head`, and what `line` writes for every number below `count`.
fn lines(head: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |mut text, n| {
        writeln!(text, "{}", line(n)).expect("a String takes every text");
        text
    })
}

fn directories_text(n: usize, command: &str) -> String {
    let copies = lines("FROM a\nWORKDIR /app\n", n, |i| format!("COPY d{i}/ d{i}/"));
    lines(&copies, n, |i| format!("RUN cd d{i} && {command}"))
}

fn directories(n: usize, command: &str) -> Build {
    bare(directories_text(n, command))
}

fn listed_directories(n: usize) -> Build {
    let files = (0..n).flat_map(|i| {
        let manifest = format!("{{\"name\": \"p{i}\", \"dependencies\": {{\"left-pad\": \"1\"}}}}");
        [
            (format!("d{i}/package.json"), Some(manifest)),
            (format!("d{i}/package-lock.json"), None),
            (format!("d{i}/src/index.js"), None),
        ]
    });
    listed(directories_text(n, "npm ci"), files)
}

fn copies_then_apt(n: usize) -> Build {
    let copies = lines("FROM a\nWORKDIR /app\n", n, |i| format!("COPY d{i}/ d{i}/"));
    bare(lines(&copies, n, |i| format!("RUN apt-get update && apt-get install -y p{i}")))
}

fn alternating(n: usize) -> Build {
    bare(lines("FROM a\nWORKDIR /app\n", n, |i| format!("COPY d{i}/ d{i}/\nRUN pip install p{i}")))
}

fn stages(n: usize) -> Build {
    bare(lines("", n, |i| format!("FROM a AS s{i}\nWORKDIR /app\nCOPY . .\nRUN npm ci")))
}

fn stages_in_a_row(n: usize) -> Build {
    bare(lines("FROM a AS s0\nWORKDIR /app\n", n, |i| {
        format!("FROM s{i} AS s{}\nCOPY d{i}/ d{i}/\nRUN npm ci", i + 1)
    }))
}

/// Stages built on each other, each with a variable more.
fn environments_in_a_row(n: usize) -> Build {
    bare(lines("FROM a AS s0\nENV A=0\n", n, |i| {
        format!("FROM s{i} AS s{}\nENV A{i}={i}\nRUN echo $A{i}", i + 1)
    }))
}

fn global_arguments(n: usize) -> Build {
    bare(lines("", n, |i| format!("ARG A{i}={i}")) + "FROM a\nCOPY . /app\nRUN pip install b\n")
}

fn arguments_in_from(n: usize) -> Build {
    let arguments = lines("", n, |i| format!("ARG A{i}={i}"));
    bare(lines(&arguments, n, |i| format!("FROM a:$A{i}\nRUN make")))
}

fn arguments_in_one_from(n: usize) -> Build {
    let arguments = lines("", n, |i| format!("ARG A{i}={i}"));
    bare(arguments + "FROM a:" + &lines("", n, |i| format!("$A{i}")).replace('\n', "") + "\n")
}

fn paths_in_a_command(n: usize) -> Build {
    let paths = lines("", n, |i| format!(" /srv/d{i}")).replace('\n', "");
    bare(format!("FROM a\nCOPY . /app\nRUN mkdir -p{paths}\nRUN chmod +x{paths}\nRUN npm ci\n"))
}

fn triggers(n: usize) -> Build {
    let triggers = lines("FROM a AS base\nWORKDIR /app\n", n, |i| {
        format!("ONBUILD COPY d{i}/ d{i}/\nONBUILD RUN pip install p{i}")
    });
    bare(triggers + "FROM base\nCOPY . .\nRUN npm ci\n")
}

fn triggered_stages(n: usize) -> Build {
    let base = "FROM a AS base\nWORKDIR /app\nONBUILD COPY . .\nONBUILD RUN npm ci\n";
    bare(lines(base, n, |_| "FROM base\nRUN pip install a".into()))
}

fn here_documents(n: usize) -> Build {
    bare(lines("FROM a\nWORKDIR /app\nCOPY . .\n", n, |i| {
        format!("RUN <<EOF\nset -e\napt-get update\napt-get install -y p{i}\npip install q{i}\nEOF")
    }))
}

fn one_here_document(n: usize) -> Build {
    let body = lines("FROM a\nWORKDIR /app\nCOPY . .\nRUN <<EOF\nset -e\n", n, |i| {
        format!("pip install p{i}\nnpm install -g q{i}")
    });
    bare(body + "EOF\n")
}

/// Stages built on each other, of which the first copies and the others install.
fn stages_that_install(n: usize) -> Build {
    bare(lines("FROM a AS s0\nCOPY . /app\n", n, |i| {
        format!("FROM s{i} AS s{}\nRUN pip install p", i + 1)
    }))
}

/// One RUN of so many lines.
fn command_lines(n: usize, command: &str) -> Build {
    bare(lines("FROM a\nCOPY . /app\nRUN true \\\n", n, |i| format!("&& {command}{i} \\")) + "\n")
}

/// Functions, each with its call.
fn functions(n: usize) -> Build {
    bare(
        lines("FROM a\nCOPY . /app\nRUN <<EOF\n", n, |i| format!("f{i}() {{ make; }}\nf{i}"))
            + "EOF\n",
    )
}

fn workspace_members(n: usize) -> Build {
    let members = lines("", n, |i| format!("\"p{i}\",")).replace('\n', "");
    let root = format!("{{\"workspaces\": [{members} \"p\"]}}");
    let files = (0..n).map(|i| (format!("p{i}/package.json"), Some("{}".into())));
    let files =
        files.chain([("package.json".into(), Some(root)), ("package-lock.json".into(), None)]);
    listed("FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n".into(), files)
}

fn requirement_chain(n: usize) -> Build {
    let text = "FROM a\nWORKDIR /app\nCOPY . .\nRUN pip install -r r0.txt\n";
    let files = (0..n).map(|i| (format!("r{i}.txt"), Some(format!("-r r{}.txt\np{i}\n", i + 1))));
    listed(text.into(), files)
}

fn globs_and_files(n: usize) -> Build {
    let text = lines("FROM a\nWORKDIR /app\n", n, |i| format!("COPY d{i}/*.js d{i}/"));
    let files = (0..10 * n).map(|i| (format!("d{}/f{i}.js", i % n), None));
    listed(text + "RUN npm ci\n", files)
}

fn ignored(lines: String, files: usize) -> Build {
    let text = "FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    let paths = (0..files).map(|i| (format!("d{}/e{}/f{i}.js", i % 100, i % 1_000), None));
    let mut build = listed(text.into(), paths);
    build.options.dockerignore = Some(lines);
    build
}

/// Patterns of all kinds beside a fixed number of files.
fn ignore_patterns(n: usize) -> Build {
    let pattern = |i: usize| match i % 5 {
        0 => format!("**/*.t{i}"),
        1 => format!("x{i}/**/y"),
        2 => format!("d{i}/x"),
        3 => format!("**/z{i}"),
        _ => format!("*{i}.log"),
    };
    ignored(lines("", n, pattern), 5_000)
}

/// As many lines as files.
fn ignore_lines_and_files(n: usize) -> Build {
    ignored(lines("", n, |i| format!("d{i}/e{i}.js")), n)
}

fn many_paths(n: usize) -> Build {
    ignored("**/node_modules\n*.md\n".into(), n)
}

fn installs_behind_a_copy(n: usize) -> Build {
    bare(lines("FROM a\nWORKDIR /app\nCOPY . .\n", n, |_| "RUN npm ci".into()))
}
