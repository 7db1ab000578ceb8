//! What the instructions before a step have set: environment, arguments, working directory,
//! user, shell.
//!
//! What a base image brings is unknown unless it was given: a variable that is not set here may
//! still have a value, and a relative working directory stays relative.

use super::expansion::{self, Expanded, Lookup};
use super::stages::{Base, Stage, Stages};
use super::variables::Variables;
use super::{Absent, inherits_arguments, later_argument_counts};
use crate::context::clean;
use crate::digest::{Digest, Numbers};
use crate::ecosystem::known_image;
use crate::report::{BaseImage, Builder};
use crate::shell::Dialect;
use crate::syntax::{ArgDeclaration, Arguments, Instruction, Keyword};
use std::borrow::Cow;
use std::rc::Rc;

/// The state in which an instruction is dispatched.
#[derive(Clone, Debug)]
pub struct DispatchState {
    /// ENV, which the image keeps, in the order of its configuration.
    env: Variables,
    /// What a step sees: ENV and ARG, of each name the one that counts, in the order in which
    /// they were last set.
    visible: Variables,
    /// Whether ENV stands there behind all ARGs, in the order of the configuration.
    env_is_last: bool,
    /// The ARGs of this stage that have a value, hidden ones too, and a number for their names.
    declared: Numbers,
    declared_sum: u64,
    /// Accounts by what stands for them, a name or a number, with their home directories.
    pub(super) homes: Vec<(String, String)>,
    /// Variables whose text may name a file, with that text; see [`DispatchState::naming`].
    pub(super) naming: Vec<(String, String)>,
    builder: Builder,
    /// What a variable holds that is not set here.
    absent: Absent,
    /// WORKDIR; see [`DispatchState::written_directory`].
    pub(super) directory: Option<String>,
    /// The user, as written; `None` is the base image's.
    pub user: Option<String>,
    /// What reads RUN's shell form.
    pub dialect: Dialect,
    /// SHELL as given; `None` is the base image's.
    pub shell: Option<Vec<String>>,
    /// The escape character of the file.
    escape: char,
    /// Whether `\\` separates in paths.
    pub(super) is_windows: bool,
}

/// A variable that an instruction sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Its name.
    pub name: Rc<str>,
    /// Its value; `None` where it is not known, or an ARG without one leaves what was set before.
    pub value: Option<Rc<str>>,
    /// Whether ARG sets it.
    pub is_argument: bool,
}

/// The PATH of an image that sets none.
///
/// <https://github.com/moby/buildkit/blob/master/util/system/path.go>
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl DispatchState {
    /// The state that the stage at `index` starts in; `base` is that in which the stage it is
    /// built on ended.
    pub fn start(stages: &Stages<'_>, index: usize, base: Option<&DispatchState>) -> DispatchState {
        let stage = &stages.stages[index];
        match (stage.base, base) {
            (Base::Stage(_), Some(base)) => return base.inherited(),
            (Base::Stage(_), None) => return DispatchState::new(stages, stage.is_windows),
            _ => {}
        }
        let mut state = DispatchState::new(stages, stage.is_windows);
        if stage.base == Base::Scratch {
            state.directory = Some("/".into());
            return state;
        }
        let given = stages.given.base_images.and_then(|images| images.get(&stage.image));
        match given {
            Some(image) => state.take(image),
            None if stages.given.absent == Absent::Unknown => {
                state.take_known(stage, stages.given.lists_files);
            }
            None => {}
        }
        state
    }

    /// A state in which nothing was set. A build that lacks nothing has the defaults of an image
    /// that says nothing else.
    fn new(stages: &Stages<'_>, is_windows: bool) -> DispatchState {
        let is_known = stages.given.absent == Absent::Unset;
        let mut state = DispatchState {
            env: Variables::default(),
            visible: Variables::default(),
            env_is_last: true,
            declared: Numbers::default(),
            declared_sum: 0,
            homes: Vec::new(),
            naming: Vec::new(),
            builder: stages.given.builder,
            absent: stages.given.absent,
            directory: Some(if is_known { "/" } else { "" }.into()),
            user: None,
            dialect: if is_windows { Dialect::Cmd } else { Dialect::Posix },
            shell: None,
            escape: stages.file.escape,
            is_windows,
        };
        if is_known {
            state.set_env("PATH", Some(PATH.into()));
        }
        state
    }

    /// Takes over what a base image is said to bring.
    fn take(&mut self, image: &BaseImage) {
        if !image.env.is_empty() {
            self.absent = Absent::Unset;
        }
        for (name, value) in &image.env {
            self.set_env(name, Some(value.as_str().into()));
        }
        self.directory = Some(image.workdir.as_deref().map(clean).unwrap_or_default());
        self.user.clone_from(&image.user);
        if let Some(shell) = &image.shell {
            self.dialect = Dialect::of(shell);
            self.shell = Some(shell.clone());
        }
    }

    /// Takes over what is known of the images that many build on.
    fn take_known(&mut self, stage: &Stage<'_>, lists_files: bool) {
        let Some(image) = known_image(&stage.image).filter(|_| !stage.is_windows) else { return };
        for (name, value) in image.variables {
            self.set_env(name, Some((*value).into()));
        }
        // What lands at the root may be a file of the system. Whether one does, only a list says.
        if image.directory.len() > 1 || lists_files {
            self.directory = Some(image.directory.into());
        }
    }

    /// Makes the state cheap to start others in: to be called where a stage ends.
    pub fn end(&mut self) {
        self.env.share();
        self.visible.share();
    }

    /// The state that a stage starts in which is built on one that ended in this: where its ARGs
    /// stay, ENV goes before them again.
    fn inherited(&self) -> DispatchState {
        let stays = inherits_arguments(self.builder);
        let mut visible = if stays { self.visible.clone() } else { self.env.clone() };
        if stays && !self.env_is_last {
            for (name, value) in self.env.iter() {
                visible.set(name, value.clone());
            }
        }
        DispatchState {
            visible,
            env_is_last: true,
            declared: Numbers::default(),
            declared_sum: 0,
            ..self.clone()
        }
    }

    /// Does what ENV, ARG, WORKDIR, USER and SHELL do, and says which variables were set. Other
    /// instructions change no state.
    pub fn dispatch(
        &mut self,
        instruction: &Instruction<'_>,
        stages: &Stages<'_>,
    ) -> Vec<Assigned> {
        match (instruction.keyword, &instruction.arguments) {
            (Some(Keyword::Env), Arguments::Pairs(pairs)) => {
                // Every value sees the environment as it was before the instruction.
                let expand = |text: &str| self.expand(text);
                let values = pairs.iter().map(|pair| {
                    let value = expand(&pair.value.text);
                    let text = match value.resolved {
                        true => value.text.clone(),
                        false => self.expand_known(&pair.value.text),
                    };
                    (expand(&pair.key.text), value, text)
                });
                let values: Vec<(Expanded, Expanded, String)> = values.collect();
                let set = values.into_iter().map(|(name, value, text)| {
                    let known = value.resolved || self.absent == Absent::Unset;
                    let known: Option<Rc<str>> = known.then(|| value.text.as_str().into());
                    self.set_env(&name.text, known.clone());
                    self.name_files(&name.text, &text);
                    Assigned { name: name.text.into(), value: known, is_argument: false }
                });
                return set.collect();
            }
            (Some(Keyword::Arg), Arguments::Args(declarations)) => {
                return declarations.iter().map(|arg| self.declare(arg, stages)).collect();
            }
            (Some(Keyword::Workdir), Arguments::Text(word)) => {
                self.directory = self.directory_behind(word);
            }
            (Some(Keyword::User), Arguments::Text(word)) => {
                self.user = Some(self.expand(&word.text).text);
            }
            (Some(Keyword::Shell), Arguments::Shell(words)) => {
                let shell: Vec<String> = words.iter().map(|word| word.text.to_string()).collect();
                self.dialect = Dialect::of(&shell);
                self.shell = Some(shell);
            }
            _ => {}
        }
        Vec::new()
    }

    /// Follows ARG: a passed build argument goes first, then the default, then the global
    /// argument of that name. One without a value leaves what was set before.
    fn declare(&mut self, argument: &ArgDeclaration<'_>, stages: &Stages<'_>) -> Assigned {
        let name = argument.name.text.as_ref();
        let passed = stages.given.build_args.get(name);
        let unchanged = Assigned { name: name.into(), value: None, is_argument: true };
        let value: Option<Rc<str>> = match (passed, &argument.default) {
            (Some(passed), _) => Some(passed.as_str().into()),
            (None, Some(default)) => {
                let value = self.expand(&default.text);
                let known = value.resolved || self.absent == Absent::Unset;
                known.then(|| value.text.into())
            }
            (None, None) => match stages.global(name) {
                Lookup::Known(value) => Some(value.as_ref().into()),
                Lookup::Unset => return unchanged,
                Lookup::Unknown if !stages.declares(name) && self.is_set(name) => return unchanged,
                Lookup::Unknown => None,
            },
        };
        // The scanner's settings are no variables of the stage.
        if name.starts_with("BUILDKIT_SBOM_SCAN_") {
            return unchanged;
        }
        self.set_arg(name, value.clone());
        let text = self.known(name).map(str::to_owned);
        self.name_files(name, &text.unwrap_or_default());
        Assigned { value, ..unchanged }
    }

    /// Sets an environment variable.
    fn set_env(&mut self, name: &str, value: Option<Rc<str>>) {
        let is_new = self.env.get(name).is_none();
        self.env_is_last &= is_new || self.env.ends_in(name);
        self.env.set_in_place(name, value.clone());
        self.visible.set(name, value);
    }

    /// Sets a build argument.
    fn set_arg(&mut self, name: &str, value: Option<Rc<str>>) {
        let number = Digest::of(name).end();
        if self.declared.set(number, 0).is_none() {
            self.declared_sum = self.declared_sum.wrapping_add(number);
        }
        if self.env.get(name).is_none() || later_argument_counts(self.builder) {
            self.env_is_last &= self.env.is_empty();
            self.visible.set(name, value);
        }
    }

    /// What a variable holds, as a step sees it.
    pub fn variable(&self, name: &str) -> Lookup<'_> {
        match (self.visible.get(name), self.absent) {
            (Some(Some(value)), _) => Lookup::Known(Cow::Borrowed(value)),
            (None, Absent::Unset) => Lookup::Unset,
            (Some(None), _) | (None, Absent::Unknown) => Lookup::Unknown,
        }
    }

    /// The value of a variable, where it is set here and known.
    pub fn known(&self, name: &str) -> Option<&str> {
        self.visible.get(name).flatten()
    }

    /// Whether a variable is set here, to whatever.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.visible.get(name).is_some()
    }

    /// A number that is the same for the same environment, arguments in scope, working
    /// directory, user and shell.
    pub fn digest(&self) -> u64 {
        self.digest_without(&[])
    }

    /// The same as if none of these variables were set.
    pub fn digest_without(&self, names: &[String]) -> u64 {
        let sums = [&self.env, &self.visible].map(|set| set.sum_without(names));
        let digest = Digest::of("state").numbers(&sums);
        let digest = digest.option(self.directory.as_deref()).option(self.user.as_deref());
        digest.texts(self.shell.as_deref().unwrap_or_default()).end()
    }

    /// A number for the environment that the image keeps, in no order.
    pub fn environment(&self) -> u64 {
        self.env.sum()
    }

    /// A number for the variables that a step sees, in their order.
    pub fn variables_in_order(&self) -> u64 {
        self.visible.order()
    }

    /// A number for the arguments that a step sees where ENV hides some, in no order.
    pub fn visible_arguments(&self) -> u64 {
        self.visible.sum().wrapping_sub(self.env.sum())
    }

    /// A number for the names of this stage's arguments that have a value, and of those among
    /// `passed`, which need no declaration.
    pub fn declared_names(&self, passed: impl Iterator<Item = &'static str>) -> u64 {
        let numbers = passed.map(|name| Digest::of(name).end());
        let undeclared = numbers.filter(|&number| self.declared.get(number).is_none());
        undeclared.fold(self.declared_sum, u64::wrapping_add)
    }

    /// The text of a value, expanded as far as its variables are known.
    fn expand_known(&self, word: &str) -> String {
        expansion::expand_known(word, self.escape, |name| self.variable(name))
    }

    /// A word of an instruction, unquoted and expanded.
    pub fn expand(&self, word: &str) -> Expanded {
        expansion::expand(word, self.escape, |name| self.variable(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Given;
    use crate::report::Options;
    use crate::syntax::parse;

    /// The states in which the stages of `text` end.
    fn ends(text: &str, builder: Builder, absent: Absent) -> Vec<DispatchState> {
        let options = Options { builder, ..Options::default() };
        let (file, _) = parse(text);
        let stages = Stages::read(&file, Given { absent, ..Given::of(&options) });
        let mut ends: Vec<DispatchState> = Vec::new();
        for (index, stage) in stages.stages.iter().enumerate() {
            let base = stage.base.stage().map(|base| &ends[base]);
            let mut state = DispatchState::start(&stages, index, base);
            for step in &stage.steps {
                state.dispatch(step.instruction, &stages);
            }
            state.end();
            ends.push(state);
        }
        ends
    }

    fn end(text: &str, builder: Builder) -> DispatchState {
        ends(text, builder, Absent::Unknown).pop().expect("a stage")
    }

    fn buildkit(text: &str) -> DispatchState {
        end(text, Builder::Buildkit)
    }

    #[test]
    fn the_later_of_env_and_arg_counts_on_buildkit() {
        for (builder, expected) in
            [(Builder::Buildkit, "arg"), (Builder::Classic, "env"), (Builder::Buildah, "env")]
        {
            let state = end("FROM a\nENV A=env\nARG A=arg", builder);
            assert_eq!(state.known("A"), Some(expected), "{builder:?}");
            let state = end("FROM a\nENV A=env\nARG A=arg\nENV A=last", builder);
            assert_eq!(state.known("A"), Some("last"), "{builder:?}");
        }
    }

    #[test]
    fn arguments_are_inherited_on_buildkit_behind_env() {
        let text = "FROM a AS base\nENV A=env\nARG A=arg\nARG B=b\nFROM base";
        for (builder, expected) in [(Builder::Buildkit, Some("b")), (Builder::Classic, None)] {
            let state = end(text, builder);
            assert_eq!((state.known("A"), state.known("B")), (Some("env"), expected));
        }
    }

    #[test]
    fn env_stands_behind_inherited_arguments_in_the_order_of_the_configuration() {
        let end = |text| buildkit(text).variables_in_order();
        let plain = end("FROM a AS b\nARG C=3\nENV A=1\nENV B=2\nFROM b");
        assert_eq!(end("FROM a AS b\nENV A=1\nARG C=3\nENV B=2\nFROM b"), plain);
        assert_eq!(end("FROM a AS b\nARG C=3\nENV A=0\nENV B=2\nENV A=1\nFROM b"), plain);
        assert_ne!(end("FROM a AS b\nARG C=3\nENV B=2\nENV A=1\nFROM b"), plain);
        // Within the stage the order is that of the instructions.
        assert_ne!(end("FROM a AS b\nENV A=1\nARG C=3\nENV B=2"), plain);
    }

    #[test]
    fn what_is_known_unset_and_unknown() {
        let text = "ARG G=global\nFROM a\nARG G\nARG P\nENV D=$P E=$G";
        let known = |text: &'static str| Lookup::Known(text.into());
        let open = buildkit(text);
        assert_eq!((open.variable("G"), open.variable("E")), (known("global"), known("global")));
        assert_eq!((open.variable("P"), open.variable("D")), (Lookup::Unknown, Lookup::Unknown));
        assert_eq!(open.variable("X"), Lookup::Unknown);
        let known_build = ends(text, Builder::Buildkit, Absent::Unset).pop().expect("a stage");
        assert_eq!(known_build.variable("D"), known(""));
        assert_eq!(
            (known_build.variable("P"), known_build.variable("X")),
            (Lookup::Unset, Lookup::Unset)
        );
        assert_eq!(known_build.variable("PATH"), known(PATH));
    }

    #[test]
    fn the_order_of_env_and_arg_is_in_the_digest() {
        let digest = |text| buildkit(text).digest();
        let both = digest("FROM a\nENV A=env\nARG A=arg");
        assert_ne!(both, digest("FROM a\nENV A=env"));
        assert_ne!(both, digest("FROM a\nARG A=arg\nENV A=env"));
        let kept = |text| buildkit(text).environment();
        assert_eq!(kept("FROM a\nENV A=env\nARG A=arg"), kept("FROM a\nENV A=env"));
    }

    #[test]
    fn arguments_that_classic_and_buildah_count() {
        let visible = |text| end(text, Builder::Classic).visible_arguments();
        assert_eq!(visible("FROM a\nENV A=1\nARG A=2"), visible("FROM a"));
        assert_ne!(visible("FROM a\nARG A=2"), visible("FROM a"));
        assert_eq!(visible("FROM a\nARG A=2\nENV A=1"), visible("FROM a"));
        let names = |text, passed: &[&'static str]| {
            end(text, Builder::Buildah).declared_names(passed.iter().copied())
        };
        assert_eq!(names("FROM a\nARG A=1", &[]), names("FROM a\nARG A=2", &[]));
        assert_eq!(names("FROM a\nARG A=1", &["A"]), names("FROM a\nARG A=1", &[]));
        assert_ne!(names("FROM a\nARG A=1", &["B"]), names("FROM a\nARG A=1", &[]));
    }
}
