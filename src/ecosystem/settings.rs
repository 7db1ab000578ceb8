//! Commands that switch on, register or configure parts of the system: cheap ones, and those
//! that fetch or build what they name.

use super::{
    Action, ActionKind, Arguments, Looks, OPTIONS, OptionTable, SYSTEM, Source, TOOL, Tool, action,
};

pub(super) const TOOLS: &[Tool] = &[
    // Reads the settings of the sites and modules that it switches on, all below /etc.
    Tool {
        name: "apache",
        source: Source::at("https://manpages.debian.org/bookworm/apache2/a2enmod.8.en.html"),
        programs: &["a2enmod", "a2dismod", "a2ensite", "a2dissite", "a2enconf", "a2disconf"],
        actions: FREE,
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "apt-sources",
        source: Source::at(
            "https://manpages.debian.org/bookworm/software-properties-common/add-apt-repository.1.en.html",
        ),
        programs: &["add-apt-repository", "apt-add-repository", "apt-key", "extrepo"],
        options: OptionTable {
            values: "--keyserver --recv-keys --recv",
            reads: "--keyring",
            ..OPTIONS
        },
        actions: &[
            Action { arguments: Arguments::Free, ..action(&["add", "-"], ActionKind::Named) },
            Action { arguments: Arguments::Destination, ..action(&["add"], ActionKind::Named) },
            Action { arguments: Arguments::Free, ..action(&[], ActionKind::Named) },
        ],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "debconf",
        source: Source::at(
            "https://manpages.debian.org/bookworm/debconf/debconf-set-selections.1.en.html",
        ),
        programs: &["debconf-set-selections"],
        actions: PATHS,
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "docker-php-ext-install",
        source: Source::at("https://hub.docker.com/_/php"),
        programs: &["docker-php-ext-install", "docker-php-ext-configure", "install-php-extensions"],
        options: OptionTable { values: "-j", ..OPTIONS },
        actions: NAMED,
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "gpg",
        source: Source::at("https://www.gnupg.org/documentation/manuals/gnupg/"),
        programs: &["gpg", "gpg2", "gpgv", "gpgconf"],
        options: OptionTable {
            values: "--keyserver --keyserver-options --trust-model",
            reads: "--import --verify --keyring --primary-keyring",
            writes: "-o --output --homedir",
            arguments: "--recv-keys --recv-key --receive-keys --export",
            ..OPTIONS
        },
        actions: PATHS,
        writes: &["~/.gnupg"],
        ..TOOL
    },
    Tool {
        name: "jenkins-plugins",
        source: Source::at("https://github.com/jenkinsci/plugin-installation-manager-tool#readme"),
        programs: &["jenkins-plugin-cli"],
        options: OptionTable {
            values: "-w --war --jenkins-version --list -o",
            files: "-f --plugin-file",
            arguments: "-p --plugins",
            writes: "-d --plugin-download-directory",
            ..OPTIONS
        },
        actions: &[
            Action {
                flags: "-f --plugin-file",
                arguments: Arguments::Free,
                ..action(&[], ActionKind::Install)
            },
            Action { arguments: Arguments::Free, ..action(&[], ActionKind::Named) },
        ],
        writes: &["/usr/share/jenkins"],
        ..TOOL
    },
    Tool {
        name: "ldconfig",
        source: Source::at("https://man7.org/linux/man-pages/man8/ldconfig.8.html"),
        programs: &["ldconfig"],
        options: OptionTable { opaque: "-r -C -n -f", ..OPTIONS },
        actions: &[Action {
            arguments: Arguments::Free,
            looks: Looks::Indexed,
            ..action(&[], ActionKind::Upkeep)
        }],
        writes: SYSTEM,
        ..TOOL
    },
    Tool {
        name: "system-caches",
        source: Source::at(
            "https://manpages.debian.org/bookworm/ca-certificates/update-ca-certificates.8.en.html",
        ),
        programs: &[
            "apt-cache",
            "apt-config",
            "apt-mark",
            "docker-php-ext-enable",
            "docker-php-source",
            "dpkg-divert",
            "dpkg-query",
            "dpkg-reconfigure",
            "dpkg-statoverride",
            "fc-cache",
            "locale-gen",
            "localedef",
            "phpdismod",
            "phpenmod",
            "rc-update",
            "systemctl",
            "update-alternatives",
            "update-ca-certificates",
            "update-ca-trust",
            "update-locale",
            "update-mime-database",
            "update-rc.d",
            "gtk-update-icon-cache",
            "chkconfig",
        ],
        options: OptionTable { opaque: "-r -C -n -f", ..OPTIONS },
        actions: FREE,
        writes: SYSTEM,
        ..TOOL
    },
    // A version asked for, and nothing else.
    Tool {
        name: "versions",
        source: Source::at("https://www.gnu.org/prep/standards/html_node/_002d_002dversion.html"),
        programs: &[
            "cargo", "clang", "cmake", "dart", "elixir", "erl", "g++", "gcc", "ghc", "go", "java",
            "javac", "lua", "make", "node", "ocaml", "perl", "php", "python", "python3", "ruby",
            "rustc", "scala", "swift", "uvx", "npx", "aws", "kubectl", "docker", "protoc",
        ],
        actions: &[Action {
            flags: "--version -version -v -V",
            arguments: Arguments::None,
            ..action(&[], ActionKind::Upkeep)
        }],
        ..TOOL
    },
];

const FREE: &[Action] = &[Action { arguments: Arguments::Free, ..action(&[], ActionKind::Upkeep) }];
const PATHS: &[Action] =
    &[Action { arguments: Arguments::Paths, ..action(&[], ActionKind::Upkeep) }];
const NAMED: &[Action] = &[Action { arguments: Arguments::Free, ..action(&[], ActionKind::Named) }];
