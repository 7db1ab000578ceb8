//! One layer of an image: what it adds, and what it takes away of the layers below.

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use tar::{Archive, Entry, EntryType};

/// What stands at a path of an image. Its times are left out: two builds never share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// A file, directory, link or device.
    pub kind: &'static str,
    /// Its permission bits.
    pub mode: u32,
    /// `uid:gid`.
    pub owner: String,
    /// Its extended attributes, such as capabilities.
    pub attributes: BTreeMap<String, Vec<u8>>,
    /// Where a link points; the numbers of a device.
    pub link: String,
    /// The SHA-256 of a file's content.
    pub content: String,
}

/// The files of an image by path, without the `/` in front.
pub type Tree = BTreeMap<String, Node>;

/// What a layer does to the tree below it, in its order.
#[derive(Debug, Default)]
pub struct Layer(Vec<Change>);

#[derive(Debug)]
enum Change {
    Put(String, Node),
    /// A second name of a file, perhaps of a layer below.
    Same(String, String),
    Remove(String),
    /// A directory that begins anew.
    Empty(String),
}

/// How BuildKit and Docker write in a layer that a path of a lower one is gone.
const WHITEOUT: &str = ".wh.";
const OPAQUE: &str = ".wh..wh..opq";

impl Layer {
    /// Reads an archive, compressed with gzip or not at all.
    pub fn read(archive: impl Read) -> Result<Layer> {
        let mut archive = BufReader::new(archive);
        let start = std::io::BufRead::fill_buf(&mut archive)?;
        match start {
            [0x1f, 0x8b, ..] => Layer::unpacked(GzDecoder::new(archive)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => bail!("a layer is compressed with zstd"),
            _ => Layer::unpacked(archive),
        }
    }

    fn unpacked(archive: impl Read) -> Result<Layer> {
        let mut changes = Vec::new();
        for entry in Archive::new(archive).entries()? {
            let mut entry = entry?;
            let path = clean(&entry.path_bytes());
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let below = |name: &str| match folder {
                "" => name.to_string(),
                _ => format!("{folder}/{name}"),
            };
            let change = if name == OPAQUE {
                Change::Empty(folder.to_string())
            } else if let Some(gone) = name.strip_prefix(WHITEOUT) {
                Change::Remove(below(gone))
            } else if entry.header().entry_type() == EntryType::Link {
                let target = entry.link_name_bytes().context("a link without a target")?;
                Change::Same(path, clean(&target))
            } else {
                let node = Node::read(&mut entry)?;
                Change::Put(path, node)
            };
            changes.push(change);
        }
        Ok(Layer(changes))
    }

    /// Puts the layer on those below.
    pub fn apply(&self, tree: &mut Tree) -> Result<()> {
        for change in &self.0 {
            match change {
                Change::Put(path, node) => {
                    if node.kind != "directory" {
                        remove_below(tree, path);
                    }
                    tree.insert(path.clone(), node.clone());
                }
                Change::Same(path, target) => {
                    let node = tree.get(target).cloned();
                    let node = node.with_context(|| format!("{path} is {target}, which is not"))?;
                    tree.insert(path.clone(), node);
                }
                Change::Remove(path) => {
                    remove_below(tree, path);
                    tree.remove(path);
                }
                Change::Empty(path) => remove_below(tree, path),
            }
        }
        Ok(())
    }
}

impl Node {
    fn read(entry: &mut Entry<'_, impl Read>) -> Result<Node> {
        let mut attributes = BTreeMap::new();
        for extension in entry.pax_extensions()?.into_iter().flatten() {
            let extension = extension?;
            if let Some(name) = extension.key()?.strip_prefix("SCHILY.xattr.") {
                attributes.insert(name.to_string(), extension.value_bytes().to_vec());
            }
        }
        let header = entry.header().clone();
        let owner = format!("{}:{}", header.uid()?, header.gid()?);
        let mode = header.mode()? & 0o7777;
        let mut node = Node { mode, owner, attributes, ..Node::default() };
        match header.entry_type() {
            EntryType::Directory => node.kind = "directory",
            EntryType::Symlink => {
                node.kind = "link";
                let target = entry.link_name_bytes().unwrap_or_default();
                node.link = String::from_utf8_lossy(&target).into_owned();
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                node.kind = "file";
                let mut hash = Sha256::new();
                std::io::copy(entry, &mut hash)?;
                node.content = hex(&hash.finalize());
            }
            other => {
                node.kind = "device";
                let numbers = (header.device_major()?, header.device_minor()?);
                node.link = format!("{other:?} {numbers:?}");
            }
        }
        Ok(node)
    }
}

/// `./usr/bin/` as `usr/bin`.
fn clean(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path);
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

/// Removes all that lies in a directory.
fn remove_below(tree: &mut Tree, path: &str) {
    let start = if path.is_empty() { String::new() } else { format!("{path}/") };
    let below: Vec<String> = tree
        .range(start.clone()..)
        .map(|(path, _)| path)
        .take_while(|path| path.starts_with(&start))
        .cloned()
        .collect();
    for path in below {
        tree.remove(&path);
    }
}

/// The SHA-256 of a text.
pub fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
