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
