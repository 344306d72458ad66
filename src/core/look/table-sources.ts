// The process and socket tables as sources of a look: what they show, how whole they are, and where rigtop itself stands in them. Pure.

import {countOf} from '../../words/counts.ts';
import {ancestorsOf} from '../domain/forest.ts';
import type {SourceStatus} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import {parseTmux} from '../domain/pane-mark.ts';
import type {Process} from '../domain/process.ts';
import type {Self} from '../domain/snapshot.ts';
import type {Host, MachineTables} from '../os/host.ts';
import {canonicalSocket} from './canonical-socket.ts';

export interface ProcessLook {
  readonly processes: ReadonlyMap<number, Process>;
  readonly processesComplete: boolean;
  /** Null when the table was not read. */
  readonly uptimeMs: number | null;
  readonly bootedAt: number | null;
  readonly source: SourceStatus;
}

/** Of an answer that was taken over in part. */
const aged = (ageMs: number | undefined): {readonly ageMs?: number} => (ageMs === undefined || ageMs <= 0 ? {} : {ageMs});

export const readProcessLook = ({processes: table, processesTookMs: tookMs, processesAgeMs}: MachineTables): ProcessLook => {
  const source = {source: 'processes', target: 'table', tookMs, ...aged(processesAgeMs)} as const;
  if (!table.known) {
    return {
      processes: new Map(),
      processesComplete: false,
      uptimeMs: null,
      bootedAt: null,
      source: {...source, state: 'unknown', detail: table.because},
    };
  }
  const {processes, incomplete, uptimeMs, bootedAt} = table.value;
  return {
    processes,
    processesComplete: incomplete === null,
    uptimeMs,
    bootedAt,
    source: {
      ...source,
      state: incomplete === null ? 'ok' : 'unknown',
      detail: incomplete ?? countOf(processes.size, 'process'),
    },
  };
};

export const readListenerLook = ({
  listeners: table,
  listenersTookMs: tookMs,
  listenersAgeMs,
}: MachineTables): {readonly listeners: readonly Listener[]; readonly source: SourceStatus} => {
  const source = {source: 'listeners', target: 'table', tookMs, ...aged(listenersAgeMs)} as const;
  if (!table.known) {
    return {listeners: [], source: {...source, state: 'unknown', detail: table.because}};
  }
  const {listeners, incomplete} = table.value;
  return {
    listeners,
    source: {
      ...source,
      state: incomplete === null ? 'ok' : 'unknown',
      detail: incomplete ?? countOf(listeners.length, 'listener'),
    },
  };
};

type Place = Pick<Self, 'home' | 'pane' | 'pidNamespace' | 'machineId'>;

/** Where the observer is, in the names that everything else goes by: links resolved. Never throws; does not change while rigtop runs. */
export const readOwnPlace = async (host: Host): Promise<Place> => {
  const socket = parseTmux(host.env.TMUX)?.socket ?? null;
  const paneId = host.env.TMUX_PANE;
  const home = await host.files.realPath(host.home);
  const machine = await host.files.readText('/etc/machine-id');
  const machineId = machine.state === 'ok' ? machine.value.trim() : '';
  return {
    ...(host.pidNamespace === null ? {} : {pidNamespace: host.pidNamespace}),
    ...(machineId === '' ? {} : {machineId}),
    home: home.state === 'ok' ? home.value : host.home,
    pane: socket === null || !paneId ? null : {socket: await canonicalSocket(host, socket), paneId},
  };
};

/** The observer. `before` is what an earlier look knew, for a look that could not read the table. */
export const readSelf = (host: Host, processes: ReadonlyMap<number, Process>, before: Self | null, place: Place): Self => {
  const own = processes.get(host.pid);
  return {
    pid: host.pid,
    startTime: own?.startTime ?? before?.startTime ?? 0,
    uid: host.uid,
    ancestors: own === undefined ? (before?.ancestors ?? []) : ancestorsOf(processes, host.pid),
    ...place,
  };
};
