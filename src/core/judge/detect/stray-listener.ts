// stray-listener: somebody listens in the place of a slot that nobody has. Pure.
import type {ServiceVerdict} from '../../domain/slot.ts';
import {isShared} from '../slots/port-gate.ts';
import {type Holding, holderText, isSeen} from '../slots/port-holders.ts';
import type {Detector} from './detector.ts';
import {describeService, holdersText, recordedFacts, suspectService} from './service-suspicion.ts';

/**
 * The verdict over a port of a slot that nobody has; null where a container publishes it. `unsure`: why the slot may be in use after all.
 * Nobody's rightful holder is among them: a slot in use is judged by its own services.
 */
export const decideStray = (slot: number, unsure: string | null, holders: readonly Holding[]): ServiceVerdict | null => {
  if (holders.some(({kind}) => kind === 'container')) {
    return null;
  }
  const first = holders.find(isSeen);
  if (unsure !== null || first === undefined) {
    const unseen = holders.find(holding => holding.kind === 'unseen');
    return {state: 'unknown', because: unsure ?? unseen?.because ?? 'its holder could not be seen'};
  }
  const owner = first.kind === 'foreign' && first.owner !== null ? `, of ${first.owner}` : '';
  return {state: 'stray', because: `slot ${slot} is nobody's, and ${holderText(first)} listens there${owner}`};
};

export const strayListener: Detector = {
  kind: 'stray-listener',
  means: 'A process listens on a port that belongs to a slot nobody has: the next one to take the slot will find its port held.',
  when: [
    'the port inverts to a slot of a declared service',
    'no slot in use has that number, and none declares that port',
    'its holder could be seen',
  ],
  not: [
    'ports of containers',
    'ports that map to no slot',
    'tunnels, databases, proxies and other programs that serve more than a slot: shown, and never offered for ending',
  ],
  mistaken: [
    'A free slot is free by record or by session: while a server of tmux is silent, nobody knows, and nothing is stray.',
    'A person’s tunnel or any other program that the number happens to fit. It is shown; what serves others is not offered for ending, and a clean-up ends none.',
  ],
  remedy: 'Flush the slot, or stop the holder after reading whose it is.',
  detect: ({services, identified, snapshot, fleet}) =>
    services
      .filter(service => service.state === 'stray')
      .map(service =>
        suspectService(service, {
          kind: 'stray-listener',
          severity: 'low',
          title: `port ${service.port} of the free ${describeService(service)} is held by ${holdersText(service)}`,
          evidence: [{fact: service.because, source: 'socket table, process table'}, ...recordedFacts({identified}, service)],
          proof: 'two-looks',
          remedies: service.listeners.every(({pid}) => isShared(snapshot, fleet, pid)) ? [] : ['flush'],
        }),
      ),
};
