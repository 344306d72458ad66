// What the unattended loop knows, what can happen to it, and what it asks for: the language of its step. Types, and two makers of effects.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Outcome} from '../core/domain/outcome.ts';
import type {Plan, Refusal} from '../core/domain/plan.ts';
import type {LoopAction} from './describe-round.ts';
import type {KeptThing} from './kept-things.ts';
import type {PersonsEnd} from './last-seen-places.ts';
import type {ControlRequest, LoopEnd, LoopParts} from './loop-parts.ts';
import type {LoopState, Opening} from './loop-state.ts';
import type {Policy} from './memory.ts';
import type {Decision} from './policy.ts';
import type {RoundNote} from './record.ts';

/** What is known of the round that is under way. */
export interface RoundInHand {
  readonly assessment: Assessment;
  /** What has still to be settled, in order. */
  readonly decisions: readonly Decision[];
  /** Set by this look, not by one before: written down before anybody is told. */
  readonly freshlyHalted: boolean;
  /** Nobody looked for so long: this round only looks. Null when the looks follow each other. */
  readonly sleptMs: number | null;
  /** Whether something was restarted already: of the restarts one a round. */
  readonly restarted: boolean;
  /** Restarts that wait for the next round. */
  readonly waiting: readonly string[];
  /** What is being carried out. */
  readonly loopAction: LoopAction | null;
  /** The memory before it, which comes back when nothing was touched. */
  readonly beforeLoopAction: LoopState;
}

/** The part of the configuration that decisions are made from; the engine is the runner's. */
export interface Terms {
  readonly policy: Policy;
  /** Why nothing may be acted on under this configuration; null when it may. */
  readonly blocked: string | null;
  /** Whether what is decided is carried out: not while it observes, nor under a configuration that only reads. */
  readonly acts: boolean;
}

export interface LoopMemory extends Terms {
  /** Who may be in charge of things besides. */
  readonly sources: LoopParts['sources'];
  readonly mode: 'observe' | 'act';
  readonly state: LoopState;
  readonly paused: boolean;
  /** Whether the look before this one was a moment ago. */
  readonly continuous: boolean;
  /** Findings that people have been told of. */
  readonly announced: ReadonlySet<string>;
  readonly count: number;
  readonly lastAt: number | null;
  readonly clocks: {readonly epoch: number; readonly monotonic: number};
  readonly lockHidden: boolean;
  /** Why its record cannot be written; null when it can. */
  readonly unsaved: string | null;
  /** Why its journal cannot be written; null when it can. */
  readonly unjournalled: string | null;
  readonly proposals: readonly LoopAction[];
  readonly kept: readonly KeptThing[];
  readonly round: RoundInHand | null;
}

/** `held`: still ours; `lost`: somebody else has it; `unknown`: it cannot be read. */
export type LockAnswer = 'held' | 'lost' | 'unknown';

/** What the lock is asked for: before a round is announced, before each thing that is done, before what people wished is written down. */
export type LockQuestion = 'round' | 'decision' | 'requests';

export type LoopEvent =
  | {readonly is: 'begun'; readonly opening: readonly Opening[]}
  | {readonly is: 'noted'; readonly unjournalled: string | null}
  | {readonly is: 'saved'; readonly failed: string | null}
  | {
      readonly is: 'looked';
      readonly assessment: Assessment;
      /** Both clocks, read before the look. */
      readonly epoch: number;
      readonly monotonic: number;
      readonly ends: readonly PersonsEnd[];
      readonly unjournalled: string | null;
    }
  | {readonly is: 'lock-read'; readonly asked: LockQuestion; readonly lock: LockAnswer}
  /** `requested`: a control request has come, so nothing more is begun. */
  | {readonly is: 'at-next'; readonly requested: boolean}
  | {readonly is: 'planned'; readonly loopAction: LoopAction; readonly plan: Plan | Refusal}
  | {readonly is: 'could-be-planned'; readonly loopAction: LoopAction; readonly refused: boolean}
  | {readonly is: 'doing'; readonly roots: number; readonly now: number}
  /** A text: why nothing was begun. */
  | {readonly is: 'did'; readonly outcome: Outcome | string}
  | {readonly is: 'stuck'; readonly outcome: Outcome; readonly because: string}
  | {readonly is: 'round-closed'; readonly at: number; readonly holds: boolean}
  | {readonly is: 'rested'; readonly controlRequests: readonly ControlRequest[]}
  | {readonly is: 'reloaded'; readonly terms: Terms; readonly anew: boolean};

export type LoopEffect =
  | {readonly do: 'note'; readonly what: RoundNote['what']; readonly text: string; readonly ref: string | null}
  | {readonly do: 'save'}
  | {readonly do: 'look'}
  | {readonly do: 'read-lock'; readonly asked: LockQuestion}
  | {readonly do: 'next'}
  | {readonly do: 'plan'; readonly loopAction: LoopAction}
  /** Whether there is a plan for what is only proposed. */
  | {readonly do: 'try-plan'; readonly loopAction: LoopAction}
  | {readonly do: 'carry-out'; readonly plan: Plan}
  | {readonly do: 'explain-stuck'; readonly outcome: Outcome; readonly pids: readonly number[]}
  | {readonly do: 'ring'}
  | {readonly do: 'alarm'; readonly assessment: Assessment; readonly deaths: number}
  | {readonly do: 'close-round'; readonly holds: boolean}
  | {readonly do: 'show-standing'; readonly at: number}
  | {readonly do: 'rest'; readonly ms: number}
  | {readonly do: 'reload'}
  | {readonly do: 'end'; readonly end: LoopEnd};

/** What follows an event: what is known now, and what has to be done, in order. */
export interface LoopStep {
  readonly memory: LoopMemory;
  readonly effects: readonly LoopEffect[];
}

export const note = (what: RoundNote['what'], text: string, ref: string | null = null): LoopEffect => ({do: 'note', what, text, ref});

export const said = (text: string, ref: string | null = null): LoopEffect => note('said', text, ref);

/** Why nothing is done; null when something may be. A pause is no such reason. */
export const blockedBy = ({blocked, unsaved, lockHidden, unjournalled}: LoopMemory): string | null => {
  const unread = lockHidden ? 'its lock cannot be read' : null;
  return blocked ?? unsaved ?? unread ?? (unjournalled === null ? null : `its journal cannot be written (${unjournalled})`);
};
