// Rows of a store against a real tmux server: a session that ends makes a dead record of its row, a server that ends makes none.
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {openActing} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

/** The store says "used half a minute after the server was started", and a minute and a half have passed since. */
const AHEAD_MS = 120_000;
const USED_MS = 30_000;

test('one session gone: its row is dead; all gone: doubt; the server gone: nothing; another one in its place: doubt', async () => {
  const directory = await scope.tempDir();
  const tmux = await privateTmux(scope, {name: 'default'});
  await tmux.newSession('bmx-aaaaaaaa');
  await tmux.newSession('bmx-bbbbbbbb');
  await tmux.newSession('mine');
  const row = (id: string) => ({sessionId: id, status: 'active', backendType: 'tmux', createdAt: Date.now() + USED_MS, cliId: 'claude'});
  const file = join(directory, 'sessions-a.json');
  await writeFile(file, JSON.stringify({'aaaaaaaa-1': row('aaaaaaaa-1'), 'bbbbbbbb-2': row('bbbbbbbb-2')}));
  const acting = await openActing(scope, tmux, {
    env: {SESSION_DATA_DIR: directory},
    change: host => ({epochMs: () => host.epochMs() + AHEAD_MS}),
  });
  const records = async () => {
    const {findings} = await acting.engine.refreshUntilSettled();
    return findings
      .filter(({kind}) => kind === 'zombie-record')
      .map(({certainty, subject, remedies}) => `${certainty} ${subject} ${remedies.length}`);
  };
  expect(await records()).toEqual([]);
  await tmux.run('kill-session', '-t', '=bmx-bbbbbbbb');
  expect(await records()).toEqual(['sure record:botmux/bbbbbbbb-2 0']);
  expect(await acting.refusal(['record:botmux/bbbbbbbb-2'])).toMatchObject({refused: true});
  await tmux.run('kill-session', '-t', '=bmx-aaaaaaaa');
  expect(await records()).toEqual(['unknown record:botmux/* 0']);
  await tmux.killServer();
  expect(await records()).toEqual([]);
  await tmux.newSession('another');
  expect(await records()).toEqual(['unknown record:botmux/* 0']);
});
