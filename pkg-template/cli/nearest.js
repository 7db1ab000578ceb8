// Which of the words that there are was meant.

/** The word that takes the fewest changes to become `word`. */
export function nearest(word, words) {
  const distances = words.map((other) => [distance(word, other), other]);
  return distances.sort(([a], [b]) => a - b)[0][1];
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
