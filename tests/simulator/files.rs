//! The file system of a stage: paths with what stands there, and what the kernel does with links,
//! owners and modes. It knows neither instructions nor commands.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Directory,
    File(Rc<str>),
    /// A symbolic link, with where it leads.
    Link(Rc<str>),
}

/// A user and a group by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner(pub u32, pub u32);

/// Where links in a circle lead.
pub const CIRCLE: &str = "/\0";

pub const ROOT: Owner = Owner(0, 0);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    pub kind: Kind,
    pub mode: u32,
    pub owner: Owner,
}

impl Node {
    pub fn directory(mode: u32, owner: Owner) -> Node {
        Node { kind: Kind::Directory, mode, owner }
    }

    pub fn file(text: &str, mode: u32, owner: Owner) -> Node {
        Node { kind: Kind::File(text.into()), mode, owner }
    }

    pub fn link(target: &str, owner: Owner) -> Node {
        Node { kind: Kind::Link(target.into()), mode: 0o777, owner }
    }

    pub fn is_directory(&self) -> bool {
        self.kind == Kind::Directory
    }

    /// What a user may do here: the three bits of the class they are in.
    pub fn allows(&self, user: Owner, bits: u32) -> bool {
        let shift = match () {
            () if user.0 == 0 => return bits != 1 || self.is_directory() || self.mode & 0o111 != 0,
            () if user.0 == self.owner.0 => 6,
            () if user.1 == self.owner.1 => 3,
            () => 0,
        };
        self.mode >> shift & bits == bits
    }
}

/// All paths are absolute and clean; `/` is always a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, Node>);

/// Why a call fails, for whoever reads the report of a case.
pub type Failure = String;

pub fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => directory.split('/').collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    format!("/{}", parts.join("/"))
}

pub fn parent(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => &path[..at],
    }
}

pub fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The number of what is hashed, as text.
pub fn digest(of: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    format!("{:012x}", hasher.finish() & 0xffff_ffff_ffff)
}

impl Files {
    pub fn empty() -> Files {
        Files(BTreeMap::from([("/".to_owned(), Node::directory(0o755, ROOT))]))
    }

    /// The path with its links followed, as far as there is something; the last part only where
    /// `last` says so. Links in a circle lead to a path that nothing can be at.
    pub fn real(&self, path: &str, last: bool) -> String {
        let mut open: Vec<String> =
            path.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let (mut real, mut left) = (String::new(), 40);
        while let Some(part) = open.pop() {
            match part.as_str() {
                "." => continue,
                ".." => {
                    real.truncate(real.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let next = format!("{real}/{part}");
            match self.0.get(&next).map(|node| &node.kind) {
                Some(Kind::Link(target)) if last || !open.is_empty() => {
                    if left == 0 {
                        return CIRCLE.to_owned();
                    }
                    left -= 1;
                    if target.starts_with('/') {
                        real.clear();
                    }
                    let parts = target.split('/').rev().filter(|part| !part.is_empty());
                    open.extend(parts.map(str::to_owned));
                }
                _ => real = next,
            }
        }
        if real.is_empty() { "/".to_owned() } else { real }
    }

    /// What stands at a path, behind links.
    pub fn get(&self, path: &str) -> Option<&Node> {
        self.0.get(&self.real(path, true))
    }

    pub fn is_directory(&self, path: &str) -> bool {
        self.get(path).is_some_and(Node::is_directory)
    }

    pub fn text(&self, path: &str) -> Option<Rc<str>> {
        match &self.get(path)?.kind {
            Kind::File(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// What lies below a directory, whose path is real, by whole paths.
    pub fn below(&self, directory: &str) -> impl Iterator<Item = (&String, &Node)> {
        let start = if directory == "/" { "/".to_owned() } else { format!("{directory}/") };
        let from = start.clone();
        let all = self.0.range(from..).take_while(move |(path, _)| path.starts_with(&start));
        all.filter(|(path, _)| *path != "/")
    }

    /// The names in a directory, whose path is real.
    pub fn names(&self, directory: &str) -> Vec<String> {
        let skipped = if directory == "/" { 1 } else { directory.len() + 1 };
        let names = self.below(directory).map(|(path, _)| &path[skipped..]);
        names.filter(|name| !name.contains('/')).map(str::to_owned).collect()
    }

    /// Takes away what stands at a real path, with all below.
    pub fn remove(&mut self, path: &str) {
        let gone: Vec<String> = self.below(path).map(|(path, _)| path.clone()).collect();
        gone.iter().chain([&path.to_owned()]).for_each(|path| drop(self.0.remove(path)));
    }

    /// Makes a directory and those above it that are not there; what is there stays as it is.
    pub fn make_all(&mut self, path: &str, mode: u32, owner: Owner) -> Result<(), Failure> {
        let real = self.real(path, true);
        match self.0.get(&real) {
            Some(node) if node.is_directory() => return Ok(()),
            Some(_) => return Err(format!("{path} is no directory")),
            None if real == CIRCLE => return Err(format!("{path}: too many links")),
            None => {}
        }
        self.make_all(parent(&real), mode, owner)?;
        self.0.insert(real, Node::directory(mode, owner));
        Ok(())
    }

    /// A number of what who reads all below a directory finds: names and texts, whosever they are.
    pub fn digest_of_texts(&self, directory: &str) -> String {
        let real = self.real(directory, true);
        let all: Vec<_> =
            self.below(&real).map(|(path, node)| (&path[real.len()..], &node.kind)).collect();
        digest(all)
    }

    /// A number of all that lies below a directory: names, kinds, owners, modes and texts.
    pub fn digest(&self, directory: &str) -> String {
        let real = self.real(directory, true);
        let all: Vec<_> =
            self.below(&real).map(|(path, node)| (&path[real.len()..], node)).collect();
        digest(all)
    }
}
