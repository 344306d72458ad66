import {expect, test} from 'vitest';
import {finish} from '../../../src/core/domain/finish.ts';
import {monotonicNow} from '../../../src/core/os/clock.ts';
import {inSlices} from '../../../src/core/os/slices.ts';

/** Each step takes longer than a slice. */
const slow = function* (steps: number): Generator<void, number> {
  for (let step = 0; step < steps; step += 1) {
    for (const until = monotonicNow() + 6; monotonicNow() < until; ) {}
    yield;
  }
  return steps;
};

test('others run between the slices of long work', async () => {
  let others = 0;
  const turn = (): void => {
    others += 1;
    setImmediate(turn).unref();
  };
  setImmediate(turn).unref();
  expect(await inSlices(slow(5))).toBe(5);
  expect(others).toBeGreaterThanOrEqual(4);
});

test('two works take turns: no turn has the slices of both', async () => {
  let turn = 0;
  const tick = (): void => {
    turn += 1;
    setImmediate(tick).unref();
  };
  setImmediate(tick).unref();
  const turns: number[] = [];
  const noting = function* (): Generator<void, void> {
    for (const _ of slow(4)) {
      turns.push(turn);
      yield;
    }
  };
  await Promise.all([inSlices(noting()), inSlices(noting())]);
  // Both begin at once, where they are called.
  const later = turns.slice(2);
  expect(later).toHaveLength(6);
  expect(new Set(later).size).toBe(later.length);
});

test('what a pause throws ends the work', async () => {
  await expect(
    inSlices(slow(5), () => {
      throw new Error('closing');
    }),
  ).rejects.toThrow('closing');
});

test('in one go nobody is waited for', () => {
  expect(finish(slow(2))).toBe(2);
});
