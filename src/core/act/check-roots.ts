// Compares a plan with the machine as it is just before the act: every session, pane and process identity, read anew.

import type {ProcessMap} from '../domain/forest.ts';
import {ancestorsOf} from '../domain/forest.ts';
import type {Plan} from '../domain/plan.ts';
import {hasEnded} from '../domain/process.ts';
import type {Host} from '../os/host.ts';
import {type Control, readServers} from './acting-source.ts';
import {checkPane, checkSession, type RootState, type Servers} from './end-sessions.ts';
import {defunctBelow, settle, type Tracked, track} from './tracked-target.ts';

export interface Checked {
  readonly servers: Servers;
  /** By root reference: sessions and panes of the plan. */
  readonly roots: ReadonlyMap<string, RootState>;
  readonly processes: ProcessMap;
  readonly tracked: readonly Tracked[];
}

/** Why a plan may not be carried out at all; null when it may. */
export const checkValidity = (plan: Plan, host: Host): {readonly rule: string; readonly because: string} | null => {
  const now = host.epochMs();
  if (now > plan.expiresAt || now < plan.createdAt) {
    return {rule: 'expired', because: 'the plan is no longer valid'};
  }
  if (plan.bootId !== host.bootId) {
    return {rule: 'changed', because: 'the machine was started again since the plan was made'};
  }
  return null;
};

const settleFirst = (target: Tracked, root: RootState | undefined, processes: ProcessMap, now: number): void => {
  const report = () => undefined;
  const process = processes.get(target.pid);
  if (root?.state === 'changed' || root?.state === 'refused') {
    settle(target, root.state, root.because, now, report);
  } else if (process === undefined) {
    settle(target, 'already-gone', null, now, report);
  } else if (process.startTime !== target.startTime) {
    settle(target, 'changed', 'its pid is another process’s now', now, report);
  } else if (hasEnded(process)) {
    settle(target, 'already-gone', defunctBelow(process.ppid), now, report);
  }
};

/**
 * Read servers and the process table, and settle every target that cannot be acted on. A target whose session is proven gone is
 * still exactly itself and goes on; one whose session has become another or cannot be seen is not touched.
 */
export const checkRoots = async (plan: Plan, host: Host, controls: readonly Control[], tableMs: number): Promise<Checked | string> => {
  const sockets = [...plan.sessions.map(({socket}) => socket), ...plan.panes.map(({session}) => session.socket)];
  const [servers, tables] = await Promise.all([readServers(host, controls, sockets), host.readTables(tableMs)]);
  if (!tables.processes.known) {
    return `the process table could not be read: ${tables.processes.because}`;
  }
  const {processes} = tables.processes.value;
  const mayBeAttached = plan.unlocks.includes('attached');
  const roots = new Map<string, RootState>([
    ...plan.sessions.map(session => [session.ref, checkSession(servers, session, mayBeAttached, processes)] as const),
    ...plan.panes.map(pane => [pane.ref, checkPane(servers, pane, mayBeAttached, processes)] as const),
  ]);
  const tracked = plan.targets.map(({pid, startTime, command, root}) => {
    const target = track({pid, startTime}, {command, sort: 'planned', root, depth: ancestorsOf(processes, pid).length});
    settleFirst(target, roots.get(root), processes, host.monotonicMs());
    return target;
  });
  return {servers, roots, processes, tracked};
};
