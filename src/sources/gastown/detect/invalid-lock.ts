// invalid-lock: a lock file that holds no record. Pure.
import type {Detector} from '../../../core/judge/detect/detector.ts';
import {lockOwner, suspectLocks} from './lock-suspicion.ts';

export const invalidLock: Detector = {
  kind: 'invalid-lock',
  means: 'A worker’s lock file holds no record of who took it.',
  when: ['the file is no JSON object, or names no process', 'it was not written within the last seconds'],
  not: ['a file that cannot be read (unknown)'],
  mistaken: ['A lock that is being written at this moment is empty for an instant.'],
  remedy: 'Look into the file and remove it by hand; rigtop moves only locks aside that it understands.',
  detect: world =>
    suspectLocks(world, {
      kind: 'invalid-lock',
      state: 'invalid',
      severity: 'low',
      proof: 'one-look',
      remedies: [],
      title: lock => `the lock of ${lockOwner(lock)} cannot be understood`,
    }),
};
