// What a town's runtime files say this moment: heartbeats, locks, daemon, freezes, pid files. Reads files; judges nothing.
import {type Known, known, unknown} from '../../../core/domain/known.ts';
import type {
  DogRecord,
  Estop,
  RigOperation,
  TownDaemon,
  TownHeartbeat,
  TownHelper,
  TownRecords,
  TownRig,
  TownWorker,
} from '../../../core/domain/town.ts';
import {type LockTable, lockHolder} from '../../../core/look/kernel-locks.ts';
import type {FileInfo, FileRead} from '../../../core/os/host.ts';
import {
  parseDaemonState,
  parseDeaconHeartbeat,
  parseDog,
  parseDoltPid,
  parseEstop,
  parseHeartbeat,
  parseOperation,
  parsePaused,
  parsePid,
  parseRestarts,
} from '../parse-records.ts';
import type {FileCache} from './file-cache.ts';
import {parseLockFile} from './read-lock.ts';
import {readFeed} from './town-events-feed.ts';

/** A file whose absence is an answer: `whenMissing`; a file that is there and cannot be understood is unknown. */
const readKnown = async <T>(
  cache: FileCache,
  path: string,
  parse: (text: string, info: FileInfo) => Known<T>,
  whenMissing: T,
): Promise<Known<T>> => {
  const answer = await cache.read(path, parse);
  switch (answer.state) {
    case 'ok':
      return answer.value.known ? answer.value : unknown(`${path}: ${answer.value.because}`);
    case 'missing':
      return known(whenMissing);
    case 'unknown':
      return unknown(`${path}: ${answer.because}`);
  }
};

const readEstop = (cache: FileCache, path: string): Promise<Known<Estop | null>> =>
  readKnown<Estop | null>(cache, path, (text, info) => known(parseEstop(text, path, info.mtimeMs)), null);

/** Parked, docked or blocked by a local file, and frozen by a sentinel: what stands against restarting anything in a rig. */
export const readRigState = async (
  cache: FileCache,
  town: string,
  rig: string,
): Promise<{readonly operation: Known<RigOperation | null>; readonly estop: Known<Estop | null>}> => {
  const [operation, estop] = await Promise.all([
    readKnown<RigOperation | null>(cache, `${town}/.beads-wisp/config/${rig}.json`, parseOperation, null),
    readEstop(cache, `${town}/ESTOP.${rig}`),
  ]);
  return {operation, estop};
};

const readListed = async <T>(
  cache: FileCache,
  directory: string,
  suffix: string,
  read: (name: string, path: string) => Promise<T | null>,
): Promise<Known<readonly T[]>> => {
  const names = await cache.list(directory);
  if (names.state === 'unknown') {
    return unknown(`${directory}: ${names.because}`);
  }
  const wanted = names.state === 'ok' ? names.value.filter(name => name.endsWith(suffix) && !name.startsWith('.')) : [];
  const values = await Promise.all(wanted.map(name => read(name.slice(0, -suffix.length), `${directory}/${name}`)));
  return known(values.filter(value => value !== null));
};

const valueIfRead = <T>(answer: FileRead<T>): T | null => (answer.state === 'ok' ? answer.value : null);

const readHeartbeats = (cache: FileCache, town: string): Promise<Known<readonly TownHeartbeat[]>> =>
  readListed(cache, `${town}/.runtime/heartbeats`, '.json', async (session, path) =>
    valueIfRead(await cache.read(path, (text, info) => parseHeartbeat(text, session, info.mtimeMs))),
  );

const readDogs = async (cache: FileCache, dogs: readonly TownWorker[]): Promise<Known<readonly DogRecord[]>> => {
  const records = await Promise.all(
    dogs.map(dog => readKnown<DogRecord | null>(cache, `${dog.path}/.dog.json`, text => parseDog(text, dog.name), null)),
  );
  const broken = records.find(record => !record.known);
  return broken?.known === false ? broken : known(records.flatMap(record => (record.known && record.value !== null ? [record.value] : [])));
};

interface LockedWorker {
  readonly rig: string;
  readonly worker: TownWorker;
}

/** Only polecats and crew take identity locks. */
const lockedWorkers = (rigs: readonly TownRig[]): readonly LockedWorker[] =>
  rigs.flatMap(rig =>
    rig.workers.filter(worker => worker.role === 'polecat' || worker.role === 'crew').map(worker => ({rig: rig.name, worker})),
  );

const readLocks = async (cache: FileCache, workers: readonly LockedWorker[]): Promise<Pick<TownRecords, 'locks' | 'lockTroubles'>> => {
  const answers = await Promise.all(
    workers.map(async ({rig, worker}) => {
      const path = `${worker.path}/.runtime/agent.lock`;
      return {rig, worker, path, answer: await cache.read(path, parseLockFile)};
    }),
  );
  return {
    locks: answers.flatMap(({answer, ...where}) => (answer.state === 'ok' ? [{...where, ...answer.value}] : [])),
    lockTroubles: answers.flatMap(({answer, ...where}) => (answer.state === 'unknown' ? [{...where, because: answer.because}] : [])),
  };
};

const readHolder = async (cache: FileCache, path: string, table: LockTable): Promise<Known<number | null>> => {
  const info = await cache.inspect(path);
  switch (info.state) {
    case 'ok':
      return lockHolder(table, info.value);
    case 'missing':
      return known(null);
    case 'unknown':
      return unknown(`${path}: ${info.because}`);
  }
};

const readDaemon = async (cache: FileCache, town: string, table: LockTable): Promise<TownDaemon> => {
  const folder = `${town}/daemon`;
  const [pidFile, lock, state, restarts] = await Promise.all([
    cache.read(`${folder}/daemon.pid`, (text, info) => ({pid: parsePid(text), writtenAt: info.mtimeMs})),
    readHolder(cache, `${folder}/daemon.lock`, table),
    readKnown(cache, `${folder}/state.json`, parseDaemonState, null),
    readKnown(cache, `${folder}/restart_state.json`, parseRestarts, []),
  ]);
  return {
    pid: pidFile.state === 'unknown' ? unknown(`${folder}/daemon.pid: ${pidFile.because}`) : known(valueIfRead(pidFile)?.pid ?? null),
    pidWrittenAt: valueIfRead(pidFile)?.writtenAt ?? null,
    lockHolder: lock,
    state,
    restarts,
  };
};

const readPidFile = async (
  cache: FileCache,
  kind: TownHelper['kind'],
  path: string,
  session: string | null,
  parse: (text: string) => number | null = parsePid,
): Promise<TownHelper | null> => {
  const file = valueIfRead(await cache.read(path, (text, info) => ({pid: parse(text), writtenAt: info.mtimeMs})));
  return file === null || file.pid === null ? null : {kind, pid: file.pid, session, path, writtenAt: file.writtenAt};
};

const readHelpers = async (cache: FileCache, town: string): Promise<readonly TownHelper[]> => {
  const [pollers, acp, dolt] = await Promise.all([
    readListed(cache, `${town}/.runtime/nudge_poller`, '.pid', (session, path) => readPidFile(cache, 'nudge-poller', path, session)),
    readPidFile(cache, 'acp', `${town}/mayor/mayor-acp.pid`, null),
    readPidFile(cache, 'dolt', `${town}/daemon/dolt-state.json`, null, parseDoltPid),
  ]);
  return [...(pollers.known ? pollers.value : []), ...[acp, dolt].filter(helper => helper !== null)];
};

/** Everything below one town but its registry and directories. Files read grow with its agents, not with its trees. */
export const readRecords = async (
  cache: FileCache,
  town: {readonly path: string; readonly workers: readonly TownWorker[]; readonly rigs: readonly TownRig[]},
  table: LockTable,
): Promise<TownRecords> => {
  const [heartbeats, deaconHeartbeat, deaconPaused, dogs, locks, daemon, estop, shutdown, helpers, events] = await Promise.all([
    readHeartbeats(cache, town.path),
    readKnown(cache, `${town.path}/deacon/heartbeat.json`, (text, info) => parseDeaconHeartbeat(text, info.mtimeMs), null),
    readKnown(cache, `${town.path}/.runtime/deacon/paused.json`, parsePaused, null),
    readDogs(
      cache,
      town.workers.filter(worker => worker.role === 'dog'),
    ),
    readLocks(cache, lockedWorkers(town.rigs)),
    readDaemon(cache, town.path, table),
    readEstop(cache, `${town.path}/ESTOP`),
    readHolder(cache, `${town.path}/daemon/shutdown.lock`, table),
    readHelpers(cache, town.path),
    readFeed(cache, town.path),
  ]);
  return {heartbeats, deaconHeartbeat, deaconPaused, dogs, ...locks, daemon, estop, shutdown, helpers, events};
};
