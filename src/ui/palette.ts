// The command palette: actions, themes, and every agent, rig, port and verdict, found by name or by state. Pure.
import {largest} from '../core/domain/extremes.ts';
import type {ListPanel, Row} from '../store/rows.ts';
import {THEME_NAMES, type ThemeName} from './theme.ts';

export interface PaletteEntry {
  readonly title: string;
  /** Its key, or where it is. */
  readonly note: string;
  /** Why it can do nothing now. */
  readonly reason: string | null;
  /** Found by the beginning of any of these too: states, runtimes, rigs. Lower case. */
  readonly words?: readonly string[];
  readonly target: {readonly action: string} | {readonly theme: ThemeName} | {readonly panel: ListPanel; readonly key: string};
}

const isBoundary = (text: string, position: number): boolean => position === 0 || /[\s/:_.-]/.test(text[position - 1] ?? '');

/**
 * How well `query` is a subsequence of `text`; null when it is not one. Larger is better: letters that stand together
 * count 6, at the beginning of a word 4, elsewhere 1, as people know it from fzf; of equals the shorter text wins.
 */
export const fuzzyScore = (query: string, text: string): number | null => {
  const given = text.toLowerCase();
  const wanted = query.toLowerCase().replaceAll(' ', '');
  // ends[j]: the best score with the letters so far, the last of them at j.
  let ends: readonly (number | null)[] | null = null;
  for (const letter of wanted) {
    let before: number | null = ends === null ? 0 : null;
    const next: (number | null)[] = [];
    for (let position = 0; position < given.length; position += 1) {
      const together = ends?.[position - 1] ?? null;
      if (given[position] === letter) {
        const alone = before === null ? null : before + (isBoundary(given, position) ? 4 : 1);
        const joined = together === null ? null : together + 6;
        next.push(alone === null || joined === null ? (alone ?? joined) : Math.max(alone, joined));
      } else {
        next.push(null);
      }
      before = together === null ? before : Math.max(before ?? Number.NEGATIVE_INFINITY, together);
    }
    ends = next;
  }
  const best = ends === null ? 0 : largest(ends.map(score => score ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(best) ? best - given.length / 100 : null;
};

const nameOf = (row: Row): string =>
  row.cells.name ?? row.cells.what ?? `:${row.cells.port ?? ''} ${row.cells.belongs ?? ''} ${row.cells.held ?? ''}`;

/** What people call a state, beside its own word. */
const ALSO_CALLED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    asks: ['waits', 'waiting', 'question'],
    done: ['finished', 'waits', 'waiting'],
    busy: ['works', 'working'],
    stuck: ['hangs', 'hanging'],
    orphan: ['left', 'leftover'],
    'wrong-owner': ['taken', 'conflict'],
  }),
);

const wordsOf = ({fields}: Row): readonly string[] => {
  const {state = [], runtime = [], rig = [], kind = []} = fields;
  return [...state, ...state.flatMap(word => ALSO_CALLED.get(word) ?? []), ...runtime, ...rig, ...kind];
};

/** Of equals the thing itself comes before the group it is in. */
const FIRST: readonly ListPanel[] = ['agents', 'orphans', 'ports', 'rigs'];

/** Every row of every list, to be gone to. */
export const rowEntries = (view: Readonly<Record<ListPanel, readonly Row[]>>): readonly PaletteEntry[] =>
  FIRST.flatMap(panel =>
    view[panel].map(row => ({
      title: nameOf(row),
      note: [...(row.machine === undefined ? [] : [row.machine]), panel, row.badge.word].join('  '),
      reason: null,
      words: wordsOf(row),
      target: {panel, key: row.key},
    })),
  );

/** Every theme, to be changed to while the screen runs. */
export const themeEntries = (): readonly PaletteEntry[] =>
  THEME_NAMES.map(theme => ({title: `theme ${theme}`, note: 'colours', reason: null, target: {theme}}));

/** A word that begins so is worth as much as the same letters together at the beginning of a name, and something more: it was meant. */
const wordScore = (query: string, words: readonly string[]): number | null => {
  const wanted = query.trim().toLowerCase();
  return words.some(word => word.startsWith(wanted)) ? 4 + 6 * wanted.length : null;
};

const MOST_SHOWN = 100;

/** The entries that match, best first; all in their own order while nothing is typed. */
export const searchPalette = (entries: readonly PaletteEntry[], query: string): readonly PaletteEntry[] => {
  if (query.trim() === '') {
    return entries.slice(0, MOST_SHOWN);
  }
  const scored = entries.flatMap(entry => {
    const scores = [fuzzyScore(query, entry.title), wordScore(query, entry.words ?? [])].filter(score => score !== null);
    return scores.length === 0 ? [] : [{entry, score: largest(scores)}];
  });
  return scored
    .toSorted((one, other) => other.score - one.score)
    .map(({entry}) => entry)
    .slice(0, MOST_SHOWN);
};
