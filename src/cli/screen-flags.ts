// Flags of the screen, checked. Data and pure.
import {parseDuration} from '../config/durations.ts';
import {LONGEST_DAYS, LONGEST_MS} from '../config/limits.ts';
import type {FlagTable, Options} from './command.ts';
import {type Failure, isFailure, wrongUsage} from './failure.ts';

export const SCREEN_FLAGS = {
  interval: {type: 'string', value: 'DURATION', summary: 'time between two looks (2s)'},
  theme: {
    type: 'string',
    value: 'NAME',
    choices: ['dark', 'light', 'high-contrast', 'mono', 'colour-blind'],
    summary: 'colours of the screen: dark, light, high-contrast, mono or colour-blind (as the background is)',
  },
  fps: {type: 'string', value: 'N', summary: 'at most so many frames a second (60)'},
  mouse: {type: 'boolean', summary: 'use the mouse too'},
  fresh: {type: 'boolean', summary: 'neither take up where the last screen stood, nor remember this one'},
} as const satisfies FlagTable;

export interface ScreenFlags {
  readonly intervalMs: number | undefined;
  readonly theme: string | undefined;
  readonly fps: number | undefined;
  readonly mouse: boolean;
  readonly fresh: boolean;
}

const LEAST_INTERVAL_MS = 100;
const HIGHEST_FPS = 60;

/** Milliseconds; undefined where none was given. */
export const parseInterval = (options: Options): number | undefined | Failure => {
  const interval = options.text('interval');
  const intervalMs = interval === undefined ? undefined : parseDuration(interval);
  return intervalMs === null || (intervalMs ?? LEAST_INTERVAL_MS) < LEAST_INTERVAL_MS || (intervalMs ?? 0) > LONGEST_MS
    ? wrongUsage(`--interval cannot be "${interval}"`, `it is a duration from 100ms to ${LONGEST_DAYS}d, such as 2s`)
    : intervalMs;
};

export const parseScreenFlags = (options: Options): ScreenFlags | Failure => {
  const intervalMs = parseInterval(options);
  if (isFailure(intervalMs)) {
    return intervalMs;
  }
  const rate = options.text('fps');
  const fps = rate === undefined ? undefined : Number(rate);
  if (fps !== undefined && !(Number.isInteger(fps) && fps >= 1 && fps <= HIGHEST_FPS)) {
    return wrongUsage(`--fps cannot be "${rate}"`, `it is a whole number from 1 to ${HIGHEST_FPS}`);
  }
  return {intervalMs, theme: options.text('theme'), fps, mouse: options.isSet('mouse'), fresh: options.isSet('fresh')};
};
