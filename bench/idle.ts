// An idle screen left open beside a big fleet, side by side with top, htop and btop: processor time, memory over minutes, system calls.
import {spawn, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Scope} from '../test/support/scope.ts';
import {pause, waitFor} from '../test/support/wait-for.ts';
import {allProcessorMs, ownMiB, processorMs, residentMiB} from './measure.ts';
import {type PtyProgram, startInPty} from './pty.ts';
import {type Line, line, promised} from './report.ts';
import type {World} from './world.ts';

const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const SIZE = {columns: 160, rows: 48} as const;
const MINUTE_MS = 60_000;
const INTERVAL_S = 2;
/** The interval grows while nothing changes: long enough for ten looks all the same. */
const TRACE_MS = 62_000;
/** Orphans are called so from a minute on: until then a fleet that has just been made is not idle. */
const OF_AGE_MS = 75_000;
const MEMORY_MIB = 100;
const GROWTH = 0.05;

export interface IdleOptions {
  /** How long memory is watched; processor time is that of the second minute, or of the second half of a shorter run. */
  readonly minutes: number;
  /** Whether the system calls of ten looks are counted. */
  readonly whole: boolean;
}

interface Watcher {
  readonly name: string;
  readonly program: PtyProgram;
  readonly pid: number;
}

interface Measured {
  readonly name: string;
  /** Of one core, in the minute that counts. */
  readonly percent: number;
  /** Resident, and what of it is shared with nobody, by minute. */
  readonly memory: readonly (readonly [minute: number, mib: number, own: number])[];
}

const isInstalled = (name: string, ...version: readonly string[]): boolean =>
  spawnSync(name, version, {stdio: 'ignore'}).error === undefined;

/** What is watched: the name, the command, how its process is called where it is not node. One of ours at a time: a question of the one makes the server run, and be asked by the other. */
const contestants = (
  world: World,
  ours: string,
): readonly (readonly [name: string, command: readonly string[] | null, comm?: string])[] => [
  [ours, [process.execPath, PROGRAM, ...ours.split(' ').slice(1), '--socket', world.tmux.socket]],
  ['top -d 2', isInstalled('top', '-v') ? ['top', '-d', String(INTERVAL_S)] : null, 'top'],
  ['htop -d 20', isInstalled('htop', '--version') ? ['htop', '-d', String(INTERVAL_S * 10)] : null, 'htop'],
  ['btop', isInstalled('btop', '--version') ? ['btop'] : null, 'btop'],
];

const startAll = async (scope: Scope, world: World, ours: string): Promise<readonly Watcher[]> => {
  const watchers: Watcher[] = [];
  for (const [name, command, comm] of contestants(world, ours)) {
    if (command !== null) {
      const surroundings = {...SIZE, env: world.tmux.env, cwd: world.tmux.tmpdir};
      const program = startInPty(scope, command, {...surroundings, ...(comm === undefined ? {} : {comm})});
      watchers.push({name, program, pid: await program.pid()});
    }
  }
  await waitFor('the fleet on the screens', () => watchers.slice(0, 1).every(({program}) => program.output().includes('bench-')), {
    deadlineMs: 30_000,
  });
  return watchers;
};

/** All of them at the same time, so that a busy moment of the machine meets all alike. */
const watchFor = async (watchers: readonly Watcher[], minutes: number, serverPid: number) => {
  const memory = new Map<string, [number, number, number][]>(watchers.map(({name}) => [name, []]));
  const started = performance.now();
  const until = async (minute: number): Promise<void> => pause(Math.max(0, started + minute * MINUTE_MS - performance.now()));
  const readMemory = (minute: number): void => {
    for (const {name, pid} of watchers) {
      memory.get(name)?.push([minute, residentMiB(pid), ownMiB(pid)]);
    }
  };
  const [from, to] = minutes >= 2 ? [1, 2] : [minutes / 2, minutes];
  await until(from);
  const [began, server] = [performance.now(), processorMs(serverPid)];
  const before = watchers.map(({pid}) => allProcessorMs(pid));
  await until(to);
  const lasted = performance.now() - began;
  const percents = watchers.map(({pid}, index) => ((allProcessorMs(pid) - (before[index] ?? 0)) / lasted) * 100);
  const serverPercent = ((processorMs(serverPid) - server) / lasted) * 100;
  readMemory(to);
  for (const minute of [5, 10, 20, 30].filter(each => each > to && each <= minutes)) {
    await until(minute);
    readMemory(minute);
  }
  return {
    measured: watchers.map(({name}, index): Measured => ({name, percent: percents[index] ?? Number.NaN, memory: memory.get(name) ?? []})),
    serverPercent,
  };
};

interface Trace {
  readonly looks: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** strace(1) over a minute. A look is one listing of /proc. */
const trace = async (pid: number, directory: string): Promise<Trace | null> => {
  if (!isInstalled('strace', '-V')) {
    return null;
  }
  const file = join(directory, 'strace.txt');
  const tracer = spawn('strace', ['-f', '-qq', '-s', '32', '-o', file, '-p', String(pid)], {stdio: 'ignore'});
  const ended = new Promise<void>(resolve => tracer.once('exit', () => resolve()));
  await pause(TRACE_MS);
  tracer.kill('SIGINT');
  await ended;
  const counts = new Map<string, number>();
  let looks = 0;
  for (const text of readFileSync(file, 'latin1').split('\n')) {
    const call = /^\d+ +(\w+)\(/.exec(text)?.[1];
    if (call !== undefined) {
      counts.set(call, (counts.get(call) ?? 0) + 1);
      looks += text.includes('openat(AT_FDCWD, "/proc", ') ? 1 : 0;
    }
  }
  return {looks, counts};
};

const traceLines = (seen: Trace | null): readonly Line[] => {
  if (seen === null) {
    return [line('system calls of ten looks', 'strace is not installed')];
  }
  const per10 = (count: number): string => ((count / Math.max(1, seen.looks)) * 10).toFixed(0);
  const of = (...names: readonly string[]): string => per10(names.reduce((sum, name) => sum + (seen.counts.get(name) ?? 0), 0));
  const all = [...seen.counts.values()].reduce((sum, count) => sum + count, 0);
  const most = [...seen.counts].toSorted((a, b) => b[1] - a[1]).slice(0, 6);
  return [
    line('system calls of ten looks', `${per10(all)} (${seen.looks} looks were traced)`),
    line('  execve, clone, openat', `${of('execve')}, ${of('clone', 'clone3', 'vfork')}, ${of('openat')}`),
    line('  most of them', most.map(([name, count]) => `${name} ${per10(count)}`).join(', ')),
  ];
};

const growthOf = ({memory}: Measured): number => ((memory.at(-1)?.[1] ?? 0) - (memory[0]?.[1] ?? 0)) / (memory[0]?.[1] ?? 1);

const memoryLine = (measured: Measured, isOurs: boolean): Line => {
  const {name, memory} = measured;
  const value = memory.map(([minute, mib, own]) => `${mib.toFixed(0)} MiB, ${own.toFixed(0)} its own (minute ${minute})`).join(', ');
  const growth = growthOf(measured);
  const text = memory.length > 1 ? `${value}, ${(growth * 100).toFixed(1)} %` : value;
  return isOurs
    ? promised(`${name}: memory`, text, `at most ${MEMORY_MIB} MiB, flat`, (memory.at(-1)?.[1] ?? 0) <= MEMORY_MIB && growth < GROWTH)
    : line(`${name}: memory`, text);
};

const benchOne = async (scope: Scope, world: World, own: string, {minutes, whole}: IdleOptions): Promise<readonly Line[]> => {
  const watchers = await startAll(scope, world, own);
  const {measured, serverPercent} = await watchFor(watchers, minutes, world.serverPid);
  const ours = watchers.filter(({name}) => name.startsWith('rigtop'));
  const [screen] = ours;
  const traced = whole && screen !== undefined ? await trace(screen.pid, world.tmux.tmpdir) : null;
  for (const {program} of watchers) {
    await program.end();
  }
  const top = measured.find(({name}) => name.startsWith('top'))?.percent ?? null;
  const bound = world.processes <= 250 ? 1 : top;
  return [
    ...contestants(world, own).flatMap(([name, command]): readonly Line[] => {
      const found = measured.find(each => each.name === name);
      if (command === null || found === undefined) {
        return [line(name, 'not installed')];
      }
      const text = `${found.percent.toFixed(2)} % of a core`;
      const isOurs = name.startsWith('rigtop');
      const cpu =
        isOurs && bound !== null
          ? promised(name, text, world.processes <= 250 ? 'under 1 %' : 'at most what top takes', found.percent <= bound)
          : line(name, text);
      return [cpu, memoryLine(found, isOurs)];
    }),
    line('the tmux server meanwhile', `${serverPercent.toFixed(2)} % of a core`),
    ...(whole ? traceLines(traced) : []),
  ];
};

export const benchIdle = async (scope: Scope, world: World, options: IdleOptions): Promise<readonly Line[]> => {
  await pause(OF_AGE_MS);
  return [
    ...(await benchOne(scope, world, 'rigtop', options)),
    ...(await benchOne(scope, world, 'rigtop watch', {...options, whole: false})),
  ];
};
