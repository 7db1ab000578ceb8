//! The caller's text: JavaScript strings may hold lone surrogates, which the core's UTF-8 text
//! cannot. Each goes in as a character of private use that the text has not, and comes out again
//! wherever that text moved to.
//!
//! Both are one UTF-16 unit, so that offsets fit the caller's string.

use js_sys::JsString;
use wasm_bindgen::JsValue;

/// The characters of private use in the basic plane.
const PRIVATE: std::ops::RangeInclusive<u16> = 0xe000..=0xf8ff;

/// Most units that are made into a string at once: each is an argument of a call.
const AT_ONCE: usize = 4096;

/// A text from JavaScript, and what stands in it for lone surrogates.
#[derive(Debug, Default)]
pub struct Text {
    /// The text as the core reads it.
    pub text: String,
    /// Pairs of a character and the surrogate that it stands for.
    stand_ins: Vec<(u16, u16)>,
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text { text, stand_ins: Vec::new() }
    }
}

impl Text {
    /// Reads a string.
    pub fn new(string: &JsString) -> Text {
        if string.is_valid_utf16() {
            return Text { text: String::from(string), stand_ins: Vec::new() };
        }
        let units: Vec<u16> = string.iter().collect();
        let mut free = PRIVATE.filter(|unit| !units.contains(unit));
        let mut stand_ins: Vec<(u16, u16)> = Vec::new();
        let mut text = String::with_capacity(units.len());
        for read in char::decode_utf16(units.iter().copied()) {
            text.push(read.unwrap_or_else(|error| {
                let lone = error.unpaired_surrogate();
                let known = stand_ins.iter().find(|(_, surrogate)| *surrogate == lone);
                let stand_in = known.map(|(unit, _)| *unit).or_else(|| {
                    let unit = free.next()?;
                    stand_ins.push((unit, lone));
                    Some(unit)
                });
                let stand_in = stand_in.and_then(|unit| char::from_u32(unit.into()));
                stand_in.unwrap_or(char::REPLACEMENT_CHARACTER)
            }));
        }
        Text { text, stand_ins }
    }

    /// A text of the core's as a string, with the surrogates of the caller's.
    pub fn string(&self, text: &str) -> JsValue {
        let surrogate = |unit: u16| {
            let pair = self.stand_ins.iter().find(|(stand_in, _)| *stand_in == unit);
            pair.map(|(_, surrogate)| *surrogate)
        };
        let is_plain = |text: &str| text.encode_utf16().all(|unit| surrogate(unit).is_none());
        if self.stand_ins.is_empty() || is_plain(text) {
            return JsValue::from_str(text);
        }
        let units = text.encode_utf16().map(|unit| surrogate(unit).unwrap_or(unit));
        let units: Vec<u16> = units.collect();
        let mut string = JsString::from("");
        for part in units.chunks(AT_ONCE) {
            string = string.concat(&JsString::from_char_code(part).into());
        }
        string.into()
    }
}
