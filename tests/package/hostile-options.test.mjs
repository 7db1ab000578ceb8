// Option objects that are made to do harm: each is answered by a report or an error, and the next
// call by a report.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, checkOptions, compare, parse, rebuild } from "layerwise";
import { COPY_FIRST } from "./dockerfiles.mjs";

const FILES = "options.files must be an array of strings or an object of strings or null";

const fail = () => {
  throw new RangeError("mine");
};
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const withItem = (getter) => Object.defineProperty(["a"], 0, { get: getter, enumerable: true });
const million = Array.from({ length: 1_000_000 }, (_, at) => `src/${at % 1000}/${at}.js`);

function cyclic(made) {
  made.files = made;
  return made;
}

function deep(levels) {
  const top = {};
  let at = top;
  for (let level = 0; level < levels; level++) at = at.env = {};
  return top;
}

const mine = { name: "RangeError", message: "mine" };
const wrong = (message) => ({ name: "TypeError", message });

/** What is tried: the options, and the error; without one there is a report. */
const TRIED = {
  "a getter that throws": [{ get files() { return fail(); } }, mine],
  "a getter that throws, further in": [{ files: { get a() { return fail(); } } }, mine],
  "an item that throws": [{ files: withItem(fail) }, mine],
  "a getter that throws nothing": [{ get files() { throw undefined; } }, undefined],
  "a getter that calls back": [{ get files() { return parse(COPY_FIRST).instructions.map(({ keyword }) => keyword); } }],
  "a getter that takes itself away": [{ get files() { delete this.files; return {}; } }],
  "a proxy that throws its keys": [new Proxy({}, { ownKeys: fail }), mine],
  "a proxy that throws its values": [new Proxy({ files: [] }, { get: fail }), mine],
  "a proxy that throws its descriptors": [new Proxy({ files: [] }, { getOwnPropertyDescriptor: fail }), mine],
  "a proxy that throws its prototype": [new Proxy({}, { getPrototypeOf: fail }), wrong("options must be an object")],
  "a proxy that lists what it has not": [{ files: new Proxy({ a: null }, { ownKeys: () => ["a", "b"] }) }],
  "a proxy of an array that throws": [{ files: new Proxy(["a"], { get: fail }) }, mine],
  "a proxy of an array that lies about its length": [
    { files: new Proxy(["a"], { get: (target, key) => (key === "length" ? 2 ** 32 - 1 : target[key]) }) }, wrong(FILES),
  ],
  "a proxy that is of no use": [revoked({}), wrong("options must be an object")],
  "a proxy further in that is of no use": [{ files: revoked({}) }, { name: "TypeError", message: /revoked/ }],
  "a proxy of an array that is of no use": [{ targets: revoked([]) }, { name: "TypeError", message: /revoked/ }],
  "__proto__ as an option": [JSON.parse('{"__proto__":{"files":[]}}'), { name: "TypeError", message: /^options\.__proto__ is unknown; there are files, / }],
  "names that every object has": [{ files: JSON.parse('{"__proto__":"a","constructor":null,"toString":"b"}'), buildArgs: JSON.parse('{"__proto__":"a"}') }],
  "an object that holds itself": [cyclic({}), wrong(FILES)],
  "an array that holds itself": [cyclic([]).files && { files: cyclic([]) }],
  "objects 100,000 deep": [{ baseImages: { a: deep(100_000) } }, { name: "TypeError", message: /^options\.baseImages must be/ }],
  "a million paths": [{ files: million }],
  "many paths with texts": [{ files: Object.fromEntries(million.slice(0, 50_000).map((path) => [path, "text"])) }],
  "a path of 10 MB": [{ files: ["a/".repeat(5_000_000)] }],
  "a text of 2 MB": [{ files: { "requirements.txt": "a\n".repeat(1_000_000) } }],
  "an array that lacks items": [{ files: [, "a"] }, wrong(FILES)],
  "an array of four billion that lacks all": [{ files: new Array(2 ** 32 - 1) }, wrong(FILES)],
  "an array of bytes": [{ files: new Uint8Array(8) }, wrong(FILES)],
  "a BigInt": [{ files: 1n }, wrong(FILES)],
  "BigInts further in": [{ buildArgs: { A: 1n } }, wrong("options.buildArgs must be an object of strings")],
  "a symbol": [{ target: Symbol("a") }, wrong("options.target must be a string")],
  "a symbol for a name": [{ files: { [Symbol("a")]: 1 } }],
  "a text that is an object": [{ target: { toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail } }, wrong("options.target must be a string")],
  "an object with toJSON": [{ files: { toJSON: fail } }, wrong(FILES)],
  "halves of characters": [{ files: { "\ud800": "\udc00", "\udfff/package.json": "\ud800" }, dockerignore: "\ud800*\n", buildArgs: { "\udc00": "\ud800" }, targets: ["0"] }],
  "a megabyte of exclamation marks": [{ files: ["a"], dockerignore: "!".repeat(1_000_000) }],
  "a hundred thousand patterns": [{ files: ["a"], dockerignore: "**/*a*b\n".repeat(100_000) }],
};

for (const [name, [options, error]] of Object.entries(TRIED)) {
  test(name, () => {
    if (TRIED[name].length === 1) assert.ok(Array.isArray(analyze(COPY_FIRST, options).issues));
    else assert.throws(() => analyze(COPY_FIRST, options), ...(error === undefined ? [] : [error]));
    assert.equal(analyze(COPY_FIRST).issues.length, 1);
  });
}

test("what is thrown again and again leaves nothing behind", () => {
  for (const name of Object.keys(TRIED).filter((name) => TRIED[name][1] === mine)) {
    const [options] = TRIED[name];
    for (let count = 0; count < 3000; count++) assert.throws(() => checkOptions(options), mine);
  }
  assert.equal(analyze(COPY_FIRST).issues.length, 1);
});

test("the other functions take no harm either", () => {
  const hostile = new Proxy({}, { ownKeys: fail, get: fail });
  const build = { dockerfile: COPY_FIRST };
  for (const call of [
    () => rebuild(COPY_FIRST, hostile),
    () => rebuild(COPY_FIRST, { files: withItem(fail) }),
    () => compare(hostile, build),
    () => compare(build, build, hostile),
  ]) {
    for (let count = 0; count < 3000; count++) assert.throws(call, mine);
  }
  assert.equal(compare(build, build)[0].outcome, "cached");
});
