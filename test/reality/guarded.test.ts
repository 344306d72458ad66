// Real agents that ask rigtop before a command runs: set up by `rigtop guard install`, refused what would end a stranger, and told why.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {type Program, startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField, processOf} from './field.ts';

const scope = createScope();
let field: Field;
let stranger: Program;

/** In the command line of the stranger, and nowhere else. */
const MARK = 'somebody-elses-server-4711';

/** How each works without questions, and what it shows once it takes a prompt. */
const AGENTS = [
  {name: 'claude', flags: ['--dangerously-skip-permissions'], ready: /❯/},
  {name: 'codex', flags: ['--dangerously-bypass-hook-trust', '--dangerously-bypass-approvals-and-sandbox'], ready: /Ask Codex/},
  {name: 'gemini', flags: ['--yolo'], ready: /Type your message/},
  {name: 'opencode', flags: [], ready: /Ask anything/},
  {name: 'qwen', flags: ['--yolo'], ready: /Type your message/},
  {name: 'copilot', flags: [], ready: /Type @|❯|Describe a task/},
] as const;

beforeAll(async () => {
  field = await openField(scope);
  stranger = startProgram(scope, process.execPath, ['-e', 'setInterval(() => undefined, 1e6)', MARK]);
});
afterAll(() => scope.close());

interface Refusal {
  readonly type: string;
  readonly program?: string;
  readonly decision?: string;
  readonly targets?: readonly {readonly pid: number}[];
}

/** What the guard has written down in the private home. */
const refusals = (): readonly Refusal[] => {
  try {
    const lines = readFileSync(join(field.home, '.local/state/rigtop/journal.jsonl'), 'utf8').trim().split('\n');
    return lines.map(line => JSON.parse(line) as Refusal).filter(({type}) => type === 'refusal');
  } catch {
    return [];
  }
};

test.each(AGENTS)('$name is refused what is not its own, and a stranger lives', async ({name, flags, ready}) => {
  expect(await field.run('guard', 'install', name, '--yes')).toBe(0);
  await field.session(name, 'a', [name, ...flags]);
  await field.shows(name, ready);
  await field.order(name, `RUN pkill -f ${MARK}`);
  const refusal = await waitFor('the refusal in the journal', () => refusals().find(({program}) => program === name), {deadlineMs: 60_000});
  // On a machine that is too busy to look in time it is refused without names.
  expect(refusal.decision).toBe('deny');
  expect((refusal.targets ?? []).filter(({pid}) => pid !== stranger.pid)).toEqual([]);
  await field.shows(name, /rigtop guard|not yours|All done/);
  expect(stranger.child.exitCode ?? stranger.child.signalCode).toBeNull();
  expect(await field.run('guard', 'uninstall', name, '--yes')).toBe(0);
});

test('two screens of one codex daemon: each is refused what the other has started, and may end its own', async () => {
  expect(await field.run('guard', 'install', 'codex', '--yes')).toBe(0);
  for (const [session, repository] of [
    ['one', 'a'],
    ['two', 'b'],
  ] as const) {
    await field.session(session, repository, ['codex']);
    if (session === 'one') {
      // What `guard install` says is left to do.
      await field.shows(session, /Hooks need review/);
      await field.press(session, 'Down', /› 2\. Trust all/);
      await field.tmux.run('send-keys', '-t', `=${session}:`, 'Enter');
    }
    await field.shows(session, AGENTS[1].ready);
  }
  await field.order('one', 'BG sleep 621');
  await field.order('two', 'BG sleep 622');
  const [own, theirs] = [await processOf(field, /^sleep 621/), await processOf(field, /^sleep 622/)];
  expect(own.ppid, 'both run below the one daemon').toBe(theirs.ppid);
  const before = refusals().length;
  await field.order('one', `RUN kill ${theirs.pid}`);
  const refusal = await waitFor('the refusal', () => refusals()[before], {deadlineMs: 60_000});
  expect(refusal).toMatchObject({program: 'codex', decision: 'deny'});
  expect(isAlive(theirs)).toBe(true);
  await field.order('one', `RUN kill ${own.pid}`);
  await waitFor('its own to end', () => !isAlive(own), {
    deadlineMs: 60_000,
    describe: () => field.answers.findLast(text => text.includes('rigtop')) ?? 'no answer',
  });
  expect(isAlive(theirs)).toBe(true);
});
