//! From the words of a command to what the tables say of it.
//!
//! Options may stand anywhere; a word that could not be resolved is kept as written and
//! marked, and decides only where its value cannot matter.

use super::{Action, Arguments, Kind, Tool, tools};

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its text; unresolved expansions stay as written.
    pub text: String,
    /// Whether `text` is certain.
    pub resolved: bool,
}

/// A command to be recognised.
#[derive(Clone, Debug)]
pub struct Invocation<'a> {
    /// The program, without its directory.
    pub program: &'a str,
    /// The words behind it.
    pub arguments: &'a [Argument],
}

/// What a command turned out to be.
#[derive(Clone, Debug)]
pub struct Use {
    /// The tool.
    pub tool: &'static Tool,
    /// What it is asked to do.
    pub action: &'static Action,
    /// What that means with the arguments at hand.
    pub kind: Kind,
    /// The directory it was told to work in.
    pub directory: Option<String>,
    /// Files it was told to read, as written.
    pub files: Vec<String>,
    /// Paths among its arguments, as written.
    pub paths: Vec<String>,
    /// It reads and rewrites the project's manifest.
    pub edits_manifest: bool,
}

/// What the tables know of a command; `None` for one they do not know.
pub fn recognise(invocation: &Invocation<'_>) -> Option<Use> {
    let program = program_name(invocation.program);
    let arguments = invocation.arguments;
    for tool in tools() {
        let arguments = if tool.programs.iter().any(|name| is_program(name, program)) {
            arguments
        } else if !tool.module.is_empty()
            && is_program("python{}", program)
            && let [flag, module, rest @ ..] = arguments
            && flag.text == "-m"
            && module.text == tool.module
        {
            rest
        } else {
            continue;
        };
        if let Some(found) = read(tool, arguments) {
            return Some(found);
        }
    }
    None
}

/// Windows spells programs with an extension and in any case.
fn program_name(program: &str) -> &str {
    [".exe", ".cmd", ".bat"].iter().find_map(|end| program.strip_suffix(end)).unwrap_or(program)
}

fn is_program(name: &str, program: &str) -> bool {
    match name.strip_suffix("{}") {
        Some(stem) => program.strip_prefix(stem).is_some_and(|version| {
            version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        }),
        None => name == program,
    }
}

fn read(tool: &'static Tool, arguments: &[Argument]) -> Option<Use> {
    let mut words: Vec<&Argument> = Vec::new();
    let mut flags: Vec<&str> = Vec::new();
    let mut directory = None;
    let mut files = Vec::new();
    let mut uncertain = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.text.as_str();
        if !text.starts_with('-') || text == "-" {
            words.push(argument);
            continue;
        }
        if text == "--" {
            words.extend(rest.by_ref());
            break;
        }
        let (name, mut value) = match text.split_once('=') {
            Some((name, value)) => (name, Some((value, argument.resolved))),
            None => (text, None),
        };
        flags.push(text);
        let names_directory = tool.directory_options.contains(&name);
        let names_file = tool.file_options.contains(&name);
        if names_directory || names_file || tool.value_options.contains(&name) {
            value = value.or_else(|| rest.next().map(|next| (next.text.as_str(), next.resolved)));
        } else if let Some((attached, _)) = attached_value(tool.file_options, text) {
            files.push(attached.to_owned());
            uncertain |= !argument.resolved;
            continue;
        }
        let Some((value, resolved)) = value else { continue };
        if names_directory {
            directory = Some(value.to_owned());
            uncertain |= !resolved;
        } else if names_file {
            files.push(value.to_owned());
            uncertain |= !resolved;
        }
    }
    let action = tool.actions.iter().find(|action| fits(action, &words, &flags))?;
    let rest = &words[action.words.len()..];
    let mut found = Use {
        tool,
        action,
        kind: action.kind,
        directory,
        files,
        paths: Vec::new(),
        edits_manifest: false,
    };
    apply_arguments(&mut found, rest);
    if uncertain {
        found.kind = Kind::Everything;
    }
    Some(found)
}

fn fits(action: &Action, words: &[&Argument], flags: &[&str]) -> bool {
    if !action.flags.is_empty() && !action.flags.iter().any(|flag| flags.contains(flag)) {
        return false;
    }
    if action.words.is_empty() {
        return words.is_empty() || matches!(action.arguments, Arguments::Free | Arguments::Paths);
    }
    action.words.len() <= words.len()
        && action.words.iter().zip(words).all(|(spellings, word)| {
            spellings.split('|').any(|spelling| spelling == "*" || spelling == word.text)
        })
}

fn apply_arguments(found: &mut Use, rest: &[&Argument]) {
    match found.action.arguments {
        Arguments::Ignored | Arguments::Free => {}
        Arguments::Unknown if rest.is_empty() => {}
        Arguments::Unknown => found.kind = Kind::Everything,
        Arguments::Paths => {
            if rest.iter().any(|word| !word.resolved) {
                found.kind = Kind::Everything;
            }
            found.paths.extend(rest.iter().map(|word| word.text.clone()));
        }
        Arguments::Packages | Arguments::ProjectPackages => {
            for word in rest {
                if is_project(&word.text) {
                    // The project itself: its source is needed, its dependencies come along.
                    found.kind = Kind::Compile;
                    return;
                }
                if is_path(&word.text) {
                    found.paths.push(word.text.clone());
                }
            }
            if found.action.arguments == Arguments::ProjectPackages {
                found.edits_manifest = !rest.is_empty();
            } else if found.kind == Kind::Install && !rest.is_empty() && found.files.is_empty() {
                found.kind = Kind::Named;
            }
        }
        Arguments::Versioned => {
            if !rest.is_empty()
                && rest.iter().all(|word| word.text.contains('@') && !is_path(&word.text))
            {
                found.kind = Kind::Named;
            }
        }
    }
}

/// `-rrequirements.txt`: a short option with its value attached.
fn attached_value<'t>(options: &[&str], text: &'t str) -> Option<(&'t str, ())> {
    options
        .iter()
        .filter(|option| option.len() == 2)
        .find_map(|option| text.strip_prefix(option))
        .filter(|value| !value.is_empty())
        .map(|value| (value, ()))
}

/// Whether an argument names a local project directory: `.`, `./lib`, `.[dev]`.
fn is_project(text: &str) -> bool {
    let path = text.split('[').next().unwrap_or(text);
    is_path(path) && !is_archive(path) && !path.contains('*')
}

/// Whether an argument is a path and not a package's name.
fn is_path(text: &str) -> bool {
    text == "."
        || text == ".."
        || ["./", "../", "/", "~/", "file:", ".[", ".\\"].iter().any(|s| text.starts_with(s))
        || (is_archive(text) && !text.contains("://"))
}

fn is_archive(text: &str) -> bool {
    [".whl", ".tar.gz", ".tgz", ".zip", ".deb", ".rpm", ".apk", ".gem", ".nupkg"]
        .iter()
        .any(|end| text.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(line: &str) -> Option<Use> {
        let words: Vec<Argument> = line
            .split(' ')
            .map(|word| Argument { text: word.to_owned(), resolved: !word.contains('$') })
            .collect();
        recognise(&Invocation { program: &words[0].text, arguments: &words[1..] })
    }

    fn kind(line: &str) -> Option<Kind> {
        used(line).map(|found| found.kind)
    }

    #[test]
    fn reads_pip() {
        let found = used("pip3 install --no-cache-dir -i https://x -r a.txt -cb.txt").unwrap();
        assert_eq!(
            (found.kind, found.files),
            (Kind::Install, vec!["a.txt".into(), "b.txt".into()])
        );
        assert_eq!(kind("python3.11 -m pip install flask"), Some(Kind::Named));
        assert_eq!(kind("pip install foo==$VERSION"), Some(Kind::Named));
        assert_eq!(kind("pip install -r $FILE"), Some(Kind::Everything));
        assert_eq!(kind("pip install -e ."), Some(Kind::Compile));
        assert_eq!(kind("pip install .[dev]"), Some(Kind::Compile));
        assert_eq!(used("pip install dist/a.whl").unwrap().paths, ["dist/a.whl"]);
        assert_eq!(kind("pipx install flask"), None);
        assert_eq!(kind("python3 -m build"), None);
    }

    #[test]
    fn reads_npm() {
        let found = used("npm --prefix web ci").unwrap();
        assert_eq!((found.kind, found.directory.as_deref()), (Kind::Install, Some("web")));
        assert_eq!(kind("npm i"), Some(Kind::Install));
        assert_eq!(kind("npm install -g @angular/cli"), Some(Kind::Named));
        assert!(used("npm install express").unwrap().edits_manifest);
        assert_eq!(kind("npm run build"), None);
    }

    #[test]
    fn reads_go() {
        assert_eq!(kind("go mod download"), Some(Kind::Install));
        assert_eq!(kind("go build -o /app ./..."), Some(Kind::Compile));
        assert_eq!(kind("go install github.com/a/b@latest"), Some(Kind::Named));
        assert_eq!(kind("go install ./cmd/a"), Some(Kind::Compile));
        assert_eq!(kind("gofmt -l ."), None);
    }

    #[test]
    fn reads_apt() {
        assert_eq!(kind("apt-get install -y --no-install-recommends curl"), Some(Kind::Named));
        assert_eq!(kind("apt-get -o Acquire::x=1 update"), Some(Kind::Named));
        assert_eq!(used("apt-get install -y ./a.deb").unwrap().paths, ["./a.deb"]);
    }
}
