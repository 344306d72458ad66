// What a reference means in one look: one thing, or why it is none, as data. The commands, plans and flushes all ask here. Pure.
import type {Agent, Rig} from '../../domain/agent.ts';
import type {Assessment} from '../../domain/fleet.ts';
import type {SourceStatus} from '../../domain/known.ts';
import type {Server} from '../../domain/multiplexer.ts';
import {
  lockRef,
  paneRef,
  parseReference,
  portRef,
  processRef,
  type Reference,
  recordRef,
  rigRef,
  slotRef,
  writeReference,
} from '../../domain/reference.ts';
import type {Register} from '../../domain/register.ts';
import type {Thing} from '../../domain/thing.ts';
import {lookUp, placesCalled, refOfRig, rigsCalled} from './look-up.ts';
import {nearMisses} from './near-misses.ts';
import {refOfPlaced, type SessionOn, sessionsCalled} from './sessions-called.ts';

export const HIGHEST_PORT = 65_535;

/** What could not be looked at, and may hold what was asked for. */
export type Unseen =
  | {readonly sort: 'server'; readonly server: Server}
  | {readonly sort: 'sources'; readonly sources: readonly SourceStatus[]}
  | {readonly sort: 'processes'}
  | {readonly sort: 'register'; readonly register: Register; readonly because: string};

/** Why a reference stands for no thing. `ref` is what was asked, written out where it has a sort. */
export type Unresolved =
  | {
      readonly answer: 'missing';
      readonly ref: string;
      /** `server`: nor is there such a server; `port`: no number that a port can have. */
      readonly what: 'thing' | 'server' | 'port';
      /** References that are there and read like it, the nearest first. Worked out when asked for. */
      readonly near: readonly string[];
      /** Names of the servers there are. */
      readonly servers: readonly string[];
    }
  | {
      readonly answer: 'ambiguous';
      readonly ref: string;
      /** References, each of which means one of them; of slots, the directories of their rigs. */
      readonly candidates: readonly string[];
      /** A rig's name that two places with slots bear; null of anything else. */
      readonly rig: string | null;
    }
  | {readonly answer: 'unknown'; readonly ref: string; readonly unseen: Unseen; readonly near: readonly string[]};

export type Resolution = {readonly answer: 'thing'; readonly thing: Thing} | Unresolved;

const found = (thing: Thing): Resolution => ({answer: 'thing', thing});

const missing = (ref: string, assessment: Assessment, what: 'thing' | 'server' | 'port' = 'thing'): Resolution => ({
  answer: 'missing',
  ref,
  what,
  get near() {
    return nearMisses(ref, assessment);
  },
  servers: assessment.snapshot.servers.map(({name}) => name),
});

const unseenBy = (ref: string, assessment: Assessment, unseen: Unseen): Resolution => ({
  answer: 'unknown',
  ref,
  unseen,
  get near() {
    return nearMisses(ref, assessment);
  },
});

const ambiguous = (ref: string, candidates: readonly string[], rig: string | null = null): Resolution => ({
  answer: 'ambiguous',
  ref,
  candidates: [...new Set(candidates)],
  rig,
});

/** The sockets that are listened on name nothing; whatever else could not be seen may hold what was asked for. */
const missingOrUnseen = (ref: string, assessment: Assessment): Resolution => {
  const sources = assessment.snapshot.sources.filter(({source, state}) => state === 'unknown' && source !== 'listeners');
  return sources.length === 0 ? missing(ref, assessment) : unseenBy(ref, assessment, {sort: 'sources', sources});
};

interface Asked {
  readonly ref: string;
  readonly name: string;
  readonly assessment: Assessment;
}

/** The one of them, none, or which there are to choose from. */
const only = <T>({ref, assessment}: Asked, all: readonly T[], refOf: (one: T) => string, toThing: (one: T) => Thing): Resolution => {
  const [first, ...others] = all;
  if (first === undefined) {
    return missingOrUnseen(ref, assessment);
  }
  return others.length === 0 ? found(toThing(first)) : ambiguous(ref, all.map(refOf));
};

/** `NAME` behind `SERVER/`: SERVER is a socket's name or its path, which may contain slashes, as may NAME. */
const onServers = ({servers}: Assessment['snapshot'], name: string): readonly SessionOn[] =>
  servers.flatMap(server =>
    [...new Set([server.name, server.socket])]
      .filter(prefix => name.startsWith(`${prefix}/`) && name.length > prefix.length + 1)
      .map(prefix => ({server, prefix, word: name.slice(prefix.length + 1)})),
  );

/** Absence is said only of what a server has answered for, and of servers only where all of them could be listed. */
const missingOn = ({ref, name, assessment}: Asked): Resolution => {
  const {snapshot, multiplexers} = assessment;
  const places = onServers(snapshot, name);
  const silent = (places.length === 0 ? snapshot.servers : places.map(({server}) => server)).find(({state}) => state === 'unknown');
  if (silent !== undefined) {
    return unseenBy(ref, assessment, {sort: 'server', server: silent});
  }
  const blind = snapshot.sources.filter(({source, state}) => multiplexers.includes(source) && state === 'unknown');
  if (places.length === 0 && blind.length > 0) {
    return unseenBy(ref, assessment, {sort: 'sources', sources: blind});
  }
  return missing(ref, assessment, places.length === 0 ? 'server' : 'thing');
};

const findSession = (asked: Asked): Resolution => {
  const all = onServers(asked.assessment.snapshot, asked.name).flatMap(sessionsCalled);
  const [first, ...others] = all;
  if (first === undefined) {
    return missingOn(asked);
  }
  return others.length === 0
    ? found({sort: 'session', ref: refOfPlaced(first.server, first.session), session: first.session})
    : ambiguous(
        asked.ref,
        all.map(({server, session}) => refOfPlaced(server, session, server.socket)),
      );
};

const findPane = (asked: Asked): Resolution => {
  // A pane of grouped sessions is listed under each of them: it is one pane.
  const all = onServers(asked.assessment.snapshot, asked.name).flatMap(({server, word}) =>
    server.sessions.flatMap(session => session.panes.filter(pane => pane.id === word).map(pane => ({session, pane}))).slice(0, 1),
  );
  const [first, ...others] = all;
  if (first === undefined) {
    return missingOn(asked);
  }
  return others.length === 0
    ? found({sort: 'pane', ref: paneRef(first.session.server, first.pane.id), ...first})
    : ambiguous(
        asked.ref,
        all.map(({session, pane}) => paneRef(session.socket, pane.id)),
      );
};

const findProcess = ({ref, name, assessment}: Asked): Resolution => {
  const {processes, processesComplete} = assessment.snapshot;
  const process = /^\d+$/.test(name) ? processes.get(Number(name)) : undefined;
  if (process !== undefined) {
    return found({sort: 'process', ref: processRef(process.pid), process});
  }
  return processesComplete || !/^\d+$/.test(name) ? missing(ref, assessment) : unseenBy(ref, assessment, {sort: 'processes'});
};

const findSlot = ({ref, name, assessment}: Asked): Resolution => {
  const {services, slots} = assessment;
  const named = services.filter(service => service.ref === ref || slotRef(service.rig, service.slot) === ref);
  const bySlug = services.filter(
    ({rig, slug, service}) => slug !== null && (name === `${rig}/${slug}` || name === `${rig}/${slug}/${service}`),
  );
  const chosen = named.length > 0 ? named : bySlug;
  const [first] = chosen;
  if (first === undefined) {
    return missingOrUnseen(ref, assessment);
  }
  // A rig that a person configured and a repository that was found may bear one name: whichever is meant, nobody has said.
  const places = placesCalled(slots, first.rig);
  const others = chosen
    .map(({rigPath}) => rigPath)
    .filter(path => !places.some(place => place.path === path || place.paths.includes(path)));
  const directories = new Set([...others, ...places.map(({path}) => path)]);
  if (directories.size > 1) {
    return ambiguous(ref, [...directories], first.rig);
  }
  const whole = name.split('/').length < 3;
  return found({sort: 'slot', ref: whole ? slotRef(first.rig, first.slot) : first.ref, services: chosen});
};

/** Two towns may have a rig of one name, and one agent may run twice: which of them is meant, its place tells. */
const refOfAgent = ({ref, sessionRef, process}: Agent): string => sessionRef ?? (process === null ? ref : processRef(process.pid));

const findRecord = ({ref, name, assessment}: Asked): Resolution => {
  const {findings, snapshot} = assessment;
  const about = findings.filter(finding => finding.subject === ref);
  const rows = snapshot.registers.flatMap(register =>
    (register.rows.known ? register.rows.value : []).filter(row => recordRef(register.store, row.id) === ref).map(row => ({register, row})),
  );
  if (about.length + rows.length > 0) {
    return found({sort: 'record', ref, findings: about, row: rows[0] ?? null});
  }
  const blind = snapshot.registers.find(({store, rows: told}) => !told.known && name.startsWith(`${store}/`));
  return blind === undefined || blind.rows.known
    ? missing(ref, assessment)
    : unseenBy(ref, assessment, {sort: 'register', register: blind, because: blind.rows.because});
};

const findReference = (reference: Reference, assessment: Assessment): Resolution => {
  const {fleet, locks, findings, snapshot} = assessment;
  const asked: Asked = {ref: writeReference(reference), name: reference.name, assessment};
  const {ref, name} = asked;
  switch (reference.sort) {
    case 'session':
      return findSession(asked);
    case 'pane':
      return findPane(asked);
    case 'process':
      return findProcess(asked);
    case 'port': {
      const isPort = /^\d+$/.test(name) && Number(name) >= 1 && Number(name) <= HIGHEST_PORT;
      return isPort ? found({sort: 'port', ref: portRef(Number(name)), port: Number(name)}) : missing(ref, assessment, 'port');
    }
    case 'slot':
      return findSlot(asked);
    case 'agent':
      return only(
        asked,
        fleet.agents.filter(one => one.ref === ref),
        refOfAgent,
        agent => ({sort: 'agent', ref, agent}),
      );
    case 'rig': {
      const toThing = (rig: Rig): Thing => ({sort: 'rig', ref: refOfRig(fleet.rigs, rig), rig});
      return only(asked, rigsCalled(fleet, name), ({path}) => rigRef(path), toThing);
    }
    case 'lock':
      return only(
        asked,
        locks.filter(({path}) => path === name),
        ({path}) => lockRef(path),
        lock => ({sort: 'lock', ref, lock}),
      );
    case 'record':
      return findRecord(asked);
    case 'source': {
      const status = snapshot.sources.find(({source, target}) => name === `${source}/${target}`);
      return status === undefined ? missing(ref, assessment) : found({sort: 'source', ref, status});
    }
    default: {
      const finding = findings.find(one => one.id === name);
      return finding === undefined ? missing(ref, assessment) : found({sort: 'finding', ref: finding.id, finding});
    }
  }
};

/** What `text` means (docs/commands.md, REF). */
export const resolveReference = (text: string, assessment: Assessment): Resolution => {
  const reference = parseReference(text);
  if (reference !== null) {
    return findReference(reference, assessment);
  }
  const all = lookUp(text, assessment);
  const [first, ...others] = all;
  if (first === undefined) {
    return missingOrUnseen(text, assessment);
  }
  return others.length === 0
    ? found(first)
    : ambiguous(
        text,
        all.map(({ref}) => ref),
      );
};
