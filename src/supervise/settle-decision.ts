// The decisions of a round, one after the other: what is held back, what is proposed, what is done and what came of it. Pure.

import type {Outcome} from '../core/domain/outcome.ts';
import {isRefusal, type Plan, type Refusal} from '../core/domain/plan.ts';
import {when} from '../core/domain/when.ts';
import {summarizeOutcome} from '../words/describe-outcome.ts';
import {type Deed, describeDeed, hasSurvivors, isUntouched, killSurvivors} from './describe-round.ts';
import {hamperedBy, type LoopMemory, type LoopStep, note, type RoundInHand} from './loop-effects.ts';
import {afterCleanup, afterRestart, afterSurvival} from './memory.ts';
import {describeQueue} from './policy.ts';

const withRound = (memory: LoopMemory, round: RoundInHand): LoopMemory => ({...memory, round});

const close = (memory: LoopMemory, holds: boolean): LoopStep => ({memory, effects: [{do: 'close-round', holds}]});

/** Begins with the next decision. `wished`: nothing more is begun. */
export const atNext = (memory: LoopMemory, round: RoundInHand, wished: boolean): LoopStep => {
  const [decision, ...decisions] = round.decisions;
  if (wished) {
    return close(memory, true);
  }
  if (decision === undefined) {
    const queue = when(round.waiting.length > 0, note('held-back', describeQueue(round.waiting)));
    return {memory, effects: [...queue, {do: 'close-round', holds: true}]};
  }
  if (decision.kind === 'held-back') {
    return {memory: withRound(memory, {...round, decisions}), effects: [note('held-back', decision.because, decision.ref), {do: 'next'}]};
  }
  return {memory: withRound(memory, {...round, decisions, deed: decision}), effects: [{do: 'read-lock', asked: 'decision'}]};
};

/** The lock is ours, or cannot be read: does it, or says what stands against it. */
export const startDeed = (memory: LoopMemory, round: RoundInHand, deed: Deed): LoopStep => {
  const finding = deed.kind === 'cleanup' ? deed.finding : null;
  const charged =
    memory.sources.map(source => source.inCharge?.(round.assessment, deed.ref, finding) ?? null).find(each => each !== null) ?? null;
  const hampered = hamperedBy(memory);
  const reason = (memory.paused ? 'paused' : hampered) ?? charged;
  if (reason !== null) {
    // Held back for nothing but a pause: still something that a person may want.
    const isProposal = charged === null && memory.paused && hampered === null;
    return {
      memory,
      effects: [
        ...when(isProposal, {do: 'try-plan', deed} as const),
        note('held-back', `${describeDeed(deed)}: ${reason}`, deed.ref),
        {do: 'next'},
      ],
    };
  }
  if (deed.kind === 'restart' && round.restarted) {
    return {memory: withRound(memory, {...round, waiting: [...round.waiting, deed.ref]}), effects: [{do: 'next'}]};
  }
  return {memory, effects: [{do: 'plan', deed}]};
};

export const proposed = (memory: LoopMemory, deed: Deed): LoopMemory => ({...memory, proposals: [...memory.proposals, deed]});

export const afterPlan = (memory: LoopMemory, round: RoundInHand, deed: Deed, plan: Plan | Refusal): LoopStep => {
  if (isRefusal(plan)) {
    return {memory, effects: [note('held-back', `${describeDeed(deed)}: ${plan.because} [${plan.rule}]`, deed.ref), {do: 'next'}]};
  }
  if (!memory.acts) {
    return {memory: proposed(memory, deed), effects: [note('would', describeDeed(deed), deed.ref), {do: 'next'}]};
  }
  return {memory: withRound(memory, {...round, deed, beforeDeed: memory.state}), effects: [{do: 'carry-out', plan}]};
};

/** Remembered before it is done: a supervisor that is killed in the middle must not start the same thing afresh. */
export const rememberDeed = (memory: LoopMemory, deed: Deed, roots: number, now: number): LoopStep => {
  const state = deed.kind === 'restart' ? afterRestart(memory.state, deed.ref, now) : afterCleanup(memory.state, roots, now);
  return {memory: {...memory, state}, effects: [{do: 'save'}]};
};

const finished = (memory: LoopMemory, round: RoundInHand, deed: Deed, outcome: Outcome): LoopStep => ({
  memory: withRound(memory, {...round, restarted: round.restarted || deed.kind === 'restart'}),
  effects: [note('did', `${describeDeed(deed)}: ${summarizeOutcome(outcome).text}`, deed.ref), {do: 'next'}],
});

/** What was done and what it came to: into the memory, and into words. */
export const afterDeed = (memory: LoopMemory, round: RoundInHand, deed: Deed, outcome: Outcome | string): LoopStep => {
  if (typeof outcome === 'string') {
    return {memory, effects: [note('held-back', `${describeDeed(deed)}: ${outcome}`, deed.ref), {do: 'next'}]};
  }
  if (isUntouched(outcome)) {
    // It counts against no brake.
    const text = `${describeDeed(deed)}: ${summarizeOutcome(outcome).text}`;
    return {memory: {...memory, state: round.beforeDeed}, effects: [note('held-back', text, deed.ref), {do: 'next'}]};
  }
  if (deed.kind !== 'cleanup' || !hasSurvivors(outcome)) {
    return finished(memory, round, deed, outcome);
  }
  const pids = killSurvivors(outcome);
  return pids.length > 0
    ? {memory, effects: [{do: 'explain-stuck', outcome, pids}]}
    : finished({...memory, state: afterSurvival(memory.state, deed.finding, null)}, round, deed, outcome);
};

/** It was sent SIGKILL and is still there: that is not tried again. */
export const afterStuck = (memory: LoopMemory, round: RoundInHand, deed: Deed, outcome: Outcome, because: string): LoopStep => {
  const state = deed.kind === 'cleanup' ? afterSurvival(memory.state, deed.finding, `unkillable: ${because}`) : memory.state;
  return finished({...memory, state}, round, deed, outcome);
};
