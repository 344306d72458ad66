// Two real agents that start the same real dev server: the second one moves to the next free port, and both rows say so.
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {StatusDocument} from '../../src/cli/documents/status-schema.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField} from './field.ts';

const scope = createScope();
let field: Field;

beforeAll(async () => {
  field = await openField(scope);
});
afterAll(() => scope.close());

const portsOf = async (): Promise<StatusDocument['ports']> =>
  (await field.rigtop.seen<StatusDocument>(['status'])).document.ports.filter(({command}) => /vite/.test(command ?? ''));

test('vite in two repositories, without any configuration', async () => {
  for (const [session, repository] of [
    ['one', 'a'],
    ['two', 'b'],
  ] as const) {
    await field.session(session, repository);
    await field.type(session, 'claude --dangerously-skip-permissions');
    await field.shows(session, /❯[\s\S]*bypass permissions/);
    await field.order(session, 'BG vite');
    await waitFor(`vite of ${session}`, async () => (await portsOf()).some(({cwd}) => cwd?.endsWith(`/${repository}`)));
  }
  const [first, moved] = await portsOf();
  expect([first?.port, moved?.port]).toEqual([5173, 5174]);
  expect([first?.state, moved?.state]).toEqual(['undeclared', 'undeclared']);
  expect(first?.agent).toMatch(/^agent:a\//);
  expect(moved?.agent).toMatch(/^agent:b\//);
  expect(moved?.conflict).toMatchObject({port: 5173, pid: first?.pid, agent: first?.agent});
  expect(first?.conflict).toMatchObject({port: 5173, pid: moved?.pid, agent: moved?.agent});
  const {stdout} = await field.rigtop.run(['status']);
  expect(stdout).toMatch(/undeclared ! +5174 .*vite begins at 5173, which vite \d+ of agent:a\/\S+ holds/);
});
