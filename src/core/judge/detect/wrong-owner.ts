// wrong-owner: the port of a slot in use is held by a process of somebody else. Pure.

import type {Evidence} from '../../domain/agent.ts';
import type {Remedy} from '../../domain/finding.ts';
import type {Service, ServiceVerdict} from '../../domain/slot.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';
import {isShared} from '../slots/port-gate.ts';
import {type Holding, holderText} from '../slots/port-holders.ts';
import type {Detector} from './detector.ts';
import {describeService, foreignListeners, holdersText, recordedFacts, suspectService} from './service-suspicion.ts';

/**
 * The verdict over a port that somebody else holds, perhaps beside the rightful owner; null where nobody else does. Where nothing was ever
 * started, a stranger on the port is no usurper, unless it is known to be another slot's.
 */
export const decideWrongOwner = (service: DeclaredService, holders: readonly Holding[]): ServiceVerdict | null => {
  const first = holders.find(holding => holding.kind === 'foreign');
  if (first === undefined) {
    return null;
  }
  if (!service.started && first.owner === null) {
    return {state: 'unknown', because: `held by ${holderText(first)}, and nothing shows that the service was started`};
  }
  const whose = first.owner === null ? first.because : `of ${first.owner}`;
  const beside = holders.some(holding => holding.kind === 'ours') ? ', beside its own process' : '';
  return {state: 'wrong-owner', because: `held by ${holderText(first)} ${whose}${beside}`};
};

/** Two servers share a port by two addresses (`::1` and `127.0.0.1`), or by SO_REUSEPORT: each says where it listens. */
const addressFacts = (service: Service): readonly Evidence[] =>
  foreignListeners(service).length === service.listeners.length
    ? []
    : service.listeners.map(({pid, address, command}) => ({
        fact: `${command} ${pid} listens on ${address.includes(':') ? `[${address}]` : address}:${service.port}${
          service.foreign?.includes(pid) ? '' : ', and is the slot’s own'
        }`,
        source: 'socket table',
      }));

/**
 * What serves others is left alone by every plan: to offer its end would be a promise that nothing keeps. A flush ends all that is the
 * slot’s, the rightful one too: beside it only the foreign one is to go.
 */
const remediesOf = (whole: Service, shared: boolean): readonly Remedy[] => {
  if (shared) {
    return [];
  }
  return foreignListeners(whole).length < whole.listeners.length ? ['kill'] : ['flush'];
};

export const wrongOwner: Detector = {
  kind: 'wrong-owner',
  means: 'The port that is declared for one slot is held by a process that belongs to somebody else, so its address serves the wrong code.',
  when: [
    'the port is declared for a slot in use: recorded by its tool, or computed from base, slot and stride',
    'a process listens on it that is not below the slot’s recorded process or panes, does not run in its work tree, and whose environment does not name the slot',
    'the working directory of that process could be read; one that was removed is not the work tree of that name which was made since',
  ],
  not: [
    'further ports that the rightful service opens beside its own',
    'ports of containers and ports that are only allocated',
    'holders that may not be seen: those make the service unknown',
    'the slot’s own server on another address of the same port: it is named in the evidence and stays',
    'a stranger to the fleet on a port that only a file declares which nobody named (shown as unknown, without a remedy)',
    'databases, proxies and other programs that serve more than a slot: shown, and never offered for ending',
  ],
  mistaken: [
    'The rightful server on another address of the port (`::1` and `127.0.0.1`) or beside a twin (SO_REUSEPORT): only the foreign one is named and ended.',
    'Whose environment it is: slot variables that the tmux server was started with stand in every pane of every slot.',
    'Who else is in that directory: a work tree removed and made again under its name is another one, and so is what a program of another mount namespace calls so. What is mounted over it for everybody is not noticed.',
    'A person’s tunnel (`ssh -L`), login, database or proxy that happens to have the number: it serves more than the slot, and no plan ends it because of a number.',
    'The holder may be another agent’s living server on the wrong port. A clean-up leaves it; it ends only where it is asked for by name.',
  ],
  remedy: 'Flush the slot, or stop the holder after reading whose it is (`rigtop kill finding:ID`): the foreign one alone ends.',
  detect: ({services, snapshot, fleet, identified}) =>
    services
      .filter(service => service.state === 'wrong-owner')
      .map(service => ({...service, whole: service, listeners: foreignListeners(service)}))
      .map(({whole, ...service}) =>
        suspectService(service, {
          kind: 'wrong-owner',
          severity: 'high',
          title: `port ${service.port} of ${describeService(service)} is held by ${holdersText(service)}`,
          evidence: [
            {fact: service.because, source: 'socket table, process table'},
            ...addressFacts(whole),
            ...recordedFacts({identified}, service),
            ...(service.worktree === null ? [] : [{fact: `the slot lives in ${service.worktree}`, source: 'recorded work tree'}]),
          ],
          proof: 'one-look',
          remedies: remediesOf(
            whole,
            service.listeners.every(({pid}) => isShared(snapshot, fleet, pid)),
          ),
        }),
      ),
};
