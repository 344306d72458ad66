// The ways in which a session can be told to be somebody's, and which of them goes before which. Pure.
import type {Server, Session} from '../../domain/multiplexer.ts';
import {foundIdentity, type SessionContext, type SessionIdentity} from './session-identity.ts';
import type {SessionPrograms} from './session-programs.ts';

/**
 * What a claim rests on, the strongest first: a registry that knows the worker; markers in the session's own environment; a record that
 * names the session; a pattern that a person configured; the program that runs in it.
 */
export const CLAIM_RANKS = ['registry', 'markers', 'record', 'pattern', 'program'] as const;

export interface SeenSession {
  readonly server: Server;
  readonly session: Session;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: SessionPrograms;
  /** Directories of its pane processes. */
  readonly cwds: readonly string[];
  /** The slot that its environment names. */
  readonly slot: number | null;
}

export interface SessionClaim {
  readonly rank: (typeof CLAIM_RANKS)[number];
  identify(seen: SeenSession, around: SessionContext): SessionIdentity | null;
}

/** The ways that need no source. */
const OWN: readonly SessionClaim[] = [
  {rank: 'program', identify: ({session, programs, slot}, around) => foundIdentity(around, session, programs, slot)},
];

/** By rank; of one rank in the order of the sources. */
export const inOrder = (claims: readonly SessionClaim[]): readonly SessionClaim[] =>
  [...claims, ...OWN].toSorted((a, b) => CLAIM_RANKS.indexOf(a.rank) - CLAIM_RANKS.indexOf(b.rank));
