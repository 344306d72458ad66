// Who is connected to what, added to a look when a plan is made from it: too dear for every look.
import {finish} from '../domain/finish.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {Host} from '../os/host.ts';

/** The same look with the clients of servers that stand by themselves: they lead a session without a terminal (setsid(2)). */
export const withConnections = (host: Pick<Host, 'connections'>, assessment: Assessment): Assessment => {
  const {snapshot} = assessment;
  const own = [...snapshot.processes.values()].filter(({uid, state}) => uid === snapshot.self.uid && state !== 'Z');
  const servers = own.filter(({pid, sid, tty}) => sid === pid && tty === null).map(({pid}) => pid);
  const asking = host.connections?.(
    servers,
    own.map(({pid}) => pid),
  );
  return asking === undefined ? assessment : {...assessment, snapshot: {...snapshot, connections: finish(asking)}};
};

/** Clients come and go; a plan is checked against them once more, so that a verdict may be this old. */
const STILL_TRUE_MS = 20_000;

type Use = Pick<Snapshot, 'connections' | 'unixServers' | 'outputFiles'>;

/** Pids of what looks left over. */
interface LeftOver {
  readonly surely: readonly number[];
  readonly perhaps: readonly number[];
}

export interface UseWatch {
  /** The same look with the clients that were last seen of what looked left over. */
  remind(snapshot: Snapshot): Snapshot;
  /**
   * The look with the clients of everything that is surely left over, or was until clients were seen; null when the judgement stands: all
   * of that has been asked lately, or nothing was found where nothing was known. Only these few are asked: it opens the descriptors of
   * every process of this user, with pauses.
   */
  ask(snapshot: Snapshot, left: LeftOver): Generator<void, Snapshot | null>;
}

/** Nothing said of use is what a look says that nobody has asked about. */
const saysNothing = ({connections = [], unixServers = [], outputFiles = []}: Use): boolean =>
  connections.length + unixServers.length + outputFiles.length === 0;

export const createUseWatch = (host: Pick<Host, 'connections' | 'unixServers' | 'outputFiles'>): UseWatch => {
  let asked: {
    readonly pids: ReadonlySet<number>;
    readonly at: number;
    readonly use: Use;
  } | null = null;
  return {
    remind: snapshot => (asked === null ? snapshot : {...snapshot, ...asked.use}),
    ask: function* (snapshot, {surely, perhaps}) {
      const before = asked;
      const wanted = [...surely, ...perhaps.filter(pid => before?.pids.has(pid))];
      const isFresh = before !== null && snapshot.monotonicMs >= before.at && snapshot.monotonicMs - before.at <= STILL_TRUE_MS;
      if (host.connections === undefined || wanted.length === 0 || (isFresh && wanted.every(pid => before.pids.has(pid)))) {
        return null;
      }
      const everybody = [...snapshot.processes.values()].filter(({uid, state}) => uid === snapshot.self.uid && state !== 'Z');
      const connections = yield* host.connections(
        wanted,
        everybody.map(({pid}) => pid),
      );
      yield;
      const unixServers = host.unixServers?.(wanted) ?? [];
      yield;
      const use = {connections, unixServers, outputFiles: host.outputFiles?.(wanted) ?? []};
      asked = {pids: new Set(wanted), at: snapshot.monotonicMs, use};
      return saysNothing(use) && saysNothing(snapshot) ? null : {...snapshot, ...use};
    },
  };
};
