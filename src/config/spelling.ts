// Which known word a mistyped one probably meant. Pure.

/** Edits between two words: letters added, left out, replaced, or two neighbours swapped (optimal string alignment). */
const distance = (a: string, b: string): number => {
  let before: readonly number[] = [];
  let previous = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : replace;
      current.push(Math.min(replace, swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    before = previous;
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
