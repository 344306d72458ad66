// What a plan says about the work of the agents that it ends.

import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import {isRefusal, type Plan} from '../../../src/core/domain/plan.ts';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {describeWork, withWork, workplacesOf} from '../../../src/core/plan/work-at-risk.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {townRecord} from './town-record.ts';
import {NOW, process, session, settings, worldOf} from './world-record.ts';

const place = {agent: 'agent:gastown/fury', directory: '/w/fury'};

const stop = (name: string): {plan: Plan; assessment: ReturnType<typeof assess>['assessment']} => {
  const town = townRecord({rigs: {gastown: {prefix: 'gt', crew: ['max'], polecats: ['fury']}}});
  const {snapshot} = worldOf({towns: [town], sessions: [session(name)], processes: [process(100, {ppid: 50}), process(9_999)]});
  const {assessment} = assess(snapshot, settings, emptyMemory, SOURCES);
  const plan = makePlan({action: 'kill', asked: [`session:gt-56fe62/${name}`], unlocks: ['crew']}, assessment, settings, {
    id: 'c41f',
    now: NOW,
    sources: SOURCES,
  });
  if (isRefusal(plan)) {
    throw new Error(plan.because);
  }
  return {plan, assessment};
};

describe('workplacesOf', () => {
  test.each([
    ['gt-fury', ['/home/u/gt/gastown/polecats/fury/gastown']],
    ['gt-crew-max', ['/home/u/gt/gastown/crew/max']],
    ['gt-witness', []],
  ])('%s', (name, directories) => {
    const {plan, assessment} = stop(name);
    expect(workplacesOf(plan, assessment, SOURCES).map(({directory}) => directory)).toEqual(directories);
  });
});

describe('describeWork', () => {
  test('counts what there is, says nothing when there is nothing, and says so when it cannot tell', () => {
    const quiet = {branch: 'main', uncommitted: 0, unpushed: 0, stashed: 0};
    expect(describeWork(place, known(quiet))).toBeNull();
    expect(describeWork(place, known({...quiet, uncommitted: 2, unpushed: 1, stashed: 3}))).toBe(
      'agent:gastown/fury: 2 uncommitted files, 1 unpushed commit, 3 stashed in /w/fury on main; they stay on disk',
    );
    expect(describeWork(place, unknown('git: timeout'))).toContain('is unknown (git: timeout)');
  });

  test('stands among the warnings of the plan', () => {
    const {plan} = stop('gt-fury');
    const told = withWork(plan, [[place, known({branch: null, uncommitted: 1, unpushed: 0, stashed: 0})]]);
    expect(told.warnings.at(-1)).toBe('agent:gastown/fury: 1 uncommitted file in /w/fury; they stay on disk');
  });
});
