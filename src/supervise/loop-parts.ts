// What the unattended loop is made of and spoken to with: its configuration, its ways to the outside, control requests. Types, and one rule.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Outcome} from '../core/domain/outcome.ts';
import type {Engine} from '../core/engine.ts';
import type {JudgingSource} from '../core/judge/judging-source.ts';
import type {KeptThing} from './kept-things.ts';
import type {PersonsEnd} from './last-seen-places.ts';
import type {LoopState, Opening} from './loop-state.ts';
import type {Policy} from './memory.ts';
import type {Inherited, RoundNote, SuperviseRecord} from './record.ts';

/** What a round works with; a reload puts another one in place. */
export interface LoopConfig {
  readonly engine: Engine;
  readonly policy: Policy;
  /** Why nothing may be acted on under this configuration; null when it may. */
  readonly blocked: string | null;
}

/** What a person asked for between two rounds. */
export type ControlRequest = 'resume' | 'go-on' | 'pause' | 'reload' | 'look' | 'stop' | `forget ${string}`;

/** The reference that a request to forget names; null of every other request. */
export const forgottenBy = (controlRequest: ControlRequest): string | null =>
  controlRequest.startsWith('forget ') ? controlRequest.slice('forget '.length) : null;

/** What to ask for a person who wants it to go on: only a halt that was there to see is lifted. */
export const goingOn = ({state}: Pick<SuperviseRecord, 'state'>): 'go-on' | 'resume' => (state.halted === null ? 'go-on' : 'resume');

/** `lost`: somebody else holds its lock now. */
export type LoopEnd = 'stopped' | 'lost';

export interface LoopParts {
  readonly mode: 'observe' | 'act';
  readonly loopConfig: LoopConfig;
  /** Who may be in charge of things besides: those are left alone. */
  readonly sources: readonly Pick<JudgingSource, 'inCharge'>[];
  /** Another configuration after a reload; the old one stays in force and nothing is acted on when the new one is no good. */
  readonly reload: (old: LoopConfig) => Promise<LoopConfig>;
  readonly identity: Pick<SuperviseRecord, 'pid' | 'startTime' | 'bootId' | 'host'>;
  readonly inherited: Inherited;
  /** Said before the first round: what the one before left unfinished. */
  readonly opening: readonly Opening[];
  readonly epochMs: () => number;
  /** Does not run while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** Sleeps, or wakes early with what was requested. */
  readonly rest: (ms: number) => Promise<readonly ControlRequest[]>;
  /** Whether a control request has come: nothing more is begun then. */
  readonly isRequested: () => boolean;
  /** Writes the record; the reason when it could not. */
  readonly save: (record: SuperviseRecord) => Promise<string | null>;
  /** Whether the lock is still ours, read anew; taken again when it was only taken away. */
  readonly holdsLock: () => Promise<'held' | 'lost' | 'unknown'>;
  /** Acts while no other supervisor of this user does and nobody else is at the same thing; the reason when it could not. */
  readonly exclusively: (act: () => Promise<Outcome>) => Promise<Outcome | string>;
  /** What keeps processes from ending that have survived SIGKILL, in words. */
  readonly explainStuck: (pids: readonly number[]) => Promise<string>;
  /** What people ended through rigtop, from the journal. Asked for only when something that was up is not; empty when it cannot be read. */
  readonly personsEnds: () => Promise<readonly PersonsEnd[]>;
  /** After each look: how it stands, for whoever watches it in a terminal. */
  readonly standing?: (kept: readonly KeptThing[], state: LoopState, at: number) => void;
  /** Rings a bell for whoever has it in a terminal: a mass death. */
  readonly ring: () => void;
  /** Raises the alarm of a mass death where others look: the event feeds of towns. Not while it observes. */
  readonly alarm: (assessment: Assessment, deaths: number) => Promise<void>;
  /** Writes a note to the journal; the reason when it could not. */
  readonly write: (note: RoundNote) => Promise<string | null>;
  /** Tells people: standard output, a notifier. Must not wait for anybody. */
  readonly tell: (note: RoundNote) => void;
}
