// Moves left-over agent locks aside, each only while it holds what was judged. Never touches the flock files beside them.
import type {TargetOutcome, TargetResult} from '../../../core/domain/outcome.ts';
import type {PlanLock} from '../../../core/domain/plan.ts';
import {moveAside} from '../../../core/os/move-aside.ts';

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
  return {
    ref,
    pid: null,
    result: RESULTS[moved.result],
    signal: null,
    because: 'because' in moved ? moved.because : moved.result === 'moved' ? `moved to ${moveTo}` : null,
    tookMs: Math.round(now() - began),
  };
};
