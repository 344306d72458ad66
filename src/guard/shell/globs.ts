// Names of files that a glob stands for (sh(1), pathname expansion), in its last part only. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Text} from '../call.ts';
import {directoryOf, pathOf} from '../results.ts';
import {globPattern} from './shell-pattern.ts';

const SPECIAL = /[*?[]/;

/** Null where nothing matches: the shell leaves the glob as it is. */
export const expandGlob = (pattern: string, call: Call): readonly Text[] | null => {
  const slash = pattern.lastIndexOf('/');
  const [directory, name] = [pattern.slice(0, slash + 1), pattern.slice(slash + 1)];
  if (SPECIAL.test(directory)) {
    return [unknown(`which files ${pattern} stands for is not known`)];
  }
  const place = pathOf(call.scope, directory === '' ? '.' : directory);
  const names = place.known ? directoryOf(call, place.value) : place;
  if (!names.known) {
    return [names];
  }
  const matches = globPattern(name);
  const found = names.value.filter(each => matches.test(each) && (!each.startsWith('.') || name.startsWith('.')));
  return found.length === 0 ? null : found.toSorted().map(each => known(directory + each));
};
