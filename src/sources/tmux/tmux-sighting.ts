// One server after one look, and what the process table adds: a cure, or a doubt about an absence. Pure.

import {basename} from 'node:path';
import type {SourceStatus} from '../../core/domain/known.ts';
import type {Server} from '../../core/domain/multiplexer.ts';
import type {Process} from '../../core/domain/process.ts';
import {countOf} from '../../words/counts.ts';

/**
 * What stands behind a server's state. `hung`: connected, but no answer. `cut-off`: somebody listens, but not behind this file any more.
 * `gone`: nobody listens. `failed`: tmux itself could not tell.
 */
export type Condition = 'answers' | 'hung' | 'cut-off' | 'gone' | 'failed';

export interface Sighting {
  readonly server: Server;
  readonly condition: Condition;
  /** Server process that answered at an earlier look. */
  readonly lastPid: number | null;
  readonly hint?: string;
  readonly tookMs: number;
  /** How long before this look it was last asked, where it was not asked in it: it has not run since. */
  readonly ageMs?: number;
}

/** tmux names its server process `tmux: server` (setproctitle); where that does not reach the table it is plain `tmux` without a terminal. */
export const isServerProcess = (process: Process): boolean =>
  /^tmux: server/.test(process.comm) || (process.comm === 'tmux' && process.tty === null);

/** What follows an option of tmux, in a word of its own or in the same one. */
const optionOf = (argv: readonly string[], option: string): string | null => {
  const at = argv.findIndex((word, index) => index > 0 && word.startsWith(option));
  const word = argv[at];
  if (word === undefined) {
    return null;
  }
  return word === option ? (argv[at + 1] ?? '') : word.slice(option.length);
};

/** The socket path that a server was told to use; null where it was told a name or nothing. */
export const startedSocket = (argv: readonly string[]): string | null => optionOf(argv, '-S');

/** Whether a server process was started for this socket: it keeps the arguments of the client that started it. */
export const wasStartedFor = ({name, socket}: Pick<Server, 'name' | 'socket'>, {argv}: Pick<Process, 'argv'>): boolean => {
  const [label, path] = [optionOf(argv, '-L'), startedSocket(argv)];
  return path === null ? (label ?? 'default') === basename(socket) || label === name : path === socket;
};

/** The process behind a server that does not answer: the one that answered before, or the only one started for this socket that no other server accounts for. */
const serverProcess = ({server, lastPid}: Sighting, all: readonly Sighting[], processes: ReadonlyMap<number, Process>): Process | null => {
  const before = lastPid === null ? undefined : processes.get(lastPid);
  if (before !== undefined && isServerProcess(before)) {
    return before;
  }
  const accounted = new Set(all.map(one => one.server.pid ?? one.lastPid));
  const others = [...processes.values()].filter(
    process => isServerProcess(process) && !accounted.has(process.pid) && wasStartedFor(server, process),
  );
  return others.length === 1 ? (others[0] ?? null) : null;
};

/** The sighting with what the process table knows about it. */
export const withProcesses = (sighting: Sighting, all: readonly Sighting[], processes: ReadonlyMap<number, Process>): Sighting => {
  const {server, condition, lastPid} = sighting;
  if (condition === 'gone') {
    const before = lastPid === null ? undefined : processes.get(lastPid);
    // A refused connection alone is no proof on systems where a full backlog refuses too.
    return before !== undefined && isServerProcess(before) && before.state !== 'Z'
      ? {
          ...sighting,
          condition: 'cut-off',
          server: {...server, state: 'unknown', because: `its socket does not answer, but its process ${before.pid} lives`},
          hint: `SIGUSR1 to ${before.pid} recreates the socket`,
        }
      : sighting;
  }
  const process = condition === 'hung' || condition === 'cut-off' ? serverProcess(sighting, all, processes) : null;
  if (process === null) {
    return sighting;
  }
  if (condition === 'cut-off') {
    return {...sighting, hint: `SIGUSR1 to ${process.pid} recreates the socket`};
  }
  return process.state === 'T'
    ? {...sighting, server: {...server, because: `its process ${process.pid} is stopped`}, hint: `SIGCONT to ${process.pid} lets it go on`}
    : sighting;
};

export const sourceOf = ({server, hint, tookMs, ageMs}: Sighting): SourceStatus => ({
  source: 'tmux',
  target: server.name,
  state: server.state,
  detail: server.state === 'ok' ? countOf(server.sessions.length, 'session') : server.because,
  ...(hint === undefined ? {} : {hint}),
  tookMs,
  ...(ageMs === undefined ? {} : {ageMs}),
});
