import {readdirSync, readlinkSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {createKeptFiles, type KeptFiles} from '../../../src/core/os/proc-kept-files.ts';
import {createProcReader, type ProcReader} from '../../../src/core/os/proc-read.ts';
import {createProcessScanner, type ProcessPass} from '../../../src/core/os/proc-scan.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const reader = createProcReader();
let now = 0;

const line = (pid: number, {ticks = 0, startTime = 55, rss = 10}: {ticks?: number; startTime?: number; rss?: number} = {}): string =>
  `${pid} (x) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${startTime} 1 ${rss} 1 ${'0 '.repeat(27)}\n`;

const drain = (pass: Generator<void, ProcessPass>): ProcessPass => {
  for (;;) {
    const step = pass.next();
    if (step.done) {
      return step.value;
    }
  }
};

/** A scanner over two processes whose stat lines the test writes. */
const scanner = async (over: Partial<KeptFiles> = {}, details = reader) => {
  const root = await scope.tempDir();
  const write = async (pid: number, text: string): Promise<void> => {
    await mkdir(join(root, `${pid}`), {recursive: true});
    await writeFile(join(root, `${pid}`, 'stat'), text);
  };
  await write(1, line(1));
  await write(7, line(7));
  const files = createKeptFiles(root, reader);
  scope.add(files.close);
  const units = {pageBytes: 4096, ticksPerSecond: 100};
  const scan = createProcessScanner({
    procRoot: root,
    uid: 0,
    markers: new Set(),
    units,
    reader: details,
    files: {...files, ...over},
    now: () => now,
  });
  return {root, files, write, pass: () => drain(scan.pass())};
};

test('first everything is fresh, then nothing', async () => {
  const {pass} = await scanner();
  expect(pass().fresh.map(({pid}) => pid)).toEqual([1, 7]);
  now += 1000;
  // Percent of a core is known from the second look on.
  expect(pass().stirred).toEqual([
    [1, 0, 40960, 'S'],
    [7, 0, 40960, 'S'],
  ]);
  now += 1000;
  expect(pass()).toMatchObject({fresh: [], stirred: [], gone: [], denied: 0});
});

test('a file is kept open from its third reading on, and let go of with its process', async () => {
  const {root, files, pass} = await scanner();
  const keptFiles = (): readonly string[] =>
    readdirSync('/proc/self/fd').flatMap(descriptor => {
      const path = files.isKept(Number(descriptor)) ? readlinkSync(`/proc/self/fd/${descriptor}`) : '';
      return path === '' ? [] : [path];
    });
  pass();
  now += 1000;
  pass();
  expect(keptFiles()).toEqual([]);
  now += 1000;
  pass();
  expect(keptFiles()).toEqual([join(root, '1/stat'), join(root, '7/stat')]);
  await rm(join(root, '7'), {recursive: true});
  pass();
  expect(keptFiles()).toEqual([join(root, '1/stat')]);
});

test('what runs the same has one list of arguments, as long as it does', async () => {
  const {root, write, pass} = await scanner();
  const run = (pid: number, ...words: readonly string[]): Promise<void> =>
    writeFile(join(root, `${pid}`, 'cmdline'), words.map(word => `${word}\0`).join(''));
  const argvs = (): readonly (readonly string[])[] => [...pass().entries.values()].map(({record}) => record.argv);
  await run(1, 'sleep', '600');
  await run(7, 'sleep', '600');
  const [one, other] = argvs();
  expect(one).toEqual(['sleep', '600']);
  expect(other).toBe(one);
  now += 60_000;
  await run(7, 'sleep', '700');
  await write(7, line(7, {ticks: 50, startTime: 56}));
  expect(argvs()).toEqual([
    ['sleep', '600'],
    ['sleep', '700'],
  ]);
});

test('arguments that cannot be read for a moment, for want of a descriptor, stay as they were', async () => {
  let isFull = false;
  const filled: ProcReader['filled'] = (path, most) =>
    isFull && path.endsWith('/cmdline') ? {ok: false, gone: false, because: 'ENFILE'} : reader.filled(path, most);
  const {root, pass} = await scanner({}, {...reader, filled});
  await writeFile(join(root, '7', 'cmdline'), 'node\0claude\0');
  const words = (): readonly string[] | undefined => pass().entries.get(7)?.record.argv;
  expect(words()).toEqual(['node', 'claude']);
  isFull = true;
  for (let looks = 0; looks < 5; looks += 1) {
    now += 2000;
    expect(words()).toEqual(['node', 'claude']);
  }
});

test('who cannot be read at first is not there without arguments: something could not be read, and is at the next look', async () => {
  let isFull = true;
  const filled: ProcReader['filled'] = (path, most) =>
    isFull && path.endsWith('/7/cmdline') ? {ok: false, gone: false, because: 'ENFILE'} : reader.filled(path, most);
  const {root, write, pass} = await scanner({}, {...reader, filled});
  await writeFile(join(root, '7', 'cmdline'), 'node\0claude\0');
  const first = pass();
  expect([first.denied, first.entries.has(7)]).toEqual([1, false]);
  isFull = false;
  now += 500;
  const second = pass();
  expect([second.denied, second.entries.get(7)?.record.argv]).toEqual([0, ['node', 'claude']]);
  isFull = true;
  now += 500;
  await write(7, line(7, {startTime: 99}));
  const third = pass();
  expect([third.denied, third.gone, third.entries.has(7)]).toEqual([1, [7], false]);
});

test('variables that could not be read are read again when they are due', async () => {
  let isFull = true;
  const filled: ProcReader['filled'] = (path, most) =>
    isFull && path.endsWith('/environ') ? {ok: false, gone: false, because: 'ENFILE'} : reader.filled(path, most);
  const {root, pass} = await scanner({}, {...reader, filled});
  for (const pid of ['1', '7']) {
    await writeFile(join(root, pid, 'cmdline'), '');
    await writeFile(join(root, pid, 'environ'), '');
  }
  const isKnown = (): boolean | undefined => pass().entries.get(7)?.record.env.known;
  expect(isKnown()).toBe(false);
  isFull = false;
  const later = [1, 2, 3, 4].map(() => {
    now += 2000;
    return isKnown();
  });
  expect(later.at(-1)).toBe(true);
});

test('what was read whole is read whole again when it is due, and not within the next moment', async () => {
  let asked = 0;
  const owner: ProcReader['owner'] = () => {
    asked += 1;
    return {ok: true, value: 0};
  };
  const {pass} = await scanner({}, {...reader, owner});
  pass();
  expect(asked).toBe(2);
  for (let within = 0; within < 4; within += 1) {
    now += 200;
    pass();
  }
  expect(asked).toBe(2);
  for (let within = 0; within < 4; within += 1) {
    now += 1000;
    pass();
  }
  expect(asked).toBe(4);
});

test('ticks over time are percent of a core; idle again is zero again', async () => {
  const {write, pass} = await scanner();
  pass();
  now += 1000;
  await write(7, line(7, {ticks: 50}));
  expect(pass().stirred.find(([pid]) => pid === 7)).toEqual([7, 50, 40960, 'S']);
  now += 2000;
  expect(pass().stirred).toEqual([[7, 0, 40960, 'S']]);
});

test('a pid that is used again is another process', async () => {
  const {write, pass} = await scanner();
  pass();
  now += 1000;
  await write(7, line(7, {startTime: 99}));
  const {fresh, born} = pass();
  expect(fresh.map(({pid, startTime, cpu}) => [pid, startTime, cpu])).toEqual([[7, 99, null]]);
  expect([...born]).toEqual([7]);
});

test('a process that cannot be read this time is not taken for gone', async () => {
  let broken = false;
  const {pass} = await scanner({
    stat: pid =>
      broken && pid === 7 ? {ok: false, gone: false, because: 'too many open files'} : {ok: true, value: Buffer.from(line(pid))},
  });
  pass();
  broken = true;
  const {gone, denied, entries} = pass();
  expect(gone).toEqual([]);
  expect(denied).toBe(1);
  expect(entries.has(7)).toBe(true);
});
