// Calls into the module, for every entry: says when it is not ready yet, and puts a fresh
// instance in the place of one that a call has stopped, whose memory is in any state.
// No imports: the CommonJS entry uses this file as well.

/** From this size on a module that stops has most likely run out of memory, in bytes. */
const LARGE = 2 ** 30;

/** The functions of the package, made of those of the glue, and what ties an instance to them. */
export function guard(glue) {
  let exports;
  /** Makes another instance, where that is possible. */
  let renew;

  function link(instance, again) {
    if (exports) return; // where entries are mixed, the first counts
    start(instance.exports);
    renew = again;
  }

  function start(made) {
    exports = made;
    glue.__wbg_set_wasm(made);
    made.__wbindgen_start();
  }

  function guarded(name) {
    return (...given) => {
      if (!exports) throw new Error(`layerwise is not ready: call "await init()", its default export, before ${name}()`);
      try {
        return glue[name](...given);
      } catch (error) {
        throw isStop(error) ? stopped(name, error) : error;
      }
    };
  }

  function stopped(name, cause) {
    const isFull = exports.memory.buffer.byteLength >= LARGE || isOverflow(cause);
    const why = isFull
      ? "what it was given needs more memory than there is"
      : "this is a bug, please report it with what it was given";
    let next = "the next call gets a fresh instance";
    if (renew) start(renew().exports);
    else next = "this entry cannot make another instance: load the module anew";
    return new Error(`layerwise: ${name}() stopped: ${why}; ${next}`, { cause });
  }

  const functions = {};
  for (const name of ["analyze", "checkOptions", "compare", "copiedPaths", "excludesAll", "inspect", "parse", "rebuild", "replay", "rules", "wantsText"]) {
    functions[name] = guarded(name);
  }
  return { functions, link, isLinked: () => exports !== undefined };
}

function isStop(error) {
  return error instanceof WebAssembly.RuntimeError || isOverflow(error);
}

// V8 and JavaScriptCore throw a RangeError, SpiderMonkey an InternalError.
function isOverflow({ name, message }) {
  return /^(Range|Internal)Error$/.test(name) && /call stack|recursion/.test(message);
}
