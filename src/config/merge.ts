// One configuration out of several files: the person's own word first, what projects add behind it. Pure.

import type {ConfigFile} from './config-schema.ts';
import {MOST_SLOT_SERVICES} from './limits.ts';
import {BUILT_IN_RUNTIMES} from './runtime-table.ts';
import {slotServices} from './slot-services.ts';

/** Keys that count in a project's file whoever wrote it: they can only make rigtop do less. */
const FREE = ['protect', 'read_only', 'theme'] as const;

/** What of a project's file counts before anybody has approved it. */
export const withoutApproval = (values: ConfigFile): ConfigFile =>
  Object.fromEntries(Object.entries(values).filter(([key]) => (FREE as readonly string[]).includes(key))) as ConfigFile;

/** Top-level keys that wait for approval, in the order of the file. */
export const waitingKeys = (values: ConfigFile): readonly string[] =>
  Object.keys(values).filter(key => !(FREE as readonly string[]).includes(key));

/** Something that even an approved project file does not get. */
export interface Refused {
  /** `rig search`. */
  readonly what: string;
  readonly because: string;
}

export interface Merged {
  readonly values: ConfigFile;
  readonly refused: readonly Refused[];
}

const joined = (a: readonly string[] = [], b: readonly string[] = []): string[] => [...new Set([...a, ...b])];

const defined = <T extends object>(table: T): T =>
  Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined)) as T;

/** Each of `more` that nothing stands against, behind those that are there. */
const appended = <T>(
  have: readonly T[] | undefined,
  more: readonly T[] | undefined,
  against: (one: T, all: readonly T[]) => Refused | null,
): {readonly all: T[] | undefined; readonly refused: readonly Refused[]} => {
  const all = [...(have ?? [])];
  const refused: Refused[] = [];
  for (const one of more ?? []) {
    const reason = against(one, all);
    if (reason === null) {
      all.push(one);
    } else {
      refused.push(reason);
    }
  }
  return {all: have === undefined && more === undefined ? undefined : all, refused};
};

type Rig = NonNullable<ConfigFile['rigs']>[number];

const againstRig = (rig: Rig, all: readonly Rig[]): Refused | null => {
  const what = `rig ${rig.name}`;
  if (all.some(({name}) => name === rig.name)) {
    return {what, because: 'there is one of that name already'};
  }
  const there = all.find(({path}) => path === rig.path);
  if (there !== undefined) {
    return {what, because: `its directory is that of rig ${there.name}`};
  }
  const total = [...all, rig].reduce((sum, each) => sum + slotServices(each), 0);
  return total > MOST_SLOT_SERVICES ? {what, because: `all rigs would have more than ${MOST_SLOT_SERVICES} services in their slots`} : null;
};

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_RUNTIMES.map(({name}) => name));

const addRuntimes = (have: ConfigFile['runtimes'], more: ConfigFile['runtimes']) => {
  const against = ([name]: readonly [string, unknown], all: readonly (readonly [string, unknown])[]): Refused | null => {
    const what = `runtime ${name}`;
    if (all.some(([taken]) => taken === name)) {
      return {what, because: 'there is one of that name already'};
    }
    return BUILT_IN.has(name) ? {what, because: 'it is built in, and only your own configuration may say otherwise'} : null;
  };
  const {all, refused} = appended(have && Object.entries(have), more && Object.entries(more), against);
  return {all: all && Object.fromEntries(all), refused};
};

const againstPlace = ({path}: {readonly path: string}, all: readonly {readonly path: string}[]): Refused | null =>
  all.some(place => place.path === path) ? {what: path, because: 'it is there already'} : null;

const addSupervise = (
  have: ConfigFile['supervise'],
  more: ConfigFile['supervise'],
): Pick<Merged, 'refused'> & {all: ConfigFile['supervise']} => {
  if (have === undefined || more === undefined) {
    return {all: have ?? more, refused: []};
  }
  const keep = have.keep === undefined && more.keep === undefined ? undefined : joined(have.keep, more.keep);
  const refused = (['notify', 'cleanup'] as const)
    .filter(key => have[key] !== undefined && more[key] !== undefined)
    .map(key => ({what: `supervise.${key}`, because: 'your own stays'}));
  return {all: defined({...more, ...have, keep, interval: more.interval ?? have.interval}), refused};
};

/**
 * What a project's file adds to `under`. Lists add and names that are taken stay with whom they have; single values (interval,
 * thresholds, theme) are the nearer file's; protection adds up; read-only stays read-only.
 */
export const addProject = (under: ConfigFile, project: ConfigFile): Merged => {
  const rigs = appended(under.rigs, project.rigs, againstRig);
  const registers = appended(under.registers, project.registers, ({name}, all) =>
    all.some(each => each.name === name) ? {what: `register ${name}`, because: 'there is one of that name already'} : null,
  );
  const runtimes = addRuntimes(under.runtimes, project.runtimes);
  const supervise = addSupervise(under.supervise, project.supervise);
  const places = {
    towns: appended(under.towns, project.towns, againstPlace).all,
    repos: appended(under.repos, project.repos, againstPlace).all,
  };
  const protect = {
    sessions: joined(under.protect?.sessions, project.protect?.sessions),
    commands: joined(under.protect?.commands, project.protect?.commands),
    paths: joined(under.protect?.paths, project.protect?.paths),
  };
  const values: ConfigFile = defined({
    ...under,
    interval: project.interval ?? under.interval,
    thresholds: under.thresholds || project.thresholds ? {...under.thresholds, ...project.thresholds} : undefined,
    theme: under.theme || project.theme ? {...under.theme, ...project.theme} : undefined,
    read_only: under.read_only === true || project.read_only,
    keys: under.keys || project.keys ? {...project.keys, ...under.keys} : undefined,
    ...places,
    rigs: rigs.all,
    registers: registers.all,
    runtimes: runtimes.all,
    supervise: supervise.all,
    protect: under.protect || project.protect ? protect : undefined,
  });
  const notify = project.notify === undefined ? [] : [{what: 'notify', because: 'only your own configuration says who is told'}];
  const guard = project.guard === undefined ? [] : [{what: 'guard', because: 'only your own configuration says what agents may end'}];
  return {values, refused: [...notify, ...guard, ...rigs.refused, ...registers.refused, ...runtimes.refused, ...supervise.refused]};
};

/** The file that was named on the command line is nearer than any project's: its single values win. */
export const nearest = (values: ConfigFile, named: ConfigFile): ConfigFile =>
  defined({
    ...values,
    interval: named.interval ?? values.interval,
    thresholds: values.thresholds && {...values.thresholds, ...named.thresholds},
    theme: values.theme && {...values.theme, ...named.theme},
    supervise: values.supervise && defined({...values.supervise, interval: named.supervise?.interval ?? values.supervise.interval}),
  });
