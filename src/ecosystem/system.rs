//! Package managers of operating systems.

use super::{
    Action, ActionKind, Arguments, Cache, Index, OPTIONS, OptionTable, Source, TOOL, Tool, action,
    empties, refreshes,
};

pub(super) const TOOLS: &[Tool] = &[APK, APT, CHOCO, DNF, DPKG, PACMAN, RPM, WINDOWS, ZYPPER];

/// Where the system keeps programs, libraries and settings: nearly every command reads them,
/// and a system package may write any of them.
pub const SYSTEM: &[&str] = &[
    "/Program Files",
    "/Program Files (x86)",
    "/ProgramData",
    "/Users",
    "/Windows",
    "/bin",
    "/boot",
    "/etc",
    "/lib",
    "/lib64",
    "/run",
    "/sbin",
    "/usr/bin",
    "/usr/games",
    "/usr/include",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local",
    "/usr/sbin",
    "/usr/share",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/spool",
];

/// Where web servers have their pages, among the files of the system, and the server's name:
/// no other package writes there.
/// <https://hub.docker.com/_/nginx>, <https://hub.docker.com/_/httpd>
pub const SITES: &[(&str, &str)] =
    &[("/usr/local/apache2/htdocs", "apache"), ("/usr/share/nginx/html", "nginx")];

/// Where packages of web servers put a page unless one is there, and of whom that depends: the
/// postinst of Debian's apache2 looks for `index.*`, that of lighttpd for `index.html`.
/// <https://salsa.debian.org/apache-team/apache2/-/blob/master/debian/apache2.postinst>,
/// <https://salsa.debian.org/debian/lighttpd/-/blob/debian/unstable/debian/lighttpd.postinst>
pub const PAGES: (&str, &str) = ("/var/www", "apache httpd lighttpd nginx");

/// What package managers write of their own, where they install and remove nothing: the index, what
/// they have downloaded, locks, logs, and the repositories that `zypper addrepo` adds.
/// <https://manpages.debian.org/bookworm/apt/apt-get.8.en.html#FILES>,
/// <https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk.8.scd>,
/// <https://dnf.readthedocs.io/en/latest/conf_ref.html>
pub const INDEXES: &[&str] =
    &["/etc/apk", "/etc/zypp", "/lib/apk", "/usr/lib/apk", "/var/cache", "/var/lib", "/var/log"];

/// The settings that a package manager of the system reads below HOME, where that is known: apk has
/// none, and apt those of dpkg. <https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#FILES>,
/// <https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk.8.scd>
pub fn settings_of_home(tool: &str) -> Option<&'static [&'static str]> {
    match tool {
        "apk" => Some(&[]),
        "apt" | "dpkg" => Some(&[".dpkg.cfg"]),
        _ => None,
    }
}

const APK: Tool = Tool {
    name: "apk",
    source: Source::at("https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper"),
    programs: &["apk", "xx-apk"],
    options: OptionTable {
        values: "-t --virtual --wait --timeout --progress-fd --arch \
                 --cache-max-age --cache-dir",
        // A repository may be a directory.
        reads: "--keys-dir --repositories-file -X --repository",
        opaque: "-p --root",
        ..OPTIONS
    },
    actions: &[
        // https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk.8.scd
        Action {
            flags: "--no-cache -U --update-cache --update",
            index: Index::Own,
            arguments: Arguments::Packages,
            ..action(&["add|fetch"], ActionKind::Named)
        },
        Action { arguments: Arguments::Packages, ..action(&["add|fetch"], ActionKind::Named) },
        refreshes(&["update"]),
        action(&["upgrade"], ActionKind::Named),
        empties(&["cache"]),
        action(&["del|info|search|version|policy|list|stats"], ActionKind::Upkeep),
        Action { flags: "--version", ..action(&[], ActionKind::Upkeep) },
    ],
    writes: SYSTEM,
    // Kept where /etc/apk/cache links to it: <https://man.archlinux.org/man/apk-cache.5.en>
    caches: &[Cache { path: "/var/cache/apk", variable: "" }],
    ..TOOL
};

/// What is said to package managers to take something away, or part of it.
const TAKING_AWAY: &[&str] =
    &[" cc", "-R", "-Sc", "clea", "del", "erase", "prune", "purge", "remove", "rm", "uninstall"];

/// Whether the words of a package manager may take something away: `yarn cache clean`,
/// `pacman -Scc`.
pub fn takes_something_away(command: &str) -> bool {
    TAKING_AWAY.iter().any(|word| command.contains(word))
}

const APT: Tool = Tool {
    name: "apt",
    source: Source::at("https://manpages.debian.org/bookworm/apt/apt-get.8.en.html"),
    programs: &["apt", "apt-get", "aptitude", "xx-apt", "xx-apt-get"],
    options: OptionTable {
        values: "-o --option -t --target-release --default-release -a --host-architecture",
        reads: "-c --config-file",
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|reinstall|build-dep|satisfy"], ActionKind::Named)
        },
        refreshes(&["update"]),
        action(&["upgrade|dist-upgrade|full-upgrade|safe-upgrade"], ActionKind::Named),
        empties(&["clean|autoclean|distclean"]),
        action(&["remove|purge|autoremove|autopurge|mark|list|show|search"], ActionKind::Upkeep),
        Action { flags: "--version -v --help", ..action(&[], ActionKind::Upkeep) },
    ],
    writes: SYSTEM,
    caches: &[
        Cache { path: "/var/cache/apt", variable: "" },
        Cache { path: "/var/lib/apt/lists", variable: "" },
    ],
    // <https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages>
    exclusive: true,
    ..TOOL
};

const CHOCO: Tool = Tool {
    name: "choco",
    source: Source::at("https://docs.chocolatey.org/en-us/choco/commands/install/"),
    programs: &["choco"],
    options: OptionTable {
        values: "--version --params --parameters --package-parameters --ia --installargs \
                 --install-arguments --execution-timeout --timeout",
        reads: "-s --source",
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|upgrade"], ActionKind::Named)
        },
        Action {
            arguments: Arguments::Free,
            ..action(&["feature|config|source"], ActionKind::Upkeep)
        },
    ],
    writes: SYSTEM,
    ..TOOL
};

const DNF: Tool = Tool {
    name: "dnf",
    source: Source::at("https://dnf.readthedocs.io/en/latest/command_ref.html"),
    programs: &["dnf", "microdnf", "tdnf", "yum", "dnf5"],
    options: OptionTable {
        values: "-x --exclude --excludepkgs --setopt --releasever --enablerepo --disablerepo \
                 --repo --repoid --forcearch --comment --disableplugin --enableplugin -e \
                 --errorlevel -d --debuglevel -R --randomwait",
        reads: "-c --config",
        opaque: "--installroot --repofrompath",
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(
                &["install|localinstall|reinstall|groupinstall|download|swap"],
                ActionKind::Named,
            )
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["group", "install"], ActionKind::Named)
        },
        refreshes(&["makecache"]),
        action(
            &["update|upgrade|upgrade-minimal|update-minimal|distro-sync|module"],
            ActionKind::Named,
        ),
        empties(&["clean"]),
        action(&["remove|erase|autoremove|list|info|search|repolist|mark"], ActionKind::Upkeep),
        // `--add-repo own.repo`
        Action { arguments: Arguments::Free, ..action(&["config-manager"], ActionKind::Named) },
        Action { flags: "--version", ..action(&[], ActionKind::Upkeep) },
    ],
    writes: SYSTEM,
    // <https://man.archlinux.org/man/dnf5-caching.7.en>
    caches: &[
        Cache { path: "/var/cache/dnf", variable: "" },
        Cache { path: "/var/cache/libdnf5", variable: "" },
        Cache { path: "/var/cache/yum", variable: "" },
    ],
    ..TOOL
};

const DPKG: Tool = Tool {
    name: "dpkg",
    source: Source::at("https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html"),
    programs: &["dpkg", "gdebi"],
    options: OptionTable { values: "-n --option", opaque: "--root --instdir", ..OPTIONS },
    actions: &[
        Action {
            flags: "-i --install --unpack -n --non-interactive",
            arguments: Arguments::Packages,
            ..action(&[], ActionKind::Named)
        },
        Action { arguments: Arguments::Free, ..action(&[], ActionKind::Upkeep) },
    ],
    writes: SYSTEM,
    ..TOOL
};

const PACMAN: Tool = Tool {
    name: "pacman",
    source: Source::at("https://man.archlinux.org/man/pacman.8"),
    programs: &["pacman"],
    options: OptionTable {
        values: "--color --overwrite --ignore --ignoregroup --assume-installed",
        reads: "--config --gpgdir --hookdir",
        // -U installs files, -D and -r reach elsewhere.
        opaque: "-U --upgrade --root --sysroot --dbpath -b -r",
        ..OPTIONS
    },
    actions: &[
        Action { flags: "-Sy -Syy", arguments: Arguments::None, ..refreshes(&[]) },
        Action {
            flags: "-S -Sy -Syu -Syyu -Su -Syy -Sw --sync",
            arguments: Arguments::Free,
            ..action(&[], ActionKind::Named)
        },
        Action {
            flags: "-R -Rs -Rns -Rn -Q -Qq -Sc -Scc --remove --query",
            arguments: Arguments::Free,
            ..action(&[], ActionKind::Upkeep)
        },
    ],
    writes: SYSTEM,
    // <https://man.archlinux.org/man/pacman.conf.5>
    caches: &[Cache { path: "/var/cache/pacman/pkg", variable: "" }],
    ..TOOL
};

const RPM: Tool = Tool {
    name: "rpm",
    source: Source::at("https://rpm.org/docs/latest/man/rpm.8"),
    programs: &["rpm", "rpmkeys"],
    options: OptionTable { reads: "--import", opaque: "--root -r --dbpath", ..OPTIONS },
    actions: &[Action { arguments: Arguments::Packages, ..action(&[], ActionKind::Named) }],
    writes: SYSTEM,
    ..TOOL
};

const WINDOWS: Tool = Tool {
    name: "windows-features",
    source: Source::at(
        "https://learn.microsoft.com/en-us/powershell/module/servermanager/install-windowsfeature",
    ),
    programs: &[
        "Install-WindowsFeature",
        "Add-WindowsFeature",
        "Enable-WindowsOptionalFeature",
        "Install-Module",
        "Install-PackageProvider",
        "dism",
    ],
    options: OptionTable { reads: "-ConfigurationFilePath", ..OPTIONS },
    actions: &[Action { arguments: Arguments::Free, ..action(&[], ActionKind::Named) }],
    writes: SYSTEM,
    ..TOOL
};

const ZYPPER: Tool = Tool {
    name: "zypper",
    source: Source::at("https://en.opensuse.org/SDB:Zypper_manual"),
    programs: &["zypper"],
    options: OptionTable {
        values: "-r --repo --from -t --type -p --plus-repo --plus-content",
        reads: "-c --config",
        opaque: "-R --root --installroot",
        flags: "--gpg-auto-import-keys",
        ..OPTIONS
    },
    actions: &[
        Action {
            arguments: Arguments::Packages,
            ..action(&["install|in|source-install|si"], ActionKind::Named)
        },
        refreshes(&["refresh|ref"]),
        // A repository that is added is refreshed by what uses it.
        refreshes(&["addrepo|ar"]),
        action(&["update|up|dist-upgrade|dup|patch"], ActionKind::Named),
        empties(&["clean|cc"]),
        action(&["remove|rm|search|se|info|if|repos|lr|removerepo|rr|lock|al"], ActionKind::Upkeep),
    ],
    writes: SYSTEM,
    // <https://github.com/openSUSE/libzypp/blob/master/zypp.conf>
    caches: &[Cache { path: "/var/cache/zypp", variable: "" }],
    ..TOOL
};

/// What the scripts of Debian's packages run to start services and the like, beside what the
/// tables know: <https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt>.
const BY_PACKAGES: &[&str] = &[
    "deb-systemd-helper",
    "deb-systemd-invoke",
    "invoke-rc.d",
    "policy-rc.d",
    "systemctl",
    "update-alternatives",
    "update-rc.d",
];

/// Whether packages of the system run a program while they are installed.
pub fn is_run_by_packages(name: &str) -> bool {
    BY_PACKAGES.contains(&name)
}

#[cfg(test)]
mod tests {
    use crate::ecosystem::ActionKind;
    use crate::ecosystem::Index;
    use crate::ecosystem::recognise::tests::used;

    fn kind(line: &str) -> Option<ActionKind> {
        used(line).map(|found| found.kind)
    }

    #[test]
    fn packages_need_nothing_of_the_context() {
        for line in [
            "apk add --no-cache --virtual .build-deps gcc musl-dev",
            "apk --no-cache add curl",
            "apk update",
            "dnf -y install gcc",
            "microdnf install nodejs",
            "yum groupinstall Development",
            "dnf module enable nodejs:20",
            "pacman -Syu --noconfirm git",
            "zypper --non-interactive in git",
        ] {
            assert_eq!(kind(line), Some(ActionKind::Named), "{line}");
        }
    }

    #[test]
    fn an_index_is_refreshed_and_packages_are_upgraded() {
        let refreshes =
            |line: &str| used(line).is_some_and(|found| found.action.index == Index::Refreshes);
        for (refresh, upgrade) in [
            ("apk update", "apk upgrade"),
            ("apt-get -y update", "apt-get upgrade -y"),
            ("dnf makecache", "dnf update -y"),
            ("pacman -Sy --noconfirm", "pacman -Sy --noconfirm git"),
            ("zypper ref", "zypper up"),
        ] {
            assert!(refreshes(refresh) && !refreshes(upgrade), "{refresh}, {upgrade}");
        }
    }

    #[test]
    fn cleaning_is_cheap_and_the_rest_is_not_known() {
        for line in ["apk del .build-deps", "dnf clean all", "pacman -Scc --noconfirm"] {
            assert_eq!(kind(line), Some(ActionKind::Upkeep), "{line}");
        }
        for line in ["apk audit", "dnf history undo 1", "pacman -T git", "zypper shell"] {
            assert_eq!(kind(line), None, "{line}");
        }
        assert_eq!(kind("pacman -U --noconfirm ./a.pkg.tar.zst"), None);
        assert_eq!(kind("apk add --root /x a"), Some(ActionKind::Everything));
    }
}
