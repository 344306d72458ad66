// npm-run-all and concurrently: several package scripts, or lines of shell, at a time or one after the other. Pure.
import {known} from '../../core/domain/known.ts';
import type {Call, Program} from '../call.ts';
import {unclear, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {parseOptions} from './options.ts';
import {nearest, scriptsOf} from './package-files.ts';
import {orderedEnd} from './supervisors.ts';

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\?]/g, '\\$&');

/** `*` stays between colons, `**` does not. */
const pattern = (text: string): RegExp =>
  new RegExp(`^${escaped(text).replaceAll('**', '\0').replaceAll('*', '[^:]*').replaceAll('\0', '.*')}$`);

/** Names of scripts that a pattern stands for. */
const named = (call: Call, text: string): readonly string[] => {
  const {cwd} = call.scope;
  const found = text.includes('*') && cwd.known ? nearest(call, cwd.value, ['package.json'], true) : null;
  return found?.known === true && found.value !== null
    ? [...scriptsOf(found.value.text).keys()].filter(name => pattern(text).test(name))
    : [text];
};

const runScripts = (call: Call, text: string, manager = 'npm'): void => {
  const [name = '', ...args] = text.split(/\s+/);
  for (const script of named(call, name)) {
    call.run([manager, 'run', script, ...args].map(known), null);
  }
};

/** `run-s lint "test -- --x"`: each word is a script with its arguments. */
export const npmRunAll: Program = call => {
  const words = wordsOf(call.args);
  const {rest} = parseOptions(words.known ? words.value : [], {short: '', long: ['max-parallel', 'npm-path']});
  for (const text of rest) {
    runScripts(call, text);
  }
  return unclear(`what ${call.name} writes is not known`);
};

const SHORTHAND = /^(npm|pnpm|yarn|bun):(.*)$/;

/** `concurrently "TEXT" npm:SCRIPT`. */
export const concurrently: Program = call => {
  const words = wordsOf(call.args);
  const {rest} = parseOptions(words.known ? words.value : [], {
    short: 'mnspclt',
    long: [
      'max-processes',
      'names',
      'name-separator',
      'success',
      'prefix',
      'prefix-colors',
      'prefix-length',
      'timestamp-format',
      'restart-tries',
      'restart-after',
      'kill-signal',
      'teardown',
    ],
  });
  for (const text of rest) {
    const [, manager, script = ''] = SHORTHAND.exec(text) ?? [];
    if (manager === undefined) {
      call.runText(text, fork(call.scope), null);
    } else {
      runScripts(call, script, manager);
    }
  }
  return unclear(`what ${call.name} writes is not known`);
};

/** `turbo run TASK`, `lerna run TASK`: the script of that name in every package. */
export const workspaceTasks: Program = call => {
  const words = wordsOf(call.args);
  const [first = '', ...rest] = parseOptions(words.known ? words.value : [], {short: 'F', long: ['filter', 'scope', 'concurrency']}).rest;
  if (first === 'daemon') {
    return orderedEnd('turbo')?.(call) ?? unclear(`what ${call.name} writes is not known`);
  }
  for (const task of first === 'run' || call.name === 'lerna' ? rest : [first, ...rest]) {
    call.run(['pnpm', '-r', 'run', task].map(known), null);
  }
  return unclear(`what ${call.name} writes is not known`);
};
