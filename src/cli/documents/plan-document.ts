// A plan, and what came of it, → the `rigtop/plan@1` document. Pure.
import type {Outcome, TargetOutcome} from '../../core/domain/outcome.ts';
import type {LeftOut, Plan, Refusal} from '../../core/domain/plan.ts';
import {isoCreated, isoTime} from '../../words/iso-time.ts';
import type {OutcomeDocument, PlanDocument} from './plan-schema.ts';

const targetDocument = ({ref, pid, result, signal, because, tookMs}: TargetOutcome): OutcomeDocument['targets'][number] => ({
  ref,
  pid,
  result,
  signal,
  because,
  tookMs,
});

export const outcomeDocument = ({ok, tookMs, targets, ports, late, escaped, started, problems, refused}: Outcome): OutcomeDocument => ({
  ok,
  tookMs,
  targets: targets.map(targetDocument),
  ports: ports.map(({port, free}) => ({port, free})),
  late: late.map(targetDocument),
  escaped: escaped.map(targetDocument),
  started: started.map(({ref, result, because, output, tookMs: ms}) => ({ref, result, because, output: [...output], tookMs: ms})),
  problems: [...problems],
  refused: refused === null ? null : {...refused},
});

const leftOutDocument = ({ref, because, rule, unlock}: LeftOut): PlanDocument['leftOut'][number] => ({ref, because, rule, unlock});

/** The plan of a request that nothing answers to: it has no id, because there is nothing to apply. */
export const nothingDocument = ({because, leftOut}: Pick<Refusal, 'because' | 'leftOut'>) => ({
  schema: 'rigtop/plan@1' as const,
  id: null,
  applied: false,
  nothing: because,
  targets: [],
  sessions: [],
  frees: [],
  leftOut: leftOut.map(leftOutDocument),
  irreversible: [],
});

/** `outcome` null: the plan was only shown. */
export const planDocument = (plan: Plan, outcome: Outcome | null): PlanDocument => ({
  schema: 'rigtop/plan@1',
  id: plan.id,
  action: plan.action,
  asked: [...plan.asked],
  createdAt: isoTime(plan.createdAt),
  expiresAt: isoTime(plan.expiresAt),
  applied: outcome !== null && outcome.refused === null,
  targets: plan.targets.map(({ref, pid, startTime, pgid, command, because, parent, step, holds, stopped}) => ({
    ref,
    pid,
    startTime,
    pgid,
    command,
    because,
    parent,
    step,
    holds: [...holds],
    stopped,
  })),
  sessions: plan.sessions.map(({ref, id, created, because}) => ({ref, id, createdAt: isoCreated(created), because})),
  panes: plan.panes.map(({ref, pid, dead, because}) => ({ref, pid, dead, because})),
  locks: plan.locks.map(({ref, path, moveTo}) => ({ref, path, moveTo})),
  starts: plan.starts.map(({ref, because}) => ({ref, because})),
  compose: [...plan.compose],
  vacates: [...plan.vacates],
  frees: [...plan.frees],
  leftOut: plan.leftOut.map(leftOutDocument),
  warnings: [...plan.warnings],
  irreversible: [...plan.irreversible],
  command: plan.command,
  force: plan.force,
  graceMs: plan.graceMs,
  unlocks: [...plan.unlocks],
  ...(plan.mine === undefined ? {} : {mine: {caller: plan.mine.caller.name, conversation: plan.mine.caller.conversation}}),
  ...(outcome === null ? {} : {outcome: outcomeDocument(outcome)}),
});
