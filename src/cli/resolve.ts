// What a reference given on the command line means in this fleet: exactly one thing, or a failure that names the candidates. Pure.

import type {Assessment} from '../core/domain/fleet.ts';
import type {SourceName} from '../core/domain/known.ts';
import type {Server} from '../core/domain/multiplexer.ts';
import {
  lockRef,
  paneRef,
  parseReference,
  portRef,
  processRef,
  type Reference,
  recordRef,
  refOfSession,
  rigRef,
  sessionRef,
  slotRef,
  writeReference,
} from '../core/domain/reference.ts';
import {SOURCES} from '../sources/sources.ts';
import {sourceName} from '../words/describe-source.ts';
import type {Thing} from '../words/resolved-reference.ts';
import {type Failure, incomplete, wrongUsage} from './failure.ts';
import {lookUp, refOfRig} from './look-up.ts';
import {meantBy} from './near-misses.ts';

const MULTIPLEXERS: ReadonlySet<SourceName> = new Set(SOURCES.flatMap(({name, multiplexer}) => (multiplexer === undefined ? [] : [name])));
const HIGHEST_PORT = 65_535;

const only = <T>(found: readonly T[], ref: string, refOf: (one: T) => string, none: () => Failure): T | Failure => {
  const [first, ...others] = found;
  if (first === undefined) {
    return none();
  }
  return others.length === 0 ? first : wrongUsage(`${ref} is ambiguous`, `name one of ${found.map(refOf).join(', ')}`, 'ambiguous');
};

const isFound = <T>(answer: T | Failure): answer is T => !(typeof answer === 'object' && answer !== null && 'failed' in answer);

/** `NAME` and `SERVER/NAME`: SERVER is a socket's name or its path, which may contain slashes, as may NAME. */
const onServers = (servers: readonly Server[], name: string): readonly {readonly server: Server; readonly rest: string}[] =>
  servers.flatMap(server =>
    [...new Set([server.name, server.socket])]
      .filter(prefix => name.startsWith(`${prefix}/`) && name.length > prefix.length + 1)
      .map(prefix => ({server, rest: name.slice(prefix.length + 1)})),
  );

/** Absence is said only of what a server has answered for, and of servers only where all of them could be listed. */
const missingOn = (ref: string, assessment: Assessment, name: string): Failure => {
  const {servers, sources} = assessment.snapshot;
  const places = onServers(servers, name);
  const silent = places.find(({server}) => server.state === 'unknown')?.server;
  if (silent !== undefined) {
    return incomplete(`${ref} cannot be known`, `${silent.kind} server ${silent.name}: ${silent.because}`);
  }
  const blind = sources.find(({source, state}) => MULTIPLEXERS.has(source) && state === 'unknown');
  if (places.length === 0 && blind !== undefined) {
    return incomplete(`${ref} cannot be known`, `${blind.source} ${blind.target}: ${blind.detail}`);
  }
  return places.length === 0
    ? wrongUsage(
        `${ref} names no server that rigtop knows`,
        `servers are ${servers.map(server => server.name).join(', ') || 'none'}`,
        'not-found',
      )
    : wrongUsage(`there is no ${ref}`, meantBy(ref, assessment), 'not-found');
};

const findSession = (name: string, ref: string, assessment: Assessment): Thing | Failure => {
  const found = onServers(assessment.snapshot.servers, name).flatMap(({server, rest}) =>
    server.sessions.filter(session => session.name === rest || session.id === rest),
  );
  const session = only(
    [...new Set(found)],
    ref,
    one => sessionRef(one.socket, one.name),
    () => missingOn(ref, assessment, name),
  );
  return isFound(session) ? {sort: 'session', ref: refOfSession(session), session} : session;
};

const findPane = (name: string, ref: string, assessment: Assessment): Thing | Failure => {
  // A pane of grouped sessions is listed under each of them: it is one pane.
  const found = onServers(assessment.snapshot.servers, name).flatMap(({server, rest}) =>
    server.sessions.flatMap(session => session.panes.filter(pane => pane.id === rest).map(pane => ({session, pane}))).slice(0, 1),
  );
  const home = only(
    found,
    ref,
    one => paneRef(one.session.socket, one.pane.id),
    () => missingOn(ref, assessment, name),
  );
  return isFound(home) ? {sort: 'pane', ref: paneRef(home.session.server, home.pane.id), ...home} : home;
};

const findProcess = (name: string, ref: string, assessment: Assessment): Thing | Failure => {
  const {snapshot} = assessment;
  const process = snapshot.processes.get(Number(name));
  if (process !== undefined && /^\d+$/.test(name)) {
    return {sort: 'process', ref: processRef(process.pid), process};
  }
  return snapshot.processesComplete || !/^\d+$/.test(name)
    ? wrongUsage(`there is no ${ref}`, 'rigtop status lists what there is', 'not-found')
    : incomplete(`${ref} cannot be known`, 'the process table could not be read whole; rigtop doctor says why');
};

const findSlot = (name: string, ref: string, assessment: Assessment): Thing | Failure => {
  const {services, slots} = assessment;
  const found = services.filter(service => service.ref === ref || slotRef(service.rig, service.slot) === ref);
  const bySlug = services.filter(
    ({rig, slug, service}) => slug !== null && (name === `${rig}/${slug}` || name === `${rig}/${slug}/${service}`),
  );
  const chosen = found.length > 0 ? found : bySlug;
  const [first] = chosen;
  if (first === undefined) {
    return wrongUsage(`there is no ${ref}`, meantBy(ref, assessment), 'not-found');
  }
  // A rig that a person configured and a repository that was found may bear one name: whichever is meant, nobody has said.
  const places = new Set([
    ...chosen.map(({rigPath}) => rigPath),
    ...slots.places.filter(({name}) => name === first.rig).map(({path}) => path),
  ]);
  if (places.size > 1) {
    const hint = `${first.rig} is ${[...places].join(' and ')}; name a directory (rigtop flush DIR), a port or a process`;
    return wrongUsage(`${ref} is ambiguous`, hint, 'ambiguous');
  }
  const whole = name.split('/').length < 3;
  return {sort: 'slot', ref: whole ? slotRef(first.rig, first.slot) : first.ref, services: chosen};
};

const findNamed = (reference: Reference, ref: string, assessment: Assessment): Thing | Failure => {
  const {fleet, locks, findings, snapshot} = assessment;
  const none = (): Failure => wrongUsage(`there is no ${ref}`, meantBy(ref, assessment), 'not-found');
  switch (reference.sort) {
    case 'agent': {
      const agent = only(
        fleet.agents.filter(one => one.ref === ref),
        ref,
        one => one.sessionRef ?? one.ref,
        none,
      );
      return isFound(agent) ? {sort: 'agent', ref, agent} : agent;
    }
    case 'rig': {
      const rig = only(
        fleet.rigs.filter(one => one.name === reference.name || one.path === reference.name),
        ref,
        one => rigRef(one.path),
        none,
      );
      return isFound(rig) ? {sort: 'rig', ref: refOfRig(fleet.rigs, rig), rig} : rig;
    }
    case 'lock': {
      const lock = only(
        locks.filter(one => one.path === reference.name),
        ref,
        one => lockRef(one.path),
        none,
      );
      return isFound(lock) ? {sort: 'lock', ref, lock} : lock;
    }
    case 'record': {
      const about = findings.filter(finding => finding.subject === ref);
      const rows = snapshot.registers.flatMap(register =>
        (register.rows.known ? register.rows.value : [])
          .filter(row => recordRef(register.store, row.id) === ref)
          .map(row => ({register, row})),
      );
      const blind = snapshot.registers.find(register => !register.rows.known && reference.name.startsWith(`${register.store}/`));
      if (about.length === 0 && rows.length === 0 && blind !== undefined && !blind.rows.known) {
        return incomplete(`${ref} cannot be known`, `${blind.file}: ${blind.rows.because}`);
      }
      return about.length + rows.length === 0 ? none() : {sort: 'record', ref, findings: about, row: rows[0] ?? null};
    }
    case 'source': {
      const status = snapshot.sources.find(({source, target}) => reference.name === `${source}/${target}`);
      return status === undefined ? none() : {sort: 'source', ref, status};
    }
    default: {
      const finding = findings.find(one => one.id === reference.name);
      return finding === undefined
        ? wrongUsage(`there is no finding ${reference.name} any more`, 'rigtop status lists the findings there are', 'not-found')
        : {sort: 'finding', ref: finding.id, finding};
    }
  }
};

const findPort = (name: string, ref: string): Thing | Failure => {
  const port = Number(name);
  return /^\d+$/.test(name) && port >= 1 && port <= HIGHEST_PORT
    ? {sort: 'port', ref: portRef(port), port}
    : wrongUsage(`${ref} is no port`, `ports are 1 to ${HIGHEST_PORT}`);
};

const findReference = (reference: Reference, assessment: Assessment): Thing | Failure => {
  const ref = writeReference(reference);
  switch (reference.sort) {
    case 'session':
      return findSession(reference.name, ref, assessment);
    case 'pane':
      return findPane(reference.name, ref, assessment);
    case 'process':
      return findProcess(reference.name, ref, assessment);
    case 'port':
      return findPort(reference.name, ref);
    case 'slot':
      return findSlot(reference.name, ref, assessment);
    default:
      return findNamed(reference, ref, assessment);
  }
};

/** The one thing that `text` means (docs/commands.md, REF). */
export const resolveReference = (text: string, assessment: Assessment): Thing | Failure => {
  const reference = parseReference(text);
  if (reference !== null) {
    return findReference(reference, assessment);
  }
  const found = lookUp(text, assessment);
  const [first, ...others] = found;
  if (first !== undefined) {
    return others.length === 0
      ? first
      : wrongUsage(`"${text}" is ambiguous`, `name one of ${found.map(thing => thing.ref).join(', ')}`, 'ambiguous');
  }
  const blind = assessment.snapshot.sources.filter(source => source.state === 'unknown');
  return wrongUsage(
    `nothing here is called "${text}"${blind.length === 0 ? '' : ` (${blind.map(sourceName).join(', ')} could not be observed)`}`,
    meantBy(text, assessment),
    'not-found',
  );
};
