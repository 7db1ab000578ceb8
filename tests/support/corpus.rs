//! The corpus of real Dockerfiles, where there is one.

use layerwise::Options;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// Most paths that are taken of one context: the tests run without optimisation.
const PATHS: usize = 100;

/// Each Dockerfile with what is known beside it; `None` without a corpus.
pub fn corpus() -> Option<Vec<(String, String, Options)>> {
    let given = std::env::var_os("LAYERWISE_CORPUS").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let file = std::fs::File::open(given.unwrap_or(beside).join("dev.jsonl.gz")).ok()?;
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    Some(lines.map(|line| case(&serde_json::from_str(&line.unwrap()).unwrap())).collect())
}

fn case(value: &Value) -> (String, String, Options) {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let paths = value["files"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut files: BTreeMap<String, Option<String>> =
        paths.take(PATHS).map(|path| (path.to_owned(), None)).collect();
    for (path, text) in value["manifests"].as_object().into_iter().flatten() {
        files.insert(path.clone(), text.as_str().map(str::to_owned));
    }
    let complete = value["files_truncated"] != true && files.len() < PATHS;
    let options = Options {
        files: (!files.is_empty()).then_some(files),
        files_complete: complete,
        dockerignore: text("dockerignore"),
        ..Options::default()
    };
    (text("id").unwrap(), text("dockerfile").unwrap(), options)
}
