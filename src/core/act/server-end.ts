// Whether a server that its socket no longer leads to has really ended: a socket file can be removed while all its sessions live on.
import type {ProcessMap} from '../domain/forest.ts';
import {isMultiplexerServer} from '../look/index/program-kinds.ts';
import type {Host} from '../os/host.ts';
import type {ServerNow} from './acting-source.ts';

/** A server exits some milliseconds after its last session; one that is still there after this does not mean to. */
const EXIT_MS = 2000;
const POLL_MS = 20;
const TABLE_MS = 2000;

/**
 * Why sessions of server `serverPid` may live although its socket is gone or answered by another; null when they cannot. A pid that was
 * handed on is no multiplexer’s server.
 */
export const cutOffFrom = (server: ServerNow, serverPid: number | null, processes: ProcessMap): string | null => {
  const process = serverPid === null || serverPid <= 0 ? undefined : processes.get(serverPid);
  const isElsewhere = server.state === 'absent' || (server.state === 'ok' && server.serverPid !== serverPid);
  return isElsewhere && process !== undefined && isMultiplexerServer(process) && process.state !== 'Z' && process.state !== 'X'
    ? `its socket is gone or another’s, but its server ${serverPid} lives`
    : null;
};

/** The same answer once the process table bears it out; unknown where it does not within the time a server takes to exit. */
export const confirmServer = async (host: Host, server: ServerNow, serverPid: number | null): Promise<ServerNow> => {
  const until = host.monotonicMs() + EXIT_MS;
  while (server.state !== 'unknown' && serverPid !== null && (server.state === 'absent' || server.serverPid !== serverPid)) {
    const {processes} = await host.readTables(TABLE_MS);
    const because = processes.known ? cutOffFrom(server, serverPid, processes.value.processes) : processes.because;
    if (because === null) {
      break;
    }
    if (!processes.known || host.monotonicMs() >= until) {
      return {state: 'unknown', because};
    }
    await host.sleep(POLL_MS);
  }
  return server;
};
