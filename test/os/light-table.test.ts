// The fast readings of the guard: who they find, and that what cannot be seen or is not read in time is not known.
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {readLightTable, readLines, readListed, readSome, readWithAncestors} from '../../src/core/os/light-table.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

/** A made-up /proc of these processes with their parents, words for those that have any. */
const procOf = async (processes: Readonly<Record<number, readonly [parent: number, words?: string]>>): Promise<string> => {
  const root = await scope.tempDir();
  for (const [pid, [parent, words = '']] of Object.entries(processes)) {
    mkdirSync(join(root, pid));
    const stat = `${pid} (made up) S ${parent} ${pid} ${pid} 0 -1 4194304 ${'0 '.repeat(12)}${pid} 0 0 ${'0 '.repeat(28)}\n`;
    writeFileSync(join(root, pid, 'stat'), stat);
    writeFileSync(join(root, pid, 'cmdline'), words.replaceAll(' ', '\0'));
  }
  return root;
};

test('everybody by the stat lines, by the command lines, and by both', async () => {
  const root = await procOf({1: [0, 'init'], 7: [1, 'node vite'], 8: [7]});
  const listed = readListed(5000, root);
  expect(listed.known && [...listed.value.values()].map(({pid, ppid, comm}) => [pid, ppid, comm]).toSorted()).toEqual([
    [1, 0, 'made up'],
    [7, 1, 'made up'],
    [8, 7, 'made up'],
  ]);
  expect(readLines(5000, root)).toEqual({
    known: true,
    value: new Map([
      [1, 'init'],
      [7, 'node vite'],
      [8, '[made up]'],
    ]),
  });
  const whole = readLightTable(5000, root);
  expect(whole.known && whole.value.get(7)).toMatchObject({ppid: 1, argv: ['node', 'vite'], uid: process.getuid?.()});
});

test('those in question with those above them, and nobody for who is gone', async () => {
  const root = await procOf({1: [0, 'init'], 7: [1, 'claude'], 8: [7, 'sh'], 9: [8, 'node vite'], 20: [1, 'other']});
  const near = readWithAncestors([9, 8, 4711], 5000, root);
  expect(near.known && [...near.value.keys()].toSorted((a, b) => a - b)).toEqual([1, 7, 8, 9]);
  expect(readSome([4711], 5000, root)).toEqual(new Map([[4711, {known: true, value: null}]]));
});

test('who cannot be read, for want of a descriptor for example, is not taken for gone', async () => {
  const root = await procOf({1: [0, 'init'], 7: [1, 'node vite']});
  mkdirSync(join(root, '8', 'stat'), {recursive: true});
  mkdirSync(join(root, '9'));
  writeFileSync(join(root, '9', 'stat'), 'no line of it');
  const some = readSome([7, 8, 9, 10], 5000, root);
  expect([7, 8, 9, 10].map(pid => some.get(pid)?.known)).toEqual([true, false, false, true]);
  expect(readWithAncestors([7, 8], 5000, root).known).toBe(false);
});

test('where /proc hides others, and after the deadline, nobody is taken for gone', async () => {
  const hidden = await procOf({7: [1, 'node vite']});
  expect(readSome([7, 8], 5000, hidden).get(7)?.known).toBe(true);
  expect(readSome([7, 8], 5000, hidden).get(8)?.known).toBe(false);
  const root = await procOf({1: [0, 'init'], 7: [1, 'node vite']});
  for (const read of [readLightTable(-1, root), readListed(-1, root), readLines(-1, root), readWithAncestors([7], -1, root)]) {
    expect(read.known).toBe(false);
  }
  expect(readSome([7], -1, root).get(7)?.known).toBe(false);
});

test('the number of a thread means its process, as it does to kill(2)', async () => {
  const {pid} = startProgram(scope, process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const others = (): readonly number[] =>
    readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .filter(number => number !== pid);
  await waitFor('a second thread', () => others().length > 0);
  const [thread = 0] = others();
  expect(readSome([thread], 5000).get(thread)).toMatchObject({known: true, value: {pid}});
});
