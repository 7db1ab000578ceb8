// Times as people say them: estimates are rounded, since they only compare.

/** A time. */
export function duration({ seconds, measured }) {
  if (seconds >= 90) return `${Math.round(seconds / 60)} min`;
  if (measured && seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  return seconds < 0.95 ? "under 1 s" : `${Math.round(seconds)} s`;
}

/** The same with a word that says when it is an estimate. */
export function about(cost) {
  const time = duration(cost);
  return cost.measured || time.startsWith("under") ? time : `about ${time}`;
}

/** Whether two times say the same: estimates this close differ by a copy or a step. */
export function alike(one, other) {
  return Math.abs(one.seconds - other.seconds) <= (one.measured ? 0.05 : 2);
}
