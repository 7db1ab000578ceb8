//! How the dependencies of a project are compiled alone, in a layer in front of the copy of its
//! source: with stubs in the place of the source, of which the tool takes away what it compiled.

use super::{Action, Project, Source, Stubs, listed, local, name_matches};

/// How a tool compiles the dependencies alone.
#[derive(Debug)]
pub struct Layer {
    /// The tool, by [`Tool::name`](super::Tool::name).
    pub tool: &'static str,
    /// The page that this comes from.
    pub source: Source,
    /// Its program.
    program: &'static str,
    /// The spellings of the action that compiles, divided by blanks.
    actions: &'static str,
    /// Its options that are understood and take no value, divided by blanks; `*` matches.
    flags: &'static str,
    /// The same that take one.
    values: &'static str,
    /// The action that takes away what was compiled of packages.
    clean: &'static str,
    /// Options of the compile that this takes over.
    carries: &'static str,
    /// The option that names a package.
    package: &'static str,
    /// The text of a stub that is a program; that of a library is empty.
    pub stub: &'static str,
    /// Texts with which it is not known whether a stub compiles, or where the result lies; divided
    /// by blanks. No Dockerfile may hold one.
    unless: &'static str,
    /// The name of a manifest.
    pub manifest: &'static str,
    /// Directories beside the programs, in which the tool keeps what it compiled.
    beside: &'static str,
    /// Where its settings outside of the project lie.
    settings: &'static str,
    /// Texts of commands that may write these.
    sets: &'static str,
    /// The image of the tool, and its version from which on the clean takes all away, as
    /// [`is_older`](super::is_older) reads them.
    pub since: &'static str,
    /// Reads the manifests of a project.
    pub inspect: fn(&Project<'_>) -> Stubs,
    /// The name of the package that a manifest is of.
    pub package_of: fn(&str) -> Option<String>,
}

const CARGO: Layer = Layer {
    tool: "cargo",
    source: Source::at("https://doc.rust-lang.org/cargo/commands/cargo-clean.html"),
    program: "cargo",
    // `b` may be an alias of the project.
    actions: "build",
    flags: "--release -r --locked --offline --frozen --workspace --all --all-features \
            --no-default-features --bins --lib --verbose -v* --quiet -q --keep-going \
            --ignore-rust-version -j*",
    values: "--bin --package -p --exclude --features -F --profile --target --jobs -j --color",
    clean: "clean",
    carries: "--release -r --profile --target",
    package: "-p",
    stub: "fn main() {}",
    unless: local::UNLESS_IN_MANIFESTS,
    manifest: "Cargo.toml",
    beside: "deps build incremental examples .fingerprint",
    // https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure
    settings: "/usr/local/cargo/config.toml /usr/local/cargo/config /root/.cargo/config.toml \
               /root/.cargo/config /.cargo/config.toml /.cargo/config",
    sets: "cargo/config",
    since: "rust 1.45 1.45",
    inspect: local::cargo_stubs,
    package_of: local::cargo_package,
};

/// How the tool of this name compiles the dependencies alone, where that is known.
pub fn layer(tool: &str) -> Option<&'static Layer> {
    (tool == CARGO.tool).then_some(&CARGO)
}

impl Layer {
    /// What takes away what the command `words` has compiled of `packages`; a word of it that is
    /// not understood where there is one.
    pub fn clean<'w>(&self, words: &[&'w str], packages: &[String]) -> Result<String, &'w str> {
        let (&program, mut rest) = words.split_first().ok_or("")?;
        let mut parts = vec![self.program];
        // A toolchain stands right behind the program.
        if let Some((toolchain, behind)) = rest.split_first()
            && toolchain.starts_with('+')
        {
            parts.push(toolchain);
            rest = behind;
        }
        parts.push(self.clean);
        let mut action = Some(program).filter(|program| *program != self.program);
        let mut acts = false;
        while let Some((&word, behind)) = rest.split_first() {
            rest = behind;
            let name = word.split('=').next().unwrap_or(word);
            let takes = listed(self.values, |option| option == name);
            let own = if takes && name == word { 2 } else { 1 };
            if takes || listed(self.flags, |flag| name_matches(flag, word)) {
                let value = rest.get(..own - 1).ok_or(word)?;
                rest = rest.get(own - 1..).unwrap_or_default();
                if listed(self.carries, |option| option == name) {
                    parts.push(word);
                    parts.extend(value);
                }
            } else if !acts && listed(self.actions, |action| action == word) {
                acts = true;
            } else {
                action = action.or(Some(word));
            }
        }
        if let Some(word) = action.or((!acts).then_some(program)) {
            return Err(word);
        }
        for package in packages {
            parts.extend([self.package, package]);
        }
        Ok(parts.join(" "))
    }

    /// Whether an action is such a clean.
    pub fn cleans(&self, action: &Action) -> bool {
        action.words == [self.clean]
    }

    /// The packages that such a clean names.
    pub fn cleaned<'l>(&self, line: &'l str) -> Vec<&'l str> {
        let mut words = line.split(' ');
        let mut named = Vec::new();
        while let Some(word) = words.next() {
            if word == self.package {
                named.extend(words.next());
            }
        }
        named
    }

    /// A text of `source` with which nothing is known.
    pub fn unknown_in(&self, source: &str) -> Option<&'static str> {
        self.unless.split(' ').find(|text| source.contains(text))
    }

    /// Where its settings outside of the project lie.
    pub fn settings(&self) -> impl Iterator<Item = &'static str> {
        self.settings.split_ascii_whitespace()
    }

    /// Whether a command of this text may write them.
    pub fn sets(&self, text: &str) -> bool {
        listed(self.sets, |part| text.contains(part))
    }

    /// Whether `path`, below the directory that it compiles into, names one program or library:
    /// `release/app`, `x86_64-unknown-linux-musl/release/app`.
    pub fn is_program(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        // A target stands in front of the profile.
        let is_target = parts[0].matches('-').count() > 1;
        parts.len() == 2 + usize::from(is_target)
            && !parts.iter().any(|part| part.is_empty() || listed(self.beside, |own| own == *part))
            && !path.contains(['*', '?', '['])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(command: &str) -> Result<String, &str> {
        let words: Vec<&str> = command.split(' ').collect();
        CARGO.clean(&words, &["a".into(), "b-c".into()])
    }

    #[test]
    fn a_clean_takes_over_where_the_result_lies() {
        for (command, options) in [
            ("cargo build", ""),
            ("cargo build -r --locked -j4", " -r"),
            ("cargo --locked build --release --bin a -j 4", " --release"),
            ("cargo build --profile dist --features=x,y -p a", " --profile dist"),
            ("cargo build --target=x --profile=dist", " --target=x --profile=dist"),
        ] {
            assert_eq!(clean(command), Ok(format!("cargo clean{options} -p a -p b-c")));
        }
        assert_eq!(clean("cargo +nightly build -vv").unwrap(), "cargo +nightly clean -p a -p b-c");
        assert_eq!(CARGO.cleaned(&clean("cargo build -r").unwrap()), ["a", "b-c"]);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (command, word) in [
            ("cargo build --target-dir x", "--target-dir"),
            ("cargo build --manifest-path=x/Cargo.toml", "--manifest-path=x/Cargo.toml"),
            ("cargo build -Z build-std", "-Z"),
            ("cargo build x", "x"),
            ("cargo build --profile", "--profile"),
            ("cargo test", "test"),
            ("cargo b", "b"),
            ("cargo install --path .", "install"),
            ("cargo", "cargo"),
            ("make build", "make"),
        ] {
            assert_eq!(clean(command), Err(word), "{command}");
        }
    }

    #[test]
    fn programs_are_named_by_their_paths() {
        for path in ["release/app", "dist/libx.so", "x86_64-unknown-linux-musl/release/app"] {
            assert!(CARGO.is_program(path), "{path}");
        }
        for path in [
            "",
            "release",
            "release/",
            "release/deps",
            "release/deps/app",
            "release/*",
            "x86_64-unknown-linux-musl/release",
            "release/build/z/out",
        ] {
            assert!(!CARGO.is_program(path), "{path}");
        }
    }
}
