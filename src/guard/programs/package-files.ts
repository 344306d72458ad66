// package.json and its like: which one is meant, and the scripts in it. Pure.
import {parseRecord, recordField} from '../../core/domain/json-fields.ts';
import {type Known, known} from '../../core/domain/known.ts';
import {parentDirectory} from '../../core/domain/paths.ts';
import type {Call, Result, Scope} from '../call.ts';
import {fileOf, NOTHING} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {posixPattern} from './posix-pattern.ts';

export interface Found {
  readonly text: string;
  readonly directory: string;
}

/** The first of these files in a directory; what is not read yet is asked for all at once. */
const firstOf = (call: Call, directory: string, names: readonly string[]): Known<Found | null> => {
  let unread: Known<Found | null> = known(null);
  for (const name of names) {
    const path = name.startsWith('/') ? name : `${directory === '/' ? '' : directory}/${name}`;
    const text = fileOf(call, path);
    if (text.known && text.value !== null) {
      return unread.known ? known({text: text.value, directory}) : unread;
    }
    unread = text.known || !unread.known ? unread : text;
  }
  return unread;
};

/** The nearest of these files from a directory upwards, as far as its project reaches; of another project’s as far as there is a path. */
export const nearest = (call: Call, start: string, names: readonly string[], isUpwards: boolean): Known<Found | null> => {
  const {root} = call.caller;
  for (let directory = start; ; directory = parentDirectory(directory)) {
    const found = firstOf(call, directory, names);
    if (!found.known || found.value !== null) {
      return found;
    }
    if (!isUpwards || directory === root || directory === '/') {
      return known(null);
    }
  }
};

/** The scripts of a package.json, by name. */
export const scriptsOf = (text: string): ReadonlyMap<string, string> => {
  const scripts = recordField(parseRecord(text) ?? {}, 'scripts');
  return new Map(Object.entries(scripts ?? {}).flatMap(([name, script]) => (typeof script === 'string' ? [[name, script] as const] : [])));
};

export const inDirectory = (scope: Scope, directory: string): Scope => ({...fork(scope), cwd: known(directory), depth: scope.depth + 1});

/** pnpm takes `/PATTERN/` for every script that it matches; elsewhere that is no name of a script. */
const namesFor = (scripts: ReadonlyMap<string, string>, name: string): readonly string[] => {
  const [, pattern] = /^\/(.+)\/$/.exec(name) ?? [];
  const matching = pattern === undefined ? null : posixPattern(pattern, {dialect: 'extended'});
  return matching === null ? [name] : [...scripts.keys()].filter(each => matching.test(each));
};

/** A script with what runs before and after it. */
export const runScript = (call: Call, found: Found, wanted: string, args: readonly string[]): Result => {
  const scripts = scriptsOf(found.text);
  let result: Result = NOTHING;
  for (const name of namesFor(scripts, wanted)) {
    for (const each of [`pre${name}`, name, `post${name}`]) {
      const text = scripts.get(each);
      if (text !== undefined) {
        result = call.runText(each === name ? [text, ...args].join(' ') : text, inDirectory(call.scope, found.directory), null);
      }
    }
  }
  return result;
};
