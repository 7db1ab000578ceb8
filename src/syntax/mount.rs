//! The values of RUN's flags `--mount` and `--device`.
//!
//! Follows `parseMount` and `ParseDevice` of BuildKit's
//! `frontend/dockerfile/instructions/commands_runmount.go` and `commands_rundevice.go`.
//! Mount values may hold variables, which are not expanded here.

use super::ast::{Flag, Instruction, Word};
use super::csv;
use super::suggest::suggestion;
use crate::text::Span;
use std::borrow::Cow;

/// A `--mount`, its values as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount<'a> {
    /// The whole flag.
    pub span: Span,
    /// `type=`; a bind where it is not given.
    pub kind: MountKind,
    /// `from=`: a stage, an image or a named context.
    pub from: Option<Word<'a>>,
    /// `source=` or `src=`.
    pub source: Option<Word<'a>>,
    /// `target=`, `dst=` or `destination=`.
    pub target: Option<Word<'a>>,
    /// `id=`.
    pub id: Option<Word<'a>>,
    /// `sharing=`.
    pub sharing: Option<Word<'a>>,
    /// `env=`: the variable that holds a secret.
    pub env: Option<Word<'a>>,
    /// `mode=`.
    pub mode: Option<Word<'a>>,
    /// `uid=`.
    pub uid: Option<Word<'a>>,
    /// `gid=`.
    pub gid: Option<Word<'a>>,
    /// `size=`.
    pub size: Option<Word<'a>>,
    /// `readonly`, `ro` (true) or `readwrite`, `rw` (false), where given without variables.
    pub readonly: Option<bool>,
    /// `required`, where given without variables.
    pub required: Option<bool>,
}

/// What is mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MountKind {
    /// Files of the context, a stage or an image.
    #[default]
    Bind,
    /// A directory that outlives the build.
    Cache,
    /// An empty directory.
    Tmpfs,
    /// A secret.
    Secret,
    /// An agent's socket.
    Ssh,
    /// A variable, or a type that BuildKit does not know.
    Unknown,
}

/// The mounts of a RUN, in order.
pub fn mounts<'i, 'a>(run: &'i Instruction<'a>) -> impl Iterator<Item = Mount<'i>> + use<'i, 'a> {
    run.flags.iter().filter(|flag| flag.name == "mount").filter_map(mount)
}

/// The mount that `flag` describes; none where it has no value or no valid one.
pub fn mount<'f>(flag: &'f Flag<'_>) -> Option<Mount<'f>> {
    let value = flag.value.as_ref()?;
    // Where the text stands in the source as it is, its parts have places of their own.
    let verbatim = (value.span.end - value.span.start) as usize == value.text.len();
    let mut mount = Mount {
        span: flag.span,
        kind: MountKind::default(),
        from: None,
        source: None,
        target: None,
        id: None,
        sharing: None,
        env: None,
        mode: None,
        uid: None,
        gid: None,
        size: None,
        readonly: None,
        required: None,
    };
    for (field, start) in csv::fields(&value.text).ok()? {
        let (key, text, offset) = match field {
            Cow::Borrowed(field) => match field.split_once('=') {
                Some((key, text)) => {
                    (key.to_ascii_lowercase(), Some(Cow::Borrowed(text)), key.len() + 1)
                }
                None => (field.to_ascii_lowercase(), None, 0),
            },
            Cow::Owned(field) => match field.split_once('=') {
                Some((key, text)) => {
                    (key.to_ascii_lowercase(), Some(Cow::Owned(text.to_owned())), 0)
                }
                None => (field.to_ascii_lowercase(), None, 0),
            },
        };
        let Some(text) = text else {
            match key.as_str() {
                "readonly" | "ro" => mount.readonly = Some(true),
                "readwrite" | "rw" => mount.readonly = Some(false),
                "required" => mount.required = Some(true),
                _ => {}
            }
            continue;
        };
        let span = match start {
            Some(start) if verbatim => {
                let start = value.span.start as usize + start + offset;
                Span::new(start, start + text.len())
            }
            _ => value.span,
        };
        match key.as_str() {
            "readonly" | "ro" => mount.readonly = boolean(&text),
            "readwrite" | "rw" => mount.readonly = boolean(&text).map(|rw| !rw),
            "required" => mount.required = boolean(&text),
            "type" => mount.kind = kind(&text),
            _ => {
                let slot = match key.as_str() {
                    "from" => &mut mount.from,
                    "source" | "src" => &mut mount.source,
                    "target" | "dst" | "destination" => &mut mount.target,
                    "id" => &mut mount.id,
                    "sharing" => &mut mount.sharing,
                    "env" => &mut mount.env,
                    "mode" => &mut mount.mode,
                    "uid" => &mut mount.uid,
                    "gid" => &mut mount.gid,
                    "size" => &mut mount.size,
                    _ => continue,
                };
                *slot = Some(Word { text, span });
            }
        }
    }
    Some(mount)
}

fn kind(text: &str) -> MountKind {
    match text.to_ascii_lowercase().as_str() {
        "bind" => MountKind::Bind,
        "cache" => MountKind::Cache,
        "tmpfs" => MountKind::Tmpfs,
        "secret" => MountKind::Secret,
        "ssh" => MountKind::Ssh,
        _ => MountKind::Unknown,
    }
}

/// Go's `strconv.ParseBool`.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Why BuildKit's parser refuses a `--mount` value; most of it is looked at only later, when
/// its variables are known.
pub(super) fn refuse_mount(value: &str) -> Option<String> {
    let fields = match csv::fields(value) {
        Ok(fields) => fields,
        Err(error) => return Some(format!("failed to parse csv mounts: {error}")),
    };
    let has_variable = fields.iter().any(|(field, _)| {
        field.split_once('=').is_some_and(|(key, value)| {
            let dollar = value.find('$');
            key.eq_ignore_ascii_case("from") && dollar.is_some_and(|at| at + 1 < value.len())
        })
    });
    has_variable
        .then(|| "'from' doesn't support variable expansion, define alias stage instead".to_owned())
}

/// Why BuildKit refuses a `--device` value.
pub(super) fn refuse_device(value: &str) -> Option<String> {
    let fields = match csv::fields(value) {
        Ok(fields) => fields,
        Err(error) => return Some(format!("failed to parse csv devices: {error}")),
    };
    let mut name = String::new();
    for (field, _) in &fields {
        let (key, value) = match field.split_once('=') {
            // ASCII, as the names are: the case tables of Unicode weigh 16 KB in the wasm.
            Some((key, value)) => (key.to_ascii_lowercase(), Some(value)),
            None => (field.to_ascii_lowercase(), None),
        };
        match (key.as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) if boolean(value).is_some() => {}
            ("required", Some(value)) => return Some(format!("invalid value for {key}: {value}")),
            ("name", Some(_)) if !name.is_empty() => {
                return Some(format!("device name already set to {name}"));
            }
            ("name", Some(value)) => name = value.to_owned(),
            _ if name.is_empty() => name = field.to_string(),
            (_, None) => {
                return Some(format!("invalid field '{field}' must be a key=value pair"));
            }
            (_, Some(_)) => {
                let near = suggestion(&key, ["name", "required"], false);
                return Some(format!("unexpected key '{key}' in '{field}'{near}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[test]
    fn a_cache_mount() {
        let text = "RUN --mount=type=cache,target=/root/.cache,Sharing=locked,id=a,uid=1,gid=2,mode=0755 x";
        let (file, _) = parse(text);
        let mount = mounts(&file.instructions[0]).next().unwrap();
        assert_eq!(mount.kind, MountKind::Cache);
        let target = mount.target.unwrap();
        assert_eq!(target.text, "/root/.cache");
        assert_eq!(target.span.of(text), "/root/.cache");
        let texts = [mount.sharing, mount.id, mount.uid, mount.gid, mount.mode];
        assert_eq!(texts.map(|w| w.unwrap().text), ["locked", "a", "1", "2", "0755"]);
        assert_eq!((mount.readonly, mount.from, mount.source), (None, None, None));
    }

    #[test]
    fn other_forms() {
        let text = "RUN --mount=src=a,dst=/b,rw --mount=type=secret,id=x,env=X,required=true,ro=0 \
                    --mount=type=$T --mount --mount=a\"b --mount=\"type=tmpfs,\"target=/a x";
        let (file, _) = parse(text);
        let found: Vec<_> = mounts(&file.instructions[0]).collect();
        assert_eq!(found.len(), 4);
        assert_eq!((found[0].kind, found[0].readonly), (MountKind::Bind, Some(false)));
        assert_eq!(found[0].source.as_ref().unwrap().span.of(text), "a");
        assert_eq!((found[1].required, found[1].readonly), (Some(true), Some(false)));
        assert_eq!(found[1].env.as_ref().unwrap().text, "X");
        assert_eq!(found[2].kind, MountKind::Unknown);
    }

    #[test]
    fn what_the_parser_refuses() {
        assert_eq!(refuse_mount("type=nonsense,what=ever,flag"), None);
        assert_eq!(refuse_mount("from=a$"), None);
        assert!(refuse_mount("from=$a").unwrap().contains("variable expansion"));
        assert_eq!(refuse_mount("").unwrap(), "failed to parse csv mounts: EOF");
    }

    #[test]
    fn devices() {
        for value in ["vendor.com/x=a", "vendor.com/x", "required,name=x", "x,required=0"] {
            assert_eq!(refuse_device(value), None, "{value}");
        }
        assert_eq!(refuse_device("x,y").unwrap(), "invalid field 'y' must be a key=value pair");
        assert_eq!(refuse_device("name=x,name=y").unwrap(), "device name already set to x");
        assert_eq!(refuse_device("x,required=maybe").unwrap(), "invalid value for required: maybe");
        assert!(refuse_device("x,nam=y").unwrap().ends_with("(did you mean name?)"));
    }
}
