//! Measured times: BuildKit's progress log, plain or rawjson: a leaf that every room may use.
//!
//! A step is found by its stage and number (`[build 3/6]`), which is how BuildKit names it:
//! `prefixCommand` in
//! <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>

use crate::digest::{Digest, Numbers};

/// The times of the steps of one build.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// The keyword and the seconds of each step.
    steps: Vec<(String, f64)>,
    /// For each stage name ("" for the only stage) and step number its place in `steps`.
    places: Numbers,
}

impl Timings {
    /// Reads the log that `docker build --progress=plain` or `--progress=rawjson` prints.
    ///
    /// Steps that came from the cache have no time and are left out. The error says what was
    /// expected.
    pub fn parse(log: &str) -> Result<Timings, String> {
        let mut timings = Timings::default();
        // Plain: the names and times of vertices, by number.
        let mut names: Vec<Name> = Vec::new();
        let mut lasts = Numbers::default();
        let mut vertices = 0;
        for line in log.lines() {
            let line = line.trim_end();
            if line.starts_with('{') {
                vertices += timings.raw(line);
                continue;
            }
            let Some((number, rest)) = line.strip_prefix('#').and_then(|rest| rest.split_once(' '))
            else {
                continue;
            };
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            // Not every list that counts with `#` is a log.
            vertices += usize::from(rest.starts_with('['));
            if let Some(name) = step_name(rest) {
                lasts.set(Digest::of(number).end(), names.len() as u64);
                names.push(name);
            } else if let Some(seconds) = rest.strip_prefix("DONE ").and_then(seconds)
                && let Some(at) = lasts.index(Digest::of(number).end())
            {
                timings.note(names[at].clone(), seconds);
            }
        }
        if vertices == 0 {
            return Err("expected the log that `docker build --progress=plain` or \
                        `--progress=rawjson` prints, with lines like `#7 [build 3/6] RUN npm ci` \
                        and `#7 DONE 12.3s`"
                .into());
        }
        Ok(timings)
    }

    /// A build for several platforms runs a step once for each: the longest counts.
    fn note(&mut self, (stage, step, keyword): Name, seconds: f64) {
        let end = self.steps.len();
        let at = self.places.keep(place(&stage, step), end as u64) as usize;
        if at == end {
            self.steps.push((keyword, 0.0));
        }
        let longest = &mut self.steps[at].1;
        *longest = longest.max(seconds);
    }

    /// One line of rawjson; the number of vertices in it.
    fn raw(&mut self, line: &str) -> usize {
        let mut count = 0;
        // What follows the vertices has times of its own.
        let line = line.split("],\"statuses\":").next().unwrap_or(line);
        // The fields of a vertex are flat, so that they can be cut out one by one.
        for vertex in line.split("\"digest\":").skip(1) {
            let Some(name) = field(vertex, "name") else { continue };
            count += 1;
            let times = field(vertex, "started").zip(field(vertex, "completed"));
            let times = times.and_then(|(from, to)| Some((clock(&from)?, clock(&to)?)));
            if let (Some(name), Some((from, to))) = (step_name(&name), times)
                && !vertex.contains("\"cached\":true")
            {
                let day = if to < from { 86_400.0 } else { 0.0 };
                self.note(name, to + day - from);
            }
        }
        count
    }

    /// The seconds of step `number` of `stage` ("" for the only one), where the log has it and
    /// it has this keyword.
    pub fn seconds(&self, stage: &str, number: u32, keyword: &str) -> Option<f64> {
        let at = self.places.index(place(&stage.to_ascii_lowercase(), number))?;
        let (logged, seconds) = &self.steps[at];
        logged.eq_ignore_ascii_case(keyword).then_some(*seconds)
    }
}

/// The stage, the number and the keyword of a step.
type Name = (String, u32, String);

fn place(stage: &str, number: u32) -> u64 {
    Digest::of(stage).number(u64::from(number)).end()
}

/// The name in `[linux/amd64 build 3/6] RUN npm ci`.
fn step_name(text: &str) -> Option<Name> {
    let (head, rest) = text.strip_prefix('[')?.split_once("] ")?;
    let mut words: Vec<&str> = head.split_whitespace().collect();
    let (number, total) = words.pop()?.split_once('/')?;
    total.parse::<u32>().ok()?;
    let stage = words.last().filter(|word| !word.contains('/')).unwrap_or(&"");
    let keyword = rest.split_whitespace().next()?;
    Some((stage.to_ascii_lowercase(), number.parse().ok()?, keyword.to_owned()))
}

fn seconds(text: &str) -> Option<f64> {
    decimal(text.strip_suffix('s')?)
}

/// A number like `12.3`. Not by `parse`, whose exact reading of every number weighs 15 KB.
fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (mut number, mut scale) = (f64::from(whole.parse::<u32>().ok()?), 1.0);
    // Nobody measures finer than nanoseconds.
    for digit in fraction.chars().take(9) {
        number = number * 10.0 + f64::from(digit.to_digit(10)?);
        scale *= 10.0;
    }
    Some(number / scale)
}

/// The text of a flat JSON field, escapes undone as far as names have any.
fn field(vertex: &str, name: &str) -> Option<String> {
    let (_, rest) = vertex.split_once(&format!("\"{name}\":\""))?;
    let mut out = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some(out),
            '\\' => out.push(chars.next()?),
            other => out.push(other),
        }
    }
}

/// Seconds since midnight of `2026-11-23T18:02:03.5Z`.
fn clock(text: &str) -> Option<f64> {
    let (_, time) = text.split_once('T')?;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let mut parts = time.get(..end)?.split(':').map(decimal);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    Some(hours * 3600.0 + minutes * 60.0 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_logs() {
        let log = "#1 [internal] load build definition\n#1 DONE 0.1s\n\n\
                   #7 [build  3/12] RUN npm ci\n#7 0.2 added\n#7 DONE 12.3s\n\
                   #8 [stage-1 2/3] COPY --from=build /a /a\n#8 CACHED\n";
        let timings = Timings::parse(log).unwrap();
        assert_eq!(timings.steps, [("RUN".into(), 12.3)]);
        assert_eq!(timings.seconds("Build", 3, "run"), Some(12.3));
        assert_eq!(timings.seconds("build", 2, "run"), None);
    }

    #[test]
    fn reads_rawjson() {
        let log = r#"{"vertexes":[{"digest":"sha256:1","name":"[2/3] RUN echo \"a\"","started":"2026-11-23T23:59:59.5Z","completed":"2026-11-24T00:00:01Z"},{"digest":"sha256:2","name":"[3/3] COPY . .","cached":true,"started":"2026-11-23T10:00:00Z","completed":"2026-11-23T10:00:01Z"}]}"#;
        let timings = Timings::parse(log).unwrap();
        assert_eq!(timings.steps, [("RUN".into(), 1.5)]);
        assert_eq!(timings.seconds("", 2, "RUN"), Some(1.5));
    }

    #[test]
    fn says_what_was_expected() {
        for text in ["", "hello\n# comment\n", "#1 a\n#2 DONE 1.0s\n", "{\"vertexes\":[]}", "{}"] {
            let error = Timings::parse(text).unwrap_err();
            assert!(error.contains("--progress=plain"), "{error}");
        }
    }
}
