// node and deno beside the text and the scripts that they are given: scripts and tasks of a project, and programs of packages. Pure.
import {parseRecord, recordField, textField} from '../../core/domain/json-fields.ts';
import {known} from '../../core/domain/known.ts';
import type {Call, Program, Result} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {NOTHING, unclear, undecided} from '../results.ts';
import {interpreterNamed} from './interpreters.ts';
import {inDirectory, nearest} from './package-files.ts';

const wordsOf = (call: Call): readonly string[] => call.args.map(arg => (arg.known ? arg.value : ''));

const asText = (call: Call): Result => interpreterNamed(call.name)?.(call) ?? NOTHING;

/** A package's program by its path: `node_modules/.bin/kill-port`, `node_modules/kill-port/cli.js`. */
const IN_PACKAGE = /(?:^|\/)node_modules\/(?:\.bin\/)?((?:@[^/]+\/)?[^/]+)/;

/** `node --run SCRIPT` is a script of package.json. */
export const node: Program = call => {
  const words = wordsOf(call);
  const at = words.findIndex(word => /^--run(?:=|$)/.test(word));
  if (at >= 0) {
    const [, attached] = (words[at] ?? '').split('=');
    const script = attached ?? words[at + 1] ?? '';
    return call.run(['npm', 'run', script].map(known), null);
  }
  const path = words.find(word => !word.startsWith('-')) ?? '';
  const [, name] = IN_PACKAGE.exec(path) ?? [];
  return name === undefined ? asText(call) : call.run([known(name), ...call.args.slice(words.indexOf(path) + 1)], call.stdin);
};

/** A task of deno.json, or a script of package.json. */
const denoTask = (call: Call, name: string): Result => {
  const found = call.scope.cwd.known
    ? nearest(call, call.scope.cwd.value, ['deno.json', 'deno.jsonc', 'package.json'], true)
    : call.scope.cwd;
  if (!found.known || found.value === null) {
    return NOTHING;
  }
  const {text, directory} = found.value;
  const whole = parseRecord(text);
  if (whole === null && plainlyEnds(text)) {
    return undecided(call, 'whom a task ends is not followed');
  }
  const tasks = recordField(whole ?? {}, 'tasks') ?? recordField(whole ?? {}, 'scripts') ?? {};
  const line = textField(tasks, name) ?? textField(recordField(tasks, name) ?? {}, 'command');
  return line !== null ? call.runText(line, inDirectory(call.scope, directory), null) : NOTHING;
};

export const deno: Program = call => {
  const [verb = '', ...rest] = wordsOf(call);
  const at = rest.findIndex(word => !word.startsWith('-'));
  const [, name] = /^npm:((?:@[^/]+\/)?[^@/]+)/.exec(rest[at] ?? '') ?? [];
  if (verb === 'task') {
    return at < 0 ? unclear('what deno writes is not known') : denoTask(call, rest[at] ?? '');
  }
  return name === undefined ? asText(call) : call.run([known(name), ...call.args.slice(at + 2)], call.stdin);
};
