//! What the steps of one build are made from, and what its stages have become.

use super::build::Build;
use super::contents::{Contents, Query};
use super::images::ImageDigests;
use super::step::{Assignment, Definition, FileSystem, Input};
use crate::build::{Assigned, Base, DispatchState, Lookup, Platform, Stages};
use crate::digest::Digest;
use crate::report::Builder;

/// Makes the steps of a build.
pub(super) struct Dispatcher<'s, 'a> {
    pub stages: &'s Stages<'a>,
    pub build: &'s Build,
    pub contents: &'s Contents,
    pub images: ImageDigests<'s>,
    /// `SOURCE_DATE_EPOCH`, where it is a number.
    pub epoch: Option<i64>,
    /// Whether somebody reads the names of the steps.
    pub names_steps: bool,
    /// What each stage ended in; none for one that is not built.
    pub ends: Vec<Option<StageState>>,
}

/// What the instructions before have made of a stage.
#[derive(Clone)]
pub(super) struct StageState {
    pub files: FileSystem,
    pub dispatch: DispatchState,
    pub platform: Platform,
    /// The last assignment, in [`Definition::assignments`].
    pub assigned: Option<u32>,
}

impl<'s, 'a> Dispatcher<'s, 'a> {
    /// What `build`, read as `stages`, is made from.
    pub fn new(
        stages: &'s Stages<'a>,
        build: &'s Build,
        contents: &'s Contents,
        names_steps: bool,
    ) -> Dispatcher<'s, 'a> {
        Dispatcher {
            stages,
            build,
            contents,
            images: ImageDigests::new(build),
            epoch: epoch(stages),
            names_steps,
            ends: Vec::with_capacity(stages.stages.len()),
        }
    }

    /// A definition with no steps yet: the names of the stages, and the images they go back to.
    pub fn definition(&self) -> Definition {
        let mut bases: Vec<String> = Vec::with_capacity(self.stages.stages.len());
        for stage in &self.stages.stages {
            bases.push(match stage.base {
                Base::Stage(base) => bases[base].clone(),
                Base::Scratch | Base::Image => stage.image.clone(),
            });
        }
        let names = self.stages.stages.iter().map(|stage| stage.name.as_deref());
        let stages = names.map(|name| name.map(str::to_ascii_lowercase)).collect();
        Definition { stages, bases, ..Definition::default() }
    }

    /// What the stage at `index` is put on, and starts in.
    pub fn start(&self, index: usize) -> StageState {
        let stage = &self.stages.stages[index];
        let base = stage.base.stage().and_then(|base| self.ends[base].as_ref());
        let platform = match (stage.base, base) {
            (_, Some(end)) => &end.platform,
            (Base::Scratch, _) => &self.stages.given.platform,
            _ => stage.platform.as_ref().unwrap_or(&self.stages.given.platform),
        };
        let files = match (stage.base, base) {
            (_, Some(end)) => end.files,
            (Base::Image, None) => self.image(&stage.image, platform),
            _ => FileSystem::Scratch,
        };
        StageState {
            files,
            dispatch: DispatchState::start(self.stages, index, base.map(|base| &base.dispatch)),
            platform: platform.clone(),
            assigned: base.and_then(|base| base.assigned),
        }
    }

    /// An image's file system. On BuildKit that of another platform is another one.
    fn image(&self, name: &str, platform: &Platform) -> FileSystem {
        let number = Digest::of("image").text(&self.images.name(name));
        FileSystem::Image(match self.stages.given.builder {
            Builder::Buildkit => platform.add(number).end(),
            Builder::Classic | Builder::Buildah => number.end(),
        })
    }

    /// What `--from=name` of an instruction in the stage `reader` takes files from, and the stage
    /// where it is one.
    pub fn origin(&self, name: &str, reader: usize) -> (FileSystem, Option<usize>) {
        let origin = self.stages.origin(name, reader);
        let files = match origin {
            Base::Scratch => FileSystem::Scratch,
            Base::Image => self.image(name, &self.stages.given.platform),
            Base::Stage(index) => {
                let end = self.ends.get(index).and_then(Option::as_ref);
                end.map_or(FileSystem::Scratch, |end| end.files)
            }
        };
        (files, origin.stage())
    }

    /// The files that `queries` of an instruction in the stage `reader` select of the context, or
    /// of the stage or image `from`.
    pub fn files(&self, from: Option<&str>, reader: usize, queries: &[Query]) -> Input {
        let Some(from) = from else {
            let numbers = queries.iter().map(|query| self.contents.number(query));
            let numbers: Vec<u64> = numbers.collect();
            return Input::Content(Digest::of("content").numbers(&numbers).end());
        };
        let numbers: Vec<u64> = queries.iter().map(Query::digest).collect();
        let selected = Digest::of("files").numbers(&numbers).end();
        let (of, stage) = self.origin(from, reader);
        Input::Files { of, selected, stage }
    }
}

impl StageState {
    /// Notes which variables were set.
    pub fn note(
        &mut self,
        assigned: impl IntoIterator<Item = Assigned>,
        definition: &mut Definition,
    ) {
        for Assigned { name, value, is_argument } in assigned {
            let Some(value) = value else { continue };
            definition.assignments.push(Assignment {
                name,
                value,
                argument: is_argument,
                before: self.assigned,
            });
            self.assigned = Some(definition.assignments.len() as u32 - 1);
        }
    }

    /// A word of an instruction, unquoted and expanded; as it stands where the builder refuses it.
    pub fn expand(&self, word: &str) -> String {
        self.dispatch.expand(word).text
    }

    /// The working directory. An absolute one is not cleaned.
    pub fn directory(&self) -> &str {
        self.dispatch.written_directory().unwrap_or("/")
    }

    /// The user; empty where it is the base image's.
    pub fn user(&self) -> &str {
        self.dispatch.user.as_deref().unwrap_or_default()
    }
}

/// `SOURCE_DATE_EPOCH` as a build argument or a global ARG. A value that names a stage or the
/// context depends on what is not known here, and counts as none.
///
/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/epoch.go>
fn epoch(stages: &Stages<'_>) -> Option<i64> {
    const NAME: &str = "SOURCE_DATE_EPOCH";
    match (stages.given.build_args.get(NAME), stages.global(NAME)) {
        (Some(passed), _) => passed.parse().ok(),
        (None, Lookup::Known(value)) => value.parse().ok(),
        (None, _) => None,
    }
}
