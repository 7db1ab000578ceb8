//! The places in the source that panics name: their file stays, line and column become 0. There
//! are some 600 of them, no two alike. A panic still says its message and its file, and the
//! stack that JavaScript adds to it names the functions.

use anyhow::{Result, bail};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{DataSection, Module};
use wasmparser::{Data, DataKind, Operator, Parser};

/// The module with its panics in line 0, as `-Z location-detail=file` would make it.
pub fn without_lines(module: &[u8]) -> Result<Vec<u8>> {
    let mut written = WithoutLines { places: 0 };
    let mut out = Module::new();
    written.parse_core_module(&mut out, Parser::new(0), module)?;
    if written.places == 0 {
        bail!("panics name their places in a way that is not known here");
    }
    Ok(out.finish())
}

/// A module that is written again.
struct WithoutLines {
    /// How many places have been found.
    places: usize,
}

impl Reencode for WithoutLines {
    type Error = Infallible;

    fn parse_data(&mut self, section: &mut DataSection, data: Data<'_>) -> Result<(), Error> {
        let mut bytes = data.data.to_vec();
        if let DataKind::Active { offset_expr, .. } = &data.kind
            && let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
        {
            for line in lines(&bytes, value as usize) {
                bytes[line..line + 8].fill(0);
                self.places += 1;
            }
        }
        utils::parse_data(self, section, Data { data: &bytes, ..data })
    }
}

/// Where in the data, which begin at `start` in memory, lines and columns of places stand: behind
/// the address and the length of a file's name, which ends with a zero that the length leaves out
/// (`core::panic::Location`).
fn lines(data: &[u8], start: usize) -> Vec<usize> {
    let number = |at: usize| {
        let bytes = data.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes) as usize)
    };
    let is_place = |&at: &usize| -> Option<()> {
        let (name, length) = (number(at)?.checked_sub(start)?, number(at + 4)?);
        let name = data.get(name..name.checked_add(length)?.checked_add(1)?)?;
        let name = name.strip_suffix(b".rs\0")?;
        // Not `src/lib.rs`, which is a text of the crate as well.
        let is_file = name.iter().filter(|&&byte| byte == b'/').count() > 1
            && name.iter().all(|byte| byte.is_ascii_graphic());
        let (line, column) = (number(at + 8)?, number(at + 12)?);
        (is_file && (1..100_000).contains(&line) && (1..1000).contains(&column)).then_some(())
    };
    let places = (0..data.len()).step_by(4).filter(|at| is_place(at).is_some());
    places.map(|at| at + 8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{ConstExpr, DataSegment, DataSegmentMode};

    /// Words, and behind them a name.
    fn data(words: [u32; 4], name: &[u8]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).chain(name.iter().copied()).collect()
    }

    #[test]
    fn a_place_is_a_name_with_line_and_column() {
        let name = b"src/a/b.rs\0";
        assert_eq!(lines(&data([1016, 10, 7, 5], name), 1000), [8]);
        // Another text, one without its zero, one that is no file of a room; no line; outside.
        assert_eq!(lines(&data([1016, 10, 7, 5], b"src/a/b.py\0"), 1000), [0; 0]);
        assert_eq!(lines(&data([1016, 10, 7, 5], b"src/a/b.rs/"), 1000), [0; 0]);
        assert_eq!(lines(&data([1016, 10, 7, 5], b"src/lib.rs\0"), 1000), [0; 0]);
        assert_eq!(lines(&data([1016, 10, 0, 5], name), 1000), [0; 0]);
        assert_eq!(lines(&data([16, 10, 7, 5], name), 1000), [0; 0]);
    }

    #[test]
    fn only_line_and_column_go() {
        let module = |words| {
            let mut section = DataSection::new();
            let mode =
                DataSegmentMode::Active { memory_index: 0, offset: &ConstExpr::i32_const(1000) };
            section.segment(DataSegment { mode, data: data(words, b"src/a/b.rs\0") });
            let mut module = Module::new();
            module.section(&section);
            module.finish()
        };
        let without = without_lines(&module([1016, 10, 7, 5])).unwrap();
        assert_eq!(without, module([1016, 10, 0, 0]));
        assert!(without_lines(&module([0, 0, 0, 0])).is_err());
    }
}
