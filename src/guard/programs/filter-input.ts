// What a filter reads: files or its standard input, as lines. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Text} from '../call.ts';
import {fileOf, pathOf} from '../results.ts';

/** Stands in a table for what is not known of a row: nobody may compare with it. */
export const UNTOLD = '\uE002';

export const rowsOf = (text: string): readonly string[] => {
  const rows = text.split('\n');
  return rows.at(-1) === '' ? rows.slice(0, -1) : rows;
};

/** What a filter reads: the files that it names, else its standard input. */
export const inputOf = (call: Call, paths: readonly string[]): Text => {
  const fed = call.stdin ?? unknown('nothing is fed to it');
  if (paths.length === 0) {
    return fed;
  }
  const texts: string[] = [];
  for (const each of paths) {
    if (each === '-') {
      if (!fed.known) {
        return fed;
      }
      texts.push(fed.value);
      continue;
    }
    const path = pathOf(call.scope, each);
    const text = path.known ? fileOf(call, path.value) : path;
    if (!text.known) {
      return text;
    }
    texts.push(text.value ?? '');
  }
  return known(texts.join(''));
};
