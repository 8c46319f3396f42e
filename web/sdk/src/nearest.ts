/** The candidate that is most like a word, for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string {
  const short = word.slice(0, 64).toLowerCase();
  return candidates.reduce(
    (best, one) => (distance(short, one.toLowerCase()) < distance(short, best.toLowerCase()) ? one : best),
    candidates[0] ?? "none",
  );
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substituted = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
