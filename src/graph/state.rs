//! What the instructions before a step have set: environment, arguments, working
//! directory, user, shell.
//!
//! What a base image brings is unknown unless it was given: a variable that is not set here
//! may still have a value, and a relative working directory stays relative.

use crate::context::{clean, from_windows, join};
use crate::digest::{Digest, Named};
use crate::report::{BaseImage, Builder, Options};
use crate::shell::Dialect;
use crate::syntax::expand;
use std::borrow::Cow;
use std::rc::Rc;

/// The state in which a step runs.
#[derive(Clone, Debug)]
pub struct State {
    /// ENV, with values where they are known.
    env: Variables,
    /// Declared ARGs, with values where they are known.
    args: Variables,
    /// How many variables were set so far.
    count: u32,
    /// What the builder makes of ARG.
    builder: Builder,
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
    /// Whether `\\` separates in paths.
    windows: bool,
    /// Whether a variable that is not set here is not set at all.
    env_complete: bool,
}

/// Variables of a stage over those of the stages it is built on, which it shares with them:
/// a stage costs only what it sets itself.
#[derive(Clone, Debug, Default)]
struct Variables {
    own: Named<Variable>,
    base: Option<Rc<Variables>>,
    depth: u32,
}

/// What a variable was set to.
#[derive(Clone, Debug)]
struct Variable {
    value: Option<String>,
    /// How many were set before it.
    at: u32,
}

/// How many stages are looked through before their variables are put together.
const DEPTH: u32 = 64;

impl Variables {
    fn get(&self, name: &str) -> Option<&Variable> {
        let mut scope = self;
        loop {
            match (scope.own.get(name), &scope.base) {
                (Some(value), _) => return Some(value),
                (None, Some(base)) => scope = base,
                (None, None) => return None,
            }
        }
    }

    /// An empty scope over this one.
    fn below(&self) -> Variables {
        if self.own.is_empty() {
            return self.clone();
        }
        if self.depth < DEPTH {
            let base = Some(Rc::new(self.clone()));
            return Variables { own: Named::default(), base, depth: self.depth + 1 };
        }
        let mut scopes = vec![self];
        while let Some(base) = scopes.last().and_then(|scope| scope.base.as_deref()) {
            scopes.push(base);
        }
        let mut all = Named::default();
        for scope in scopes.into_iter().rev() {
            all.extend(scope.own.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let base = Some(Rc::new(Variables { own: all, base: None, depth: 0 }));
        Variables { own: Named::default(), base, depth: 1 }
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
            args: Variables::default(),
            count: 0,
            builder,
            sums: (0, 0),
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

    /// The state a stage starts in that is built on one that ended in this. ARGs stay on BuildKit,
    /// behind ENV; the other builders drop them.
    ///
    /// <https://docs.docker.com/reference/dockerfile/#scope>
    pub fn inherited(&self) -> State {
        let (args, arguments) = match self.builder {
            Builder::Buildkit => (self.args.below(), self.sums.1),
            _ => (Variables::default(), 0),
        };
        State { env: self.env.below(), args, sums: (self.sums.0, arguments), ..self.clone() }
    }

    /// A number that is the same for the same environment, arguments in scope, working
    /// directory, user and shell.
    pub fn digest(&self) -> u64 {
        let digest = Digest::of("state").numbers(&[self.sums.0, self.sums.1]);
        let digest = digest.option(self.cwd.as_deref()).option(self.user.as_deref());
        digest.texts(&self.shell).end()
    }

    /// The environment that the image keeps, as a number.
    pub fn env_digest(&self) -> u64 {
        self.sums.0
    }

    /// The value of a variable as RUN sees it. `None` where the base image may decide,
    /// `Some(None)` where it is set to something unknown.
    ///
    /// ENV goes before ARG, but BuildKit knows one environment: there an ARG behind the ENV of
    /// its name goes first in its own stage (`dispatchArg` in
    /// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>).
    pub fn variable(&self, name: &str) -> Option<Option<&str>> {
        let env = self.env.get(name);
        let own = self.args.own.get(name).filter(|_| self.builder == Builder::Buildkit);
        let later = own.filter(|arg| env.is_some_and(|env| arg.at > env.at));
        let found = later.or(env).or_else(|| self.args.get(name))?;
        Some(found.value.as_deref())
    }

    /// Sets an environment variable.
    pub fn set_env(&mut self, name: &str, value: Option<String>) {
        if let Some(old) = self.env.get(name) {
            self.sums.0 = self.sums.0.wrapping_sub(number(name, &old.value));
        }
        self.sums.0 = self.sums.0.wrapping_add(number(name, &value));
        self.count += 1;
        self.env.own.insert(name.to_owned(), Variable { value, at: self.count });
    }

    /// Declares a build argument.
    pub fn set_arg(&mut self, name: &str, value: Option<String>) {
        if let Some(old) = self.args.get(name) {
            self.sums.1 = self.sums.1.wrapping_sub(number(name, &old.value));
        }
        self.sums.1 = self.sums.1.wrapping_add(number(name, &value));
        self.count += 1;
        self.args.own.insert(name.to_owned(), Variable { value, at: self.count });
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

    /// The value of ARG `name` with `default`: a passed build argument goes first, then the
    /// default, then the global argument of that name.
    pub fn argument(
        &self,
        name: &str,
        default: Option<&str>,
        global: &Named<Option<String>>,
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
