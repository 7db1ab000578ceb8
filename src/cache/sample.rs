//! A file that stands for those a copy brings: the one whose edit is looked at.

use super::often::commits;
use crate::context::{Context, Source};
use crate::graph::Copy;
use crate::graph::content::{self, Content};
use crate::graph::copy::looks_like_file;
use crate::limits;

/// A file of the context, or one that may be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sample {
    /// Its path.
    pub path: String,
    /// The paths it stands for.
    pub pattern: String,
    /// That it is edited, as a sentence without its full stop.
    pub title: String,
    /// How many of a thousand commits do so, where a history says that; else all of them.
    pub weight: usize,
}

/// One file for each source of `copy`.
pub(super) fn samples(copy: &Copy, context: &Context) -> Vec<Sample> {
    let sample = |(text, source): &(String, Source)| {
        let is_edited = |path: &str| content::of_file(path) != Content::Manifests;
        if let Some((path, share)) = context.hottest(source, is_edited) {
            let title = format!("`{path}` is edited, as in {}", commits(share));
            let weight = (share * 1000.0).ceil() as usize;
            return Some(Sample { title, weight, ..Sample::file(path) });
        }
        let listed = context.select(source);
        let mut files = listed.files().take(limits::FILES_SAMPLED);
        let file = files.find(|entry| content::of_file(&entry.path) == Content::Source);
        file.map(|entry| Sample::file(&entry.path)).or_else(|| example(text, source))
    };
    copy.sources.iter().filter_map(sample).collect()
}

impl Sample {
    fn file(path: &str) -> Sample {
        let title = format!("`{path}` is edited");
        Sample { path: path.into(), pattern: path.into(), title, weight: 1000 }
    }
}

/// A file that a source may bring, where the files are not known.
fn example(text: &str, source: &Source) -> Option<Sample> {
    if source.is_unknown() {
        return None;
    }
    let (path, pattern, title) = match source.literal() {
        Some("") => ("source".into(), "**".into(), "A source file is edited".into()),
        Some(path) if looks_like_file(path) => return Some(Sample::file(path)),
        Some(path) => {
            let title = format!("A file in `{path}` is edited");
            (format!("{path}/source"), format!("{path}/**"), title)
        }
        None => {
            let pattern = text.trim_start_matches("./");
            let title = format!("A file of `{pattern}` is edited");
            (pattern.replace('*', "any"), pattern.into(), title)
        }
    };
    Some(Sample { path, pattern, title, weight: 1000 })
}
