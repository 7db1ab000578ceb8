//! Go's durations (`1h30m`, `1.5s`), for the flags of HEALTHCHECK.

use super::quote::quoted;
use crate::text::Cut;

/// Nanoseconds of a unit, longest names first.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The nanoseconds of `text`, or Go's complaint.
pub(super) fn nanoseconds(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = rest.cut_at(digits(rest));
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.cut_at(digits(after)),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.cut_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quoted(text)));
        }
        let Some(&(_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            let (unit, text) = (quoted(unit), quoted(text));
            return Err(format!("time: unknown unit {unit} in duration {text}"));
        };
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let mut part = whole.checked_mul(scale).ok_or_else(invalid)?;
        let mut step = scale;
        for digit in fraction.bytes().take(18) {
            step /= 10;
            part += step * u64::from(digit - b'0');
        }
        total = total.checked_add(part).filter(|&t| t <= 1 << 63).ok_or_else(invalid)?;
        rest = after;
    }
    if negative {
        return Ok((total as i64).wrapping_neg());
    }
    i64::try_from(total).map_err(|_| invalid())
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn valid() {
        assert_eq!(nanoseconds("1h1m1s"), Ok(3_661_000_000_000));
        assert_eq!(nanoseconds("1.5s"), Ok(1_500_000_000));
        assert_eq!(nanoseconds(".5ms"), Ok(500_000));
        assert_eq!(nanoseconds("-1µs"), Ok(-1_000));
        assert_eq!(nanoseconds("0"), Ok(0));
        assert_eq!(nanoseconds("0s"), Ok(0));
    }

    #[test]
    fn invalid() {
        assert_eq!(nanoseconds("5").unwrap_err(), "time: missing unit in duration \"5\"");
        assert_eq!(nanoseconds("5x").unwrap_err(), "time: unknown unit \"x\" in duration \"5x\"");
        for text in ["", "-", "s", ".s", "9999999999h", "$x"] {
            assert!(nanoseconds(text).unwrap_err().starts_with("time: invalid duration"), "{text}");
        }
    }
}
