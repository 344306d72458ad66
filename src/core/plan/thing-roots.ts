// A reference as given → the roots that the thing it means stands for, or why it stands for none. Pure.

import {describeUnresolved} from '../../words/describe-unresolved.ts';
import type {Session} from '../domain/multiplexer.ts';
import type {Process} from '../domain/process.ts';
import {processRef} from '../domain/reference.ts';
import type {Service} from '../domain/slot.ts';
import type {Thing} from '../domain/thing.ts';
import {resolveReference, type Unresolved} from '../look/index/resolve-reference.ts';
import {agentRoots} from './agent-roots.ts';
import {holderRoots} from './holders.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, notResolved, paneRoot, processRoot, type Resolved, type Root, sessionRoot} from './roots.ts';

/** Everyone who holds a listening socket of that port: a port is free only when all of them are gone. */
const portRoots = (world: PlanWorld, ref: string, port: number): Resolved => {
  const {processes, snapshot, listeners: all} = world.look;
  const listeners = all.get(port) ?? [];
  const hidden = listeners.map(({owners}) => owners).find(owners => !owners.known);
  if (hidden !== undefined && !hidden.known) {
    return notResolved(leave(ref, 'unknown', `who holds port ${port} could not be seen: ${hidden.because}`));
  }
  const source = snapshot.sources.find(status => status.source === 'listeners' && status.state === 'unknown');
  if (listeners.length === 0) {
    return notResolved(
      source === undefined
        ? leave(ref, 'not-found', `nothing listened on port ${port} at the last look`)
        : leave(ref, 'unknown', `listening sockets could not be read: ${source.detail}`),
    );
  }
  const pids = world.look.holdersOf(port);
  const holders = pids.flatMap(pid => processes.get(pid) ?? []);
  return holders.length < pids.length
    ? notResolved(leave(ref, 'unknown', `a holder of port ${port} is not in the process table`))
    : withoutRightful(world, port, ref, holders);
};

/** Where somebody else's server listens beside the rightful one, freeing the port for the slot must not end the slot's own. */
const withoutRightful = (world: PlanWorld, port: number, ref: string, holders: readonly Process[]): Resolved => {
  const claims = world.assessment.services.filter(service => service.port === port && service.state === 'wrong-owner');
  const rightful = (pid: number): Service | undefined =>
    claims.find(({listeners, foreign}) => foreign !== undefined && listeners.some(each => each.pid === pid) && !foreign.includes(pid));
  const others = holders.filter(({pid}) => rightful(pid) === undefined).map(process => ({process, port}));
  const gated = holderRoots(world, others, () => `listens on port ${port}`);
  const stays = holders.flatMap(({pid}) => {
    const service = rightful(pid);
    return service === undefined
      ? []
      : [leave(processRef(pid), 'rightful', `it is the rightful ${service.service} of ${service.ref}; end it by process:${pid}`)];
  });
  return others.length > 0
    ? {roots: gated.roots, leftOut: [...gated.leftOut, ...stays]}
    : notResolved(leave(ref, 'rightful', 'who holds it is rightful'));
};

const slotRoots = (world: PlanWorld, ref: string, services: readonly Service[]): Resolved => {
  const {processes} = world.look;
  const leftOut = services.flatMap(service =>
    service.state === 'unknown' ? [leave(service.ref, 'unknown', `unknown: ${service.because}`)] : [],
  );
  const holders = services
    .filter(({state}) => state !== 'unknown')
    .flatMap(({listeners, port, foreign}) =>
      listeners.flatMap(({pid, startTime}) => {
        const process = processes.get(pid);
        // What is wrong with a slot whose port two servers share is the foreign one.
        return process?.startTime === startTime && foreign?.includes(pid) !== false ? [{process, port}] : [];
      }),
    );
  const gated = holderRoots(world, holders, ({port}) => `listens on port ${port}`);
  return holders.length + leftOut.length > 0
    ? {roots: gated.roots, leftOut: [...leftOut, ...gated.leftOut]}
    : notResolved(leave(ref, 'not-found', 'nothing runs in that slot'));
};

/** What was asked for and means nothing, left out with the reason. */
export const leaveUnresolved = (asked: string, unresolved: Unresolved) => {
  const {answer} = unresolved;
  const {message, hint} = describeUnresolved(unresolved);
  return answer === 'missing' ? leave(asked, 'not-found', message) : leave(asked, answer, `${message}: ${hint}`);
};

/** A server that did not answer may show what an earlier look saw of it: nothing of that is acted on. */
const onServer = ({look}: PlanWorld, asked: string, {socket, server}: Session, root: Root | null): Resolved =>
  root === null
    ? notResolved(leave(asked, 'unknown', `unknown: server ${server}: ${look.panes.serverAt(socket)?.because ?? 'it is not in this look'}`))
    : {roots: [root], leftOut: []};

/** What a thing is ended by. Of a finding that is its remedy: see resolve-finding.ts. */
export const rootsOf = (world: PlanWorld, thing: Thing, asked: string): Resolved => {
  const {look} = world;
  switch (thing.sort) {
    case 'session':
      return onServer(world, asked, thing.session, sessionRoot(look.snapshot, thing.session));
    case 'pane': {
      const placed = look.panes.answered.find(({session, pane}) => session === thing.session && pane === thing.pane);
      return onServer(world, asked, thing.session, placed === undefined ? null : paneRoot(placed));
    }
    case 'process':
      return {roots: [processRoot(thing.process)], leftOut: []};
    case 'port':
      return portRoots(world, asked, thing.port);
    case 'slot':
      return slotRoots(world, asked, thing.services);
    case 'agent':
      return agentRoots(world, thing.agent);
    case 'rig':
      return notResolved(leave(asked, 'not-killable', `a rig is ended as a whole with: rigtop flush ${thing.ref}`));
    default:
      return notResolved(leave(asked, 'not-killable', 'nothing runs there that could be ended'));
  }
};

/** What a reference is ended by. */
export const referenceRoots = (world: PlanWorld, asked: string): Resolved => {
  const resolution = resolveReference(asked, world.assessment);
  return resolution.answer === 'thing' ? rootsOf(world, resolution.thing, asked) : notResolved(leaveUnresolved(asked, resolution));
};
