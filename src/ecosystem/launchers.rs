//! Package managers and interpreters that run a package manager for their arguments:
//! `corepack pnpm install`, `python -m pip install`.
//!
//! Only the programs named here are looked for behind them, since a name may mean something
//! else there. What runs any program (`sudo`, `env`) is the shell's business.

use super::invocation::{Argument, is_program};

/// A program that runs another one.
struct Launcher {
    /// Its names, divided by blanks.
    programs: &'static str,
    /// Words that must stand in front of the other program.
    words: &'static [&'static str],
    /// Its flags before the other program, divided by blanks.
    flags: &'static str,
    /// The same for options that take a value.
    values: &'static str,
    /// The programs it is known to run, divided by blanks.
    runs: &'static str,
}

const LAUNCHERS: &[Launcher] = &[
    // <https://github.com/nodejs/corepack#readme>
    Launcher { programs: "corepack", words: &[], flags: "", values: "", runs: "npm pnpm yarn" },
    // <https://docs.npmjs.com/cli/v11/commands/npx>
    Launcher {
        programs: "bunx npx pnpx",
        words: &[],
        flags: "--yes -y --bun",
        values: "",
        runs: "bower bun lerna npm playwright pnpm yarn",
    },
    // <https://docs.python.org/3/using/cmdline.html#cmdoption-m>
    Launcher {
        programs: "py python{} pypy{}",
        words: &["-m"],
        flags: "-u -I -E -s -B",
        values: "-X -W",
        runs: "nltk.downloader pdm pip pipenv pipx playwright poetry spacy uv venv virtualenv",
    },
    // <https://docs.conda.io/projects/conda/en/stable/commands/run.html>
    Launcher {
        programs: "conda mamba micromamba",
        words: &["run"],
        flags: "--no-capture-output --live-stream -v",
        values: "-n --name -p --prefix --cwd",
        runs: "mamba conda npm pip pip3 poetry python python3 uv",
    },
    // <https://docs.meteor.com/cli/#meteor-npm>
    Launcher { programs: "meteor", words: &[], flags: "", values: "", runs: "npm" },
    // <https://getcomposer.org/doc/00-intro.md#using-the-composer-phar>
    Launcher {
        programs: "php{}",
        words: &[],
        flags: "",
        values: "-d",
        runs: "composer composer.phar",
    },
    // <https://maven.apache.org/wrapper/>
    Launcher { programs: "ash bash sh", words: &[], flags: "", values: "", runs: "gradlew mvnw" },
];

/// Whether an interpreter finds the program `name` as a file, and not on PATH.
/// <https://www.php.net/manual/en/phar.using.intro.php>
pub(super) fn is_script_file(name: &str) -> bool {
    name.ends_with(".phar")
}

/// The index of the program among the arguments of the one that runs it.
pub(super) fn launched(program: &str, arguments: &[Argument<'_>]) -> Option<usize> {
    let launcher = LAUNCHERS
        .iter()
        .find(|launcher| launcher.programs.split(' ').any(|name| is_program(name, program)))?;
    let mut words = launcher.words.iter();
    let mut at = 0;
    loop {
        let argument = arguments.get(at)?;
        if !argument.resolved {
            return None;
        }
        let text = argument.text.as_str();
        let among = |list: &str, name: &str| list.split(' ').any(|entry| entry == name);
        if words.as_slice().first() == Some(&text) {
            words.next();
        } else if text.starts_with('-') {
            let name = text.split('=').next().unwrap_or(text);
            if among(launcher.values, name) {
                // `--cwd` would move what the program reads.
                if name == "--cwd" {
                    return None;
                }
                at += usize::from(name == text);
            } else if !among(launcher.flags, text) {
                return None;
            }
        } else {
            let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
            let name = name.split_once('@').map_or(name, |(name, _)| name);
            return (words.as_slice().is_empty() && among(launcher.runs, name)).then_some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(line: &str) -> Option<&str> {
        let words: Vec<&str> = line.split(' ').collect();
        let arguments: Vec<Argument<'_>> = words[1..]
            .iter()
            .map(|text| Argument { text: text.to_string(), resolved: true, written: text })
            .collect();
        launched(words[0], &arguments).map(|at| words[at + 1])
    }

    #[test]
    fn finds_the_program() {
        assert_eq!(inner("corepack pnpm install"), Some("pnpm"));
        assert_eq!(inner("python3.11 -u -m pip install x"), Some("pip"));
        assert_eq!(inner("npx --yes pnpm@8 install"), Some("pnpm@8"));
        assert_eq!(inner("conda run -n base pip install x"), Some("pip"));
        assert_eq!(inner("sh ./mvnw package"), Some("./mvnw"));
        assert_eq!(inner("php -d memory_limit=-1 composer.phar install"), Some("composer.phar"));
    }

    #[test]
    fn other_programs_stay() {
        for line in [
            "corepack enable",
            "python3 pip install",
            "python -m test",
            "npx prisma generate",
            "conda install pip",
            "sh install.sh",
            "sh -c gradlew",
            "pip -m pip",
        ] {
            assert_eq!(inner(line), None, "{line}");
        }
    }
}
