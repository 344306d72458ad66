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

export interface RemoteJudge {
  receive(report: Report): Assessment;
  /** Whether the next look would make something sure. */
  isPending(): boolean;
  /** Its last look; null before the first. */
  world(): Assessment | null;
  /** What a plan there would be; null before the first look. */
  plan(request: PlanRequest): Plan | Refusal | null;
}

export const createRemoteJudge = (epochMs: () => number): RemoteJudge => {
  const mark = createServerMarks(SOURCES);
  let memory = emptyMemory;
  let last: {readonly look: Assessment; readonly settings: Settings} | null = null;
  return {
    receive: ({snapshot, settings: theirs}) => {
      // The rigtop there may know fewer multiplexers.
      const seen = {...snapshot, processes: mark(snapshot.processes)};
      const judged = assess(seen, theirs, memory, SOURCES);
      memory = judged.memory;
      const {fleet} = judged.assessment;
      const look = {...judged.assessment, fleet: {...fleet, agents: withHints(fleet.agents, snapshot)}};
      last = {look, settings: theirs};
      return look;
    },
    isPending: () => needsSecondLook(memory),
    world: () => last?.look ?? null,
    plan: request =>
      last === null
        ? null
        : makePlan(request, last.look, last.settings, {id: randomBytes(2).toString('hex'), now: epochMs(), sources: SOURCES}),
  };
};
