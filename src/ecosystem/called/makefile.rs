//! What `make` runs for a target, as far as a Makefile says it plainly.
//! <https://www.gnu.org/software/make/manual/make.html>

use crate::ecosystem::listed;

/// Words that make more of a Makefile than its lines say.
const DIRECTIVES: &str = "-include define else endef endif export ifdef ifeq ifndef ifneq include \
                          load override private sinclude undefine unexport vpath";

/// Variables that change how recipes run.
const SETTINGS: &str = ".DEFAULT_GOAL .RECIPEPREFIX .SHELLFLAGS MAKEFLAGS SHELL VPATH";

/// What changes the shell that it runs in; make gives each line one of its own.
const SHELL_STATE: &str = ". cd exec exit export set source umask unset";

/// A rule with one target that is written out.
struct Rule<'m> {
    target: &'m str,
    before: Vec<&'m str>,
    recipe: Vec<&'m str>,
}

/// A Makefile, whose lines are whole.
#[derive(Default)]
struct Makefile<'m> {
    rules: Vec<Rule<'m>>,
    phony: Vec<&'m str>,
    /// Variables, without a value where that is not plain.
    values: Vec<(&'m str, Option<&'m str>)>,
}

/// The lines that make gives to the shell for `targets`, or for the first one where none is named;
/// `None` where that depends on more than the text.
pub fn recipe(makefile: &str, targets: &[&str]) -> Option<String> {
    let whole = makefile.replace("\r\n", "\n").replace("\\\n", " ");
    let read = Makefile::read(&whole)?;
    let first = [read.rules.first()?.target];
    let (mut lines, mut done) = (Vec::new(), Vec::new());
    for target in if targets.is_empty() { &first[..] } else { targets } {
        read.add(target, &mut lines, &mut done)?;
    }
    let changes = |line: &String| {
        let word = line.split_whitespace().next().unwrap_or("");
        listed(SHELL_STATE, |own| own == word) || word.contains('=')
    };
    let alone = lines.len() == 1 || !lines.iter().any(changes);
    (!lines.is_empty() && alone).then(|| lines.join("\n"))
}

impl<'m> Makefile<'m> {
    fn read(text: &'m str) -> Option<Makefile<'m>> {
        let mut read = Makefile::default();
        // Of how many rules, the last ones, a recipe may follow.
        let mut open = None;
        for line in text.lines() {
            if let Some(line) = line.strip_prefix('\t') {
                let first = read.rules.len() - open?;
                read.rules[first..].iter_mut().for_each(|rule| rule.recipe.push(line));
                continue;
            }
            let plain = line.trim();
            if plain.is_empty() || plain.starts_with('#') {
                continue;
            }
            let word = plain.split_whitespace().next().unwrap_or("");
            if listed(DIRECTIVES, |own| own == word) || plain.contains("$(error") {
                return None;
            }
            open = match plain.split_once('=') {
                Some((before, value)) if is_assigned(before) => {
                    let is_plain = !before.ends_with(['?', '+', '!']);
                    let name = before.trim_end_matches([':', '?', '+', '!']).trim();
                    if listed(SETTINGS, |own| own == name) {
                        return None;
                    }
                    let value = value.trim();
                    let known = is_plain && !value.contains(['$', '#', '\\']);
                    read.values.push((name, known.then_some(value)));
                    None
                }
                _ => Some(read.rule(plain)?),
            };
        }
        Some(read)
    }

    /// Reads the first line of a rule; how many rules it stands for.
    fn rule(&mut self, line: &'m str) -> Option<usize> {
        let (targets, before) = line.split_once(':')?;
        let before = before.split_once(" #").map_or(before, |(before, _)| before);
        // `a: X=1` and the like are no target's names.
        let is_plain = !before.starts_with(':') && !before.contains([';', '=', '|', '$']);
        let targets = targets.split_whitespace();
        if targets.clone().any(|target| target == ".PHONY") {
            self.phony.extend(before.split_whitespace());
            return Some(0);
        }
        let old = self.rules.len();
        for target in targets {
            if target.contains(['%', '$']) {
                continue;
            }
            if target.starts_with('.') || self.rules.iter().any(|rule| rule.target == target) {
                return None;
            }
            let before = if is_plain { before.split_whitespace().collect() } else { vec![""] };
            self.rules.push(Rule { target, before, recipe: Vec::new() });
        }
        // The recipe of a pattern is nobody's.
        Some(self.rules.len() - old)
    }

    /// Adds what runs for a target and those before it, each once.
    fn add(&self, target: &str, lines: &mut Vec<String>, done: &mut Vec<String>) -> Option<()> {
        if done.iter().any(|known| known == target) {
            return Some(());
        }
        done.push(target.to_owned());
        // Another target is a file, which may be there already.
        let rule = self.rules.iter().find(|rule| rule.target == target)?;
        if !self.phony.contains(&target) {
            return None;
        }
        for before in &rule.before {
            self.add(before, lines, done)?;
        }
        for line in &rule.recipe {
            let line = line.trim_start_matches(['@', ' ', '\t']);
            // `-` goes on where a command fails.
            if line.starts_with(['-', '+']) {
                return None;
            }
            lines.push(self.expanded(line)?);
        }
        Some(())
    }

    /// A line of a recipe as the shell gets it.
    fn expanded(&self, line: &str) -> Option<String> {
        let mut text = String::new();
        let mut rest = line;
        while let Some((before, behind)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(behind) = behind.strip_prefix('$') {
                text.push('$');
                rest = behind;
                continue;
            }
            let (name, behind) = match behind.strip_prefix('(') {
                Some(behind) => behind.split_once(')')?,
                None => behind.strip_prefix('{')?.split_once('}')?,
            };
            let mut values = self.values.iter().filter(|(own, _)| *own == name);
            text.push_str(values.next()?.1.filter(|_| values.next().is_none())?);
            rest = behind;
        }
        Some(text + rest)
    }
}

/// Whether what stands before `=` is the name of a variable, with what may stand between.
fn is_assigned(before: &str) -> bool {
    let name = before.trim_end_matches([':', '?', '+', '!']).trim();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::recipe;

    fn of(makefile: &str, targets: &[&str]) -> Option<String> {
        recipe(&makefile.replace("    ", "\t"), targets)
    }

    #[test]
    fn recipes_of_targets() {
        let text = "PIP = pip3\nVERSION := $(shell git describe)\n\n.PHONY: all install test\n\
                    all: install\n    @echo done\n\n# what we need\ninstall:\n    $(PIP) install -r r.txt\n\
                    test:\n    pytest $(VERSION)\n%.o: %.c\n    cc $<\n";
        assert_eq!(of(text, &["install"]).as_deref(), Some("pip3 install -r r.txt"));
        assert_eq!(of(text, &[]).as_deref(), Some("pip3 install -r r.txt\necho done"));
        assert_eq!(of(text, &["install", "all"]).as_deref(), of(text, &[]).as_deref());
        assert_eq!(of(text, &["test"]), None, "the value is not known");
        assert_eq!(of(text, &["x.o"]), None, "a pattern makes it");
        let text = ".PHONY: a\na:\n    for x in $$(ls); do echo $${x}; done\n";
        let loops = "for x in $(ls); do echo ${x}; done";
        assert_eq!(of(text, &["a"]).as_deref(), Some(loops));
        let text = ".PHONY: a \\\n b\na:\n    npm \\\n      ci\nb: x=1\n$(C): d\n    cc\n";
        assert_eq!(of(text, &["a"]).as_deref(), Some("npm  \t  ci"));
        let text = ".PHONY: a\na:\n    cd web && npm ci\n";
        assert_eq!(of(text, &["a"]).as_deref(), Some("cd web && npm ci"));
    }

    #[test]
    fn what_depends_on_more_than_the_text() {
        for text in [
            "a:\n    npm ci\n",
            ".PHONY: a\na: package.json\n    npm ci\n",
            ".PHONY: a\na:\n    -npm ci\n",
            ".PHONY: a\na:\n    cd web\n    npm ci\n",
            ".PHONY: a\na:\n    npm ci\ninclude other.mk\n",
            ".PHONY: a\nifdef CI\na:\n    npm ci\nendif\n",
            ".PHONY: a\na: X=1\na:\n    npm ci\n",
            ".PHONY: a\na::\n    npm ci\n",
            ".PHONY: a\na:\n    npm ci\na:\n    npm i\n",
            ".PHONY: a\na: ; npm ci\n",
            ".PHONY: a\na: | b\n    npm ci\nb:\n    x\n",
            ".PHONY: a\n.ONESHELL:\na:\n    npm ci\n",
            "SHELL = bash\n.PHONY: a\na:\n    npm ci\n",
            "N ?= npm\n.PHONY: a\na:\n    $(N) ci\n",
            "N = npm\nN = yarn\n.PHONY: a\na:\n    $(N) ci\n",
            ".PHONY: a\na:\n    $(MAKE) b\n",
            ".PHONY: a\na:\n    cp $@ x\n",
            ".PHONY: a\na:\n",
            "    npm ci\n",
            "what is this\n",
        ] {
            assert_eq!(of(text, &["a"]), None, "{text}");
        }
    }
}
