//! The paths that a Dockerfile names, sorted: those below one directory stand next to each
//! other, so that a question about one of many projects costs no look at the others.
//!
//! Which of them matter to a tool, its table says.

use super::copy::StepAt;
use super::path_set::under;
use super::{Graph, Origin, Stage, Step};
use crate::build::Stages;
use crate::bytes::Bytes;
use crate::context::{clean, join, walk_order, within};
use crate::digest::{Digest, Numbers};
use crate::ecosystem::{is_manifest_file, name_matches};
use crate::sort::sort_by;
use crate::syntax::{Arguments, Instruction, Word};
use std::cell::{OnceCell, RefCell};

/// The paths that the instructions of a file name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// What copies take out of the build context.
    copied: Vec<String>,
    /// For each stage what copies take out of it.
    taken: Vec<Vec<String>>,
    /// For each stage what its commands name.
    written: Vec<OnceCell<Vec<String>>>,
    /// Answers that were given, by the number of their question.
    known: RefCell<Numbers>,
}

impl Names {
    fn read(graph: &Graph<'_>) -> Names {
        let count = graph.stages.len();
        let (mut copied, mut taken) = (Vec::new(), vec![Vec::new(); count]);
        for copy in graph.stages.iter().flat_map(|stage| &stage.steps).filter_map(Step::copy) {
            let texts = copy.sources.iter().map(|(text, _)| text);
            match copy.origin {
                Origin::Context => copied.extend(texts.map(|text| clean(text))),
                Origin::Stage(stage) => {
                    if let Some(taken) = taken.get_mut(stage) {
                        taken.extend(texts.map(|text| clean(&join("/", text))));
                    }
                }
                _ => {}
            }
        }
        [&mut copied].into_iter().chain(&mut taken).for_each(sorted);
        let written = vec![OnceCell::new(); count];
        Names { copied, taken, written, known: RefCell::default() }
    }

    /// Whether one of `paths`, which `question` stands for, lies below `directory` and fits
    /// `pattern`.
    fn answer(&self, question: Digest, paths: &[String], directory: &str, pattern: &str) -> bool {
        if !pattern.has(b'*') {
            // No look at its neighbours.
            return below(paths, &join(directory, pattern)).next().is_some();
        }
        let question = question.texts(&[directory, pattern]).end();
        if let Some(answer) = self.known.borrow().get(question) {
            return answer != 0;
        }
        let answer = below(paths, directory).any(|path| begins_with(pattern, path));
        self.known.borrow_mut().set(question, u64::from(answer));
        answer
    }
}

/// Every path that a word of a command may be, but for the names of programs.
fn written(stage: &Stage<'_>) -> Vec<String> {
    let runs = stage.steps.iter().filter_map(Step::run);
    let commands = runs.flat_map(|run| run.commands.iter().zip(&run.script.commands));
    let mut paths = Vec::new();
    for (command, shell) in commands {
        let texts = shell.words.iter().skip(1).filter_map(|word| word.literal());
        paths.extend(texts.map(|text| {
            let cwd = if text.starts_with('/') { None } else { command.cwd.as_deref() };
            clean(&join(cwd.unwrap_or(""), &text))
        }));
    }
    sorted(&mut paths);
    paths
}

fn sorted(paths: &mut Vec<String>) {
    sort_by(paths, |one, other| walk_order(one, other));
    paths.dedup();
}

/// What lies below `directory` of `paths`, which are sorted, seen from there.
fn below<'p>(paths: &'p [String], directory: &'p str) -> impl Iterator<Item = &'p str> {
    let start = match directory {
        // Absolute paths come first.
        "" => paths.partition_point(|path| path.starts_with('/')),
        _ => paths.partition_point(|path| walk_order(path, directory).is_lt()),
    };
    paths[start..].iter().map_while(move |path| under(directory, path))
}

/// Whether the names of `path` fit those of `pattern`, as far as it goes.
fn begins_with(pattern: &str, path: &str) -> bool {
    let mut names = path.parts(b'/');
    let mut patterns = pattern.parts(b'/');
    patterns.all(|pattern| names.next().is_some_and(|name| name_matches(pattern, name)))
}

/// The manifests and lock files that a copy from the context names in a stage that the target
/// needs: whoever builds it has them.
pub fn named_manifests(build: &Stages<'_>) -> Vec<String> {
    let mut named = Vec::new();
    let mut known = Numbers::default();
    let needed = build.stages.iter().filter(|stage| stage.needed);
    let written = needed.flat_map(|stage| &stage.steps).filter(|step| !step.is_trigger);
    let paths = written.flat_map(|step| copied_paths(step.instruction));
    for path in paths.filter(|path| is_manifest_file(&path.text)).map(|path| within(&path.text)) {
        if known.set(Digest::of(&path).end(), 0).is_none() {
            named.push(path.into_owned());
        }
    }
    named
}

/// The sources of a COPY or ADD that are paths of the context as they stand: no address, pattern,
/// value of the build or here-document.
pub fn copied_paths<'i>(instruction: &'i Instruction<'_>) -> impl Iterator<Item = &'i Word<'i>> {
    let sources = match &instruction.arguments {
        Arguments::Copy { sources, .. } if instruction.flag("from").is_none() => &sources[..],
        _ => &[],
    };
    sources.iter().filter(|source| {
        let text = source.text.as_ref();
        !text.starts_with("<<") && !text.contains(['$', '*', '?', '[', '\\', ':', '"', '\''])
    })
}

impl Graph<'_> {
    /// Whether the Dockerfile names a path below `directory` that fits `pattern` component by
    /// component, or something below it: a copy, wherever it stands, that takes it out of this
    /// stage or from where the files of the directory come from, or a command of this stage that
    /// names a file. Of a pattern that leaves the directory (`../`), whether a copy brings it.
    pub fn names_below(&self, at: StepAt, directory: &str, pattern: &str) -> bool {
        if pattern.starts_with("../") {
            let place = clean(&join(directory, pattern));
            return self
                .copies_bringing(at, &place)
                .any(|(_, copy)| copy.may_bring(&place).is_yes());
        }
        let root = self.context_path(at, &join(directory, "-")).unwrap_or_default();
        let root = root.strip_suffix('-').unwrap_or("").trim_end_matches('/');
        let names = self.names.get_or_init(|| Names::read(self));
        let own = at.stage as u64;
        // What is taken out of the context is the same question in every stage.
        names.answer(Digest::of("copied"), &names.copied, root, pattern)
            || names.answer(
                Digest::of("taken").number(own),
                &names.taken[at.stage],
                directory,
                pattern,
            )
            // Directories they name for many reasons.
            || pattern.has(b'.') && {
                let written = names.written[at.stage].get_or_init(|| written(&self.stages[at.stage]));
                names.answer(Digest::of("written").number(own), written, directory, pattern)
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_a_directory_stands_together() {
        let mut paths: Vec<String> =
            ["b", "a/x", "a-b", "a", "/app/a", "/app", "/b"].map(str::to_owned).to_vec();
        sorted(&mut paths);
        let of = |directory| below(&paths, directory).collect::<Vec<_>>();
        assert_eq!(of("a"), ["", "x"]);
        assert_eq!(of("/app"), ["", "a"]);
        assert_eq!(of("/"), ["app", "app/a", "b"]);
        assert_eq!(of(""), ["a", "a/x", "a-b", "b"]);
        assert_eq!(of("c"), [""; 0]);
    }

    #[test]
    fn copied_paths_are_those_of_the_context_as_they_stand() {
        let paths = |copy: &str| {
            let text = format!("FROM a\n{copy}\n");
            let (file, _) = crate::syntax::parse(&text);
            let paths = copied_paths(&file.instructions[1]);
            paths.map(|path| path.text.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(paths("COPY --chown=a a ./b c /"), ["a", "./b", "c"]);
        assert_eq!(paths("ADD [\"a b\", \"/\"]"), ["a b"]);
        for near in ["--from=b a", "https://a.b/c", "$A", "*.c", "git@a.b:c", "<<E", "'a'"] {
            assert_eq!(paths(&format!("ADD {near} /\nE")), [""; 0], "{near}");
        }
        assert_eq!(paths("RUN a b"), [""; 0]);
    }

    #[test]
    fn patterns_fit_name_by_name() {
        assert!(begins_with("*.csproj", "a.csproj"));
        assert!(begins_with("packages/*", "packages/a/src"));
        assert!(!begins_with("packages/*", "packages") && !begins_with("a", "ab"));
    }

    #[test]
    fn a_plain_pattern_is_looked_up_as_others_are_tried() {
        let mut paths = ["/app/r.txt", "a-b/r.txt", "a/r.txt", "a/r.txt.d", "r.txt/c"]
            .map(str::to_owned)
            .to_vec();
        sorted(&mut paths);
        let names = Names::default();
        let named = |directory: &str, pattern: &str| {
            names.answer(Digest::of("t"), &paths, directory, pattern)
        };
        for (directory, pattern) in [("a", "r.txt"), ("", "r.txt"), ("/app", "r.txt"), ("", "a")] {
            assert!(named(directory, pattern) && named(directory, &format!("{pattern}*")));
        }
        for (directory, pattern) in [("b", "r.txt"), ("a", "s.txt"), ("", "b"), ("/", "r.txt")] {
            assert!(!named(directory, pattern) && !named(directory, &format!("{pattern}*")));
        }
    }
}
