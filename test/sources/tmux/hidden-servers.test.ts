// tmux servers that live out of reach: which paths show them, and what is said of them.
import {describe, expect, test} from 'vitest';
import {pathsElsewhere, takenOver} from '../../../src/sources/tmux/hidden-servers.ts';
import type {Sighting} from '../../../src/sources/tmux/tmux-sighting.ts';
import {process, SOCKETS, server} from '../../support/world.ts';

const FLEET = `${SOCKETS}/fleet`;
const answers = (pid: number): Sighting => ({server: server('fleet', [], {pid}), condition: 'answers', lastPid: pid, tookMs: 1});
const tmux = (pid: number, argv: readonly string[], more = {}) => process(pid, 1, argv, {comm: 'tmux: server', ...more});
const byPid = (...all: readonly ReturnType<typeof process>[]) => new Map(all.map(each => [each.pid, each]));
const fleet = ['tmux', '-L', 'fleet', 'new-session'];

describe('a socket path that another server took', () => {
  const sources = (processes: ReadonlyMap<number, ReturnType<typeof process>>, listeners: number) =>
    takenOver([answers(800)], processes, 1000, new Map([[FLEET, listeners]])).map(
      ({target, state, detail}) => `${target} ${state}: ${detail}`,
    );

  test('names the server that nobody can reach', () => {
    expect(sources(byPid(tmux(700, fleet), tmux(800, fleet), tmux(600, ['tmux', '-L', 'other', 'new'])), 2)).toEqual([
      'fleet (server 700) unknown: another server took over its socket path: 700 still runs, with sessions that nobody can reach',
    ]);
  });

  test('is told even where its process cannot be told', () => {
    expect(sources(byPid(tmux(800, fleet)), 2)[0]).toContain('fleet (hidden) unknown: another server took over its socket path: 1 more');
    expect(sources(byPid(tmux(700, fleet, {uid: 0}), tmux(701, fleet, {state: 'Z'}), tmux(800, fleet)), 3)[0]).toContain(
      '2 more still run',
    );
  });

  test('is not any path with one listener', () => {
    expect(sources(byPid(tmux(700, fleet), tmux(800, fleet)), 1)).toEqual([]);
  });
});

test('a server told to listen elsewhere is asked after by its own path', () => {
  const elsewhere = tmux(700, ['tmux', '-S', '/w/.sock', 'new']);
  const listening = new Map([['/w/.sock', 1]]);
  expect(pathsElsewhere([answers(800)], byPid(elsewhere), 1000, listening)).toEqual([{path: '/w/.sock', pid: 700}]);
  expect(pathsElsewhere([answers(800)], byPid(elsewhere), 1000, new Map())).toEqual([]);
  expect(pathsElsewhere([answers(700)], byPid(elsewhere), 1000, listening)).toEqual([]);
});

test('a client that has just begun, and is not called a client yet, is no server of that path', () => {
  const asking = {comm: 'tmux', tty: null, sid: 300};
  const listening = new Map([['/w/.sock', 1]]);
  expect(pathsElsewhere([], byPid(tmux(700, ['tmux', '-S', '/w/.sock', 'list-panes'], asking)), 1000, listening)).toEqual([]);
  const unnamed = tmux(701, ['tmux', '-S', '/w/.sock', 'new'], {...asking, sid: 701});
  expect(pathsElsewhere([], byPid(unnamed), 1000, listening)).toEqual([{path: '/w/.sock', pid: 701}]);
});
