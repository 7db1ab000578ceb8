//! Files that variables and options name, and that a command reads for that:
//! `NODE_EXTRA_CA_CERTS=/app/ca.pem`, `NODE_OPTIONS=--require ./src/hook.js`,
//! `-Djavax.net.ssl.trustStore=conf/trust.jks`, or its own program in `PATH=/app/bin:$PATH`.
//!
//! Beside the tables, which say what a variable or an option means, any value counts that is the
//! path of a copied file.

use super::reader::Reader;
use super::{CommandEffects, Named, Reads};
use crate::context::{base_name, parent};
use crate::ecosystem::{
    ActionKind, Argument, CALLED_BY_BUILDS, CALLED_BY_PACKAGES, OptionValue, SYSTEM, Use,
    ValueKind, holds_flags, is_home_of_tools, is_obeyed_by_systems, is_setting_at_home,
    is_settings, listed, prints_words, read_inside,
};
use crate::graph::path_set::under;
use crate::shell::{self, Joiner};

/// What divides the parts of a value: `--require=./a.js:/b`.
const BETWEEN: [char; 15] =
    [':', '=', ' ', ',', ';', '"', '|', '<', '>', '[', ']', '(', ')', '{', '}'];

/// What the names of settings hold whose values are paths.
const PLACES: &str = "cert dir file folder home key links location mirror path prefix source store";

/// How a file is recognised that is named without a directory: `example.com` is none.
const ENDINGS: [&str; 26] = [
    "cer", "cfg", "cjs", "conf", "config", "crt", "env", "ini", "jar", "jks", "js", "json", "key",
    "list", "mjs", "mod", "netrc", "npmrc", "pem", "props", "repo", "sh", "toml", "xml", "yaml",
    "yml",
];

impl Reader<'_> {
    /// The values of variables, and under other names what settings say; see [`is_setting`].
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.set.iter();
        let own = own.filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)));
        let in_part = self.known_in_part.iter();
        let in_part = in_part.map(|(name, text)| (name.as_str(), text.as_str()));
        let state = self.state.naming().iter().map(|(name, text)| (name.as_str(), text.as_str()));
        state.chain(own).chain(in_part)
    }

    /// The paths of the image that the variables of a command may name. Whether files are there is
    /// not known.
    pub(super) fn named_by_variables(&self, used: &Use) -> Vec<Named> {
        let programs = used.tool.programs;
        let is_system = used.tool.writes == SYSTEM;
        let under_none = |place: &str| SYSTEM.iter().all(|root| under(root, place).is_none());
        let mut found = Vec::new();
        for (name, value) in self.texts() {
            let is_address = value.contains("file://");
            let is_setting = is_setting(name);
            // What is for an application is nothing to packages of the system: `APP_CONFIG=/app/a.yml`.
            if is_system && !is_setting && !is_obeyed_by_systems(name) {
                continue;
            }
            let is_flags = holds_flags(name);
            // `directory = "vendor"` is a path in settings, as `lib` is in `PYTHONPATH=lib`.
            let is_path = is_setting || is_flags || name == "PATH" || read_inside(name).is_some();
            let parts = divided(value).filter(|part| is_path || may_be_path(part));
            // An empty part, or one that may be empty, is the working directory.
            // <https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH>
            let is_open = |part: &str| part.is_empty() || part.starts_with('$');
            let here = name == "PYTHONPATH" && value.split(':').any(is_open);
            let parts = parts.chain(here.then_some("."));
            for part in parts {
                let Some(place) = self.place(part, true) else { continue };
                let inside = if name == "PATH" { Some(programs) } else { read_inside(name) };
                let Some(inside) = inside else {
                    // A directory is named as the place of much that nobody reads.
                    let reads = match is_setting {
                        _ if is_address => Reads::Anything,
                        true if may_be_path(part) => Reads::LikelyAnything,
                        true => Reads::KnownAnything,
                        false if is_flags => Reads::KnownAnything,
                        false => Reads::LikelyFile,
                    };
                    found.push(Named { path: place, reads, is_argument: false });
                    continue;
                };
                let reads = match name == "PATH" || is_home_of_tools(name) {
                    true => Reads::Tool,
                    false => Reads::LikelyFile,
                };
                let own = name == "PATH" && under_none(&place);
                let called = if own && !is_system { CALLED_BY_BUILDS } else { &[] };
                let of_packages = if own && is_system { CALLED_BY_PACKAGES } else { "" };
                let names = of_packages.split_whitespace();
                let names = names.chain(inside.iter().chain(called).copied());
                found.extend(names.map(|name| {
                    let (path, reads) = match name {
                        "" => (place.clone(), Reads::Anything),
                        name => (super::join(&place, name), reads),
                    };
                    Named { path, reads, is_argument: false }
                }));
            }
        }
        found
    }

    /// The paths that the options of a command may name, beside those that its table knows for
    /// paths.
    pub(super) fn named_by_options(&self, used: &Use) -> Vec<Named> {
        let known = |text: &String| {
            let told = [&used.files, &used.paths, &used.outputs];
            used.directory.as_ref() == Some(text) || told.iter().any(|list| list.contains(text))
        };
        let values = used.values.iter().filter(|value| !known(&value.text));
        let mut found = Vec::new();
        for OptionValue { text, kind } in values {
            let is_address = text.contains("file://");
            for part in parts(text) {
                let Some(path) = self.place(part, true) else { continue };
                let reads = match kind {
                    _ if is_address => Reads::Anything,
                    ValueKind::Attached => Reads::Anything,
                    ValueKind::Behind if part.starts_with("./") => Reads::KnownAnything,
                    ValueKind::Behind if part.contains('/') && has_ending(part) => Reads::AnyFile,
                    _ => Reads::KnownFile,
                };
                found.push(Named { path, reads, is_argument: true });
            }
        }
        found
    }

    /// The files that other words of a command may name: `systemctl enable /app/x.service`.
    pub(super) fn named_by_words(&self, used: &Use, arguments: &[Argument<'_>]) -> Vec<Named> {
        let told = [&used.files, &used.paths, &used.outputs];
        let known = |text: &str| told.iter().any(|list| list.iter().any(|other| other == text));
        // Of the cheap ones those that work on the system; what others name is told, or printed.
        let reads = used.kind != ActionKind::Upkeep || used.tool.writes == SYSTEM;
        let words = arguments.iter().filter(|word| word.resolved && reads);
        let words = words.map(|word| word.text.as_str()).filter(|text| !known(text));
        // `luarocks install extra`, where a file has that name.
        let bare = words.clone().filter(|word| used.kind == ActionKind::Named && is_bare(word));
        // `-Dsbt.repository.config=repositories`
        let values = words.clone().filter(|word| word.starts_with('-'));
        let values = values.filter_map(|word| word.rsplit_once('=')).map(|(_, value)| value);
        let bare = bare.chain(values.filter(|value| is_bare(value)));
        let bare = bare.filter_map(|word| self.place(word, true));
        let mut found = self.files_in(words);
        found.extend(bare.map(|path| Named { path, reads: Reads::KnownFile, is_argument: true }));
        found
    }

    /// The files of the image that parts of these texts may name.
    fn files_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<Named> {
        let parts = texts.flat_map(divided).filter(|part| part.contains(['.', '/']));
        let places = parts.filter_map(|part| self.place(part, true));
        places.map(|path| Named { path, reads: Reads::KnownFile, is_argument: true }).collect()
    }

    /// The directories of files that options name: `--report out/report.json` fails without `out`.
    pub(super) fn parents_of_options(&self, used: &Use) -> Vec<String> {
        let parts = used.values.iter().flat_map(|value| parts(&value.text));
        let files = parts.filter(|part| part.contains('/') && has_ending(part));
        files.filter_map(|file| Some(parent(&self.place(file, true)?))).collect()
    }

    /// The directories that variables name, where it may be that a tool keeps something there.
    pub(super) fn directories_of_variables(&self) -> Vec<String> {
        let named = self.texts().filter(|(name, _)| {
            !is_setting(name) && name != &"PATH" && read_inside(name).is_none()
        });
        let paths = named.map(|(_, value)| value);
        let paths =
            paths.filter(|value| value.starts_with('/') && !value.contains([':', '$', ' ']));
        paths.map(str::to_owned).collect()
    }

    /// The directories that settings name which earlier commands wrote:
    /// `echo /opt/lib > /etc/ld.so.conf.d/own.conf`.
    pub(super) fn directories_in_settings(&self) -> impl Iterator<Item = String> {
        let settings = self.texts().filter(|(name, _)| is_setting(name));
        let paths =
            settings.flat_map(|(_, text)| divided(text)).filter(|part| part.starts_with('/'));
        paths.map(str::to_owned)
    }

    /// Keeps what a command writes into settings (`npm config set cafile /app/ca.pem`): the tools
    /// that run later read it, as they read variables.
    pub(super) fn keep_settings(
        &mut self,
        used: &Use,
        arguments: &[Argument<'_>],
        facts: &mut CommandEffects,
    ) {
        self.keep_links(facts);
        // `npm config set`, `go env -w`, `dotnet nuget add source`.
        let sets =
            |word: &Argument<'_>| matches!(word.text.as_str(), "-w" | "config" | "set" | "source");
        if used.kind != ActionKind::Upkeep || !arguments.iter().any(sets) {
            return;
        }
        // `bundle config set without test` names no directory, `bundle config set path gems` does.
        let tells = |text: &str| {
            let text = text.to_ascii_lowercase();
            listed(PLACES, |place| text.contains(place))
        };
        let places = arguments.iter().any(|word| tells(&word.text));
        let values = arguments.iter().map(|word| &word.text);
        let values = values.filter(|text| places || text.contains(['.', '/', '=', ':']));
        let variable = Self::kept_as_variable(used, arguments);
        self.keep(values.cloned().chain(variable), facts);
    }

    /// The same of what a command prints into a file of settings:
    /// `echo cafile=/app/ca.pem >> ~/.npmrc`.
    pub(super) fn keep_printed(
        &mut self,
        command: &shell::Command<'_>,
        facts: &mut CommandEffects,
    ) {
        let prints = facts.used.as_ref().is_some_and(|used| used.kind == ActionKind::Upkeep);
        let bodies = command
            .redirections
            .iter()
            .filter_map(|redirection| redirection.body.as_ref().map(|body| body.raw.to_string()));
        let words = command.words.iter().skip(1).map(|word| self.argument(word));
        let words: Vec<Argument<'_>> = words.collect();
        let mut is_plain = words.iter().all(|word| word.resolved);
        let mut texts: Vec<String> =
            words.into_iter().map(|word| word.text).chain(bodies).collect();
        let joined = command.joiner == Joiner::Pipe;
        // `echo "12  a.txt" | sha256sum -c`
        if joined && texts.iter().any(|text| text == "-c" || text == "--check") {
            let named = self.files_in(self.printed.iter().map(String::as_str));
            facts.named.extend(named);
        }
        if joined {
            texts.append(&mut self.printed);
        }
        let mut written = facts.writes.paths.iter();
        let prints = prints && (joined || !command.redirections.is_empty());
        // What it reads it passes on.
        let is_told = |path: &str| facts.writes.paths.iter().any(|written| written == path);
        let says = || command.words.first().and_then(|word| word.literal());
        if prints
            && says().is_some_and(|program| prints_words(&program))
            && facts.reads.paths.iter().all(|path| is_told(path))
        {
            is_plain &= !joined && facts.reads.paths.is_empty();
            facts.prints = Some(if is_plain { text_of(&texts, command) } else { String::new() });
        }
        if prints && written.any(|path| names_settings(path)) {
            self.keep(texts.iter().flat_map(|text| lines(text)), facts);
        }
        self.printed = texts;
    }

    /// The same of a link that stands for settings: `ln -s /app/conf/npmrc ~/.npmrc`.
    pub(super) fn keep_links(&mut self, facts: &mut CommandEffects) {
        let is_read = |path: &str| is_settings(path) || is_setting_at_home(base_name(path));
        let links = facts.links.iter().filter(|link| is_read(&link.name));
        let targets: Vec<String> = links.map(|link| link.target.clone()).collect();
        self.keep(targets.into_iter(), facts);
    }

    fn keep(&mut self, texts: impl Iterator<Item = String>, facts: &mut CommandEffects) {
        for text in texts {
            let name = format!("settings {} {}", facts.span.start, facts.settings_kept.len());
            self.set.insert(name, Some(text.clone()));
            facts.settings_kept.push(text);
        }
    }

    /// What the variables of a table name, as far as they are set: paths, and files in the
    /// directories that they name, written `CARGO_HOME/config.toml`.
    pub(super) fn read_by_variables(&self, variables: &str) -> (Vec<String>, Vec<String>) {
        let (mut read, mut settings) = (Vec::new(), Vec::new());
        for entry in variables.split_whitespace() {
            let (name, below) = entry.split_once('/').unwrap_or((entry, ""));
            let Some(value) = self.known(name) else { continue };
            if below.is_empty() {
                // An address is nothing that is copied.
                let paths = value.split_whitespace().filter(|value| !value.contains("://"));
                read.extend(paths.map(str::to_owned));
            } else if let Some(place) = self.place(value, true) {
                settings.push(super::join(&place, below));
            }
        }
        (read, settings)
    }
}

/// Whether a file is one of settings, by its place or its name.
pub(in crate::graph) fn names_settings(path: &str) -> bool {
    under("/etc", path).is_some() || base_name(path).starts_with('.') || has_ending(path)
}

/// The lines of a text that is printed into a file: `printf '[global]\\ncert = /app/ca.pem'`.
pub(in crate::graph) fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\\n", "\n");
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// What a command prints that is given `texts`: `printf '%s\\n' a b`, `echo a`, `cat <<EOF`.
fn text_of(texts: &[String], command: &shell::Command<'_>) -> String {
    let mut bodies =
        command.redirections.iter().filter_map(|redirection| redirection.body.as_ref());
    if let Some(body) = bodies.next() {
        return if body.raw.contains('$') { String::new() } else { body.raw.to_string() };
    }
    match texts {
        [format, rest @ ..] if format.trim_end_matches("\\n") == "%s" => rest.join("\n"),
        [option, rest @ ..] if option.starts_with('-') => rest.join(" ").replace("\\n", "\n"),
        all => all.join(" ").replace("\\n", "\n"),
    }
}

/// Whether a text is one of settings: it has no name, or one that no variable has.
fn is_setting(name: &str) -> bool {
    name.is_empty() || name.contains(' ')
}

/// The parts of a value that may be paths.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    divided(value).filter(|part| may_be_path(part))
}

fn divided(value: &str) -> impl Iterator<Item = &str> {
    // An address names nothing that is copied, but for one of a file.
    let is_local = |word: &&str| word.contains("file://") || !word.contains("://");
    let parts = value.split(' ').filter(is_local).flat_map(|word| word.split(BETWEEN));
    // `curl -H @headers.txt`
    let parts = parts.map(|part| part.trim_matches('\'').trim_start_matches('@'));
    // `file:///app` is divided behind its first colon.
    let parts = parts.map(|part| part.strip_prefix("//").unwrap_or(part));
    let parts = parts.map(|part| glued(part).unwrap_or(part));
    // What a pattern fits lies in the directory before it.
    let parts = parts.map(|part| match part.split_once('*') {
        Some((before, _)) => before.rsplit_once('/').map_or("", |(directory, _)| directory),
        None => part,
    });
    parts.filter(|part| !part.is_empty() && !part.contains('$'))
}

/// The path that is glued to a short option: `-Kcurl.cfg`, `-I/app/include`.
fn glued(part: &str) -> Option<&str> {
    let rest = part.strip_prefix('-').filter(|rest| !rest.starts_with('-'))?;
    rest.get(1..).filter(|path| may_be_path(path))
}

/// Whether a word is a name alone, as a file may have one.
fn is_bare(word: &str) -> bool {
    !word.is_empty() && !word.contains(['.', '/', '$', '*', '=', '@', ' ', '-'])
}

fn may_be_path(part: &str) -> bool {
    part.contains('/') || has_ending(part)
}

fn has_ending(part: &str) -> bool {
    let ending = part.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn values_are_taken_apart() {
        let of = |value| parts(value).collect::<Vec<_>>();
        assert_eq!(of("/app/ca.pem"), ["/app/ca.pem"]);
        assert_eq!(of("--require ./src/hook.js"), ["./src/hook.js"]);
        assert_eq!(of("-modfile=conf/alt.mod"), ["conf/alt.mod"]);
        assert_eq!(of("\"/app/bin:$PATH\""), ["/app/bin"]);
        assert_eq!(of("file:///app/vend"), ["/app/vend"]);
        assert_eq!(of("GOFLAGS=-modfile=/app/alt.mod"), ["/app/alt.mod"]);
        assert_eq!(of("deb [signed-by=/app/key.gpg] x"), ["/app/key.gpg"]);
        assert_eq!(of("-Kcurl.cfg -I/app/include"), ["curl.cfg", "/app/include"]);
        assert_eq!(of("/app/packages/*"), ["/app/packages"]);
        assert_eq!(of("-xvf *.js"), [""; 0]);
        assert_eq!(of("file:///app/vend,direct"), ["/app/vend"]);
        assert_eq!(of("Dir::Etc::sourcelist=/app/a.list"), ["/app/a.list"]);
        assert_eq!(of("https://example.com/simple"), [""; 0]);
        assert_eq!(of("ca.pem"), ["ca.pem"]);
        assert_eq!(of("example.com,3.12"), [""; 0]);
        assert_eq!(of("production"), [""; 0]);
        assert_eq!(of("@/app/java.opts"), ["/app/java.opts"]);
    }
}
