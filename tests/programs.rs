//! Which programs of the tables no fixture uses, nor a test beside its table: what nothing shows
//! may be wrong for long.

use layerwise::ecosystem::tools;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Programs that nothing uses today. An entry goes when a fixture or a test does.
const UNUSED: &str = "\
    Add-WindowsFeature Enable-WindowsOptionalFeature Install-Module Install-PackageProvider \
    Invoke-WebRequest MSBuild Start-BitsTransfer [ a2disconf a2dismod a2dissite a2enconf a2enmod \
    a2ensite add-apt-repository apt-add-repository apt-cache apt-config \
    apt-key apt-mark aptitude arch aria2c awk aws axel base64 basename bazel bazelisk bazelw \
    brew bsdtar bunzip2 bzip2 cargo-chef chkconfig chpasswd chsh \
    cmp cpan cpm cross debconf-set-selections delgroup deluser diff dirname dism dnf5 \
    docker-php-ext-configure docker-php-ext-enable docker-php-source dos2unix dpkg-divert \
    dpkg-query dpkg-reconfigure dpkg-statoverride du dub dx egrep elixir elm elm-package emerge \
    emsdk eopkg erl expr extrepo fc-cache fnm g++ gcloud gdebi gdown getconf ghc gleam \
    glide godep govendor gpasswd gpg gpg2 gpgconf gpgv groupdel gtk-update-icon-cache \
    gunzip gzip hf huggingface-cli install-php-extensions install2.r installBioc.r \
    installGithub.r installRub.r iwr javac jenkins-plugin-cli locale \
    locale-gen localedef lscpu lua luarocks-{} mamba mamba{} maturin md5sum micromamba mill millw \
    mvnd nimble nix nix-build nix-shell nltk.downloader nodenv opkg passwd pear pecl phpdismod \
    phpenmod pip-sync printenv protoc pypy{} r rbenv rc-update readlink realpath \
    rmdir rpm rpmkeys rustc scala seq sha1sum sha512sum shopt sleep sort spago stat \
    swupd tail tdnf tfenv tofu tr truncate trunk ulimit umask uname uniq \
    unix2dos unxz update-ca-trust \
    update-locale update-mime-database update-rc.d uptime urpmi userdel vcpkg \
    virtualenv wait wasm-pack whoami xbps-install xx-apk xx-apt xx-apt-get xx-cargo xx-go zstd";

/// The files of a folder that fit.
fn texts(folder: &str, name: fn(&Path) -> PathBuf) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(root).unwrap().map(|entry| name(&entry.unwrap().path()));
    entries.filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// The words of all Dockerfiles of the fixtures, and of the tests of the tables.
fn words() -> BTreeSet<String> {
    let fixtures = texts("tests/fixtures", |path| path.join("before.Dockerfile"));
    let tables = texts("src/ecosystem", Path::to_path_buf);
    let tests = tables.iter().filter_map(|text| Some(text.split_once("#[cfg(test)]")?.1));
    let apart = |c: char| c.is_whitespace() || "\"'`;&|()[],/=$".contains(c);
    let words = fixtures.iter().map(String::as_str).chain(tests).flat_map(|text| text.split(apart));
    words.map(str::to_owned).collect()
}

#[test]
fn programs_are_used_by_a_test() {
    let words = words();
    let is_used = |program: &str| {
        let stem = program.strip_suffix("{}");
        let version = |word: &String| {
            let rest = stem.and_then(|stem| word.strip_prefix(stem));
            rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
        };
        words.contains(program) || words.iter().any(version)
    };
    let programs = tools().flat_map(|tool| tool.programs).copied();
    let unused: BTreeSet<&str> = programs.filter(|program| !is_used(program)).collect();
    let listed: BTreeSet<&str> = UNUSED.split(' ').collect();
    let new: Vec<_> = unused.difference(&listed).collect();
    assert!(new.is_empty(), "no fixture or test uses {new:?}");
    let used: Vec<_> = listed.difference(&unused).collect();
    assert!(used.is_empty(), "used now, strike them from the list: {used:?}");
}
