//! What the classic builder and buildah make of a change where BuildKit does something else, as
//! seen on Docker 20.10.24 and buildah 1.28.2.

use layerwise::{Build, Builder, CompareOptions, ContextFile, compare};

fn build(dockerfile: &str, files: &[(&str, &str)], arguments: &[(&str, &str)]) -> Build {
    let files = files.iter().map(|(path, text)| (path.to_string(), ContextFile::text(text)));
    let arguments = arguments.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    Build {
        dockerfile: format!("FROM base\n{dockerfile}"),
        context: Some(files.collect()),
        build_args: arguments.collect(),
        ..Build::default()
    }
}

/// The outcomes of the steps of `after`.
fn outcomes(builder: Builder, before: &Build, after: &Build) -> Vec<&'static str> {
    let options = CompareOptions { builder, ..CompareOptions::default() };
    compare(before, after, &options).iter().map(|step| step.outcome.id()).collect()
}

const NONE: &[(&str, &str)] = &[];

#[test]
fn classic_notes_the_working_directory_it_arrives_at() {
    let before = build("WORKDIR /srv\nWORKDIR app\nRUN id", NONE, NONE);
    let same = build("WORKDIR /srv\nWORKDIR /srv/app\nRUN id", NONE, NONE);
    assert_eq!(outcomes(Builder::Classic, &before, &same), ["cached"; 3]);
    let dots = build("WORKDIR /srv\nWORKDIR ./x/../app\nRUN id", NONE, NONE);
    assert_eq!(outcomes(Builder::Classic, &before, &dots), ["cached"; 3]);
    let other = build("WORKDIR /srv\nWORKDIR app2\nRUN id", NONE, NONE);
    assert_eq!(outcomes(Builder::Classic, &before, &other), ["cached", "rerun", "rerun"]);
    // buildah notes what is written.
    assert_eq!(outcomes(Builder::Buildah, &before, &same), ["cached", "rerun", "rerun"]);
}

#[test]
fn classic_knows_no_ignore_file_of_a_dockerfile() {
    let files = |a, b| {
        [
            (".dockerignore", "a\n"),
            ("Dockerfile.dockerignore", "b\n*.dockerignore\nDockerfile\n"),
            ("a", a),
            ("b", b),
        ]
    };
    let before = build("COPY . /app", &files("1", "1"), NONE);
    let a = build("COPY . /app", &files("2", "1"), NONE);
    let b = build("COPY . /app", &files("1", "2"), NONE);
    let of = |after| outcomes(Builder::Classic, &before, after);
    assert_eq!((of(&a), of(&b)), (vec!["cached"], vec!["rerun"]));
    let of = |after| outcomes(Builder::Buildkit, &before, after);
    assert_eq!((of(&a), of(&b)), (vec!["rerun"], vec!["cached"]));
}

#[test]
fn triggers_are_kept_as_written_and_run_by_classic_only() {
    let build = build("ONBUILD RUN a\nFROM base AS b\nONBUILD RUN c\nFROM b\nRUN d", NONE, NONE);
    let texts = |builder| -> Vec<String> {
        let options = CompareOptions { builder, ..CompareOptions::default() };
        let steps = compare(&build, &build, &options);
        steps.into_iter().filter(|step| step.stage > 0).map(|step| step.text).collect()
    };
    assert_eq!(texts(Builder::Classic), ["ONBUILD RUN c", "RUN c", "RUN d"]);
    assert_eq!(texts(Builder::Buildah), ["ONBUILD RUN c", "RUN d"]);
    assert_eq!(texts(Builder::Buildkit), ["ONBUILD RUN c", "RUN d"]);
}

#[test]
fn buildah_looks_at_the_names_of_arguments_only() {
    let before = build("ARG X=1\nRUN a", NONE, NONE);
    let of = |after: &Build| outcomes(Builder::Buildah, &before, after);
    let other = build("ARG X=2\nRUN a", NONE, NONE);
    assert_eq!(of(&other), ["cached", "rerun"]);
    let quoted = build("ARG X='1'\nRUN a", NONE, NONE);
    assert_eq!(of(&quoted), ["cached", "cached"]);
    let renamed = build("ARG Y=1\nRUN a", NONE, NONE);
    assert_eq!(of(&renamed), ["rerun", "rerun"]);
    let passed = build("ARG X=1\nRUN a", NONE, &[("X", "2")]);
    assert_eq!(of(&passed), ["cached", "rerun"]);
    // A proxy needs no declaration: its name is one more.
    let proxy = build("ARG X=1\nRUN a", NONE, &[("http_proxy", "p")]);
    assert_eq!(of(&proxy), ["rerun", "rerun"]);
    let unknown = build("ARG X=1\nRUN a", NONE, &[("Z", "1")]);
    assert_eq!(of(&unknown), ["cached", "cached"]);
    // Without a value there is no name.
    let empty = build("ARG X\nRUN a", NONE, NONE);
    let given = build("ARG X\nRUN a", NONE, &[("X", "1")]);
    assert_eq!(outcomes(Builder::Buildah, &empty, &given), ["rerun", "rerun"]);
}

#[test]
fn buildah_names_a_single_file_before_it_counts_it() {
    let files = [("a.txt", "a"), ("d/b.txt", "b")];
    let of = |copy: &str| {
        let before = build(copy, &files, NONE);
        outcomes(Builder::Buildah, &before, &build(copy, &files, &[("X", "2")]))
    };
    assert_eq!(of("ARG X=1\nCOPY a.txt /a$X"), ["cached", "rerun"]);
    assert_eq!(of("ARG X=1\nCOPY a.txt /$X/"), ["cached", "cached"]);
}
