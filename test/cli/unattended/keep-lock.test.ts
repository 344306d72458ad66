import {expect, it} from 'vitest';
import {keepLock} from '../../../src/cli/unattended/keep-lock.ts';
import type {Locked} from '../../../src/core/os/lock-file.ts';

type Found = 'ours' | 'gone' | 'another' | 'unknown';

const held = (found: Found, release = async (): Promise<void> => undefined): Locked => ({state: 'held', check: async () => found, release});
const busy: Locked = {state: 'busy', holder: null};
const failed: Locked = {state: 'failed', because: 'no space left'};

it.each([
  ['ours', held('ours'), 'held'],
  ['unknown', held('ours'), 'unknown'],
  ['another', held('ours'), 'lost'],
  ['gone', held('ours'), 'held'],
  ['gone', busy, 'lost'],
  ['gone', failed, 'unknown'],
] as const)('a lock that is found %s, and then %j, is %s', async (found, again, holds) => {
  expect(await keepLock(held(found), async () => again).holds()).toBe(holds);
});

it('is taken again at the next question too, and released only while it is held', async () => {
  let released = 0;
  const mine = held('ours', async () => {
    released += 1;
  });
  const answers = [failed, mine];
  const lock = keepLock(held('gone'), async () => answers.shift() ?? busy);
  expect([await lock.holds(), await lock.holds()]).toEqual(['unknown', 'held']);
  await lock.release();
  expect(released).toBe(1);
  const gone = keepLock(held('gone'), async () => busy);
  expect(await gone.holds()).toBe('lost');
  await gone.release();
  expect(released).toBe(1);
});
