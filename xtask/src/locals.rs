//! The numbers of each function's locals: those of one type by how often they are used, so that
//! few numbers stand nearly everywhere, and what compresses the module needs few bits for them.
//! What the functions do stays.

use anyhow::Result;
use std::cmp::Reverse;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Instruction, Module};
use wasmparser::{BinaryReaderError, FunctionBody, Operator, Parser, Payload};

/// The module with its functions' locals under other numbers.
pub fn renumber(module: &[u8]) -> Result<Vec<u8>> {
    let (mut types, mut parameters) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for function in section.into_iter_err_on_gc_types() {
                    types.push(function?.params().len() as u32);
                }
            }
            Payload::FunctionSection(section) => {
                for function in section {
                    parameters.push(types[function? as usize]);
                }
            }
            _ => {}
        }
    }
    let mut renumbered = Renumbered { parameters: parameters.into_iter(), numbers: Vec::new() };
    let mut out = Module::new();
    renumbered.parse_core_module(&mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

/// A module that is written again.
struct Renumbered {
    /// How many parameters each function has that is still to come.
    parameters: std::vec::IntoIter<u32>,
    /// The new number of each local of the function that is written, parameters included.
    numbers: Vec<u32>,
}

impl Reencode for Renumbered {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        self.numbers = numbers(&body, self.parameters.next().unwrap_or_default())?;
        utils::parse_function_body(self, code, body)
    }

    fn instruction<'a>(&mut self, mut operator: Operator<'a>) -> Result<Instruction<'a>, Error> {
        if let Some(local) = local(&mut operator) {
            *local = self.numbers[*local as usize];
        }
        utils::instruction(self, operator)
    }
}

/// The new number of each local. The parameters keep theirs, and so does each run of locals that
/// are declared together, of one type.
fn numbers(body: &FunctionBody<'_>, parameters: u32) -> Result<Vec<u32>, BinaryReaderError> {
    let mut runs = Vec::new();
    let mut count = parameters;
    for declared in body.get_locals_reader()? {
        let (more, _) = declared?;
        runs.push(count..count + more);
        count += more;
    }
    let mut uses = vec![0; count as usize];
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        if let Some(local) = local(&mut operators.read()?) {
            uses[*local as usize] += 1;
        }
    }
    let mut numbers: Vec<u32> = (0..count).collect();
    for run in runs {
        let mut often: Vec<u32> = run.clone().collect();
        often.sort_by_key(|local| Reverse(uses[*local as usize]));
        for (number, local) in run.zip(often) {
            numbers[local as usize] = number;
        }
    }
    Ok(numbers)
}

/// The local that an instruction names.
fn local<'o>(operator: &'o mut Operator<'_>) -> Option<&'o mut u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(local_index),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{Function, FunctionSection, TypeSection, ValType};

    /// A module of one function with a parameter, which names these locals: the first two of its
    /// own are of one type, the third is of another.
    fn module(locals: &[u32]) -> Vec<u8> {
        let (mut types, mut functions, mut code) =
            (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([ValType::I32], []);
        functions.function(0);
        let mut function = Function::new([(2, ValType::I32), (1, ValType::I64)]);
        for local in locals {
            function.instruction(&Instruction::LocalGet(*local)).instruction(&Instruction::Drop);
        }
        code.function(function.instruction(&Instruction::End));
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.finish()
    }

    #[test]
    fn what_is_used_most_has_the_first_number_of_its_type() {
        let renumbered = |locals| renumber(&module(locals)).unwrap();
        assert_eq!(renumbered(&[1, 2, 2]), module(&[2, 1, 1]));
        // Parameters and other types keep their numbers, and so do locals used equally often.
        assert_eq!(renumbered(&[0, 3, 3, 2, 1]), module(&[0, 3, 3, 2, 1]));
    }
}
