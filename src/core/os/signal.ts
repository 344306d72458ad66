// The one place that signals. Whatever a plan says, each rule that nothing lifts is checked here again, in the same synchronous turn.
import {hasEnded, type ProcessId} from '../domain/process.ts';
import {unliftable} from '../domain/unliftable.ts';
import type {SignalName, SignalResult} from './hands.ts';
import type {CloseLook, ProcessReader} from './process-now.ts';

export interface SignalParts {
  readonly reader: ProcessReader;
  /** Identity of rigtop itself. */
  readonly own: {readonly pid: number; readonly uid: number; readonly ancestors: readonly number[]};
  /** Whether a process is the server of a terminal multiplexer, as those who know one tell. */
  readonly serves: (process: CloseLook) => boolean;
  /** kill(2): a negative pid means a group. Throws with the errno as `code`. */
  readonly kill: (pid: number, signal: SignalName) => void;
}

type Refused = Extract<SignalResult, {because: string}>;

const refused = (because: string): Refused => ({result: 'refused', because});

/** Rigtop and everything above it: as it was at the start, and as it is now, because it may have been adopted since. */
const ownChain = ({reader, own}: SignalParts): ReadonlySet<number> => {
  const chain = new Set([own.pid, ...own.ancestors]);
  const seen = new Set<number>();
  for (let pid: number | null = own.pid; pid !== null && pid > 0 && !seen.has(pid); pid = reader.parentOf(pid)) {
    seen.add(pid);
    chain.add(pid);
  }
  return chain;
};

const forbidden = ({own, serves}: SignalParts, process: CloseLook, chain: ReadonlySet<number>): Refused | null => {
  const [rule] = unliftable({...process, isServer: serves(process)}, {...own, ancestors: [...chain]});
  return rule === undefined ? null : refused(rule.because);
};

const errno = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error';

const send = (parts: SignalParts, pid: number, signal: SignalName): SignalResult => {
  try {
    parts.kill(pid, signal);
    return {result: 'sent'};
  } catch (error) {
    switch (errno(error)) {
      case 'ESRCH':
        return {result: 'gone'};
      case 'EPERM':
        return {result: 'denied', because: 'the kernel does not permit it (EPERM)'};
      default:
        return {result: 'unknown', because: (error as Error).message};
    }
  }
};

/** What a failure of looking turns into: it proves nothing, so nothing is done. */
const guarded = (act: () => SignalResult): SignalResult => {
  try {
    return act();
  } catch (error) {
    return {result: 'unknown', because: (error as Error).message};
  }
};

/**
 * Signal one process if it is still the same one. Between the look and kill(2) nothing of ours runs; what is left is the time of
 * one system call, in which the kernel would have to hand out every other pid before this one again (docs/decisions).
 */
export const signalProcess = (parts: SignalParts, target: ProcessId, signal: SignalName): SignalResult =>
  guarded(() => {
    if (!Number.isSafeInteger(target.pid) || target.pid <= 1) {
      return refused('pid 1 and below are never signalled');
    }
    const chain = ownChain(parts);
    const seen = parts.reader.look(target.pid);
    if (seen.state !== 'here') {
      return seen.state === 'gone' ? {result: 'gone'} : {result: 'unknown', because: seen.because};
    }
    if (seen.process.startTime !== target.startTime) {
      return {result: 'changed'};
    }
    if (hasEnded(seen.process)) {
      return {result: 'gone'};
    }
    return forbidden(parts, seen.process, chain) ?? send(parts, target.pid, signal);
  });

/**
 * Signal a whole group at once, which no member can outrun by forking, if every member right now is one of `members` (docs/safety.md, rule 6).
 * Refuses, and leaves the caller to signal one by one, when anybody else is in it or its number is not certainly a group of theirs.
 */
export const signalGroup = (parts: SignalParts, pgid: number, members: readonly ProcessId[], signal: SignalName): SignalResult =>
  guarded(() => {
    if (!Number.isSafeInteger(pgid) || pgid <= 1) {
      return refused('a group of 1 or below would mean every process (kill(2))');
    }
    const chain = ownChain(parts);
    const own = parts.reader.look(parts.own.pid);
    if (own.state !== 'here' || own.process.pgid === pgid || chain.has(pgid)) {
      return refused('it is, or may be, the group of rigtop or of one of its ancestors');
    }
    const starts = new Map(members.map(({pid, startTime}) => [pid, startTime]));
    let found = 0;
    for (const pid of parts.reader.groupOf(pgid)) {
      const seen = parts.reader.look(pid);
      if (seen.state === 'unknown') {
        return refused(`member ${pid} cannot be told: ${seen.because}`);
      }
      if (seen.state === 'gone' || hasEnded(seen.process)) {
        continue;
      }
      if (starts.get(pid) !== seen.process.startTime || seen.process.pgid !== pgid) {
        return refused(`${pid} is in group ${pgid} too and is no target`);
      }
      const stop = forbidden(parts, seen.process, chain);
      if (stop !== null) {
        return stop;
      }
      found += 1;
    }
    return found === 0 ? {result: 'gone'} : send(parts, -pgid, signal);
  });
