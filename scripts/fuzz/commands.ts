// The commands that are run over a mutated world, and what may be seen of each.
import {type ChildProcess, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import type {Dice} from './dice.ts';
import type {World} from './world.ts';

const LOOKING: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--json'],
  ['status', '--read-only'],
  ['doctor'],
  ['doctor', '--json'],
  ['locks'],
  ['locks', '--json'],
  ['locks', '--deep'],
  ['journal'],
  ['journal', '--json'],
  ['snapshot'],
  ['supervise', 'status'],
  ['supervise', 'status', '--json'],
];

const NAMING: readonly ((ref: string) => readonly string[])[] = [
  ref => ['explain', ref],
  ref => ['explain', ref, '--json'],
  ref => ['status', ref],
  ref => ['kill', ref, '--dry-run'],
  ref => ['kill', ref, '--dry-run', '--json'],
  ref => ['restart', ref, '--dry-run'],
  ref => ['flush', ref, '--dry-run'],
  ref => ['flush', ref, '--dry-run', '--json'],
];

const PLANNING: readonly (readonly string[])[] = [
  ['cleanup', '--dry-run'],
  ['cleanup', '--dry-run', '--json'],
  ['locks', '--clean', '--dry-run'],
];

/** Only where nobody else’s processes can be seen. */
const ACTING: readonly (readonly string[])[] = [
  ['cleanup', '--yes', '--json'],
  ['cleanup', '--yes'],
  ['locks', '--clean', '--yes'],
  ['apply', 'aaaa', '--yes'],
  ['kill', 'slot:shop/1', '--yes'],
  ['flush', 'slot:shop/1', '--yes', '--json'],
  ['restart', 'slot:search/1/web', '--yes', '--force'],
  ['supervise', 'pause'],
  ['supervise', 'resume'],
  ['supervise', 'stop'],
  ['supervise', 'reload'],
];

const REFS = [
  'slot:shop/1',
  'slot:shop/1/web',
  'slot:evil/1',
  'rig:app',
  'agent:app/crew/ann',
  'agent:town/mayor',
  ':3101',
  'record:botmux/abc',
  'shop',
];

/** One that ends by itself, or is ended by SIGTERM after `stopAfterMs`. */
export interface Command {
  readonly args: readonly string[];
  readonly stopAfterMs: number | null;
}

export const pickCommand = (dice: Dice, world: World, mayAct: boolean): Command => {
  const lasting = (args: readonly string[]): Command => ({args, stopAfterMs: 2_500});
  const ending = (args: readonly string[]): Command => ({args: [...args, '--color', 'never'], stopAfterMs: null});
  const roll = dice.below(20);
  if (roll === 0) {
    return lasting(
      dice.pick([['supervise'], ['supervise', '--json'], ['snapshot', '--follow'], ...(mayAct ? [['supervise', '--act']] : [])]),
    );
  }
  if (roll < 6 && mayAct) {
    return ending(dice.pick(ACTING));
  }
  if (roll < 8) {
    return ending(dice.pick(PLANNING));
  }
  return roll < 13
    ? ending(dice.pick(NAMING)(dice.pick([...REFS, ...world.victims().map(pid => `process:${pid}`)])))
    : ending(dice.pick(LOOKING));
};

export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was ended by us. */
  readonly ended: 'burns' | 'hangs' | 'floods' | 'hoards' | null;
}

const LOOK_EVERY_MS = 100;
/** A look takes a third of a second; a loaded machine may take its time, the program may not. */
const MOST_CPU_S = 15;
const MOST_WALL_MS = 90_000;
const MOST_MEMORY_KB = 1024 * 1024;
const MOST_OUTPUT = 16 * 1024 * 1024;
const TICKS_PER_S = 100;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Processor seconds of a process so far. */
export const cpuOf = (pid: number): number => {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_S;
};

const memoryOf = (pid: number): number => Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

export const runCommand = (file: string, {args, stopAfterMs}: Command, world: World): Promise<Ran> =>
  new Promise(resolve => {
    const child: ChildProcess = spawn(process.execPath, [file, ...args], {
      cwd: world.project,
      env: {...world.env},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: {readonly out: Buffer[]; readonly err: Buffer[]} = {out: [], err: []};
    let size = 0;
    let ended: Ran['ended'] = null;
    const started = performance.now();
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      into.push(chunk);
    };
    child.stdout?.on('data', take(chunks.out));
    child.stderr?.on('data', take(chunks.err));
    const watch = setInterval(() => {
      const pid = child.pid ?? 0;
      const waited = performance.now() - started;
      if (stopAfterMs !== null && waited > stopAfterMs) {
        child.kill('SIGTERM');
      }
      const excesses = [
        ['burns', cpuOf(pid) > MOST_CPU_S],
        ['hoards', memoryOf(pid) > MOST_MEMORY_KB],
        ['floods', size > MOST_OUTPUT],
        ['hangs', waited > MOST_WALL_MS],
      ] as const;
      ended = excesses.find(([, isTrue]) => isTrue)?.[0] ?? null;
      if (ended !== null) {
        clearInterval(watch);
        child.kill('SIGKILL');
      }
    }, LOOK_EVERY_MS);
    child.once('close', (code, signal) => {
      clearInterval(watch);
      resolve({code, signal, ended, stdout: Buffer.concat(chunks.out).toString(), stderr: Buffer.concat(chunks.err).toString()});
    });
  });
