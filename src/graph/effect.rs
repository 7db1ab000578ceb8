//! What one instruction does to the files of its stage.

use super::Effect;
use super::copy;
use super::run::named::{lines, names_settings};
use super::run::{self, Mount};
use crate::build::{Base, DispatchState, Stages};
use crate::context::Context;
use crate::context::within;
use crate::ecosystem::known_image;
use crate::shell::{self, read_run};
use crate::syntax::mount::{self, MountKind};
use crate::syntax::{Arguments, Dockerfile, Instruction, Keyword};

/// Whether a user is root, by name or number.
pub fn is_root(user: Option<&str>) -> bool {
    matches!(user, Some("root" | "0" | "0:0" | "root:root"))
}

/// Reads the instructions that a stage runs.
pub(super) struct EffectReader<'s, 'a> {
    pub build: &'s Stages<'a>,
    /// The index of the stage.
    pub stage: usize,
    pub context: &'s Context,
}

impl EffectReader<'_, '_> {
    /// What `instruction` of `file` does in `state`, which it changes.
    pub fn effect<'i>(
        &self,
        file: &Dockerfile<'i>,
        instruction: &'i Instruction<'i>,
        state: &mut DispatchState,
    ) -> Effect<'i> {
        match (instruction.keyword, &instruction.arguments) {
            (None, _) | (_, Arguments::Invalid) => Effect::Invalid,
            (Some(Keyword::Copy | Keyword::Add), _) => {
                let copy = copy::read(instruction, state, self.context, |name| self.stage(name));
                if copy.as_ref().is_some_and(|copy| names_settings(&copy.written_destination)) {
                    let texts = instruction.heredocs.iter().flat_map(|body| lines(&body.content));
                    texts.for_each(|text| state.keep_settings(&text));
                }
                copy.map_or(Effect::Invalid, |copy| Effect::Copy(Box::new(copy)))
            }
            (Some(Keyword::Run), Arguments::Command(command)) => {
                let script = read_run(file.source, command, &instruction.heredocs, state.dialect);
                let mounts = self.mounts(instruction, state);
                let mut run = run::read(script, state, mounts);
                let is_plain = |command: &shell::Command<'_>| {
                    command.kind == shell::Kind::Simple && command.invocation().user.is_none()
                };
                for (effects, command) in run.commands.iter_mut().zip(&run.script.commands) {
                    effects.as_root = self.runs_as_root(state) && is_plain(command);
                }
                let kept = run.commands.iter().flat_map(|command| &command.settings_kept);
                kept.for_each(|text| state.keep_settings(text));
                for given in run.commands.iter().filter_map(|command| command.gives_home.as_ref()) {
                    given.accounts.iter().for_each(|name| state.keep_home(name, &given.home));
                }
                Effect::Run(Box::new(run))
            }
            (Some(Keyword::Volume), Arguments::Words { words, .. }) => {
                let places = words.iter().filter_map(|word| state.place(&state.expand(&word.text)));
                Effect::Volume(places.collect())
            }
            (Some(keyword), _) => {
                let assigned = state.dispatch(instruction, self.build);
                match keyword {
                    Keyword::Workdir => Effect::Workdir(state.directory()),
                    Keyword::Env | Keyword::Arg => {
                        let names = assigned.into_iter().map(|set| set.name.to_string());
                        Effect::Variables(names.collect())
                    }
                    Keyword::User => Effect::User,
                    Keyword::Shell => Effect::Shell,
                    Keyword::Onbuild => Effect::Onbuild,
                    _ => Effect::Config,
                }
            }
        }
    }

    /// Whether a RUN in this state runs as root, going by what is known of the base image.
    fn runs_as_root(&self, state: &DispatchState) -> bool {
        if state.user.is_some() {
            return is_root(state.user.as_deref());
        }
        let mut stage = &self.build.stages[self.stage];
        while let Base::Stage(base) = stage.base {
            stage = &self.build.stages[base];
        }
        stage.base == Base::Image && known_image(&stage.image).is_some()
    }

    /// Where the mounts of a RUN stand.
    fn mounts(&self, instruction: &Instruction<'_>, state: &DispatchState) -> Vec<Mount> {
        // A secret that is told no target stands below /run/secrets.
        mount::mounts(instruction)
            .filter(|mount| mount.target.is_some())
            .map(|mount| Mount {
                target: mount.target.and_then(|word| state.place(&state.expand(&word.text))),
                cache: mount.kind == MountKind::Cache,
                forgets: mount.kind == MountKind::Tmpfs || mount.readonly == Some(false),
                shows_context: mount.kind == MountKind::Bind
                    && mount.from.is_none()
                    && mount.source.is_none_or(|word| within(&word.text).is_empty()),
                from: mount.from.and_then(|word| self.stage(&word.text)),
            })
            .collect()
    }

    fn stage(&self, name: &str) -> Option<usize> {
        self.build.origin(name, self.stage).stage()
    }
}
