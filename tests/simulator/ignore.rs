//! What `.dockerignore` leaves of a list of files, by Docker's documentation: the last line that
//! fits decides, a line fits what lies below what it names, `!` takes back, `**` fits any number of
//! directories.

/// Whether the client sends a path.
pub fn is_sent(path: &str, lines: &[String]) -> bool {
    let mut sent = true;
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            continue;
        }
        let (back, pattern) = match line.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let parts: Vec<&str> =
            pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let names: Vec<&str> = path.split('/').collect();
        if (1..=names.len()).any(|end| fits(&parts, &names[..end])) {
            sent = back;
        }
    }
    sent
}

fn fits(parts: &[&str], names: &[&str]) -> bool {
    match parts {
        [] => names.is_empty(),
        ["**"] => !names.is_empty(),
        ["**", rest @ ..] => (0..=names.len()).any(|skipped| fits(rest, &names[skipped..])),
        [part, rest @ ..] => match names {
            [name, names @ ..] => wildcard(part, name) && fits(rest, names),
            [] => false,
        },
    }
}

/// `*` and `?` within one name, as Go's `filepath.Match` has them.
pub fn wildcard(pattern: &str, name: &str) -> bool {
    match (pattern.chars().next(), name.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = &pattern[1..];
            (0..=name.len()).any(|at| name.is_char_boundary(at) && wildcard(rest, &name[at..]))
        }
        (Some('?'), Some(c)) => wildcard(&pattern[1..], &name[c.len_utf8()..]),
        (Some(p), Some(c)) => p == c && wildcard(&pattern[p.len_utf8()..], &name[c.len_utf8()..]),
        _ => false,
    }
}
