import {expect, it} from 'vitest';
import {createTimers} from '../../src/ui/timers.ts';
import {pause} from '../support/wait-for.ts';

it('begins nothing after the end: what was read until then would keep the program alive for ever', async () => {
  const timers = createTimers();
  const called: string[] = [];
  timers.later(1, () => called.push('before'));
  await pause(20);
  timers.later(1, () => called.push('waiting'));
  timers.dispose();
  timers.later(1, () => called.push('after'));
  await pause(20);
  expect(called).toEqual(['before']);
});
