// Which sessions are managed, and as whose. A name alone never manages; a person's own shell is nobody's. Pure.

import {baseName} from '../../../core/domain/paths.ts';
import {claimSession} from '../../../sources/gastown/gastown.ts';
import {type Server, type Session, sessionKey} from '../../domain/multiplexer.ts';
import {
  asNumber,
  claimed,
  configuredIdentity,
  cwdsOf,
  foundIdentity,
  markedIdentity,
  type SessionIdentity,
  type Surroundings,
  serviceIdentity,
} from './session-identity.ts';
import {lookThrough, type SessionPrograms, sessionEnv} from './session-programs.ts';

export interface ManagedSession extends SessionIdentity {
  readonly key: string;
  readonly server: Server;
  readonly session: Session;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: SessionPrograms;
}

/** Name of the socket: what the tools of a town compute. */
const socketName = (server: Server): string => baseName(server.socket);

/** Identify one session, or null when it is nobody's. */
export const identifySession = (around: Surroundings, server: Server, session: Session): ManagedSession | null => {
  const {places, rigs} = around;
  const env = sessionEnv(places, session);
  const programs = lookThrough(places, session, env, around);
  const cwds = cwdsOf(programs);
  const slot = asNumber(env.POLECAT_SLOT) ?? asNumber(env.ECLUSE_SLOT);
  const claim = claimSession(places.snapshot.towns, {name: session.name, server: socketName(server), env, cwds});
  const identity =
    (claim === null ? null : claimed(claim, rigs, slot)) ??
    markedIdentity(session, env, slot) ??
    serviceIdentity(around, session, env, cwds) ??
    configuredIdentity(around, session, programs) ??
    foundIdentity(around, session, programs, slot);
  return identity === null ? null : {key: sessionKey(session), server, session, env, programs, ...identity};
};
