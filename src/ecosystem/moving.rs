//! Downloads whose address stands for something else tomorrow: a branch, `latest`.
//!
//! <https://docs.docker.com/reference/dockerfile/#add---checksum>,
//! <https://git-scm.com/docs/git-clone>

/// Parts of an address that stand for whatever is newest.
const NEWEST: &[&str] = &[
    "/HEAD/",
    "/latest/",
    "/main.",
    "/main/",
    "/master.",
    "/master/",
    "/nightly/",
    "/refs/heads/",
    "/trunk/",
    "-latest.",
    "/stable.txt",
];

/// What a command downloads that may be another thing tomorrow; `words` are its own, the
/// program first.
pub fn moving_download<'w>(words: &[&'w str]) -> Option<&'w str> {
    let (program, rest) = words.split_first()?;
    let plain = |word: &'w str| word.trim_matches(['"', '\'']);
    match *program {
        "git" if rest.first() == Some(&"clone") => {
            let address = rest.iter().map(|word| plain(word)).find(|word| is_address(word))?;
            let pinned = rest.iter().enumerate().any(|(at, word)| {
                let value = match word.split_once('=') {
                    Some(("--branch" | "--revision", value)) => Some(value),
                    _ if matches!(*word, "-b" | "--branch" | "--revision") => {
                        rest.get(at + 1).copied()
                    }
                    _ => None,
                };
                value.is_some_and(is_pinned)
            });
            (!pinned).then_some(address)
        }
        "curl" | "wget" => {
            rest.iter().map(|word| plain(word)).find(|word| is_address(word) && is_newest(word))
        }
        _ => None,
    }
}

/// Whether a source of ADD may be another thing tomorrow: an address without a version in it, or
/// a repository without a tag or commit.
pub fn moving_source(text: &str) -> bool {
    let address = is_address(text);
    match text.split_once('#') {
        _ if !address => false,
        Some((_, reference)) => !is_pinned(reference.split(':').next().unwrap_or(reference)),
        None if text.ends_with(".git") || text.starts_with("git@") => true,
        None => is_newest(text),
    }
}

/// Whether an address stands for whatever is newest: it names no version, and is not that of a
/// service which is asked for the newest commit on purpose, so that what is behind runs again.
fn is_newest(address: &str) -> bool {
    let digit = |at: usize| address.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let version =
        address.match_indices('.').any(|(at, _)| at > 0 && digit(at - 1) && digit(at + 1));
    NEWEST.iter().any(|part| address.contains(part)) && !version && !address.contains("//api.")
}

/// Whether a text is an address that stands for whatever is newest.
pub fn is_moving_address(text: &str) -> bool {
    is_address(text) && is_newest(text)
}

fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("git@")
}

/// Whether a reference has a number, as tags and commits do, or is a variable.
fn is_pinned(reference: &str) -> bool {
    reference.bytes().any(|byte| byte.is_ascii_digit()) || reference.contains('$')
}

/// Parts of a RUN that pin or check what a command of it has downloaded.
const CHECKED: &[&str] =
    &["checkout", "reset --hard", "sha256sum", "sha512sum", "shasum", "md5sum", "gpg --verify"];

/// Whether a RUN pins or checks what it downloads.
pub fn checks_downloads(run: &str) -> bool {
    CHECKED.iter().any(|part| run.contains(part))
}

/// Whether a RUN chooses the commit of a repository that is there.
pub fn chooses_commit(run: &str) -> bool {
    run.contains("git") && CHECKED[..2].iter().any(|part| run.contains(part))
}

/// Whether a RUN fetches a repository.
pub fn is_repository(run: &str) -> bool {
    run.contains("git clone")
}

/// Whether an instruction asks a service for the newest commit of the repository at `address`, so
/// that what stands behind it runs again with each.
pub fn asks_for_newest(instruction: &str, address: &str) -> bool {
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or("", |(_, path)| path.trim_end_matches('/'));
    let name = path.strip_suffix(".git").unwrap_or(path);
    !name.is_empty() && instruction.contains("//api.") && instruction.contains(name)
}

/// Whether an image is named without a version: by `latest`, or by no tag. A word alone may be the
/// name of a context. <https://docs.docker.com/reference/cli/docker/image/tag/>
pub fn is_moving_image(reference: &str) -> bool {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    let tagged = name.split_once(':').map_or("", |(_, tag)| tag);
    !reference.contains(['@', '$'])
        && (tagged == "latest" || tagged.is_empty() && reference.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_of_another_day() {
        let of = |line: &'static str| moving_download(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(of("git clone --depth 1 https://a.b/c.git"), Some("https://a.b/c.git"));
        assert_eq!(of("git clone -b main https://a.b/c"), Some("https://a.b/c"));
        assert_eq!(of("git clone --branch=v1.2 https://a.b/c"), None);
        assert_eq!(of("git clone -b $TAG https://a.b/c"), None);
        assert_eq!(of("git clone ./c d"), None);
        assert_eq!(of("git fetch https://a.b/c"), None);
        let latest = "https://a.b/releases/latest/download/c";
        assert_eq!(of("curl -L \"https://a.b/releases/latest/download/c\""), Some(latest));
        assert_eq!(of("wget https://a.b/v1.2/c"), None);
        assert_eq!(of("curl https://a.b/pool/main/o/libssl_1.1.1_amd64.deb"), None);
        assert_eq!(of("make latest/"), None);
    }

    #[test]
    fn sources_of_another_day() {
        for text in
            ["https://a.b/c.git", "https://a.b/c.git#main", "https://a.b/master/c", "git@a.b:c"]
        {
            assert!(moving_source(text), "{text}");
        }
        for text in [
            "https://a.b/c.git#v1",
            "https://a.b/c-1.2.tgz",
            "https://api.a.b/refs/heads/main",
            "src",
            "https://a.b/c.git#1a:d",
        ] {
            assert!(!moving_source(text), "{text}");
        }
        assert!(checks_downloads("RUN curl a | sha256sum -c") && !checks_downloads("RUN curl a"));
    }
}
