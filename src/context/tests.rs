//! Tests of [`Context`] as a whole: existence, ignoring, selection and landings.

use super::*;

fn context(paths: &[&str], dockerignore: Option<&str>) -> Context {
    let input = ContextInput::listed(paths.iter().map(|path| (*path, None)));
    Context::new(ContextInput { dockerignore: dockerignore.map(str::to_string), ..input })
}

fn source(text: &str) -> Source {
    Source::new(text, &SourceFlags::default())
}

fn selected(context: &Context, source: &Source) -> Vec<String> {
    context.select(source).items.iter().map(|item| item.entry.path.clone()).collect()
}

fn files(context: &Context, text: &str) -> Vec<String> {
    context.select(&source(text)).files().map(|entry| entry.path.clone()).collect()
}

#[test]
fn nothing_is_known_of_an_unknown_context() {
    let context = Context::unknown();
    assert!(!context.is_known() && !context.is_complete());
    assert_eq!(context.exists("a"), Answer::Maybe);
    assert_eq!(context.is_ignored("a"), Answer::Maybe);
    assert_eq!(context.text("a"), None);
    assert_eq!(context.select(&source("a")).found, Found::Unknown);
    assert_eq!(context.copies(&source("a"), "b"), Answer::No);
}

#[test]
fn absence_proves_something_in_a_complete_list_only() {
    let known = context(&["a/b"], None);
    assert_eq!(
        (known.exists("a"), known.exists("./a/b"), known.exists("c")),
        (Answer::Yes, Answer::Yes, Answer::No)
    );
    let input = ContextInput { complete: false, ..ContextInput::listed([("a", None)]) };
    let partial = Context::new(ContextInput { dockerignore: Some(String::new()), ..input });
    assert_eq!((partial.exists("a"), partial.exists("c")), (Answer::Yes, Answer::Maybe));
    assert_eq!(partial.select(&source("c")).found, Found::Unknown);
}

#[test]
fn an_ignore_file_without_a_list_still_says_no() {
    let input = ContextInput { dockerignore: Some("node_modules\n".into()), ..Default::default() };
    let context = Context::new(input);
    assert_eq!(context.exists("node_modules/a"), Answer::No);
    assert_eq!(context.exists("src"), Answer::Maybe);
}

#[test]
fn the_dockerfiles_own_ignore_file_goes_first() {
    let listed = |dockerfile: &str| {
        let files = [
            ("a", None),
            (".dockerignore", Some("a".to_string())),
            ("docker/web.Dockerfile.dockerignore", Some("b".to_string())),
        ];
        let input = ContextInput::listed(files);
        Context::new(ContextInput { dockerfile: dockerfile.to_string(), ..input })
    };
    assert_eq!(listed("Dockerfile").exists("a"), Answer::No);
    assert_eq!(listed("docker/web.Dockerfile").exists("a"), Answer::Yes);
}

#[test]
fn an_ignore_file_without_text_leaves_ignoring_open() {
    let context = context(&["a", ".dockerignore"], None);
    assert_eq!((context.is_ignored("a"), context.exists("a")), (Answer::Maybe, Answer::Maybe));
    assert_eq!(context.exists("b"), Answer::No);
}

#[test]
fn ignored_files_have_no_text() {
    let input = ContextInput::listed([("a", Some("x".to_string())), ("b", Some("y".to_string()))]);
    let context = Context::new(ContextInput { dockerignore: Some("a".into()), ..input });
    assert_eq!((context.text("a"), context.text("b")), (None, Some("y")));
}

#[test]
fn a_directory_stays_for_what_is_excepted_in_it() {
    let paths = ["d/a", "d/b", "e/a"];
    let context = context(&paths, Some("*\n!d/a\n"));
    assert_eq!(files(&context, "."), ["d/a"]);
    assert_eq!(context.exists("d"), Answer::Yes);
    assert_eq!(context.exists("e"), Answer::No);
    assert_eq!(context.select(&source("e")).found, Found::Missing);
}

#[test]
fn a_directory_with_all_its_files_ignored_is_still_there() {
    let context = context(&["d/a"], Some("d/*\n"));
    assert_eq!(selected(&context, &source("d")), ["d"]);
    assert_eq!(files(&context, "d"), [""; 0]);
    let gone = self::context(&["d/a"], Some("d\n"));
    assert_eq!(gone.select(&source("d")).found, Found::Missing);
}

#[test]
fn literals_must_exist_and_wildcards_need_not() {
    let context = context(&["package.json", "src/a.c"], None);
    assert_eq!(context.select(&source("package-lock.json")).found, Found::Missing);
    assert_eq!(context.select(&source("package-lock.jso[n]")).found, Found::Nothing);
    assert_eq!(context.select(&source("src/*.h")).found, Found::Nothing);
    assert_eq!(context.select(&source("lib/*.h")).found, Found::Missing);
    assert_eq!(context.select(&source("a[")).found, Found::Malformed);
    assert_eq!(context.select(&source(".")).found, Found::Some);
}

#[test]
fn wildcards_select_in_walk_order_and_take_directories_whole() {
    let paths = ["a.txt", "b/x.txt", "b-c.txt", "d/e/f.txt", "z.md"];
    let context = context(&paths, None);
    assert_eq!(files(&context, "*.txt"), ["a.txt", "b-c.txt"]);
    assert_eq!(files(&context, "*"), ["a.txt", "b/x.txt", "b-c.txt", "d/e/f.txt", "z.md"]);
    assert_eq!(files(&context, "d/*"), ["d/e/f.txt"]);
    assert_eq!(files(&context, "*/*.txt"), ["b/x.txt"]);
    assert_eq!(files(&context, "[^a]*/*.txt"), ["b/x.txt"]);
}

#[test]
fn selection_agrees_with_reasoning_by_name() {
    let paths = ["a.txt", "a.md", "b/x.txt", "b/c/y.txt", "b/c/z.md", "b-c.txt", "q/w/e.txt"];
    let ignore = "*.md\n!b/c/z.md\nq/w\n";
    let context = context(&paths, Some(ignore));
    let flags = |parents, excludes: &[&str]| SourceFlags {
        parents,
        excludes: excludes.iter().map(ToString::to_string).collect(),
        unpack: false,
    };
    let texts = [".", "b", "b/*", "*", "*.txt", "**/*.txt", "b/./c", "b/./**/*.txt", "*/./x.txt"];
    for text in texts {
        for flags in [
            flags(false, &[]),
            flags(true, &[]),
            flags(false, &["**/*.md", "c"]),
            flags(true, &["*", "!b"]),
        ] {
            let source = Source::new(text, &flags);
            let selection = context.select(&source);
            let listed: Vec<&str> = selection.files().map(|entry| entry.path.as_str()).collect();
            let reasoned: Vec<&str> = context
                .entries()
                .filter(|entry| entry.kind == EntryKind::File)
                .filter(|entry| context.copies(&source, &entry.path).is_yes())
                .map(|entry| entry.path.as_str())
                .collect();
            assert_eq!(listed, reasoned, "{text} {flags:?}");
            let mut to = Destination::resolve("/o/", None);
            for (entry, place) in selection.landings(&mut to) {
                if entry.kind == EntryKind::File {
                    let landing = source.landing(&entry.path, &to);
                    assert_eq!(landing, place.map(Landing::At), "{text} {flags:?}");
                }
            }
        }
    }
}

#[test]
fn parents_bring_the_directories_above() {
    let context = context(&["a/b/c.txt", "a/d.md"], None);
    let flags = SourceFlags { parents: true, ..SourceFlags::default() };
    let source = Source::new("**/*.txt", &flags);
    assert_eq!(selected(&context, &source), ["a", "a/b", "a/b/c.txt"]);
    let missing = Source::new("a/x.txt", &flags);
    assert_eq!(context.select(&missing).found, Found::Missing);
    let none = Source::new("a/*.c", &flags);
    assert_eq!(context.select(&none).found, Found::Nothing);
}

#[test]
fn a_directory_first_makes_the_destination_one() {
    let context = context(&["a/x", "b", "c"], None);
    let places = |text: &str| {
        let mut to = Destination::resolve("/o", None);
        let landings = context.select(&source(text)).landings(&mut to);
        landings.into_iter().map(|(_, place)| place).collect::<Vec<_>>()
    };
    assert_eq!(
        places("*"),
        [
            Some("/o".to_string()),
            Some("/o/x".to_string()),
            Some("/o/b".to_string()),
            Some("/o/c".to_string())
        ]
    );
    assert_eq!(places("[bc]"), [None, None]);
}

#[test]
fn links_that_the_source_names_are_followed() {
    let link = |path: &str, target: &str| Entry {
        kind: EntryKind::Symlink,
        target: Some(target.to_string()),
        ..Entry::at(path)
    };
    let file = |path: &str| Entry { text: Some(path.to_string()), ..Entry::at(path) };
    let files =
        vec![file("d/a"), file("d/e/b"), link("d/l", "a"), link("dl", "d"), link("fl", "d/a")];
    let context = Context::new(ContextInput { files: Some(files), ..Default::default() });
    let places = |text: &str| {
        let selection = context.select(&source(text));
        let landings = selection.landings(&mut Destination::resolve("/o/", None));
        let places = landings.into_iter().filter(|(entry, _)| entry.kind != EntryKind::Directory);
        places.map(|(entry, at)| (entry.path.clone(), at.unwrap_or_default())).collect::<Vec<_>>()
    };
    let at = |from: &str, to: &str| (from.to_string(), to.to_string());
    assert_eq!(places("fl"), [at("d/a", "/o/fl")]);
    assert_eq!(places("dl"), [at("d/a", "/o/a"), at("d/e/b", "/o/e/b"), at("d/l", "/o/l")]);
    assert_eq!(places("dl/e"), [at("d/e/b", "/o/b")]);
    assert_eq!(places("dl/?"), [at("d/a", "/o/a"), at("d/e/b", "/o/b"), at("d/a", "/o/l")]);
    assert_eq!(context.text("dl/e/b"), Some("d/e/b"));
    assert_eq!(context.exists("dl/x"), Answer::No);
    let dangling = vec![file("a"), file("b/c"), link("al", "nothing")];
    let context = Context::new(ContextInput { files: Some(dangling), ..Default::default() });
    assert_eq!(context.select(&source("a*")).found, Found::Missing);
    assert_eq!(context.select(&source(".")).found, Found::Some);
}

#[test]
fn a_listed_path_may_be_a_link_to_a_directory() {
    let context = context(&["link", "d/a"], None);
    assert_eq!(context.exists("link/x"), Answer::Maybe);
    assert_eq!(context.select(&source("link/x")).found, Found::Unknown);
    assert_eq!(context.exists("d/x"), Answer::No);
}

#[test]
fn origins_drop_what_does_not_exist() {
    let context = context(&["r.txt", "web/a.json", "web/b.json"], None);
    let to = Destination::resolve("./", Some("/app"));
    let origins = |text: &str, landed: &str| context.origins(&source(text), landed, &to);
    assert_eq!(origins("r.txt", "/app/r.txt").paths, ["r.txt"]);
    assert_eq!(origins("web/*.json", "/app/a.json").paths, ["web/a.json"]);
    assert!(!origins("web/*.json", "/app/a.json").open);
    assert!(origins("web/*.json", "/app/c.json").paths.is_empty());
    assert_eq!(origins("*", "/app/b.json").paths, ["web/b.json"]);
    assert!(origins(".", "/app/other").paths.is_empty());
    let unknown = Context::unknown().origins(&source("r.txt"), "/app/r.txt", &to);
    assert_eq!(unknown.paths, ["r.txt/r.txt", "r.txt"]);
}

#[test]
fn what_the_build_names_is_there_unless_ignored() {
    let named = || vec!["yarn.lock".to_owned()];
    let bare = Context::new(ContextInput { named: named(), ..ContextInput::default() });
    assert!(bare.exists("yarn.lock").is_yes());
    assert_eq!(bare.exists("package.json"), Answer::Maybe);
    let files = [(".dockerignore", None), ("package.json", None)];
    let listed = ContextInput { named: named(), ..ContextInput::listed(files) };
    let ignored = ContextInput { dockerignore: Some("*.lock".into()), ..listed.clone() };
    let listed = Context::new(ContextInput { dockerignore: Some(String::new()), ..listed });
    assert!(listed.exists("yarn.lock").is_yes());
    assert!(listed.exists("bun.lock").is_no());
    assert!(Context::new(ignored).exists("yarn.lock").is_no());
}

#[test]
fn a_text_that_was_read_as_another_encoding_tells_nothing() {
    let files = [("a.txt", "flask\n"), ("b.txt", "\u{fffd}\u{fffd}f\0l\0a\0s\0k\0")];
    let files = files.map(|(path, text)| (path, Some(text.to_owned())));
    let context = Context::new(ContextInput::listed(files));
    assert_eq!((context.text("a.txt"), context.text("b.txt")), (Some("flask\n"), None));
}
