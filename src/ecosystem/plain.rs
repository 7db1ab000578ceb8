//! Common commands whose needs are plain: they touch the paths among their arguments and
//! what `writes` names, nothing else.

use super::{
    Action, ActionKind, Arguments, Looks, OPTIONS, OptionTable, Source, TOOL, Tool, action,
};

const TOUCHES_ITS_PATHS: &[Action] =
    &[Action { arguments: Arguments::Paths, ..action(&[], ActionKind::Upkeep) }];

const METADATA: Action =
    Action { arguments: Arguments::Metadata, ..action(&[], ActionKind::Upkeep) };

const INPUTS: Action = Action { arguments: Arguments::Inputs, ..action(&[], ActionKind::Upkeep) };

const fn free(kind: ActionKind) -> Action {
    Action { arguments: Arguments::Free, ..action(&[], kind) }
}

const FREE: &[Action] = &[free(ActionKind::Upkeep)];
const DOWNLOADS: &[Action] = &[free(ActionKind::Named)];

const COREUTILS: &str = "https://www.gnu.org/software/coreutils/manual/coreutils.html";
const POSIX: &str = "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/";
const SHADOW: &str = "https://github.com/shadow-maint/shadow";

/// The home directory belongs to the account, if it is not there yet.
const ACCOUNT_OPTIONS: OptionTable =
    OptionTable { writes: "-d --home --home-dir -h -b --base-dir -k", ..OPTIONS };

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "account",
        source: Source::at(SHADOW),
        programs: &[
            "useradd", "adduser", "groupadd", "addgroup", "groupmod", "passwd", "chpasswd",
            "groupdel", "delgroup", "gpasswd", "chsh",
        ],
        options: ACCOUNT_OPTIONS,
        actions: FREE,
        // Beside the accounts and a home directory: the last login, and a box for mail.
        // https://github.com/shadow-maint/shadow/blob/master/src/useradd.c
        writes: &["/etc", "/home", "/var/log", "/var/mail", "/var/spool"],
        ..TOOL
    },
    Tool {
        name: "account",
        source: Source::at(SHADOW),
        programs: &["usermod", "userdel", "deluser"],
        options: ACCOUNT_OPTIONS,
        actions: FREE,
        // A home directory with all that is in it may be anywhere: that of `www-data` is /var/www.
        writes: &["/etc", "/home", "/var"],
        ..TOOL
    },
    Tool {
        name: "chmod",
        source: Source::at(COREUTILS),
        programs: &["chmod"],
        actions: &[METADATA],
        ..TOOL
    },
    Tool {
        name: "chown",
        source: Source::at(COREUTILS),
        programs: &["chown", "chgrp", "setcap"],
        options: OptionTable { reads: "--reference", ..OPTIONS },
        // The first word is the owner.
        actions: &[
            Action { flags: "--reference", ..METADATA },
            Action { words: &["*"], ..METADATA },
        ],
        ..TOOL
    },
    // What it prints is never the same.
    Tool {
        name: "clock",
        source: Source::at(POSIX),
        programs: &["date", "uuidgen"],
        actions: FREE,
        varies: true,
        ..TOOL
    },
    Tool {
        name: "cp",
        source: Source::at(COREUTILS),
        programs: &[
            "cp", "install", "gzip", "gunzip", "xz", "unxz", "bzip2", "bunzip2", "zstd",
            "dos2unix", "unix2dos",
        ],
        options: OptionTable { values: "-m --mode -o --owner -g --group -s --size", ..OPTIONS },
        actions: TOUCHES_ITS_PATHS,
        ..TOOL
    },
    Tool {
        name: "curl",
        source: Source::at("https://curl.se/docs/manpage.html"),
        programs: &["curl"],
        options: OptionTable {
            values: "-H --header -A --user-agent -u --user -X --request --retry --retry-delay \
                     --connect-timeout -m --max-time --proto --proto-redir --tls-max -w \
                     --write-out -e --referer -x --proxy --retry-max-time -b --cookie -C \
                     --continue-at -r --range --noproxy --resolve --limit-rate --max-redirs \
                     --ciphers --interface --oauth2-bearer",
            writes: "-o --output --output-dir -D --dump-header -c --cookie-jar --stderr",
            reads: "--cacert --capath --cert --key -E --netrc-file --pinnedpubkey --crlfile \
                    --proxy-cacert --proxy-cert --proxy-key --etag-compare",
            opaque: "-T --upload-file -K --config -d --data --data-binary --data-raw \
                     --data-urlencode -F --form --json",
            clusters: true,
            ..OPTIONS
        },
        actions: DOWNLOADS,
        writes: &["./"],
        ..TOOL
    },
    Tool {
        name: "git",
        source: Source::at("https://git-scm.com/docs/git-clone"),
        programs: &["git"],
        options: OptionTable {
            values: "-b --branch --depth -c --config -j --jobs -o --origin --filter \
                     --shallow-since --server-option",
            directories: "-C",
            reads: "--reference --template --reference-if-able",
            runs: "-u --upload-pack",
            writes: "--separate-git-dir",
            opaque: "--git-dir --work-tree",
            ..OPTIONS
        },
        actions: &[
            Action { arguments: Arguments::Destination, ..action(&["clone"], ActionKind::Named) },
            Action { flags: "--global --system", ..action(&["config"], ActionKind::Upkeep) },
            action(&["version"], ActionKind::Upkeep),
            Action { flags: "--version", ..action(&[], ActionKind::Upkeep) },
            Action {
                flags: "--system --skip-repo",
                writes: &["/etc/gitconfig"],
                ..action(&["lfs", "install"], ActionKind::Upkeep)
            },
        ],
        writes: &["./", "~/.gitconfig"],
        ..TOOL
    },
    // The first word is the pattern.
    Tool {
        name: "grep",
        source: Source::at("https://www.gnu.org/software/grep/manual/grep.html"),
        programs: &["grep", "egrep", "fgrep"],
        options: OptionTable {
            values: "-e --regexp -m -A -B -C --include --exclude --exclude-dir",
            reads: "-f --file",
            ..OPTIONS
        },
        actions: &[
            Action { flags: "-e --regexp -f --file", ..INPUTS },
            Action { words: &["*"], ..INPUTS },
        ],
        ..TOOL
    },
    Tool {
        name: "list",
        source: Source::at(COREUTILS),
        programs: &["du", "ls", "tree"],
        options: OptionTable { values: "-I -L -P --max-depth", ..OPTIONS },
        actions: &[Action { looks: Looks::Listing, ..INPUTS }],
        ..TOOL
    },
    Tool {
        name: "mkdir",
        source: Source::at(COREUTILS),
        programs: &["ln", "mkdir", "touch", "truncate"],
        options: OptionTable { values: "-m --mode -s --size", ..OPTIONS },
        actions: &[Action { arguments: Arguments::Made, ..action(&[], ActionKind::Upkeep) }],
        ..TOOL
    },
    Tool {
        name: "mv",
        source: Source::at(COREUTILS),
        programs: &["mv"],
        options: OptionTable { values: "-S --suffix", ..OPTIONS },
        actions: &[Action { arguments: Arguments::Moved, ..action(&[], ActionKind::Upkeep) }],
        ..TOOL
    },
    Tool {
        name: "output",
        source: Source::at(POSIX),
        programs: &[
            "arch", "basename", "df", "dirname", "echo", "env", "expr", "free", "getconf",
            "hostname", "id", "locale", "lscpu", "nproc", "printenv", "printf", "ps", "seq",
            "sleep", "sync", "sysctl", "uname", "uptime", "which", "whoami", "yes",
        ],
        actions: FREE,
        ..TOOL
    },
    // What it is itself, and nothing else.
    Tool {
        name: "php",
        source: Source::at("https://www.php.net/manual/en/features.commandline.options.php"),
        programs: &["php{}"],
        actions: &[Action {
            flags: "-i --info -m --modules -v --version --ini",
            arguments: Arguments::None,
            ..action(&[], ActionKind::Upkeep)
        }],
        ..TOOL
    },
    // What it fetches goes to a file that is named, or nowhere.
    Tool {
        name: "powershell",
        source: Source::at(
            "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/invoke-webrequest",
        ),
        programs: &["Invoke-WebRequest", "iwr", "Start-BitsTransfer"],
        options: OptionTable {
            values: "-Uri -Method -Headers -UserAgent -TimeoutSec -Source",
            writes: "-OutFile -Destination",
            opaque: "-InFile -Body",
            ..OPTIONS
        },
        actions: DOWNLOADS,
        writes: &["./"],
        ..TOOL
    },
    // Every word may be a path.
    Tool {
        name: "read",
        source: Source::at(POSIX),
        programs: &[
            "base64",
            "cat",
            "cmp",
            "cut",
            "diff",
            "file",
            "head",
            "jq",
            "md5sum",
            "readlink",
            "realpath",
            "sha1sum",
            "sha256sum",
            "sha512sum",
            "stat",
            "tail",
            "tr",
            "wc",
        ],
        actions: &[INPUTS],
        ..TOOL
    },
    Tool {
        name: "rm",
        source: Source::at(COREUTILS),
        programs: &["rm", "rmdir"],
        actions: &[Action { arguments: Arguments::Removed, ..action(&[], ActionKind::Upkeep) }],
        ..TOOL
    },
    Tool {
        name: "sed",
        source: Source::at("https://www.gnu.org/software/sed/manual/sed.html"),
        programs: &["sed"],
        options: OptionTable { values: "-e --expression", reads: "-f --file", ..OPTIONS },
        actions: &[
            Action {
                flags: "-e --expression -f --file",
                arguments: Arguments::Paths,
                ..action(&[], ActionKind::Upkeep)
            },
            // The first word is the script.
            Action { arguments: Arguments::Paths, ..action(&["*"], ActionKind::Upkeep) },
        ],
        ..TOOL
    },
    Tool {
        name: "shell",
        source: Source::at(POSIX),
        programs: &[
            ":", "true", "false", "set", "cd", "export", "umask", "ulimit", "exit", "unset", "pwd",
            "shopt", "wait", "case",
        ],
        actions: FREE,
        ..TOOL
    },
    Tool {
        name: "ssh-keyscan",
        source: Source::at("https://man.openbsd.org/ssh-keyscan"),
        programs: &["ssh-keyscan"],
        options: OptionTable { values: "-p -T -t -O", reads: "-f", ..OPTIONS },
        actions: DOWNLOADS,
        ..TOOL
    },
    Tool {
        name: "tar",
        source: Source::at("https://www.gnu.org/software/tar/manual/"),
        programs: &["tar", "unzip", "bsdtar"],
        options: OptionTable {
            values: "--strip-components --exclude --strip --owner --group --mode --transform",
            directories: "-C --directory -d",
            arguments: "-f --file",
            opaque: "-T --files-from -X --exclude-from",
            clusters: true,
            ..OPTIONS
        },
        actions: &[
            // Letters without a dash are options.
            Action {
                arguments: Arguments::Paths,
                ..action(
                    &["x|xf|xv|xvf|xz|xzf|xvz|xzv|xvzf|xzvf|xj|xjf|xvj|xjv|xvjf|xjvf|xJ|xJf|xvJ|\
                       xJv|xvJf|xJvf|zx|zxf|zxv|zxvf|jxf|jxvf|Jxf|xfz|xzfv|xfv|vxf|vxzf"],
                    ActionKind::Upkeep,
                )
            },
            Action { arguments: Arguments::Paths, ..action(&[], ActionKind::Upkeep) },
        ],
        writes: &["./"],
        ..TOOL
    },
    // Files are asked for by options alone, and only read.
    Tool {
        name: "test",
        source: Source::at(
            "https://www.gnu.org/software/bash/manual/html_node/Bash-Conditional-Expressions.html",
        ),
        programs: &["[", "test"],
        options: OptionTable {
            values: "-z -n -v",
            reads: "-b -c -d -e -f -g -h -k -p -r -s -t -u -w -x -G -L -N -O -S",
            opaque: "-ef -nt -ot",
            ..OPTIONS
        },
        actions: &[Action { looks: Looks::Asked, ..free(ActionKind::Upkeep) }],
        ..TOOL
    },
    Tool {
        name: "text",
        source: Source::at(POSIX),
        programs: &["awk", "sort", "tee", "uniq"],
        options: OptionTable { values: "-e -n -d -c", reads: "-f", ..OPTIONS },
        actions: TOUCHES_ITS_PATHS,
        ..TOOL
    },
    Tool {
        name: "wget",
        source: Source::at("https://www.gnu.org/software/wget/manual/"),
        programs: &["wget"],
        options: OptionTable {
            values: "--header -t --tries -T --timeout -U --user-agent --user --password \
                     --progress -w --wait --max-redirect -e --execute \
                     --connect-timeout --read-timeout --secure-protocol -Q --limit-rate",
            writes: "-O --output-document -o --output-file -P --directory-prefix",
            reads: "--ca-certificate --ca-directory --certificate --private-key --crl-file \
                    --load-cookies --hsts-file",
            opaque: "-i --input-file --post-file --body-file --config -r --recursive -m --mirror",
            clusters: true,
            ..OPTIONS
        },
        actions: DOWNLOADS,
        writes: &["./"],
        ..TOOL
    },
];
