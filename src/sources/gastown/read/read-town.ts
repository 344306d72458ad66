// One Gas Town from its files: registry, directories, runtime records. Reads files.

import {type Known, known, unknown} from '../../../core/domain/known.ts';
import {baseName} from '../../../core/domain/paths.ts';
import type {Town, TownRig} from '../../../core/domain/town.ts';
import {townSocketName} from '../../../core/domain/town-socket.ts';
import type {LockTable} from '../../../core/look/kernel-locks.ts';
import type {FileCache} from './file-cache.ts';
import type {FoundTown} from './find-towns.ts';
import {readRecords, readRigState} from './read-records.ts';
import {parseTownName, readRegistry} from './read-registry.ts';
import type {WorkerReader} from './read-workers.ts';

const readRigs = async (cache: FileCache, workers: WorkerReader, town: string): Promise<Known<readonly TownRig[]>> => {
  const registry = await readRegistry(cache, town);
  if (!registry.known) {
    return registry;
  }
  return known(
    await Promise.all(
      registry.value.map(async ({name, prefix}): Promise<TownRig> => {
        const path = `${town}/${name}`;
        const [found, state] = await Promise.all([workers.readRig({name, path}), readRigState(cache, town, name)]);
        return {name, prefix, path, ...found, ...state};
      }),
    ),
  );
};

const socketNamesOf = (found: FoundTown): readonly string[] => [...new Set(found.paths.map(each => townSocketName(each, found.realPath)))];

/** The whole town. What cannot be read is unknown in its own place and empties nothing else. */
export const readTown = async (cache: FileCache, workers: WorkerReader, found: FoundTown, table: LockTable): Promise<Town> => {
  const path = found.paths[0] ?? found.realPath;
  const [title, rigs, townLevel] = await Promise.all([
    cache.read(`${path}/mayor/town.json`, parseTownName),
    readRigs(cache, workers, path),
    workers.readTownLevel(path),
  ]);
  const records = await readRecords(cache, {path, workers: townLevel, rigs: rigs.known ? rigs.value : []}, table);
  return {
    name: (title.state === 'ok' ? title.value : null) ?? baseName(found.realPath),
    path,
    realPath: found.realPath,
    paths: found.paths,
    provenance: found.provenance,
    socketName: townSocketName(path, found.realPath),
    socketNames: socketNamesOf(found),
    rigs,
    workers: townLevel,
    records,
  };
};

/** A town that did not answer: still there, so that what its environment marks can be told to be its, but nothing about it is known. */
export const blindTown = (found: FoundTown, because: string): Town => {
  const path = found.paths[0] ?? found.realPath;
  const blind = unknown(because);
  return {
    name: baseName(found.realPath),
    path,
    realPath: found.realPath,
    paths: found.paths,
    provenance: found.provenance,
    socketName: townSocketName(path, found.realPath),
    socketNames: socketNamesOf(found),
    rigs: blind,
    workers: [],
    records: {
      heartbeats: blind,
      deaconHeartbeat: blind,
      deaconPaused: blind,
      dogs: blind,
      locks: [],
      lockTroubles: [],
      daemon: {pid: blind, pidWrittenAt: null, lockHolder: blind, state: blind, restarts: blind},
      estop: blind,
      shutdown: blind,
      helpers: [],
      events: blind,
    },
  };
};
