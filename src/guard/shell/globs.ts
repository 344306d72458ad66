// Names of files that a glob stands for (sh(1), pathname expansion). Pure.
import {known} from '../../core/domain/known.ts';
import type {Call, Text} from '../call.ts';
import {directoryOf, pathOf} from '../results.ts';
import {globPattern} from './shell-pattern.ts';

const SPECIAL = /[*?[]/;

/** What one part of a pattern stands for in a directory, which is written as in the pattern; a text where it cannot be looked into. */
const within = (directory: string, part: string, call: Call): readonly string[] | Text => {
  const place = pathOf(call.scope, directory === '' ? '.' : directory);
  const names = place.known ? directoryOf(call, place.value) : place;
  if (!names.known) {
    return names;
  }
  const matches = SPECIAL.test(part) ? globPattern(part) : null;
  const begins = place.known ? `${place.value === '/' ? '' : place.value}/` : '';
  // What the command itself has written lies there as well.
  const written = [...call.scope.written.keys(), ...call.scope.made.keys()].flatMap(path =>
    path.startsWith(begins) && begins !== '' ? [path.slice(begins.length).replace(/\/.*$/, '')] : [],
  );
  return [...new Set([...names.value, ...written])]
    .filter(name => (matches === null ? name === part : matches.test(name) && (!name.startsWith('.') || part.startsWith('.'))))
    .map(name => directory + name);
};

/** Null where nothing matches: the shell leaves the glob as it is. */
export const expandGlob = (pattern: string, call: Call): readonly Text[] | null => {
  const parts = pattern.split('/');
  const first = parts.findIndex(part => SPECIAL.test(part));
  let places: readonly string[] = [parts.slice(0, first).join('/')];
  for (const part of parts.slice(first)) {
    const next: string[] = [];
    for (const place of places) {
      const found = within(place === '' && !pattern.startsWith('/') ? '' : `${place}/`, part, call);
      if ('known' in found) {
        return [found];
      }
      next.push(...found);
    }
    places = next;
  }
  return places.length === 0 ? null : places.toSorted().map(known);
};
