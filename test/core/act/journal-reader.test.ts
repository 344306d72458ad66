import {appendFile, mkdtemp, rename, rm, symlink, truncate, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {createJournalReader, type JournalFiles} from '../../../src/core/act/journal-reader.ts';
import {measure, readRows} from '../../../src/core/os/state-files.ts';

let directory: string;
let path: string;
let older: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rt-reader-'));
  path = join(directory, 'journal.jsonl');
  older = join(directory, 'journal.1.jsonl');
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const row = (text: string): string =>
  JSON.stringify({schema: 'rigtop/journal@1', type: 'note', run: 'r', at: '2026-11-20T10:00:00.000Z', what: 'did', ref: null, text});
const write = (file: string, ...texts: readonly string[]) => writeFile(file, texts.map(text => `${row(text)}\n`).join(''), {mode: 0o600});
const append = (...texts: readonly string[]) => appendFile(path, texts.map(text => `${row(text)}\n`).join(''));

const open = (most?: number) => {
  const counts = {reads: 0, bytes: 0};
  const files: JournalFiles = {
    measure,
    readRows: async (...asked) => {
      const answer = await readRows(...asked);
      counts.reads += 1;
      counts.bytes += answer.size - answer.from;
      return answer;
    },
  };
  const reader = createJournalReader(directory, {files, ...(most === undefined ? {} : {most})});
  return {counts, next: async () => (await reader.next()).map(line => (line.type === 'note' ? line.text : line.type))};
};

it('tells what is there, then what was written since; a file that has not grown is not read', async () => {
  await write(older, 'a');
  await write(path, 'b');
  const {next, counts} = open();
  expect(await next()).toEqual(['a', 'b']);
  expect(counts.reads).toBe(2);
  expect([await next(), await next()]).toEqual([[], []]);
  expect(counts.reads).toBe(2);
  const before = counts.bytes;
  await append('c', 'd');
  expect(await next()).toEqual(['c', 'd']);
  expect(counts.reads).toBe(3);
  expect(counts.bytes - before).toBe(`${row('c')}\n${row('d')}\n`.length);
});

it('waits for the other half of a line, without reading it again and again', async () => {
  const {next, counts} = open();
  expect(await next()).toEqual([]);
  await writeFile(path, row('a').slice(0, 30), {mode: 0o600});
  expect([await next(), await next()]).toEqual([[], []]);
  expect(counts.reads).toBe(1);
  await appendFile(path, `${row('a').slice(30)}\n${row('b')}\nno line\n`);
  expect(await next()).toEqual(['a', 'b']);
});

it('finishes a file that was set aside, and goes on in the new one', async () => {
  await write(path, 'a');
  const {next} = open();
  expect(await next()).toEqual(['a']);
  await append('b');
  await rename(path, older);
  expect(await next()).toEqual(['b']);
  expect(await next()).toEqual([]);
  await write(path, 'c');
  expect(await next()).toEqual(['c']);
  expect(await next()).toEqual([]);
});

it('begins anew in a file that was cut off, or put in place of another', async () => {
  await write(path, 'a', 'b');
  const {next} = open();
  await next();
  await truncate(path);
  expect(await next()).toEqual([]);
  await append('c');
  expect(await next()).toEqual(['c']);
  await rm(path);
  expect(await next()).toEqual([]);
  await write(path, 'd');
  expect(await next()).toEqual(['d']);
});

it('reads no more than its bound of a large one: the newest whole lines', async () => {
  const texts = Array.from({length: 200}, (_, index) => `line ${index}`);
  await write(path, ...texts);
  const {next, counts} = open(1000);
  const first = await next();
  expect(first).toEqual(texts.slice(-first.length));
  expect(first.length).toBeGreaterThan(3);
  expect(counts.bytes).toBe(1000);
  await append(...texts, 'last');
  expect((await next()).at(-1)).toBe('last');
  expect(counts.bytes).toBe(2000);
});

it('says that a file is no file of ours, and goes on once it is', async () => {
  await symlink('/etc/passwd', path);
  const {next} = open();
  await expect(next()).rejects.toThrow();
  await rm(path);
  await write(path, 'a');
  expect(await next()).toEqual(['a']);
});

it('asked twice at once tells each line once', async () => {
  await write(path, 'a');
  const {next} = open();
  expect((await Promise.all([next(), next()])).flat()).toEqual(['a']);
});
