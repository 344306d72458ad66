// A merged configuration → the settings that the core decides by. Pure.
import {isAbsolute, resolve} from 'node:path';
import type {ConfiguredRegister, ConfiguredRig, RuntimeSignature, Settings} from '../core/domain/settings.ts';
import {expandHome} from './config-files.ts';
import type {ConfigFile} from './config-schema.ts';
import {DEFAULT_SETTINGS} from './defaults.ts';
import {parseDuration} from './durations.ts';

const absolute = (path: string, directory: string, home: string): string => resolve(directory, expandHome(path, home));

/** A pattern that starts with a wildcard means any directory; every other relative one starts where the file is. */
const protectedPath = (path: string, directory: string, home: string): string => {
  const expanded = expandHome(path, home);
  return isAbsolute(expanded) || expanded.startsWith('*') ? expanded : resolve(directory, expanded);
};

/** The same values with every path absolute: relative ones are relative to the file they stand in. */
export const anchorPaths = (values: ConfigFile, directory: string, home: string): ConfigFile => {
  const anchored = <T extends {path: string}>(places: readonly T[]): T[] =>
    places.map(place => ({...place, path: absolute(place.path, directory, home)}));
  const paths = values.protect?.paths?.map(path => protectedPath(path, directory, home));
  return {
    ...values,
    ...(values.towns && {towns: anchored(values.towns)}),
    ...(values.repos && {repos: anchored(values.repos)}),
    ...(values.rigs && {rigs: anchored(values.rigs)}),
    ...(values.registers && {registers: values.registers.map(each => ({...each, file: absolute(each.file, directory, home)}))}),
    ...(values.protect && {protect: {...values.protect, ...(paths && {paths})}}),
  };
};

const milliseconds = (text: string | undefined, otherwise: number): number =>
  (text === undefined ? null : parseDuration(text)) ?? otherwise;

const configuredRigs = (values: ConfigFile): readonly ConfiguredRig[] =>
  (values.rigs ?? []).map(rig => ({
    name: rig.name,
    path: rig.path,
    session: rig.session ?? null,
    slots: rig.slots ?? 0,
    slotStride: rig.slot_stride ?? 1,
    services: (rig.services ?? []).map(service => ({
      name: service.name,
      basePort: service.base_port,
      command: service.command ?? null,
    })),
  }));

const configuredRegisters = (values: ConfigFile): readonly ConfiguredRegister[] =>
  (values.registers ?? []).map(register => ({
    name: register.name,
    file: register.file,
    list: register.list ?? '',
    id: register.id,
    session: register.session,
    status: register.status,
    active: register.active ?? ['active'],
    updated: register.updated ?? null,
    multiplexer: register.multiplexer ?? 'tmux',
    close: register.close ?? null,
  }));

/** A configured runtime replaces every built-in row of its name. */
const mergedRuntimes = (values: ConfigFile): readonly RuntimeSignature[] => {
  const configured = Object.entries(values.runtimes ?? {}).map(
    ([name, runtime]): RuntimeSignature => ({
      name,
      processNames: runtime.process_names,
      scripts: runtime.scripts ?? runtime.process_names,
      args: runtime.args ?? [],
    }),
  );
  const names = new Set(configured.map(runtime => runtime.name));
  return [...configured, ...DEFAULT_SETTINGS.runtimes.filter(runtime => !names.has(runtime.name))];
};

export interface FlagSettings {
  readonly towns: readonly string[];
  readonly repos: readonly string[];
  readonly sockets: readonly string[];
}

/** Flags add places to look at; sockets narrow. Relative paths on the command line start at `cwd`. */
export const toSettings = (values: ConfigFile, flags: FlagSettings, cwd: string, home: string): Settings => {
  const places = (configured: readonly {path: string}[] | undefined, given: readonly string[]): readonly string[] => [
    ...new Set([...given.map(path => absolute(path, cwd, home)), ...(configured ?? []).map(place => place.path)]),
  ];
  return {
    orphanMinAgeMs: milliseconds(values.thresholds?.orphan_min_age, DEFAULT_SETTINGS.orphanMinAgeMs),
    confirmGapMs: milliseconds(values.thresholds?.confirm_gap, DEFAULT_SETTINGS.confirmGapMs),
    termGraceMs: milliseconds(values.thresholds?.term_grace, DEFAULT_SETTINGS.termGraceMs),
    protect: {
      sessions: values.protect?.sessions ?? [],
      commands: values.protect?.commands ?? [],
      paths: values.protect?.paths ?? [],
    },
    runtimes: mergedRuntimes(values),
    towns: places(values.towns, flags.towns),
    repos: places(values.repos, flags.repos),
    rigs: configuredRigs(values),
    registers: configuredRegisters(values),
    sockets: flags.sockets.length === 0 ? null : flags.sockets.map(socket => (socket.includes('/') ? absolute(socket, cwd, home) : socket)),
  };
};
