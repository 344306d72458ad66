// One step of the unattended loop: what is known and what happened → what is known now and what is to be done. Pure.
import {when} from '../core/domain/when.ts';
import {announce} from './announce.ts';
import {grantAll} from './grant-request.ts';
import {keptThings} from './kept-things.ts';
import {type LoopEvent, type LoopMemory, type LoopStep, type RoundInHand, said} from './loop-effects.ts';
import {afterInterrupted} from './memory.ts';
import {decide} from './policy.ts';
import {afterLoopAction, afterPlan, afterStuck, atNext, proposed, rememberLoopAction, startLoopAction} from './settle-decision.ts';

type Of<K extends LoopEvent['is']> = Extract<LoopEvent, {is: K}>;

/** A gap of so many intervals between two rounds means that the machine slept: the world has to be seen anew before anything is done. */
const SLEPT_INTERVALS = 4;
/** A busy machine may be late by seconds with short intervals. */
const LEAST_SLEPT_MS = 20_000;

const begin = (memory: LoopMemory, {opening}: Of<'begun'>): LoopStep => ({
  memory: {...memory, state: afterInterrupted(memory.state, opening)},
  effects: [
    ...opening.map(({text, ref}) => said(text, ref)),
    ...when(memory.paused, said('still paused by a person: `rigtop supervise resume` goes on')),
    // Whoever asks before the first look is over is told that it is there.
    {do: 'save'},
    {do: 'look'},
  ],
});

/** For how long nobody looked, when that was too long or the clock was set; null otherwise. */
const sleptFor = ({clocks, lastAt, policy}: LoopMemory, epoch: number, monotonic: number): number | null => {
  // Of two rounds, or within one: what a clock that stands still during sleep does not know of.
  const drift = Math.abs(epoch - clocks.epoch - (monotonic - clocks.monotonic));
  const gap = Math.max(drift, lastAt === null ? 0 : Math.abs(epoch - lastAt));
  return drift > LEAST_SLEPT_MS || gap > Math.max(SLEPT_INTERVALS * policy.intervalMs, LEAST_SLEPT_MS) ? gap : null;
};

const afterLook = (before: LoopMemory, {assessment, epoch, monotonic, ends, unjournalled}: Of<'looked'>): LoopStep => {
  const sleptMs = sleptFor(before, epoch, monotonic);
  const {policy, count} = before;
  const {state, decisions} = decide(assessment, policy, before.state, epoch, before.continuous && sleptMs === null, ends);
  const round: RoundInHand = {
    assessment,
    decisions,
    freshlyHalted: state.halted !== null && before.state.halted === null,
    sleptMs,
    restarted: false,
    waiting: [],
    loopAction: null,
    beforeLoopAction: state,
  };
  return {
    memory: {
      ...before,
      state,
      round,
      unjournalled,
      clocks: {epoch, monotonic},
      kept: keptThings(assessment, policy.keep, state, decisions),
      continuous: true,
      count: count + 1,
      proposals: [],
    },
    effects: [{do: 'read-lock', asked: 'round'}],
  };
};

const tellRound = (memory: LoopMemory, round: RoundInHand, holds: boolean): LoopStep => {
  const told = announce(memory, round);
  const slept =
    round.sleptMs === null
      ? []
      : [said(`nobody looked for ${Math.round(round.sleptMs / 1000)} s, or the clock was set: this round only looks`)];
  const settles = holds && round.sleptMs === null;
  return {
    memory: told.memory,
    effects: [
      // A halt that somebody has read of must outlive us: written down before it is told.
      ...when(holds && round.freshlyHalted, {do: 'save'} as const),
      ...told.effects,
      ...slept,
      settles ? {do: 'next'} : {do: 'close-round', holds},
    ],
  };
};

const afterLock = (before: LoopMemory, round: RoundInHand | null, {asked, lock}: Of<'lock-read'>): LoopStep => {
  const memory = {...before, lockHidden: lock === 'unknown'};
  const holds = lock !== 'lost';
  if (asked === 'requests' || round === null) {
    return {memory, effects: holds ? [{do: 'save'}] : []};
  }
  if (asked === 'round') {
    return tellRound(memory, round, holds);
  }
  return holds && round.loopAction !== null
    ? startLoopAction(memory, round, round.loopAction)
    : {memory, effects: [{do: 'close-round', holds}]};
};

const afterSave = (before: LoopMemory, {failed}: Of<'saved'>): LoopStep => {
  const unsaved = failed === null ? null : `its record cannot be written (${failed})`;
  const text = unsaved === null ? 'its record can be written again' : `acts no more: ${unsaved}`;
  return {memory: {...before, unsaved}, effects: unsaved === before.unsaved ? [] : [said(text)]};
};

const afterRound = (before: LoopMemory, {at, holds}: Of<'round-closed'>): LoopStep => ({
  // The end of the round: what it did itself may take longer than the interval.
  memory: {...before, lastAt: at, round: null},
  effects: holds
    ? [{do: 'save'}, {do: 'show-standing', at}, {do: 'rest', ms: before.policy.intervalMs}]
    : [{do: 'show-standing', at}, said('ends: another supervisor holds its lock'), {do: 'end', end: 'lost'}],
});

const afterReload = (before: LoopMemory, {terms, anew}: Of<'reloaded'>): LoopStep => {
  const read = anew ? 'configuration read again' : 'keeps the last good configuration';
  return {
    memory: {...before, ...terms},
    effects: [said(terms.blocked === null ? read : `${read}, and acts no more: ${terms.blocked}`)],
  };
};

/** Events that only a round has; outside of one they mean nothing. */
const inRound = (memory: LoopMemory, round: RoundInHand, event: LoopEvent): LoopStep => {
  const {loopAction} = round;
  if (event.is === 'at-next') {
    return atNext(memory, round, event.requested);
  }
  if (event.is === 'planned') {
    return afterPlan(memory, round, event.loopAction, event.plan);
  }
  if (event.is === 'doing' && loopAction !== null) {
    return rememberLoopAction(memory, loopAction, event.roots, event.now);
  }
  if (event.is === 'did' && loopAction !== null) {
    return afterLoopAction(memory, round, loopAction, event.outcome);
  }
  if (event.is === 'stuck' && loopAction !== null) {
    return afterStuck(memory, round, loopAction, event.outcome, event.because);
  }
  return {memory, effects: []};
};

/** Whoever runs the effects does so in order, and gives what each came to back to `step`: what follows from that comes before the rest. */
export const step = (memory: LoopMemory, event: LoopEvent): LoopStep => {
  switch (event.is) {
    case 'begun':
      return begin(memory, event);
    case 'noted':
      return {memory: {...memory, unjournalled: event.unjournalled}, effects: []};
    case 'saved':
      return afterSave(memory, event);
    case 'looked':
      return afterLook(memory, event);
    case 'lock-read':
      return afterLock(memory, memory.round, event);
    case 'could-be-planned':
      return {memory: event.refused ? memory : proposed(memory, event.loopAction), effects: []};
    case 'round-closed':
      return afterRound(memory, event);
    case 'rested':
      return grantAll(memory, event.controlRequests);
    case 'reloaded':
      return afterReload(memory, event);
    default:
      return memory.round === null ? {memory, effects: []} : inRound(memory, memory.round, event);
  }
};
