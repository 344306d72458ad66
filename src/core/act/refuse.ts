// The outcome of a plan that was refused as a whole: nothing was touched, and every target says so. Pure.
import type {Outcome, TargetOutcome} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';

export const refuseAll = (plan: Plan, rule: string, because: string, tookMs = 0): Outcome => {
  const refused = (ref: string, pid: number | null): TargetOutcome => ({ref, pid, result: 'refused', signal: null, because, tookMs: 0});
  return {
    ok: false,
    tookMs,
    targets: [
      ...plan.targets.map(({ref, pid}) => refused(ref, pid)),
      ...[...plan.sessions, ...plan.panes, ...plan.locks].map(({ref}) => refused(ref, null)),
    ],
    ports: plan.frees.map(port => ({port, free: null})),
    late: [],
    escaped: [],
    started: [],
    problems: [],
    refused: {rule, because},
  };
};
