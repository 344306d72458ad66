// Which known word a mistyped one probably meant. Pure.

/** Edits (Levenshtein) between two words. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

/** The nearest word, if it is within a third of the letters; null otherwise. */
export const closestWord = (word: string, known: readonly string[]): string | null => {
  const ranked = known.map(one => ({one, edits: distance(word, one)})).sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && word.length <= 64 && best.edits <= Math.max(1, Math.floor(best.one.length / 3)) ? best.one : null;
};
