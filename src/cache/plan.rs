//! The stages of a file, what each is built on, the instructions it runs (triggers of ONBUILD
//! included), and which of them the target needs.
//!
//! Which image or stage a name means is decided here; what instructions do is not known.

use super::build::Build;
use super::environment::Environment;
use super::platform::{Platform, default_argument};
use crate::build::{MOST_TRIGGERED, StageNames};
use crate::digest::{Digest, Numbers};
use crate::syntax::expand;
use crate::syntax::image::Image;
use crate::syntax::mount::{MountKind, mounts};
use crate::syntax::{Arguments, Dockerfile, Instruction, Keyword};
use std::borrow::Cow;

/// The stages of a file.
pub(super) struct Plan<'a> {
    pub file: &'a Dockerfile<'a>,
    build: &'a Build,
    /// What ARG before the first FROM declares.
    globals: Environment,
    /// The name of the stage to build; empty where it has none.
    ends: &'a str,
    pub stages: Vec<Stage<'a>>,
    /// The platform built for.
    pub platform: Platform,
    /// The stage to build.
    pub target: Option<usize>,
    /// Whether somebody reads the names of the steps.
    pub named: bool,
    names: StageNames,
    /// For references of images, as given and in full, which of `known` it is.
    images: Numbers,
    known: Vec<&'a str>,
}

/// One stage.
pub(super) struct Stage<'a> {
    /// In lower case.
    pub name: Option<String>,
    pub base: Base,
    /// The value of `--platform`.
    pub platform: Option<Platform>,
    pub actions: Vec<Action<'a>>,
    /// Whether the target needs it.
    pub needed: bool,
}

/// What a stage is built on, or files are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// Nothing.
    Scratch,
    /// The stage of this index.
    Stage(usize),
    /// An image, by its reference.
    Image(String),
}

/// An instruction that a stage runs.
#[derive(Clone, Copy)]
pub(super) struct Action<'a> {
    /// What runs.
    pub instruction: &'a Instruction<'a>,
    /// The ONBUILD that holds it, or the same.
    pub written: &'a Instruction<'a>,
}

impl<'a> Plan<'a> {
    /// Reads `file` as `build` runs it, up to `target`.
    pub fn new(file: &'a Dockerfile<'a>, build: &'a Build, target: Option<&'a str>) -> Plan<'a> {
        let platform = build.platform.as_deref().map(Platform::parse).unwrap_or_default();
        let last = file.instructions.iter().rev().find_map(|instruction| {
            let Arguments::From { name, .. } = &instruction.arguments else { return None };
            Some(name.as_ref().map_or("", |name| name.text.as_ref()))
        });
        let mut plan = Plan {
            file,
            build,
            globals: Environment::default(),
            ends: target.or(last).unwrap_or_default(),
            stages: Vec::new(),
            platform,
            target: None,
            named: true,
            names: StageNames::default(),
            images: Numbers::default(),
            known: build.base_digests.values().map(String::as_str).collect(),
        };
        for (at, reference) in build.base_digests.keys().enumerate() {
            plan.images.keep(name(&full_name(reference)), at as u64);
        }
        for (at, reference) in build.base_digests.keys().enumerate() {
            plan.images.set(name(reference), at as u64);
        }
        plan.read();
        plan.trigger();
        plan.target = match target {
            Some(target) => plan.names.find(target),
            None => plan.stages.len().checked_sub(1),
        };
        plan.need();
        plan
    }

    /// What `COPY --from=name` or `--mount=from=name` takes files from.
    pub fn origin(&self, name: &str) -> Base {
        match self.names.find(name) {
            Some(stage) => Base::Stage(stage),
            None if name == "scratch" => Base::Scratch,
            None => Base::Image(name.to_owned()),
        }
    }

    /// Names of the stages, and the images that they go back to.
    pub fn names(&self) -> (Vec<Option<String>>, Vec<String>) {
        let mut bases: Vec<String> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            bases.push(match &stage.base {
                Base::Scratch => "scratch".to_owned(),
                Base::Image(name) => name.clone(),
                Base::Stage(base) => bases[*base].clone(),
            });
        }
        (self.stages.iter().map(|stage| stage.name.clone()).collect(), bases)
    }

    /// What names an image: its digest where it is known, else its reference in full.
    pub fn image(&self, reference: &str) -> String {
        let known = |reference: &str| Some(self.known[self.images.index(name(reference))?]);
        if let Some(digest) = known(reference) {
            return digest.to_owned();
        }
        let full = full_name(reference);
        match (full.strip_prefix("@"), known(&full)) {
            (Some(digest), _) | (None, Some(digest)) => digest.to_owned(),
            (None, None) => full,
        }
    }

    /// The value of an argument that is declared before the first FROM, or needs no declaration.
    pub fn global(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.globals.get(name) {
            Some(value) => Some(Cow::Borrowed(value)),
            None => default_argument(name, &self.platform, self.ends, self.build).map(Cow::Owned),
        }
    }

    /// `word` with its variables expanded; as it stands where BuildKit refuses it.
    fn expand(&self, word: &str) -> String {
        let expansion = expand::expand(word, self.file.escape, |name| self.global(name));
        match expansion.error {
            Some(_) => word.to_owned(),
            None => expansion.text.into_owned(),
        }
    }

    fn read(&mut self) {
        for instruction in &self.file.instructions {
            match &instruction.arguments {
                Arguments::From { image, name: given } => {
                    let image = self.expand(&image.text);
                    let base = match self.names.base(&image) {
                        Some(stage) => Base::Stage(stage),
                        None if image == "scratch" => Base::Scratch,
                        None => Base::Image(image),
                    };
                    let platform = instruction.flag_value("platform");
                    let platform = platform.map(|value| self.expand(value));
                    let given = given.as_ref().map(|name| name.text.to_ascii_lowercase());
                    self.names.add(given.as_deref());
                    self.stages.push(Stage {
                        name: given,
                        base,
                        platform: platform.as_deref().map(Platform::parse),
                        actions: Vec::new(),
                        needed: false,
                    });
                }
                Arguments::Args(declarations) if self.stages.is_empty() => {
                    for declaration in declarations {
                        let name = declaration.name.text.as_ref();
                        let value = match (self.build.build_args.get(name), &declaration.default) {
                            (Some(passed), _) => passed.clone(),
                            (None, Some(default)) => self.expand(&default.text),
                            (None, None) => continue,
                        };
                        self.globals.set(name, &value);
                    }
                }
                _ => {
                    if let Some(stage) = self.stages.last_mut() {
                        stage.actions.push(Action { instruction, written: instruction });
                    }
                }
            }
        }
    }

    /// Puts the triggers of each stage in front of what runs in the stages built on it.
    fn trigger(&mut self) {
        let triggers = |stage: &Stage<'a>| -> Vec<Action<'a>> {
            let onbuilds = stage.actions.iter().filter_map(|action| {
                let Arguments::Onbuild(inner) = &action.instruction.arguments else { return None };
                Some(Action { instruction: inner.as_ref(), written: action.written })
            });
            onbuilds.collect()
        };
        let triggers: Vec<Vec<Action<'a>>> = self.stages.iter().map(triggers).collect();
        let mut left = MOST_TRIGGERED;
        for stage in &mut self.stages {
            let Base::Stage(base) = stage.base else { continue };
            let Some(rest) = left.checked_sub(triggers[base].len()) else { continue };
            left = rest;
            stage.actions.splice(0..0, triggers[base].iter().copied());
        }
    }

    /// Marks the target and what it is made of. BuildKit refuses a target that no stage has; so
    /// that a wrong name hides nothing, every stage is built then, as for `Graph`.
    fn need(&mut self) {
        if self.target.is_none() {
            self.stages.iter_mut().for_each(|stage| stage.needed = true);
        }
        let mut open: Vec<usize> = self.target.into_iter().collect();
        while let Some(index) = open.pop() {
            if std::mem::replace(&mut self.stages[index].needed, true) {
                continue;
            }
            let stage = &self.stages[index];
            if let Base::Stage(base) = stage.base {
                open.push(base);
            }
            for action in &stage.actions {
                for name in origins(action.instruction) {
                    // A later stage would be refused.
                    open.extend(self.names.find(name).filter(|&from| from < index));
                }
            }
        }
    }
}

/// The number of a name.
fn name(name: &str) -> u64 {
    Digest::of(name).end()
}

/// The names that an instruction takes files from.
fn origins<'i>(instruction: &'i Instruction<'_>) -> Vec<&'i str> {
    match instruction.keyword {
        Some(Keyword::Copy) => instruction.flag_value("from").into_iter().collect(),
        Some(Keyword::Run) => {
            let mounted = mounts(instruction).filter(|mount| mount.kind != MountKind::Tmpfs);
            let names = mounted.filter_map(|mount| match mount.from?.text {
                Cow::Borrowed(name) => Some(name),
                // Quoted in the flag: no name of a stage needs that.
                Cow::Owned(_) => None,
            });
            names.collect()
        }
        _ => Vec::new(),
    }
}

/// `docker.io/library/node:latest` for `node`; `@` and the digest where the reference has one.
fn full_name(reference: &str) -> String {
    let image = Image::parse(reference);
    if let Some(digest) = image.digest {
        return format!("@{digest}");
    }
    let registry = match image.registry.as_deref() {
        None | Some("index.docker.io" | "registry-1.docker.io") => "docker.io",
        Some(registry) => registry,
    };
    let library =
        if registry == "docker.io" && !image.name.contains('/') { "library/" } else { "" };
    let tag = image.tag.as_deref().unwrap_or("latest");
    format!("{registry}/{library}{}:{tag}", image.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    fn needed(text: &str, target: Option<&str>) -> Vec<bool> {
        let (file, _) = parse(text);
        let build = Build::default();
        let plan = Plan::new(&file, &build, target);
        plan.stages.iter().map(|stage| stage.needed).collect()
    }

    #[test]
    fn only_what_the_target_is_made_of_is_needed() {
        let text = "FROM a AS x\nFROM a AS y\nFROM x AS z\nFROM a\nCOPY --from=Z /a /a\n\
                    RUN --mount=from=1,target=/y true";
        assert_eq!(needed(text, None), [true, true, true, true]);
        assert_eq!(needed(text, Some("Z")), [true, false, true, false]);
        assert_eq!(needed(text, Some("1")), [false, true, false, false]);
        assert_eq!(needed(text, Some("none")), [true; 4]);
        assert_eq!(needed("FROM a AS x\nFROM b", None), [false, true]);
    }

    #[test]
    fn names_of_stages_and_images() {
        let text = "ARG T=1\nFROM a AS Build\nFROM build\nFROM Build\nFROM a:$T\nFROM scratch";
        let (file, _) = parse(text);
        let build = Build::default();
        let plan = Plan::new(&file, &build, None);
        let bases: Vec<_> = plan.stages.iter().map(|stage| stage.base.clone()).collect();
        let image = |name: &str| Base::Image(name.into());
        assert_eq!(
            bases,
            [image("a"), Base::Stage(0), image("Build"), image("a:1"), Base::Scratch]
        );
        assert_eq!(plan.origin("BUILD"), Base::Stage(0));
        assert_eq!(plan.origin("3"), Base::Stage(3));
        assert_eq!(plan.origin("7"), image("7"));
    }

    #[test]
    fn triggers_run_in_the_stage_built_on_theirs() {
        let (file, _) = parse("FROM a AS b\nONBUILD RUN x\nRUN y\nFROM b AS c\nRUN z\nFROM c");
        let build = Build::default();
        let plan = Plan::new(&file, &build, None);
        let names = |stage: usize| -> Vec<String> {
            let actions = plan.stages[stage].actions.iter();
            actions.map(|action| action.instruction.rest.text.to_string()).collect()
        };
        assert_eq!(names(0), ["RUN x", "y"]);
        assert_eq!(names(1), ["x", "z"]);
        assert_eq!(names(2), [""; 0]);
    }

    #[test]
    fn images_are_named_in_full_or_by_digest() {
        let build = Build {
            base_digests: [("node".to_owned(), "sha256:1".to_owned())].into(),
            ..Build::default()
        };
        let (file, _) = parse("FROM a");
        let plan = Plan::new(&file, &build, None);
        for (reference, expected) in [
            ("alpine", "docker.io/library/alpine:latest"),
            ("docker.io/library/alpine", "docker.io/library/alpine:latest"),
            ("org/a:1", "docker.io/org/a:1"),
            ("ghcr.io/a", "ghcr.io/a:latest"),
            ("alpine:3@sha256:2", "sha256:2"),
            ("node:latest", "sha256:1"),
        ] {
            assert_eq!(plan.image(reference), expected);
        }
    }
}
