// What is read once in a run: a program that lives longer, such as a language server, begins anew.

const maps = [];

/** A map that is empty when a run begins. */
export function keptForRun() {
  const map = new Map();
  maps.push(map);
  return map;
}

/** Forgets what was read, since files may have changed. */
export function beginRun() {
  for (const map of maps) map.clear();
}
