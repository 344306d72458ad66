// kill and what ends everything of a user: pids, groups, jobs (kill(1), kill(2)). Pure.

import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {Call, Program} from '../call.ts';
import {end, listedOf, NOTHING, OWN_JOB, OWN_SHELL, processesOf, undecided, wordsOf} from '../results.ts';
import {uidOf} from './match-processes.ts';
import {ends} from './signals.ts';

/** `kill` of sh, util-linux and procps: pids, groups, jobs. */
export const kill: Program = call => {
  const words = wordsOf(call.args);
  const [first, second] = call.args.map(arg => (arg.known ? arg.value : null));
  if (!words.known) {
    // Whoever `kill -0` means, it only asks for them.
    const asks = typeof first === 'string' && (SHOWS.has(first) || !ends(killArguments([first, second ?? '?', '1']).signal));
    return asks ? NOTHING : undecided(call, words.because);
  }
  const {signal, targets} = killArguments(words.value);
  if (targets.length === 0 || !ends(signal)) {
    return NOTHING;
  }
  for (const target of targets) {
    const pids = pidsMeant(call, target);
    if (!pids.known) {
      return undecided(call, pids.because);
    }
    end(call, pids.value);
  }
  return NOTHING;
};

const SHOWS = new Set(['-l', '-L', '--list', '--table']);

const killArguments = (words: readonly string[]): {readonly signal: string; readonly targets: readonly string[]} => {
  const [first = '', second = '', ...rest] = words;
  if (SHOWS.has(first)) {
    return {signal: '0', targets: []};
  }
  const [long, name] = /^--s[a-z]*(?:=(.*))?$/.exec(first) ?? [];
  if (name !== undefined) {
    return {signal: name, targets: words.slice(1).filter(word => word !== '--')};
  }
  if (['-s', '-n', long].includes(first)) {
    return {signal: second, targets: rest.filter(word => word !== '--')};
  }
  if (/^-(?!-)/.test(first)) {
    return {signal: first.slice(1).replace(/^[sn](?=[A-Z0-9])/, ''), targets: words.slice(1).filter(word => word !== '--')};
  }
  return {signal: 'TERM', targets: words.filter(word => word !== '--')};
};

const OWN = new Set(['0', OWN_SHELL, OWN_JOB, `-${OWN_SHELL}`, `-${OWN_JOB}`]);

const pidsMeant = (call: Call, target: string): Known<readonly number[]> => {
  const number = Number(target);
  if (/^\$|\d\[/.test(target)) {
    // `$=pids` and `$pids[1]` of zsh.
    return unknown(`${target} is not followed`);
  }
  if (OWN.has(target) || target.startsWith('%') || !Number.isInteger(number)) {
    return known([]);
  }
  if (number >= 0) {
    return known([number]);
  }
  const all = listedOf(call);
  return all.known ? known([...all.value.values()].filter(({pgid}) => number === -1 || pgid === -number).map(({pid}) => pid)) : all;
};

/** `skill`, `slay`, `killall5`: by number, by user, or everything. */
export const everyone: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const named = words.value.filter(word => !word.startsWith('-'));
  const isByUser = call.name === 'killall5' || words.value.includes('-u');
  const pids = isByUser ? [] : named.map(Number).filter(Number.isInteger);
  end(call, pids);
  if (pids.length > 0 && pids.length === named.length) {
    return NOTHING;
  }
  const table = processesOf(call);
  if (!table.known) {
    return undecided(call, 'the processes cannot be seen');
  }
  const users = named.map(name => uidOf(name, call.caller));
  if (call.name !== 'killall5' && (users.length === 0 || users.includes(null))) {
    return undecided(call, `whom ${call.name} means is not followed`);
  }
  end(
    call,
    [...table.value.values()].filter(({uid}) => call.name === 'killall5' || users.includes(uid)).map(({pid}) => pid),
  );
  return NOTHING;
};
