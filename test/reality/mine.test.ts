// Real agents that run their tools in daemons of their own, cleaning up with --mine: each ends what is its own, and cannot end the other's.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {BINARY} from '../support/built.ts';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField, processOf} from './field.ts';

const scope = createScope();
let field: Field;

beforeAll(async () => {
  field = await openField(scope);
});
afterAll(() => scope.close());

interface Answer {
  readonly targets?: readonly {readonly pid: number}[];
  readonly mine?: {readonly conversation: string | null};
  readonly error?: {readonly code: string; readonly message: string};
}

let answers = 0;

/** The line of shell that asks rigtop, and its answer once it is there. */
const asking = (words: string, before = ''): {readonly line: string; readonly answer: () => Promise<Answer>} => {
  answers += 1;
  const file = join(field.home, `answer-${answers}`);
  return {
    line: `${before}${process.execPath} ${BINARY} ${words} --mine --yes --json > ${file}.part; mv ${file}.part ${file}`,
    answer: () =>
      waitFor(`the answer to ${words}`, () => existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Answer), {
        deadlineMs: 90_000,
      }),
  };
};

test('codex: two screens, one daemon', async () => {
  for (const [session, repository] of [
    ['one', 'a'],
    ['two', 'b'],
  ] as const) {
    await field.session(session, repository, ['codex']);
    await field.shows(session, /Ask Codex/);
  }
  await field.order('one', 'BG sleep 611');
  await field.order('two', 'BG sleep 612');
  const [own, theirs] = [await processOf(field, /^sleep 611/), await processOf(field, /^sleep 612/)];
  expect(own.ppid, 'both run below the one daemon').toBe(theirs.ppid);
  const both = asking(`kill ${own.pid} ${theirs.pid}`);
  await field.order('one', `RUN ${both.line}`);
  expect((await both.answer()).targets).toMatchObject([{pid: own.pid}]);
  expect([own, theirs].map(isAlive)).toEqual([false, true]);
  // With the other's mark on it: the shell that the daemon started bears this one's.
  const thread = /\0CODEX_THREAD_ID=([^\0]+)/.exec(`\0${readFileSync(`/proc/${theirs.pid}/environ`, 'utf8')}`)?.[1] ?? '';
  const forged = asking(`kill ${theirs.pid}`, `env CODEX_THREAD_ID=${thread} CODEX_SESSION_ID=${thread} `);
  await field.order('one', `RUN ${forged.line}`);
  expect((await forged.answer()).error).toMatchObject({code: 'no-agent', message: expect.stringContaining('conversation')});
  expect(isAlive(theirs)).toBe(true);
});
