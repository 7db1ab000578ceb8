//! What the instructions before a step have set: environment, arguments, working
//! directory, user, shell.
//!
//! What a base image brings is unknown unless it was given: a variable that is not set here
//! may still have a value, and a relative working directory stays relative.

use crate::context::{clean, join};
use crate::report::{BaseImage, Options};
use crate::shell::Dialect;
use crate::syntax::expand;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The state in which a step runs.
#[derive(Clone, Debug)]
pub struct State {
    /// ENV, with values where they are known.
    env: HashMap<String, Option<String>>,
    /// Declared ARGs, with values where they are known.
    args: HashMap<String, Option<String>>,
    /// Order-independent sums of what was hashed into `env` and `args`.
    sums: (u64, u64),
    /// The working directory; `None` where a variable in it is not known. Relative to the
    /// base image's where it does not start with `/`.
    pub cwd: Option<String>,
    /// The user, as written; `None` is the base image's.
    pub user: Option<String>,
    /// What reads RUN's shell form.
    pub dialect: Dialect,
    /// SHELL as given; empty for the default.
    pub shell: Vec<String>,
    /// The escape character of the file.
    escape: char,
    /// Whether a variable that is not set here is not set at all.
    env_complete: bool,
}

/// A word after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The text; what is not known is left as it is written.
    pub text: String,
    /// Whether everything in it was known.
    pub resolved: bool,
}

impl State {
    /// The state at the start of a stage whose base image brings `image`.
    pub fn new(escape: char, windows: bool, image: Option<&BaseImage>) -> State {
        let mut state = State {
            env: HashMap::new(),
            args: HashMap::new(),
            sums: (0, 0),
            cwd: Some(String::new()),
            user: None,
            dialect: if windows { Dialect::Cmd } else { Dialect::Posix },
            shell: Vec::new(),
            escape,
            env_complete: false,
        };
        if let Some(image) = image {
            state.env_complete = !image.env.is_empty();
            for (name, value) in &image.env {
                state.set_env(name, Some(value.clone()));
            }
            state.cwd = Some(image.workdir.as_deref().map(clean).unwrap_or_default());
            state.user = image.user.clone();
            if let Some(shell) = &image.shell {
                state.dialect = Dialect::of(shell);
                state.shell = shell.clone();
            }
        }
        state
    }

    /// The state a stage starts in that is built on one that ended in this: ARGs go.
    pub fn inherited(&self) -> State {
        let mut state = self.clone();
        state.args.clear();
        state.sums.1 = 0;
        state
    }

    /// A number that is the same for the same environment, arguments in scope, working
    /// directory, user and shell.
    pub fn digest(&self) -> u64 {
        digest(&(self.sums, &self.cwd, &self.user, &self.shell))
    }

    /// The environment that the image keeps, as a number.
    pub fn env_digest(&self) -> u64 {
        self.sums.0
    }

    /// The value of a variable as RUN sees it: ENV goes before ARG. `None` where the base
    /// image may decide, `Some(None)` where it is set to something unknown.
    pub fn variable(&self, name: &str) -> Option<Option<&str>> {
        self.env.get(name).or_else(|| self.args.get(name)).map(Option::as_deref)
    }

    /// Sets an environment variable.
    pub fn set_env(&mut self, name: &str, value: Option<String>) {
        replace(&mut self.env, &mut self.sums.0, name, value);
    }

    /// Declares a build argument.
    pub fn set_arg(&mut self, name: &str, value: Option<String>) {
        replace(&mut self.args, &mut self.sums.1, name, value);
    }

    /// Changes the working directory as WORKDIR and `cd` do.
    pub fn change_directory(&mut self, to: &Expanded) {
        self.cwd = resolve(self.cwd.as_deref(), to);
    }

    /// Where `path` is, seen from the working directory.
    pub fn place(&self, path: &Expanded) -> Option<String> {
        resolve(self.cwd.as_deref(), path)
    }

    /// HOME, where it is known or can be taken for known.
    pub fn home(&self) -> Option<String> {
        if let Some(home) = self.variable("HOME") {
            return home.map(clean);
        }
        match self.user.as_deref().map(|user| user.split(':').next().unwrap_or(user)) {
            None | Some("root" | "0") => Some("/root".into()),
            Some(user) if user.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Some(format!("/home/{user}"))
            }
            Some(_) => None,
        }
    }

    /// A word of an instruction, unquoted and expanded.
    pub fn expand(&self, word: &str) -> Expanded {
        if !word.contains(['$', '\'', '"', self.escape]) {
            return Expanded { text: word.to_owned(), resolved: true };
        }
        let mut resolved = true;
        let expansion = expand::expand(word, self.escape, |name| match self.variable(name) {
            Some(Some(value)) => Some(Cow::Borrowed(value)),
            Some(None) => {
                resolved = false;
                None
            }
            None => {
                resolved &= self.env_complete;
                None
            }
        });
        let resolved = resolved && expansion.error.is_none();
        Expanded {
            text: if resolved { expansion.text.into_owned() } else { word.to_owned() },
            resolved,
        }
    }

    /// The value of ARG `name` with `default`: a passed build argument goes first, then the
    /// default, then the global argument of that name.
    pub fn argument(
        &self,
        name: &str,
        default: Option<&str>,
        global: &HashMap<String, Option<String>>,
        options: &Options,
    ) -> Option<String> {
        if let Some(passed) = options.build_args.get(name) {
            return Some(passed.clone());
        }
        if let Some(default) = default {
            let value = self.expand(default);
            return value.resolved.then_some(value.text);
        }
        global.get(name).cloned().flatten()
    }
}

/// `to` seen from `cwd`.
pub(super) fn resolve(cwd: Option<&str>, to: &Expanded) -> Option<String> {
    if !to.resolved {
        return None;
    }
    let text = to.text.as_str();
    if text.starts_with('/') {
        return Some(clean(text));
    }
    let path = clean(&join(cwd?, text));
    Some(if path == "." { String::new() } else { path })
}

fn replace(
    map: &mut HashMap<String, Option<String>>,
    sum: &mut u64,
    name: &str,
    value: Option<String>,
) {
    *sum = sum.wrapping_add(digest(&(name, &value)));
    if let Some(old) = map.insert(name.to_owned(), value) {
        *sum = sum.wrapping_sub(digest(&(name, &old)));
    }
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
