//! What the instructions before have made of a stage, for the classic builder and buildah:
//! ENV and ARG apart, the one hiding the other.

use super::super::build::Build;
use super::super::buildkit::working_directory;
use super::super::environment::Environment;
use super::super::plan::Plan;
use super::super::step::{Assignment, State};
use crate::digest::Digest;
use crate::syntax::expand::expand;
use crate::syntax::{Arguments, Instruction, Keyword};
use std::borrow::Cow;

#[derive(Clone)]
pub(super) struct Stand {
    pub state: State,
    environment: Environment,
    arguments: Environment,
    /// Sum over the arguments that no variable of the environment hides.
    visible: u64,
    /// Sum over the names of the arguments that have a value.
    named: u64,
    /// WORKDIR; empty where it is the base image's.
    pub cwd: String,
    /// SHELL, where it was given.
    pub shell: Option<Vec<String>>,
    /// The last ARG.
    pub assigned: Option<u32>,
}

impl Stand {
    /// What a stage starts with on `state`.
    pub fn new(state: State) -> Stand {
        Stand {
            state,
            environment: Environment::default(),
            arguments: Environment::default(),
            visible: 0,
            named: 0,
            cwd: String::new(),
            shell: None,
            assigned: None,
        }
    }

    /// What a stage starts with that is built on one which ended in this: ARGs go.
    pub fn inherited(&self) -> Stand {
        Stand {
            environment: self.environment.clone(),
            cwd: self.cwd.clone(),
            shell: self.shell.clone(),
            ..Stand::new(self.state)
        }
    }

    /// A number for the arguments that RUN sees, in no order.
    pub fn visible(&self) -> u64 {
        self.visible
    }

    /// A number for the names of the arguments that have a value, and of those among `passed`,
    /// which need no declaration.
    pub fn named(&self, passed: impl Iterator<Item = &'static str>) -> u64 {
        let undeclared = passed.filter(|name| self.arguments.get(name).is_none());
        undeclared.fold(self.named, |sum, name| sum.wrapping_add(Digest::of(name).end()))
    }

    /// `word` with its variables expanded; as it stands where it is refused.
    pub fn expand(&self, word: &str, escape: char) -> String {
        let lookup = |name: &str| self.environment.get(name).or_else(|| self.arguments.get(name));
        let expansion = expand(word, escape, |name| lookup(name).map(Cow::Borrowed));
        match expansion.error {
            Some(_) => word.to_owned(),
            None => expansion.text.into_owned(),
        }
    }

    /// Follows ENV, ARG, WORKDIR and SHELL.
    pub fn follow(
        &mut self,
        instruction: &Instruction<'_>,
        build: &Build,
        plan: &Plan<'_>,
        assignments: &mut Vec<Assignment>,
    ) {
        let escape = plan.file.escape;
        match (instruction.keyword, &instruction.arguments) {
            (Some(Keyword::Env), Arguments::Pairs(pairs)) => {
                // Every value sees the environment as it was before the instruction.
                let mut expanded = Vec::with_capacity(pairs.len() * 2);
                for pair in pairs {
                    expanded.push(self.expand(&pair.key.text, escape));
                    expanded.push(self.expand(&pair.value.text, escape));
                }
                for pair in expanded.chunks_exact(2) {
                    self.count(&pair[0], u64::wrapping_sub);
                    self.environment.set(&pair[0], &pair[1]);
                }
            }
            (Some(Keyword::Arg), Arguments::Args(declarations)) => {
                for declaration in declarations {
                    let name = declaration.name.text.as_ref();
                    let default = declaration.default.as_ref();
                    let value = match (build.build_args.get(name), default) {
                        (Some(passed), _) => passed.clone(),
                        (None, Some(default)) => self.expand(&default.text, escape),
                        (None, None) => match plan.global(name) {
                            Some(global) => global.into_owned(),
                            None => continue,
                        },
                    };
                    self.count(name, u64::wrapping_sub);
                    if self.arguments.get(name).is_none() {
                        self.named = self.named.wrapping_add(Digest::of(name).end());
                    }
                    self.arguments.set(name, &value);
                    self.count(name, u64::wrapping_add);
                    assignments.push(Assignment {
                        name: name.into(),
                        value: value.as_str().into(),
                        argument: true,
                        before: self.assigned,
                    });
                    self.assigned = Some(assignments.len() as u32 - 1);
                }
            }
            (Some(Keyword::Workdir), Arguments::Text(word)) => {
                self.cwd = working_directory(&self.cwd, &self.expand(&word.text, escape));
            }
            (Some(Keyword::Shell), Arguments::Shell(words)) => {
                self.shell = Some(words.iter().map(|word| word.text.to_string()).collect());
            }
            _ => {}
        }
    }

    /// Counts the argument `name` in or out, where it is one that RUN sees.
    fn count(&mut self, name: &str, count: fn(u64, u64) -> u64) {
        if self.environment.get(name).is_none()
            && let Some(value) = self.arguments.get(name)
        {
            self.visible = count(self.visible, Digest::of(name).text(value).end());
        }
    }
}
