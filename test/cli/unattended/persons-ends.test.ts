// What a person ended, told to a supervisor look after look from one journal that grows.
import {appendFile, chmod, mkdtemp, rename, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {createPersonsEnds} from '../../../src/cli/unattended/persons-ends.ts';

const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const DAY = 86_400_000;
const OWN = 7;
let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rt-ends-'));
  path = join(directory, 'journal.jsonl');
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const intent = (ref: string, ago: number, more: object = {}): string =>
  `${JSON.stringify({
    schema: 'rigtop/journal@1',
    run: ref,
    at: new Date(NOW - ago).toISOString(),
    type: 'intent',
    more: false,
    plan: 'p',
    action: 'kill',
    asked: [ref],
    force: false,
    host: 'h',
    by: {pid: 8, startTime: 1, bootId: null},
    targets: [{ref: `process:${ref.length}`, pid: ref.length, startTime: 1, command: ref}],
    ...more,
  })}\n`;
const write = (...rows: readonly string[]): Promise<void> => appendFile(path, rows.join(''), {mode: 0o600});

it('adds what was written since, keeps what was told before, and forgets after a week', async () => {
  const ends = createPersonsEnds(directory, OWN);
  const asked = async (now = NOW): Promise<readonly string[]> => (await ends(now)).map(({refs}) => refs[0] ?? '');
  expect(await asked()).toEqual([]);
  await write(intent('agent:a', 6 * DAY), intent('agent:long-ago', 8 * DAY));
  expect(await asked()).toEqual(['agent:a']);
  await write(intent('agent:b', DAY));
  expect(await asked()).toEqual(['agent:a', 'agent:b']);
  expect(await asked()).toEqual(['agent:a', 'agent:b']);
  await rename(path, join(directory, 'journal.1.jsonl'));
  await write(intent('agent:c', 0));
  expect(await asked()).toEqual(['agent:a', 'agent:b', 'agent:c']);
  expect(await asked(NOW + 2 * DAY)).toEqual(['agent:b', 'agent:c']);
});

it.each([
  ['its own', {by: {pid: OWN, startTime: 1, bootId: null}}],
  ['a restart', {action: 'restart'}],
  ['an ending that starts something again', {starts: ['agent:a']}],
])('is not %s', async (_, more) => {
  await write(intent('agent:a', 0, more), intent('agent:b', 0));
  expect(await createPersonsEnds(directory, OWN)(NOW)).toEqual([{refs: ['agent:b', 'process:7'], at: NOW}]);
});

it('goes on with what it knows while the journal cannot be read', async () => {
  const ends = createPersonsEnds(directory, OWN);
  await write(intent('agent:a', 0));
  expect(await ends(NOW)).toHaveLength(1);
  await rm(path);
  await appendFile(path, intent('agent:b', 0), {mode: 0o666});
  await chmod(path, 0o666);
  expect(await ends(NOW)).toHaveLength(1);
});
