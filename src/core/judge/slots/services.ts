// Declared services joined with who really listens: one row per service of a slot in use, and one per stray listener. Pure.

import {commandLine} from '../../domain/command-line.ts';
import type {Fleet} from '../../domain/fleet.ts';
import {sessionRef, slotRef} from '../../domain/reference.ts';
import type {Service, ServiceListener, ServiceVerdict} from '../../domain/slot.ts';
import type {DeclaredService, Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {decideSilence} from '../detect/service-down.ts';
import {decideWrongOwner} from '../detect/wrong-owner.ts';
import {decideWrongPort} from '../detect/wrong-port.ts';
import {freeSlotListeners} from './free-slots.ts';
import {movedServers} from './moved-servers.ts';
import {owningSlot} from './port-arithmetic.ts';
import {claimOf, type Holding, holdersOf, holderText, portsOfTrees} from './port-holders.ts';
import {indexSlots, type SlotIndex} from './slot-index.ts';

/** Containers are their own tool's to look after: whoever publishes the port is taken for the service. */
const judgeContainer = ({look}: SlotIndex, service: DeclaredService): ServiceVerdict =>
  (look.listeners.get(service.port) ?? []).length > 0 ? {state: 'up', because: 'a container publishes it'} : decideSilence(service);

/** Why nobody can say whose the port is; null where it can be said. */
const unjudgeable = (holders: readonly Holding[]): ServiceVerdict | null => {
  const container = holders.find(holding => holding.kind === 'container');
  if (container !== undefined) {
    return {state: 'unknown', because: `held by ${holderText(container)}: a container's port is not judged`};
  }
  const unseen = holders.find(holding => holding.kind === 'unseen');
  return unseen === undefined ? null : {state: 'unknown', because: holderText(unseen)};
};

const rightful = (holders: readonly Holding[]): ServiceVerdict | null => {
  const ours = holders.find(holding => holding.kind === 'ours');
  return ours === undefined ? null : {state: 'up', because: ours.because};
};

/** The verdict over one service. What is a trouble is decided beside its detector; here stands which question comes before which. */
const judge = (
  index: SlotIndex,
  service: DeclaredService,
  holders: readonly Holding[],
  treePorts: readonly number[],
  moved: string | undefined,
): ServiceVerdict => {
  if (!service.managed) {
    return {state: 'unmanaged', because: 'the port is allocated, but nothing is declared to start it'};
  }
  if (service.undecidable !== null) {
    return {state: 'unknown', because: service.undecidable};
  }
  return service.docker
    ? judgeContainer(index, service)
    : (decideWrongOwner(service, holders) ??
        rightful(holders) ??
        unjudgeable(holders) ??
        decideWrongPort(treePorts, moved) ??
        decideSilence(service));
};

/** The slot that a port used instead really belongs to, with its slug where one is known. */
const slotOfPort = (
  services: readonly DeclaredService[],
  service: DeclaredService,
  port: number | undefined,
): Service['conflictingSlot'] => {
  const inMain = port === service.base && service.baseIsSlot;
  const declared = port === undefined ? null : owningSlot(port, service.base, service.stride, service.maxSlots);
  const slot = inMain ? 0 : declared;
  if (slot === null || slot === service.slot) {
    return null;
  }
  return {slot, slug: services.find(other => other.rigPath === service.rigPath && other.slot === slot)?.slug ?? null};
};

const listenersOn = (index: SlotIndex, port: number): readonly ServiceListener[] =>
  (index.look.listeners.get(port) ?? []).flatMap(listener =>
    (listener.owners.known ? listener.owners.value : []).flatMap(pid => {
      const process = index.look.processes.get(pid);
      return process === undefined
        ? []
        : [{pid, startTime: process.startTime, address: listener.address, command: commandLine(process, 80)}];
    }),
  );

const toService = (index: SlotIndex, service: DeclaredService): Service => {
  const moved = service.roots.length === 0 ? movedServers(index, service) : [];
  const treePorts = moved.length > 0 ? moved.map(({port}) => port) : portsOfTrees(index, service.roots);
  const holders = holdersOf(index, service, service.port);
  const verdict = judge(index, service, holders, treePorts, moved[0]?.because);
  const foreign = holders.flatMap(holding => (holding.kind === 'foreign' ? [holding.process.pid] : []));
  const pid = service.recordedPid ?? service.roots[0] ?? null;
  return {
    ref: slotRef(service.rig, service.slot, service.service),
    rig: service.rig,
    rigPath: service.rigPath,
    slot: service.slot,
    slug: service.slug,
    service: service.service,
    port: service.port,
    state: verdict.state,
    because: verdict.because,
    expected:
      pid === null && service.session === null
        ? null
        : {pid, session: service.session === null ? null : sessionRef(service.session.server, service.session.name)},
    listeners: listenersOn(index, service.port),
    ...(verdict.state === 'wrong-owner' ? {foreign} : {}),
    actualPorts: treePorts,
    conflictingSlot: verdict.state === 'wrong-port' ? slotOfPort(index.services, service, treePorts[0]) : null,
    worktree: service.worktree,
    declaredBy: service.declaredBy,
    doubt: claimOf(index, service, holders),
  };
};

const unjudged = (service: Service, because: string): Service =>
  service.state === 'unmanaged' ? service : {...service, state: 'unknown', because, conflictingSlot: null};

/**
 * Every service of every slot in use, then every listener in the range of a slot that nobody has. When the socket table could
 * not be read, nothing is known to be down or free.
 */
export const identifyServices = (snapshot: Snapshot, fleet: Fleet, slots: Slots): readonly Service[] => {
  const index = indexSlots(fleet, snapshot, slots);
  const services = index.services.map(service => toService(index, service));
  const blind = snapshot.sources.find(source => source.source === 'listeners' && source.state === 'unknown');
  if (blind !== undefined) {
    return services.map(service => (service.listeners.length > 0 ? service : unjudged(service, `listeners: ${blind.detail}`)));
  }
  // What has moved there is told with the slot that it belongs to.
  const moved = services.flatMap(({state, rig, actualPorts}) => (state === 'wrong-port' ? actualPorts.map(port => `${rig} ${port}`) : []));
  return [...services, ...freeSlotListeners(index).filter(({rig, port}) => !moved.includes(`${rig} ${port}`))];
};
