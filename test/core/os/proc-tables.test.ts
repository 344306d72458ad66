// What a pass takes over from the one before, over a /proc that the test writes.
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {finish} from '../../../src/core/domain/finish.ts';
import {createTablesScanner} from '../../../src/core/os/proc-tables.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const NOBODY: ReadonlySet<number> = new Set();

const open = async () => {
  const procRoot = await scope.tempDir();
  const write = (name: string, text: string): Promise<void> => writeFile(join(procRoot, name), text);
  await mkdir(join(procRoot, 'net'));
  for (const pid of [1, 2, 3, 4, 5]) {
    await mkdir(join(procRoot, String(pid)));
    await write(`${pid}/stat`, `${pid} (x) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 1 9 1 ${'0 '.repeat(27)}\n`);
  }
  await write('loadavg', '0.00 0.00 0.00 1/1 9\n');
  await write('uptime', '1000.00 1000.00\n');
  const scanner = createTablesScanner({procRoot, uid: 0, markers: new Set()});
  scope.add(scanner.close);
  return {write, pass: (attended: ReadonlySet<number> | null) => finish(scanner.pass(attended))};
};

test('who is not attended to waits for a turn, and how old it is is told', async () => {
  const {pass} = await open();
  pass(null);
  expect(pass(NOBODY).processesAgeMs).toBeGreaterThan(0);
});

test('after a sleep everybody is read anew: the clock that ages are told by stood still', async () => {
  const {write, pass} = await open();
  pass(null);
  await write('uptime', '4600.00 1000.00\n');
  expect(pass(NOBODY).processesAgeMs).toBe(0);
});
