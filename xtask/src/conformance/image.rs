//! Base images: a root of busybox, imported anew for every scenario, so that nothing an earlier
//! one built is in its cache.

use crate::command;
use crate::engine::Engine;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::Stdio;
use tar::{Builder, EntryType, Header};

/// The program that images are made of.
pub struct Busybox(Vec<u8>);

/// What scenarios run.
const APPLETS: &[&str] = &[
    "cat", "chmod", "cp", "date", "echo", "id", "ls", "mkdir", "printf", "rm", "sh", "touch", "tr",
    "true", "wc",
];

impl Busybox {
    /// The engine's own, this machine's, or that of the image `busybox`.
    pub fn find(engine: &Engine) -> Result<Busybox> {
        let near =
            [engine.root().map(|root| root.join("bin/busybox")), Some("/bin/busybox".into())];
        for path in near.into_iter().flatten() {
            if let Ok(program) = std::fs::read(path)
                && is_static(&program)
            {
                return Ok(Busybox(program));
            }
        }
        let image = "busybox:stable-musl";
        let container = command::output(engine.docker().args(["create", image]))
            .context("no statically linked /bin/busybox here (Debian: busybox-static)")?;
        let copied = engine
            .docker()
            .args(["cp", &format!("{}:/bin/busybox", container.trim()), "-"])
            .output()?;
        command::output(engine.docker().args(["rm", container.trim()]))?;
        let mut archive = tar::Archive::new(copied.stdout.as_slice());
        let mut program = Vec::new();
        for entry in archive.entries()? {
            std::io::copy(&mut entry?, &mut program)?;
        }
        Ok(Busybox(program))
    }

    /// Gives `engine` an image of that name, told from others by `content`. Returns its number.
    pub fn import(&self, engine: &Engine, name: &str, content: &str) -> Result<String> {
        let mut docker = engine.docker();
        docker.args(["import", "-", name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut import = docker.spawn().context("cannot run docker import")?;
        let mut input = import.stdin.take().context("no input")?;
        input.write_all(&self.root(content)?)?;
        drop(input);
        let output = import.wait_with_output()?;
        if !output.status.success() {
            bail!("`docker import` failed");
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
    }

    fn root(&self, content: &str) -> Result<Vec<u8>> {
        let mut root = Builder::new(Vec::new());
        for directory in ["bin/", "etc/", "tmp/"] {
            let mut header = header(EntryType::Directory, 0o755, 0);
            root.append_data(&mut header, directory, std::io::empty())?;
        }
        let files: [(&str, u32, &[u8]); 5] = [
            ("bin/busybox", 0o755, &self.0),
            ("etc/passwd", 0o644, b"root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"),
            ("etc/group", 0o644, b"root:x:0:\napp:x:1000:\n"),
            ("etc/hostname", 0o644, b"layerwise\n"),
            ("etc/issue", 0o644, content.as_bytes()),
        ];
        for (path, mode, text) in files {
            root.append_data(&mut header(EntryType::Regular, mode, text.len()), path, text)?;
        }
        for applet in APPLETS {
            let mut header = header(EntryType::Symlink, 0o777, 0);
            root.append_link(&mut header, format!("bin/{applet}"), "busybox")?;
        }
        Ok(root.into_inner()?)
    }
}

/// Whether a program runs without libraries: one that does not names its loader at its start.
fn is_static(program: &[u8]) -> bool {
    let start = &program[..program.len().min(2048)];
    start.starts_with(b"\x7fELF")
        && !start.windows(6).any(|part| part == b"/ld-li" || part == b"/ld-mu")
}

fn header(kind: EntryType, mode: u32, size: usize) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size as u64);
    header.set_mtime(1_000_000_000);
    header.set_uid(0);
    header.set_gid(0);
    header
}
