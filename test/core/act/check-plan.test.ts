import {expect, it} from 'vitest';
import {isPlan} from '../../../src/core/act/check-plan.ts';
import {makePlan} from '../../../src/core/plan/plan.ts';
import {assessAll, look, process, settings} from '../../support/world.ts';

it('a plan that was written and read is one, and one with anything else in it is not', () => {
  const {assessment} = assessAll([look({processes: [process(1001, 500, 'node x')]})]);
  const plan = makePlan({action: 'kill', asked: ['process:1001']}, assessment, settings, {id: 'p1', now: 0});
  const read = (more: object): unknown => JSON.parse(JSON.stringify({...plan, ...more}));
  expect(isPlan(read({}))).toBe(true);
  expect(isPlan(read({agents: undefined}))).toBe(true);
  for (const more of [{agents: 'all'}, {agents: [{ref: 1, asks: true}]}, {lastSeen: []}, {targets: undefined}]) {
    expect(isPlan(read(more)), JSON.stringify(more)).toBe(false);
  }
});
