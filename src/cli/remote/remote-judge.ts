// What is known here of another machine: its looks, judged with a memory of their own, and what a plan there would be.

import {randomBytes} from 'node:crypto';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../../core/domain/plan.ts';
import type {Settings} from '../../core/domain/settings.ts';
import {withHints} from '../../core/judge/agent-hints.ts';
import {assess, emptyMemory, needsSecondLook} from '../../core/judge/assess.ts';
import {createServerMarks} from '../../core/look/mark-servers.ts';
import {makePlan} from '../../core/plan/make-plan.ts';
import {SOURCES} from '../../sources/sources.ts';
import type {Report} from '../documents/read-snapshot.ts';

/** Thresholds of age are passed by waiting: a look that shows nothing new is judged again after this long. */
const LONGEST_UNJUDGED_MS = 60_000;

export interface RemoteJudge {
  receive(report: Report): Assessment;
  /** The last look once more, by what was remembered before it: the same verdicts. Its own object until the next look, or `rest`. */
  again(last: () => Report | null): Assessment | null;
  /** Let go of the last look; what it was judged to is remembered. */
  rest(): void;
  /** Whether the next look would make something sure. */
  isPending(): boolean;
  /** Whether a look at that time is to be judged although it shows nothing new. */
  isDue(monotonicMs: number): boolean;
  plan(request: PlanRequest, last: () => Report | null): Plan | Refusal | null;
}

interface Judged {
  readonly look: Assessment;
  readonly settings: Settings;
}

export const createRemoteJudge = (epochMs: () => number): RemoteJudge => {
  const mark = createServerMarks(SOURCES);
  let before = emptyMemory;
  let memory = emptyMemory;
  let judgedAt = Number.NEGATIVE_INFINITY;
  let held: Judged | null = null;

  const judge = ({snapshot, settings}: Report, by: typeof memory): Judged & {readonly memory: typeof memory} => {
    // The rigtop there may know fewer multiplexers.
    const seen = {...snapshot, processes: mark(snapshot.processes)};
    const {assessment, memory: after} = assess(seen, settings, by, SOURCES);
    const {fleet} = assessment;
    return {look: {...assessment, fleet: {...fleet, agents: withHints(fleet.agents, snapshot)}}, settings, memory: after};
  };
  const hold = (last: () => Report | null): Judged | null => {
    const report = held === null ? last() : null;
    held = report === null ? held : judge(report, before);
    return held;
  };

  return {
    receive: report => {
      before = memory;
      const judged = judge(report, memory);
      memory = judged.memory;
      judgedAt = report.snapshot.monotonicMs;
      held = judged;
      return judged.look;
    },
    again: last => hold(last)?.look ?? null,
    rest: () => {
      held = null;
    },
    isPending: () => needsSecondLook(memory),
    isDue: at => needsSecondLook(memory) || at < judgedAt || at - judgedAt >= LONGEST_UNJUDGED_MS,
    plan: (request, last) => {
      const now = hold(last);
      return now === null
        ? null
        : makePlan(request, now.look, now.settings, {id: randomBytes(2).toString('hex'), now: epochMs(), sources: SOURCES});
    },
  };
};
