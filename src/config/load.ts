// Finds, reads and merges the configuration. Reads files, never writes; the validator is loaded only where a file exists.
import {homedir} from 'node:os';
import {dirname} from 'node:path';
import type {FindingKind} from '../core/domain/finding.ts';
import type {Settings} from '../core/domain/settings.ts';
import {type Candidate, type ConfigPlace, configCandidates, readConfigText} from './config-files.ts';
import {DEFAULT_CLEANUP_AGE_MS, DEFAULT_CLEANUPS_PER_HOUR, DEFAULT_INTERVAL_MS, DEFAULT_SUPERVISE_INTERVAL_MS} from './defaults.ts';
import {parseDuration} from './durations.ts';
import {locateKey} from './locate-key.ts';
import {mergeConfig} from './merge.ts';
import type {ConfigProblem} from './problem.ts';
import {withRealPaths} from './real-paths.ts';
import type {ConfigFile, THEME_NAMES} from './schema.ts';
import {anchorPaths, type FlagSettings, toSettings} from './settings.ts';

export interface ConfigFlags extends FlagSettings {
  readonly readOnly: boolean;
}

export type ThemeName = (typeof THEME_NAMES)[number];

export interface SuperviseConfig {
  readonly intervalMs: number;
  readonly keep: readonly string[];
  /** Program and arguments; null when nobody is to be told. */
  readonly notify: readonly string[] | null;
  readonly cleanup: {readonly kinds: readonly FindingKind[]; readonly minAgeMs: number; readonly perHour: number} | null;
}

type KeysPerAction = Readonly<Record<string, readonly string[]>>;

export interface LoadedConfig {
  readonly settings: Settings;
  readonly intervalMs: number;
  readonly readOnly: boolean;
  readonly theme: ThemeName;
  /** Keys per action of the screen; an empty list unbinds. Only what files say. */
  readonly keys: KeysPerAction;
  readonly supervise: SuperviseConfig;
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
  /** What is wrong with keys per action; the actions are known to the screen only. */
  readonly checkKeys?: (keys: KeysPerAction) => Promise<readonly {readonly action: string; readonly problem: string}[]>;
}

interface Layer {
  readonly file: string;
  /** Beside a project, not the user's own choice. */
  readonly found: boolean;
  readonly text: string;
  readonly values: ConfigFile;
  readonly problems: readonly ConfigProblem[];
}

const readLayer = async (candidate: Candidate, home: string): Promise<Layer | null> => {
  const read = await readConfigText(candidate);
  switch (read.state) {
    case 'missing':
      return null;
    case 'unusable':
      return {
        file: candidate.path,
        found: candidate.found,
        text: '',
        values: {},
        problems: [{file: candidate.path, line: null, key: null, message: read.because}],
      };
    case 'ok': {
      const {parseConfig} = await import('./parse-config.ts');
      const {values, problems} = parseConfig(candidate.path, read.text);
      const layer = {
        file: candidate.path,
        found: candidate.found,
        text: read.text,
        values: anchorPaths(values, dirname(candidate.path), home),
        problems,
      };
      return candidate.found ? withoutOrders(layer) : layer;
    }
  }
};

const toSupervise = ({supervise = {}}: ConfigFile): SuperviseConfig => ({
  intervalMs: parseDuration(supervise.interval ?? '') ?? DEFAULT_SUPERVISE_INTERVAL_MS,
  keep: supervise.keep ?? [],
  notify: supervise.notify === undefined || supervise.notify.length === 0 ? null : supervise.notify,
  cleanup:
    supervise.cleanup === undefined
      ? null
      : {
          kinds: supervise.cleanup.kinds,
          minAgeMs: parseDuration(supervise.cleanup.min_age ?? '') ?? DEFAULT_CLEANUP_AGE_MS,
          perHour: supervise.cleanup.per_hour ?? DEFAULT_CLEANUPS_PER_HOUR,
        },
});

/** Keys of `[supervise]` that a file found beside a project may not set: they run programs and end things unattended. */
const OWN_ORDERS = ['keep', 'notify', 'cleanup'] as const;

const withoutOrders = (layer: Layer): Layer => {
  const {supervise, ...rest} = layer.values;
  const given = OWN_ORDERS.filter(key => supervise?.[key] !== undefined);
  if (supervise === undefined || given.length === 0) {
    return layer;
  }
  const {keep: _, notify: __, cleanup: ___, ...allowed} = supervise;
  const problems = given.map(
    (key): ConfigProblem => ({
      file: layer.file,
      line: locateKey(layer.text, ['supervise', key]),
      key: `supervise.${key}`,
      message: 'belongs into your own configuration: a project’s file may not say what is run or ended unattended',
    }),
  );
  return {...layer, values: {...rest, supervise: allowed}, problems: [...layer.problems, ...problems]};
};

/** Keys of several files may contradict each other, so they are checked once merged, and told where the nearest file binds the action. */
const keyProblems = async (
  keys: KeysPerAction,
  layers: readonly Layer[],
  check: LoadRequest['checkKeys'],
): Promise<readonly ConfigProblem[]> => {
  const found = Object.keys(keys).length === 0 || check === undefined ? [] : await check(keys);
  return found.flatMap(({action, problem}) => {
    const layer =
      layers.findLast(({values}) => values.keys?.[action] !== undefined) ?? layers.findLast(({values}) => values.keys !== undefined);
    return layer === undefined
      ? []
      : [{file: layer.file, line: locateKey(layer.text, ['keys', action]), key: `keys.${action}`, message: problem}];
  });
};

/** Never throws for what a file contains or for a file that cannot be read: that becomes a problem, and actions are refused. */
export const loadConfig = async (request: LoadRequest): Promise<LoadedConfig> => {
  const home = request.env.HOME || homedir();
  const place: ConfigPlace = {cwd: request.cwd, home, env: request.env, path: request.path};
  const layers = (await Promise.all(configCandidates(place).map(candidate => readLayer(candidate, home)))).filter(layer => layer !== null);
  const values = layers.map(layer => layer.values).reduce(mergeConfig, {});
  const wrongKeys = await keyProblems(values.keys ?? {}, layers, request.checkKeys);
  const problems = [...layers.flatMap(layer => layer.problems), ...wrongKeys];
  return {
    settings: await withRealPaths(toSettings(values, request.flags, request.cwd, home)),
    intervalMs: parseDuration(values.interval ?? '') ?? DEFAULT_INTERVAL_MS,
    // A project's file may forbid acting; it cannot allow what the user has forbidden.
    readOnly: request.flags.readOnly || values.read_only === true || layers.some(layer => !layer.found && layer.values.read_only === true),
    theme: values.theme?.name ?? 'dark',
    keys: wrongKeys.length > 0 ? {} : (values.keys ?? {}),
    supervise: toSupervise(values),
    files: layers.map(layer => layer.file),
    problems,
    refusesActions: problems.length > 0,
  };
};
