// Puts the module together again of its parts: in its text, opcodes stand with opcodes, and what stands
// behind an opcode with what stands behind the same (`xtask/src/apart.rs`).
// <https://webassembly.github.io/spec/core/binary/instructions.html>

/** The parts beside those of the opcodes: of all that is no instruction, and of the opcodes themselves. */
const REST = 256;
const OPCODES = 257;

/** The section of the functions, whose sizes the parts leave out, and the most bytes that one takes. */
const CODE = 10;
const LONGEST_SIZE = 5;

const [BLOCK, LOOP, IF, END, BR_TABLE] = [0x02, 0x03, 0x04, 0x0b, 0x0e];
const [F32_CONST, F64_CONST, PREFIX] = [0x43, 0x44, 0xfc];

/** How many numbers stand behind an opcode. */
const NUMBERS = new Uint8Array(256);
const WITH_ONE = [BLOCK, LOOP, IF, 0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2];
for (const opcode of WITH_ONE) NUMBERS[opcode] = 1;
NUMBERS.fill(2, 0x28, 0x3f); // what reads and writes memory
NUMBERS[0x11] = 2; // call_indirect

/** How many stand behind the second half of an opcode, where there are any: `memory.copy`, `memory.fill`. */
const BEHIND_PREFIX = { 8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1, 17: 1 };

/** The module of `size` bytes, of the bytes of its parts, each with its `lengths`. */
export function joined(bytes, lengths, size) {
  const parts = { bytes, next: new Uint32Array(258), out: new Uint8Array(size + 2 * LONGEST_SIZE), to: 0 };
  let end = 0;
  let restEnd = 0;
  for (const [part, length] of lengths) {
    parts.next[part] = end;
    end += length;
    if (part === REST) restEnd = end;
  }
  copy(parts, REST, 8); // what a module begins with
  while (parts.next[REST] < restEnd) {
    if (number(parts, REST) === CODE) sized(parts, functions);
    else copy(parts, REST, number(parts, REST));
  }
  return parts.out.subarray(0, parts.to);
}

function functions(parts) {
  for (let left = number(parts, REST); left > 0; left--) sized(parts, body);
}

function body(parts) {
  for (let left = number(parts, REST); left > 0; left--) {
    number(parts, REST); // locals, and their type
    copy(parts, REST, 1);
  }
  instructions(parts);
}

// There are half a million: what stands behind most of them is copied without a call.
function instructions(parts) {
  const { bytes, next, out } = parts;
  let { to } = parts;
  let at = next[OPCODES];
  for (let depth = 1; depth > 0; ) {
    const opcode = bytes[at++];
    out[to++] = opcode;
    if (opcode <= END) depth += opcode === END ? -1 : opcode === BLOCK || opcode === LOOP || opcode === IF ? 1 : 0;
    let left = NUMBERS[opcode];
    if (left > 0) {
      let from = next[opcode];
      while (left > 0) {
        const byte = bytes[from++];
        out[to++] = byte;
        if (byte < 128) left--;
      }
      next[opcode] = from;
    } else if (opcode === F64_CONST || opcode === F32_CONST || opcode === BR_TABLE || opcode === PREFIX) {
      parts.to = to;
      longer(parts, opcode);
      to = parts.to;
    }
  }
  next[OPCODES] = at;
  parts.to = to;
}

function longer(parts, opcode) {
  if (opcode === F32_CONST) copy(parts, opcode, 4);
  else if (opcode === F64_CONST) copy(parts, opcode, 8);
  else {
    const value = number(parts, opcode);
    const count = opcode === BR_TABLE ? value + 1 : (BEHIND_PREFIX[value] ?? 0);
    for (let left = count; left > 0; left--) number(parts, opcode);
  }
}

function copy(parts, part, count) {
  const from = parts.next[part];
  parts.out.set(parts.bytes.subarray(from, from + count), parts.to);
  parts.next[part] += count;
  parts.to += count;
}

/** Copies a number, and answers it. */
function number(parts, part) {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = parts.bytes[parts.next[part]++];
    parts.out[parts.to++] = byte;
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
}

/** Has `write` write, and puts the size of that before it. */
function sized(parts, write) {
  const start = parts.to;
  parts.to += LONGEST_SIZE;
  write(parts);
  const size = parts.to - start - LONGEST_SIZE;
  let at = start;
  for (let left = size; ; left >>>= 7) {
    parts.out[at++] = left > 127 ? (left & 127) | 128 : left;
    if (left <= 127) break;
  }
  parts.out.copyWithin(at, start + LONGEST_SIZE, parts.to);
  parts.to = at + size;
}
