// The agent programs whose settings rigtop can change, and where each keeps those of its user. Pure.
import {isAbsolute, join} from 'node:path';
import {type Failure, wrongUsage} from '../failure.ts';

/** The programs in the words of the command line. */
export const SETTINGS_PROGRAMS = ['claude', 'codex', 'gemini', 'qwen', 'opencode', 'copilot', 'cursor'] as const;
export type SettingsProgram = (typeof SETTINGS_PROGRAMS)[number];

export interface SettingsPlace {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A directory that a variable names, else the usual one. Relative values count as none. */
const named = (value: string | undefined, usual: string): string => (value !== undefined && isAbsolute(value) ? value : usual);

/** The directory in which a program keeps its user's settings. */
export const settingsDirectory = (program: SettingsProgram, {home, env}: SettingsPlace): string => {
  switch (program) {
    case 'claude':
      return named(env.CLAUDE_CONFIG_DIR, join(home, '.claude'));
    case 'codex':
      return named(env.CODEX_HOME, join(home, '.codex'));
    case 'qwen':
      return named(env.QWEN_HOME, join(home, '.qwen'));
    case 'copilot':
      return named(env.COPILOT_HOME, join(home, '.copilot'));
    case 'opencode':
      return join(named(env.XDG_CONFIG_HOME, join(home, '.config')), 'opencode');
    case 'gemini':
    case 'cursor':
      return join(home, `.${program}`);
  }
};

/** The program that was named on the command line. */
export const settingsProgram = (name: string): SettingsProgram | Failure =>
  SETTINGS_PROGRAMS.find(each => each === name) ??
  wrongUsage(
    name === '' ? 'it needs the name of an agent program' : `${name} is no agent program whose settings are known here`,
    `one of ${SETTINGS_PROGRAMS.join(', ')}`,
  );
