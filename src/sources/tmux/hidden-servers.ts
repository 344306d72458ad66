// tmux servers that live and that no path leads to any more: their socket file was removed, or another server took its path. Pure.
import type {SourceStatus} from '../../core/domain/known.ts';
import type {Process} from '../../core/domain/process.ts';
import {isServerProcess, type Sighting, startedSocket, wasStartedFor} from './tmux-sighting.ts';

type Table = ReadonlyMap<number, Process>;

/** Server processes of this user that none of the sockets that were looked at accounts for. */
const unaccounted = (sightings: readonly Sighting[], processes: Table, uid: number): readonly Process[] => {
  const accounted = new Set(sightings.flatMap(({server, lastPid}) => [server.pid, lastPid]));
  return [...processes.values()].filter(
    process => process.uid === uid && process.state !== 'Z' && isServerProcess(process) && !accounted.has(process.pid),
  );
};

const blind = (target: string, detail: string, hint: string | undefined): SourceStatus => ({
  source: 'tmux',
  target,
  state: 'unknown',
  detail,
  ...(hint === undefined ? {} : {hint}),
  tookMs: 0,
});

/**
 * Of each path that two or more listen on, all but one are out of reach: a connect leads to the one that bound the file last.
 * `listeners` counts the listening sockets by path (/proc/net/unix, which keeps a path as it was bound).
 */
export const takenOver = (
  sightings: readonly Sighting[],
  processes: Table,
  uid: number,
  listeners: ReadonlyMap<string, number>,
): readonly SourceStatus[] => {
  const free = unaccounted(sightings, processes, uid);
  return sightings.flatMap(sighting => {
    const {server} = sighting;
    const hidden = (listeners.get(server.socket) ?? 0) - 1;
    if (hidden < 1) {
      return [];
    }
    const pids = free.filter(process => wasStartedFor(server, process)).map(({pid}) => pid);
    const who = pids.length === 0 ? `${hidden} more` : pids.join(', ');
    return [
      blind(
        pids.length === 0 ? `${server.name} (hidden)` : `${server.name} (server ${pids.join(', ')})`,
        `another server took over its socket path: ${who} still ${pids.length > 1 || hidden > 1 ? 'run' : 'runs'}, with sessions that nobody can reach`,
        pids.length === 1
          ? `once the server that has the path now is gone or its socket file is moved away, SIGUSR1 to ${pids[0]} makes it reachable again`
          : undefined,
      ),
    ];
  });
};

/** A client is called plain `tmux` until it names itself (setproctitle), without a terminal too; but a server leads a session of its own (daemon(3)). */
const isSurelyServer = ({comm, pid, sid}: Process): boolean => comm !== 'tmux' || pid === sid;

/** Paths outside of the places that are looked at, on which a server of this user was told to listen (`-S PATH`) and still does. */
export const pathsElsewhere = (
  sightings: readonly Sighting[],
  processes: Table,
  uid: number,
  listeners: ReadonlyMap<string, number>,
): readonly {readonly path: string; readonly pid: number}[] => {
  const looked = new Set(sightings.map(({server}) => server.socket));
  return unaccounted(sightings, processes, uid)
    .filter(isSurelyServer)
    .flatMap(({pid, argv}) => {
      const path = startedSocket(argv);
      return path?.startsWith('/') === true && listeners.has(path) && !looked.has(path) ? [{path, pid}] : [];
    });
};

/** A server whose socket file is gone from such a path. */
export const removedElsewhere = (path: string, pid: number): SourceStatus =>
  blind(path, `server ${pid} lives, but its socket file was removed`, `SIGUSR1 to ${pid} recreates the socket`);
