// The decisions of a round, one after the other: what is held back, what is proposed, what is done and what came of it. Pure.

import type {Outcome} from '../core/domain/outcome.ts';
import {isRefusal, type Plan, type Refusal} from '../core/domain/plan.ts';
import {when} from '../core/domain/when.ts';
import {summarizeOutcome} from '../words/describe-outcome.ts';
import {describeLoopAction, hasSurvivors, isUntouched, killSurvivors, type LoopAction} from './describe-round.ts';
import {blockedBy, type LoopMemory, type LoopStep, note, type RoundInHand} from './loop-effects.ts';
import {afterCleanup, afterRestart, afterSurvival} from './memory.ts';
import {describeQueue} from './policy.ts';

const withRound = (memory: LoopMemory, round: RoundInHand): LoopMemory => ({...memory, round});

const close = (memory: LoopMemory, holds: boolean): LoopStep => ({memory, effects: [{do: 'close-round', holds}]});

/** Begins with the next decision. `requested`: nothing more is begun. */
export const atNext = (memory: LoopMemory, round: RoundInHand, requested: boolean): LoopStep => {
  const [decision, ...decisions] = round.decisions;
  if (requested) {
    return close(memory, true);
  }
  if (decision === undefined) {
    const queue = when(round.waiting.length > 0, note('held-back', describeQueue(round.waiting)));
    return {memory, effects: [...queue, {do: 'close-round', holds: true}]};
  }
  if (decision.kind === 'held-back') {
    return {memory: withRound(memory, {...round, decisions}), effects: [note('held-back', decision.because, decision.ref), {do: 'next'}]};
  }
  return {memory: withRound(memory, {...round, decisions, loopAction: decision}), effects: [{do: 'read-lock', asked: 'decision'}]};
};

/** The lock is ours, or cannot be read: does it, or says what stands against it. */
export const startLoopAction = (memory: LoopMemory, round: RoundInHand, loopAction: LoopAction): LoopStep => {
  const finding = loopAction.kind === 'cleanup' ? loopAction.finding : null;
  const charged =
    memory.sources.map(source => source.inCharge?.(round.assessment, loopAction.ref, finding) ?? null).find(each => each !== null) ?? null;
  const blocked = blockedBy(memory);
  const reason = (memory.paused ? 'paused' : blocked) ?? charged;
  if (reason !== null) {
    // Held back for nothing but a pause: still something that a person may want.
    const isProposal = charged === null && memory.paused && blocked === null;
    return {
      memory,
      effects: [
        ...when(isProposal, {do: 'try-plan', loopAction} as const),
        note('held-back', `${describeLoopAction(loopAction)}: ${reason}`, loopAction.ref),
        {do: 'next'},
      ],
    };
  }
  if (loopAction.kind === 'restart' && round.restarted) {
    return {memory: withRound(memory, {...round, waiting: [...round.waiting, loopAction.ref]}), effects: [{do: 'next'}]};
  }
  return {memory, effects: [{do: 'plan', loopAction}]};
};

export const proposed = (memory: LoopMemory, loopAction: LoopAction): LoopMemory => ({
  ...memory,
  proposals: [...memory.proposals, loopAction],
});

export const afterPlan = (memory: LoopMemory, round: RoundInHand, loopAction: LoopAction, plan: Plan | Refusal): LoopStep => {
  if (isRefusal(plan)) {
    return {
      memory,
      effects: [note('held-back', `${describeLoopAction(loopAction)}: ${plan.because} [${plan.rule}]`, loopAction.ref), {do: 'next'}],
    };
  }
  if (!memory.acts) {
    return {memory: proposed(memory, loopAction), effects: [note('would', describeLoopAction(loopAction), loopAction.ref), {do: 'next'}]};
  }
  return {memory: withRound(memory, {...round, loopAction, beforeLoopAction: memory.state}), effects: [{do: 'carry-out', plan}]};
};

/** Remembered before it is done: a supervisor that is killed in the middle must not start the same thing afresh. */
export const rememberLoopAction = (memory: LoopMemory, loopAction: LoopAction, roots: number, now: number): LoopStep => {
  const state = loopAction.kind === 'restart' ? afterRestart(memory.state, loopAction.ref, now) : afterCleanup(memory.state, roots, now);
  return {memory: {...memory, state}, effects: [{do: 'save'}]};
};

const finished = (memory: LoopMemory, round: RoundInHand, loopAction: LoopAction, outcome: Outcome): LoopStep => ({
  memory: withRound(memory, {...round, restarted: round.restarted || loopAction.kind === 'restart'}),
  effects: [note('did', `${describeLoopAction(loopAction)}: ${summarizeOutcome(outcome).text}`, loopAction.ref), {do: 'next'}],
});

/** What was done and what it came to: into the memory, and into words. */
export const afterLoopAction = (memory: LoopMemory, round: RoundInHand, loopAction: LoopAction, outcome: Outcome | string): LoopStep => {
  if (typeof outcome === 'string') {
    return {memory, effects: [note('held-back', `${describeLoopAction(loopAction)}: ${outcome}`, loopAction.ref), {do: 'next'}]};
  }
  if (isUntouched(outcome)) {
    // It counts against no brake.
    const text = `${describeLoopAction(loopAction)}: ${summarizeOutcome(outcome).text}`;
    return {memory: {...memory, state: round.beforeLoopAction}, effects: [note('held-back', text, loopAction.ref), {do: 'next'}]};
  }
  if (loopAction.kind !== 'cleanup' || !hasSurvivors(outcome)) {
    return finished(memory, round, loopAction, outcome);
  }
  const pids = killSurvivors(outcome);
  return pids.length > 0
    ? {memory, effects: [{do: 'explain-stuck', outcome, pids}]}
    : finished({...memory, state: afterSurvival(memory.state, loopAction.finding, null)}, round, loopAction, outcome);
};

/** It was sent SIGKILL and is still there: that is not tried again. */
export const afterStuck = (memory: LoopMemory, round: RoundInHand, loopAction: LoopAction, outcome: Outcome, because: string): LoopStep => {
  const state = loopAction.kind === 'cleanup' ? afterSurvival(memory.state, loopAction.finding, `unkillable: ${because}`) : memory.state;
  return finished({...memory, state}, round, loopAction, outcome);
};
