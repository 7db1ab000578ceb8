// Node's entry for `import`: the same instance as for `require`.

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "./node.cjs";

/** Nothing is left to do. */
export default async function init() {}
