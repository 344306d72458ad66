// stale-lock: an identity lock that nobody holds any more. Pure.
import type {Detector} from '../../../core/judge/detect/detector.ts';
import {lockOwner, suspectLocks} from './lock-suspicion.ts';

export const staleLock: Detector = {
  kind: 'stale-lock',
  means: 'A worker’s identity lock is left although its process, its session and every agent program in its directory are gone.',
  when: [
    'the recorded process is gone, or its number belongs to a younger process by now',
    'no session of this worker exists, on any tmux server',
    'no agent program works in its directory',
    'every tmux server of this user answered or is proven absent',
    'two looks',
  ],
  not: [
    'a lock whose process is gone while its session lives: the program that takes the lock ends at once by design',
    'a lock taken on another host',
    'flock files (daemon.lock and the like): their existence means nothing',
  ],
  mistaken: [
    'The pid in a lock is that of the short-lived program that wrote it: its end means nothing while the session lives.',
    'Who else has that number: a younger process with the pid of the lock is another one.',
    'An agent without a session (screen, a plain terminal, another server) that works in the directory holds the lock.',
    'Whose machine it is: a lock taken on another host, seen through a shared home directory.',
  ],
  remedy: 'Move it aside: `rigtop locks --clean`.',
  detect: world =>
    suspectLocks(world, {
      kind: 'stale-lock',
      state: 'stale',
      severity: 'low',
      proof: 'two-looks',
      remedies: ['clean-lock'],
      title: lock => `the lock of ${lockOwner(lock)} is left over`,
    }),
};
