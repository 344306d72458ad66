// A Gas Town on disk for tests: the files that its own tools would write, in a directory of the test's own.
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';

export interface RigSpec {
  /** `gt` unless given; null leaves it out of the registry. */
  readonly prefix?: string | null;
  readonly crew?: readonly string[];
  readonly polecats?: readonly string[];
  /** Polecats in the layout without an inner directory. */
  readonly oldPolecats?: readonly string[];
  readonly witness?: boolean;
  readonly refinery?: boolean;
  /** In the registry, but without a directory. */
  readonly missing?: boolean;
}

export interface TownSpec {
  readonly name?: string;
  readonly rigs?: Readonly<Record<string, RigSpec>>;
  readonly dogs?: readonly string[];
}

export interface LockSpec {
  readonly pid: number;
  readonly acquiredAt?: Date;
  readonly sessionId?: string;
  readonly hostname?: string;
}

export interface TownOnDisk {
  readonly path: string;
  /** Path of something in the town. */
  at(...steps: string[]): string;
  /** Write a file below the town, with its directories. Objects are written as indented JSON. */
  write(path: string, content: unknown): Promise<string>;
  /** Working directory of a worker in today's layout. */
  crewPath(rig: string, name: string): string;
  polecatPath(rig: string, name: string): string;
  writeLock(workerPath: string, lock: LockSpec): Promise<string>;
  writeHeartbeat(session: string, heartbeat: {readonly at: Date; readonly state?: string; readonly bead?: string}): Promise<string>;
}

const textOf = (content: unknown): string => (typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);

const townAt = (path: string): TownOnDisk => {
  const at = (...steps: string[]): string => join(path, ...steps);
  const write = async (file: string, content: unknown): Promise<string> => {
    const target = file.startsWith('/') ? file : at(file);
    await mkdir(dirname(target), {recursive: true});
    await writeFile(target, textOf(content));
    return target;
  };
  return {
    path,
    at,
    write,
    crewPath: (rig, name) => at(rig, 'crew', name),
    polecatPath: (rig, name) => at(rig, 'polecats', name, rig),
    writeLock: (workerPath, {pid, acquiredAt = new Date(), sessionId, hostname}) =>
      write(join(workerPath, '.runtime', 'agent.lock'), {pid, acquired_at: acquiredAt.toISOString(), session_id: sessionId, hostname}),
    writeHeartbeat: (session, {at: time, state = 'working', bead}) =>
      write(join('.runtime', 'heartbeats', `${session}.json`), {timestamp: time.toISOString(), state, bead}),
  };
};

const makeRig = async (town: TownOnDisk, name: string, spec: RigSpec): Promise<void> => {
  const directories = [
    ...(spec.witness === false ? [] : ['witness']),
    ...(spec.refinery === false ? [] : ['refinery/rig']),
    ...(spec.crew ?? []).map(each => `crew/${each}`),
    ...(spec.polecats ?? []).map(each => `polecats/${each}/${name}`),
    ...(spec.oldPolecats ?? []).map(each => `polecats/${each}/.git`),
    'mayor/rig',
  ];
  await Promise.all(directories.map(directory => mkdir(town.at(name, directory), {recursive: true})));
};

/** Make a town at `path`, which must not hold one yet. */
export const buildTown = async (path: string, {name = 'town', rigs = {}, dogs = []}: TownSpec = {}): Promise<TownOnDisk> => {
  const town = townAt(path);
  await town.write('mayor/town.json', {type: 'town', version: 2, name, created_at: '2026-01-01T00:00:00Z'});
  await town.write('mayor/rigs.json', {
    version: 1,
    rigs: Object.fromEntries(
      Object.entries(rigs)
        .filter(([, rig]) => rig.prefix !== null)
        .map(([rig, {prefix = 'gt'}]) => [rig, {git_url: `https://example.invalid/${rig}.git`, beads: {repo: rig, prefix}}]),
    ),
  });
  await mkdir(town.at('deacon', 'dogs', 'boot'), {recursive: true});
  await Promise.all(
    dogs.map(dog => town.write(`deacon/dogs/${dog}/.dog.json`, {name: dog, state: 'idle', last_active: '2026-01-01T00:00:00Z'})),
  );
  await Promise.all(Object.entries(rigs).map(([rig, spec]) => (spec.missing === true ? undefined : makeRig(town, rig, spec))));
  return town;
};
