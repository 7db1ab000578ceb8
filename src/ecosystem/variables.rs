//! What commands read through the environment, whatever the tool: files in the directories that
//! variables name, and settings in HOME; and which variables have another value in each build.
//! What one tool reads, its table says.

use super::listed;

/// Variables that name directories, and what is read in them; "" is all there is.
/// <https://curl.se/docs/manpage.html>, <https://git-scm.com/docs/git>,
/// <https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/>,
/// <https://gcc.gnu.org/onlinedocs/gcc/Environment-Variables.html>,
/// <https://man7.org/linux/man-pages/man8/ld.so.8.html>,
/// <https://www.php.net/manual/en/configuration.file.php#configuration.file.scan>,
/// <https://docs.ruby-lang.org/en/master/ruby/options_md.html>
const DIRECTORIES: &[(&str, &[&str])] = &[
    // <https://cabal.readthedocs.io/en/stable/config.html>
    ("CABAL_DIR", &["config"]),
    // <https://clojure.org/reference/clojure_cli#env_vars>
    ("CLJ_CONFIG", &["deps.edn"]),
    // <https://docs.conan.io/2/reference/config_files.html>
    ("CONAN_HOME", &["extensions", "global.conf", "profiles", "remotes.json", "settings.yml"]),
    ("CPATH", &[""]),
    ("CPLUS_INCLUDE_PATH", &[""]),
    ("C_INCLUDE_PATH", &[""]),
    ("CURL_HOME", &[".curlrc"]),
    // <https://docs.docker.com/reference/cli/docker/#environment-variables>
    ("DOCKER_CONFIG", &["config.json"]),
    // <https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-environment-variables>
    ("DOTNET_CLI_HOME", &[".nuget/NuGet"]),
    ("GIT_SSL_CAPATH", &[""]),
    ("GIT_TEMPLATE_DIR", &["config", "hooks/post-checkout"]),
    ("GNUPGHOME", &[""]),
    // Without the directory that they name, there is none for temporary files:
    // <https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_03>,
    // <https://pkg.go.dev/cmd/go#hdr-Environment_variables>
    ("GOTMPDIR", &[""]),
    // <https://hexdocs.pm/hex/Mix.Tasks.Hex.Config.html>
    ("HEX_HOME", &["hex.config"]),
    // <https://docs.julialang.org/en/v1/manual/environment-variables/#JULIA_DEPOT_PATH>
    ("JULIA_DEPOT_PATH", &["config", "packages", "registries"]),
    ("LD_LIBRARY_PATH", &[""]),
    ("LEIN_HOME", &["profiles.clj", "profiles.d"]),
    ("LIBRARY_PATH", &[""]),
    ("PERL5LIB", &[""]),
    // <https://pip.pypa.io/en/stable/topics/configuration/#environment-variables>
    ("PIP_EDITABLE", &["pyproject.toml", "setup.cfg", "setup.py"]),
    ("PHP_INI_SCAN_DIR", &[""]),
    ("PKG_CONFIG_PATH", &[""]),
    // <https://python-poetry.org/docs/configuration/#config-directory>
    ("POETRY_CONFIG_DIR", &["auth.toml", "config.toml"]),
    ("PYTHONPATH", &["sitecustomize.py", "usercustomize.py"]),
    ("RUBYLIB", &[""]),
    ("SSL_CERT_DIR", &[""]),
    // <https://docs.haskellstack.org/en/stable/topics/stack_root/>
    ("STACK_ROOT", &["config.yaml", "global-project/stack.yaml"]),
    ("TEMP", &[""]),
    ("TMP", &[""]),
    ("TMPDIR", &[""]),
    ("UV_PROJECT", &[""]),
    ("UV_WORKING_DIRECTORY", &[""]),
    ("UV_WORKING_DIR", &[""]),
    ("XDG_CONFIG_HOME", &["curlrc", "git/config", "pypoetry/auth.toml", "pypoetry/config.toml"]),
];

/// Variables that name where the programs and libraries of a language are.
const TOOLS: &str = "BUNDLE_PATH CONDA_PREFIX DOTNET_ROOT GEM_HOME GEM_PATH GOPATH GOROOT JAVA_HOME \
                     MIX_HOME NODE_PATH PYTHONHOME PYTHONUSERBASE RUSTUP_HOME VIRTUAL_ENV";

/// How variables begin whose values are options and flags: what they name has neither a slash nor
/// an ending to tell it by, as in `PIP_TARGET=w`.
const FLAGS: &str = "CFLAGS CPPFLAGS CXXFLAGS GIT_ASKPASS GIT_CONFIG GIT_SSH LDFLAGS \
                     NPM_CONFIG_ PIP_ RUSTFLAGS UV_ YARN_ npm_config_";

/// What tools keep in HOME and read there, but for downloads.
const SETTINGS: &str = ".Renviron .Rprofile .asdfrc .aws .azure .bash_profile .bashrc .bazelrc \
                        .bundle .bunfig.toml .cabal .cargo .clojure .composer .conan .conan2 .conda \
                        .condarc .config .cpan .cpanm .curlrc .docker .dotnet .gem .gemrc \
                        .gitconfig .gnupg .gradle .hex .inputrc .ivy2 .jfrog .julia .kube .lein \
                        .local .luarocks .m2 .mambarc .mavenrc .mix .netrc .npmrc .nuget .opam \
                        .pip .profile .pub-cache .pydistutils.cfg .pyenv .pypirc .rbenv .sbt \
                        .sdkman .ssh .stack .subversion .swiftpm .terraform.d .terraformrc \
                        .tool-versions .wgetrc .yarnrc .yarnrc.yml .zprofile .zshenv .zshrc";

/// Files that say which version of a program runs, where PATH has the directory of a version
/// manager's shims: its name, and the files.
/// <https://github.com/pyenv/pyenv/blob/master/COMMANDS.md>, <https://asdf-vm.com/manage/versions.html>,
/// <https://github.com/rbenv/rbenv>, <https://github.com/nodenv/nodenv>,
/// <https://mise.jdx.dev/configuration.html>
const SHIMS: &[(&str, &[&str])] = &[
    ("asdf", &[".tool-versions"]),
    ("goenv", &[".go-version"]),
    ("jenv", &[".java-version"]),
    ("mise", &[".mise.toml", ".tool-versions", "mise.toml"]),
    ("nodenv", &[".node-version"]),
    ("proto", &[".prototools"]),
    ("pyenv", &[".python-version"]),
    ("rbenv", &[".ruby-version"]),
];

/// What the names of variables hold that are for what a build makes: `VERSION`, `GIT_COMMIT`.
const OF_BUILDS: &str = "BRANCH BUILD COMMIT DATE HASH LDFLAGS REV SHA TAG TIME VERSION";

/// How the names of variables begin that tools obey.
const OF_TOOLS: &str = "CARGO CGO DOTNET GO GRADLE JAVA MAVEN MVN NODE NPM NUGET PIP RUST npm";

/// How the names of variables begin that package managers of systems obey, with what they run: their
/// own, and those of shells, of linkers, of downloads and of the languages of their scripts.
const OF_SYSTEMS: &str = "APK APT BASH CURL DEB DNF DPKG ENV FTP GEM GIT GNUPG HOME HTTP JAVA JDK LD \
                          LIBRARY NODE NSS OPENSSL PACMAN PATH PERL PHP PYTHON REQUESTS RPM RUBY SSL \
                          TEMP TMP WGET XDG YUM ZYPP _JAVA all ftp http no";

/// Whether installing packages of the system may read what a variable names.
pub fn is_obeyed_by_systems(name: &str) -> bool {
    listed(OF_SYSTEMS, |start| name.starts_with(start))
}

/// Programs that print, and change nothing.
const PRINTING: &str = "awk basename cat cut date echo git grep head jq printf sed tr uname";

/// Whether something stands behind a value: `export COMMIT=$(git rev-parse HEAD) TOKEN=x`.
fn sets_another(value: &str) -> bool {
    let (mut depth, mut quoted, mut run) = (0, false, false);
    value.chars().any(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '"' => quoted = !quoted,
            '`' => run = !run,
            _ => {}
        }
        c.is_whitespace() && depth == 0 && !quoted && !run
    })
}

/// Whether a setting in front of a build, `VERSION=$(git describe)`, is for what it makes alone: no
/// download obeys a variable of such a name, and what the value runs prints.
pub fn is_for_what_is_built(setting: &str) -> bool {
    let setting = setting.strip_prefix("export ").unwrap_or(setting);
    let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
    let begins = |start: &str| name.starts_with(start);
    let quoted = value.split('`').skip(1).step_by(2);
    let mut run = value.split("$(").skip(1).chain(quoted);
    let prints = |command: &str| {
        let program = command.split_whitespace().next().unwrap_or("");
        listed(PRINTING, |known| known == program.trim_end_matches([')', '"']))
    };
    !sets_another(value)
        && listed(OF_BUILDS, |part| name.contains(part))
        && !listed(OF_TOOLS, begins)
        && run.all(prints)
}

/// The files of a project that choose the version of a program, for this PATH.
pub fn chosen_by_shims(path: &str) -> impl Iterator<Item = &'static str> {
    let shims = path.split(':').filter(|directory| directory.ends_with("/shims"));
    shims.flat_map(|directory| {
        let own = move |(name, _): &&(&str, &[&str])| directory.contains(name);
        // `/opt/tools/shims` may be those of any.
        let is_named = SHIMS.iter().any(|shims| own(&shims));
        let shims = SHIMS.iter().filter(move |shims| !is_named || own(shims));
        shims.flat_map(|(_, files)| files.iter().copied())
    })
}

/// Programs that builds of packages call by their names, whatever the tool: with `/app/bin` on PATH,
/// psycopg2 asks `/app/bin/pg_config`.
pub const CALLED_BY_BUILDS: &[&str] = &[
    "ar",
    "as",
    "c++",
    "cargo",
    "cc",
    "clang",
    "clang++",
    "cmake",
    "curl-config",
    "g++",
    "gcc",
    "git",
    "go",
    "ld",
    "llvm-config",
    "make",
    "mariadb_config",
    "meson",
    "mysql_config",
    "ninja",
    "node",
    "node-gyp",
    "npm",
    "perl",
    "pg_config",
    "pkg-config",
    "protoc",
    "python",
    "python3",
    "ruby",
    "rustc",
    "sh",
    "swig",
    "uname",
    "xml2-config",
    "xslt-config",
];

/// Programs that the scripts of packages of the system call, divided by blanks: with `/app/bin`
/// on PATH, `/app/bin/dpkg` too.
/// <https://www.debian.org/doc/debian-policy/ch-maintainerscripts.html>
pub const CALLED_BY_PACKAGES: &str = "add-shell addgroup adduser awk basename bash busybox cat chmod chown cp cut date deb-systemd-helper \
                                      dirname dpkg dpkg-divert dpkg-query env expr fc-cache find getent gpg grep groupadd gzip head \
                                      id install ldconfig ln ls mkdir mktemp mv perl py3clean py3compile python3 readlink rm rmdir sed sh \
                                      sort systemctl tail tar touch tr true update-alternatives update-ca-certificates useradd usermod \
                                      wc which xargs xz";

/// Whether the variable `name` names where programs and libraries are.
pub fn is_home_of_tools(name: &str) -> bool {
    listed(TOOLS, |variable| variable == name)
}

/// Whether any word of the variable `name` may be a path.
pub fn holds_flags(name: &str) -> bool {
    listed(FLAGS, |start| name.starts_with(start))
}

/// How variables begin, or end, that tools obey whatever their commands say.
/// <https://pkg.go.dev/cmd/go#hdr-Environment_variables>,
/// <https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables>,
/// <https://www.gnu.org/software/wget/manual/html_node/Proxies.html>
const OBEYED: [&str; 2] = [
    "BUNDLE_ CARGO_ CGO_ COMPOSER_ DOTNET_ GOARCH GOOS GOPRIVATE GOPROXY GOTOOLCHAIN GRADLE_ MAVEN_ \
     NUGET_ POETRY_ TMPDIR",
    "FLAGS _OPTIONS _OPTS PATH _PROXY _proxy",
];

/// Whether tools obey the variable `name`, of which their commands do not speak.
pub fn is_obeyed(name: &str) -> bool {
    holds_flags(name)
        || listed(OBEYED[0], |start| name.starts_with(start))
        || listed(OBEYED[1], |end| name.ends_with(end))
}

/// What is read in the directory that the variable `name` names, where that is known.
pub fn read_inside(name: &str) -> Option<&'static [&'static str]> {
    if is_home_of_tools(name) {
        return Some(&["bin"]);
    }
    DIRECTORIES.iter().find(|(variable, _)| *variable == name).map(|(_, inside)| *inside)
}

/// Whether `name` in HOME is a file or a directory of settings.
pub fn is_setting_at_home(name: &str) -> bool {
    listed(SETTINGS, |setting| setting == name)
}

/// Variables that a build is given anew each time: what is built, when, and by which run.
///
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>,
/// <https://docs.gitlab.com/ci/variables/predefined_variables/>,
/// <https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables>,
/// <https://specs.opencontainers.org/image-spec/annotations/>
const OF_A_BUILD: &[&str] = &[
    "BUILDDATE",
    "BUILDNUMBER",
    "BUILDTIME",
    "BUILD_COMMIT",
    "BUILD_DATE",
    "BUILD_ID",
    "BUILD_NO",
    "BUILD_NUM",
    "BUILD_NUMBER",
    "BUILD_REVISION",
    "BUILD_SHA",
    "BUILD_TIME",
    "BUILD_TIMESTAMP",
    "BUILD_URL",
    "CI_BUILD_ID",
    "CI_COMMIT",
    "CI_COMMIT_SHA",
    "CI_COMMIT_SHORT_SHA",
    "CI_JOB_ID",
    "CI_PIPELINE_ID",
    "CI_PIPELINE_IID",
    "COMMIT",
    "COMMITHASH",
    "COMMIT_HASH",
    "COMMIT_ID",
    "COMMIT_REF",
    "COMMIT_SHA",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SHA",
    "GIT_COMMIT",
    "GIT_COMMIT_HASH",
    "GIT_COMMIT_SHA",
    "GIT_DESCRIBE",
    "GIT_HASH",
    "GIT_REV",
    "GIT_REVISION",
    "GIT_SHA",
    "GIT_SHA1",
    "GIT_SHORT_SHA",
    "REVISION",
    "SHORT_SHA",
    "SOURCE_COMMIT",
    "SOURCE_DATE_EPOCH",
    "VCS_REF",
    "VCS_REVISION",
];

/// Versions that are given where no plain one stands in the file.
const VERSIONS: &[&str] = &[
    "APP_VERSION",
    "BUILD_VERSION",
    "GIT_TAG",
    "GIT_VERSION",
    "PROJECT_VERSION",
    "RELEASE_VERSION",
];

/// What the names of such values end in, behind that of the project: `SHOP_COMMIT_SHA`.
const ENDS: &str = "BUILD_COMMIT BUILD_DATE BUILD_NUMBER BUILD_TIME BUILD_TIMESTAMP COMMIT_HASH COMMIT_SHA \
                    GIT_COMMIT GIT_HASH GIT_REVISION GIT_SHA REVISION VCS_REF";

/// Defaults that stand in for the value where none is given.
const STAND_INS: &str = "0 dev development head latest local missing n/a na no-version none null \
                         snapshot undefined unknown unset unspecified";

/// Labels whose values are of one build.
/// <https://specs.opencontainers.org/image-spec/annotations/>, <http://label-schema.org/rc1/>
const LABELS: &str = "org.label-schema.build-date org.label-schema.vcs-ref \
                      org.opencontainers.image.created org.opencontainers.image.revision";

/// Words of an expression whose value changes with each run of a workflow.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts>
const IN_EXPRESSIONS: &str =
    "commit created date datetime iso now run_id run_number sha short_sha sha_short time timestamp";

/// Whether the value of a label is of one build: when it was, and of which commit.
pub fn is_label_of_a_build(key: &str) -> bool {
    listed(LABELS, |label| label == key.trim_matches(['"', '\'']))
}

/// The arguments that a workflow gives another value in each run: `CREATED=${{ steps.now.outputs.iso }}`.
pub fn given_anew(workflow: &str) -> impl Iterator<Item = &str> {
    workflow.lines().filter_map(|line| {
        let (name, value) = line.split_once("=${{").or_else(|| line.split_once(": ${{"))?;
        let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let name = name.rsplit(|c| !is_word(c)).next()?;
        let mut words = value.split("}}").next()?.split(|c| !is_word(c));
        words.any(|word| listed(IN_EXPRESSIONS, |own| own == word)).then_some(name)
    })
}

/// Whether an argument is there to have the steps behind it run again, going by its name: `CACHEBUST`, and
/// not `CACHE_DIR`.
pub fn breaks_the_cache(name: &str) -> bool {
    const PARTS: [&str; 7] =
        ["BUST", "CACHEDATE", "CACHE_DATE", "INVALIDATE", "NOCACHE", "NO_CACHE", "REFRESH"];
    let upper = name.to_ascii_uppercase();
    PARTS.iter().any(|part| upper.contains(part))
}

/// Whether the value of an argument changes in nearly every build, going by its name and its
/// default, or by what is told of it: a commit that stands in the file is pinned.
pub fn changes_in_every_build(name: &str, default: Option<&str>, told: &[String]) -> bool {
    let default = default.unwrap_or("").trim_matches(['"', '\'']).to_ascii_lowercase();
    let upper = name.to_ascii_uppercase();
    let listed = |names: &[&str]| names.binary_search(&upper.as_str()).is_ok();
    let stands_in = super::listed(STAND_INS, |text| text == default) || default.is_empty();
    let ends = super::listed(ENDS, |end| {
        upper.strip_suffix(end).is_some_and(|start| start.ends_with('_'))
    });
    (listed(OF_A_BUILD) || listed(VERSIONS) || ends || told.iter().any(|own| own == name))
        && stands_in
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_from_what_projects_hide() {
        assert!(is_setting_at_home(".npmrc") && !is_setting_at_home(".gitignore"));
        assert_eq!(read_inside("CURL_HOME"), Some(&[".curlrc"][..]));
        assert_eq!(read_inside("APP_HOME"), None);
        assert!(["GOFLAGS", "npm_config_x", "HTTPS_PROXY"].into_iter().all(is_obeyed));
        assert!(!["GIT_SHA", "GOOGLE_SHA", "npm_sha"].into_iter().any(is_obeyed));
    }

    #[test]
    fn values_that_break_the_cache() {
        let all = ["CACHEBUST", "cache_date", "NO_CACHE", "BUST", "REFRESHED_AT"];
        assert!(all.into_iter().all(breaks_the_cache));
        assert!(!["GIT_SHA", "GOCACHE", "PIP_CACHE_DIR"].into_iter().any(breaks_the_cache));
    }

    #[test]
    fn values_of_one_build() {
        assert!(OF_A_BUILD.is_sorted() && VERSIONS.is_sorted());
        let changes_in_every_build =
            |name: &str, default| changes_in_every_build(name, default, &["CREATED".to_owned()]);
        assert!(changes_in_every_build("CREATED", None));
        assert!(!changes_in_every_build("CREATED", Some("2024-01-01")));
        for default in [None, Some("unknown"), Some("\"dev\""), Some("0")] {
            assert!(changes_in_every_build("git_sha", default), "{default:?}");
        }
        assert!(changes_in_every_build("SHOP_COMMIT_SHA", Some("missing")));
        assert!(!changes_in_every_build("SHOP_REVISION", Some("7")));
        assert!(!changes_in_every_build("PREVISION", None));
        assert!(!changes_in_every_build("GIT_SHA", Some("3f2a1bc")));
        assert!(!changes_in_every_build("GIT_REVISION", Some("develop")));
        assert!(!changes_in_every_build("TINI_SHA", None));
        assert!(changes_in_every_build("APP_VERSION", None));
        assert!(!changes_in_every_build("APP_VERSION", Some("1.2.3")));
        assert!(!changes_in_every_build("NODE_VERSION", None));
    }

    #[test]
    fn arguments_that_workflows_give_anew() {
        let workflow = "build-args: |\n  CREATED=${{ steps.timestamp.outputs.iso }}\n  \
                        TAG=${{ github.ref_name }}\n  REF=${{ github.sha }}\nX=$(date)\n";
        assert_eq!(given_anew(workflow).collect::<Vec<_>>(), ["CREATED", "REF"]);
        assert!(is_label_of_a_build("\"org.opencontainers.image.created\""));
        assert!(!is_label_of_a_build("org.opencontainers.image.version"));
    }

    #[test]
    fn settings_that_are_for_what_is_built() {
        for setting in [
            "VERSION=$(cat VERSION)",
            "export GIT_COMMIT=`git rev-parse HEAD`",
            "BUILD=\"$(git describe) of $(date)\"",
            "LDFLAGS=x",
        ] {
            assert!(is_for_what_is_built(setting), "{setting}");
        }
        for setting in [
            "GOFLAGS=$(cat flags)",
            "GO_BUILD_TAGS=x",
            "export TOKEN=$(cat t)",
            "VERSION=$(./gen.sh)",
            "export COMMIT=$(git rev-parse HEAD) CARGO_HOME=$(cat h)",
            "export TAG=a TOKEN=b",
            "TAG=`make tag`",
        ] {
            assert!(!is_for_what_is_built(setting), "{setting}");
        }
    }
}
