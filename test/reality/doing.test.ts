// What real agents are doing: each is told as it is, from the first prompt through work to the end of a turn, by its record or its screen.
import {afterAll, beforeAll, expect, test} from 'vitest';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Agent, type Field, openField} from './field.ts';
import type {ProgramName} from './programs.ts';

const scope = createScope();
let field: Field;

const AGENTS = ['claude', 'codex', 'gemini', 'opencode', 'qwen'] as const satisfies readonly ProgramName[];

/** What each shows once it takes a prompt. */
const READY: Readonly<Record<(typeof AGENTS)[number], RegExp>> = {
  claude: /❯/,
  codex: /Ask Codex/,
  gemini: /Type your message/,
  opencode: /Ask anything/,
  qwen: /Type your message/,
};

beforeAll(async () => {
  field = await openField(scope);
  for (const name of AGENTS) {
    await field.session(name, 'a', [name]);
  }
});
afterAll(() => scope.close());

const doing = async (session: string, runtime: string, state: string, text = /(?:)/): Promise<NonNullable<Agent['hint']>> => {
  let last: Agent | null = null;
  return waitFor(
    `${session} to be told as ${state}`,
    async () => {
      last = await field.agentIn(session, runtime);
      return last.hint?.state === state && text.test(last.hint.text ?? '') && last.hint;
    },
    {deadlineMs: 60_000, describe: () => JSON.stringify(last?.hint)},
  );
};

test.each(AGENTS)('%s: nothing yet, at work, finished', async name => {
  await field.shows(name, READY[name]);
  await doing(name, name, 'idle');
  await field.order(name, 'SLOW 20');
  await doing(name, name, 'busy');
  const {text, source} = await doing(name, name, 'done');
  expect(text).toContain('All done.');
  expect(source).toBe(name === 'claude' ? 'record' : 'screen');
});

test('claude asks whether it may, by its record, with the question of its screen', async () => {
  await field.session('careful', 'b', ['claude', '--permission-mode', 'default']);
  await field.shows('careful', /❯/);
  await field.order('careful', 'RUN touch made.txt');
  // The record may have it before the screen shows what it is about.
  expect(await doing('careful', 'claude', 'asks', /proceed/)).toMatchObject({
    text: 'touch made.txt: Do you want to proceed?',
    source: 'record',
  });
});
