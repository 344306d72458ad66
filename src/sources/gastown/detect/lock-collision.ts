// lock-collision: two that both take themselves for the same worker. Pure.
import type {Detector} from '../../../core/judge/detect/detector.ts';
import {lockOwner, suspectLocks} from './lock-suspicion.ts';

export const lockCollision: Detector = {
  kind: 'lock-collision',
  means: 'Two agents work under one identity in one directory.',
  when: [
    'two sessions with living agent programs work in the worker’s directory, or the process that took the lock lives outside of the worker’s session',
  ],
  not: ['a second session in the directory without an agent in it'],
  mistaken: ['A person’s second terminal in the directory, without an agent in it, is no second owner.'],
  remedy: 'Decide which one is to stay and stop the other.',
  detect: world =>
    suspectLocks(world, {
      kind: 'lock-collision',
      state: 'collision',
      severity: 'high',
      proof: 'one-look',
      remedies: [],
      title: lock => `two agents are ${lockOwner(lock)}`,
    }),
};
