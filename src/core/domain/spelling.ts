// Which known word a mistyped one probably meant. Pure.

/** Edits between two words: letters added, left out, replaced, or two neighbours swapped (optimal string alignment). */
const distance = (a: string, b: string): number => {
  let before: readonly number[] = [];
  let previous = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous.at(j - 1) ?? 0) + (a.at(i - 1) === b.at(j - 1) ? 0 : 1);
      const swapped = i > 1 && j > 1 && a.at(i - 1) === b.at(j - 2) && a.at(i - 2) === b.at(j - 1);
      const swap = swapped ? (before.at(j - 2) ?? 0) + 1 : replace;
      current.push(Math.min(replace, swap, (previous.at(j) ?? 0) + 1, (current.at(-1) ?? 0) + 1));
    }
    before = previous;
    previous = current;
  }
  return previous.at(b.length) ?? 0;
};

const LONGEST_WORD = 64;

/** The nearest word, if it is within a third of the letters; null otherwise. */
export const closestWord = (word: string, known: readonly string[]): string | null => {
  if (word.length > LONGEST_WORD) {
    return null;
  }
  const ranked = known.map(one => ({one, edits: distance(word, one)})).sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.max(1, Math.floor(best.one.length / 3)) ? best.one : null;
};

/** Known words that a mistyped or unfinished one may mean, those that begin with it first, then the close ones, then those that hold it. */
export const nearWords = (word: string, known: readonly string[]): readonly string[] => {
  if (word === '' || word.length > 64) {
    return [];
  }
  // A long reference may hold a short name: what counts is how much of its last part is right.
  const most = Math.max(1, Math.min(3, Math.floor((word.length - word.lastIndexOf('/') - 1) / 3)));
  const rank = (one: string): number => {
    if (one.startsWith(word)) {
      return 0;
    }
    const edits = distance(word, one);
    if (edits <= most) {
      return edits;
    }
    return one.includes(word) ? most + 1 : Number.POSITIVE_INFINITY;
  };
  return [...new Set(known)]
    .map(one => ({one, rank: rank(one)}))
    .filter(each => Number.isFinite(each.rank))
    .sort((a, b) => a.rank - b.rank || (a.one < b.one ? -1 : 1))
    .map(({one}) => one);
};
