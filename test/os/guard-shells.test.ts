// Whether the guard takes a command for one that is never reached, or a text for another than it is: both are held against the shells themselves.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {resolveCommand} from '../../src/cli/guard/resolve.ts';
import {monotonicNow} from '../../src/core/os/clock.ts';
import {CALLER} from '../guard/fleet.ts';

const rowsIn = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, 'guard-arena', name), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
const CONDITIONS = rowsIn('conditions.txt');
const EXPANSIONS = rowsIn('expansions.txt');

/** What expansions are made of. */
const GIVEN = 'x=abc.def/ghi; y="a b  c"; n=42; e=; a=(one "two three" four); declare -A m=([k]=v [l]=w); set -- p1 "p 2" p3; IFS0=$IFS; ';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** How an agent would have each run a command, and whose shell its program uses. */
const SHELLS = {
  bash: {shell: '/bin/bash', command: (text: string) => text},
  dash: {shell: '/bin/bash', command: (text: string) => `dash -c ${quoted(text)}`},
  zsh: {shell: '/bin/zsh', command: (text: string) => text},
} as const;
type Shell = keyof typeof SHELLS;

let place = '';
let victim: ChildProcess | null = null;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'shells-'));
  victim = spawn('sleep', ['600'], {stdio: 'ignore'});
});
afterAll(() => {
  victim?.kill();
  rmSync(place, {recursive: true});
});

const tidy = (): void => {
  for (const name of readdirSync(place)) {
    rmSync(join(place, name), {recursive: true});
  }
};

/** What it writes; null where it fails. Background jobs hold its output open, so their end is waited for. */
const real = (shell: Shell, text: string): string | null => {
  try {
    const env = {PATH: process.env.PATH, HOME: place, LC_ALL: 'C.UTF-8'};
    return execFileSync(shell, ['-c', text], {encoding: 'utf8', env, cwd: place, stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000});
  } catch {
    return null;
  }
};

/** Whether the guard lets it pass without a word. */
const isSilent = async (shell: Shell, text: string): Promise<boolean> => {
  const variables = new Map([
    ['HOME', place],
    ['PATH', process.env.PATH ?? ''],
    ['SHELL', SHELLS[shell].shell],
  ]);
  const caller = {...CALLER, uid: process.getuid?.() ?? -1, cwd: place, root: place, home: place, variables};
  const {endings, undecided} = await resolveCommand(
    SHELLS[shell].command(text),
    caller,
    Object.fromEntries(variables),
    process.pid,
    monotonicNow() + 30_000,
  );
  return endings.length + undecided.length === 0;
};

const kill = (): string => `kill ${victim?.pid}`;

test.each(['bash', 'dash', 'zsh'] as const)('what %s comes to', {timeout: 120_000}, async shell => {
  const missed: string[] = [];
  let certain = 0;
  for (const row of CONDITIONS) {
    tidy();
    const mark = join(place, 'mark');
    real(shell, row.replaceAll('REACHED', `touch ${mark}`));
    const isReached = existsSync(mark);
    tidy();
    const silent = await isSilent(shell, row.replaceAll('REACHED', kill()));
    if (isReached && silent) {
      missed.push(row);
    }
    certain += silent ? 1 : 0;
  }
  expect(missed).toEqual([]);
  // Whoever is never sure misses nothing.
  expect(certain).toBeGreaterThan(12);
});

test.each(['bash', 'zsh'] as const)('what %s makes of an expansion', {timeout: 120_000}, async shell => {
  const missed: string[] = [];
  let certain = 0;
  for (const row of EXPANSIONS) {
    const text = real(shell, `${GIVEN}printf %s "${row}"`);
    if (text === null) {
      continue;
    }
    const isTold = (other: string) => isSilent(shell, `${GIVEN}[ "${row}" = ${quoted(other)} ] && ${kill()}`);
    if (await isTold(text)) {
      missed.push(`${row} is ${text}`);
    }
    certain += (await isTold('nothing like it')) ? 1 : 0;
  }
  expect(missed).toEqual([]);
  expect(certain).toBeGreaterThan(100);
});
