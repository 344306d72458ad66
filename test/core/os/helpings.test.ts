// Lines in helpings: what waits is bounded, what is busy is dealt with by its share, and nothing that came is lost.
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {restBehind, shareOf} from '../../../src/cli/remote/fair-share.ts';
import {createHelpings} from '../../../src/core/os/helpings.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pipe whose lines cost `tookMs` each time, and are waited for by this share. */
const open = (tookMs: number, share: number) => {
  const helpings: (readonly string[])[] = [];
  let isPaused = false;
  const {take, finish, drop} = createHelpings({
    hand: lines => {
      helpings.push(lines);
      return restBehind(tookMs, share);
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
  });
  return {
    helpings,
    finish,
    drop,
    isPaused: (): boolean => isPaused,
    say: (text: string): void => take(text, text.length),
  };
};

test.each([
  [3, 240],
  [10, 480],
  [100, 4_800],
  [1_000, 10_000],
])('of %i machines that change all the time each is dealt with every %i ms, and shows what came last', (machines, everyMs) => {
  const pipes = Array.from({length: 3}, () => open(12, shareOf(machines, false)));
  const steps = 600;
  for (let at = 0; at < steps; at += 1) {
    for (const {say} of pipes) {
      say(`look ${at}`);
    }
    vi.advanceTimersByTime(100);
  }
  for (const {helpings} of pipes) {
    expect(Math.abs(helpings.length - (steps * 100) / Math.max(everyMs, 100))).toBeLessThanOrEqual(everyMs < 1_000 ? 2 : 1);
    expect(helpings.flat()).toEqual(Array.from({length: helpings.flat().length}, (_, at) => `look ${at}`));
    expect(helpings.flat().length).toBeGreaterThan(steps - everyMs / 100 - 2);
  }
});

test('the one in front is dealt with as often as one of a few', () => {
  expect([3, 1_000].map(machines => restBehind(12, shareOf(machines, true)))).toEqual([240, 240]);
});

test('whoever floods waits for his pipe: a megabyte is held, and no more is read', () => {
  const {say, helpings, isPaused} = open(100, 0.05);
  const chunk = 'x'.repeat(64 * 1024);
  for (let at = 0; at < 16; at += 1) {
    expect(isPaused(), String(at)).toBe(false);
    say(chunk);
  }
  say(chunk);
  expect([isPaused(), helpings.length]).toEqual([true, 1]);
  vi.advanceTimersByTime(2_000);
  expect([isPaused(), helpings.length, helpings[1]?.length]).toEqual([false, 2, 16]);
});

test('what waits at the end is handed over, and nothing after it', () => {
  const {say, finish, helpings} = open(100, 0.05);
  say('first');
  say('second\nthird');
  finish();
  vi.advanceTimersByTime(60_000);
  expect(helpings).toEqual([['first'], ['second', 'third']]);
  const dropped = open(100, 0.05);
  dropped.say('first');
  dropped.say('second');
  dropped.drop();
  vi.advanceTimersByTime(60_000);
  expect(dropped.helpings).toEqual([['first']]);
});
