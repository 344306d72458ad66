// The unattended loop: runs what its step asks for, one thing at a time. It never acts on what it cannot write down.
import type {Outcome} from '../core/domain/outcome.ts';
import {isRefusal, type Plan} from '../core/domain/plan.ts';
import {requestOf} from './describe-round.ts';
import {seenAlive} from './kept.ts';
import {blockedBy, type LoopEffect, type LoopEvent, type LoopMemory, type Terms} from './loop-effects.ts';
import type {LoopConfig, LoopEnd, LoopParts} from './loop-parts.ts';
import type {SuperviseRecord} from './record.ts';
import {createRoundNotes, type RoundNotes} from './round-notes.ts';
import {step} from './step.ts';

const termsOf = ({engine, policy, blocked}: LoopConfig, mode: LoopParts['mode']): Terms => ({
  policy,
  blocked,
  acts: mode === 'act' && engine.perform !== null,
});

const firstMemory = ({mode, loopConfig, sources, inherited, epochMs, monotonicMs}: LoopParts): LoopMemory => ({
  sources,
  ...termsOf(loopConfig, mode),
  ...inherited,
  mode,
  announced: new Set(Object.keys(inherited.state.sureSince)),
  count: 0,
  lastAt: null,
  clocks: {epoch: epochMs(), monotonic: monotonicMs()},
  lockHidden: false,
  unsaved: null,
  unjournalled: null,
  proposals: [],
  kept: [],
  round: null,
});

const recordOf = (memory: LoopMemory, startedAt: string, {identity}: LoopParts, notes: RoundNotes): SuperviseRecord => {
  const {mode, policy, count, lastAt, paused, state, proposals, kept} = memory;
  return {
    schema: 'rigtop/supervise@1',
    ...identity,
    startedAt,
    mode,
    intervalMs: policy.intervalMs,
    heartbeat: {count, at: lastAt === null ? null : new Date(lastAt).toISOString()},
    paused,
    blocked: blockedBy(memory),
    state,
    proposals,
    kept,
    notes: notes.latest(),
  };
};

const refusedFor = (because: string): Outcome => ({
  ok: false,
  tookMs: 0,
  targets: [],
  ports: [],
  late: [],
  escaped: [],
  started: [],
  problems: [],
  refused: {rule: 'record', because},
});

/** What runs: the only thing here that changes. */
interface Running {
  readonly parts: LoopParts;
  readonly notes: RoundNotes;
  readonly startedAt: string;
  loopConfig: LoopConfig;
  memory: LoopMemory;
  end: LoopEnd | null;
}

const look = async ({parts, notes, loopConfig, memory}: Running): Promise<LoopEvent> => {
  const [epoch, monotonic] = [parts.epochMs(), parts.monotonicMs()];
  if (notes.trouble() !== null) {
    await notes.retry();
  }
  const assessment = await loopConfig.engine.refreshUntilSettled();
  const alive = seenAlive(assessment);
  // The journal is read only when something that was up is not.
  const ends = Object.keys(memory.state.seats).every(ref => alive.has(ref)) ? [] : await parts.personsEnds();
  return {is: 'looked', assessment, epoch, monotonic, ends, unjournalled: notes.trouble()};
};

const carryOut = async (running: Running, plan: Plan): Promise<LoopEvent> => {
  const {parts, loopConfig} = running;
  const {perform} = loopConfig.engine;
  const outcome = await parts.exclusively(async () => {
    await settle(running, {is: 'doing', roots: plan.roots.length, now: parts.epochMs()});
    const {unsaved} = running.memory;
    return unsaved === null && perform !== null ? perform(plan) : refusedFor(unsaved ?? 'it only reads');
  });
  return {is: 'did', outcome};
};

const reload = async (running: Running): Promise<LoopEvent> => {
  const before = running.loopConfig;
  running.loopConfig = await running.parts.reload(before);
  return {
    is: 'reloaded',
    terms: termsOf(running.loopConfig, running.parts.mode),
    anew: running.loopConfig.engine !== before.engine,
  };
};

/** Does what a step asked for. The answer is what it came to; null when nothing follows from it. */
const run = async (running: Running, effect: LoopEffect): Promise<LoopEvent | null> => {
  const {parts, notes, loopConfig, memory} = running;
  switch (effect.do) {
    case 'note':
      await notes.note(effect.what, effect.text, effect.ref);
      return {is: 'noted', unjournalled: notes.trouble()};
    case 'save':
      return {is: 'saved', failed: await parts.save(recordOf(memory, running.startedAt, parts, notes))};
    case 'look':
      return look(running);
    case 'read-lock':
      return {is: 'lock-read', asked: effect.asked, lock: await parts.holdsLock()};
    case 'next':
      return {is: 'at-next', requested: parts.isRequested()};
    case 'plan':
      return {is: 'planned', loopAction: effect.loopAction, plan: loopConfig.engine.plan(requestOf(effect.loopAction))};
    case 'try-plan':
      return {
        is: 'could-be-planned',
        loopAction: effect.loopAction,
        refused: isRefusal(loopConfig.engine.plan(requestOf(effect.loopAction))),
      };
    case 'carry-out':
      return carryOut(running, effect.plan);
    case 'explain-stuck':
      return {is: 'stuck', outcome: effect.outcome, because: await parts.explainStuck(effect.pids)};
    case 'ring':
      parts.ring();
      return null;
    case 'alarm':
      await parts.alarm(effect.assessment, effect.deaths);
      return null;
    case 'close-round':
      notes.endRound();
      return {is: 'round-closed', at: parts.epochMs(), holds: effect.holds};
    case 'show-standing':
      parts.standing?.(memory.kept, memory.state, effect.at);
      return null;
    case 'rest':
      return {is: 'rested', controlRequests: await parts.rest(effect.ms)};
    case 'reload':
      return reload(running);
    case 'end':
      running.end = effect.end;
      return null;
  }
};

const happened = (running: Running, event: LoopEvent): readonly LoopEffect[] => {
  const {memory, effects} = step(running.memory, event);
  running.memory = memory;
  return effects;
};

/** Until nothing is left to do: what follows from an effect comes before what was to come after it. */
const settle = async (running: Running, event: LoopEvent): Promise<void> => {
  let left = happened(running, event);
  for (let [effect, ...rest] = left; effect !== undefined; [effect, ...rest] = left) {
    const came = await run(running, effect);
    left = came === null ? rest : [...happened(running, came), ...rest];
  }
};

/** Runs until it is told to stop. Throws only for bugs. */
export const runLoop = async (parts: LoopParts): Promise<LoopEnd> => {
  const running: Running = {
    parts,
    notes: createRoundNotes(parts),
    loopConfig: parts.loopConfig,
    memory: firstMemory(parts),
    startedAt: new Date(parts.epochMs()).toISOString(),
    end: null,
  };
  await settle(running, {is: 'begun', opening: parts.opening});
  return running.end ?? 'stopped';
};
