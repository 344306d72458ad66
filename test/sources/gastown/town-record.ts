// Town records for pure tests, made from the few facts that a test is about.
import {known} from '../../../src/core/domain/known.ts';
import type {Town, TownRecords, TownRig, TownWorker} from '../../../src/core/domain/town.ts';
import {townSocketName} from '../../../src/core/domain/town-socket.ts';

export const worker = (town: string, rig: string | null, role: TownWorker['role'], name: string = role): TownWorker => {
  const base = rig === null ? town : `${town}/${rig}`;
  const home = {
    crew: `${base}/crew/${name}`,
    polecat: `${base}/polecats/${name}`,
    dog: `${base}/deacon/dogs/${name}`,
    boot: `${base}/deacon/dogs/boot`,
    witness: `${base}/witness`,
    refinery: `${base}/refinery`,
    mayor: `${base}/mayor`,
    deacon: `${base}/deacon`,
  }[role];
  return {role, name, home, path: role === 'polecat' ? `${home}/${rig}` : home, worktree: true, slot: null};
};

const quietRecords: TownRecords = {
  heartbeats: known([]),
  deaconHeartbeat: known(null),
  deaconPaused: known(null),
  dogs: known([]),
  locks: [],
  lockTroubles: [],
  daemon: {pid: known(null), pidWrittenAt: null, lockHolder: known(null), state: known(null), restarts: known([])},
  estop: known(null),
  shutdown: known(null),
  helpers: [],
  events: known([]),
};

export interface TownFacts {
  readonly path?: string;
  readonly name?: string;
  /** Prefix and workers by rig: `{gastown: {prefix: 'gt', crew: ['max']}}`. */
  readonly rigs?: Readonly<
    Record<string, {readonly prefix: string; readonly crew?: readonly string[]; readonly polecats?: readonly string[]}>
  >;
  readonly rig?: Partial<TownRig>;
  readonly records?: Partial<TownRecords>;
}

export const townRecord = ({path = '/home/u/gt', name = 'home', rigs = {}, rig: more = {}, records = {}}: TownFacts = {}): Town => ({
  name,
  path,
  realPath: path,
  paths: [path],
  provenance: 'named',
  socketName: townSocketName(path, path),
  socketNames: [townSocketName(path, path)],
  rigs: known(
    Object.entries(rigs).map(
      ([rig, {prefix, crew = [], polecats = []}]): TownRig => ({
        name: rig,
        prefix,
        path: `${path}/${rig}`,
        exists: true,
        workers: [
          worker(path, rig, 'witness'),
          worker(path, rig, 'refinery'),
          ...crew.map(each => worker(path, rig, 'crew', each)),
          ...polecats.map(each => worker(path, rig, 'polecat', each)),
        ],
        pending: [],
        blind: [],
        operation: known(null),
        estop: known(null),
        ...more,
      }),
    ),
  ),
  workers: [worker(path, null, 'mayor'), worker(path, null, 'deacon')],
  records: {...quietRecords, ...records},
});
