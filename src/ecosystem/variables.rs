//! What commands read through the environment, whatever the tool: files in the directories that
//! variables name, and settings in HOME. What one tool reads, its table says.

use super::listed;

/// Variables that name directories, and what is read in them; "" is all there is.
/// <https://curl.se/docs/manpage.html>, <https://git-scm.com/docs/git>,
/// <https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/>
const DIRECTORIES: &[(&str, &[&str])] = &[
    ("CURL_HOME", &[".curlrc"]),
    ("GIT_SSL_CAPATH", &[""]),
    ("GIT_TEMPLATE_DIR", &["config", "hooks/post-checkout"]),
    ("PYTHONPATH", &["sitecustomize.py", "usercustomize.py"]),
    ("SSL_CERT_DIR", &[""]),
    ("XDG_CONFIG_HOME", &["curlrc", "git/config"]),
];

/// What tools keep in HOME and read there, but for downloads.
const SETTINGS: &str = ".Renviron .Rprofile .bash_profile .bashrc .bundle .bunfig.toml .cargo \
                        .composer .condarc .config .curlrc .docker .dotnet .gem .gemrc .gitconfig \
                        .gnupg .gradle .hex .ivy2 .lein .local .m2 .mambarc .mix .netrc .npmrc \
                        .nuget .pip .profile .pydistutils.cfg .pypirc .sbt .ssh .terraformrc \
                        .wgetrc .yarnrc .yarnrc.yml";

/// What is read in the directory that the variable `name` names, where that is known.
pub fn read_inside(name: &str) -> Option<&'static [&'static str]> {
    DIRECTORIES.iter().find(|(variable, _)| *variable == name).map(|(_, inside)| *inside)
}

/// Whether `name` in HOME is a file or a directory of settings.
pub fn is_setting_at_home(name: &str) -> bool {
    listed(SETTINGS, |setting| setting == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_from_what_projects_hide() {
        assert!(is_setting_at_home(".npmrc") && !is_setting_at_home(".gitignore"));
        assert_eq!(read_inside("CURL_HOME"), Some(&[".curlrc"][..]));
        assert_eq!(read_inside("APP_HOME"), None);
    }
}
