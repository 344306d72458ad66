// Whether the process table bears out what a tmux server answered some time ago: its panes are its children. Pure.

import type {Server} from '../../core/domain/multiplexer.ts';
import type {Process} from '../../core/domain/process.ts';

type Table = ReadonlyMap<number, Process>;

/** Pids of the children of each of `servers`. */
export const childrenOfServers = (servers: readonly Server[], processes: Table): ReadonlyMap<number, ReadonlySet<number>> => {
  const families = new Map(servers.flatMap(({pid}) => (pid === null ? [] : [[pid, new Set<number>()] as const])));
  if (families.size > 0) {
    for (const {pid, ppid} of processes.values()) {
      families.get(ppid)?.add(pid);
    }
  }
  return families;
};

const panePids = (server: Server): ReadonlySet<number> =>
  new Set(server.sessions.flatMap(({panes}) => panes.flatMap(pane => (pane.dead ? [] : [pane.pid]))));

/** Children that were there before the server answered, and that it does not call panes: its jobs (`run-shell`, `pipe-pane`). */
export const jobsOf = (server: Server, before: ReadonlySet<number> | undefined): ReadonlySet<number> => {
  const panes = panePids(server);
  return new Set([...(before ?? [])].filter(pid => !panes.has(pid)));
};

/**
 * Whether the answer can still be true. A pane without its process has died, a child that is neither a pane nor a job may be a new pane,
 * and a server that was stopped answers nobody: then it has to be asked.
 */
export const bearsOut = (server: Server, processes: Table, children: ReadonlySet<number>, jobs: ReadonlySet<number>): boolean => {
  const own = server.pid === null ? undefined : processes.get(server.pid);
  if (own === undefined || /^[TtZX]$/.test(own.state)) {
    return false;
  }
  const panes = panePids(server);
  return (
    [...panes].every(pid => children.has(pid) && processes.get(pid)?.state !== 'Z') &&
    [...children].every(pid => panes.has(pid) || jobs.has(pid))
  );
};
