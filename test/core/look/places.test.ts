// Where processes stand, and what their environment says about where they came from.
import {describe, expect, test} from 'vitest';
import {parsePaneMark} from '../../../src/core/domain/pane-mark.ts';
import {indexLook} from '../../../src/core/look/index/look.ts';
import type {Place} from '../../../src/core/look/index/places.ts';
import {look, pane, process, server, session, silentServer} from '../../support/world.ts';

const placeIn = (facts: Parameters<typeof look>[0], pid: number): Place['where'] => indexLook(look(facts)).placeOf(pid).where;
const one = [server('default', [session('x', [pane('%1', 4000)])])];
const head = process(4000, 700, 'bash', {tty: 'pts/1'});

describe('places', () => {
  test('the system’s own: init, a user’s systemd, multiplexer servers', () => {
    for (const pid of [1, 500, 700]) {
      expect(placeIn({}, pid)).toBe('system');
    }
  });

  test('in a pane: its process, everything below, even an editor or a supervisor there', () => {
    const processes = [head, process(4001, 4000, 'nvim'), process(4002, 4001, 'sh'), process(4003, 4002, 'pm2')];
    for (const pid of [4000, 4001, 4002, 4003]) {
      expect(placeIn({servers: one, processes}, pid)).toBe('pane');
    }
  });

  test('a pid that the pane’s number was recycled for is not in it', () => {
    const stranger = process(4000, 1, 'bash', {tty: 'pts/77'});
    expect(placeIn({servers: one, processes: [stranger]}, 4000)).toBe('terminal');
  });

  test('a terminal, an editor, a supervisor above; and below a server that answered, in no pane', () => {
    expect(placeIn({processes: [process(5000, 880, 'claude')]}, 5000)).toBe('supervisor');
    expect(placeIn({processes: [process(5000, 890, 'claude')]}, 5000)).toBe('terminal');
    expect(placeIn({processes: [process(5000, 1, 'claude', {tty: 'pts/5'})]}, 5000)).toBe('terminal');
    expect(placeIn({processes: [process(5000, 1, 'code'), process(5001, 5000, 'claude')]}, 5001)).toBe('editor');
    expect(indexLook(look({processes: [process(5000, 700, 'claude')]})).placeOf(5000)).toMatchObject({
      where: 'adrift',
      root: 5000,
      reaper: {pid: 700, name: 'tmux server 700'},
    });
  });

  test('below a multiplexer whose panes are not known', () => {
    const zellij = process(810, 1, 'zellij --server /run/x');
    expect(placeIn({processes: [zellij, process(5000, 810, 'claude')]}, 5000)).toBe('unseen');
    const tmux = process(811, 1, 'tmux', {comm: 'tmux: server'});
    expect(placeIn({processes: [tmux, process(5000, 811, 'claude')], servers: [silentServer('work')]}, 5000)).toBe('unseen');
  });

  test('parents that contradict each other, or are their own, end the walk', () => {
    expect(placeIn({processes: [process(5000, 5001, 'a'), process(5001, 5000, 'b')]}, 5000)).toBe('outside');
    expect(placeIn({processes: [process(5000, 5000, 'a')]}, 5000)).toBe('outside');
    expect(placeIn({}, 31_337)).toBe('outside');
  });

  test('a very long chain', () => {
    const chain = Array.from({length: 3_000}, (_, index) => process(10_000 + index, index === 0 ? 1 : 9_999 + index, 'sh'));
    expect(indexLook(look({processes: chain})).placeOf(12_999)).toMatchObject({where: 'adrift', root: 10_000});
  });
});

test.each<[Record<string, string>, ReturnType<typeof parsePaneMark>]>([
  [
    {TMUX: '/tmp/tmux-1000/default,4711,3', TMUX_PANE: '%7'},
    {socket: '/tmp/tmux-1000/default', serverPid: 4711, paneId: '%7'},
  ],
  [
    {TMUX: '/tmp/a,b/x,4711,0', TMUX_PANE: '%7'},
    {socket: '/tmp/a,b/x', serverPid: 4711, paneId: '%7'},
  ],
  [
    {TMUX: '/tmp/x', TMUX_PANE: '%7'},
    {socket: '/tmp/x', serverPid: null, paneId: '%7'},
  ],
  [
    {TMUX: '/tmp/x,1,0', TMUX_PANE: '%7'},
    {socket: '/tmp/x', serverPid: null, paneId: '%7'},
  ],
  [{TMUX: '/tmp/x,5,0'}, null],
  [{TMUX: '/tmp/x,5,0', TMUX_PANE: 'x'}, null],
  [{TMUX: '', TMUX_PANE: '%1'}, null],
  [{TMUX_PANE: '%1'}, null],
])('%j', (env, mark) => {
  expect(parsePaneMark(env)).toEqual(mark);
});
