// Moves left-over identity locks aside, each only while it holds what was judged. Never touches the flock files beside them.

import {type TargetOutcome, type TargetResult, unsignalled} from '../domain/outcome.ts';
import type {PlanLock} from '../domain/plan.ts';
import {moveAside} from '../os/move-aside.ts';

const RESULTS: Readonly<Record<ReturnType<typeof moveAside>['result'], TargetResult>> = {
  moved: 'gone',
  missing: 'already-gone',
  changed: 'changed',
  failed: 'survived',
};

/** The outcome of one lock. `now` is a clock that does not jump, in milliseconds. */
export const moveLock = ({ref, path, digest, moveTo}: PlanLock, now: () => number): TargetOutcome => {
  const began = now();
  const moved = moveAside(path, moveTo, digest);
  const because = 'because' in moved ? moved.because : null;
  return unsignalled(ref, RESULTS[moved.result], moved.result === 'moved' ? `moved to ${moveTo}` : because, {tookMs: now() - began});
};
