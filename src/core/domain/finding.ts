// A verdict: what is wrong with one thing, how sure we are, and why. Pure records.
import type {Evidence} from './agent.ts';
import type {ProcessId} from './process.ts';

/** Every kind of finding, in the contract's order. */
export const FINDING_KINDS = [
  'orphan-session',
  'zombie-session',
  'crashed-agent',
  'doubled-agent',
  'dead-pane',
  'orphan-process',
  'orphan-helper',
  'orphan-daemon',
  'defunct-process',
  'wrong-owner',
  'wrong-port',
  'service-down',
  'stray-listener',
  'shared-slot',
  'stale-lock',
  'orphaned-lock',
  'lock-collision',
  'invalid-lock',
  'stale-heartbeat',
  'mass-death',
  'pile-up',
  'zombie-record',
  'blind-spot',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];
export type Severity = 'high' | 'medium' | 'low';
export type Certainty = 'sure' | 'unknown';
export type Remedy = 'kill' | 'flush' | 'restart' | 'clean-lock';

/** Protections a person may lift for one plan with `--unlock` (docs/commands.md). */
export type UnlockRule = 'crew' | 'attached' | 'shell' | 'editor';

/** A rule that forbids acting. `unlock` names the flag that lifts it; null for the rules nothing lifts. */
export interface Protection {
  readonly rule: string;
  readonly because: string;
  readonly unlock: UnlockRule | null;
}

export interface FindingProcess extends ProcessId {
  readonly command: string;
}

export interface Finding {
  /** `f-` and hex of the kind and the subject's identity: stable while the thing itself is the same. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** Reference of the thing's own sort (docs/commands.md, REF). */
  readonly subject: string;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  /** Every process involved. */
  readonly processes: readonly FindingProcess[];
  readonly protectedBy: Protection | null;
  /** Empty when unknown or protected. */
  readonly remedies: readonly Remedy[];
  readonly rig: string | null;
  /** `sessionKey` where the subject is a session. */
  readonly session: string | null;
  /** Ports the processes involved listen on. */
  readonly holds: readonly number[];
}

/**
 * What a detector says after one look. Doubt turns it into a Finding: `proof: 'two-looks'` verdicts rest on something
 * being absent and become sure only when the same suspicion (by `key`) was there at least `confirm_gap` before.
 */
export interface Suspicion extends Omit<Finding, 'id' | 'certainty' | 'remedies'> {
  /** Identity of the thing itself: kind plus pid@startTime, or session key, or path. */
  readonly key: string;
  readonly proof: 'one-look' | 'two-looks';
  /** Why this can never be sure from this look ("tmux work did not answer"); null when nothing stands against it. */
  readonly doubt: string | null;
  readonly remedies: readonly Remedy[];
}
