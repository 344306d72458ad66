import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  CALM_MS,
  FIRST_WAIT_MS,
  type KeepRecord,
  keptRecords,
  LONGEST_WAIT_MS,
  LOOP_RESTARTS,
  leftThisHour,
  mayRestart,
  noteRestart,
} from '../../src/supervise/brakes.ts';

const T0 = 1_800_000_000_000;
const after = (restarts: number, gap: number): KeepRecord => {
  let record: KeepRecord | undefined;
  for (let index = 0; index < restarts; index++) {
    record = noteRestart(record, T0 + index * gap);
  }
  if (record === undefined) {
    throw new Error('at least one restart');
  }
  return record;
};

describe('backoff', () => {
  it('lets the first restart through and doubles the wait after each', () => {
    expect(mayRestart(undefined, T0)).toEqual({may: true});
    const waits = [1, 2, 3, 4].map(count => after(count, 1000).waitUntil - after(count, 1000).lastRestartAt);
    expect(waits).toEqual([FIRST_WAIT_MS, 2 * FIRST_WAIT_MS, 4 * FIRST_WAIT_MS, 8 * FIRST_WAIT_MS]);
  });

  it('waits, then lets the next one through', () => {
    const record = after(1, 0);
    expect(mayRestart(record, T0 + FIRST_WAIT_MS - 1)).toMatchObject({may: false, because: expect.stringContaining('backing off')});
    expect(mayRestart(record, T0 + FIRST_WAIT_MS)).toEqual({may: true});
  });

  it('forgets a chain after a calm half hour', () => {
    expect(noteRestart(after(3, 60_000), T0 + 2 * 60_000 + CALM_MS).restarts).toBe(1);
  });

  it('stops a crash loop, and time alone does not lift that', () => {
    const record = after(LOOP_RESTARTS, 60_000);
    expect(mayRestart(record, T0 + 10 * CALM_MS)).toMatchObject({may: false, because: expect.stringContaining('crash loop')});
  });

  it('never waits longer than the longest wait, even when the clock is set back', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: LOOP_RESTARTS - 1}),
        fc.integer({min: -10_000_000_000, max: 10_000_000_000}),
        (restarts, jump) => {
          const record = after(restarts, 1000);
          const now = record.lastRestartAt + jump;
          const seen = keptRecords({a: record}, now).a;
          expect((seen?.waitUntil ?? now) - now).toBeLessThanOrEqual(LONGEST_WAIT_MS);
          expect(mayRestart(seen, now + LONGEST_WAIT_MS)).toEqual({may: true});
        },
      ),
    );
  });

  it('forgets calm chains, and never a crash loop', () => {
    const late = T0 + 10 * CALM_MS;
    expect(Object.keys(keptRecords({calm: after(2, 1000), loop: after(LOOP_RESTARTS, 1000)}, late))).toEqual(['loop']);
  });
});

it('counts what was done in the last hour', () => {
  expect(leftThisHour([T0 - 3_600_001, T0 - 1000, T0], 5, T0)).toBe(3);
  expect(leftThisHour([T0, T0, T0], 2, T0)).toBe(0);
  expect(leftThisHour([T0 + 86_400_000], 1, T0)).toBe(0);
});
