// What the built program tells of agents on real tmux servers: hints of every pane, and a line for every change of them.
import {chmodSync, copyFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, expect, test} from 'vitest';
import {type ChangeDocument, changeSchema} from '../../src/cli/documents/change-schema.ts';
import {type StatusDocument, statusSchema} from '../../src/cli/documents/status-schema.ts';
import {builtBinary} from '../support/built.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {createRigtop} from './rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

/** Works until a key is pressed, asks until the next, and works again. */
const SCRIPT = `while :; do
  printf '\\033[2J\\033[HDo you want that?\\n(esc to interrupt)\\n'; read -r _ || exit
  printf '\\033[2J\\033[HDo you want to proceed?\\n  1. Yes\\n  2. No\\n'; read -r _ || exit
done
`;

const open = async () => {
  const tmux = await privateTmux(scope);
  const rigtop = await createRigtop(scope, tmux);
  const script = rigtop.write('agent.sh', SCRIPT);
  const program = join(rigtop.directory, 'claude');
  copyFileSync('/bin/bash', program);
  chmodSync(program, 0o755);
  return {tmux, rigtop, start: (name: string) => tmux.newSession(name, {command: [program, script], cwd: rigtop.home})};
};

const press = (tmux: PrivateTmux, session: string): Promise<string> => tmux.run('send-keys', '-t', `=${session}:`, 'Enter');

test('one report reads the screen of every agent, in panes of every number', async () => {
  const {tmux, rigtop, start} = await open();
  const names = Array.from({length: 11}, (_, at) => `s${at}`);
  for (const name of names) {
    await start(name);
  }
  await press(tmux, 's3');
  await press(tmux, 's10');
  let last: StatusDocument | null = null;
  const status = await waitFor(
    'both questions',
    async () => {
      const {document} = await rigtop.seen<StatusDocument>(['status']);
      last = statusSchema.parse(document);
      const own = last.agents.filter(({session}) => session?.startsWith('session:main/')).map(({hint}) => hint?.state);
      return own.filter(state => state === 'asks').length === 2 && own.filter(state => state === 'busy').length === 9 && last;
    },
    {describe: () => JSON.stringify(last?.agents.map(({name, hint}) => [name, hint?.state]))},
  );
  const asks = status.agents.filter(({hint}) => hint?.state === 'asks');
  expect(asks.map(({session}) => session).toSorted()).toEqual(['session:main/s10', 'session:main/s3']);
  expect(asks[0]?.hint).toMatchObject({text: 'Do you want to proceed?', source: 'screen'});
  expect(status.counts.needYou).toBeGreaterThanOrEqual(2);
  const {stdout} = await rigtop.run(['status']);
  expect(stdout).toMatch(/NEED YOU \d+: \d+ ask/);
  expect(stdout).toMatch(/ASKS .*Do you want to proceed\?/);
}, 60_000);

test('--follow tells what there is, then each change once, until nobody reads', async () => {
  const {tmux, rigtop, start} = await open();
  await start('one');
  const out = rigtop.write('changes', '');
  await rigtop.shell(`$RIGTOP status --follow --json --interval 200ms >${out} 2>&1 &`);
  const lines = (): readonly ChangeDocument[] =>
    readFileSync(out, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => changeSchema.parse(JSON.parse(line)));
  const told = (): readonly string[] =>
    lines().flatMap(line => {
      // Agents of whoever else works on this machine are told of as well.
      if (!('ref' in line) || !line.ref.endsWith('/one')) {
        return [];
      }
      return [line.what === 'gone' ? `gone ${line.was}` : `${line.was} ${line.state}`];
    });
  const describe = {describe: () => told().join(', '), deadlineMs: 40_000};
  await waitFor('work', () => told().at(-1)?.endsWith('busy'), describe);
  await press(tmux, 'one');
  await waitFor('a question', () => told().at(-1) === 'busy asks', describe);
  await press(tmux, 'one');
  await waitFor('work again', () => told().at(-1) === 'asks busy', describe);
  await start('two');
  await tmux.run('kill-session', '-t', '=one');
  await waitFor('its end', () => told().includes('gone busy'), describe);
  expect(told().filter(line => line === 'busy asks')).toHaveLength(1);

  // Five hours and a half beside UTC.
  const ended = rigtop.shell('TZ=Asia/Kolkata $RIGTOP status --follow --interval 200ms | head -n 1');
  // A pipe that nobody reads any more shows at the next line.
  const changing = setInterval(() => void press(tmux, 'two').catch(() => undefined), 500);
  const {stdout, code} = await ended.finally(() => clearInterval(changing));
  expect(code).toBe(0);
  const minutes = [0, 1, 2].map(ago => new Date(Date.now() + (330 - ago) * 60_000).toISOString().slice(11, 16));
  const [minute] = /^\d\d:\d\d(?=:\d\d {2}\S+)/.exec(stdout) ?? [];
  expect(minutes).toContain(minute);
}, 120_000);

test('--follow tells of the whole fleet only', async () => {
  const {rigtop} = await open();
  expect(await rigtop.run(['status', '--follow', 'session:main/one'])).toMatchObject({code: 2});
});
