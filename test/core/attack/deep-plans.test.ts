// Plans and explanations over a chain of processes as deep as a machine allows: each walk over it is taken once.
import {expect, test} from 'vitest';
import {depthsOf, topmostOf} from '../../../src/core/domain/forest.ts';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, look, process, settings} from '../../support/world.ts';

const LENGTH = 20_000;
const chain = Array.from({length: LENGTH}, (_, index) => process(10_000 + index, index === 0 ? 1 : 9_999 + index, 'sh', {cwd: '/w/shop'}));
const snapshot = look({processes: chain});

test('depths and tops of the chain', () => {
  const depth = depthsOf(snapshot.processes);
  expect([depth(9_999 + LENGTH), depth(10_000), depth(1), depth(5)]).toEqual([LENGTH, 1, 0, 0]);
  expect(topmostOf(snapshot.processes, [10_005, ...chain.map(({pid}) => pid), 900])).toEqual([10_000, 900]);
});

test('parents in a circle end', () => {
  const circle = new Map([2, 3, 4].map(pid => [pid, process(pid, pid === 2 ? 4 : pid - 1, 'sh')]));
  expect([2, 3, 4].map(depthsOf(circle)).every(Number.isInteger)).toBe(true);
  expect(topmostOf(circle, [2, 3, 4])).toEqual([]);
});

test('a flush of all of it', {timeout: 20_000}, () => {
  const {assessment} = assessAll([snapshot]);
  const plan = makePlan({action: 'flush', asked: ['/w/shop']}, assessment, settings, {id: 'c41f', now: 1, sources: SOURCES});
  expect(isRefusal(plan) ? [] : plan.targets).toHaveLength(LENGTH);
});

test('a flush of all of it below an editor that stays', {timeout: 20_000}, () => {
  const editor = process(9_999, 890, 'vim', {tty: 'pts/90', sid: 890, cwd: '/w/shop'});
  const below = chain.map(each => ({...each, tty: 'pts/90', sid: 890, pgid: 890, ppid: each.pid - 1}));
  const {assessment} = assessAll([look({processes: [editor, ...below]})]);
  const plan = makePlan({action: 'flush', asked: ['/w/shop']}, assessment, settings, {id: 'c41f', now: 1, sources: SOURCES});
  expect(plan).toMatchObject({refused: true, rule: 'editor'});
  expect(plan.leftOut).toHaveLength(LENGTH + 1);
});
