//! What `docker buildx build --progress=rawjson` prints: which steps were there, and which of
//! them came from the cache.

use base64::prelude::{BASE64_STANDARD, Engine};
use layerwise::Outcome;
use serde::Deserialize;

/// A step that the engine went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// As the log names it, without the part in brackets.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    vertexes: Vec<Vertex>,
    #[serde(default)]
    logs: Vec<Printed>,
}

/// What a step printed, in base64.
#[derive(Deserialize)]
struct Printed {
    data: String,
}

#[derive(Clone, Deserialize)]
struct Vertex {
    digest: String,
    name: String,
    #[serde(default)]
    cached: bool,
    #[serde(default)]
    error: String,
}

/// The steps of a log, those of one stage in their order.
pub fn read(log: &str) -> Vec<Seen> {
    let vertexes = vertexes(log);
    let mut steps: Vec<(u32, Seen)> = Vec::new();
    let mut linked = Vec::new();
    for vertex in &vertexes {
        let Some((position, text)) = split(&vertex.name) else { continue };
        match text.strip_prefix("LINK ") {
            // The layer of a `COPY --link`, put on its parent.
            Some(text) => linked.push((text, vertex.cached)),
            None if text.starts_with("FROM ") => {}
            None => {
                let outcome = if vertex.cached { Outcome::Cached } else { Outcome::Rerun };
                steps.push((position, Seen { text: text.to_string(), outcome }));
            }
        }
    }
    for (text, cached) in linked {
        let step = steps.iter_mut().find(|(_, step)| step.text == text);
        if let Some((_, step)) = step.filter(|(_, step)| !cached && step.outcome == Outcome::Cached)
        {
            step.outcome = Outcome::Relinked;
        }
    }
    steps.sort_by_key(|(position, _)| *position);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Why the build failed, in one line.
pub fn error(log: &str) -> String {
    let failed =
        vertexes(log).into_iter().map(|vertex| vertex.error).find(|error| !error.is_empty());
    let last = || {
        log.lines()
            .rev()
            .find(|line| line.starts_with("ERROR"))
            .unwrap_or("no reason given")
            .to_string()
    };
    failed.unwrap_or_else(last)
}

/// All that its steps printed.
pub fn printed(log: &str) -> String {
    let data = messages(log).flat_map(|message| message.logs);
    let bytes: Vec<u8> =
        data.filter_map(|part| BASE64_STANDARD.decode(part.data).ok()).flatten().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn messages(log: &str) -> impl Iterator<Item = Message> {
    // What a failed build says behind its log is no JSON and ends this.
    let start = log.find('{').unwrap_or(log.len());
    serde_json::Deserializer::from_str(&log[start..]).into_iter::<Message>().map_while(Result::ok)
}

/// Every vertex as it was last seen, in the order in which they appeared.
fn vertexes(log: &str) -> Vec<Vertex> {
    let mut found: Vec<Vertex> = Vec::new();
    for vertex in messages(log).flat_map(|message| message.vertexes) {
        match found.iter_mut().find(|other| other.digest == vertex.digest) {
            Some(other) => *other = vertex,
            None => found.push(vertex),
        }
    }
    found
}

/// Position and text of `[build 2/5] RUN true`; nothing for what is no step.
fn split(name: &str) -> Option<(u32, &str)> {
    let (place, text) = name.strip_prefix('[')?.split_once("] ")?;
    let (position, _) = place.rsplit(' ').next()?.split_once('/')?;
    Some((position.parse().ok()?, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(vertexes: &[(&str, bool)]) -> String {
        let messages = vertexes.iter().map(|(name, cached)| {
            format!("{{\"vertexes\": [{{\"digest\": \"{name}\", \"name\": \"{name}\"}}]}}\n{{\"vertexes\": [{{\"digest\": \"{name}\", \"name\": \"{name}\", \"cached\": {cached}}}]}}\n")
        });
        messages.collect()
    }

    #[test]
    fn steps_are_found() {
        let log = log(&[
            ("[internal] load build context", false),
            ("[build 3/3] RUN b", false),
            ("[build 2/3] RUN a", true),
            ("[build 1/3] FROM x", true),
            ("exporting cache", false),
        ]);
        let seen = |text: &str, outcome| Seen { text: text.into(), outcome };
        assert_eq!(read(&log), [seen("RUN a", Outcome::Cached), seen("RUN b", Outcome::Rerun)]);
    }

    #[test]
    fn what_steps_printed() {
        let log =
            r#"{"logs": [{"vertex": "a", "data": "bm8g"}]}{"logs": [{"data": "Z28="}]} ERROR"#;
        assert_eq!(printed(log), "no go");
        assert_eq!(printed("ERROR: no builder"), "");
    }

    #[test]
    fn layers_put_on_another_parent() {
        for (copy, link, outcome) in [
            (true, false, Outcome::Relinked),
            (true, true, Outcome::Cached),
            (false, false, Outcome::Rerun),
        ] {
            let log = log(&[("[2/2] COPY --link a /", copy), ("[2/2] LINK COPY --link a /", link)]);
            assert_eq!(read(&log)[0].outcome, outcome);
        }
    }
}
