// The package brings its module as text too, for where no file can be fetched, and imports that when the
// file does not come. A page and an extension that bring the file themselves would carry 550 KB for nothing.

/** Leaves the text out of what Vite builds. */
export const withoutText = {
  name: "without-text",
  enforce: /** @type {const} */ ("pre"),
  /** @param {string} id */
  load: (id) => (/[\\/]pkg[\\/]embedded\.js$/.test(id) ? 'export const embedded = () => { throw new Error("left out"); };' : undefined),
};
