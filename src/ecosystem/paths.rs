//! What common commands do to the tree of files beyond the paths they name: directories that are
//! made with all above them, home directories, and symbolic links.

use super::invocation::Argument;
use super::recognise::is_known_program;
use crate::text::Cut;

/// Directories that nearly every image has.
/// <https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html>
const STANDARD: &[&str] = &[
    "/",
    "/bin",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/tmp",
];

/// Directories of settings that the system, its packages or package managers read. Beside them,
/// one that ends in `.d`, or is called as a known program is.
/// <https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03s07.html>
const SETTINGS: &[&str] = &[
    "X11",
    "alternatives",
    "apache2",
    "apk",
    "apparmor",
    "apt",
    "ca-certificates",
    "caddy",
    "conda",
    "containers",
    "cron",
    "dbus-1",
    "default",
    "dnf",
    "docker",
    "dpkg",
    "exim4",
    "fonts",
    "grafana",
    "gss",
    "haproxy",
    "httpd",
    "init",
    "java",
    "kernel",
    "ldap",
    "letsencrypt",
    "logrotate",
    "maven",
    "mysql",
    "nginx",
    "odbc",
    "opt",
    "pam",
    "php",
    "php5",
    "php7",
    "php8",
    "pip",
    "pkcs11",
    "pki",
    "pm",
    "postfix",
    "postgresql",
    "prometheus",
    "rabbitmq",
    "redis",
    "rpm",
    "rsyslog",
    "security",
    "selinux",
    "service",
    "services",
    "skel",
    "ssh",
    "ssl",
    "supervisor",
    "sv",
    "sysconfig",
    "systemd",
    "terminfo",
    "udev",
    "varnish",
    "vim",
    "xdg",
    "yum",
];

/// The directory below /etc that `path` lies in or is, where it is an application's own by its
/// name: `/etc/linkding`.
pub fn own_settings(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/etc/")?;
    let name = rest.split('/').next().unwrap_or(rest);
    let taken = name.is_empty()
        || name.contains('.')
        || SETTINGS.binary_search(&name).is_ok()
        || is_known_program(name);
    (!taken).then(|| path.cut(.."/etc/".len() + name.len()))
}

/// Where projects lie in /usr/local by habit. Packages of a system leave that directory to its
/// owner, other installers keep to the directories of the hierarchy, and what is installed there by
/// hand goes by its own name: `/usr/local/go`.
/// <https://www.debian.org/doc/debian-policy/ch-opersys.html#site-specific-programs>,
/// <https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch04s09.html>
const PROJECTS: &[&str] = &["app", "application", "code", "project", "src", "workspace"];

/// Whether a path lies in a directory of the project's own below /usr/local, by its name:
/// `/usr/local/src/app`.
pub fn is_own_local(path: &str) -> bool {
    let rest = path.strip_prefix("/usr/local/");
    rest.and_then(|rest| rest.split('/').next()).is_some_and(|name| PROJECTS.contains(&name))
}

/// Where the system looks for programs.
const PROGRAMS: &[&str] =
    &["/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin", "/usr/sbin"];

/// Whether the system looks for programs in a directory.
pub fn is_program_directory(path: &str) -> bool {
    PROGRAMS.contains(&path)
}

/// Programs that an image made for copying holds at its root:
/// <https://docs.astral.sh/uv/guides/integration/docker/#installing-uv>. No package of a system
/// brings or runs them.
const AT_ROOT: &[&str] = &["/uv", "/uvx"];

/// Whether a path of an image is a program, and no directory, though nothing above it says so.
pub fn is_program_at_root(path: &str) -> bool {
    AT_ROOT.contains(&path)
}

/// Whether nearly every image has the directory.
pub fn is_standard_directory(path: &str) -> bool {
    STANDARD.contains(&path)
}

/// Whether a directory is a cache by its name: `/root/.cache/pip`, `/pnpm/store`, those of the
/// packages of Debian.
pub fn is_named_cache(path: &str) -> bool {
    path.starts_with("/var/lib/apt")
        || path.split('/').any(|name| name.contains("cache") || name.contains("store"))
}

/// The directories that a program makes with all above them: `mkdir -p a/b`.
pub fn made_with_parents<'w>(
    program: &str,
    arguments: &'w [Argument<'w>],
) -> Vec<&'w Argument<'w>> {
    let makes = match program {
        "mkdir" => has_flag(arguments, 'p', "--parents"),
        "install" => has_flag(arguments, 'd', "--directory"),
        _ => false,
    };
    let takes_value = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| arguments.get(at));
        before.is_some_and(|word| VALUES.contains(&word.text.as_str()))
    };
    let named = arguments.iter().enumerate().filter(|_| makes);
    let named = named.filter(|(at, word)| !word.text.starts_with('-') && !takes_value(*at));
    named.map(|(_, word)| word).collect()
}

/// Options that take the next word: a mode, an owner, a group.
const VALUES: &[&str] = &["-m", "--mode", "-o", "--owner", "-g", "--group"];

/// The home directory that a program makes for an account.
///
/// <https://github.com/shadow-maint/shadow/blob/master/man/useradd.8.xml>: only with `-m`;
/// the scripts called `adduser` do so unless they are told not to.
pub fn makes_home(program: &str, arguments: &[Argument<'_>]) -> Option<String> {
    let makes = match program {
        "useradd" => has_flag(arguments, 'm', "--create-home"),
        "adduser" => !has_flag(arguments, 'H', "--no-create-home"),
        _ => false,
    };
    let account = || {
        let mut words = arguments.iter().filter(|word| !word.text.starts_with('-'));
        // `adduser app`, `adduser app group`, `useradd -u 1000 app`.
        let word = match program {
            "adduser" => words.find(|word| word.text.starts_with(|c: char| c.is_alphabetic())),
            _ => words.next_back(),
        };
        word.map(|word| format!("/home/{}", word.text))
    };
    makes.then(|| named_home(arguments).map(str::to_owned).or_else(account)).flatten()
}

/// The options that name a home directory.
const HOME_OPTIONS: [&str; 4] = ["-d", "-h", "--home", "--home-dir"];

/// The word behind such an option.
fn named_home<'w>(arguments: &'w [Argument<'_>]) -> Option<&'w str> {
    let mut texts = arguments.iter().map(|word| word.text.as_str());
    texts.find(|text| HOME_OPTIONS.contains(text))?;
    texts.next()
}

/// The home directory that a command gives to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountHome {
    /// What may be the account: its name, its number, or another word of the command.
    pub accounts: Vec<String>,
    /// The directory.
    pub home: String,
}

/// The home directory that a command names for an account: `useradd -d /app app`.
/// <https://github.com/shadow-maint/shadow/blob/master/man/useradd.8.xml>,
/// <https://busybox.net/downloads/BusyBox.html#adduser>
pub fn gives_home(program: &str, arguments: &[Argument<'_>]) -> Option<AccountHome> {
    if !matches!(program, "adduser" | "useradd" | "usermod") {
        return None;
    }
    let texts = || arguments.iter().map(|word| word.text.as_str());
    let attached = texts().filter_map(|text| text.split_once('='));
    let mut attached =
        attached.filter(|(name, _)| HOME_OPTIONS.contains(name)).map(|(_, home)| home);
    // `-rmd /app`: letters stand together.
    let letters =
        |text: &&str| text.starts_with('-') && !text.starts_with("--") && text.ends_with('d');
    let home = named_home(arguments)
        .or(attached.next_back())
        .or_else(|| texts().skip_while(|t| !letters(t)).nth(1))?;
    let is_account =
        |text: &&str| !text.is_empty() && !text.starts_with('-') && !text.contains('/');
    home.starts_with('/').then(|| AccountHome {
        accounts: texts().filter(is_account).map(str::to_owned).collect(),
        home: home.to_owned(),
    })
}

/// Whether a command that names a home directory for an account leaves it alone. `useradd` touches
/// none that is there; without `-m` a system account gets none.
/// <https://github.com/shadow-maint/shadow/blob/master/man/useradd.8.xml>
pub fn leaves_home(program: &str, arguments: &[Argument<'_>], is_there: bool) -> bool {
    let flag = |letter, long| has_flag(arguments, letter, long);
    // Letters of a path are no flags: `-d/srv/app`.
    let attached = arguments.iter().any(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.contains('/')
    });
    let refuses = !attached && (flag('M', "--no-create-home") || flag('r', "--system"));
    program == "useradd" && (is_there || refuses && !flag('m', "--create-home"))
}

/// The target and the name of a symbolic link that a command makes: `ln -s target name`.
pub fn link<'w>(program: &str, arguments: &'w [Argument<'_>]) -> Option<(&'w str, &'w str)> {
    if program != "ln" || !has_flag(arguments, 's', "--symbolic") {
        return None;
    }
    let mut words = arguments.iter().filter(|word| !word.text.starts_with('-'));
    let target = words.next().filter(|word| word.resolved)?.text.as_str();
    let name = match words.next() {
        Some(name) => name.text.trim_end_matches('/'),
        None => target.rsplit('/').next()?,
    };
    words.next().is_none().then_some((target, name))
}

/// Whether a letter stands among those of an option, or the option is written out.
fn has_flag(arguments: &[Argument<'_>], letter: char, long: &str) -> bool {
    arguments.iter().any(|word| {
        let text = word.text.as_str();
        let short = text.starts_with('-') && !text.starts_with("--");
        text == long || short && text.cut(1..).contains(letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<Argument<'_>> {
        let words = line.split_whitespace();
        words.map(|word| Argument { text: word.into(), resolved: true, written: word }).collect()
    }

    #[test]
    fn directories_of_the_project_below_local() {
        for path in ["/usr/local/src", "/usr/local/src/app/a.js", "/usr/local/app"] {
            assert!(is_own_local(path), "{path}");
        }
        for path in
            ["/usr/local", "/usr/local/", "/usr/local/bin/a", "/usr/local/lib/a", "/usr/src"]
        {
            assert!(!is_own_local(path), "{path}");
        }
        for path in
            ["/usr/local/go/src/app", "/usr/local/jdk-21", "/usr/local/node", "/opt/local/a"]
        {
            assert!(!is_own_local(path), "{path}");
        }
    }

    #[test]
    fn homes_are_given_to_accounts() {
        let home = |program: &str, line: &str| {
            let given = gives_home(program, &words(line))?;
            Some((given.accounts.join(" "), given.home))
        };
        for line in ["-m -d /app app", "--home-dir=/app app", "-rmd /app app"] {
            assert_eq!(home("useradd", line), Some(("app".into(), "/app".into())), "{line}");
        }
        let numbered = home("useradd", "-u 1001 -d /app app");
        assert_eq!(numbered, Some(("1001 app".into(), "/app".into())));
        assert_eq!(home("adduser", "-D -h /app app").map(|(_, home)| home), Some("/app".into()));
        assert_eq!(home("useradd", "-m app"), None);
        assert_eq!(home("groupadd", "-d /app app"), None);
    }

    #[test]
    fn directories_with_all_above_them() {
        let made = |program: &str, line: &str| {
            let words = words(line);
            let made = made_with_parents(program, &words);
            made.into_iter().map(|word| word.text.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(made("mkdir", "-p /a/b c"), "/a/b c");
        assert_eq!(made("mkdir", "-p -m 0700 /a"), "/a");
        assert_eq!(made("mkdir", "--parents a"), "a");
        assert_eq!(made("install", "-d -o app /a"), "/a");
        for (program, line) in [("mkdir", "/a/b"), ("touch", "-p a"), ("mkdir", "a-p")] {
            assert_eq!(made(program, line), "", "{program} {line}");
        }
    }

    #[test]
    fn home_directories() {
        let home = |program: &str, line: &str| makes_home(program, &words(line));
        assert_eq!(home("useradd", "-m -u 1000 app").as_deref(), Some("/home/app"));
        assert_eq!(home("useradd", "-m -d /srv/app app").as_deref(), Some("/srv/app"));
        assert_eq!(home("useradd", "app"), None);
        assert_eq!(home("adduser", "-D app").as_deref(), Some("/home/app"));
        assert_eq!(home("adduser", "-D -H app"), None);
        assert_eq!(home("groupadd", "-m app"), None);
    }

    #[test]
    fn homes_that_stay_as_they_are() {
        let leaves = |program: &str, line: &str, there| leaves_home(program, &words(line), there);
        assert!(leaves("useradd", "-d /app app", true));
        assert!(leaves("useradd", "-r -d /app app", false));
        assert!(leaves("useradd", "-M -d /app app", false));
        assert!(!leaves("useradd", "-d/srv/app app", false));
        // Some systems make it all the same.
        assert!(!leaves("useradd", "-d /app app", false));
        assert!(!leaves("useradd", "-rm -d /app app", false));
        assert!(!leaves("adduser", "--home /app app", true));
    }

    #[test]
    fn settings_of_an_application() {
        assert!(SETTINGS.is_sorted());
        assert_eq!(own_settings("/etc/linkding"), Some("/etc/linkding"));
        assert_eq!(own_settings("/etc/linkding/a/b.py"), Some("/etc/linkding"));
        for taken in ["/etc", "/etc/", "/etc/apt/x", "/etc/profile.d/a", "/etc/npmrc.x", "/etcx/a"]
        {
            assert_eq!(own_settings(taken), None, "{taken}");
        }
        assert_eq!(own_settings("/etc/npm/a"), None);
    }

    #[test]
    fn links() {
        let linked = |line: &str| {
            let words = words(line);
            link("ln", &words).map(|(target, name)| format!("{target} {name}"))
        };
        assert_eq!(linked("-s /srv/app /app").as_deref(), Some("/srv/app /app"));
        assert_eq!(linked("-sfn /srv/app /app/").as_deref(), Some("/srv/app /app"));
        assert_eq!(linked("-s ../bin/tool").as_deref(), Some("../bin/tool tool"));
        assert_eq!(linked("/srv/app /app"), None);
        assert_eq!(linked("-s a b c"), None);
    }
}
