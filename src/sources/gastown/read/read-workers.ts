// The worker directories of a rig and of the town itself: known places only, never a walk. Reads directories.
import type {TownRig, TownWorker} from '../../../core/domain/town.ts';
import type {FileCache} from './file-cache.ts';

type Blind = {readonly path: string; readonly because: string};

export interface RigWorkers {
  readonly exists: boolean;
  readonly workers: readonly TownWorker[];
  readonly pending: TownRig['pending'];
  readonly blind: readonly Blind[];
}

/** What lies inside a worker's own directory changes rarely and shows in no time stamp that we look at: look again this often. */
const REVISIT_MS = 10_000;

interface Memo {
  readonly stamp: string;
  readonly polecats: readonly string[];
  readonly crew: readonly string[];
  readonly at: number;
  readonly answer: RigWorkers;
}

const PENDING = '.pending';

/** Every directory below `path`, dot-directories left out, with the `.pending` files beside them. */
const readChildren = async (cache: FileCache, path: string, names: readonly string[]) => {
  const children = await Promise.all(
    names.filter(name => !name.startsWith('.')).map(async name => ({name, info: await cache.inspect(`${path}/${name}`)})),
  );
  return {
    directories: children.filter(({info}) => info.state === 'ok' && info.value.kind === 'directory').map(({name}) => name),
    pending: children.flatMap(({name, info}) =>
      name.endsWith(PENDING) && info.state === 'ok' ? [{name: name.slice(0, -PENDING.length), at: info.value.mtimeMs}] : [],
    ),
    blind: children.flatMap(({name, info}) => (info.state === 'unknown' ? [{path: `${path}/${name}`, because: info.because}] : [])),
  };
};

const exists = async (cache: FileCache, path: string): Promise<boolean> => (await cache.inspect(path)).state === 'ok';

/** `polecats/<name>/<rig>` today, `polecats/<name>` with `.git` inside before. */
const readPolecat = async (cache: FileCache, rig: {name: string; path: string}, name: string, slot: number): Promise<TownWorker> => {
  const home = `${rig.path}/polecats/${name}`;
  const inner = `${home}/${rig.name}`;
  if (await exists(cache, inner)) {
    return {role: 'polecat', name, path: inner, home, worktree: true, slot};
  }
  return {role: 'polecat', name, path: home, home, worktree: await exists(cache, `${home}/.git`), slot};
};

const readSingle = async (
  cache: FileCache,
  rig: {path: string},
  role: 'witness' | 'refinery',
): Promise<{workers: readonly TownWorker[]; blind: readonly Blind[]}> => {
  const home = `${rig.path}/${role}`;
  const info = await cache.inspect(home);
  if (info.state === 'unknown') {
    return {workers: [], blind: [{path: home, because: info.because}]};
  }
  if (info.state === 'missing') {
    return {workers: [], blind: []};
  }
  const path = role === 'refinery' && (await exists(cache, `${home}/rig`)) ? `${home}/rig` : home;
  return {workers: [{role, name: role, path, home, worktree: true, slot: null}], blind: []};
};

const readAll = async (
  cache: FileCache,
  rig: {name: string; path: string},
  names: {polecats: readonly string[]; crew: readonly string[]},
): Promise<RigWorkers> => {
  const [polecats, crew, witness, refinery] = await Promise.all([
    readChildren(cache, `${rig.path}/polecats`, names.polecats),
    readChildren(cache, `${rig.path}/crew`, names.crew),
    readSingle(cache, rig, 'witness'),
    readSingle(cache, rig, 'refinery'),
  ]);
  return {
    exists: true,
    workers: [
      ...witness.workers,
      ...refinery.workers,
      ...crew.directories.map((name): TownWorker => {
        const path = `${rig.path}/crew/${name}`;
        return {role: 'crew', name, path, home: path, worktree: true, slot: null};
      }),
      ...(await Promise.all(polecats.directories.map((name, slot) => readPolecat(cache, rig, name, slot)))),
    ],
    pending: polecats.pending,
    blind: [...polecats.blind, ...crew.blind, ...witness.blind, ...refinery.blind],
  };
};

const GONE: RigWorkers = {exists: false, workers: [], pending: [], blind: []};

export interface WorkerReader {
  readRig(rig: {readonly name: string; readonly path: string}): Promise<RigWorkers>;
  readTownLevel(town: string): Promise<readonly TownWorker[]>;
}

/** `now` is a clock that does not jump, in milliseconds. */
export const createWorkerReader = (cache: FileCache, now: () => number): WorkerReader => {
  const memos = new Map<string, Memo>();

  const readRig: WorkerReader['readRig'] = async rig => {
    const info = await cache.inspect(rig.path);
    if (info.state === 'missing' || (info.state === 'ok' && info.value.kind !== 'directory')) {
      return GONE;
    }
    if (info.state === 'unknown') {
      return {...GONE, exists: true, blind: [{path: rig.path, because: info.because}]};
    }
    const [polecats, crew] = await Promise.all([cache.list(`${rig.path}/polecats`), cache.list(`${rig.path}/crew`)]);
    const names = {
      polecats: polecats.state === 'ok' ? polecats.value : [],
      crew: crew.state === 'ok' ? crew.value : [],
    };
    const unreadable = [
      ...(polecats.state === 'unknown' ? [{path: `${rig.path}/polecats`, because: polecats.because}] : []),
      ...(crew.state === 'unknown' ? [{path: `${rig.path}/crew`, because: crew.because}] : []),
    ];
    const stamp = `${info.value.inode} ${info.value.mtimeMs} ${polecats.state} ${crew.state}`;
    const memo = memos.get(rig.path);
    const same =
      memo !== undefined &&
      memo.stamp === stamp &&
      (memo.polecats === names.polecats || memo.polecats.length + names.polecats.length === 0) &&
      (memo.crew === names.crew || memo.crew.length + names.crew.length === 0);
    if (same && now() - memo.at < REVISIT_MS && memo.answer.workers.every(worker => worker.worktree)) {
      return memo.answer;
    }
    const fresh = await readAll(cache, rig, names);
    const answer = {...fresh, blind: [...unreadable, ...fresh.blind]};
    memos.set(rig.path, {stamp, ...names, at: now(), answer});
    return answer;
  };

  const readTownLevel: WorkerReader['readTownLevel'] = async town => {
    const dogsPath = `${town}/deacon/dogs`;
    const [mayor, deacon, dogs] = await Promise.all([
      exists(cache, `${town}/mayor`),
      exists(cache, `${town}/deacon`),
      cache.list(dogsPath),
    ]);
    const {directories} = await readChildren(cache, dogsPath, dogs.state === 'ok' ? dogs.value : []);
    const single = (role: 'mayor' | 'deacon'): TownWorker => {
      const path = `${town}/${role}`;
      return {role, name: role, path, home: path, worktree: true, slot: null};
    };
    return [
      ...(mayor ? [single('mayor')] : []),
      ...(deacon ? [single('deacon')] : []),
      ...directories.map((name): TownWorker => {
        const path = `${dogsPath}/${name}`;
        return {role: name === 'boot' ? 'boot' : 'dog', name, path, home: path, worktree: true, slot: null};
      }),
    ];
  };

  return {readRig, readTownLevel};
};
