// What a supervisor works with, by its configuration, and how that is read again while it runs.
import type {LoadedConfig} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import {createJournalReader} from '../../core/act/journal-reader.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {LoopConfig, LoopParts} from '../../supervise/loop-parts.ts';
import {performWithHands} from '../acting/perform-with-hands.ts';
import type {Invocation} from '../command.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {leavingLine, lineFile, looksAtAll} from '../status-line/leaving-line.ts';
import {DENIALS_BYTES, tellingNeeds} from '../tell-needs.ts';

const blockedBy = ({problems, readOnly}: LoadedConfig, act: boolean): string | null => {
  const [problem] = problems;
  if (problem !== undefined) {
    return formatProblem(problem);
  }
  return act && readOnly ? 'the configuration is read-only' : null;
};

const loopConfigOf = (invocation: Invocation, config: LoadedConfig, act: boolean): LoopConfig => {
  const {command} = config.notify;
  // What agents ask stands on their screens: they are read only where somebody is to be told.
  const readsScreens = command !== null;
  const {engine: looking, host} = openFleet(invocation, config, act ? performWithHands : null, {readsScreens});
  const telling = tellingNeeds(looking, {
    host,
    notify: {bell: false, command},
    ring: () => {},
    journal: createJournalReader(stateDirectory(host.env, host.home), {most: DENIALS_BYTES}),
    isToldElsewhere: async () => false,
  });
  const engine = looksAtAll(invocation) ? leavingLine(telling, {host, file: lineFile(host), readsScreens}) : telling;
  const {keep, cleanup, intervalMs} = config.supervise;
  return {
    engine,
    policy: {keep, cleanup, intervalMs, graceMs: config.settings.orphanMinAgeMs, rigs: config.settings.rigs.map(({name}) => name)},
    blocked: blockedBy(config, act),
  };
};

export interface LoopConfigs {
  current(): LoopConfig;
  /** In force with the current one. */
  settings(): Settings;
  readonly reload: LoopParts['reload'];
}

/** `told`: what comes with another configuration besides, when one is put in force. */
export const createLoopConfigs = (
  invocation: Invocation,
  config: LoadedConfig,
  act: boolean,
  told: (next: LoadedConfig) => void,
): LoopConfigs => {
  let current = loopConfigOf(invocation, config, act);
  let {settings} = config;
  return {
    current: () => current,
    settings: () => settings,
    reload: async old => {
      const next = await readConfig(invocation);
      const [problem] = next.problems;
      if (problem !== undefined) {
        return {...old, blocked: formatProblem(problem)};
      }
      current = loopConfigOf(invocation, next, act);
      settings = next.settings;
      told(next);
      await old.engine.close();
      return current;
    },
  };
};
