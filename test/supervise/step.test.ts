import {describe, expect, it} from 'vitest';
import type {Outcome} from '../../src/core/domain/outcome.ts';
import type {Refusal} from '../../src/core/domain/plan.ts';
import type {LoopAction} from '../../src/supervise/describe-round.ts';
import type {LoopEffect, LoopEvent, LoopMemory, RoundInHand} from '../../src/supervise/loop-effects.ts';
import {EMPTY_STATE} from '../../src/supervise/loop-state.ts';
import {step} from '../../src/supervise/step.ts';
import {assessAll, look} from '../support/world.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const {assessment} = assessAll([look()]);
const restart: LoopAction = {kind: 'restart', ref: 'agent:x/a', because: 'it is gone'};
const cleanup: LoopAction = {kind: 'cleanup', ref: 'process:7', finding: 'f-7', force: false, because: 'an orphan'};
const refusal: Refusal = {refused: true, rule: 'parked', because: 'it is parked', protection: null, leftOut: []};
const done: Outcome = {ok: true, tookMs: 1, targets: [], ports: [], late: [], escaped: [], started: [], problems: [], refused: null};

const memory = (more: Partial<LoopMemory> = {}): LoopMemory => ({
  sources: [],
  policy: {keep: [], cleanup: null, intervalMs: 1000, graceMs: 0, rigs: []},
  blocked: null,
  acts: true,
  mode: 'act',
  state: EMPTY_STATE,
  paused: false,
  continuous: true,
  announced: new Set(),
  count: 0,
  lastAt: NOW - 1000,
  clocks: {epoch: NOW - 1000, monotonic: 0},
  lockHidden: false,
  unsaved: null,
  unjournalled: null,
  proposals: [],
  kept: [],
  round: null,
  ...more,
});

const inRound = (more: Partial<RoundInHand> = {}, rest: Partial<LoopMemory> = {}): LoopMemory =>
  memory({
    ...rest,
    round: {
      assessment,
      decisions: [],
      freshlyHalted: false,
      sleptMs: null,
      restarted: false,
      waiting: [],
      loopAction: null,
      beforeLoopAction: EMPTY_STATE,
      ...more,
    },
  });

const effects = (before: LoopMemory, event: LoopEvent): readonly LoopEffect[] => step(before, event).effects;
/** What is done, without the words of the notes. */
const loopActions = (before: LoopMemory, event: LoopEvent): readonly string[] =>
  effects(before, event).map(effect => (effect.do === 'note' ? effect.what : effect.do));
const texts = (before: LoopMemory, event: LoopEvent): readonly string[] =>
  effects(before, event).flatMap(effect => (effect.do === 'note' ? [effect.text] : []));

const looked = (epoch: number, monotonic: number): LoopEvent => ({
  is: 'looked',
  assessment,
  epoch,
  monotonic,
  ends: [],
  unjournalled: null,
});
const held: LoopEvent = {is: 'lock-read', asked: 'decision', lock: 'held'};

describe('what somebody else is in charge of', () => {
  const ofSomebody = (because: string | null) => ({sources: [{inCharge: () => null}, {inCharge: () => because}]});

  it('is left to whoever that is, by the word of any source', () => {
    const before = inRound({loopAction: restart}, ofSomebody('its own daemon is in charge'));
    expect(texts(before, held)).toEqual([expect.stringContaining('its own daemon is in charge')]);
    expect(loopActions(before, held)).toEqual(['held-back', 'next']);
  });

  it('is no proposal either while this one is paused', () => {
    expect(loopActions(inRound({loopAction: restart}, {...ofSomebody('a daemon'), paused: true}), held)).toEqual(['held-back', 'next']);
    expect(loopActions(inRound({loopAction: restart}, {...ofSomebody(null), paused: true}), held)).toContain('try-plan');
  });

  it('is planned where no source knows of anybody', () => {
    expect(loopActions(inRound({loopAction: restart}, ofSomebody(null)), held)).toEqual(['plan']);
  });
});

describe('a look', () => {
  it('counts, forgets what was proposed, and asks for the lock before anything is told', () => {
    const next = step(memory({proposals: [restart]}), looked(NOW, 1000));
    expect(next.memory).toMatchObject({count: 1, proposals: [], clocks: {epoch: NOW, monotonic: 1000}, round: {sleptMs: null}});
    expect(next.effects).toEqual([{do: 'read-lock', asked: 'round'}]);
  });

  it('is only a look after a gap, and after a clock that was set', () => {
    expect(step(memory(), looked(NOW + HOUR, HOUR)).memory.round?.sleptMs).toBe(HOUR + 1000);
    expect(step(memory({lastAt: null}), looked(NOW + HOUR, 1000)).memory.round?.sleptMs).toBe(HOUR);
    const round: LoopEvent = {is: 'lock-read', asked: 'round', lock: 'held'};
    expect(loopActions(inRound({sleptMs: HOUR}), round)).toEqual(['said', 'close-round']);
    expect(loopActions(inRound(), round)).toEqual(['next']);
  });

  it('writes a halt down before it tells of it, unless another one has the lock', () => {
    const halted = inRound({freshlyHalted: true}, {state: {...EMPTY_STATE, halted: {since: NOW, because: '3 deaths'}}});
    expect(loopActions(halted, {is: 'lock-read', asked: 'round', lock: 'held'})).toEqual(['save', 'said', 'ring', 'alarm', 'next']);
    expect(loopActions(halted, {is: 'lock-read', asked: 'round', lock: 'lost'})).toEqual(['said', 'ring', 'alarm', 'close-round']);
    expect(loopActions({...halted, mode: 'observe'}, {is: 'lock-read', asked: 'round', lock: 'held'})).not.toContain('alarm');
  });
});

describe('the next decision', () => {
  const next: LoopEvent = {is: 'at-next', requested: false};

  it('is not begun once a control request has come', () => {
    expect(effects(inRound({decisions: [restart], waiting: ['agent:x/b']}), {is: 'at-next', requested: true})).toEqual([
      {do: 'close-round', holds: true},
    ]);
  });

  it('is only said when it is held back; otherwise the lock is read first', () => {
    expect(loopActions(inRound({decisions: [{kind: 'held-back', ref: null, because: 'no'}]}), next)).toEqual(['held-back', 'next']);
    expect(loopActions(inRound({decisions: [restart]}), next)).toEqual(['read-lock']);
  });

  it('is none at the end: what waits is named once', () => {
    expect(texts(inRound({waiting: ['agent:x/b', 'agent:x/c']}), next)).toEqual(['to restart, one after the other: agent:x/b, agent:x/c']);
  });
});

describe('an action of the loop', () => {
  it('is planned when nothing stands against it', () => {
    expect(effects(inRound({loopAction: restart}), held)).toEqual([{do: 'plan', loopAction: restart}]);
  });

  it('waits for the next round when something was restarted already', () => {
    const after = step(inRound({loopAction: restart, restarted: true}), held);
    expect(after.memory.round?.waiting).toEqual(['agent:x/a']);
    expect(loopActions(inRound({loopAction: cleanup, restarted: true}), held)).toEqual(['plan']);
  });

  it('is proposed while paused, and not when more than the pause stands against it', () => {
    expect(loopActions(inRound({loopAction: restart}, {paused: true}), held)).toEqual(['try-plan', 'held-back', 'next']);
    expect(loopActions(inRound({loopAction: restart}, {paused: true, blocked: 'broken'}), held)).toEqual(['held-back', 'next']);
  });

  it.each([
    [{blocked: 'config.toml:3: nonsense'}, 'config.toml:3: nonsense'],
    [{unsaved: 'its record cannot be written (full)'}, 'its record cannot be written (full)'],
    [{unjournalled: 'full'}, 'its journal cannot be written (full)'],
  ])('is held back by %j', (more, because) => {
    expect(texts(inRound({loopAction: restart}, more), held)).toEqual([`restart agent:x/a: it is gone: ${because}`]);
  });

  it('is held back while the lock cannot be read, and ends the round when it is lost', () => {
    const unknown = step(inRound({loopAction: restart}), {...held, lock: 'unknown'});
    expect(unknown.memory.lockHidden).toBe(true);
    expect(unknown.effects[0]).toMatchObject({do: 'note', what: 'held-back'});
    expect(effects(inRound({loopAction: restart}), {...held, lock: 'lost'})).toEqual([{do: 'close-round', holds: false}]);
  });

  it('is only said without a plan', () => {
    expect(texts(inRound({loopAction: restart}), {is: 'planned', loopAction: restart, plan: refusal})).toEqual([
      'restart agent:x/a: it is gone: it is parked [parked]',
    ]);
  });

  it('is remembered, and written down, before it is done', () => {
    const doing = step(inRound({loopAction: restart}), {is: 'doing', roots: 1, now: NOW});
    expect(doing.memory.state.keeps['agent:x/a']).toMatchObject({restarts: 1});
    expect(doing.effects).toEqual([{do: 'save'}]);
  });
});

describe('what an action came to', () => {
  const begun = step(inRound({loopAction: cleanup}), {is: 'doing', roots: 1, now: NOW}).memory;
  const survivor = {ref: 'process:7', pid: 7, result: 'survived', because: null, tookMs: 1} as const;

  it('counts against no brake when nothing was touched', () => {
    const refused = {...done, ok: false, refused: {rule: 'journal', because: 'full'}};
    expect(begun.state.cleanups).toEqual([NOW]);
    expect(step(begun, {is: 'did', outcome: refused}).memory.state).toEqual(EMPTY_STATE);
  });

  it('takes the turn of the next restart only when it was one', () => {
    expect(step(inRound({loopAction: restart}), {is: 'did', outcome: done}).memory.round?.restarted).toBe(true);
    expect(step(inRound({loopAction: restart}), {is: 'did', outcome: 'process 9 acts'}).memory.round?.restarted).toBe(false);
    expect(step(begun, {is: 'did', outcome: done}).memory.round?.restarted).toBe(false);
  });

  it('is a try in vain when something survived, and the last one when it survived KILL', () => {
    const term = {...done, ok: false, targets: [{...survivor, signal: 'SIGTERM'} as const]};
    expect(step(begun, {is: 'did', outcome: term}).memory.state.tries).toEqual({'f-7': {count: 1, stuck: null}});
    const kill = {...done, ok: false, targets: [{...survivor, signal: 'SIGKILL'} as const]};
    expect(effects(begun, {is: 'did', outcome: kill})).toEqual([{do: 'explain-stuck', outcome: kill, pids: [7]}]);
    const stuck = step(begun, {is: 'stuck', outcome: kill, because: 'waits in nfs_wait'});
    expect(stuck.memory.state.tries).toEqual({'f-7': {count: 1, stuck: 'unkillable: waits in nfs_wait'}});
  });
});

describe('the end of a round', () => {
  it('is written down, shown and followed by a rest; without the lock it is the end of all', () => {
    expect(loopActions(inRound(), {is: 'round-closed', at: NOW, holds: true})).toEqual(['save', 'show-standing', 'rest']);
    expect(effects(inRound(), {is: 'round-closed', at: NOW, holds: false}).at(-1)).toEqual({do: 'end', end: 'lost'});
  });

  it('tells of a record that cannot be written once, and once that it can', () => {
    const failed = step(memory(), {is: 'saved', failed: 'full'});
    expect(failed.effects).toHaveLength(1);
    expect(effects(failed.memory, {is: 'saved', failed: 'full'})).toEqual([]);
    expect(texts(failed.memory, {is: 'saved', failed: null})).toEqual(['its record can be written again']);
  });
});

describe('what people request', () => {
  it('is granted in order, and written down before the end', () => {
    const rested = step(memory(), {is: 'rested', controlRequests: ['pause', 'forget agent:x/a', 'stop']});
    expect(rested.memory).toMatchObject({paused: true, state: {given: {'agent:x/a': expect.any(String)}}});
    expect(rested.effects.map(effect => effect.do)).toEqual(['note', 'note', 'note', 'read-lock', 'end']);
  });

  it('is only a look, a reload, or a reload that a stop makes needless', () => {
    expect(loopActions(memory(), {is: 'rested', controlRequests: ['look']})).toEqual(['look']);
    expect(loopActions(memory(), {is: 'rested', controlRequests: ['reload']})).toEqual(['reload', 'read-lock', 'look']);
    expect(loopActions(memory(), {is: 'rested', controlRequests: ['reload', 'stop']})).toEqual(['said', 'read-lock', 'end']);
  });

  it('lets it go on from a pause with its halt, and resumes from both', () => {
    const halted = memory({paused: true, state: {...EMPTY_STATE, halted: {since: NOW, because: '3 deaths'}}});
    expect(step(halted, {is: 'rested', controlRequests: ['go-on']}).memory).toMatchObject({paused: false, state: {halted: {since: NOW}}});
    expect(step(halted, {is: 'rested', controlRequests: ['resume']}).memory).toMatchObject({paused: false, state: {halted: null}});
  });

  it('reads a configuration anew, or keeps the last good one and acts no more', () => {
    const {policy} = memory();
    const broken = step(memory(), {is: 'reloaded', terms: {policy, blocked: 'line 3', acts: true}, anew: false});
    expect(broken.memory.blocked).toBe('line 3');
    expect(broken.effects).toEqual([
      {do: 'note', what: 'said', text: 'keeps the last good configuration, and acts no more: line 3', ref: null},
    ]);
  });
});
