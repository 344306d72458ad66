import {afterEach, describe, expect, test} from 'vitest';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {captureScreens} from '../../src/sources/tmux/read/capture-screens.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const open = async () => {
  const tmux = await privateTmux(scope);
  const host = createHost({markers: MARKERS, env: {...process.env, TMUX: undefined, TMUX_PANE: undefined}});
  scope.add(host.close);
  const capture = (ids: readonly string[]) => captureScreens(host, tmux.socket, ids, 5000);
  return {tmux, host, capture};
};

describe('the screens of a server', () => {
  test('are read in one call, each with its width and when it was written to', async () => {
    const {tmux, capture} = await open();
    const one = await tmux.newSession('one', {command: ['sh', '-c', 'echo first; echo; echo last of one; sleep 1000']});
    const two = await tmux.newSession('two', {command: ['sh', '-c', 'echo "=== %0"; echo last of two; sleep 1000']});
    const screens = await waitFor('both texts', async () => {
      const seen = await capture([one.id, two.id]);
      return seen.length === 2 && seen.every(({lines}) => lines.join().includes('last of')) && seen;
    });
    expect(screens.map(({lines}) => lines)).toEqual([
      ['first', '', 'last of one'],
      ['=== %0', 'last of two'],
    ]);
    const [width, created] = (await tmux.run('display-message', '-p', '-t', one.id, '#{pane_width} #{session_created}')).split(' ');
    expect(screens[0]).toMatchObject({paneId: one.id, width: Number(width), attachedAt: null});
    expect(screens[0]?.writtenAt).toBeGreaterThanOrEqual(Number(created));
    expect(await capture([])).toEqual([]);
  });

  test('a line that the terminal has wrapped is one, a full one that ends there is not', async () => {
    const {tmux, capture} = await open();
    const width = 40;
    const full = 'f'.repeat(width);
    const question = 'Add src/a/very/long/path/to/some/file.ts to the chat? (Y)es/(N)o';
    const pane = await tmux.newSession('one', {
      command: ['sh', '-c', `sleep 0.3; echo ${full}; echo next; printf '%s' '${question}'; sleep 1000`],
    });
    await tmux.run('resize-window', '-t', '=one:', '-x', String(width));
    const [screen] = await waitFor('the text', async () => {
      const seen = await capture([pane.id]);
      return seen[0]?.lines.join('').includes('(N)o') && seen;
    });
    expect(screen).toMatchObject({width, lines: [full, 'next', question]});
  });

  test('of panes of every number, though tmux takes a % for a date', async () => {
    const {tmux, capture} = await open();
    const ids: string[] = [];
    for (let each = 0; each < 11; each += 1) {
      ids.push((await tmux.newSession(`n${each}`, {command: ['sh', '-c', `echo pane ${each}; sleep 1000`]})).id);
    }
    expect(ids).toEqual(expect.arrayContaining(['%3', '%10']));
    const screens = await waitFor('all texts', async () => {
      const seen = await capture(ids);
      return seen.filter(({lines}) => lines[0]?.startsWith('pane ')).length === ids.length && seen;
    });
    expect(screens.map(({paneId}) => paneId)).toEqual(ids);
  });

  test('a pane that is gone leaves no entry, and what came before it is kept', async () => {
    const {tmux, capture} = await open();
    const pane = await tmux.newSession('one', {command: ['sh', '-c', 'echo here; sleep 1000']});
    const screens = await waitFor('the text', async () => {
      const seen = await capture([pane.id, '%99']);
      return seen[0]?.lines[0] === 'here' && seen;
    });
    expect(screens.map(({paneId}) => paneId)).toEqual([pane.id]);
  });

  test('a server that is not there has none', async () => {
    const {host, tmux} = await open();
    expect(await captureScreens(host, `${tmux.socket}-none`, ['%0'], 1000)).toEqual([]);
  });
});
