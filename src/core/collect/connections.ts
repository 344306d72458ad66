// Who is connected to what, added to a look when a plan is made from it: too dear for every look.
import type {Assessment} from '../domain/fleet.ts';
import type {Host} from '../os/host.ts';

/** The same look with the clients of servers that stand by themselves: they lead a session without a terminal (setsid(2)). */
export const withConnections = (host: Pick<Host, 'connections'>, assessment: Assessment): Assessment => {
  const {snapshot} = assessment;
  const own = [...snapshot.processes.values()].filter(({uid, state}) => uid === snapshot.self.uid && state !== 'Z');
  const servers = own.filter(({pid, sid, tty}) => sid === pid && tty === null).map(({pid}) => pid);
  const connections = host.connections?.(
    servers,
    own.map(({pid}) => pid),
  );
  return connections === undefined ? assessment : {...assessment, snapshot: {...snapshot, connections}};
};
