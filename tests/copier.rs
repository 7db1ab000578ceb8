//! Selections and landings against what BuildKit's copier (tonistiigi/fsutil) did on a disk.
//!
//! Each fixture line is a random tree, one or two sources, a destination and whether the image
//! had it as a directory; `copied` maps each file or link made to the path it came from (a link
//! to `->` and its target), or is null where a source was missing.

use std::collections::BTreeMap;

use layerwise::context::{
    Context, ContextInput, Destination, Entry, EntryKind, Found, Source, SourceFlags,
};
use serde_json::Value;

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn context(case: &Value) -> Context {
    let files = texts(&case["files"]);
    let files = files.map(|path| Entry { text: Some(path.to_string()), ..Entry::at(path) });
    let links = case["links"].as_object().into_iter().flatten().map(|(path, target)| Entry {
        kind: EntryKind::Symlink,
        target: target.as_str().map(str::to_string),
        ..Entry::at(path)
    });
    let files = Some(files.chain(links).collect());
    Context::new(ContextInput { files, ..ContextInput::default() })
}

/// What each place holds after the copy; `None` where the build fails.
fn copied(case: &Value) -> Option<BTreeMap<String, String>> {
    let context = context(case);
    let destination = Destination::resolve(case["destination"].as_str()?, None);
    let mut destination = destination.known_directory(case["directory"] == true);
    let mut places = BTreeMap::new();
    for text in texts(&case["sources"]) {
        let selection = context.select(&Source::new(text, &SourceFlags::default()));
        if selection.found == Found::Missing {
            return None;
        }
        for (entry, place) in selection.landings(&mut destination) {
            let link = entry.target.as_ref().map(|target| format!("->{target}"));
            if let Some(origin) = entry.text.clone().or(link) {
                places.insert(place.expect("a known destination"), origin);
            }
        }
    }
    Some(places)
}

#[test]
fn files_land_where_the_copier_puts_them() {
    let fixture = include_str!("fixtures/copies.jsonl");
    let mut checked = 0;
    for line in fixture.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let expected = case["copied"].as_object().map(|places| {
            let places = places.iter();
            let place = |(place, from): (&String, &Value)| {
                (place.clone(), from.as_str().unwrap_or_default().to_string())
            };
            places.map(place).collect::<BTreeMap<_, _>>()
        });
        assert_eq!(copied(&case), expected, "{line}");
        checked += 1;
    }
    assert!(checked > 150, "only {checked} cases");
}
