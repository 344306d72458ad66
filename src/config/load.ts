// Finds, reads and merges the configuration. Reads files, never writes; the validator is loaded only where a file exists.
import {homedir} from 'node:os';
import {dirname} from 'node:path';
import type {Settings} from '../core/domain/settings.ts';
import {type Candidate, type ConfigPlace, configCandidates, readConfigText} from './config-files.ts';
import {DEFAULT_INTERVAL_MS, DEFAULT_SUPERVISE_INTERVAL_MS} from './defaults.ts';
import {parseDuration} from './durations.ts';
import {mergeConfig} from './merge.ts';
import type {ConfigProblem} from './problem.ts';
import type {ConfigFile, THEME_NAMES} from './schema.ts';
import {anchorPaths, type FlagSettings, toSettings} from './settings.ts';

export interface ConfigFlags extends FlagSettings {
  readonly readOnly: boolean;
}

export type ThemeName = (typeof THEME_NAMES)[number];

export interface LoadedConfig {
  readonly settings: Settings;
  readonly intervalMs: number;
  readonly readOnly: boolean;
  readonly theme: ThemeName;
  /** Keys per action of the screen; an empty list unbinds. Only what files say. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly supervise: {readonly intervalMs: number; readonly keep: readonly string[]};
  /** Files that were read, lowest precedence first. */
  readonly files: readonly string[];
  readonly problems: readonly ConfigProblem[];
  /** A broken file still shows the fleet, but what it meant to protect is not known: nothing may be acted on. */
  readonly refusesActions: boolean;
}

export interface LoadRequest {
  readonly path?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: ConfigFlags;
}

interface Layer {
  readonly file: string;
  readonly values: ConfigFile;
  readonly problems: readonly ConfigProblem[];
}

const readLayer = async (candidate: Candidate, home: string): Promise<Layer | null> => {
  const read = await readConfigText(candidate);
  switch (read.state) {
    case 'missing':
      return null;
    case 'unusable':
      return {file: candidate.path, values: {}, problems: [{file: candidate.path, line: null, key: null, message: read.because}]};
    case 'ok': {
      const {parseConfig} = await import('./parse-config.ts');
      const {values, problems} = parseConfig(candidate.path, read.text);
      return {file: candidate.path, values: anchorPaths(values, dirname(candidate.path), home), problems};
    }
  }
};

/** Never throws for what a file contains or for a file that cannot be read: that becomes a problem, and actions are refused. */
export const loadConfig = async (request: LoadRequest): Promise<LoadedConfig> => {
  const home = request.env.HOME || homedir();
  const place: ConfigPlace = {cwd: request.cwd, home, env: request.env, path: request.path};
  const layers = (await Promise.all(configCandidates(place).map(candidate => readLayer(candidate, home)))).filter(layer => layer !== null);
  const values = layers.map(layer => layer.values).reduce(mergeConfig, {});
  const problems = layers.flatMap(layer => layer.problems);
  return {
    settings: toSettings(values, request.flags, request.cwd, home),
    intervalMs: parseDuration(values.interval ?? '') ?? DEFAULT_INTERVAL_MS,
    readOnly: request.flags.readOnly || values.read_only === true,
    theme: values.theme?.name ?? 'dark',
    keys: values.keys ?? {},
    supervise: {
      intervalMs: parseDuration(values.supervise?.interval ?? '') ?? DEFAULT_SUPERVISE_INTERVAL_MS,
      keep: values.supervise?.keep ?? [],
    },
    files: layers.map(layer => layer.file),
    problems,
    refusesActions: problems.length > 0,
  };
};
