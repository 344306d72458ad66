// Plans that move left-over locks aside: only what two looks found stale, by content.

import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import {isRefusal, type PlanRequest} from '../../../src/core/domain/plan.ts';
import type {TownLockFile} from '../../../src/core/domain/town.ts';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {describePlan} from '../../../src/words/describe-plan.ts';
import {townRecord, worker} from './town-record.ts';
import {NOW, process, session, settings, type WorldFacts, worldOf} from './world-record.ts';

const PATH = '/home/u/gt';

const lock = (name: string): TownLockFile => {
  const holder = worker(PATH, 'gastown', 'polecat', name);
  return {
    path: `${holder.path}/.runtime/agent.lock`,
    worker: holder,
    rig: 'gastown',
    digest: `digest-${name}`,
    content: known({pid: 41_213, acquiredAt: NOW - 600_000, sessionId: '%7', hostname: 'box'}),
    modifiedAt: NOW - 600_000,
  };
};

/** A stale lock of fury, and one of max that its session holds. */
const facts: WorldFacts = {
  towns: [townRecord({rigs: {gastown: {prefix: 'gt', polecats: ['fury', 'max']}}, records: {locks: [lock('fury'), lock('max')]}})],
  sessions: [session('gt-max')],
  processes: [process(100), process(9_999)],
};

const planFor = (request: PlanRequest, {looks = 2, more = {}}: {looks?: number; more?: WorldFacts} = {}) => {
  const {snapshot} = worldOf({...facts, ...more});
  let memory = emptyMemory;
  let judged = assess(snapshot, settings, memory, SOURCES);
  for (let look = 1; look < looks; look += 1) {
    memory = judged.memory;
    judged = assess(
      {...snapshot, monotonicMs: snapshot.monotonicMs + look * 600, uptimeMs: snapshot.uptimeMs + look * 600},
      settings,
      memory,
      SOURCES,
    );
  }
  const answer = makePlan(request, judged.assessment, settings, {id: 'c41f', now: NOW, sources: SOURCES});
  return isRefusal(answer) ? {refused: answer.rule, leftOut: answer.leftOut} : answer;
};

const refOf = (name: string): string => `lock:${lock(name).path}`;

describe('clean-locks', () => {
  test('the stale one, with where it goes and what it holds', () => {
    const plan = planFor({action: 'clean-locks', asked: []});
    expect(plan).toMatchObject({
      action: 'clean-locks',
      targets: [],
      sessions: [],
      locks: [{ref: refOf('fury'), path: lock('fury').path, digest: 'digest-fury', moveTo: `${lock('fury').path}.stale-20260301T120000Z`}],
    });
    expect('locks' in plan && describePlan(plan).headline).toBe('Move aside 1 lock');
  });

  test('one look is no proof', () => {
    expect(planFor({action: 'clean-locks', asked: []}, {looks: 1})).toMatchObject({refused: 'unknown'});
  });

  test('a held one is refused with the reason, by name and by its finding', () => {
    expect(planFor({action: 'clean-locks', asked: [refOf('max')]})).toMatchObject({
      refused: 'no-remedy',
      leftOut: [{ref: refOf('max'), because: 'held: its session gt-max on socket gt-56fe62 lives'}],
    });
    expect(planFor({action: 'clean-locks', asked: ['lock:/nowhere']})).toMatchObject({refused: 'not-found'});
  });

  test('nothing while a tmux server could not be asked', () => {
    expect(planFor({action: 'clean-locks', asked: []}, {more: {silent: ['work']}})).toMatchObject({
      refused: 'unknown',
      leftOut: [{ref: refOf('fury')}],
    });
  });

  test('a clean-up takes left-over locks along, unless it is of other kinds', () => {
    expect(planFor({action: 'cleanup', asked: []})).toMatchObject({locks: [{ref: refOf('fury')}]});
    expect(planFor({action: 'cleanup', asked: ['stale-lock']})).toMatchObject({locks: [{ref: refOf('fury')}]});
    expect(planFor({action: 'cleanup', asked: ['orphan-process']})).toMatchObject({refused: 'nothing-to-do'});
  });
});
