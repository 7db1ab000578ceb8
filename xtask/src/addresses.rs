//! The instructions that read and write memory: what is added to an address goes into the
//! instruction that reads there, and none of them says how its address is aligned, which makes
//! those alike that do the same. What the functions do stays.

use anyhow::Result;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Module};
use wasmparser::{FunctionBody, MemArg, Operator, Parser};

/// More is not added to an address: the instruction would stop where the sum is beyond all
/// memory, while the sum before it begins again at 0. That differs only for what lies below
/// this place, the end of a stack of 1 MB that is all but exhausted (binaryen calls it
/// `--low-memory-unused`).
const LOW: i32 = 1024;

/// The module with its addresses written shorter.
pub fn shorten(module: &[u8]) -> Result<Vec<u8>> {
    let mut out = Module::new();
    Shortened.parse_core_module(&mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

/// A module that is written again.
struct Shortened;

impl Reencode for Shortened {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let mut shorter: Vec<Operator<'_>> = Vec::new();
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let mut operator = operators.read()?;
            if let Some(place) = place(&mut operator) {
                // A promise that compilers may use, but none of them has to be given.
                place.align = 0;
            }
            if let [.., Operator::I32Const { value: added @ 0..LOW }, Operator::I32Add] =
                shorter[..]
                && let Some(place) = read_place(&mut operator)
            {
                place.offset += u64::from(added.unsigned_abs());
                shorter.truncate(shorter.len() - 2);
            }
            shorter.push(operator);
        }
        let mut function = self.new_function_with_parsed_locals(&body)?;
        for operator in shorter {
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }
}

/// Where an instruction reads or writes.
fn place<'o>(operator: &'o mut Operator<'_>) -> Option<&'o mut MemArg> {
    match operator {
        Operator::I32Store { memarg }
        | Operator::I64Store { memarg }
        | Operator::F64Store { memarg }
        | Operator::I32Store8 { memarg }
        | Operator::I32Store16 { memarg }
        | Operator::I64Store8 { memarg }
        | Operator::I64Store16 { memarg }
        | Operator::I64Store32 { memarg } => Some(memarg),
        _ => read_place(operator),
    }
}

/// Where an instruction reads: its address is what was computed last.
fn read_place<'o>(operator: &'o mut Operator<'_>) -> Option<&'o mut MemArg> {
    match operator {
        Operator::I32Load { memarg }
        | Operator::I64Load { memarg }
        | Operator::F64Load { memarg }
        | Operator::I32Load8U { memarg }
        | Operator::I32Load8S { memarg }
        | Operator::I32Load16U { memarg }
        | Operator::I32Load16S { memarg }
        | Operator::I64Load8U { memarg }
        | Operator::I64Load16U { memarg }
        | Operator::I64Load32U { memarg }
        | Operator::I64Load32S { memarg } => Some(memarg),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        Function, FunctionSection, Instruction, MemArg, MemorySection, MemoryType, TypeSection,
        ValType,
    };

    /// A module of one function with a parameter, which does this.
    fn module(instructions: &[Instruction<'_>]) -> Vec<u8> {
        let (mut types, mut functions, mut memories, mut code) =
            (TypeSection::new(), FunctionSection::new(), MemorySection::new(), CodeSection::new());
        types.ty().function([ValType::I32], [ValType::I32]);
        functions.function(0);
        let (maximum, page_size_log2) = (None, None);
        let (memory64, shared) = (false, false);
        memories.memory(MemoryType { minimum: 1, maximum, memory64, shared, page_size_log2 });
        let mut function = Function::new([]);
        for instruction in instructions {
            function.instruction(instruction);
        }
        code.function(function.instruction(&Instruction::End));
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories).section(&code);
        module.finish()
    }

    #[test]
    fn what_is_added_goes_into_the_instruction_that_reads() {
        use Instruction::{I32Add, I32Const, I32Load, LocalGet};
        let load = |offset, align| I32Load(MemArg { offset, align, memory_index: 0 });
        let shorter = |instructions: &[Instruction<'_>]| shorten(&module(instructions)).unwrap();
        assert_eq!(
            shorter(&[LocalGet(0), I32Const(20), I32Add, load(4, 2)]),
            module(&[LocalGet(0), load(24, 0)])
        );
        // What goes back, or far, stays; so does what adds to something else.
        for added in [-4, LOW] {
            assert_eq!(
                shorter(&[LocalGet(0), I32Const(added), I32Add, load(4, 0)]),
                module(&[LocalGet(0), I32Const(added), I32Add, load(4, 0)])
            );
        }
        let sum = [LocalGet(0), I32Const(20), I32Add, LocalGet(0), load(0, 0), I32Add];
        assert_eq!(shorter(&sum), module(&sum));
    }

    #[test]
    fn no_instruction_says_how_its_address_is_aligned() {
        use Instruction::{I64Const, I64Store, LocalGet};
        let store = |align| {
            let memarg = MemArg { offset: 8, align, memory_index: 0 };
            module(&[LocalGet(0), I64Const(0), I64Store(memarg), LocalGet(0)])
        };
        assert_eq!(shorten(&store(3)).unwrap(), store(0));
    }
}
