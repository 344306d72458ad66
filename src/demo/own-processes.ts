// Finds the processes of one demo again, wherever they have escaped to: by the marker in their environment. Reads /proc.
import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {hasEnded, type ProcessId} from '../core/domain/process.ts';
import {parseMarkers, parseProcStat} from '../core/os/proc-stat.ts';
import {DEMO_MARKER} from './behaviour.ts';

const ONLY: ReadonlySet<string> = new Set([DEMO_MARKER]);

const read = (pid: number, file: string): Buffer | null => {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    return null;
  }
};

/** Null when there is no such process, or when it has ended and only waits to be reaped. */
export const readIdentity = (pid: number): ProcessId | null => {
  const line = read(pid, 'stat');
  const stat = line === null ? null : parseProcStat(line.toString('latin1'));
  return stat === null || hasEnded(stat) ? null : {pid, startTime: stat.startTime};
};

const belongsTo = (pid: number, id: string): boolean => {
  const environment = read(pid, 'environ');
  return environment !== null && parseMarkers(environment, ONLY)[DEMO_MARKER] === id;
};

/** Every living process of demo `id`, the tmux servers among them; this process excepted. */
export const readOwnProcesses = (id: string): readonly ProcessId[] =>
  readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && pid > 1 && pid !== process.pid && belongsTo(pid, id))
    .flatMap(pid => readIdentity(pid) ?? []);

/** Signal a process only while it is still the same one; whether it is the demo's has been read from itself. */
export const signalOwn = ({pid, startTime}: ProcessId, signal: NodeJS.Signals): void => {
  if (pid > 1 && pid !== process.pid && readIdentity(pid)?.startTime === startTime) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
  }
};

/** What was held back of a signal takes effect now. */
export const signalSelf = (signal: NodeJS.Signals): void => {
  process.kill(process.pid, signal);
};

/** Pids mean something only within one namespace (pid_namespaces(7)). */
export const readPidNamespace = (): string | null => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
};
