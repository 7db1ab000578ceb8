//! Common commands whose needs are plain: they touch the paths among their arguments and
//! what `writes` names, nothing else.

use super::{Action, Arguments, Kind, TOOL, Tool, action};

const fn touches_its_paths(kind: Kind) -> Action {
    Action { arguments: Arguments::Paths, ..action(&[], kind) }
}

const fn free(kind: Kind) -> Action {
    Action { arguments: Arguments::Free, ..action(&[], kind) }
}

const COREUTILS: &str = "https://www.gnu.org/software/coreutils/manual/coreutils.html";
const POSIX: &str = "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/";
const SHADOW: &str = "https://github.com/shadow-maint/shadow";

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "account",
        source: SHADOW,
        programs: &["useradd", "adduser", "groupadd", "addgroup", "usermod", "groupmod", "passwd"],
        actions: &[free(Kind::Upkeep)],
        writes: &["/etc", "/home", "/var"],
        ..TOOL
    },
    Tool {
        name: "chmod",
        source: COREUTILS,
        programs: &[
            "chmod", "chown", "chgrp", "cp", "install", "ln", "mkdir", "mv", "rm", "rmdir", "touch",
        ],
        value_options: &["-m", "--mode", "-o", "--owner", "-g", "--group"],
        actions: &[touches_its_paths(Kind::Upkeep)],
        ..TOOL
    },
    Tool {
        name: "curl",
        source: "https://curl.se/docs/manpage.html",
        programs: &["curl"],
        value_options: &[
            "-H",
            "--header",
            "-A",
            "--user-agent",
            "-u",
            "--user",
            "-d",
            "--data",
            "-X",
            "--request",
            "--retry",
            "--retry-delay",
            "--connect-timeout",
            "-m",
            "--max-time",
            "--proto",
            "--tlsv1.2",
            "-w",
            "--write-out",
            "-e",
            "--referer",
            "-x",
            "--proxy",
            "--retry-max-time",
            "-b",
            "--cookie",
        ],
        file_options: &["-o", "--output", "--output-dir", "--cacert", "-T", "-K", "--config"],
        actions: &[free(Kind::Named)],
        writes: &["./"],
        ..TOOL
    },
    Tool {
        name: "git",
        source: "https://git-scm.com/docs/git-clone",
        programs: &["git"],
        value_options: &["-b", "--branch", "--depth", "-c", "--config", "-j", "--jobs", "-o"],
        directory_options: &["-C"],
        actions: &[
            Action { arguments: Arguments::Paths, ..action(&["clone"], Kind::Named) },
            action(&["--version|version|config"], Kind::Upkeep),
        ],
        writes: &["./", "~/.gitconfig"],
        ..TOOL
    },
    Tool {
        name: "output",
        source: POSIX,
        programs: &[
            "echo", "printf", "sleep", "date", "uname", "id", "whoami", "hostname", "which",
        ],
        actions: &[free(Kind::Upkeep)],
        ..TOOL
    },
    Tool {
        name: "shell",
        source: POSIX,
        programs: &[
            ":", "true", "false", "set", "cd", "export", "umask", "ulimit", "exit", "unset", "pwd",
            "shopt",
        ],
        actions: &[free(Kind::Upkeep)],
        ..TOOL
    },
    Tool {
        name: "tar",
        source: "https://www.gnu.org/software/tar/manual/",
        programs: &["tar", "unzip", "gzip", "gunzip", "xz", "unxz", "bunzip2"],
        value_options: &["--strip-components", "--exclude", "--strip"],
        directory_options: &["-C", "--directory", "-d"],
        file_options: &["-f", "--file"],
        actions: &[touches_its_paths(Kind::Upkeep)],
        writes: &["./"],
        ..TOOL
    },
    Tool {
        name: "text",
        source: POSIX,
        programs: &[
            "awk",
            "cat",
            "cut",
            "file",
            "grep",
            "head",
            "ls",
            "md5sum",
            "sed",
            "sha256sum",
            "sha512sum",
            "sort",
            "stat",
            "tail",
            "tee",
            "test",
            "tr",
            "wc",
            "[",
        ],
        value_options: &["-e", "-f", "-n", "-d", "-c"],
        actions: &[touches_its_paths(Kind::Upkeep)],
        ..TOOL
    },
    Tool {
        name: "wget",
        source: "https://www.gnu.org/software/wget/manual/",
        programs: &["wget"],
        value_options: &[
            "--header",
            "-t",
            "--tries",
            "-T",
            "--timeout",
            "-U",
            "--user-agent",
            "--user",
            "--password",
            "--progress",
            "-w",
            "--wait",
        ],
        directory_options: &["-P", "--directory-prefix"],
        file_options: &["-O", "--output-document", "-o", "--output-file", "-i", "--input-file"],
        actions: &[free(Kind::Named)],
        writes: &["./"],
        ..TOOL
    },
];
