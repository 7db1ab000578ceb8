//! Sources and destination of a COPY as they are written, and how long a line may be.

/// Longer lines are broken, where what stands in them is not the author's.
pub(super) const LONG: usize = 100;

/// Adds sources and destination, as JSON where it is asked for or has to be.
pub fn push_words(out: &mut String, words: Vec<String>, json: bool) {
    if json || words.iter().any(|word| word.contains([' ', '\t'])) {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        out.push_str(&format!("[{}]", quoted.join(", ")));
    } else {
        out.push_str(&words.join(" "));
    }
}
