// The panes that end with a plan, as they are now: kept from being started again, and told from the panes that stay.

import type {ProcessMap} from '../domain/forest.ts';
import type {Plan} from '../domain/plan.ts';
import {isInteractiveShell} from '../look/index/program-kinds.ts';
import {isShellName} from '../look/index/program-of.ts';
import {controlOf, type PaneNow} from './acting-source.ts';
import type {Checked} from './check-roots.ts';
import type {Ending} from './end-sessions.ts';

export interface EndingPanes {
  /** Reference of the session or pane of the plan. */
  readonly ref: string;
  readonly socket: string;
  readonly serverPid: number | null;
  readonly ids: readonly string[];
  /** Those that are still there. */
  readonly there: readonly PaneNow[];
}

/** Of every session and pane of the plan that is still what it was, or is proven gone. */
export const endingPanes = (plan: Plan, {roots, servers}: Pick<Checked, 'roots' | 'servers'>): readonly EndingPanes[] =>
  [
    ...plan.sessions.map(({ref, socket, serverPid, panes}) => ({ref, socket, serverPid, ids: panes})),
    ...plan.panes.map(({ref, session, serverPid, paneId}) => ({ref, socket: session.socket, serverPid, ids: [paneId]})),
  ].flatMap(each => {
    const state = roots.get(each.ref)?.state;
    const server = servers.get(each.socket);
    const there = server?.state === 'ok' && state === 'ok' ? server.panes.filter(({paneId}) => each.ids.includes(paneId)) : [];
    return state === 'ok' || state === 'gone' ? [{...each, there}] : [];
  });

const paneKey = (socket: string, paneId: string): string => `${socket}\u0000${paneId}`;

/** First processes of the panes that stay: what runs below them is theirs, whatever its environment says. */
export const stayingHeads = ({servers}: Pick<Checked, 'servers'>, ending: readonly EndingPanes[]): ReadonlySet<number> => {
  const own = new Set(ending.flatMap(({socket, ids}) => ids.map(id => paneKey(socket, id))));
  return new Set(
    [...servers].flatMap(([socket, server]) =>
      server.state === 'ok' ? server.panes.filter(({paneId, dead}) => !dead && !own.has(paneKey(socket, paneId))).map(({pid}) => pid) : [],
    ),
  );
};

/** Pids of shells at their prompts that lead a pane which ends. */
export const promptShells = (ending: readonly EndingPanes[], processes: ProcessMap): ReadonlySet<number> => {
  const heads = ending.flatMap(({there}) => there.filter(({dead}) => !dead).map(({pid}) => pid));
  return new Set(
    heads.filter(pid => {
      const process = processes.get(pid);
      return process !== undefined && isInteractiveShell(process);
    }),
  );
};

/** Pids of shells, at a prompt or running a script, that lead the session of a terminal. */
export const terminalShells = (processes: ProcessMap): ReadonlySet<number> =>
  new Set([...processes.values()].filter(({pid, sid, tty, comm}) => sid === pid && tty !== null && isShellName(comm)).map(({pid}) => pid));

/**
 * Switch off what would keep a pane or start its program again. Resolves to the references of those that would have been started
 * again: they must be watched for longer than that takes.
 */
export const disarmPanes = async (
  {host, controls}: Ending,
  ending: readonly EndingPanes[],
  problem: (text: string) => void,
): Promise<ReadonlySet<string>> => {
  const armed = new Set<string>();
  for (const {ref, socket, there} of ending) {
    const remaining = there.filter(({remains}) => remains).map(({paneId}) => paneId);
    const respawn = controlOf(controls, socket)?.respawn;
    if (there.length > 0 && (await respawn?.answersEnd(host, socket)) === true) {
      armed.add(ref);
    }
    if (remaining.length > 0 && respawn !== undefined) {
      if (await respawn.isArmed(host, socket, remaining)) {
        armed.add(ref);
      }
      const failed = await respawn.disarm(host, socket, remaining);
      if (failed !== null) {
        problem(`${ref} could not be kept from being started again: ${failed}`);
      }
    }
  }
  return armed;
};
