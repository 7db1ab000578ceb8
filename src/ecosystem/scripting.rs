//! Ruby, PHP, Perl and R.

use super::{
    Action, ActionKind, Arguments, Cache, First, OPTIONS, OptionTable, Source, TOOL, Tool,
    Unlisted, action, added, covered, empties, local, lock, maybe, of_project, optional, required,
};

pub(super) const TOOLS: &[Tool] =
    &[BUNDLER, CARTON, COMPOSER, CPANM, GEM, LITTLER, PECL, RENV, RSCRIPT];

const VERSION: Action =
    Action { flags: "--version -v -V --help", ..action(&[], ActionKind::Upkeep) };

const fn named(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::Packages, ..action(words, ActionKind::Named) }
}

const BUNDLER: Tool = Tool {
    name: "bundler",
    source: Source::at("https://bundler.io/man/bundle-install.1.html"),
    programs: &["bundle", "bundler"],
    options: OptionTable {
        values: "-j --jobs --retry --without --with --binstubs -P --trust-policy --shebang \
                 --target-rbconfig",
        files: "--gemfile",
        writes: "--path",
        noted: "--deployment",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action { flags: "--local --prefer-local", ..action(&["install"], ActionKind::Everything) },
        Action {
            flags: "--frozen --deployment",
            arguments: Arguments::None,
            ..action(&["install|i|update|u|upgrade"], ActionKind::Install)
        },
        action(&["check"], ActionKind::Install),
        // It may add the platform to the lock file.
        Action { writes: &["./Gemfile.lock"], ..action(&[], ActionKind::Install) },
        Action {
            writes: &["./Gemfile.lock"],
            ..action(&["install|i|update|lock"], ActionKind::Install)
        },
        Action {
            writes: &["./vendor/cache", "./Gemfile.lock"],
            arguments: Arguments::None,
            ..action(&["package|cache|pack"], ActionKind::Install)
        },
        // Without one of these, a Gemfile decides where a setting is kept:
        // <https://bundler.io/man/bundle-config.1.html>.
        Action {
            flags: "--local --global",
            writes: &["~/.bundle", "./.bundle"],
            ..action(&["config"], ActionKind::Upkeep)
        },
        action(&["config", "get|list"], ActionKind::Upkeep),
        Action { writes: &["~/.bundle", "./.bundle"], ..of_project(&["config"]) },
        of_project(&["clean|list|show|info"]),
        action(&["env|version"], ActionKind::Upkeep),
        action(&["add"], ActionKind::Compile),
    ],
    manifests: &[
        required("Gemfile"),
        lock("Gemfile.lock", Unlisted::As("Gemfile.lock*")),
        // The Gemfile may read it.
        maybe(".ruby-version", ".ruby-version*"),
    ],
    writes: &[
        "./vendor/bundle",
        "./.bundle",
        "/usr/local/bundle",
        "/usr/local/lib/ruby",
        "/var/lib/gems",
        "~/.bundle",
        "~/.gem",
        "~/.local",
    ],
    caches: &[Cache { path: "~/.bundle/cache", variable: "BUNDLE_USER_CACHE" }],
    inspect: Some(local::gemfile),
    texts: "*.gemfile *.gemfile.lock Gemfile Gemfile.*",
    // https://bundler.io/man/bundle-config.1.html
    // https://bundler.io/man/bundle-config.1.html
    kept_beside: &[("BUNDLE_APP_CONFIG", "./.bundle/config")],
    variables: "BUNDLE_APP_CONFIG/config BUNDLE_SSL_CA_CERT BUNDLE_SSL_CLIENT_CERT \
                BUNDLE_USER_CONFIG BUNDLE_USER_HOME/config",
    file_variables: "BUNDLE_GEMFILE",
    frozen: "--deployment --frozen BUNDLE_DEPLOYMENT=1 BUNDLE_DEPLOYMENT=true BUNDLE_FROZEN=1 \
             BUNDLE_FROZEN=true",
    ..TOOL
};

const CARTON: Tool = Tool {
    name: "carton",
    source: Source::at("https://metacpan.org/pod/Carton"),
    programs: &["carton"],
    options: OptionTable { files: "--cpanfile", writes: "--path", ..OPTIONS },
    actions: &[
        Action { flags: "--cached", ..action(&["install"], ActionKind::Everything) },
        Action { writes: &["./cpanfile.snapshot"], ..action(&["install"], ActionKind::Install) },
        action(&["version"], ActionKind::Upkeep),
    ],
    manifests: &[
        required("cpanfile"),
        lock("cpanfile.snapshot", Unlisted::As("cpanfile.snapshot*")),
    ],
    writes: &["./local", "~/.cpanm"],
    caches: &[Cache { path: "~/.cpanm", variable: "PERL_CPANM_HOME" }],
    inspect: Some(local::cpanfile_alone),
    texts: "cpanfile",
    frozen: "--deployment",
    ..TOOL
};

/// An install of Composer that runs scripts and reads the source for its autoloader: what it takes
/// without them is the same, and what it leaves is written again behind the source.
const fn with_scripts(words: &'static [&'static str]) -> Action {
    const WITHOUT: First = First { is_part: true, ..added("--no-scripts --no-autoloader") };
    let arguments = Arguments::None;
    Action { first: Some(&WITHOUT), arguments, ..action(words, ActionKind::Compile) }
}

const COMPOSER: Tool = Tool {
    name: "composer",
    source: Source::at("https://getcomposer.org/doc/03-cli.md#install-i"),
    programs: &["composer", "composer.phar", "composer{}"],
    options: OptionTable {
        values: "--ignore-platform-req --apcu-autoloader-prefix --repository --stability -s",
        directories: "-d --working-dir",
        noted: "--no-autoloader --no-dev --no-plugins",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action {
            arguments: Arguments::Packages,
            ..action(&["global", "require"], ActionKind::Named)
        },
        action(&["global", "config|update|show"], ActionKind::Upkeep),
        // The autoloader and the scripts are what needs the source.
        Action {
            all_flags: "--no-scripts --no-autoloader",
            arguments: Arguments::None,
            ..action(&["install|i"], ActionKind::Install)
        },
        Action {
            all_flags: "--no-scripts --no-autoloader",
            arguments: Arguments::None,
            writes: &["./composer.lock"],
            ..action(&["update|u|upgrade"], ActionKind::Install)
        },
        Action { flags: "--download-only", ..action(&["install|i"], ActionKind::Install) },
        with_scripts(&["install|i"]),
        with_scripts(&["update|u|upgrade"]),
        action(&["update|u|upgrade|require|req"], ActionKind::Compile),
        Action { writes: &["./"], ..action(&["create-project"], ActionKind::Named) },
        Action { flags: "-g --global", ..action(&["config"], ActionKind::Upkeep) },
        action(&["self-update|selfupdate"], ActionKind::Named),
        empties(&["clear-cache|clearcache|cc"]),
        of_project(&["diagnose"]),
        // The autoloader is made of the source.
        action(&["dump-autoload|dumpautoload"], ActionKind::Everything),
        action(&["about|help"], ActionKind::Upkeep),
    ],
    manifests: &[
        required("composer.json"),
        lock("composer.lock", Unlisted::As("composer.lock*")),
        optional("symfony.lock"),
        optional("auth.json"),
    ],
    writes: &["./vendor", "~/.composer", "~/.cache/composer", "/tmp/cache"],
    caches: &[
        Cache { path: "/tmp/cache", variable: "COMPOSER_CACHE_DIR" },
        Cache { path: "~/.cache/composer", variable: "COMPOSER_CACHE_DIR" },
        Cache { path: "~/.composer/cache", variable: "COMPOSER_CACHE_DIR" },
    ],
    inspect: Some(local::composer),
    texts: "*patches*.json composer.json composer.lock",
    // https://getcomposer.org/doc/03-cli.md#environment-variables
    variables: "COMPOSER_CAFILE COMPOSER_HOME/auth.json COMPOSER_HOME/composer.json \
                COMPOSER_HOME/config.json",
    file_variables: "COMPOSER",
    apart: true,
    ..TOOL
};

const CPANM: Tool = Tool {
    name: "cpanm",
    source: Source::at("https://metacpan.org/dist/App-cpanminus/view/bin/cpanm"),
    programs: &["cpanm", "cpm", "cpan"],
    options: OptionTable {
        values: "--mirror -M --from --format --configure-timeout --build-timeout --test-timeout \
                 -w --workers --resolver",
        files: "--cpanfile",
        writes: "-l --local-lib -L --local-lib-contained",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        // The words behind it are the project's directory.
        Action {
            flags: "--installdeps",
            unless: "/",
            arguments: Arguments::Free,
            ..action(&[], ActionKind::Install)
        },
        // cpm
        Action { arguments: Arguments::None, ..action(&["install"], ActionKind::Install) },
        named(&[]),
    ],
    manifests: &[required("cpanfile"), lock("cpanfile.snapshot", Unlisted::Assumed)],
    writes: &["./local", "/usr/local", "/usr/share/perl5", "~/.cpanm", "~/perl5"],
    caches: &[Cache { path: "~/.cpanm", variable: "PERL_CPANM_HOME" }],
    inspect: Some(local::cpanfile),
    texts: "cpanfile",
    ..TOOL
};

const GEM: Tool = Tool {
    name: "gem",
    source: Source::at("https://guides.rubygems.org/command-reference/#gem-install"),
    programs: &["gem"],
    options: OptionTable {
        values: "-v --version -s --source --platform -P --trust-policy -u",
        writes: "-i --install-dir -n --bindir --build-root",
        reads: "--config-file --cert",
        opaque: "-g --file",
        ..OPTIONS
    },
    actions: &[
        Action { writes: &["./"], ..named(&["fetch"]) },
        named(&["install|i|update|pristine"]),
        action(&["cleanup|env|environment|list|sources|uninstall|which|help"], ActionKind::Upkeep),
        VERSION,
    ],
    // A file of a package's name goes before what the registry has:
    // <https://guides.rubygems.org/command-reference/#gem-install>.
    settings: &["*.gem"],
    writes: &["/usr/local", "/usr/lib/ruby", "/var/lib/gems", "~/.gem", "~/.local"],
    ..TOOL
};

/// Scripts of R's images.
const LITTLER: Tool = Tool {
    name: "littler",
    source: Source::at("https://rocker-project.org/use/extending.html"),
    programs: &["install2.r", "installGithub.r", "installBioc.r", "installRub.r"],
    options: OptionTable { values: "-n --ncpus -r --repos -l --libloc -m --method", ..OPTIONS },
    actions: &[named(&[])],
    writes: &["/usr/local/lib/R", "/tmp"],
    ..TOOL
};

const PECL: Tool = Tool {
    name: "pecl",
    source: Source::at("https://pear.php.net/manual/en/guide.users.commandline.commands.php"),
    programs: &["pecl", "pear"],
    options: OptionTable { values: "-D --configureoptions -d", ..OPTIONS },
    actions: &[
        named(&["install|upgrade"]),
        action(&["channel-update|update-channels|channel-discover|config-set"], ActionKind::Upkeep),
        action(&["clear-cache|list|uninstall"], ActionKind::Upkeep),
    ],
    writes: &["/usr/local", "/usr/lib/php", "/usr/share/php", "/tmp/pear", "/etc/php"],
    ..TOOL
};

/// What keeps a line of R from being understood: more than one call, or a local file.
const R_UNLESS: &str = "; NULL source( file readLines \n local";

const fn r(goals: &'static str, kind: ActionKind) -> Action {
    Action {
        goals,
        unless: R_UNLESS,
        flags: "-e",
        arguments: Arguments::Goals,
        ..action(&[], kind)
    }
}

const R_OPTIONS: OptionTable = OptionTable { arguments: "-e", opaque: "-f --file", ..OPTIONS };

const RENV: Tool = Tool {
    name: "renv",
    source: Source::at("https://rstudio.github.io/renv/articles/docker.html"),
    programs: &["R", "Rscript"],
    options: R_OPTIONS,
    actions: &[
        r("renv::restore(*) renv::install()", ActionKind::Install),
        // Behind calls that install or load renv itself.
        Action {
            unless: "NULL source( file read local setwd load( \n",
            ..r("*;*renv::restore() *;*renv::restore(prompt*FALSE)", ActionKind::Install)
        },
    ],
    manifests: &[
        required("renv.lock"),
        maybe(".Rprofile", ".Rprofile*"),
        maybe("renv/activate.R", "activate.R*"),
        maybe("renv/settings.json", "settings.*"),
        covered("renv/settings.dcf"),
        optional(".Renviron"),
        // Packages that are taken from here before any other place:
        // <https://rstudio.github.io/renv/articles/package-sources.html>.
        optional("renv/cellar/"),
        optional("renv/local/"),
    ],
    writes: &["./renv/library", "./renv/staging", "/usr/local/lib/R", "~/.cache/R", "~/.local"],
    caches: &[Cache { path: "~/.cache/R/renv", variable: "RENV_PATHS_CACHE" }],
    inspect: Some(local::renv),
    texts: "renv.lock",
    ..TOOL
};

const RSCRIPT: Tool = Tool {
    name: "rscript",
    source: Source::at(
        "https://stat.ethz.ch/R-manual/R-devel/library/utils/html/install.packages.html",
    ),
    programs: &["R", "Rscript", "r"],
    options: R_OPTIONS,
    actions: &[
        r(
            "install.packages(*) *::install_github(*) *::install_version(*) *::install_cran(*) \
             BiocManager::install(*) pak::pkg_install(*) tinytex::install_tinytex(*)",
            ActionKind::Named,
        ),
        VERSION,
    ],
    // `.Rprofile` loads renv, which takes its repositories from the lock file.
    settings: &[".Rprofile", ".Renviron", "renv.lock", "renv/settings.json"],
    writes: &["/usr/local/lib/R", "/usr/lib/R", "~/R", "~/.cache/R", "/tmp"],
    ..TOOL
};
