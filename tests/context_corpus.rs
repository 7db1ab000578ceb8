//! Real Dockerfiles with their contexts: every source that exists must be found.
//!
//! Reads the corpus where it is (`LAYERWISE_CORPUS`, or beside the crate) and passes without it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use layerwise::context::{
    Context, ContextInput, Destination, EntryKind, Found, Landing, Source, SourceFlags,
    from_windows,
};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let given = std::env::var_os("LAYERWISE_CORPUS").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    Some(given.unwrap_or(beside)).filter(|directory| directory.join("dev.jsonl.gz").exists())
}

fn lines(file: PathBuf) -> impl Iterator<Item = Value> {
    let file = std::fs::File::open(file).expect("a corpus file");
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
}

fn strings(value: &Value) -> Vec<String> {
    let values = value.as_array().into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_string).collect()
}

/// The sources of the COPY and ADD instructions that read the context by a fixed name.
fn sources(parsed: &Value) -> Vec<(String, Source, Destination)> {
    let mut sources = Vec::new();
    for instruction in parsed["instructions"].as_array().into_iter().flatten() {
        let keyword = instruction["keyword"].as_str().unwrap_or_default();
        let flags = strings(&instruction["flags"]);
        let elsewhere = flags.iter().any(|flag| flag.starts_with("--from"));
        let mut args = strings(&instruction["args"]);
        let Some(last) = args.pop() else { continue };
        let fixed = |text: &String| !text.contains(['$', '<', ':', '"', '\'']);
        if !matches!(keyword, "COPY" | "ADD") || elsewhere || !args.iter().all(fixed) {
            continue;
        }
        let values = |name: &str| {
            let values = flags.iter().filter_map(move |flag| flag.strip_prefix(name));
            values.map(str::to_string).collect::<Vec<_>>()
        };
        let flags = SourceFlags {
            parents: flags.iter().any(|flag| flag == "--parents"),
            excludes: values("--exclude="),
            unpack: false,
        };
        // The escape character is the best sign of a Windows stage that a parse gives.
        let windows = parsed["escape"] == "`";
        let read = |text: &str| if windows { from_windows(text) } else { text.to_string() };
        let destination = Destination::resolve(&read(&last), Some("/cwd"));
        sources.extend(args.into_iter().map(|arg| {
            let source = Source::new(&read(&arg), &flags);
            (arg, source, destination.clone())
        }));
    }
    sources
}

#[test]
fn existing_sources_are_found() {
    let Some(corpus) = corpus() else {
        println!("no corpus: nothing checked");
        return;
    };
    let parses = lines(corpus.join("dev.buildkit-parse.jsonl.gz"));
    let parsed: HashMap<String, Value> =
        parses.map(|parse| (parse["id"].as_str().unwrap_or_default().to_string(), parse)).collect();
    let (mut files, mut found, mut nothing, mut ignored) = (0, 0, 0, 0);
    let (mut compared, mut landings, mut landed) = (0, 0, 0);
    let mut missing = Vec::new();
    for row in lines(corpus.join("dev.jsonl.gz")) {
        let id = row["id"].as_str().unwrap_or_default();
        let Some(parse) = parsed.get(id) else { continue };
        if row["sources_resolve"] != true || row["files_truncated"] != false {
            continue;
        }
        files += 1;
        let listed = strings(&row["files"]).into_iter().map(|path| (path, None));
        let bare = ContextInput::listed(listed);
        let dockerignore = row["dockerignore"].as_str().unwrap_or_default().to_string();
        let all = Context::new(ContextInput { dockerignore: Some(String::new()), ..bare.clone() });
        let sent = Context::new(ContextInput { dockerignore: Some(dockerignore), ..bare });
        for (text, source, destination) in sources(parse) {
            let selection = all.select(&source);
            match selection.found {
                Found::Some => found += 1,
                Found::Nothing => nothing += 1,
                _ => missing.push(format!("{id} {text}")),
            }
            let selected = sent.select(&source);
            ignored += u32::from(selected.found != selection.found);
            // What the walk selects and what is reasoned by name must be the same.
            if sent.entries().count() < 400 {
                let reasoned = sent.entries().filter(|entry| entry.kind == EntryKind::File);
                let reasoned = reasoned.filter(|entry| sent.copies(&source, &entry.path).is_yes());
                let walked = selected.files().map(|entry| &entry.path);
                assert!(walked.eq(reasoned.map(|entry| &entry.path)), "{id} {text}");
                compared += 1;
            }
            let mut known = destination.clone().known_directory(true);
            let landing = selected.landings(&mut known).into_iter();
            let landing = landing.filter(|(entry, _)| entry.kind != EntryKind::Directory);
            for (entry, place) in landing.step_by(1 + selected.items.len() / 8) {
                landings += 1;
                let place = place.expect("a place in a known directory");
                assert_eq!(
                    source.landing(&entry.path, &known),
                    Some(Landing::At(place.clone())),
                    "{id} {text}"
                );
                let origins = sent.origins(&source, &place, &known);
                let back = origins.paths.contains(&entry.path);
                landed += u32::from(back);
                let shadowed = source.is_wildcard();
                assert!(back || shadowed, "{id} {text}: {place} from {}", entry.path);
            }
        }
    }
    println!(
        "{files} files: {found} sources found, {nothing} wildcards without a match, \
         {ignored} changed by .dockerignore, {} missing; {compared} compared; {landed} of {landings} landings undone",
        missing.len()
    );
    println!("{}", missing.join("\n"));
    assert!(files > 1_000, "only {files} files");
    assert!(missing.len() * 200 <= found, "{missing:?}");
}
