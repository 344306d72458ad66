// Which sessions are managed, and as whose. A name alone never manages; a person's own shell is nobody's. Pure.

import {type Server, type Session, sessionKey} from '../../domain/multiplexer.ts';
import {slotNumberIn} from '../slots/slot-marks.ts';
import type {SessionClaim} from './session-claims.ts';
import {cwdsOf, type SessionContext, type SessionIdentity} from './session-identity.ts';
import {lookThrough, type SessionPrograms, sessionEnv} from './session-programs.ts';

export interface ManagedSession extends SessionIdentity {
  readonly key: string;
  readonly server: Server;
  readonly session: Session;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: SessionPrograms;
}

/** Identify one session, or null when it is nobody's. `claims`: the strongest first (see session-claims.ts). */
export const identifySession = (
  around: SessionContext,
  claims: readonly SessionClaim[],
  server: Server,
  session: Session,
): ManagedSession | null => {
  const env = sessionEnv(around.look, session, around.slotTools);
  const programs = lookThrough(around.look, session, env, around);
  const slot = slotNumberIn(around.slots.marks, env);
  const seen = {server, session, env, programs, cwds: cwdsOf(programs), slot};
  for (const claim of claims) {
    const identity = claim.identify(seen, around);
    if (identity !== null) {
      return {key: sessionKey(session), server, session, env, programs, ...identity};
    }
  }
  return null;
};
