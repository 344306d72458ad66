// Real background sessions of Claude, which one daemon carries: each may end what it has started, and is refused what the other has.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {BINARY} from '../support/built.ts';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField, processesOf, processOf, type Seen} from './field.ts';

const scope = createScope();
let field: Field;
let own: Seen;
let theirs: Seen;

/** Start one in a repository, by an order that it carries out at once; its screen is in the session from then on. */
const background = async (session: string, repository: string, order: string): Promise<void> => {
  await field.session(session, repository, ['sh']);
  await field.type(session, `claude --bg --dangerously-skip-permissions '${order}'`);
  const screen = await field.shows(session, /claude attach [0-9a-f]{8}/);
  const [attach = ''] = /claude attach [0-9a-f]{8}/.exec(screen) ?? [];
  await field.type(session, attach);
  await field.shows(session, /All done/);
};

/** From a process up to what init has. */
const above = (pid: number): readonly number[] => {
  const parent = processesOf(field, /./).find(seen => seen.pid === pid)?.ppid ?? 1;
  return parent <= 1 ? [] : [parent, ...above(parent)];
};

beforeAll(async () => {
  field = await openField(scope);
  expect(await field.run('guard', 'install', 'claude', '--yes')).toBe(0);
  await background('one', 'a', 'BG sleep 631');
  own = await processOf(field, /^sleep 631/);
  await background('two', 'b', 'BG sleep 632');
  theirs = await processOf(field, /^sleep 632/);
});
afterAll(() => scope.close());

test('both are carried by one daemon', async () => {
  const daemon = await processOf(field, / daemon run /);
  expect(above(own.pid)).toContain(daemon.pid);
  expect(above(theirs.pid)).toContain(daemon.pid);
});

test('the hook refuses what the other session has started', async () => {
  await field.order('one', `RUN kill ${theirs.pid}`);
  const told = await waitFor('the refusal', () => field.answers.find(text => text.includes('not yours')), {deadlineMs: 60_000});
  expect(told).toContain(`process ${theirs.pid} sleep 632`);
  expect(isAlive(theirs)).toBe(true);
});

test('kill --mine ends its own, and not the other’s', async () => {
  const file = join(field.home, 'answer');
  await field.order(
    'one',
    `RUN ${process.execPath} ${BINARY} kill ${own.pid} ${theirs.pid} --mine --yes --json > ${file}.part; mv ${file}.part ${file}`,
  );
  const answer = await waitFor('the answer', () => existsSync(file) && JSON.parse(readFileSync(file, 'utf8')), {deadlineMs: 90_000});
  expect(answer).toMatchObject({targets: [{pid: own.pid}]});
  expect([own, theirs].map(isAlive)).toEqual([false, true]);
});

test('the hook lets it end its own, by its own kill', async () => {
  // A machine that is too busy to find out whose it is in time is told so, and asked again.
  const isUndecided = (text: string): boolean => text.includes('was not found out within');
  for (const end = performance.now() + 90_000; isAlive(theirs) && performance.now() < end; ) {
    const before = field.answers.length;
    await field.order('two', `RUN kill ${theirs.pid}`);
    await waitFor('its own to end', () => !isAlive(theirs) || field.answers.slice(before).some(isUndecided), {
      deadlineMs: 60_000,
      describe: () => field.answers.findLast(text => text.includes('rigtop')) ?? 'no answer',
    });
  }
  expect(isAlive(theirs)).toBe(false);
});
