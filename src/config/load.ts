// Finds, reads and merges the configuration. Reads files, never writes; the validator is loaded only where a file exists.
import type {FindingKind} from '../core/domain/finding.ts';
import type {Settings} from '../core/domain/settings.ts';
import type {ConfigFile, THEME_NAMES} from './config-schema.ts';
import {
  DEFAULT_CLEANUP_AGE_MS,
  DEFAULT_CLEANUPS_PER_HOUR,
  DEFAULT_INTERVAL_MS,
  DEFAULT_LIST_MS,
  DEFAULT_SUPERVISE_INTERVAL_MS,
} from './defaults.ts';
import {parseDuration} from './durations.ts';
import {type FlagSettings, toSettings} from './effective-settings.ts';
import {type ConfigNote, combineLayers, homeOf, inForce, type Layer, type LayersRequest, readLayers} from './layers.ts';
import {formatKeyPath} from './locate-key.ts';
import {type ConfigProblem, limitProblems} from './problem.ts';
import {withRealPaths} from './real-paths.ts';

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

/** Who is told of agents that need a person. */
export interface NotifyConfig {
  readonly bell: boolean;
  /** Program and arguments; null when none is to be run. */
  readonly command: readonly string[] | null;
}

/** How programs are run on a machine, each word with `{name}` for its name. */
export interface MachineVia {
  readonly via: readonly string[];
  readonly terminal: readonly string[];
}

/** One machine, or a program that names some; `via` null is the user's own ssh. */
export type MachineConfig = {readonly via: MachineVia | null} & (
  | {readonly name: string}
  | {readonly from: readonly string[]; readonly everyMs: number}
);

/** What agents may do through rigtop. */
export interface GuardConfig {
  /** Whether they may stop what is their own. */
  readonly allowStop: boolean;
  /** What becomes of commands of which it cannot be told whom they would end. */
  readonly undecided: 'ask' | 'deny';
}

type KeysPerAction = Readonly<Record<string, readonly string[]>>;

export interface LoadedConfig {
  readonly settings: Settings;
  readonly intervalMs: number;
  readonly readOnly: boolean;
  /** Null where nobody has said. */
  readonly theme: ThemeName | null;
  /** Keys per action of the screen; an empty list unbinds. Only what files say. */
  readonly keys: KeysPerAction;
  readonly supervise: SuperviseConfig;
  readonly notify: NotifyConfig;
  readonly guard: GuardConfig;
  /** In the order of the file; only the person's own says any. */
  readonly machines: readonly MachineConfig[];
  /** Files that were read, lowest precedence first. */
  readonly files: readonly string[];
  /** At most so many that they fit on a screen. */
  readonly problems: readonly ConfigProblem[];
  /** What waits for approval, is left out or is ignored: no fault, at most a line for each file. */
  readonly notes: readonly ConfigNote[];
  /** A broken file still shows the fleet, but what it meant to protect is not known: nothing may be acted on. */
  readonly refusesActions: boolean;
}

export interface LoadRequest extends LayersRequest {
  readonly flags: ConfigFlags;
  /** Names of the multiplexers that a register may name: they are known to the sources only. */
  readonly multiplexers?: readonly string[];
  /** What is wrong with keys per action; the actions are known to the screen only. */
  readonly checkKeys?: (keys: KeysPerAction) => Promise<readonly {readonly action: string; readonly problem: string}[]>;
}

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

const toNotify = ({notify: {bell = false, command = []} = {}}: ConfigFile): NotifyConfig => ({
  bell,
  command: command.length === 0 ? null : command,
});

/** Programs that run something in a container take `-i` for its input alone, `-it` for a terminal. */
const withTerminal = (via: readonly string[]): readonly string[] => via.map(word => (word === '-i' ? '-it' : word));

const toMachines = ({machines = []}: ConfigFile): readonly MachineConfig[] =>
  machines.flatMap(({name, from, every, via, terminal}): readonly MachineConfig[] => {
    const way = {via: via === undefined ? null : {via, terminal: terminal ?? withTerminal(via)}};
    if (name !== undefined) {
      return [{...way, name}];
    }
    return from === undefined ? [] : [{...way, from, everyMs: parseDuration(every ?? '') ?? DEFAULT_LIST_MS}];
  });

/** Keys of several files may contradict each other, so they are checked once merged, and told where the nearest file binds the action. */
export const keyProblems = async (
  keys: KeysPerAction,
  layers: readonly Layer[],
  check: LoadRequest['checkKeys'],
): Promise<readonly ConfigProblem[]> => {
  const found = Object.keys(keys).length === 0 || check === undefined ? [] : await check(keys);
  const counting = layers.filter(layer => inForce(layer).keys !== undefined);
  return found.flatMap(({action, problem}) => {
    const layer = counting.findLast(({values}) => Object.hasOwn(values.keys ?? {}, action)) ?? counting.at(-1);
    return layer === undefined
      ? []
      : [{file: layer.file, line: layer.locate(['keys', action]), key: formatKeyPath(['keys', action]), message: problem}];
  });
};

/** Which multiplexers there are is known to whoever starts rigtop, so that no schema names them. */
export const multiplexerProblems = (
  layers: readonly Pick<Layer, 'file' | 'values' | 'locate'>[],
  names: LoadRequest['multiplexers'],
): readonly ConfigProblem[] =>
  layers.flatMap(layer =>
    (layer.values.registers ?? []).flatMap(({multiplexer}, at) => {
      if (multiplexer === undefined || names === undefined || names.includes(multiplexer)) {
        return [];
      }
      const key = ['registers', at, 'multiplexer'];
      return [{file: layer.file, line: layer.locate(key), key: formatKeyPath(key), message: `must be one of ${names.join(', ')}`}];
    }),
  );

/** Never throws for what a file contains or for a file that cannot be read: that becomes a problem, and actions are refused. */
export const loadConfig = async (request: LoadRequest): Promise<LoadedConfig> => {
  const {layers, notes} = await readLayers(request);
  const {values, notes: leftOut} = combineLayers(layers);
  const wrongKeys = await keyProblems(values.keys ?? {}, layers, request.checkKeys);
  const problems = limitProblems([
    ...layers.flatMap(layer => layer.problems),
    ...wrongKeys,
    ...multiplexerProblems(layers, request.multiplexers),
  ]);
  return {
    settings: await withRealPaths(toSettings(values, request.flags, request.cwd, homeOf(request.env))),
    intervalMs: parseDuration(values.interval ?? '') ?? DEFAULT_INTERVAL_MS,
    readOnly: request.flags.readOnly || values.read_only === true,
    theme: values.theme?.name ?? null,
    keys: wrongKeys.length > 0 ? {} : (values.keys ?? {}),
    supervise: toSupervise(values),
    notify: toNotify(values),
    guard: {allowStop: values.guard?.allow_stop ?? false, undecided: values.guard?.undecided ?? 'ask'},
    machines: toMachines(values),
    files: layers.map(layer => layer.file),
    problems,
    notes: [...notes, ...leftOut],
    refusesActions: problems.length > 0,
  };
};
