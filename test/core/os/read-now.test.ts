// What reading a file of /proc leaves behind: nothing, however often it is done.
import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {realFiles} from '../../../src/core/os/files.ts';
import {readTextNow} from '../../../src/core/os/read-now.ts';

const SELF = '/proc/self/cmdline';
const TIMES = 50;

/** Bytes that are held outside of the heap's objects, or wait for their collection. */
const held = (): number => process.memoryUsage().arrayBuffers;

it('at once: the text, and no buffer for each time', () => {
  expect(readTextNow(SELF)).toBe(readFileSync(SELF, 'latin1'));
  expect(() => readTextNow('/proc/0/stat')).toThrow('ENOENT');
  const before = held();
  for (let time = 0; time < TIMES; time += 1) {
    readTextNow(SELF);
  }
  expect(held() - before).toBeLessThan(64 * 1024);
});

it('in turns: the text, and no buffer for each time', async () => {
  expect(await realFiles.readText(SELF)).toEqual({state: 'ok', value: readFileSync(SELF, 'utf8')});
  const before = held();
  for (let time = 0; time < TIMES; time += 1) {
    await realFiles.readText(SELF);
  }
  expect(held() - before).toBeLessThan(1024 * 1024);
});
