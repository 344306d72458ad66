// What rigtop may do to the machine. Only core/act imports this; a read-only supervisor is built without it.
import type {Known} from '../domain/known.ts';
import type {ProcessId, ProcessState} from '../domain/process.ts';

/** A process as it is this moment: read straight from the kernel, never from a snapshot. */
export interface ProcessNow extends ProcessId {
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly state: ProcessState;
  readonly uid: number;
  readonly comm: string;
}

/** `gone`: no such pid. `unknown`: it could not be read. */
export type Sighting =
  | {readonly state: 'here'; readonly process: ProcessNow}
  | {readonly state: 'gone'}
  | {readonly state: 'unknown'; readonly because: string};

export type SignalName = 'SIGTERM' | 'SIGKILL' | 'SIGCONT';

/**
 * `sent`; `gone`: it had ended; `changed`: the pid is another process's now; `refused`: a rule that nothing lifts (pid ≤ 1, own
 * group, self, ancestor, other user); `denied`: EPERM.
 */
export type SignalResult =
  | {readonly result: 'sent' | 'gone' | 'changed'}
  | {readonly result: 'refused' | 'denied' | 'unknown'; readonly because: string};

export interface Hands {
  look(pid: number): Sighting;
  /** Checks identity and the unliftable rules in the same synchronous turn as the system call. */
  signal(target: ProcessId, signal: SignalName): SignalResult;
  /** Children of a process right now, while it is still the same one; none where the kernel does not list them. */
  childrenOf(target: ProcessId): readonly ProcessId[];
  /** A second opinion on what hangs below `pid` now, itself included, by another way than the process table of a look. */
  treeOf(pid: number): Promise<Known<readonly number[]>>;
  /** Signals group `pgid` only if every member of it right now is in `members` with the same identity. */
  signalGroup(pgid: number, members: readonly ProcessId[], signal: SignalName): SignalResult;
}
