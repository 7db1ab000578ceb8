//! Files that variables name, and that a command reads for that: `NODE_EXTRA_CA_CERTS=/app/ca.pem`,
//! `NODE_OPTIONS=--require ./src/hook.js`, or its own program in `PATH=/app/bin:$PATH`.
//!
//! Which variables a tool reads is not asked: a value that is the path of a copied file counts.

use super::reader::Reader;

/// What divides the parts of a value: `--require=./a.js:/b`.
const BETWEEN: [char; 6] = [':', '=', ' ', ',', ';', '"'];

/// How a file is recognised that is named without a directory: `example.com` is none.
const ENDINGS: [&str; 12] =
    ["cfg", "conf", "crt", "ini", "js", "json", "mod", "pem", "sh", "toml", "xml", "yml"];

impl Reader<'_> {
    /// The paths of the image that the variables of a command may name, for a program of these
    /// `programs`. Whether files are there is not known.
    pub(super) fn named_by_variables(&self, programs: &[&str]) -> Vec<String> {
        let own = self.set.iter();
        let own = own.filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)));
        let state = self.state.naming().iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let mut found: Vec<String> = Vec::new();
        for (name, value) in state.chain(own) {
            for part in parts(value) {
                let Some(place) = self.place(part, true) else { continue };
                if name == "PATH" {
                    found.extend(programs.iter().map(|program| super::join(&place, program)));
                } else if name == "PYTHONPATH" {
                    found.push(super::join(&place, "sitecustomize.py"));
                } else {
                    found.push(place);
                }
            }
        }
        found
    }
}

/// The parts of a value that may be paths.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    // An address names nothing that is copied, but for one of a file.
    let local = value.contains("file://") || !value.contains("://");
    let parts = value.split(BETWEEN).filter(move |_| local);
    let parts = parts.map(|part| part.trim_matches('\''));
    // `file:///app` is divided behind its first colon.
    let parts = parts.map(|part| part.strip_prefix("//").unwrap_or(part));
    let is_file = |part: &str| {
        let ending = part.rsplit_once('.').map_or("", |(_, ending)| ending);
        part.contains('/') || ENDINGS.contains(&ending)
    };
    parts.filter(move |part| is_file(part) && !part.contains(['$', '*']))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn values_are_taken_apart() {
        let of = |value| parts(value).collect::<Vec<_>>();
        assert_eq!(of("/app/ca.pem"), ["/app/ca.pem"]);
        assert_eq!(of("--require ./src/hook.js"), ["./src/hook.js"]);
        assert_eq!(of("-modfile=conf/alt.mod"), ["conf/alt.mod"]);
        assert_eq!(of("\"/app/bin:$PATH\""), ["/app/bin"]);
        assert_eq!(of("file:///app/vend"), ["/app/vend"]);
        assert_eq!(of("https://example.com/simple"), [""; 0]);
        assert_eq!(of("ca.pem"), ["ca.pem"]);
        assert_eq!(of("example.com,3.12"), [""; 0]);
        assert_eq!(of("production"), [""; 0]);
    }
}
