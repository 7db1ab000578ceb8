//! Commands that run a script of the project, by its file or by a name in its manifest.

mod makefile;

use super::manifest::json;
use super::{Argument, script_file};
pub use makefile::recipe;

/// Programs that run a script of package.json, and the words for it.
/// <https://docs.npmjs.com/cli/v11/commands/npm-run>, <https://yarnpkg.com/cli/run>,
/// <https://pnpm.io/cli/run>, <https://bun.com/docs/cli/run>
const RUNNERS: &[(&str, &[&str])] =
    &[("bun", &["run"]), ("npm", &["run", "run-script"]), ("pnpm", &["run"]), ("yarn", &["run"])];

/// The script that a command runs, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called<'w> {
    /// A file, as written.
    File(&'w str),
    /// The script of package.json under this name.
    Named(&'w str),
    /// Targets of a Makefile.
    Targets(Vec<&'w str>),
}

/// The script that a command runs without giving it words of its own.
pub fn called<'w>(program: &'w str, arguments: &'w [Argument<'_>]) -> Option<Called<'w>> {
    if let Some((_, words)) = RUNNERS.iter().find(|(name, _)| *name == program) {
        return match arguments {
            [run, name] if words.contains(&run.text.as_str()) && name.resolved => {
                Some(Called::Named(&name.text))
            }
            _ => None,
        };
    }
    if program == "make" {
        let plain = |word: &&Argument<'_>| {
            word.resolved && !word.text.starts_with('-') && !word.text.contains('=')
        };
        let targets = arguments.iter().all(|word| plain(&word));
        return targets
            .then(|| Called::Targets(arguments.iter().map(|word| &*word.text).collect()));
    }
    match arguments {
        [] if program.contains('/') => Some(Called::File(program)),
        // `-e` of the shell only ends it earlier.
        [.., file] => {
            let is_file = script_file(program, arguments).is_some_and(|own| own.text == file.text);
            is_file.then_some(Called::File(&file.text))
        }
        _ => None,
    }
}

/// The text of a script in the text of a package.json, where no other one runs with it.
pub fn script_of(package: &str, name: &str) -> Option<String> {
    let package = json::parse(package)?;
    let script = |name: &str| package.first(&format!("scripts.{name}")).map(str::to_owned);
    let hooked = ["pre", "post"].iter().any(|hook| script(&format!("{hook}{name}")).is_some());
    script(name).filter(|_| !hooked && !name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<String> {
        let mut words = line.split(' ');
        let program = words.next().unwrap();
        let argument = |word| Argument { text: str::to_owned(word), resolved: true, written: word };
        let arguments: Vec<Argument<'_>> = words.map(argument).collect();
        called(program, &arguments).map(|called| match called {
            Called::File(file) => format!("file {file}"),
            Called::Named(name) => format!("script {name}"),
            Called::Targets(targets) => format!("targets {}", targets.join(" ")),
        })
    }

    #[test]
    fn scripts_that_commands_run() {
        assert_eq!(of("./install.sh").as_deref(), Some("file ./install.sh"));
        assert_eq!(of("sh -e bin/setup").as_deref(), Some("file bin/setup"));
        assert_eq!(of("npm run setup").as_deref(), Some("script setup"));
        assert_eq!(of("npm run-script setup").as_deref(), Some("script setup"));
        assert_eq!(of("make clean build").as_deref(), Some("targets clean build"));
        for line in
            ["./install.sh prod", "sh -c x", "npm test", "npm run setup -- -x", "make -j", "yarn"]
        {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[test]
    fn a_script_with_hooks_is_more_than_its_text() {
        let package = |scripts: &str| format!("{{\"scripts\": {{{scripts}}}}}");
        let alone = package("\"setup\": \"npm ci\"");
        assert_eq!(script_of(&alone, "setup").as_deref(), Some("npm ci"));
        assert_eq!(script_of(&alone, "build"), None);
        let hooked = package("\"setup\": \"npm ci\", \"presetup\": \"x\"");
        assert_eq!(script_of(&hooked, "setup"), None);
    }
}
