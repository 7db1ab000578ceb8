//! A command as the tables are asked about it: a program and the words behind it.

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument<'a> {
    /// Its text; unresolved expansions stay as written.
    pub text: String,
    /// Whether `text` is certain.
    pub resolved: bool,
    /// The word as the file has it, quotes and expansions included.
    pub written: &'a str,
}

/// A command to be recognised.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// The program, without its directory.
    pub program: &'a str,
    /// The program as the file has it.
    pub written: &'a str,
    /// The words behind it.
    pub arguments: &'a [Argument<'a>],
}

/// Whether `program` is the one that a table names; `{}` at the end stands for a version.
pub(super) fn is_program(name: &str, program: &str) -> bool {
    // Names of cmdlets may be written in any case.
    if name.eq_ignore_ascii_case(program) {
        return name == program || name.contains("-W");
    }
    // Most names are others, which their last byte tells.
    if name.as_bytes().last() != Some(&b'}') {
        return false;
    }
    let version = name.strip_suffix("{}").and_then(|stem| program.strip_prefix(stem));
    version.is_some_and(|version| version.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// Whether a program prints its words, or what it is handed: `printf '%s\\n' a`, `cat <<EOF`.
pub fn prints_words(program: &str) -> bool {
    matches!(program, "cat" | "echo" | "printf" | "tee")
}

#[cfg(test)]
mod tests {
    use super::is_program;

    #[test]
    fn names_of_programs() {
        assert!(
            is_program("pip", "pip") && !is_program("pip", "pip3") && !is_program("pip", "PIP")
        );
        assert!(is_program("python{}", "python3.13") && is_program("python{}", "python"));
        assert!(!is_program("python{}", "pythonw"));
        assert!(is_program("Install-WindowsFeature", "install-windowsfeature"));
    }
}
