// Looking for words in the text of a pane: which of its lines have them, which comes next, and how one is drawn. Pure.
import {type Line, plain} from './format.ts';
import {withoutColours} from './pane-text.ts';

/** Positions of the lines that have the words, whatever their case; none for no words. */
export const matchesIn = (lines: readonly string[], words: string): readonly number[] => {
  const wanted = words.toLowerCase();
  return wanted === '' ? [] : lines.flatMap((line, at) => (withoutColours(line).toLowerCase().includes(wanted) ? [at] : []));
};

/** The first to show: the last one at or above the line `end`, else the first below it; null where there is none. */
export const matchBefore = (matches: readonly number[], end: number): number | null =>
  matches.findLast(at => at <= end) ?? matches[0] ?? null;

/** The one behind `from`, or before it, around the end; null where there is none. */
export const nextMatch = (matches: readonly number[], from: number, by: 1 | -1): number | null =>
  by === 1 ? (matches.find(at => at > from) ?? matches[0] ?? null) : (matches.findLast(at => at < from) ?? matches.at(-1) ?? null);

/** The first line to show so that line `at` stands on a page of `height`: where it stands, or in the middle. */
export const scrollTo = (at: number, scroll: number, height: number, count: number): number =>
  at >= scroll && at < scroll + height ? scroll : Math.max(0, Math.min(count - height, at - Math.floor(height / 2)));

/** A line that has the words, without colours of its own; of the one that was gone to they stand out more. */
export const markedLine = (line: string, words: string, isChosen: boolean): Line => {
  const text = withoutColours(line);
  const lower = text.toLowerCase();
  // Lower case may be longer than the letter it is of: then nothing in the line is marked, and the line as a whole is.
  const isSafe = lower.length === text.length;
  const wanted = words.toLowerCase();
  const marked = isChosen ? 'alarm' : 'banner';
  const pieces: Line[number][] = [];
  let from = 0;
  for (let at = isSafe ? lower.indexOf(wanted) : -1; at !== -1; at = lower.indexOf(wanted, from)) {
    pieces.push(plain(text.slice(from, at)), plain(text.slice(at, at + wanted.length), marked));
    from = at + wanted.length;
  }
  return [...pieces, plain(text.slice(from), isSafe ? 'plain' : marked)];
};
