// Builds of which the same is to be said.

/** The builds of a Dockerfile in groups that have the same findings and edits. */
export function alike(builds) {
  const groups = new Map();
  for (const build of builds) {
    const { issues, fixes, errors, notices, edits } = (build.after ?? build).report;
    const key = JSON.stringify([issues, fixes, errors, notices, edits]);
    if (groups.has(key)) groups.get(key).push(build);
    else groups.set(key, [build]);
  }
  return [...groups.values()];
}
