//! What COPY and ADD are made of on BuildKit.
//!
//! Follows `dispatchCopy` of `frontend/dockerfile/dockerfile2llb/convert_copy.go` and
//! `CacheMap` of `solver/llbsolver/ops/file.go`: of each source the key has the last part of
//! its path only; all else of it is the bytes that it selects.

use super::super::contents::Query;
use super::super::dispatcher::StageState;
use super::super::step::{Facet, Input};
use super::{Made, Source};
use crate::context::{base_name, clean, within};
use crate::digest::Digest;
use crate::sort::sort_by;
use crate::syntax::expand::expand_heredoc;
use crate::syntax::{Instruction, Keyword, Word};
use std::borrow::Cow;

/// One thing that is copied.
struct Item {
    /// The last part of the source, and how it is copied.
    definition: u64,
    name: String,
    input: Option<Input>,
    /// What it selects of the context or a stage.
    query: Option<Query>,
}

/// The flags of a copy.
struct Flags<'s> {
    instruction: &'s Instruction<'s>,
    state: &'s StageState,
    is_add: bool,
    parents: bool,
    unpack: Option<bool>,
    link: bool,
    excludes: Vec<String>,
    owner: Option<(String, Option<String>)>,
    /// `644` and `0644` are one mode.
    mode: Option<String>,
}

impl<'s> Flags<'s> {
    fn of(instruction: &'s Instruction<'s>, state: &'s StageState) -> Flags<'s> {
        let excludes = instruction.flags.iter().filter(|flag| flag.name == "exclude");
        let excludes = excludes.filter_map(|flag| Some(state.expand(&flag.value.as_ref()?.text)));
        let mut flags = Flags {
            instruction,
            state,
            is_add: instruction.keyword == Some(Keyword::Add),
            parents: false,
            unpack: None,
            link: false,
            excludes: excludes.collect(),
            owner: None,
            mode: None,
        };
        let chmod = flags.text("chmod");
        flags.parents = flags.boolean("parents") == Some(true);
        flags.unpack = flags.boolean("unpack");
        flags.link = flags.boolean("link") == Some(true) && chmod.is_none();
        flags.owner = flags.text("chown").as_deref().map(owner);
        flags.mode = chmod.map(|mode| match u32::from_str_radix(&mode, 8) {
            Ok(mode) => mode.to_string(),
            Err(_) => format!("={mode}"),
        });
        flags
    }

    /// The value of a flag; none where it is empty.
    fn text(&self, name: &str) -> Option<String> {
        let value = self.instruction.flag_value(name).map(|value| self.state.expand(value));
        value.filter(|value| !value.is_empty())
    }

    fn boolean(&self, name: &str) -> Option<bool> {
        let flag = self.instruction.flag(name)?;
        Some(flag.value.as_ref().is_none_or(|value| value.text.eq_ignore_ascii_case("true")))
    }

    /// A number for those that say how files land.
    fn number(&self) -> u64 {
        let number = owned(Digest::of("flags"), self.owner.as_ref()).option(self.mode.as_deref());
        number.texts(&self.excludes).flag(self.parents).end()
    }
}

pub(super) fn make(
    source: &Source<'_, '_>,
    (sources, destination): (&[Word<'_>], &Word<'_>),
    state: &StageState,
) -> Made {
    let flags = Flags::of(source.instruction, state);
    let mut items = items(source, sources, &flags);
    let mut inputs = if flags.link { Vec::new() } else { vec![Input::Base] };
    let mut queries: Vec<Query> = Vec::new();
    for item in &mut items {
        inputs.extend(item.input);
        queries.extend(item.query.take());
    }
    if !queries.is_empty() {
        // The bytes of all sources are taken together, in the order of their paths.
        sort_by(&mut queries, |a, b| within(&a.source).cmp(&within(&b.source)));
        let from = source.instruction.flag_value("from");
        inputs.push(source.dispatcher.files(from, source.stage, &queries));
        if from.is_some() {
            queries.clear();
        }
    }

    let definitions: Vec<u64> = items.iter().map(|item| item.definition).collect();
    let names = items.iter().fold(Digest::of("names"), |names, item| names.text(&item.name)).end();
    let heredocs = source.written.heredocs.iter();
    let bodies = heredocs.fold(Digest::of("bodies"), |bodies, h| bodies.text(&h.content)).end();
    let to = Digest::of(&place(&state.expand(&destination.text), state.directory())).end();
    let how = flags.number();
    let flag = Digest::of("link").number(how).flag(flags.link).flag(flags.unpack == Some(true));
    Made {
        definition: Digest::of("copy").numbers(&definitions).numbers(&[to, how]).end(),
        inputs,
        link: flags.link,
        facets: vec![
            (Facet::Heredoc, bodies),
            (Facet::Command, u64::from(flags.is_add)),
            (Facet::Flag, flag.end()),
            (Facet::Source, names),
            (Facet::Destination, to),
        ],
        queries,
    }
}

/// What is copied: files, downloads, here-documents.
fn items(source: &Source<'_, '_>, sources: &[Word<'_>], flags: &Flags<'_>) -> Vec<Item> {
    let heredocs = &source.written.heredocs;
    let is_heredoc = |word: &Word<'_>| heredocs.iter().any(|heredoc| heredoc.opener == word.span);
    let named = sources.iter().filter(|word| !is_heredoc(word)).map(|word| {
        let text = flags.state.expand(&word.text);
        match flags.is_add.then(|| remote(&text, flags)).flatten() {
            Some(remote) => {
                let unpack = flags.unpack.map_or(2, u64::from);
                let definition = Digest::of("remote").number(remote.definition).number(unpack);
                Item { definition: definition.end(), ..remote }
            }
            None => {
                let (parents, excludes) = (flags.parents, flags.excludes.clone());
                let query = Query { source: text, parents, excludes, chmod: None };
                local(query, flags.unpack.unwrap_or(flags.is_add))
            }
        }
    });
    let written = heredocs.iter().map(|heredoc| {
        let lookup = |name: &str| flags.state.dispatch.known(name).map(Cow::Borrowed);
        let body = match heredoc.expand {
            true => expand_heredoc(&heredoc.content, lookup).text,
            false => Cow::Borrowed(heredoc.content.as_ref()),
        };
        let name = base_name(&heredoc.name).to_owned();
        Item {
            definition: Digest::of("heredoc").text(&name).end(),
            name,
            input: Some(Input::Content(Digest::of("body").text(&body).end())),
            query: None,
        }
    });
    named.chain(written).collect()
}

/// A path of the context or of another file system.
fn local(query: Query, unpack: bool) -> Item {
    let (name, pattern) = if query.parents {
        let (root, pattern) = query.source.split_once("/./").unwrap_or(("", &query.source));
        (within(root), Some(within(pattern).into_owned()))
    } else {
        (within(&query.source), None)
    };
    let name = base_name(&name).to_owned();
    let definition = Digest::of("local").text(&name).option(pattern.as_deref()).flag(unpack);
    let definition = definition.end();
    Item { definition, name: pattern.unwrap_or(name), input: None, query: Some(query) }
}

/// A file or repository that ADD downloads. Its bytes are taken for the same where the address
/// or the checksum is.
fn remote(source: &str, flags: &Flags<'_>) -> Option<Item> {
    let keep_git_dir = flags.boolean("keep-git-dir");
    if !is_git(source) && keep_git_dir.is_none() {
        return download(source, flags.text("checksum"));
    }
    let content = Digest::of("git").text(source).flag(keep_git_dir == Some(true)).end();
    Some(Item {
        definition: Digest::of("git").end(),
        name: source.to_owned(),
        input: Some(Input::Content(content)),
        query: None,
    })
}

/// A file of the web.
fn download(source: &str, checksum: Option<String>) -> Option<Item> {
    if !source.starts_with("http://") && !source.starts_with("https://") {
        return None;
    }
    let address = source.split(['?', '#']).next().unwrap_or_default();
    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
    let name = match base_name(path.trim_end_matches('/')) {
        "" | "." => "__unnamed__".to_owned(),
        name => name.to_owned(),
    };
    let input = Input::Remote {
        address: Digest::of("address").text(source).end(),
        checksum: checksum.map(|checksum| Digest::of("checksum").text(&checksum).end()),
    };
    Some(Item {
        definition: Digest::of("http").text(&name).end(),
        name,
        input: Some(input),
        query: None,
    })
}

/// Whether ADD takes `source` for a repository.
///
/// `ParseGitRef` in <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dfgitutil/git_ref.go>
fn is_git(source: &str) -> bool {
    let web = ["http://", "https://"].iter().any(|scheme| source.starts_with(scheme));
    let address = source.split(['?', '#']).next().unwrap_or_default();
    let scheme = ["git://", "ssh://", "git@"].iter().any(|scheme| source.starts_with(scheme));
    scheme || (web && address.ends_with(".git"))
}

/// Who `--chown` or USER names: numbers where they are numbers, the group none where it is
/// not written.
///
/// `WithUser` in <https://github.com/moby/buildkit/blob/master/client/llb/fileop.go>
pub(super) fn owner(text: &str) -> (String, Option<String>) {
    let read = |name: &str| match (name, name.parse::<i32>()) {
        ("root" | "", _) => "0".to_owned(),
        (_, Ok(number)) => number.to_string(),
        (name, Err(_)) => name.to_owned(),
    };
    match text.split_once(':') {
        Some((user, group)) => (read(user), Some(read(group))),
        None => (read(text), None),
    }
}

/// Adds an owner to a number.
pub(super) fn owned(digest: Digest, owner: Option<&(String, Option<String>)>) -> Digest {
    match owner {
        Some((user, group)) => digest.text(user).option(group.as_deref()),
        None => digest.flag(false),
    }
}

/// The destination as an absolute path. A slash or `/.` at its end stays.
///
/// `pathRelativeToWorkingDir` in
/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>
fn place(text: &str, cwd: &str) -> String {
    let text = if matches!(text, "" | ".") { "./" } else { text };
    let mut path =
        if text.starts_with('/') { clean(text) } else { clean(&format!("{cwd}/{text}")) };
    if text.ends_with('/') && !path.ends_with('/') {
        path.push('/');
    } else if text.ends_with("/.") {
        path.push_str(if path == "/" { "." } else { "/." });
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Build, CompareOptions, compare};

    #[test]
    fn destinations_keep_their_slash() {
        for (text, expected) in [
            (".", "/w/"),
            ("", "/w/"),
            ("./", "/w/"),
            ("/w", "/w"),
            ("/w/", "/w/"),
            ("a//b/../c", "/w/a/c"),
            ("/x/.", "/x/."),
            ("/", "/"),
            ("..", "/"),
        ] {
            assert_eq!(place(text, "/w"), expected, "{text}");
        }
    }

    #[test]
    fn owners_are_numbers_where_they_can_be() {
        let pair = |user: &str, group: Option<&str>| (user.to_owned(), group.map(str::to_owned));
        assert_eq!(owner("root:root"), pair("0", Some("0")));
        assert_eq!(owner("05"), pair("5", None));
        assert_eq!(owner("app:5"), pair("app", Some("5")));
        assert_ne!(owner("5"), owner("5:5"));
    }

    #[test]
    fn repositories_and_files_of_the_web() {
        for git in ["git@a.b:c", "https://a.b/c.git#v1", "ssh://a/b", "git://a/b"] {
            assert!(is_git(git), "{git}");
        }
        assert!(!is_git("https://a.b/c.github") && !is_git("c.git"));
        let name = |source| download(source, None).map(|item| item.name);
        assert_eq!(name("https://a.b/c/d.tgz?x=/y"), Some("d.tgz".into()));
        assert_eq!(name("https://a.b"), Some("__unnamed__".into()));
        assert_eq!(name("a.b/c"), None);
    }

    /// As current BuildKit does it: directories are made with that time, what is copied is not.
    #[test]
    fn the_time_of_a_build_is_no_part_of_a_copy() {
        let build = |dockerfile: &str, time: Option<&str>| Build {
            dockerfile: format!("FROM base\n{dockerfile}"),
            build_args: time
                .map(|time| ("SOURCE_DATE_EPOCH".into(), time.into()))
                .into_iter()
                .collect(),
            ..Build::default()
        };
        let outcomes = |dockerfile: &str| -> Vec<&str> {
            let (before, after) = (build(dockerfile, None), build(dockerfile, Some("1000000000")));
            let steps = compare(&before, &after, &CompareOptions::default());
            steps.iter().map(|step| step.outcome.id()).collect()
        };
        assert_eq!(outcomes("COPY a /a\nRUN id"), ["cached", "cached"]);
        assert_eq!(outcomes("WORKDIR /w\nCOPY a /a"), ["rerun", "rerun"]);
        assert_eq!(outcomes("COPY a /a\nARG SOURCE_DATE_EPOCH\nRUN id"), ["cached", "rerun"]);
    }
}
