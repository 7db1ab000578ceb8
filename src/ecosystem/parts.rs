//! Which part of its packages a command leaves out, puts aside or takes away, by its words.

use super::listed;

/// Words of an install by which it does without packages that building the project needs.
pub fn leaves_out_packages(text: &str) -> bool {
    listed("prod omit --only no-dev -P", |word| text.contains(word))
}

/// Whether a command takes some of what was installed before away, by its words: `npm prune --omit=dev`,
/// `npx modclean`, `find node_modules -name '*.md' -delete`.
pub fn thins_out(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.any(|word| {
        listed("-delete autoclean modclean node-prune prune uninstall", |own| own == word)
    })
}

/// Whether an install puts what it downloads aside, for another one: `pnpm fetch`,
/// `composer install --download-only`.
pub fn only_fetches(text: &str) -> bool {
    listed("fetch download", |word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_take_away() {
        for text in ["npm prune --omit=dev", "npx modclean -r", "find node_modules -name x -delete"]
        {
            assert!(thins_out(text), "{text}");
        }
        for text in ["npm run prune-all", "npm ci --omit=dev", "find . -name x"] {
            assert!(!thins_out(text), "{text}");
        }
    }
}
