// What is known of another machine on this screen, and what is told of it. Records and types only.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../core/domain/plan.ts';
import type {FleetView} from './rows.ts';

/** A look; that there was one that showed nothing new; or why there is none, and what would help. */
export type News =
  | {readonly look: Assessment}
  | {readonly quiet: true}
  | {readonly trouble: {readonly because: string; readonly hint: string}};

/** A program on our own terminal, and its arguments. */
export interface Spot {
  readonly file: string;
  readonly args: readonly string[];
}

/** Another machine. Nothing is done to it from here: what is to be done is done there, on this terminal. */
export interface Machine {
  /** As its owner calls it. */
  readonly name: string;
  /** Connect, and tell what comes. Called once. */
  listen(told: (news: News) => void): void;
  /** Connect again, where the connection is gone. */
  retry(): void;
  /** Its last look, whole; the same object until the next one. Null before the first. */
  world(): Assessment | null;
  /** What a plan there would be, for showing it. */
  plan(request: PlanRequest): Plan | Refusal | null;
  /** What runs rigtop there with these words on our own terminal; or why nothing does. */
  spot(words: readonly string[]): Spot | {readonly because: string};
  close(): void;
}

/** Tells which machines there are, at once and whenever that changes, with lists of them that could not be had. The answer ends it. */
export type FollowMachines = (told: (machines: readonly Machine[], troubles: readonly string[]) => void) => () => void;

/**
 * How a machine stands: `looking` before its first look; `live` while looks come; `lost` when none can be had; `doubted` while what is
 * gone there went together with what is gone elsewhere.
 */
export type Line = 'looking' | 'live' | 'lost' | 'doubted';

export interface MachineStand {
  readonly name: string;
  readonly line: Line;
  /** Why it is lost or doubted, and what would help, in words; empty while it is not. */
  readonly because: string;
  /** Age of its last look in seconds, in steps; null while looks come, and before the first. */
  readonly ageSeconds: number | null;
  /** The rows of its last look that is believed; null before the first. */
  readonly view: FleetView | null;
  /** Its last look, whole; null before the first. */
  world(): Assessment | null;
}
