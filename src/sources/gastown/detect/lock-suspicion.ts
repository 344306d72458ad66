// What the lock detectors share: a suspicion about one lock file. Pure.
import {commandLine} from '../../../core/domain/command-line.ts';
import type {FindingKind, Remedy, Severity, Suspicion} from '../../../core/domain/finding.ts';
import type {AgentLock, LockState} from '../../../core/domain/lock.ts';
import {lockRef} from '../../../core/domain/reference.ts';
import type {World} from '../../../core/judge/detect/detector.ts';

interface Details {
  readonly kind: FindingKind;
  readonly state: LockState;
  readonly severity: Severity;
  readonly proof: Suspicion['proof'];
  readonly remedies: readonly Remedy[];
  title(lock: AgentLock): string;
}

const recordFact = (lock: AgentLock): string =>
  [
    lock.pid === null ? null : `taken by pid ${lock.pid}`,
    lock.session === null ? null : `in ${lock.session}`,
    lock.host === null ? null : `on ${lock.host}`,
    lock.acquiredAt === null ? null : `at ${new Date(lock.acquiredAt).toISOString()}`,
  ]
    .filter(part => part !== null)
    .join(' ');

/** Locks in one state, each told by its path and content: a lock that is taken anew is another one. */
export const suspectLocks = (world: World, {kind, state, severity, proof, remedies, title}: Details): readonly Suspicion[] =>
  world.locks
    .filter(lock => lock.state === state)
    .map(lock => {
      const process = lock.pid === null ? undefined : world.snapshot.processes.get(lock.pid);
      const record = recordFact(lock);
      return {
        key: `${kind} ${lock.path} ${lock.digest}`,
        kind,
        severity,
        subject: lockRef(lock.path),
        title: title(lock),
        evidence: [...(record === '' ? [] : [{fact: record, source: lock.path}]), {fact: lock.because, source: 'tmux and process table'}],
        processes:
          process === undefined || state === 'stale'
            ? []
            : [{pid: process.pid, startTime: process.startTime, command: commandLine(process)}],
        protectedBy: null,
        proof,
        doubt: null,
        remedies,
        rig: world.fleet.agents.find(agent => agent.ref === lock.agent)?.rig ?? null,
        session: null,
        holds: [],
      };
    });

/** Whose lock it is, for titles. */
export const lockOwner = (lock: AgentLock): string => lock.agent ?? lock.path;
