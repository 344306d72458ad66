// Entries of the process table that ended targets left behind: looked at again, and a multiplexer's server that missed an end is made to look.
import {hasEnded} from '../domain/process.ts';
import type {Hands} from '../os/hands.ts';
import type {ClosingHead} from '../plan/closing-heads.ts';
import {controlOf, type ServerNow} from './acting-source.ts';
import type {Ending} from './end-sessions.ts';
import type {Tracked} from './tracked-target.ts';

/** A server that has not missed the end of its child has waited for it long before; milliseconds. */
const OWN_ACCORD_MS = 200;
const TOLD_MS = 500;
const LOOK_AGAIN_MS = 20;

/** Sockets by the pid of the server behind each, of those that a plan has to do with. */
export const serverSockets = (
  servers: ReadonlyMap<string, ServerNow>,
  heads: readonly Pick<ClosingHead, 'socket' | 'serverPid'>[],
): ReadonlyMap<number, string> =>
  new Map([
    ...heads.flatMap(({socket, serverPid}) => (serverPid === null ? [] : [[serverPid, socket] as const])),
    ...[...servers].flatMap(([socket, server]) => (server.state === 'ok' ? [[server.serverPid, socket] as const] : [])),
  ]);

/** The parent that has yet to wait for an ended target; null when its entry is gone. What cannot be read stays as it was told. */
const parentOf = (hands: Hands, {pid, startTime}: Tracked): number | null | 'unknown' => {
  const seen = hands.look(pid);
  if (seen.state === 'unknown') {
    return 'unknown';
  }
  return seen.state === 'here' && seen.process.startTime === startTime && hasEnded(seen.process) ? seen.process.ppid : null;
};

/** Those whose parent is one of these servers, by it; nothing more is said of an entry that is gone. */
const entriesBelow = (hands: Hands, ended: readonly Tracked[], sockets: ReadonlyMap<number, string>): ReadonlySet<string> => {
  const waiting = new Set<string>();
  for (const target of ended) {
    const parent = parentOf(hands, target);
    if (parent === null) {
      target.because = null;
    }
    const socket = typeof parent === 'number' ? sockets.get(parent) : undefined;
    if (socket !== undefined) {
      waiting.add(socket);
    }
  }
  return waiting;
};

/**
 * What an outcome says of the entries that ended targets left is as it is at the end. A server that has not waited for its child by then has
 * missed the signal: utempter sets SIGCHLD to its default while tmux writes that a terminal has closed. The child stays defunct, its pane
 * looks alive, and its hooks run when the server looks the next time, hours later perhaps: so it is made to look now.
 */
export const clearEntries = async (
  {host, hands, controls}: Ending & {readonly hands: Hands},
  tracked: readonly Tracked[],
  sockets: ReadonlyMap<number, string>,
): Promise<void> => {
  const ended = tracked.filter(({result, because}) => (result === 'gone' || result === 'already-gone') && because !== null);
  const clearedWithin = async (forMs: number): Promise<ReadonlySet<string>> => {
    const until = host.monotonicMs() + forMs;
    for (;;) {
      const waiting = entriesBelow(hands, ended, sockets);
      const left = until - host.monotonicMs();
      if (waiting.size === 0 || left <= 0) {
        return waiting;
      }
      await host.sleep(Math.min(LOOK_AGAIN_MS, left));
    }
  };
  const missed = await clearedWithin(OWN_ACCORD_MS);
  const told = await Promise.all([...missed].map(async socket => (await controlOf(controls, socket)?.reap?.(host, socket)) === null));
  if (told.includes(true)) {
    await clearedWithin(TOLD_MS);
  }
};
