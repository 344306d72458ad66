// Who owns what in one look: rigs, agents, sessions, processes, agent programs. Pure.

import {type LivingByPid, livingRecords, vouchingRecords} from '../../../sources/runtimes/living-records.ts';
import {type RecordedPort, recordedPorts} from '../../../sources/runtimes/recorded-ports.ts';
import type {Rig, RuntimeProcess} from '../../domain/agent.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {Process} from '../../domain/process.ts';
import type {RuntimeRecord} from '../../domain/runtime-record.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexPlaces, type Places} from '../../look/index/places.ts';
import {indexRuntimes, type Recognition, type RuntimeTable, recogniseRuntime} from '../programs/recognise-runtime.ts';
import {serversInUse} from '../programs/serving-agents.ts';
import {identifyAgents} from './agents.ts';
import {identifySession, type ManagedSession} from './managed-sessions.ts';
import {identifyProcessOwners, ownerOfSession} from './owners.ts';
import {createRigFinder, type RigFinder} from './rigs.ts';
import {type Surroundings, UNPLACED} from './session-identity.ts';
import type {Recognised} from './session-programs.ts';
import {createKeeping} from './vouching.ts';

/** A fleet with what it was worked out from, for the detectors. */
export interface Roster {
  readonly fleet: Fleet;
  readonly places: Places;
  readonly rigs: RigFinder;
  /** By `sessionKey`. */
  readonly sessions: ReadonlyMap<string, ManagedSession>;
  /** What the agent programs themselves record of processes that live, by pid. */
  readonly records: LivingByPid;
  /** Holders of ports that another program's record means, by pid. */
  readonly ports: ReadonlyMap<number, RecordedPort>;
  /** Why a record vouches for a process that has no owner above it, or null. */
  kept(process: Process): string | null;
}

/** Where agents are entered whose directory could not be read. */
const UNPLACED_RIG: Rig = {
  name: UNPLACED,
  origin: 'discovered',
  path: '',
  provenance: 'found',
  town: null,
  operational: null,
  because: 'their directories could not be read',
};

/** What a living record makes of its process: the host of a session is no agent, whatever its name. */
const byRecord = ({role, locked, program, file}: RuntimeRecord, known: Recognition | null): Recognition | null => {
  if (role !== 'session') {
    return null;
  }
  return known ?? (locked ? null : {runtime: program, evidence: {fact: `${program} records it as a session`, source: file}});
};

/** By their command lines, and by what they record of themselves: a spare that became a session keeps the command line of a spare. */
const findRuntimes = (snapshot: Snapshot, table: RuntimeTable, records: LivingByPid): Recognised => {
  const runtimes = new Map<number, RuntimeProcess>();
  const starting = new Set<number>();
  for (const process of snapshot.processes.values()) {
    const own = records.get(process.pid)?.[0]?.record;
    const known = process.uid === snapshot.self.uid ? recogniseRuntime(process, table) : null;
    const found = own === undefined || process.uid !== snapshot.self.uid ? known : byRecord(own, known);
    if (found?.awaited === true) {
      starting.add(process.pid);
    } else if (found !== null) {
      runtimes.set(process.pid, {process: {pid: process.pid, startTime: process.startTime}, ...found});
    }
  }
  return {runtimes, starting};
};

/** What a session itself declares to be its agent counts as one everywhere. */
const withDeclared = (
  runtimes: ReadonlyMap<number, RuntimeProcess>,
  sessions: Iterable<ManagedSession>,
): ReadonlyMap<number, RuntimeProcess> => {
  const all = new Map(runtimes);
  for (const {programs} of sessions) {
    for (const {process, runtime} of programs.runtimes) {
      all.set(process.pid, all.get(process.pid) ?? runtime);
    }
  }
  return all;
};

export const identifyRoster = (snapshot: Snapshot, settings: Settings): Roster => {
  const places = indexPlaces(snapshot);
  const rigs = createRigFinder(snapshot, settings);
  const table = indexRuntimes(settings.runtimes);
  const byPid = livingRecords(snapshot);
  const recognised = findRuntimes(snapshot, table, byPid);
  const records = vouchingRecords(snapshot, byPid, new Set([...recognised.runtimes.values()].map(({runtime}) => runtime)));
  const ports = recordedPorts(snapshot);
  const kept = createKeeping(snapshot, {living: records, ports, serving: serversInUse(snapshot, places, recognised.runtimes)});
  const around: Surroundings = {places, rigs, table, ...recognised, settings};
  const sessions = new Map<string, ManagedSession>();
  for (const server of snapshot.servers) {
    for (const session of server.sessions) {
      const managed = identifySession(around, server, session);
      if (managed !== null) {
        sessions.set(managed.key, managed);
      }
    }
  }
  const runtimes = withDeclared(recognised.runtimes, sessions.values());
  const agents = identifyAgents([...sessions.values()], {...around, runtimes}, kept, byPid);
  const agentOfSession = new Map(
    agents.flatMap(agent => (agent.session === null ? [] : [[agent.session, agent.ref] as const])).toReversed(),
  );
  const sessionOwners = new Map(
    [...sessions].map(([key, managed]) => [key, ownerOfSession(managed, agentOfSession.get(key) ?? null)] as const),
  );
  const processOwners = identifyProcessOwners(around, sessionOwners);
  const listed = rigs.all();
  return {
    fleet: {
      rigs: agents.some(agent => agent.rig === UNPLACED) ? [...listed, UNPLACED_RIG] : listed,
      agents,
      sessionOwners,
      processOwners,
      runtimes,
    },
    places,
    rigs,
    sessions,
    records: byPid,
    ports,
    kept,
  };
};

/** Identify one look. */
export const identifyFleet = (snapshot: Snapshot, settings: Settings): Fleet => identifyRoster(snapshot, settings).fleet;
