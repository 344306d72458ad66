// Sessions of a multiplexer that runs one server process for each and tells no ids: that process is the session's identity. Pure.

import type {Pane, Session} from './multiplexer.ts';
import {type ProcessId, processKey} from './process.ts';

/**
 * Whether the sessions behind a server's socket are known by name alone. Such a multiplexer has no socket that leads to all of them: its
 * own name stands there. Any other socket is a path: of tmux the path itself, of another multiplexer with its name before it (`NAME:/PATH`).
 */
export const isKnownByName = (socket: string): boolean => !socket.includes('/');

/** Identity of a session whose server process is known. A name comes back with another session; a process with its start does not. */
export const heldBy = (holder: ProcessId): string => processKey(holder);

/** Id of a session whose server process could not be told: its name, in a form that no process has. */
export const heldByUnknown = (name: string): string => `=${name}`;

/** The server process in the identity of a session that is known by it; null of any other, and where it could not be told. */
export const holderOf = ({socket, id}: Pick<Session, 'socket' | 'id'>): ProcessId | null => {
  const match = isKnownByName(socket) ? /^(\d+)@(\d+)$/.exec(id) : null;
  return match === null ? null : {pid: Number(match[1]), startTime: Number(match[2])};
};

/** A pane as rigtop knows it where panes are numbered anew in each session and all sessions share one server record: `SESSION/PANE`. */
export const paneIdIn = (session: string, ownId: string): string => `${session}/${ownId}`;

/** The id that the multiplexer itself knows such a pane by. */
export const ownPaneId = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Whether a multiplexer knows a pane by an id of its own. One that is told by its process alone has that pid for an id, and cannot be closed by it. */
export const hasOwnId = ({id, pid}: Pick<Pane, 'id' | 'pid'>): boolean => id !== String(pid);
