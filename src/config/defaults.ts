// What holds when no file says otherwise. Data, pure.
import type {Settings} from '../core/domain/settings.ts';
import {BUILT_IN_RUNTIMES} from './runtime-table.ts';

export const DEFAULT_SETTINGS: Settings = {
  orphanMinAgeMs: 60_000,
  confirmGapMs: 500,
  termGraceMs: 5_000,
  protect: {sessions: [], commands: [], paths: []},
  runtimes: BUILT_IN_RUNTIMES,
  towns: [],
  repos: [],
  rigs: [],
  registers: [],
  sockets: null,
};

export const DEFAULT_INTERVAL_MS = 2_000;
export const DEFAULT_SUPERVISE_INTERVAL_MS = 30_000;
/** Between two runs of a program that names machines. */
export const DEFAULT_LIST_MS = 300_000;
export const DEFAULT_CLEANUP_AGE_MS = 3_600_000;
export const DEFAULT_CLEANUPS_PER_HOUR = 5;

/** Rule 2 of safety: two looks closer together than this prove nothing. */
export const LEAST_CONFIRM_GAP_MS = 500;
