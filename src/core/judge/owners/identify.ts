// Who owns what in one look: rigs, agents, sessions, processes, agent programs. Pure.

import type {Rig, RuntimeProcess} from '../../domain/agent.ts';
import {finish} from '../../domain/finish.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {Process} from '../../domain/process.ts';
import type {LivingByPid, LivingRecord, RuntimeRecord} from '../../domain/runtime-record.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexLook} from '../../look/index/look.ts';
import {indexRuntimes, type Recognition, type RuntimeTable, recogniseRuntime} from '../programs/recognise-runtime.ts';
import {serversInUse} from '../programs/serving-agents.ts';
import {askSlotTools, slotToolsOf} from '../slots/slot-tool.ts';
import {identifyingAgents} from './agents.ts';
import {type Claim, type ClaimedProcess, firstClaim} from './claims.ts';
import {identifySession, type ManagedSession} from './managed-sessions.ts';
import {identifyProcessOwners, ownerOfSession} from './owners.ts';
import type {OwningSource} from './owning-source.ts';
import {createRigFinder, type RigFinder} from './rigs.ts';
import {inOrder} from './session-claims.ts';
import {type SessionContext, UNPLACED} from './session-identity.ts';
import type {Recognised} from './session-programs.ts';
import {createVouching, type RecordedPort} from './vouching.ts';

/** A fleet with what it was worked out from, for the detectors. */
export interface Identified {
  readonly fleet: Fleet;
  readonly rigs: RigFinder;
  /** Who gives slots, and how an environment names one. */
  readonly slots: Slots;
  /** By `sessionKey`. */
  readonly sessions: ReadonlyMap<string, ManagedSession>;
  /** Holders of ports that another program's record means, by pid. */
  readonly ports: ReadonlyMap<number, RecordedPort>;
  /** Whose a process is by the word of a source. */
  claimOf(process: ClaimedProcess): Claim | null;
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

/** So many processes are looked at between two pauses. */
const BREATH = 64;

/** By their command lines, and by what they record of themselves: a spare that became a session keeps the command line of a spare. */
const findRuntimes = function* (snapshot: Snapshot, table: RuntimeTable, records: LivingByPid): Generator<void, Recognised> {
  const runtimes = new Map<number, RuntimeProcess>();
  const starting = new Set<number>();
  let count = 0;
  for (const process of snapshot.processes.values()) {
    count += 1;
    if (count % BREATH === 0) {
      yield;
    }
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

/** What several sources tell by pid. */
const joined = <V>(maps: readonly (ReadonlyMap<number, V> | undefined)[]): ReadonlyMap<number, V> =>
  new Map(maps.flatMap(map => [...(map ?? [])]));

/** Identifies one look, pausing often: there may be ten thousand processes in it. */
export const identifying = function* (
  snapshot: Snapshot,
  settings: Settings,
  sources: readonly OwningSource[],
): Generator<void, Identified> {
  const look = indexLook(snapshot);
  const slotTools = slotToolsOf(sources);
  const slots = askSlotTools(slotTools, snapshot, settings);
  const rigs = createRigFinder(
    snapshot,
    slots.places,
    sources.flatMap(source => source.rigs?.(snapshot) ?? []),
  );
  const table = indexRuntimes(settings.runtimes);
  const records = joined<readonly LivingRecord[]>(sources.map(source => source.livingRecords?.(snapshot)));
  const recognised = yield* findRuntimes(snapshot, table, records);
  const ports = joined<RecordedPort>(sources.map(source => source.recordedPorts?.(snapshot)));
  const kept = createVouching(snapshot, {
    vouchers: sources.flatMap(source => source.vouches?.({snapshot, runtimes: recognised.runtimes, records}) ?? []),
    ports,
    serving: serversInUse(look, recognised.runtimes),
  });
  yield;
  const claimOf = firstClaim(sources.flatMap(source => source.claimProcess?.(snapshot) ?? []));
  const around: SessionContext = {look, rigs, table, ...recognised, settings, slotTools, slots, claimOf};
  const claims = inOrder(sources.flatMap(({sessionClaims = []}) => sessionClaims));
  const sessions = new Map<string, ManagedSession>();
  for (const server of snapshot.servers) {
    for (const session of server.sessions) {
      const managed = identifySession(around, claims, server, session);
      if (managed !== null) {
        sessions.set(managed.key, managed);
      }
      yield;
    }
  }
  const runtimes = withDeclared(recognised.runtimes, sessions.values());
  yield;
  const agents = yield* identifyingAgents([...sessions.values()], {...around, runtimes}, kept, records, present =>
    sources.flatMap(source => source.expects?.({snapshot, settings, runtimes, present}) ?? []),
  );
  yield;
  const agentOfSession = new Map(
    agents.flatMap(agent => (agent.session === null ? [] : [[agent.session, agent.ref] as const])).toReversed(),
  );
  const sessionOwners = new Map(
    [...sessions].map(([key, managed]) => [key, ownerOfSession(managed, agentOfSession.get(key) ?? null, slots)] as const),
  );
  yield;
  const processOwners = yield* identifyProcessOwners(around, sessionOwners);
  const listed = rigs.all();
  return {
    fleet: {
      rigs: agents.some(agent => agent.rig === UNPLACED) ? [...listed, UNPLACED_RIG] : listed,
      agents,
      sessionOwners,
      processOwners,
      runtimes,
      records,
    },
    rigs,
    slots,
    sessions,
    ports,
    claimOf,
    kept,
  };
};

/** Identify one look. */
export const identifyFleet = (snapshot: Snapshot, settings: Settings, sources: readonly OwningSource[]): Fleet =>
  finish(identifying(snapshot, settings, sources)).fleet;
