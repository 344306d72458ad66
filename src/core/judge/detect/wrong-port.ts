// wrong-port: the service runs, but on another port than its slot's. Pure.
import type {ServiceVerdict} from '../../domain/slot.ts';
import type {Detector} from './detector.ts';
import {describeService, suspectService} from './service-suspicion.ts';

/**
 * The verdict over a service whose port nobody holds while it listens elsewhere: its tree on `treePorts`, or a dev server of its own that
 * took another port of the rig (`moved` says which). Null where it listens nowhere.
 */
export const decideWrongPort = (treePorts: readonly number[], moved: string | undefined): ServiceVerdict | null =>
  treePorts.length === 0 ? null : {state: 'wrong-port', because: moved ?? `its tree listens on ${treePorts.join(', ')} instead`};

export const wrongPort: Detector = {
  kind: 'wrong-port',
  means: 'The service of a slot runs, but listens on another port than the one declared, perhaps on that of another slot.',
  when: ['nobody listens on the declared port', 'the tree of the service listens on at least one other port'],
  not: ['further ports beside the declared one'],
  mistaken: [
    'A further port beside the declared one (hot reload, a debugger, a metrics page) is no move.',
    'A server of the same work tree that another agent started for itself: work tree and session must both be the slot’s.',
  ],
  remedy: 'Restart the service so that it takes its port from the slot.',
  detect: ({services}) =>
    services
      .filter(service => service.state === 'wrong-port')
      .map(service => {
        const other = service.conflictingSlot;
        const belongs = other === null ? '' : `, which is slot ${other.slot}${other.slug === null ? '' : ` (${other.slug})`}`;
        return suspectService(service, {
          kind: 'wrong-port',
          severity: other === null ? 'medium' : 'high',
          title: `${service.service} of ${describeService(service)} listens on ${service.actualPorts[0]}${belongs}, not on ${service.port}`,
          evidence: [{fact: service.because, source: 'socket table, process table'}],
          proof: 'two-looks',
          remedies: ['restart'],
        });
      }),
};
