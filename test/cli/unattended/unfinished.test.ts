// Who acts just now, by the journal: a living process that was heard of lately.
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {findActing} from '../../../src/cli/unattended/unfinished.ts';
import {identify} from '../../support/marked.ts';

const MINUTE = 60_000;
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rt-acting-'));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const intent = (ago: number, by: {readonly pid: number; readonly startTime: number}) =>
  JSON.stringify({
    schema: 'rigtop/journal@1',
    run: 'r',
    at: new Date(Date.now() - ago).toISOString(),
    type: 'intent',
    more: false,
    plan: 'p',
    action: 'kill',
    asked: ['process:7'],
    force: false,
    host: 'h',
    by: {...by, bootId: null},
    targets: [],
  });

it.each([
  ['a moment ago', 0, true],
  ['14 minutes ago', 14 * MINUTE, true],
  ['16 minutes ago: its outcome could not be written', 16 * MINUTE, false],
  ['six days ago', 6 * 24 * 60 * MINUTE, false],
  ['in an hour: the clock was set back', -60 * MINUTE, false],
])('a living process that began %s', async (_, ago, acts) => {
  await writeFile(join(directory, 'journal.jsonl'), `${intent(ago, identify(process.ppid))}\n`);
  expect(await findActing(directory, process.pid, null)).toBe(acts ? `process ${process.ppid} carries out kill process:7 just now` : null);
  expect(await findActing(directory, process.ppid, null)).toBeNull();
});
