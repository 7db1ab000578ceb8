//! What the programs that change owners and modes set, and the flag of a copy that sets the same.
//!
//! <https://www.gnu.org/software/coreutils/manual/coreutils.html#Changing-file-attributes>,
//! <https://docs.docker.com/reference/dockerfile/#copy---chown---chmod>

use super::Argument;

/// An owner or a mode, as a command sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Whether it is a mode.
    pub is_mode: bool,
    /// The flag of a copy that sets the same of a file: `--chown=app:app`, where there is one.
    pub flag: Option<String>,
    /// Whether that rests on the mode of the file: `+x` makes 755 of 644.
    pub adds: bool,
    /// Whether the files may run as their owner or group then, which a later change of these ends.
    pub is_special: bool,
    /// Whether it goes for all that is in a directory.
    pub recursive: bool,
    /// The files and directories, as written.
    pub paths: Vec<String>,
}

/// What a program sets, where it sets owners or modes.
pub fn permissions(program: &str, arguments: &[Argument<'_>]) -> Option<Permissions> {
    let is_option = |word: &&Argument<'_>| {
        word.text.starts_with("--")
            || word.text.strip_prefix('-').is_some_and(|rest| {
                // `-x` is a mode.
                !rest.is_empty() && rest.bytes().all(|letter| b"RfcvhHLP".contains(&letter))
            })
    };
    let options = || arguments.iter().filter(is_option);
    let mut words = arguments.iter().filter(|word| !is_option(word));
    let what = words.next()?;
    let plain =
        what.resolved && options().all(|option| matches!(option.text.as_str(), "-f" | "-c" | "-v"));
    let mut adds = false;
    let flag = match program {
        "chmod" => mode(&what.text).map(|(mode, added)| {
            adds = added;
            format!("--chmod={mode}")
        }),
        "chown" => owner(&what.text).map(|owner| format!("--chown={owner}")),
        "chgrp" if is_name(&what.text) => Some(format!("--chown=0:{}", what.text)),
        "chgrp" => None,
        _ => return None,
    };
    Some(Permissions {
        is_mode: program == "chmod",
        flag: flag.filter(|_| plain),
        adds,
        is_special: program == "chmod"
            && (!what.resolved
                || sets_special_bits(&what.text)
                || options().any(|option| option.text.starts_with("--reference"))),
        recursive: options().any(|option| {
            option.text == "--recursive"
                || !option.text.starts_with("--") && option.text.contains('R')
        }),
        paths: words.filter(|word| word.resolved).map(|word| word.text.clone()).collect(),
    })
}

/// The mode that a file has then, and whether that rests on its being 644 or 755 before.
fn mode(text: &str) -> Option<(&str, bool)> {
    let digits = text.strip_prefix('0').unwrap_or(text);
    let octal = digits.len() == 3 && digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    match text {
        "+x" | "a+x" | "ugo+x" | "+rx" | "a+rx" => Some(("755", true)),
        _ => octal.then_some((digits, false)),
    }
}

/// Whether a mode may make files run as their owner or group (`4755`, `u+s`): a change of owner
/// takes that away. <https://man7.org/linux/man-pages/man2/chown.2.html>
pub fn sets_special_bits(mode: &str) -> bool {
    match mode.bytes().all(|digit| digit.is_ascii_digit()) {
        true => mode.trim_start_matches('0').len() > 3,
        false => mode.contains(['s', '$']),
    }
}

/// Owner and group, both: a copy gives who is named alone a group of the same number.
fn owner(text: &str) -> Option<String> {
    match text.split_once(':') {
        None => is_name(text).then(|| format!("{text}:0")),
        Some(("", group)) => is_name(group).then(|| format!("0:{group}")),
        Some((user, group)) => (is_name(user) && is_name(group)).then(|| text.to_owned()),
    }
}

fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Permissions> {
        let words = line.split(' ').map(|word| Argument {
            text: word.to_owned(),
            resolved: !word.contains('$'),
            written: word,
        });
        let words: Vec<Argument<'_>> = words.collect();
        permissions(&words[0].text, &words[1..])
    }

    #[test]
    fn flags_of_a_copy() {
        for (line, flag) in [
            ("chmod +x a", Some("--chmod=755")),
            ("chmod 0755 a", Some("--chmod=755")),
            ("chmod -v 640 a", Some("--chmod=640")),
            ("chmod 4755 a", None),
            ("chmod u+x a", None),
            ("chmod a+rX a", None),
            ("chmod -x a", None),
            ("chmod -R 755 a", None),
            ("chmod --reference=b a", None),
            ("chown app:app a", Some("--chown=app:app")),
            ("chown 1000 a", Some("--chown=1000:0")),
            ("chown :www a", Some("--chown=0:www")),
            ("chown app: a", None),
            ("chown app.app a", None),
            ("chown $U:$G a", None),
            ("chgrp app a", Some("--chown=0:app")),
            ("chgrp $G a", None),
        ] {
            assert_eq!(read(line).and_then(|set| set.flag).as_deref(), flag, "{line}");
        }
        assert_eq!(read("setcap cap_net_bind_service=+ep a"), None);
        assert_eq!(read("chmod"), None);
    }

    #[test]
    fn what_is_changed() {
        let set = read("chown -R app:app a $B c").unwrap();
        assert_eq!((set.recursive, set.paths), (true, vec!["a".to_owned(), "c".to_owned()]));
        assert!(read("chmod --recursive 755 a").unwrap().recursive);
        assert!(!read("chmod +x a").unwrap().recursive);
        for (mode, is_special) in [
            ("755", false),
            ("00755", false),
            ("a+x", false),
            ("4755", true),
            ("u+s", true),
            ("$M", true),
            ("--reference=b", true),
        ] {
            assert_eq!(read(&format!("chmod {mode} a")).unwrap().is_special, is_special, "{mode}");
        }
        assert!(read("chmod +x a").unwrap().adds && !read("chmod 755 a").unwrap().adds);
    }
}
