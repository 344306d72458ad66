// A look at a machine that could not be looked at: nothing in it but the reason, which becomes a finding of its own. Pure.

import type {Assessment} from '../../core/domain/fleet.ts';
import type {Settings} from '../../core/domain/settings.ts';
import {assess, emptyMemory} from '../../core/judge/assess.ts';
import {SOURCES} from '../../sources/sources.ts';
import type {Trouble} from './way.ts';

/** Everything there is unknown, and says so: an empty list would look like an empty machine. */
export const blindLook = (machine: string, {because, hint}: Trouble, settings: Settings, takenAt: number): Assessment => {
  const snapshot = {
    takenAt,
    monotonicMs: 0,
    tookMs: 0,
    uptimeMs: 0,
    bootedAt: 0,
    hostname: machine,
    platform: 'unknown',
    bootId: null,
    self: {pid: 0, startTime: 0, uid: -1, ancestors: [], pane: null},
    sources: [{source: 'ssh', target: machine, state: 'unknown', detail: because, hint, tookMs: 0}] as const,
    processes: new Map(),
    processesComplete: false,
    listeners: [],
    servers: [],
    towns: [],
    repos: [],
    registers: [],
    runtimeStores: [],
    worktrees: [],
    programs: new Map(),
    checkouts: new Map(),
  };
  // Configured rigs are this machine's: over there nothing is known of any.
  return assess(snapshot, {...settings, towns: [], repos: [], rigs: [], registers: []}, emptyMemory, SOURCES).assessment;
};
