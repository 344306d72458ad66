import {expect, test} from 'vitest';
import {createBootClock, monotonicNow} from '../../../src/core/os/clock.ts';

test('boot time stays as it was against jitter, and follows a clock that was set', () => {
  const bootedAt = createBootClock();
  const first = bootedAt(1_000_000);
  expect(bootedAt(1_000_400)).toBe(first);
  expect(bootedAt(999_600)).toBe(first);
  // Less uptime at the same wall clock is a clock that was set forward.
  expect(bootedAt(900_000)).toBeGreaterThanOrEqual(first + 99_000);
});

test('the clock for gaps only goes forward', () => {
  const before = monotonicNow();
  expect(monotonicNow()).toBeGreaterThanOrEqual(before);
});
