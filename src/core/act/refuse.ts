// The outcome of a plan that was refused as a whole: nothing was touched, and every target says so. Pure.
import {type Outcome, unsignalled} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';

export const refuseAll = (plan: Plan, rule: string, because: string, tookMs = 0): Outcome => {
  return {
    ok: false,
    tookMs,
    targets: [
      ...plan.targets.map(({ref, pid}) => unsignalled(ref, 'refused', because, {pid})),
      ...[...plan.sessions, ...plan.panes, ...plan.locks].map(({ref}) => unsignalled(ref, 'refused', because)),
    ],
    ports: plan.frees.map(port => ({port, free: null})),
    late: [],
    escaped: [],
    started: [],
    problems: [],
    refused: {rule, because},
  };
};
