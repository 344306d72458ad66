import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createPulses} from '../../../src/core/os/pulse.ts';
import {createStillness, LONGEST_UNASKED_MS} from '../../../src/core/os/stillness.ts';

const nothing = async (): Promise<void> => undefined;
const same = (a: number, b: number): boolean => a === b;

describe('an answer holds', () => {
  test('after a second one that said the same, and while nothing runs', () => {
    const still = createStillness(same);
    still.note(1, null, 'a', 0);
    expect(still.holds('a', 10)).toBeNull();
    still.note(1, 'a', 'b', 20);
    expect(still.holds('b', 30)).toEqual({value: 1, at: 20});
    expect(still.holds('c', 30)).toBeNull();
  });

  test('not after one that said something else, or after something ran in between', () => {
    const still = createStillness(same);
    still.note(1, null, 'a', 0);
    still.note(2, 'a', 'b', 10);
    expect(still.holds('b', 20)).toBeNull();
    still.note(2, 'x', 'c', 20);
    expect(still.holds('c', 30)).toBeNull();
  });

  test('never where nothing is told', () => {
    const still = createStillness(same);
    still.note(1, null, null, 0);
    still.note(1, null, null, 10);
    expect(still.holds(null, 20)).toBeNull();
  });

  test('not for ever, nor after a clock went back', () => {
    const still = createStillness(same);
    still.note(1, null, 'a', 100);
    still.note(1, 'a', 'a', 110);
    expect(still.holds('a', 110 + LONGEST_UNASKED_MS)).not.toBeNull();
    expect(still.holds('a', 111 + LONGEST_UNASKED_MS)).toBeNull();
    expect(still.holds('a', 50)).toBeNull();
  });

  test('not for another process with the same pid', async () => {
    const pulses = createPulses(() => raw, nothing);
    let raw: string | null = '55 100 0 3';
    const before = pulses.read(7);
    raw = '91 100 0 3';
    await pulses.excuse(7, before);
    expect(pulses.read(7)).not.toBe(before);
  });
});

/** What happens to a server: it is looked at, it changes, it runs without changing anything, or time passes. */
type Event = 'look' | 'look at screens' | 'change' | 'run' | 'wait' | 'change behind the next answer' | 'replaced';

const EVENTS: readonly Event[] = [
  'look',
  'look',
  'look',
  'look at screens',
  'change',
  'run',
  'wait',
  'change behind the next answer',
  'replaced',
];

test('over any history an unasked answer is the truth, but for what happened right behind the last answer, and then not for long', () => {
  return fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...EVENTS), {maxLength: 60}), async history => {
      let [truth, turns, startTime, now] = [0, 1, 1, 0];
      let behind = false;
      const pulses = createPulses(() => `${startTime} ${turns * 10} 0 ${turns}`, nothing);
      const servers = createStillness(same);
      const screens = createStillness(same);
      /** Who was not asked since a change came after an answer was composed and before the reading that followed it. */
      const hiddenFrom = new Set<typeof servers>();
      /** What each was answered last. */
      const told = new Map<typeof servers, number>();
      const ask = async (still: typeof servers): Promise<void> => {
        const before = pulses.read(7);
        expect(!still.isAtRest(before) || told.get(still) === truth || hiddenFrom.has(still)).toBe(true);
        const held = still.holds(before, now);
        if (held !== null) {
          expect(now - held.at).toBeLessThanOrEqual(LONGEST_UNASKED_MS);
          expect(held.value === truth || hiddenFrom.has(still)).toBe(true);
          return;
        }
        turns += 1;
        const answer = truth;
        told.set(still, answer);
        hiddenFrom.delete(still);
        if (behind) {
          behind = false;
          hiddenFrom.add(servers).add(screens);
          truth += 1;
          turns += 1;
        }
        await pulses.excuse(7, before);
        still.note(answer, before, pulses.read(7), now);
      };
      for (const event of history) {
        now += 2000;
        if (event === 'look' || event === 'look at screens') {
          await ask(event === 'look' ? servers : screens);
        } else if (event === 'change' || event === 'run') {
          truth += event === 'change' ? 1 : 0;
          turns += 1;
        } else if (event === 'replaced') {
          [startTime, truth, turns] = [startTime + 1, truth + 1, 1];
        } else if (event === 'wait') {
          now += LONGEST_UNASKED_MS;
        } else {
          behind = true;
        }
      }
      // However it ended: nothing hidden outlives the longest time that an answer is believed.
      now += LONGEST_UNASKED_MS + 1;
      expect(servers.holds(pulses.read(7), now)).toBeNull();
    }),
    {numRuns: 3000},
  );
});
