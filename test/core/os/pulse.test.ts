import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {createPulses, readPulse} from '../../../src/core/os/pulse.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const proc = async (schedstat: string | null, name = 'tmux: server', startTime = 55): Promise<string> => {
  const root = await scope.tempDir();
  await mkdir(join(root, '7'));
  await writeFile(join(root, '7', 'stat'), `7 (${name}) S 1 7 7 0 -1 0 0 0 0 0 1 0 0 0 20 0 1 0 ${startTime} 1 10 1\n`);
  if (schedstat !== null) {
    await writeFile(join(root, '7', 'schedstat'), schedstat);
  }
  return root;
};

describe('the pulse of a process', () => {
  test('is its start and what the scheduler counted, whatever its name', async () => {
    expect(readPulse(await proc('240347559 1200 88\n'), 7)).toBe('55 240347559 1200 88');
    expect(readPulse(await proc('240347559 1200 88\n', 'a) S 1 (b'), 7)).toBe('55 240347559 1200 88');
  });

  test('is not told by a kernel without schedstat, by one that counts nothing, and of nobody', async () => {
    expect(readPulse(await proc(null), 7)).toBeNull();
    expect(readPulse(await proc('0 0 0\n'), 7)).toBeNull();
    expect(readPulse(await proc('1 0 1\n'), 8)).toBeNull();
  });
});

test('what a server does a moment after our client has gone is excused with it', async () => {
  let raw = '1 10 0 1';
  const pulses = createPulses(
    () => raw,
    async () => {
      raw = '1 30 0 3';
    },
  );
  const before = pulses.read(7);
  raw = '1 20 0 2';
  await pulses.excuse(7, before);
  expect(pulses.read(7)).toBe(before);
});

describe('our own questions', () => {
  test('are excused, what ran besides is not', async () => {
    let raw = '1 10 0 1';
    const pulses = createPulses(
      () => raw,
      async () => undefined,
    );
    const before = pulses.read(7);
    raw = '1 20 0 2';
    await pulses.excuse(7, before);
    expect(pulses.read(7)).toBe(before);
    raw = '1 30 0 3';
    expect(pulses.read(7)).not.toBe(before);
    await pulses.excuse(7, before);
    expect(pulses.read(7)).not.toBe(before);
  });

  test('nothing excuses a process that is gone', async () => {
    let raw: string | null = '1 10 0 1';
    const pulses = createPulses(
      () => raw,
      async () => undefined,
    );
    const before = pulses.read(7);
    raw = null;
    await pulses.excuse(7, before);
    expect(pulses.read(7)).toBeNull();
  });
});
