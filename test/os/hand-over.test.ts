import {afterEach, describe, expect, test} from 'vitest';
import {createHandOver} from '../../src/core/look/hand-over.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {createFakeMultiplexer, createFakePrograms} from '../support/fake-multiplexers.ts';
import {isAlive} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {openScreen} from '../ui/context.ts';
import {openActing} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

const open = async (env: Readonly<Record<string, string | undefined>> = {}) => {
  const tmux = await privateTmux(scope);
  const host = createHost({markers: MARKERS, env: {...process.env, TMUX: undefined, TMUX_PANE: undefined, ...env}});
  scope.add(host.close);
  return {tmux, host, handOver: createHandOver(host, SOURCES)};
};

describe('a pane is read', () => {
  test('with its colours and wide characters', async () => {
    const {tmux, handOver} = await open();
    const pane = await tmux.newSession('a b:c', {command: ['sh', '-c', "printf '\\033[31mred\\033[0m 日本 ✓\\n'; sleep 1000"]});
    const text = await waitFor('the text', async () => {
      const captured = await handOver.capturePane({socket: tmux.socket, paneId: pane.id}, 10);
      return captured.ok && captured.text.includes('red') ? captured.text : null;
    });
    expect(text).toContain('\u001b[31mred');
    expect(text).toContain('日本 ✓');
  });

  test('or the reason is told why it cannot be', async () => {
    const {tmux, handOver} = await open();
    await tmux.newSession('main', {command: ['sleep', '1000']});
    expect(await handOver.capturePane({socket: tmux.socket, paneId: '%99'}, 10)).toEqual({
      ok: false,
      because: "tmux: can't find pane: %99",
    });
    expect(await handOver.capturePane({socket: `${tmux.socket}-none`, paneId: '%0'}, 10)).toMatchObject({ok: false});
  });
});

describe('zellij and herdr', () => {
  test('are never attached to read-only, nor by a name that is an option, nor by none', async () => {
    const {handOver} = await open({PATH: '/nowhere'});
    const attach = (socket: string, name: string, readOnly: boolean) =>
      handOver.attach({socket, name, sessionId: '1@2', paneId: null}, {readOnly});
    expect(attach('zellij', 'work', true)).toBe('zellij shows a session only to write in it');
    expect(attach('herdr', '--help', false)).toBe('herdr cannot be given this name');
    expect(attach('zellij', '', false)).toBe('zellij cannot be given this name');
    expect(attach('zellij', 'work', false)).toBe('zellij is not on PATH');
  });
});

test('zellij is given a name only while it lists that session: it would take the beginning of another one’s', async () => {
  const programs = await createFakePrograms(scope);
  const zellij = await createFakeMultiplexer(scope, programs, 'zellij');
  const work = await zellij.start('work');
  const acting = await openActing(scope, null, {env: {PATH: programs.path}});
  const screen = openScreen({fleet: await acting.engine.refresh(), outside: {...createHandOver(acting.host, SOURCES), wayBack: ''}});
  screen.context.loop.refreshNow = async () => screen.store.receive(await acting.engine.refresh());
  const attach = async (): Promise<void> => {
    await screen.press('a');
    await waitFor('the look', () => (screen.store.getState().planning ? null : true));
    await screen.settle();
  };
  await screen.press('3');
  await attach();
  expect(await zellij.orders()).toEqual(['attach work']);
  await zellij.start('work-2');
  await acting.host.run('kill', [String(work.server.pid)], {timeoutMs: 5000});
  await waitFor('its end', () => (isAlive(work.server) ? null : true));
  await attach();
  expect(await zellij.orders()).toEqual(['attach work']);
  expect(screen.store.getState().toasts.at(-1)?.text).toMatch(/^Could not attach: zellij session work is not there any more/);
});

describe('a text to paste', () => {
  test('goes into the buffers of the server that rigtop runs in, as it is, whatever set-clipboard says', async () => {
    const tmux = await privateTmux(scope);
    const pane = await tmux.newSession('main', {command: ['sleep', '1000']});
    const host = createHost({markers: MARKERS, env: {...process.env, TMUX: `${tmux.socket},1,0`, TMUX_PANE: pane.id}});
    scope.add(host.close);
    const text = '[[rigs]]\nname = "#{pane_id} $(x) 日本"\n';
    expect(await createHandOver(host, SOURCES).keepText(text)).toBe(true);
    expect(`${await tmux.run('show-buffer')}\n`).toBe(text);
  });

  test('and that it did not is told; outside tmux there is nowhere to keep it', async () => {
    const {handOver} = await open({TMUX: '/tmp/none/default,1,0'});
    expect(await handOver.keepText('x')).toBe(false);
    expect(await (await open()).handOver.keepText('x')).toBeNull();
  });
});

describe('switching our own client', () => {
  test('is for the server that rigtop runs in, and says why it could not', async () => {
    const tmux = await privateTmux(scope);
    const pane = await tmux.newSession('main', {command: ['sleep', '1000']});
    const host = createHost({markers: MARKERS, env: {...process.env, TMUX: `${tmux.socket},1,0`, TMUX_PANE: pane.id}});
    scope.add(host.close);
    const handOver = createHandOver(host, SOURCES);
    expect(handOver.isOwnServer(tmux.socket)).toBe(true);
    expect(handOver.isOwnServer('/elsewhere')).toBe(false);
    expect(await handOver.switchClient({socket: tmux.socket, sessionId: '$0', paneId: null})).toMatch(
      /no current client|can't find client/,
    );
  });

  test('a comma in the path of its socket is no end of it', async () => {
    const host = createHost({markers: MARKERS, env: {...process.env, TMUX: '/tmp/a,b/x,4711,0', TMUX_PANE: '%1'}});
    scope.add(host.close);
    const handOver = createHandOver(host, SOURCES);
    expect(handOver.isOwnServer('/tmp/a,b/x')).toBe(true);
    expect(handOver.isOwnServer('/tmp/a')).toBe(false);
  });

  test('outside tmux no server is ours', async () => {
    const {tmux, handOver} = await open();
    expect(handOver.isOwnServer(tmux.socket)).toBe(false);
    expect(handOver.isOwnServer('')).toBe(false);
  });
});
