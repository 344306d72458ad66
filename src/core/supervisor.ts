// The façade that the screen, the commands and the unattended loop share: refresh(), plan(), perform().

import type {UnlockRule} from './domain/finding.ts';
import type {Assessment} from './domain/fleet.ts';
import type {Outcome, Progress} from './domain/outcome.ts';
import type {Plan, PlanAction, Refusal} from './domain/plan.ts';

export interface PlanRequest {
  readonly action: PlanAction;
  /** References or finding ids, as given. */
  readonly asked: readonly string[];
  readonly force?: boolean;
  readonly graceMs?: number;
  readonly unlocks?: readonly UnlockRule[];
}

export interface Supervisor {
  /** False when built without hands: `perform` is null then. */
  readonly readOnly: boolean;
  /** One look at the machine, judged with what earlier looks showed. Never two at once. */
  refresh(): Promise<Assessment>;
  /** As many looks as certainty needs: a second one after `confirm_gap`, only when a verdict hangs on it. */
  refreshUntilSettled(): Promise<Assessment>;
  /** Pure over the last assessment. */
  plan(request: PlanRequest): Plan | Refusal;
  /** Carry a plan out: every check done again, journal first. Null in read-only mode. */
  readonly perform: ((plan: Plan, onProgress?: (progress: Progress) => void) => Promise<Outcome>) | null;
  close(): Promise<void>;
}
