//! What the instructions before a step have set: environment, arguments, working
//! directory, user, shell.
//!
//! What a base image brings is unknown unless it was given: a variable that is not set here
//! may still have a value, and a relative working directory stays relative.

use crate::build;
use crate::context::{clean, from_windows, join};
use crate::digest::{Digest, Named};
use crate::report::{BaseImage, Builder, Options};
use crate::shell::Dialect;
use crate::syntax::{ArgDeclaration, expand};
use std::borrow::Cow;
use std::rc::Rc;

/// The state in which a step runs.
#[derive(Clone, Debug)]
pub struct State {
    /// ENV, which the image keeps, with values where they are known.
    env: Variables,
    /// What a step sees: ENV and the declared ARGs, of each name the one that counts.
    visible: Variables,
    /// ENVs that an ARG behind them hides in this stage.
    hidden: Vec<String>,
    /// Variables whose text may name a file, with that text; see [`State::naming`].
    naming: Vec<(String, String)>,
    /// Whether an ARG hides an ENV that stands before it.
    later_argument_counts: bool,
    /// Whether a stage built on this one has its ARGs.
    inherits_arguments: bool,
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
    /// Whether `\\` separates in paths.
    windows: bool,
    /// Whether a variable that is not set here is not set at all.
    env_complete: bool,
}

/// Variables of a stage over those of the stages it is built on, which it shares with them:
/// a stage costs only what it sets itself.
#[derive(Clone, Debug, Default)]
struct Variables {
    own: Named<Option<String>>,
    base: Option<Rc<Variables>>,
    depth: u32,
    /// Sum over all of them, in no order.
    sum: u64,
}

/// Most variables of a state that are kept because they may name a file, so that each step looks
/// at few.
const NAMING: usize = 64;

/// How many stages are looked through before their variables are put together.
const DEPTH: u32 = 64;

impl Variables {
    fn get(&self, name: &str) -> Option<&Option<String>> {
        let mut scope = self;
        loop {
            match (scope.own.get(name), &scope.base) {
                (Some(value), _) => return Some(value),
                (None, Some(base)) => scope = base,
                (None, None) => return None,
            }
        }
    }

    fn set(&mut self, name: &str, value: Option<String>) {
        if let Some(old) = self.get(name) {
            self.sum = self.sum.wrapping_sub(number(name, old));
        }
        self.sum = self.sum.wrapping_add(number(name, &value));
        self.own.insert(name.to_owned(), value);
    }

    /// An empty scope over this one.
    fn below(&self) -> Variables {
        if self.own.is_empty() {
            return self.clone();
        }
        if self.depth < DEPTH {
            let base = Some(Rc::new(self.clone()));
            return Variables { base, depth: self.depth + 1, sum: self.sum, ..Self::default() };
        }
        let mut scopes = vec![self];
        while let Some(base) = scopes.last().and_then(|scope| scope.base.as_deref()) {
            scopes.push(base);
        }
        let mut all = Named::default();
        for scope in scopes.into_iter().rev() {
            all.extend(scope.own.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let base = Some(Rc::new(Variables { own: all, sum: self.sum, ..Self::default() }));
        Variables { base, depth: 1, sum: self.sum, ..Self::default() }
    }
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
    pub fn new(escape: char, windows: bool, image: Option<&BaseImage>, builder: Builder) -> State {
        let mut state = State {
            env: Variables::default(),
            visible: Variables::default(),
            hidden: Vec::new(),
            naming: Vec::new(),
            later_argument_counts: build::later_argument_counts(builder),
            inherits_arguments: build::inherits_arguments(builder),
            cwd: Some(String::new()),
            user: None,
            dialect: if windows { Dialect::Cmd } else { Dialect::Posix },
            shell: Vec::new(),
            escape,
            windows,
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

    /// The state a stage starts in that is built on one that ended in this: where its ARGs stay,
    /// ENV goes before them again.
    pub fn inherited(&self) -> State {
        let mut visible = match self.inherits_arguments {
            true => self.visible.below(),
            false => self.env.below(),
        };
        for name in &self.hidden {
            if let Some(value) = self.env.get(name) {
                visible.set(name, value.clone());
            }
        }
        State {
            env: self.env.below(),
            visible,
            hidden: Vec::new(),
            naming: self.naming.clone(),
            cwd: self.cwd.clone(),
            user: self.user.clone(),
            shell: self.shell.clone(),
            ..*self
        }
    }

    /// A number that is the same for the same environment, arguments in scope, working
    /// directory, user and shell.
    pub fn digest(&self) -> u64 {
        let digest = Digest::of("state").numbers(&[self.env.sum, self.visible.sum]);
        let digest = digest.option(self.cwd.as_deref()).option(self.user.as_deref());
        digest.texts(&self.shell).end()
    }

    /// The environment that the image keeps, as a number.
    pub fn env_digest(&self) -> u64 {
        self.env.sum
    }

    /// The value of a variable as RUN sees it. `None` where the base image may decide,
    /// `Some(None)` where it is set to something unknown.
    pub fn variable(&self, name: &str) -> Option<Option<&str>> {
        self.visible.get(name).map(Option::as_deref)
    }

    /// Sets an environment variable.
    pub fn set_env(&mut self, name: &str, value: Option<String>) {
        self.env.set(name, value.clone());
        self.visible.set(name, value);
    }

    /// Keeps the text of a variable, where it may name a file.
    pub fn name_files(&mut self, name: &str, text: &str) {
        self.naming.retain(|(other, _)| other != name);
        if text.contains(['/', '.']) && self.naming.len() < NAMING {
            self.naming.push((name.to_owned(), text.to_owned()));
        }
    }

    /// The variables whose text may name a file: `NODE_OPTIONS` with `--require ./src/hook.js`.
    /// What is not known of it is left as it is written: `/app/bin:$PATH`.
    pub fn naming(&self) -> &[(String, String)] {
        &self.naming
    }

    /// Declares a build argument.
    pub fn set_arg(&mut self, name: &str, value: Option<String>) {
        let is_env = self.env.get(name).is_some();
        if is_env && !self.later_argument_counts {
            return;
        }
        if is_env {
            self.hidden.push(name.to_owned());
        }
        self.visible.set(name, value);
    }

    /// Follows ARG: a passed build argument goes first, then the default, then the global
    /// argument of that name. One without a value leaves what was set before.
    pub fn declare(
        &mut self,
        argument: &ArgDeclaration<'_>,
        globals: Option<&State>,
        options: &Options,
    ) {
        let name = argument.name.text.as_ref();
        let value = match (options.build_args.get(name), &argument.default) {
            (Some(passed), _) => Some(passed.clone()),
            (None, Some(default)) => {
                let value = self.expand(&default.text);
                value.resolved.then_some(value.text)
            }
            (None, None) => match globals.and_then(|globals| globals.variable(name)) {
                Some(global) => global.map(str::to_owned),
                None if self.visible.get(name).is_some() => return,
                None => None,
            },
        };
        self.set_arg(name, value);
    }

    /// Changes the working directory as WORKDIR and `cd` do.
    pub fn change_directory(&mut self, to: &Expanded) {
        self.cwd = self.place(to);
    }

    /// Where `path` is, seen from the working directory.
    pub fn place(&self, path: &Expanded) -> Option<String> {
        self.place_from(self.cwd.as_deref(), path)
    }

    /// Where `path` is, seen from `cwd`.
    pub fn place_from(&self, cwd: Option<&str>, path: &Expanded) -> Option<String> {
        resolve(cwd, &self.path(path))
    }

    /// A path with `/` between its parts, as a Windows stage reads it too.
    pub fn path(&self, path: &Expanded) -> Expanded {
        match self.windows {
            true => Expanded { text: from_windows(&path.text), resolved: path.resolved },
            false => path.clone(),
        }
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
}

/// `to` seen from `cwd`.
fn resolve(cwd: Option<&str>, to: &Expanded) -> Option<String> {
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

/// The number of a variable with its value.
fn number(name: &str, value: &Option<String>) -> u64 {
    Digest::of(name).option(value.as_deref()).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(builder: Builder) -> State {
        State::new('\\', false, None, builder)
    }

    fn value<'s>(state: &'s State, name: &str) -> Option<&'s str> {
        state.variable(name).flatten()
    }

    #[test]
    fn the_later_of_env_and_arg_counts_on_buildkit() {
        for (builder, expected) in
            [(Builder::Buildkit, "arg"), (Builder::Classic, "env"), (Builder::Buildah, "env")]
        {
            let mut state = state(builder);
            state.set_env("A", Some("env".into()));
            state.set_arg("A", Some("arg".into()));
            assert_eq!(value(&state, "A"), Some(expected), "{builder:?}");
            state.set_env("A", Some("last".into()));
            assert_eq!(value(&state, "A"), Some("last"), "{builder:?}");
        }
    }

    #[test]
    fn arguments_are_inherited_on_buildkit_behind_env() {
        for (builder, expected) in [(Builder::Buildkit, Some("b")), (Builder::Classic, None)] {
            let mut state = state(builder);
            state.set_env("A", Some("env".into()));
            state.set_arg("A", Some("arg".into()));
            state.set_arg("B", Some("b".into()));
            let below = state.inherited();
            assert_eq!((value(&below, "A"), value(&below, "B")), (Some("env"), expected));
        }
    }

    #[test]
    fn the_order_of_env_and_arg_is_in_the_digest() {
        let mut one = state(Builder::Buildkit);
        one.set_env("A", Some("env".into()));
        let mut other = one.clone();
        one.set_arg("A", Some("arg".into()));
        assert_ne!(one.digest(), other.digest());
        assert_eq!(one.env_digest(), other.env_digest());
        other.set_arg("A", Some("arg".into()));
        assert_eq!(one.digest(), other.digest());
        other.set_env("A", Some("env".into()));
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn what_is_set_again_counts_once_in_any_depth() {
        let mut state = state(Builder::Buildkit);
        for stage in 0..3 * DEPTH {
            state.set_env("A", Some(stage.to_string()));
            state = state.inherited();
        }
        let mut flat = self::state(Builder::Buildkit);
        flat.set_env("A", Some((3 * DEPTH - 1).to_string()));
        assert_eq!(state.digest(), flat.digest());
    }
}
