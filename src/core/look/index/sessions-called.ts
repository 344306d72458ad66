// Sessions that a name or an id means on one server. A session may be called like another's id (`$7`). Pure.
import type {Server, Session} from '../../domain/multiplexer.ts';
import {refOfSession, sessionRef} from '../../domain/reference.ts';

/** A word behind the name or path of a server. */
export interface SessionOn {
  readonly server: Server;
  /** How the server was named: by its short name or by its socket's path. */
  readonly prefix: string;
  readonly word: string;
}

/** The session that has another's id for a name: that other one stands in its way. */
const hasTwin = ({sessions}: Server, session: Session): boolean => sessions.some(other => other !== session && other.id === session.name);

/**
 * The session of that name or id: behind the short name of a server a name is meant, behind its path an id, and where both are the same,
 * either.
 */
export const sessionsCalled = ({server, prefix, word}: SessionOn): readonly {readonly server: Server; readonly session: Session}[] => {
  const named = server.sessions.find(({name}) => name === word);
  const numbered = server.sessions.find(({id}) => id === word);
  const meant = prefix === server.name ? (named ?? numbered) : (numbered ?? named);
  const both = server.name === server.socket ? [named, numbered] : [meant];
  return [...new Set(both)].flatMap(session => (session === undefined ? [] : [{server, session}]));
};

/** How a session is named so that it alone is meant: by its server's short name, or by `server` as it is given. */
export const refOfPlaced = (server: Server, session: Session, by = server.name): string => {
  if (by === server.name && by !== server.socket) {
    return refOfSession(session);
  }
  return sessionRef(by, hasTwin(server, session) ? session.id : session.name);
};
