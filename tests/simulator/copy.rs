//! COPY and ADD, as BuildKit's copier does them: `docopy` of its file operations, and `Copy` of
//! fsutil, on which that stands. <https://github.com/tonistiigi/fsutil/blob/master/copy/copy.go>

use super::dockerfile::Instruction;
use super::files::{Failure, Files, Kind, Node, Owner, ROOT, base, join, parent};
use super::ignore::wildcard;
use super::programs::owner;

/// Where files come from, and the words of the instruction.
pub struct Source<'s> {
    pub files: &'s Files,
    pub words: &'s [String],
}

/// What becomes of each path that is copied.
struct Made {
    owner: Option<Owner>,
    mode: Option<u32>,
}

pub fn copy(
    files: &mut Files,
    directory: &str,
    instruction: &Instruction,
    source: &Source,
) -> Result<(), Failure> {
    let owner = instruction.flag("chown").map(|text| owner(files, text)).transpose()?;
    let mode =
        instruction.flag("chmod").map(|text| u32::from_str_radix(text, 8).expect("an octal mode"));
    let made = Made { owner, mode };
    let (word, sources) = source.words.split_last().expect("a destination");
    let ends = word.ends_with('/') || word.ends_with("/.") || word == ".";
    let is_root = |place: &str| place == "/";
    let destination = join(directory, word);
    let destination = match ends && !is_root(&destination) {
        true => format!("{destination}/"),
        false => destination,
    };
    // An independent layer starts from nothing, and is laid over the others afterwards.
    let links = instruction.flag("link").is_some() && mode.is_none();
    let mut layer = Files::empty();
    {
        let target = if links { &mut layer } else { &mut *files };
        for word in sources {
            if let Some(name) = word.strip_prefix("<<") {
                let name = name.trim_matches(['"', '\'']);
                let body = &instruction.documents.iter().find(|document| document.0 == name);
                let body = body.map_or("", |document| document.1.as_str());
                let mut one = Files::empty();
                one.0.insert(format!("/{name}"), Node::file(body, 0o644, ROOT));
                one_source(target, &one, &format!("/{name}"), &destination, &made)?;
            } else if instruction.flag("parents").is_some() {
                with_parents(target, source.files, word, &destination, &made)?;
            } else {
                matched(target, source, word, &destination, &made)?;
            }
        }
    }
    if links {
        laid_over(files, layer);
    }
    Ok(())
}

fn matched(
    files: &mut Files,
    source: &Source,
    word: &str,
    destination: &str,
    made: &Made,
) -> Result<(), Failure> {
    let place = join("/", word);
    if !place.contains(['*', '?']) {
        return one_source(files, source.files, &place, destination, made);
    }
    for found in patterns(source.files, &place) {
        one_source(files, source.files, &found, destination, made)?;
    }
    Ok(())
}

/// What a pattern fits: each of its parts a name; a directory that fits ends the search in it.
fn patterns(files: &Files, pattern: &str) -> Vec<String> {
    let parts: Vec<&str> = pattern[1..].split('/').collect();
    let fits = |path: &str| {
        let names: Vec<&str> = path[1..].split('/').collect();
        names.len() == parts.len()
            && parts.iter().zip(names).all(|(part, name)| wildcard(part, name))
    };
    let all = files.below("/").map(|(path, _)| path);
    all.filter(|path| fits(path)).cloned().collect()
}

fn one_source(
    files: &mut Files,
    source: &Files,
    place: &str,
    destination: &str,
    made: &Made,
) -> Result<(), Failure> {
    let real = source.real(place, true);
    let node = source.0.get(&real).ok_or_else(|| format!("{place} is not found"))?;
    let ends = destination.ends_with('/');
    let clean = join("/", destination);
    let owner = made.owner.unwrap_or(ROOT);
    let ensured = if ends { clean.as_str() } else { parent(&clean) };
    files.make_all(ensured, 0o755, owner)?;
    let mut target = files.real(&clean, true);
    let there = files.0.get(&target).map(Node::is_directory);
    if !node.is_directory() && there == Some(true) {
        target = join(&target, base(place));
    }
    let needed = match node.is_directory() && there.is_none() {
        true => target.clone(),
        false => parent(&target).to_owned(),
    };
    files.make_all(&needed, 0o755, owner)?;
    brought(files, source, &real, &target, (made, false))
}

/// Brings a path with all below; the mode and owner of a directory that is there only change where
/// `overwrites` says so: below the one that was named.
fn brought(
    files: &mut Files,
    source: &Files,
    from: &str,
    to: &str,
    (made, overwrites): (&Made, bool),
) -> Result<(), Failure> {
    let node = &source.0[from];
    let mut copied = node.clone();
    copied.owner = made.owner.unwrap_or(node.owner);
    if !matches!(node.kind, Kind::Link(_)) {
        copied.mode = made.mode.unwrap_or(node.mode);
    }
    match files.0.get(to).map(Node::is_directory) {
        Some(false) if node.is_directory() => {
            return Err(format!("cannot copy to non-directory: {to}"));
        }
        Some(true) if !node.is_directory() => {
            return Err(format!("cannot replace to directory {to} with file"));
        }
        Some(true) if !overwrites => {}
        _ => drop(files.0.insert(to.to_owned(), copied)),
    }
    if node.is_directory() {
        for name in source.names(from) {
            let (from, to) = (join(from, &name), join(to, &name));
            brought(files, source, &from, &to, (made, true))?;
        }
    }
    Ok(())
}

/// `--parents`: what a pattern fits, at its whole path below the destination.
fn with_parents(
    files: &mut Files,
    source: &Files,
    word: &str,
    destination: &str,
    made: &Made,
) -> Result<(), Failure> {
    let parts: Vec<&str> =
        word.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let fits = |path: &str| {
        let names: Vec<&str> = path[1..].split('/').collect();
        parents_fit(&parts, &names)
    };
    let found: Vec<String> =
        source.below("/").map(|(path, _)| path.clone()).filter(|path| fits(path)).collect();
    for path in found {
        let mut above = String::new();
        files.make_all(destination, 0o755, made.owner.unwrap_or(ROOT))?;
        let root = files.real(&join("/", destination), true);
        for part in parent(&path).split('/').filter(|part| !part.is_empty()) {
            above = format!("{above}/{part}");
            let target = join(&root, &above[1..]);
            files.0.entry(target).or_insert_with(|| {
                let mut node = source.0[&above].clone();
                node.owner = made.owner.unwrap_or(node.owner);
                node.mode = made.mode.unwrap_or(node.mode);
                node
            });
        }
        brought(files, source, &path, &join(&root, &path[1..]), (made, true))?;
    }
    Ok(())
}

fn parents_fit(parts: &[&str], names: &[&str]) -> bool {
    match (parts, names) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=names.len()).any(|at| parents_fit(rest, &names[at..])),
        ([part, parts @ ..], [name, names @ ..]) => {
            wildcard(part, name) && parents_fit(parts, names)
        }
        _ => false,
    }
}

/// Lays a layer over files: its directories bring their owner and mode, and what is no directory
/// goes where a directory comes.
fn laid_over(files: &mut Files, layer: Files) {
    for (path, node) in layer.0.into_iter().filter(|(path, _)| path != "/") {
        let stays = node.is_directory() && files.0.get(&path).is_some_and(Node::is_directory);
        if !stays {
            files.remove(&path);
        }
        files.0.insert(path, node);
    }
}
