// orphaned-lock: the process that took an identity lock lives, its session does not. Pure.
import type {Detector} from '../../../core/judge/detect/detector.ts';
import {lockOwner, suspectLocks} from './lock-suspicion.ts';

export const orphanedLock: Detector = {
  kind: 'orphaned-lock',
  means: 'The very process that took a worker’s identity lock still lives, but the worker’s session is gone.',
  when: [
    'the recorded process lives and is older than the lock',
    'no session of this worker exists on any tmux server, all of which answered',
    'two looks',
  ],
  not: ['a process of another user (unknown)', 'a process younger than the lock: the number was given to another one'],
  mistaken: ['The holder may be at work outside of every session. The lock is told, the process is left.'],
  remedy: 'Look at the process (`rigtop explain process:PID`); when it ends, the lock becomes stale.',
  detect: world =>
    suspectLocks(world, {
      kind: 'orphaned-lock',
      state: 'orphaned',
      severity: 'medium',
      proof: 'two-looks',
      remedies: [],
      title: lock => `pid ${lock.pid} holds the lock of ${lockOwner(lock)} without a session`,
    }),
};
