//! Which flags an instruction knows, and what their values may be.
//!
//! Follows `BFlags` of BuildKit's `frontend/dockerfile/instructions/bflag.go` and the
//! flags that `parse.go` and its neighbours declare there.

use super::ast::{Flag, Instruction, Keyword};
use super::duration::nanoseconds;
use super::mount::{refuse_device, refuse_mount};
use super::quote::quoted;
use super::suggest::suggestion;
use crate::text::Span;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `--name`, `--name=true` or `--name=false`.
    Boolean,
    /// `--name=value`, once.
    Text,
    /// `--name=value`, as often as one likes.
    Texts,
}

use Kind::{Boolean, Text, Texts};

fn known(keyword: Keyword) -> &'static [(&'static str, Kind)] {
    match keyword {
        Keyword::Add => &[
            ("chown", Text),
            ("chmod", Text),
            ("link", Boolean),
            ("keep-git-dir", Boolean),
            ("checksum", Text),
            ("unpack", Boolean),
            ("exclude", Texts),
        ],
        Keyword::Copy => &[
            ("chown", Text),
            ("from", Text),
            ("chmod", Text),
            ("link", Boolean),
            ("exclude", Texts),
            ("parents", Boolean),
        ],
        Keyword::From => &[("platform", Text)],
        Keyword::Run => {
            &[("device", Texts), ("mount", Texts), ("network", Text), ("security", Text)]
        }
        Keyword::Healthcheck => &[
            ("interval", Text),
            ("timeout", Text),
            ("start-period", Text),
            ("start-interval", Text),
            ("retries", Text),
        ],
        _ => &[],
    }
}

/// The first thing BuildKit refuses in the flags by themselves, and where. ARG and
/// STOPSIGNAL ignore theirs.
pub(super) fn refuse(keyword: Keyword, flags: &[Flag<'_>]) -> Option<(String, Span)> {
    if flags.is_empty() || matches!(keyword, Keyword::Arg | Keyword::Stopsignal) {
        return None;
    }
    let known = known(keyword);
    let mut used = 0_u32;
    for flag in flags {
        let name = flag.name.as_ref();
        let value = flag.value.as_ref().map(|v| v.text.as_ref());
        let Some(index) = known.iter().position(|&(n, _)| n == name) else {
            let near = suggestion(name, known.iter().map(|&(n, _)| n), false);
            return Some((format!("unknown flag: --{name}{near}"), flag.span));
        };
        let kind = known[index].1;
        if used & 1 << index != 0 && kind != Texts {
            return Some((format!("duplicate flag specified: --{name}"), flag.span));
        }
        used |= 1 << index;
        let wrong = match (kind, value) {
            (Boolean, None) | (Text | Texts, Some(_)) => None,
            (Boolean, Some("")) | (Text | Texts, None) => {
                Some(format!("missing a value on flag: --{name}"))
            }
            (Boolean, Some(value)) => {
                let valid = ["true", "false"].iter().any(|b| value.eq_ignore_ascii_case(b));
                let message = || format!("expecting boolean value for flag --{name}, not: {value}");
                (!valid).then(message)
            }
        };
        if let Some(message) = wrong {
            return Some((message, flag.span));
        }
    }
    None
}

/// The first thing BuildKit refuses in the values of RUN's flags.
pub(super) fn refuse_run(run: &Instruction<'_>) -> Option<(String, Span)> {
    if run.flags.is_empty() {
        return None;
    }
    for (name, refuse) in [
        ("device", refuse_device as fn(&str) -> Option<String>),
        ("mount", refuse_mount),
        ("network", |value| {
            let known = matches!(value, "default" | "none" | "host");
            (!known).then(|| format!("invalid network mode {}", quoted(value)))
        }),
        ("security", |value| {
            let known = matches!(value, "insecure" | "sandbox");
            (!known).then(|| format!("security {} is not valid", quoted(value)))
        }),
    ] {
        for flag in run.flags.iter().filter(|f| f.name == name) {
            if let Some(message) = flag.value.as_ref().and_then(|v| refuse(&v.text)) {
                return Some((message, flag.span));
            }
        }
    }
    None
}

/// The first thing BuildKit refuses in the values of HEALTHCHECK's flags.
pub(super) fn refuse_healthcheck(check: &Instruction<'_>) -> Option<(String, Span)> {
    for name in ["interval", "timeout", "start-period", "start-interval"] {
        let Some(flag) = check.flag(name) else { continue };
        let value = flag.value.as_ref().map_or("", |v| v.text.as_ref());
        if value.is_empty() {
            continue;
        }
        match nanoseconds(value) {
            Err(message) => return Some((message, flag.span)),
            Ok(0) | Ok(1_000_000..) => {}
            Ok(_) => {
                let message = format!("Interval \"{name}\" cannot be less than 1ms");
                return Some((message, flag.span));
            }
        }
    }
    let flag = check.flag("retries")?;
    let value = flag.value.as_ref().map_or("", |v| v.text.as_ref());
    if value.is_empty() {
        return None;
    }
    Some((refuse_retries(value)?, flag.span))
}

/// Go's `strconv.ParseInt` of 32 bits, and nothing below zero.
fn refuse_retries(value: &str) -> Option<String> {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let failed = |why| Some(format!("strconv.ParseInt: parsing {}: {why}", quoted(value)));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return failed("invalid syntax");
    }
    match value.parse::<i32>() {
        Ok(0..) => None,
        Ok(retries) => Some(format!("--retries cannot be negative ({retries})")),
        Err(_) => failed("value out of range"),
    }
}
