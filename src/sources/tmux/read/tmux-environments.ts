// What is remembered of sessions' environments: asked for when a session is new, and again now and then; never one program per session.

import {type Session, sessionKey} from '../../../core/domain/multiplexer.ts';
import type {Host} from '../../../core/os/host.ts';
import {parseEnvironments, SESSIONS_PER_QUESTION, showEnvironmentArguments} from './show-environment.ts';

/** Environments change after a session has started (an agent announces its pane), so they are asked for again. */
const LIFE_MS = 30_000;
/** Those of a server that has not run since cannot have changed: asked for all the same, for what may have been missed. */
const LIFE_AT_REST_MS = 120_000;
/** Together with the listing a server is asked by three programs a look at most; sessions beyond that wait for the next look. */
const QUESTIONS = 2;

interface Remembered {
  readonly markers: Readonly<Record<string, string>>;
  readonly readAt: number;
}

export interface Environments {
  /**
   * Ask for those that are due, within `timeoutMs`. One that could not be read stays what it was. `isAtRest`: the server has not run since
   * it was asked last, but to answer us.
   */
  refresh(sessions: readonly Session[], timeoutMs: number, isAtRest: boolean): Promise<void>;
  /** Markers of one session; null when it was not asked about, or has not answered. */
  of(session: Session): Session['env'];
}

export const createEnvironments = (host: Host, socket: string, nonce: string, isNeeded: (session: Session) => boolean): Environments => {
  const remembered = new Map<string, Remembered>();
  let stirredAt = Number.NEGATIVE_INFINITY;

  const forgetOthers = (sessions: readonly Session[]): void => {
    const keys = new Set(sessions.map(sessionKey));
    for (const key of remembered.keys()) {
      if (!keys.has(key)) {
        remembered.delete(key);
      }
    }
  };

  const ask = async (sessions: readonly Session[], timeoutMs: number): Promise<void> => {
    const ids = sessions.map(({id}) => id);
    const result = await host.run('tmux', showEnvironmentArguments(socket, nonce, ids), {timeoutMs});
    const found = parseEnvironments(result.stdout, nonce, {sessionIds: ids, kept: host.markers});
    for (const session of sessions) {
      const markers = found.get(session.id);
      if (markers !== undefined) {
        remembered.set(sessionKey(session), {markers, readAt: host.monotonicMs()});
      }
    }
  };

  return {
    refresh: async (sessions, timeoutMs, isAtRest) => {
      forgetOthers(sessions);
      const started = host.monotonicMs();
      stirredAt = isAtRest ? stirredAt : started;
      const due = sessions.filter(session => {
        const readAt = remembered.get(sessionKey(session))?.readAt;
        const life = readAt !== undefined && readAt >= stirredAt ? LIFE_AT_REST_MS : LIFE_MS;
        return isNeeded(session) && (readAt === undefined || started - readAt > life);
      });
      for (let question = 0; question < QUESTIONS; question += 1) {
        const batch = due.slice(question * SESSIONS_PER_QUESTION, (question + 1) * SESSIONS_PER_QUESTION);
        const left = timeoutMs - (host.monotonicMs() - started);
        if (batch.length > 0 && left > 0) {
          await ask(batch, left);
        }
      }
    },
    of: session => remembered.get(sessionKey(session))?.markers ?? null,
  };
};
