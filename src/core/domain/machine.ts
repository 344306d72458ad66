// Another machine as everybody here knows it: what is told of it, its last look, and the way in. Records and types only.
import type {Assessment} from './fleet.ts';
import type {Plan, PlanRequest, Refusal} from './plan.ts';

/** A look; that there was one that showed nothing new; or why there is none, and what would help. `ageMs`: how old it was when it came. */
export type MachineNews =
  | {readonly look: Assessment; readonly ageMs?: number}
  | {readonly quiet: true; readonly ageMs?: number}
  | {readonly trouble: {readonly because: string; readonly hint: string}};

/** A program on our own terminal; argv, never a shell. */
export interface Spot {
  readonly file: string;
  readonly args: readonly string[];
}

/** Nothing is done to it from here: what is to be done is done there, on this terminal. */
export interface Machine<News extends MachineNews = MachineNews> {
  /** As its owner calls it. */
  readonly name: string;
  /** Connect, and tell what comes. Called once. */
  listen(told: (news: News) => void): void;
  /** Connect again at once, where there is no connection. */
  retry(): void;
  /** Its last look, whole; the same object until the next one. Null before the first. */
  world(): Assessment | null;
  /** What a plan there would be, for showing it; null before the first look. */
  plan(request: PlanRequest): Plan | Refusal | null;
  /** What runs rigtop there with these words on our own terminal; or why nothing does. */
  spot(words: readonly string[]): Spot | {readonly because: string};
  close(): void;
}
