//! The stages of a file: what each is built on, the instructions it runs, triggers of ONBUILD
//! included, and which of them the target needs.

use super::expansion::{self, Lookup};
use super::names::StageNames;
use super::platform::{Platform, default_argument};
use super::variables::Variables;
use super::{Absent, Given, runs_triggers, targets};
use crate::context::Context;
use crate::ecosystem::is_windows_image;
use crate::limits;
use crate::syntax::mount::{MountKind, mounts};
use crate::syntax::{ArgDeclaration, Arguments, Dockerfile, Instruction, Keyword, parse};
use std::borrow::Cow;

/// The stages of a file, as a build runs them.
#[derive(Clone, Debug)]
pub struct Stages<'a> {
    /// The file.
    pub file: &'a Dockerfile<'a>,
    /// What the build is given.
    pub given: Given<'a>,
    /// In the order of the file.
    pub stages: Vec<Stage<'a>>,
    /// The stage to build; none where the file has none of that name.
    pub target: Option<usize>,
    /// What ARG before the first FROM declares.
    globals: Variables,
    /// The name of the stage to build; empty where it has none.
    ends: &'a str,
    names: StageNames,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage<'a> {
    /// Its FROM: an index of `Dockerfile::instructions`.
    pub from: usize,
    /// Its name as written.
    pub name: Option<String>,
    /// What it is built on.
    pub base: Base,
    /// What FROM names, variables expanded where they are known.
    pub image: String,
    /// The value of `--platform`.
    pub platform: Option<Platform>,
    /// Whether it builds Windows images.
    pub is_windows: bool,
    /// The triggers that its image brings, each a file of its own. They run first.
    pub brought: Vec<Dockerfile<'a>>,
    /// The instructions that it runs, triggers of the stage it is built on first.
    pub steps: Vec<Dispatch<'a>>,
    /// Whether it has more triggers than are run.
    pub leaves_triggers_out: bool,
    /// Whether the target needs it.
    pub needed: bool,
    /// Whether it is the target, or the target is built on it: its files are in the image.
    pub shipped: bool,
    /// Whether it is used as itself: it is the target, or files are taken from it.
    pub used: bool,
}

/// What a stage is built on, or files are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// An image from elsewhere.
    Image,
    /// An earlier stage, by its index.
    Stage(usize),
    /// Nothing.
    Scratch,
}

/// An instruction that a stage runs.
#[derive(Clone, Copy, Debug)]
pub struct Dispatch<'a> {
    /// What runs.
    pub instruction: &'a Instruction<'a>,
    /// Where it is written: an index of `Dockerfile::instructions`. For a trigger that of the
    /// ONBUILD that holds it.
    pub at: usize,
    /// Whether it is a trigger.
    pub is_trigger: bool,
}

impl<'a> Stages<'a> {
    /// Reads `file` as a build runs it that is given `given`.
    pub fn read(file: &'a Dockerfile<'a>, given: Given<'a>) -> Stages<'a> {
        let last = file.instructions.iter().rev().find_map(|instruction| {
            let Arguments::From { name, .. } = &instruction.arguments else { return None };
            Some(name.as_ref().map_or("", |name| name.text.as_ref()))
        });
        let ends = given.target.or(last).unwrap_or_default();
        let mut stages = Stages {
            file,
            given,
            stages: Vec::new(),
            target: None,
            globals: Variables::default(),
            ends,
            names: StageNames::default(),
        };
        for (at, instruction) in file.instructions.iter().enumerate() {
            match (&instruction.arguments, stages.stages.last_mut()) {
                (Arguments::From { .. }, _) => stages.begin(at, instruction),
                (_, Some(stage)) => {
                    stage.steps.push(Dispatch { instruction, at, is_trigger: false });
                }
                // Only ARG may stand before the first FROM; every FROM sees it.
                (Arguments::Args(declarations), None) => {
                    declarations.iter().for_each(|argument| stages.declare(argument));
                }
                (_, None) => {}
            }
        }
        stages.add_triggers();
        stages.target = match stages.given.target {
            Some(target) => stages.names.find(target),
            None => stages.stages.len().checked_sub(1),
        };
        stages.mark();
        stages
    }

    /// What `--from=name` of an instruction in the stage `reader` takes files from. BuildKit
    /// refuses a later stage.
    pub fn origin(&self, name: &str, reader: usize) -> Base {
        match self.names.find(name).filter(|&from| from < reader) {
            Some(stage) => Base::Stage(stage),
            None if name == "scratch" => Base::Scratch,
            None => Base::Image,
        }
    }

    /// What an argument holds that is declared before the first FROM, or needs no declaration.
    pub fn global(&self, name: &str) -> Lookup<'_> {
        match (self.globals.get(name), self.given.absent) {
            (Some(Some(value)), _) => Lookup::Known(Cow::Borrowed(value)),
            (Some(None), _) | (None, Absent::Unknown) => Lookup::Unknown,
            (None, Absent::Unset) => match default_argument(name, &self.given, self.ends) {
                Some(value) => Lookup::Known(Cow::Owned(value)),
                None => Lookup::Unset,
            },
        }
    }

    /// Whether an ARG before the first FROM declares `name`.
    pub fn declares(&self, name: &str) -> bool {
        self.globals.get(name).is_some()
    }

    fn expand(&self, word: &str) -> expansion::Expanded {
        expansion::expand(word, self.file.escape, |name| self.global(name))
    }

    fn declare(&mut self, argument: &ArgDeclaration<'_>) {
        let name = argument.name.text.as_ref();
        let value = match (self.given.build_args.get(name), &argument.default) {
            (Some(passed), _) => Some(passed.as_str().into()),
            (None, Some(default)) => {
                let value = self.expand(&default.text);
                // What BuildKit refuses stays as it is written.
                let known = value.resolved || self.given.absent == Absent::Unset;
                known.then(|| value.text.as_str().into())
            }
            (None, None) if self.given.absent == Absent::Unset => return,
            (None, None) if self.globals.get(name).is_some() => return,
            (None, None) => None,
        };
        self.globals.set(name, value);
    }

    /// Begins the stage of the FROM at `at`.
    fn begin(&mut self, at: usize, from: &'a Instruction<'a>) {
        let Arguments::From { image, name } = &from.arguments else { return };
        let image = self.expand(&image.text).text;
        let base = match self.names.base(&image) {
            Some(stage) => Base::Stage(stage),
            None if image == "scratch" => Base::Scratch,
            None => Base::Image,
        };
        let is_windows = match base {
            Base::Stage(base) => self.stages[base].is_windows,
            _ => self.file.escape == '`' || is_windows_image(&image),
        };
        let platform = from.flag_value("platform");
        let platform = platform.map(|value| Platform::parse(&self.expand(value).text));
        let name = name.as_ref().map(|name| name.text.to_string());
        self.names.add(name.as_deref());
        self.stages.push(Stage {
            from: at,
            name,
            base,
            image,
            platform,
            is_windows,
            brought: Vec::new(),
            steps: Vec::new(),
            leaves_triggers_out: false,
            needed: false,
            shipped: false,
            used: false,
        });
    }

    /// Puts the triggers of each stage, or image, in front of what runs in the stages built on it.
    fn add_triggers(&mut self) {
        let triggers = |stage: &Stage<'a>| -> Vec<Dispatch<'a>> {
            let onbuilds = stage.steps.iter().filter_map(|step| {
                let Arguments::Onbuild(inner) = &step.instruction.arguments else { return None };
                Some(Dispatch { instruction: inner.as_ref(), is_trigger: true, ..*step })
            });
            onbuilds.collect()
        };
        let of_stages: Vec<Vec<Dispatch<'a>>> = self.stages.iter().map(triggers).collect();
        let runs = runs_triggers(self.given.builder);
        let mut left = limits::TRIGGERS_RUN;
        for stage in &mut self.stages {
            let images = self.given.base_images;
            let own = match stage.base {
                Base::Stage(base) if runs => of_stages[base].as_slice(),
                _ => &[],
            };
            let brought = match (stage.base, images.and_then(|images| images.get(&stage.image))) {
                (Base::Image, Some(image)) => image.onbuild.as_deref().unwrap_or_default(),
                _ => &[],
            };
            let Some(rest) = left.checked_sub(own.len() + brought.len()) else {
                stage.leaves_triggers_out = true;
                continue;
            };
            left = rest;
            stage.steps.splice(0..0, own.iter().copied());
            stage.brought = brought.iter().map(|text| parse(text).0).collect();
        }
    }

    /// Marks the target, what it is made of, and what files are taken from. BuildKit refuses a
    /// target that no stage has; so that a wrong name hides nothing, every stage is needed then.
    fn mark(&mut self) {
        let sources: Vec<Vec<usize>> = (0..self.stages.len()).map(|at| self.sources(at)).collect();
        for &source in sources.iter().flatten() {
            self.stages[source].used = true;
        }
        if let Some(target) = self.target {
            self.ship(target);
        }
        let mut open: Vec<usize> = match self.target {
            Some(target) => vec![target],
            None => (0..self.stages.len()).collect(),
        };
        while let Some(index) = open.pop() {
            if !std::mem::replace(&mut self.stages[index].needed, true) {
                open.extend(self.stages[index].base.stage());
                open.extend(&sources[index]);
            }
        }
    }

    /// Marks the stages that are built as targets of their own, by their names: what is in them is
    /// used as it is in the target.
    pub fn add_targets(&mut self, context: &Context, named: &[String]) {
        let of_files = targets::named(context);
        for name in named.iter().chain(&of_files) {
            if let Some(target) = self.names.find(name) {
                self.ship(target);
            }
        }
    }

    /// Marks a target: it is used, and its files are those of the stages that it is built on, too.
    fn ship(&mut self, target: usize) {
        self.stages[target].used = true;
        let mut shipped = Some(target);
        while let Some(index) = shipped {
            self.stages[index].shipped = true;
            shipped = self.stages[index].base.stage();
        }
    }

    /// The stages that the stage at `index` takes files from.
    fn sources(&self, index: usize) -> Vec<usize> {
        let stage = &self.stages[index];
        let brought = stage.brought.iter().flat_map(|file| &file.instructions);
        let instructions = stage.steps.iter().map(|step| step.instruction).chain(brought);
        let names = instructions.flat_map(origins);
        names.filter_map(|name| self.origin(name, index).stage()).collect()
    }
}

impl Base {
    /// The stage, where it is one.
    pub fn stage(self) -> Option<usize> {
        match self {
            Base::Stage(stage) => Some(stage),
            _ => None,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{BaseImage, Builder, Options};

    fn with<T>(text: &str, options: &Options, ask: impl FnOnce(&Stages<'_>) -> T) -> T {
        let (file, _) = parse(text);
        ask(&Stages::read(&file, Given::of(options)))
    }

    fn needed(text: &str, target: Option<&str>) -> Vec<bool> {
        let options = Options { target: target.map(str::to_owned), ..Options::default() };
        with(text, &options, |stages| stages.stages.iter().map(|stage| stage.needed).collect())
    }

    fn steps(stage: &Stage<'_>) -> Vec<String> {
        stage.steps.iter().map(|step| step.instruction.rest.text.to_string()).collect()
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
        // A trigger that runs takes files, one that is only kept does not.
        let text = "FROM a AS x\nFROM a AS y\nONBUILD COPY --from=x /a /a\nFROM y";
        assert_eq!(needed(text, None), [true; 3]);
        assert_eq!(needed(text, Some("y")), [false, true, false]);
    }

    #[test]
    fn what_is_shipped_and_used() {
        let text = "FROM a AS x\nFROM x AS y\nFROM a AS z\nFROM y\nCOPY --from=z /a /a";
        with(text, &Options::default(), |stages| {
            let of = |mark: fn(&Stage<'_>) -> bool| -> Vec<bool> {
                stages.stages.iter().map(mark).collect()
            };
            assert_eq!(of(|stage| stage.shipped), [true, true, false, true]);
            assert_eq!(of(|stage| stage.used), [false, false, true, true]);
        });
    }

    #[test]
    fn names_mean_stages_images_or_nothing() {
        let text = "ARG T=1\nFROM a AS Build\nFROM build\nFROM Build\nFROM a:$T\nFROM a:$U\n\
                    FROM scratch";
        with(text, &Options::default(), |stages| {
            let bases: Vec<_> = stages.stages.iter().map(|s| (s.base, s.image.as_str())).collect();
            let expected = [
                (Base::Image, "a"),
                (Base::Stage(0), "build"),
                (Base::Image, "Build"),
                (Base::Image, "a:1"),
                (Base::Image, "a:$U"),
                (Base::Scratch, "scratch"),
            ];
            assert_eq!(bases, expected);
            assert_eq!(stages.origin("BUILD", 1), Base::Stage(0));
            assert_eq!(stages.origin("3", 4), Base::Stage(3));
            assert_eq!(stages.origin("3", 3), Base::Image);
            assert_eq!(stages.origin("scratch", 1), Base::Scratch);
        });
    }

    #[test]
    fn triggers_run_in_the_stage_built_on_theirs() {
        let text = "FROM a AS b\nONBUILD RUN x\nRUN y\nFROM b AS c\nRUN z\nFROM c";
        with(text, &Options::default(), |stages| {
            assert_eq!(steps(&stages.stages[0]), ["RUN x", "y"]);
            assert_eq!(steps(&stages.stages[1]), ["x", "z"]);
            assert_eq!(steps(&stages.stages[2]), [""; 0]);
            let triggers: Vec<_> = stages.stages[1].steps.iter().map(|s| s.is_trigger).collect();
            assert_eq!(triggers, [true, false]);
        });
        let buildah = Options { builder: Builder::Buildah, ..Options::default() };
        with(text, &buildah, |stages| assert_eq!(steps(&stages.stages[1]), ["z"]));
    }

    #[test]
    fn triggers_that_an_image_brings() {
        let onbuild = vec!["COPY --from=x /a /a".to_owned(), "RUN y".to_owned()];
        let image = BaseImage { onbuild: Some(onbuild), ..BaseImage::default() };
        let options =
            Options { base_images: [("b".to_owned(), image)].into(), ..Options::default() };
        with("FROM a AS x\nFROM b", &options, |stages| {
            assert_eq!(stages.stages[1].brought.len(), 2);
            assert!(stages.stages[0].needed && stages.stages[0].used);
        });
    }

    #[test]
    fn only_so_many_triggers_are_run() {
        let onbuilds = "ONBUILD RUN x\n".repeat(limits::TRIGGERS_RUN);
        let text = format!("FROM a AS b\n{onbuilds}FROM b\nFROM b");
        with(&text, &Options::default(), |stages| {
            let left_out: Vec<_> = stages.stages.iter().map(|s| s.leaves_triggers_out).collect();
            assert_eq!(left_out, [false, false, true]);
            assert_eq!(stages.stages[1].steps.len(), limits::TRIGGERS_RUN);
        });
    }

    #[test]
    fn global_arguments() {
        let options = Options {
            build_args: [("A".to_owned(), "passed".to_owned())].into(),
            ..Options::default()
        };
        with("ARG A=x\nARG B=$A-y\nARG C\nFROM a", &options, |stages| {
            let known = |text: &'static str| Lookup::Known(text.into());
            assert_eq!(stages.global("A"), known("passed"));
            assert_eq!(stages.global("B"), known("passed-y"));
            assert_eq!(stages.global("C"), Lookup::Unknown);
            assert_eq!(stages.global("D"), Lookup::Unknown);
            assert!(stages.declares("C") && !stages.declares("D"));
        });
        let (file, _) = parse("ARG A=x\nARG C\nFROM a");
        let given = Given { absent: Absent::Unset, ..Given::of(&options) };
        let stages = Stages::read(&file, given);
        assert_eq!(stages.global("C"), Lookup::Unset);
        assert_eq!(stages.global("TARGETOS"), Lookup::Known("linux".into()));
    }
}
