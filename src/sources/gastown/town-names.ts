// What a session name may mean in a Gas Town, by its registry. Readings only: a name is never ownership. Pure.
import type {Role} from '../../core/domain/agent.ts';
import type {Town} from '../../core/domain/town.ts';

/** Rigs by the prefix their sessions carry. Several rigs may share one (`gt` is everybody's default). */
export interface SessionRegistry {
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
  /** The town's own name: oldest sessions were called `gt-<town>-mayor`. */
  readonly town: string | null;
}

export interface NameReading {
  /** Null for the town's own agents. */
  readonly rig: string | null;
  readonly role: Role;
  readonly name: string;
  /** `present`: the scheme of the town's tools today; `legacy`: an older one. */
  readonly scheme: 'present' | 'legacy';
}

const TOWN_ROLES = ['mayor', 'deacon', 'boot', 'overseer'] as const;
const LEGACY_TOWN_ROLES = ['mayor', 'deacon', 'boot'] as const;
const LEGACY_PREFIX = 'gt-';

/** The registry of a town as names need it, or one without any rig when it could not be read. */
export const sessionRegistry = (town: Town): SessionRegistry => {
  const prefixes = new Map<string, string[]>();
  for (const rig of town.rigs.known ? town.rigs.value : []) {
    prefixes.set(rig.prefix, [...(prefixes.get(rig.prefix) ?? []), rig.name]);
  }
  return {prefixes, town: town.name};
};

/** `witness`, `crew-max`, `fury` behind a prefix: role and name, or null where the name is missing. */
const parseWorker = (rest: string): {readonly role: Role; readonly name: string} | null => {
  if (rest === 'witness' || rest === 'refinery') {
    return {role: rest, name: rest};
  }
  if (rest.startsWith('crew-')) {
    return rest.length > 'crew-'.length ? {role: 'crew', name: rest.slice('crew-'.length)} : null;
  }
  return rest === '' ? null : {role: 'polecat', name: rest};
};

const parseTownLevel = (name: string): NameReading | null => {
  const role = TOWN_ROLES.find(each => name === `hq-${each}`);
  if (role !== undefined) {
    return {rig: null, role, name: role, scheme: 'present'};
  }
  const dog = 'hq-dog-';
  return name.startsWith(dog) && name.length > dog.length
    ? {rig: null, role: 'dog', name: name.slice(dog.length), scheme: 'present'}
    : null;
};

const longestPrefix = (name: string, registry: SessionRegistry): string | null =>
  [...registry.prefixes.keys()].filter(prefix => name.startsWith(`${prefix}-`)).sort((a, b) => b.length - a.length)[0] ?? null;

/** `<prefix>-<known rig>-<role>`: rig names may hold dashes, so the longest known one that fits wins; nothing is split at dashes. */
const parseLegacyRig = (rest: string, registry: SessionRegistry): NameReading | null => {
  const rigs = [...registry.prefixes.values()].flat();
  const rig = rigs.filter(each => rest.startsWith(`${each}-`)).sort((a, b) => b.length - a.length)[0];
  const worker = rig === undefined ? null : parseWorker(rest.slice(rig.length + 1));
  return rig === undefined || worker === null ? null : {rig, ...worker, scheme: 'legacy'};
};

const parseLegacy = (name: string, prefix: string | null, registry: SessionRegistry): readonly NameReading[] => {
  const readings: NameReading[] = [];
  if (name.startsWith(LEGACY_PREFIX)) {
    const rest = name.slice(LEGACY_PREFIX.length);
    const role = LEGACY_TOWN_ROLES.find(each => rest === each || (registry.town !== null && rest === `${registry.town}-${each}`));
    if (role !== undefined) {
      readings.push({rig: null, role, name: role, scheme: 'legacy'});
    }
  }
  const start = prefix === null ? LEGACY_PREFIX : `${prefix}-`;
  const legacy = name.startsWith(start) ? parseLegacyRig(name.slice(start.length), registry) : null;
  return legacy === null ? readings : [...readings, legacy];
};

/**
 * Everything a session name can mean, best reading first; empty when it is nobody's in this town. `hq-` names of the town come
 * first, then the longest registered prefix (one reading per rig that shares it), then the schemes of older versions.
 * A name without a registered prefix is never taken apart at its dashes: personal sessions look like that
 * (gt, internal/session/identity.go ParseSessionName).
 */
export const parseSessionName = (name: string, registry: SessionRegistry): readonly NameReading[] => {
  const townLevel = parseTownLevel(name);
  if (townLevel !== null) {
    return [townLevel];
  }
  if (name.startsWith('hq-dog-')) {
    return [];
  }
  const prefix = longestPrefix(name, registry);
  const worker = prefix === null ? null : parseWorker(name.slice(prefix.length + 1));
  const present =
    prefix === null || worker === null
      ? []
      : (registry.prefixes.get(prefix) ?? []).map((rig): NameReading => ({rig, ...worker, scheme: 'present'}));
  return [...present, ...parseLegacy(name, prefix, registry)];
};

/** The name that the town's tools give an agent's session today; `prefix` is the rig's, ignored for town-level roles. */
export const sessionNameOf = (role: Role, name: string, prefix: string): string => {
  switch (role) {
    case 'mayor':
    case 'deacon':
    case 'boot':
    case 'overseer':
      return `hq-${role}`;
    case 'dog':
      return `hq-dog-${name}`;
    case 'witness':
    case 'refinery':
      return `${prefix}-${role}`;
    case 'crew':
      return `${prefix}-crew-${name}`;
    default:
      return `${prefix}-${name}`;
  }
};
