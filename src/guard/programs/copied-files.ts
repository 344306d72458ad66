// cp, mv, ln, install: files that are there under another name afterwards, and may be run by it. Pure.
import {known} from '../../core/domain/known.ts';
import {baseName, parentDirectory} from '../../core/domain/paths.ts';
import type {Call, Program} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {make, NOTHING, originOf, pathOf, STANDARD_INPUT, unclear, wordsOf} from '../results.ts';
import {type Options, parseOptions} from './options.ts';

const optionsOf = (name: string, words: readonly string[]): Options =>
  parseOptions(words, {
    short: name === 'install' ? 'gmoSt' : 'St',
    long: ['target-directory', 'suffix', 'mode', 'owner', 'group'],
    flags: ['backup', 'no-target-directory', 'symbolic', 'recursive', 'force', 'verbose', 'archive', 'update', 'directory'],
  });

const copy = (call: Call, from: string, to: string): void => {
  const {written} = call.scope;
  const fed = call.stdin ?? known('');
  const [before, after] = [originOf(call.scope, to), STANDARD_INPUT.test(from) ? () => fed : originOf(call.scope, from)];
  make(call.scope, to, (later, below) => {
    const text = after(later, below);
    // What some program has made of a file is near to what was there, unless the command has words for ending others in it. And beside what has
    // come into a directory lies what was there.
    const isAsBefore = text.known ? text.value === null && below !== '' : !plainlyEnds(later.verdicts.source);
    return isAsBefore ? before(later, below) : text;
  });
  for (const [path, text] of [...written].filter(([each]) => each.startsWith(`${from}/`))) {
    written.set(to + path.slice(from.length), text);
  }
};

export const copied: Program = call => {
  const words = wordsOf(call.args);
  const options = optionsOf(call.name, words.known ? words.value : []);
  const [directory] = options.all('t', 'target-directory');
  const target = directory ?? (options.rest.length > 1 ? options.rest.at(-1) : undefined);
  for (const source of directory === undefined ? options.rest.slice(0, -1) : options.rest) {
    // A link is followed from where it lies.
    const isLink = call.name === 'ln' && options.has('s', 'symbolic') && !source.startsWith('/');
    const from = pathOf(call.scope, isLink ? `${target?.includes('/') === true ? parentDirectory(target) : '.'}/${source}` : source);
    // Whether the last word is a directory nobody has looked.
    for (const place of [target ?? '.', `${target ?? '.'}/${baseName(source)}`]) {
      const to = pathOf(call.scope, place);
      if (from.known && to.known && from.value !== to.value) {
        copy(call, from.value, to.value);
      }
    }
  }
  return options.has('v', 'verbose') ? unclear(`what ${call.name} writes is not known`) : NOTHING;
};
