//! The module taken apart for those who compress it as text: opcodes stand with opcodes, and what
//! stands behind an opcode with what stands behind the same, such as the numbers of locals. Deflate
//! finds a fifth less to write. `pkg-template/joined.js` puts the module together again.

use anyhow::Result;
use std::collections::BTreeMap;
use wasm_encoder::Encode;
use wasmparser::{Parser, Payload};

/// The part of all that is no instruction: sections, and the locals that functions declare.
pub const REST: u16 = 256;

/// The part of the opcodes.
pub const OPCODES: u16 = 257;

/// The section of the functions, whose sizes are left out, since they are those of what is in them.
const CODE: u8 = 10;

/// The parts of the module: what stands behind an opcode by that opcode, then the two others.
pub fn parts(module: &[u8]) -> Result<BTreeMap<u16, Vec<u8>>> {
    let mut parts: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
    let mut rest = Vec::new();
    let mut opcodes = Vec::new();
    let mut taken = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart { count, range, size } => {
                let mut head = vec![CODE];
                size.encode(&mut head);
                rest.extend(&module[taken..range.start - head.len()]);
                rest.push(CODE);
                count.encode(&mut rest);
                taken = range.end;
            }
            Payload::CodeSectionEntry(body) => {
                let mut operators = body.get_operators_reader()?;
                rest.extend(&module[body.range().start..operators.original_position()]);
                while !operators.eof() {
                    let at = operators.original_position();
                    operators.read()?;
                    opcodes.push(module[at]);
                    let behind = &module[at + 1..operators.original_position()];
                    parts.entry(module[at].into()).or_default().extend(behind);
                }
            }
            _ => {}
        }
    }
    rest.extend(&module[taken..]);
    parts.retain(|_, part| !part.is_empty());
    parts.extend([(REST, rest), (OPCODES, opcodes)]);
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, CustomSection, Function, FunctionSection, Instruction, Module, TypeSection,
        ValType,
    };

    #[test]
    fn what_stands_behind_an_opcode_stands_together() {
        let (mut types, mut functions, mut code) =
            (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([ValType::I32], []);
        for value in [7, 300] {
            functions.function(0);
            let mut function = Function::new([(1, ValType::I32)]);
            function.instruction(&Instruction::LocalGet(0));
            function.instruction(&Instruction::I32Const(value));
            code.function(function.instruction(&Instruction::Drop).instruction(&Instruction::End));
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.section(&CustomSection { name: "a".into(), data: (&[1, 2, 3]).into() });
        let module = module.finish();
        let parts = parts(&module).unwrap();
        assert_eq!(parts[&OPCODES], [0x20, 0x41, 0x1a, 0x0b, 0x20, 0x41, 0x1a, 0x0b]);
        assert_eq!(parts[&0x20], [0, 0]);
        assert_eq!(parts[&0x41], [7, 0xac, 2]);
        assert_eq!(parts.len(), 4);
        // The sizes of the section and of two functions are left out.
        let length: usize = parts.values().map(Vec::len).sum();
        assert_eq!(length, module.len() - 3);
        assert!(parts[&REST].ends_with(&[CODE, 2, 1, 1, 0x7f, 1, 1, 0x7f, 0, 5, 1, b'a', 1, 2, 3]));
    }
}
