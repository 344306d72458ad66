// The way into the screen for the commands. Loads React only when called, and only after deciding which React.
import type {Settings} from '../core/domain/settings.ts';
import type {Engine} from '../core/engine.ts';
import type {FollowMachines} from '../store/machine-stand.ts';
import type {Remembered} from '../store/remembered.ts';
import type {JournalLine} from '../store/state.ts';
import {findGround} from './background.ts';
import type {KeySettings} from './keymap.ts';
import type {Outside, RunThere, Unattended} from './outside.ts';
import type {ThemeName} from './theme.ts';

export interface TuiOptions {
  readonly engine: Engine;
  readonly settings: Settings;
  readonly intervalMs: number;
  /** Null: dark or light, as the terminal’s background is. */
  readonly theme: ThemeName | null;
  readonly colour?: 'auto' | 'always' | 'never';
  readonly keys: KeySettings;
  readonly readOnly: boolean;
  /** Most frames per second. */
  readonly fps?: number;
  readonly mouse?: boolean;
  /** Panes and attaching; without it peek and attach are disabled with a reason. */
  readonly outside?: Outside;
  /** The supervisor that runs unattended; it is spoken of at the start when it is there. */
  readonly unattended?: Unattended;
  /** What is done on other machines is done there, on this terminal; without it nothing can be. */
  readonly runThere?: RunThere;
  /** Other machines to show in the same table. */
  readonly machines?: FollowMachines;
  /** Called when there is nothing to do for a while, with the time since somebody pressed a key. */
  readonly rest?: (quietMs: number) => void;
  /** Stop this process until it is continued. */
  readonly stop?: () => void;
  /** Journal entries that were written since it was called last, oldest first; earlier ones at the first call. */
  readonly readJournal?: () => Promise<readonly JournalLine[]>;
  /** Where the last screen stood; null for the beginning of all. Without it nothing is remembered of this one either. */
  readonly memory?: {
    readonly remembered: Remembered | null;
    /** The theme that was asked for by name, now or before. */
    readonly theme: ThemeName | null;
    keep(remembered: Remembered): Promise<void>;
  };
  /** Said once at the start: a broken config, a demo that is about to be removed. */
  readonly notice?: string;
  /** How a demo is started in this installation. */
  readonly demoCommand?: string;
  /** A line at the bottom teaches the keys on what the demo has. */
  readonly lesson?: {readonly nested: boolean};
}

/** Show the screen until it is quit. Resolves to the exit code; the terminal is restored by then. */
export const runTui = async (options: TuiOptions): Promise<number> => {
  // Development React is two to three times as slow and is chosen when React is first loaded.
  const {env} = process;
  env.NODE_ENV ??= 'production';
  const theme = options.theme ?? findGround(process.stdin, process.stdout, env);
  const {startScreen} = await import('./start-screen.tsx');
  return startScreen(options, theme);
};
