//! What COPY and ADD are made of on BuildKit.
//!
//! Follows `dispatchCopy` of `frontend/dockerfile/dockerfile2llb/convert_copy.go` and
//! `CacheMap` of `solver/llbsolver/ops/file.go`: of each source the key has the last part of
//! its path only; all else of it is the bytes that it selects.

use super::super::contents::Query;
use super::super::plan::{Action, Base};
use super::super::step::{Facet, Input, State};
use super::{Made, Site, Stand, image};
use crate::context::{base_name, clean, within};
use crate::digest::Digest;
use crate::sort::sort_by;
use crate::syntax::Word;
use crate::syntax::expand::expand_heredoc;
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

pub(super) fn make(
    site: &Site<'_, '_>,
    action: Action<'_>,
    (sources, destination): (&[Word<'_>], &Word<'_>),
    stand: &Stand,
) -> Made {
    let escape = site.plan.file.escape;
    let instruction = action.instruction;
    let expand = |word: &str| stand.environment.expand(word, escape);
    let flag = |name: &str| instruction.flag_value(name).map(expand).filter(|v| !v.is_empty());
    let boolean = |name: &str| {
        let flag = instruction.flag(name)?;
        Some(flag.value.as_ref().is_none_or(|value| value.text.eq_ignore_ascii_case("true")))
    };
    let is_add = instruction.keyword == Some(crate::syntax::Keyword::Add);
    let parents = boolean("parents") == Some(true);
    let excludes = instruction.flags.iter().filter(|flag| flag.name == "exclude");
    let excludes = excludes.filter_map(|flag| Some(expand(&flag.value.as_ref()?.text)));
    let excludes: Vec<String> = excludes.collect();
    let (chown, chmod) = (flag("chown"), flag("chmod"));
    // `644` and `0644` are one mode.
    let mode = chmod.as_deref().map(|mode| match u32::from_str_radix(mode, 8) {
        Ok(mode) => mode.to_string(),
        Err(_) => format!("={mode}"),
    });
    let to = place(&expand(&destination.text), &stand.cwd);
    let from = instruction.flag_value("from").map(|name| site.plan.origin(name));
    let unpack = boolean("unpack");

    let mut items: Vec<Item> = Vec::new();
    let is_heredoc =
        |word: &Word<'_>| action.written.heredocs.iter().any(|heredoc| heredoc.opener == word.span);
    for word in sources.iter().filter(|word| !is_heredoc(word)) {
        let source = expand(&word.text);
        let remote = is_add.then(|| remote(&source, &flag, boolean("keep-git-dir"))).flatten();
        items.push(match remote {
            Some(remote) => {
                let unpack = unpack.map_or(2, u64::from);
                let definition = Digest::of("remote").number(remote.definition).number(unpack);
                Item { definition: definition.end(), ..remote }
            }
            None => {
                let unpack = unpack.unwrap_or(is_add);
                let query = Query { source, parents, excludes: excludes.clone(), chmod: None };
                local(query, unpack)
            }
        });
    }
    for heredoc in &action.written.heredocs {
        let lookup = |name: &str| stand.environment.get(name).map(Cow::Borrowed);
        let body = match heredoc.expand {
            true => expand_heredoc(&heredoc.content, lookup).text,
            false => Cow::Borrowed(heredoc.content.as_ref()),
        };
        let name = base_name(&heredoc.name).to_owned();
        items.push(Item {
            definition: Digest::of("heredoc").text(&name).end(),
            name,
            input: Some(Input::Content(Digest::of("body").text(&body).end())),
            query: None,
        });
    }

    let link = boolean("link") == Some(true) && chmod.is_none();
    let mut inputs = if link { Vec::new() } else { vec![Input::Base] };
    let mut queries: Vec<Query> = Vec::new();
    for item in &mut items {
        inputs.extend(item.input);
        queries.extend(item.query.take());
    }
    if !queries.is_empty() {
        // The bytes of all sources are taken together, in the order of their paths.
        sort_by(&mut queries, |a, b| within(&a.source).cmp(&within(&b.source)));
        let files = |of: State, stage: Option<usize>| {
            let numbers: Vec<u64> = queries.iter().map(Query::digest).collect();
            Input::Files { of, selected: Digest::of("files").numbers(&numbers).end(), stage }
        };
        match &from {
            None => {
                let numbers = queries.iter().map(|query| site.contents.number(query));
                let numbers: Vec<u64> = numbers.collect();
                inputs.push(Input::Content(Digest::of("content").numbers(&numbers).end()));
            }
            Some(Base::Scratch) => inputs.push(files(State::Scratch, None)),
            Some(Base::Image(name)) => {
                inputs.push(files(image(site, name, &site.plan.platform), None));
            }
            Some(Base::Stage(from)) => {
                let end = site.ends.get(*from).and_then(Option::as_ref);
                let state = end.map_or(State::Scratch, |end| end.state);
                inputs.push(files(state, Some(*from)));
            }
        }
    }
    if from.is_some() {
        queries.clear();
    }

    let owner = chown.as_deref().map(owner);
    let definitions: Vec<u64> = items.iter().map(|item| item.definition).collect();
    let names = items.iter().fold(Digest::of("names"), |names, item| names.text(&item.name)).end();
    let heredocs = action.written.heredocs.iter();
    let bodies = heredocs.fold(Digest::of("bodies"), |bodies, h| bodies.text(&h.content)).end();
    let flags = owned(Digest::of("flags"), owner.as_ref()).option(mode.as_deref());
    let flags = flags.texts(&excludes).flag(parents).end();
    let epoch = site.epoch.map_or(u64::MAX, |epoch| epoch as u64);
    let to = Digest::of(&to).end();
    Made {
        definition: Digest::of("copy").numbers(&definitions).numbers(&[to, flags, epoch]).end(),
        inputs,
        link,
        facets: vec![
            (Facet::Heredoc, bodies),
            (Facet::Command, u64::from(is_add)),
            (
                Facet::Flag,
                Digest::of("link").number(flags).flag(link).flag(unpack == Some(true)).end(),
            ),
            (Facet::Source, names),
            (Facet::Destination, to),
            (Facet::Epoch, epoch),
        ],
        queries,
    }
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
fn remote(
    source: &str,
    flag: &dyn Fn(&str) -> Option<String>,
    keep_git_dir: Option<bool>,
) -> Option<Item> {
    let checksum = flag("checksum");
    if is_git(source) || keep_git_dir.is_some() {
        let content = Digest::of("git").text(source).flag(keep_git_dir == Some(true)).end();
        return Some(Item {
            definition: Digest::of("git").end(),
            name: source.to_owned(),
            input: Some(Input::Content(content)),
            query: None,
        });
    }
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
        let none = |_: &str| None;
        for git in ["git@a.b:c", "https://a.b/c.git#v1", "ssh://a/b", "git://a/b"] {
            assert!(is_git(git), "{git}");
        }
        assert!(!is_git("https://a.b/c.github") && !is_git("c.git"));
        let name = |source| remote(source, &none, None).map(|item| item.name);
        assert_eq!(name("https://a.b/c/d.tgz?x=/y"), Some("d.tgz".into()));
        assert_eq!(name("https://a.b"), Some("__unnamed__".into()));
        assert_eq!(name("a.b/c"), None);
    }
}
