//! What two images differ in, and what of it any two builds of one Dockerfile differ in.

use super::image::Image;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// Where and how two images differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path, or the name of a part of the configuration.
    pub path: String,
    /// Of what kind it is.
    pub aspect: Aspect,
    /// What stands in the first.
    pub before: String,
    /// What stands in the second.
    pub after: String,
}

/// What of a path is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    Presence,
    Type,
    Mode,
    Owner,
    Attributes,
    Link,
    Content,
    Configuration,
}

/// All that two images differ in.
pub fn differences(before: &Image, after: &Image) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |path: &str, aspect, before: String, after: String| {
        if before != after {
            found.push(Difference { path: path.to_string(), aspect, before, after });
        }
    };
    let paths: BTreeSet<&String> = before.tree.keys().chain(after.tree.keys()).collect();
    for path in paths {
        let shown = format!("/{path}");
        let (one, other) = match (before.tree.get(path), after.tree.get(path)) {
            (Some(one), Some(other)) if one == other => continue,
            (Some(one), Some(other)) => (one, other),
            (one, other) => {
                let there = |node: Option<_>| if node.is_some() { "there" } else { "missing" };
                add(&shown, Aspect::Presence, there(one).into(), there(other).into());
                continue;
            }
        };
        let octal = |mode: u32| format!("{mode:04o}");
        let attributes = |node: &super::layer::Node| format!("{:?}", node.attributes);
        add(&shown, Aspect::Type, one.kind.into(), other.kind.into());
        add(&shown, Aspect::Mode, octal(one.mode), octal(other.mode));
        add(&shown, Aspect::Owner, one.owner.clone(), other.owner.clone());
        add(&shown, Aspect::Attributes, attributes(one), attributes(other));
        add(&shown, Aspect::Link, one.link.clone(), other.link.clone());
        add(&shown, Aspect::Content, one.content.clone(), other.content.clone());
    }
    let (one, other) = (&before.configuration, &after.configuration);
    for name in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
        let text = |value: Option<&Value>| value.unwrap_or(&Value::Null).to_string();
        add(name, Aspect::Configuration, text(one.get(name)), text(other.get(name)));
    }
    found
}

impl fmt::Display for Difference {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, before, after) = (&self.path, &self.before, &self.after);
        match self.aspect {
            Aspect::Presence => write!(to, "`{path}` is {after}, was {before}"),
            Aspect::Content => write!(to, "`{path}` has another content"),
            Aspect::Attributes => write!(to, "`{path}` has other extended attributes"),
            Aspect::Configuration => write!(to, "{path} is {after}, was {before}"),
            Aspect::Type => write!(to, "`{path}` is a {after}, was a {before}"),
            Aspect::Mode => write!(to, "`{path}` has mode {after}, not {before}"),
            Aspect::Owner => write!(to, "`{path}` belongs to {after}, not {before}"),
            Aspect::Link => write!(to, "`{path}` points to {after}, not {before}"),
        }
    }
}

/// What two builds of the same Dockerfile differ in: logs, caches, times in compiled files.
/// Digits and hashes in names stand for any.
#[derive(Clone, Debug, Default)]
pub struct Noise(BTreeSet<(String, Aspect)>);

impl Noise {
    /// Adds what two such builds differ in.
    pub fn learn(&mut self, differences: &[Difference]) {
        let all = differences.iter().map(|found| (general(&found.path), found.aspect));
        self.0.extend(all);
    }

    /// Whether a difference says nothing.
    pub fn covers(&self, found: &Difference) -> bool {
        self.0.contains(&(general(&found.path), found.aspect))
    }

    /// The paths, `#` for digits and hashes.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.0.iter().map(|(path, _)| path.as_str()).collect()
    }
}

/// The path with `#` for each run of digits, and for each word that is a hash: `_cacache/5f/a0c1`
/// is `_cacache/#/#`, `v8-compile-cache` stays.
fn general(path: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let mut text = String::new();
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if length == 0 {
            text.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, behind) = rest.split_at(length);
        let hexadecimal = word.chars().all(|c| c.is_ascii_hexdigit());
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if hexadecimal && digits > 0 || word.len() >= 20 && digits > 1 {
            text.push('#');
        } else {
            for c in word.chars() {
                match c.is_ascii_digit() {
                    true if text.ends_with('#') => {}
                    true => text.push('#'),
                    false => text.push(c),
                }
            }
        }
        rest = behind;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::image::Layers;
    use super::*;
    use serde_json::json;
    use tar::{Builder, EntryType, Header};

    /// A file of a layer.
    #[derive(Clone)]
    struct Planted {
        path: &'static str,
        kind: EntryType,
        mode: u32,
        uid: u64,
        link: &'static str,
        content: &'static str,
        attribute: &'static str,
    }

    const FILE: Planted = Planted {
        path: "app/a.txt",
        kind: EntryType::Regular,
        mode: 0o644,
        uid: 0,
        link: "",
        content: "a",
        attribute: "",
    };
    const LINK: Planted =
        Planted { path: "app/link", kind: EntryType::Symlink, link: "a.txt", content: "", ..FILE };

    fn layer(files: &[Planted]) -> Vec<u8> {
        let mut layer = Builder::new(Vec::new());
        for file in files {
            if !file.attribute.is_empty() {
                let value = file.attribute.as_bytes();
                layer.append_pax_extensions([("SCHILY.xattr.user.a", value)]).unwrap();
            }
            let mut header = Header::new_ustar();
            header.set_entry_type(file.kind);
            header.set_mode(file.mode);
            header.set_uid(file.uid);
            header.set_gid(0);
            header.set_size(file.content.len() as u64);
            if file.link.is_empty() {
                layer.append_data(&mut header, file.path, file.content.as_bytes()).unwrap();
            } else {
                layer.append_link(&mut header, file.path, file.link).unwrap();
            }
        }
        layer.into_inner().unwrap()
    }

    fn image(layers: &[&[Planted]], configuration: Value) -> Image {
        let mut archive = Builder::new(Vec::new());
        let mut add = |path: &str, content: &[u8]| {
            let mut header = Header::new_gnu();
            header.set_size(content.len() as u64);
            archive.append_data(&mut header, path, content).unwrap();
        };
        let names: Vec<String> = (0..layers.len()).map(|at| format!("blobs/{at}")).collect();
        for (name, files) in names.iter().zip(layers) {
            add(name, &layer(files));
        }
        let all = json!({ "config": configuration, "os": "linux", "created": "2026" });
        add("blobs/config", all.to_string().as_bytes());
        let manifest = json!([{ "Config": "blobs/config", "Layers": names }]);
        add("manifest.json", manifest.to_string().as_bytes());
        let archive = archive.into_inner().unwrap();
        Image::read(archive.as_slice(), &mut Layers::new()).unwrap()
    }

    fn configured() -> Value {
        json!({ "Env": ["A=1"], "Labels": { "a": "1" }, "Cmd": ["sh"] })
    }

    /// What is seen where these stand in place of a file and a link.
    fn seen(planted: &[Planted], configuration: Value) -> Vec<String> {
        let before = image(&[&[FILE, LINK]], configured());
        let after = image(&[planted], configuration);
        differences(&before, &after).iter().map(Difference::to_string).collect()
    }

    #[test]
    fn a_planted_difference_is_seen() {
        assert_eq!(seen(&[FILE, LINK], configured()), [""; 0]);
        for (planted, sentence) in [
            (Planted { mode: 0o755, ..FILE }, "`/app/a.txt` has mode 0755, not 0644"),
            (Planted { mode: 0o4644, ..FILE }, "`/app/a.txt` has mode 4644, not 0644"),
            (Planted { uid: 7, ..FILE }, "`/app/a.txt` belongs to 7:0, not 0:0"),
            (Planted { content: "b", ..FILE }, "`/app/a.txt` has another content"),
            (Planted { attribute: "b", ..FILE }, "`/app/a.txt` has other extended attributes"),
        ] {
            assert_eq!(seen(&[planted, LINK], configured()), [sentence]);
        }
        let link = Planted { link: "b.txt", ..LINK };
        assert_eq!(seen(&[FILE, link], configured()), ["`/app/link` points to b.txt, not a.txt"]);
        let directory = Planted { kind: EntryType::Directory, content: "", ..FILE };
        let sentences = seen(&[directory, LINK], configured());
        assert_eq!(sentences[0], "`/app/a.txt` is a directory, was a file");
        assert_eq!(seen(&[FILE], configured()), ["`/app/link` is missing, was there"]);
        let more = Planted { path: "app/b.txt", ..FILE };
        assert_eq!(seen(&[FILE, LINK, more], configured()), ["`/app/b.txt` is there, was missing"]);
    }

    #[test]
    fn a_planted_difference_of_the_configuration_is_seen() {
        for (name, value, sentence) in [
            ("Env", json!(["A=2"]), r#"Env is ["A=2"], was ["A=1"]"#),
            ("Labels", json!({ "a": "2" }), r#"Labels is {"a":"2"}, was {"a":"1"}"#),
            ("User", json!("app"), r#"User is "app", was null"#),
            ("Cmd", Value::Null, r#"Cmd is null, was ["sh"]"#),
        ] {
            let mut configuration = configured();
            configuration[name] = value;
            assert_eq!(seen(&[FILE, LINK], configuration), [sentence]);
        }
    }

    #[test]
    fn layers_are_merged() {
        let gone = Planted { path: "app/.wh.link", content: "", ..FILE };
        let same = |layers: &[&[Planted]], whole: &[Planted]| {
            let (one, other) = (image(layers, Value::Null), image(&[whole], Value::Null));
            differences(&one, &other).iter().map(Difference::to_string).collect::<Vec<_>>()
        };
        assert_eq!(same(&[&[FILE, LINK], std::slice::from_ref(&gone)], &[FILE]), [""; 0]);
        // Nothing else is gone.
        assert_eq!(same(&[&[FILE, LINK], &[gone]], &[LINK]).len(), 2);
        let opaque = Planted { path: "app/.wh..wh..opq", content: "", ..FILE };
        assert_eq!(same(&[&[FILE, LINK], &[opaque, FILE]], &[FILE]), [""; 0]);
        // A second name of a file has its content, mode and owner.
        let second = Planted { kind: EntryType::Link, ..LINK };
        let second = Planted { link: "app/a.txt", ..second };
        assert_eq!(
            same(&[&[FILE], &[second]], &[FILE, Planted { path: "app/link", ..FILE }]),
            [""; 0]
        );
    }

    #[test]
    fn noise_is_learned_of_its_own_kind() {
        let other = |content| Planted { path: "var/log/a-12.log", content, ..FILE };
        let of = |file: Planted| image(&[&[file]], Value::Null);
        let learned = differences(&of(other("a")), &of(other("b")));
        let mut noise = Noise::default();
        noise.learn(&learned);
        let later = Planted { path: "var/log/a-7.log", ..FILE };
        let found = differences(&of(later.clone()), &of(Planted { content: "b", ..later.clone() }));
        assert!(found.len() == 1 && noise.covers(&found[0]));
        let mode = differences(&of(later.clone()), &of(Planted { mode: 0, ..later.clone() }));
        assert!(mode.len() == 1 && !noise.covers(&mode[0]));
        let elsewhere = differences(&of(FILE), &of(Planted { content: "b", ..FILE }));
        assert!(elsewhere.len() == 1 && !noise.covers(&elsewhere[0]));
    }

    #[test]
    fn names_are_generalised() {
        for (path, expected) in [
            ("/root/.npm/_logs/2026-11-29T03_12.log", "/root/.npm/_logs/#-#-#T#_#.log"),
            ("/c/_cacache/5f/a0c1/9d8e7f", "/c/_cacache/#/#/#"),
            ("/tmp/v8-compile-cache-0/a", "/tmp/v#-compile-cache-#/a"),
            ("/app/face/cafe.txt", "/app/face/cafe.txt"),
        ] {
            assert_eq!(general(path), expected);
        }
    }
}
