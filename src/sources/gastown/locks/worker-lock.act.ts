// Takes and gives back the identity lock of one directory, in the format of the town's own tools. Writes that one file.

import type {AgentLock} from '../../../core/domain/lock.ts';
import {moveAside} from '../../../core/os/move-aside.ts';
import {placeFile} from '../../../core/os/place-file.ts';
import {removeFile} from '../../../core/os/state-files.ts';
import type {SeatedLock} from './agent-locks.ts';

export interface LockClaim {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `$TMUX_PANE`; null outside tmux. */
  readonly sessionId: string | null;
  readonly hostname: string;
}

export type LockAnswer =
  | {readonly result: 'done'; readonly because: string | null}
  | {readonly result: 'refused' | 'unknown' | 'failed'; readonly because: string};

/** The file as the town's tools read it: indented JSON, absent fields left out. */
const formatLockRecord = ({pid, at, sessionId, hostname}: LockClaim): string =>
  `${JSON.stringify({pid, acquired_at: new Date(at).toISOString(), ...(sessionId === null ? {} : {session_id: sessionId}), hostname}, null, 2)}\n`;

/** Who asks: rigtop's ancestors, and the session its pane is in. */
export interface LockCaller {
  readonly ancestors: readonly number[];
  readonly pane: {readonly paneId: string; readonly sessionKey: string; readonly createdAt: number} | null;
}

/**
 * Whether a lock is the caller's own: taken by the same process or one above it, or from the same pane of the same session.
 * Panes of another server may have the same number, so a session that holds the lock has to be the caller's.
 */
export const isOwnLock = (lock: SeatedLock, claim: LockClaim, {ancestors, pane}: LockCaller): boolean => {
  if (lock.host !== null && lock.host !== claim.hostname) {
    return false;
  }
  const byProcess = lock.state !== 'stale' && lock.pid !== null && (lock.pid === claim.pid || ancestors.includes(lock.pid));
  const byPane =
    pane !== null &&
    lock.session === pane.paneId &&
    lock.acquiredAt !== null &&
    lock.acquiredAt >= pane.createdAt &&
    lock.seats.every(key => key === pane.sessionKey);
  return byProcess || byPane;
};

const describeHolder = ({pid, session, acquiredAt, because}: AgentLock, now: number): string => {
  const age = acquiredAt === null ? null : `${Math.max(0, Math.round((now - acquiredAt) / 1000))} s ago`;
  const who = [pid === null ? null : `pid ${pid}`, session === null ? null : `session ${session}`, age === null ? null : `taken ${age}`];
  return `${who.filter(part => part !== null).join(', ')}; ${because}`;
};

/** Why the lock that is there may not be replaced, or null when it may: our own, or one that two looks found left over. */
const obstacle = (lock: AgentLock, own: boolean, now: number): LockAnswer | null => {
  if (own || lock.state === 'stale') {
    return null;
  }
  return lock.state === 'unknown'
    ? {result: 'unknown', because: lock.because}
    : {result: 'refused', because: lock.state === 'invalid' ? `the lock cannot be understood: ${lock.because}` : describeHolder(lock, now)};
};

/** Where a lock that is replaced or given back goes first: its content is compared before and after the move. */
const setAside = (lock: AgentLock, aside: string): LockAnswer | null => {
  const moved = moveAside(lock.path, aside, lock.digest);
  switch (moved.result) {
    case 'changed':
      return {result: 'refused', because: `somebody took it just now: ${moved.because}`};
    case 'failed':
      return {result: 'failed', because: moved.because};
    default:
      return null;
  }
};

/** Take the lock at `path`. `found` is the lock that was there, judged after as many looks as its verdict needs; null for none. */
export const acquireLock = async (path: string, found: AgentLock | null, own: boolean, claim: LockClaim): Promise<LockAnswer> => {
  const aside = `${path}.stale-${new Date(claim.at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  if (found !== null) {
    const stop = obstacle(found, own, claim.at) ?? setAside(found, aside);
    if (stop !== null) {
      return stop;
    }
  }
  const placed = placeFile(path, formatLockRecord(claim), 0o644);
  if (found !== null && own && placed.result === 'placed') {
    await removeFile(aside);
  }
  switch (placed.result) {
    case 'placed':
      return {result: 'done', because: found === null || own ? null : `a left-over lock was moved to ${aside}`};
    case 'taken':
      return {result: 'refused', because: 'somebody took it just now'};
    case 'failed':
      return {result: 'failed', because: placed.because};
  }
};

/** Give the lock back. Only its holder may: anybody else's is left, whatever its state. */
export const releaseLock = async (found: AgentLock | null, own: boolean, claim: LockClaim): Promise<LockAnswer> => {
  if (found === null) {
    return {result: 'done', because: 'there was no lock'};
  }
  if (!own) {
    return found.state === 'unknown'
      ? {result: 'unknown', because: found.because}
      : {result: 'refused', because: `it is not yours: ${describeHolder(found, claim.at)}`};
  }
  const aside = `${found.path}.released-${claim.pid}-${claim.at}`;
  const stop = setAside(found, aside);
  if (stop !== null) {
    return stop;
  }
  const removed = await removeFile(aside);
  return removed.ok ? {result: 'done', because: null} : {result: 'failed', because: removed.because};
};
