// What a project's file would change once it were approved, key by key: what `rigtop trust` shows. Reads files, never writes.
import {basename, dirname, join, resolve} from 'node:path';
import {type ConfigOrigin, PROJECT_FILE} from './config-files.ts';
import {type ConfigNote, combineLayers, type Layer, readLayers, type Standing} from './layers.ts';
import {keyProblems, type LoadRequest} from './load.ts';
import {joinKeyPath, type KeyPath} from './locate-key.ts';
import {waitingKeys, withoutApproval} from './merge.ts';
import type {ConfigProblem} from './problem.ts';
import {approvedName} from './trust-file.ts';

export interface Change {
  /** `rigs[0].path`. */
  readonly key: string;
  /** As JSON; paths are absolute. */
  readonly value: string;
  /** What is in force now, as JSON; null where nothing is, or the default. */
  readonly now: string | null;
  /** Its value is, or may be, run. */
  readonly runs: boolean;
}

export interface Review {
  readonly file: string;
  /** The name by which it is approved. */
  readonly name: string;
  readonly digest: string;
  readonly standing: Standing;
  /** In force without approval. */
  readonly free: readonly Change[];
  /** In force only by approval. */
  readonly changes: readonly Change[];
  /** What it does not get even then, in words. */
  readonly leftOut: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

export type ReviewAnswer =
  | {readonly state: 'ok'; readonly review: Review}
  | {readonly state: 'missing'}
  | {readonly state: 'ignored'; readonly because: string};

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const holdsTables = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.some(isTable);

/** Keys with single values and lists of words, in order; tables are walked through. */
const leavesOf = (value: unknown, path: KeyPath = []): readonly {readonly path: KeyPath; readonly value: unknown}[] => {
  if (holdsTables(value)) {
    return value.flatMap((one, index) => leavesOf(one, [...path, index]));
  }
  return isTable(value) ? Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...path, key])) : [{path, value}];
};

const isRun = (path: KeyPath): boolean => path.at(-1) === 'command' || joinKeyPath(path) === 'supervise.notify';

/** Elements of lists of tables are added, never changed: only what has a name of its own has a value now. */
const valueNow = (values: unknown, path: KeyPath): unknown =>
  path.reduce<unknown>(
    (value, part) => (typeof part === 'string' && isTable(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    values,
  );

const changesOf = (part: unknown, before: unknown): readonly Change[] =>
  leavesOf(part).map(({path, value}) => {
    const now = valueNow(before, path);
    return {
      key: joinKeyPath(path),
      value: JSON.stringify(value),
      now: now === undefined ? null : JSON.stringify(now),
      runs: isRun(path),
    };
  });

/** The nearest project file from a directory upwards; null where there is none that is the user's. */
export const nearestProjectFile = async (request: LoadRequest): Promise<string | null> => {
  const isProject = ({origin}: {readonly origin: ConfigOrigin}): boolean => origin === 'found';
  return (await readLayers(request)).layers.findLast(isProject)?.file ?? null;
};

/** The file that a person means by a directory, or by the file itself. */
export const projectFileIn = (given: string, cwd: string): string => {
  const path = resolve(cwd, given);
  return basename(path) === PROJECT_FILE ? path : join(path, PROJECT_FILE);
};

/** Seen from its own directory, where it counts together with those above and with the person's own. */
export const reviewProject = async (request: LoadRequest, file: string): Promise<ReviewAnswer> => {
  const {layers, notes} = await readLayers({...request, cwd: dirname(file)});
  const layer = layers.find(one => one.file === file);
  if (layer === undefined) {
    const ignored = notes.find(note => note.file === file);
    return ignored === undefined ? {state: 'missing'} : {state: 'ignored', because: ignored.message};
  }
  const standing = (as: Standing): readonly Layer[] => layers.map(one => (one === layer ? {...layer, standing: as} : one));
  const {values: before} = combineLayers(standing('waiting'));
  const {values: after, notes: all} = combineLayers(standing('approved'));
  const own = (note: ConfigNote): boolean => note.file === file;
  const waiting = new Set(waitingKeys(layer.values));
  return {
    state: 'ok',
    review: {
      file,
      name: await approvedName(file),
      digest: layer.digest(),
      standing: layer.standing,
      free: changesOf(withoutApproval(layer.values), {}),
      changes: changesOf(Object.fromEntries(Object.entries(layer.values).filter(([key]) => waiting.has(key))), before),
      leftOut: all.filter(own).map(({message}) => message),
      problems: [...layer.problems, ...(await keyProblems(after.keys ?? {}, standing('approved'), request.checkKeys))],
    },
  };
};
