// One server after one look, and what the process table adds: a cure, or a doubt about an absence. Pure.

import type {SourceStatus} from '../domain/known.ts';
import type {Server} from '../domain/multiplexer.ts';
import type {Process} from '../domain/process.ts';

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
}

/** tmux names its server process `tmux: server` (setproctitle); where that does not reach the table it is plain `tmux` with no client's terminal. */
const isServerProcess = (process: Process): boolean =>
  /^tmux: server/.test(process.comm) || (process.comm === 'tmux' && process.tty === null);

/** The process behind a server that does not answer: the one that answered before, or the only one no other server accounts for. */
const serverProcess = (sighting: Sighting, all: readonly Sighting[], processes: ReadonlyMap<number, Process>): Process | null => {
  const before = sighting.lastPid === null ? undefined : processes.get(sighting.lastPid);
  if (before !== undefined && isServerProcess(before)) {
    return before;
  }
  const accounted = new Set(all.map(({server, lastPid}) => server.pid ?? lastPid));
  const others = [...processes.values()].filter(process => /^tmux: server/.test(process.comm) && !accounted.has(process.pid));
  return others.length === 1 && all.filter(one => one.condition === sighting.condition).length === 1 ? (others[0] ?? null) : null;
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

const counted = (count: number): string => `${count} ${count === 1 ? 'session' : 'sessions'}`;

export const sourceOf = ({server, hint, tookMs}: Sighting): SourceStatus => ({
  source: 'tmux',
  target: server.name,
  state: server.state,
  detail: server.state === 'ok' ? counted(server.sessions.length) : server.because,
  ...(hint === undefined ? {} : {hint}),
  tookMs,
});
