// Ending real agents and servers: all of what was asked for, nothing else, and the ports are free.

import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField, processOf} from './field.ts';
import {binDirectory} from './programs.ts';

const scope = createScope();
let field: Field;

beforeEach(async () => {
  field = await openField(scope);
});
afterEach(scope.close);

const sessions = async (): Promise<readonly string[]> =>
  (await field.tmux.run('list-sessions', '-F', '#{session_name}')).split('\n').sort();

const write = (repository: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    const path = join(field.repository(repository), name);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, text);
  }
};

test('Claude with what it started: a background dev server in a session of its own goes with it, its port is free', async () => {
  await field.session('work', 'a', ['claude', '--dangerously-skip-permissions']);
  await field.session('other', 'b', ['claude']);
  await field.shows('work', /❯[\s\S]*bypass permissions/);
  await field.order('work', 'BG vite --port 6210 --strictPort');
  const vite = await processOf(field, /bin\/vite --port 6210/);
  const {ref} = await field.agentIn('work', 'claude');
  const {outcome} = await field.plan('kill', ref, '--yes');
  expect(outcome?.ok).toBe(true);
  expect(outcome?.targets.map(({pid}) => pid)).toContain(vite.pid);
  expect(isAlive(vite)).toBe(false);
  expect(outcome?.ports).toContainEqual(expect.objectContaining({port: 6210, free: true}));
  expect(await sessions()).toEqual(['other']);
  expect(await field.agentIn('other', 'claude')).toMatchObject({state: 'running'});
});

test('a dev server below pnpm, by its port: the whole chain or a word about what is left, and the port is free', async () => {
  write('a', {'package.json': JSON.stringify({private: true, scripts: {dev: 'vite --port 6211 --strictPort'}})});
  await field.session('dev', 'a');
  await field.type('dev', 'pnpm run dev');
  const vite = await processOf(field, /bin\/vite --port 6211/);
  await field.shows('dev', /ready in/);
  const {outcome} = await field.plan('kill', ':6211', '--yes');
  expect(outcome).toMatchObject({ok: true, ports: [{port: 6211, free: true}]});
  expect(isAlive(vite)).toBe(false);
  expect(await sessions()).toEqual(['dev']);
});

test('next dev in a killed session: it is gone with its port, or it is told of', async () => {
  write('a', {
    'package.json': JSON.stringify({private: true}),
    'app/layout.js': 'export default ({children}) => <html lang="en"><body>{children}</body></html>;\n',
    'app/page.js': 'export default () => <p>here</p>;\n',
  });
  const modules = dirname(binDirectory('next'));
  await field.session('dev', 'a', ['sh', '-c', `ln -s ${modules} node_modules; setsid next dev --webpack --port 6212; exec sh`]);
  const server = await processOf(field, /next-server|start-server\.js/);
  await field.shows('dev', /Ready in/);
  // A child of its own that it has not reaped yet is told of as what it is.
  const {findings} = await field.status();
  expect(findings.filter(({certainty, kind}) => certainty === 'sure' && kind !== 'defunct-process')).toEqual([]);
  await field.tmux.run('kill-session', '-t', '=dev');
  await waitFor(
    'its end, or a word about it',
    async () => !isAlive(server) || (await field.status()).findings.some(({processes}) => processes.some(({pid}) => pid === server.pid)),
  );
});

test('one of two agents of a session: the other one, its pane and its shell stay', async () => {
  await field.session('both', 'a');
  await field.type('both', 'claude');
  await field.shows('both', /❯/);
  await field.tmux.run('split-window', '-t', '=both:', '-c', field.repository('a'), 'codex');
  await field.shows('both', /Ask Codex/);
  const {ref} = await field.agentIn('both', 'codex');
  const claude = await field.agentIn('both', 'claude');
  const {outcome} = await field.plan('kill', ref, '--yes');
  expect(outcome?.ok).toBe(true);
  expect(await sessions()).toEqual(['both']);
  expect(await field.agentIn('both', 'claude')).toEqual(expect.objectContaining({state: 'running', pid: claude.pid}));
});
