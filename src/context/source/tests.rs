//! Tests of sources and of where they land, by name alone.

use super::*;

fn source(text: &str) -> Source {
    Source::new(text, &SourceFlags::default())
}

fn parents(text: &str) -> Source {
    Source::new(text, &SourceFlags { parents: true, ..SourceFlags::default() })
}

fn excluding(text: &str, excludes: &[&str]) -> Source {
    let excludes = excludes.iter().map(ToString::to_string).collect();
    Source::new(text, &SourceFlags { excludes, ..SourceFlags::default() })
}

fn to(text: &str) -> Destination {
    Destination::resolve(text, Some("/app"))
}

fn lands(source: &Source, path: &str, destination: &str) -> Option<Landing> {
    source.landing(path, &to(destination))
}

#[test]
fn everything_is_written_in_many_ways() {
    for text in [".", "./", "/", "", "..", "a/.."] {
        assert!(source(text).is_everything(), "{text}");
        assert!(source(text).covers("a/b").is_yes());
    }
    assert!(!source("*").is_everything() && !source("a").is_everything());
}

#[test]
fn a_literal_covers_itself_and_what_is_below() {
    for text in ["src", "./src/", "/src", "../src", "x/../src"] {
        assert!(source(text).covers("src/a").is_yes(), "{text}");
        assert!(source(text).covers("src").is_yes(), "{text}");
        assert!(source(text).covers("srcs").is_no(), "{text}");
    }
    assert!(source("src/a").covers("src").is_no());
}

#[test]
fn a_wildcard_takes_directories_whole() {
    assert!(source("package*.json").covers("package-lock.json").is_yes());
    assert!(source("package*.json").covers("web/package.json").is_no());
    assert!(source("*").covers("web/package.json").is_yes());
    assert!(source("web/*.json").covers("web/a.json").is_yes());
    assert!(source("web/*.json").covers("web/src/a.json").is_no());
    assert!(source("*/package.json").covers("web/package.json").is_yes());
    assert!(source("*/package.json").covers("package.json").is_no());
}

#[test]
fn an_escape_alone_is_no_wildcard() {
    assert_eq!(source("a\\*b").literal(), Some("a\\*b"));
    assert_eq!(source("[[]a").literal(), None);
}

#[test]
fn excludes_are_relative_to_what_matched() {
    assert!(excluding("src", &["*.md"]).covers("src/a.md").is_no());
    assert!(excluding("src", &["*.md"]).covers("src/d/a.md").is_yes());
    assert!(excluding("src", &["**/*.md"]).covers("src/d/a.md").is_no());
    assert!(excluding(".", &["src/*.md"]).covers("src/a.md").is_no());
    assert!(excluding("dir*", &["*.md"]).covers("dir1/a.md").is_no());
    assert!(excluding(".", &["node_modules"]).covers("node_modules/a").is_no());
    assert!(excluding(".", &["*", "!a"]).covers("a/b").is_yes());
}

#[test]
fn excludes_spare_what_the_source_names() {
    assert!(excluding("a.md", &["*.md"]).covers("a.md").is_yes());
    assert!(excluding("*.md", &["*.md"]).covers("a.md").is_yes());
}

#[test]
fn parents_keep_directories() {
    let one = parents("web/package.json");
    assert!(one.covers("web/package.json").is_yes());
    assert!(one.covers("web/other.json").is_no());
    assert_eq!(lands(&one, "web/package.json", "x"), at("/app/x/web/package.json"));
    let all = parents("**/package.json");
    assert!(all.covers("package.json").is_yes());
    assert_eq!(lands(&all, "a/b/package.json", "."), at("/app/a/b/package.json"));
    assert_eq!(lands(&all, "a/b/package.jso", "."), None);
}

#[test]
fn a_pivot_cuts_the_directories_before_it() {
    let pivot = parents("./x/./y/*.txt");
    assert_eq!(lands(&pivot, "x/y/a.txt", "/d/"), at("/d/y/a.txt"));
    assert!(pivot.covers("y/a.txt").is_no());
    let wild = parents("*/./c.txt");
    assert_eq!(lands(&wild, "x/c.txt", "/d/"), at("/d/c.txt"));
    assert!(wild.covers("x/y/c.txt").is_no());
}

#[test]
fn unknown_parts_only_blur_their_place() {
    assert_eq!(source("\0").covers("a"), Answer::Maybe);
    assert_eq!(source("target/\0.jar").covers("target/a.jar"), Answer::Maybe);
    assert_eq!(source("target/\0.jar").covers("package.json"), Answer::No);
    assert_eq!(source("\0/package.json").covers("package.json"), Answer::Maybe);
    assert_eq!(source("\0/package.json").covers("package.jso"), Answer::No);
    assert_eq!(lands(&source("\0"), "a", "/d/"), Some(Landing::Below("/d".into())));
}

#[test]
fn landing_of_files_and_content() {
    assert_eq!(lands(&source("."), "requirements.txt", "."), at("/app/requirements.txt"));
    assert_eq!(lands(&source("src"), "src/a/b", "lib"), at("/app/lib/a/b"));
    assert_eq!(lands(&source("src/a"), "src/a", "lib/"), at("/app/lib/a"));
    assert_eq!(
        lands(&source("src/a"), "src/a", "lib"),
        Some(Landing::Either { file: "/app/lib".into(), inside: "/app/lib/a".into() })
    );
    assert_eq!(lands(&source("d*"), "d1/x/y", "/o/"), at("/o/x/y"));
    assert_eq!(lands(&source("."), "a", "/"), at("/a"));
    assert_eq!(lands(&source("src"), "other", "lib"), None);
}

#[test]
fn add_unpacks_archives_it_names() {
    let flags = SourceFlags { unpack: true, ..SourceFlags::default() };
    let add = Source::new("a.tar.gz", &flags);
    assert_eq!(lands(&add, "a.tar.gz", "/o/"), Some(Landing::Below("/o".into())));
    let content = Source::new(".", &flags);
    assert_eq!(lands(&content, "a.tar.gz", "/o/"), at("/o/a.tar.gz"));
    assert_eq!(lands(&source("a.tar.gz"), "a.tar.gz", "/o/"), at("/o/a.tar.gz"));
    let gzip = Source::new("a.gz", &flags);
    assert_eq!(lands(&gzip, "a.gz", "/o/"), at("/o/a.gz"));
}

#[test]
fn origins_undo_landings() {
    let origin = |text: &str, landed: &str, dest: &str| source(text).origins(landed, &to(dest));
    assert_eq!(origin(".", "/app/r.txt", ".").paths, ["r.txt"]);
    assert_eq!(origin(".", "/r.txt", "/").paths, ["r.txt"]);
    assert_eq!(origin(".", "/opt/r.txt", ".").paths, [""; 0]);
    assert_eq!(origin("src", "/app/lib/a", "lib/").paths, ["src/a"]);
    assert_eq!(origin("r.txt", "/app/r.txt", "./").paths, ["r.txt/r.txt", "r.txt"]);
    assert_eq!(origin("r.txt", "/app/x", "x").paths, ["r.txt"]);
    assert!(origin("*.txt", "/app/r.txt", ".").open);
    assert!(!origin("*.txt", "/opt/r.txt", ".").open);
    assert!(origin(".", "/opt/r.txt", "/opt/\0/").open);
    assert!(!origin(".", "/srv/r.txt", "/opt/\0/").open);
    assert_eq!(parents("a/b").origins("/app/a/b", &to(".")).paths, ["a/b"]);
    assert!(parents("a/b").origins("/app/b", &to(".")).paths.is_empty());
}

#[test]
fn reaching_into_a_directory() {
    assert!(source("src/a.txt").reaches("src").is_yes());
    assert!(source("src/a.txt").reaches("lib").is_no());
    assert_eq!(source("src/*.txt").reaches("src"), Answer::Maybe);
    assert!(source("src/*.txt").reaches("lib").is_no());
    assert!(parents("src/a.txt").reaches("src").is_yes());
    assert!(parents("src/a.txt").reaches("lib").is_no());
    assert!(source(".").reaches(".git").is_yes());
    assert!(excluding(".", &[".git"]).reaches(".git").is_no());
}

#[test]
fn malformed_sources_copy_nothing() {
    assert!(source("a[").is_malformed() && source("a[").covers("a[").is_no());
    assert!(excluding(".", &["!"]).is_malformed());
    assert!(!source("a]").is_malformed());
}

fn at(path: &str) -> Option<Landing> {
    Some(Landing::At(path.to_string()))
}
