// Where things lie inside a Gas Town: path → rig, role and name; environment → the same; and whether such a worker should exist. Pure.
import type {Role} from '../../core/domain/agent.ts';
import type {Town} from '../../core/domain/town.ts';

/** An identity inside a town; role and name are null where only the rig (or only the town) is told. */
export interface TownPlace {
  readonly rig: string | null;
  readonly role: Role | null;
  readonly name: string | null;
}

export type Env = Readonly<Record<string, string>>;

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** Path below the town's root (`''` for the root itself), or null outside. `/srv/gt-old` is not inside `/srv/gt`. */
export const pathInTown = (town: Town, path: string): string | null => {
  const clean = withoutSlash(path);
  for (const root of town.paths) {
    if (clean === root) {
      return '';
    }
    if (clean.startsWith(`${root}/`)) {
      return clean.slice(root.length + 1);
    }
  }
  return null;
};

/** The town a path lies in; of towns inside each other the innermost. */
export const townOfPath = (towns: readonly Town[], path: string): Town | null =>
  towns.filter(town => pathInTown(town, path) !== null).sort((a, b) => b.realPath.length - a.realPath.length)[0] ?? null;

const WORKER_DIRECTORIES: ReadonlyMap<string, Role> = new Map(Object.entries({polecats: 'polecat', crew: 'crew'}));

const isWorkerName = (name: string | undefined): name is string =>
  name !== undefined && name !== '' && !name.startsWith('.') && !name.endsWith('.pending');

const parseTownLevelPlace = (steps: readonly string[]): TownPlace | null => {
  const [first, second, third] = steps;
  if (first === 'mayor') {
    return {rig: null, role: 'mayor', name: 'mayor'};
  }
  if (first !== 'deacon') {
    return null;
  }
  if (second !== 'dogs' || !isWorkerName(third)) {
    return {rig: null, role: 'deacon', name: 'deacon'};
  }
  return third === 'boot' ? {rig: null, role: 'boot', name: 'boot'} : {rig: null, role: 'dog', name: third};
};

/** Whose directory a path below the town's root is. The rig named need not be registered. */
export const parsePlace = (below: string): TownPlace => {
  const steps = below.split('/').filter(step => step !== '');
  const townLevel = parseTownLevelPlace(steps);
  if (townLevel !== null) {
    return townLevel;
  }
  const [rig, directory, name] = steps;
  if (rig === undefined || rig.startsWith('.')) {
    return {rig: null, role: null, name: null};
  }
  if (directory === 'witness' || directory === 'refinery') {
    return {rig, role: directory, name: directory};
  }
  const role = directory === undefined ? undefined : WORKER_DIRECTORIES.get(directory);
  return role !== undefined && isWorkerName(name) ? {rig, role, name} : {rig, role: null, name: null};
};

const parseRoleWord = (word: string, env: Env): TownPlace | null => {
  const rig = env.GT_RIG ?? null;
  switch (word) {
    case 'mayor':
    case 'deacon':
    case 'boot':
    case 'overseer':
      return {rig: null, role: word, name: word};
    case 'dog':
      return env.GT_DOG_NAME === undefined ? null : {rig: null, role: 'dog', name: env.GT_DOG_NAME};
    case 'witness':
    case 'refinery':
      return rig === null ? null : {rig, role: word, name: word};
    case 'crew':
      return rig === null || env.GT_CREW === undefined ? null : {rig, role: 'crew', name: env.GT_CREW};
    case 'polecat':
      return rig === null || env.GT_POLECAT === undefined ? null : {rig, role: 'polecat', name: env.GT_POLECAT};
    default:
      return null;
  }
};

/** Who an environment says it is: GT_ROLE, compound (`<rig>/crew/<name>`) or a bare word of older versions, else GT_POLECAT and GT_CREW. */
export const parseEnvPlace = (env: Env): TownPlace | null => {
  const role = env.GT_ROLE;
  if (role === undefined || role === '') {
    return parseRoleWord('polecat', env) ?? parseRoleWord('crew', env) ?? parseRoleWord('dog', env);
  }
  if (role === 'deacon/boot') {
    return {rig: null, role: 'boot', name: 'boot'};
  }
  const steps = role.split('/');
  if (steps.length === 1) {
    return parseRoleWord(role, env);
  }
  if (steps[0] === 'deacon' && steps[1] === 'dogs') {
    return parsePlace(role);
  }
  const place = parsePlace(role);
  return place.role === null ? null : place;
};

/** Root that an environment names, the more specific variable first. */
export const envTownRoot = (env: Env): string | null => {
  const root = env.GT_TOWN_ROOT ?? env.GT_ROOT;
  return root?.startsWith('/') ? withoutSlash(root) : null;
};

export interface Standing {
  /** Whether the town's files say that such a worker should exist. `unknown` never authorises anything. */
  readonly standing: 'expected' | 'unexpected' | 'unknown';
  readonly because: string;
}

const PENDING_LIFE_MS = 5 * 60_000;

/**
 * Whether a worker has its place in the town: registered rig, existing directory. `takenAt` (ms since the epoch) ages spawn
 * reservations: a name reserved within five minutes may be starting, whatever directories exist.
 */
export const standingOf = (town: Town, place: TownPlace, takenAt: number): Standing => {
  if (place.role === 'mayor' || place.role === 'deacon' || place.role === 'boot' || place.role === 'overseer') {
    return {standing: 'expected', because: `every town has its ${place.role}`};
  }
  if (place.role === 'dog') {
    return town.workers.some(worker => worker.role === 'dog' && worker.name === place.name)
      ? {standing: 'expected', because: `deacon/dogs/${place.name} exists`}
      : {standing: 'unknown', because: `deacon/dogs/${place.name} was not found`};
  }
  if (!town.rigs.known) {
    return {standing: 'unknown', because: town.rigs.because};
  }
  const rig = town.rigs.value.find(each => each.name === place.rig);
  if (rig === undefined) {
    return {standing: 'unexpected', because: `rig ${place.rig} is not in the registry of town ${town.name}`};
  }
  if (!rig.exists) {
    return {standing: 'unexpected', because: `the directory of rig ${rig.name} is gone`};
  }
  const blind = rig.blind[0];
  if (blind !== undefined) {
    return {standing: 'unknown', because: `${blind.path}: ${blind.because}`};
  }
  if (rig.workers.some(worker => worker.role === place.role && worker.name === place.name)) {
    return {standing: 'expected', because: `${place.role} ${place.name} has its directory in rig ${rig.name}`};
  }
  if (rig.pending.some(each => each.name === place.name && takenAt - each.at < PENDING_LIFE_MS)) {
    return {standing: 'unknown', because: `${place.name} is reserved by a spawn in progress`};
  }
  return place.role === 'polecat' || place.role === 'crew'
    ? {standing: 'unexpected', because: `rig ${rig.name} has no ${place.role} directory ${place.name}`}
    : {standing: 'expected', because: `rig ${rig.name} is registered`};
};
