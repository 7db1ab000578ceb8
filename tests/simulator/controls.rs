//! Rewritings that are wrong on purpose: a simulator that sees no difference in one of them would
//! prove nothing.

use super::build::{Image, build, context};
use super::files::{Node, ROOT};
use super::judge::differences;
use std::collections::BTreeMap;

/// What is planted, the lines before and after it, and what the report has to say.
const PLANTED: &[(&str, &str, &str, &str)] = &[
    ("a mode", "COPY --chmod=755 a.txt /", "COPY a.txt /", "/a.txt was"),
    ("an owner", "COPY --chown=1 a.txt /", "COPY a.txt /", "/a.txt was"),
    (
        "an owner of a directory",
        "COPY --chown=1 a.txt /d/",
        "RUN mkdir /d\nCOPY --chown=1 a.txt /d/",
        "/d was",
    ),
    ("the owner of a WORKDIR", "WORKDIR /d\nUSER 1", "USER 1\nWORKDIR /d", "/d was"),
    ("a link", "RUN ln -s /a /b", "RUN ln -s /c /b", "/b was"),
    ("a file for a link", "RUN ln -s /etc/passwd /b", "RUN cp /etc/passwd /b", "/b was"),
    ("a text", "COPY a.txt /x", "COPY d/b.txt /x", "/x was"),
    ("a file less", "COPY . /x/", "COPY a.txt /x/", "/x/d is gone"),
    ("a file more", "COPY a.txt /x/", "COPY . /x/", "/x/d is new"),
    ("an ignored file", "COPY i /x/", "RUN mkdir /x && touch /x/ignored.txt", "is not found"),
    ("a variable", "ENV A=1", "ENV A=2", "\"A\": \"1\""),
    ("a label", "LABEL a=1", "LABEL a=2", "LABEL a"),
    ("a user", "USER 1", "USER 0", "user: \"1\""),
    ("a working directory", "WORKDIR /tmp", "WORKDIR /opt", "directory: \"/tmp\""),
    ("a command", "CMD [\"a\"]", "CMD [\"b\"]", "CMD"),
    (
        "the order of copies",
        "COPY a.txt /x\nCOPY d/b.txt /x",
        "COPY d/b.txt /x\nCOPY a.txt /x",
        "/x was",
    ),
    (
        "what a command reads",
        "COPY . /x\nRUN cat /x/a.txt > /y",
        "RUN cat /x/a.txt > /y\nCOPY . /x",
        "fails",
    ),
    (
        "what a build reads",
        "WORKDIR /x\nCOPY . .\nRUN ./run.sh",
        "WORKDIR /x\nCOPY a.txt run.sh ./\nRUN ./run.sh\nCOPY . .",
        "/x/built was",
    ),
    ("a failure", "RUN false", "RUN true", "the original fails"),
    ("a failure of its own", "RUN false; true", "RUN false", "the rewritten file fails"),
    ("a directory for a file", "COPY a.txt /x", "COPY a.txt /x/", "/x was"),
    (
        "the owner of a nested directory",
        "COPY . /x\nCOPY --chown=1 . /x",
        "COPY --chown=1 . /x\nCOPY . /x",
        "/x/d was",
    ),
    (
        "an index",
        "RUN apt-get update && apt-get install -y cron",
        "RUN apt-get install -y cron",
        "fails",
    ),
    (
        "sources of packages",
        "COPY a.txt /etc/apt/sources.list\nRUN apt-get update",
        "RUN apt-get update\nCOPY a.txt /etc/apt/sources.list",
        "/var/lib/apt/lists/index was",
    ),
    (
        "an account",
        "RUN useradd -m app\nCOPY --chown=app a.txt /",
        "COPY --chown=app a.txt /\nRUN useradd -m app",
        "fails",
    ),
    (
        "a layer of its own",
        "WORKDIR /x\nRUN chown 1 /x\nCOPY a.txt /x/",
        "WORKDIR /x\nRUN chown 1 /x\nCOPY --link a.txt /x/",
        "/x was",
    ),
    (
        "a mount",
        "RUN --mount=type=cache,target=/c touch /c/a",
        "RUN mkdir /c && touch /c/a",
        "/c is new",
    ),
    (
        "a shell",
        "SHELL [\"/bin/bash\", \"-c\"]",
        "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
        "SHELL",
    ),
    (
        "a shell that stops at a failure",
        "SHELL [\"/bin/sh\", \"-ec\"]\nRUN false; true",
        "RUN false; true\nSHELL [\"/bin/sh\", \"-ec\"]",
        "the original fails",
    ),
    (
        "a pipeline that fails",
        "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN false | tee /x",
        "RUN false | tee /x\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
        "the original fails",
    ),
    ("what a pipeline passes on", "RUN echo 1 | tee /x", "RUN echo 2 | tee /x", "/x was"),
    ("a document", "RUN cat <<EOF > /x\n1\nEOF", "RUN cat <<EOF > /x\n2\nEOF", "/x was"),
    ("a trigger", "ONBUILD COPY a.txt /x", "ONBUILD COPY d/b.txt /x", "in a build on it /x was"),
    ("a trigger less", "ONBUILD COPY a.txt /x", "LABEL a=1", "only one of them has triggers"),
    (
        "a step in place of a trigger",
        "ONBUILD COPY a.txt /x\nONBUILD RUN true",
        "COPY a.txt /x\nONBUILD RUN true",
        "/x is new",
    ),
    (
        "a module that an install builds",
        "RUN pip install uv\nWORKDIR /p\nCOPY p .\nRUN uv sync",
        "RUN pip install uv\nWORKDIR /p\nCOPY p/pyproject.toml ./\nRUN uv sync\nCOPY p .",
        "no module app",
    ),
];

fn built(lines: &str) -> Result<Image, super::build::Failed> {
    let file = |text: &str, mode| Node::file(text, mode, ROOT);
    let files = BTreeMap::from([
        ("a.txt".to_owned(), file("a\n", 0o644)),
        ("d".to_owned(), Node::directory(0o755, ROOT)),
        ("d/b.txt".to_owned(), file("b\n", 0o644)),
        ("i/ignored.txt".to_owned(), file("i\n", 0o644)),
        ("run.sh".to_owned(), file("run\n", 0o755)),
        ("p/src/app/__init__.py".to_owned(), file("app = 1\n", 0o644)),
        (
            "p/pyproject.toml".to_owned(),
            file("[project]\nname = \"app\"\n[build-system]\nrequires = []\n", 0o644),
        ),
    ]);
    build(&format!("FROM python:3.13\n{lines}\n"), &context(&files, &["i".to_owned()]))
}

#[test]
fn what_is_planted_is_seen() {
    for (what, before, after, said) in PLANTED {
        let found = differences(&built(before), &built(after));
        assert!(found.iter().any(|line| line.contains(said)), "{what}: {found:?}");
        assert_eq!(differences(&built(before), &built(before)), Vec::<String>::new(), "{what}");
    }
}

/// What a different order may not change.
#[test]
fn what_comes_to_the_same_is_the_same() {
    for (before, after) in [
        ("COPY a.txt /x\nCOPY d /y", "COPY d /y\nCOPY a.txt /x"),
        ("COPY . /x/\nRUN apt-get update", "RUN apt-get update\nCOPY . /x/"),
        ("ENV A=1\nENV B=2", "ENV B=2\nENV A=1"),
        ("COPY . /x\nRUN mkdir -p /x/d", "RUN mkdir -p /x/d\nCOPY . /x"),
        ("RUN false", "RUN true\nRUN false"),
        ("RUN false | true", "RUN true"),
        ("ONBUILD ENV A=1\nONBUILD ENV B=2", "ONBUILD ENV B=2\nONBUILD ENV A=1"),
        (
            "RUN pip install uv\nWORKDIR /p\nCOPY p .\nRUN uv sync --no-install-project",
            "RUN pip install uv\nWORKDIR /p\nCOPY p/pyproject.toml ./\n\
             RUN uv sync --no-install-project\nCOPY p .",
        ),
    ] {
        assert_eq!(differences(&built(before), &built(after)), Vec::<String>::new(), "{after}");
    }
}
