// The panes that close because their first process is a target, without having been asked for themselves. Pure.
import {sessionKey} from '../domain/multiplexer.ts';
import type {Plan} from '../domain/plan.ts';
import {processKey} from '../domain/process.ts';
import type {Snapshot} from '../domain/snapshot.ts';

export interface ClosingHead {
  readonly socket: string;
  readonly serverPid: number | null;
  readonly paneId: string;
  /** The pane's first process. */
  readonly pid: number;
}

export const closingHeads = (
  {targets, sessions, panes}: Pick<Plan, 'targets' | 'sessions' | 'panes'>,
  {servers, processes}: Snapshot,
): readonly ClosingHead[] => {
  const ending = new Set(targets.map(processKey));
  const whole = new Set(sessions.map(sessionKey));
  const asked = new Set(panes.map(({session, paneId}) => `${session.socket}\u0000${paneId}`));
  const heads = servers
    .filter(({state}) => state === 'ok')
    .flatMap(server =>
      server.sessions
        .filter(session => !whole.has(sessionKey(session)))
        .flatMap(session => session.panes)
        .flatMap(({id, pid, dead}) => {
          const process = dead ? undefined : processes.get(pid);
          return process !== undefined && ending.has(processKey(process)) && !asked.has(`${server.socket}\u0000${id}`)
            ? [{socket: server.socket, serverPid: server.pid, paneId: id, pid}]
            : [];
        }),
    );
  return [...new Map(heads.map(head => [head.pid, head])).values()];
};

/** Key of a pane in `Snapshot.remaining`. */
export const remainingKey = ({socket, paneId}: Pick<ClosingHead, 'socket' | 'paneId'>): string => `${socket}\u0000${paneId}`;
