//! Files of the project that settings and scripts beside the manifests name: `cafile` in .npmrc,
//! `require("./hooks")` in .pnpmfile.cjs. Any text in them counts that is the path of a file; what
//! a setting means is not asked.

use super::{join, parent};
use crate::bytes::Bytes;
use crate::ecosystem::listed;
use crate::ecosystem::names::ends_with_pattern;

/// Settings that an install reads, under names that variables and options give them as well:
/// `NPM_CONFIG_USERCONFIG=.npmrc.docker`. Their texts are asked for.
pub const SETTINGS: &str = ".Renviron .Rprofile *condarc *npmrc* *pip*.conf *settings*.xml .bundle/config \
                            .cargo/config .cargo/config.toml .curlrc .gemrc .mvn/jvm.config \
                            .mvn/maven.config .wgetrc .yarnrc .yarnrc.yml ansible.cfg bunfig.toml \
                            gradle.properties pdm.toml pip.ini poetry.toml";

/// Scripts that an install runs, like those that one of them loads.
pub const SCRIPTS: &str =
    ".pnpmfile.cjs .pnpmfile.mjs .puppeteerrc.*js prisma.config.*s puppeteer.config.*s";

/// What a script that loads another may leave out of its name.
/// <https://nodejs.org/api/modules.html#all-together>
const ENDINGS: [&str; 8] = ["", ".js", ".cjs", ".mjs", ".json", ".ts", "/index.js", "/index.cjs"];

/// What gives away that a script reads files which it does not name in one text.
const READS: [&str; 9] = [
    "child_process",
    "createRequire",
    "glob",
    "import(",
    "process.cwd",
    "readFile",
    "readdir",
    "require.resolve",
    "spawn",
];

/// What a file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// What may be paths of the project: below the directory of the file, or below that which
    /// the install runs in.
    pub paths: Vec<String>,
    /// Whether it may read others.
    pub others: bool,
}

/// Whether a file may name others that an install reads for that; `--userconfig=.cfg/rc` gives
/// settings any name.
pub fn may_mention(path: &str) -> bool {
    is_settings(path)
        || is_script(path)
        || ["rc", ".conf", ".ini"].iter().any(|end| path.ends_with(end))
}

/// Whether a file is one of settings that installs read.
pub fn is_settings(path: &str) -> bool {
    listed(SETTINGS, |name| ends_with_pattern(path, name))
}

fn is_script(path: &str) -> bool {
    let mut names = path.split('/');
    // Releases and plugins of Yarn are one file each.
    [".cjs", ".js", ".mjs", ".ts"].iter().any(|end| path.ends_with(end))
        && !names.any(|name| name == ".yarn" || name == "node_modules")
}

/// The settings that lie in a directory of this name: `maven.config` in `.mvn`.
pub fn settings_in(directory: &str) -> impl Iterator<Item = &'static str> {
    let below = move |path: &&'static str| parent(path) == directory;
    SETTINGS.split(' ').filter(move |path| below(path)).map(|path| path.behind_last(b'/'))
}

/// What the file at `path` names.
pub fn mentioned(path: &str, text: &str) -> Mentioned {
    let mut found = Mentioned::default();
    let mut add = |word: &str, endings: &[&str]| {
        for ending in endings {
            let word = format!("{word}{ending}");
            found.paths.push(join(parent(path), &word));
            if !word.starts_with("../") {
                found.paths.push(join("", &word));
            }
        }
    };
    if is_settings(path) || !is_script(path) {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
            let between = [' ', '\t', '=', '"', '\'', ',', '[', ']', '(', ')', '<', '>', ';'];
            // `-javaagent:tools/a.jar`
            let words = line.split(between).map(|word| match word.split_once(':') {
                Some((option, path)) if option.starts_with('-') => path,
                _ => word,
            });
            for word in words.filter(|word| is_path(word)) {
                let word = word.strip_prefix("file://").unwrap_or(word);
                // `${PWD}/ca.pem`; of most variables nothing is known.
                let rest = word.strip_prefix("${").and_then(|word| word.split_once("}/"));
                add(rest.map_or(word, |(_, rest)| rest), &[""]);
                // `$DIR/lib/run.sh`, `$(dirname $0)/lib/run.sh`
                match word.split_once('/').filter(|_| !is_settings(path)) {
                    Some((start, rest)) if start.is_empty() || start.starts_with('$') => {
                        add(rest, &[""]);
                    }
                    _ => {}
                }
            }
        }
    } else {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            let words = line.split(['"', '\'', '`']).skip(1).step_by(2);
            words.filter(|word| is_path(word)).for_each(|word| add(word, &ENDINGS));
        }
        // What is loaded is named in quotes.
        let plain = text.replace("require(\"", "").replace("require('", "");
        found.others = READS.iter().any(|call| text.contains(call)) || plain.contains("require(");
    }
    found
}

/// Whether a word may be a path of the project.
fn is_path(word: &str) -> bool {
    let name = word.trim_matches(['.', '/']);
    !name.is_empty()
        && word.contains(['/', '.'])
        && !word.starts_with("//")
        && (!word.contains("://") || word.starts_with("file://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        mentioned(path, text).paths
    }

    #[test]
    fn settings_name_files() {
        assert_eq!(
            paths(".npmrc", "# x/y\nregistry=https://x/y\ncafile = certs/ca.pem\nshell=./s\n"),
            ["certs/ca.pem", "certs/ca.pem", "s", "s"]
        );
        assert_eq!(
            paths(".mvn/jvm.config", "-javaagent:tools/a.jar"),
            [".mvn/tools/a.jar", "tools/a.jar"]
        );
        assert_eq!(paths("a/pip.conf", "cert = ca.pem"), ["a/ca.pem", "ca.pem"]);
        assert_eq!(paths(".npmrc", "cafile=/app/ca.pem"), ["/app/ca.pem", "/app/ca.pem"]);
        let poetry = "[certificates]\ncert = \"certs/ca.pem\"";
        assert_eq!(paths("poetry.toml", poetry), ["certs/ca.pem", "certs/ca.pem"]);
        assert_eq!(paths(".npmrc", "save-exact=true\nloglevel=warn"), [""; 0]);
    }

    #[test]
    fn scripts_name_scripts() {
        let found = mentioned(".pnpmfile.cjs", "const { a } = require('./lib/hooks')");
        assert!(found.paths.contains(&"lib/hooks.js".into()) && !found.others);
        assert_eq!(mentioned(".pnpmfile.cjs", "require('semver')"), Mentioned::default());
        for text in ["require(name)", "fs.readFileSync(p)", "await import(x)"] {
            assert!(mentioned(".pnpmfile.cjs", text).others, "{text}");
        }
        let started = paths("bin/sbt", "exec \"$(dirname \"$0\")/dist/run\" -jar $LIB/a.jar");
        for path in ["bin/dist/run", "bin/a.jar", "a.jar"] {
            assert!(started.iter().any(|started| started == path), "{path}: {started:?}");
        }
        assert!(may_mention("a/.pnpmfile.cjs") && may_mention("lib/hooks.js"));
        assert!(may_mention("a/.npmrc.docker") && may_mention("npmrc"));
        assert_eq!(paths(".cfg/rc", "cafile=.cfg/ca.pem")[1], ".cfg/ca.pem");
        assert!(!may_mention(".yarn/releases/yarn-4.cjs") && !may_mention("package.json"));
    }
}
