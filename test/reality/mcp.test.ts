// Real agents, told of rigtop by its own install: each starts the server, lists its tools, calls one, and is known to it as itself.
import {appendFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField, processOf} from './field.ts';

const scope = createScope();
let field: Field;

/** How each is started so that it asks nothing, and what it shows once it takes a prompt. */
const AGENTS = {
  claude: {command: ['claude', '--dangerously-skip-permissions'], ready: /❯/},
  codex: {command: ['codex'], ready: /Ask Codex/},
  gemini: {command: ['gemini', '--yolo'], ready: /Type your message/},
  opencode: {command: ['opencode'], ready: /Ask anything/},
  qwen: {command: ['qwen', '--yolo'], ready: /Type your message/},
} as const;
const NAMES = Object.keys(AGENTS) as (keyof typeof AGENTS)[];

/** Longer than an answer of the stand-in takes, through a tool and back. */
const ASK_AGAIN_MS = 15_000;

beforeAll(async () => {
  field = await openField(scope);
  for (const name of NAMES) {
    const {code, stderr} = await field.rigtop.run(['mcp', 'install', name, '--yes'], {env: {HOME: field.home}});
    expect(code, stderr).toBe(0);
  }
});
afterAll(() => scope.close());

/**
 * What the tool answered to the prompt that asked for it. Asked again and again, as a person would: an agent takes prompts before its tool
 * servers have answered it, and until then it has no such tool.
 */
const told = async (session: string, prompt: string, wanted: RegExp): Promise<string> => {
  const before = field.answers.length;
  let asked = Number.NEGATIVE_INFINITY;
  return waitFor(
    `${wanted} told to ${session}`,
    async () => {
      const answer = field.answers.slice(before).find(text => wanted.test(text));
      if (answer === undefined && performance.now() - asked > ASK_AGAIN_MS) {
        asked = performance.now();
        await field.type(session, prompt);
      }
      return answer;
    },
    {
      deadlineMs: 90_000,
      describe: async () =>
        `${field.answers.slice(before).join('\n')}\n${await field.tmux.run('capture-pane', '-p', '-t', `=${session}:`)}`,
    },
  );
};

test.each(NAMES)('%s calls its tools, and is told that it is itself', async name => {
  const {command, ready} = AGENTS[name];
  await field.session(name, 'a', [...command]);
  await field.shows(name, ready);
  const mine = await told(name, 'TOOL mine {}', /you are|cannot be told/);
  expect(mine).toContain('you are');
  expect(mine).toContain(name);
});

test('claude stops what it has started with stop_mine, and cannot stop what another has', async () => {
  appendFileSync(join(field.home, '.config', 'rigtop', 'config.toml'), '[guard]\nallow_stop = true\n');
  await field.session('other', 'c', ['sleep', '734']);
  await field.session('stops', 'b', [...AGENTS.claude.command]);
  await field.shows('stops', AGENTS.claude.ready);
  await field.order('stops', 'BG sleep 733');
  const [own, theirs] = [await processOf(field, /^sleep 733/), await processOf(field, /^sleep 734/)];
  await field.shows('stops', /All done/);
  const stranger = await told('stops', `TOOL stop_mine {"refs":["process:${theirs.pid}"]}`, /process/);
  expect(stranger).not.toContain('carries it out');
  const plan = await told('stops', `TOOL stop_mine {"refs":["process:${own.pid}"]}`, /carries it out/);
  // Answers stand here as they were sent, with their quotes escaped.
  const id = /with plan \\?"([^"\\]+)/.exec(plan)?.[1] ?? '';
  await told('stops', `TOOL stop_mine {"plan":"${id}"}`, /gone|ended|topped/);
  expect([own, theirs].map(isAlive)).toEqual([false, true]);
});
