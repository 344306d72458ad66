// Lines that only moved up or down are moved by the terminal instead of being written again. Pure.
import {largest, smallest} from '../core/domain/extremes.ts';

/** So many lines have to be spared at least: the orders for it are about as long as a short line. */
const LEAST_GAIN = 3;

interface Scroll {
  /** First and last line of the part that moves. */
  readonly from: number;
  readonly to: number;
  /** Lines that it moves up; below none: down. */
  readonly by: number;
}

export interface ScrolledLines {
  readonly written: string;
  /** What stands there afterwards. */
  readonly lines: readonly string[];
}

const scrolled = (lines: readonly string[], {from, to, by}: Scroll): readonly string[] =>
  lines.map((line, at) => {
    if (at < from || at > to) {
      return line;
    }
    return at + by >= from && at + by <= to ? (lines[at + by] ?? '') : '';
  });

/** The part that moves by so many lines, from the first to the last that stands somewhere else now; null where none does. */
const partMovedBy = (previous: readonly string[], next: readonly string[], by: number): Scroll | null => {
  const moved = next.flatMap((line, at) => (line !== previous[at] && line === previous[at + by] ? [at, at + by] : []));
  return moved.length === 0 ? null : {from: smallest(moved), to: largest(moved), by};
};

/** So many ways are tried, those that would move most lines. */
const MOST_WAYS = 3;

/** By how many lines enough of the changed ones would have moved. */
const likelyMoves = (previous: readonly string[], next: readonly string[]): readonly number[] => {
  const places = new Map<string, number[]>();
  for (const [at, line] of previous.entries()) {
    places.set(line, [...(places.get(line) ?? []), at]);
  }
  const votes = new Map<number, number>();
  for (const [at, line] of next.entries()) {
    for (const place of line === previous[at] ? [] : (places.get(line) ?? [])) {
      votes.set(place - at, (votes.get(place - at) ?? 0) + 1);
    }
  }
  return [...votes]
    .filter(([, count]) => count >= LEAST_GAIN)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MOST_WAYS)
    .map(([by]) => by);
};

const same = (one: readonly string[], other: readonly string[]): number => one.filter((line, at) => line === other[at]).length;

/** DECSTBM, then DL or IL at its top (ECMA-48, 8.3.32 and 8.3.67), which every terminal knows; both settings of the region go home. */
const orders = ({from, to, by}: Scroll): string =>
  `\u001b[${from + 1};${to + 1}r\u001b[${from + 1}H\u001b[${Math.abs(by)}${by > 0 ? 'M' : 'L'}\u001b[r`;

/**
 * What moves most of the lines of a screen that moved, and how they stand then; null where that spares too little. The lines are the whole
 * screen, and the cursor stands at its top left before and after.
 */
export const scrollChange = (previous: readonly string[], next: readonly string[]): ScrolledLines | null => {
  const changed = next.length - same(previous, next);
  if (previous.length !== next.length || changed <= LEAST_GAIN) {
    return null;
  }
  const candidates = likelyMoves(previous, next);
  const results = candidates.flatMap(by => {
    const part = partMovedBy(previous, next, by);
    const lines = part === null ? previous : scrolled(previous, part);
    const spared = same(lines, next) - (next.length - changed);
    return part === null || spared < LEAST_GAIN ? [] : [{part, lines, spared}];
  });
  const [best] = results.toSorted((one, other) => other.spared - one.spared);
  return best === undefined ? null : {written: orders(best.part), lines: best.lines};
};
