// A reference as given → the roots it stands for in this look, or why it stands for none. Pure.
import type {Server, Session} from '../domain/multiplexer.ts';
import type {Process} from '../domain/process.ts';
import {parseReference, processRef} from '../domain/reference.ts';
import type {Service} from '../domain/slot.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import {holderRoots} from './holders.ts';
import type {PlanWorld} from './plan-world.ts';
import {resolveAgent} from './resolve-agent.ts';
import {leave, notResolved, paneRoot, processRoot, type Resolved, sessionRoot} from './roots.ts';

/** Servers that could not be asked: what they hold is unknown, so nothing may be called missing. */
const silent = (snapshot: Snapshot): string | null => {
  const servers = snapshot.servers.filter(({state}) => state === 'unknown').map(({name, because}) => `${name}: ${because}`);
  return servers.length === 0 ? null : servers.join('; ');
};

const missing = (snapshot: Snapshot, ref: string, what: string) => {
  const blind = silent(snapshot);
  return blind === null
    ? notResolved(leave(ref, 'not-found', `${what} was not there at the last look`))
    : notResolved(leave(ref, 'unknown', `${what} was not seen, and not every server could be asked (${blind})`));
};

/**
 * The session of that name or id. A session may be called like another's id (`$7`): behind the short name of a server a name is meant,
 * behind its path an id, and where both are the same nobody knows.
 */
const sessionCalled = (server: Server, prefix: string, word: string): Session | 'ambiguous' | undefined => {
  const named = server.sessions.find(({name}) => name === word);
  const numbered = server.sessions.find(({id}) => id === word);
  if (named === undefined || numbered === undefined || named === numbered) {
    return named ?? numbered;
  }
  if (server.name === server.socket) {
    return 'ambiguous';
  }
  return prefix === server.name ? named : numbered;
};

const resolveSession = ({snapshot}: PlanWorld['assessment'], ref: string, name: string): Resolved => {
  for (const server of snapshot.servers) {
    const own = [server.name, server.socket].find(start => name.startsWith(`${start}/`));
    if (own !== undefined && server.state === 'unknown') {
      return notResolved(leave(ref, 'unknown', `unknown: server ${server.name}: ${server.because}`));
    }
    const session = own === undefined ? undefined : sessionCalled(server, own, name.slice(own.length + 1));
    if (session === 'ambiguous') {
      return notResolved(leave(ref, 'unknown', `one session is called ${name.slice((own ?? '').length + 1)}, and another has that id`));
    }
    const root = session === undefined ? null : sessionRoot(snapshot, session);
    if (root !== null) {
      return {roots: [root], leftOut: []};
    }
  }
  return missing(snapshot, ref, 'the session');
};

const resolvePane = ({look: {panes, snapshot}}: PlanWorld, ref: string, name: string): Resolved => {
  const placed = panes.answered.find(({server, pane}) => name === `${server.name}/${pane.id}` || name === `${server.socket}/${pane.id}`);
  return placed === undefined ? missing(snapshot, ref, 'the pane') : {roots: [paneRoot(placed)], leftOut: []};
};

const resolveProcess = ({look: {processes}}: PlanWorld, ref: string, name: string): Resolved => {
  const process = /^\d+$/.test(name) ? processes.get(Number(name)) : undefined;
  return process === undefined
    ? notResolved(leave(ref, 'not-found', 'there was no such process at the last look'))
    : {roots: [processRoot(process)], leftOut: []};
};

/** Everyone who holds a listening socket of that port: a port is free only when all of them are gone. */
const resolvePort = (world: PlanWorld, ref: string, name: string): Resolved => {
  const {processes} = world.look;
  const {snapshot} = world.assessment;
  const listeners = snapshot.listeners.filter(({port}) => port === Number(name));
  const hidden = listeners.map(({owners}) => owners).find(owners => !owners.known);
  if (hidden !== undefined && !hidden.known) {
    return notResolved(leave(ref, 'unknown', `who holds port ${name} could not be seen: ${hidden.because}`));
  }
  const source = snapshot.sources.find(status => status.source === 'listeners' && status.state === 'unknown');
  if (listeners.length === 0) {
    return notResolved(
      source === undefined
        ? leave(ref, 'not-found', `nothing listened on port ${name} at the last look`)
        : leave(ref, 'unknown', `listening sockets could not be read: ${source.detail}`),
    );
  }
  const pids = new Set(listeners.flatMap(({owners}) => (owners.known ? owners.value : [])));
  const holders = [...pids].flatMap(pid => processes.get(pid) ?? []);
  return holders.length < pids.size
    ? notResolved(leave(ref, 'unknown', `a holder of port ${name} is not in the process table`))
    : withoutRightful(world, Number(name), ref, holders);
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

const resolveSlot = (world: PlanWorld, ref: string): Resolved => {
  const {processes} = world.look;
  const {services} = world.assessment;
  const found = services.filter(service => service.ref === ref || service.ref.startsWith(`${ref}/`));
  if (found.length === 0) {
    return notResolved(leave(ref, 'not-found', 'no such slot is declared'));
  }
  const places = [...new Set(found.map(({rigPath}) => rigPath))];
  if (places.length > 1) {
    return notResolved(leave(ref, 'ambiguous', `${places.join(' and ')} both have a slot of that name`));
  }
  const leftOut = found.flatMap(service =>
    service.state === 'unknown' ? [leave(service.ref, 'unknown', `unknown: ${service.because}`)] : [],
  );
  const holders = found
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

/** Findings are resolved elsewhere (resolve-finding.ts); this is every other sort. */
export const resolveReference = (world: PlanWorld, ref: string): Resolved => {
  const reference = parseReference(ref);
  switch (reference?.sort) {
    case 'session':
      return resolveSession(world.assessment, ref, reference.name);
    case 'pane':
      return resolvePane(world, ref, reference.name);
    case 'process':
      return resolveProcess(world, ref, reference.name);
    case 'port':
      return resolvePort(world, ref, reference.name);
    case 'slot':
      return resolveSlot(world, ref);
    case 'agent':
      return resolveAgent(world, ref);
    case 'rig':
      return notResolved(leave(ref, 'not-killable', `a rig is ended as a whole with: rigtop flush ${ref}`));
    default:
      return notResolved(leave(ref, 'not-killable', 'nothing runs there that could be ended'));
  }
};
