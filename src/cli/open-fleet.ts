// Configuration, host and engine of one command. Commands that only look get an engine without hands.
import {homeOf} from '../config/layers.ts';
import {type ConfigFlags, type LoadedConfig, type LoadRequest, loadConfig} from '../config/load.ts';
import {trustPath} from '../config/trust-file.ts';
import {stateDirectory} from '../core/act/state-directory.ts';
import {createEngine, type Engine, type MakePerform} from '../core/engine.ts';
import type {Host} from '../core/os/host.ts';
import {createHost} from '../core/os/real-host.ts';
import {MARKERS, SOURCES} from '../sources/sources.ts';
import type {Invocation} from './command.ts';
import {configSources} from './config-sources.ts';
import {patiently} from './progress-line.ts';

export interface OpenFleet {
  readonly config: LoadedConfig;
  readonly host: Host;
  readonly engine: Engine;
}

/** What every command reads its configuration by. */
export const configRequest = ({io, flags}: Pick<Invocation, 'io' | 'flags'>): LoadRequest & {readonly trust: string} => {
  const given: ConfigFlags = {towns: flags.towns, repos: flags.repos, sockets: flags.sockets, readOnly: flags.readOnly};
  return {
    path: flags.config,
    cwd: io.cwd,
    env: io.env,
    flags: given,
    trust: trustPath(stateDirectory(io.env, homeOf(io.env))),
    multiplexers: SOURCES.flatMap(({name, multiplexer}) => (multiplexer === undefined ? [] : [name])),
    checkKeys: async keys => (await import('./screen/check-keys.ts')).checkKeys(keys),
  };
};

export const readConfig = (invocation: Pick<Invocation, 'io' | 'flags'>): Promise<LoadedConfig> => loadConfig(configRequest(invocation));

/** The machine, as far as this call may see it. */
export const openHost = ({io, restrict = host => host}: Pick<Invocation, 'io' | 'restrict'>): Host =>
  restrict(createHost({markers: MARKERS, env: io.env, cwd: io.cwd}));

/**
 * `makePerform` builds the part that acts; it is left out in read-only mode and where the configuration is broken.
 */
export const openFleet = (
  invocation: Pick<Invocation, 'io' | 'restrict'>,
  config: LoadedConfig,
  makePerform: MakePerform | null = null,
  {readsScreens = false}: {readonly readsScreens?: boolean} = {},
): OpenFleet => {
  const {settings, readOnly, refusesActions} = config;
  const {io} = invocation;
  const host = openHost(invocation);
  const hands = readOnly || refusesActions ? null : makePerform;
  const engine = createEngine({host, settings, sources: SOURCES, makePerform: hands, observed: configSources(config), readsScreens});
  const refreshUntilSettled: Engine['refreshUntilSettled'] = () =>
    patiently(io, () => 'looking at the machine', engine.refreshUntilSettled());
  return {config, host, engine: {...engine, refreshUntilSettled}};
};
