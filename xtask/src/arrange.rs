//! The order of a module's functions: those that are alike stand side by side, where what
//! compresses the module finds one in the other (gzip looks back 32 KB). What they do stays.

use anyhow::Result;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// The bytes by which functions are compared: as long as what is worth a reference to it.
type Piece = [u8; 5];

/// A piece that so many functions have is near in any order.
const COMMON: usize = 200;

/// The module with its functions in another order.
pub fn arrange(module: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let order = order(&bodies);
    let mut numbers: Vec<u32> = (0..).take(imported + bodies.len()).collect();
    for (number, function) in (imported as u32..).zip(&order) {
        numbers[imported + function] = number;
    }
    let mut arranged = Module::new();
    Arranged { order, numbers }.parse_core_module(&mut arranged, Parser::new(0), module)?;
    Ok(arranged.finish())
}

/// The functions in an order in which each has much of the two before it, of the last twice as
/// much as of the other.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let pieces: Vec<BTreeSet<Piece>> = bodies.iter().map(|body| pieces(body)).collect();
    let mut holders: BTreeMap<Piece, Vec<usize>> = BTreeMap::new();
    for (function, pieces) in pieces.iter().enumerate() {
        for piece in pieces {
            holders.entry(*piece).or_default().push(function);
        }
    }
    holders.retain(|_, holders| holders.len() < COMMON);
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut order: Vec<usize> = Vec::new();
    while let Some(&first) = left.first() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for (before, weight) in order.iter().rev().zip([2, 1]) {
            let others = pieces[*before].iter().filter_map(|piece| holders.get(piece)).flatten();
            for other in others.filter(|other| left.contains(other)) {
                *shared.entry(*other).or_default() += weight;
            }
        }
        let next = shared.into_iter().max_by_key(|&(other, count)| (count, Reverse(other)));
        let next = next.map_or(first, |(other, _)| other);
        left.remove(&next);
        order.push(next);
    }
    order
}

fn pieces(body: &[u8]) -> BTreeSet<Piece> {
    body.windows(size_of::<Piece>()).filter_map(|piece| piece.try_into().ok()).collect()
}

/// A module that is written again: which function stands where, and the new number of each.
struct Arranged {
    order: Vec<usize>,
    numbers: Vec<u32>,
}

impl Reencode for Arranged {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.numbers[function as usize])
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stands_together() {
        let bodies: [&[u8]; 4] = [b"abcdefgh", b"12345678", b"xbcdefgh", b"12345679"];
        assert_eq!(order(&bodies), [0, 2, 1, 3]);
        // Nothing is alike: the order stays.
        assert_eq!(order(&[b"abcdef", b"123456", b"a"]), [0, 1, 2]);
        assert_eq!(order(&[]), [0; 0]);
    }
}
