// wrong-owner: the port of a slot in use is held by a process of somebody else. Pure.
import type {Detector} from './detector.ts';
import {describeService, holdersText, suspectService} from './service-suspicion.ts';

export const wrongOwner: Detector = {
  kind: 'wrong-owner',
  means: 'The port that is declared for one slot is held by a process that belongs to somebody else, so its address serves the wrong code.',
  when: [
    'the port is declared for a slot in use: recorded by its tool, or computed from base, slot and stride',
    'a process listens on it that is not below the slot’s recorded process or panes, does not run in its work tree, and whose environment does not name the slot',
    'the working directory of that process could be read',
  ],
  not: [
    'further ports that the rightful service opens beside its own',
    'ports of containers and ports that are only allocated',
    'holders that may not be seen: those make the service unknown',
  ],
  remedy: 'Flush the slot, or stop the holder after reading whose it is.',
  detect: ({services}) =>
    services
      .filter(service => service.state === 'wrong-owner')
      .map(service =>
        suspectService(service, {
          kind: 'wrong-owner',
          severity: 'high',
          title: `port ${service.port} of ${describeService(service)} is held by ${holdersText(service)}`,
          evidence: [
            {fact: service.because, source: 'socket table, process table'},
            ...(service.worktree === null ? [] : [{fact: `the slot lives in ${service.worktree}`, source: 'recorded work tree'}]),
          ],
          proof: 'one-look',
          remedies: ['flush'],
        }),
      ),
};
