//! An image whole: its merged tree and its configuration, as `docker save` gives them, or an
//! export in OCI's layout.

use super::layer::{Layer, Tree};
use crate::tree;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::rc::Rc;
use tar::{Archive, EntryType};

/// An image.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// All its paths.
    pub tree: Tree,
    /// What it runs and how, by the names of its configuration: `Env`, `Cmd`, `Labels` and so on.
    pub configuration: serde_json::Map<String, Value>,
}

/// Layers that were read, by their digest, or their path in an archive, which names it: those of a base
/// image are the same in every image built on it.
pub type Layers = HashMap<String, Rc<Layer>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Manifest {
    config: String,
    layers: Vec<String>,
}

/// Where images are exported to. It keeps the layers of base images, which are most of what there
/// is to read, from one project to the next.
pub struct Store {
    /// A folder in OCI's layout.
    pub folder: PathBuf,
    /// What was read of it.
    pub layers: Layers,
}

/// A store with more bytes than these begins anew.
const LARGEST: u64 = 6 << 30;

impl Store {
    /// An empty one.
    pub fn new(folder: PathBuf) -> Store {
        Store { folder, layers: Layers::new() }
    }

    /// Makes room where there is much in it.
    pub fn tidy(&mut self) -> Result<()> {
        let blobs = self.folder.join("blobs/sha256");
        if !blobs.exists() {
            return Ok(());
        }
        let mut size = 0;
        for blob in std::fs::read_dir(blobs)? {
            size += blob?.metadata()?.len();
        }
        if size > LARGEST {
            std::fs::remove_dir_all(&self.folder)?;
            self.layers.clear();
        }
        Ok(())
    }
}

/// A manifest in OCI's layout.
#[derive(Deserialize)]
struct Exported {
    config: Blob,
    layers: Vec<Blob>,
}

#[derive(Deserialize)]
struct Blob {
    digest: String,
}

impl Image {
    /// Reads the archive of one image.
    pub fn read(archive: impl Read, layers: &mut Layers) -> Result<Image> {
        let mut texts: HashMap<String, Value> = HashMap::new();
        for entry in Archive::new(archive).entries()? {
            let entry = entry?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if entry.header().entry_type() != EntryType::Regular || layers.contains_key(&name) {
                continue;
            }
            let mut content = BufReader::new(entry);
            match content.fill_buf()? {
                [b'{' | b'[', ..] => {
                    texts.insert(name, serde_json::from_reader(content)?);
                }
                _ if name.contains('/') => {
                    let layer = Layer::read(content).with_context(|| name.clone())?;
                    layers.insert(name, Rc::new(layer));
                }
                _ => {}
            }
        }
        let manifest = texts.get("manifest.json").context("the archive has no manifest.json")?;
        let [manifest]: [Manifest; 1] = serde_json::from_value(manifest.clone())?;
        let all = texts.get(&manifest.config).context("there is no configuration")?;
        Image::merged(all, &manifest.layers, layers)
    }

    /// Reads the image with this digest.
    pub fn exported(store: &mut Store, digest: &str) -> Result<Image> {
        let Store { folder, layers } = store;
        let blob = |digest: &str| folder.join("blobs").join(digest.replace(':', "/"));
        let read = |digest: &str| -> Result<Value> {
            Ok(serde_json::from_str(&tree::read(&blob(digest))?)?)
        };
        let manifest: Exported = serde_json::from_value(read(digest)?)?;
        let mut names = Vec::new();
        for Blob { digest } in manifest.layers {
            if !layers.contains_key(&digest) {
                let file = File::open(blob(&digest)).with_context(|| digest.clone())?;
                layers.insert(digest.clone(), Rc::new(Layer::read(file)?));
            }
            names.push(digest);
        }
        Image::merged(&read(&manifest.config.digest)?, &names, layers)
    }

    fn merged(all: &Value, names: &[String], layers: &Layers) -> Result<Image> {
        let mut tree = Tree::new();
        for name in names {
            let layer = layers.get(name).with_context(|| format!("there is no layer {name}"))?;
            layer.apply(&mut tree)?;
        }
        let mut configuration = all.get("config").and_then(Value::as_object).cloned();
        for name in ["architecture", "os"] {
            let value = all.get(name).cloned().unwrap_or_default();
            configuration.get_or_insert_default().insert(name.to_string(), value);
        }
        Ok(Image { tree, configuration: configuration.unwrap_or_default() })
    }
}
