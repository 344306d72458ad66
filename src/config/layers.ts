// Configuration files as layers: what each says, whose word it is, and what of it counts. Reads files.

import {homedir} from 'node:os';
import {dirname} from 'node:path';
import {shellWord} from '../core/domain/shell-word.ts';
import {firstOf} from '../words/counts.ts';
import {type ConfigOrigin, type ConfigPlace, type ReadCandidate, readConfigFiles} from './config-files.ts';
import type {ConfigFile} from './config-schema.ts';
import {anchorPaths} from './effective-settings.ts';
import type {Locator} from './locate-key.ts';
import {addProject, nearest, type Refused, waitingKeys, withoutApproval} from './merge.ts';
import type {ConfigProblem} from './problem.ts';
import {approvedName, readTrust, type Trust} from './trust-file.ts';

/**
 * How a file stands: `word` is the person's own. A project's file is `free` where it only protects, else `approved`, `waiting`, or
 * `changed`: approved once, and other than it was then.
 */
export type Standing = 'word' | 'free' | 'approved' | 'waiting' | 'changed';

export interface Layer {
  readonly file: string;
  readonly origin: ConfigOrigin;
  readonly standing: Standing;
  /** SHA-256 of the content; empty where it could not be read. */
  readonly digest: () => string;
  /** All that is valid in it, approved or not. Paths are absolute. */
  readonly values: ConfigFile;
  readonly problems: readonly ConfigProblem[];
  readonly locate: Locator;
}

/** A line about a file that is no fault: what waits, what is left out, whose file is ignored. */
export interface ConfigNote {
  readonly file: string;
  readonly message: string;
  /** What to do about it, or what follows. */
  readonly hint: string;
}

export interface Layers {
  /** Lowest precedence first. */
  readonly layers: readonly Layer[];
  readonly notes: readonly ConfigNote[];
}

export interface LayersRequest {
  readonly path?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file with the approvals; without one nothing of a project is approved. */
  readonly trust?: string | undefined;
}

/** HOME, else what the system’s list of users says; a user without an entry in it has no home. */
export const homeOf = (env: LayersRequest['env']): string => {
  try {
    return env.HOME || homedir();
  } catch {
    return '/';
  }
};

/** What is run to reach a machine is a person's own word: no approval of a project's file makes it one. */
const FOREIGN_MACHINES = 'only your own configuration may name machines: move it there';

const withoutMachines = (values: ConfigFile): ConfigFile => {
  const {machines, ...rest} = values;
  return machines === undefined ? values : rest;
};

const UNREAD = {digest: () => '', values: {}, locate: () => null} as const;

const parseLayer = async ({candidate, read}: ReadCandidate, home: string): Promise<Omit<Layer, 'standing'> | null> => {
  const {path: file, origin} = candidate;
  switch (read.state) {
    case 'missing':
    case 'ignored':
      return null;
    case 'unusable':
      return {...UNREAD, file, origin, problems: [{file, line: null, key: null, message: read.because}]};
    case 'ok': {
      const {parseConfig} = await import('./parse-config.ts');
      const {values, problems, locate} = parseConfig(file, read.text);
      const own = origin === 'found' ? withoutMachines(values) : values;
      const foreign = own === values ? [] : [{file, line: locate(['machines']), key: 'machines', message: FOREIGN_MACHINES}];
      return {
        file,
        origin,
        digest: read.digest,
        values: anchorPaths(own, dirname(file), home),
        problems: [...problems, ...foreign],
        locate,
      };
    }
  }
};

const standingOf = async ({file, origin, digest, values}: Omit<Layer, 'standing'>, trust: Trust | null): Promise<Standing> => {
  if (origin !== 'found') {
    return 'word';
  }
  if (waitingKeys(values).length === 0) {
    return 'free';
  }
  const name = await approvedName(file);
  const approvals = trust?.state === 'ok' ? trust.approved.filter(({path}) => path === name) : [];
  if (approvals.some(approval => approval.digest === digest())) {
    return 'approved';
  }
  return approvals.length > 0 ? 'changed' : 'waiting';
};

const listed = (words: readonly string[]): string => firstOf(words, 6);

const waitingNote = ({file, standing, values}: Layer, trust: Trust | null): readonly ConfigNote[] => {
  if (standing !== 'waiting' && standing !== 'changed') {
    return [];
  }
  const plain = standing === 'changed' ? 'has changed, and waits for your approval again' : 'waits for your approval';
  const head = trust?.state === 'unusable' ? `waits, because the file of your approvals ${trust.because}` : plain;
  const message = `${head}: ${listed(waitingKeys(values))}`;
  return [{file, message, hint: `rigtop trust ${shellWord(dirname(file))} shows what it would change`}];
};

/** Never throws for what files contain or for files that cannot be read: that becomes a problem or a note. */
export const readLayers = async ({path, cwd, env, trust: trustFile}: LayersRequest): Promise<Layers> => {
  const home = homeOf(env);
  const place: ConfigPlace = {cwd, home, env, path};
  const files = await readConfigFiles(place);
  const parsed = (await Promise.all(files.map(file => parseLayer(file, home)))).filter(layer => layer !== null);
  const asks = trustFile !== undefined && parsed.some(layer => layer.origin === 'found' && waitingKeys(layer.values).length > 0);
  const trust = asks ? await readTrust(trustFile) : null;
  const layers = await Promise.all(parsed.map(async layer => ({...layer, standing: await standingOf(layer, trust)})));
  const ignored = files.flatMap(({candidate, read}): readonly ConfigNote[] =>
    read.state === 'ignored' ? [{file: candidate.path, message: read.because, hint: 'nothing in it counts'}] : [],
  );
  return {layers, notes: [...ignored, ...layers.flatMap(layer => waitingNote(layer, trust))]};
};

export interface Combined {
  readonly values: ConfigFile;
  /** What approved files asked for and do not get. */
  readonly notes: readonly ConfigNote[];
}

const refusedNote = (file: string, refused: readonly Refused[]): readonly ConfigNote[] =>
  refused.length === 0
    ? []
    : [{file, message: `left out: ${listed(refused.map(({what, because}) => `${what} (${because})`))}`, hint: 'rename or remove it there'}];

/** What of a layer counts. */
export const inForce = ({standing, values}: Layer): ConfigFile =>
  standing === 'word' || standing === 'approved' ? values : withoutApproval(values);

/** The person's own word first; projects, from far to near, add to it. */
export const combineLayers = (layers: readonly Layer[]): Combined => {
  const own = layers.find(({origin}) => origin !== 'found');
  const notes: ConfigNote[] = [];
  let values: ConfigFile = own?.values ?? {};
  for (const layer of layers.filter(({origin}) => origin === 'found')) {
    const merged = addProject(values, inForce(layer));
    values = merged.values;
    notes.push(...refusedNote(layer.file, merged.refused));
  }
  return {values: own?.origin === 'named' ? nearest(values, own.values) : values, notes};
};
