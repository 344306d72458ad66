// rigtop locks acquire|check|release DIR: the identity lock of one directory, for scripts.

import {oneLine} from '../../core/domain/command-line.ts';
import {sessionKey} from '../../core/domain/multiplexer.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Engine} from '../../core/engine.ts';
import type {Host} from '../../core/os/host.ts';
import {identifyLooseLocks, type SeatedLock} from '../../sources/gastown/locks/agent-locks.ts';
import {
  acquireLock,
  isOwnLock,
  type LockAnswer,
  type LockCaller,
  type LockClaim,
  releaseLock,
} from '../../sources/gastown/locks/worker-lock.act.ts';
import {readLockFile} from '../../sources/gastown/read/read-lock.ts';
import {lockBadge} from '../../words/badges.ts';
import {isoTimeOrNull} from '../../words/iso-time.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT, type ExitCode} from '../exit-codes.ts';
import {type Failure, incomplete, isFailure, refused, wrongUsage} from '../failure.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {allowsColor, createPaint} from '../paint.ts';

export type LockWord = 'acquire' | 'check' | 'release';

interface Found {
  readonly lock: SeatedLock | null;
  readonly snapshot: Snapshot;
}

const readLock = async (host: Host, engine: Engine, settings: Settings, path: string): Promise<Found | Failure> => {
  const {snapshot, fleet} = await engine.refresh();
  const file = await readLockFile(host, path);
  if (file.state === 'unknown') {
    return incomplete(`${path} cannot be read (${file.because})`, 'cure that first: an unreadable lock may be held');
  }
  const [lock = null] = file.state === 'ok' ? identifyLooseLocks(snapshot, fleet, settings, [file.value]) : [];
  return {lock, snapshot};
};

/** A lock is left over only when two looks say so, of the same content. */
const readTwice = async (host: Host, engine: Engine, settings: Settings, path: string): Promise<Found | Failure> => {
  const first = await readLock(host, engine, settings, path);
  if (isFailure(first) || first.lock?.state !== 'stale') {
    return first;
  }
  await host.sleep(settings.confirmGapMs);
  const second = await readLock(host, engine, settings, path);
  return !isFailure(second) && second.lock?.state === 'stale' && second.lock.digest !== first.lock.digest
    ? {...second, lock: {...second.lock, state: 'unknown', because: 'it changes while it is looked at'}}
    : second;
};

const callerOf = ({self, servers}: Snapshot): LockCaller => {
  const {pane} = self;
  const session = servers
    .flatMap(server => server.sessions)
    .find(each => pane !== null && each.socket === pane.socket && each.panes.some(({id}) => id === pane.paneId));
  return {
    ancestors: self.ancestors.filter(pid => pid > 1),
    pane:
      pane === null || session === undefined
        ? null
        : {paneId: pane.paneId, sessionKey: sessionKey(session), createdAt: session.created * 1000},
  };
};

const parsePidFlag = ({options}: Invocation, fallback: number | undefined): number | Failure => {
  const text = options.text('pid');
  const pid = text === undefined ? (fallback ?? 0) : Number(text);
  return Number.isInteger(pid) && pid > 1
    ? pid
    : wrongUsage(`--pid cannot be "${text ?? ''}"`, 'it is the number of the process that holds the lock');
};

const BY_STATE: Readonly<Record<SeatedLock['state'], ExitCode>> = {
  held: EXIT.done,
  stale: EXIT.findings,
  orphaned: EXIT.findings,
  collision: EXIT.findings,
  invalid: EXIT.findings,
  unknown: EXIT.incomplete,
};

const print = (
  {io, flags}: Invocation,
  path: string,
  state: SeatedLock['state'] | 'free',
  lock: SeatedLock | null,
  because: string,
): void => {
  const paint = createPaint(allowsColor(flags.color, io));
  io.out(
    flags.json
      ? jsonText({
          path,
          state,
          because,
          agent: lock?.agent ?? null,
          pid: lock?.pid ?? null,
          session: lock?.session ?? null,
          host: lock?.host ?? null,
          acquiredAt: isoTimeOrNull(lock?.acquiredAt ?? null),
        })
      : `${state === 'free' ? state : paint(lockBadge(state).tone, state)}  ${oneLine(path)}${because === '' ? '' : `  ${oneLine(because)}`}\n`,
  );
};

const settle = (invocation: Invocation, word: LockWord, path: string, answer: LockAnswer): CommandAnswer => {
  switch (answer.result) {
    case 'done':
      print(invocation, path, word === 'acquire' ? 'held' : 'free', null, answer.because ?? '');
      return EXIT.done;
    case 'unknown':
      return incomplete(`whether ${path} is held cannot be told: ${answer.because}`, 'nothing was changed');
    case 'refused':
      return refused('held', `${path}: ${answer.because}`, 'nothing was changed');
    case 'failed':
      return incomplete(`${path} cannot be written (${answer.because})`, 'nothing was changed');
  }
};

/** One of the three; `check` exits with 0 for free or held, 1 for what is wrong with a lock, 3 where it cannot be told. */
export const runWorkerLock = async (invocation: Invocation, word: LockWord, directory: string): Promise<CommandAnswer> => {
  const config = await readConfig(invocation);
  if (word !== 'check' && config.readOnly) {
    return refused('read-only', 'this is read-only: no lock is taken or given back', 'leave out --read-only, or set read_only = false');
  }
  const {host, engine} = openFleet(invocation, config);
  try {
    const real = await host.files.realPath(directory.startsWith('/') ? directory : `${host.cwd}/${directory}`);
    if (real.state !== 'ok') {
      return wrongUsage(`there is no directory ${directory}`, 'it is the working directory of an agent', 'not-found');
    }
    const path = `${real.value}/.runtime/agent.lock`;
    const found = await readTwice(host, engine, config.settings, path);
    if (isFailure(found)) {
      return found;
    }
    const {lock, snapshot} = found;
    if (word === 'check') {
      print(invocation, path, lock?.state ?? 'free', lock, lock?.because ?? '');
      return lock === null ? EXIT.done : BY_STATE[lock.state];
    }
    const pid = parsePidFlag(invocation, snapshot.self.ancestors[0]);
    if (isFailure(pid)) {
      return pid;
    }
    const caller = callerOf(snapshot);
    const claim: LockClaim = {pid, at: host.epochMs(), sessionId: snapshot.self.pane?.paneId ?? null, hostname: host.hostname};
    const own = lock !== null && isOwnLock(lock, claim, caller);
    return settle(invocation, word, path, await (word === 'acquire' ? acquireLock(path, lock, own, claim) : releaseLock(lock, own, claim)));
  } finally {
    await engine.close();
  }
};
