//! The parser against what BuildKit's own parser made of real and of damaged Dockerfiles.
//!
//! Reads `../shared/corpus` (or `LAYERWISE_CORPUS`) where it is there, else passes.

use flate2::read::GzDecoder;
use layerwise::syntax::{Arguments, Instruction, ItemKind, Keyword, SyntaxError, parse};
use layerwise::text::LineIndex;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// The objects of a gzip file of JSON lines; none where the corpus is not there.
fn read(name: &str) -> Option<Vec<Value>> {
    let directory = std::env::var_os("LAYERWISE_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let file = File::open(directory.join(format!("{name}.jsonl.gz"))).ok()?;
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    Some(lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect())
}

/// The text and BuildKit's reading of each file of a set.
fn corpus(set: &str) -> Option<Vec<(String, Value)>> {
    let texts = read(set)?;
    let mut readings: BTreeMap<String, Value> = read(&format!("{set}.buildkit-parse"))?
        .into_iter()
        .map(|reading| (reading["id"].as_str().unwrap().to_owned(), reading))
        .collect();
    let pair = |file: Value| {
        let reading = readings.remove(file["id"].as_str().unwrap()).unwrap();
        (file["dockerfile"].as_str().unwrap().to_owned(), reading)
    };
    Some(texts.into_iter().map(pair).collect())
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut out = Vec::new();
    for item in list {
        match item {
            // What ONBUILD holds.
            Value::Object(inner) => {
                out.push(inner["value"].as_str().unwrap().to_owned());
                out.extend(strings(&inner["args"]));
            }
            other => out.push(other.as_str().unwrap().to_owned()),
        }
    }
    out
}

fn flags(instruction: &Instruction<'_>) -> Vec<String> {
    instruction.flags.iter().map(|f| f.text()).collect()
}

/// How our reading of one instruction differs from BuildKit's.
fn compare(
    text: &str,
    lines: &LineIndex<'_>,
    ours: &Instruction<'_>,
    theirs: &Value,
) -> Vec<String> {
    let heredocs: Vec<_> = ours
        .heredocs
        .iter()
        .map(|h| json!({"name": h.name, "expand": h.expand, "chomp": h.chomp, "content": h.body.of(text)}))
        .collect();
    let mut differences = Vec::new();
    let mut check = |what: &str, ours: Value, theirs: Value| {
        if ours != theirs {
            differences.push(format!("{what}: {ours} for {theirs}"));
        }
    };
    check(
        "keyword",
        json!(ours.name.text.to_uppercase()),
        json!(theirs["keyword"].as_str().unwrap_or("")),
    );
    check("start", json!(lines.line(ours.span.start)), theirs["start_line"].clone());
    check("end", json!(lines.line(ours.span.end)), theirs["end_line"].clone());
    check("flags", json!(flags(ours)), json!(strings(&theirs["flags"])));
    check("args", json!(ours.argument_texts()), json!(strings(&theirs["args"])));
    check("json", json!(ours.is_json()), json!(theirs["json"].as_bool().unwrap_or(false)));
    let none = json!([]);
    check("heredocs", json!(heredocs), theirs.get("heredocs").unwrap_or(&none).clone());
    if let Arguments::Onbuild(inner) = &ours.arguments {
        let theirs = &theirs["args"][0];
        check("inner flags", json!(flags(inner)), json!(strings(&theirs["flags"])));
        let json = theirs["attributes"]["json"].as_bool().unwrap_or(false);
        check("inner json", json!(inner.is_json()), json!(json));
    }
    differences
}

/// BuildKit's message without the names it takes at random.
fn message(text: &str) -> &str {
    let text = match text.strip_prefix("dockerfile parse error on line ") {
        Some(rest) => rest.split_once(": ").unwrap().1,
        None => text,
    };
    text.split(" (did you mean").next().unwrap()
}

fn first_error(errors: &[SyntaxError], lines: &LineIndex<'_>) -> Option<(String, u64)> {
    let error = errors.first()?;
    Some((message(&error.message).to_owned(), lines.line(error.span.start).into()))
}

/// How our reading of one file differs from BuildKit's.
fn differences(text: &str, theirs: &Value) -> Vec<String> {
    let (file, errors) = parse(text);
    let lines = LineIndex::new(text);
    let mut differences = Vec::new();
    let refused = ["syntax_error", "instruction_error"].into_iter().find_map(|kind| {
        let error = theirs.get(kind)?.as_object()?;
        // Of an empty file BuildKit names line 0.
        let line = error["lines"][0][0].as_u64().unwrap().max(1);
        Some((message(error["message"].as_str().unwrap()).to_owned(), line))
    });
    let ours = first_error(&errors, &lines);
    if ours != refused {
        differences.push(format!("error: {ours:?} for {refused:?}"));
    }
    let directives: BTreeMap<_, _> =
        file.directives.iter().map(|d| (d.name.to_string(), d.value.text.to_string())).collect();
    if json!(directives) != theirs["directives"] {
        differences.push(format!("directives: {directives:?} for {}", theirs["directives"]));
    }
    // Of a file that the parser refuses, BuildKit tells no more.
    if theirs.get("syntax_error").is_some_and(|e| !e.is_null()) {
        return differences;
    }
    if theirs["escape"] != json!(file.escape) {
        differences.push(format!("escape: {} for {}", file.escape, theirs["escape"]));
    }
    let instructions = theirs["instructions"].as_array().unwrap();
    if instructions.len() != file.instructions.len() {
        let (ours, theirs) = (file.instructions.len(), instructions.len());
        differences.push(format!("instructions: {ours} for {theirs}"));
    }
    for (ours, theirs) in file.instructions.iter().zip(instructions) {
        differences.extend(compare(text, &lines, ours, theirs));
    }
    if let Some(stages) = theirs["stages"].as_array() {
        let theirs: Vec<_> =
            stages.iter().map(|s| s["name"].as_str().unwrap_or("").to_owned()).collect();
        let ours: Vec<_> = file
            .instructions
            .iter()
            .filter(|i| i.keyword == Some(Keyword::From))
            .map(|i| match &i.arguments {
                Arguments::From { name: Some(name), .. } => name.text.to_lowercase(),
                _ => String::new(),
            })
            .collect();
        if ours != theirs {
            differences.push(format!("stages: {ours:?} for {theirs:?}"));
        }
    }
    differences
}

/// Compares a set; gives how many files it has and how many of them differ.
fn measure(set: &str) -> Option<(usize, usize)> {
    let Some(files) = corpus(set) else {
        println!("no corpus: nothing compared");
        return None;
    };
    let mut different = Vec::new();
    for (text, reading) in &files {
        let differences = differences(text, reading);
        if !differences.is_empty() {
            different.push((reading["id"].as_str().unwrap().to_owned(), differences));
        }
    }
    println!("{set}: {} files, {} differ", files.len(), different.len());
    for (id, differences) in &different {
        println!("  {id}");
        for difference in differences {
            println!("    {difference}");
        }
    }
    Some((files.len(), different.len()))
}

#[test]
fn real_files_are_read_as_buildkit_reads_them() {
    let Some((files, different)) = measure("dev") else { return };
    assert!(files >= 1_000, "only {files} files");
    assert_eq!(different, 0);
}

#[test]
fn damaged_files_are_read_as_buildkit_reads_them() {
    let Some((files, different)) = measure("mutated") else { return };
    assert!(files >= 1_000, "only {files} files");
    assert_eq!(different, 0);
}

#[test]
fn the_items_tile_the_text() {
    for set in ["dev", "mutated"] {
        let Some(files) = corpus(set) else { return };
        for (text, _) in files {
            let (file, _) = parse(&text);
            let mut at = 0;
            let mut index = 0;
            for item in &file.items {
                assert_eq!(item.span.start, at);
                at = item.span.end;
                if let ItemKind::Instruction(i) = item.kind {
                    assert_eq!(i, index);
                    assert!(item.span.contains(file.instructions[i as usize].span));
                    index += 1;
                }
            }
            assert_eq!(at as usize, text.len());
            assert_eq!(index as usize, file.instructions.len());
        }
    }
}
