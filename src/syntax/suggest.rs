//! "Did you mean": the known name nearest to an unknown one.
//!
//! Follows BuildKit's `util/suggest`, in ASCII. Of names equally near it takes one at random,
//! we the first.

/// As far as a suggestion may be away, in edits.
const NEAR: usize = 2;

/// ` (did you mean x?)`, or nothing. `options` in one case; where `any_case`, `name` is
/// compared in that case and the answer given in the name's.
pub(super) fn suggestion<'o>(
    name: &str,
    options: impl IntoIterator<Item = &'o str>,
    any_case: bool,
) -> String {
    let key = if any_case { name.to_ascii_uppercase() } else { name.to_owned() };
    let mut best: Option<(usize, &str)> = None;
    for option in options {
        let distance = distance(&key, option);
        if distance == 0 {
            return String::new();
        }
        if distance <= NEAR && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, option));
        }
    }
    match best {
        Some((_, option)) if any_case && name == name.to_ascii_lowercase() => {
            format!(" (did you mean {}?)", option.to_ascii_lowercase())
        }
        Some((_, option)) => format!(" (did you mean {option}?)"),
        None => String::new(),
    }
}

/// Levenshtein distance; anything above [`NEAR`] where it cannot matter.
fn distance(a: &str, b: &str) -> usize {
    if b.len().abs_diff(a.chars().count()) > NEAR {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for j in 0..b.len() {
            let substituted = diagonal + usize::from(b[j] != c);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested() {
        let options = ["ADD", "ENV", "FROM", "HEALTHCHECK"];
        assert_eq!(suggestion("FRO", options, true), " (did you mean FROM?)");
        assert_eq!(suggestion("healtcheck", options, true), " (did you mean healthcheck?)");
        assert_eq!(suggestion("Frmo", options, true), " (did you mean FROM?)");
        assert_eq!(suggestion("WORKDIR", options, true), "");
        assert_eq!(suggestion("env", options, true), "");
        assert_eq!(suggestion("fr", ["from", "link"], false), " (did you mean from?)");
        assert_eq!(suggestion("FR", ["from", "link"], false), "");
    }
}
